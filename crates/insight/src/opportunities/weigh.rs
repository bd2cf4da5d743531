//! Findings weighed: chance, worth, hours, order, and which of several on one account counts.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use takar_model::{Day, Text, id_order};
use takar_stats::{
    Estimate, Interval, Level, learning,
    worth::{Chance, Draws},
};

use super::{Finding, Found, HOURS_OF_CONTACT, Kind, STRENGTH};
use crate::InsightError;

/// How many draws an interval is made of.
const DRAWS: usize = 4_000;
/// What was dismissed lowers a kind as if so many of it had been taken up before.
const TAKEN_UP: f64 = 10.0;
/// What was dismissed comes back where so many times as much is at stake.
const GROWN: f64 = 1.5;
/// … or, where it was for later, after so many days.
const LATER_DAYS: i32 = 30;
/// So many own offers count at most, so that old ones do not drown what is learned.
const MOST_OFFERS: usize = 50;

/// Why somebody does not want to be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The finding is not true.
    Wrong,
    /// It is not worth the effort.
    Small,
    /// The account does not want it, or cannot.
    Account,
    /// It is being done already.
    Done,
    /// Not now: it comes back after 30 days.
    Later,
    /// Something else, which has to be said.
    Other,
}

impl Reason {
    /// All, in their order.
    pub const ALL: [Self; 6] = [Self::Wrong, Self::Small, Self::Account, Self::Done, Self::Later, Self::Other];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Small => "small",
            Self::Account => "account",
            Self::Done => "done",
            Self::Later => "later",
            Self::Other => "other",
        }
    }

    /// The reason of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Wrong => Text::new("tidak benar", "not true"),
            Self::Small => Text::new("tidak sepadan dengan usahanya", "not worth the effort"),
            Self::Account => Text::new("akun tidak mau atau tidak bisa", "the account does not want it or cannot"),
            Self::Done => Text::new("sudah dikerjakan", "being done already"),
            Self::Later => Text::new("nanti saja (kembali setelah 30 hari)", "later (comes back after 30 days)"),
            Self::Other => Text::new("alasan lain", "another reason"),
        }
    }

    /// It says that the kind is told too readily.
    pub const fn speaks_against(self) -> bool {
        matches!(self, Self::Wrong | Self::Small | Self::Account)
    }
}

/// What somebody dismissed.
#[derive(Debug, Clone, PartialEq)]
pub struct Dismissal {
    /// Of what.
    pub key: String,
    /// Its kind.
    pub kind: Kind,
    /// Why.
    pub reason: Reason,
    /// What was at stake then.
    pub amount: f64,
    /// The situation then.
    pub mark: String,
    /// When.
    pub day: Day,
    /// In words.
    pub note: Option<String>,
    /// Who, and at what time.
    pub by: String,
}

impl Dismissal {
    /// The situation is another one than that which was dismissed.
    fn is_over(&self, finding: &Finding, today: Day) -> bool {
        self.mark != finding.mark
            || finding.amount >= GROWN * self.amount
            || (self.reason == Reason::Later && today >= self.day.plus_days(LATER_DAYS))
    }
}

/// What became of one's own past opportunities, by kind: of so many tried so many worked. Empty until something was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records(BTreeMap<Kind, (usize, usize)>);

impl Records {
    /// Adds what was learned of a kind.
    pub fn add(&mut self, kind: Kind, record: &learning::Record) {
        let (worked, tried) = self.0.entry(kind).or_default();
        (*worked, *tried) = (*worked + record.worked, *tried + record.tried);
    }

    /// How many of a kind worked, and were tried.
    pub fn of(&self, kind: Kind) -> (usize, usize) {
        self.0.get(&kind).copied().unwrap_or_default()
    }
}

/// A kind, and how all of it are weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Which.
    pub kind: Kind,
    /// Why it was not looked for.
    pub not_looked: Option<Text>,
    /// How many were found.
    pub found: usize,
    /// The chance of success, with what was dismissed taken into account.
    pub chance: Estimate,
    /// How many worked of how many tried.
    pub record: (usize, usize),
    /// What was dismissed, by reason.
    pub dismissed: BTreeMap<Reason, usize>,
    /// The chance is lowered to so much of itself by what was dismissed.
    pub lowered: f64,
    /// Hours of one.
    pub hours: f64,
}

/// One opportunity.
#[derive(Debug, Clone, PartialEq)]
pub struct Opportunity {
    /// What was found.
    pub finding: Arc<Finding>,
    /// Its key.
    pub key: String,
    /// What it is expected to bring in a year.
    pub worth: Estimate,
    /// Hours it takes.
    pub hours: f64,
    /// Of several on one account only the one worth most counts.
    pub counted: bool,
    /// The others on the same account, in their order.
    pub others: Arc<[usize]>,
    /// Somebody dismissed it.
    pub dismissed: Option<Arc<Dismissal>>,
}

impl Opportunity {
    /// Worth of an hour.
    pub fn per_hour(&self) -> f64 {
        self.worth.value / self.hours
    }
}

