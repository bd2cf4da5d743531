//! Excel and OpenDocument workbooks into cells.

use std::{
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, Sheet, SheetType, SheetVisible, Sheets, Xls, Xlsb, Xlsx};

use crate::{
    ImportError, dates,
    grid::{Grid, GridBuilder, Kind},
    numbers, zip_guard,
};

/// More columns than any table of sales has.
pub(crate) const COLUMNS: usize = 5_000;
/// Text in one grid.
const BLOCK: usize = 1 << 20;

/// An open workbook.
pub(crate) struct Workbook {
    label: String,
    sheets: Sheets<BufReader<File>>,
}

impl Workbook {
    pub(crate) fn open(path: &Path, label: &str) -> Result<Self, ImportError> {
        zip_guard::check(path, label)?;
        let reader = || {
            let file = File::open(path);
            file.map(BufReader::new).map_err(|source| ImportError::Unreadable { file: label.to_owned(), source })
        };
        // The name's ending is often wrong or missing, so the content tells.
        let sheets = guarded(label, || {
            let opened = match Xlsx::new(reader()?) {
                Ok(xlsx) => Ok(Sheets::Xlsx(xlsx)),
                Err(first) => Ods::new(reader()?)
                    .map(Sheets::Ods)
                    .or(Xlsb::new(reader()?).map(Sheets::Xlsb))
                    .or(Xls::new(reader()?).map(Sheets::Xls))
                    .map_err(|_| first),
            };
            opened.map_err(|error| ImportError::Damaged { file: label.to_owned(), detail: error.to_string() })
        })?;
        Ok(Self { label: label.to_owned(), sheets })
    }

    /// The names of the sheets, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.sheets.sheet_names()
    }

    /// The names of the sheets that a reader sees; all of them where every one is hidden.
    pub(crate) fn visible(&self) -> Vec<String> {
        let sheets = self.sheets.sheets_metadata();
        let is_seen = |sheet: &&Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
        let seen: Vec<String> = sheets.iter().filter(is_seen).map(|sheet| sheet.name.clone()).collect();
        if seen.is_empty() { self.names() } else { seen }
    }

    /// All cells of a sheet.
    pub(crate) fn read(&mut self, sheet: &str) -> Result<Vec<Grid>, ImportError> {
        let label = self.label.clone();
        guarded(&label, || self.cells(sheet))
    }

    fn cells(&mut self, sheet: &str) -> Result<Vec<Grid>, ImportError> {
        let mut cells = Cells { label: self.label.clone(), ..Cells::default() };
        let damaged = |error: &dyn std::fmt::Display| ImportError::Damaged {
            file: self.label.clone(),
            detail: format!("{sheet}: {error}"),
        };
        match &mut self.sheets {
            // Cell by cell: a sheet with one cell far out would fill memory as a full rectangle.
            Sheets::Xlsx(xlsx) => {
                let mut reader = xlsx.worksheet_cells_reader(sheet).map_err(|error| damaged(&error))?;
                while let Some(cell) = reader.next_cell().map_err(|error| damaged(&error))? {
                    let (row, column) = cell.get_position();
                    cells.push(row, column, cell.get_value())?;
                }
            }
            Sheets::Xlsb(xlsb) => {
                let mut reader = xlsb.worksheet_cells_reader(sheet).map_err(|error| damaged(&error))?;
                while let Some(cell) = reader.next_cell().map_err(|error| damaged(&error))? {
                    let (row, column) = cell.get_position();
                    cells.push(row, column, cell.get_value())?;
                }
            }
            sheets => {
                let range = sheets.worksheet_range(sheet).map_err(|error| damaged(&error))?;
                let (first_row, first_column) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    cells.push(first_row + row as u32, first_column + column as u32, &borrowed(value))?;
                }
            }
        }
        Ok(cells.finish())
    }
}

