//! The normal distribution: its quantile for a level, and draws from it.

use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use statrs::function::erf::erf_inv;

use crate::Level;

/// z such that a standard normal variable lies within ±z with the probability of the level.
pub(crate) fn reach(level: Level) -> f64 {
    std::f64::consts::SQRT_2 * erf_inv(level.share())
}

/// Standard normal draws, two at a time (Box and Muller 1958, *Ann. Math. Statist.* 29, 610–611).
pub(crate) struct Normals {
    spare: Option<f64>,
}

impl Normals {
    pub(crate) const fn new() -> Self {
        Self { spare: None }
    }

    pub(crate) fn draw(&mut self, random: &mut Pcg64Mcg) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        // 1 − u lies in (0, 1], so that its logarithm is finite.
        let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * random.random::<f64>()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }
}
