//! Is there a trend at all? The test of Mann and Kendall.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::{check, slope::median_slope};
use crate::{Result, ranks::ranks, season::autocorrelations};

/// How the test takes it that neighbours are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Autocorrelation {
    /// Observations are independent.
    None,
    /// The variance is corrected by the autocorrelations of ranks that chance does not explain.
    HamedRao,
}

/// The result of the test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MannKendall {
    /// How neighbours were taken.
    pub autocorrelation: Autocorrelation,
    /// Pairs that rise less pairs that fall.
    pub s: i64,
    /// Variance of S without a trend.
    pub variance: f64,
    /// S, drawn one step towards 0, in standard deviations.
    pub z: f64,
    /// Two-sided p-value, 0 to 1.
    pub p: f64,
    /// Observations.
    pub n: usize,
}

/// Tests for a trend: Var S = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 over groups of t equal values, z = (S ∓ 1) / √Var.
///
/// Sources: Mann (1945), *Econometrica* 13, 245–259; Kendall (1975), *Rank Correlation Methods*; the correction: Hamed & Rao
/// (1998), *J. Hydrology* 204, 182–196, eq. 8.
///
/// # Errors
/// [`Error::NotEnough`](crate::Error::NotEnough) for fewer than 4 observations, [`Error::NotFinite`](crate::Error::NotFinite),
/// [`Error::Constant`](crate::Error::Constant), [`Error::OutOfRange`](crate::Error::OutOfRange) for more than 5,000.
///
/// ```
/// use takar_stats::trend::{Autocorrelation, mann_kendall};
/// let test = mann_kendall(&[1.0, 3.0, 2.0, 5.0, 4.0, 7.0], Autocorrelation::None)?;
/// assert_eq!(test.s, 11);
/// assert!(test.p < 0.07);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn mann_kendall(values: &[f64], autocorrelation: Autocorrelation) -> Result<MannKendall> {
    check("a trend", values, 4)?;
    let n = values.len() as f64;
    let mut s = 0_i64;
    for (place, value) in values.iter().enumerate() {
        for after in &values[place + 1..] {
            s += i64::from(after > value) - i64::from(after < value);
        }
    }
    let ties = tie_correction(values);
    let independent = (n * (n - 1.0) * (2.0 * n + 5.0) - ties) / 18.0;
    if independent <= 0.0 {
        return Err(crate::Error::Constant { method: "a trend", what: "a series" });
    }
    let correction = match autocorrelation {
        Autocorrelation::None => 1.0,
        Autocorrelation::HamedRao => hamed_rao(values)?,
    };
    let variance = independent * correction;
    let z = (s - s.signum()) as f64 / variance.sqrt();
    let p = (2.0 * Normal::standard().sf(z.abs())).min(1.0);
    Ok(MannKendall { autocorrelation, s, variance, z, p, n: values.len() })
}

/// Σ t(t−1)(2t+5) over groups of t equal values.
fn tie_correction(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let term = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
    sorted.chunk_by(|one, other| one == other).map(|equal| term(equal.len() as f64)).sum()
}

/// n ∕ n*: 1 + 2 / (n(n−1)(n−2)) · Σ (n−i)(n−i−1)(n−i−2) ρᵢ over the lags whose rank autocorrelation, after the median slope
/// is taken off, lies beyond ±1.96/√n. Not below what n independent observations in blocks of n/4 would leave.
fn hamed_rao(values: &[f64]) -> Result<f64> {
    let n = values.len() as f64;
    let slope = median_slope(values)?;
    let level: Vec<f64> = values.iter().enumerate().map(|(t, value)| value - slope * (t + 1) as f64).collect();
    let lags = autocorrelations(&ranks(&level).values, values.len() - 1);
    let bound = 1.959_963_984_540_054 / n.sqrt();
    let weighted = (1..).zip(&lags).filter(|(_, r)| r.abs() > bound).map(|(lag, r)| {
        let left = n - f64::from(lag);
        left * (left - 1.0) * (left - 2.0) * r
    });
    let correction = 1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * weighted.sum::<f64>();
    // Many negative autocorrelations could make it 0 or less, which no variance is.
    Ok(correction.max(0.25))
}
