//! How accounts order and die, with parameters that are known: every figure the models give for one account.

use serde::{Serialize, Serializer};
use statrs::function::{beta::ln_beta, gamma::ln_gamma};

use super::{ahead::OrdersAhead, purchases::Purchases};
use crate::{Error, error::Result};

/// Exponential stages between two orders in [`Variant::MbgCnbd`]: 2 to 12; the more, the more regular.
///
/// The gaps of one account then have a coefficient of variation of 1/√k.
///
/// ```
/// use takar_stats::alive::Stages;
///
/// assert_eq!(Stages::new(4)?.count(), 4);
/// assert!(Stages::new(1).is_err());
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stages(u8);

impl Stages {
    /// The most stages offered.
    pub const MOST: u8 = 12;

    /// `count` stages.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] below 2 or above [`Self::MOST`].
    pub fn new(count: u8) -> Result<Self> {
        if (2..=Self::MOST).contains(&count) {
            Ok(Self(count))
        } else {
            Err(Error::OutOfRange { what: "stages", index: 0, value: f64::from(count), range: "2 to 12" })
        }
    }

    /// How many.
    pub const fn count(self) -> u8 {
        self.0
    }
}

/// Which purchase model: when an account may die, and how regularly a living one orders.
///
/// In all of them an account orders at its own rate λ, after an order dies with its own chance p, and never tells; λ varies
/// between accounts as Gamma(r, α), p as Beta(a, b).
///
/// ```
/// use takar_stats::alive::Variant;
///
/// assert_eq!(Variant::MbgNbd.to_string(), "MBG/NBD");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Exponential gaps, death possible after each *repeat* order: Fader, Hardie & Lee (2005), *Marketing Science* 24. Says
    /// P(alive) = 1 of everyone who ordered once.
    BgNbd,
    /// Exponential gaps, death possible after each order, the first included: Batislam, Denizel & Filiztekin (2007),
    /// *International Journal of Research in Marketing* 24; Wagner & Hoppe (2008), *Marketing Science* 27. The default.
    MbgNbd,
    /// The same with gaps of several exponential stages, for regular ordering: Reutterer, Platzer & Schröder (2020),
    /// *International Journal of Research in Marketing* 38.
    MbgCnbd(Stages),
}

impl Variant {
    /// Exponential stages between two orders: k.
    pub(super) const fn shape(self) -> u32 {
        match self {
            Self::BgNbd | Self::MbgNbd => 1,
            Self::MbgCnbd(stages) => stages.0 as u32,
        }
    }

    /// Whether the first order may already be the last.
    pub(super) const fn dies_at_first_order(self) -> bool {
        !matches!(self, Self::BgNbd)
    }

    /// Whether an account with so many repeat orders can be dead.
    pub(super) const fn may_die(self, repeats: u32) -> bool {
        repeats > 0 || self.dies_at_first_order()
    }
}

impl std::fmt::Display for Variant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BgNbd => write!(f, "BG/NBD"),
            Self::MbgNbd => write!(f, "MBG/NBD"),
            Self::MbgCnbd(stages) => write!(f, "MBG/CNBD-{}", stages.0),
        }
    }
}

