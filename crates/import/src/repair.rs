//! Set-aside rows as a file to correct and import again.

use std::io::{self, BufWriter, Write};

use takar_model::{ImportId, Lang, Text, guarded};

use crate::{Separator, SetAside};

/// The columns that such a file has besides those of its rows, in its language; both are read back.
const MARKS: [Text; 5] = [
    IMPORT,
    ROW,
    Text::new("takar_kolom", "takar_column"),
    Text::new("takar_sebab", "takar_reason"),
    Text::new("takar_saran", "takar_suggestion"),
];
const IMPORT: Text = Text::new("takar_impor", "takar_import");
const ROW: Text = Text::new("takar_baris", "takar_row");

/// Whether a header is one of the columns that a repair file adds.
pub(crate) fn is_mark(header: &str) -> bool {
    MARKS.iter().any(|mark| is(header, *mark))
}

/// The columns that lead a repaired row back to its import and its row there.
pub(crate) fn origin(headers: &[String]) -> Option<(usize, usize)> {
    let find = |mark: Text| headers.iter().position(|header| is(header, mark));
    Some((find(IMPORT)?, find(ROW)?))
}

/// Whether this stands between the columns that a repair file adds, in the one language or the other.
pub(crate) fn is_separated_by(text: &str, separator: Separator) -> bool {
    let mark = char::from(separator.byte());
    [Lang::Id, Lang::En]
        .iter()
        .any(|lang| text.contains(&format!("{mark}{}{mark}{}{mark}", IMPORT.get(*lang), ROW.get(*lang))))
}

fn is(header: &str, mark: Text) -> bool {
    let header = header.trim();
    header.eq_ignore_ascii_case(mark.id) || header.eq_ignore_ascii_case(mark.en)
}

/// Writes set-aside rows as CSV that Excel opens: the original columns, then the import and the row, which lead a
/// corrected row back to where it belongs, the column that is wrong, why, and what to write instead where that is
/// obvious.
///
/// # Errors
/// What `out` reports.
pub fn write_repair_file(
    rows: &[SetAside],
    headers: &[String],
    import: ImportId,
    lang: Lang,
    out: impl Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    out.write_all("\u{feff}".as_bytes())?;
    // The file may itself be a repaired one: its own marks are written anew.
    let kept: Vec<usize> = (0..headers.len()).filter(|&column| !is_mark(&headers[column])).collect();
    let names = kept.iter().map(|&column| headers[column].as_str());
    record(&mut out, names.chain(MARKS.iter().map(|mark| mark.get(lang))))?;
    let (import, mut number) = (import.to_string(), String::new());
    for row in rows {
        number.clear();
        number.push_str(&row.row.to_string());
        let cells = kept.iter().map(|&column| row.cells.get(column).map_or("", String::as_str));
        let column = row.column.as_deref().unwrap_or_default();
        let (reason, suggestion) = (row.message(lang), row.suggestion.as_deref().unwrap_or_default());
        record(&mut out, cells.chain([import.as_str(), &number, column, &reason, suggestion]))?;
    }
    out.flush()
}

/// [`write_repair_file`] in Indonesian.
///
/// # Errors
/// What `out` reports.
pub fn write_set_aside(rows: &[SetAside], headers: &[String], import: ImportId, out: impl Write) -> io::Result<()> {
    write_repair_file(rows, headers, import, Lang::Id, out)
}

fn record<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        // A name that a spreadsheet would run stays text; it is read back as it was.
        let cell = &*guarded(cell);
        if cell.contains(['"', ',', '\n', '\r', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}
