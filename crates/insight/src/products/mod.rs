//! What becomes of products: trend, who began and who stopped buying, what accounts ask for and complain about, and which products move
//! together from one account to the next.
//!
//! An account *began* a product in the window where it has net sales of it above 0 there and none in the base window or earlier, as far as the
//! data go; it *stopped* where it has net sales above 0 in the base window and none in the window. The base window is the one before, of equal length.

mod json;
mod moves;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use takar_model::{Compare, Money, Period, id_order};

pub use self::moves::{LEAST_BOTH, Together};
use crate::{
    InsightError,
    analysis::{
        Scope,
        trends::{self, Trend},
        year_window,
    },
    kpis::{Aggregate, AnalysedKpi, ColumnName, FactAmount, FactSource, FactTable, Function},
    metrics::{Basis, CellSource, Dimension, Filter, Grain, Kpi, Mask, NONE, Operator, base_window},
};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// A row for each product or each category.
    pub by: Dimension,
    /// The window; the last twelve complete months of the data, or as many as there are, unless given.
    pub period: Option<Period>,
    /// Whose.
    pub scope: Scope,
}

/// What accounts say of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// How often.
    pub times: u64,
    /// Accounts that said it, each once.
    pub accounts: usize,
    /// What these accounts bought in the window, of any product: their weight.
    pub worth: Money,
}

/// One product or category.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Net sales in the window.
    pub net_sales: Money,
    /// Net sales in the base window, where it lies in the data.
    pub base_sales: Option<Money>,
    /// Accounts with net sales of it above 0.
    pub buyers: usize,
    /// Accounts that began and that stopped; none where the base window begins before the data.
    pub moved: Option<Moved>,
    /// Its trend over all complete months, with the p-value adjusted for how many were looked at; none where it cannot be told.
    pub trend: Option<(Trend, Option<f64>, bool)>,
    /// Complaints.
    pub complaints: Said,
    /// Requests.
    pub requests: Said,
}

/// Accounts that began and that stopped buying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// First orders.
    pub began: usize,
    /// Last orders.
    pub stopped: usize,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Products {
    /// The window.
    pub period: Period,
    /// The window before, where it lies in the data.
    pub base: Option<Period>,
    /// What rows are.
    pub by: Dimension,
    /// By net sales, the greatest first; equal ones in the order of ids.
    pub rows: Vec<ProductRow>,
    /// Net sales of lines without a product.
    pub without: Money,
    /// Pairs of which one was stopped and the other begun by the same accounts, beyond chance; the surest first.
    pub together: Vec<Together>,
    /// How many pairs were looked at.
    pub pairs: usize,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Net sales by product and account.
pub(crate) type Bought = BTreeMap<u32, BTreeMap<u32, i64>>;

/// Tells what becomes of products.
///
/// # Errors
/// [`InsightError::NoData`], [`InsightError::UnknownManager`], [`InsightError::TimeCondition`], [`InsightError::NotOfProducts`] for another
/// dimension than product and category.
pub fn products(
    source: &dyn CellSource,
    facts: &dyn FactSource,
    question: &Question,
) -> Result<Products, InsightError> {
    let by = question.by;
    let labels = match by {
        Dimension::Product | Dimension::Category => source.names().labels(by),
        _ => None,
    };
    let labels = labels.ok_or_else(|| InsightError::NotOfProducts(by.id()))?;
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let period = question.period.unwrap_or_else(|| year_window(source, extent));
    let base = base_window(period, Compare::Prior, extent);
    let condition = question.scope.condition(source)?;
    let bought = |window: Period| bought(source, by, condition.as_ref(), window);
    let now = bought(period)?;
    let before = base.map(bought).transpose()?;
    let earlier = match base {
        Some(base) => Period::new(extent.from(), base.from().plus_days(-1)).map(bought).transpose()?,
        None => None,
    };
    let moves = before.as_ref().map(|before| moves::Moves::of(&now, before, earlier.as_ref()));
    let (together, pairs) = moves.as_ref().map(|moves| moves.together(labels)).transpose()?.unwrap_or_default();
    let said = said(facts, by, condition.as_ref(), period, &worth_of(source, &now))?;
    let trends = trends_of(source, facts, question);
    let sum = |accounts: Option<&BTreeMap<u32, i64>>| -> Money {
        Money::from_units(accounts.into_iter().flat_map(BTreeMap::values).map(|net| i128::from(*net)).sum())
    };
    let codes: BTreeSet<u32> = now.keys().chain(before.iter().flat_map(|before| before.keys())).copied().collect();
    let nothing = (Said::default(), Said::default());
    let mut rows: Vec<ProductRow> = codes
        .into_iter()
        .filter_map(|code| {
            let id = labels.id(code)?;
            let (complaints, requests) = said.get(id).copied().unwrap_or(nothing);
            Some(ProductRow {
                id: id.to_owned(),
                name: labels.name(code).map(str::to_owned),
                net_sales: sum(now.get(&code)),
                base_sales: before.as_ref().map(|before| sum(before.get(&code))),
                buyers: now.get(&code).into_iter().flat_map(BTreeMap::values).filter(|net| **net > 0).count(),
                moved: moves.as_ref().map(|moves| moves.of_product(code)),
                trend: trends.get(id).cloned(),
                complaints,
                requests,
            })
        })
        .collect();
    rows.sort_by(|one, other| other.net_sales.cmp(&one.net_sales).then_with(|| id_order(&one.id, &other.id)));
    let currencies = &source.names().currencies;
    Ok(Products {
        period,
        base,
        by,
        rows,
        without: sum(now.get(&NONE)),
        together,
        pairs,
        currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
        basis: source.basis(),
    })
}

fn bought(
    source: &dyn CellSource,
    by: Dimension,
    condition: Option<&Filter>,
    window: Period,
) -> Result<Bought, InsightError> {
    let names = source.names();
    let filtered = condition.map(Filter::dimensions).unwrap_or_default();
    let grain = Grain::MONTHS.with(Dimension::Account).with(by).months_together();
    let grain = filtered.iter().fold(grain, |grain, dimension| grain.with(*dimension));
    let cells = source.cells(window, grain)?;
    cells.check(grain)?;
    let mask = condition.map(|filter| Mask::new(filter, names));
    let mut found = Bought::new();
    for row in cells.rows(window) {
        let code = |dimension| match dimension {
            Dimension::Supervisor => names.supervisor_of(cells.manager[row]),
            other => cells.codes(other)[row],
        };
        if mask.as_ref().is_some_and(|mask| mask.holds(&code, cells.month[row]) != Some(true)) {
            continue;
        }
        let net = found.entry(code(by)).or_default().entry(cells.account[row]).or_default();
        *net = net.saturating_add(cells.net[row]);
    }
    Ok(found)
}

/// What each account bought of all products, by id.
fn worth_of<'a>(source: &'a dyn CellSource, now: &Bought) -> BTreeMap<&'a str, Money> {
    let mut worth: BTreeMap<&str, Money> = BTreeMap::new();
    for (account, net) in now.values().flatten() {
        if let Some(id) = source.names().account.id(*account) {
            *worth.entry(id).or_default() += Money::from_units(i128::from(*net));
        }
    }
    worth
}

