//! The shape of a checked sales line.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef};

/// Quantities and unit prices: 18 digits, 6 of them decimals.
pub(crate) const QUANTITY: DataType = DataType::Decimal128(18, 6);
/// Amounts of money: 18 digits, 4 of them decimals.
pub(crate) const MONEY: DataType = DataType::Decimal128(18, 4);

/// Decimals of a currency rate: a small currency is worth very little of a large one.
pub(crate) const RATE_PLACES: u32 = 12;
/// Currency rates: 38 digits, 12 of them decimals.
pub(crate) const RATE: DataType = DataType::Decimal128(38, RATE_PLACES as i8);

/// The columns of every batch that [`crate::read`] hands out.
///
/// `row` is 1-based and the header of a text file is row 1 (records are counted, not lines; a spreadsheet
/// has its own row numbers). `discount` and `cost` are amounts of the whole line. `extra` is a JSON object
/// of every column that has no field, in the file's order, blanks left out. `repair_of` is `import:row`
/// where the line came from a set-aside file.
pub fn line_schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let text = |name: &str| Column::new(name, DataType::Utf8, true);
        let money = |name: &str| Column::new(name, MONEY, true);
        Arc::new(Schema::new(vec![
            Column::new("file", DataType::Utf8, false),
            text("sheet"),
            Column::new("row", DataType::Int64, false),
            Column::new("date", DataType::Date32, false),
            text("invoice_no"),
            text("line_no"),
            text("account_id"),
            text("account_name"),
            text("manager_id"),
            text("manager_name"),
            text("product_id"),
            text("product_name"),
            text("category"),
            Column::new("quantity", QUANTITY, true),
            text("unit"),
            Column::new("unit_price", QUANTITY, true),
            money("discount"),
            money("net"),
            money("cost"),
            money("ppn"),
            text("region"),
            text("segment"),
            text("branch"),
            text("currency"),
            text("extra"),
            text("repair_of"),
        ]))
    });
    SCHEMA.clone()
}
