//! How far forecasts were off, in the measures of the M-competitions.

use crate::{Error, Result, error::at_least};

/// Mean symmetric absolute percentage error, 0 to 200 %: mean of 200·|y − f| / (|y| + |f|); a pair of zeros counts 0.
///
/// Source: Makridakis & Hibon (2000), *Int. J. Forecasting* 16, 451–476.
///
/// # Errors
/// [`Error::Unequal`], [`Error::NotEnough`] without observations.
///
/// ```
/// use takar_stats::forecast::accuracy::smape;
/// assert!((smape(&[100.0, 0.0], &[300.0, 0.0])? - 50.0).abs() < 1e-12);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn smape(actual: &[f64], forecast: &[f64]) -> Result<f64> {
    check(actual, forecast)?;
    let one = |(y, f): (&f64, &f64)| {
        let size = y.abs() + f.abs();
        if size > 0.0 { 200.0 * (y - f).abs() / size } else { 0.0 }
    };
    Ok(actual.iter().zip(forecast).map(one).sum::<f64>() / actual.len() as f64)
}

/// Mean absolute error of the seasonal naive forecast within the series: what errors are scaled by.
///
/// # Errors
/// [`Error::NotEnough`] for `period` observations or fewer, [`Error::Constant`] where it is 0.
pub fn seasonal_scale(values: &[f64], period: usize) -> Result<f64> {
    let period = period.max(1);
    at_least("the scale of errors", "observations", period + 1, values.len())?;
    let steps = values.iter().skip(period).zip(values).map(|(now, then)| (now - then).abs());
    let scale = steps.sum::<f64>() / (values.len() - period) as f64;
    if scale > 0.0 { Ok(scale) } else { Err(Error::Constant { method: "the scale of errors", what: "a series" }) }
}

/// Mean absolute scaled error: mean |y − f| over [`seasonal_scale`] of the series before.
///
/// Source: Hyndman & Koehler (2006), *Int. J. Forecasting* 22, 679–688.
///
/// # Errors
/// As [`smape`] and [`seasonal_scale`].
///
/// ```
/// use takar_stats::forecast::accuracy::mase;
/// assert_eq!(mase(&[5.0, 6.0], &[4.0, 4.0], &[1.0, 2.0, 3.0], 1)?, 1.5);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn mase(actual: &[f64], forecast: &[f64], before: &[f64], period: usize) -> Result<f64> {
    check(actual, forecast)?;
    let errors = actual.iter().zip(forecast).map(|(y, f)| (y - f).abs());
    Ok(errors.sum::<f64>() / actual.len() as f64 / seasonal_scale(before, period)?)
}

fn check(actual: &[f64], forecast: &[f64]) -> Result<()> {
    if actual.len() != forecast.len() {
        return Err(Error::Unequal { what: "actual and forecast", left: actual.len(), right: forecast.len() });
    }
    at_least("accuracy", "observations", 1, actual.len())
}
