//! Whose an account is, and what it is: read from its latest sales.

use crate::{
    InsightError,
    metrics::{CellSource, Cells, Dimension, Filter, Grain, Mask, NONE, Names},
};

/// By account code: the manager who has it now ([`Names::manager_of`]), else who sold to it last; [`NONE`] where nobody is known.
///
/// # Errors
/// Where the cells cannot be read.
pub fn account_owners(source: &dyn CellSource) -> Result<Vec<u32>, InsightError> {
    let names = source.names();
    let sold_last = if source.extent().is_some() { Latest::of(source, None)?.managers } else { Vec::new() };
    let owner = |code: u32| match names.manager_of(code) {
        NONE => sold_last.get(code as usize).copied().unwrap_or(NONE),
        manager => manager,
    };
    Ok((0_u32..).take(names.account.len()).map(owner).collect())
}

/// What the latest sales of each account say.
pub(super) struct Latest {
    /// By account: the manager of its latest sales.
    pub managers: Vec<u32>,
    /// By account: the condition holds for its latest sales.
    pub passes: Vec<bool>,
}

impl Latest {
    pub(super) fn of(source: &dyn CellSource, filter: Option<&Filter>) -> Result<Self, InsightError> {
        let names = source.names();
        let filtered = filter.map(Filter::dimensions).unwrap_or_default();
        if filtered.iter().any(|dimension| dimension.is_time()) {
            return Err(InsightError::TimeCondition);
        }
        let grain = Grain::MONTHS.with(Dimension::Account).with(Dimension::Manager);
        let grain = filtered.iter().fold(grain, |grain, dimension| grain.with(*dimension));
        let extent = source.extent().ok_or(InsightError::NoData)?;
        let cells = source.cells(extent, grain)?;
        cells.check(grain)?;
        let mut latest: Vec<Option<usize>> = vec![None; names.account.len()];
        for row in cells.rows(extent) {
            let Some(known) = latest.get_mut(cells.account[row] as usize) else { continue };
            // Of the same month the cell with most sales, ties to the lower manager.
            let weight = |row: usize| {
                (cells.month[row], cells.net[row], std::cmp::Reverse(names.manager.rank(cells.manager[row])))
            };
            if known.is_none_or(|before| weight(before) < weight(row)) {
                *known = Some(row);
            }
        }
        let mask = filter.map(|filter| Mask::new(filter, names));
        let passes = latest
            .iter()
            .map(|row| match (&mask, row) {
                (None, _) => true,
                (Some(mask), Some(row)) => mask.holds(&code_at(&cells, names, *row), cells.month[*row]) == Some(true),
                (Some(_), None) => false,
            })
            .collect();
        let managers = latest.iter().map(|row| row.map_or(NONE, |row| cells.manager[row])).collect();
        Ok(Self { managers, passes })
    }
}

/// The code of each dimension at a row of cells.
pub(super) fn code_at<'a>(cells: &'a Cells, names: &'a Names, row: usize) -> impl Fn(Dimension) -> u32 + 'a {
    move |dimension| match dimension {
        Dimension::Supervisor => names.supervisor_of(cells.manager[row]),
        other => cells.codes(other)[row],
    }
}
