//! Encodings, workbooks, Parquet and rows in memory.

use std::sync::Arc;

use arrow::{
    array::{Date32Array, Float64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field as Column, Schema},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{TestFile, column, money, read_with};
use crate::{Encoding, Format as FileFormat, ImportError, Input, Options, Reason};

const TEXT: &str = "tanggal;toko;nilai\r\n25/08/2017;Café Añejo;1.234,56\r\n";

#[test]
fn every_encoding_reads_alike() {
    let utf16 = |order: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let latin: Vec<u8> = TEXT.chars().map(|character| character as u8).collect();
    let with_mark = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
    for (bytes, expected) in [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        (with_mark(b"\xEF\xBB\xBF", TEXT.as_bytes().to_vec()), Encoding::Utf8),
        (with_mark(b"\xFF\xFE", utf16(u16::to_le_bytes)), Encoding::Utf16Le),
        (utf16(u16::to_le_bytes), Encoding::Utf16Le),
        (with_mark(b"\xFE\xFF", utf16(u16::to_be_bytes)), Encoding::Utf16Be),
        (latin, Encoding::Windows1252),
        (TEXT.replace("\r\n", "\r").into_bytes(), Encoding::Utf8),
    ] {
        let file = TestFile::new("a.csv", &bytes);
        let (plan, check, lines) = read_with(&file.input(), &Options::default(), 1).expect("read");
        assert!(matches!(plan.format, FileFormat::Text { encoding, .. } if encoding == expected), "{:?}", plan.format);
        assert_eq!(column(&lines, "account_id"), ["Café Añejo"], "{expected:?}");
        assert_eq!((column(&lines, "date"), check.net), (vec!["2017-08-25".to_owned()], money("1234.56")));
    }
}

#[test]
fn bytes_that_are_not_utf8_may_come_late() {
    let mut bytes = "tanggal,toko,nilai\n".to_owned().into_bytes();
    bytes.extend("2025-01-01,Toko Sumber Rejeki Abadi Sentosa,10\n".repeat(100_000).into_bytes());
    bytes.extend(b"2025-01-02,Caf\xE9,10\n");
    let file = TestFile::new("a.csv", &bytes);
    let (_, check, lines) = read_with(&file.input(), &Options::default(), 2).expect("read");
    assert_eq!(check.lines, 100_001);
    assert_eq!(column(&lines, "account_id").last().map(String::as_str), Some("Café"));
}

fn workbook(sheets: &[&str]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for name in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).expect("a name");
        sheet.write(0, 0, "Laporan penjualan").expect("written");
        for (column, header) in ["Tanggal", "Nama Toko", "Qty", "Total", "Catatan"].into_iter().enumerate() {
            sheet.write(2, column as u16, header).expect("written");
        }
        let day = ExcelDateTime::from_ymd(2025, 10, 3).expect("a day");
        sheet.write_with_format(3, 0, &day, &date).expect("written");
        sheet.write(3, 1, "Toko A").expect("written");
        sheet.write(3, 2, 1.5).expect("written");
        sheet.write(3, 3, 0.1 + 0.2).expect("written");
        sheet.write(4, 0, 45_933).expect("written");
        sheet.write(4, 1, "Toko B").expect("written");
        sheet.write(4, 3, "Rp 1.234,50").expect("written");
        sheet.write(6, 3, 99).expect("written");
    }
    workbook.save_to_buffer().expect("saved")
}

#[test]
fn workbooks_keep_their_types_and_row_numbers() {
    let file = TestFile::new("a.xlsx", workbook(&["Oktober"]));
    let (plan, check, lines) = read_with(&file.input(), &Options::default(), 2).expect("read");
    assert_eq!((plan.sheet.as_deref(), plan.header_row), (Some("Oktober"), 3));
    assert_eq!(column(&lines, "date"), ["2025-10-03", "2025-10-03"]);
    assert_eq!(column(&lines, "net"), ["0.3", "1234.5"]);
    assert_eq!(column(&lines, "row"), ["4", "5"]);
    assert_eq!(column(&lines, "sheet"), ["Oktober", "Oktober"]);
    assert_eq!((check.set_aside_total, check.set_aside[0].row), (1, 7));
}

#[test]
fn workbooks_of_every_format_read_alike() {
    let kept: [(&str, &[u8]); 3] = [
        ("penjualan.ods", include_bytes!("workbooks/penjualan.ods")),
        ("penjualan.xls", include_bytes!("workbooks/penjualan.xls")),
        ("penjualan.xlsx", include_bytes!("workbooks/penjualan.xlsx")),
    ];
    for (name, bytes) in kept {
        let file = TestFile::new(name, bytes);
        // Of three sheets the one that is put away does not count, and instructions hold no sales.
        let (plan, check, lines) = read_with(&file.input(), &Options::default(), 2).expect("read");
        assert_eq!((plan.sheet.as_deref(), plan.header_row), (Some("Oktober"), 4), "{name}");
        assert_eq!(column(&lines, "date"), ["2025-10-13", "2025-10-14", "2025-10-15"], "{name}");
        assert_eq!(column(&lines, "account_id"), ["0012", "0013", "14"], "{name}");
        assert_eq!(column(&lines, "net"), ["112500", "2501", "-12500"], "{name}");
        assert_eq!(column(&lines, "row"), ["5", "6", "9"], "{name}");
        let set_aside: Vec<(u64, Reason)> = check.set_aside.iter().map(|row| (row.row, row.reason)).collect();
        assert_eq!(set_aside, [(10, Reason::FormulaError), (11, Reason::TotalRow)], "{name}");
    }
}

