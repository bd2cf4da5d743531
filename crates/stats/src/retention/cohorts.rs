//! The accounts of each first month, followed month by month.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Amount, Error, Estimate, Level, Result, amount::within_limit, proportion::wilson};

/// A calendar month, counted from any month the caller fixes (year × 12 + month − 1, say).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MonthIndex(pub i32);

/// What one account bought in one month; several entries of the same month are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMonth {
    /// The account's place in the list of first orders.
    pub account: u32,
    /// The month.
    pub month: MonthIndex,
    /// Net sales.
    pub net: Amount,
}

/// One cohort in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CohortCell {
    /// Accounts whose net sales in the month are above 0.
    pub active: usize,
    /// Net sales of all accounts of the cohort in the month.
    pub net: Amount,
}

/// The accounts whose first order lies in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cohort {
    /// The month of their first order.
    pub month: MonthIndex,
    /// How many they are.
    pub accounts: usize,
    /// Month k after the first, k = 0, 1, …, as far as the data goes.
    pub cells: Vec<CohortCell>,
}

impl Cohort {
    /// The share of the cohort active in month `k`, with Wilson's interval; none beyond the data.
    pub fn active_share(&self, k: usize, level: Level) -> Option<Estimate> {
        wilson(self.cells.get(k)?.active as u64, self.accounts as u64, level).ok()
    }
}

/// The cohort table: a triangle, the youngest cohort has one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cohorts {
    /// `cohorts`.
    pub model: &'static str,
    /// By month of the first order, months without a first order left out.
    pub cohorts: Vec<Cohort>,
    /// The last month of the table.
    pub last: MonthIndex,
    /// Net sales outside the table: before an account's first order, after the last month, or of accounts that never
    /// ordered. All cells and this add up to everything that went in.
    pub outside: Amount,
    /// Accounts in the table.
    pub n: usize,
}

/// No table is longer than two hundred years.
const MOST_MONTHS: i64 = 2_400;

/// Follows the accounts of each first month up to `last`, which should be the last month complete in the data.
///
/// `first_orders` has the month of the first order ever of every account (none: it never ordered), `activity` what
/// they bought, in any order. Time is that of sorting the activity.
///
/// # Errors
/// [`Error::OutOfRange`] for an account outside the list, an amount beyond ±10²⁷ smallest units, or a first order more
/// than 2,400 months before `last`.
///
/// ```
/// use takar_stats::{Amount, Level, retention::{AccountMonth, MonthIndex, cohorts}};
/// let bought = |account, month, net| AccountMonth { account, month: MonthIndex(month), net: Amount(net) };
/// let table = cohorts(
///     &[Some(MonthIndex(0)), Some(MonthIndex(0)), Some(MonthIndex(1))],
///     &[bought(0, 0, 10), bought(1, 0, 5), bought(1, 2, 7), bought(2, 1, 4), bought(2, 2, 4)],
///     MonthIndex(2),
/// )?;
/// let first = &table.cohorts[0];
/// assert_eq!(first.cells.iter().map(|cell| cell.active).collect::<Vec<_>>(), [2, 0, 1]);
/// assert_eq!(first.active_share(2, Level::P95).map(|share| share.value), Some(0.5));
/// assert_eq!(table.cohorts[1].cells.len(), 2);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn cohorts(first_orders: &[Option<MonthIndex>], activity: &[AccountMonth], last: MonthIndex) -> Result<Cohorts> {
    let mut table = empty_table(first_orders, last)?;
    let mut outside = 0;
    let mut months = Vec::with_capacity(activity.len());
    for (index, entry) in activity.iter().enumerate() {
        within_limit("net sales of entry", index, entry.net.0)?;
        let Some(first) = first_orders.get(entry.account as usize) else {
            let range = "the list of first orders";
            return Err(Error::OutOfRange { what: "account of entry", index, value: f64::from(entry.account), range });
        };
        match first {
            Some(first) if *first <= entry.month && entry.month <= last => {
                months.push((*first, entry.account, entry.month, entry.net.0));
            }
            _ => outside += entry.net.0,
        }
    }
    // Accounts of one cohort stand together, and the entries of one account and month, so that they can be added up.
    months.sort_unstable();
    for same_month in months.chunk_by(|left, right| left.1 == right.1 && left.2 == right.2) {
        let (first, _, month, _) = same_month[0];
        let net: i128 = same_month.iter().map(|entry| entry.3).sum();
        let k = (i64::from(month.0) - i64::from(first.0)) as usize;
        if let Some(cell) = table.get_mut(&first).and_then(|cohort| cohort.cells.get_mut(k)) {
            cell.active += usize::from(net > 0);
            cell.net.0 += net;
        }
    }
    let cohorts: Vec<Cohort> = table.into_values().collect();
    let n = cohorts.iter().map(|cohort| cohort.accounts).sum();
    Ok(Cohorts { model: "cohorts", cohorts, last, outside: Amount(outside), n })
}

/// Counts the accounts of each cohort and lays out its months up to the last.
fn empty_table(first_orders: &[Option<MonthIndex>], last: MonthIndex) -> Result<BTreeMap<MonthIndex, Cohort>> {
    let mut table = BTreeMap::new();
    for (index, first) in first_orders.iter().enumerate() {
        let Some(first) = first.filter(|first| *first <= last) else { continue };
        let months = i64::from(last.0) - i64::from(first.0) + 1;
        if months > MOST_MONTHS {
            let range = "the 2,400 months up to the last";
            return Err(Error::OutOfRange { what: "first order of account", index, value: f64::from(first.0), range });
        }
        let new_cohort = || Cohort { month: first, accounts: 0, cells: vec![CohortCell::default(); months as usize] };
        table.entry(first).or_insert_with(new_cohort).accounts += 1;
    }
    Ok(table)
}
