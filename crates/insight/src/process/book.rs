//! Whose accounts are whose in a window, and which class each is of.

use rustc_hash::FxHashMap;
use serde::Serialize;
use takar_model::{Day, Money, Period, id_order};

use super::events::Owned;
use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Kpi, NONE, Names, Query, Value, run},
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
    /// Contacts in the window, by whomever.
    pub contacts: u64,
    /// The last contact up to the window's end; none in all the data.
    pub last_contact: Option<Day>,
}

/// What an account bought; `None` where currencies are mixed.
type Bought = Option<Money>;

/// The accounts of a window and who had them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// The window by whose sales accounts are classed and weighed: the year before, else the window itself.
    pub classed_by: Option<Period>,
    /// The accounts, in the order of their ids.
    pub holdings: Vec<Holding>,
    /// By manager, on how many days of the window he or she had an account, summed over accounts.
    pub(super) account_days: FxHashMap<String, i64>,
    /// By code of the account, the code of the manager who has it where no timeline says otherwise; [`NONE`] without one.
    usual: Vec<u32>,
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
        let names = source.names();
        let codes = names.account.codes();
        let worth = sales(source, classed_by, &codes)?;
        let sold_now = match now.filter(|_| before.is_some()) {
            Some(now) => sales(source, now, &codes)?,
            None => vec![None; worth.len()],
        };
        let bought = |sold: &Option<Bought>| sold.is_some_and(|net| net.is_none_or(|net| net > Money::ZERO));
        let mut accounts: Vec<u32> = (0_u32..)
            .zip(worth.iter().zip(&sold_now))
            .filter(|(_, (one, other))| bought(one) || bought(other))
            .map(|(code, _)| code)
            .collect();
        accounts.sort_unstable_by_key(|code| names.account.rank(*code));
        let usual = usual(source, &accounts, Period::new(classed_by.from(), now.unwrap_or(classed_by).to()), &codes)?;
        let mut class_of = vec![Class::C; names.account.len()];
        let sold = accounts.iter().filter_map(|code| Some((*code, worth[*code as usize]??)));
        // They are in the order of ids already.
        classes(sold.collect()).into_iter().for_each(|(code, class)| class_of[code as usize] = class);
        let mut account_days: FxHashMap<String, i64> = FxHashMap::default();
        let mut holdings = Vec::with_capacity(accounts.len());
        for code in accounts {
            let Some(id) = names.account.id(code) else { continue };
            let all = || {
                let manager = usual.get(code as usize).and_then(|manager| names.manager.id(*manager));
                manager.map(|manager| (manager, window.days())).into_iter().collect()
            };
            let held = held(owners.get(id), window).unwrap_or_else(all);
            for (manager, days) in &held {
                match account_days.get_mut(*manager) {
                    Some(sum) => *sum += i64::from(*days),
                    None => _ = account_days.insert((*manager).to_owned(), i64::from(*days)),
                }
            }
            holdings.push(Holding {
                id: id.to_owned(),
                name: names.account.name(code).map(str::to_owned),
                class: class_of[code as usize],
                worth: worth[code as usize].unwrap_or(Some(Money::ZERO)),
                managers: for_half(&held, window.days()),
                contacts: 0,
                last_contact: None,
            });
        }
        Ok(Self { classed_by: Some(classed_by), holdings, account_days, usual })
    }

    /// The account of this id, where it is one of the book.
    pub(super) fn holding(&self, account: &str) -> Option<&Holding> {
        let place = self.holdings.binary_search_by(|holding| id_order(&holding.id, account)).ok()?;
        self.holdings.get(place)
    }

    /// Who answers for an event that names no manager: the account's main owner on the day, else who usually has it.
    pub(super) fn responsible(
        &self,
        names: &Names,
        owners: &FxHashMap<String, Vec<Owned>>,
        account: Option<&str>,
        day: Option<Day>,
    ) -> Option<String> {
        let account = account?;
        let Some(spans) = owners.get(account) else {
            let usual = self.usual.get(names.account.code(account)? as usize)?;
            return names.manager.id(*usual).map(str::to_owned);
        };
        let day = day?.epoch_days();
        let span = spans.iter().find(|span| (span.first..=span.last).contains(&day))?;
        let main = |one: &&(String, f64), other: &&(String, f64)| {
            one.1.total_cmp(&other.1).then_with(|| id_order(&other.0, &one.0))
        };
        span.by.iter().max_by(main).map(|(manager, _)| manager.clone())
    }
}

/// On how many days of a window each manager had an account; `None` where no timeline tells of it.
fn held(spans: Option<&Vec<Owned>>, window: Period) -> Option<Vec<(&str, i32)>> {
    let (first, last) = (window.from().epoch_days(), window.to().epoch_days());
    let mut days: Vec<(&str, i32)> = Vec::new();
    for span in spans? {
        let shared = span.last.min(last) - span.first.max(first) + 1;
        if shared <= 0 {
            continue;
        }
        for (manager, _) in &span.by {
            match days.iter_mut().find(|(known, _)| known == manager) {
                Some((_, sum)) => *sum += shared,
                None => days.push((manager, shared)),
            }
        }
    }
    Some(days)
}

