//! The chance of success, drawn towards what is usual, and what follows for an amount.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::Serialize;
use statrs::function::beta::beta_reg;

use crate::{Error, Estimate, Interval, Level, Result, normal::Normals};

/// A chance that is not known for certain: Beta(a, b).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    a: f64,
    b: f64,
    n: usize,
}

impl Chance {
    /// What is usual (a chance between 0 and 1 that counts as much as `strength` cases), and of `tried` own cases `worked`.
    ///
    /// Source: the beta-binomial with its conjugate prior, Gelman et al. (2013), *Bayesian Data Analysis*, 3rd ed., section 2.4.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a usual chance that is not between 0 and 1, a strength that is not above 0, or more that worked than were tried.
    ///
    /// ```
    /// use takar_stats::worth::Chance;
    /// let chance = Chance::shrunk(0.3, 10.0, 7, 10)?;
    /// assert!((chance.mean() - 0.5).abs() < 1e-12); // (3 + 7) of (10 + 10)
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn shrunk(usual: f64, strength: f64, worked: usize, tried: usize) -> Result<Self> {
        if !(usual > 0.0 && usual < 1.0) {
            return Err(Error::OutOfRange { what: "usual chance", index: 0, value: usual, range: "between 0 and 1" });
        }
        if !(strength > 0.0 && strength.is_finite()) {
            return Err(Error::OutOfRange { what: "strength", index: 0, value: strength, range: "above 0" });
        }
        if worked > tried {
            let value = worked as f64;
            return Err(Error::OutOfRange { what: "successes", index: 0, value, range: "at most what was tried" });
        }
        let failed = (tried - worked) as f64;
        Ok(Self { a: usual * strength + worked as f64, b: (1.0 - usual) * strength + failed, n: tried })
    }

    /// The same, `share` times as likely (0 to 1) and as uncertain as before.
    #[must_use]
    pub fn lowered(self, share: f64) -> Self {
        let all = self.a + self.b;
        let mean = (self.mean() * share.clamp(1e-6, 1.0)).clamp(1e-6, 1.0 - 1e-6);
        Self { a: mean * all, b: (1.0 - mean) * all, n: self.n }
    }

    /// The expected chance.
    pub fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// The chance with its interval, and how many own cases it rests on.
    pub fn estimate(self, level: Level) -> Estimate {
        let end = |wanted: f64| {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..40 {
                let middle = f64::midpoint(low, high);
                if beta_reg(self.a, self.b, middle) < wanted { low = middle } else { high = middle }
            }
            f64::midpoint(low, high)
        };
        let interval = Interval { low: end(level.tail()), high: end(1.0 - level.tail()), level };
        Estimate { value: self.mean(), interval, n: self.n }
    }

    /// What of an amount may be counted on: chance × how much the amount itself may be off, by simulation. A share of the amount, usually below 1.
    ///
    /// The amount is taken as log-normal about its expected value, with `spread` the standard deviation of its logarithm (0 = known). The value is
    /// the expected share, the interval that of the draws; the same seed gives the same.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a spread below 0, [`Error::NotEnough`] below 100 draws.
    pub fn share(self, spread: f64, draws: Draws, level: Level) -> Result<Estimate> {
        crate::error::at_least("a simulation", "draws", 100, draws.count)?;
        if !(spread >= 0.0 && spread.is_finite()) {
            return Err(Error::OutOfRange { what: "spread", index: 0, value: spread, range: "0 or more" });
        }
        let mut random = Pcg64Mcg::seed_from_u64(draws.seed);
        let mut normals = Normals::new();
        let mut drawn: Vec<f64> = (0..draws.count)
            .map(|_| {
                let (one, other) = (gamma(self.a, &mut random, &mut normals), gamma(self.b, &mut random, &mut normals));
                let chance = if one + other > 0.0 { one / (one + other) } else { self.mean() };
                chance * (spread * normals.draw(&mut random) - spread * spread / 2.0).exp()
            })
            .collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| drawn[((share * draws.count as f64) as usize).min(draws.count - 1)];
        // A mean lies beyond a quantile where the draws are very skewed: the interval is widened to hold it.
        let value = self.mean();
        let (low, high) = (at(level.tail()).min(value), at(1.0 - level.tail()).max(value));
        Ok(Estimate { value, interval: Interval { low, high, level }, n: self.n })
    }
}

/// How many draws, from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// How many, 100 at least.
    pub count: usize,
    /// From where they start.
    pub seed: u64,
}

/// A draw from Gamma(shape, 1) (Marsaglia & Tsang 2000, *ACM Trans. Math. Softw.* 26, 363–372).
fn gamma(shape: f64, random: &mut Pcg64Mcg, normals: &mut Normals) -> f64 {
    if shape < 1.0 {
        let boost = (1.0 - random.random::<f64>()).powf(1.0 / shape);
        return gamma(shape + 1.0, random, normals) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normals.draw(random);
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && (1.0 - random.random::<f64>()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}
