//! Events per exposure, and events held against how many were expected.

#[cfg(test)]
mod tests;

use statrs::distribution::{ContinuousCDF, Gamma};

use crate::{Error, Estimate, Interval, Level, Result, normal::reach};

/// Above so many events the gamma quantile is that of Wilson and Hilferty, which by then differs by less than 1e-7 of it.
const MANY: f64 = 1e5;

/// `events` / `exposure` with the exact Poisson interval: visits a week, complaints per thousand orders; or, where the
/// exposure is the number expected, the ratio observed / expected.
///
/// The interval is [χ²(α/2; 2·events), χ²(1−α/2; 2·events+2)] / (2·exposure), which are gamma quantiles. It is exact for
/// independent events: it holds the truth at least as often as the level says. `n` is the count of events.
/// Source: Garwood (1936), "Fiducial limits for the Poisson distribution", *Biometrika* 28, 437–442.
///
/// # Errors
/// [`Error::OutOfRange`] for an exposure that is not a finite number above 0, or so small that the rate is not finite.
///
/// ```
/// use takar_stats::{Level, rate::rate};
/// let index = rate(20, 14.0, Level::P95)?; // 20 orders where 14 were expected
/// assert!((index.interval.low - 0.873).abs() < 5e-4 && (index.interval.high - 2.206).abs() < 5e-4);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn rate(events: u64, exposure: f64, level: Level) -> Result<Estimate> {
    let count = events as f64;
    let low = if events == 0 { 0.0 } else { gamma_quantile(count, level.tail(), -reach(level)) };
    let high = gamma_quantile(count + 1.0, 1.0 - level.tail(), reach(level));
    if !(exposure > 0.0 && exposure.is_finite() && (high / exposure).is_finite()) {
        return Err(Error::OutOfRange { what: "exposure", index: 0, value: exposure, range: "above 0" });
    }
    let value = count / exposure;
    let interval = Interval { low: (low / exposure).min(value), high: (high / exposure).max(value), level };
    Ok(Estimate { value, interval, n: usize::try_from(events).unwrap_or(usize::MAX) })
}

/// The quantile at `share` (whose normal quantile is `z`) of the gamma distribution of that shape and rate 1.
fn gamma_quantile(shape: f64, share: f64, z: f64) -> f64 {
    let exact = (shape <= MANY).then(|| Gamma::new(shape, 1.0).ok()).flatten();
    exact.map(|gamma| gamma.inverse_cdf(share)).filter(|quantile| quantile.is_finite()).unwrap_or_else(|| {
        let ninth = 1.0 / (9.0 * shape);
        shape * (1.0 - ninth + z * ninth.sqrt()).max(0.0).powi(3)
    })
}
