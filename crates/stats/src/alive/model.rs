//! Finds the parameters under which the accounts seen are most likely.

use serde::Serialize;

use super::{
    ahead::OrdersAhead,
    likelihood::Rows,
    newton::{Peak, maximise},
    parameter::{FARTHEST, Parameter},
    process::{PurchaseProcess, Stages, Variant, gaps_term},
    purchases::Purchases,
    special::normal_upper,
};
use crate::{
    Error, Estimate, Interval, Level,
    error::{Result, at_least},
};

/// A purchase model whose parameters are still to be found.
///
/// ```
/// use takar_stats::{Level, alive::{PurchaseModel, Purchases}};
///
/// // Sixty accounts, seen for 40 weeks: (repeat orders, week of the last one, weeks since the first order).
/// let accounts: Vec<Purchases> = (0..60)
///     .map(|i| Purchases::new(i % 4, f64::from(i % 4) * f64::from(3 + i % 7), 40.0))
///     .collect::<Result<_, _>>()?;
///
/// let fit = PurchaseModel::mbg_nbd().level(Level::P90).fit(&accounts)?;
/// assert_eq!(fit.n, 60);
/// let silent = Purchases::new(3, 9.0, 40.0)?;
/// let recent = Purchases::new(3, 38.0, 40.0)?;
/// assert!(fit.p_alive(&silent) < fit.p_alive(&recent));
///
/// let too_few = PurchaseModel::bg_nbd().fit(&accounts[..3]).expect_err("refused");
/// assert_eq!(too_few.to_string(), "not enough data: BG/NBD needs at least 10 accounts, there are 3");
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PurchaseModel {
    variant: Variant,
    level: Level,
}

impl PurchaseModel {
    /// The fewest accounts a fit asks for.
    pub const FEWEST_ACCOUNTS: usize = 10;
    /// The fewest accounts with a repeat order a fit asks for.
    pub const FEWEST_REPEATING: usize = 3;

    /// A model of this kind, with 95 % intervals.
    pub const fn new(variant: Variant) -> Self {
        Self { variant, level: Level::P95 }
    }

    /// MBG/NBD: what to use unless something speaks against it.
    pub const fn mbg_nbd() -> Self {
        Self::new(Variant::MbgNbd)
    }

    /// BG/NBD.
    pub const fn bg_nbd() -> Self {
        Self::new(Variant::BgNbd)
    }

    /// MBG/CNBD-k, for accounts that order regularly.
    pub const fn mbg_cnbd(stages: Stages) -> Self {
        Self::new(Variant::MbgCnbd(stages))
    }

    /// The same with intervals at `level`.
    #[must_use]
    pub const fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// The most likely parameters.
    ///
    /// The order of the accounts does not matter, and the unit of time only scales α. A parameter that the data cannot bound
    /// (accounts all alike, nobody dies) is held at e^±12 and says so (`at_bound`). Time grows with the number of distinct
    /// accounts; a million take about a second.
    ///
    /// # Errors
    /// [`Error::NotEnough`] below [`Self::FEWEST_ACCOUNTS`] accounts or [`Self::FEWEST_REPEATING`] with a repeat order, and
    /// for MBG/CNBD-k where gaps are unknown; [`Error::NoConvergence`] where the search does not settle.
    pub fn fit(&self, accounts: &[Purchases]) -> Result<PurchaseFit> {
        at_least(self.method(), "accounts", Self::FEWEST_ACCOUNTS, accounts.len())?;
        let repeating = accounts.iter().filter(|account| account.repeats() > 0).count();
        at_least(self.method(), "accounts with a repeat order", Self::FEWEST_REPEATING, repeating)?;
        let gaps = gaps_term(self.variant, accounts)?;
        let rows = Rows::new(accounts);
        let peak = self.climb(&rows)?;

        let mut log_parameters = peak.point;
        log_parameters[1] += rows.unit.ln();
        let parameter = |index, unit| Parameter::of_peak(&peak, index, unit, self.level);
        let k = f64::from(self.variant.shape());
        Ok(PurchaseFit {
            process: PurchaseProcess::at(self.variant, &log_parameters),
            r: parameter(0, 1.0),
            alpha: parameter(1, rows.unit),
            a: parameter(2, 1.0),
            b: parameter(3, 1.0),
            // The likelihood is a density in k stages for each repeat order: in the caller's unit of time it is thinner.
            log_likelihood: gaps + peak.slope.value - k * rows.repeats * rows.unit.ln(),
            n: accounts.len(),
            level: self.level,
            covariance: peak.covariance(),
        })
    }

