//! Is an effect found where there is one, and none where there is none? From the lines of simulated companies: accounts are picked, the comparison is
//! planned as for any action from what is known by then, half a year passes, and the effect is measured.
//!
//! Twenty companies by default, `TAKAR_SEEDS` of them in `make prove`, from `TAKAR_SEED` on; what that came to stands in docs/proof/effect.md.

use std::{collections::BTreeMap, path::Path};

use takar_model::{Month, Period};
use takar_stats::effect::{Method, Verdict};

use super::*;
use crate::{
    actions::{PlanAsked, plan},
    fixtures::{Company, Line},
    metrics::CellSource,
};

/// Months known when the action is planned, and months that it is watched.
const KNOWN: i32 = 36;
const AFTER: i32 = 6;
/// Months that decided who was picked, where something did.
const SELECTION: i32 = 3;
/// What the action adds where it adds something.
const ADDED: f64 = 0.25;
/// Accounts that are picked; a lot gives the action to half of them.
const PICKED: usize = 12;
const PICKED_FOR_LOT: usize = 30;

/// Net sales by account and month.
type Sales = BTreeMap<(u32, Month), f64>;

fn sales(folder: &Path, seed: u64) -> (Sales, Month) {
    let first_month = Month::from_index(2020 * 12 + 10);
    let months = u32::try_from(KNOWN + AFTER).expect("few");
    let usual = takar_testkit::Simulation::default();
    let accounts = Some(150);
    let simulation = takar_testkit::Simulation {
        lines: 60_000,
        seed,
        months,
        first_month,
        accounts,
        names_on_lines: false,
        ..usual
    };
    takar_testkit::simulate(&simulation, folder, &|_, _| {}).expect("a company");
    let text = std::fs::read_to_string(folder.join("penjualan.csv")).expect("its sales");
    let mut rows = text.lines();
    let header: Vec<&str> = rows.next().expect("a header").split(',').collect();
    let place = |name: &str| header.iter().position(|column| *column == name).expect("a column");
    let (date, account, net) = (place("tanggal"), place("kode_pelanggan"), place("netto"));
    let mut codes = BTreeMap::new();
    let mut found = Sales::new();
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let next = u32::try_from(codes.len()).expect("few");
        let code = *codes.entry(cells[account].to_owned()).or_insert(next);
        let month = cells[date].parse::<Period>().expect("a day").from().month();
        *found.entry((code, month)).or_default() += cells[net].parse::<f64>().expect("a number");
    }
    (found, first_month)
}

/// The company as it is known at the end of `last`.
fn company(sales: &Sales, last: Month, with: impl Fn(u32, Month) -> f64) -> Company {
    let lines = sales.iter().filter(|((_, month), _)| *month <= last).map(|((account, month), net)| {
        let mut line = Line::sale("2020-01-01", *account, 0, (net * with(*account, *month)).round() as i64);
        line.date = month.last_day();
        line
    });
    Company::new(lines.collect())
}

/// A number that looks like chance.
fn mixed(seed: u64, account: u32) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(account).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// How accounts come to be picked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pick {
    /// Any, and a lot says who waits.
    Lot,
    /// Any, all at once.
    Any,
    /// Those that sold least of their usual in the last three months, and something.
    Low,
}

impl Pick {
    fn of(self, sales: &Sales, last: Month, seed: u64) -> Vec<u32> {
        let sum = |account: u32, from: i32, to: i32| -> f64 {
            (from..=to).filter_map(|back| sales.get(&(account, last.plus(-back)))).sum()
        };
        let bought = |account: u32, months: i32| {
            (0..months).filter(|back| sales.get(&(account, last.plus(-back))).is_some_and(|net| *net > 0.0)).count()
        };
        let mut accounts: Vec<u32> = sales.keys().map(|(account, _)| *account).collect();
        accounts.dedup();
        accounts.retain(|account| bought(*account, 12) >= 6 && bought(*account, KNOWN) >= 18);
        match self {
            Self::Lot | Self::Any => accounts.sort_by_key(|account| (mixed(seed, *account), *account)),
            Self::Low => {
                accounts.retain(|account| sum(*account, 0, SELECTION - 1) > 0.0);
                let level = |account: &u32| sum(*account, 0, SELECTION - 1) / sum(*account, SELECTION, 23).max(1.0);
                accounts.sort_by(|one, other| level(one).total_cmp(&level(other)));
            }
        }
        accounts.truncate(if self == Self::Lot { PICKED_FOR_LOT } else { PICKED });
        accounts
    }

    const fn selection(self) -> i32 {
        if matches!(self, Self::Low) { SELECTION } else { 0 }
    }
}

