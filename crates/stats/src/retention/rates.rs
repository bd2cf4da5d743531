//! Gross, net and logo retention, and the repeat rate.

use serde::Serialize;

use super::{
    Account, Resampling,
    resampling::{Sums, intervals},
};
use crate::{Amount, Estimate, Interval, Level, Result, amount::ratio, proportion::wilson};

/// A ratio of sums over accounts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    /// The ratio, 1 is all.
    pub value: f64,
    /// Where it would lie for accounts like these; none where none was asked for or there is only one account.
    pub interval: Option<Interval>,
    /// Accounts behind it.
    pub n: usize,
}

/// How much of the base window's sales and accounts is still there. New and reactivated accounts play no part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Retention {
    /// `retention`.
    pub model: &'static str,
    /// Accounts with B > 0.
    pub base_accounts: usize,
    /// Those of them with C > 0.
    pub retained_accounts: usize,
    /// ΣB over accounts with B > 0.
    pub base: Amount,
    /// Σ min(C⁺, B) over them.
    pub gross_kept: Amount,
    /// ΣC over them.
    pub net_kept: Amount,
    /// Gross revenue retention Σ min(C⁺, B) / ΣB, 0 to 1: what was kept, growth left aside.
    pub gross: Option<Ratio>,
    /// Net revenue retention ΣC / ΣB: above 1 where growth outweighs losses, below 0 where returns outweigh sales.
    pub net: Option<Ratio>,
    /// Logo retention: the share of base accounts with C > 0 (Wilson interval).
    pub logo: Option<Estimate>,
}

/// Gross, net and logo retention. Without an account with B > 0 the three are none.
///
/// The intervals of gross and net come from drawing the accounts again (see [`Resampling`]); `None` leaves them out.
///
/// # Errors
/// [`crate::Error::OutOfRange`] where an amount leaves ±10²⁷ smallest units, [`crate::Error::NotEnough`] for too few
/// draws.
///
/// ```
/// use takar_stats::{Amount, Level, retention::{Account, FirstOrder, Resampling, retention}};
/// let account = |base, current, first_order| Account { base: Amount(base), current: Amount(current), first_order };
/// let accounts = [
///     account(100, 120, FirstOrder::Before),
///     account(100, 70, FirstOrder::Before),
///     account(50, 0, FirstOrder::Before),
///     account(0, 40, FirstOrder::Within),
///     account(0, 25, FirstOrder::Before),
/// ];
/// let kept = retention(&accounts, Level::P95, Some(Resampling { draws: 1_000, seed: 1 }))?;
/// assert_eq!(kept.gross.map(|gross| gross.value), Some(0.68));
/// assert_eq!(kept.net.map(|net| net.value), Some(0.76));
/// assert_eq!(kept.logo.map(|logo| (logo.value, logo.n)), Some((2.0 / 3.0, 3)));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn retention(accounts: &[Account], level: Level, resampling: Option<Resampling>) -> Result<Retention> {
    let (mut base, mut gross, mut net) = (0_i128, 0_i128, 0_i128);
    let mut retained_accounts = 0;
    let mut per_account = Vec::new();
    for (index, account) in accounts.iter().enumerate() {
        account.within_limits(index)?;
        let (before, now) = (account.base.0, account.current.0);
        if before <= 0 {
            continue;
        }
        let kept = now.clamp(0, before);
        base += before;
        gross += kept;
        net += now;
        retained_accounts += usize::from(now > 0);
        per_account.push(Sums { base: before as f64, gross: kept as f64, net: now as f64 });
    }
    let n = per_account.len();
    let spread = match resampling {
        Some(resampling) => intervals(&per_account, level, resampling)?,
        None => None,
    };
    let of_base = |part: i128, interval: Option<Interval>| ratio(part, base).map(|value| Ratio { value, interval, n });
    let logo = if n == 0 { None } else { Some(wilson(retained_accounts as u64, n as u64, level)?) };
    Ok(Retention {
        model: "retention",
        base_accounts: n,
        retained_accounts,
        base: Amount(base),
        gross_kept: Amount(gross),
        net_kept: Amount(net),
        gross: of_base(gross, spread.map(|(gross, _)| gross)),
        net: of_base(net, spread.map(|(_, net)| net)),
        logo,
    })
}

/// The share of buyers that ordered again: accounts with two orders or more, of those with at least one.
///
/// `orders` has the count of orders of every account in one window; accounts without an order play no part. The
/// interval is Wilson's. None where nobody ordered.
///
/// # Errors
/// None that the counts could cause.
///
/// ```
/// use takar_stats::{Level, retention::repeat_rate};
/// let rate = repeat_rate(&[1, 4, 2, 0, 1], Level::P95)?;
/// assert_eq!(rate.map(|rate| (rate.value, rate.n)), Some((0.5, 4)));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn repeat_rate(orders: &[u32], level: Level) -> Result<Option<Estimate>> {
    let at_least = |count: u32| orders.iter().filter(|orders| **orders >= count).count() as u64;
    match at_least(1) {
        0 => Ok(None),
        buyers => wilson(at_least(2), buyers, level).map(Some),
    }
}
