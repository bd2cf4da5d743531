//! One among its peers: what most of them reach, and what is fewer than it was.

#[cfg(test)]
mod tests;

use statrs::function::beta::beta_reg;

use crate::{Error, Estimate, Interval, Level, Result, error::at_least};

/// The fewest values of which a quantile is told.
pub const LEAST_VALUES: usize = 5;

/// A quantile of values, with an interval that holds whatever their distribution.
///
/// The value is interpolated between neighbours (Hyndman & Fan 1996, *Am. Stat.* 50, 361–365, type 7); the interval is between two order statistics
/// (David & Nagaraja 2003, *Order Statistics*, section 7.1): the true quantile lies above the r-th of n with P(Bin(n, share) ≥ r).
///
/// # Errors
/// [`Error::NotEnough`] below [`LEAST_VALUES`], [`Error::NotFinite`], [`Error::OutOfRange`] for a share that is not between 0 and 1.
///
/// ```
/// use takar_stats::{Level, peers::quantile};
/// let told = quantile(&mut [5.0, 1.0, 2.0, 4.0, 3.0], 0.5, Level::P80)?;
/// assert_eq!((told.value, told.n), (3.0, 5));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn quantile(values: &mut [f64], share: f64, level: Level) -> Result<Estimate> {
    at_least("a quantile", "values", LEAST_VALUES, values.len())?;
    crate::error::finite("value", values)?;
    if !(share > 0.0 && share < 1.0) {
        return Err(Error::OutOfRange { what: "share", index: 0, value: share, range: "between 0 and 1" });
    }
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let place = share * (n - 1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(n - 1);
    let value = values[below] + part * (values[above] - values[below]);
    // P(Bin(n, share) ≤ k), which grows with k.
    let at_most = |k: usize| if k >= n { 1.0 } else { 1.0 - beta_reg((k + 1) as f64, (n - k) as f64, share) };
    let first = |wanted: f64| {
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = usize::midpoint(low, high);
            if at_most(middle) >= wanted { high = middle } else { low = middle + 1 }
        }
        low
    };
    let low = first(level.tail()).min(below);
    let high = first(1.0 - level.tail()).clamp(above, n - 1);
    Ok(Estimate { value, interval: Interval { low: values[low], high: values[high], level }, n })
}

/// The chance of so few events `now` or fewer, after as many `before`, were the rate only `ratio` times what it was; between 0 and 1.
///
/// Given their sum, the later count is binomial with ratio/(1 + ratio) (Przyborowski & Wilenski 1940, *Biometrika* 31, 313–323).
///
/// ```
/// // 2 of 12 where half are expected: (1 + 12 + 66)/4096.
/// assert!((takar_stats::peers::fewer(2, 10, 1.0) - 79.0 / 4096.0).abs() < 1e-12);
/// ```
pub fn fewer(now: u32, before: u32, ratio: f64) -> f64 {
    if before == 0 || !(ratio > 0.0 && ratio.is_finite()) {
        return 1.0;
    }
    1.0 - beta_reg(f64::from(now) + 1.0, f64::from(before), ratio / (1.0 + ratio))
}
