//! What was told of stock, by product and branch: how much is there, and on which days there was none.

use rustc_hash::FxHashMap;
use takar_model::{Day, Quantity};

use super::{Blocks, Told};
use crate::metrics::{NONE, Names};

/// A product that was out for longer was given up: that is no lack of stock.
const GIVEN_UP: i32 = 182;

/// How much there is of a product in a branch, as it was told last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnHand {
    /// So much, on that day.
    Counted(Quantity, Day),
    /// It was out until that day; how much came after it was not told.
    CameBack(Day),
    /// It was there on that day; how much was not told.
    There(Day),
    /// It was counted on that day in another unit than it is sold in.
    OtherUnit(Day),
    /// Nothing was told.
    Untold,
}

impl OnHand {
    /// How much, where it is known.
    pub fn quantity(self) -> Option<f64> {
        match self {
            Self::Counted(quantity, _) => Some(quantity.to_f64()),
            _ => None,
        }
    }
}

/// A product and where: [`NONE`] is everywhere.
type Place = (u32, u32);

/// All that was told, by codes.
#[derive(Debug, Default)]
pub(crate) struct Shelves<'a> {
    /// Each in order of days.
    told: FxHashMap<Place, Vec<&'a Told>>,
    /// Days without, in days since 1970-01-01: disjoint and rising.
    out: FxHashMap<Place, Vec<(i32, i32)>>,
    /// Rows of products or branches that no line has.
    pub unknown: usize,
    /// Rows that name no branch, where lines do.
    pub without_branch: usize,
}

impl<'a> Shelves<'a> {
    /// Where no line has a branch, what lies anywhere is one.
    pub(crate) fn of(told: &'a [Told], names: &Names) -> Self {
        let (products, branches) = (names.product.codes(), names.branch.codes());
        let mut found = Self::default();
        for row in told {
            let branch = match &row.branch {
                Some(branch) if !branches.is_empty() => branches.get(branch.as_str()).copied(),
                _ => Some(NONE),
            };
            let (Some(product), Some(branch)) = (products.get(row.product.as_str()), branch) else {
                found.unknown += 1;
                continue;
            };
            found.without_branch += usize::from(branch == NONE && !branches.is_empty());
            found.told.entry((*product, branch)).or_default().push(row);
        }
        for (place, rows) in &mut found.told {
            rows.sort_by_key(|row| (row.day, row.until, row.is_out, row.quantity));
            let out = disjoint(rows.iter().filter_map(|row| days_out(row)).collect());
            if !out.is_empty() {
                found.out.insert(*place, out);
            }
        }
        found
    }

    /// The products and branches that something was told of.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.told.keys().copied()
    }

    /// On how many days of a span it was out.
    pub(crate) fn days_out(&self, (product, branch): Place, (first, last): (i32, i32)) -> i32 {
        let own = self.out.get(&(product, branch)).map_or(&[][..], Vec::as_slice);
        let everywhere = self.out.get(&(product, NONE)).filter(|_| branch != NONE).map_or(&[][..], Vec::as_slice);
        let within = |spans: &[(i32, i32)]| -> Vec<(i32, i32)> {
            let met = spans.iter().filter(|(from, to)| *from <= last && first <= *to);
            met.map(|(from, to)| ((*from).max(first), (*to).min(last))).collect()
        };
        let mut spans = within(own);
        if !everywhere.is_empty() {
            spans.extend(within(everywhere));
            spans = disjoint(spans);
        }
        spans.iter().map(|(from, to)| to - from + 1).sum()
    }

    /// By block: on how many days it was out.
    pub(super) fn by_block(&self, place: Place, blocks: Blocks) -> Vec<i32> {
        let is_known = self.out.contains_key(&place) || self.out.contains_key(&(place.0, NONE));
        if !is_known {
            return vec![0; blocks.count()];
        }
        let days = |place: usize| {
            let span = blocks.span(place);
            (span.from().epoch_days(), span.to().epoch_days())
        };
        (0..blocks.count()).map(|block| self.days_out(place, days(block))).collect()
    }

    /// How much there is of what is not sold, and in which unit it was counted.
    pub(super) fn on_hand_as_told(&self, place: Place, blocks: Blocks) -> Option<(OnHand, Option<String>)> {
        let unit = self.told.get(&place)?.iter().rev().find_map(|row| row.unit.clone());
        Some((self.on_hand(place, unit.as_deref(), blocks), unit))
    }

    /// How much there is, in the unit that it is sold in.
    ///
    /// That it was out, without a count, says nothing of what is there once that is over: after the last day that is told, or after a look that
    /// is older than a block.
    pub(super) fn on_hand(&self, place: Place, unit: Option<&str>, blocks: Blocks) -> OnHand {
        let today = blocks.last();
        let Some(rows) = self.told.get(&place) else { return OnHand::Untold };
        let last = |row: &Told| row.until.map_or(row.day, |until| until.min(today));
        let Some(day) = rows.iter().map(|row| last(row)).max() else { return OnHand::Untold };
        let of_day: Vec<&&Told> = rows.iter().filter(|row| last(row) == day).collect();
        // What was counted on the day says more than what lasted until then.
        let counted: Vec<&&&Told> = of_day.iter().filter(|row| row.until.is_none()).collect();
        if counted.is_empty() {
            return if day < today { OnHand::CameBack(day) } else { OnHand::Counted(Quantity::ZERO, day) };
        }
        let mut sum = 0_i128;
        for row in counted {
            match (row.quantity, row.is_out) {
                (Some(quantity), _) if quantity == 0 || is_unit(row.unit.as_deref(), unit) => {
                    sum += i128::from(quantity)
                }
                (Some(_), _) => return OnHand::OtherUnit(day),
                (None, true) if row.days_out.is_some() && day < today => return OnHand::CameBack(day),
                (None, true) if today.epoch_days() - day.epoch_days() >= i32::from(blocks.days()) => {
                    return OnHand::CameBack(day);
                }
                (None, true) => {}
                (None, false) => return OnHand::There(day),
            }
        }
        OnHand::Counted(Quantity::from_units(sum.max(0)), day)
    }
}

/// A count that names no unit is in the one that goods are sold in.
fn is_unit(told: Option<&str>, sold: Option<&str>) -> bool {
    let plain = |unit: &str| unit.trim().to_lowercase();
    told.is_none_or(|told| sold.is_some_and(|sold| plain(told) == plain(sold)))
}

/// The days that a row says it was out. Days without a last one end with the row's day, but begin no earlier than its month: a month's
/// count may be told on its first day as well as on its last.
fn days_out(row: &Told) -> Option<(i32, i32)> {
    if !row.is_out && row.days_out.is_none_or(|days| days == 0) {
        return None;
    }
    let day = row.day.epoch_days();
    if let Some(until) = row.until {
        return Some((day, until.epoch_days()));
    }
    let days = i32::from(row.days_out.unwrap_or(1).max(1));
    let first = (day - days + 1).max(row.day.month().first_day().epoch_days());
    Some((first, first + days - 1))
}

/// The same days in spans that do not meet, without those of what was given up.
fn disjoint(mut spans: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    spans.sort_unstable();
    let mut found: Vec<(i32, i32)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match found.last_mut() {
            Some((_, last)) if from <= *last + 1 => *last = to.max(*last),
            _ => found.push((from, to)),
        }
    }
    found.retain(|(from, to)| to - from < GIVEN_UP);
    found
}
