//! Numbers of invoices and codes that a spreadsheet wrote as `1.23457E+12`: their last digits are gone.

use std::sync::Arc;

use crate::{Example, Field, Mapped, grid::Grid};

/// The columns of ids that show it, each with the first row. Only the sample is looked at.
pub(crate) fn find(mapping: &[Mapped], sample: &Arc<Vec<Grid>>) -> Vec<(String, Example)> {
    let is_id =
        |field: Field| matches!(field, Field::InvoiceNo | Field::AccountId | Field::ManagerId | Field::ProductId);
    let first = |mapped: &Mapped| {
        let rows = sample.iter().flat_map(|grid| grid.rows.iter().map(move |row| (grid, row)));
        let mut cells = rows.map(|(grid, row)| (row.number, grid.cell_of(row, mapped.column).0));
        let (row, text) = cells.find(|(_, text)| is_shortened(text))?;
        Some((mapped.header.clone(), Example { row, value: text.to_owned() }))
    };
    mapping.iter().filter(|mapped| is_id(mapped.field)).filter_map(first).collect()
}

/// `1.23457E+12`, `8,99E+12`.
fn is_shortened(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_mark = |byte: u8| matches!(byte, b'.' | b',');
    let all = |text: &str, test: fn(u8) -> bool| !text.is_empty() && text.bytes().all(test);
    let exponent = exponent.strip_prefix('+').unwrap_or_default();
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().filter(|byte| is_mark(*byte)).count() <= 1
        && all(digits, |byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        && all(exponent, |byte| byte.is_ascii_digit())
}
