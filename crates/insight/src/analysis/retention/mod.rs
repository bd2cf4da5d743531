//! What became of the accounts: the account bridge, retention with intervals, cohorts, and how much hangs on few.
//!
//! Statuses are company-wide (METHODS §0). Of a manager, or under a condition, those accounts are shown that the KPIs credit
//! there: lost and retained ones where most of the base sales were, new and reactivated ones where the first order of the
//! window was.

mod credited;
mod json;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::{Money, Month, Period};
use takar_stats::{
    Amount, Estimate, Level,
    retention::{
        self as stats, AccountMonth, Cohorts, FirstOrder, MonthIndex, Pareto, Ratio, Resampling, Retention, Status,
        WhaleCurve,
    },
};

use super::{Scope, Windows, latest::Latest, scope::currency_of};
use crate::{
    InsightError,
    metrics::{Basis, CellSource, Dimension, Filter, Grain, Mask, NO_ORDER},
};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The window and what it is compared with.
    pub windows: Windows,
    /// Of one manager.
    pub manager: Option<String>,
    /// Only these lines.
    pub filter: Option<Filter>,
}

/// One bar of the account bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusBar {
    /// What became of the accounts.
    pub status: Status,
    /// How many they are.
    pub accounts: usize,
    /// Their sales in the base window.
    pub base: Money,
    /// Their sales in the window.
    pub current: Money,
}

impl StatusBar {
    /// What they added or took.
    pub fn change(&self) -> Money {
        self.current - self.base
    }
}

/// What became of the accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The window and what it is compared with.
    pub windows: Windows,
    /// The manager's id and name, where it is one manager's.
    pub manager: Option<(String, Option<String>)>,
    /// Sales of these accounts in the base window.
    pub base: Money,
    /// Sales of these accounts in the window.
    pub current: Money,
    /// By status; the changes add up to `current` − `base`.
    pub bars: Vec<StatusBar>,
    /// Retention with intervals.
    pub rates: Retention,
    /// The share of buyers with two orders or more.
    pub repeat: Option<Estimate>,
    /// By month of the first order ever.
    pub cohorts: Cohorts,
    /// How much hangs on few accounts, in the window; none without a positive sale.
    pub pareto: Option<Pareto>,
    /// The same for gross margin; none where no cost is known.
    pub whale: Option<Whale>,
    /// The currency of the amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// The whale curve of gross margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Whale {
    /// Cumulative margin, the most profitable account first.
    pub curve: WhaleCurve,
    /// Sales of the lines whose cost is known, of all sales.
    pub covered: Money,
    /// All sales of the window.
    pub sales: Money,
}

/// What became of the accounts between the two windows.
///
/// # Errors
/// [`InsightError::NoData`] without lines, [`InsightError::UnknownManager`], [`InsightError::TimeCondition`].
pub fn retention(source: &dyn CellSource, question: &Question) -> Result<Kept, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let scope = Scope { manager: question.manager.clone(), filter: question.filter.clone() };
    let filter = scope.condition(source)?;
    let credited = credited::credited(source, question.windows, filter.as_ref())?;
    let accounts: Vec<stats::Account> = credited
        .iter()
        .map(|account| stats::Account {
            base: Amount(account.base),
            current: Amount(account.current),
            first_order: if account.is_new { FirstOrder::Within } else { FirstOrder::Before },
        })
        .collect();
    let bridge = stats::account_bridge(&accounts)?;
    // The seed is fixed: the same data gives the same interval.
    let rates = stats::retention(&accounts, Level::P95, Some(Resampling { draws: 1_000, seed: 2012 }))?;
    let money = |amount: Amount| Money::from_units(amount.0);
    let concentration = Concentration::of(source, question.windows.current, filter.as_ref())?;
    Ok(Kept {
        windows: question.windows,
        manager: scope.manager_label(source),
        base: money(bridge.base),
        current: money(bridge.current),
        bars: bridge
            .statuses
            .iter()
            .map(|total| StatusBar {
                status: total.status,
                accounts: total.accounts,
                base: money(total.base),
                current: money(total.current),
            })
            .collect(),
        rates,
        repeat: stats::repeat_rate(&concentration.orders, Level::P95)?,
        cohorts: cohorts(source, extent, filter.as_ref())?,
        pareto: stats::pareto(&concentration.sales).ok(),
        whale: concentration.whale(),
        currency: currency_of(source),
        basis: source.basis(),
    })
}

