//! Rows that name a line of an invoice which an earlier row of the file names with other content.
//!
//! Source, invoice and line number say that both are the same line, and only one of them can be right: the first
//! stands, each later one is set aside and names the first. Rows that are the same to the byte are no contradiction;
//! they are counted as identical rows.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::{
    Field, ImportError, Input, Plan,
    assemble::value,
    grid::{Grid, Row},
};

/// Each row that contradicts an earlier one, with the first.
pub(crate) type Repeats = BTreeMap<u64, u64>;

/// The columns of invoice and line number, where the file has both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineColumns {
    invoice: usize,
    line: usize,
}

impl LineColumns {
    pub(crate) fn of(plan: &Plan) -> Option<Self> {
        Some(Self { invoice: plan.index_of(Field::InvoiceNo)?, line: plan.index_of(Field::LineNo)? })
    }

    /// Writes what identifies the line of a row; `false` where the row lacks a part of it.
    fn write(self, grid: &Grid, row: &Row, key: &mut Vec<u8>) -> bool {
        let (Some(invoice), Some(line)) = (value(grid, row, self.invoice), value(grid, row, self.line)) else {
            return false;
        };
        key.clear();
        key.extend_from_slice(invoice.as_bytes());
        key.push(0);
        key.extend_from_slice(line.as_bytes());
        true
    }

    /// A number for the line of each row; rows without one have that of their content.
    ///
    /// So a file whose rows have fewer different lines than contents contradicts itself.
    pub(crate) fn keys(self, grid: &Grid) -> impl Iterator<Item = u64> + '_ {
        let mut key = Vec::with_capacity(64);
        grid.rows.iter().map(move |row| match self.write(grid, row, &mut key) {
            true => xxh3_64(&key),
            false => grid.row_hash(row),
        })
    }
}

/// Finds them; the whole file is read.
pub(crate) fn find(plan: &Plan, input: &Input) -> Result<Repeats, ImportError> {
    let Some(columns) = LineColumns::of(plan) else { return Ok(Repeats::new()) };
    let look_at = |seen: &mut Vec<(u128, u64, u64)>, grid: &Grid| {
        let mut key = Vec::with_capacity(64);
        for row in &grid.rows {
            if columns.write(grid, row, &mut key) {
                seen.push((xxh3_128(&key), row.number, grid.row_hash(row)));
            }
        }
    };
    let mut lines = plan.scan(input, Vec::new, look_at, |all: &mut Vec<_>, part| all.extend(part))?;
    lines.sort_unstable();
    let mut repeats = Repeats::new();
    for line in lines.chunk_by(|one, other| one.0 == other.0) {
        let (_, first, content) = line[0];
        repeats.extend(line.iter().filter(|(.., other)| *other != content).map(|(_, row, _)| (*row, first)));
    }
    Ok(repeats)
}
