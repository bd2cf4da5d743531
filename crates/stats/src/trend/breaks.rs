//! Where did the level break?

use serde::Serialize;

use super::{check, slope::median};
use crate::{Error, Result};

/// A stretch of one level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Segment {
    /// Its first observation.
    pub from: usize,
    /// The one after its last.
    pub to: usize,
    /// Its mean.
    pub level: f64,
}

/// The stretches of one level each; a break lies before each but the first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breaks {
    /// `pelt`.
    pub model: &'static str,
    /// In order, without gaps.
    pub segments: Vec<Segment>,
    /// What a break had to lower the squared error by.
    pub penalty: f64,
    /// Observations.
    pub n: usize,
}

impl Breaks {
    /// The first observation of each new level.
    pub fn at(&self) -> impl Iterator<Item = usize> + '_ {
        self.segments.iter().skip(1).map(|segment| segment.from)
    }
}

/// The steps of a level: those segments of at least `shortest` observations that make the squared error plus
/// `weight` · σ̂² · ln n for each break the least possible. σ̂ is read from the differences of neighbours (1.4826 · MAD / √2),
/// which a break touches once; use a `weight` of 3 for monthly sales, 2 to find more.
///
/// Neighbours that are alike (autocorrelation) and slopes look like breaks: take a trend off first, or ask for longer
/// segments. It is the exact optimum, as PELT finds it: Killick, Fearnhead & Eckley (2012), *JASA* 107, 1590–1598, eq. 2.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than two shortest segments or 4 observations, [`Error::NotFinite`],
/// [`Error::OutOfRange`] for a `shortest` or `weight` of 0 or below or more than 5,000 observations, [`Error::Constant`] where neighbours never differ.
///
/// ```
/// use takar_stats::trend::breaks;
/// let values = [5.0, 6.0, 5.5, 5.2, 5.8, 9.1, 9.9, 9.4, 9.6, 9.2];
/// assert_eq!(breaks(&values, 2, 3.0)?.at().collect::<Vec<_>>(), [5]);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn breaks(values: &[f64], shortest: usize, weight: f64) -> Result<Breaks> {
    if shortest == 0 || weight <= 0.0 || weight.is_nan() {
        let value = if shortest == 0 { 0.0 } else { weight };
        return Err(Error::OutOfRange { what: "setting of breaks", index: 0, value, range: "above 0" });
    }
    check("breaks", values, (2 * shortest).max(4))?;
    let steps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let centre = median(&steps);
    let distances: Vec<f64> = steps.iter().map(|step| (step - centre).abs()).collect();
    let robust = 1.4826 * median(&distances) / std::f64::consts::SQRT_2;
    // Where most neighbours are equal the median says nothing: the mean does.
    let mean = distances.iter().sum::<f64>() / distances.len() as f64 / std::f64::consts::SQRT_2;
    let sigma = if robust > 0.0 { robust } else { mean };
    if sigma <= 0.0 {
        return Err(Error::Constant { method: "breaks", what: "a series" });
    }
    let penalty = weight * sigma * sigma * (values.len() as f64).ln();
    let segments = best_segments(values, shortest, penalty);
    Ok(Breaks { model: "pelt", segments, penalty, n: values.len() })
}

fn best_segments(values: &[f64], shortest: usize, penalty: f64) -> Vec<Segment> {
    let n = values.len();
    // Sums of distances to the first value: large levels must not swallow small steps.
    let origin = values[0];
    let mut sums = vec![(0.0, 0.0)];
    for value in values {
        let (sum, squares) = sums.last().copied().unwrap_or_default();
        let distance = value - origin;
        sums.push((sum + distance, squares + distance * distance));
    }
    let cost = |from: usize, to: usize| {
        let (sum, squares) = (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
        (squares - sum * sum / (to - from) as f64).max(0.0)
    };
    // The least total of every beginning, from those of the shorter ones. PELT passes over beginnings that cannot win; at
    // the lengths allowed here that saves nothing worth its conditions on the shortest segment.
    let mut best = vec![f64::INFINITY; n + 1];
    let mut before = vec![0; n + 1];
    best[0] = -penalty;
    for to in shortest..=n {
        for from in std::iter::once(0).chain(shortest..=to - shortest) {
            let total = best[from] + cost(from, to) + penalty;
            if total < best[to] {
                (best[to], before[to]) = (total, from);
            }
        }
    }
    let mut segments = Vec::new();
    let mut to = n;
    while to > 0 {
        let from = before[to];
        let level = origin + (sums[to].0 - sums[from].0) / (to - from) as f64;
        segments.push(Segment { from, to, level });
        to = from;
    }
    segments.reverse();
    segments
}