/// Runs the part that reads workbooks. It was not made for files that are damaged, and panics over some: those are refused.
fn guarded<T>(label: &str, read: impl FnOnce() -> Result<T, ImportError>) -> Result<T, ImportError> {
    // What the part holds when it panics is not used again: the whole reading ends.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ImportError::Damaged { file: label.to_owned(), detail: "it cannot be made sense of".to_owned() })
    })
}

/// Cells of one sheet in reading order, on their way into grids.
#[derive(Default)]
struct Cells {
    label: String,
    builder: GridBuilder,
    row: u32,
    grids: Vec<Grid>,
}

impl Cells {
    fn push(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> Result<(), ImportError> {
        let (text, kind) = written(value);
        if text.is_empty() {
            return Ok(());
        }
        if row > self.row {
            self.end_row();
            self.row = row;
        }
        // Every program writes cells in order. Those that are not would slip into other columns and rows.
        if row < self.row || (column as usize) < self.builder.cells() {
            let detail = format!("the cell in row {}, column {} is out of order", row + 1, column + 1);
            return Err(ImportError::Damaged { file: self.label.clone(), detail });
        }
        if column as usize >= COLUMNS {
            return Err(ImportError::TooManyColumns { file: self.label.clone(), columns: column as usize + 1 });
        }
        while self.builder.cells() < column as usize {
            self.builder.push("", Kind::Text);
        }
        self.builder.push(&text, kind);
        Ok(())
    }

    fn end_row(&mut self) {
        self.builder.end_row(u64::from(self.row) + 1);
        if self.builder.bytes() > BLOCK {
            self.grids.push(self.builder.take());
        }
    }

    fn finish(mut self) -> Vec<Grid> {
        self.end_row();
        self.grids.push(self.builder.take());
        self.grids.retain(|grid| !grid.rows.is_empty());
        self.grids
    }
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn written(value: &DataRef<'_>) -> (String, Kind) {
    match value {
        DataRef::Int(value) => (value.to_string(), Kind::Number),
        DataRef::Float(value) => (numbers::write_float(*value), Kind::Number),
        DataRef::String(text) => (text.clone(), Kind::Text),
        DataRef::SharedString(text) => ((*text).to_owned(), Kind::Text),
        DataRef::Bool(value) => (value.to_string(), Kind::Text),
        DataRef::DateTime(moment) => date_time(moment),
        DataRef::DateTimeIso(text) => (text.get(..10).unwrap_or(text).to_owned(), Kind::Day),
        DataRef::DurationIso(text) => (text.clone(), Kind::Text),
        DataRef::Error(error) => (error.to_string(), Kind::Error),
        DataRef::Empty => (String::new(), Kind::Text),
    }
}

/// A day where it is one; a duration or time of day stays the number it is stored as.
fn date_time(moment: &ExcelDateTime) -> (String, Kind) {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let is_day = moment.is_datetime() && dates::days(i32::from(year), u32::from(month), u32::from(day)).is_some();
    if is_day && moment.as_f64() >= 1.0 {
        return (format!("{year:04}-{month:02}-{day:02}"), Kind::Day);
    }
    (numbers::write_float(moment.as_f64()), Kind::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_part_that_reads_refuses_the_file() {
        let read = guarded::<()>("a.xlsx", || panic!("a damaged file"));
        assert!(matches!(read, Err(ImportError::Damaged { file, .. }) if file == "a.xlsx"));
    }

    #[test]
    fn cells_out_of_order_are_refused() {
        let one = DataRef::Int(1);
        for places in [[(0, 1), (0, 0)], [(0, 1), (0, 1)], [(2, 0), (1, 1)]] {
            let mut cells = Cells::default();
            let pushed: Vec<_> = places.into_iter().map(|(row, column)| cells.push(row, column, &one)).collect();
            assert!(matches!(pushed[..], [Ok(()), Err(ImportError::Damaged { .. })]), "{places:?}");
        }
    }
}
