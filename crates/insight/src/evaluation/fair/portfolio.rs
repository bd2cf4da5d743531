//! What each manager's accounts let expect.

use rustc_hash::{FxHashMap, FxHashSet};
use takar_stats::{Level, mixed::mixed};

use super::histories::{Histories, REMEMBERED};
use crate::metrics::NONE;

/// Months before a manager took an account that its baseline needs, and that it looks at.
const BASELINE_LEAST: usize = 3;
const BASELINE_MOST: usize = 12;

/// A segment, branch or region counts where so many managers have so many accounts of it together.
const LEVEL_MANAGERS: usize = 3;
const LEVEL_ACCOUNTS: usize = 12;

/// Accounts of one kind that its own scatter is read from.
const KIND_ACCOUNTS: usize = 30;

/// An account in a manager's portfolio in the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub account: u32,
    pub manager: u32,
    /// What the manager was credited with, in 1/10,000.
    pub net: i64,
    /// Months of the average account that it counts for: those it was in the portfolio, each by its season and share.
    pub exposure: f64,
    /// How many months it was in the portfolio.
    pub months: f64,
    /// Its sales a month before this manager took it, in months of the average account.
    pub baseline: Option<f64>,
    /// The number of its branch or region; 0 = the rest.
    pub place: usize,
    /// With a baseline (0) or without (1).
    pub kind: usize,
    /// What such accounts let expect, in no particular unit.
    pub expected: f64,
}

/// What the comparison rests on.
pub(super) struct Portfolio {
    pub parts: Vec<Part>,
    /// By place from 1: the dimension and the code that it stands for.
    pub places: Vec<Place>,
    /// By account: the number of its place.
    pub place_of: Vec<usize>,
    /// By manager code: its effect on the log scale in the model of the kind with most accounts.
    pub effects: Vec<f64>,
    /// By kind: with how many coefficients its expectation was fitted.
    pub fitted: Vec<usize>,
}

/// A branch or region within which managers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Branch(u32),
    Region(u32),
}

impl Portfolio {
    /// The portfolios of a window of months.
    pub fn of(histories: &Histories, window: std::ops::Range<usize>, managers: usize) -> Self {
        let level = levels(histories);
        let mut parts = parts(histories, window, &level);
        let (place_of, places) = places(histories, &parts);
        for part in &mut parts {
            part.place = place_of[part.account as usize];
        }
        let (effects, fitted) = expect(histories, &mut parts, places.len(), managers);
        Self { parts, places, place_of, effects, fitted }
    }
}

/// By month: mean net of the accounts that are in a portfolio, in currency: growth and season of all.
fn levels(histories: &Histories) -> Vec<f64> {
    let level = |month: usize| {
        let (mut sum, mut count) = (0.0, 0_usize);
        for account in (0..histories.accounts).filter(|account| histories.alive(*account, month)) {
            sum += histories.net(account, month, month + 1);
            count += 1;
        }
        if count == 0 { 0.0 } else { (sum / count as f64).max(0.0) }
    };
    (0..histories.months).map(level).collect()
}

fn parts(histories: &Histories, window: std::ops::Range<usize>, level: &[f64]) -> Vec<Part> {
    let mut found = Vec::new();
    let mut own: Vec<Part> = Vec::new();
    for account in 0..histories.accounts {
        own.clear();
        let place = |own: &mut Vec<Part>, manager: u32| {
            own.iter().position(|part| part.manager == manager).unwrap_or_else(|| {
                let (net, exposure, months, expected) = (0, 0.0, 0.0, 0.0);
                let (baseline, place, kind) = (None, 0, 1);
                own.push(Part {
                    account: account as u32,
                    manager,
                    net,
                    exposure,
                    months,
                    baseline,
                    place,
                    kind,
                    expected,
                });
                own.len() - 1
            })
        };
        let rows = histories.rows(account);
        let mut at = rows.partition_point(|row| usize::from(row.month) < window.start);
        for month in window.clone() {
            let end = at + rows[at..].iter().take_while(|row| usize::from(row.month) == month).count();
            let of_month = &rows[at..end];
            at = end;
            if !histories.alive(account, month) {
                continue;
            }
            let positive: f64 = of_month.iter().map(|row| row.net.max(0) as f64).sum();
            for row in of_month {
                let place = place(&mut own, row.manager);
                own[place].net = own[place].net.saturating_add(row.net);
                if positive > 0.0 {
                    // Several managers share what is expected as they share the credit.
                    let share = row.net.max(0) as f64 / positive;
                    own[place].exposure += share * level[month];
                    own[place].months += share;
                }
            }
            if positive <= 0.0 {
                let place = place(&mut own, histories.holder(account, month));
                own[place].exposure += level[month];
                own[place].months += 1.0;
            }
        }
        for part in own.drain(..).filter(|part| part.exposure > 0.0 && part.manager != NONE) {
            let baseline = baseline(histories, account, part.manager, window.end, level);
            found.push(Part { baseline, kind: usize::from(baseline.is_none()), ..part });
        }
    }
    found
}

