//! Durations in order of time, counted.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Interval, Level, Result,
    error::{at_least, finite},
    normal::reach,
    proportion::around,
};

/// Whether something has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Not as long as it was watched.
    Open,
    /// In the way of this number, from 0.
    Ended(u8),
}

/// How long something took, or has been watched without an end.
///
/// ```
/// use takar_stats::duration::{Duration, Ending};
/// let waiting = Duration { time: 12.5, ending: Ending::Open };
/// assert_ne!(waiting.ending, Ending::Ended(0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Duration {
    /// In any unit, 0 or more.
    pub time: f64,
    /// How it ended.
    pub ending: Ending,
}

/// What happened at one time.
pub(super) struct Step {
    pub time: f64,
    /// How many were open just before.
    pub at_risk: usize,
    /// How many ended, by way.
    pub ended: Vec<usize>,
}

impl Step {
    pub(super) fn all(&self) -> usize {
        self.ended.iter().sum()
    }
}

/// The times at which something ended, ascending. What was last seen open at such a time counts as open then.
pub(super) fn steps(method: &'static str, durations: &[Duration], ways: usize) -> Result<Vec<Step>> {
    at_least(method, "durations", 1, durations.len())?;
    let mut sorted: Vec<(f64, Option<usize>)> = Vec::with_capacity(durations.len());
    for (index, duration) in durations.iter().enumerate() {
        if !duration.time.is_finite() {
            return Err(Error::NotFinite { what: "duration", index });
        }
        if duration.time < 0.0 {
            return Err(Error::OutOfRange { what: "duration", index, value: duration.time, range: "0 or more" });
        }
        let way = match duration.ending {
            Ending::Open => None,
            Ending::Ended(way) if usize::from(way) < ways => Some(usize::from(way)),
            Ending::Ended(way) => {
                let range = "the ways to end that were named";
                return Err(Error::OutOfRange { what: "way to end", index, value: way.into(), range });
            }
        };
        // −0 and 0 are one time.
        sorted.push((duration.time + 0.0, way));
    }
    sorted.sort_unstable_by(|(one, _), (other, _)| one.total_cmp(other));
    let (mut steps, mut at_risk) = (Vec::new(), sorted.len());
    for same in sorted.chunk_by(|(one, _), (other, _)| one == other) {
        let mut ended = vec![0; ways];
        same.iter().filter_map(|(_, way)| *way).for_each(|way| ended[way] += 1);
        if ended.iter().any(|count| *count > 0) {
            steps.push(Step { time: same[0].0, at_risk, ended });
        }
        at_risk -= same.len();
    }
    Ok(steps)
}

/// Refuses a time that is not a number of 0 or more.
pub(super) fn check_time(time: f64) -> Result<()> {
    finite("time", &[time])?;
    if time < 0.0 { Err(Error::OutOfRange { what: "time", index: 0, value: time, range: "0 or more" }) } else { Ok(()) }
}

/// The interval of a share by the log(−log) transformation; Wilson's for the `at_risk` where the share is still 0 or 1.
///
/// Source: Kalbfleisch & Prentice (2002), *The Statistical Analysis of Failure Time Data*, eq. 1.14.
pub(super) fn interval(share: f64, variance: f64, at_risk: usize, level: Level) -> Interval {
    let inside = share > 0.0 && share < 1.0 && variance > 0.0;
    if !inside {
        return around(share, at_risk.max(1) as f64, level);
    }
    let spread = reach(level) * variance.sqrt() / (share * share.ln().abs());
    let end = |sign: f64| (share.ln() * (sign * spread).exp()).exp();
    Interval { low: end(1.0).clamp(0.0, share), high: end(-1.0).clamp(share, 1.0), level }
}
