//! Where did the level break?

use serde::Serialize;

use super::{
    check,
    slope::{median, median_slope},
};
use crate::{Error, Result};

/// A stretch of one level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Segment {
    /// Its first observation.
    pub from: usize,
    /// The one after its last.
    pub to: usize,
    /// Its mean, less the slope up to each observation where the series has one.
    pub level: f64,
}

/// The stretches of one level each; a break lies before each but the first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breaks {
    /// `pelt`.
    pub model: &'static str,
    /// The straight slope under the steps, per observation; 0 where none was asked for or none helps.
    pub slope: f64,
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

    /// What the segments and the slope make of the observation at `place`; the last segment goes on beyond the end.
    pub fn fitted(&self, place: usize) -> f64 {
        let segment = self.segments.iter().find(|segment| place < segment.to).or(self.segments.last());
        segment.map_or(0.0, |segment| segment.level) + self.slope * place as f64
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
    let penalty = penalty(values, shortest, weight)?;
    let (segments, _) = best_segments(values, shortest, penalty);
    Ok(Breaks { model: "pelt", slope: 0.0, segments, penalty, n: values.len() })
}

/// Steps of a level that also rises or falls all along: slope and steps together make squared error plus penalties the
/// least, where a slope costs as much as a break. A straight trend is then no flight of steps, and a step no trend.
///
/// The slope is refined in turn with the segments, from several beginnings; no proof that none is better, but each turn
/// lowers the total. The idea of a slope beside steps of the level: Bai & Perron (1998), *Econometrica* 66, 47–78 (partial
/// change).
///
/// # Errors
/// As [`breaks`].
///
/// ```
/// use takar_stats::trend::broken_trend;
/// let wave = [0.3, -0.2, 0.1, -0.4, 0.2];
/// let values: Vec<f64> = (0..40).map(|t| t as f64 + if t < 24 { 0.0 } else { -9.0 } + wave[t % 5]).collect();
/// let found = broken_trend(&values, 6, 3.0)?;
/// assert_eq!(found.at().collect::<Vec<_>>(), [24]);
/// assert!((found.slope - 1.0).abs() < 0.02);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn broken_trend(values: &[f64], shortest: usize, weight: f64) -> Result<Breaks> {
    const TURNS: usize = 20;
    let penalty = penalty(values, shortest, weight)?;
    let flat = best_segments(values, shortest, penalty);
    let median = median_slope(values)?;
    let mut best = (flat.1, 0.0, flat.0.clone());
    for start in [median, 0.5 * median, 1.5 * median, 2.0 * median, within_slope(values, &flat.0)] {
        let mut slope = start;
        for _ in 0..TURNS {
            let level: Vec<f64> = values.iter().enumerate().map(|(t, value)| value - slope * t as f64).collect();
            let (segments, total) = best_segments(&level, shortest, penalty);
            if total + penalty < best.0 {
                best = (total + penalty, slope, segments.clone());
            }
            let next = within_slope(values, &segments);
            if (next - slope).abs() <= 1e-12 * slope.abs() {
                break;
            }
            slope = next;
        }
    }
    let (_, slope, segments) = best;
    Ok(Breaks { model: "pelt with a slope", slope, segments, penalty, n: values.len() })
}

/// The slope by least squares when each segment has a level of its own.
fn within_slope(values: &[f64], segments: &[Segment]) -> f64 {
    let (mut products, mut squares) = (0.0, 0.0);
    for segment in segments {
        let part = &values[segment.from..segment.to];
        let n = part.len() as f64;
        let (mean, middle) = (part.iter().sum::<f64>() / n, (n - 1.0) / 2.0);
        for (t, value) in part.iter().enumerate() {
            products += (t as f64 - middle) * (value - mean);
            squares += (t as f64 - middle) * (t as f64 - middle);
        }
    }
    if squares > 0.0 { products / squares } else { 0.0 }
}

/// What a break has to lower the squared error by.
fn penalty(values: &[f64], shortest: usize, weight: f64) -> Result<f64> {
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
    Ok(weight * sigma * sigma * (values.len() as f64).ln())
}

/// The best segments, and squared error plus penalties.
fn best_segments(values: &[f64], shortest: usize, penalty: f64) -> (Vec<Segment>, f64) {
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
    (segments, best[n])
}
