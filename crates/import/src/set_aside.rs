//! Set-aside rows as a file to correct and import again.

use std::io::{self, BufWriter, Write};

use takar_model::{ImportId, Lang};

use crate::{SetAside, mapping::REPAIR_COLUMNS};

/// Writes set-aside rows as CSV that Excel opens: the original columns, then `takar_import`, `takar_row`,
/// `takar_column` and `takar_reason`. The first two lead a corrected row back to where it belongs.
///
/// # Errors
/// What `out` reports.
pub fn write_set_aside(rows: &[SetAside], headers: &[String], import: ImportId, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    out.write_all("\u{feff}".as_bytes())?;
    // The file may itself be a repaired one: its own marks are written anew.
    let kept: Vec<usize> =
        (0..headers.len()).filter(|&column| !REPAIR_COLUMNS.contains(&headers[column].as_str())).collect();
    let names = kept.iter().map(|&column| headers[column].as_str());
    record(&mut out, names.chain(["takar_import", "takar_row", "takar_column", "takar_reason"]))?;
    let (import, mut number) = (import.to_string(), String::new());
    for row in rows {
        number.clear();
        number.push_str(&row.row.to_string());
        let cells = kept.iter().map(|&column| row.cells.get(column).map_or("", String::as_str));
        let column = row.column.as_deref().unwrap_or_default();
        record(&mut out, cells.chain([import.as_str(), &number, column, row.reason.text().get(Lang::Id)]))?;
    }
    out.flush()
}

fn record<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        if cell.contains(['"', ',', '\n', '\r', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}
