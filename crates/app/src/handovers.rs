//! Accounts that changed hands, with what they bought before and since.

use std::collections::HashMap;

use serde::Serialize;
use takar_insight::metrics::{self, CellSource, Dimension, Field, Filter, Kpi, Query, Value};
use takar_lake::Owner;
use takar_model::{Credit, Day, Money, Month, Period};

use crate::{Result, Takar};

/// Changes that are told, at most; the newest.
const MOST: usize = 500;
/// Months looked at before and after.
const MONTHS: i32 = 12;

/// Which changes.
#[derive(Debug, Clone, Default)]
pub struct HandoverFilter {
    /// In this window.
    pub period: Option<Period>,
    /// From or to this manager.
    pub manager: Option<String>,
    /// Of this account.
    pub account: Option<String>,
}

/// An owner and the part of the credit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedOwner {
    /// The manager's id; nobody has none.
    pub id: Option<String>,
    /// The manager's name.
    pub name: Option<String>,
    /// The part, from 0 to 1.
    pub share: f64,
}

/// What an account bought in the months on one side of a change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Side {
    /// How many months: complete ones, twelve at most, without the month of the change.
    pub months: u32,
    /// Net sales a month, months without any counted in; none without a month.
    pub monthly: Option<Money>,
}

/// An account that changed hands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandoverRow {
    /// The account's id.
    pub account: String,
    /// Its name.
    pub account_name: Option<String>,
    /// The first day of the new owners.
    pub day: Day,
    /// Who had it.
    pub from: Vec<NamedOwner>,
    /// Who has it since.
    pub to: Vec<NamedOwner>,
    /// What it bought before.
    pub before: Side,
    /// What it bought since.
    pub after: Side,
    /// How much more a month since; none where either side has no month or the first sold nothing. It says what happened, not
    /// why: season and trend go on whoever has the account.
    pub growth: Option<f64>,
}

/// Changes of owners.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Handovers {
    /// How many there are in all.
    pub total: usize,
    /// The newest, 500 at most.
    pub rows: Vec<HandoverRow>,
}

impl Takar {
    /// Accounts that changed hands, newest first.
    pub fn handovers(&self, asked: &HandoverFilter) -> Result<Handovers> {
        // Of an account that is or was one's own the whole history is shown, whoever sold.
        let source = self.lake_source(Credit::Recorded)?;
        let is_of = |owners: &[Owner], id: &str| owners.iter().any(|owner| owner.manager.as_deref() == Some(id));
        let mut found = self.lake.handovers()?;
        found.retain(|change| {
            asked.period.is_none_or(|period| period.from() <= change.day && change.day <= period.to())
                && asked.account.as_ref().is_none_or(|account| change.account == *account)
                && asked.manager.as_ref().is_none_or(|id| is_of(&change.before, id) || is_of(&change.after, id))
                && self.reach().is_none_or(|reach| {
                    let mut owners =
                        change.before.iter().chain(&change.after).filter_map(|owner| owner.manager.as_deref());
                    owners.any(|id| reach.holds(id))
                })
        });
        let total = found.len();
        found.truncate(MOST);
        let names = source.names();
        let extent = source.extent();
        let mut accounts: Vec<String> = found.iter().map(|change| change.account.clone()).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let sold = if extent.is_some() { sold_by_month(source.as_ref(), accounts)? } else { HashMap::new() };
        let named = |owners: &[Owner]| {
            let one = |owner: &Owner| {
                let code = owner.manager.as_deref().and_then(|id| names.manager.code(id));
                let name = code.and_then(|code| names.manager.name(code)).map(str::to_owned);
                NamedOwner { id: owner.manager.clone(), name, share: owner.share }
            };
            owners.iter().map(one).collect()
        };
        let rows = found
            .iter()
            .map(|change| {
                let (before, after) = sides(change.day.month(), extent, |month| {
                    sold.get(&(change.account.clone(), month)).copied().unwrap_or(Money::ZERO)
                });
                let growth = before.monthly.zip(after.monthly).filter(|(before, _)| *before > Money::ZERO);
                let code = names.account.code(&change.account);
                HandoverRow {
                    account: change.account.clone(),
                    account_name: code.and_then(|code| names.account.name(code)).map(str::to_owned),
                    day: change.day,
                    from: named(&change.before),
                    to: named(&change.after),
                    before,
                    after,
                    growth: growth.map(|(before, after)| after.to_f64() / before.to_f64() - 1.0),
                }
            })
            .collect();
        Ok(Handovers { total, rows })
    }
}

/// The net sales of some accounts by month.
fn sold_by_month(source: &dyn CellSource, accounts: Vec<String>) -> Result<HashMap<(String, i32), Money>> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Query {
        by: vec![Dimension::Account, Dimension::Month],
        kpis: vec![Kpi::parse("net_sales")?],
        filter: Some(Filter::In(Field::Id(Dimension::Account), accounts)),
        ..Query::default()
    };
    let table = metrics::run(source, &query)?;
    let sold = table.rows.into_iter().filter_map(|row| {
        let mut keys = row.keys.into_iter();
        let (account, month) = (keys.next()?.id?, keys.next()?.id?.parse::<Period>().ok()?);
        let Value::Money(net) = row.values.first()? else { return None };
        Some(((account, month.from().month().index()), *net))
    });
    Ok(sold.collect())
}

/// The complete months of the data before and after the month of a change, twelve at most on each side.
fn sides(month: Month, extent: Option<Period>, sold: impl Fn(i32) -> Money) -> (Side, Side) {
    let none = Side { months: 0, monthly: None };
    let Some(extent) = extent else { return (none, none) };
    let changed = month.index();
    let is_whole = |month: Month, day: Day| month.last_day() == day;
    let first = extent.from().month().index();
    let last_month = extent.to().month();
    let last = if is_whole(last_month, extent.to()) { last_month.index() } else { last_month.index() - 1 };
    let side = |from: i32, to: i32| {
        let months = u32::try_from(to - from + 1).unwrap_or(0);
        if months == 0 {
            return none;
        }
        let sum: Money = (from..=to).map(&sold).sum();
        let monthly = Money::from_units(sum.units() / i128::from(months));
        Side { months, monthly: Some(monthly) }
    };
    (side(first.max(changed - MONTHS), changed - 1), side(changed + 1, last.min(changed + MONTHS)))
}
