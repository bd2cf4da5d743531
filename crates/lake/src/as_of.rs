//! The lake as it was: the same tables read at earlier versions, with panels of their own.
//!
//! Commits only add files and name those that no longer count, and no file is deleted, so every version can be read for good. What
//! is derived from a version is kept in a folder of its own (`as_of/`), of which the last few stay.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use takar_model::Credit;
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    Lake, Shared, Versions,
    error::{LakeError, Result},
    panels::store::Store,
};

/// So many moments keep their panels.
const KEPT: usize = 4;

impl Lake {
    /// The newest version of each table of facts.
    pub fn pin(&self) -> Versions {
        self.versions()
    }

    /// The lake as it was at these versions. Nothing can be brought in there.
    ///
    /// # Errors
    /// Where the folder of its panels cannot be made. A version that is not there is told when it is read.
    pub fn as_of(&self, versions: &Versions) -> Result<Self> {
        let moments = self.folder().join("as_of");
        let text: Vec<String> = versions.iter().map(|(table, version)| format!("{table}:{version}")).collect();
        let name = format!("{:032x}", xxh3_128(text.join(" ").as_bytes()));
        let panels = moments.join(&name);
        fs::create_dir_all(&panels).map_err(LakeError::file("cannot create", &panels))?;
        // When it was last wanted decides which moments stay.
        let wanted = panels.join("wanted");
        fs::write(&wanted, []).map_err(LakeError::file("cannot write", &wanted))?;
        forget_others(&moments, &panels);
        let lake = Self::of(Shared {
            folder: self.folder().to_owned(),
            panels,
            pinned: Some(versions.clone()),
            runtime: self.shared.runtime.clone(),
            small_tables: Mutex::default(),
        });
        for credit in Credit::ALL {
            lake.borrow_panel(&self.store(credit), &lake.store(credit));
        }
        Ok(lake)
    }

    /// Takes over the present panel where it is that of the moment too: nothing has to be counted then. Where that fails, as between
    /// file systems, it is counted.
    fn borrow_panel(&self, present: &Store, own: &Store) {
        let versions = self.panel_versions();
        let is_own = |store: &Store| store.current().filter(|made| made.versions == versions);
        if let Some(made) = is_own(present).filter(|_| is_own(own).is_none()) {
            let _ = own.link(present, &made);
        }
    }
}

/// Removes the panels of all but the moments that were wanted last.
fn forget_others(moments: &Path, own: &Path) {
    let Ok(entries) = fs::read_dir(moments) else { return };
    let mut others: Vec<(std::time::SystemTime, PathBuf)> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path != own)
        .map(|path| {
            let wanted = fs::metadata(path.join("wanted")).and_then(|file| file.modified());
            (wanted.unwrap_or(std::time::UNIX_EPOCH), path)
        })
        .collect();
    others.sort();
    let surplus = others.len().saturating_sub(KEPT - 1);
    for (_, path) in others.into_iter().take(surplus) {
        // What cannot be removed now is removed the next time.
        let _ = fs::remove_dir_all(path);
    }
}
