//! Files that people take for tables: what each is, told by its first bytes, and what to do with it.

use takar_model::Text;

const PACKED: Text = Text::new(
    "adalah arsip terkompresi. Keluarkan dulu berkas di dalamnya, lalu impor berkas itu.",
    "is a compressed archive. Unpack the file inside it first, and import that.",
);
const PDF: Text = Text::new(
    "adalah PDF, bukan tabel. Ekspor datanya sebagai XLSX atau CSV dari program asalnya.",
    "is a PDF, not a table. Export the data as XLSX or CSV from the program it comes from.",
);
const PAGE: Text = Text::new(
    "adalah halaman web (HTML atau XML), walaupun mungkin berakhiran .xls. Buka di Excel lalu simpan sebagai XLSX.",
    "is a web page (HTML or XML), even if its name ends in .xls. Open it in Excel and save it as XLSX.",
);
const JSON: Text = Text::new(
    "adalah JSON, bukan tabel. Ekspor datanya sebagai XLSX atau CSV.",
    "is JSON, not a table. Export the data as XLSX or CSV.",
);
const DATABASE: Text = Text::new(
    "adalah basis data, bukan tabel. Ekspor tabelnya sebagai CSV.",
    "is a database, not a table. Export its table as CSV.",
);

/// What a file is that begins so; `None` where it may be a table.
pub(crate) fn of(head: &[u8]) -> Option<Text> {
    const BINARY: [(&[u8], Text); 9] = [
        (b"\x1f\x8b", PACKED),
        (b"BZh", PACKED),
        (b"\xfd7zXZ", PACKED),
        (b"\x28\xb5\x2f\xfd", PACKED),
        (b"7z\xbc\xaf", PACKED),
        (b"Rar!", PACKED),
        (b"%PDF-", PDF),
        (b"SQLite format 3\0", DATABASE),
        (b"\x00\x01\x00\x00Standard ", DATABASE),
    ];
    let known = BINARY.iter().find(|(begin, _)| head.starts_with(begin)).map(|(_, what)| *what);
    known.or_else(|| of_text(head))
}

fn of_text(head: &[u8]) -> Option<Text> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let starts =
        |begin: &str| text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin.as_bytes()));
    if ["<html", "<!doctype", "<?xml", "<table", "<meta", "<head", "<style"].iter().any(|begin| starts(begin)) {
        return Some(PAGE);
    }
    let second = text.get(1..)?.trim_ascii_start().first();
    match (text.first(), second) {
        (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{')) => Some(JSON),
        _ => None,
    }
}

/// What a zip archive is in which no part belongs to a workbook.
pub(crate) const fn archive() -> Text {
    PACKED
}
