//! How much hangs on few accounts: the Pareto curve of sales and the whale curve of profit.

use serde::Serialize;

use crate::{
    Amount, Result,
    amount::{ratio, within_limit},
    error::at_least,
};

/// Accounts by sales, the largest first, with their cumulative sales.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pareto {
    /// `pareto`.
    pub model: &'static str,
    /// The place in the input of the account on each rank; equal amounts in the order of the input.
    pub ranked: Vec<usize>,
    /// Sales of the ranks up to and including each one.
    pub cumulative: Vec<Amount>,
    /// Sales of all ranked accounts.
    pub total: Amount,
    /// Accounts with sales of 0 or less: they have no rank.
    pub left_out: usize,
    /// Their sales, 0 or negative.
    pub left_out_amount: Amount,
    /// Gini coefficient of the ranked accounts, 0 (all alike) to 1 − 1/n (one has it all).
    pub gini: f64,
    /// Herfindahl–Hirschman index: the sum of squared shares, 1/n (all alike) to 1 (one has it all). 1 / index is the
    /// count of equal accounts that would be as concentrated.
    pub herfindahl: f64,
    /// Ranked accounts.
    pub n: usize,
}

impl Pareto {
    /// The share of sales of the first `share` of the accounts (0 to 1), rounded up to whole accounts: of 7 accounts the
    /// top 20 % are 2. Outside 0 to 1 the nearer end is taken.
    pub fn share_of_top(&self, share: f64) -> f64 {
        // A hair less before rounding up, so that 20 % of 15 are 3 and not, by a rounding error, 4.
        let accounts = (share.clamp(0.0, 1.0) * self.n as f64 - 1e-9).ceil().max(0.0) as usize;
        let Some(last) = accounts.min(self.n).checked_sub(1) else { return 0.0 };
        ratio(self.cumulative[last].0, self.total.0).unwrap_or(0.0)
    }

    /// How many of the largest accounts together reach `share` of the sales (0 to 1).
    pub fn accounts_reaching(&self, share: f64) -> usize {
        let wanted = share.clamp(0.0, 1.0) * self.total.0 as f64;
        (self.cumulative.partition_point(|sales| (sales.0 as f64) < wanted) + 1).min(self.n)
    }
}

/// Concentration of sales over accounts. Accounts with net sales of 0 or less are counted apart, because shares of a total
/// mean nothing with negative members.
///
/// Gini = Σ (2i − n − 1)·xᵢ / (n·Σx) with x ascending, i from 1.
///
/// # Errors
/// [`crate::Error::NotEnough`] without an account with sales above 0, [`crate::Error::OutOfRange`] beyond ±10²⁷ smallest
/// units.
///
/// ```
/// use takar_stats::{Amount, retention::pareto};
/// let sales = pareto(&[Amount(10), Amount(60), Amount(30), Amount(-4), Amount(0)])?;
/// assert_eq!(sales.ranked, [1, 2, 0]);
/// assert_eq!(sales.share_of_top(0.2), 0.6);
/// assert_eq!(sales.accounts_reaching(0.8), 2);
/// assert!((sales.gini - 1.0 / 3.0).abs() < 1e-12);
/// assert!((sales.herfindahl - 0.46).abs() < 1e-12);
/// assert_eq!((sales.left_out, sales.left_out_amount), (2, Amount(-4)));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn pareto(sales: &[Amount]) -> Result<Pareto> {
    let all = ranked_by_amount("sales of account", sales)?;
    let n = all.partition_point(|place| sales[*place].0 > 0);
    at_least("a concentration", "accounts with sales", 1, n)?;
    let left_out_amount = Amount(all[n..].iter().map(|place| sales[*place].0).sum());
    let left_out = all.len() - n;
    let mut ranked = all;
    ranked.truncate(n);
    let cumulative = running_sums(&ranked, sales);
    let total = cumulative[n - 1];
    let share_of = |place: &usize| sales[*place].0 as f64 / total.0 as f64;
    let herfindahl = ranked.iter().map(|place| share_of(place).powi(2)).sum();
    let gini = ranked
        .iter()
        .enumerate()
        .map(|(rank, place)| (n as f64 - 1.0 - 2.0 * rank as f64) * share_of(place))
        .sum::<f64>()
        / n as f64;
    Ok(Pareto {
        model: "pareto",
        ranked,
        cumulative,
        total,
        left_out,
        left_out_amount,
        gini: gini.max(0.0),
        herfindahl,
        n,
    })
}

