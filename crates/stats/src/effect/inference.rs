//! An effect with its interval.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{Draws, Effect, Lasting, Method, Panel, Placebos, Search, design::Design, jackknife, placebo::UNITS};
use crate::{Error, Estimate, Interval, Level, Result};

/// What the standard error rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Effects "found" on controls.
    Placebos,
    /// These, and how far the effect hangs on single units: the mean of both variances.
    PlacebosAndJackknife,
    /// Effects "found" on all units, the effect taken out of the treated: where controls are too few.
    PooledPlacebos,
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
    /// Its value with what chance can do taken off; n is treated units and controls together.
    pub estimate: Estimate,
    /// Its standard error, above 0.
    pub error: f64,
    /// The part of the error that is read from the treated units; none where only placebos tell.
    pub jackknife: Option<f64>,
    /// What lasted of a selection, where that was taken out of the panel.
    pub lasting: Option<Lasting>,
    /// What chance can do.
    #[serde(skip)]
    chance: Chance,
    /// What the error rests on.
    pub basis: Basis,
    /// The share of placebos at least as far from 0, the effect itself among them.
    pub p: f64,
    /// How many placebos.
    pub placebos: usize,
    /// Their standard deviation, above 0.
    pub sd: f64,
}

impl Measured {
    /// Measures the effect and how sure it is.
    ///
    /// The interval is the effect less what placebos come to: their mean ± t·error, moved by their skewness. The standard deviation of placebos does not see what chance does to the treated units, the
    /// jackknife is too small where they are few; the mean of both variances holds in between, and the jackknife alone where it is far larger (docs/adr/0027). t has one degree of
    /// freedom less than there are units to draw from: the controls, or all units where controls are too few.
    ///
    /// # Errors
    /// Those of [`Placebos::of`] and [`Placebos::pooled`] where neither has enough units.
    pub fn of(panel: &Panel, design: &Design, how: How) -> Result<Self> {
        let How { method, search, level, draws } = how;
        let effect = Effect::of(panel, design, method, search);
        let (placebos, jackknife) = match Placebos::of(panel, design, method, draws) {
            Ok(placebos) => (placebos, jackknife(panel, design, method)),
            // The treated are among these already.
            Err(Error::NotEnough { what: UNITS, .. }) if effect.treated > 1 => {
                (Placebos::pooled(panel, design, &effect, draws)?, None)
            }
            Err(error) => return Err(error),
        };
        let basis = match jackknife {
            Some(_) => Basis::PlacebosAndJackknife,
            None if placebos.controls > effect.controls => Basis::PooledPlacebos,
            None => Basis::Placebos,
        };
        let (p, error, chance) = (placebos.p(effect.value), both(placebos.sd, jackknife), Chance::of(&placebos, level));
        let estimate = estimate(&effect, chance, error, level);
        let (sd, placebos) = (placebos.sd, placebos.effects.len());
        Ok(Self { effect, estimate, error, jackknife, lasting: None, chance, basis, p, placebos, sd })
    }

    /// The same where units were picked for what they did at some times, which are no base: what stays of that is told by the units without the action ([`Panel::as_low`]) and
    /// is not known for sure either. Where these are too few to tell, it is measured as if nothing stayed.
    ///
    /// # Errors
    /// Those of [`Measured::of`].
    pub fn of_picked(panel: &Panel, design: &Design, picked: &[usize], how: How) -> Result<Self> {
        let Ok((panel, lasting)) = panel.as_low(design, picked) else { return Self::of(panel, design, how) };
        let mut made = Self::of(&panel, design, how)?;
        made.lasting = Some(lasting);
        made.error = made.error.hypot(lasting.error);
        made.estimate = estimate(&made.effect, made.chance, made.error, how.level);
        Ok(made)
    }

    /// The effect as a share of what was to be expected; none where that, or what came, is not above 0.
    ///
    /// Its interval has all shares s for which what came, divided by 1 + s, is as near to what was expected as chance brings it: chance moves
    /// sales by shares, and so the more, the more an action added (Fieller 1954, *J. R. Stat. Soc. B* 16, 175–185). What was
    /// expected is taken for known to a twentieth at worst, so that the upper end stays finite.
    pub fn relative(&self) -> Option<Estimate> {
        let expected = self.effect.expected;
        let times = 1.0 + self.estimate.value / expected;
        if !(expected > 0.0 && times > 0.0) {
            return None;
        }
        let level = self.estimate.interval.level;
        let error = both(self.sd, self.jackknife.map(|error| error / times));
        let error = error.hypot(self.lasting.map_or(0.0, |lasting| lasting.error));
        let (down, up) = self.chance.ends(error);
        let share = |end: f64| times / (1.0 + end / expected).max(0.05) - 1.0;
        let interval = Interval { low: share(up), high: share(down), level };
        Some(Estimate { value: times - 1.0, interval, n: self.estimate.n })
    }
}

fn estimate(effect: &Effect, chance: Chance, error: f64, level: Level) -> Estimate {
    let (down, up) = chance.ends(error);
    let interval = Interval { low: effect.value - up, high: effect.value - down, level };
    Estimate { value: effect.value, interval, n: effect.treated + effect.controls }
}

/// Where effects lie that are found where nothing was done.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Chance {
    mean: f64,
    /// Standard errors below and above the mean.
    below: f64,
    above: f64,
}

impl Chance {
    /// Sales have a longer tail upwards, and so have effects: by Cornish and Fisher (1937, *Rev. Int. Stat. Inst.* 5, 307–320, first term)
    /// the ends move by (t² − 1) / 6 · skewness standard errors.
    fn of(placebos: &Placebos, level: Level) -> Self {
        let t = quantile(level.share() + level.tail(), placebos.freedom);
        // Beyond a third of t the first term alone says nothing.
        let moved = ((t * t - 1.0) / 6.0 * placebos.skewness).clamp(-t / 3.0, t / 3.0);
        Self { mean: placebos.mean, below: t - moved, above: t + moved }
    }

    fn ends(&self, error: f64) -> (f64, f64) {
        (self.mean - self.below * error, self.mean + self.above * error)
    }
}

/// The root of the mean of both variances; the jackknife alone where it is so much larger that treated units must be wilder.
fn both(placebos: f64, jackknife: Option<f64>) -> f64 {
    match jackknife {
        Some(jackknife) if jackknife > WILDER * placebos => jackknife,
        Some(jackknife) => f64::midpoint(placebos * placebos, jackknife * jackknife).sqrt(),
        None => placebos,
    }
}

/// With eight treated units like the controls the jackknife is so many times the placebos' in about one of a hundred cases.
const WILDER: f64 = 1.5;

/// Student's t below which the share `share` lies.
pub(super) fn quantile(share: f64, freedom: usize) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.max(1) as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(share))
}