    /// MBG/NBD or MBG/CNBD-k, whichever number of stages makes the accounts most likely: how regularly they order decides.
    ///
    /// More stages are tried as long as the likelihood rises. Takes as many fits as it ends with stages, plus one.
    ///
    /// # Errors
    /// As [`Self::fit`]; the accounts have to come from [`Purchases::from_days`].
    ///
    /// ```
    /// use takar_stats::{Level, alive::{PurchaseModel, Purchases, Unit}};
    ///
    /// // Accounts that order every one to four weeks, two days early or late.
    /// let accounts: Vec<Purchases> = (0..40_i32)
    ///     .filter_map(|i| {
    ///         let days: Vec<i32> = (0..5 + i % 9).map(|order| order * (7 + i % 21) + (order * i) % 3).collect();
    ///         Purchases::from_days(&days, 150, Unit::Days).ok().flatten()
    ///     })
    ///     .collect();
    /// let fit = PurchaseModel::most_likely(&accounts, Level::P95)?;
    /// assert_eq!(fit.process.variant().to_string(), "MBG/CNBD-12");
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn most_likely(accounts: &[Purchases], level: Level) -> Result<PurchaseFit> {
        let mut best = Self::mbg_nbd().level(level).fit(accounts)?;
        for stages in 2..=Stages::MOST {
            let next = Self::mbg_cnbd(Stages::new(stages)?).level(level).fit(accounts)?;
            if next.log_likelihood <= best.log_likelihood {
                break;
            }
            best = next;
        }
        Ok(best)
    }

    /// Several quick searches on a part of the accounts, then one on all from where the best ended.
    fn climb(&self, rows: &Rows) -> Result<Peak<4>> {
        /// Enough to come within a standard error or two of the top of the whole.
        const FIRST_ROWS: usize = 2_000;
        const FAR: (f64, f64) = (-FARTHEST, FARTHEST);
        // α carries the unit of time, so that it needs more room: a rate of thousands of orders in the mean age.
        let bounds = [FAR, (-2.0 * FARTHEST, 2.0 * FARTHEST), FAR, FAR];
        let rate = rows.rate * f64::from(self.variant.shape());
        let first_rows = rows.thinned(FIRST_ROWS);
        let starts = [(0.5, 1.0, 2.5), (2.0, 0.5, 8.0), (0.3, 0.2, 0.5), (8.0, 2.0, 40.0)];
        let mut best: Option<Peak<4>> = None;
        let mut failure = None;
        for (r, a, b) in starts {
            let start = [r, r / rate, a, b].map(f64::ln);
            match maximise(self.method(), start, &bounds, |at| first_rows.log_likelihood(self.variant, at)) {
                Ok(peak) if best.is_none_or(|so_far| peak.slope.value > so_far.slope.value) => best = Some(peak),
                Ok(_) => {}
                Err(error) => failure = Some(error),
            }
        }
        match (best, failure) {
            (Some(best), _) if first_rows.len() == rows.len() => Ok(best),
            (Some(best), _) => maximise(self.method(), best.point, &bounds, |at| rows.log_likelihood(self.variant, at)),
            (None, failure) => Err(failure.unwrap_or(Error::NoConvergence { method: self.method(), steps: 0 })),
        }
    }

    const fn method(&self) -> &'static str {
        match self.variant {
            Variant::BgNbd => "BG/NBD",
            Variant::MbgNbd => "MBG/NBD",
            Variant::MbgCnbd(_) => "MBG/CNBD-k",
        }
    }
}

/// A fitted purchase model.
///
/// It answers for accounts it was not fitted on too, as long as their times are in the same unit. See [`PurchaseModel`] for
/// an example.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PurchaseFit {
    /// The model with its most likely parameters.
    #[serde(flatten, serialize_with = "model_name")]
    pub process: PurchaseProcess,
    /// Shape of the ordering rates.
    pub r: Parameter,
    /// Scale of the ordering rates, in the unit of time of the accounts.
    pub alpha: Parameter,
    /// First shape of the chance to die after an order.
    pub a: Parameter,
    /// Second shape of the chance to die after an order.
    pub b: Parameter,
    /// The log-likelihood at the parameters, with times in the unit of the accounts.
    pub log_likelihood: f64,
    /// Accounts it rests on.
    pub n: usize,
    /// Level of the intervals.
    pub level: Level,
    /// Of ln r, ln α, ln a, ln b.
    #[serde(skip)]
    covariance: Option<[[f64; 4]; 4]>,
}

/// The parameters stand beside it with their intervals: of the process only the name is written.
fn model_name<S: serde::Serializer>(process: &PurchaseProcess, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    use serde::ser::SerializeStruct;
    let mut name = serializer.serialize_struct("model", 1)?;
    name.serialize_field("model", &process.variant())?;
    name.end()
}

impl PurchaseFit {
    /// Whether any parameter was held at a bound.
    pub const fn at_bound(&self) -> bool {
        self.r.at_bound || self.alpha.at_bound || self.a.at_bound || self.b.at_bound
    }

