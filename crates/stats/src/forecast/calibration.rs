//! Intervals as wide as the past says they must be.

use serde::Serialize;

use super::{Backtest, Fitted};
use crate::{Interval, Level, Result, error::at_least};

/// How many times its own spread a forecast was off, step by step, on the past of series like it.
///
/// For each step the errors over the model's spread are pooled over series and ends; the interval of a new forecast
/// reaches from the quantile (1 − level)/2 to (1 + level)/2 of those, times its own spread. With n errors the quantiles
/// are those of ranks (n + 1)·share, so that the interval covers its level whatever the errors' shape, where new errors
/// are like the old. Steps with few errors borrow from the steps beside them.
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
const FEWEST: usize = 20;

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
    /// [`Error::NotEnough`](crate::Error::NotEnough) where there are fewer than 20 errors in all.
    pub fn of(past: &Backtest) -> Result<Self> {
        let own: Vec<Vec<f64>> = (0..past.plan.horizon)
            .map(|step| {
                let ratio = |errors: &super::Errors| {
                    let (actual, forecast) = (errors.actual.get(step)?, errors.forecast.get(step)?);
                    let spread = errors.spread.get(step).filter(|spread| **spread > 0.0)?;
                    Some((actual - forecast) / spread)
                };
                past.errors.iter().filter_map(ratio).filter(|ratio| ratio.is_finite()).collect()
            })
            .collect();
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

    /// Steps ahead that were tested.
    pub fn horizon(&self) -> usize {
        self.by_step.len()
    }

    /// How many spreads the interval reaches down and up at a step from 1.
    fn reach(&self, step: usize, level: Level) -> [f64; 2] {
        let errors = &self.by_step[step - 1];
        [quantile(errors, level.tail()), quantile(errors, 1.0 - level.tail())]
    }
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

/// The value of rank (n + 1)·share, straight between ranks; the ends where that lies beyond them.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (sorted.len() as f64 + 1.0) * share - 1.0;
    let below = rank.floor().clamp(0.0, (sorted.len() - 1) as f64) as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = (rank - below as f64).clamp(0.0, 1.0);
    sorted[below] + part * (sorted[above] - sorted[below])
}
