//! The chance that the sum of the coming steps reaches a target, told so that 70 % means seven of ten.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Backtest, Errors, Fitted, Isotonic, calibration::reach, isotonic};
use crate::{Interval, Level, Result, error::at_least, proportion::wilson};

/// What the errors of past sums say about a coming sum.
///
/// At an earlier end of a series, S is what the next h steps added up to and Ŝ their forecast; e = (S − Ŝ) / (h · scale),
/// scale being the series' own seasonal mean absolute error. The chance to reach a sum R is the share of past e that lie
/// at or above (R − Ŝ) / (h · scale): (count + ½) / (n + 1). It is then recalibrated: how often did sums fall below what
/// was said to be their quantile, using at each end only what was known by then; a rising function of the one to the other
/// is applied.
///
/// Source of the recalibration: Kuleshov, Fenner & Ermon (2018), "Accurate uncertainties for deep learning using
/// calibrated regression", *ICML*, algorithm 1.
#[derive(Debug, Clone)]
pub struct Attainment {
    /// By count of steps: errors of past sums in rising order.
    sums: Vec<Vec<f64>>,
    /// From the share below to how often it was below.
    recalibration: Option<Isotonic>,
}

/// The chance to reach a sum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// The chance, recalibrated where the past allows; within 0 to 1.
    pub value: f64,
    /// What sampling of past errors alone makes of it.
    pub interval: Interval,
    /// The chance before it was recalibrated.
    pub raw: f64,
    /// Whether it was.
    pub is_recalibrated: bool,
    /// Errors of past sums behind it.
    pub n: usize,
}

/// Errors of sums that a chance rests on, at least.
const FEWEST: usize = 12;
/// Quantiles of the past that a recalibration rests on, at least.
const FEWEST_PAST: usize = 60;

impl Attainment {
    /// Learns from the past.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where there are fewer than 12 sums of one step.
    pub fn of(past: &Backtest) -> Result<Self> {
        let sums: Vec<Vec<f64>> = (1..=past.plan.horizon).map(|steps| sorted_errors(&past.errors, steps, 0)).collect();
        at_least("a chance", "errors of the past", FEWEST, sums.first().map_or(0, Vec::len))?;
        let recalibration = recalibration(past, 0)?;
        Ok(Self { sums, recalibration })
    }

    /// The chance that the next `steps` steps add up to `needed` or more. `forecast` is the sum that is expected of them.
    /// It is 1 where nothing more is needed and the series is never below 0.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where fewer than 12 such sums are known,
    /// [`Error::Constant`](crate::Error::Constant) for a series that repeats itself.
    pub fn chance(&self, fitted: &Fitted, steps: usize, forecast: f64, needed: f64) -> Result<Chance> {
        let errors = steps.checked_sub(1).and_then(|place| self.sums.get(place)).map_or(&[][..], Vec::as_slice);
        at_least("a chance", "errors of the past", FEWEST, errors.len())?;
        if fitted.scale() <= 0.0 {
            return Err(crate::Error::Constant { method: "a chance", what: "a series" });
        }
        let asked = (needed - forecast) / (steps as f64 * fitted.scale());
        crate::error::finite("the target", &[asked])?;
        if needed <= 0.0 && fitted.is_positive() {
            let interval = Interval { low: 1.0, high: 1.0, level: Level::P80 };
            return Ok(Chance { value: 1.0, interval, raw: 1.0, is_recalibrated: false, n: errors.len() });
        }
        let below = share_below(errors, asked);
        let told = |below: f64| self.recalibration.as_ref().map_or(below, |rising| rising.at(below));
        let n = errors.len();
        let at_or_above = n - errors.partition_point(|error| *error < asked);
        let sampling = wilson(at_or_above as u64, n as u64, Level::P80)?.interval;
        let value = (1.0 - told(below)).clamp(0.0, 1.0);
        let interval = Interval {
            low: (1.0 - told(1.0 - sampling.low)).clamp(0.0, value),
            high: (1.0 - told(1.0 - sampling.high)).clamp(value, 1.0),
            level: sampling.level,
        };
        Ok(Chance { value, interval, raw: 1.0 - below, is_recalibrated: self.recalibration.is_some(), n })
    }
}

impl Attainment {
    /// The interval of what the next `steps` steps add up to, from the errors of past sums. `forecast` is what is expected.
    ///
    /// # Errors
    /// As [`chance`](Self::chance).
    pub fn interval(&self, fitted: &Fitted, steps: usize, forecast: f64, level: Level) -> Result<Interval> {
        let errors = steps.checked_sub(1).and_then(|place| self.sums.get(place)).map_or(&[][..], Vec::as_slice);
        at_least("an interval", "errors of the past", FEWEST, errors.len())?;
        let unit = steps as f64 * fitted.scale();
        if unit <= 0.0 {
            return Err(crate::Error::Constant { method: "an interval", what: "a series" });
        }
        let [down, up] = reach(errors, level);
        let floor = if fitted.is_positive() { 0.0 } else { f64::NEG_INFINITY };
        let low = (forecast + unit * down).max(floor).min(forecast);
        Ok(Interval { low, high: (forecast + unit * up).max(forecast), level })
    }
}

/// (S − Ŝ) / (steps · scale) of one end.
fn error_of(errors: &Errors, steps: usize) -> Option<f64> {
    if errors.actual.len() < steps || errors.scale <= 0.0 {
        return None;
    }
    let sum = |values: &[f64]| values.iter().take(steps).sum::<f64>();
    let error = (sum(&errors.actual) - sum(&errors.forecast)) / (steps as f64 * errors.scale);
    error.is_finite().then_some(error)
}

