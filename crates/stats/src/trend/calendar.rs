//! What moves with the calendar: feasts that wander through the year, and how many trading days a month has.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::{
    Error, Estimate, Interval, Level, Result,
    error::{at_least, finite},
    linear::{Fit, least_squares},
};

/// How much of each observation's usual trade falls into one kind of day.
///
/// A share of 0 to 1 for a feast (the part of the month that lies in Ramadan), or the relative distance from the mean for
/// trading days (0.04 = four per cent more days than usual).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// What it is: `ramadan`.
    pub name: &'static str,
    /// By observation.
    pub values: Vec<f64>,
}

/// How trade on such days differs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalendarEffect {
    /// Which exposure.
    pub name: &'static str,
    /// Trade on such a day over trade on a usual day, less 1: 0.4 = 40 % more. Above −1.
    pub effect: Estimate,
    /// Two-sided p-value of no effect, 0 to 1.
    pub p: f64,
}

/// What the calendar does to a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalendarEffects {
    /// `log-linear regression with AR(1) errors`.
    pub model: &'static str,
    /// One for each exposure.
    pub effects: Vec<CalendarEffect>,
    /// Autocorrelation of what is left, −1 to 1.
    pub autocorrelation: f64,
    /// Standard deviation of what is left, on the scale of logarithms.
    pub sigma: f64,
    /// Observations.
    pub n: usize,
}

impl CalendarEffects {
    /// What the calendar multiplies an observation with, for its exposures in the order of the effects; above 0.
    pub fn factor(&self, exposures: &[f64]) -> f64 {
        let one = |(effect, exposure): (&CalendarEffect, &f64)| part(effect.effect.value, *exposure);
        self.effects.iter().zip(exposures).map(one).product()
    }
}

/// An effect may not take away more than this share of what would have been sold.
const LEAST: f64 = -0.95;
const MOST: f64 = 20.0;

fn part(effect: f64, exposure: f64) -> f64 {
    (1.0 + effect * exposure).max(1.0 + LEAST)
}

/// Observations between two bends of the trend.
const BEND: usize = 18;

/// How trade differs on the days of each exposure: y = trend · season · Π (1 + effect · exposure) · noise.
///
/// The logarithm is fitted by least squares with a trend that may bend every 18 observations, an index for each phase of
/// the season, and the effects (Gauss–Newton); what is left may be correlated from one observation to the next
/// (Prais–Winsten). A feast can be told from the season since it wanders: about three years are needed for a feast of the
/// Islamic year. Source: Bell & Hillmer (1983), "Modeling time series with calendar variation", *JASA* 78, 526–534; errors:
/// Prais & Winsten (1954).
///
/// # Errors
/// [`Error::NotEnough`] for fewer than three periods or too few observations for so many exposures, [`Error::Unequal`],
/// [`Error::NotFinite`], [`Error::OutOfRange`] for an observation that is not above 0, [`Error::Constant`] where an
/// exposure cannot be told from the season, [`Error::NoConvergence`].
///
/// ```
/// use takar_stats::{Level, trend::{Exposure, calendar_effects}};
/// // A feast that comes one month earlier each year and adds half.
/// let share: Vec<f64> = (0..48).map(|t| f64::from(u8::from(t % 12 == 8 - t / 12))).collect();
/// let values: Vec<f64> = share.iter().enumerate().map(|(t, share)| {
///     (100.0 + t as f64) * (1.0 + 0.5 * share) * (1.0 + 0.01 * (t as f64 * 2.4).sin())
/// }).collect();
/// let found = calendar_effects(&values, 12, &[Exposure { name: "feast", values: share }], Level::P95)?;
/// assert!((found.effects[0].effect.value - 0.5).abs() < 0.03);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn calendar_effects(
    values: &[f64],
    period: usize,
    exposures: &[Exposure],
    level: Level,
) -> Result<CalendarEffects> {
    const METHOD: &str = "calendar effects";
    const STEPS: usize = 60;
    at_least(METHOD, "observations", 3 * period.max(2), values.len())?;
    finite("observation", values)?;
    for exposure in exposures {
        if exposure.values.len() != values.len() {
            let (left, right) = (exposure.values.len(), values.len());
            return Err(Error::Unequal { what: "exposure and series", left, right });
        }
        finite("exposure", &exposure.values)?;
    }
    if let Some(index) = values.iter().position(|value| *value <= 0.0) {
        return Err(Error::OutOfRange { what: "observation", index, value: values[index], range: "above 0" });
    }
    let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
    let fixed = trend_and_season(values.len(), period);
    let mut effects = vec![0.0; exposures.len()];
    let mut autocorrelation = 0.0;
    let mut fit = step(METHOD, &logs, &fixed, exposures, &effects, autocorrelation)?;
    for taken in 0.. {
        let moves = &fit.coefficients[fixed.len()..];
        let largest = moves.iter().fold(0.0_f64, |largest, step| largest.max(step.abs()));
        for (effect, step) in effects.iter_mut().zip(moves) {
            *effect = (*effect + step.clamp(-0.5, 0.5)).clamp(LEAST, MOST);
        }
        let before = autocorrelation;
        autocorrelation = first_autocorrelation(&plain_residuals(&logs, &fixed, exposures, &effects, &fit));
        fit = step(METHOD, &logs, &fixed, exposures, &effects, autocorrelation)?;
        if largest < 1e-7 && (autocorrelation - before).abs() < 1e-7 {
            break;
        }
        if taken == STEPS {
            // At a bound the steps go on for ever: that is an answer where they have become small.
            if largest < 1e-3 {
                break;
            }
            return Err(Error::NoConvergence { method: METHOD, steps: STEPS });
        }
    }
    let student = StudentsT::new(0.0, 1.0, fit.freedom as f64).map_err(|_| Error::NotEnough {
        method: METHOD,
        what: "observations",
        needed: fit.residuals.len() + 1,
        got: values.len(),
    })?;
    let reach = student.inverse_cdf(1.0 - level.tail());
    let told = |(place, exposure): (usize, &Exposure)| {
        let (value, error) = (effects[place], fit.standard_error(fixed.len() + place));
        let interval = Interval { low: (value - reach * error).max(-1.0), high: value + reach * error, level };
        let t = if error > 0.0 { (value / error).abs() } else { 0.0 };
        let p = (2.0 * student.sf(t)).min(1.0);
        CalendarEffect { name: exposure.name, effect: Estimate { value, interval, n: values.len() }, p }
    };
    Ok(CalendarEffects {
        model: "log-linear regression with AR(1) errors",
        effects: exposures.iter().enumerate().map(told).collect(),
        autocorrelation,
        sigma: fit.variance.sqrt(),
        n: values.len(),
    })
}

