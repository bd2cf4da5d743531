//! Numbers the keys of cells: every combination of the members that a question tells apart.

use std::ops::Range;

use rustc_hash::FxHashMap;
use takar_model::Period;

use super::{Cells, Dimension, NONE, Names, Query, filter::Mask};
use crate::InsightError;

/// No group: the filter left the cell out.
pub(super) const OUT: u32 = u32::MAX;

/// Up to so many combinations are numbered directly, without looking which occur.
const DIRECT: u64 = 1 << 16;

/// How the key of a cell is made: the rank of each member in the order of ids, the first dimension weighing most.
///
/// Because ranks are in the order of ids, "the lower id" is the lower key.
pub(super) struct Keyer<'names> {
    names: &'names Names,
    /// The dimensions of the answer, then those that only the filter looks at (so that what an account is
    /// attributed to lies wholly inside or outside the filter).
    dimensions: Vec<Dimension>,
    /// How many of them the answer shows.
    shown: usize,
    /// By dimension: what one rank weighs; and by how much a shown key was multiplied.
    strides: Vec<u64>,
    radix: u64,
    hidden_radix: u64,
    mask: Option<Mask>,
    months: bool,
}

/// The rows of a window as numbered groups, lowest key first.
pub(super) struct Groups {
    /// The shown key of each group of the answer, ascending.
    pub shown: Vec<u64>,
    /// The group of the answer that each attribution key belongs to, [`OUT`] where the filter says no.
    pub group_of: Vec<u32>,
    /// By row of each span: its attribution key, numbered.
    pub rows: Vec<Vec<u32>>,
}

/// Rows of cells in one window.
pub(super) struct Span<'cells> {
    pub cells: &'cells Cells,
    pub rows: Range<usize>,
    pub period: Period,
    /// How many months it lies before the window that it is compared with.
    pub shift: i32,
}

impl<'names> Keyer<'names> {
    pub fn new(query: &Query, names: &'names Names) -> Result<Self, InsightError> {
        let mut dimensions: Vec<Dimension> =
            query.by.iter().copied().filter(|dimension| !dimension.is_time()).collect();
        let shown = dimensions.len();
        let filtered = query.filter.as_ref().map(super::Filter::dimensions).unwrap_or_default();
        let extra = filtered.iter().copied().filter(|dimension| !dimension.is_time() && !query.by.contains(dimension));
        dimensions.extend(extra);
        let mut strides = vec![0; dimensions.len()];
        let (mut radix, mut hidden_radix) = (1_u64, 1_u64);
        for (place, dimension) in dimensions.iter().enumerate().rev() {
            strides[place] = radix;
            let members = names.labels(*dimension).map_or(0, |labels| labels.len() as u64);
            radix = radix.checked_mul(members + 1).ok_or(InsightError::TooFine)?;
            if place >= shown {
                hidden_radix = radix;
            }
        }
        let mask = query.filter.as_ref().map(|filter| Mask::new(filter, names));
        let months = filtered.iter().any(|dimension| dimension.is_time());
        Ok(Self { names, dimensions, shown, strides, radix, hidden_radix, mask, months })
    }

