//! What past actions teach: how often a kind of action worked in a segment, and by how much, with little said where little is known.
//!
//! Groups (a kind of action in a segment, say) borrow from each other: one that was tried twice is drawn towards what all have in common, one
//! that was tried often keeps to its own. How alike groups are is not known either; all degrees of likeness count, each with its
//! probability, so that intervals hold with few groups too.

mod chance;
mod effect;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{Error, Estimate, Interval, Level, Result, effect::Verdict, error::at_least, middle::median};

/// One action that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// What it added, usually as a share.
    pub effect: f64,
    /// The standard error of that, above 0.
    pub error: f64,
    /// What was said of it.
    pub verdict: Verdict,
}

/// What the actions of one group teach.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// How many were tried.
    pub tried: usize,
    /// How many worked.
    pub worked: usize,
    /// How many did not.
    pub did_not: usize,
    /// How many left not enough evidence.
    pub untold: usize,
    /// The chance that such an action is shown to work, drawn towards that of all groups. Of what was tried, not of what was told: an
    /// action about which nothing could be said is no success.
    pub chance: Estimate,
    /// The median of the measured effects as they are; none where nothing was tried. It is what people expect to be told, not what to count
    /// on: measured effects scatter more than true ones.
    pub median: Option<Estimate>,
    /// The effect to be expected of such actions, drawn towards that of all groups.
    pub effect: Estimate,
    /// Within which the true effect of the next such action lies.
    pub next: Interval,
}

/// What the groups teach, in the order given. A group without actions is told what all others let expect.
///
/// Sources: chances: beta-binomial with the hyperprior (α+β)^(−5/2), Gelman et al. (2013), *Bayesian Data Analysis*, 3rd ed., section 5.3;
/// effects: normal within and between groups with half-Cauchy priors on both standard deviations, ibid. section 5.4 and Gelman (2006),
/// *Bayesian Anal.* 1, 515–534. Both are summed over a grid: no draws, the same answer every time.
///
/// # Errors
/// [`Error::NotEnough`] without any action, [`Error::NotFinite`], [`Error::OutOfRange`] for an error of 0 or less.
///
/// ```
/// use takar_stats::{Level, effect::Verdict, learning::{Past, records}};
/// let past = |effect, verdict| Past { effect, error: 0.03, verdict };
/// let often: Vec<Past> = (0..11).map(|i| past(0.06, if i < 7 { Verdict::Worked } else { Verdict::DidNotWork })).collect();
/// let once = vec![past(0.30, Verdict::Worked)];
/// let told = records(&[often, once], Level::P80)?;
/// assert_eq!((told[0].worked, told[0].tried), (7, 11));
/// assert!(told[1].chance.value < 0.9 && told[1].effect.value < 0.30, "{told:?}"); // one success is not a rule
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn records(groups: &[Vec<Past>], level: Level) -> Result<Vec<Record>> {
    let all: Vec<&Past> = groups.iter().flatten().collect();
    at_least("a record of actions", "measured actions", 1, all.len())?;
    if let Some(index) = all.iter().position(|past| !(past.effect.is_finite() && past.error.is_finite())) {
        return Err(Error::NotFinite { what: "effect", index });
    }
    if let Some(index) = all.iter().position(|past| past.error <= 0.0) {
        let (value, range) = (all[index].error, "above 0");
        return Err(Error::OutOfRange { what: "standard error", index, value, range });
    }
    let said = |group: &[Past], verdict| group.iter().filter(|past| past.verdict == verdict).count();
    let counts: Vec<(usize, usize)> = groups.iter().map(|group| (said(group, Verdict::Worked), group.len())).collect();
    let chances = chance::shrunken(&counts, level);
    let effects = effect::shrunken(groups, level);
    let told = groups.iter().zip(counts).zip(chances.into_iter().zip(effects));
    told.map(|((group, (worked, tried)), (chance, (effect, next)))| {
        let measured: Vec<f64> = group.iter().map(|past| past.effect).collect();
        Ok(Record {
            tried,
            worked,
            did_not: said(group, Verdict::DidNotWork),
            untold: said(group, Verdict::NotEnoughEvidence),
            chance,
            median: if measured.is_empty() { None } else { Some(median(&measured, level)?) },
            effect,
            next,
        })
    })
    .collect()
}

/// Where a rising share passes `wanted`, between `low` and `high`.
fn inverse(share: impl Fn(f64) -> f64, wanted: f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..36 {
        let middle = f64::midpoint(low, high);
        if share(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Logarithms of weights to weights that add up to 1; what hardly counts is dropped.
fn weights<T: Copy>(points: &[(T, f64)]) -> Vec<(T, f64)> {
    let largest = points.iter().map(|(_, log)| *log).fold(f64::NEG_INFINITY, f64::max);
    let kept: Vec<(T, f64)> = points
        .iter()
        .map(|(point, log)| (*point, (log - largest).exp()))
        .filter(|(_, weight)| *weight > 1e-5)
        .collect();
    let sum: f64 = kept.iter().map(|(_, weight)| weight).sum();
    kept.into_iter().map(|(point, weight)| (point, weight / sum)).collect()
}
