//! A number is shown with its interval, the level of that interval and how much it rests on.

use serde::{Deserialize, Serialize};

use crate::Error;

/// The share of cases an interval is meant to cover: strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

impl Level {
    /// 80 %: for forecasts.
    pub const P80: Self = Self(0.80);
    /// 90 %.
    pub const P90: Self = Self(0.90);
    /// 95 %: for estimates.
    pub const P95: Self = Self(0.95);
    /// 99.8 %: the outer limit of a funnel.
    pub const P998: Self = Self(0.998);

    /// A level strictly between 0 and 1.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] otherwise.
    pub fn new(share: f64) -> Result<Self, Error> {
        if share > 0.0 && share < 1.0 {
            Ok(Self(share))
        } else {
            Err(Error::OutOfRange { what: "level", index: 0, value: share, range: "between 0 and 1" })
        }
    }

    /// The level as a share of 1.
    pub const fn share(self) -> f64 {
        self.0
    }

    /// What lies outside on each side of a two-sided interval: (1 − level) / 2.
    pub const fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

impl TryFrom<f64> for Level {
    type Error = Error;

    fn try_from(share: f64) -> Result<Self, Error> {
        Self::new(share)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// From `low` to `high`, meant to hold the true value in `level` of all cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end, at least `low`.
    pub high: f64,
    /// The level it is made for.
    pub level: Level,
}

impl Interval {
    /// Whether `value` lies inside, ends included.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// `high` − `low`.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// A value, its interval, and how many observations it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The best single number.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
    /// Observations behind it.
    pub n: usize,
}
