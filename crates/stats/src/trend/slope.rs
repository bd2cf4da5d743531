//! How steep? The median slope of Theil and Sen.

use statrs::distribution::{ContinuousCDF, Normal};

use super::check;
use crate::{Estimate, Interval, Level, Result};

/// The median of the slopes of all pairs, per step, with the rank interval of Sen.
///
/// Up to 29 % of the observations may be wild without moving it far. Sources: Theil (1950), *Proc. Kon. Ned. Akad. v.
/// Wetensch. A* 53; Sen (1968), *JASA* 63, 1379–1389, sec. 6.
///
/// # Errors
/// [`Error::NotEnough`](crate::Error::NotEnough) for fewer than 4 observations, [`Error::NotFinite`](crate::Error::NotFinite),
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for more than 5,000.
///
/// ```
/// use takar_stats::{Level, trend::theil_sen};
/// let slope = theil_sen(&[1.0, 3.0, 5.0, 100.0, 9.0, 11.0, 13.0], Level::P95)?;
/// assert_eq!(slope.value, 2.0);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn theil_sen(values: &[f64], level: Level) -> Result<Estimate> {
    check("a slope", values, 4)?;
    let slopes = sorted_slopes(values);
    let n = values.len() as f64;
    let z = Normal::standard().inverse_cdf(1.0 - level.tail());
    let reach = z * (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
    let pairs = slopes.len() as f64;
    let last = slopes.len() - 1;
    let low = (((pairs - reach) / 2.0).round() - 1.0).max(0.0) as usize;
    let high = (((pairs + reach) / 2.0).round() as usize).min(last);
    let value = median_of_sorted(&slopes);
    let interval = Interval { low: slopes[low.min(last)].min(value), high: slopes[high].max(value), level };
    Ok(Estimate { value, interval, n: values.len() })
}

/// The median slope alone.
pub(super) fn median_slope(values: &[f64]) -> Result<f64> {
    check("a slope", values, 2)?;
    Ok(median_of_sorted(&sorted_slopes(values)))
}

fn sorted_slopes(values: &[f64]) -> Vec<f64> {
    let mut slopes = Vec::with_capacity(values.len() * (values.len() - 1) / 2);
    for (place, value) in values.iter().enumerate() {
        slopes.extend((1..).zip(&values[place + 1..]).map(|(steps, after)| (after - value) / f64::from(steps)));
    }
    slopes.sort_unstable_by(f64::total_cmp);
    slopes
}

/// The median of numbers in order; 0 of none.
pub(super) fn median_of_sorted(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => 0.0,
        n if n.is_multiple_of(2) => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
        n => sorted[n / 2],
    }
}

/// The median of numbers in any order.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    median_of_sorted(&sorted)
}
