//! Everything about every account in one pass: rhythm, overdue or not, still alive or not, what is to come and its worth.

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::{
    gaps::Gaps,
    model::{PurchaseFit, PurchaseModel},
    overdue::{Rhythm, rhythms},
    process::Variant,
    purchases::{Purchases, Unit},
    value::{Spending, ValueFit, ValueModel},
};
use crate::{
    Error, Estimate, Interval, Level,
    error::{Result, finite},
    multiple::ErrorRate,
};

/// One account's orders: days and amounts side by side.
///
/// Several entries for one day are one order, their amounts add up.
///
/// ```
/// use takar_stats::alive::OrderHistory;
///
/// let with_amounts = OrderHistory { days: &[0, 14, 35], amounts: &[1_250_000.0, 900_000.0, 1_400_000.0] };
/// let days_alone = OrderHistory { days: &[0, 14, 35], amounts: &[] };
/// assert_eq!(with_amounts.days, days_alone.days);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderHistory<'a> {
    /// Days with an order, numbered in any fixed way, ascending.
    pub days: &'a [i32],
    /// Amount of each, in one currency; empty where amounts are not known or do not matter.
    pub amounts: &'a [f64],
}

/// How accounts are to be assessed.
///
/// ```
/// use takar_stats::alive::Assess;
///
/// let quarter = Assess { horizon_days: 90.0, ..Assess::on(19_500) };
/// assert_eq!(quarter.today, 19_500);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assess {
    /// The day at whose end the accounts are judged, numbered as the order days. Later orders are left out.
    pub today: i32,
    /// Days ahead for expected orders and value.
    pub horizon_days: f64,
    /// Share of well accounts accepted among those flagged as overdue.
    pub false_alarms: ErrorRate,
    /// Level of the intervals.
    pub level: Level,
    /// The model for P(alive) and expected orders; BG/NBD is given beside it.
    pub variant: Variant,
}

impl Assess {
    /// On `today`, for the coming 30 days, 5 % false alarms, 80 % intervals, by MBG/NBD.
    pub const fn on(today: i32) -> Self {
        Self { today, horizon_days: 30.0, false_alarms: ErrorRate::P05, level: Level::P80, variant: Variant::MbgNbd }
    }

