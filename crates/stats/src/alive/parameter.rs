//! A parameter as it was found, with its uncertainty.

use serde::Serialize;

use super::{newton::Peak, special::normal_upper};
use crate::{Interval, Level};

/// Searches are held inside ± this on log scale: a parameter that gets there has run away.
pub(super) const FARTHEST: f64 = 12.0;

/// A positive parameter of a fitted model.
///
/// ```
/// use takar_stats::alive::{PurchaseModel, Purchases};
///
/// # let accounts: Vec<Purchases> = (0..60)
/// #     .map(|i| Purchases::new(i % 4, f64::from(i % 4) * f64::from(3 + i % 7), 40.0))
/// #     .collect::<Result<_, _>>()?;
/// let r = PurchaseModel::mbg_nbd().fit(&accounts)?.r;
/// if let Some(interval) = r.interval {
///     assert!(interval.holds(r.value));
/// }
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Parameter {
    /// The most likely value, above 0.
    pub value: f64,
    /// Its interval, made on log scale from the curvature of the likelihood; none where the likelihood is flat or the
    /// parameter was held.
    pub interval: Option<Interval>,
    /// The standard error, on the parameter's own scale (delta method); none as for `interval`.
    pub standard_error: Option<f64>,
    /// The likelihood still rises where the search was held: accounts are more alike (or die more seldom) than the data can
    /// measure. The model remains usable, this parameter means nothing by itself.
    pub at_bound: bool,
}

impl Parameter {
    /// Parameter `index` of a peak on log scale; `unit` is the caller's value of 1.
    pub(super) fn of_peak<const N: usize>(peak: &Peak<N>, index: usize, unit: f64, level: Level) -> Self {
        let value = peak.point[index].exp() * unit;
        let at_bound = peak.held[index];
        let spread = peak
            .covariance()
            .filter(|_| !at_bound)
            .map(|covariance| covariance[index][index].sqrt())
            // Where nothing is known, e^±40 says no more than no interval.
            .filter(|&spread| spread > 0.0 && spread < 20.0);
        let reach = |spread: f64| spread * normal_upper(level.tail());
        Self {
            value,
            interval: spread.map(|spread| Interval {
                low: value * (-reach(spread)).exp(),
                high: value * reach(spread).exp(),
                level,
            }),
            standard_error: spread.map(|spread| value * spread),
            at_bound,
        }
    }
}
