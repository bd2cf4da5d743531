//! Where an import's files wait for their commit.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    thread,
};

use super::delta::{NewFile, Snapshot, sync_folder};
use crate::error::{LakeError, Result};

/// The names of the files that leave for their commit, one a line: without that commit nobody else knows of them.
const LEAVING: &str = "leaving.txt";

/// Files that are forced to the disk at the same time.
const AT_ONCE: usize = 8;

/// A folder beside the data files where an import's files wait for their commit. What a killed import left
/// here never counted, and is removed by the next writer.
pub(crate) struct Staging {
    folder: PathBuf,
    table: PathBuf,
}

impl Staging {
    /// An empty folder; `now` is the newest snapshot of the table, of which the caller holds the lock.
    pub(crate) fn fresh(table: &Path, now: Option<&Snapshot>) -> Result<Self> {
        let staging = Self { folder: table.join("_staging"), table: table.to_owned() };
        staging.remove_uncommitted(now)?;
        staging.clear()?;
        Ok(staging)
    }

    /// Removes files that left for a commit that never came.
    fn remove_uncommitted(&self, now: Option<&Snapshot>) -> Result<()> {
        let Ok(names) = fs::read_to_string(self.folder.join(LEAVING)) else { return Ok(()) };
        let is_committed = |name: &str| now.is_some_and(|now| now.files.iter().any(|file| file.name == name));
        for name in names.lines().filter(|name| !is_committed(name)) {
            let path = self.table.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(LakeError::file("cannot remove", &path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn clear(&self) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(LakeError::file("cannot clear", &self.folder))?;
        }
        fs::create_dir_all(&self.folder).map_err(LakeError::file("cannot create", &self.folder))
    }

    /// Moves the files to where the commit will name them; they are on the disk then.
    pub(crate) fn publish(&self, files: &[NewFile]) -> Result<()> {
        self.sync(files)?;
        let names: String = files.iter().map(|file| format!("{}\n", file.name)).collect();
        let list = self.folder.join(LEAVING);
        fs::write(&list, names).map_err(LakeError::file("cannot write", &list))?;
        for file in files {
            let target = self.table.join(&file.name);
            fs::rename(self.folder.join(&file.name), &target).map_err(LakeError::file("cannot move", &target))?;
        }
        sync_folder(&self.table)
    }

    /// Forces the files to the disk, several at a time: each waits for the disk alone.
    fn sync(&self, files: &[NewFile]) -> Result<()> {
        let sync_one = |file: &NewFile| {
            let path = self.folder.join(&file.name);
            File::open(&path).and_then(|file| file.sync_all()).map_err(LakeError::file("cannot write", &path))
        };
        let share = files.len().div_ceil(AT_ONCE).max(1);
        thread::scope(|scope| {
            let parts: Vec<_> =
                files.chunks(share).map(|part| scope.spawn(move || part.iter().try_for_each(sync_one))).collect();
            parts.into_iter().try_for_each(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    }

    pub(crate) fn done(&self) -> Result<()> {
        fs::remove_dir_all(&self.folder).map_err(LakeError::file("cannot remove", &self.folder))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Where files have left, the next writer asks the log what became of them. Else nothing here is needed; what cannot
        // be removed now is removed by the next writer too.
        if !self.folder.join(LEAVING).exists() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
