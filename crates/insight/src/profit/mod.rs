//! What accounts and managers earn after what it costs to serve them.
//!
//! Net profit = margin − cost to serve. The margin is of lines that have a cost, whose part of sales is told (METHODS §0). The cost
//! to serve is what costs say in money; where one says only hours or days, these at the hourly rate; and the hours of activities at that
//! rate for an account in months in which no cost tells hours or days of it, so that no hour is counted twice. Without a rate hours
//! have no cost and it is said how many there are. What is tied to no account stays in a row of its own, and all rows add up to the total.

mod hours;
mod json;
mod rates;
mod read;
mod sold;
mod table;
#[cfg(test)]
mod tests;
mod what_if;
mod words;

use std::collections::BTreeMap;

use takar_model::{Compare, Money, Period, id_order};
use takar_stats::{
    Amount,
    costly::{LEAST_PEERS, costly},
    retention::whale_curve,
};

pub use self::{
    hours::{HoursAgainstWorth, HoursRow, NextHours},
    rates::{Rates, RatesError},
    sold::{SoldLine, SoldSource},
    what_if::{Change, Effect, SmallOrders, WhatIf, what_if},
};
use crate::{
    InsightError,
    analysis::year_window,
    kpis::FactSource,
    metrics::{Basis, CellSource, Dimension, Filter, base_window},
};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// A row for each member: account, manager, segment, region or branch.
    pub by: Dimension,
    /// The window; the last twelve complete months of the data, or as many as there are, unless given.
    pub period: Option<Period>,
    /// Beside it the profit of the window before or of a year earlier.
    pub compare: Option<Compare>,
    /// Only what is one manager's.
    pub manager: Option<String>,
    /// Only accounts, managers, segments, regions, branches for which the condition holds.
    pub filter: Option<Filter>,
}

impl Default for Question {
    fn default() -> Self {
        Self { by: Dimension::Account, period: None, compare: None, manager: None, filter: None }
    }
}

/// Sales, margin and cost to serve, exact sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Lines with a net amount.
    pub net_lines: u64,
    /// Lines with a net amount and a cost.
    pub cost_lines: u64,
    /// Net sales.
    pub net_sales: Money,
    /// Net sales of the lines that have a cost.
    pub covered_sales: Money,
    /// These less their cost.
    pub margin: Money,
    /// Cost to serve that was told in money.
    pub told_cost: Money,
    /// Hours of serving that were not told in money, in millionths.
    pub micro_hours: i128,
    /// Of these, hours of activities.
    pub activity_hours: i128,
    /// Of these, hours of visits.
    pub visit_hours: i128,
    /// All hours that were spent, told in money too or not, in millionths.
    pub spent_hours: i128,
    /// What the hours that were not told in money cost at the hourly rate.
    pub hours_cost: Money,
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.net_lines += other.net_lines;
        self.cost_lines += other.cost_lines;
        self.net_sales += other.net_sales;
        self.covered_sales += other.covered_sales;
        self.margin += other.margin;
        self.told_cost += other.told_cost;
        self.micro_hours += other.micro_hours;
        self.activity_hours += other.activity_hours;
        self.visit_hours += other.visit_hours;
        self.spent_hours += other.spent_hours;
        self.hours_cost += other.hours_cost;
    }

    /// The whole cost to serve.
    pub fn cost(&self) -> Money {
        self.told_cost + self.hours_cost
    }

    /// The margin is known: a line has a cost, or nothing was sold.
    pub const fn is_known(&self) -> bool {
        self.cost_lines > 0 || self.net_lines == 0
    }

    /// Margin less cost to serve; none where sales have no cost at all.
    pub fn profit(&self) -> Option<Money> {
        self.is_known().then(|| self.margin - self.cost())
    }

    /// The part of net sales whose lines have a cost.
    pub fn coverage(&self) -> Option<f64> {
        (self.net_sales > Money::ZERO).then(|| self.covered_sales.to_f64() / self.net_sales.to_f64())
    }

    /// Hours that were not told in money.
    pub fn hours(&self) -> f64 {
        self.micro_hours as f64 / 1e6
    }
}

/// One member.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfitRow {
    /// Its id; none for what is nobody's.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The figures.
    pub figures: Figures,
    /// The figures of the base window, where it was asked for and lies in the data.
    pub base: Option<Figures>,
}

