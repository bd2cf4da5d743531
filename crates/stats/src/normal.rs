//! The normal distribution.

use statrs::function::erf::erf_inv;

use crate::Level;

/// z such that a standard normal variable lies within ±z with the probability of the level.
pub(crate) fn reach(level: Level) -> f64 {
    std::f64::consts::SQRT_2 * erf_inv(level.share())
}
