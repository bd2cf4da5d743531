//! What an order of an account is worth: the Gamma-Gamma model of Fader, Hardie & Lee.

#![expect(clippy::needless_range_loop, reason = "curvatures are matrices, read by their indices")]

use serde::Serialize;
use statrs::function::gamma::ln_gamma;

use super::{
    newton::{Slope, maximise},
    parameter::{FARTHEST, Parameter},
    special::{ln_gamma_slopes, normal_upper},
};
use crate::{
    Error, Estimate, Interval, Level,
    error::{Result, at_least},
};

/// What one account spends: x orders of the mean amount m.
///
/// The published figures use the *repeat* orders alone, so that accounts without one take no part in the fit.
///
/// ```
/// use takar_stats::alive::Spending;
///
/// let account = Spending::new(2, 22.35)?;
/// assert_eq!((account.orders(), account.mean()), (2, 22.35));
/// assert!(Spending::new(1, -5.0).is_err());
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spending {
    orders: u32,
    mean: f64,
}

impl Spending {
    /// `orders` (1 or more) of `mean` amount each (above 0, in any one currency).
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] otherwise; amounts must lie between 10⁻⁹ and 10¹⁸.
    pub fn new(orders: u32, mean: f64) -> Result<Self> {
        if !mean.is_finite() {
            return Err(Error::NotFinite { what: "mean amount", index: 0 });
        }
        if orders == 0 {
            return Err(Error::OutOfRange { what: "orders", index: 0, value: 0.0, range: "1 or more" });
        }
        if !(1e-9..=1e18).contains(&mean) {
            return Err(Error::OutOfRange { what: "mean amount", index: 0, value: mean, range: "10⁻⁹ to 10¹⁸" });
        }
        Ok(Self { orders, mean })
    }

    /// Orders.
    pub const fn orders(&self) -> u32 {
        self.orders
    }

    /// Mean amount of an order.
    pub const fn mean(&self) -> f64 {
        self.mean
    }
}

/// The Gamma-Gamma model, its parameters still to be found.
///
/// An account's amounts vary about its own mean as Gamma(p, ν), and ν between accounts as Gamma(q, γ). What it spends must
/// not depend on how often it orders: [`ValueFit::correlation`] says whether that holds. Source: Fader, Hardie & Lee (2005),
/// "RFM and CLV", *Journal of Marketing Research* 42; Fader & Hardie (2013), "The Gamma-Gamma model of monetary value".
///
/// ```
/// use takar_stats::alive::{Spending, ValueModel};
///
/// let accounts: Vec<Spending> = (0..40_u32)
///     .map(|i| Spending::new(1 + i % 5, 20.0 + f64::from(i * 7 % 30)))
///     .collect::<Result<_, _>>()?;
/// let fit = ValueModel::new().fit(&accounts)?;
/// let population = fit.population_mean().expect("q above 1");
/// // An account's few large orders are drawn towards what all spend.
/// let expected = fit.expected_value(&Spending::new(2, 100.0)?).expect("finite");
/// assert!(population < expected && expected < 100.0);
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueModel {
    level: Level,
}

impl Default for ValueModel {
    fn default() -> Self {
        Self::new()
    }
}

impl ValueModel {
    /// The fewest accounts a fit asks for.
    pub const FEWEST_ACCOUNTS: usize = 10;

    /// The model, with 95 % intervals.
    pub const fn new() -> Self {
        Self { level: Level::P95 }
    }

    /// The same with intervals at `level`.
    #[must_use]
    pub const fn level(self, level: Level) -> Self {
        Self { level }
    }