impl Serialize for Variant {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A purchase model whose parameters are known.
///
/// Times are in one unit of the caller's choice; α is in that unit, r, a and b have none.
///
/// ```
/// use takar_stats::alive::{PurchaseProcess, Purchases, Variant};
///
/// // The parameters published for the CDNOW sample, in weeks.
/// let cdnow = PurchaseProcess::new(Variant::BgNbd, 0.2426, 4.4135, 0.7929, 2.4258)?;
/// let account = Purchases::new(2, 30.43, 38.86)?;
/// assert!((cdnow.p_alive(&account) - 0.7266).abs() < 5e-5);
/// assert!((cdnow.orders_ahead(&account, 39.0)?.mean() - 1.226).abs() < 5e-4);
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PurchaseProcess {
    variant: Variant,
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl PurchaseProcess {
    /// With the parameters r, α (unit of time), a, b.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for r, a or b outside 10⁻⁹ to 10⁹ and α outside 10⁻³⁰ to 10³⁰.
    pub fn new(variant: Variant, r: f64, alpha: f64, a: f64, b: f64) -> Result<Self> {
        for (what, value) in [("r", r), ("a", a), ("b", b)] {
            if !(1e-9..=1e9).contains(&value) {
                return Err(Error::OutOfRange { what, index: 0, value, range: "10⁻⁹ to 10⁹" });
            }
        }
        if !(1e-30..=1e30).contains(&alpha) {
            return Err(Error::OutOfRange { what: "alpha", index: 0, value: alpha, range: "10⁻³⁰ to 10³⁰" });
        }
        Ok(Self { variant, r, alpha, a, b })
    }

    /// From the logarithms of r, α, a, b, known to be in range.
    pub(super) fn at(variant: Variant, log_parameters: &[f64; 4]) -> Self {
        let [r, alpha, a, b] = log_parameters.map(f64::exp);
        Self { variant, r, alpha, a, b }
    }

    /// Which model.
    pub const fn variant(&self) -> Variant {
        self.variant
    }

    /// Shape of the ordering rates: the smaller, the more accounts differ.
    pub const fn r(&self) -> f64 {
        self.r
    }

    /// Scale of the ordering rates, in the unit of time: the mean rate of orders is r/α (of stages for MBG/CNBD-k).
    pub const fn alpha(&self) -> f64 {
        self.alpha
    }

    /// First shape of the chance to die after an order, whose mean is a/(a+b).
    pub const fn a(&self) -> f64 {
        self.a
    }

    /// Second shape of the chance to die after an order.
    pub const fn b(&self) -> f64 {
        self.b
    }

    pub(super) fn log_parameters(&self) -> [f64; 4] {
        [self.r, self.alpha, self.a, self.b].map(f64::ln)
    }

    /// The log-likelihood of `accounts`, in the unit of time they are in; 0 for none.
    ///
    /// Written out as published, apart from the faster form that [`PurchaseModel`](super::PurchaseModel) climbs. Source:
    /// eq. 6 of Fader, Hardie & Lee (2005); Batislam et al. (2007), eq. 3; Reutterer et al. (2020), eq. 5 with the gaps.
    ///
    /// # Errors
    /// [`Error::NotEnough`] for [`Variant::MbgCnbd`] where accounts with repeat orders were not made by
    /// [`Purchases::from_days`]: the regularity of their gaps is then unknown.
    ///
    /// ```
    /// use takar_stats::alive::{PurchaseProcess, Purchases, Variant};
    ///
    /// let process = PurchaseProcess::new(Variant::BgNbd, 1.0, 10.0, 1.0, 1.0)?;
    /// // Nobody dies before a repeat order: silent for 10 with rate Gamma(1, 10) has the chance 10/(10+10).
    /// let once = Purchases::new(0, 0.0, 10.0)?;
    /// assert!((process.log_likelihood(&[once])? - 0.5_f64.ln()).abs() < 1e-12);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn log_likelihood(&self, accounts: &[Purchases]) -> Result<f64> {
        let gaps = gaps_term(self.variant, accounts)?;
        Ok(gaps + accounts.iter().map(|account| self.log_density(account)).sum::<f64>())
    }

    fn log_density(&self, account: &Purchases) -> f64 {
        let Self { r, alpha, a, b, .. } = *self;
        let order = self.order(account);
        let chances = f64::from(account.repeats()) + f64::from(u8::from(self.variant.dies_at_first_order()));
        let alive =
            ln_beta(a, b + chances) - ln_beta(a, b) - order * (alpha + account.age()).ln() + self.ln_stages(account);
        let silence = if self.variant.may_die(account.repeats()) {
            let dead = ln_beta(a + 1.0, b + chances - 1.0) - ln_beta(a, b) - order * (alpha + account.recency()).ln();
            let larger = alive.max(dead);
            larger + (-(alive - dead).abs()).exp().ln_1p()
        } else {
            alive
        };
        ln_gamma(order) - ln_gamma(r) + r * alpha.ln() + silence
    }

    /// r + k·x.
    pub(super) fn order(&self, account: &Purchases) -> f64 {
        self.r + f64::from(self.variant.shape()) * f64::from(account.repeats())
    }

    /// ln Σ over the stages that may have passed since the last order; 0 for exponential gaps.
    fn ln_stages(&self, account: &Purchases) -> f64 {
        if self.variant.shape() == 1 { 0.0 } else { self.stages(account).iter().sum::<f64>().ln() }
    }

    /// Relative weight of 0, 1, … k−1 stages having passed since the last order of an account that is alive.
    pub(super) fn stages(&self, account: &Purchases) -> Vec<f64> {
        let order = self.order(account);
        let share = account.since_last() / (self.alpha + account.age());
        let next = |weight: &mut f64, stage: u32| {
            let weight_here = *weight;
            *weight *= (order + f64::from(stage)) / f64::from(stage + 1) * share;
            Some(weight_here)
        };
        (0..self.variant.shape()).scan(1.0, next).collect()
    }

    /// ln of the odds that the account is dead; −∞ where it cannot be.
    pub(super) fn log_odds_dead(&self, account: &Purchases) -> f64 {
        if !self.variant.may_die(account.repeats()) {
            return f64::NEG_INFINITY;
        }
        // Relative to ln_1p of what is added to α + t_x: exact also where hardly any time has passed.
        let waited = (account.since_last() / (self.alpha + account.recency())).ln_1p();
        self.prior_odds_dead(account.repeats()).ln() + self.order(account) * waited - self.ln_stages(account)
    }

    /// The odds of having died at the last order, before the silence since then is taken into account: a/(b+x), and
    /// a/(b+x−1) for BG/NBD; 0 where the account cannot be dead.
    pub(super) fn prior_odds_dead(&self, repeats: u32) -> f64 {
        let x = f64::from(repeats);
        match self.variant {
            Variant::BgNbd if repeats == 0 => 0.0,
            Variant::BgNbd => self.a / (self.b + x - 1.0),
            Variant::MbgNbd | Variant::MbgCnbd(_) => self.a / (self.b + x),
        }
    }

    /// The probability that the account is still alive, 0 to 1.
    ///
    /// BG/NBD answers 1 for every account without a repeat order: it lets nobody die before one. Source: Fader, Hardie & Lee
    /// (2008), "Computing P(alive) using the BG/NBD model", eq. 6; Batislam et al. (2007), eq. 4; Reutterer et al. (2020).
    ///
    /// ```
    /// use takar_stats::alive::{PurchaseProcess, Purchases, Variant};
    ///
    /// let process = PurchaseProcess::new(Variant::MbgNbd, 0.5248, 6.183, 0.8914, 1.614)?;
    /// let regular = Purchases::new(10, 38.0, 39.0)?;
    /// let silent = Purchases::new(10, 10.0, 39.0)?;
    /// assert!(process.p_alive(&regular) > 0.9 && process.p_alive(&silent) < 0.01);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn p_alive(&self, account: &Purchases) -> f64 {
        1.0 / (1.0 + self.log_odds_dead(account).exp())
    }

