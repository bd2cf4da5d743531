//! Targets: suggested and judged, kept as drafts, approved into facts, reconciled.
//!
//! A draft is state: what somebody wants, and what became of it. On approval it becomes a fact by the same path as rows that are
//! pushed, so that it replaces, counts and is taken back like any other (docs/adr/0018).

mod approve;
mod grid;
mod reconcile;
mod set;
mod suggest;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use takar_insight::{
    InsightError,
    analysis::forecast::LONGEST,
    metrics::{CellSource, Kpi, KpiDefinition},
    targets::{Held, Judge, Level, Whom},
};
use takar_model::{Credit, Lang, Money, Month, Period, Right};
use takar_stats::forecast::{Chance, Reliability};

pub use self::{
    approve::{Decided, DraftAsked, DraftStory},
    grid::{CellOfGrid, GridAsked, GridCell, RowOfGrid, TargetGrid, Typed},
    reconcile::{Closed, ReconcileAsked, Reconciled, ReconciledLine},
    set::{NewTarget, Questioned, SetAsked, SetTargets},
    suggest::{ChanceTold, OddsTold, OfferTold, SuggestAsked, SuggestedTarget, SuggestedTargets},
};
use crate::{Actor, AppError, Result, Takar, source::Source};

/// Which targets are meant: of which figure, at which level, of whose.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetScope {
    /// The figure; `net_sales` unless told.
    pub kpi: String,
    /// `company`, `manager` (unless told), `account`, `category` or `region`.
    pub level: String,
    /// Only of this manager.
    pub manager: Option<String>,
}

/// The same, understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Understood {
    pub kpi: &'static str,
    pub level: Level,
    pub manager: Option<String>,
}

impl TargetScope {
    pub(crate) fn understood(&self) -> Result<Understood> {
        let given =
            |text: &str, usual: &'static str| if text.trim().is_empty() { usual.to_owned() } else { text.to_owned() };
        let level: Level = given(&self.level, "manager").parse()?;
        let manager = self.manager.clone().filter(|id| !id.trim().is_empty());
        let manager = manager.filter(|_| !matches!(level, Level::Company | Level::Manager));
        Ok(Understood { kpi: Kpi::parse(&given(&self.kpi, "net_sales"))?.id, level, manager })
    }
}

impl Understood {
    pub fn kpi(&self) -> Result<&'static KpiDefinition> {
        Ok(Kpi::parse(self.kpi)?)
    }

    pub fn whom(&self, member: Option<&str>) -> Whom {
        Whom::of(self.level, member, self.manager.as_deref())
    }

    /// The level above, which hands down to this one, and whom it is for.
    pub fn above(&self) -> (Self, Whom) {
        let whom = Whom::of(Level::Manager, self.manager.as_deref(), None);
        let level = if self.manager.is_some() { Level::Manager } else { Level::Company };
        (Self { level, manager: None, ..*self }, whom)
    }
}

/// What a judge was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JudgeOf {
    version: u64,
    credit: Credit,
    asked: Understood,
    until: Month,
    /// Whose figures it was made of; everybody's without.
    reach: Option<Vec<String>>,
}

/// The judges that were asked last.
pub(crate) type Judges = std::sync::Mutex<Vec<(JudgeOf, Arc<Judge>)>>;

/// How many judges are kept.
const KEPT: usize = 12;

