//! Exact whole numbers: money and goods counted in their smallest unit, for the identities that must close without a rest.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The largest magnitude of an amount or quantity that goes in: 10²⁷ smallest units.
///
/// With 4 decimals that is 10²³ of a currency in one cell. The bound leaves so much room in 128 bits that no sum of
/// cells that fit in memory can overflow.
pub const LIMIT: i128 = 10_i128.pow(27);

/// Money as a whole number of its smallest unit, say 1/10,000 of a currency.
///
/// Range: −10²⁷ to 10²⁷ ([`LIMIT`]) where it goes into an estimator; sums that come out may be larger.
///
/// ```
/// use takar_stats::Amount;
/// let price = Amount(12_500_0000); // 12,500 with four decimals
/// assert_eq!(price.0 / 10_000, 12_500);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i128);

/// A quantity of goods as a whole number of its smallest unit, say 1/1,000,000 piece.
///
/// Range: −10²⁷ to 10²⁷ ([`LIMIT`]) where it goes into an estimator; sums that come out may be larger. Quantities that
/// are added must count the same thing (all pieces, or all kilograms).
///
/// ```
/// use takar_stats::Units;
/// let half_a_kilogram = Units(500_000);
/// assert_eq!(half_a_kilogram.0 * 2, 1_000_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Units(pub i128);

/// `part` / `whole`; none where the whole is 0.
pub(crate) fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

/// Refuses a number beyond ±[`LIMIT`].
pub(crate) fn within_limit(what: &'static str, index: usize, value: i128) -> Result<()> {
    if value.unsigned_abs() <= LIMIT.unsigned_abs() { Ok(()) } else { Err(too_large(what, index, value as f64)) }
}

/// The error of a number beyond ±[`LIMIT`].
pub(crate) fn too_large(what: &'static str, index: usize, value: f64) -> Error {
    Error::OutOfRange { what, index, value, range: "±1e27 smallest units" }
}
