//! Excel templates to fill in: the headers that an import knows, with two lines as an example.

use rust_xlsxwriter::{DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use takar_import::{FactKind, Holds};
use takar_model::{Lang, Text};

/// A column of a template: header, width, and its two examples.
type Column = (Text, f64, [Cell; 2]);

#[derive(Clone, Copy)]
enum Cell {
    Text(&'static str),
    Number(f64),
    Date(u16, u8, u8),
}

const SALES: [Column; 12] = [
    (Text::new("Tanggal", "Date"), 12.0, [Cell::Date(2025, 10, 1), Cell::Date(2025, 10, 1)]),
    (Text::new("No Faktur", "Invoice No"), 14.0, [Cell::Text("F-0001"), Cell::Text("F-0001")]),
    (Text::new("Kode Pelanggan", "Account ID"), 16.0, [Cell::Text("P001"), Cell::Text("P001")]),
    (Text::new("Nama Pelanggan", "Account Name"), 26.0, [Cell::Text("Toko Contoh"), Cell::Text("Toko Contoh")]),
    (Text::new("Nama Sales", "Account Manager"), 18.0, [Cell::Text("Sari"), Cell::Text("Sari")]),
    (Text::new("Kode Barang", "Product ID"), 14.0, [Cell::Text("B01"), Cell::Text("B02")]),
    (Text::new("Nama Barang", "Product Name"), 22.0, [Cell::Text("Kopi 200 g"), Cell::Text("Teh celup 25")]),
    (Text::new("Jumlah", "Quantity"), 10.0, [Cell::Number(10.0), Cell::Number(4.0)]),
    (Text::new("Satuan", "Unit"), 10.0, [Cell::Text("pcs"), Cell::Text("pcs")]),
    (Text::new("Harga Satuan", "Unit Price"), 14.0, [Cell::Number(25_000.0), Cell::Number(8_500.0)]),
    (Text::new("Netto", "Net Amount"), 14.0, [Cell::Number(250_000.0), Cell::Number(34_000.0)]),
    (Text::new("Cabang", "Branch"), 14.0, [Cell::Text("Bandung"), Cell::Text("Bandung")]),
];

const TARGETS: [Column; 3] = [
    (Text::new("Nama Sales", "Account Manager"), 18.0, [Cell::Text("Sari"), Cell::Text("Sari")]),
    (Text::new("Bulan", "Month"), 12.0, [Cell::Text("2025-10"), Cell::Text("2025-11")]),
    (Text::new("Target", "Target"), 16.0, [Cell::Number(50_000_000.0), Cell::Number(55_000_000.0)]),
];

/// The template for sales lines, with two lines as an example.
fn sales_template(lang: Lang) -> Result<Vec<u8>, XlsxError> {
    template(lang, Text::new("Penjualan", "Sales"), &SALES)
}

/// The template for targets, with two lines as an example.
fn targets_template(lang: Lang) -> Result<Vec<u8>, XlsxError> {
    template(lang, Text::new("Target", "Targets"), &TARGETS)
}

/// The template for a kind of fact, as an XLSX file: the columns that an import of it knows by these names. What has to be filled is
/// marked; where there are words to choose from, the cell offers them and takes others too.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn kind_template(kind: FactKind, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    match kind {
        FactKind::Sales => return sales_template(lang),
        FactKind::Targets => return targets_template(lang),
        _ => {}
    }
    /// Rows that offer words and show days as days.
    const ROWS: u32 = 1_000;
    let plain = header();
    let needed = header().set_background_color("#FDF1D7");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let name: String = kind.label().get(lang).chars().take(31).collect();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    let must = kind.needed();
    for (column, field) in (0_u16..).zip(kind.template()) {
        let mut label = field.label_in(kind).get(lang).chars();
        let title: String = label.next().into_iter().flat_map(char::to_uppercase).chain(label).collect();
        let is_needed = must.iter().any(|fields| fields.first() == Some(&field));
        sheet.set_column_width(column, 18.0)?;
        sheet.write_with_format(0, column, title, if is_needed { &needed } else { &plain })?;
        if field.is_date() {
            sheet.set_column_format(column, &Format::new().set_num_format("dd mmm yyyy"))?;
        }
        let of_shape =
            kind.shape().and_then(|shape| shape.columns.iter().find(|one| one.fields.first() == Some(&field)));
        if let Some(Holds::Word(words)) = of_shape.map(|column| column.holds) {
            let offered: Vec<&str> = words.iter().map(|word| word.label(lang)).collect();
            let list = DataValidation::new().allow_list_strings(&offered)?.show_error_message(false);
            sheet.add_data_validation(1, column, ROWS, column, &list)?;
        }
    }
    workbook.save_to_buffer()
}

fn header() -> Format {
    Format::new()
        .set_bold()
        .set_background_color("#E7EEF5")
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Left)
}

fn template(lang: Lang, name: Text, columns: &[Column]) -> Result<Vec<u8>, XlsxError> {
    let header = header();
    let date = Format::new().set_num_format("dd mmm yyyy");
    let number = Format::new().set_num_format("#,##0");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name.get(lang))?.set_freeze_panes(1, 0)?;
    for (column, (title, width, examples)) in (0_u16..).zip(columns) {
        sheet.set_column_width(column, *width)?;
        sheet.write_with_format(0, column, title.get(lang), &header)?;
        for (row, example) in (1_u32..).zip(examples) {
            match example {
                Cell::Text(text) => sheet.write(row, column, *text)?,
                Cell::Number(value) => sheet.write_with_format(row, column, *value, &number)?,
                Cell::Date(year, month, day) => {
                    sheet.write_with_format(row, column, &ExcelDateTime::from_ymd(*year, *month, *day)?, &date)?
                }
            };
        }
    }
    workbook.save_to_buffer()
}