/// Profit over accounts, those that earn most first.
#[derive(Debug, Clone, PartialEq)]
pub struct Whale {
    /// After so many accounts so much profit. At most 200 points, ends and peak among them.
    pub points: Vec<(usize, Money)>,
    /// Accounts with a known profit.
    pub accounts: usize,
    /// Where the curve is highest: so many accounts earn.
    pub accounts_to_peak: usize,
    /// The profit up to there.
    pub peak: Money,
    /// The profit of all accounts with a known profit.
    pub total: Money,
    /// Peak / total; none where the total is not above 0.
    pub peak_share: Option<f64>,
}

/// An account that costs far more to serve than accounts of about the same sales.
#[derive(Debug, Clone, PartialEq)]
pub struct CostlyAccount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its net sales.
    pub net_sales: Money,
    /// Its cost to serve.
    pub cost: Money,
    /// What its peers cost in the middle.
    pub usual: Money,
    /// Robust standard deviations above the peers, of logarithms.
    pub distance: f64,
    /// Peers.
    pub n: usize,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Profit {
    /// The window.
    pub period: Period,
    /// The window beside it.
    pub base: Option<Period>,
    /// What rows are.
    pub by: Dimension,
    /// Members by profit, the greatest first, unknown profits last; equal ones in the order of ids. The row of nobody is not among them.
    pub rows: Vec<ProfitRow>,
    /// What is no member's: costs that name no account, sales without a manager.
    pub untied: Option<ProfitRow>,
    /// All rows together.
    pub total: ProfitRow,
    /// All accounts that have a figure in the window, by profit.
    pub accounts: Vec<ProfitRow>,
    /// Accounts that cost more than they earn, the worst first.
    pub losing: Vec<ProfitRow>,
    /// How many accounts with sales have no line with a cost, so that their profit is not known.
    pub unknown: usize,
    /// The whale curve; none without an account.
    pub whale: Option<Whale>,
    /// Accounts that cost far more than their peers, the farthest first.
    pub costly: Vec<CostlyAccount>,
    /// Accounts that have both sales and a cost to serve, so that they can be held against peers.
    pub compared: usize,
    /// What hours cost.
    pub rates: Rates,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

impl Profit {
    /// There are enough accounts with a cost to serve to hold them against peers.
    pub const fn has_peers(&self) -> bool {
        self.compared > LEAST_PEERS
    }
}

/// Works out the profit.
///
/// # Errors
/// [`InsightError::NoData`], [`InsightError::UnknownManager`], [`InsightError::TimeCondition`], [`InsightError::NotOfCosts`] for a dimension
/// that costs have not, [`InsightError::SeveralCurrencies`] where sales or costs are in several currencies without rates.
pub fn profit(
    source: &dyn CellSource,
    facts: &dyn FactSource,
    rates: Rates,
    question: &Question,
) -> Result<Profit, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let place = place_of(question.by)?;
    let period = question.period.unwrap_or_else(|| year_window(source, extent));
    let base = question.compare.and_then(|compare| base_window(period, compare, extent));
    let cells = read::read((source, facts), rates, question, period)?;
    let before = base.map(|base| read::read((source, facts), rates, question, base)).transpose()?;
    let labels = |dimension: Dimension, id: Option<&str>| {
        let labels = source.names().labels(dimension)?;
        labels.name(labels.code(id?)?).map(str::to_owned)
    };
    let rows_by = |place: usize| -> Vec<ProfitRow> {
        let now = grouped(&cells, place);
        let mut earlier = before.as_ref().map(|before| grouped(before, place));
        let mut rows: Vec<ProfitRow> = Vec::new();
        for (id, figures) in now {
            let base = earlier.as_mut().map(|earlier| earlier.remove(&id).unwrap_or_default());
            rows.push(ProfitRow { name: labels(read::GRAIN[place], id.as_deref()), id, figures, base });
        }
        // Who had figures only then is shown too, so that the base adds up.
        for (id, figures) in earlier.unwrap_or_default() {
            let name = labels(read::GRAIN[place], id.as_deref());
            rows.push(ProfitRow { name, id, figures: Figures::default(), base: Some(figures) });
        }
        rows.sort_by(|one, other| {
            let profit = |row: &ProfitRow| row.figures.profit();
            let text = |row: &ProfitRow| row.id.clone().unwrap_or_default();
            profit(other).cmp(&profit(one)).then_with(|| id_order(&text(one), &text(other)))
        });
        rows
    };
    let mut rows = rows_by(place);
    let total = ProfitRow {
        id: None,
        name: None,
        figures: sum_of(&rows, |row| Some(row.figures)),
        base: base.map(|_| sum_of(&rows, |row| row.base)),
    };
    let untied = rows.iter().position(|row| row.id.is_none()).map(|place| rows.remove(place));
    let mut accounts: Vec<ProfitRow> = match question.by {
        Dimension::Account => rows.clone(),
        _ => rows_by(0),
    };
    accounts.retain(|row| row.id.is_some() && row.figures != Figures::default());
    let active: Vec<&ProfitRow> = accounts.iter().collect();
    let mut losing: Vec<ProfitRow> = active
        .iter()
        .filter(|row| row.figures.profit().is_some_and(Money::is_negative))
        .map(|row| (*row).clone())
        .collect();
    losing.reverse();
    let (costly, compared) = costly_accounts(&active)?;
    let unknown = active.iter().filter(|row| !row.figures.is_known()).count();
    let whale = whale(&active)?;
    Ok(Profit {
        period,
        base,
        by: question.by,
        rows,
        untied,
        total,
        accounts,
        losing,
        unknown,
        whale,
        costly,
        compared,
        rates,
        currency: source.names().currencies.first().filter(|_| source.names().currencies.len() == 1).cloned(),
        basis: source.basis(),
    })
}

