//! What is to come of the members of a level, and how likely any figure is.

use takar_model::{Lang, Month, Period};
use takar_stats::forecast::{Chance, Reliability};

use super::Level;
use crate::{
    InsightError,
    analysis::{
        Scope,
        forecast::{Ahead, Prospect, span_of},
        told,
    },
    kpis::{AnalysedKpi, FactSource},
    metrics::{CellSource, Nature},
};

/// Why a figure cannot be judged.
#[derive(Debug, Clone, PartialEq)]
pub enum Unjudged {
    /// The past is too short, or never changes.
    Past(takar_stats::Error),
    /// The window or the KPI is not such that it could be.
    Asked(InsightError),
}

impl Unjudged {
    /// For a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Past(error) => told(error, lang),
            Self::Asked(error) => error.message(lang),
        }
    }
}

impl From<takar_stats::Error> for Unjudged {
    fn from(error: takar_stats::Error) -> Self {
        Self::Past(error)
    }
}

impl From<InsightError> for Unjudged {
    fn from(error: InsightError) -> Self {
        Self::Asked(error)
    }
}

/// Knows what is to come of the members of a level, in one KPI.
pub struct Judge {
    kpi: AnalysedKpi,
    level: Level,
    prospect: Prospect,
}

impl Judge {
    /// Fits all members; `until` is the last day that will be asked for.
    ///
    /// # Errors
    /// As [`Prospect::of`].
    pub fn of(
        data: (&dyn CellSource, &dyn FactSource),
        kpi: AnalysedKpi,
        level: Level,
        manager: Option<&str>,
        until: Month,
    ) -> Result<Self, InsightError> {
        let scope = Scope { manager: manager.map(str::to_owned), filter: None };
        let prospect = Prospect::of(data, &kpi, &scope, level.dimension(), until)?;
        Ok(Self { kpi, level, prospect })
    }

    /// The KPI.
    pub const fn kpi(&self) -> &AnalysedKpi {
        &self.kpi
    }

    /// The level.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// What is known of the coming months.
    pub const fn prospect(&self) -> &Prospect {
        &self.prospect
    }

    /// What a member is expected to bring.
    ///
    /// # Errors
    /// Where that cannot be told, and why.
    pub fn ahead(&self, member: Option<&str>, period: Period) -> Result<Ahead, Unjudged> {
        Ok(self.prospect.ahead(member, self.span(period)?)?)
    }

    /// The chance that a member reaches a target.
    ///
    /// # Errors
    /// As [`ahead`](Self::ahead).
    pub fn chance(&self, member: Option<&str>, period: Period, target: f64) -> Result<Chance, Unjudged> {
        Ok(self.prospect.chance(member, self.coming(period)?, target)?)
    }

    /// What a member reaches with a chance of `wanted`.
    ///
    /// # Errors
    /// As [`ahead`](Self::ahead).
    pub fn amount(&self, member: Option<&str>, period: Period, wanted: f64) -> Result<f64, Unjudged> {
        Ok(self.prospect.amount(member, self.coming(period)?, wanted)?)
    }

    /// How chances that were told for windows as far ahead came true on the past.
    ///
    /// # Errors
    /// As [`ahead`](Self::ahead).
    pub fn reliability(&self, period: Period) -> Result<Reliability, Unjudged> {
        Ok(self.prospect.reliability(self.coming(period)?)?)
    }

    /// What is expected of each month of a window: by which a target falls into months.
    ///
    /// # Errors
    /// As [`ahead`](Self::ahead).
    pub fn by_month(&self, member: Option<&str>, period: Period) -> Result<Vec<f64>, Unjudged> {
        Ok(self.prospect.by_month(member, self.span(period)?)?)
    }

    /// The months of a window for which the KPI means something.
    fn span(&self, period: Period) -> Result<(Month, Month), InsightError> {
        let span = span_of(period)?;
        let is_judged = match self.kpi.nature() {
            Nature::Additive => true,
            Nature::Distinct | Nature::Ratio => span.0 == span.1,
        };
        if is_judged {
            Ok(span)
        } else {
            let name = |lang| self.kpi.name(lang).to_owned();
            Err(InsightError::NotAdditive { kpi: (name(Lang::Id), name(Lang::En)), window: period })
        }
    }

    /// The same of a window that has months ahead.
    fn coming(&self, period: Period) -> Result<(Month, Month), InsightError> {
        let span = self.span(period)?;
        if span.1 > self.prospect.last() { Ok(span) } else { Err(InsightError::WindowOver { window: period }) }
    }
}