/// All of them, in their order.
#[derive(Debug, Clone)]
pub struct Opportunities {
    /// What it was made of.
    pub found: Arc<Found>,
    /// By kind.
    pub weights: Vec<Weight>,
    /// Those worth most an hour first; ties in the order of accounts, kinds and items. Dismissed ones come last.
    pub list: Vec<Opportunity>,
    /// Found, but not worth their hours.
    pub not_worth: Vec<Opportunity>,
}

/// Weighs what was found. `found` is everybody's; what one may see is chosen later.
///
/// # Errors
/// Never in practice: what is usual of each kind lies within its range.
pub fn weigh(
    found: &Arc<Found>,
    records: &Records,
    dismissed: &[Dismissal],
    seed: u64,
) -> Result<Opportunities, InsightError> {
    let by_key: FxHashMap<&str, Arc<Dismissal>> =
        dismissed.iter().map(|one| (one.key.as_str(), Arc::new(one.clone()))).collect();
    let contact = found.contact_hours.unwrap_or(HOURS_OF_CONTACT);
    let mut weights = Vec::with_capacity(Kind::ALL.len());
    let mut list: Vec<Opportunity> = Vec::new();
    let mut not_worth = Vec::new();
    for (kind, told) in &found.kinds {
        let (kind, usual) = (*kind, kind.usual());
        let (mut worked, mut tried) = records.of(kind);
        if kind == Kind::Offer {
            let (won, decided) = found.offers;
            let counted = decided.min(MOST_OFFERS);
            let scaled = if decided > 0 { won as f64 * counted as f64 / decided as f64 } else { 0.0 };
            (worked, tried) = (worked + scaled.round() as usize, tried + counted);
        }
        let mut reasons: BTreeMap<Reason, usize> = BTreeMap::new();
        dismissed.iter().filter(|one| one.kind == kind).for_each(|one| *reasons.entry(one.reason).or_default() += 1);
        let against: usize = reasons.iter().filter(|(reason, _)| reason.speaks_against()).map(|(_, count)| count).sum();
        let taken = tried as f64 + TAKEN_UP;
        let lowered = taken / (taken + against as f64);
        let chance = Chance::shrunk(usual.chance, STRENGTH, worked, tried)?.lowered(lowered);
        let share = chance.share(usual.spread, Draws { count: DRAWS, seed }, Level::P80)?;
        let hours = usual.contacts * contact;
        let cost = found.hour_cost.unwrap_or(0.0) * hours;
        let all = told.as_ref().map(Vec::as_slice).unwrap_or_default();
        let (worth, less): (Vec<Opportunity>, Vec<Opportunity>) = all
            .par_iter()
            .map(|finding| {
                let of = |share: f64| share * finding.amount * usual.persistence - cost;
                let interval = Interval {
                    low: of(share.interval.low),
                    high: of(share.interval.high),
                    level: share.interval.level,
                };
                let worth = Estimate { value: of(share.value), interval, n: share.n };
                let key = finding.key();
                let dismissed = by_key.get(key.as_str()).filter(|one| !one.is_over(finding, found.today)).cloned();
                Opportunity {
                    finding: Arc::new(finding.clone()),
                    key,
                    worth,
                    hours,
                    counted: false,
                    others: Arc::from([]),
                    dismissed,
                }
            })
            .partition(|one| one.worth.value > 0.0);
        list.extend(worth);
        not_worth.extend(less);
        weights.push(Weight {
            kind,
            not_looked: told.as_ref().err().copied(),
            found: all.len(),
            chance: chance.estimate(Level::P80),
            record: (worked, tried),
            dismissed: reasons,
            lowered,
            hours,
        });
    }
    list.par_sort_by(order);
    count_once(&mut list);
    Ok(Opportunities { found: found.clone(), weights, list, not_worth })
}

fn order(one: &Opportunity, other: &Opportunity) -> std::cmp::Ordering {
    let id = |of: &Option<super::Member>| of.as_ref().map_or(String::new(), |member| member.id.clone());
    one.dismissed
        .is_some()
        .cmp(&other.dismissed.is_some())
        .then_with(|| other.per_hour().total_cmp(&one.per_hour()))
        .then_with(|| id_order(&id(&one.finding.account), &id(&other.finding.account)))
        .then_with(|| one.finding.kind.cmp(&other.finding.kind))
        .then_with(|| id_order(&id(&one.finding.item), &id(&other.finding.item)))
}

/// Of each account the one worth most counts; what is about no account counts by itself.
fn count_once(list: &mut [Opportunity]) {
    let mut of_account: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (place, one) in list.iter().enumerate().filter(|(_, one)| one.dismissed.is_none()) {
        if let Some(account) = &one.finding.account {
            of_account.entry(account.id.clone()).or_default().push(place);
        }
    }
    for one in list.iter_mut().filter(|one| one.dismissed.is_none() && one.finding.account.is_none()) {
        one.counted = true;
    }
    for places in of_account.into_values() {
        // The first of those worth as much.
        let best = places
            .iter()
            .copied()
            .reduce(|best, place| if list[place].worth.value > list[best].worth.value { place } else { best });
        let Some(best) = best else { continue };
        list[best].counted = true;
        if places.len() > 1 {
            let all: Arc<[usize]> = places.into();
            all.iter().for_each(|place| list[*place].others = all.clone());
        }
    }
}