/// Complaints and requests by the id of the product or category.
fn said(
    facts: &dyn FactSource,
    by: Dimension,
    condition: Option<&Filter>,
    window: Period,
    worth: &BTreeMap<&str, Money>,
) -> Result<BTreeMap<String, (Said, Said)>, InsightError> {
    let of_kind = |kind: &str| {
        let table = FactTable::find("feedback")?;
        let condition = Filter::Compare {
            field: ColumnName(table.column("type")?),
            operator: Operator::Equal,
            value: kind.to_owned(),
        };
        Some(Aggregate { table, function: Function::Count, column: None, condition: Some(condition), day: None })
    };
    let asked: Vec<Aggregate> = ["complaint", "request"].into_iter().filter_map(of_kind).collect();
    let mut found: BTreeMap<String, (Said, Said)> = BTreeMap::new();
    for row in facts.measure(&asked, &[window], &[by, Dimension::Account], condition)? {
        let [Some(product), account] = &row.keys[..] else { continue };
        let times = |place: usize| match row.amounts.get(place).copied().flatten() {
            Some(FactAmount::Units { units, .. }) => u64::try_from(units).unwrap_or_default(),
            _ => 0,
        };
        let (complaints, requests) = found.entry(product.clone()).or_default();
        for (said, times) in [(complaints, times(0)), (requests, times(1))] {
            said.times += times;
            if let Some(account) = account.as_deref().filter(|_| times > 0) {
                said.accounts += 1;
                said.worth += worth.get(account).copied().unwrap_or_default();
            }
        }
    }
    Ok(found)
}

type TrendOf = (Trend, Option<f64>, bool);

fn trends_of(source: &dyn CellSource, facts: &dyn FactSource, question: &Question) -> BTreeMap<String, TrendOf> {
    let asked = trends::Question {
        kpi: AnalysedKpi::from(Kpi::NetSales.definition()),
        window: None,
        scope: question.scope.clone(),
        by: Some(question.by),
    };
    // Where no trend can be told the rest of the answer stands.
    let Ok(found) = trends::trends(source, facts, &asked) else { return BTreeMap::new() };
    let member =
        |member: trends::MemberTrend| Some((member.id?, (member.trend.ok()?, member.adjusted, member.stands_out)));
    found.members.into_iter().filter_map(member).collect()
}
