//! From the value of a KPI to points.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    error::{at_least, finite},
};

/// Which end of a KPI is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better: sales.
    Higher,
    /// Less is better: hours until the first response.
    Lower,
}

/// What earns no point and what earns all 100, in the unit of the KPI; a straight line between, and no more beyond.
///
/// `full` below `none` says that less is better. Both ends are multiplied with the value when the unit changes, so points
/// do not depend on it.
///
/// ```
/// use takar_stats::score::Yardstick;
/// let response = Yardstick::new(48.0, 4.0)?; // hours: 4 earn all, 48 earn nothing
/// assert_eq!(response.points(26.0), 50.0);
/// assert_eq!(response.points(1.0), 100.0);
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Yardstick {
    none: f64,
    full: f64,
}

impl Yardstick {
    /// From where points begin to where they end.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::Constant`] where both are the same.
    pub fn new(none: f64, full: f64) -> Result<Self> {
        finite("end of a yardstick", &[none, full, full - none])?;
        if none == full {
            Err(Error::Constant { method: "a yardstick", what: "an end" })
        } else {
            Ok(Self { none, full })
        }
    }

    /// From the peers: the `cut` share of the lowest and of the highest values lies beyond the ends (winsorised), so that one
    /// outlier does not press all others together. Usual is 0.05.
    ///
    /// # Errors
    /// [`Error::NotEnough`] for fewer than 5 peers, [`Error::NotFinite`], [`Error::OutOfRange`] for a cut outside 0 to 0.4,
    /// [`Error::Constant`] where the peers do not differ.
    ///
    /// ```
    /// use takar_stats::score::{Direction, Yardstick};
    /// let peers: Vec<f64> = (0..=100).map(f64::from).collect();
    /// assert_eq!(Yardstick::of_peers(&peers, Direction::Higher, 0.05)?.points(50.0), 50.0);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn of_peers(values: &[f64], direction: Direction, cut: f64) -> Result<Self> {
        at_least("a yardstick of peers", "peers", 5, values.len())?;
        finite("value of a peer", values)?;
        if !(0.0..=0.4).contains(&cut) {
            return Err(Error::OutOfRange { what: "cut", index: 0, value: cut, range: "0 to 0.4" });
        }
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (sorted.len() - 1) as f64;
            let below = place as usize;
            let above = (below + 1).min(sorted.len() - 1);
            let part = place - below as f64;
            sorted[below] * (1.0 - part) + sorted[above] * part
        };
        let (low, high) = (at(cut), at(1.0 - cut));
        match direction {
            Direction::Higher => Self::new(low, high),
            Direction::Lower => Self::new(high, low),
        }
    }

    /// The points of a value, 0 to 100. A value that is not a number earns none.
    pub fn points(&self, value: f64) -> f64 {
        let share = (value - self.none) / (self.full - self.none);
        if share.is_nan() { 0.0 } else { 100.0 * share.clamp(0.0, 1.0) }
    }
}
