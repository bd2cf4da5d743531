//! How well a score tells two kinds of accounts apart.

use crate::{
    Error,
    error::{Result, finite},
};

/// The area under the ROC curve: the probability that an account of the first kind (`dead` is true) has a higher score than
/// one of the second, equals counted half. 0.5 is guessing, 1 is perfect.
///
/// Source: the Mann–Whitney statistic; Hanley & McNeil (1982), *Radiology* 143.
///
/// # Errors
/// [`Error::Unequal`] where scores and kinds differ in number, [`Error::NotFinite`] for a score, [`Error::Constant`] where
/// there is one kind only.
///
/// ```
/// use takar_stats::alive::auc;
///
/// assert_eq!(auc(&[0.9, 0.8, 0.3, 0.8], &[true, true, false, false])?, 0.875);
/// assert!(auc(&[0.9, 0.8], &[true, true]).is_err());
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn auc(scores: &[f64], dead: &[bool]) -> Result<f64> {
    if scores.len() != dead.len() {
        return Err(Error::Unequal { what: "scores and kinds", left: scores.len(), right: dead.len() });
    }
    finite("score", scores)?;
    let positives = dead.iter().filter(|&&dead| dead).count() as f64;
    let negatives = scores.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return Err(Error::Constant { method: "the area under the curve", what: "a kind" });
    }
    let mut ascending: Vec<(f64, bool)> = scores.iter().copied().zip(dead.iter().copied()).collect();
    ascending.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut negatives_below = 0.0;
    let mut pairs = 0.0;
    // −0.0 and 0.0 are one score, as `==` has it.
    for equals in ascending.chunk_by(|left, right| left.0 == right.0) {
        let positives_here = equals.iter().filter(|(_, dead)| *dead).count() as f64;
        let negatives_here = equals.len() as f64 - positives_here;
        pairs += positives_here * (negatives_below + negatives_here / 2.0);
        negatives_below += negatives_here;
    }
    Ok(pairs / (positives * negatives))
}
