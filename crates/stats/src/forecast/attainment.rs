//! The chance that the sum of the coming steps reaches a target, told so that 70 % means seven of ten.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::{Backtest, Errors, Fitted, Isotonic, calibration::reach};
use crate::{Interval, Level, Result, error::at_least, proportion::wilson};

/// What the errors of past sums say about a coming sum.
///
/// At an earlier end of a series, S is what the next h steps added up to and Ŝ their forecast; e = (S − Ŝ) / (h · scale),
/// scale being the series' own seasonal mean absolute error. The chance to reach a sum R is the share of past e that lie
/// at or above (R − Ŝ) / (h · scale): (count + ½) / (n + 1).
///
/// It is then recalibrated. Targets are set by what was sold before, which the forecast does not use up: where a target lies
/// far above the forecast, sales tend to come out above it too, and the chance was told too low. So targets of 0.9 to 1.2
/// times the season before are tried on the past, at each end with what was known by then, and a rising function from the
/// chance told to how often it came true is applied. Each end of each series counts once, beside one imagined end for every
/// twentieth at which the chance was right, so that little data changes little.
///
/// Source of the recalibration: Zadrozny & Elkan (2002), "Transforming classifier scores into accurate multiclass
/// probability estimates", *KDD*, 694–699; as a continuous function after Oron & Flournoy (2017).
#[derive(Debug, Clone)]
pub struct Attainment {
    /// By count of steps: errors of past sums in rising order.
    sums: Vec<Vec<f64>>,
    /// From the chance told to how often it came true.
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
/// Chances told on the past that a recalibration rests on, at least.
const FEWEST_PAST: usize = 60;
/// What targets are tried on the past, as multiples of the season before.
const TARGETS: [f64; 5] = [0.9, 1.0, 1.05, 1.1, 1.2];

impl Attainment {
    /// Learns from the past.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where there are fewer than 12 sums of one step.
    pub fn of(past: &Backtest) -> Result<Self> {
        let sums: Vec<Vec<f64>> = (1..=past.plan.horizon).map(|steps| sorted_errors(&past.errors, steps, 0)).collect();
        at_least("a chance", "errors of the past", FEWEST, sums.first().map_or(0, Vec::len))?;
        let recalibration = Recalibration::known(&tries(past), 0).curve();
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
        let raw = share_reached(errors, asked);
        let told = |raw: f64| self.recalibration.as_ref().map_or(raw, |rising| rising.at(raw)).clamp(0.0, 1.0);
        let n = errors.len();
        let at_or_above = n - errors.partition_point(|error| *error < asked);
        let sampling = wilson(at_or_above as u64, n as u64, Level::P80)?.interval;
        let value = told(raw);
        let interval = Interval {
            low: told(sampling.low).min(value),
            high: told(sampling.high).max(value),
            level: sampling.level,
        };
        Ok(Chance { value, interval, raw, is_recalibrated: self.recalibration.is_some(), n })
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

/// The share of past errors that lie at or above one: (count + ½) / (n + 1).
fn share_reached(errors: &[f64], asked: f64) -> f64 {
    let reached = errors.len() - errors.partition_point(|error| *error < asked);
    (reached as f64 + 0.5) / (errors.len() as f64 + 1.0)
}

/// A target tried on the past, with what was known by then.
struct Try {
    /// Steps between the end at which the chance was told and the true end of the series.
    ended: usize,
    steps: usize,
    /// The chance, not yet recalibrated.
    raw: f64,
    reached: bool,
    /// Part of its end: the tries of one end of a series count as one.
    weight: f64,
}

/// Every target tried at every earlier end, the earliest first.
fn tries(past: &Backtest) -> Vec<Try> {
    let mut keys: Vec<(usize, usize)> = past
        .errors
        .iter()
        .flat_map(|errors| (1..=errors.actual.len()).map(|steps| (steps, errors.ended)))
        .collect::<FxHashSet<_>>()
        .into_iter()
        .collect();
    keys.sort_unstable();
    let pools: FxHashMap<(usize, usize), Vec<f64>> = keys
        .into_par_iter()
        .map(|(steps, ended)| ((steps, ended), sorted_errors(&past.errors, steps, ended)))
        .collect();
    let of_end = |errors: &Errors| -> Vec<Try> {
        let mut found = Vec::new();
        for steps in 1..=errors.actual.len() {
            let Some(pool) = pools.get(&(steps, errors.ended)).filter(|pool| pool.len() >= FEWEST) else { continue };
            let sum = |values: &[f64]| values.iter().take(steps).sum::<f64>();
            let (forecast, actual) = (sum(&errors.forecast), sum(&errors.actual));
            let before = if errors.before.len() >= steps { sum(&errors.before) } else { forecast };
            // Nothing, or less, is no target.
            for target in TARGETS.map(|times| times * before).into_iter().filter(|target| *target > 0.0) {
                let raw = share_reached(pool, (target - forecast) / (steps as f64 * errors.scale));
                found.push(Try { ended: errors.ended, steps, raw, reached: actual >= target, weight: 0.0 });
            }
        }
        let weight = 1.0 / found.len().max(1) as f64;
        found.iter_mut().for_each(|tried| tried.weight = weight);
        found
    };
    let mut all: Vec<Try> = past.errors.par_iter().filter(|errors| errors.scale > 0.0).flat_map_iter(of_end).collect();
    all.sort_by_key(|tried| std::cmp::Reverse(tried.ended));
    all
}

/// How often chances came true, by what was told.
struct Recalibration {
    /// By 200th of the chance: weight, weight × chance, weight × reached.
    bins: Vec<[f64; 3]>,
    n: usize,
}

impl Recalibration {
    const BINS: usize = 200;
    /// Where the imagined ends lie at which the chance was right.
    const IMAGINED: usize = 20;

    fn new() -> Self {
        let mut empty = Self { bins: vec![[0.0; 3]; Self::BINS], n: 0 };
        for place in 0..Self::IMAGINED {
            let chance = (place as f64 + 0.5) / Self::IMAGINED as f64;
            empty.count(chance, chance, 1.0);
        }
        empty
    }

    /// What was known `ended` steps before the end of the series.
    fn known(tries: &[Try], ended: usize) -> Self {
        let mut found = Self::new();
        tries.iter().filter(|tried| tried.ended >= ended + tried.steps).for_each(|tried| found.add(tried));
        found
    }

    fn add(&mut self, tried: &Try) {
        self.count(tried.raw, f64::from(u8::from(tried.reached)), tried.weight);
        self.n += 1;
    }

    fn count(&mut self, chance: f64, reached: f64, weight: f64) {
        let place = ((chance * Self::BINS as f64) as usize).min(Self::BINS - 1);
        let [all, chances, came] = &mut self.bins[place];
        *all += weight;
        *chances += weight * chance;
        *came += weight * reached;
    }

    /// The rising function; none where too few chances were told.
    fn curve(&self) -> Option<Isotonic> {
        let filled = self.bins.iter().filter(|[all, ..]| *all > 0.0);
        let points = filled.map(|[all, chances, came]| (chances / all, came / all, *all));
        (self.n >= FEWEST_PAST).then(|| Isotonic::centred(points))
    }
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

impl Reliability {
    /// Tells chances at every earlier end with what was known by then, for targets of 0.9 to 1.2 times the same steps a
    /// season before (of the forecast where that was before the series), and compares them with what came.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where the past is too short to tell any.
    pub fn of(past: &Backtest) -> Result<Self> {
        let tries = tries(past);
        let mut curves: FxHashMap<usize, Option<Isotonic>> = FxHashMap::default();
        let mut told: Vec<(f64, bool)> = Vec::with_capacity(tries.len());
        for tried in &tries {
            let curve = curves.entry(tried.ended).or_insert_with(|| Recalibration::known(&tries, tried.ended).curve());
            told.push((curve.as_ref().map_or(tried.raw, |rising| rising.at(tried.raw)), tried.reached));
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
