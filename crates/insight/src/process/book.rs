//! Whose accounts are whose in a window, and which class each is of.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use takar_model::{Day, Money, Period, id_order};

use super::events::Owned;
use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Kpi, NONE, Query, Value, run},
};

/// How much an account weighs among all, by its share of sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Class {
    /// The largest, which together make the first 80 % of sales.
    A,
    /// Those after them, up to 95 %.
    B,
    /// All others.
    C,
}

impl Class {
    /// The three, the largest first.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// Its letter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Where the classes end, as shares of all sales.
const ENDS: [(Class, f64); 2] = [(Class::A, 0.80), (Class::B, 0.95)];

/// An account that somebody has in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its class; C for accounts that are new in the window.
    pub class: Class,
    /// Its net sales in the year before the window; none where currencies are mixed.
    pub worth: Option<Money>,
    /// The managers that had it for at least half of the days; several where they share it.
    pub managers: Vec<String>,
}

/// The accounts of a window and who had them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// The window by whose sales accounts are classed and weighed: the year before, else the window itself.
    pub classed_by: Option<Period>,
    /// The accounts, in the order of their ids.
    pub holdings: Vec<Holding>,
    /// By manager, on how many days of the window he or she had an account, summed over accounts.
    pub(super) account_days: FxHashMap<String, i64>,
    /// By account, the manager who has it where no timeline says otherwise.
    usual: FxHashMap<String, String>,
}

impl Book {
    /// From sales and the timelines of owners.
    pub(super) fn of(
        source: &dyn CellSource,
        window: Period,
        owners: &FxHashMap<String, Vec<Owned>>,
    ) -> Result<Self, InsightError> {
        let Some(extent) = source.extent() else { return Ok(Self::default()) };
        let cut = |from: Day, to: Day| Period::new(from.max(extent.from()), to.min(extent.to()));
        let before = cut(window.from().plus_months(-12), window.from().plus_days(-1));
        let now = cut(window.from(), window.to());
        let Some(classed_by) = before.or(now) else { return Ok(Self::default()) };
        let worth = sales(source, classed_by)?;
        let mut accounts: FxHashSet<String> = bought(&worth);
        if let Some(now) = now.filter(|_| before.is_some()) {
            accounts.extend(bought(&sales(source, now)?));
        }
        let usual = usual(source, &accounts, Period::new(classed_by.from(), now.unwrap_or(classed_by).to()))?;
        let classes = classes(&worth);
        let names = source.names();
        let mut account_days: FxHashMap<String, i64> = FxHashMap::default();
        let mut holdings: Vec<Holding> = accounts
            .into_iter()
            .map(|id| {
                let all = || usual.get(&id).map(|manager| (manager.clone(), window.days())).into_iter().collect();
                let held = held(owners.get(&id), window).unwrap_or_else(all);
                for (manager, days) in &held {
                    *account_days.entry(manager.clone()).or_default() += i64::from(*days);
                }
                let managers = for_half(&held, window.days());
                let code = names.account.code(&id);
                Holding {
                    name: code.and_then(|code| names.account.name(code)).map(str::to_owned),
                    class: classes.get(&id).copied().unwrap_or(Class::C),
                    worth: worth.get(&id).copied().unwrap_or(Some(Money::ZERO)),
                    managers,
                    id,
                }
            })
            .collect();
        holdings.sort_by(|one, other| id_order(&one.id, &other.id));
        Ok(Self { classed_by: Some(classed_by), holdings, account_days, usual })
    }

    /// Who answers for an event that names no manager: the account's main owner on the day, else who usually has it.
    pub(super) fn responsible(
        &self,
        owners: &FxHashMap<String, Vec<Owned>>,
        account: Option<&str>,
        day: Option<Day>,
    ) -> Option<String> {
        let account = account?;
        let Some(spans) = owners.get(account) else { return self.usual.get(account).cloned() };
        let day = day?.epoch_days();
        let span = spans.iter().find(|span| (span.first..=span.last).contains(&day))?;
        let main = |one: &&(String, f64), other: &&(String, f64)| {
            one.1.total_cmp(&other.1).then_with(|| id_order(&other.0, &one.0))
        };
        span.by.iter().max_by(main).map(|(manager, _)| manager.clone())
    }
}

/// On how many days of a window each manager had an account; `None` where no timeline tells of it.
fn held(spans: Option<&Vec<Owned>>, window: Period) -> Option<Vec<(String, i32)>> {
    let (first, last) = (window.from().epoch_days(), window.to().epoch_days());
    let mut days: Vec<(String, i32)> = Vec::new();
    for span in spans? {
        let shared = span.last.min(last) - span.first.max(first) + 1;
        if shared <= 0 {
            continue;
        }
        for (manager, _) in &span.by {
            match days.iter_mut().find(|(known, _)| known == manager) {
                Some((_, sum)) => *sum += shared,
                None => days.push((manager.clone(), shared)),
            }
        }
    }
    Some(days)
}

/// Those who had it for at least half of the days.
fn for_half(held: &[(String, i32)], days: i32) -> Vec<String> {
    let half = held.iter().filter(|(_, own)| own * 2 >= days);
    let mut managers: Vec<String> = half.map(|(manager, _)| manager.clone()).collect();
    managers.sort_by(|one, other| id_order(one, other));
    managers
}

