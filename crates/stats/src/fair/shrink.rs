//! Uncertain values drawn towards the middle.

use serde::Serialize;

use crate::{
    Error, Interval, Level, Result,
    error::{at_least, finite},
    mixed::smallest,
    normal::reach,
    standing::Measured,
};

/// A value after it was drawn towards the middle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shrunken {
    /// μ + B·(value − μ).
    pub value: f64,
    /// How much of the value's own distance is kept: B = τ²/(τ² + s²), 0 to 1.
    pub kept: f64,
    /// The standard error, which counts that μ and τ² are estimated.
    pub error: f64,
    /// value ± z·error.
    pub interval: Interval,
}

/// Values drawn towards their middle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShrunkenAll {
    /// The middle μ.
    pub middle: f64,
    /// The variance τ² of the true values around it, 0 or more.
    pub between: f64,
    /// The values, in the order given.
    pub values: Vec<Shrunken>,
    /// How many values.
    pub n: usize,
}

/// Draws values with known standard errors towards their middle, the more the less exactly they are known
/// (empirical Bayes): B = τ²/(τ² + s²), with τ² by restricted maximum likelihood.
///
/// With few values τ² is found to be 0 too often; so the standard errors follow Morris, who lets B be at most
/// (n−3)/(n−1) sure and adds what is not known about τ².
/// Sources: DerSimonian & Laird (1986), *Control. Clin. Trials* 7, 177–188, with REML; Morris (1983), *JASA* 78, 47–55, equations
/// 5.1 to 5.5.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than 4 values, [`Error::NotFinite`], [`Error::OutOfRange`] for a standard error of 0 or less.
///
/// ```
/// use takar_stats::{Level, fair::shrink, standing::Measured};
/// let value = |value, error| Measured { value, error };
/// let all = shrink(&[value(0.9, 0.6), value(0.5, 0.1), value(-0.4, 0.1), value(-0.1, 0.1)], Level::P95)?;
/// assert!(all.values[0].value < all.values[1].value + 0.1); // little is known of the first: it moves most
/// assert!(all.values[1].kept > 0.9);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn shrink(values: &[Measured], level: Level) -> Result<ShrunkenAll> {
    let n = values.len();
    at_least("shrinkage", "values", 4, n)?;
    finite("value", &values.iter().map(|one| one.value).collect::<Vec<_>>())?;
    finite("standard error", &values.iter().map(|one| one.error).collect::<Vec<_>>())?;
    if let Some(index) = values.iter().position(|one| one.error <= 0.0) {
        let value = values[index].error;
        return Err(Error::OutOfRange { what: "standard error", index, value, range: "above 0" });
    }
    // In units of the mean variance, so that the search has one scale.
    let unit = values.iter().map(|one| one.error * one.error).sum::<f64>() / n as f64;
    let between = unit * smallest(|ratio| deviance(values, ratio * unit));
    let (middle, precision) = middle(values, between);
    let typical = n as f64 / values.iter().map(|one| 1.0 / (one.error * one.error + between)).sum::<f64>();
    let count = n as f64;
    let z = reach(level);
    let shrunken = |one: &Measured| {
        let variance = one.error * one.error;
        let away = one.value - middle;
        let sure = (count - 3.0) / (count - 1.0) * variance / (variance + between);
        let of_spread = 2.0 / (count - 3.0) * sure * sure * typical / (variance + between);
        let lost = variance / (variance + between);
        let posterior = variance * (1.0 - sure) + of_spread * away * away + lost * lost / precision;
        let (value, error) = (middle + (1.0 - lost) * away, posterior.max(0.0).sqrt());
        let interval = Interval { low: value - z * error, high: value + z * error, level };
        Shrunken { value, kept: 1.0 - lost, error, interval }
    };
    Ok(ShrunkenAll { middle, between, values: values.iter().map(shrunken).collect(), n })
}

/// The middle at a τ², and its precision.
fn middle(values: &[Measured], between: f64) -> (f64, f64) {
    let (mut sum, mut weights) = (0.0, 0.0);
    for one in values {
        let weight = 1.0 / (one.error * one.error + between);
        sum += weight * one.value;
        weights += weight;
    }
    (sum / weights, weights)
}

/// −2 times the restricted log-likelihood of τ², but for a constant.
fn deviance(values: &[Measured], between: f64) -> f64 {
    let (middle, precision) = middle(values, between);
    let each = values.iter().map(|one| {
        let variance = one.error * one.error + between;
        variance.ln() + (one.value - middle).powi(2) / variance
    });
    each.sum::<f64>() + precision.ln()
}