    /// The most likely parameters. The order of the accounts does not matter, and the currency only scales γ.
    ///
    /// # Errors
    /// [`Error::NotEnough`] below [`Self::FEWEST_ACCOUNTS`] accounts; [`Error::Constant`] where all spend the same;
    /// [`Error::NoConvergence`] where the search does not settle.
    pub fn fit(&self, accounts: &[Spending]) -> Result<ValueFit> {
        const METHOD: &str = "Gamma-Gamma";
        at_least(METHOD, "accounts with repeat orders and an amount", Self::FEWEST_ACCOUNTS, accounts.len())?;
        if accounts.iter().all(|account| account.mean == accounts[0].mean) {
            return Err(Error::Constant { method: METHOD, what: "an amount" });
        }
        let rows = Rows::new(accounts);
        // q and γ grow without bound together where accounts hardly differ: γ needs room for p·q as well.
        let bounds = [(-FARTHEST, FARTHEST), (-FARTHEST, FARTHEST), (-2.0 * FARTHEST, 2.0 * FARTHEST)];
        let starts = [(3.0, 3.0, 1.0), (1.0, 10.0, 10.0), (20.0, 2.0, 0.1)]
            .map(|(p, q, gamma): (f64, f64, f64)| [p, q, gamma].map(f64::ln));
        let mut best: Option<super::newton::Peak<3>> = None;
        let mut failure = Error::NoConvergence { method: METHOD, steps: 0 };
        for start in starts {
            match maximise(METHOD, start, &bounds, |at| rows.log_likelihood(at)) {
                Ok(peak) if best.is_none_or(|so_far| peak.slope.value > so_far.slope.value) => best = Some(peak),
                Ok(_) => {}
                Err(error) => failure = error,
            }
        }
        let peak = best.ok_or(failure)?;
        let [p, q, gamma] = [(0, 1.0), (1, 1.0), (2, rows.unit)]
            .map(|(index, unit)| Parameter::of_peak(&peak, index, unit, self.level));
        Ok(ValueFit {
            model: "Gamma-Gamma",
            p,
            q,
            gamma,
            // A density in the amount: in the caller's currency it is thinner.
            log_likelihood: peak.slope.value - accounts.len() as f64 * rows.unit.ln(),
            n: accounts.len(),
            level: self.level,
            correlation: correlation(accounts, self.level),
        })
    }
}

/// A fitted Gamma-Gamma model; see [`ValueModel`] for an example.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueFit {
    /// "Gamma-Gamma".
    pub model: &'static str,
    /// Shape of one account's amounts: the larger, the more alike they are.
    pub p: Parameter,
    /// Shape of the differences between accounts: the larger, the more alike they are.
    pub q: Parameter,
    /// Scale, in the currency of the amounts.
    pub gamma: Parameter,
    /// The log-likelihood at the parameters, with amounts in their currency.
    pub log_likelihood: f64,
    /// Accounts it rests on.
    pub n: usize,
    /// Level of the intervals.
    pub level: Level,
    /// Pearson's correlation of the number of orders and the mean amount, which the model takes to be 0; none where either
    /// never changes.
    pub correlation: Option<Estimate>,
}

impl ValueFit {
    /// From where on [`Self::correlation`] contradicts the model: ± 0.3, a medium correlation after Cohen (1988).
    pub const RELATED: f64 = 0.3;

    /// Whether the number of orders and the amounts go together so closely that the model misjudges the accounts.
    pub fn is_contradicted(&self) -> bool {
        self.correlation.is_some_and(|correlation| correlation.value.abs() >= Self::RELATED)
    }

    /// E\[M\]: the expected mean amount of the account's orders, p(γ + xm)/(px + q − 1).
    ///
    /// None where it does not exist (px + q at most 1).
    pub fn expected_value(&self, account: &Spending) -> Option<f64> {
        self.mean_after(f64::from(account.orders), account.mean)
    }

    /// E\[M\] of an account nothing is known of: pγ/(q − 1); none where q is at most 1.
    pub fn population_mean(&self) -> Option<f64> {
        self.mean_after(0.0, 0.0)
    }

    fn mean_after(&self, orders: f64, mean: f64) -> Option<f64> {
        let (p, q, gamma) = (self.p.value, self.q.value, self.gamma.value);
        let weight = p * orders + q - 1.0;
        let value = p * (gamma + orders * mean) / weight;
        (weight > 0.0 && value.is_finite()).then_some(value)
    }
}

/// Pearson's correlation with the interval of Fisher's z.
fn correlation(accounts: &[Spending], level: Level) -> Option<Estimate> {
    let n = accounts.len() as f64;
    let mean_of = |of: fn(&Spending) -> f64| accounts.iter().map(of).sum::<f64>() / n;
    let (orders, amount) = (mean_of(|account| f64::from(account.orders)), mean_of(|account| account.mean));
    let (mut both, mut left, mut right) = (0.0, 0.0, 0.0);
    for account in accounts {
        // In means, so that squares of large currencies stay in range.
        let (x, m) = (f64::from(account.orders) / orders - 1.0, account.mean / amount - 1.0);
        both += x * m;
        left += x * x;
        right += m * m;
    }
    let value = both / (left * right).sqrt();
    if !value.is_finite() || accounts.len() < 4 {
        return None;
    }
    let value = value.clamp(-1.0, 1.0);
    let reach = normal_upper(level.tail()) / (n - 3.0).sqrt();
    let z = value.clamp(-1.0 + 1e-15, 1.0 - 1e-15).atanh();
    let interval = Interval { low: (z - reach).tanh().min(value), high: (z + reach).tanh().max(value), level };
    Some(Estimate { value, interval, n: accounts.len() })
}

