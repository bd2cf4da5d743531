//! How much an effect could be chance: what is "found" where nothing was done.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Effect, Method, Panel, design::Design, fit::Comparison, simplex::Search};
use crate::{Error, Result, error::at_least};

/// What there are too few of.
pub(super) const UNITS: &str = "units without the action";

/// How often controls are taken for treated units, and from which seed.
///
/// ```
/// use takar_stats::effect::Draws;
/// assert_eq!(Draws::usual(7), Draws { count: 200, seed: 7 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    /// How often, at least 20. With one treated unit each control is taken at most once, so there are no more than controls.
    pub count: usize,
    /// The same seed gives the same draws, on any number of cores.
    pub seed: u64,
}

impl Draws {
    /// 200 draws.
    pub const fn usual(seed: u64) -> Self {
        Self { count: 200, seed }
    }
}

/// Effects "found" on controls, which had no action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placebos {
    /// Ascending.
    pub effects: Vec<f64>,
    /// Their mean: near 0 but for few controls.
    pub mean: f64,
    /// Their skewness: above 0 where chance reaches farther up than down.
    pub skewness: f64,
    /// Their standard deviation, as in the authors' program with n below the line.
    pub sd: f64,
    /// Units they were drawn from.
    pub controls: usize,
    /// The degrees of freedom of `sd`: it rests on so many units less one, however often they are drawn.
    pub freedom: usize,
}

impl Placebos {
    /// Takes controls for treated units: as many, with the same starts, against the rest of the controls (Arkhangelsky et al. 2021,
    /// algorithm 4). Weights are sought to the optimum.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where there are not at least two controls more than treated units or draws are too few,
    /// [`Error::Constant`] where controls never change.
    pub fn of(panel: &Panel, design: &Design, method: Method, draws: Draws) -> Result<Self> {
        at_least("a placebo test", UNITS, (design.treated() + 2).max(4), design.controls.len())?;
        Self::drawn(panel, design, method, draws)
    }

    /// The same with the treated units among those that are drawn from, their measured effect taken out, so that there may be fewer controls than
    /// treated units. Where a lot decided who is treated, this draws the lot again (Fisher 1935, *The Design of Experiments*).
    ///
    /// # Errors
    /// [`Error::NotEnough`] with fewer than two treated units, fewer than four in all, or too few draws, [`Error::Constant`] where
    /// they never change.
    pub fn pooled(panel: &Panel, design: &Design, effect: &Effect, draws: Draws) -> Result<Self> {
        at_least("a placebo test with too few controls", "treated units", 2, design.treated())?;
        let untouched = panel.without(effect, design);
        let mut pool = design.clone();
        let needed = design.times();
        let complete = |unit: &usize| needed.iter().all(|time| panel.outcome(*unit, *time).is_some());
        pool.controls.extend(design.cohorts.iter().flat_map(|cohort| &cohort.treated).filter(|unit| complete(unit)));
        pool.controls.sort_unstable();
        at_least("a placebo test", "units", (design.treated() + 2).max(4), pool.controls.len())?;
        let mut made = Self::drawn(&untouched, &pool, effect.method, draws)?;
        // An effect that was measured was taken out: one degree of freedom.
        let n = pool.controls.len() as f64;
        made.sd *= ((n - 1.0) / (n - 2.0)).sqrt();
        made.freedom -= 1;
        Ok(made)
    }

    fn drawn(panel: &Panel, design: &Design, method: Method, draws: Draws) -> Result<Self> {
        let (treated, controls) = (design.treated(), design.controls.len());
        at_least("a placebo test", "draws", 20, draws.count)?;
        let comparisons: Vec<Comparison> =
            design.cohorts.iter().map(|cohort| Comparison::of(panel, design, cohort, method)).collect();
        let count = if treated == 1 { draws.count.min(controls) } else { draws.count };
        // With one treated unit the draws are a shuffled pack of the controls, each of which is taken once.
        let pack = lot(&mut Pcg64Mcg::seed_from_u64(draws.seed), controls, if treated == 1 { count } else { 0 });
        let effect = |draw: usize| {
            let taken = if treated == 1 {
                vec![pack[draw]]
            } else {
                let seed = draws.seed.wrapping_add((draw as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                lot(&mut Pcg64Mcg::seed_from_u64(seed), controls, treated)
            };
            let (mut rest, mut sum, mut cells) = (taken.as_slice(), 0.0, 0.0);
            for (cohort, comparison) in design.cohorts.iter().zip(&comparisons) {
                let (own, others) = rest.split_at(cohort.treated.len());
                rest = others;
                let weight = (own.len() * cohort.after.len()) as f64;
                sum += weight * comparison.placebo(own, &taken, Search::Optimum);
                cells += weight;
            }
            sum / cells
        };
        let mut effects: Vec<f64> = (0..count).into_par_iter().map(effect).collect();
        effects.sort_unstable_by(f64::total_cmp);
        let mean = effects.iter().sum::<f64>() / count as f64;
        let sd = (effects.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / count as f64).sqrt();
        if !(sd > 0.0 && sd.is_finite()) {
            return Err(Error::Constant { method: "a placebo test", what: "units without the action" });
        }
        let skewness = effects.iter().map(|one| ((one - mean) / sd).powi(3)).sum::<f64>() / count as f64;
        Ok(Self { effects, mean, skewness, sd, controls, freedom: controls - 1 })
    }

    /// The share of placebos, the effect itself among them, that lie as far from 0 (both sides): (1 + #{|placebo| ≥ |effect|}) / (n + 1)
    /// (Abadie, Diamond & Hainmueller 2010, *JASA* 105, 493–505).
    pub fn p(&self, effect: f64) -> f64 {
        let as_far = self.effects.iter().filter(|one| one.abs() >= effect.abs()).count();
        (1 + as_far) as f64 / (1 + self.effects.len()) as f64
    }
}

/// `count` of `n` places, drawn at random without replacement.
fn lot(random: &mut Pcg64Mcg, n: usize, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for place in 0..count {
        let other = random.random_range(place..n);
        order.swap(place, other);
    }
    order.truncate(count);
    order
}
