//! What a basket lacks, by all other items at once.

use rayon::prelude::*;

use super::Together;
use crate::{Error, Result};

/// EASEʳ, fitted: a weight from each item to each other.
///
/// B = argmin ‖X − XB‖² + λ‖B‖² with a diagonal of 0, which is B_ij = −P_ij/P_jj for P = (XᵀX + λI)⁻¹.
/// Source: Steck (2019), "Embarrassingly shallow autoencoders for sparse data", *WWW '19*, eq. 8.
///
/// Time grows with the cube of the items (1,000 take some 10⁹ multiplications), memory with their square.
#[derive(Debug, Clone, PartialEq)]
pub struct Ease {
    items: usize,
    /// B, row by row.
    weights: Vec<f32>,
}

impl Ease {
    /// Fits with the penalty λ, above 0.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a penalty that is not above 0.
    pub fn fit(together: &Together, penalty: f64) -> Result<Self> {
        if !(penalty > 0.0 && penalty.is_finite()) {
            return Err(Error::OutOfRange { what: "penalty", index: 0, value: penalty, range: "above 0" });
        }
        let n = together.items;
        let root = root(together, penalty);
        let columns: Vec<Vec<f64>> = (0..n).into_par_iter().map(|column| column_of_inverse(&root, n, column)).collect();
        let mut weights = vec![0.0_f32; n * n];
        for (j, column) in columns.iter().enumerate() {
            let own = column[j];
            for (i, value) in column.iter().enumerate().filter(|(i, _)| *i != j) {
                weights[i * n + j] = (-value / own) as f32;
            }
        }
        Ok(Self { items: n, weights })
    }

    /// The weight from an item to another; 0 to itself.
    pub fn weight(&self, from: usize, to: usize) -> f32 {
        self.weights[from * self.items + to]
    }

    /// How much an item suits a basket; summed in the order of the basket.
    pub fn score(&self, basket: &[u32], item: u32) -> f64 {
        basket.iter().map(|held| f64::from(self.weight(*held as usize, item as usize))).sum()
    }
}

/// The lower triangular root of XᵀX + λI (Cholesky), rows of n.
fn root(together: &Together, penalty: f64) -> Vec<f64> {
    let n = together.items;
    let mut root = vec![0.0; n * n];
    for i in 0..n {
        let (above, rest) = root.split_at_mut(i * n);
        let row = &mut rest[..n];
        for j in 0..i {
            let of_j = &above[j * n..j * n + j + 1];
            let known: f64 = row[..j].iter().zip(&of_j[..j]).map(|(a, b)| a * b).sum();
            row[j] = (f64::from(together.both(i, j)) - known) / of_j[j];
        }
        let known: f64 = row[..i].iter().map(|a| a * a).sum();
        // The penalty keeps the matrix positive, but for rounding.
        row[i] = (f64::from(together.both(i, i)) + penalty - known).max(penalty * 1e-9).sqrt();
    }
    root
}

/// Solves L Lᵀ x = e.
fn column_of_inverse(root: &[f64], n: usize, column: usize) -> Vec<f64> {
    let mut x = vec![0.0; n];
    for i in column..n {
        let row = &root[i * n..i * n + i + 1];
        let known: f64 = row[column..i].iter().zip(&x[column..i]).map(|(a, b)| a * b).sum();
        x[i] = (f64::from(u8::from(i == column)) - known) / row[i];
    }
    for i in (0..n).rev() {
        let row = &root[i * n..i * n + i + 1];
        x[i] /= row[i];
        let own = x[i];
        x[..i].iter_mut().zip(&row[..i]).for_each(|(value, factor)| *value -= factor * own);
    }
    x
}