/// What is measured half a year after it was planned.
fn chain(sales: &Sales, first: Month, pick: Pick, (added, seed): (f64, u64)) -> Option<Found> {
    let last = first.plus(KNOWN - 1);
    let start = last.plus(1);
    let picked = pick.of(sales, last, seed);
    let before = company(sales, last, |_, _| 1.0);
    let months = AccountMonths::of(&before, EffectKpi::NetSales).expect("months");
    let labels = &before.names().account;
    let ids: Vec<String> = picked.iter().filter_map(|code| labels.id(*code)).map(str::to_owned).collect();
    let asked = PlanAsked {
        accounts: &ids,
        is_taken: &|_| false,
        by_lot: pick == Pick::Lot,
        selection: pick.selection(),
        after: AFTER,
        expected: ADDED,
        seed,
    };
    let planned = plan(&months, labels, &asked).expect("a plan");
    let treated: Vec<u32> = planned.now.iter().filter_map(|id| labels.code(id)).collect();
    let with =
        |account: u32, month: Month| if month >= start && treated.contains(&account) { 1.0 + added } else { 1.0 };
    let after = company(sales, last.plus(AFTER), with);
    let months = AccountMonths::of(&after, EffectKpi::NetSales).expect("months");
    let by_lot = pick == Pick::Lot;
    let question = Question {
        method: Method::SyntheticDid,
        treated: planned.now.iter().map(|id| (id.clone(), start)).collect(),
        controls: if by_lot { planned.later.clone() } else { planned.controls.clone() },
        by_lot,
        picked_in: (pick == Pick::Low).then(|| (start.plus(-SELECTION), last)),
        left_out_from: (pick == Pick::Low).then(|| start.plus(-SELECTION)),
        until: None,
        waited_until: None,
        frozen_until: None,
        expected: ADDED,
        seed,
    };
    match measure(&months, &after.names().account, &question).expect("an outcome") {
        Outcome::Measured(found) => Some(*found),
        _ => None,
    }
}

/// Shares of companies.
#[derive(Debug, Default)]
struct Tally {
    measured: u32,
    worked_of_nothing: u32,
    harmed_of_nothing: u32,
    nothing_held: u32,
    held: u32,
    worked: u32,
    effects: [Vec<f64>; 2],
}

impl Tally {
    fn share(&self, count: u32) -> f64 {
        f64::from(count) / f64::from(self.measured.max(1))
    }
}

#[test]
fn no_effect_is_called_one_and_a_known_one_is_held() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (seeds, first_seed) = (number("TAKAR_SEEDS", 20), number("TAKAR_SEED", 30_000));
    let folder = tempfile::tempdir().expect("a folder");
    let mut tallies = [Pick::Lot, Pick::Any, Pick::Low].map(|pick| (pick, Tally::default()));
    for seed in first_seed..first_seed + seeds {
        let (sales, first) = sales(folder.path(), seed);
        for (pick, tally) in &mut tallies {
            let [Some(nothing), Some(something)] = [0.0, ADDED].map(|added| chain(&sales, first, *pick, (added, seed)))
            else {
                continue;
            };
            tally.measured += 1;
            tally.worked_of_nothing += u32::from(nothing.verdict == Verdict::Worked);
            tally.harmed_of_nothing += u32::from(nothing.harmed);
            tally.nothing_held += u32::from(nothing.effect.interval.holds(0.0));
            tally.held += u32::from(something.effect.interval.holds(ADDED));
            tally.worked += u32::from(something.verdict == Verdict::Worked);
            tally.effects[0].push(nothing.effect.value);
            tally.effects[1].push(something.effect.value);
        }
    }
    for (pick, tally) in &tallies {
        let middle = |effects: &Vec<f64>| {
            let mut sorted = effects.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            100.0 * sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
        };
        eprintln!(
            "{pick:?}: measured {} of {seeds}; of nothing: worked {:.1} %, harmed {:.1} %, 0 held {:.1} %, median {:.1} %; of 25 %: held {:.1} %, worked {:.1} %, median {:.1} %",
            tally.measured,
            100.0 * tally.share(tally.worked_of_nothing),
            100.0 * tally.share(tally.harmed_of_nothing),
            100.0 * tally.share(tally.nothing_held),
            middle(&tally.effects[0]),
            100.0 * tally.share(tally.held),
            100.0 * tally.share(tally.worked),
            middle(&tally.effects[1]),
        );
    }
    for (pick, tally) in &tallies {
        assert!(u64::from(tally.measured) * 10 >= seeds * 9, "{pick:?} {tally:?}");
        // So many by chance where 7 % is promised: three standard deviations of the number of companies.
        let slack = |share: f64| 3.0 * (share * (1.0 - share) / f64::from(tally.measured)).sqrt();
        assert!(tally.share(tally.worked_of_nothing) <= 0.07 + slack(0.07), "{pick:?} {tally:?}");
        let held = tally.share(tally.held);
        assert!((0.86 - slack(0.86)..=0.94 + slack(0.94)).contains(&held), "{pick:?} {tally:?}");
    }
}
