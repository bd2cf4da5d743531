//! Least squares with few columns.

use crate::{Error, Result};

/// A fit by least squares.
pub(crate) struct Fit {
    /// A coefficient for each column.
    pub coefficients: Vec<f64>,
    /// (XᵀX)⁻¹, row by row.
    pub inverse: Vec<Vec<f64>>,
    /// What is left of each observation.
    pub residuals: Vec<f64>,
    /// Σ of squared residuals over observations less columns.
    pub variance: f64,
    /// Observations less columns.
    pub freedom: usize,
}

impl Fit {
    /// The standard error of a coefficient.
    pub(crate) fn standard_error(&self, column: usize) -> f64 {
        (self.variance * self.inverse[column][column]).max(0.0).sqrt()
    }
}

/// Fits `y` by the columns of `x` (one vector a column).
///
/// # Errors
/// [`Error::NotEnough`] where there are no more observations than columns, [`Error::Constant`] where a column is a
/// combination of others.
pub(crate) fn least_squares(method: &'static str, x: &[Vec<f64>], y: &[f64]) -> Result<Fit> {
    let (n, k) = (y.len(), x.len());
    crate::error::at_least(method, "observations", k + 1, n)?;
    let product = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
    // Columns of one length make the normal equations as good as they get.
    let lengths: Vec<f64> = x.iter().map(|column| product(column, column).sqrt()).collect();
    let dependent = || Error::Constant { method, what: "influences" };
    if lengths.iter().any(|length| *length <= 0.0 || !length.is_finite()) {
        return Err(dependent());
    }
    let gram: Vec<Vec<f64>> =
        (0..k).map(|i| (0..k).map(|j| product(&x[i], &x[j]) / (lengths[i] * lengths[j])).collect()).collect();
    let root = cholesky(&gram).ok_or_else(dependent)?;
    let right: Vec<f64> = (0..k).map(|i| product(&x[i], y) / lengths[i]).collect();
    let scaled = solve(&root, &right);
    let coefficients: Vec<f64> = scaled.iter().zip(&lengths).map(|(value, length)| value / length).collect();
    let inverse = (0..k)
        .map(|i| {
            let unit: Vec<f64> = (0..k).map(|j| f64::from(u8::from(i == j))).collect();
            solve(&root, &unit).iter().zip(&lengths).map(|(value, length)| value / (length * lengths[i])).collect()
        })
        .collect();
    let fitted = |place: usize| x.iter().zip(&coefficients).map(|(column, c)| column[place] * c).sum::<f64>();
    let residuals: Vec<f64> = y.iter().enumerate().map(|(place, value)| value - fitted(place)).collect();
    let freedom = n - k;
    let variance = product(&residuals, &residuals) / freedom as f64;
    Ok(Fit { coefficients, inverse, residuals, variance, freedom })
}

/// The lower triangular root; none where the matrix is not positive but for rounding.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut root = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = matrix[i][j] - (0..j).map(|k| root[i][k] * root[j][k]).sum::<f64>();
            if i == j {
                if rest <= 1e-10 {
                    return None;
                }
                root[i][i] = rest.sqrt();
            } else {
                root[i][j] = rest / root[j][j];
            }
        }
    }
    Some(root)
}

fn solve(root: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut x = right.to_vec();
    for i in 0..n {
        x[i] = (x[i] - (0..i).map(|k| root[i][k] * x[k]).sum::<f64>()) / root[i][i];
    }
    for i in (0..n).rev() {
        x[i] = (x[i] - (i + 1..n).map(|k| root[k][i] * x[k]).sum::<f64>()) / root[i][i];
    }
    x
}
