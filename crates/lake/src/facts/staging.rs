//! Where an import's files wait for their commit.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::delta::NewFile;
use crate::error::{LakeError, Result};

/// A folder beside the data files where an import's files wait for their commit. What a killed import left
/// here never counted, and is removed by the next writer.
pub(crate) struct Staging {
    folder: PathBuf,
    table: PathBuf,
}

impl Staging {
    pub(crate) fn fresh(table: &Path) -> Result<Self> {
        let staging = Self { folder: table.join("_staging"), table: table.to_owned() };
        staging.clear()?;
        Ok(staging)
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

    /// Moves the files to where the commit will name them.
    pub(crate) fn publish(&self, files: &[NewFile]) -> Result<()> {
        for file in files {
            let target = self.table.join(&file.name);
            fs::rename(self.folder.join(&file.name), &target).map_err(LakeError::file("cannot move", &target))?;
        }
        Ok(())
    }

    pub(crate) fn done(&self) -> Result<()> {
        fs::remove_dir_all(&self.folder).map_err(LakeError::file("cannot remove", &self.folder))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Whatever went wrong, the next writer clears what is left here.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
