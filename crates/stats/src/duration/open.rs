//! One way to end: what is still open.

use serde::Serialize;

use super::steps::{Duration, Ending, check_time, interval, steps};
use crate::{Estimate, Interval, Level, Result};

/// The share still open from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OpenStep {
    /// The time at which something ended.
    pub time: f64,
    /// How many were open just before.
    pub at_risk: usize,
    /// How many ended.
    pub ended: usize,
    /// The share still open after it, 0 to 1.
    pub open: f64,
    /// Greenwood's variance of that share.
    pub variance: f64,
}

/// The median with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Median {
    /// The first time by which half or more have ended; none where more than half are still open at the end.
    pub time: Option<f64>,
    /// Lower end of its interval; none where even that is not reached.
    pub low: Option<f64>,
    /// Upper end; none where it lies beyond what was watched.
    pub high: Option<f64>,
    /// The level of the interval.
    pub level: Level,
    /// How many durations, ended or not.
    pub n: usize,
}

/// The shares still open over time, of durations some of which have not ended (Kaplan–Meier).
///
/// The open ones must not be open for a reason that says when they would end. Ways to end are not told apart.
/// Sources: Kaplan & Meier (1958), JASA 53, 457–481; variance: Greenwood (1926); interval of the median: Brookmeyer &
/// Crowley (1982), *Biometrics* 38, 29–41.
///
/// ```
/// use takar_stats::{Level, duration::{Duration, Ending, KaplanMeier}};
/// let hours = [(1.0, true), (2.0, true), (4.0, false), (5.0, true), (9.0, false)];
/// let durations = hours.map(|(time, ended)| Duration { time, ending: if ended { Ending::Ended(0) } else { Ending::Open } });
/// let responses = KaplanMeier::of(&durations)?;
/// assert_eq!(responses.median(Level::P95).time, Some(5.0));
/// // Within the promised two hours:
/// assert!((responses.ended_by(2.0, Level::P95)?.value - 0.4).abs() < 1e-12);
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KaplanMeier {
    n: usize,
    steps: Vec<OpenStep>,
    /// All times, for how many are at risk between steps.
    #[serde(skip)]
    times: Vec<f64>,
}

impl KaplanMeier {
    /// Fits the shares; the time is that of sorting.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] without a duration, [`crate::Error::NotFinite`], [`crate::Error::OutOfRange`] for a time
    /// below 0.
    pub fn of(durations: &[Duration]) -> Result<Self> {
        let one_way: Vec<Duration> = durations
            .iter()
            .map(|duration| match duration.ending {
                Ending::Ended(_) => Duration { ending: Ending::Ended(0), ..*duration },
                Ending::Open => *duration,
            })
            .collect();
        let (mut open, mut sum) = (1.0, 0.0);
        let step = |step: super::steps::Step| {
            let (at_risk, ended) = (step.at_risk as f64, step.all() as f64);
            open *= 1.0 - ended / at_risk;
            sum += if ended < at_risk { ended / (at_risk * (at_risk - ended)) } else { 0.0 };
            OpenStep { time: step.time, at_risk: step.at_risk, ended: step.all(), open, variance: open * open * sum }
        };
        let steps = steps("a time to the end", &one_way, 1)?.into_iter().map(step).collect();
        let mut times: Vec<f64> = durations.iter().map(|duration| duration.time).collect();
        times.sort_unstable_by(f64::total_cmp);
        Ok(Self { n: durations.len(), steps, times })
    }

    /// The times at which something ended, ascending.
    pub fn steps(&self) -> &[OpenStep] {
        &self.steps
    }

    /// The share still open just after `time`, 0 to 1. Beyond the longest time watched it stays where it was.
    ///
    /// # Errors
    /// [`crate::Error::NotFinite`], [`crate::Error::OutOfRange`] for a time below 0.
    pub fn open_after(&self, time: f64, level: Level) -> Result<Estimate> {
        check_time(time)?;
        let passed = self.steps.partition_point(|step| step.time <= time);
        let (open, variance) =
            passed.checked_sub(1).map_or((1.0, 0.0), |at| (self.steps[at].open, self.steps[at].variance));
        // Of a share that is 1 those count that were watched so long; of one that is 0 the ones that ended last.
        let watched = self.n - self.times.partition_point(|watched| *watched < time);
        let at_risk = if passed > 0 && open <= 0.0 { self.steps[passed - 1].at_risk } else { watched };
        Ok(Estimate { value: open, interval: interval(open, variance, at_risk, level), n: self.n })
    }

    /// The share that ended by `time`: 1 − [`open_after`](Self::open_after).
    ///
    /// # Errors
    /// As [`open_after`](Self::open_after).
    pub fn ended_by(&self, time: f64, level: Level) -> Result<Estimate> {
        let open = self.open_after(time, level)?;
        let interval = Interval { low: 1.0 - open.interval.high, high: 1.0 - open.interval.low, level };
        Ok(Estimate { value: 1.0 - open.value, interval, n: open.n })
    }

    /// The median: the first time by which half have ended. The interval has the times whose share open cannot be told
    /// from a half.
    pub fn median(&self, level: Level) -> Median {
        let ends = |step: &OpenStep| interval(step.open, step.variance, step.at_risk, level);
        // A share of 0 is below a half for certain: nothing was left.
        let high = |step: &OpenStep| if step.open <= 0.0 { 0.0 } else { ends(step).high };
        let first =
            |found: &dyn Fn(&OpenStep) -> bool| self.steps.iter().find(|step| found(step)).map(|step| step.time);
        // Rounding must not carry a share of exactly a half past it.
        let half = 0.5 + 1e-12;
        Median {
            time: first(&|step| step.open <= half),
            low: first(&|step| ends(step).low <= half),
            high: first(&|step| high(step) <= half),
            level,
            n: self.n,
        }
    }
}
