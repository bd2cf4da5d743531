//! The net promoter score.

use serde::Serialize;

use crate::{Error, Estimate, Interval, Level, Result, error::at_least, normal::reach};

/// Promoters less detractors, as a share of all who answered: −1 to 1. Times 100 it is what is usually shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Nps {
    /// (promoters − detractors) / n as they were counted, −1 to 1.
    pub counted: f64,
    /// The score pulled a little towards 0 (see [`nps`]) with its interval, and the number of answers: what to judge by.
    pub adjusted: Estimate,
}

/// The net promoter score with the adjusted Wald interval: three answers are added, ¾ a promoter, ¾ a detractor and 1½
/// neither.
///
/// With p and d the adjusted shares and n the adjusted count, the interval is p − d ± z·√((p + d − (p − d)²)/n), cut at −1
/// and 1. Promoters answered 9 or 10 of 10, detractors 0 to 6.
/// Source: Rocks (2016), "Interval estimation for the net promoter score", *The American Statistician* 70, 365–372.
///
/// # Errors
/// [`Error::NotEnough`] without an answer, [`Error::OutOfRange`] where the counts do not fit a number of 64 bits.
///
/// ```
/// use takar_stats::{Level, proportion::nps};
/// let score = nps(10, 5, 5, Level::P95)?;
/// assert_eq!(score.counted, 0.25);
/// assert!((score.adjusted.value - 0.217).abs() < 5e-4);
/// assert!((score.adjusted.interval.low + 0.117).abs() < 5e-4);
/// assert!((score.adjusted.interval.high - 0.552).abs() < 5e-4);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn nps(promoters: u64, passives: u64, detractors: u64, level: Level) -> Result<Nps> {
    let count = promoters.checked_add(passives).and_then(|some| some.checked_add(detractors)).ok_or({
        let range = "a count of answers below 2^64";
        Error::OutOfRange { what: "answers", index: 0, value: promoters as f64, range }
    })?;
    let answers = usize::try_from(count).unwrap_or(usize::MAX);
    at_least("a net promoter score", "answers", 1, answers)?;
    let n = count as f64 + 3.0;
    let (p, d) = ((promoters as f64 + 0.75) / n, (detractors as f64 + 0.75) / n);
    let value = p - d;
    let spread = reach(level) * ((p + d - value * value).max(0.0) / n).sqrt();
    let interval = Interval { low: (value - spread).max(-1.0), high: (value + spread).min(1.0), level };
    let counted = (promoters as f64 - detractors as f64) / count as f64;
    Ok(Nps { counted, adjusted: Estimate { value, interval, n: answers } })
}
