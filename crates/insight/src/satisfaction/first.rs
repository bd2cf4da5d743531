//! What moved first: over all accounts whether satisfaction, response or complaints move before, with or after sales; and of single
//! accounts what happened near a step of their sales.

use std::collections::BTreeMap;

use takar_model::{Lang, Money, Month, Period, id_order};
use takar_stats::{
    Level,
    lead::{Judging, Lead, Signal, Unit, lead},
    multiple::ErrorRate,
    season::{Kind, Season},
    trend::breaks,
};

use super::read::Scoped;
use crate::{
    InsightError,
    analysis::{Months, Scope},
    metrics::{Basis, CellSource, NONE},
    process::Work,
};

/// An account takes part from so many complete months since its first purchase on.
pub const LEAST_MONTHS: usize = 12;
/// A weaker relation is not called (METHODS §5).
pub const LEAST_STRENGTH: f64 = 0.3;
/// Draws of each lag.
const DRAWS: usize = 999;
/// A step of sales is told beside what happened at most so many months before or after it.
pub const NEAR: usize = 2;
/// … where in no more than this share of the account's months something would be as near by chance.
pub const LUCK: f64 = 0.25;
/// A step of sales is told from this share of the level before on.
const STEP: f64 = 0.2;
/// The shortest level between two steps, in months, and what a step has to be worth (METHODS §5).
const SHORTEST: usize = 6;
const WEIGHT: f64 = 3.0;
/// Satisfaction moved where an answer is so many parts of its scale from the one before.
const MOVED: f64 = 0.3;
/// The seed of the draws.
const SEED: u64 = 33;

/// What is held against sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watched {
    /// Answers to the question that is asked most often.
    Satisfaction,
    /// How long answers took.
    Response,
    /// Complaints.
    Complaint,
}

impl Watched {
    /// Its name in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Satisfaction => "satisfaction",
            Self::Response => "response",
            Self::Complaint => "complaint",
        }
    }

    const fn signal(self) -> Signal {
        match self {
            Self::Complaint => Signal::Event,
            _ => Signal::Level,
        }
    }
}

/// What one of them does.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalMoves {
    /// Which.
    pub watched: Watched,
    /// When, beside sales.
    pub lead: Lead,
}

/// Something that happened to an account in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// It complained.
    Complaint,
    /// It was clearly less content than the time before.
    LessContent,
    /// It was clearly more content.
    MoreContent,
}

