//! Satisfaction and response beside sales: per member and per account, and what moved first.
//!
//! What accounts said and how soon they were answered is measured by the definitions of the work ([`crate::process`]); sales are the exact
//! sums of cells. An account is of the segment, region or branch in which it bought most in all the data; what was said is a
//! manager's as in the measures of the work. So rows of sales add up to the total, and so do rows of what was said.

mod account;
mod first;
mod json;
mod read;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use rayon::prelude::*;
use takar_model::{Compare, Day, Money, Period, id_order};

use self::read::{Scoped, Sold};
pub use self::{
    account::{OneAccount, Point, one_account},
    first::{FirstMoves, SignalMoves, Story, Watched, first_moves},
};
use crate::{
    InsightError,
    analysis::{Scope, year_window},
    metrics::{Basis, CellSource, Dimension, NONE, base_window},
    process::{Feedback, Measure, ProcessKpi, Promised, Promises, VOICES, Work},
};

/// What members can be.
pub const MEMBERS: [Dimension; 5] =
    [Dimension::Account, Dimension::Manager, Dimension::Segment, Dimension::Region, Dimension::Branch];

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// A row for each account, manager, segment, region or branch.
    pub by: Dimension,
    /// The window; the last twelve complete months of the data, or as many as there are, unless given.
    pub period: Option<Period>,
    /// Whose.
    pub scope: Scope,
}

impl Default for Question {
    fn default() -> Self {
        Self { by: Dimension::Account, period: None, scope: Scope::default() }
    }
}

/// How an account answered the question whether it would recommend us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mood {
    /// 9 or 10.
    Promoter,
    /// 7 or 8.
    Passive,
    /// 0 to 6.
    Detractor,
    /// It gave no answer in the window, or sales are no account's.
    NotAsked,
}

impl Mood {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Promoter, Self::Passive, Self::Detractor, Self::NotAsked];

    /// Its name in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Promoter => "promoter",
            Self::Passive => "passive",
            Self::Detractor => "detractor",
            Self::NotAsked => "not_asked",
        }
    }

    /// Of a score from 0 to 10.
    fn of(score: f64) -> Self {
        if score >= 9.0 {
            Self::Promoter
        } else if score > 6.0 {
            Self::Passive
        } else {
            Self::Detractor
        }
    }
}

/// The last answer of an account in the window, whatever was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct LastAnswer {
    /// The day.
    pub date: Day,
    /// What was asked: `nps`, `csat`, `communication`.
    pub kind: String,
    /// The score.
    pub score: f64,
    /// As a part of its scale, 0 to 1.
    pub part: f64,
}

/// One member, or all.
#[derive(Debug, Clone, PartialEq)]
pub struct SatisfactionRow {
    /// Its id; none for what is nobody's, and for all.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Net sales of the window.
    pub net_sales: Money,
    /// Net sales of the window before, where it lies in the data.
    pub base_sales: Option<Money>,
    /// A measure for each of [`VOICES`].
    pub measures: Vec<Measure>,
    /// Answers with a score.
    pub answers: u64,
    /// Complaints of the window.
    pub complaints: u64,
    /// Of these still open on the last day of the data.
    pub open: u64,
    /// The last answer; told of accounts only.
    pub last: Option<LastAnswer>,
}

impl SatisfactionRow {
    /// (sales − sales before) / sales before; none where these are not above 0 or not known.
    pub fn growth(&self) -> Option<f64> {
        growth(self.net_sales, self.base_sales)
    }

    /// Its part of the net sales of all; none where these are not above 0.
    pub fn share(&self, all: Money) -> Option<f64> {
        (all > Money::ZERO).then(|| self.net_sales.to_f64() / all.to_f64())
    }

    /// The measure of a KPI.
    pub fn measure(&self, kpi: ProcessKpi) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.kpi.kpi == kpi)
    }
}

fn growth(now: Money, before: Option<Money>) -> Option<f64> {
    let before = before.filter(|before| *before > Money::ZERO)?;
    Some((now - before).to_f64() / before.to_f64())
}

