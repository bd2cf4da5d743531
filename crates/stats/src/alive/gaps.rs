//! One account's own rhythm: the gaps between its orders, and how long it has been silent.

use serde::Serialize;

use super::purchases::known_by;
use crate::error::{Result, finite};

/// The gaps between an account's orders, in days, and the silence since the last.
///
/// ```
/// use takar_stats::alive::Gaps;
///
/// let gaps = Gaps::of(&[0, 10, 24, 36], 77)?.expect("ordered before day 77");
/// assert_eq!((gaps.count(), gaps.mean(), gaps.since_last()), (3, Some(12.0), 41.0));
/// assert_eq!(gaps.spread(), Some(2.0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gaps {
    count: u32,
    /// From the first order to the last.
    span: f64,
    spread: Option<f64>,
    longest: f64,
    /// Gaps at least as long as the present silence.
    not_shorter: u32,
    since_last: f64,
    /// Σ ln (gap / span): all that the gaps say of their regularity.
    ln_shares: f64,
}

impl Gaps {
    /// From the days with an order, ascending, as known at the end of `today`; see
    /// [`Purchases::from_days`](super::Purchases::from_days). None where no order is left.
    ///
    /// The days may be numbered by working days instead of calendar days: then holidays do not count as silence.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) where the days are not in ascending order.
    pub fn of(days: &[i32], today: i32) -> Result<Option<Self>> {
        let known = known_by(days, today)?;
        let Some((&first, &last)) = known.first().zip(known.last()) else {
            return Ok(None);
        };
        let between = |from: i32, to: i32| f64::from(to) - f64::from(from);
        let (span, since_last) = (between(first, last), between(last, today));
        let mut gaps = Self { count: 0, span, spread: None, longest: 0.0, not_shorter: 0, since_last, ln_shares: 0.0 };
        let lengths = || known.windows(2).map(|pair| between(pair[0], pair[1])).filter(|&gap| gap > 0.0);
        for gap in lengths() {
            gaps.count += 1;
            gaps.longest = gaps.longest.max(gap);
            gaps.not_shorter += u32::from(gap >= since_last);
            gaps.ln_shares += (gap / span).ln();
        }
        if gaps.count >= 2 {
            let mean = span / f64::from(gaps.count);
            let squares: f64 = lengths().map(|gap| (gap - mean) * (gap - mean)).sum();
            gaps.spread = Some((squares / f64::from(gaps.count - 1)).sqrt());
        }
        Ok(Some(gaps))
    }

    /// Gaps: one less than the days with an order.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Days with an order.
    pub const fn orders(&self) -> u32 {
        self.count + 1
    }

    /// Mean gap in days; none with a single order.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.span / f64::from(self.count))
    }

    /// Standard deviation of the gaps in days (divisor n − 1); none below two gaps.
    pub const fn spread(&self) -> Option<f64> {
        self.spread
    }

    /// Days from the first order to the last.
    pub const fn span(&self) -> f64 {
        self.span
    }

    /// The longest gap in days; 0 with a single order.
    pub const fn longest(&self) -> f64 {
        self.longest
    }

    /// Days since the last order.
    pub const fn since_last(&self) -> f64 {
        self.since_last
    }

    /// Gaps at least as long as the silence since the last order.
    pub(super) const fn not_shorter(&self) -> u32 {
        self.not_shorter
    }

    pub(super) const fn ln_shares(&self) -> f64 {
        self.ln_shares
    }
}

/// How often a gap is at least `silence` long, judged by the account's own `gaps` alone: (1 + #{gap ≥ u})/(n + 1).
///
/// A p-value that is valid for any distribution of gaps, but never below 1/(n+1). No gaps: 1.
/// Source: the Monte Carlo p-value of Davison & Hinkley (1997), *Bootstrap Methods and their Application*, eq. 4.11.
///
/// # Errors
/// [`Error::NotFinite`](crate::Error::NotFinite) for a gap that is not finite.
///
/// ```
/// use takar_stats::alive::empirical_chance;
///
/// assert_eq!(empirical_chance(&[7.0; 19], 20.0)?, 1.0 / 20.0);
/// assert_eq!(empirical_chance(&[7.0, 8.0, 9.0], 8.0)?, 3.0 / 4.0);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn empirical_chance(gaps: &[f64], silence: f64) -> Result<f64> {
    finite("gap", gaps)?;
    let not_shorter = gaps.iter().filter(|&&gap| gap >= silence).count();
    Ok(share_not_shorter(not_shorter as f64, gaps.len() as f64))
}

pub(super) fn share_not_shorter(not_shorter: f64, gaps: f64) -> f64 {
    (1.0 + not_shorter) / (gaps + 1.0)
}
