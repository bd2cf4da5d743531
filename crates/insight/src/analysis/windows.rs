//! The two windows of an analysis.

use takar_model::{Compare, Period};

use crate::{
    InsightError,
    metrics::{CellSource, base_window},
};

/// A window and what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Windows {
    /// Compared with.
    pub base: Period,
    /// The window itself.
    pub current: Period,
}

/// The windows that were asked for; without a window the last complete month of the data, without a base the one before
/// or a year earlier (METHODS §0).
///
/// # Errors
/// [`InsightError::NoData`] without lines; [`InsightError::NoBase`] where the base begins before the data and was not
/// named by the asker.
pub fn windows(
    source: &dyn CellSource,
    base: Option<Period>,
    current: Option<Period>,
    compare: Compare,
) -> Result<Windows, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let last_month = || source.last_complete_month().map(Period::month).filter(|month| extent.from() <= month.to());
    let current = current.or_else(last_month).unwrap_or(extent);
    let base = match base {
        Some(base) => base,
        None => base_window(current, compare, extent).ok_or(InsightError::NoBase { window: current })?,
    };
    Ok(Windows { base, current })
}

/// The windows of a drill-down: against a year ago where the data reach back so far, since a month sells like the same month
/// a year ago; else against the window before.
///
/// # Errors
/// As [`windows`].
pub fn miss_windows(
    source: &dyn CellSource,
    base: Option<Period>,
    current: Option<Period>,
    compare: Option<Compare>,
) -> Result<Windows, InsightError> {
    match compare {
        Some(compare) => windows(source, base, current, compare),
        None => {
            windows(source, base, current, Compare::Year).or_else(|_| windows(source, base, current, Compare::Prior))
        }
    }
}

/// The last twelve complete months, as far as the data go.
pub(crate) fn year_window(source: &dyn CellSource, extent: Period) -> Period {
    let Some(last) = source.last_complete_month().filter(|month| extent.from() <= month.last_day()) else {
        return extent;
    };
    let first = last.plus(-11).first_day().max(extent.from());
    Period::new(first, last.last_day()).unwrap_or(extent)
}