    /// Assesses all accounts; times of the fitted models are in days.
    ///
    /// Works for one account and for a million; what needs more accounts than there are is none, and the assessment says in
    /// [`Assessment::purchases`] and its neighbours what it would need. The same input gives the same answer, whatever the
    /// number of threads.
    ///
    /// # Errors
    /// With the account's place: [`Error::OutOfRange`] where its days do not ascend or it has more than
    /// [`Purchases::MOST_REPEATS`] repeat orders, [`Error::Unequal`] where it has amounts but not one for each day,
    /// [`Error::NotFinite`] for an amount. [`Error::OutOfRange`] for a horizon that is not 0 or more.
    ///
    /// ```
    /// use takar_stats::alive::{Assess, OrderHistory};
    ///
    /// // Twenty accounts order every one or two weeks; the last three stopped long ago.
    /// let days: Vec<Vec<i32>> = (0..20)
    ///     .map(|i| (0..12).map(|order| order * (7 + i % 8) + i).filter(|&day| i < 17 || day < 40).collect())
    ///     .collect();
    /// let accounts: Vec<OrderHistory> = days.iter().map(|days| OrderHistory { days, amounts: &[] }).collect();
    ///
    /// let assessment = Assess::on(90).all(&accounts)?;
    /// let mut most_at_risk = assessment.by_risk[..3].to_vec();
    /// most_at_risk.sort();
    /// assert_eq!(most_at_risk, [17, 18, 19]);
    /// assert_eq!(assessment.accounts[18].rhythm.expect("has orders").overdue, Some(true));
    /// assert!(assessment.value.is_err());
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn all(&self, accounts: &[OrderHistory<'_>]) -> Result<Assessment> {
        if !self.horizon_days.is_finite() {
            return Err(Error::NotFinite { what: "horizon", index: 0 });
        }
        if self.horizon_days < 0.0 {
            return Err(Error::OutOfRange { what: "horizon", index: 0, value: self.horizon_days, range: "0 or more" });
        }
        let seen: Vec<Seen> = accounts
            .par_iter()
            .enumerate()
            .map(|(index, account)| Seen::of(account, self.today).map_err(|error| placed(error, index)))
            .collect::<Result<_>>()?;
        let gaps: Vec<Option<Gaps>> = seen.iter().map(|account| account.gaps).collect();
        let purchases: Vec<Purchases> = seen.iter().filter_map(|account| account.purchases).collect();
        let spending: Vec<Spending> = seen.iter().filter_map(|account| account.spending).collect();

        let rhythms = rhythms(&gaps, self.false_alarms)?;
        let fit = |variant| PurchaseModel::new(variant).level(self.level).fit(&purchases);
        let ((purchases, bg), value) = rayon::join(
            || rayon::join(|| fit(self.variant), || fit(Variant::BgNbd)),
            || ValueModel::new().level(self.level).fit(&spending),
        );
        let models = Models {
            horizon: self.horizon_days,
            level: self.level,
            purchases: purchases.as_ref().ok(),
            bg: bg.as_ref().ok(),
            value: value.as_ref().ok(),
        };
        let judged: Vec<(Outlook, Option<f64>)> =
            seen.par_iter().zip(&rhythms).map(|(account, rhythm)| models.outlook(account, *rhythm)).collect();
        let (accounts, odds_alive): (Vec<Outlook>, Vec<Option<f64>>) = judged.into_iter().unzip();
        Ok(Assessment { by_risk: least_first(&odds_alive), accounts, purchases, bg, value })
    }
}

/// All accounts, and the models they were judged by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// In the order of the input.
    pub accounts: Vec<Outlook>,
    /// Places in the input, those most likely dead first; equals stay in the order of the input, accounts without a risk
    /// come last.
    pub by_risk: Vec<usize>,
    /// The model for P(alive) and expected orders, or why there is none.
    #[serde(serialize_with = "fit_or_reason")]
    pub purchases: Result<PurchaseFit>,
    /// BG/NBD beside it, or why there is none.
    #[serde(serialize_with = "fit_or_reason")]
    pub bg: Result<PurchaseFit>,
    /// The model of the value of an order, or why there is none.
    #[serde(serialize_with = "fit_or_reason")]
    pub value: Result<ValueFit>,
}

/// A fit as it is, an error as `{"missing": "not enough data: …"}`.
fn fit_or_reason<T: Serialize, S: Serializer>(fit: &Result<T>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    match fit {
        Ok(fit) => fit.serialize(serializer),
        Err(error) => {
            let mut reason = serializer.serialize_map(Some(1))?;
            reason.serialize_entry("missing", &error.to_string())?;
            reason.end()
        }
    }
}

/// One account: its rhythm, whether it lives, and what is to come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Outlook {
    /// Its rhythm and whether it is overdue; none without an order up to today.
    pub rhythm: Option<Rhythm>,
    /// P(alive) by [`Assess::variant`]; none without that model.
    pub p_alive: Option<f64>,
    /// The interval of `p_alive` from the uncertainty of the parameters.
    pub p_alive_interval: Option<Interval>,
    /// P(alive) by BG/NBD: always 1 after a single order.
    pub p_alive_bg: Option<f64>,
    /// Orders in the time ahead, with the range that will be seen; `n` is the number of accounts behind the model.
    pub expected_orders: Option<Estimate>,
    /// Expected amount of an order; that of all accounts where this one has no repeat order with a positive amount.
    pub value_per_order: Option<f64>,
    /// Expected amount in the time ahead: orders times value of an order.
    pub expected_value: Option<f64>,
    /// The probability that it is dead, 0 to 1, judged by its own rhythm: g/(g + P(gap > u)), where g are the odds of having
    /// died at the last order, a/(b + x). With exponential gaps this is 1 − P(alive) of MBG/NBD; with regular gaps it also
    /// hears how regular they are. Without a fitted model, g = 1/(x + 1).
    pub risk: Option<f64>,
}

/// What there is to know of an account up to today.
struct Seen {
    gaps: Option<Gaps>,
    purchases: Option<Purchases>,
    spending: Option<Spending>,
}

