//! Which accounts count where: as the KPIs credit them.

use std::cmp::Reverse;

use crate::{
    InsightError,
    analysis::{Windows, latest::code_at},
    metrics::{CellSource, Cells, Dimension, Filter, Grain, Mask, NO_ORDER, Names},
};

/// An account that counts, with its company-wide sales in both windows.
pub(super) struct Credited {
    pub base: i128,
    pub current: i128,
    /// Its first order ever lies inside the window.
    pub is_new: bool,
}

/// The accounts that a condition credits; all without one.
pub(super) fn credited(
    source: &dyn CellSource,
    windows: Windows,
    filter: Option<&Filter>,
) -> Result<Vec<Credited>, InsightError> {
    let names = source.names();
    let dimensions = filter.map(Filter::dimensions).unwrap_or_default();
    if dimensions.iter().any(|dimension| dimension.is_time()) {
        return Err(InsightError::TimeCondition);
    }
    let grain = dimensions.iter().fold(Grain::MONTHS.with(Dimension::Account), |grain, one| grain.with(*one));
    let mask = filter.map(|filter| Mask::new(filter, names));
    let load = |window| -> Result<_, InsightError> {
        let cells = source.cells(window, grain)?;
        cells.check(grain)?;
        Ok((cells.rows(window), cells))
    };
    let ((base_rows, base_cells), (rows, cells)) = (load(windows.base)?, load(windows.current)?);
    let before = ByAccount::of(&base_cells, base_rows, names, &dimensions);
    let now = ByAccount::of(&cells, rows, names, &dimensions);
    let (from, to) = (windows.current.from().epoch_days(), windows.current.to().epoch_days());
    let mut found = Vec::new();
    for (account, first_order) in (0_u32..).zip(source.first_orders()).take(names.account.len()) {
        let (was, is) = (before.parts(account), now.parts(account));
        let (base, current) = (net(was), net(is));
        let credited = if base > 0 {
            was.iter().max_by_key(|part| (part.net, Reverse(&part.ranks))).map(|part| (&base_cells, part.row))
        } else if current > 0 {
            let first = is.iter().min_by_key(|part| (part.first_order, &part.ranks));
            let largest = || is.iter().max_by_key(|part| (part.net, Reverse(&part.ranks)));
            first.filter(|part| part.first_order != NO_ORDER).or_else(largest).map(|part| (&cells, part.row))
        } else {
            None
        };
        let Some((of, row)) = credited else { continue };
        let passes = |mask: &Mask| mask.holds(&code_at(of, names, row), of.month[row]) == Some(true);
        let is_known = base > 0 || (*first_order != NO_ORDER && *first_order <= to);
        if is_known && mask.as_ref().is_none_or(passes) {
            found.push(Credited { base, current, is_new: *first_order >= from && *first_order != NO_ORDER });
        }
    }
    Ok(found)
}

/// What an account did under one combination of members.
struct Part {
    account: u32,
    ranks: Vec<u32>,
    net: i128,
    first_order: i32,
    /// A row of that combination.
    row: usize,
}

fn net(parts: &[Part]) -> i128 {
    parts.iter().map(|part| part.net).sum()
}

/// Parts in order of account, and of ranks within it.
struct ByAccount {
    parts: Vec<Part>,
}

impl ByAccount {
    fn of(cells: &Cells, rows: std::ops::Range<usize>, names: &Names, dimensions: &[Dimension]) -> Self {
        let rank = |dimension: &Dimension, row: usize| {
            let code = code_at(cells, names, row)(*dimension);
            names.labels(*dimension).map_or(code, |labels| labels.rank(code))
        };
        let mut single: Vec<Part> = rows
            .map(|row| Part {
                account: cells.account[row],
                ranks: dimensions.iter().map(|dimension| rank(dimension, row)).collect(),
                net: i128::from(cells.net[row]),
                first_order: cells.first_order[row],
                row,
            })
            .collect();
        single.sort_by(|one, other| (one.account, &one.ranks).cmp(&(other.account, &other.ranks)));
        let mut parts: Vec<Part> = Vec::new();
        for part in single {
            match parts.last_mut() {
                Some(last) if (last.account, &last.ranks) == (part.account, &part.ranks) => {
                    last.net += part.net;
                    last.first_order = last.first_order.min(part.first_order);
                }
                _ => parts.push(part),
            }
        }
        Self { parts }
    }

    fn parts(&self, account: u32) -> &[Part] {
        let start = self.parts.partition_point(|part| part.account < account);
        let end = self.parts.partition_point(|part| part.account <= account);
        &self.parts[start..end]
    }
}
