//! Rows that were set aside, kept beside the facts until they are repaired.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use takar_import::SetAside;
use takar_model::ImportId;

use crate::{
    Lake,
    error::{LakeError, Result},
    panels::store::replace_file,
};

/// The set-aside rows of one import.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SetAsideRows {
    /// The headers of the file they come from.
    pub headers: Vec<String>,
    /// The rows.
    pub rows: Vec<SetAside>,
}

fn path(lake: &Path, import: ImportId) -> PathBuf {
    lake.join("set_aside").join(format!("{:06}.json", import.0))
}

/// Keeps the rows; an import without any leaves no file.
pub(crate) fn save(lake: &Path, import: ImportId, headers: &[String], rows: &[SetAside]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let path = path(lake, import);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(LakeError::file("cannot create", folder))?;
    }
    let kept = SetAsideRows { headers: headers.to_vec(), rows: rows.to_vec() };
    let text = serde_json::to_vec(&kept).map_err(LakeError::data("cannot keep set-aside rows"))?;
    replace_file(&path, &text)
}

impl Lake {
    /// The set-aside rows of an import; empty where it had none.
    pub fn set_aside_rows(&self, import: ImportId) -> Result<SetAsideRows> {
        let path = path(self.folder(), import);
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(LakeError::data("cannot read set-aside rows")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(SetAsideRows::default()),
            Err(error) => Err(LakeError::file("cannot read", &path)(error)),
        }
    }

    /// Writes the set-aside rows of an import as a CSV file to correct and import again.
    pub fn write_set_aside(&self, import: ImportId, out: impl Write) -> Result<()> {
        let kept = self.set_aside_rows(import)?;
        takar_import::write_set_aside(&kept.rows, &kept.headers, import, out)
            .map_err(LakeError::file("cannot write", Path::new("set-aside rows")))
    }
}
