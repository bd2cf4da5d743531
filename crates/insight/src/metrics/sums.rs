//! What adds up: exact sums over the cells of a group.

use std::ops::Range;

use super::{Cells, MIXED, NONE};

/// Sums over some cells, in the cells' own smallest units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub lines: u64,
    pub net_lines: u64,
    pub quantity_lines: u64,
    pub cost_lines: u64,
    pub net: i128,
    pub quantity: i128,
    pub gross: i128,
    pub discount: i128,
    pub cost: i128,
    pub net_with_cost: i128,
    pub returns: i128,
    pub net_before_returns: i128,
    /// Σ of the cells' distinct orders; orders in several cells are taken off afterwards.
    pub orders: i64,
    pub unit: One,
    pub currency: One,
}

/// The one unit or currency of some lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum One {
    /// No line yet.
    #[default]
    Nothing,
    /// All lines have this code ([`NONE`]: they all have none).
    Code(u32),
    /// They differ.
    Mixed,
}

impl One {
    /// With the code of some more lines.
    pub fn and(self, code: u32) -> Self {
        match self {
            _ if code == MIXED => Self::Mixed,
            Self::Nothing => Self::Code(code),
            Self::Code(known) if known == code => self,
            _ => Self::Mixed,
        }
    }

    /// Both together.
    pub fn merge(self, other: Self) -> Self {
        match other {
            Self::Nothing => self,
            Self::Code(code) => self.and(code),
            Self::Mixed => Self::Mixed,
        }
    }

    /// With the currency of some more lines. Lines that name none are in the company's own, so they mix with any one.
    pub fn and_currency(self, code: u32) -> Self {
        match self {
            Self::Code(known) if code == NONE && known != NONE => self,
            Self::Code(NONE) if code != MIXED => Self::Code(code),
            _ => self.and(code),
        }
    }

    /// Both currencies together.
    pub fn merge_currency(self, other: Self) -> Self {
        match other {
            Self::Code(code) => self.and_currency(code),
            other => self.merge(other),
        }
    }

    /// The code, where there is exactly one.
    pub fn code(self) -> Option<u32> {
        match self {
            Self::Code(code) if code != NONE => Some(code),
            _ => None,
        }
    }
}

/// Which sums are asked for, beside lines, net sales and their currency.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measures {
    pub goods: bool,
    pub costs: bool,
    pub discounts: bool,
    pub returns: bool,
    pub orders: bool,
}

/// Sums of some rows by group, column after column: each column is read once, in order.
pub(super) fn sum_by_group(
    cells: &Cells,
    rows: Range<usize>,
    group_of_row: &[u32],
    groups: usize,
    measures: Measures,
) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); groups];
    let by = Columns { rows, group_of_row };
    by.add(&mut sums, &cells.lines, |sums, lines| sums.lines += u64::from(lines));
    by.add(&mut sums, &cells.net, |sums, net| sums.net += i128::from(net));
    by.add_coded(&mut sums, &cells.net_lines, &cells.currency, |sums, lines, currency| {
        sums.net_lines += u64::from(lines);
        sums.currency = sums.currency.and_currency(currency);
    });
    if measures.goods {
        by.add(&mut sums, &cells.quantity, |sums, quantity| sums.quantity += i128::from(quantity));
        by.add_coded(&mut sums, &cells.quantity_lines, &cells.unit, |sums, lines, unit| {
            sums.quantity_lines += u64::from(lines);
            sums.unit = sums.unit.and(unit);
        });
    }
    if measures.costs {
        by.add(&mut sums, &cells.cost_lines, |sums, lines| sums.cost_lines += u64::from(lines));
        by.add(&mut sums, &cells.cost, |sums, cost| sums.cost += i128::from(cost));
        by.add(&mut sums, &cells.net_with_cost, |sums, net| sums.net_with_cost += i128::from(net));
    }
    if measures.discounts {
        by.add(&mut sums, &cells.gross, |sums, gross| sums.gross += i128::from(gross));
        by.add(&mut sums, &cells.discount, |sums, discount| sums.discount += i128::from(discount));
    }
    if measures.returns {
        by.add(&mut sums, &cells.returns, |sums, returns| sums.returns += i128::from(returns));
        by.add(&mut sums, &cells.net_before_returns, |sums, net| sums.net_before_returns += i128::from(net));
    }
    if measures.orders {
        by.add(&mut sums, &cells.orders, |sums, orders| sums.orders += i64::from(orders));
    }
    sums
}

struct Columns<'rows> {
    rows: Range<usize>,
    group_of_row: &'rows [u32],
}

impl Columns<'_> {
    /// Rows without a group (filtered out) have a number that no group has.
    #[inline]
    fn add<T: Copy>(&self, sums: &mut [Sums], column: &[T], add: impl Fn(&mut Sums, T)) {
        for (&group, &value) in self.group_of_row.iter().zip(&column[self.rows.clone()]) {
            if let Some(sums) = sums.get_mut(group as usize) {
                add(sums, value);
            }
        }
    }

    /// The same for a count of lines and the code that these lines have.
    #[inline]
    fn add_coded(&self, sums: &mut [Sums], lines: &[u32], codes: &[u32], add: impl Fn(&mut Sums, u32, u32)) {
        let columns = lines[self.rows.clone()].iter().zip(&codes[self.rows.clone()]);
        for (&group, (&lines, &code)) in self.group_of_row.iter().zip(columns) {
            if let Some(sums) = sums.get_mut(group as usize).filter(|_| lines > 0) {
                add(sums, lines, code);
            }
        }
    }
}
