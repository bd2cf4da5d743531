//! Where somebody stands among others: a range of ranks, never one rank.

mod count;
#[cfg(test)]
mod tests;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Level, Result,
    error::{at_least, finite},
    normal::Normals,
};

pub(crate) use count::standings;

/// How often to draw, and from which seed.
///
/// ```
/// use takar_stats::standing::Draws;
/// let draws = Draws { count: 10_000, seed: 7 };
/// assert_eq!(draws, Draws::usual(7));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    /// How often; at least 2 / (1 − level), so that the tails are not empty.
    pub count: usize,
    /// The same seed gives the same ranges, on any number of cores.
    pub seed: u64,
}

impl Draws {
    /// 10,000 draws.
    pub const fn usual(seed: u64) -> Self {
        Self { count: 10_000, seed }
    }

    pub(crate) fn check(self, level: Level) -> Result<()> {
        at_least("a range of ranks", "draws", (2.0 / (1.0 - level.share())).ceil() as usize, self.count)
    }

    /// The stream of one draw: the same whoever draws it.
    pub(crate) fn stream(self, draw: usize) -> Pcg64Mcg {
        // Neighbouring seeds are spread over all bits by the seeding itself.
        Pcg64Mcg::seed_from_u64(self.seed.wrapping_add((draw as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }
}

/// Where one stands: rank 1 is the highest value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Standing {
    /// The rank of the value itself, 1 and above; equal values share the middle of their ranks.
    pub rank: f64,
    /// The middle rank over all draws.
    pub median: usize,
    /// The best rank of the range.
    pub best: usize,
    /// The worst rank of the range, at least `best`.
    pub worst: usize,
    /// The level of the range.
    pub level: Level,
    /// The probability to be among the best quarter (the ⌈n/4⌉ highest), 0 to 1.
    pub top_quarter: f64,
    /// How many stand here.
    pub n: usize,
}

/// A value and how exactly it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The value, in any unit.
    pub value: f64,
    /// Its standard error, 0 or more, in the same unit.
    pub error: f64,
}

/// The ranges of ranks that measured values leave open: every draw takes each value anew from a normal distribution
/// around it, and ranks them; equal ones are ranked by lot.
///
/// Put shrunken values in (those of a random-effects model): raw ones of small portfolios take the ends too often. Values come out in the
/// order given. The time is draws × n·log n.
/// Source: Goldstein & Spiegelhalter (1996), *J. R. Statist. Soc. A* 159, 385–443, section 3.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than 2 values or too few draws, [`Error::NotFinite`], [`Error::OutOfRange`] for a negative
/// standard error.
///
/// ```
/// use takar_stats::{Level, standing::{Draws, Measured, rank_ranges}};
/// let value = |value, error| Measured { value, error };
/// let standings = rank_ranges(&[value(9.0, 0.1), value(5.0, 1.0), value(4.9, 1.0)], Level::P90, Draws::usual(7))?;
/// assert_eq!((standings[0].best, standings[0].worst), (1, 1));
/// assert_eq!((standings[1].best, standings[1].worst), (2, 3)); // who of the other two is ahead cannot be said
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn rank_ranges(values: &[Measured], level: Level, draws: Draws) -> Result<Vec<Standing>> {
    let centres: Vec<f64> = values.iter().map(|one| one.value).collect();
    let errors: Vec<f64> = values.iter().map(|one| one.error).collect();
    finite("value", &centres)?;
    finite("standard error", &errors)?;
    if let Some(index) = errors.iter().position(|error| *error < 0.0) {
        return Err(Error::OutOfRange { what: "standard error", index, value: errors[index], range: "0 or more" });
    }
    standings(&centres, level, draws, |random, drawn| {
        let mut normals = Normals::new();
        drawn.extend(values.iter().map(|one| one.value + one.error * normals.draw(random)));
    })
}