/// What the account bought a month before the manager took it, against the average account of those months; none where
/// it bought nothing or was not there for long enough.
fn baseline(histories: &Histories, account: usize, manager: u32, end: usize, level: &[f64]) -> Option<f64> {
    let mut took = None;
    let own = histories.rows(account).iter().rev().filter(|row| row.manager == manager && row.net > 0);
    for month in own.map(|row| usize::from(row.month)).filter(|month| *month < end) {
        // Who did not sell to it for a year had lost it, and took it anew.
        if took.is_some_and(|later| later - month > REMEMBERED) {
            break;
        }
        took = Some(month);
    }
    let took = took?;
    let from = took.saturating_sub(BASELINE_MOST).max(usize::from(histories.born[account]));
    if took < from + BASELINE_LEAST {
        return None;
    }
    let of_all: f64 = level[from..took].iter().sum();
    let net = histories.net(account, from, took);
    (net > 0.0 && of_all > 0.0).then(|| net / of_all)
}

/// The members of a dimension that enough managers share, with enough accounts.
fn shared_levels(parts: &[Part], code: impl Fn(u32) -> u32) -> FxHashSet<u32> {
    let mut known: FxHashMap<u32, (FxHashSet<u32>, usize)> = FxHashMap::default();
    for part in parts {
        let (managers, accounts) = known.entry(code(part.account)).or_default();
        managers.insert(part.manager);
        *accounts += 1;
    }
    let enough = |(code, (managers, accounts)): (u32, (FxHashSet<u32>, usize))| {
        (code != NONE && managers.len() >= LEVEL_MANAGERS && accounts >= LEVEL_ACCOUNTS).then_some(code)
    };
    known.into_iter().filter_map(enough).collect()
}

/// By account the number of its place: its branch, where enough managers share it, else its region, else the rest.
fn places(histories: &Histories, parts: &[Part]) -> (Vec<usize>, Vec<Place>) {
    let branches = shared_levels(parts, |account| histories.attributes[account as usize].branch);
    let regions = shared_levels(parts, |account| {
        let known = histories.attributes[account as usize];
        if branches.contains(&known.branch) { NONE } else { known.region }
    });
    let mut found: Vec<Place> = branches.iter().map(|code| Place::Branch(*code)).collect();
    found.extend(regions.iter().map(|code| Place::Region(*code)));
    found.sort_by_key(|place| match place {
        Place::Branch(code) => (0, *code),
        Place::Region(code) => (1, *code),
    });
    let numbers: FxHashMap<Place, usize> = found.iter().zip(1..).map(|(place, number)| (*place, number)).collect();
    let number = |known: &super::histories::Attributes| {
        let branch = numbers.get(&Place::Branch(known.branch));
        branch.or_else(|| numbers.get(&Place::Region(known.region))).copied().unwrap_or_default()
    };
    (histories.attributes.iter().map(number).collect(), found)
}

/// Sets what is expected of each part; gives the managers' effects, and by kind the coefficients fitted.
fn expect(histories: &Histories, parts: &mut [Part], places: usize, managers: usize) -> (Vec<f64>, Vec<usize>) {
    // A kind with few accounts is not told apart.
    let of_kind = |parts: &[Part], kind: usize| parts.iter().filter(|part| part.kind == kind && part.net > 0).count();
    if (0..2).any(|kind| of_kind(parts, kind) < KIND_ACCOUNTS) {
        parts.iter_mut().for_each(|part| part.kind = 0);
    }
    let segment_of = |part: &Part| histories.attributes[part.account as usize].segment;
    let mut effects = (0, vec![0.0; managers]);
    let mut fitted = vec![0; 2];
    for (kind, fitted) in fitted.iter_mut().enumerate() {
        let of_kind: Vec<usize> = (0..parts.len()).filter(|place| parts[*place].kind == kind).collect();
        let own: Vec<Part> = of_kind.iter().map(|place| parts[*place]).collect();
        let sold: Vec<Part> = own.iter().copied().filter(|part| part.net > 0).collect();
        let mut segments: Vec<u32> =
            shared_levels(&sold, |account| histories.attributes[account as usize].segment).into_iter().collect();
        segments.sort_unstable();
        let influences = |part: &Part| {
            let is = |yes: bool| f64::from(u8::from(yes));
            let segments = segments.iter().map(|segment| is(segment_of(part) == *segment)).collect::<Vec<_>>();
            let places = (1..=places).map(|place| is(part.place == place)).collect::<Vec<_>>();
            let baseline = [part.baseline.map_or(0.0, f64::ln), is(part.baseline.is_some())];
            [segments, places, baseline.to_vec()].concat()
        };
        let rows: Vec<Vec<f64>> = sold.iter().map(influences).collect();
        let width = rows.first().map_or(0, Vec::len);
        let columns: Vec<Vec<f64>> = (0..width).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
        let y: Vec<f64> = sold.iter().map(|part| (part.net as f64 / 1e4 / part.exposure).ln()).collect();
        let group: Vec<usize> = sold.iter().map(|part| part.manager as usize).collect();
        let model = mixed(&y, &columns, &group, managers, Level::P95).ok();
        for (place, part) in of_kind.iter().zip(&own) {
            let log = model.as_ref().map_or(0.0, |model| model.expected(influences(part)));
            parts[*place].expected = part.exposure * log.clamp(-30.0, 30.0).exp();
        }
        *fitted = model.as_ref().map_or(0, |model| 1 + model.influences.iter().flatten().count());
        if let Some(model) = model.filter(|_| sold.len() > effects.0) {
            effects = (sold.len(), model.groups.iter().map(|group| group.value).collect());
        }
    }
    (effects.1, fitted)
}