/// Net sales by account; `None` where currencies are mixed.
fn sales(source: &dyn CellSource, period: Period) -> Result<FxHashMap<String, Option<Money>>, InsightError> {
    let query = Query {
        by: vec![Dimension::Account],
        period: Some(period),
        kpis: vec![Kpi::NetSales.definition()],
        ..Query::default()
    };
    let table = run(source, &query)?;
    let sold = table.rows.into_iter().filter_map(|row| {
        let id = row.keys.into_iter().next()?.id?;
        Some((id, if let Some(Value::Money(net)) = row.values.first() { Some(*net) } else { None }))
    });
    Ok(sold.collect())
}

/// The accounts that bought.
fn bought(sales: &FxHashMap<String, Option<Money>>) -> FxHashSet<String> {
    let some = sales.iter().filter(|(_, net)| net.is_none_or(|net| net > Money::ZERO));
    some.map(|(id, _)| id.clone()).collect()
}

/// The manager of each account where no timeline tells: the one that the table of accounts names, else the one with most sales.
fn usual(
    source: &dyn CellSource,
    accounts: &FxHashSet<String>,
    period: Option<Period>,
) -> Result<FxHashMap<String, String>, InsightError> {
    let names = source.names();
    let mut usual: FxHashMap<String, String> = FxHashMap::default();
    for (code, manager) in (0_u32..).zip(&names.account_manager) {
        if let (true, Some(id), Some(manager)) = (*manager != NONE, names.account.id(code), names.manager.id(*manager))
        {
            usual.insert(id.to_owned(), manager.to_owned());
        }
    }
    if accounts.iter().all(|id| usual.contains_key(id)) {
        return Ok(usual);
    }
    let query = Query {
        by: vec![Dimension::Account, Dimension::Manager],
        period,
        kpis: vec![Kpi::NetSales.definition()],
        ..Query::default()
    };
    let mut most: FxHashMap<String, (f64, String)> = FxHashMap::default();
    for row in run(source, &query)?.rows {
        let net = row.values.first().and_then(|value| value.to_f64()).unwrap_or(0.0);
        let mut keys = row.keys.into_iter();
        let (Some(account), Some(manager)) = (keys.next().and_then(|key| key.id), keys.next().and_then(|key| key.id))
        else {
            continue;
        };
        if usual.contains_key(&account) {
            continue;
        }
        let is_more = most
            .get(&account)
            .is_none_or(|(sold, known)| net.total_cmp(sold).then_with(|| id_order(known, &manager)).is_gt());
        if is_more {
            most.insert(account, (net, manager));
        }
    }
    usual.extend(most.into_iter().map(|(account, (_, manager))| (account, manager)));
    Ok(usual)
}

/// The class of each account with sales. An account is of the class in which the running total before it lies, so that the largest
/// is always an A; equals go by the lower id.
fn classes(sales: &FxHashMap<String, Option<Money>>) -> FxHashMap<String, Class> {
    let mut sold: Vec<(&String, Money)> =
        sales.iter().filter_map(|(id, net)| Some((id, (*net)?))).filter(|(_, net)| *net > Money::ZERO).collect();
    sold.sort_by(|(one, net), (other, more)| more.cmp(net).then_with(|| id_order(one, other)));
    let all: Money = sold.iter().map(|(_, net)| *net).sum();
    let mut before = Money::ZERO;
    sold.into_iter()
        .map(|(id, net)| {
            let share = before.to_f64() / all.to_f64();
            before += net;
            let class = ENDS.iter().find(|(_, end)| share < *end).map_or(Class::C, |(class, _)| *class);
            (id.clone(), class)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_end_where_the_running_total_passes() {
        let sales = [("K1", 70), ("K2", 10), ("K3", 10), ("K4", 6), ("K5", 4), ("K6", -3), ("K7", 0)];
        let sales = sales.map(|(id, net)| (id.to_owned(), Some(Money::from_units(net)))).into_iter().collect();
        let mut found: Vec<(String, Class)> = classes(&sales).into_iter().collect();
        found.sort();
        let letters: Vec<&str> = found.iter().map(|(_, class)| class.name()).collect();
        assert_eq!(letters, ["A", "A", "B", "B", "C"]);
    }

    #[test]
    fn half_of_the_days_makes_an_account_ones_own() {
        let span = |first, last, by: &[&str]| Owned {
            first,
            last,
            by: by.iter().map(|id| ((*id).to_owned(), 1.0 / by.len() as f64)).collect(),
        };
        let window: Period = "1970-01-11..1970-01-20".parse().expect("a period");
        let holders = |spans: Vec<Owned>| for_half(&held(Some(&spans), window).expect("told"), window.days());
        // Shared for all ten days: both.
        assert_eq!(holders(vec![span(0, 99, &["S2", "S1"])]), ["S1", "S2"]);
        // Handed over after six of ten days: the first.
        let moved = vec![span(0, 15, &["S1"]), span(16, 99, &["S2"])];
        assert_eq!(held(Some(&moved), window), Some(vec![("S1".into(), 6), ("S2".into(), 4)]));
        assert_eq!(holders(moved), ["S1"]);
        // After five: both had half.
        assert_eq!(holders(vec![span(0, 14, &["S1"]), span(15, 99, &["S2"])]), ["S1", "S2"]);
        // Nobody's on these days is nobody's; without a timeline another table is asked.
        assert_eq!(holders(vec![span(0, 5, &["S1"])]), [""; 0]);
        assert_eq!(held(None, window), None);
    }
}
