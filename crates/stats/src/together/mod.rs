//! Whether two things happen to the same members more often than chance would have it.

#[cfg(test)]
mod tests;

use crate::{Error, Result};

/// Fisher's exact test, one-sided: the chance that at least `both` of `n` members have both properties, where `one` have the first and
/// `other` the second and nothing ties them.
///
/// P(X ≥ both), X hypergeometric. Source: Fisher (1935), *The Design of Experiments*, §21.
///
/// # Errors
/// [`Error::OutOfRange`] where the counts contradict each other.
///
/// ```
/// use takar_stats::together::beyond_chance;
/// // [[8, 2], [1, 5]]: 10 have the first, 9 the second, 8 both, of 16.
/// let p = beyond_chance(8, 10, 9, 16)?;
/// assert!((p - 0.024_476).abs() < 1e-6);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn beyond_chance(both: usize, one: usize, other: usize, n: usize) -> Result<f64> {
    let most = one.min(other);
    if one > n || other > n || both > most || one + other > n + both {
        return Err(Error::OutOfRange {
            what: "count of both",
            index: 0,
            value: both as f64,
            range: "what the other counts allow",
        });
    }
    // Each term by its ratio to the one before; the first by logarithms of factorials.
    let mut term = (ln_choose(one, both) + ln_choose(n - one, other - both) - ln_choose(n, other)).exp();
    let mut sum = term;
    for count in both..most {
        let up = (one - count) as f64 * (other - count) as f64;
        let down = (count + 1) as f64 * (n + count + 1 - one - other) as f64;
        term *= up / down;
        sum += term;
    }
    Ok(sum.min(1.0))
}

fn ln_choose(n: usize, k: usize) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

fn ln_factorial(n: usize) -> f64 {
    statrs::function::factorial::ln_factorial(n as u64)
}
