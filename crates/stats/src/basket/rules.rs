//! Pairs of items that are bought together more often than chance.

use rayon::prelude::*;
use serde::Serialize;

use super::{LogFactorials, Together};
use crate::{
    Result,
    multiple::{ErrorRate, benjamini_hochberg},
};

/// The fewest baskets with both items for a pair to be judged.
pub const LEAST_BOTH: u32 = 5;

/// Two items that go together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pair {
    /// The one, lower.
    pub one: u32,
    /// The other.
    pub other: u32,
    /// Baskets with both.
    pub both: u32,
    /// How many times as often as chance: both · baskets / (of the one · of the other); above 1.
    pub lift: f64,
    /// One-sided Fisher.
    pub p: f64,
    /// The same, adjusted for all pairs that were judged.
    pub adjusted: f64,
}

/// The pairs that go together, at most a share of `rate` of them by chance, in the order of the items.
///
/// Every pair that [`LEAST_BOTH`] baskets have is judged by Fisher's test ([`super::fisher_greater`]), all together by Benjamini and Hochberg.
///
/// # Errors
/// Never in practice: every p-value lies in 0 to 1.
pub fn pairs(together: &Together, rate: ErrorRate) -> Result<Vec<Pair>> {
    let (items, all) = (together.items, together.baskets);
    let logs = LogFactorials::up_to(all);
    let mut judged: Vec<Pair> = (0..items)
        .into_par_iter()
        .flat_map_iter(|one| {
            let logs = &logs;
            let of_one = together.both(one, one);
            (one + 1..items).filter(move |other| together.both(one, *other) >= LEAST_BOTH).map(move |other| {
                let (both, of_other) = (together.both(one, other), together.both(other, other));
                let lift = f64::from(both) * all as f64 / (f64::from(of_one) * f64::from(of_other));
                // What is not above chance is judged too, and never called so.
                let p = if lift > 1.0 { logs.greater(both, of_one, of_other, all as u32) } else { 1.0 };
                Pair { one: one as u32, other: other as u32, both, lift, p, adjusted: 1.0 }
            })
        })
        .collect();
    let p_values: Vec<f64> = judged.iter().map(|pair| pair.p).collect();
    let told = benjamini_hochberg(&p_values, rate)?;
    judged.iter_mut().zip(&told.adjusted).for_each(|(pair, adjusted)| pair.adjusted = *adjusted);
    let mut kept = told.rejected.iter();
    judged.retain(|_| kept.next() == Some(&true));
    Ok(judged)
}