/// Those who had it for at least half of the days.
fn for_half(held: &[(&str, i32)], days: i32) -> Vec<String> {
    let half = held.iter().filter(|(_, own)| own * 2 >= days);
    let mut managers: Vec<String> = half.map(|(manager, _)| (*manager).to_owned()).collect();
    managers.sort_by(|one, other| id_order(one, other));
    managers
}

/// Net sales by code of the account; `None` without sales.
fn sales(
    source: &dyn CellSource,
    period: Period,
    codes: &FxHashMap<&str, u32>,
) -> Result<Vec<Option<Bought>>, InsightError> {
    let query = Query {
        by: vec![Dimension::Account],
        period: Some(period),
        kpis: vec![Kpi::NetSales.definition()],
        ..Query::default()
    };
    let table = run(source, &query)?;
    let mut sold = vec![None; source.names().account.len()];
    for row in &table.rows {
        let Some(code) = row.keys.first().and_then(|key| codes.get(key.id.as_deref()?)) else { continue };
        sold[*code as usize] = Some(if let Some(Value::Money(net)) = row.values.first() { Some(*net) } else { None });
    }
    Ok(sold)
}

/// The manager of each account where no timeline tells: the one that the table of accounts names, else the one with most sales.
fn usual(
    source: &dyn CellSource,
    accounts: &[u32],
    period: Option<Period>,
    codes: &FxHashMap<&str, u32>,
) -> Result<Vec<u32>, InsightError> {
    let names = source.names();
    let mut usual = names.account_manager.clone();
    usual.resize(names.account.len(), NONE);
    if accounts.iter().all(|code| usual[*code as usize] != NONE) {
        return Ok(usual);
    }
    let query = Query {
        by: vec![Dimension::Account, Dimension::Manager],
        period,
        kpis: vec![Kpi::NetSales.definition()],
        ..Query::default()
    };
    let mut most: Vec<Option<(f64, u32)>> = vec![None; usual.len()];
    let managers = names.manager.codes();
    for row in run(source, &query)?.rows {
        let net = row.values.first().and_then(|value| value.to_f64()).unwrap_or(0.0);
        let mut ids = row.keys.iter().map(|key| key.id.as_deref());
        let (account, manager) = (ids.next().flatten(), ids.next().flatten());
        let account = account.and_then(|account| codes.get(account));
        let Some((account, manager)) = account.zip(manager.and_then(|manager| managers.get(manager))) else { continue };
        let (account, rank) = (*account as usize, |code: u32| names.manager.rank(code));
        let is_more = most[account]
            .is_none_or(|(sold, known)| net.total_cmp(&sold).then_with(|| rank(known).cmp(&rank(*manager))).is_gt());
        if is_more {
            most[account] = Some((net, *manager));
        }
    }
    for (usual, most) in usual.iter_mut().zip(most).filter(|(usual, _)| **usual == NONE) {
        *usual = most.map_or(NONE, |(_, manager)| manager);
    }
    Ok(usual)
}

/// The class of each account with sales, from accounts in the order of their ids. An account is of the class in which the running
/// total before it lies, so that the largest is always an A; equals go by the lower id.
fn classes(mut sold: Vec<(u32, Money)>) -> Vec<(u32, Class)> {
    sold.retain(|(_, net)| *net > Money::ZERO);
    // A stable sort: the order of ids stays among equals.
    sold.sort_by_key(|(_, net)| std::cmp::Reverse(*net));
    let all: Money = sold.iter().map(|(_, net)| *net).sum();
    let mut before = Money::ZERO;
    sold.into_iter()
        .map(|(code, net)| {
            let share = before.to_f64() / all.to_f64();
            before += net;
            let class = ENDS.iter().find(|(_, end)| share < *end).map_or(Class::C, |(class, _)| *class);
            (code, class)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_end_where_the_running_total_passes() {
        let sales = [70, 10, 10, 6, 4, -3, 0];
        let mut found = classes((0..).zip(sales.map(Money::from_units)).collect());
        found.sort_unstable();
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
        assert_eq!(held(Some(&moved), window), Some(vec![("S1", 6), ("S2", 4)]));
        assert_eq!(holders(moved), ["S1"]);
        // After five: both had half.
        assert_eq!(holders(vec![span(0, 14, &["S1"]), span(15, 99, &["S2"])]), ["S1", "S2"]);
        // Nobody's on these days is nobody's; without a timeline another table is asked.
        assert_eq!(holders(vec![span(0, 5, &["S1"])]), [""; 0]);
        assert_eq!(held(None, window), None);
    }
}