/// Errors of sums that were complete `ended` steps before the end of the series.
fn sorted_errors(errors: &[Errors], steps: usize, ended: usize) -> Vec<f64> {
    let known = errors.iter().filter(|errors| errors.ended >= ended + steps);
    let mut found: Vec<f64> = known.filter_map(|errors| error_of(errors, steps)).collect();
    found.sort_by(f64::total_cmp);
    found
}

/// The share of past errors below one: (count + ½) / (n + 1).
fn share_below(errors: &[f64], error: f64) -> f64 {
    (errors.partition_point(|past| *past < error) as f64 + 0.5) / (errors.len() as f64 + 1.0)
}

/// How often sums fell below their quantiles, of the sums that were complete `ended` steps before the end; none where
/// too few are known.
fn recalibration(past: &Backtest, ended: usize) -> Result<Option<Isotonic>> {
    let mut pools: FxHashMap<(usize, usize), Vec<f64>> = FxHashMap::default();
    let mut quantiles = Vec::new();
    for errors in &past.errors {
        for steps in 1..=errors.actual.len() {
            if errors.ended < ended + steps {
                continue;
            }
            let Some(error) = error_of(errors, steps) else { continue };
            let key = (steps, errors.ended);
            let pool = pools.entry(key).or_insert_with(|| sorted_errors(&past.errors, steps, errors.ended));
            if pool.len() >= FEWEST {
                quantiles.push(share_below(pool, error));
            }
        }
    }
    if quantiles.len() < FEWEST_PAST {
        return Ok(None);
    }
    quantiles.sort_by(f64::total_cmp);
    let n = quantiles.len() as f64;
    let reached: Vec<f64> = (0..quantiles.len()).map(|place| (place as f64 + 0.5) / n).collect();
    isotonic(&quantiles, &reached).map(Some)
}

/// One bin of a reliability chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Mean of the chances told.
    pub told: f64,
    /// Share that came true.
    pub came: f64,
    /// Interval of that share. Series that rise and fall together make it too narrow.
    pub interval: Interval,
    /// How many were told.
    pub n: usize,
}

/// Chances told on the past beside what came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliability {
    /// By tenths of the chance told; tenths without any are left out.
    pub bins: Vec<ReliabilityBin>,
    /// Mean squared distance of chance and outcome, 0 to 1; always saying ½ has 0.25.
    pub brier: f64,
    /// Chances told.
    pub n: usize,
}

/// What targets are tried on the past, as multiples of the season before.
const TARGETS: [f64; 5] = [0.9, 1.0, 1.05, 1.1, 1.2];

impl Reliability {
    /// Tells chances at every earlier end with what was known by then, for targets of 0.9 to 1.2 times the same steps a
    /// season before (of the forecast where that was before the series), and compares them with what came.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where the past is too short to tell any.
    pub fn of(past: &Backtest) -> Result<Self> {
        let mut ends: Vec<usize> = past.errors.iter().map(|errors| errors.ended).collect();
        ends.sort_unstable();
        ends.dedup();
        let known = ends.into_iter().map(|ended| {
            let sums = (1..=past.plan.horizon).map(|steps| sorted_errors(&past.errors, steps, ended));
            Ok((ended, (sums.collect(), recalibration(past, ended)?)))
        });
        let known: FxHashMap<usize, (Vec<Vec<f64>>, Option<Isotonic>)> = known.collect::<Result<_>>()?;
        let mut told: Vec<(f64, bool)> = Vec::new();
        for errors in &past.errors {
            if errors.scale <= 0.0 {
                continue;
            }
            let Some((sums, rising)) = known.get(&errors.ended) else { continue };
            for steps in 1..=errors.actual.len() {
                let pool = &sums[steps - 1];
                if pool.len() < FEWEST {
                    continue;
                }
                let sum = |values: &[f64]| values.iter().take(steps).sum::<f64>();
                let (forecast, actual) = (sum(&errors.forecast), sum(&errors.actual));
                let before = if errors.before.len() >= steps { sum(&errors.before) } else { forecast };
                // Nothing, or less, is no target.
                for target in TARGETS.map(|times| times * before).into_iter().filter(|target| *target > 0.0) {
                    let asked = (target - forecast) / (steps as f64 * errors.scale);
                    let below = share_below(pool, asked);
                    let below = rising.as_ref().map_or(below, |rising| rising.at(below));
                    told.push(((1.0 - below).clamp(0.0, 1.0), actual >= target));
                }
            }
        }
        at_least("a reliability chart", "chances told on the past", FEWEST, told.len())?;
        let brier = told.iter().map(|(chance, came)| (chance - f64::from(u8::from(*came))).powi(2)).sum::<f64>();
        let mut bins = Vec::new();
        for tenth in 0..10_u8 {
            let within = |chance: f64| (chance * 10.0).floor().min(9.0) == f64::from(tenth);
            let here: Vec<&(f64, bool)> = told.iter().filter(|(chance, _)| within(*chance)).collect();
            if here.is_empty() {
                continue;
            }
            let came = here.iter().filter(|(_, came)| *came).count();
            let share = wilson(came as u64, here.len() as u64, Level::P95)?;
            let mean = here.iter().map(|(chance, _)| chance).sum::<f64>() / here.len() as f64;
            bins.push(ReliabilityBin { told: mean, came: share.value, interval: share.interval, n: here.len() });
        }
        Ok(Self { bins, brier: brier / told.len() as f64, n: told.len() })
    }
}
