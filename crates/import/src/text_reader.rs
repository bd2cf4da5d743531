//! Separated text in big blocks, cut between records.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{
    Encoding, ImportError,
    encoding::Utf8Reader,
    grid::Block,
    records::{self, Border},
    source::Source,
};

/// Bytes read at a time. Cells of one block should stay in the processor's cache.
const BLOCK: usize = 1 << 20;
/// The longest record.
const RECORD_LIMIT: usize = 16 << 20;

/// Counts what is read from a file.
struct Counted {
    file: File,
    bytes: u64,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(out)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

/// How a text file is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextFormat {
    pub encoding: Encoding,
    pub separator: u8,
    pub returns_are_line_ends: bool,
}

/// The blocks of a text file.
pub(crate) struct TextReader {
    label: String,
    reader: Utf8Reader<Counted>,
    format: TextFormat,
    block: usize,
    carry: Vec<u8>,
    next_row: u64,
    ended: bool,
}

impl TextReader {
    pub(crate) fn open(path: &Path, label: &str, format: TextFormat) -> Result<Self, ImportError> {
        Self::open_with_block(path, label, format, BLOCK)
    }

    /// With blocks of about `block` bytes.
    pub(crate) fn open_with_block(
        path: &Path,
        label: &str,
        format: TextFormat,
        block: usize,
    ) -> Result<Self, ImportError> {
        let unreadable = |source| ImportError::Unreadable { file: label.to_owned(), source };
        let counted = Counted { file: File::open(path).map_err(unreadable)?, bytes: 0 };
        Ok(Self {
            label: label.to_owned(),
            reader: Utf8Reader::new(counted, format.encoding, format.returns_are_line_ends),
            format,
            block,
            carry: Vec::new(),
            next_row: 1,
            ended: false,
        })
    }

    /// Whether every block was handed out.
    pub(crate) fn is_at_end(&self) -> bool {
        self.ended && self.carry.is_empty()
    }

    /// Fills `bytes` up to `size`, or to the end of the file.
    fn fill(&mut self, bytes: &mut Vec<u8>, size: usize) -> Result<(), ImportError> {
        /// The reader needs room for a few characters.
        const ROOM: usize = 64;
        let mut filled = bytes.len();
        bytes.resize(size.max(filled) + ROOM, 0);
        while filled + ROOM <= bytes.len() && !self.ended {
            match self.reader.read(&mut bytes[filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(ImportError::Unreadable { file: self.label.clone(), source }),
            }
        }
        bytes.truncate(filled);
        Ok(())
    }
}

impl Source for TextReader {
    fn next(&mut self) -> Result<Option<Block>, ImportError> {
        let mut bytes = std::mem::take(&mut self.carry);
        let mut size = self.block;
        let separator = self.format.separator;
        loop {
            self.fill(&mut bytes, size)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            // A quote at the very end may be the first of two.
            let seen = if !self.ended && bytes.last() == Some(&b'"') { bytes.len() - 1 } else { bytes.len() };
            let Border { end, records, open_quote } = records::border(&bytes[..seen], separator);
            let first_row = self.next_row;
            self.next_row += records;
            let remainder = bytes.len() - end;
            if remainder > RECORD_LIMIT {
                return Err(ImportError::RecordTooLong { file: self.label.clone(), row: self.next_row });
            }
            if self.ended && open_quote {
                return Err(ImportError::OpenQuote { file: self.label.clone(), row: self.next_row });
            }
            if self.ended {
                return Ok(Some(Block::Text { bytes, first_row, separator }));
            }
            if end > 0 {
                self.carry.reserve(self.block + remainder);
                self.carry.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                return Ok(Some(Block::Text { bytes, first_row, separator }));
            }
            size = bytes.len() * 2;
        }
    }

    fn done(&self) -> u64 {
        self.reader.inner_ref().bytes
    }
}

/// The first bytes of a file, at most `size`.
pub(crate) fn head(path: &Path, label: &str, size: usize) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(size as u64).read_to_end(&mut bytes))
        .map_err(|source| ImportError::Unreadable { file: label.to_owned(), source })?;
    Ok(bytes)
}
