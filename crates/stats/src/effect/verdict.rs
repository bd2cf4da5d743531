//! Worked, did not work, or not enough evidence.

use serde::{Deserialize, Serialize};

use crate::{Error, Interval, Result};

/// Which way an effect is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better: sales.
    Up,
    /// Less is better: days to answer.
    Down,
}

/// What was hoped for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Wanted {
    direction: Direction,
    matters: f64,
}

impl Wanted {
    /// `matters` is the smallest effect that is worth having, in the unit of the effect, above 0.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] otherwise.
    pub fn new(direction: Direction, matters: f64) -> Result<Self> {
        if matters > 0.0 && matters.is_finite() {
            Ok(Self { direction, matters })
        } else {
            Err(Error::OutOfRange { what: "smallest effect that matters", index: 0, value: matters, range: "above 0" })
        }
    }
}

/// What can be said of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval lies on the wanted side of 0.
    Worked,
    /// The whole interval lies below what matters.
    DidNotWork,
    /// The interval has both room for no effect and for one that matters.
    NotEnoughEvidence,
}

/// Whether an effect is as large as matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// The whole interval is at least as large.
    Surely,
    /// The interval has room for both.
    Perhaps,
    /// The whole interval is smaller.
    No,
}

/// A verdict with what qualifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// Worked, did not work, or not enough evidence.
    pub verdict: Verdict,
    /// Whether the effect is as large as matters. An action can have worked, surely, and be too small.
    pub size: Size,
    /// Whether the whole interval lies on the wrong side of 0.
    pub harmed: bool,
}

impl Judgement {
    /// Holds an interval against 0 and against the smallest effect that matters. An interval of level 90 % makes each of both a test at 5 %
    /// (two one-sided tests: Schuirmann 1987, *J. Pharmacokinet. Biopharm.* 15, 657–680).
    ///
    /// ```
    /// use takar_stats::{Interval, Level, effect::{Direction, Judgement, Verdict, Wanted}};
    /// let wanted = Wanted::new(Direction::Up, 0.05)?;
    /// let judged = |low, high| Judgement::of(&Interval { low, high, level: Level::P90 }, wanted).verdict;
    /// assert_eq!(judged(0.01, 0.11), Verdict::Worked);
    /// assert_eq!(judged(-0.06, 0.04), Verdict::DidNotWork);
    /// assert_eq!(judged(-0.02, 0.09), Verdict::NotEnoughEvidence);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn of(interval: &Interval, wanted: Wanted) -> Self {
        let (least, most) = match wanted.direction {
            Direction::Up => (interval.low, interval.high),
            Direction::Down => (-interval.high, -interval.low),
        };
        let verdict = if least > 0.0 {
            Verdict::Worked
        } else if most < wanted.matters {
            Verdict::DidNotWork
        } else {
            Verdict::NotEnoughEvidence
        };
        let size = if least >= wanted.matters {
            Size::Surely
        } else if most < wanted.matters {
            Size::No
        } else {
            Size::Perhaps
        };
        Self { verdict, size, harmed: most < 0.0 }
    }
}
