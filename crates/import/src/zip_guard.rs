//! Refuses workbooks that would unpack to far more than they are, or that their reader could not come to the end of.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use crate::{ImportError, other_kinds};

mod compound;
mod document;

/// The most that all parts together may unpack to.
const LIMIT: u64 = 2 << 30;
/// Above this a part may not unpack to more than [`RATIO`] times its packed size.
const SMALL: u64 = 100 << 20;
const RATIO: u64 = 200;

/// Unpacks every part to nowhere and counts, because the sizes that a container states can lie.
/// An archive without a workbook does not pass. The older Excel files are not packed; their chains must end.
pub(crate) fn check(path: &Path, label: &str) -> Result<(), ImportError> {
    let damaged =
        |error: &dyn std::fmt::Display| ImportError::Damaged { file: label.to_owned(), detail: error.to_string() };
    let mut file = File::open(path).map_err(|source| ImportError::Unreadable { file: label.to_owned(), source })?;
    let mut magic = [0; 2];
    if file.read_exact(&mut magic).is_err() || &magic != b"PK" {
        let fault = compound::fault(file).map_err(|error| damaged(&error))?;
        return fault.map_or(Ok(()), |fault| Err(damaged(&fault)));
    }
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(&error))?;
    let (mut all, mut is_workbook) = (0, false);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let entry = part.name().map_err(|error| damaged(&error))?.into_owned();
        is_workbook |= entry.starts_with("xl/") || entry == "content.xml";
        let allowed = SMALL.max(part.compressed_size().saturating_mul(RATIO)).min(LIMIT.saturating_sub(all));
        let mut part = BufReader::new(part.take(allowed + 1));
        let fault = if entry == "content.xml" { document::fault(&mut part) } else { Ok(None) };
        let fault = fault.map_err(|error| damaged(&error))?;
        // What the look at a document left, or all of another part.
        io::copy(&mut part, &mut io::sink()).map_err(|error| damaged(&error))?;
        let unpacked = allowed + 1 - part.get_ref().limit();
        if unpacked > allowed {
            return Err(ImportError::ZipBomb { file: label.to_owned(), entry, bytes: allowed });
        }
        if let Some(fault) = fault {
            return Err(damaged(&fault));
        }
        all += unpacked;
    }
    match is_workbook {
        true => Ok(()),
        false => Err(ImportError::OtherKind { file: label.to_owned(), what: other_kinds::archive() }),
    }
}
