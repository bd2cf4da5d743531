//! Opportunities: what could be done, what it is worth, and what somebody does not want to be told of.

mod dismiss;

use std::sync::Arc;

use serde_json::Value;
use takar_insight::{
    InsightError,
    metrics::{CellSource, known_manager},
    opportunities::{Asked, Dismissal, Found, Kind, Opportunities, Question, Reason, Records, find, weigh},
};
use takar_model::{Credit, Lang, Period, Text};
use takar_state::{DismissalRow, Message};

pub use self::dismiss::DismissAsked;
use crate::{AppError, Result, Takar};

/// Intervals are drawn from this seed: the same data give the same list.
const SEED: u64 = 2011;
/// Hours that are planned unless others are asked for.
pub(crate) const HOURS: f64 = 10.0;
/// The most hours that are planned.
const MOST_HOURS: f64 = 1_000.0;
/// Rows that are shown unless others are asked for, and the most.
const LIMIT: usize = 20;
const MOST: usize = 1_000;

/// Which opportunities.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpportunitiesAsked {
    /// Of this manager.
    pub manager: Option<String>,
    /// Of this account.
    pub account: Option<String>,
    /// Of these kinds, by their words.
    pub kinds: Vec<String>,
    /// Those that were dismissed instead.
    pub dismissed: bool,
    /// Hours to plan; 10 unless given.
    pub hours: Option<f64>,
    /// How many are passed over.
    pub offset: usize,
    /// How many at most; 20 unless given, 1,000 at most.
    pub limit: Option<usize>,
}

impl Takar {
    /// Opportunities as JSON, those worth most an hour first, and where the next hours go.
    ///
    /// # Errors
    /// Without data, for an unknown manager, account or kind, or hours that are not above 0.
    pub fn opportunities(&self, credit: Credit, asked: &OpportunitiesAsked, lang: Lang) -> Result<Value> {
        self.with_opportunities(credit, asked, |shown| Ok(shown.to_json(lang)))
    }

    /// The same for a terminal.
    ///
    /// # Errors
    /// As [`Takar::opportunities`].
    pub fn opportunities_text(&self, credit: Credit, asked: &OpportunitiesAsked, lang: Lang) -> Result<String> {
        self.with_opportunities(credit, asked, |shown| Ok(shown.table(lang)))
    }

    fn with_opportunities<T>(
        &self,
        credit: Credit,
        asked: &OpportunitiesAsked,
        tell: impl FnOnce(&takar_insight::opportunities::Shown<'_>) -> Result<T>,
    ) -> Result<T> {
        let asked = Asked {
            manager: asked.manager.clone(),
            account: asked.account.clone(),
            kinds: asked.kinds.iter().map(|word| kind_of(word)).collect::<Result<_>>()?,
            dismissed: asked.dismissed,
            hours: hours_of(asked.hours)?,
            offset: asked.offset,
            limit: asked.limit.unwrap_or(LIMIT).min(MOST),
        };
        if let Some(id) = &asked.manager {
            let source = self.source(credit)?;
            source.extent().ok_or(InsightError::NoData)?;
            known_manager(source.as_ref(), id)?;
        }
        // Who does not see everybody is not told whether there is such an account.
        if let Some(id) = asked.account.as_ref().filter(|_| self.reach().is_none()) {
            let source = self.source(credit)?;
            source.extent().ok_or(InsightError::NoData)?;
            source.names().account.code(id).ok_or(InsightError::UnknownAccount)?;
        }
        let all = self.all_opportunities(credit)?;
        tell(&all.shown(self.reach(), asked))
    }

    /// Everybody's, weighed by what was learned and dismissed.
    pub(crate) fn all_opportunities(&self, credit: Credit) -> Result<Arc<Opportunities>> {
        let dismissed = self.state.dismissals()?;
        // Read before the data: what is kept may be newer than its mark, never older.
        let hourly = self.cost_rates()?.hourly;
        let mark = (self.lake.version_mark(), credit, self.promises()?.follow_up_days, hourly.map(f64::to_bits));
        let records = self.opportunity_records()?;
        let weighed = (mark.clone(), format!("{dismissed:?} {records:?}"));
        self.kept.opportunities.get(weighed, || {
            let found = self.kept.found.get(mark, || self.find_opportunities(credit))?;
            let dismissed: Vec<Dismissal> = dismissed.into_iter().filter_map(dismissal).collect();
            Ok(weigh(&found, &records, &dismissed, SEED)?)
        })
    }

    /// What actions that came from opportunities led to, by kind of opportunity.
    fn opportunity_records(&self) -> Result<Records> {
        let mut records = Records::default();
        for (word, record) in &self.quotable_records()?.by_opportunity_kind {
            if let Some(kind) = Kind::of(word) {
                records.add(kind, record);
            }
        }
        Ok(records)
    }

    fn find_opportunities(&self, credit: Credit) -> Result<Found> {
        let source = self.lake_source(credit)?;
        let follow_up_days = u16::try_from(self.promises()?.follow_up_days).unwrap_or(u16::MAX);
        Ok(find(source.as_ref(), Question { follow_up_days, hour_cost: self.cost_rates()?.hourly })?)
    }
}

fn dismissal(row: DismissalRow) -> Option<Dismissal> {
    Some(Dismissal {
        kind: Kind::of(&row.kind)?,
        reason: Reason::of(&row.reason)?,
        day: row.day.parse().ok().map(Period::from)?,
        key: row.key,
        amount: row.amount,
        mark: row.mark,
        note: row.note,
        by: row.by,
    })
}

fn kind_of(word: &str) -> Result<Kind> {
    Kind::of(word).ok_or_else(|| {
        let known = Kind::ALL.map(Kind::word).join(", ");
        AppError::Told(Message {
            id: format!("tidak ada jenis peluang \"{word}\"; pilih dari: {known}"),
            en: format!("there is no kind of opportunity \"{word}\"; choose from: {known}"),
        })
    })
}

fn hours_of(hours: Option<f64>) -> Result<f64> {
    let hours = hours.unwrap_or(HOURS);
    if hours > 0.0 && hours <= MOST_HOURS {
        return Ok(hours);
    }
    Err(AppError::Asked(Text::new("jam: di atas 0, paling banyak 1.000", "hours: above 0, 1,000 at most")))
}
