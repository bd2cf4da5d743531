//! Opening an input: what kind of file it is, and its blocks in order.

use std::{fs::File, io::Read, path::Path, sync::Arc};

use crate::{
    Encoding, Format, ImportError, Input,
    arrow_rows::{ParquetReader, RowsReader},
    encoding,
    grid::{Block, Grid},
    other_kinds,
    text_reader::{TextFormat, TextReader},
};

/// Blocks of rows in file order. One thread at a time takes the next.
pub(crate) trait Source: Send {
    /// The next block, or `None` at the end.
    fn next(&mut self) -> Result<Option<Block>, ImportError>;
    /// Bytes of the file that were read so far.
    fn done(&self) -> u64;
}

/// What the first bytes of a file say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// Text with an encoding and, perhaps, carriage returns alone as line ends.
    Text { encoding: Encoding, returns_are_line_ends: bool },
    /// A zip container (XLSX, XLSB, ODS) or the older binary Excel.
    Workbook,
    /// Apache Parquet.
    Parquet,
}

/// Bytes looked at to decide what cannot be known without a look.
pub(crate) const SAMPLE: usize = 4 << 20;

/// Refuses what is no readable file and tells what kind the others are.
pub(crate) fn sniff(path: &Path, label: &str) -> Result<Sniffed, ImportError> {
    let unreadable = |source| ImportError::Unreadable { file: label.to_owned(), source };
    let file = || label.to_owned();
    let metadata = std::fs::metadata(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => ImportError::NotFound { file: path.display().to_string() },
        _ => unreadable(source),
    })?;
    if metadata.is_dir() {
        return Err(ImportError::IsDirectory { file: path.display().to_string() });
    }
    if !metadata.is_file() {
        // A pipe or device cannot be read twice, and may never end.
        return Err(unreadable(std::io::Error::other("not a regular file")));
    }
    let mut head = Vec::new();
    File::open(path).and_then(|file| file.take(SAMPLE as u64).read_to_end(&mut head)).map_err(unreadable)?;
    if head.is_empty() {
        return Err(ImportError::Empty { file: file() });
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Ok(Sniffed::Workbook);
    }
    if head.starts_with(b"PAR1") {
        return Ok(Sniffed::Parquet);
    }
    if let Some(what) = other_kinds::of(&head) {
        return Err(ImportError::OtherKind { file: file(), what });
    }
    let encoding = encoding::detect(&head, head.len() < SAMPLE).ok_or_else(|| ImportError::Binary { file: file() })?;
    let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    let returns_are_line_ends = !wide && !head.contains(&b'\n') && head.contains(&b'\r');
    Ok(Sniffed::Text { encoding, returns_are_line_ends })
}

/// The size of the input in bytes; 0 for rows in memory.
pub(crate) fn size(input: &Input) -> u64 {
    match input {
        Input::File(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        Input::Rows { .. } => 0,
    }
}

/// Cells that are already in memory, handed out once.
pub(crate) struct Held {
    grids: Arc<Vec<Grid>>,
    at: usize,
    bytes: u64,
}

impl Held {
    pub(crate) const fn new(grids: Arc<Vec<Grid>>, bytes: u64) -> Self {
        Self { grids, at: 0, bytes }
    }
}

impl Source for Held {
    fn next(&mut self) -> Result<Option<Block>, ImportError> {
        let grid = self.grids.get(self.at).cloned();
        self.at += 1;
        Ok(grid.map(Block::Cells))
    }

    fn done(&self) -> u64 {
        match self.grids.len() {
            0 => self.bytes,
            all => self.bytes * self.at.min(all) as u64 / all as u64,
        }
    }
}

/// Opens the input from its beginning.
pub(crate) fn open(
    input: &Input,
    format: Format,
    returns_are_line_ends: bool,
    held: Option<&Arc<Vec<Grid>>>,
) -> Result<Box<dyn Source>, ImportError> {
    let label = input.label();
    if let Some(grids) = held {
        return Ok(Box::new(Held::new(Arc::clone(grids), size(input))));
    }
    match (input, format) {
        (Input::File(path), Format::Text { separator, encoding }) => {
            let format = TextFormat { encoding, separator: separator.byte(), returns_are_line_ends };
            Ok(Box::new(TextReader::open(path, &label, format)?))
        }
        (Input::File(path), _) => Ok(Box::new(ParquetReader::open(path, &label)?)),
        (Input::Rows { batches, .. }, _) => Ok(Box::new(RowsReader::new(batches.clone()))),
    }
}
