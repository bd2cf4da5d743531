//! Weights that are 0 or more and add up to 1.

use std::sync::OnceLock;

/// How weights are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Search {
    /// To the optimum, within (10⁻⁴·σ̂)² of the mean square: some hundred steps.
    Optimum,
    /// As the authors' own program does, which ends up to 10,000 steps later and, for the synthetic control, still short of the
    /// optimum: gives the published figures.
    Published,
}

/// A′A of a matrix A that is kept by its columns, made column by column where it is needed, for all that share it.
pub(super) struct Square {
    columns: Vec<f64>,
    rows: usize,
    made: Vec<OnceLock<Box<[f64]>>>,
}

impl Square {
    /// `columns` of `rows` cells, one after the other.
    pub(super) fn new(columns: Vec<f64>, rows: usize) -> Self {
        let made = (0..columns.len() / rows).map(|_| OnceLock::new()).collect();
        Self { columns, rows, made }
    }

    /// How many columns.
    pub(super) fn len(&self) -> usize {
        self.made.len()
    }

    /// A′b.
    pub(super) fn times(&self, target: &[f64]) -> Vec<f64> {
        self.columns.chunks_exact(self.rows).map(|column| product(column, target)).collect()
    }

    /// A′a of one column a.
    pub(super) fn column(&self, index: usize) -> &[f64] {
        self.made[index].get_or_init(|| self.times(self.own(index)).into_boxed_slice())
    }

    fn own(&self, index: usize) -> &[f64] {
        &self.columns[index * self.rows..(index + 1) * self.rows]
    }

    /// A·x.
    fn fit(&self, weights: &[f64]) -> Vec<f64> {
        let mut fitted = vec![0.0; self.rows];
        for (column, weight) in self.columns.chunks_exact(self.rows).zip(weights).filter(|(_, weight)| **weight > 0.0) {
            fitted.iter_mut().zip(column).for_each(|(fitted, cell)| *fitted += weight * cell);
        }
        fitted
    }
}

/// ‖A·x − b‖² + η·‖x‖² over weights x.
pub(super) struct Simplex<'a> {
    pub(super) square: &'a Square,
    /// A′b.
    pub(super) aim: Vec<f64>,
    /// η.
    pub(super) penalty: f64,
    /// Columns that may not count.
    pub(super) out: &'a [usize],
    /// σ̂, of which the precision is a part.
    pub(super) noise: f64,
}

impl Simplex<'_> {
    pub(super) fn weights(&self, search: Search) -> Vec<f64> {
        match search {
            Search::Optimum => self.optimum(self.alike()),
            Search::Published => {
                // A short search, of which weights up to a quarter of the largest are set to 0, then a long one from there.
                let rough = self.frank_wolfe(self.alike(), 100);
                self.frank_wolfe(sparse(rough), 10_000)
            }
        }
    }

    fn alike(&self) -> Vec<f64> {
        let n = self.square.len();
        let mut weights = vec![1.0 / (n - self.out.len()) as f64; n];
        self.out.iter().for_each(|out| weights[*out] = 0.0);
        weights
    }

    /// Half of the gradient: A′(A·x − b) + η·x; as large as can be for what may not count.
    fn slope(&self, weights: &[f64]) -> Vec<f64> {
        let fitted = self.square.times(&self.square.fit(weights));
        let cells = fitted.iter().zip(self.aim.iter().zip(weights));
        let mut slope: Vec<f64> = cells.map(|(fitted, (aim, weight))| fitted - aim + self.penalty * weight).collect();
        self.out.iter().for_each(|out| slope[*out] = f64::MAX);
        slope
    }

    /// Weight is moved from where it costs most to where it costs least, as far as it helps (the pairwise form of Frank–Wolfe:
    /// Lacoste-Julien & Jaggi 2015, arXiv:1511.05932), until the gap to the best corner, which bounds the distance to the optimum,
    /// is small.
    fn optimum(&self, mut weights: Vec<f64>) -> Vec<f64> {
        let tolerance = self.gain(1e-4);
        let mut slope = self.slope(&weights);
        for done in 0..MOST_STEPS {
            let (best, worst) = (lowest(&slope), highest_used(&slope, &weights));
            // The gap is looked at now and then: it takes as long as a step.
            if best == worst || (done % 16 == 0 && 2.0 * (product(&slope, &weights) - slope[best]) <= tolerance) {
                break;
            }
            let (gains, loses) = (self.square.column(best), self.square.column(worst));
            let curve = gains[best] - 2.0 * gains[worst] + loses[worst] + 2.0 * self.penalty;
            let wanted = if curve > 0.0 { (slope[worst] - slope[best]) / curve } else { f64::INFINITY };
            let step = wanted.min(weights[worst]);
            slope
                .iter_mut()
                .zip(gains.iter().zip(loses))
                .for_each(|(slope, (gain, lost))| *slope += step * (gain - lost));
            slope[best] += self.penalty * step;
            slope[worst] -= self.penalty * step;
            weights[best] += step;
            weights[worst] = if wanted >= weights[worst] { 0.0 } else { weights[worst] - step };
        }
        weights
    }

    /// Frank & Wolfe (1956), *Nav. Res. Logist. Q.* 3, 95–110, with the exact step along each line. Ends, as in the authors'
    /// program, once a step after the first betters the mean square by (10⁻⁵·σ̂)² or less.
    fn frank_wolfe(&self, mut weights: Vec<f64>, steps: usize) -> Vec<f64> {
        let (square, enough) = (self.square, self.gain(1e-5));
        let mut fitted = square.fit(&weights);
        let mut slope = self.slope(&weights);
        for done in 0..steps {
            let best = lowest(&slope);
            let away = product(&weights, &weights) - 2.0 * weights[best] + 1.0;
            let apart: f64 =
                square.own(best).iter().zip(&fitted).map(|(one, other)| (one - other) * (one - other)).sum();
            let curve = apart + self.penalty * away;
            // How far the best corner lies below the present point, by the gradient.
            let fall = product(&slope, &weights) - slope[best];
            if !(fall > 0.0 && curve > 0.0) {
                break;
            }
            let step = (fall / curve).min(1.0);
            let kept = 1.0 - step;
            fitted.iter_mut().zip(square.own(best)).for_each(|(one, other)| *one = kept * *one + step * other);
            let corner = square.column(best).iter().zip(&self.aim);
            slope.iter_mut().zip(corner).for_each(|(slope, (at, aim))| *slope = kept * *slope + step * (at - aim));
            slope[best] += step * self.penalty;
            weights.iter_mut().for_each(|weight| *weight *= kept);
            weights[best] += step;
            if done > 0 && 2.0 * step * fall - step * step * curve <= enough {
                break;
            }
        }
        weights
    }

    /// A precision in σ̂ of the mean square, for the sum of squares.
    fn gain(&self, precision: f64) -> f64 {
        self.square.rows as f64 * (precision * self.noise).powi(2)
    }
}