/// Accounts ordered by orders, amounts in units of their mean.
struct Rows {
    accounts: Vec<Spending>,
    unit: f64,
}

impl Rows {
    fn new(accounts: &[Spending]) -> Self {
        let mut sorted = accounts.to_vec();
        sorted.sort_unstable_by_key(|account| (account.orders, account.mean.to_bits()));
        let unit = sorted.iter().map(|account| account.mean / sorted.len() as f64).sum();
        for account in &mut sorted {
            account.mean /= unit;
        }
        Self { accounts: sorted, unit }
    }

    /// At ln (p, q, γ), γ in `unit`, with slopes on log scale.
    fn log_likelihood(&self, log_parameters: &[f64; 3]) -> Slope<3> {
        let parameters @ [p, q, gamma] = log_parameters.map(f64::exp);
        let own = ln_gamma_slopes(q);
        let mut total: Slope<3> = Slope::ZERO;
        for group in self.accounts.chunk_by(|left, right| left.orders == right.orders) {
            let x = f64::from(group[0].orders);
            let n = group.len() as f64;
            let both = ln_gamma_slopes(p * x + q);
            let orders = ln_gamma_slopes(p * x);
            let (mut ln_mean, mut ln_sum, mut inverse, mut inverse_square) = (0.0, 0.0, 0.0, 0.0);
            for account in group {
                let sum = gamma + x * account.mean;
                ln_mean += account.mean.ln();
                ln_sum += sum.ln();
                inverse += 1.0 / sum;
                inverse_square += 1.0 / (sum * sum);
            }
            let shape = p * x + q;
            total.value += n * (both[0] - orders[0] - own[0] + q * gamma.ln() + p * x * x.ln())
                + (p * x - 1.0) * ln_mean
                - shape * ln_sum;
            total.gradient[0] += x * (n * (both[1] - orders[1] + x.ln()) + ln_mean - ln_sum);
            total.gradient[1] += n * (both[1] - own[1] + gamma.ln()) - ln_sum;
            total.gradient[2] += n * q / gamma - shape * inverse;
            let (pq, p_gamma, q_gamma) = (n * x * both[2], -x * inverse, n / gamma - inverse);
            let curvature = [
                [n * x * x * (both[2] - orders[2]), pq, p_gamma],
                [pq, n * (both[2] - own[2]), q_gamma],
                [p_gamma, q_gamma, shape * inverse_square - n * q / (gamma * gamma)],
            ];
            for i in 0..3 {
                for j in 0..3 {
                    total.curvature[i][j] += curvature[i][j];
                }
            }
        }
        total.on_log_scale(&parameters)
    }
}

/// The log-likelihood of `accounts` under given p, q and γ, as published: apart from the faster form that is climbed.
///
/// # Errors
/// [`Error::OutOfRange`] for a parameter outside 10⁻⁹ to 10¹⁸.
///
/// ```
/// use takar_stats::alive::{Spending, value_log_likelihood};
///
/// // One order, p = q = γ = 1: the density 1/(1+m)².
/// let account = Spending::new(1, 3.0)?;
/// assert!((value_log_likelihood(&[account], 1.0, 1.0, 1.0)? - (1.0_f64 / 16.0).ln()).abs() < 1e-12);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn value_log_likelihood(accounts: &[Spending], p: f64, q: f64, gamma: f64) -> Result<f64> {
    for (what, value) in [("p", p), ("q", q), ("gamma", gamma)] {
        if !(1e-9..=1e18).contains(&value) {
            return Err(Error::OutOfRange { what, index: 0, value, range: "10⁻⁹ to 10¹⁸" });
        }
    }
    let one = |account: &Spending| {
        let (x, m) = (f64::from(account.orders), account.mean);
        ln_gamma(p * x + q) - ln_gamma(p * x) - ln_gamma(q) + q * gamma.ln() + (p * x - 1.0) * m.ln() + p * x * x.ln()
            - (p * x + q) * (gamma + x * m).ln()
    };
    Ok(accounts.iter().map(one).sum())
}
