//! Series that are 0 most of the time: demand size and demand gap (or chance) are smoothed apart.

use crate::{
    Error, Result,
    error::{at_least, finite},
};

/// Smoothing weight of the classical methods.
const ALPHA: f64 = 0.1;

/// Mean gap between observations that are not 0; below 1.32 a series is not called intermittent.
///
/// Source: Syntetos, Boylan & Croston (2005), *J. Oper. Res. Soc.* 56, 495–503.
pub const INTERMITTENT_GAP: f64 = 1.32;

/// The mean gap between observations that are not 0, the first gap counted from before the series; none without any.
///
/// ```
/// use takar_stats::forecast::intermittent::mean_gap;
/// assert_eq!(mean_gap(&[0.0, 4.0, 0.0, 0.0, 2.0, 0.0]), Some(2.5));
/// assert_eq!(mean_gap(&[0.0, 0.0]), None);
/// ```
pub fn mean_gap(values: &[f64]) -> Option<f64> {
    let (_, gaps) = demands(values);
    (!gaps.is_empty()).then(|| gaps.iter().sum::<f64>() / gaps.len() as f64)
}

/// Croston's forecast per step: smoothed demand over smoothed gap, both with weight 0.1.
///
/// Source: Croston (1972), *Oper. Res. Quarterly* 23, 289–303. A series of zeros forecasts 0.
///
/// # Errors
/// [`Error::NotEnough`] without observations, [`Error::NotFinite`], [`Error::OutOfRange`] for a value below 0.
///
/// ```
/// use takar_stats::forecast::intermittent::croston;
/// let demand = [0., 0., 5., 0., 0., 0., 3., 0., 4., 0., 0., 2.];
/// assert!((croston(&demand)? - 1.487128).abs() < 1e-6);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn croston(values: &[f64]) -> Result<f64> {
    check(values)?;
    let (sizes, gaps) = demands(values);
    if sizes.is_empty() {
        return Ok(0.0);
    }
    Ok(smoothed(&sizes, ALPHA) / smoothed(&gaps, ALPHA))
}

/// Croston's forecast without its bias: × (1 − weight / 2).
///
/// Source: Syntetos & Boylan (2005), *Int. J. Forecasting* 21, 303–314.
///
/// # Errors
/// As [`croston`].
///
/// ```
/// use takar_stats::forecast::intermittent::sba;
/// let demand = [0., 0., 5., 0., 0., 0., 3., 0., 4., 0., 0., 2.];
/// assert!((sba(&demand)? - 1.412772).abs() < 1e-6);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn sba(values: &[f64]) -> Result<f64> {
    Ok((1.0 - ALPHA / 2.0) * croston(values)?)
}

/// Smoothed demand × smoothed chance of a demand: falls while nothing is bought, so it follows dying accounts.
///
/// Source: Teunter, Syntetos & Babai (2011), *Eur. J. Oper. Res.* 214, 606–615. `size_weight` and `chance_weight` lie
/// within 0 to 1.
///
/// # Errors
/// As [`croston`]; [`Error::OutOfRange`] for a weight outside 0 to 1.
///
/// ```
/// use takar_stats::forecast::intermittent::tsb;
/// let demand = [0., 0., 5., 0., 0., 0., 3., 0., 4., 0., 0., 2.];
/// assert!((tsb(&demand, 0.1, 0.1)? - 1.204034).abs() < 1e-6);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn tsb(values: &[f64], size_weight: f64, chance_weight: f64) -> Result<f64> {
    check(values)?;
    for (index, weight) in [size_weight, chance_weight].into_iter().enumerate() {
        if !(0.0..=1.0).contains(&weight) {
            return Err(Error::OutOfRange { what: "smoothing weight", index, value: weight, range: "0 to 1" });
        }
    }
    let (sizes, _) = demands(values);
    let chances: Vec<f64> = values.iter().map(|value| f64::from(u8::from(*value != 0.0))).collect();
    if sizes.is_empty() {
        return Ok(0.0);
    }
    Ok(smoothed(&sizes, size_weight) * smoothed(&chances, chance_weight))
}