/// Accounts by profit, the most profitable first: the curve rises to its peak and falls where accounts cost money.
///
/// Kaplan and Narayanan (2001), "Measuring and managing customer profitability", Journal of Cost Management.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhaleCurve {
    /// `whale curve`.
    pub model: &'static str,
    /// The place in the input of the account on each rank; equal profits in the order of the input.
    pub ranked: Vec<usize>,
    /// Profit of the ranks up to and including each one.
    pub cumulative: Vec<Amount>,
    /// Profit of all accounts: the end of the curve.
    pub total: Amount,
    /// The highest point of the curve: the profit of all accounts that earn any. 0 where none does.
    pub peak: Amount,
    /// Where the curve stops rising: how many accounts earn a profit.
    pub accounts_to_peak: usize,
    /// Where the curve begins to fall: how many accounts do not lose money. Every further one costs some.
    pub accounts_to_fall: usize,
    /// Peak / total; none where the total is 0 or less. 1.6 says that 160 % of the profit is made and 60 % lost again.
    pub peak_share: Option<f64>,
    /// Accounts.
    pub n: usize,
}

/// Cumulative profit over accounts, the most profitable first. `profits` are after the cost to serve, may be negative.
///
/// # Errors
/// [`crate::Error::NotEnough`] without accounts, [`crate::Error::OutOfRange`] beyond ±10²⁷ smallest units.
///
/// ```
/// use takar_stats::{Amount, retention::whale_curve};
/// let curve = whale_curve(&[Amount(-30), Amount(100), Amount(0), Amount(60), Amount(-30)])?;
/// assert_eq!(curve.ranked, [1, 3, 2, 0, 4]);
/// assert_eq!((curve.peak, curve.accounts_to_peak, curve.accounts_to_fall), (Amount(160), 2, 3));
/// assert_eq!(curve.peak_share, Some(1.6));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn whale_curve(profits: &[Amount]) -> Result<WhaleCurve> {
    at_least("a whale curve", "accounts", 1, profits.len())?;
    let ranked = ranked_by_amount("profit of account", profits)?;
    let accounts_to_peak = ranked.partition_point(|place| profits[*place].0 > 0);
    let accounts_to_fall = ranked.partition_point(|place| profits[*place].0 >= 0);
    let cumulative = running_sums(&ranked, profits);
    let total = cumulative.last().copied().unwrap_or_default();
    let peak = accounts_to_peak.checked_sub(1).map_or(Amount(0), |last| cumulative[last]);
    let peak_share = if total.0 > 0 { ratio(peak.0, total.0) } else { None };
    let n = profits.len();
    Ok(WhaleCurve {
        model: "whale curve",
        ranked,
        cumulative,
        total,
        peak,
        accounts_to_peak,
        accounts_to_fall,
        peak_share,
        n,
    })
}

/// Places by amount, the largest first, equal ones in their order.
fn ranked_by_amount(what: &'static str, amounts: &[Amount]) -> Result<Vec<usize>> {
    for (index, amount) in amounts.iter().enumerate() {
        within_limit(what, index, amount.0)?;
    }
    let mut places: Vec<usize> = (0..amounts.len()).collect();
    places.sort_unstable_by_key(|place| (std::cmp::Reverse(amounts[*place]), *place));
    Ok(places)
}

fn running_sums(ranked: &[usize], amounts: &[Amount]) -> Vec<Amount> {
    let add = |sum: &mut i128, place: &usize| {
        *sum += amounts[*place].0;
        Some(Amount(*sum))
    };
    ranked.iter().scan(0_i128, add).collect()
}
