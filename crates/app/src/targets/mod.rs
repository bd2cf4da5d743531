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
use takar_import::{NumberStyle, read_cells, read_shares};
use takar_insight::{
    InsightError,
    analysis::forecast::LONGEST,
    kpis::AnalysedKpi,
    metrics::{CellSource, Unit},
    targets::{Held, Judge, Level, Whom},
};
use takar_lake::LakeSource;
use takar_model::{Credit, Lang, Money, Month, Period, Text};
use takar_stats::forecast::{Chance, Reliability};

pub use self::{
    approve::{Decided, DraftAsked, DraftStory},
    grid::{CellOfGrid, GridAsked, GridCell, RowOfGrid, TargetGrid, Typed},
    reconcile::{Closed, ReconcileAsked, Reconciled, ReconciledLine},
    set::{NewTarget, Questioned, SetAsked, SetTargets},
    suggest::{ChanceTold, OddsTold, OfferTold, SuggestAsked, SuggestedTarget, SuggestedTargets},
};
use crate::{AppError, Result, Takar};

/// Which targets are meant: of which figure, at which level, of whose.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetScope {
    /// The figure; `net_sales` unless told.
    pub kpi: String,
    /// `company`, `manager` (unless told), `account`, `product`, `category`, `region`, `segment` or `branch`.
    pub level: String,
    /// Only of this manager.
    pub manager: Option<String>,
}

/// The same, understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Understood {
    pub kpi: String,
    /// The version of an own KPI's definition; 0 of one that is built in.
    pub version: u32,
    pub level: Level,
    pub manager: Option<String>,
}

impl Understood {
    pub fn whom(&self, member: Option<&str>) -> Whom {
        Whom::of(self.level, member, self.manager.as_deref())
    }

    /// The level above, which hands down to this one, and whom it is for.
    pub fn above(&self) -> (Self, Whom) {
        let whom = Whom::of(Level::Manager, self.manager.as_deref(), None);
        let level = if self.manager.is_some() { Level::Manager } else { Level::Company };
        (Self { level, manager: None, ..self.clone() }, whom)
    }
}

/// What a judge was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JudgeOf {
    /// The version of the cells.
    version: u64,
    /// The versions of all tables: own KPIs read more than cells.
    tables: String,
    credit: Credit,
    asked: Understood,
    until: Month,
}

/// The judges that were asked last.
pub(crate) type Judges = std::sync::Mutex<Vec<(JudgeOf, Arc<Judge>)>>;

/// How many judges are kept.
const KEPT: usize = 12;

impl Takar {
    pub(crate) fn understood(&self, scope: &TargetScope) -> Result<Understood> {
        let given =
            |text: &str, usual: &'static str| if text.trim().is_empty() { usual.to_owned() } else { text.to_owned() };
        let level: Level = given(&scope.level, "manager").parse()?;
        let manager = scope.manager.clone().filter(|id| !id.trim().is_empty());
        let manager = manager.filter(|_| !matches!(level, Level::Company | Level::Manager));
        // A target that names a manager says by its branch where that one works: it would be for all of that one's sales.
        if level == Level::Branch && manager.is_some() {
            return Err(AppError::Asked(Text::new(
                "target cabang tidak dapat dibatasi pada satu manajer: pilih tingkat manager, atau cabang tanpa manajer",
                "targets of branches cannot be those of one manager: choose the level manager, or branches without a manager",
            )));
        }
        let kpi = self.analysed_kpi(&given(&scope.kpi, "net_sales"))?;
        let version = if let AnalysedKpi::Own(own) = &kpi { own.version } else { 0 };
        Ok(Understood { kpi: kpi.id().to_owned(), version, level, manager })
    }

    /// Refuses a list of targets that goes beyond the reach. Of the list of managers those in reach are shown.
    pub(crate) fn may_plan(&self, asked: &Understood) -> Result<()> {
        let Some(reach) = self.reach() else { return Ok(()) };
        match (asked.level, &asked.manager) {
            (Level::Manager, _) => Ok(()),
            (_, Some(manager)) if reach.holds(manager) => Ok(()),
            (_, Some(manager)) => Err(InsightError::UnknownManager(manager.clone()).into()),
            (_, None) => self.may_see_everybody(),
        }
    }

    /// Whoever it is for is in reach.
    pub(crate) fn is_in_reach(&self, whom: &Whom) -> bool {
        self.reach().is_none_or(|reach| whom.manager.as_deref().is_some_and(|manager| reach.holds(manager)))
    }

    /// Refuses a target for somebody out of reach.
    pub(crate) fn may_plan_for(&self, whom: &Whom) -> Result<()> {
        if self.is_in_reach(whom) {
            return Ok(());
        }
        match &whom.manager {
            Some(manager) => Err(InsightError::UnknownManager(manager.clone()).into()),
            None => self.may_see_everybody(),
        }
    }

    /// Who wants or decides it: the user, else who says so.
    pub(crate) fn by(&self, named: Option<&str>) -> String {
        match &self.actor {
            crate::Actor::Person(person) => person.name.clone(),
            crate::Actor::Keeper => set::by(named),
        }
    }

    /// Who knows what is to come, made once for a version of the data and a year.
    pub(crate) fn judge(&self, source: &LakeSource, asked: &Understood, period: Period) -> Result<Arc<Judge>> {
        let until = until(source, period);
        let version = source.data_version();
        // Read before the facts: a judge may know newer ones than it is kept under, never older.
        let tables = self.lake.version_mark();
        let of = JudgeOf { version, tables: tables.clone(), credit: source.credit(), asked: asked.clone(), until };
        let lock = || self.judges.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, judge)) = lock().iter().find(|(known, _)| *known == of) {
            return Ok(judge.clone());
        }
        let judge = Arc::new(Judge::of(
            (source, source),
            self.analysed_kpi(&asked.kpi)?,
            asked.level,
            asked.manager.as_deref(),
            until,
        )?);
        let mut kept = lock();
        kept.retain(|(known, _)| known.version == version && known.tables == tables && *known != of);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((of, judge.clone()));
        Ok(judge)
    }

    /// The targets of a figure that count now.
    pub(crate) fn held(source: &LakeSource, kpi: &str) -> Held {
        Held::of(source, kpi)
    }
}

/// The end of the year that a window ends in, so that its months and quarters are judged alike; the end of the window where
/// that is too far ahead.
fn until(source: &LakeSource, period: Period) -> Month {
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
pub(crate) fn words(text: &str, missing: Text) -> Result<String> {
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
            "Dari {} kali kemungkinan sekitar {} disebut pada masa lalu, {} tercapai.",
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

/// Reads figures of a KPI as they are typed; a share may be written in per cent.
pub(super) fn read_figures(
    texts: &[&str],
    unit: Unit,
    lang: Lang,
) -> Vec<std::result::Result<Option<Money>, takar_import::CellFault>> {
    let style = if lang == Lang::Id { NumberStyle::Id } else { NumberStyle::En };
    match unit {
        Unit::Rate => read_shares(texts, style),
        _ => read_cells(texts, style),
    }
}

/// A sum that may have no part.
pub(crate) fn sum_of(values: impl Iterator<Item = Option<Money>>) -> Option<Money> {
    values.flatten().fold(None, |sum: Option<Money>, value| Some(sum.unwrap_or(Money::ZERO) + value))
}

/// The one target for exactly one window at a scope, for errors that name it.
pub(crate) fn no_target(period: Period) -> AppError {
    InsightError::NoTarget { window: period }.into()
}
