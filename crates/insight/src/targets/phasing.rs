//! How a target falls into months.

use takar_model::Money;
use takar_stats::{Error, shares::shared_out};

/// Shares a target out by what is expected of each month: whole amounts that add up to it exactly, in whole units of its
/// currency or goods where it is one.
///
/// # Errors
/// [`Error::NotEnough`] without months, [`Error::NotFinite`].
pub fn phased(target: Money, expected: &[f64]) -> Result<Vec<Money>, Error> {
    // A month that is expected to lose sales has no target, rather than one below zero.
    let weights: Vec<f64> = expected.iter().map(|month| month.max(0.0)).collect();
    let step = if target.units() % Money::ONE == 0 { Money::ONE } else { 1 };
    let parts = shared_out(target.units() / step, &weights)?;
    Ok(parts.into_iter().map(|part| Money::from_units(part * step)).collect())
}
