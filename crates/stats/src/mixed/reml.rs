//! The restricted likelihood of a random intercept, from sums by group.

use super::METHOD;
use crate::{Error, Result};

/// Below so much of its length a column is a combination of those before it.
const ALIASED: f64 = 1e-9;

/// The largest ratio of the variances between and within groups that is tried.
const LARGEST_RATIO: f64 = 1e6;

/// Sums over observations, all that the likelihood needs. Column 0 is the intercept.
pub(super) struct Design {
    /// Observations by group.
    pub counts: Vec<usize>,
    /// Coefficients that can be told apart.
    pub rank: usize,
    n: usize,
    columns: usize,
    /// What each column was divided by, for sums of one size.
    scales: Vec<f64>,
    /// What was taken from every observation first, so that no digits are lost.
    centre: f64,
    /// XᵀX, Xᵀy and yᵀy over all.
    gram: Vec<Vec<f64>>,
    moment: Vec<f64>,
    square: f64,
    /// By group: Σx and Σy.
    sums: Vec<(Vec<f64>, f64)>,
    kept: Vec<bool>,
}

/// The fit at the best ratio.
pub(super) struct Solution {
    /// Variance between over variance within.
    pub ratio: f64,
    /// The variance within.
    pub variance: f64,
    /// By column; none where aliased.
    pub coefficients: Vec<Option<f64>>,
    /// (XᵀV⁻¹X)⁻¹ with V in units of the variance within.
    pub covariance: Vec<Vec<f64>>,
    /// By group: BLUP, and its variance of prediction in units of the variance within.
    pub effects: Vec<(f64, f64)>,
}

/// The equations at one ratio.
struct At {
    root: Vec<Vec<f64>>,
    beta: Vec<f64>,
    /// The weighted sum of squares that is left.
    rest: f64,
    log_determinant: f64,
}

impl Design {
    pub(super) fn of(y: &[f64], influences: &[Vec<f64>], group: &[usize], groups: usize) -> Self {
        let (n, columns) = (y.len(), influences.len() + 1);
        let centre = y.iter().sum::<f64>() / n.max(1) as f64;
        let length = |column: &[f64]| {
            let largest = column.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            if largest > 0.0 { largest } else { 1.0 }
        };
        let scales: Vec<f64> = std::iter::once(1.0).chain(influences.iter().map(|column| length(column))).collect();
        let mut design = Self {
            counts: vec![0; groups],
            rank: 0,
            n,
            columns,
            centre,
            gram: vec![vec![0.0; columns]; columns],
            moment: vec![0.0; columns],
            square: 0.0,
            sums: vec![(vec![0.0; columns], 0.0); groups],
            kept: vec![true; columns],
            scales,
        };
        let mut row = vec![1.0; columns];
        for (place, value) in y.iter().enumerate() {
            for (column, values) in influences.iter().enumerate() {
                row[column + 1] = values[place] / design.scales[column + 1];
            }
            let value = value - centre;
            for i in (0..columns).filter(|&i| row[i] != 0.0) {
                for j in 0..=i {
                    design.gram[i][j] += row[i] * row[j];
                }
                design.moment[i] += row[i] * value;
            }
            design.square += value * value;
            let (of_group, sum) = &mut design.sums[group[place]];
            of_group.iter_mut().zip(&row).for_each(|(sum, x)| *sum += x);
            *sum += value;
            design.counts[group[place]] += 1;
        }
        let (root, kept) = root_of(&design.gram, None);
        debug_assert_eq!(root.len(), columns);
        design.rank = kept.iter().filter(|kept| **kept).count();
        design.kept = kept;
        design
    }

    pub(super) fn total_variance(&self) -> f64 {
        self.square
    }

    /// XᵀV⁻¹X and its solution at a ratio; V = I + ratio·J within each group, so V⁻¹ = I − shrunk·J.
    fn at(&self, ratio: f64) -> At {
        let (mut gram, mut moment, mut square) = (self.gram.clone(), self.moment.clone(), self.square);
        let mut log_determinant = 0.0;
        for (count, (x, y)) in self.counts.iter().zip(&self.sums).filter(|(count, _)| **count > 0) {
            let spread = 1.0 + *count as f64 * ratio;
            let shrunk = ratio / spread;
            log_determinant += spread.ln();
            for i in (0..self.columns).filter(|&i| x[i] != 0.0) {
                for j in 0..=i {
                    gram[i][j] -= shrunk * x[i] * x[j];
                }
                moment[i] -= shrunk * x[i] * y;
            }
            square -= shrunk * y * y;
        }
        let (root, _) = root_of(&gram, Some(&self.kept));
        let beta = back(&root, &self.kept, forward(&root, &self.kept, &moment));
        let explained: f64 = beta.iter().zip(&moment).map(|(beta, moment)| beta * moment).sum();
        log_determinant += (0..self.columns).filter(|&i| self.kept[i]).map(|i| 2.0 * root[i][i].ln()).sum::<f64>();
        At { root, beta, rest: (square - explained).max(0.0), log_determinant }
    }

