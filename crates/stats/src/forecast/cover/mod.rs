//! How much has to be there, so that it lasts through a step as often as is asked.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{Errors, calibration::quantile};
use crate::{Estimate, Interval, Level, Result, error::at_least, proportion::wilson};

/// What the errors of one step say about what will be wanted in the next one.
///
/// At an earlier end of a series, S is what the next step brought, Ŝ its forecast and u the spread of that by the model's own account
/// ([`Fitted::spread`](super::Fitted::spread)); e = (S − Ŝ) / u, pooled over series that are alike and over ends. What lasts with a
/// chance of p is Ŝ + u · the value of rank (n + 1)·p among the e: with errors like those of the past it lasts in p of all cases,
/// whatever shape they have. A step is therefore as long as the stock has to last.
///
/// Source: Vovk, Gammerman & Shafer (2005), *Algorithmic Learning in a Random World*, ch. 2 (one-sided, split); for stock, quantiles of
/// errors over the lead time instead of a normal guess: Trapero, Cardós & Kourentzes (2019), *Omega* 84, 199–211.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// In rising order.
    errors: Vec<f64>,
    /// By place: the sum of the errors from there on.
    sums: Vec<f64>,
}

/// Errors that a level rests on, at least.
const FEWEST: usize = 12;

impl Cover {
    /// Learns from what was forecast and what came; only first steps count.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) for fewer than 12 errors.
    ///
    /// ```
    /// use takar_stats::{Level, forecast::{Cover, Method, Plan, Series, backtest}};
    /// let values: Vec<f64> = (0..40).map(|t| 100.0 + f64::from(t % 7)).collect();
    /// let plan = Plan { method: Method::Theta, period: 1, horizon: 1, shortest: 12, origins: 24 };
    /// let past = backtest(&[Series::of(&values)], &plan)?;
    /// let cover = Cover::of(&past.errors)?;
    /// assert!(cover.lasting(103.0, 2.0, Level::P95)? > cover.lasting(103.0, 2.0, Level::P80)?);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn of<'a>(past: impl IntoIterator<Item = &'a Errors>) -> Result<Self> {
        let mut errors: Vec<f64> = past.into_iter().filter_map(ratio).collect();
        at_least("what lasts", "errors of the past", FEWEST, errors.len())?;
        errors.sort_by(f64::total_cmp);
        let mut sums = errors.clone();
        for place in (0..sums.len() - 1).rev() {
            sums[place] += sums[place + 1];
        }
        Ok(Self { errors, sums })
    }

    /// What lasts through the next step with a chance of `share`, in the unit of the series; 0 or more.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where the errors are too few to know so high a share: (n + 1)·(1 − share) is below 1.
    pub fn lasting(&self, forecast: f64, spread: f64, share: Level) -> Result<f64> {
        at_least("what lasts", "errors of the past", needed(share), self.errors.len())?;
        Ok((forecast + spread * quantile(&self.errors, share.share())).max(0.0))
    }

    /// What the next step brings, to `level`: 0 or more, the forecast inside.
    pub fn interval(&self, forecast: f64, spread: f64, level: Level) -> Interval {
        let at = |share: f64| (forecast + spread * quantile(&self.errors, share)).max(0.0);
        Interval { low: at(level.tail()).min(forecast), high: at(1.0 - level.tail()).max(forecast), level }
    }

    /// How much of what is wanted in the next step is expected to be missing where `there` (0 or more) is all there is: the mean of what
    /// goes beyond it.
    pub fn missing(&self, forecast: f64, spread: f64, there: f64) -> f64 {
        if spread <= 0.0 {
            return (forecast - there).max(0.0);
        }
        let first = self.errors.partition_point(|error| forecast + spread * error <= there);
        let beyond = (self.errors.len() - first) as f64;
        let sum = self.sums.get(first).copied().unwrap_or_default();
        (((forecast - there) * beyond + spread * sum) / self.errors.len() as f64).max(0.0)
    }

    /// Errors it rests on.
    pub fn n(&self) -> usize {
        self.errors.len()
    }

    /// How often a level for `share` would have lasted: at each earlier end told from errors known by then.
    ///
    /// Series of one end may move together, so the interval (95 %) is that of a mean over ends (clusters), not over series.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where fewer than two ends can be judged.
    pub fn held<'a>(past: impl IntoIterator<Item = &'a Errors>, share: Level) -> Result<Estimate> {
        let mut by_end: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for errors in past {
            if let Some(ratio) = ratio(errors) {
                by_end.entry(errors.ended).or_default().push(ratio);
            }
        }
        // By end, the earliest first: how many lasted, of how many.
        let mut ends: Vec<(f64, f64)> = Vec::new();
        let mut known: Vec<f64> = Vec::new();
        for now in by_end.into_values().rev() {
            if known.len() >= needed(share) {
                known.sort_by(f64::total_cmp);
                let reach = quantile(&known, share.share());
                let lasted = now.iter().filter(|ratio| **ratio <= reach).count();
                ends.push((lasted as f64, now.len() as f64));
            }
            known.extend(now);
        }
        at_least("a test of what lasts", "ends", 2, ends.len())?;
        let (lasted, all) = ends.iter().fold((0.0, 0.0), |(lasted, all), (held, of)| (lasted + held, all + of));
        let value: f64 = lasted / all;
        let squares: f64 = ends.iter().map(|(held, of)| (held - value * of) * (held - value * of)).sum();
        // Where all lasted, or none, the ends do not scatter: then chance alone is told.
        if squares <= 0.0 {
            return wilson(lasted as u64, all as u64, Level::P95);
        }
        let count = ends.len() as f64;
        let error = (squares * count / (count - 1.0)).sqrt() / all;
        let times =
            StudentsT::new(0.0, 1.0, count - 1.0).map_or(2.0, |student| student.inverse_cdf(1.0 - Level::P95.tail()));
        let interval = Interval {
            low: (value - times * error).max(0.0),
            high: (value + times * error).min(1.0),
            level: Level::P95,
        };
        Ok(Estimate { value, interval, n: all as usize })
    }
}

/// How many errors tell a share of them: one at least lies beyond.
fn needed(share: Level) -> usize {
    FEWEST.max((1.0 / (1.0 - share.share()) - 1e-9).ceil() as usize - 1)
}

/// How many times its own spread the first step was off; none where that is not known.
fn ratio(errors: &Errors) -> Option<f64> {
    let (actual, forecast) = (errors.actual.first()?, errors.forecast.first()?);
    let spread = errors.spread.first().filter(|spread| **spread > 0.0)?;
    Some((actual - forecast) / spread).filter(|ratio| ratio.is_finite())
}