impl Takar {
    /// Who knows what is to come, made once for a version of the data and a year.
    pub(crate) fn judge(&self, source: &Source, asked: &Understood, period: Period) -> Result<Arc<Judge>> {
        let until = until(source, period);
        let version = source.data_version();
        let of = JudgeOf { version, credit: source.credit(), asked: asked.clone(), until, reach: self.reach_ids() };
        let lock = || self.judges.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, judge)) = lock().iter().find(|(known, _)| *known == of) {
            return Ok(judge.clone());
        }
        let judge = Arc::new(Judge::of(source, asked.kpi()?, asked.level, asked.manager.as_deref(), until)?);
        let mut kept = lock();
        kept.retain(|(known, _)| known.version == version && *known != of);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((of, judge.clone()));
        Ok(judge)
    }

    /// Whether who acts may see a target for somebody.
    pub(crate) fn sees_target(&self, whom: &Whom) -> bool {
        whom.is_within(self.reach())
    }

    /// Refuses to decide on targets of others than the own line.
    pub(crate) fn may_decide_on<'a>(&self, all: impl Iterator<Item = &'a Whom>) -> Result<()> {
        self.may(Right::Decide)?;
        for whom in all {
            if !self.sees_target(whom) {
                self.may_see_everybody()?;
            }
        }
        Ok(())
    }

    /// Who sets or decides: the one who acts, else the name that is given.
    pub(crate) fn who(&self, name: Option<&str>) -> String {
        if let Actor::Person(person) = self.actor() {
            return person.name.clone();
        }
        let name: String = name.unwrap_or_default().trim().chars().take(80).collect();
        if name.is_empty() { "–".to_owned() } else { name }
    }

    /// The targets of a figure that count now.
    pub(crate) fn held(source: &Source, kpi: &str) -> Held {
        Held::of(source, kpi)
    }
}

/// The end of the year that a window ends in, so that its months and quarters are judged alike; the end of the window where
/// that is too far ahead.
fn until(source: &Source, period: Period) -> Month {
    let last = period.to().month();
    let end = last.plus(12 - last.number());
    let known = source.last_complete_month();
    let reach = i32::try_from(LONGEST).unwrap_or_default();
    if known.is_some_and(|known| end.index() - known.index() > reach) { last } else { end }
}

/// A figure as JSON has it, or why there is none.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Told<T> {
    /// It is known.
    Known(T),
    /// It is not.
    Unknown {
        /// Why, for a reader.
        why: String,
    },
}

impl<T> Told<T> {
    pub(crate) fn of(result: std::result::Result<T, takar_insight::targets::Unjudged>, lang: Lang) -> Self {
        match result {
            Ok(known) => Self::Known(known),
            Err(why) => Self::Unknown { why: why.message(lang) },
        }
    }

    /// The figure, where it is known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown { .. } => None,
        }
    }
}

/// Words that a person has to give: why, or who.
pub(crate) fn words(text: &str, missing: takar_model::Text) -> Result<String> {
    let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
    if text.is_empty() { Err(AppError::Asked(missing)) } else { Ok(text) }
}

/// The most letters of a reason or a name.
const LONGEST_TEXT: usize = 500;

/// Every month of a window.
pub(crate) fn months(period: Period) -> Result<Vec<Month>> {
    let span = takar_insight::analysis::forecast::span_of(period)?;
    Ok(takar_insight::analysis::forecast::months_of(span).collect())
}

/// A chance for a reader.
pub(crate) fn chance_told(chance: &Chance) -> ChanceTold {
    ChanceTold { value: chance.value, low: chance.interval.low, high: chance.interval.high, n: chance.n }
}

/// How chances near one came true on the past, in a sentence; nothing where that is not known.
pub(crate) fn reliability_said(reliability: &Reliability, chance: f64, lang: Lang) -> Option<String> {
    let near = |bin: &&takar_stats::forecast::ReliabilityBin| (bin.told - chance).abs();
    let bin = reliability.bins.iter().min_by(|one, other| near(one).total_cmp(&near(other)))?;
    let rate = |rate: f64| takar_insight::metrics::Value::Rate(rate).format(lang);
    Some(match lang {
        Lang::Id => format!(
            "Dari {} kali peluang sekitar {} disebut pada masa lalu, {} tercapai.",
            lang.group(bin.n as i128),
            rate(bin.told),
            rate(bin.came)
        ),
        Lang::En => format!(
            "Of {} times that a chance of about {} was told on the past, {} came true.",
            lang.group(bin.n as i128),
            rate(bin.told),
            rate(bin.came)
        ),
    })
}

/// A sum that may have no part.
pub(crate) fn sum_of(values: impl Iterator<Item = Option<Money>>) -> Option<Money> {
    values.flatten().fold(None, |sum: Option<Money>, value| Some(sum.unwrap_or(Money::ZERO) + value))
}

/// The one target for exactly one window at a scope, for errors that name it.
pub(crate) fn no_target(period: Period) -> AppError {
    InsightError::NoTarget { window: period }.into()
}
