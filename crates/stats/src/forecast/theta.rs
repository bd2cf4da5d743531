//! The Theta method: a smoothed level that drifts along half of the series' straight trend.
//!
//! Assimakopoulos & Nikolopoulos (2000), *Int. J. Forecasting* 16, 521–530; as exponential smoothing with drift: Hyndman &
//! Billah (2003), ibid. 19, 287–290; Fiorucci et al. (2016), ibid. 32, 1151–1161, eq. 6–11 with θ = 2.

use super::level::{self, Level};

/// 1 − 1/θ.
const DRIFT_WEIGHT: f64 = 0.5;

/// A fitted Theta method on a series without season.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Theta {
    found: Level,
    line: Line,
    n: usize,
}

/// The straight line through the series: value = `from` + `slope` · t, t from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    from: f64,
    slope: f64,
}

impl Line {
    fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let weighted: f64 = values.iter().enumerate().map(|(t, value)| (t + 1) as f64 * (value - mean)).sum();
        let spread = n * (n * n - 1.0) / 12.0;
        let slope = if spread > 0.0 { weighted / spread } else { 0.0 };
        Self { from: mean - slope * (n + 1.0) / 2.0, slope }
    }

    /// What the line adds to a smoothed level one step after `t` observations: eq. 7 with (1 − alpha)^t written out.
    fn drift(self, alpha: f64, gone: f64) -> f64 {
        self.from * gone + self.slope * (1.0 - gone * (1.0 - alpha)) / alpha
    }
}

impl Theta {
    pub(super) fn fit(values: &[f64]) -> Self {
        let line = Line::of(values);
        let found = level::smooth(values, &|alpha, gone| line.drift(alpha, gone), DRIFT_WEIGHT);
        Self { found, line, n: values.len() }
    }

    /// The forecast `ahead` steps after the last observation; 1 is the next.
    pub(super) fn ahead(&self, ahead: usize) -> f64 {
        let alpha = self.found.alpha;
        let gone = i32::try_from(self.n).map_or(0.0, |steps| (1.0 - alpha).powi(steps));
        let drift = self.line.drift(alpha, gone) + self.line.slope * (ahead as f64 - 1.0);
        self.found.last + self.found.drift_weight * drift
    }

    pub(super) fn one_step_errors(&self, values: &[f64]) -> Vec<f64> {
        let line = self.line;
        level::one_step_errors(values, &self.found, &|alpha, gone| line.drift(alpha, gone))
    }

    pub(super) fn alpha(&self) -> f64 {
        self.found.alpha
    }
}
