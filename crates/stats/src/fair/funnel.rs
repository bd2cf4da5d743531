//! Funnel plots: who lies further out than chance explains.

use serde::Serialize;

use crate::{
    Error, Level, Result,
    error::{at_least, finite},
    normal::reach,
    standing::Measured,
};

/// Where a value lies in the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelPlace {
    /// Above the 99.8 % limit.
    FarAbove,
    /// Above the 95 % limit.
    Above,
    /// Within the 95 % limits: no further out than chance explains.
    Within,
    /// Below the 95 % limit.
    Below,
    /// Below the 99.8 % limit.
    FarBelow,
}

/// The limits: `centre` ± `inner` or `outer` × the standard error of a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// Where a value lies that differs from the others by chance only.
    pub centre: f64,
    /// Standard errors to the 95 % limit, the overdispersion counted.
    pub inner: f64,
    /// Standard errors to the 99.8 % limit, the overdispersion counted.
    pub outer: f64,
    /// How much further values scatter than their standard errors say, as a ratio of variances, 1 or more.
    pub dispersion: f64,
    /// The place of each value, in the order given.
    pub places: Vec<FunnelPlace>,
    /// How many values.
    pub n: usize,
}

/// The share of values that is winsorised on each side before the dispersion is measured.
const WINSORISED: f64 = 0.1;

/// The funnel of values around `centre`, with 95 % and 99.8 % limits.
///
/// If values scatter more than their standard errors explain, the limits are widened by √φ: φ = Σz²/n with the z-scores
/// winsorised at 10 % on each side; it counts only where it is above 1 + 2·√(2/n).
/// Source: Spiegelhalter (2005), *Statist. Med.* 24, 1185–1202, sections 3 and A.4; *Qual. Saf. Health Care* 14, 347–351.
///
/// # Errors
/// [`Error::NotEnough`] without a value, [`Error::NotFinite`], [`Error::OutOfRange`] for a standard error of 0 or less.
///
/// ```
/// use takar_stats::{fair::{FunnelPlace, funnel}, standing::Measured};
/// let value = |value| Measured { value, error: 0.1 };
/// let all = funnel(&[value(0.05), value(-0.1), value(0.0), value(0.25), value(-0.02)], 0.0)?;
/// assert_eq!((all.dispersion, all.places[3]), (1.0, FunnelPlace::Above));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn funnel(values: &[Measured], centre: f64) -> Result<Funnel> {
    let n = values.len();
    at_least("a funnel", "values", 1, n)?;
    finite("centre", &[centre])?;
    finite("value", &values.iter().map(|one| one.value).collect::<Vec<_>>())?;
    finite("standard error", &values.iter().map(|one| one.error).collect::<Vec<_>>())?;
    if let Some(index) = values.iter().position(|one| one.error <= 0.0) {
        let value = values[index].error;
        return Err(Error::OutOfRange { what: "standard error", index, value, range: "above 0" });
    }
    let scores: Vec<f64> = values.iter().map(|one| (one.value - centre) / one.error).collect();
    let mut sorted = scores.clone();
    sorted.sort_by(f64::total_cmp);
    let cut = (WINSORISED * n as f64).floor() as usize;
    let (low, high) = (sorted[cut], sorted[n - 1 - cut]);
    let mean_square = scores.iter().map(|score| score.clamp(low, high).powi(2)).sum::<f64>() / n as f64;
    let dispersion = if mean_square > 1.0 + 2.0 * (2.0 / n as f64).sqrt() { mean_square } else { 1.0 };
    let (inner, outer) = (reach(Level::P95) * dispersion.sqrt(), reach(Level::P998) * dispersion.sqrt());
    let place = |score: &f64| match *score {
        score if score > outer => FunnelPlace::FarAbove,
        score if score > inner => FunnelPlace::Above,
        score if score < -outer => FunnelPlace::FarBelow,
        score if score < -inner => FunnelPlace::Below,
        _ => FunnelPlace::Within,
    };
    Ok(Funnel { centre, inner, outer, dispersion, places: scores.iter().map(place).collect(), n })
}
