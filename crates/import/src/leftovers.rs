//! Rows of a report that are no data: totals at its end, headers that come again on each printed page.

use crate::{Plan, Reason, grid::Grid, synonyms::normal};

/// What a row is that cannot be taken because it is no data; `None` where it may be data with a mistake.
pub(crate) fn reason(plan: &Plan, grid: &Grid, row: usize) -> Option<Reason> {
    let label = normal(label(grid, row));
    if is_total(&label) || label.starts_with("total") || label.starts_with("grandtotal") || label.ends_with("total") {
        return Some(Reason::TotalRow);
    }
    let repeats = |(column, header): (usize, &String)| grid.cell(row, column).0 == header;
    let same = plan.headers.iter().enumerate().filter(|pair| repeats(*pair)).count();
    (same > 1 && same * 2 > plan.headers.len()).then_some(Reason::HeaderRow)
}

/// Whether a row is labelled as a total and nothing else.
pub(crate) fn is_total_row(grid: &Grid, row: usize) -> bool {
    is_total(&normal(label(grid, row)))
}

fn is_total(label: &str) -> bool {
    matches!(label, "total" | "grandtotal" | "subtotal" | "jumlah" | "jumlahtotal" | "totaljumlah" | "sum")
}

/// The first cell that holds anything.
fn label(grid: &Grid, row: usize) -> &str {
    let width = grid.rows[row].width as usize;
    (0..width).map(|column| grid.cell(row, column).0).find(|text| !text.is_empty()).unwrap_or_default()
}
