//! Intervals as wide as the past says they must be.

use serde::Serialize;

use super::{Backtest, Errors, Fitted};
use crate::{Estimate, Interval, Level, Result, error::at_least, proportion::wilson};

/// How many times its own spread a forecast was off, step by step, on the past of series like it.
///
/// For each step the errors over the model's spread are pooled over series and ends; the interval of a new forecast
/// reaches from the quantile (1 − level)/2 to (1 + level)/2 of those, times its own spread. With n errors the quantiles
/// are those of ranks (n + 1)·share, so that the interval covers its level whatever the errors' shape, where new errors
/// are like the old. Steps with few errors borrow from the steps beside them; below 100 errors the interval reaches as far
/// down as up.
///
/// Source: Vovk, Gammerman & Shafer (2005), *Algorithmic Learning in a Random World*, ch. 2 (split conformal); scaled errors:
/// Lei et al. (2018), *JASA* 113, 1094–1111, sec. 5.2.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// By step: errors over spread, in rising order.
    by_step: Vec<Vec<f64>>,
    /// By step: errors of that step alone.
    counts: Vec<usize>,
}

/// Errors that a step's quantiles rest on, at least.
const FEWEST: usize = 12;

/// One step of a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// The forecast.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
    /// Errors of the past that the interval rests on.
    pub n: usize,
}

/// A forecast with its intervals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// The method's name.
    pub model: &'static str,
    /// Its parameters.
    pub parameters: Vec<(&'static str, f64)>,
    /// Observations the method was fitted to.
    pub n: usize,
    /// By step.
    pub steps: Vec<Step>,
}

impl Calibration {
    /// Learns from the past.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where there are fewer than 12 errors in all.
    pub fn of(past: &Backtest) -> Result<Self> {
        let of = |step: usize| past.errors.iter().filter_map(|errors| ratio(errors, step)).collect();
        let own: Vec<Vec<f64>> = (0..past.plan.horizon).map(of).collect();
        let all = own.iter().map(Vec::len).sum();
        at_least("an interval", "errors of the past", FEWEST, all)?;
        let by_step = (0..own.len()).map(|step| with_neighbours(&own, step)).collect();
        Ok(Self { by_step, counts: own.iter().map(Vec::len).collect() })
    }

    /// A forecast with intervals, as far ahead as was tested.
    ///
    /// # Errors
    /// [`Error::Constant`](crate::Error::Constant) for a series that the model never erred on: how far it may be off is not known.
    pub fn forecast(&self, fitted: &Fitted, level: Level) -> Result<Forecast> {
        self.forecast_with(fitted, &[], level)
    }

    /// The same, each step multiplied by the calendar's factor for it.
    ///
    /// # Errors
    /// As [`forecast`](Self::forecast).
    pub fn forecast_with(&self, fitted: &Fitted, factors: &[f64], level: Level) -> Result<Forecast> {
        if fitted.spread(1) <= 0.0 {
            return Err(crate::Error::Constant { method: "an interval", what: "a series" });
        }
        let step = |step: usize| {
            let factor = factors.get(step - 1).copied().unwrap_or(1.0);
            let (value, spread) = (fitted.ahead(step) * factor, fitted.spread(step) * factor);
            let [low, high] = self.reach(step, level);
            let floor = if fitted.is_positive() { 0.0 } else { f64::NEG_INFINITY };
            let low = (value + low * spread).max(floor).min(value);
            let interval = Interval { low, high: (value + high * spread).max(value), level };
            Step { value, interval, n: self.counts[step - 1] }
        };
        Ok(Forecast {
            model: fitted.method().name(),
            parameters: fitted.parameters(),
            n: fitted.n(),
            steps: (1..=self.by_step.len()).map(step).collect(),
        })
    }

    /// How often intervals held on the past: at each earlier end those that only use errors known by then.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where the past is too short to test any.
    pub fn coverage(past: &Backtest, level: Level) -> Result<Estimate> {
        let mut ends: Vec<usize> = past.errors.iter().map(|errors| errors.ended).collect();
        ends.sort_unstable();
        ends.dedup();
        let (mut held, mut all) = (0_u64, 0_u64);
        for ended in ends {
            for step in 0..past.plan.horizon {
                let known = |errors: &&Errors| errors.ended > ended + step;
                let mut pool: Vec<f64> =
                    past.errors.iter().filter(known).filter_map(|errors| ratio(errors, step)).collect();
                if pool.len() < FEWEST {
                    continue;
                }
                pool.sort_by(f64::total_cmp);
                let [low, high] = reach(&pool, level);
                for ratio in
                    past.errors.iter().filter(|errors| errors.ended == ended).filter_map(|errors| ratio(errors, step))
                {
                    held += u64::from((low..=high).contains(&ratio));
                    all += 1;
                }
            }
        }
        at_least("a test of intervals", "intervals of the past", FEWEST, usize::try_from(all).unwrap_or(usize::MAX))?;
        wilson(held, all, Level::P95)
    }

    /// Steps ahead that were tested.
    pub fn horizon(&self) -> usize {
        self.by_step.len()
    }

    /// How many spreads the interval reaches down and up at a step from 1.
    fn reach(&self, step: usize, level: Level) -> [f64; 2] {
        reach(&self.by_step[step - 1], level)
    }
}

/// How many times its own spread a forecast was off; none where the step was not compared.
fn ratio(errors: &Errors, step: usize) -> Option<f64> {
    let (actual, forecast) = (errors.actual.get(step)?, errors.forecast.get(step)?);
    let spread = errors.spread.get(step).filter(|spread| **spread > 0.0)?;
    Some((actual - forecast) / spread).filter(|ratio| ratio.is_finite())
}

/// The errors of a step, and of those beside it until there are enough.
fn with_neighbours(own: &[Vec<f64>], step: usize) -> Vec<f64> {
    let mut pooled = own[step].clone();
    let mut distance = 1;
    while pooled.len() < FEWEST && distance < own.len() {
        for beside in [step.checked_sub(distance), Some(step + distance)].into_iter().flatten() {
            pooled.extend(own.get(beside).into_iter().flatten());
        }
        distance += 1;
    }
    pooled.sort_by(f64::total_cmp);
    pooled
}

/// Errors below which each end alone would rest on too few: one series that grew would have no lower end.
pub(super) const FEW: usize = 100;

/// Where the interval ends among errors in order: each tail for itself where there are many, else as far down as up, by
/// the size of errors.
fn reach(sorted: &[f64], level: Level) -> [f64; 2] {
    if sorted.len() >= FEW {
        return [quantile(sorted, level.tail()), quantile(sorted, 1.0 - level.tail())];
    }
    let mut sizes: Vec<f64> = sorted.iter().map(|error| error.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let reach = quantile(&sizes, level.share());
    [-reach, reach]
}

/// The value of rank (n + 1)·share, straight between ranks; the ends where that lies beyond them.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (sorted.len() as f64 + 1.0) * share - 1.0;
    let below = rank.floor().clamp(0.0, (sorted.len() - 1) as f64) as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = (rank - below as f64).clamp(0.0, 1.0);
    sorted[below] + part * (sorted[above] - sorted[below])
}