/// Accounts by the month of their first order: the accounts whose latest sales pass the condition.
fn cohorts(source: &dyn CellSource, extent: Period, filter: Option<&Filter>) -> Result<Cohorts, InsightError> {
    let latest = Latest::of(source, filter)?;
    let grain = Grain::MONTHS.with(Dimension::Account);
    let cells = source.cells(extent, grain)?;
    cells.check(grain)?;
    let month = |day: i32| takar_model::Day::from_epoch_days(day).map(|day| MonthIndex(day.month().index()));
    let first_orders: Vec<Option<MonthIndex>> = source
        .first_orders()
        .iter()
        .zip(&latest.passes)
        .map(|(day, passes)| month(*day).filter(|_| *passes && *day != NO_ORDER))
        .collect();
    let bought = |row: usize| AccountMonth {
        account: cells.account[row],
        month: MonthIndex(cells.month[row]),
        net: Amount(i128::from(cells.net[row])),
    };
    let activity: Vec<AccountMonth> =
        cells.rows(extent).map(bought).filter(|entry| (entry.account as usize) < first_orders.len()).collect();
    let last = source.last_complete_month().unwrap_or(extent.to().month()).max(extent.from().month());
    Ok(stats::cohorts(&first_orders, &activity, MonthIndex(last.index()))?)
}

/// Sales, margin and orders of every account in the window.
struct Concentration {
    sales: Vec<Amount>,
    margins: Vec<Amount>,
    orders: Vec<u32>,
    covered: i128,
    cost_lines: u64,
}

impl Concentration {
    fn of(source: &dyn CellSource, window: Period, filter: Option<&Filter>) -> Result<Self, InsightError> {
        let names = source.names();
        let filtered = filter.map(Filter::dimensions).unwrap_or_default();
        let grain = filtered.iter().fold(Grain::MONTHS.with(Dimension::Account), |grain, one| grain.with(*one));
        let grain = grain.with_orders();
        let cells = source.cells(window, grain)?;
        cells.check(grain)?;
        let mask = filter.map(|filter| Mask::new(filter, names));
        let mut by_account = vec![[0_i128; 2]; names.account.len()];
        let mut orders = vec![0_u32; names.account.len()];
        let (mut covered, mut cost_lines) = (0, 0);
        let mut passes = vec![false; cells.len()];
        for row in cells.rows(window) {
            let code = super::latest::code_at(&cells, names, row);
            passes[row] = mask.as_ref().is_none_or(|mask| mask.holds(&code, cells.month[row]) == Some(true));
            let account = cells.account[row] as usize;
            if passes[row] && account < by_account.len() {
                by_account[account][0] += i128::from(cells.net[row]);
                by_account[account][1] += i128::from(cells.net_with_cost[row]) - i128::from(cells.cost[row]);
                orders[account] += cells.orders[row];
                covered += i128::from(cells.net_with_cost[row]);
                cost_lines += u64::from(cells.cost_lines[row]);
            }
        }
        // An order in several cells of one account is one order.
        let mut met: Vec<u32> = Vec::new();
        for order in cells.shared_orders.iter() {
            met.clear();
            met.extend(order.iter().copied().filter(|row| passes.get(*row as usize) == Some(&true)));
            met.sort_unstable_by_key(|row| cells.account[*row as usize]);
            for pair in met.windows(2) {
                let (one, other) = (cells.account[pair[0] as usize], cells.account[pair[1] as usize]);
                if one == other
                    && let Some(count) = orders.get_mut(one as usize)
                {
                    *count -= 1;
                }
            }
        }
        Ok(Self {
            sales: by_account.iter().map(|[net, _]| Amount(*net)).collect(),
            margins: by_account.iter().map(|[_, margin]| Amount(*margin)).filter(|margin| margin.0 != 0).collect(),
            orders,
            covered,
            cost_lines,
        })
    }

    fn whale(&self) -> Option<Whale> {
        if self.cost_lines == 0 {
            return None;
        }
        let sales = self.sales.iter().map(|amount| amount.0).sum();
        let curve = stats::whale_curve(&self.margins).ok()?;
        Some(Whale { curve, covered: Money::from_units(self.covered), sales: Money::from_units(sales) })
    }
}

impl Kept {
    /// The rates with their KPI: logo, gross and net retention.
    pub fn ratios(&self) -> [(&'static str, Option<Ratio>); 3] {
        let logo = self.rates.logo.map(|logo| Ratio { value: logo.value, interval: Some(logo.interval), n: logo.n });
        [("logo_retention", logo), ("gross_retention", self.rates.gross), ("net_retention", self.rates.net)]
    }

    /// The month that a number of the cohort table stands for.
    pub(crate) fn month(index: MonthIndex) -> Month {
        Month::from_index(index.0)
    }
}