/// Smoothing of sums over blocks as long as the mean gap, brought back to one step.
///
/// Source: Nikolopoulos et al. (2011), *J. Oper. Res. Soc.* 62, 544–554. The weight is within 0.1 to 0.3.
///
/// # Errors
/// As [`croston`].
///
/// ```
/// use takar_stats::forecast::intermittent::adida;
/// let demand = [0., 0., 5., 0., 0., 0., 3., 0., 4., 0., 0., 2.];
/// assert!((adida(&demand)? - 1.491667).abs() < 1e-6);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn adida(values: &[f64]) -> Result<f64> {
    check(values)?;
    let Some(gap) = mean_gap(values) else { return Ok(0.0) };
    Ok(aggregated(values, gap as usize))
}

/// The mean of [`adida`]'s forecast over blocks of 1 step up to the mean gap.
///
/// Source: Petropoulos & Kourentzes (2015), *J. Oper. Res. Soc.* 66, 914–924.
///
/// # Errors
/// As [`croston`].
///
/// ```
/// use takar_stats::forecast::intermittent::imapa;
/// let demand = [0., 0., 5., 0., 0., 0., 3., 0., 4., 0., 0., 2.];
/// assert!((imapa(&demand)? - 1.183554).abs() < 1e-6);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn imapa(values: &[f64]) -> Result<f64> {
    check(values)?;
    let Some(gap) = mean_gap(values) else { return Ok(0.0) };
    let longest = gap.round().max(1.0) as usize;
    Ok((1..=longest).map(|block| aggregated(values, block)).sum::<f64>() / longest as f64)
}

/// Sizes of the observations that are not 0, and the gap before each.
fn demands(values: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut before = 0;
    let met = values.iter().enumerate().filter(|(_, value)| **value != 0.0);
    met.map(|(place, value)| {
        let gap = place + 1 - before;
        before = place + 1;
        (*value, gap as f64)
    })
    .unzip()
}

/// Sums over blocks that end with the series, smoothed with the best weight of 0.1 to 0.3, per step.
fn aggregated(values: &[f64], block: usize) -> f64 {
    let block = block.clamp(1, values.len());
    let left_over = values.len() % block;
    let sums: Vec<f64> = values[left_over..].chunks_exact(block).map(|chunk| chunk.iter().sum()).collect();
    let squares = |weight: f64| {
        let mut level = sums[0];
        let mut squares = 0.0;
        for sum in &sums[1..] {
            squares += (sum - level) * (sum - level);
            level += weight * (sum - level);
        }
        squares
    };
    let step = 0.01;
    let least = |one: &f64, other: &f64| squares(*one).total_cmp(&squares(*other));
    let tried = (0..=20).map(|place| 0.1 + step * f64::from(place)).min_by(least).unwrap_or(0.1);
    let (mut low, mut high) = ((tried - step).max(0.1), (tried + step).min(0.3));
    // Squared error falls, then rises between two weights that were tried.
    while high - low > 1e-9 {
        let third = (high - low) / 3.0;
        if squares(low + third) <= squares(high - third) { high -= third } else { low += third }
    }
    let best = f64::midpoint(low, high);
    smoothed(&sums, best) / block as f64
}

/// The level after all values, begun at the first.
fn smoothed(values: &[f64], weight: f64) -> f64 {
    let Some((first, rest)) = values.split_first() else { return 0.0 };
    rest.iter().fold(*first, |level, value| level + weight * (value - level))
}

fn check(values: &[f64]) -> Result<()> {
    at_least("a forecast", "observations", 1, values.len())?;
    finite("observation", values)?;
    match values.iter().position(|value| *value < 0.0) {
        Some(index) => Err(Error::OutOfRange { what: "observation", index, value: values[index], range: "0 or more" }),
        None => Ok(()),
    }
}