impl Seen {
    fn of(account: &OrderHistory<'_>, today: i32) -> Result<Self> {
        let OrderHistory { days, amounts } = *account;
        let gaps = Gaps::of(days, today)?;
        let purchases = Purchases::from_days(days, today, Unit::Days)?;
        if amounts.is_empty() {
            return Ok(Self { gaps, purchases, spending: None });
        }
        if amounts.len() != days.len() {
            return Err(Error::Unequal { what: "order days and amounts", left: days.len(), right: amounts.len() });
        }
        finite("amount of account", amounts)?;
        let repeats = purchases.map_or(0, |purchases| purchases.repeats());
        let repeat_days = days.partition_point(|&day| day <= days[0])..days.partition_point(|&day| day <= today);
        let repeat_total: f64 = amounts.get(repeat_days).unwrap_or(&[]).iter().sum();
        // Returns may have eaten up the orders: such an account says nothing of the value of an order.
        let spending = Spending::new(repeats, repeat_total / f64::from(repeats.max(1))).ok();
        Ok(Self { gaps, purchases, spending })
    }
}

/// Names the account instead of the place within it.
fn placed(error: Error, account: usize) -> Error {
    match error {
        Error::OutOfRange { what: "order day", value, range, .. } => {
            Error::OutOfRange { what: "order day of account", index: account, value, range }
        }
        Error::OutOfRange { value, range, .. } => {
            Error::OutOfRange { what: "repeat orders of account", index: account, value, range }
        }
        Error::NotFinite { what, .. } => Error::NotFinite { what, index: account },
        other => other,
    }
}

struct Models<'a> {
    horizon: f64,
    level: Level,
    purchases: Option<&'a PurchaseFit>,
    bg: Option<&'a PurchaseFit>,
    value: Option<&'a ValueFit>,
}

impl Models<'_> {
    /// The account's outlook and its odds of being alive.
    fn outlook(&self, account: &Seen, rhythm: Option<Rhythm>) -> (Outlook, Option<f64>) {
        let by = |fit: Option<&PurchaseFit>| Some(fit?.p_alive(account.purchases.as_ref()?));
        let expected_orders = self.expected_orders(account);
        let value_per_order = account.purchases.and(self.value).and_then(|value| match &account.spending {
            Some(spending) => value.expected_value(spending),
            None => value.population_mean(),
        });
        let odds_alive = self.odds_alive(account, rhythm);
        let outlook = Outlook {
            rhythm,
            p_alive: by(self.purchases),
            p_alive_interval: self
                .purchases
                .zip(account.purchases)
                .and_then(|(fit, account)| fit.p_alive_interval(&account)),
            p_alive_bg: by(self.bg),
            expected_orders,
            value_per_order,
            expected_value: expected_orders.zip(value_per_order).map(|(orders, value)| orders.value * value),
            risk: odds_alive.map(|odds| 1.0 / (1.0 + odds)),
        };
        (outlook, odds_alive)
    }

    fn expected_orders(&self, account: &Seen) -> Option<Estimate> {
        let fit = self.purchases?;
        let ahead = fit.orders_ahead(account.purchases.as_ref()?, self.horizon).ok()?;
        Some(Estimate { value: ahead.mean(), interval: ahead.interval(self.level), n: fit.n })
    }

    fn odds_alive(&self, account: &Seen, rhythm: Option<Rhythm>) -> Option<f64> {
        let longer = rhythm?.gap_chance?;
        let repeats = account.purchases?.repeats();
        let died_at_last_order = match self.purchases {
            Some(fit) => fit.process.prior_odds_dead(repeats),
            None => 1.0 / (f64::from(repeats) + 1.0),
        };
        // BG/NBD lets nobody die before a repeat order.
        (died_at_last_order > 0.0).then(|| longer / died_at_last_order)
    }
}

/// Places in ascending order of the odds, equals as they stand, unknown ones last.
fn least_first(odds: &[Option<f64>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..odds.len()).collect();
    places.sort_by(|&left, &right| match (odds[left], odds[right]) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        (left, right) => left.is_none().cmp(&right.is_none()),
    });
    places
}
