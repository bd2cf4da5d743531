//! Many tests at once: which rejections stand when hundreds of p-values are looked at together.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{Error, Result};

/// The share of errors one accepts: of false discoveries among all rejections, or of families with any false rejection.
///
/// ```
/// use takar_stats::multiple::ErrorRate;
///
/// assert_eq!(ErrorRate::new(0.05)?, ErrorRate::P05);
/// assert!(ErrorRate::new(1.0).is_err());
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
pub struct ErrorRate(f64);

impl ErrorRate {
    /// 5 %.
    pub const P05: Self = Self(0.05);

    /// A rate strictly between 0 and 1.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] otherwise.
    pub fn new(share: f64) -> Result<Self> {
        if share > 0.0 && share < 1.0 {
            Ok(Self(share))
        } else {
            Err(Error::OutOfRange { what: "error rate", index: 0, value: share, range: "between 0 and 1" })
        }
    }

    /// The rate as a share of 1.
    pub const fn share(self) -> f64 {
        self.0
    }
}

/// Which of many hypotheses are rejected together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rejections {
    /// The error rate they were judged at.
    pub rate: ErrorRate,
    /// For each p-value, in the order given, whether it is rejected.
    pub rejected: Vec<bool>,
    /// For each p-value, in the order given, the adjusted p-value: the smallest rate at which it would be rejected, 0 to 1.
    pub adjusted: Vec<f64>,
}

impl Rejections {
    /// How many are rejected.
    pub fn count(&self) -> usize {
        self.rejected.iter().filter(|&&rejected| rejected).count()
    }
}

/// Rejects as many as possible while the expected share of false ones among the rejected stays at most `rate`.
///
/// The i-th smallest of m p-values is compared with i/m · `rate`; the largest i that holds is rejected with all smaller
/// ones. Valid for independent and for positively dependent tests. Empty in, empty out.
/// Source: Benjamini & Hochberg (1995), *J. R. Statist. Soc. B* 57, 289–300, eq. 1.
///
/// # Errors
/// [`Error::NotFinite`] or [`Error::OutOfRange`] for a p-value that is not in 0..=1.
///
/// ```
/// use takar_stats::multiple::{ErrorRate, benjamini_hochberg};
///
/// let judged = benjamini_hochberg(&[0.20, 0.001, 0.02], ErrorRate::P05)?;
/// assert_eq!(judged.rejected, [false, true, true]);
/// assert!((judged.adjusted[2] - 0.03).abs() < 1e-12);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn benjamini_hochberg(p_values: &[f64], rate: ErrorRate) -> Result<Rejections> {
    check(p_values)?;
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let tests = p_values.len() as f64;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest_above = 1.0_f64;
    for (place, &at) in order.iter().enumerate().rev() {
        let rank = (place + 1) as f64;
        smallest_above = smallest_above.min(p_values[at] * tests / rank);
        adjusted[at] = smallest_above;
    }
    Ok(judge(adjusted, rate))
}

/// Rejects so that the chance of any false rejection at all stays at most `rate`: each p-value is multiplied by their
/// number (Bonferroni).
///
/// # Errors
/// As [`benjamini_hochberg`].
///
/// ```
/// use takar_stats::multiple::{ErrorRate, bonferroni};
///
/// assert_eq!(bonferroni(&[0.20, 0.001, 0.02], ErrorRate::P05)?.rejected, [false, true, false]);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn bonferroni(p_values: &[f64], rate: ErrorRate) -> Result<Rejections> {
    check(p_values)?;
    let tests = p_values.len() as f64;
    Ok(judge(p_values.iter().map(|p| (p * tests).min(1.0)).collect(), rate))
}

fn judge(adjusted: Vec<f64>, rate: ErrorRate) -> Rejections {
    let rejected = adjusted.iter().map(|&p| p <= rate.0).collect();
    Rejections { rate, rejected, adjusted }
}

fn check(p_values: &[f64]) -> Result<()> {
    crate::error::finite("p-value", p_values)?;
    match p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        Some(index) => Err(Error::OutOfRange { what: "p-value", index, value: p_values[index], range: "0 to 1" }),
        None => Ok(()),
    }
}
