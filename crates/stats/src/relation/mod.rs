//! What moves together: rank correlation of changes, judged over all pairs at once.

#[cfg(test)]
mod tests;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::{
    Error, Estimate, Interval, Level, Result,
    error::{at_least, finite},
    multiple::{ErrorRate, benjamini_hochberg},
    ranks::ranks,
};

/// Observations below which ranks say too little.
const FEWEST: usize = 8;

/// Spearman's rank correlation of two series, −1 to 1, and the chance of one as strong without a relation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spearman {
    /// ρ with its interval by Fisher's transformation (variance 1.06 / (n − 3)) and n.
    pub rho: Estimate,
    /// Two-sided p-value by Student's t with n − 2 degrees of freedom, 0 to 1.
    pub p: f64,
}

/// Rank correlation of two series of the same length. Take trend and season out first: two series that both rise look
/// related.
///
/// Sources: Spearman (1904), *Am. J. Psychol.* 15, 72–101; interval: Fieller, Hartley & Pearson (1957), *Biometrika* 44,
/// 470–481.
///
/// # Errors
/// [`Error::Unequal`], [`Error::NotEnough`] for fewer than 8 observations, [`Error::NotFinite`], [`Error::Constant`].
///
/// ```
/// use takar_stats::{Level, relation::spearman};
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
/// let y = [1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 64.0, 49.0];
/// assert!((spearman(&x, &y, Level::P95)?.rho.value - 0.9762).abs() < 1e-4);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn spearman(x: &[f64], y: &[f64], level: Level) -> Result<Spearman> {
    const METHOD: &str = "a relation";
    if x.len() != y.len() {
        return Err(Error::Unequal { what: "series", left: x.len(), right: y.len() });
    }
    at_least(METHOD, "observations", FEWEST, x.len())?;
    finite("observation", x)?;
    finite("observation", y)?;
    let (one, other) = (ranks(x).values, ranks(y).values);
    let n = x.len() as f64;
    let mean = (n + 1.0) / 2.0;
    let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let spread = (sum(&one, &one) * sum(&other, &other)).sqrt();
    if spread <= 0.0 {
        return Err(Error::Constant { method: METHOD, what: "a series" });
    }
    let rho = (sum(&one, &other) / spread).clamp(-1.0, 1.0);
    let p = if rho.abs() >= 1.0 {
        0.0
    } else {
        let t = rho * ((n - 2.0) / (1.0 - rho * rho)).sqrt();
        StudentsT::new(0.0, 1.0, n - 2.0).map_or(1.0, |student| (2.0 * student.sf(t.abs())).min(1.0))
    };
    let reach = Normal::standard().inverse_cdf(1.0 - level.tail()) * (1.06 / (n - 3.0)).sqrt();
    // A perfect order has no finite transform.
    let centre = rho.clamp(-0.999_999, 0.999_999).atanh();
    let interval = Interval { low: (centre - reach).tanh().min(rho), high: (centre + reach).tanh().max(rho), level };
    Ok(Spearman { rho: Estimate { value: rho, interval, n: x.len() }, p })
}

/// Two series that were held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Relation {
    /// Place of the one.
    pub one: usize,
    /// Place of the other, after it.
    pub other: usize,
    /// Their correlation.
    pub spearman: Spearman,
    /// Its p-value adjusted for how many pairs were looked at.
    pub adjusted: f64,
    /// Whether they move together: strong enough, and below the rate of false discoveries.
    pub moves_together: bool,
}

/// All pairs of series held against each other, the strongest first; pairs that cannot be judged are left out.
///
/// A pair moves together where |ρ| is at least `least` and Benjamini and Hochberg reject chance at `rate`. That is no cause.
///
/// # Errors
/// [`Error::OutOfRange`] for a `least` outside 0 to 1.
pub fn relations(series: &[Vec<f64>], least: f64, rate: ErrorRate, level: Level) -> Result<Vec<Relation>> {
    if !(0.0..=1.0).contains(&least) {
        return Err(Error::OutOfRange { what: "least correlation", index: 0, value: least, range: "0 to 1" });
    }
    let pairs = (0..series.len()).flat_map(|one| (one + 1..series.len()).map(move |other| (one, other)));
    let judged: Vec<(usize, usize, Spearman)> = pairs
        .filter_map(|(one, other)| Some((one, other, spearman(&series[one], &series[other], level).ok()?)))
        .collect();
    let p_values: Vec<f64> = judged.iter().map(|(.., spearman)| spearman.p).collect();
    let rejections = benjamini_hochberg(&p_values, rate)?;
    let mut found: Vec<Relation> = judged
        .into_iter()
        .enumerate()
        .map(|(place, (one, other, spearman))| Relation {
            one,
            other,
            spearman,
            adjusted: rejections.adjusted[place],
            moves_together: rejections.rejected[place] && spearman.rho.value.abs() >= least,
        })
        .collect();
    let strength = |relation: &Relation| relation.spearman.rho.value.abs();
    found.sort_by(|one, other| {
        strength(other).total_cmp(&strength(one)).then((one.one, one.other).cmp(&(other.one, other.other)))
    });
    Ok(found)
}

/// The change from each observation to the next, so that a common trend is no relation.
pub fn changes(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] - pair[0]).collect()
}
