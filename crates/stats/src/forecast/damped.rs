//! Exponential smoothing of a level and a damped trend, ETS(A,Ad,N).
//!
//! Gardner & McKenzie (1985), *Management Science* 31, 1237–1246; Hyndman et al. (2008), *Forecasting with Exponential
//! Smoothing*, Table 2.1.

/// A fitted damped trend on a series without season.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Damped {
    /// Weight of the newest observation for the level, of the newest change for the trend, and what is left of the trend
    /// after each step.
    pub alpha: f64,
    pub beta: f64,
    pub phi: f64,
    start: [f64; 2],
    last: [f64; 2],
    squares: f64,
}

/// What is left of the trend after each step.
const PHI: [f64; 4] = [0.80, 0.90, 0.95, 0.98];
/// Weights tried before the search is refined.
const ALPHA: [f64; 6] = [0.02, 0.1, 0.25, 0.45, 0.7, 0.95];
const BETA: [f64; 4] = [0.005, 0.05, 0.15, 0.4];

impl Damped {
    /// The weights with the least squared one-step error: tried on a grid, then refined around the best. The start is exact
    /// for given weights, since errors are linear in it.
    pub(super) fn fit(values: &[f64]) -> Self {
        let mut best = Self::with(values, ALPHA[2], BETA[0], PHI[1]);
        let consider = |alpha: f64, beta: f64, phi: f64, best: &mut Self| {
            let tried = Self::with(values, alpha, beta, phi);
            if tried.squares < best.squares {
                *best = tried;
            }
        };
        for phi in PHI {
            for alpha in ALPHA {
                for beta in BETA {
                    consider(alpha, beta, phi, &mut best);
                }
            }
        }
        let mut reach = [0.12, 0.08, 0.05];
        for _ in 0..6 {
            for along in 0..3 {
                for direction in [-1.0, 1.0] {
                    let mut point = [best.alpha, best.beta, best.phi];
                    point[along] += direction * reach[along];
                    let [alpha, beta, phi] = point;
                    consider(alpha.clamp(0.01, 0.99), beta.clamp(0.001, 0.9), phi.clamp(0.7, 0.98), &mut best);
                }
            }
            reach.iter_mut().for_each(|reach| *reach *= 0.6);
        }
        best
    }

    fn with(values: &[f64], alpha: f64, beta: f64, phi: f64) -> Self {
        // Three runs at once: from a start of nothing, of a level of 1 and of a trend of 1 (without observations).
        let mut own = [0.0; 2];
        let mut unit_level = [1.0, 0.0];
        let mut unit_trend = [0.0, 1.0];
        let (mut ll, mut lt, mut tt, mut ol, mut ot, mut oo) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        let step = |state: [f64; 2], error: f64| {
            let trend = phi * state[1];
            [state[0] + trend + alpha * error, trend + alpha * beta * error]
        };
        let next = |state: [f64; 2]| state[0] + phi * state[1];
        for value in values {
            let error = value - next(own);
            let (by_level, by_trend) = (next(unit_level), next(unit_trend));
            ll += by_level * by_level;
            lt += by_level * by_trend;
            tt += by_trend * by_trend;
            ol += error * by_level;
            ot += error * by_trend;
            oo += error * error;
            own = step(own, error);
            unit_level = step(unit_level, -by_level);
            unit_trend = step(unit_trend, -by_trend);
        }
        let determinant = ll * tt - lt * lt;
        let start = if determinant > 1e-12 * ll * tt {
            [(ol * tt - ot * lt) / determinant, (ot * ll - ol * lt) / determinant]
        } else {
            [if ll > 0.0 { ol / ll } else { 0.0 }, 0.0]
        };
        let squares = oo + start[0] * start[0] * ll + start[1] * start[1] * tt + 2.0 * start[0] * start[1] * lt
            - 2.0 * (start[0] * ol + start[1] * ot);
        let last = std::array::from_fn(|i| own[i] + start[0] * unit_level[i] + start[1] * unit_trend[i]);
        Self { alpha, beta, phi, start, last, squares: squares.max(0.0) }
    }

    /// The forecast `ahead` steps after the last observation; 1 is the next.
    pub(super) fn ahead(&self, ahead: usize) -> f64 {
        let mut reach = 0.0;
        let mut left = 1.0;
        for _ in 0..ahead {
            left *= self.phi;
            reach += left;
        }
        self.last[0] + reach * self.last[1]
    }

    pub(super) fn one_step_errors(&self, values: &[f64]) -> Vec<f64> {
        let [mut level, mut trend] = self.start;
        let error = |value: &f64| {
            trend *= self.phi;
            let error = value - level - trend;
            level += trend + self.alpha * error;
            trend += self.alpha * self.beta * error;
            error
        };
        values.iter().map(error).collect()
    }
}