/// A step of an account's sales and what happened near it.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The account's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What happened.
    pub happened: Happened,
    /// When.
    pub when: Month,
    /// The first month of the new level of sales.
    pub step: Month,
    /// Sales a month before, without season.
    pub before: Money,
    /// Sales a month from then on.
    pub after: Money,
    /// In this share of the account's months something would be as near by chance.
    pub luck: f64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstMoves {
    /// The complete months that were looked at.
    pub months: Period,
    /// Accounts with enough history.
    pub accounts: usize,
    /// The question whose answers are satisfaction, the one asked most often; none where none was.
    pub asked: Option<String>,
    /// Satisfaction, response and complaints.
    pub signals: Vec<SignalMoves>,
    /// Single accounts, those whose sales moved by most money first.
    pub stories: Vec<Story>,
    /// Steps of sales that were looked at …
    pub steps: usize,
    /// … how many had something near …
    pub near: usize,
    /// … and how many would by chance.
    pub near_by_chance: f64,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// One account by month, from the first month of the data.
pub(super) struct History {
    pub account: u32,
    /// Net sales without season; none before the first purchase.
    pub sales: Vec<Option<f64>>,
    /// The mean score of the month as a part of its scale.
    pub satisfaction: Vec<Option<f64>>,
    /// The logarithm of the median hours until an answer.
    pub response: Vec<Option<f64>>,
    /// Complaints.
    pub complaints: Vec<Option<f64>>,
}

/// All accounts by month, and the question that satisfaction is read from.
pub(super) struct Histories {
    pub months: Months,
    pub accounts: Vec<History>,
    pub asked: Option<String>,
}

impl Histories {
    /// Of the accounts in a scope, in the order of their ids.
    pub fn of(scoped: &Scoped<'_>) -> Result<Self, InsightError> {
        let months = Months::of(scoped.source, None)?;
        let window = Period::months(months.first, months.last).ok_or(InsightError::NoData)?;
        let sold = scoped.sold_by_month(window)?;
        let count = months.count();
        let place = |month: i32| usize::try_from(month - months.first.index()).ok().filter(|place| *place < count);
        let mut all = vec![0.0; count];
        for (month, net) in sold.values().flatten() {
            if let Some(place) = place(*month) {
                all[place] += net.to_f64();
            }
        }
        let factors = factors(&all);
        let mut asked: BTreeMap<&str, u64> = BTreeMap::new();
        for voice in scoped.said().filter(|voice| scoped.work.part_of_scale(voice.said).is_some()) {
            *asked.entry(voice.said.kind.as_str()).or_default() += 1;
        }
        // Of equals the first in the order of names.
        let asked = asked.into_iter().rev().max_by_key(|(_, count)| *count).map(|(kind, _)| kind.to_owned());

        let mut scores: BTreeMap<(u32, usize), (f64, f64)> = BTreeMap::new();
        let mut complaints: BTreeMap<(u32, usize), f64> = BTreeMap::new();
        for voice in scoped.said() {
            let Some(month) = place(voice.said.date.month().index()) else { continue };
            let key = (voice.whose.account, month);
            if voice.said.kind == "complaint" {
                *complaints.entry(key).or_default() += 1.0;
            } else if asked.as_deref() == Some(voice.said.kind.as_str())
                && let Some(part) = scoped.work.part_of_scale(voice.said)
            {
                let (sum, count) = scores.entry(key).or_default();
                *sum += part;
                *count += 1.0;
            }
        }
        let mut hours: BTreeMap<(u32, usize), Vec<f64>> = BTreeMap::new();
        for (whose, response) in scoped.answered() {
            let Some(month) = place(response.date.month().index()) else { continue };
            let each = std::iter::repeat_n(response.hours, usize::try_from(response.count).unwrap_or(0));
            hours.entry((whose.account, month)).or_default().extend(each);
        }
        let labels = &scoped.source.names().account;
        let mut accounts: Vec<History> = Vec::new();
        for (account, by_month) in sold.into_iter().filter(|(account, _)| *account != NONE) {
            let net = |month: usize| {
                let index = months.at(month).index();
                by_month.get(&index).copied().unwrap_or_default()
            };
            let Some(first) = (0..count).find(|month| net(*month) > Money::ZERO) else { continue };
            let sales = (0..count).map(|month| (month >= first).then(|| net(month).to_f64() / factors[month]));
            accounts.push(History {
                account,
                sales: sales.collect(),
                satisfaction: (0..count)
                    .map(|month| scores.get(&(account, month)).map(|(sum, count)| sum / count))
                    .collect(),
                // A tenth of an hour is the least that is told apart.
                response: (0..count)
                    .map(|month| hours.get(&(account, month)).map(|hours| middle(hours).max(0.1).ln()))
                    .collect(),
                complaints: (0..count)
                    .map(|month| Some(complaints.get(&(account, month)).copied().unwrap_or(0.0)))
                    .collect(),
            });
        }
        accounts.sort_by_key(|history| labels.rank(history.account));
        Ok(Self { months, accounts, asked })
    }
}

impl History {
    fn known_months(&self) -> usize {
        self.sales.iter().flatten().count()
    }

    fn unit(&self, watched: Watched) -> Unit {
        let signal = match watched {
            Watched::Satisfaction => &self.satisfaction,
            Watched::Response => &self.response,
            Watched::Complaint => &self.complaints,
        };
        Unit { signal: signal.clone(), outcome: self.sales.clone() }
    }

    /// What happened to the account, in the order of months.
    fn happened(&self) -> Vec<(usize, Happened)> {
        let mut found: Vec<(usize, Happened)> = Vec::new();
        let mut before: Option<f64> = None;
        for (month, (score, complaints)) in self.satisfaction.iter().zip(&self.complaints).enumerate() {
            if complaints.is_some_and(|count| count > 0.0) {
                found.push((month, Happened::Complaint));
            }
            if let Some(score) = score {
                let moved = before.map_or(0.0, |before| score - before);
                // Parts of a scale are not exact: three points of ten are meant.
                if moved.abs() >= MOVED - 1e-9 {
                    found.push((month, if moved < 0.0 { Happened::LessContent } else { Happened::MoreContent }));
                }
                before = Some(*score);
            }
        }
        found
    }

    /// Steps of its sales with their level before and after: those of at least [`STEP`].
    fn steps(&self) -> Vec<(usize, f64, f64)> {
        let known: Vec<f64> = self.sales.iter().flatten().copied().collect();
        let first = self.sales.len() - known.len();
        let Ok(found) = breaks(&known, SHORTEST, WEIGHT) else { return Vec::new() };
        found
            .segments
            .windows(2)
            .filter(|pair| pair[0].level > 0.0 && ((pair[1].level - pair[0].level) / pair[0].level).abs() >= STEP)
            .map(|pair| (first + pair[1].from, pair[0].level, pair[1].level))
            .collect()
    }

    /// The steps of its sales, and what fitting happened near them.
    fn nearby(&self) -> Nearby<Step> {
        let happened = self.happened();
        let mut found = Nearby::default();
        let first = self.sales.len() - self.known_months();
        // A step lies where both levels have their months.
        let could: Vec<usize> = (first + SHORTEST..=self.sales.len().saturating_sub(SHORTEST)).collect();
        for (at, before, after) in self.steps() {
            // Sales that fall go with complaints and less content, sales that rise with more content.
            let is_fall = after < before;
            let fitting = || happened.iter().filter(move |(_, what)| (*what != Happened::MoreContent) == is_fall);
            let lucky = could.iter().filter(|month| fitting().any(|(when, _)| when.abs_diff(**month) <= NEAR)).count();
            let luck = lucky as f64 / could.len().max(1) as f64;
            found.steps += 1;
            found.by_chance += luck;
            // The nearest; of equals the earlier, and a complaint before an answer.
            let nearest = fitting().map(|(when, what)| (when.abs_diff(at), *when, *what)).min();
            if let Some((_, when, happened)) = nearest.filter(|(distance, ..)| *distance <= NEAR) {
                found.near += 1;
                if luck <= LUCK {
                    found.told.push(Step { at, before, after, when, happened, luck });
                }
            }
        }
        found
    }

    /// The same for a reader.
    pub(super) fn stories(&self, source: &dyn CellSource, months: Months) -> Nearby<Story> {
        let Nearby { told, steps, near, by_chance } = self.nearby();
        let labels = &source.names().account;
        let story = |step: Step| {
            Some(Story {
                id: labels.id(self.account)?.to_owned(),
                name: labels.name(self.account).map(str::to_owned),
                happened: step.happened,
                when: months.at(step.when),
                step: months.at(step.at),
                before: crate::format::money_of(step.before),
                after: crate::format::money_of(step.after),
                luck: step.luck,
            })
        };
        Nearby { told: told.into_iter().filter_map(story).collect(), steps, near, by_chance }
    }
}

/// A step of an account's sales, by the places of months.
struct Step {
    at: usize,
    before: f64,
    after: f64,
    when: usize,
    happened: Happened,
    luck: f64,
}

/// Steps of sales that something happened near.
pub(super) struct Nearby<T> {
    /// Those that can be told.
    pub told: Vec<T>,
    /// All steps.
    steps: usize,
    /// Those with something near.
    near: usize,
    /// How many would have it by chance.
    by_chance: f64,
}

impl<T> Default for Nearby<T> {
    fn default() -> Self {
        Self { told: Vec::new(), steps: 0, near: 0, by_chance: 0.0 }
    }
}

/// What the season multiplies each month with, read from the sales of all together.
fn factors(all: &[f64]) -> Vec<f64> {
    let season = Season::of(all, 12).ok().filter(|season| season.kind() == Kind::Multiplicative);
    let indices = season.as_ref().map(Season::indices).unwrap_or_default();
    (0..all.len()).map(|month| indices.get(month % indices.len().max(1)).copied().unwrap_or(1.0)).collect()
}

fn middle(hours: &[f64]) -> f64 {
    takar_stats::middle::median(hours, Level::P95).map_or(0.0, |found| found.value)
}

/// What moved first, over all complete months of the data.
///
/// # Errors
/// As [`super::satisfaction`].
pub fn first_moves(source: &dyn CellSource, work: &Work, scope: &Scope) -> Result<FirstMoves, InsightError> {
    let scoped = Scoped::of(source, work, scope, None)?;
    let Histories { months, accounts, asked } = Histories::of(&scoped)?;
    let known: Vec<&History> = accounts.iter().filter(|history| history.known_months() >= LEAST_MONTHS).collect();
    let judging = Judging { least: LEAST_STRENGTH, rate: ErrorRate::P05, level: Level::P95, draws: DRAWS, seed: SEED };
    let signals = [Watched::Satisfaction, Watched::Response, Watched::Complaint].into_iter().map(|watched| {
        let units: Vec<Unit> = known.iter().map(|history| history.unit(watched)).collect();
        Ok(SignalMoves { watched, lead: lead(&units, watched.signal(), &judging)? })
    });
    let signals = signals.collect::<Result<Vec<SignalMoves>, InsightError>>()?;
    let (mut stories, mut steps, mut near, mut near_by_chance) = (Vec::new(), 0, 0, 0.0);
    for history in &known {
        let nearby = history.stories(source, months);
        stories.extend(nearby.told);
        steps += nearby.steps;
        near += nearby.near;
        near_by_chance += nearby.by_chance;
    }
    let moved = |story: &Story| (story.after - story.before).units().abs();
    stories.sort_by(|one, other| moved(other).cmp(&moved(one)).then_with(|| id_order(&one.id, &other.id)));
    Ok(FirstMoves {
        months: Period::months(months.first, months.last).ok_or(InsightError::NoData)?,
        accounts: known.len(),
        asked,
        signals,
        stories,
        steps,
        near,
        near_by_chance,
        currency: crate::analysis::currency_of(source),
        basis: source.basis(),
    })
}

impl Happened {
    /// In words: "a complaint", "was less content".
    pub(super) const fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Complaint, Lang::Id) => "ada keluhan",
            (Self::Complaint, Lang::En) => "a complaint",
            (Self::LessContent, Lang::Id) => "jawabannya jauh lebih rendah",
            (Self::LessContent, Lang::En) => "a clearly lower score",
            (Self::MoreContent, Lang::Id) => "jawabannya jauh lebih tinggi",
            (Self::MoreContent, Lang::En) => "a clearly higher score",
        }
    }
}
