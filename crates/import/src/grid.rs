//! A block of rows as cells: what every kind of file is turned into before it is understood.

use arrow::array::RecordBatch;
use takar_model::unguarded;

use crate::{Fix, ImportError, arrow_rows, records};

/// What the file itself says a cell is. Text files know only text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, however it looks.
    Text = 0,
    /// A number, written plainly with a decimal point whatever the style of the column.
    Number = 1,
    /// A day, written `2025-10-31`.
    Day = 2,
    /// A spreadsheet error such as `#N/A`.
    Error = 3,
}

/// Where a cell lies in the text of its grid, already trimmed; two bits hold its kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    start: u32,
    length_and_kind: u32,
}

impl Span {
    pub(crate) const fn new(start: usize, end: usize, kind: Kind) -> Self {
        Self { start: start as u32, length_and_kind: ((end - start) as u32) << 2 | kind as u32 }
    }

    const fn end(self) -> usize {
        self.start as usize + (self.length_and_kind >> 2) as usize
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.length_and_kind >> 2 == 0
    }

    const fn kind(self) -> Kind {
        match self.length_and_kind & 3 {
            0 => Kind::Text,
            1 => Kind::Number,
            2 => Kind::Day,
            _ => Kind::Error,
        }
    }
}

/// One row of a grid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Its number in the file.
    pub number: u64,
    /// Its first cell among the spans of the grid.
    pub first: u32,
    /// How many cells it has.
    pub width: u32,
    /// Where its text begins and ends, for the hash that finds identical rows.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// Rows that are not blank, in file order. Its text is at most 4 GiB, in practice a few MB.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub text: String,
    pub spans: Vec<Span>,
    pub rows: Vec<Row>,
}

impl Grid {
    /// A cell by its row's index and its column, blank where the row is too short.
    #[inline]
    pub(crate) fn cell(&self, row: usize, column: usize) -> (&str, Kind) {
        self.cell_of(&self.rows[row], column)
    }

    /// A cell of one of this grid's rows.
    #[inline]
    pub(crate) fn cell_of(&self, row: &Row, column: usize) -> (&str, Kind) {
        if column >= row.width as usize {
            return ("", Kind::Text);
        }
        let span = self.spans[row.first as usize + column];
        (&self.text[span.start as usize..span.end()], span.kind())
    }

    /// The cells of a row as text, at least `width` of them.
    pub(crate) fn cells(&self, row: usize, width: usize) -> Vec<String> {
        let width = width.max(self.rows[row].width as usize);
        (0..width).map(|column| self.cell(row, column).0.to_owned()).collect()
    }

    /// What identical rows have in common.
    #[inline]
    pub(crate) fn row_hash(&self, row: &Row) -> u64 {
        xxhash_rust::xxh3::xxh3_64(&self.text.as_bytes()[row.start as usize..row.end as usize])
    }

    /// Leaves out the rows up to the one with this number: titles and header.
    pub(crate) fn drop_through(&mut self, number: u64) {
        if self.rows.first().is_some_and(|row| row.number <= number) {
            self.rows.retain(|row| row.number > number);
        }
    }

    /// Puts the user's corrections into the cells they are for. The corrected rows are written anew at the end of the text, so
    /// that they are identical to others, or not, by what they say now.
    pub(crate) fn fix(&mut self, headers: &[String], fixes: &[Fix]) {
        if fixes.is_empty() {
            return;
        }
        for place in 0..self.rows.len() {
            let row = self.rows[place];
            let of_row = |column: usize| {
                fixes.iter().rfind(|fix| fix.row == row.number && headers.get(column) == Some(&fix.column))
            };
            if !fixes.iter().any(|fix| fix.row == row.number) {
                continue;
            }
            let (first, start) = (self.spans.len(), self.text.len());
            for column in 0..headers.len().max(row.width as usize) {
                let (text, kind) = match of_row(column) {
                    Some(fix) => (fix.value.trim().to_owned(), Kind::Text),
                    None => {
                        let (text, kind) = self.cell_of(&row, column);
                        (text.to_owned(), kind)
                    }
                };
                let begin = self.text.len();
                self.text.push_str(&text);
                self.spans.push(Span::new(begin, self.text.len(), kind));
                self.text.push('\u{1f}');
            }
            self.rows[place] = Row {
                number: row.number,
                first: first as u32,
                width: (self.spans.len() - first) as u32,
                start: start as u32,
                end: self.text.len() as u32,
            };
        }
    }

    /// Takes the guards off that a repair file has before what a spreadsheet would run.
    pub(crate) fn unguard(&mut self) {
        for span in self.spans.iter_mut().filter(|span| span.kind() == Kind::Text) {
            let text = &self.text[span.start as usize..span.end()];
            let taken = text.len() - unguarded(text).len();
            *span = Span::new(span.start as usize + taken, span.end(), Kind::Text);
        }
    }

    /// The widest row.
    pub(crate) fn width(&self) -> usize {
        self.rows.iter().map(|row| row.width as usize).max().unwrap_or(0)
    }
}

/// Puts a grid together cell by cell, for sources that are not text.
#[derive(Debug, Default)]
pub(crate) struct GridBuilder {
    grid: Grid,
    row_spans: usize,
    row_text: usize,
}

impl GridBuilder {
    /// Adds the next cell of the row at hand.
    pub(crate) fn push(&mut self, text: &str, kind: Kind) {
        let trimmed = text.trim();
        let start = self.grid.text.len();
        self.grid.text.push_str(trimmed);
        self.grid.spans.push(Span::new(start, self.grid.text.len(), kind));
        // Keeps "ab","c" and "a","bc" apart in the row's hash.
        self.grid.text.push('\u{1f}');
    }

    /// How many cells the row at hand has.
    pub(crate) fn cells(&self) -> usize {
        self.grid.spans.len() - self.row_spans
    }

    /// Ends the row at hand; a blank one is left out.
    pub(crate) fn end_row(&mut self, number: u64) {
        let spans = &self.grid.spans[self.row_spans..];
        if spans.iter().any(|span| !span.is_empty()) {
            self.grid.rows.push(Row {
                number,
                first: self.row_spans as u32,
                width: spans.len() as u32,
                start: self.row_text as u32,
                end: self.grid.text.len() as u32,
            });
        } else {
            self.grid.spans.truncate(self.row_spans);
            self.grid.text.truncate(self.row_text);
        }
        self.row_spans = self.grid.spans.len();
        self.row_text = self.grid.text.len();
    }

    /// Bytes of text so far.
    pub(crate) fn bytes(&self) -> usize {
        self.grid.text.len()
    }

    /// The grid; the builder starts anew.
    pub(crate) fn take(&mut self) -> Grid {
        self.row_spans = 0;
        self.row_text = 0;
        std::mem::take(&mut self.grid)
    }
}

/// A piece of the input as it leaves its source, not yet split into cells: that is the workers' part.
pub(crate) enum Block {
    /// Whole records of separated text.
    Text { bytes: Vec<u8>, first_row: u64, separator: u8 },
    /// Cells.
    Cells(Grid),
    /// Arrow rows, and the number of the first.
    Rows { batch: RecordBatch, first_row: u64 },
}

impl Block {
    /// Splits the block into cells; `file` is for the message.
    pub(crate) fn into_grid(self, file: &str) -> Result<Grid, ImportError> {
        match self {
            Self::Text { bytes, first_row, separator } => records::split(bytes, separator, first_row, file),
            Self::Cells(grid) => Ok(grid),
            Self::Rows { batch, first_row } => arrow_rows::grid(&batch, first_row, file),
        }
    }
}
