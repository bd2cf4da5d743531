//! A share of cases, and promoters less detractors, with their intervals.

mod nps;
#[cfg(test)]
mod tests;

pub use nps::{Nps, nps};

use crate::{Error, Estimate, Interval, Level, Result, normal::reach};

/// The share `cases` / `of` with the score interval of Wilson (1927, "Probable inference, the law of succession, and
/// statistical inference", JASA 22).
///
/// With z the normal quantile of the level and p the share, the interval is
/// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). It stays within 0 and 1 and has a width even where the share is 0
/// or 1, unlike p ± z·√(p(1−p)/n), so it may be shown for any count. `n` of the estimate is `of`.
///
/// # Errors
/// [`Error::NotEnough`] where `of` is 0, [`Error::OutOfRange`] where `cases` is above `of`.
///
/// ```
/// use takar_stats::{Level, proportion::wilson};
/// let share = wilson(81, 263, Level::P95)?;
/// assert!((share.value - 0.3080).abs() < 1e-4);
/// assert!((share.interval.low - 0.2553).abs() < 1e-4);
/// assert!((share.interval.high - 0.3662).abs() < 1e-4);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn wilson(cases: u64, of: u64, level: Level) -> Result<Estimate> {
    let n_cases = usize::try_from(of).unwrap_or(usize::MAX);
    crate::error::at_least("a share", "cases", 1, n_cases)?;
    if cases > of {
        let range = "at most the count it is a share of";
        return Err(Error::OutOfRange { what: "count", index: 0, value: cases as f64, range });
    }
    let n = of as f64;
    let share = cases as f64 / n;
    Ok(Estimate { value: share, interval: around(share, n, level), n: n_cases })
}

/// Wilson's interval around a share that is as certain as one of `n` independent cases; `n` above 0 may be a fraction.
pub(crate) fn around(share: f64, n: f64, level: Level) -> Interval {
    let z = reach(level);
    let per_case = z * z / n;
    let centre = share + per_case / 2.0;
    let spread = z * (share * (1.0 - share) / n + per_case / (4.0 * n)).sqrt();
    // At no case and at every case the formula ends exactly at 0 and 1; rounding must not move it past the share.
    let low = ((centre - spread) / (1.0 + per_case)).clamp(0.0, share);
    let high = ((centre + spread) / (1.0 + per_case)).clamp(share, 1.0);
    Interval { low, high, level }
}