    /// The probability that the account is still alive; see [`PurchaseProcess::p_alive`].
    pub fn p_alive(&self, account: &Purchases) -> f64 {
        self.process.p_alive(account)
    }

    /// The interval of [`Self::p_alive`] from the uncertainty of the parameters (delta method on the log odds); none where
    /// their covariance is unknown.
    ///
    /// ```
    /// use takar_stats::alive::{PurchaseModel, Purchases};
    ///
    /// # let accounts: Vec<Purchases> = (0..200)
    /// #     .map(|i| Purchases::new(i % 5, f64::from(i % 5) * f64::from(1 + i * i % 9), 40.0))
    /// #     .collect::<Result<_, _>>()?;
    /// let fit = PurchaseModel::mbg_nbd().fit(&accounts)?;
    /// let account = Purchases::new(3, 20.0, 40.0)?;
    /// if let Some(interval) = fit.p_alive_interval(&account) {
    ///     assert!(interval.holds(fit.p_alive(&account)));
    /// }
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn p_alive_interval(&self, account: &Purchases) -> Option<Interval> {
        let log_odds = self.process.log_odds_dead(account);
        if log_odds == f64::NEG_INFINITY {
            return Some(Interval { low: 1.0, high: 1.0, level: self.level });
        }
        let variance = self.variance_of(|process| Some(process.log_odds_dead(account)))?;
        let reach = normal_upper(self.level.tail()) * variance.sqrt();
        let p_alive = |log_odds: f64| 1.0 / (1.0 + log_odds.exp());
        Some(Interval { low: p_alive(log_odds + reach), high: p_alive(log_odds - reach), level: self.level })
    }

    /// How many orders the account will place in the coming `horizon`; see [`PurchaseProcess::orders_ahead`].
    ///
    /// # Errors
    /// As there.
    pub fn orders_ahead(&self, account: &Purchases, horizon: f64) -> Result<OrdersAhead> {
        self.process.orders_ahead(account, horizon)
    }

    /// The orders all `accounts` together will place in the coming `horizon`.
    ///
    /// The interval is for what will be seen: it holds the chance of each account's orders and, where it is known, the
    /// uncertainty of the parameters (delta method). It is normal, so meant for many accounts. No accounts: 0 ± 0.
    ///
    /// # Errors
    /// As [`PurchaseProcess::orders_ahead`].
    ///
    /// ```
    /// use takar_stats::alive::{PurchaseModel, Purchases};
    ///
    /// # let accounts: Vec<Purchases> = (0..60)
    /// #     .map(|i| Purchases::new(i % 4, f64::from(i % 4) * f64::from(3 + i % 7), 40.0))
    /// #     .collect::<Result<_, _>>()?;
    /// let total = PurchaseModel::mbg_nbd().fit(&accounts)?.total_ahead(&accounts, 13.0)?;
    /// assert!(total.interval.holds(total.value) && total.n == 60);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn total_ahead(&self, accounts: &[Purchases], horizon: f64) -> Result<Estimate> {
        let total = |process: &PurchaseProcess| -> Result<(f64, f64)> {
            accounts.iter().try_fold((0.0, 0.0), |(mean, variance), account| {
                let ahead = process.orders_ahead(account, horizon)?;
                Ok((mean + ahead.mean(), variance + ahead.variance()))
            })
        };
        let (value, chance) = total(&self.process)?;
        let doubt = self.variance_of(|process| total(process).ok().map(|(mean, _)| mean)).unwrap_or(0.0);
        let reach = normal_upper(self.level.tail()) * (chance + doubt).sqrt();
        let interval = Interval { low: (value - reach).max(0.0), high: value + reach, level: self.level };
        Ok(Estimate { value, interval, n: accounts.len() })
    }

    /// The variance of a figure that the uncertainty of the parameters brings.
    fn variance_of(&self, figure: impl Fn(&PurchaseProcess) -> Option<f64>) -> Option<f64> {
        /// Of a parameter's logarithm: the best compromise between curvature and rounding.
        const STEP: f64 = 1e-5;
        let covariance = self.covariance?;
        let at = self.process.log_parameters();
        let mut gradient = [0.0; 4];
        for i in (0..4).filter(|&i| covariance[i][i] > 0.0) {
            let moved = |by: f64| {
                let mut there = at;
                there[i] += by;
                figure(&PurchaseProcess::at(self.process.variant(), &there))
            };
            gradient[i] = (moved(STEP)? - moved(-STEP)?) / (2.0 * STEP);
        }
        let variance: f64 = (0..4)
            .flat_map(|i| (0..4).map(move |j| (i, j)))
            .map(|(i, j)| gradient[i] * covariance[i][j] * gradient[j])
            .sum();
        (variance >= 0.0 && variance.is_finite()).then_some(variance)
    }
}
