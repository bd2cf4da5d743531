//! How much an effect could be chance: what is "found" where nothing was done.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Method, Panel, design::Design, fit::Setting};
use crate::{Error, Result, error::at_least};

/// How often controls are taken for treated units, and from which seed.
///
/// ```
/// use takar_stats::effect::Draws;
/// assert_eq!(Draws::usual(7), Draws { count: 400, seed: 7 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    /// How often, at least 20. With one treated unit each control is taken at most once, so there are no more than controls.
    pub count: usize,
    /// The same seed gives the same draws, on any number of cores.
    pub seed: u64,
}

impl Draws {
    /// 400 draws.
    pub const fn usual(seed: u64) -> Self {
        Self { count: 400, seed }
    }
}

/// Effects "found" on controls, which had no action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placebos {
    /// Ascending.
    pub effects: Vec<f64>,
    /// Their standard deviation, as in the authors' program with n below the line.
    pub sd: f64,
    /// Controls they were drawn from.
    pub controls: usize,
}

impl Placebos {
    /// Takes controls for treated units: as many, with the same starts, against the rest of the controls (Arkhangelsky et al. 2021,
    /// algorithm 4).
    ///
    /// # Errors
    /// [`Error::NotEnough`] where there are not at least two controls more than treated units or draws are too few,
    /// [`Error::Constant`] where controls never change.
    pub fn of(panel: &Panel, design: &Design, method: Method, draws: Draws) -> Result<Self> {
        let (treated, controls) = (design.treated(), design.controls.len());
        at_least("a placebo test", "units without the action", (treated + 2).max(4), controls)?;
        at_least("a placebo test", "draws", 20, draws.count)?;
        let noises: Vec<f64> =
            design.cohorts.iter().map(|cohort| Setting::of(panel, cohort).noise(&design.controls)).collect();
        let count = if treated == 1 { draws.count.min(controls) } else { draws.count };
        // With one treated unit the draws are a shuffled pack of the controls, each of which is taken once.
        let pack = drawn(&mut Pcg64Mcg::seed_from_u64(draws.seed), &design.controls, controls);
        let effect = |draw: usize| {
            let order = if treated == 1 {
                pack[draw..].iter().chain(&pack[..draw]).copied().collect()
            } else {
                let seed = draws.seed.wrapping_add((draw as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                drawn(&mut Pcg64Mcg::seed_from_u64(seed), &design.controls, treated)
            };
            let (mut taken, rest) = order.split_at(treated);
            let (mut sum, mut cells) = (0.0, 0.0);
            for (cohort, noise) in design.cohorts.iter().zip(&noises) {
                let (own, others) = taken.split_at(cohort.treated.len());
                taken = others;
                let weight = (own.len() * cohort.after.len()) as f64;
                sum += weight * Setting::of(panel, cohort).fit(method, own, rest, *noise).value;
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
        Ok(Self { effects, sd, controls })
    }

    /// The share of placebos, the effect itself among them, that lie as far from 0 (both sides): (1 + #{|placebo| ≥ |effect|}) / (n + 1)
    /// (Abadie, Diamond & Hainmueller 2010, *JASA* 105, 493–505).
    pub fn p(&self, effect: f64) -> f64 {
        let as_far = self.effects.iter().filter(|one| one.abs() >= effect.abs()).count();
        (1 + as_far) as f64 / (1 + self.effects.len()) as f64
    }
}

/// All of `from`, the first `count` of them drawn at random without replacement.
fn drawn(random: &mut Pcg64Mcg, from: &[usize], count: usize) -> Vec<usize> {
    let mut order = from.to_vec();
    for place in 0..count.min(order.len().saturating_sub(1)) {
        let other = random.random_range(place..order.len());
        order.swap(place, other);
    }
    order
}
