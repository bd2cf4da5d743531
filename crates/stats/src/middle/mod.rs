//! The median of a few numbers, with its interval.

#[cfg(test)]
mod tests;

use crate::{Error, Estimate, Interval, Level, Result, error::at_least, normal::reach};

/// Up to so many values the chances are summed; above, the normal approximation places the ends to within one value.
const SUMMED: usize = 2_000;

/// The median with the percentile interval of its bootstrap, worked out exactly instead of drawn.
///
/// A bootstrap sample draws n of the n values with replacement. Its lower median is at most the k-th smallest value where at least
/// half of the draws are, which has the chance P(Bin(n, k/n) ≥ ⌈n/2⌉); of an even number the upper median, for which one more is
/// needed, bounds the other end, so that the interval is never too short by rounding. No seed, the same answer every time.
/// Sources: Efron (1979), "Bootstrap methods", *Ann. Statist.* 7, §3; the exact form: Maritz & Jarrett (1978), JASA 73, 194–196.
///
/// # Errors
/// [`Error::NotEnough`] without a value, [`Error::NotFinite`].
///
/// ```
/// use takar_stats::{Level, middle::median};
/// let hours = median(&[1.0, 2.0, 2.5, 3.0, 40.0], Level::P95)?;
/// assert_eq!(hours.value, 2.5);
/// assert_eq!((hours.interval.low, hours.interval.high), (1.0, 40.0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn median(values: &[f64], level: Level) -> Result<Estimate> {
    let n = values.len();
    at_least("a median", "values", 1, n)?;
    if let Some(index) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::NotFinite { what: "value", index });
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (lower, upper) = (n.div_ceil(2), n / 2 + 1);
    let place = |needed: usize, chance: f64| {
        let first = |mut from: usize, mut to: usize| {
            while from < to {
                let middle = (from + to) / 2;
                if at_most(middle, n, needed, level) < chance {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            from
        };
        first(1, n) - 1
    };
    let tail = level.tail();
    let value = f64::midpoint(sorted[lower - 1], sorted[upper - 1]);
    let interval = Interval {
        low: sorted[place(lower, tail)].min(value),
        high: sorted[place(upper, 1.0 - tail)].max(value),
        level,
    };
    Ok(Estimate { value, interval, n })
}

/// The chance that at least `needed` of n draws are among the `place` smallest of n values.
fn at_most(place: usize, n: usize, needed: usize, level: Level) -> f64 {
    if place >= n {
        return 1.0;
    }
    let (all, p) = (n as f64, place as f64 / n as f64);
    if n > SUMMED {
        // Only which side of the two tails it is on is asked.
        let score = (all * p - (needed as f64 - 0.5)) / (all * p * (1.0 - p)).sqrt();
        let z = reach(level);
        return if score < -z {
            0.0
        } else if score < z {
            0.5
        } else {
            1.0
        };
    }
    // The chance of no draw, then of one more each time, in logarithms: they are too small for numbers otherwise.
    let (log_p, log_q) = (p.ln(), (1.0 - p).ln());
    let mut log_chance = all * log_q;
    let mut sum = 0.0;
    for drawn in 0..=n {
        if drawn >= needed {
            sum += log_chance.exp();
        }
        log_chance += ((n - drawn) as f64).ln() - ((drawn + 1) as f64).ln() + log_p - log_q;
    }
    sum.min(1.0)
}