/// Sales with accounts that answered alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoodSales {
    /// How they answered last in the window.
    pub mood: Mood,
    /// Accounts with sales in the window or before, or with such an answer.
    pub accounts: usize,
    /// Their net sales.
    pub net_sales: Money,
    /// Their net sales in the window before, where it lies in the data.
    pub base_sales: Option<Money>,
}

impl MoodSales {
    /// As [`SatisfactionRow::growth`].
    pub fn growth(&self) -> Option<f64> {
        growth(self.net_sales, self.base_sales)
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Satisfaction {
    /// The window.
    pub period: Period,
    /// The window before, where it lies in the data.
    pub base: Option<Period>,
    /// The last day of the data.
    pub as_of: Day,
    /// What rows are.
    pub by: Dimension,
    /// Members by net sales, the greatest first; equal ones in the order of ids. What is nobody's is not among them.
    pub rows: Vec<SatisfactionRow>,
    /// What is no member's.
    pub nobody: Option<SatisfactionRow>,
    /// All together.
    pub total: SatisfactionRow,
    /// Sales by how accounts answered, one for each of [`Mood::ALL`]: they add up to net sales exactly.
    pub by_mood: Vec<MoodSales>,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// What was said and how soon was answered, of one member.
#[derive(Default)]
struct Heard<'a> {
    feedback: Vec<&'a Feedback>,
    hours: Vec<(f64, u64)>,
}

/// Satisfaction beside sales. `work` has all events of the data, at least those of the window.
///
/// # Errors
/// [`InsightError::NoData`], [`InsightError::UnknownManager`], [`InsightError::TimeCondition`], [`InsightError::NotOfSatisfaction`] for a
/// dimension that is none of [`MEMBERS`] or a condition on products, [`InsightError::SeveralCurrencies`], [`InsightError::Source`].
pub fn satisfaction(
    source: &dyn CellSource,
    work: &Work,
    promises: &Promises,
    question: &Question,
) -> Result<Satisfaction, InsightError> {
    let by = question.by;
    if !MEMBERS.contains(&by) {
        return Err(InsightError::NotOfSatisfaction(by.id()));
    }
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let period = question.period.unwrap_or_else(|| year_window(source, extent));
    let base = base_window(period, Compare::Prior, extent);
    let scoped = Scoped::of(source, work, &question.scope, Some(by))?;
    let now = scoped.sold(by, period)?;
    let before = base.map(|base| scoped.sold(by, base)).transpose()?;

    let mut heard: BTreeMap<u32, Heard<'_>> = BTreeMap::new();
    for voice in scoped.said().filter(|voice| period.contains(voice.said.date)) {
        heard.entry(voice.whose.code(by)).or_default().feedback.push(voice.said);
    }
    for (whose, response) in scoped.answered().filter(|(_, response)| period.contains(response.date)) {
        heard.entry(whose.code(by)).or_default().hours.push((response.hours, response.count));
    }
    let mut all = Heard::default();
    for one in heard.values() {
        all.feedback.extend(&one.feedback);
        all.hours.extend(&one.hours);
    }

    let sum = |sold: &Sold, member: u32| sold.get(&member).map(BTreeMap::values).into_iter().flatten().copied().sum();
    let promised = Promised::of(source, promises);
    let labels = source.names().labels(by).ok_or_else(|| InsightError::NotOfSatisfaction(by.id()))?;
    let row = |(id, name): (Option<String>, Option<String>), heard: &Heard<'_>, sales: (Money, Option<Money>)| {
        let manager = id.as_deref().filter(|_| by == Dimension::Manager);
        let complaints = heard.feedback.iter().filter(|said| said.kind == "complaint");
        SatisfactionRow {
            measures: work.voices(&heard.feedback, &heard.hours, promised.hours(manager, period)),
            answers: heard.feedback.iter().filter(|said| work.part_of_scale(said).is_some()).count() as u64,
            complaints: complaints.clone().count() as u64,
            open: complaints.filter(|said| !said.is_resolved).count() as u64,
            last: last_answer(work, &heard.feedback).filter(|_| by == Dimension::Account && id.is_some()),
            id,
            name,
            net_sales: sales.0,
            base_sales: sales.1,
        }
    };
    let nothing = Heard::default();
    let mut codes: Vec<u32> =
        now.keys().chain(before.iter().flat_map(BTreeMap::keys)).chain(heard.keys()).copied().collect();
    codes.sort_unstable();
    codes.dedup();
    let mut rows: Vec<SatisfactionRow> = codes
        .into_par_iter()
        .map(|code| {
            let label = (labels.id(code).map(str::to_owned), labels.name(code).map(str::to_owned));
            let sales = (sum(&now, code), before.as_ref().map(|before| sum(before, code)));
            row(label, heard.get(&code).unwrap_or(&nothing), sales)
        })
        .collect();
    rows.sort_by(|one, other| {
        let text = |row: &SatisfactionRow| row.id.clone().unwrap_or_default();
        other.net_sales.cmp(&one.net_sales).then_with(|| id_order(&text(one), &text(other)))
    });
    let sales_of_all =
        (rows.iter().map(|row| row.net_sales).sum(), base.map(|_| rows.iter().filter_map(|row| row.base_sales).sum()));
    let nobody = rows.iter().position(|row| row.id.is_none()).map(|place| rows.remove(place));
    Ok(Satisfaction {
        period,
        base,
        as_of: work.as_of(),
        by,
        rows,
        nobody,
        total: row((None, None), &all, sales_of_all),
        by_mood: by_mood(&scoped, (&now, before.as_ref()), period),
        currency: crate::analysis::currency_of(source),
        basis: source.basis(),
    })
}

/// The last answer with a score; of several on a day the least content.
fn last_answer(work: &Work, feedback: &[&Feedback]) -> Option<LastAnswer> {
    let answers = feedback.iter().filter_map(|said| {
        let (score, part) = (said.score?, work.part_of_scale(said)?);
        Some(LastAnswer { date: said.date, kind: said.kind.clone(), score, part })
    });
    answers.max_by(|one, other| {
        one.date.cmp(&other.date).then(other.part.total_cmp(&one.part)).then_with(|| other.kind.cmp(&one.kind))
    })
}

/// Sales by how accounts last answered whether they would recommend us.
fn by_mood(scoped: &Scoped<'_>, (now, before): (&Sold, Option<&Sold>), period: Period) -> Vec<MoodSales> {
    // By account: the day of its last answer, and the least content score of that day.
    let mut last: BTreeMap<u32, (Day, f64)> = BTreeMap::new();
    let is_asked = |said: &Feedback| said.kind == "nps" && said.scale.is_none_or(|scale| scale == 10.0);
    for voice in scoped.said().filter(|voice| period.contains(voice.said.date) && is_asked(voice.said)) {
        let Some(score) = voice.said.score.filter(|score| (0.0..=10.0).contains(score)) else { continue };
        if voice.whose.account == NONE {
            continue;
        }
        let known = last.entry(voice.whose.account).or_insert((voice.said.date, score));
        match voice.said.date.cmp(&known.0) {
            std::cmp::Ordering::Greater => *known = (voice.said.date, score),
            std::cmp::Ordering::Equal => known.1 = known.1.min(score),
            std::cmp::Ordering::Less => {}
        }
    }
    let mood_of = |account: u32| last.get(&account).map_or(Mood::NotAsked, |(_, score)| Mood::of(*score));
    let mut sales: BTreeMap<u32, (Money, Money)> = last.keys().map(|account| (*account, Default::default())).collect();
    for (account, net) in now.values().flatten() {
        sales.entry(*account).or_default().0 += *net;
    }
    for (account, net) in before.into_iter().flat_map(BTreeMap::values).flatten() {
        sales.entry(*account).or_default().1 += *net;
    }
    Mood::ALL
        .into_iter()
        .map(|mood| {
            let theirs = || sales.iter().filter(|(account, _)| mood_of(**account) == mood);
            MoodSales {
                mood,
                accounts: theirs().filter(|(account, _)| **account != NONE).count(),
                net_sales: theirs().map(|(_, (net, _))| *net).sum(),
                base_sales: before.map(|_| theirs().map(|(_, (_, net))| *net).sum()),
            }
        })
        .collect()
}

impl Satisfaction {
    /// The KPIs of the measures.
    pub const fn kpis() -> [ProcessKpi; 7] {
        VOICES
    }
}