/// Columns of a trend that may bend and of an index for each phase.
fn trend_and_season(n: usize, period: usize) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> =
        (0..period).map(|phase| (0..n).map(|t| f64::from(u8::from(t % period == phase))).collect()).collect();
    // No bend so near the end that a few observations would decide it.
    let bends = (0..n.saturating_sub(BEND / 2)).step_by(BEND);
    columns.extend(bends.map(|bend| (0..n).map(|t| t.saturating_sub(bend) as f64 / n as f64).collect()));
    columns
}

/// One step of Gauss–Newton: what is left after the effects so far, by the fixed columns and the slope of each effect, with
/// the correlation of neighbours taken out.
fn step(
    method: &'static str,
    logs: &[f64],
    fixed: &[Vec<f64>],
    exposures: &[Exposure],
    effects: &[f64],
    autocorrelation: f64,
) -> Result<Fit> {
    let mut columns = fixed.to_vec();
    for (exposure, effect) in exposures.iter().zip(effects) {
        columns.push(exposure.values.iter().map(|share| share / part(*effect, *share)).collect());
    }
    let left = without_effects(logs, exposures, effects);
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| whitened(column, autocorrelation)).collect();
    least_squares(method, &columns, &whitened(&left, autocorrelation))
}

fn without_effects(logs: &[f64], exposures: &[Exposure], effects: &[f64]) -> Vec<f64> {
    let of = |t: usize| {
        exposures.iter().zip(effects).map(|(exposure, effect)| part(*effect, exposure.values[t]).ln()).sum::<f64>()
    };
    logs.iter().enumerate().map(|(t, log)| log - of(t)).collect()
}

/// What the fixed columns and effects leave, on the plain scale.
fn plain_residuals(logs: &[f64], fixed: &[Vec<f64>], exposures: &[Exposure], effects: &[f64], fit: &Fit) -> Vec<f64> {
    let left = without_effects(logs, exposures, effects);
    let fitted = |t: usize| fixed.iter().zip(&fit.coefficients).map(|(column, c)| column[t] * c).sum::<f64>();
    left.iter().enumerate().map(|(t, value)| value - fitted(t)).collect()
}

fn first_autocorrelation(residuals: &[f64]) -> f64 {
    let squares: f64 = residuals.iter().map(|value| value * value).sum();
    let products: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    if squares > 0.0 { (products / squares).clamp(-0.8, 0.8) } else { 0.0 }
}

/// Prais–Winsten: each value less what its neighbour foretells; the first keeps its weight.
fn whitened(values: &[f64], autocorrelation: f64) -> Vec<f64> {
    let first = values.first().map(|value| value * (1.0 - autocorrelation * autocorrelation).sqrt());
    first.into_iter().chain(values.windows(2).map(|pair| pair[1] - autocorrelation * pair[0])).collect()
}
