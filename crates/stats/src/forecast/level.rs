//! Exponential smoothing of a level, with an optional drift: what the Theta methods rest on.

/// A smoothed level and how well it foretold each next observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    /// Weight of the newest observation, 0 to 1.
    pub alpha: f64,
    /// The level before the first observation.
    pub start: f64,
    /// The level after the last observation.
    pub last: f64,
    /// Weight of the drift at each step.
    pub drift_weight: f64,
    /// Σ of squared one-step errors.
    pub squares: f64,
}

/// Smallest and largest weight of the newest observation.
const ALPHA: (f64, f64) = (0.01, 0.99);
/// Weights tried before the search is refined.
const GRID: usize = 12;
/// Steps of the refined search; each leaves 62 % of the range.
const REFINEMENTS: usize = 14;

/// What is added to the level for the next step, from alpha and (1 − alpha)^t after t observations.
pub(super) trait Drift: Fn(f64, f64) -> f64 {}
impl<F: Fn(f64, f64) -> f64> Drift for F {}

/// The level whose one-step forecasts `level + drift_weight · drift` have the least squared error.
///
/// For a given alpha the errors are linear in the start, so that only alpha is searched.
pub(super) fn smooth(values: &[f64], drift: &impl Drift, weight: f64) -> Level {
    let at = |alpha: f64| fit(values, alpha, drift, weight);
    let step = (ALPHA.1 - ALPHA.0) / GRID as f64;
    let tried = (0..=GRID).map(|place| at(ALPHA.0 + step * place as f64));
    let Some(best) = tried.min_by(|one, other| one.squares.total_cmp(&other.squares)) else {
        return at(0.5);
    };
    golden(at, (best.alpha - step).max(ALPHA.0), (best.alpha + step).min(ALPHA.1), best)
}

/// Golden-section search for the least squared error.
fn golden(at: impl Fn(f64) -> Level, mut low: f64, mut high: f64, best: Level) -> Level {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let mut left = at(high - RATIO * (high - low));
    let mut right = at(low + RATIO * (high - low));
    for _ in 0..REFINEMENTS {
        if left.squares <= right.squares {
            high = right.alpha;
            right = left;
            left = at(high - RATIO * (high - low));
        } else {
            low = left.alpha;
            left = right;
            right = at(low + RATIO * (high - low));
        }
    }
    [best, left, right].into_iter().min_by(|one, other| one.squares.total_cmp(&other.squares)).unwrap_or(best)
}

/// For a given alpha: the errors are `own − start·gone`, where `own` is the error of a level that starts at 0 and
/// `gone` = (1 − alpha)^t.
fn fit(values: &[f64], alpha: f64, drift: &impl Drift, weight: f64) -> Level {
    let keep = 1.0 - alpha;
    let (mut level, mut gone) = (0.0, 1.0);
    let (mut gone_gone, mut own_gone, mut own_own) = (0.0, 0.0, 0.0);
    for value in values {
        let own = value - level - weight * drift(alpha, gone);
        gone_gone += gone * gone;
        own_gone += own * gone;
        own_own += own * own;
        level = alpha * value + keep * level;
        gone *= keep;
    }
    let start = if gone_gone > 0.0 { own_gone / gone_gone } else { 0.0 };
    let squares = own_own - start * own_gone;
    Level { alpha, start, last: level + start * gone, drift_weight: weight, squares: squares.max(0.0) }
}

/// One-step errors of a level that was found.
pub(super) fn one_step_errors(values: &[f64], found: &Level, drift: &impl Drift) -> Vec<f64> {
    let (mut level, mut gone) = (found.start, 1.0);
    let error = |value: &f64| {
        let error = value - level - found.drift_weight * drift(found.alpha, gone);
        level = found.alpha * value + (1.0 - found.alpha) * level;
        gone *= 1.0 - found.alpha;
        error
    };
    values.iter().map(error).collect()
}
