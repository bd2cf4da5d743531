//! What a purchase model needs to know of an account: how often it came back, when last, and for how long it is known.

use serde::{Deserialize, Serialize};

use crate::{Error, error::Result};

/// The unit in which times are counted. All times of one model are in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Days.
    Days,
    /// Weeks of seven days: what most published figures are in.
    #[default]
    Weeks,
}

impl Unit {
    /// Days in one unit.
    ///
    /// ```
    /// assert_eq!(takar_stats::alive::Unit::Weeks.days(), 7.0);
    /// ```
    pub const fn days(self) -> f64 {
        match self {
            Self::Days => 1.0,
            Self::Weeks => 7.0,
        }
    }
}

/// One account's purchases: (x, t_x, T) of the literature, in the caller's unit of time.
///
/// ```
/// use takar_stats::alive::{Purchases, Unit};
///
/// // First order on day 0, further orders on days 14 and 35, seen on day 70.
/// let account = Purchases::from_days(&[0, 14, 35], 70, Unit::Weeks)?.expect("ordered before day 70");
/// assert_eq!((account.repeats(), account.recency(), account.age()), (2, 5.0, 10.0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Purchases {
    repeats: u32,
    recency: f64,
    age: f64,
    /// Σ ln of the gaps, where they are known: only models of regular ordering ask for it.
    #[serde(skip)]
    ln_gaps: Option<f64>,
}

impl Purchases {
    /// The most repeat orders an account may have.
    pub const MOST_REPEATS: u32 = 100_000;

    /// `repeats` orders after the first (x), the last of them `recency` after the first order (t_x), seen `age` after the
    /// first order (T).
    ///
    /// # Errors
    /// [`Error::NotFinite`] for a time that is not finite; [`Error::OutOfRange`] for an age that is negative or above 10¹⁰, a
    /// recency above the age, repeat orders without time between them (below 10⁻⁶) or the other way round, or more than
    /// [`Self::MOST_REPEATS`].
    ///
    /// ```
    /// use takar_stats::alive::Purchases;
    ///
    /// let account = Purchases::new(2, 30.43, 38.86)?;
    /// assert_eq!(account.since_last(), 38.86 - 30.43);
    /// assert!(Purchases::new(2, 40.0, 38.86).is_err());
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn new(repeats: u32, recency: f64, age: f64) -> Result<Self> {
        for (what, value) in [("recency", recency), ("age", age)] {
            if !value.is_finite() {
                return Err(Error::NotFinite { what, index: 0 });
            }
        }
        let refuse = |what, value, range| Err(Error::OutOfRange { what, index: 0, value, range });
        if repeats > Self::MOST_REPEATS {
            return refuse("repeat orders", f64::from(repeats), "0 to 100,000");
        }
        if !(0.0..=1e10).contains(&age) {
            return refuse("age", age, "0 to 10,000,000,000");
        }
        if recency < 0.0 || recency > age {
            return refuse("recency", recency, "0 to the age");
        }
        if repeats == 0 && recency > 0.0 {
            return refuse("recency", recency, "0 where there is no repeat order");
        }
        if repeats > 0 && recency < 1e-6 {
            return refuse("recency", recency, "0.000001 or more where there are repeat orders");
        }
        // −0.0 would sort apart from 0.0.
        Ok(Self { repeats, recency: recency + 0.0, age: age + 0.0, ln_gaps: (repeats == 0).then_some(0.0) })
    }

    /// From the days (numbered in any fixed way, ascending) with an order, as known at the end of day `today`.
    ///
    /// Several entries for one day are one order; days after `today` are left out, so that a past day can be judged with
    /// what was known then. `None` where no order is left.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where the days are not in ascending order, or more than [`Self::MOST_REPEATS`].
    ///
    /// ```
    /// use takar_stats::alive::{Purchases, Unit};
    ///
    /// let as_of_day_20 = Purchases::from_days(&[0, 14, 14, 35], 20, Unit::Days)?.expect("one");
    /// assert_eq!((as_of_day_20.repeats(), as_of_day_20.recency()), (1, 14.0));
    /// assert_eq!(Purchases::from_days(&[], 20, Unit::Days)?, None);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn from_days(days: &[i32], today: i32, unit: Unit) -> Result<Option<Self>> {
        let known = known_by(days, today)?;
        let Some((&first, &last)) = known.first().zip(known.last()) else {
            return Ok(None);
        };
        let units = |from: i32, to: i32| (f64::from(to) - f64::from(from)) / unit.days();
        let gaps = known.windows(2).filter(|pair| pair[0] < pair[1]);
        let (repeats, ln_gaps) =
            gaps.fold((0_u32, 0.0), |(count, sum), pair| (count + 1, sum + units(pair[0], pair[1]).ln()));
        let account = Self::new(repeats, units(first, last), units(first, today))?;
        Ok(Some(Self { ln_gaps: Some(ln_gaps), ..account }))
    }

    /// Orders after the first: x.
    pub const fn repeats(&self) -> u32 {
        self.repeats
    }

    /// Time from the first order to the last: t_x; 0 without a repeat order.
    pub const fn recency(&self) -> f64 {
        self.recency
    }

    /// Time from the first order to today: T.
    pub const fn age(&self) -> f64 {
        self.age
    }

    /// Time since the last order: T − t_x.
    pub fn since_last(&self) -> f64 {
        self.age - self.recency
    }

    /// Σ ln of the gaps, where the account was made from its days.
    pub(super) const fn ln_gaps(&self) -> Option<f64> {
        self.ln_gaps
    }
}

/// The days up to `today`.
///
/// # Errors
/// [`Error::OutOfRange`] where the days do not ascend.
pub(super) fn known_by(days: &[i32], today: i32) -> Result<&[i32]> {
    if let Some(before) = days.windows(2).position(|pair| pair[0] > pair[1]) {
        let index = before + 1;
        return Err(Error::OutOfRange {
            what: "order day",
            index,
            value: f64::from(days[index]),
            range: "ascending order",
        });
    }
    Ok(&days[..days.partition_point(|&day| day <= today)])
}
