//! Windows: which days each row of the answer looks at, and what it is compared with.

use takar_model::{Compare, Day, Month, Period};

use super::{Dimension, Query};

/// A window with the windows that its KPIs compare it with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    /// The days.
    pub window: Period,
    /// The base of account KPIs: `None` where it starts before the data.
    pub base: Option<Period>,
    /// The preceding window, likewise.
    pub prior: Option<Period>,
    /// The window a year earlier, likewise.
    pub year: Option<Period>,
}

/// Every frame of a query and, with `--compare`, the frame of each one's base window.
pub(crate) struct Frames {
    /// What the answer calls its period.
    pub period: Period,
    /// One per row of time, ascending.
    pub frames: Vec<Frame>,
    /// By place in `frames`: the frame of the base window, where there is one and it is asked for.
    pub bases: Vec<Option<Frame>>,
}

impl Frames {
    /// The frames of a query over data of this extent.
    pub fn of(query: &Query, extent: Period) -> Self {
        let kind = query.compare.unwrap_or(Compare::Prior);
        let frames: Vec<Frame> = windows(query, extent).into_iter().map(|window| frame(window, kind, extent)).collect();
        let base_of = |frame: &Frame| {
            let compare = query.compare?;
            // Nominally a whole month stays one, so that a running month's base compares equal days as well.
            frame.base.map(|base| {
                if is_cut(frame.window, extent) {
                    cut_frame(base, compare, extent)
                } else {
                    self::frame(base, compare, extent)
                }
            })
        };
        let bases = frames.iter().map(base_of).collect();
        Self { period: query.period.unwrap_or(extent), frames, bases }
    }

    /// The base window of the answer, where it has one window.
    pub fn base(&self, query: &Query) -> Option<Period> {
        match (self.frames.as_slice(), query.compare) {
            ([frame], Some(_)) => frame.base,
            _ => None,
        }
    }
}

/// The windows: the period, or its months, quarters or years, cut to it.
fn windows(query: &Query, extent: Period) -> Vec<Period> {
    let has = |dimension| query.by.contains(&dimension);
    let months = match (has(Dimension::Month), has(Dimension::Quarter), has(Dimension::Year)) {
        (true, _, _) => 1,
        (_, true, _) => 3,
        (_, _, true) => 12,
        _ => return vec![query.period.unwrap_or(extent)],
    };
    let period = query.period.unwrap_or(extent);
    let (first, last) = (period.from().month().index(), period.to().month().index());
    let start = first.div_euclid(months);
    let buckets = (start..=last.div_euclid(months)).filter_map(|bucket| {
        let first = Month::from_index(bucket * months);
        let whole = Period::months(first, first.plus(months - 1))?;
        // All the data: the first and the last month are whole months that happen to have no more lines.
        if query.period.is_none() {
            return Some(whole);
        }
        Period::new(whole.from().max(period.from()), whole.to().min(period.to()))
    });
    // A period far wider than the data has rows only where there can be lines.
    let touches = |window: &Period| window.from() <= extent.to() && window.to() >= extent.from();
    buckets.filter(touches).collect()
}

fn frame(window: Period, base: Compare, extent: Period) -> Frame {
    let known = |compare| Some(window.base_to_date(compare, extent.to())).filter(|base| base.from() >= extent.from());
    Frame { window, base: known(base), prior: known(Compare::Prior), year: known(Compare::Year) }
}

/// The frame of a month that is cut to as many days as a running month has.
fn cut_frame(window: Period, base: Compare, extent: Period) -> Frame {
    let month = Period::month(window.from().month());
    let known = |compare| Some(month.base_to_date(compare, window.to())).filter(|base| base.from() >= extent.from());
    Frame { window, base: known(base), prior: known(Compare::Prior), year: known(Compare::Year) }
}

/// The window is the running month: a whole month in which the data ends.
fn is_cut(window: Period, extent: Period) -> bool {
    let last: Day = extent.to();
    window.contains(last) && last != window.to() && window == Period::month(window.from().month())
}
