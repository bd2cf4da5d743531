//! A linear model in which observations come in groups that differ by chance: accounts of managers, batches of a dye.

mod reml;
pub(crate) use reml::smallest;
#[cfg(test)]
mod tests;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::{
    Error, Estimate, Interval, Level, Result,
    error::{at_least, finite},
};
use reml::{Design, Solution};

const METHOD: &str = "a mixed model";

/// What one group adds to what its influences explain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GroupEffect {
    /// The best linear unbiased prediction (BLUP), in the unit of the observations; 0 for a group without observations.
    pub value: f64,
    /// Its standard error of prediction, above 0 unless groups do not differ at all.
    pub error: f64,
    /// Its observations.
    pub n: usize,
}

/// A fitted model y = intercept + Σ β·x + group + rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mixed {
    /// What is expected where all influences are 0.
    pub intercept: Estimate,
    /// By influence: its coefficient; none where it is a combination of influences before it.
    pub influences: Vec<Option<Estimate>>,
    /// The variance between groups, 0 or more.
    pub between: f64,
    /// The variance within groups.
    pub residual: f64,
    /// By group: its effect.
    pub groups: Vec<GroupEffect>,
    /// Observations.
    pub n: usize,
}

impl Mixed {
    /// What is expected of an observation of an unknown group.
    pub fn expected(&self, influences: impl IntoIterator<Item = f64>) -> f64 {
        let coefficients = self.influences.iter().map(|one| one.map_or(0.0, |one| one.value));
        self.intercept.value + coefficients.zip(influences).map(|(coefficient, x)| coefficient * x).sum::<f64>()
    }
}

/// Fits by restricted maximum likelihood (REML). `influences` has a vector for each influence with a number for each
/// observation (categories as 0 and 1), `group` the group of each observation, below `groups`.
///
/// The ratio of the two variances is found on the likelihood with all else solved for; coefficients have t-intervals
/// with n − p degrees of freedom, group effects the error of prediction that counts the error of the coefficients too.
/// Sources: Patterson & Thompson (1971), *Biometrika* 58, 545–554; Henderson (1975), *Biometrics* 31, 423–447.
/// The time is n·p² + groups·p² for each of some 100 ratios tried.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than 2 groups with observations or no more observations than coefficients,
/// [`Error::NotFinite`], [`Error::Unequal`], [`Error::Constant`] where nothing is left to explain, [`Error::OutOfRange`] for a group
/// beyond `groups`.
///
/// ```
/// use takar_stats::{Level, mixed::mixed};
/// let y = [10.0, 11.0, 9.5, 14.0, 15.5, 14.5, 12.0, 12.5, 11.0];
/// let model = mixed(&y, &[], &[0, 0, 0, 1, 1, 1, 2, 2, 2], 3, Level::P95)?;
/// assert!(model.between > model.residual); // groups differ more than observations within them
/// assert!((model.groups.iter().map(|group| group.value).sum::<f64>()).abs() < 1e-9);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn mixed(y: &[f64], influences: &[Vec<f64>], group: &[usize], groups: usize, level: Level) -> Result<Mixed> {
    finite("observation", y)?;
    let unequal = |left, right| Error::Unequal { what: "observations and their influences", left, right };
    if group.len() != y.len() {
        return Err(unequal(y.len(), group.len()));
    }
    for column in influences {
        if column.len() != y.len() {
            return Err(unequal(y.len(), column.len()));
        }
        finite("influence", column)?;
    }
    if let Some(index) = group.iter().position(|group| *group >= groups) {
        return Err(Error::OutOfRange { what: "group", index, value: group[index] as f64, range: "the groups" });
    }
    let design = Design::of(y, influences, group, groups);
    at_least(METHOD, "groups", 2, design.counts.iter().filter(|count| **count > 0).count())?;
    at_least(METHOD, "observations", design.rank + 2, y.len())?;
    if design.total_variance() <= 0.0 {
        return Err(Error::Constant { method: METHOD, what: "observations" });
    }
    let Solution { ratio, variance, coefficients, covariance, effects } = design.solve()?;
    if variance <= 0.0 {
        return Err(Error::Constant { method: METHOD, what: "what is left of the observations" });
    }
    let freedom = (y.len() - design.rank) as f64;
    let reach = StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(1.0 - level.tail()));
    let estimate = |place: usize| {
        let value = coefficients[place]?;
        let error = (variance * covariance[place][place]).max(0.0).sqrt();
        Some(Estimate {
            value,
            interval: Interval { low: value - reach * error, high: value + reach * error, level },
            n: y.len(),
        })
    };
    let group_effect = |(place, (value, error)): (usize, &(f64, f64))| GroupEffect {
        value: *value,
        error: (variance * error).max(0.0).sqrt(),
        n: design.counts[place],
    };
    Ok(Mixed {
        intercept: estimate(0).ok_or(Error::Constant { method: METHOD, what: "observations" })?,
        influences: (1..=influences.len()).map(estimate).collect(),
        between: ratio * variance,
        residual: variance,
        groups: effects.iter().enumerate().map(group_effect).collect(),
        n: y.len(),
    })
}
