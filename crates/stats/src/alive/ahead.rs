//! How many orders are still to come.
//!
//! An account that is alive places more than m orders in the time ahead where its stream of orders brings more than m and
//! it survives the first m of them. The two are independent: the stream is a mixture of Poisson streams, so that its count
//! is negative binomial, and survival of m orders has the chance E\[(1−p)ᵐ\] under the account's own Beta. Hence
//! P(Y > m) = P(alive) · E\[(1−p)ᵐ\] · P(N > m), a sum of positive terms, and E\[Y\] = Σ P(Y > m).
//!
//! This is the published expectation with its ₂F₁ written out: B(a, b)-moments of the negative binomial series. It has no
//! pole at a = 1 and loses no digits where ₂F₁ does.

use serde::Serialize;

use super::{process::PurchaseProcess, purchases::Purchases};
use crate::{Error, Interval, Level, error::Result};

/// The distribution of the number of orders in the time ahead.
///
/// ```
/// use takar_stats::alive::{PurchaseProcess, Purchases, Variant};
///
/// let process = PurchaseProcess::new(Variant::MbgNbd, 0.5248, 6.183, 0.8914, 1.614)?;
/// let account = Purchases::new(3, 30.0, 39.0)?;
/// let ahead = process.orders_ahead(&account, 13.0)?;
/// assert!(ahead.more_than(0) > ahead.more_than(1));
/// // Whoever is dead orders nothing.
/// assert!(ahead.more_than(0) < process.p_alive(&account));
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrdersAhead {
    /// P(Y > m) for m = 0, 1, …; what follows is negligible.
    more_than: Vec<f64>,
}

impl OrdersAhead {
    pub(super) fn after(process: &PurchaseProcess, account: &Purchases, horizon: f64) -> Result<Self> {
        let chances = f64::from(account.repeats()) + f64::from(u8::from(process.variant().dies_at_first_order()));
        let stream = Stream {
            stages_per_order: process.variant().shape() as usize,
            order: process.order(account),
            time: checked(horizon)? / (process.alpha() + account.age()),
        };
        let mut more_than = stream.more_than(&process.stages(account), horizon)?;
        survive(&mut more_than, process.p_alive(account), process.a(), process.b() + chances);
        Ok(Self { more_than })
    }

    pub(super) fn of_new(process: &PurchaseProcess, time: f64) -> Result<Self> {
        let stream = Stream {
            stages_per_order: process.variant().shape() as usize,
            order: process.r(),
            time: checked(time)? / process.alpha(),
        };
        let mut more_than = stream.more_than(&[1.0], time)?;
        let (alive, chances) = if process.variant().dies_at_first_order() {
            (process.b() / (process.a() + process.b()), 1.0)
        } else {
            (1.0, 0.0)
        };
        survive(&mut more_than, alive, process.a(), process.b() + chances);
        Ok(Self { more_than })
    }

    /// The expected number of orders: 0 or more.
    pub fn mean(&self) -> f64 {
        self.more_than.iter().sum()
    }

    /// The variance of the number of orders.
    pub fn variance(&self) -> f64 {
        let square: f64 = self.more_than.iter().enumerate().map(|(m, p)| (2 * m + 1) as f64 * p).sum();
        let mean = self.mean();
        (square - mean * mean).max(0.0)
    }

    /// The probability of more than `orders` orders.
    pub fn more_than(&self, orders: usize) -> f64 {
        self.more_than.get(orders).copied().unwrap_or(0.0)
    }

    /// The range of whole orders that leaves out at most the tail of `level` on each side. It holds what will be seen, not
    /// only what is expected; as orders come in whole numbers it covers at least its level.
    pub fn interval(&self, level: Level) -> Interval {
        let quantile = |above: f64| self.more_than.partition_point(|&p| p > above) as f64;
        Interval { low: quantile(1.0 - level.tail()), high: quantile(level.tail()), level }
    }
}

fn checked(time: f64) -> Result<f64> {
    if time >= 0.0 && time.is_finite() {
        Ok(time)
    } else if time.is_finite() {
        Err(Error::OutOfRange { what: "horizon", index: 0, value: time, range: "0 or more" })
    } else {
        Err(Error::NotFinite { what: "horizon", index: 0 })
    }
}

/// Turns P(N > m) into P(Y > m): times the chance to be alive and to survive m orders, p being Beta(a, b).
fn survive(more_than: &mut [f64], alive: f64, a: f64, b: f64) {
    let mut survived = alive;
    for (m, p) in more_than.iter_mut().enumerate() {
        *p *= survived;
        survived *= (b + m as f64) / (a + b + m as f64);
    }
}

/// The stages of an account that is alive: Poisson at a rate of Gamma(order, 1) for `time`.
struct Stream {
    stages_per_order: usize,
    order: f64,
    time: f64,
}

impl Stream {
    /// P(N > m), m = 0, 1, …, of orders, where 0, 1, … stages have already passed with the relative weights `passed`.
    fn more_than(&self, passed: &[f64], horizon: f64) -> Result<Vec<f64>> {
        /// Beyond this a year would hold a million orders: no account is like that.
        const MOST_STAGES: f64 = 1e6;
        if self.time == 0.0 {
            return Ok(Vec::new());
        }
        if (self.order + passed.len() as f64 + 50.0) * self.time > MOST_STAGES {
            let range = "what holds fewer than a million orders";
            return Err(Error::OutOfRange { what: "horizon", index: 0, value: horizon, range });
        }
        let weights: f64 = passed.iter().sum();
        let mut orders = Vec::new();
        for (stage, weight) in passed.iter().enumerate() {
            self.add_from(stage, weight / weights, &mut orders);
        }
        Ok(orders)
    }

    fn add_from(&self, passed: usize, weight: f64, orders: &mut Vec<f64>) {
        /// Below this a term of the negative binomial is carried as a logarithm.
        const SMALL: f64 = -600.0;
        let order = self.order + passed as f64;
        let share = self.time / (1.0 + self.time);
        let ratio = |n: f64| share * (order + n - 1.0) / n;

        let mut ln_term = -order * self.time.ln_1p();
        let mut term = ln_term.exp();
        // P(N ≥ 1), exact also where it is small.
        let mut at_least = -ln_term.exp_m1();
        let negligible = 1e-15 * at_least;
        let mut n = 1_usize;
        loop {
            if (n + passed).is_multiple_of(self.stages_per_order) {
                let m = (n + passed) / self.stages_per_order - 1;
                if m == orders.len() {
                    orders.push(0.0);
                }
                orders[m] += weight * at_least;
            }
            let growth = ratio(n as f64);
            if ln_term < SMALL {
                ln_term += growth.ln();
                term = if ln_term < SMALL { 0.0 } else { ln_term.exp() };
            } else {
                term *= growth;
            }
            at_least = (at_least - term).max(0.0);
            n += 1;
            // Ratios go from here to `share` without turning.
            let largest = ratio(n as f64).max(share);
            if largest < 1.0 && ln_term >= SMALL {
                // All terms that follow, summed over all m: at most a geometric series of geometric series.
                let left = term * largest / ((1.0 - largest) * (1.0 - largest));
                if left <= negligible {
                    break;
                }
            }
        }
    }
}