/// The place of a dimension among what rows are told apart by.
fn place_of(by: Dimension) -> Result<usize, InsightError> {
    read::GRAIN.iter().position(|dimension| *dimension == by).ok_or(InsightError::NotOfCosts(by.id()))
}

fn grouped(cells: &read::Cells, place: usize) -> BTreeMap<Option<String>, Figures> {
    let mut found: BTreeMap<Option<String>, Figures> = BTreeMap::new();
    for (key, figures) in cells {
        found.entry(key.get(place).cloned().flatten()).or_default().add(figures);
    }
    found
}

fn sum_of(rows: &[ProfitRow], of: impl Fn(&ProfitRow) -> Option<Figures>) -> Figures {
    rows.iter().filter_map(of).fold(Figures::default(), |mut sum, figures| {
        sum.add(&figures);
        sum
    })
}

fn whale(accounts: &[&ProfitRow]) -> Result<Option<Whale>, InsightError> {
    const POINTS: usize = 200;
    let profits: Vec<Amount> =
        accounts.iter().filter_map(|row| row.figures.profit()).map(|profit| Amount(profit.units())).collect();
    if profits.is_empty() {
        return Ok(None);
    }
    let curve = whale_curve(&profits)?;
    let at = |count: usize| match count.checked_sub(1) {
        None => (0, Money::ZERO),
        Some(last) => (count, Money::from_units(curve.cumulative[last].0)),
    };
    let step = curve.n.div_ceil(POINTS - 3);
    let mut counts: Vec<usize> = (0..=curve.n).step_by(step).collect();
    counts.extend([curve.accounts_to_peak, curve.n]);
    counts.sort_unstable();
    counts.dedup();
    Ok(Some(Whale {
        points: counts.into_iter().map(at).collect(),
        accounts: curve.n,
        accounts_to_peak: curve.accounts_to_peak,
        peak: Money::from_units(curve.peak.0),
        total: Money::from_units(curve.total.0),
        peak_share: curve.peak_share,
    }))
}

fn costly_accounts(accounts: &[&ProfitRow]) -> Result<(Vec<CostlyAccount>, usize), InsightError> {
    let sizes: Vec<f64> = accounts.iter().map(|row| row.figures.net_sales.to_f64()).collect();
    let costs: Vec<f64> = accounts.iter().map(|row| row.figures.cost().to_f64()).collect();
    let compared = sizes.iter().zip(&costs).filter(|(size, cost)| **size > 0.0 && **cost > 0.0).count();
    let told = |found: takar_stats::costly::Outlier| {
        let row = accounts[found.index];
        Some(CostlyAccount {
            id: row.id.clone()?,
            name: row.name.clone(),
            net_sales: row.figures.net_sales,
            cost: row.figures.cost(),
            usual: crate::format::money_of(found.usual),
            distance: found.distance,
            n: found.n,
        })
    };
    Ok((costly(&sizes, &costs)?.into_iter().filter_map(told).collect(), compared))
}