    /// Numbers the rows of some spans alike, and the shown keys `wanted` whether they occur or not. The first span is the window; where the filter looks at the
    /// calendar, the rows of the others answer for the month of the window that they are compared with.
    pub fn group(&self, spans: &[Span], wanted: &[u64]) -> Result<Groups, InsightError> {
        let start = spans.first().map_or(0, |span| span.period.from().month().index());
        let end = spans.first().map_or(0, |span| span.period.to().month().index());
        let months = if self.months { (end - start + 1).max(1) as u64 } else { 1 };
        let radix = self.radix.checked_mul(months).ok_or(InsightError::TooFine)?;
        let raw: Vec<Vec<u64>> = spans
            .iter()
            .map(|span| {
                let mut keys = self.row_keys(span);
                if self.months {
                    for (key, month) in keys.iter_mut().zip(&span.cells.month[span.rows.clone()]) {
                        let offset = (month + span.shift - start).clamp(0, end - start) as u64;
                        *key = *key * months + offset;
                    }
                }
                keys
            })
            .collect();

        // Attribution keys that occur, numbered in their own order.
        let (keys, rows): (Vec<u64>, Vec<Vec<u32>>) = if radix <= DIRECT {
            let rows = raw.into_iter().map(|keys| keys.into_iter().map(|key| key as u32).collect()).collect();
            ((0..radix).collect(), rows)
        } else {
            let mut keys: Vec<u64> =
                raw.iter().flatten().copied().collect::<rustc_hash::FxHashSet<u64>>().into_iter().collect();
            keys.sort_unstable();
            let numbers: FxHashMap<u64, u32> = keys.iter().zip(0..).map(|(&key, number)| (key, number)).collect();
            let rows = raw.iter().map(|span| span.iter().map(|key| numbers[key]).collect()).collect();
            (keys, rows)
        };
        let hidden = self.hidden_radix * months;
        let mut shown: Vec<u64> = keys.iter().map(|key| key / hidden).collect();
        shown.extend(wanted);
        shown.sort_unstable();
        shown.dedup();
        let passes = |key: u64| {
            let month = start + (key % months) as i32;
            let code = |dimension| self.code(key / months, dimension);
            self.mask.as_ref().is_none_or(|mask| mask.holds(&code, month) == Some(true))
        };
        let mut group = 0;
        let group_of = keys
            .iter()
            .map(|&key| {
                while shown[group as usize] != key / hidden {
                    group += 1;
                }
                if passes(key) { group } else { OUT }
            })
            .collect();
        Ok(Groups { shown, group_of, rows })
    }

    /// The combined rank of each row of a span.
    fn row_keys(&self, span: &Span) -> Vec<u64> {
        let mut keys = vec![0_u64; span.rows.len()];
        for (&dimension, &stride) in self.dimensions.iter().zip(&self.strides) {
            let Some(labels) = self.names.labels(dimension) else { continue };
            let codes = if dimension == Dimension::Supervisor {
                span.cells.codes(Dimension::Manager)
            } else {
                span.cells.codes(dimension)
            };
            for (key, &code) in keys.iter_mut().zip(&codes[span.rows.clone()]) {
                let code = if dimension == Dimension::Supervisor { self.names.supervisor_of(code) } else { code };
                *key += u64::from(labels.rank(code)) * stride;
            }
        }
        keys
    }

    /// The code of a dimension in an attribution key.
    fn code(&self, key: u64, dimension: Dimension) -> u32 {
        let Some(place) = self.dimensions.iter().position(|&other| other == dimension) else { return NONE };
        let Some(labels) = self.names.labels(dimension) else { return NONE };
        let members = labels.len() as u64 + 1;
        labels.at_rank((key / self.strides[place] % members) as u32)
    }

    /// The codes of a shown key, in the order of the answer's dimensions (without months, quarters, years).
    pub fn codes(&self, shown: u64) -> Vec<u32> {
        let key = shown * self.hidden_radix;
        self.dimensions[..self.shown].iter().map(|&dimension| self.code(key, dimension)).collect()
    }

    /// The shown key of members, where the answer has exactly these dimensions.
    pub fn shown_key(&self, code: impl Fn(Dimension) -> u32) -> u64 {
        let shown = self.dimensions[..self.shown].iter().zip(&self.strides);
        let weigh = |(&dimension, &stride): (&Dimension, &u64)| {
            let rank = self.names.labels(dimension).map_or(0, |labels| labels.rank(code(dimension)));
            u64::from(rank) * (stride / self.hidden_radix)
        };
        shown.map(weigh).sum()
    }

    /// The filter holds for these members in this month.
    pub fn passes(&self, code: &impl Fn(Dimension) -> u32, month: i32) -> bool {
        self.mask.as_ref().is_none_or(|mask| mask.holds(code, month) == Some(true))
    }

    /// The dimensions that the answer shows and the filter looks at.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }
}