#[test]
fn several_sheets_need_a_choice() {
    let file = TestFile::new("a.xlsx", workbook(&["Sep", "Okt"]));
    let error = read_with(&file.input(), &Options::default(), 1).expect_err("two sheets");
    assert!(matches!(&error, ImportError::WhichSheet { sheets, .. } if sheets == &["Sep", "Okt"]), "{error:?}");
    let options = Options { sheet: Some("okt".to_owned()), ..Options::default() };
    assert_eq!(read_with(&file.input(), &options, 1).expect("read").1.lines, 2);
    let options = Options { sheet: Some("Nov".to_owned()), ..Options::default() };
    let error = read_with(&file.input(), &options, 1).expect_err("no such sheet");
    assert!(matches!(error, ImportError::UnknownSheet { .. }), "{error:?}");
}

#[test]
fn a_workbook_cut_short_is_refused() {
    let whole = workbook(&["Okt"]);
    let file = TestFile::new("a.xlsx", &whole[..whole.len() / 2]);
    let error = read_with(&file.input(), &Options::default(), 1).expect_err("damaged");
    assert!(matches!(error, ImportError::Damaged { .. }), "{error:?}");
}

#[test]
fn a_zip_bomb_is_refused() {
    use std::io::Write;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/worksheets/sheet1.xml", options).expect("begun");
    let zeros = vec![0; 1 << 20];
    for _ in 0..150 {
        archive.write_all(&zeros).expect("written");
    }
    archive.finish().expect("finished");
    let file = TestFile::new("a.xlsx", bytes.into_inner());
    let error = read_with(&file.input(), &Options::default(), 1).expect_err("a bomb");
    assert!(matches!(error, ImportError::ZipBomb { .. }), "{error:?}");
}

/// A workbook of one sheet whose XML begins with `prolog` and whose first account is `account`.
fn workbook_of(prolog: &str, account: &str) -> Vec<u8> {
    use std::io::Write;
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |number: u32, cells: [&str; 3]| {
        let cells: String =
            ["A", "B", "C"].iter().zip(cells).map(|(column, text)| cell(&format!("{column}{number}"), text)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let sheet = format!(
        "<?xml version=\"1.0\"?>{prolog}<worksheet xmlns=\"{MAIN}\"><sheetData>{}{}{}</sheetData></worksheet>",
        row(1, ["tanggal", "pelanggan", "jumlah"]),
        row(2, ["2025-10-01", account, "2"]),
        row(3, ["2025-10-02", "Toko Kedua", "3"]),
    );
    let relations = |target: &str, kind: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATED}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        ("_rels/.rels", relations("xl/workbook.xml", "officeDocument")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATED}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet")),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("finished");
    bytes.into_inner()
}

#[test]
fn entities_of_a_workbook_are_neither_expanded_nor_fetched() {
    let read = |prolog: &str, account: &str| {
        let file = TestFile::new("a.xlsx", workbook_of(prolog, account));
        read_with(&file.input(), &Options::default(), 1).map(|(_, _, lines)| column(&lines, "account_id"))
    };
    assert_eq!(read("", "Toko &amp; Warung").expect("read"), ["Toko & Warung", "Toko Kedua"]);
    // Ten entities of ten of the one before: 10¹⁰ times the first, were they expanded.
    let mut laughs = "<!DOCTYPE t [<!ENTITY a0 \"tertawa\">".to_owned();
    for level in 1..=10 {
        laughs.push_str(&format!("<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)));
    }
    let secret = TestFile::new("rahasia.txt", "isi rahasia");
    let outside = format!("<!DOCTYPE t [<!ENTITY x SYSTEM \"file://{}\">]>", secret.path.display());
    for (prolog, account) in [(format!("{laughs}]>"), "&a10;"), (outside, "&x;")] {
        if let Ok(accounts) = read(&prolog, account) {
            let all = accounts.concat();
            assert!(all.len() < 100 && !all.contains("tertawa") && !all.contains("rahasia"), "{accounts:?}");
        }
    }
}

fn rows() -> RecordBatch {
    let schema = Schema::new(vec![
        Column::new("orderDate", DataType::Date32, true),
        Column::new("customerID", DataType::Utf8, true),
        Column::new("unitPrice", DataType::Float64, true),
        Column::new("quantity", DataType::Float64, true),
        Column::new("discount", DataType::Float64, true),
    ]);
    RecordBatch::try_new(
        Arc::new(schema),
        vec![
            Arc::new(Date32Array::from(vec![Some(20_000), None])),
            Arc::new(StringArray::from(vec!["VINET", "TOMSP"])),
            Arc::new(Float64Array::from(vec![14.0, 9.8])),
            Arc::new(Float64Array::from(vec![12.0, 10.0])),
            Arc::new(Float64Array::from(vec![0.25, 0.0])),
        ],
    )
    .expect("equal lengths")
}

#[test]
fn rows_and_parquet_read_alike() {
    let input = Input::Rows { label: "query".to_owned(), batches: vec![rows(), rows()] };
    let (_, check, lines) = read_with(&input, &Options::default(), 2).expect("read");
    assert_eq!(column(&lines, "net"), ["126", "126"]);
    assert_eq!(column(&lines, "discount"), ["42", "42"]);
    assert_eq!(column(&lines, "date"), ["2024-10-04", "2024-10-04"]);
    assert_eq!(column(&lines, "row"), ["2", "4"]);
    assert_eq!(check.set_aside_total, 2);

    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, rows().schema(), None).expect("a writer");
    writer.write(&rows()).expect("written");
    writer.close().expect("closed");
    let file = TestFile::new("a.parquet", &bytes);
    let (plan, check, lines) = read_with(&file.input(), &Options::default(), 2).expect("read");
    assert_eq!((plan.format, column(&lines, "net")), (FileFormat::Parquet, vec!["126".to_owned()]));
    assert_eq!(check.set_aside_total, 1);
}
