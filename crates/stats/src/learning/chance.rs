//! Chances that differ between groups, but not by any amount.

use statrs::function::beta::{beta_reg, ln_beta};

use super::{inverse, weights};
use crate::{Estimate, Interval, Level};

/// Steps of the chance all groups have in common, and of how alike they are.
const MIDDLES: usize = 32;
const LIKENESSES: usize = 16;
/// What is known beforehand counts as much as so many cases, from … to.
const ALIKE: (f64, f64) = (1.0, 500.0);

/// (successes, of) a group.
pub(super) fn shrunken(groups: &[(usize, usize)], level: Level) -> Vec<Estimate> {
    let mut points = Vec::with_capacity(MIDDLES * LIKENESSES);
    for step in 0..LIKENESSES {
        let cases = ALIKE.0 * (ALIKE.1 / ALIKE.0).powf(step as f64 / (LIKENESSES - 1) as f64);
        for middle in 0..MIDDLES {
            let middle = (middle as f64 + 0.5) / MIDDLES as f64;
            let (a, b) = (cases * middle, cases * (1.0 - middle));
            let likelihood =
                |(cases, of): &(usize, usize)| ln_beta(a + *cases as f64, b + (of - cases) as f64) - ln_beta(a, b);
            // (α+β)^(−5/2) over α and β is cases^(−1/2) over the middle and the logarithm of cases.
            points.push(((a, b), groups.iter().map(likelihood).sum::<f64>() - 0.5 * cases.ln()));
        }
    }
    let points = weights(&points);
    let told = |(cases, of): &(usize, usize)| {
        let after: Vec<((f64, f64), f64)> =
            points.iter().map(|((a, b), weight)| ((a + *cases as f64, b + (of - cases) as f64), *weight)).collect();
        let value = after.iter().map(|((a, b), weight)| weight * a / (a + b)).sum();
        let below = |chance: f64| after.iter().map(|((a, b), weight)| weight * beta_reg(*a, *b, chance)).sum::<f64>();
        let end = |share| inverse(below, share, 0.0, 1.0);
        let interval = Interval { low: end(level.tail()), high: end(1.0 - level.tail()), level };
        Estimate { value, interval, n: *of }
    };
    groups.iter().map(told).collect()
}
