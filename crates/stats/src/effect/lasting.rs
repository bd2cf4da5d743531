//! How much of what was low while units were picked stays low.
//!
//! Units picked because they were low come part of the way back by themselves. Held against units that were not low, all of the way is taken for granted where
//! the times of the selection are left out, and none of it where they are part of the base. How much it is, units without the action tell.

use serde::Serialize;

use super::{Panel, design::Design};
use crate::{Error, Result, error::at_least};

const METHOD: &str = "what stays of a selection";
/// Units without the action that it takes to tell.
const LEAST: usize = 20;
/// So many times its usual says no more than any other number that is as large.
const MOST: f64 = 4.0;

/// What was to be expected of units as low as those that were picked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lasting {
    /// The mean of the treated units during the selection, as a share of what each had before.
    pub then: f64,
    /// What is lasting of that: units that were as low differ by so much afterwards from the mean of the controls, in the unit of the panel.
    pub later: f64,
    /// What not knowing that better adds to the error of the effect, in the unit of the panel.
    pub error: f64,
    /// The change afterwards by the sign during the selection.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
}

impl Panel {
    /// The panel with all units moved, from the first start on, to where they would be had they been as low during the selection as the treated units were on average: by the regression, over
    /// controls, of the change after the selection on its sign during it. The sign is the root of the share of its usual that a unit had, since the orders that make a month are
    /// counted: the last quarter of the usual that goes tells more than the first, and nothing at all is the end of the same line.
    ///
    /// What a unit had before is the base of both, and where that was high by chance both look low without anything that lasts. Therefore one half of the times before is the
    /// base of the sign and the other that of the change, and then the other way round (as errors of measurement are told from what lasts by a second measurement: Fuller 1987, *Measurement Error
    /// Models*, 1.4).
    ///
    /// `picked` are the times of the selection, before any start and in no base; `design` must have been made of the same panel.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where fewer than 20 controls tell, where a treated unit has nothing usual before or is not known then, and with fewer than four times before;
    /// [`Error::Constant`] where controls were all alike during the selection.
    pub fn as_low(&self, design: &Design, picked: &[usize]) -> Result<(Self, Lasting)> {
        let start = design.cohorts.iter().map(|cohort| cohort.from).min().unwrap_or_default();
        let times = design.times();
        let base: Vec<usize> = times.iter().copied().filter(|time| picked.iter().all(|other| time < other)).collect();
        let after: Vec<usize> = times.into_iter().filter(|time| *time >= start).collect();
        at_least(METHOD, "times of the selection", 1, picked.len())?;
        at_least(METHOD, "times before it", 4, base.len())?;
        let (older, newer) = base.split_at(base.len() / 2);
        let seen = |unit: &usize, base: &[usize], other: &[usize]| {
            let then = self.share(*unit, picked, base)?;
            Some(Seen {
                unit: *unit,
                then,
                sign: then.sqrt(),
                later: self.level(*unit, &after)? - self.level(*unit, other)?,
            })
        };
        let treated: Vec<&usize> = design.cohorts.iter().flat_map(|cohort| &cohort.treated).collect();
        let own: Vec<Seen> = treated.iter().filter_map(|unit| seen(unit, &base, &base)).collect();
        at_least(METHOD, "treated units that are known then", treated.len(), own.len())?;
        let controls = |base: &[usize], other: &[usize]| -> Vec<Seen> {
            design.controls.iter().filter_map(|unit| seen(unit, base, other)).collect()
        };
        let others = controls(&base, &base);
        let slopes = [Slope::of(&controls(older, newer))?, Slope::of(&controls(newer, older))?];
        let slope = f64::midpoint(slopes[0].value, slopes[1].value);
        let error = f64::midpoint(slopes[0].error, slopes[1].error);
        let (sign, middle) = (mean(&own, |one| one.sign), mean(&others, |one| one.sign));
        let mut made = self.clone();
        for one in own.iter().chain(&others) {
            let row = &mut made.cells[one.unit * self.times..(one.unit + 1) * self.times];
            row[start..].iter_mut().for_each(|cell| *cell += slope * (sign - one.sign));
        }
        let lasting = Lasting {
            then: mean(&own, |one| one.then),
            later: slope * (sign - middle),
            error: error * (sign - middle).abs(),
            slope,
            slope_error: error,
        };
        Ok((made, lasting))
    }

    /// The mean of the signs of some units at some times against the times before, and their standard deviation; none where fewer than two are known.
    pub(super) fn signs(&self, units: &[usize], picked: &[usize], base: &[usize]) -> Option<(f64, f64)> {
        let signs: Vec<f64> = units.iter().filter_map(|unit| Some(self.share(*unit, picked, base)?.sqrt())).collect();
        let n = signs.len() as f64;
        let mean = signs.iter().sum::<f64>() / n;
        let squares: f64 = signs.iter().map(|sign| (sign - mean).powi(2)).sum();
        (signs.len() > 1).then(|| (mean, (squares / (n - 1.0)).sqrt()))
    }

    /// What a unit had at some times as a share of its usual, the mean of the times before; none where it had nothing usual.
    fn share(&self, unit: usize, picked: &[usize], base: &[usize]) -> Option<f64> {
        let usual = self.level(unit, base).filter(|usual| *usual > 0.0)?;
        Some((self.level(unit, picked)? / usual).clamp(0.0, MOST))
    }

    /// The mean of what is known of a unit at some times.
    fn level(&self, unit: usize, times: &[usize]) -> Option<f64> {
        let known = times.iter().filter_map(|time| self.outcome(unit, *time));
        let (sum, n) = known.fold((0.0, 0_u32), |(sum, n), cell| (sum + cell, n + 1));
        (n > 0).then(|| sum / f64::from(n))
    }
}

/// A unit during the selection and afterwards.
struct Seen {
    unit: usize,
    /// As a share of its usual.
    then: f64,
    /// Its root.
    sign: f64,
    /// Less its usual.
    later: f64,
}

fn mean(seen: &[Seen], of: impl Fn(&Seen) -> f64) -> f64 {
    seen.iter().map(of).sum::<f64>() / seen.len() as f64
}

/// The change afterwards by the sign during the selection.
struct Slope {
    value: f64,
    error: f64,
}

impl Slope {
    fn of(seen: &[Seen]) -> Result<Self> {
        at_least(METHOD, "units without the action", LEAST, seen.len())?;
        let (middle, level) = (mean(seen, |one| one.sign), mean(seen, |one| one.later));
        let squares: f64 = seen.iter().map(|one| (one.sign - middle).powi(2)).sum();
        if squares <= 0.0 {
            return Err(Error::Constant { method: METHOD, what: "units without the action during the selection" });
        }
        let value = seen.iter().map(|one| (one.sign - middle) * (one.later - level)).sum::<f64>() / squares;
        // Units with few orders scatter more: White (1980), Econometrica 48, 817–838, with n / (n − 2).
        let residual = |one: &Seen| one.later - level - value * (one.sign - middle);
        let scatter: f64 = seen.iter().map(|one| ((one.sign - middle) * residual(one)).powi(2)).sum();
        let n = seen.len() as f64;
        Ok(Self { value, error: (scatter * n / (n - 2.0)).sqrt() / squares })
    }
}
