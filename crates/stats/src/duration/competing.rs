//! Several ways to end that exclude each other.

use serde::Serialize;

use super::steps::{Duration, check_time, interval, steps};
use crate::{Error, Estimate, Level, Result};

/// The shares that ended in each way by a time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IncidenceStep {
    /// The time at which something ended.
    pub time: f64,
    /// How many were open just before.
    pub at_risk: usize,
    /// The share still open after it.
    pub open: f64,
    /// By way, the share that has ended so; with `open` they add up to 1.
    pub ended: Vec<f64>,
    /// By way, the variance of that share.
    pub variance: Vec<f64>,
}

/// The cumulative incidence of each way to end (Aalen–Johansen): of 100 offers, how many are won within so many days,
/// while others are lost and some are still open.
///
/// F_k(t) = Σ S(t_j−)·d_kj/n_j over the times up to t, with the variance of the delta method.
/// Sources: Aalen & Johansen (1978), *Scand. J. Statist.* 5, 141–150; variance: Marubini & Valsecchi (1995), *Analysing
/// Survival Data from Clinical Trials and Observational Studies*, ch. 10.
///
/// ```
/// use takar_stats::{Level, duration::{Duration, Ending, Incidence}};
/// const WON: u8 = 0;
/// const LOST: u8 = 1;
/// let offers = [(3.0, Ending::Ended(WON)), (5.0, Ending::Ended(LOST)), (8.0, Ending::Open), (9.0, Ending::Ended(WON))];
/// let offers = offers.map(|(time, ending)| Duration { time, ending });
/// let cycle = Incidence::of(&offers, 2)?;
/// assert!((cycle.ended_by(WON, 9.0, Level::P95)?.value - 0.75).abs() < 1e-12);
/// assert!((cycle.ended_by(LOST, 9.0, Level::P95)?.value - 0.25).abs() < 1e-12);
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incidence {
    n: usize,
    ways: usize,
    steps: Vec<IncidenceStep>,
    #[serde(skip)]
    times: Vec<f64>,
}

/// The sums of the variance: with a = Σ d/(n(n−d)), b = S(t−)·d_k/n² and F at each time, the three terms of
/// Σ(F(t)−F_j)²a_j + Σ S²d_k(n−d_k)/n³ − 2Σ(F(t)−F_j)b_j can be carried along.
#[derive(Default, Clone, Copy)]
struct Sums {
    incidence: f64,
    a: f64,
    a_f: f64,
    a_ff: f64,
    own: f64,
    b: f64,
    b_f: f64,
}

impl Incidence {
    /// Fits the shares for so many ways to end; the time is that of sorting.
    ///
    /// # Errors
    /// [`Error::NotEnough`] without a duration, [`Error::NotFinite`], [`Error::OutOfRange`] for a time below 0 or a way that
    /// is not below `ways`.
    pub fn of(durations: &[Duration], ways: u8) -> Result<Self> {
        let ways = usize::from(ways);
        let mut sums = vec![Sums::default(); ways];
        let mut open = 1.0;
        let mut found = Vec::new();
        for step in steps("a cumulative incidence", durations, ways)? {
            let (n, all) = (step.at_risk as f64, step.all() as f64);
            for (sums, &ended) in sums.iter_mut().zip(&step.ended) {
                let d = ended as f64;
                sums.incidence += open * d / n;
                let f = sums.incidence;
                // Where everything ends nothing follows, so that F(t) − F_j stays 0.
                let a = if all < n { all / (n * (n - all)) } else { 0.0 };
                sums.a += a;
                sums.a_f += a * f;
                sums.a_ff += a * f * f;
                sums.own += open * open * d * (n - d) / (n * n * n);
                let b = open * d / (n * n);
                sums.b += b;
                sums.b_f += b * f;
            }
            open *= 1.0 - all / n;
            let variance = |s: &Sums| {
                let f = s.incidence;
                (f * f * s.a - 2.0 * f * s.a_f + s.a_ff + s.own - 2.0 * (f * s.b - s.b_f)).max(0.0)
            };
            found.push(IncidenceStep {
                time: step.time,
                at_risk: step.at_risk,
                open,
                ended: sums.iter().map(|sums| sums.incidence.min(1.0)).collect(),
                variance: sums.iter().map(variance).collect(),
            });
        }
        let mut times: Vec<f64> = durations.iter().map(|duration| duration.time).collect();
        times.sort_unstable_by(f64::total_cmp);
        Ok(Self { n: durations.len(), ways, steps: found, times })
    }

    /// The times at which something ended, ascending.
    pub fn steps(&self) -> &[IncidenceStep] {
        &self.steps
    }

    /// The share that ended in this way by `time`, 0 to 1. Beyond the longest time watched it stays where it was.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] for the time or the way.
    pub fn ended_by(&self, way: u8, time: f64, level: Level) -> Result<Estimate> {
        check_time(time)?;
        let way = usize::from(way);
        if way >= self.ways {
            let range = "the ways to end that were named";
            return Err(Error::OutOfRange { what: "way to end", index: 0, value: way as f64, range });
        }
        let passed = self.steps.partition_point(|step| step.time <= time);
        let (share, variance) =
            passed.checked_sub(1).map_or((0.0, 0.0), |at| (self.steps[at].ended[way], self.steps[at].variance[way]));
        let watched = self.n - self.times.partition_point(|watched| *watched < time);
        Ok(Estimate { value: share, interval: interval(share, variance, watched, level), n: self.n })
    }
}
