//! An effect with its interval.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{Draws, Effect, Method, Panel, Placebos, Search, design::Design, jackknife, placebo::UNITS};
use crate::{Error, Estimate, Interval, Level, Result};

/// What the standard error rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Effects "found" on controls.
    Placebos,
    /// The same on all units, the effect taken out of the treated: where controls are too few.
    PooledPlacebos,
    /// Leaving out each unit in turn: where treated units scatter more.
    Jackknife,
}

/// How an effect is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct How {
    /// By which method.
    pub method: Method,
    /// How the weights are found; those of placebos always to the optimum.
    pub search: Search,
    /// The level of the interval.
    pub level: Level,
    /// Placebos.
    pub draws: Draws,
}

impl How {
    /// Synthetic difference-in-differences with a 90 % interval, of which both ends are tests at 5 %.
    pub const fn usual(seed: u64) -> Self {
        let draws = Draws::usual(seed);
        Self { method: Method::SyntheticDid, search: Search::Optimum, level: Level::P90, draws }
    }
}

/// An effect with its interval, level and n.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// The effect with weights and path.
    pub effect: Effect,
    /// Its value ± t·error; n is treated units and controls together.
    pub estimate: Estimate,
    /// Its standard error, above 0.
    pub error: f64,
    /// What the error rests on.
    pub basis: Basis,
    /// The share of placebos at least as far from 0, the effect itself among them.
    pub p: f64,
    /// How many placebos.
    pub placebos: usize,
}

impl Measured {
    /// Measures the effect and how sure it is.
    ///
    /// The interval is the effect ± t·error. The standard deviation of placebos holds where chance moves treated units as it moves controls.
    /// Where several are treated, the jackknife sees what it did to them; the larger of both is taken (docs/adr/0027). t has
    /// one degree of freedom less than there are units to draw from: the controls, or all units where controls are too few.
    ///
    /// # Errors
    /// Those of [`Placebos::of`] and [`Placebos::pooled`] where neither has enough units.
    pub fn of(panel: &Panel, design: &Design, how: How) -> Result<Self> {
        let How { method, search, level, draws } = how;
        let effect = Effect::of(panel, design, method, search);
        let (placebos, mut basis) = match Placebos::of(panel, design, method, draws) {
            Ok(placebos) => (placebos, Basis::Placebos),
            Err(Error::NotEnough { what: UNITS, .. }) if effect.treated > 1 => {
                (Placebos::pooled(panel, design, &effect, draws)?, Basis::PooledPlacebos)
            }
            Err(error) => return Err(error),
        };
        let mut error = placebos.sd;
        if let Some(scatter) = jackknife(panel, design, method).filter(|scatter| *scatter > error) {
            (error, basis) = (scatter, Basis::Jackknife);
        }
        let (p, freedom) = (placebos.p(effect.value), placebos.freedom());
        let placebos = placebos.effects.len();
        let reach = quantile(level.share() + level.tail(), freedom) * error;
        let interval = Interval { low: effect.value - reach, high: effect.value + reach, level };
        let estimate = Estimate { value: effect.value, interval, n: effect.treated + effect.controls };
        Ok(Self { effect, estimate, error, basis, p, placebos })
    }

    /// The interval as a share of what was to be expected; none where that is not above 0.
    pub fn relative(&self) -> Option<Estimate> {
        let (expected, Interval { low, high, level }) = (self.effect.expected, self.estimate.interval);
        let share = |value: f64| value / expected;
        let interval = Interval { low: share(low), high: share(high), level };
        (expected > 0.0).then(|| Estimate { value: share(self.estimate.value), interval, n: self.estimate.n })
    }
}

/// Student's t below which the share `share` lies.
pub(super) fn quantile(share: f64, freedom: usize) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.max(1) as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(share))
}