/// Far beyond what is needed; where rounding hides the last steps the search ends here.
const MOST_STEPS: usize = 20_000;

/// Side by side, so that the processor need not wait for one comparison before the next.
const LANES: usize = 8;

/// Where the lowest is.
fn lowest(slope: &[f64]) -> usize {
    let mut lanes = [f64::INFINITY; LANES];
    let chunks = slope.chunks_exact(LANES);
    let rest = chunks.remainder().iter().copied().fold(f64::INFINITY, f64::min);
    for chunk in chunks {
        for (low, slope) in lanes.iter_mut().zip(chunk) {
            *low = if *slope < *low { *slope } else { *low };
        }
    }
    let low = lanes.into_iter().fold(rest, f64::min);
    slope.iter().position(|slope| *slope == low).unwrap_or(0)
}

/// Where the highest is of those with weight.
fn highest_used(slope: &[f64], weights: &[f64]) -> usize {
    let used = |slope: f64, weight: f64| if weight > 0.0 { slope } else { f64::NEG_INFINITY };
    let mut lanes = [f64::NEG_INFINITY; LANES];
    let (slopes, weighted) = (slope.chunks_exact(LANES), weights.chunks_exact(LANES));
    let rest = slopes.remainder().iter().zip(weighted.remainder()).map(|(slope, weight)| used(*slope, *weight));
    let rest = rest.fold(f64::NEG_INFINITY, f64::max);
    for (slopes, weights) in slopes.zip(weighted) {
        for lane in 0..LANES {
            let one = used(slopes[lane], weights[lane]);
            lanes[lane] = if one > lanes[lane] { one } else { lanes[lane] };
        }
    }
    let high = lanes.into_iter().fold(rest, f64::max);
    slope.iter().zip(weights).position(|(slope, weight)| *weight > 0.0 && *slope == high).unwrap_or(0)
}

/// Weights up to a quarter of the largest set to 0, the rest scaled to 1.
fn sparse(mut weights: Vec<f64>) -> Vec<f64> {
    let largest = weights.iter().fold(0.0_f64, |largest, weight| largest.max(*weight));
    weights.iter_mut().filter(|weight| **weight <= largest / 4.0).for_each(|weight| *weight = 0.0);
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

/// Four sums side by side, so that the processor need not wait for one.
pub(super) fn product(one: &[f64], other: &[f64]) -> f64 {
    let mut sums = [0.0_f64; 4];
    let (ones, others) = (one.chunks_exact(4), other.chunks_exact(4));
    let rest: f64 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}
