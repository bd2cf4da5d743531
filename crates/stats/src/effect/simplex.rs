//! Weights that are 0 or more and add up to 1, by the Frank–Wolfe method.

/// ‖A·x − b‖² + η·‖x‖² over weights x. A is kept by its columns; A′A is made column by column, where it is needed.
pub(super) struct Simplex {
    columns: Vec<f64>,
    rows: usize,
    penalty: f64,
    /// A′b.
    aim: Vec<f64>,
    /// By column of A: that column of A′A + η·I − A′b·1′, once it was needed.
    seen: Vec<Option<Box<[f64]>>>,
}

/// When a search ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// After so many steps.
    pub(super) steps: usize,
    /// Or once a step betters ‖·‖² + η·‖x‖² by no more than this.
    pub(super) gain: f64,
}

impl Simplex {
    /// `columns` one after the other, each as long as `target`. With `intercept` a constant is free: columns and target
    /// are held against their means.
    pub(super) fn new(mut columns: Vec<f64>, mut target: Vec<f64>, intercept: bool, penalty: f64) -> Self {
        let rows = target.len();
        if intercept {
            columns.chunks_exact_mut(rows).for_each(centre);
            centre(&mut target);
        }
        let aim: Vec<f64> = columns.chunks_exact(rows).map(|column| product(column, &target)).collect();
        let seen = vec![None; aim.len()];
        Self { columns, rows, penalty, aim, seen }
    }

    /// As in the authors' own program: a short search from equal weights, of which those up to a quarter of the largest
    /// are set to 0, then a long one from there.
    pub(super) fn sparse_weights(&mut self, gain: f64) -> Vec<f64> {
        let n = self.aim.len();
        let rough = self.search(vec![1.0 / n as f64; n], Patience { steps: 100, gain });
        self.search(sparse(rough), Patience { steps: 10_000, gain })
    }

    /// Frank & Wolfe (1956), *Nav. Res. Logist. Q.* 3, 95–110, with the exact step along each line. At least two steps are
    /// made, as in the authors' program.
    pub(super) fn search(&mut self, mut weights: Vec<f64>, patience: Patience) -> Vec<f64> {
        let mut fitted = self.fit(&weights);
        // Half of the gradient: A′(A·x − b) + η·x.
        let columns = self.columns.chunks_exact(self.rows);
        let mut slope: Vec<f64> = columns
            .zip(self.aim.iter().zip(&weights))
            .map(|(column, (aim, weight))| product(column, &fitted) - aim + self.penalty * weight)
            .collect();
        for done in 0..patience.steps {
            let best = lowest(&slope);
            let column = &self.columns[best * self.rows..(best + 1) * self.rows];
            let squares = product(&weights, &weights);
            let away = squares - 2.0 * weights[best] + 1.0;
            let apart: f64 = column.iter().zip(&fitted).map(|(one, other)| (one - other) * (one - other)).sum();
            let curve = apart + self.penalty * away;
            // How far the best corner lies below the present point, by the gradient.
            let fall = product(&slope, &weights) - slope[best];
            if !(fall > 0.0 && curve > 0.0) {
                break;
            }
            let step = (fall / curve).min(1.0);
            let (kept, rows) = (1.0 - step, self.rows);
            for (one, other) in fitted.iter_mut().zip(&self.columns[best * rows..(best + 1) * rows]) {
                *one = kept * *one + step * other;
            }
            let towards = self.column_of_square(best);
            for (slope, towards) in slope.iter_mut().zip(towards) {
                *slope = kept * *slope + step * towards;
            }
            weights.iter_mut().for_each(|weight| *weight *= kept);
            weights[best] += step;
            if done > 0 && 2.0 * step * fall - step * step * curve <= patience.gain {
                break;
            }
        }
        weights
    }

    /// A·x.
    fn fit(&self, weights: &[f64]) -> Vec<f64> {
        let mut fitted = vec![0.0; self.rows];
        for (column, weight) in self.columns.chunks_exact(self.rows).zip(weights).filter(|(_, weight)| **weight > 0.0) {
            fitted.iter_mut().zip(column).for_each(|(fitted, cell)| *fitted += weight * cell);
        }
        fitted
    }

    /// What half of the gradient is at a corner.
    fn column_of_square(&mut self, index: usize) -> &[f64] {
        let Self { columns, rows, penalty, aim, seen, .. } = self;
        seen[index].get_or_insert_with(|| {
            let own = &columns[index * *rows..(index + 1) * *rows];
            let mut made: Box<[f64]> =
                columns.chunks_exact(*rows).zip(aim.iter()).map(|(column, aim)| product(column, own) - aim).collect();
            made[index] += *penalty;
            made
        })
    }
}

/// Weights up to a quarter of the largest set to 0, the rest scaled to 1.
pub(super) fn sparse(mut weights: Vec<f64>) -> Vec<f64> {
    let largest = weights.iter().fold(0.0_f64, |largest, weight| largest.max(*weight));
    weights.iter_mut().filter(|weight| **weight <= largest / 4.0).for_each(|weight| *weight = 0.0);
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

fn centre(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
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

/// The first of the lowest.
fn lowest(values: &[f64]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value < values[best] {
            best = index;
        }
    }
    best
}