    /// How many orders the account will place in the coming `horizon`: the whole distribution, E\[Y(t)\] as its mean.
    ///
    /// Exact, and equal to the published expectation; see [`OrdersAhead`].
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a horizon that is negative, or so long that about a million orders may fall into it.
    ///
    /// ```
    /// use takar_stats::{Level, alive::{PurchaseProcess, Purchases, Variant}};
    ///
    /// let process = PurchaseProcess::new(Variant::MbgNbd, 0.5248, 6.183, 0.8914, 1.614)?;
    /// let ahead = process.orders_ahead(&Purchases::new(12, 38.0, 39.0)?, 13.0)?;
    /// assert!(ahead.mean() > 2.0 && ahead.mean() < 4.0);
    /// let range = ahead.interval(Level::P80);
    /// assert!(range.low <= ahead.mean() && ahead.mean() <= range.high);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn orders_ahead(&self, account: &Purchases, horizon: f64) -> Result<OrdersAhead> {
        OrdersAhead::after(self, account, horizon)
    }

    /// E\[X(t)\]: the expected number of repeat orders within `time` of the first order, of an account not yet seen.
    ///
    /// Source: Fader, Hardie & Lee (2005), eq. 9; Batislam et al. (2007), eq. 5; exact for regular ordering too.
    ///
    /// # Errors
    /// As [`Self::orders_ahead`].
    ///
    /// ```
    /// use takar_stats::alive::{PurchaseProcess, Variant};
    ///
    /// // Hardly anyone dies: orders come at the mean rate r/α.
    /// let process = PurchaseProcess::new(Variant::MbgNbd, 2.0, 8.0, 1e-6, 10.0)?;
    /// assert!((process.expected_since_first(12.0)? - 3.0).abs() < 1e-5);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn expected_since_first(&self, time: f64) -> Result<f64> {
        Ok(OrdersAhead::of_new(self, time)?.mean())
    }
}

/// What of the log-likelihood depends on the gaps but not on r, α, a, b: Σ (k−1)·ln gap − x·ln (k−1)!.
pub(super) fn gaps_term(variant: Variant, accounts: &[Purchases]) -> Result<f64> {
    let k = f64::from(variant.shape());
    if variant.shape() == 1 {
        return Ok(0.0);
    }
    let mut sum = 0.0;
    let mut known = 0;
    for account in accounts {
        if let Some(ln_gaps) = account.ln_gaps() {
            sum += (k - 1.0) * ln_gaps - f64::from(account.repeats()) * ln_gamma(k);
            known += 1;
        }
    }
    crate::error::at_least("MBG/CNBD-k", "accounts with known gaps", accounts.len(), known)?;
    Ok(sum)
}
