//! Which observations stand out from what is usual around them?

use serde::Serialize;

use super::{check, slope::median};
use crate::Result;

/// An observation that stands out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Outlier {
    /// Its place.
    pub at: usize,
    /// Its value.
    pub value: f64,
    /// What was usual there.
    pub usual: f64,
    /// Its distance from that in robust standard deviations, with sign.
    pub score: f64,
}

/// Neighbours on each side that say what is usual.
const REACH: usize = 3;

/// Observations further than `limit` robust standard deviations (1.4826 · MAD) from the median of their seven neighbours;
/// 3.5 is usual. A trend or a break of the level is not called an outlier. Take the season out first.
///
/// Source: Iglewicz & Hoaglin (1993), *How to Detect and Handle Outliers*, for the limit.
///
/// # Errors
/// [`Error::NotEnough`](crate::Error::NotEnough) for fewer than 8 observations, [`Error::NotFinite`](crate::Error::NotFinite),
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for more than 5,000.
///
/// ```
/// use takar_stats::trend::outliers;
/// let values = [10.0, 11.0, 10.0, 12.0, 11.0, 30.0, 11.0, 10.0, 12.0, 11.0];
/// let found = outliers(&values, 3.5)?;
/// assert_eq!((found.len(), found[0].at, found[0].usual), (1, 5, 11.0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn outliers(values: &[f64], limit: f64) -> Result<Vec<Outlier>> {
    check("outliers", values, 8)?;
    let usual = |at: usize| {
        let from = at.saturating_sub(REACH).min(values.len() - 2 * REACH - 1);
        median(&values[from..from + 2 * REACH + 1])
    };
    let usual: Vec<f64> = (0..values.len()).map(usual).collect();
    let distances: Vec<f64> = values.iter().zip(&usual).map(|(value, usual)| value - usual).collect();
    let sizes: Vec<f64> = distances.iter().map(|distance| distance.abs()).collect();
    let sigma = 1.4826 * median(&sizes);
    let scored = |(at, distance): (usize, &f64)| {
        // Where more than half lie exactly at the usual there is no scale to judge by.
        let score = if sigma > 0.0 { distance / sigma } else { 0.0 };
        (score.abs() > limit).then(|| Outlier { at, value: values[at], usual: usual[at], score })
    };
    Ok(distances.iter().enumerate().filter_map(scored).collect())
}
