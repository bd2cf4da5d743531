//! Refuses workbooks that would unpack to far more than they are.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{ImportError, other_kinds};

/// The most that all parts together may unpack to.
const LIMIT: u64 = 2 << 30;
/// Above this a part may not unpack to more than [`RATIO`] times its packed size.
const SMALL: u64 = 100 << 20;
const RATIO: u64 = 200;

/// Unpacks every part to nowhere and counts, because the sizes that a container states can lie.
/// What is no zip container passes: the older Excel files are not packed. An archive without a workbook does not.
pub(crate) fn check(path: &Path, label: &str) -> Result<(), ImportError> {
    let damaged =
        |error: &dyn std::fmt::Display| ImportError::Damaged { file: label.to_owned(), detail: error.to_string() };
    let mut file = File::open(path).map_err(|source| ImportError::Unreadable { file: label.to_owned(), source })?;
    let mut magic = [0; 2];
    if file.read_exact(&mut magic).is_err() || &magic != b"PK" {
        return Ok(());
    }
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(&error))?;
    let (mut all, mut is_workbook) = (0, false);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let entry = part.name().map_err(|error| damaged(&error))?.into_owned();
        is_workbook |= entry.starts_with("xl/") || entry == "content.xml";
        let allowed = SMALL.max(part.compressed_size().saturating_mul(RATIO)).min(LIMIT.saturating_sub(all));
        let unpacked = io::copy(&mut part.take(allowed + 1), &mut io::sink()).map_err(|error| damaged(&error))?;
        if unpacked > allowed {
            return Err(ImportError::ZipBomb { file: label.to_owned(), entry, bytes: allowed });
        }
        all += unpacked;
    }
    match is_workbook {
        true => Ok(()),
        false => Err(ImportError::OtherKind { file: label.to_owned(), what: other_kinds::archive() }),
    }
}
