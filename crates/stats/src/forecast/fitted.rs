//! A method that was fitted to a series, ready to forecast.

use super::{Method, accuracy::seasonal_scale, damped::Damped, theta::Theta};
use crate::season::Season;

/// A fitted method.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    method: Method,
    season: Season,
    parts: Parts,
    n: usize,
    /// Standard deviation of one-step errors on the series without season; 0 where it never erred.
    error: f64,
    /// Mean absolute error of the seasonal naive forecast; 0 where the series repeats itself.
    scale: f64,
    /// No observation is below 0: neither is a forecast.
    is_positive: bool,
}

/// What a method found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Parts {
    /// The last period, which goes on.
    Repeated(Vec<f64>),
    /// A level, which goes on.
    Level(f64),
    Theta(Theta),
    Damped(Damped),
    Combined(Theta, Damped),
}

impl Parts {
    fn ahead(&self, ahead: usize) -> f64 {
        match self {
            Self::Repeated(period) => period[(ahead - 1) % period.len()],
            Self::Level(level) => *level,
            Self::Theta(theta) => theta.ahead(ahead),
            Self::Damped(damped) => damped.ahead(ahead),
            Self::Combined(theta, damped) => f64::midpoint(theta.ahead(ahead), damped.ahead(ahead)),
        }
    }

    fn one_step_errors(&self, adjusted: &[f64]) -> Vec<f64> {
        match self {
            Self::Repeated(period) => {
                adjusted.iter().skip(period.len()).zip(adjusted).map(|(now, then)| now - then).collect()
            }
            Self::Level(level) => adjusted.iter().map(|value| value - level).collect(),
            Self::Theta(theta) => theta.one_step_errors(adjusted),
            Self::Damped(damped) => damped.one_step_errors(adjusted),
            Self::Combined(theta, damped) => {
                let (one, other) = (theta.one_step_errors(adjusted), damped.one_step_errors(adjusted));
                one.iter().zip(&other).map(|(one, other)| f64::midpoint(*one, *other)).collect()
            }
        }
    }

    /// How much of each surprise stays.
    fn persistence(&self) -> f64 {
        match self {
            Self::Repeated(_) => 0.0,
            Self::Level(_) => 0.1,
            Self::Theta(theta) | Self::Combined(theta, _) => theta.alpha(),
            Self::Damped(damped) => damped.alpha,
        }
    }
}

impl Fitted {
    pub(super) fn new(
        method: Method,
        values: &[f64],
        adjusted: &[f64],
        season: Season,
        period: usize,
        parts: Parts,
    ) -> Self {
        let errors = parts.one_step_errors(adjusted);
        // The season and the method were fitted to the same observations: each parameter takes one of them.
        let fitted = 2 + season.indices().len().saturating_sub(1);
        let free = errors.len().saturating_sub(fitted).max(1) as f64;
        let error = (errors.iter().map(|error| error * error).sum::<f64>() / free).sqrt();
        // What rounding leaves is no error.
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let error = if error <= 1e-10 * largest { 0.0 } else { error };
        let scale = seasonal_scale(values, period).or_else(|_| seasonal_scale(values, 1)).unwrap_or(0.0);
        let is_positive = values.iter().all(|value| *value >= 0.0);
        Self { method, season, parts, n: values.len(), error, scale, is_positive }
    }

    /// The forecast `step` steps after the last observation, in the unit of the series; 1 (and 0) is the next. Not below 0
    /// where no observation is.
    pub fn ahead(&self, step: usize) -> f64 {
        let step = step.max(1);
        let forecast = self.season.restored(self.parts.ahead(step), self.n + step - 1);
        if self.is_positive { forecast.max(0.0) } else { forecast }
    }

    /// The forecasts of the next `steps` steps.
    pub fn path(&self, steps: usize) -> Vec<f64> {
        (1..=steps).map(|step| self.ahead(step)).collect()
    }

    /// How far the forecast of a step is off by the model's own account, as a standard deviation in the unit of the series:
    /// the scatter of one-step errors, wider with each surprise that stays (Hyndman et al. 2008, eq. 6.1) and with the
    /// season's factor. Models are too sure of themselves: [`Calibration`](super::Calibration) corrects it.
    pub fn spread(&self, step: usize) -> f64 {
        let step = step.max(1);
        let persistence = self.parts.persistence();
        let growth = (1.0 + (step as f64 - 1.0) * persistence * persistence).sqrt();
        self.error * growth * self.season.spread(self.n + step - 1)
    }

    /// Mean absolute error of the seasonal naive forecast within the series; 0 where it repeats itself.
    pub const fn scale(&self) -> f64 {
        self.scale
    }

    /// No observation, and so no forecast, is below 0.
    pub(super) const fn is_positive(&self) -> bool {
        self.is_positive
    }

    /// The method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The season that was taken out.
    pub const fn season(&self) -> &Season {
        &self.season
    }

    /// Observations it was fitted to.
    pub const fn n(&self) -> usize {
        self.n
    }

    /// Parameters by name.
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        let theta = |theta: &Theta| vec![("alpha", theta.alpha())];
        let damped = |damped: &Damped| vec![("alpha", damped.alpha), ("beta", damped.beta), ("phi", damped.phi)];
        match &self.parts {
            Parts::Repeated(_) => Vec::new(),
            Parts::Level(level) => vec![("level", *level)],
            Parts::Theta(found) => theta(found),
            Parts::Damped(found) => damped(found),
            Parts::Combined(one, other) => {
                let mut all = theta(one);
                all.extend([("damped_alpha", other.alpha), ("damped_beta", other.beta), ("damped_phi", other.phi)]);
                all
            }
        }
    }
}
