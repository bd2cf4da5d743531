//! A file as a table of texts, for queries over files: nothing is understood yet.

use std::{path::Path, sync::Arc};

use arrow::array::{ArrayRef, RecordBatch, StringArray};

use crate::{
    Encoding, ImportError, Input,
    arrow_rows::ParquetReader,
    encoding::Utf8Reader,
    grid::Grid,
    header, separator,
    source::{self, Sniffed, Source},
    text_reader::{self, TextFormat, TextReader},
    workbook::{COLUMNS, Workbook},
};

/// Bytes from which the separator is found.
const HEAD: usize = 1 << 18;

/// Reads a whole file into text columns named by its first row; blank cells are null. Of a workbook the first
/// sheet is read.
///
/// # Errors
/// Refuses files as [`crate::inspect`] does: not found, empty, damaged, too many columns.
pub fn read_raw(path: &Path) -> Result<RecordBatch, ImportError> {
    let label = Input::File(path.to_owned()).label();
    match source::sniff(path, &label)? {
        Sniffed::Text { encoding, returns_are_line_ends } => {
            match read_text(path, &label, encoding, returns_are_line_ends) {
                // Bytes that are not UTF-8 came late.
                Err(ImportError::Replan { .. }) => {
                    read_text(path, &label, Encoding::Windows1252, returns_are_line_ends)
                }
                read => read,
            }
        }
        Sniffed::Workbook => {
            let mut workbook = Workbook::open(path, &label)?;
            let first =
                workbook.names().into_iter().next().ok_or_else(|| ImportError::Empty { file: label.clone() })?;
            table(None, workbook.read(&first)?, &label)
        }
        Sniffed::Parquet => {
            let mut reader = ParquetReader::open(path, &label)?;
            let headers = reader.headers();
            table(Some(headers), grids(&mut reader, &label)?, &label)
        }
    }
}

fn read_text(
    path: &Path,
    label: &str,
    encoding: Encoding,
    returns_are_line_ends: bool,
) -> Result<RecordBatch, ImportError> {
    let unreadable = |source| ImportError::Unreadable { file: label.to_owned(), source };
    let head = text_reader::head(path, label, HEAD)?;
    let text = Utf8Reader::new(head.as_slice(), encoding, returns_are_line_ends).read_all().map_err(unreadable)?;
    let separator = separator::detect(&String::from_utf8_lossy(&text)).byte();
    let format = TextFormat { encoding, separator, returns_are_line_ends };
    let mut reader = TextReader::open(path, label, format)?;
    table(None, grids(&mut reader, label)?, label)
}

fn grids(source: &mut dyn Source, label: &str) -> Result<Vec<Grid>, ImportError> {
    let mut grids = Vec::new();
    while let Some(block) = source.next()? {
        grids.push(block.into_grid(label)?);
    }
    Ok(grids)
}

/// One batch; without headers, the first row has them.
fn table(headers: Option<Vec<String>>, mut grids: Vec<Grid>, label: &str) -> Result<RecordBatch, ImportError> {
    let headers = match headers {
        Some(headers) => headers,
        None => {
            let first = grids.iter_mut().find(|grid| !grid.rows.is_empty());
            let first = first.ok_or_else(|| ImportError::Empty { file: label.to_owned() })?;
            let width = first.rows[0].width as usize;
            let headers = first.cells(0, width);
            first.rows.remove(0);
            headers
        }
    };
    if headers.len() > COLUMNS {
        return Err(ImportError::TooManyColumns { file: label.to_owned(), columns: headers.len() });
    }
    let named = header::different(headers);
    let columns = named.iter().enumerate().map(|(column, name)| {
        let cells = grids.iter().flat_map(|grid| grid.rows.iter().map(move |row| grid.cell_of(row, column).0));
        let texts: StringArray = cells.map(|text| (!text.is_empty()).then_some(text)).collect();
        (name, Arc::new(texts) as ArrayRef, true)
    });
    RecordBatch::try_from_iter_with_nullable(columns)
        .map_err(|error| ImportError::Damaged { file: label.to_owned(), detail: error.to_string() })
}
