//! What costs far more than its peers of the same size.

#[cfg(test)]
mod tests;

use crate::{Error, Result};

/// So many members of about the same size are compared with, fewer where there are fewer.
pub const PEERS: usize = 30;
/// With fewer peers nothing is said.
pub const LEAST_PEERS: usize = 10;
/// So many robust standard deviations above the median of the peers are far (Iglewicz & Hoaglin 1993).
const FAR: f64 = 3.5;
/// The standard deviation of a normal distribution, in median absolute deviations.
const TO_SD: f64 = 1.4826;

/// A member that costs far more than its peers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlier {
    /// Its place in the input.
    pub index: usize,
    /// What its peers cost in the middle: the geometric median.
    pub usual: f64,
    /// How many robust standard deviations above it lies, in logarithms.
    pub distance: f64,
    /// How many peers it was held against.
    pub n: usize,
}

/// The members that cost far more than the [`PEERS`] members nearest in size, the farthest first.
///
/// Costs are compared as logarithms: their median and median absolute deviation are not moved by other outliers among the peers.
/// Where the peers all cost the same nothing can be told, and nothing is said of a member with fewer than [`LEAST_PEERS`] peers.
///
/// Only members with a size and a cost above 0 take part.
///
/// # Errors
/// [`Error::Unequal`] for lists of different lengths, [`Error::NotFinite`].
pub fn costly(sizes: &[f64], costs: &[f64]) -> Result<Vec<Outlier>> {
    if sizes.len() != costs.len() {
        return Err(Error::Unequal { what: "costs", left: costs.len(), right: sizes.len() });
    }
    for (what, values) in [("size", sizes), ("cost", costs)] {
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { what, index });
        }
    }
    let mut by_size: Vec<usize> = (0..sizes.len()).filter(|place| sizes[*place] > 0.0 && costs[*place] > 0.0).collect();
    by_size.sort_by(|one, other| sizes[*one].total_cmp(&sizes[*other]).then(one.cmp(other)));
    let count = by_size.len();
    let taken = PEERS.min(count.saturating_sub(1));
    if taken < LEAST_PEERS {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (rank, place) in by_size.iter().enumerate() {
        // As many below as above, shifted at both ends of the list.
        let first = rank.saturating_sub(taken / 2).min(count - 1 - taken);
        let around = by_size[first..=first + taken].iter().filter(|other| *other != place);
        let mut peers: Vec<f64> = around.map(|other| costs[*other].ln()).collect();
        let middle = middle_of(&mut peers);
        let mut away: Vec<f64> = peers.iter().map(|cost| (cost - middle).abs()).collect();
        let spread = TO_SD * middle_of(&mut away);
        let distance = (costs[*place].ln() - middle) / spread;
        if spread > 0.0 && distance > FAR {
            found.push(Outlier { index: *place, usual: middle.exp(), distance, n: peers.len() });
        }
    }
    found.sort_by(|one, other| other.distance.total_cmp(&one.distance).then(one.index.cmp(&other.index)));
    Ok(found)
}

fn middle_of(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() % 2 {
        1 => values[half],
        _ => f64::midpoint(values[half - 1], values[half]),
    }
}