    /// −2 times the restricted log-likelihood, but for a constant.
    fn deviance(&self, ratio: f64) -> f64 {
        let at = self.at(ratio);
        let freedom = (self.n - self.rank) as f64;
        freedom * (at.rest / freedom).max(f64::MIN_POSITIVE).ln() + at.log_determinant
    }

    pub(super) fn solve(&self) -> Result<Solution> {
        let ratio = smallest(|ratio| self.deviance(ratio));
        let at = self.at(ratio);
        let variance = at.rest / (self.n - self.rank) as f64;
        let inverse: Vec<Vec<f64>> = (0..self.columns)
            .map(|i| {
                let unit: Vec<f64> = (0..self.columns).map(|j| f64::from(u8::from(i == j))).collect();
                back(&at.root, &self.kept, forward(&at.root, &self.kept, &unit))
            })
            .collect();
        let effects = self.counts.iter().zip(&self.sums).map(|(count, (x, y))| {
            let spread = 1.0 + *count as f64 * ratio;
            let weight = ratio / spread;
            let fitted: f64 = x.iter().zip(&at.beta).map(|(x, beta)| x * beta).sum();
            let of_coefficients: f64 = x
                .iter()
                .zip(&inverse)
                .map(|(left, row)| left * x.iter().zip(row).map(|(x, c)| x * c).sum::<f64>())
                .sum();
            // Henderson (1975): what is left of the prior variance, and what the coefficients add.
            (weight * (y - fitted), ratio / spread + weight * weight * of_coefficients)
        });
        let effects: Vec<(f64, f64)> = effects.collect();
        if !(variance.is_finite() && effects.iter().all(|(value, error)| value.is_finite() && error.is_finite())) {
            return Err(Error::NoConvergence { method: METHOD, steps: 1 });
        }
        let mut coefficients: Vec<Option<f64>> =
            (0..self.columns).map(|column| self.kept[column].then(|| at.beta[column] / self.scales[column])).collect();
        if let Some(Some(intercept)) = coefficients.first_mut() {
            *intercept += self.centre;
        }
        let covariance = inverse
            .iter()
            .enumerate()
            .map(|(i, row)| row.iter().enumerate().map(|(j, c)| c / (self.scales[i] * self.scales[j])).collect())
            .collect();
        Ok(Solution { ratio, variance, coefficients, covariance, effects })
    }
}

/// The ratio from 0 to [`LARGEST_RATIO`] at which a function is smallest: by steps on a log scale, then by golden section.
pub(crate) fn smallest(function: impl Fn(f64) -> f64) -> f64 {
    const STEPS: usize = 40;
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let lowest = 1e-6_f64.ln();
    let width = (LARGEST_RATIO.ln() - lowest) / STEPS as f64;
    let on_log = |at: f64| function(at.exp());
    let (mut best, mut value) = (0, f64::INFINITY);
    for step in 0..=STEPS {
        let here = on_log(lowest + width * step as f64);
        if here < value {
            (best, value) = (step, here);
        }
    }
    let (mut low, mut high) = (lowest + width * (best as f64 - 1.0), lowest + width * (best as f64 + 1.0));
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (on_log(left), on_log(right));
    while high - low > 1e-10 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = on_log(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = on_log(right);
        }
    }
    let found = (0.5 * (low + high)).exp();
    if function(0.0) <= function(found) { 0.0 } else { found }
}

/// The lower triangular root of a positive matrix given by its lower half, with rows of aliased columns left out: found by
/// how little is left of them, or as `kept` says.
fn root_of(matrix: &[Vec<f64>], kept: Option<&[bool]>) -> (Vec<Vec<f64>>, Vec<bool>) {
    let n = matrix.len();
    let mut found = vec![true; n];
    let mut root = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = matrix[i][j] - (0..j).map(|k| root[i][k] * root[j][k]).sum::<f64>();
            if i == j {
                found[i] = kept.map_or(rest > ALIASED * matrix[i][i], |kept| kept[i]);
                root[i][i] = if found[i] { rest.max(f64::MIN_POSITIVE).sqrt() } else { 0.0 };
            } else if found[j] {
                root[i][j] = rest / root[j][j];
            }
        }
        if !found[i] {
            root[i].fill(0.0);
        }
    }
    (root, found)
}

fn forward(root: &[Vec<f64>], kept: &[bool], right: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; right.len()];
    for i in (0..x.len()).filter(|&i| kept[i]) {
        x[i] = (right[i] - (0..i).map(|k| root[i][k] * x[k]).sum::<f64>()) / root[i][i];
    }
    x
}

fn back(root: &[Vec<f64>], kept: &[bool], mut x: Vec<f64>) -> Vec<f64> {
    let n = x.len();
    for i in (0..n).rev().filter(|&i| kept[i]) {
        x[i] = (x[i] - (i + 1..n).map(|k| root[k][i] * x[k]).sum::<f64>()) / root[i][i];
    }
    x
}
