//! A KPI that an analysis looks at month by month, built in or one's own.

use takar_model::Lang;

use super::{Asked, FactSource, OwnKpi, PeriodRule, answer};
use crate::{
    InsightError,
    metrics::{CellSource, Direction, KpiDefinition, MetricsTable, Nature, Query, Unit, run},
};

/// Which KPI is analysed.
#[derive(Debug, Clone, PartialEq)]
pub enum AnalysedKpi {
    /// One that is built in.
    BuiltIn(&'static KpiDefinition),
    /// One of the company's own.
    Own(Box<OwnKpi>),
}

impl From<&'static KpiDefinition> for AnalysedKpi {
    fn from(kpi: &'static KpiDefinition) -> Self {
        Self::BuiltIn(kpi)
    }
}

impl AnalysedKpi {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::BuiltIn(kpi) => kpi.id,
            Self::Own(kpi) => &kpi.id,
        }
    }

    /// Its name for a reader of `lang`.
    pub fn name(&self, lang: Lang) -> &str {
        match self {
            Self::BuiltIn(kpi) => kpi.name.get(lang),
            Self::Own(kpi) => kpi.name.get(lang),
        }
    }

    /// What it is measured in.
    pub fn unit(&self) -> Unit {
        match self {
            Self::BuiltIn(kpi) => kpi.unit,
            Self::Own(kpi) => kpi.unit.unit(),
        }
    }

    /// Reaching a target means to stay at it or below.
    pub(crate) fn is_less_better(&self) -> bool {
        let direction = match self {
            Self::BuiltIn(kpi) => kpi.direction,
            Self::Own(kpi) => kpi.direction,
        };
        direction == Direction::LowerIsBetter
    }

    /// It is a share or a mean: those of several members or months do not add up.
    pub fn is_quotient(&self) -> bool {
        self.nature() == Nature::Ratio
    }

    /// How its months make a year, as far as targets ask: an own KPI that adds up, one that counts things each once, or a quotient.
    pub(crate) fn nature(&self) -> Nature {
        match self {
            Self::BuiltIn(kpi) => kpi.nature,
            Self::Own(kpi) if kpi.period == PeriodRule::Sum => Nature::Additive,
            Self::Own(kpi) if kpi.expression.is_ratio() || self.unit() == Unit::Rate => Nature::Ratio,
            Self::Own(_) => Nature::Distinct,
        }
    }

    /// A month of which nothing is known is zero: it adds up, or counts.
    pub(crate) fn is_zero_without_rows(&self) -> bool {
        match self {
            Self::BuiltIn(kpi) => kpi.nature != Nature::Ratio && kpi.unit != Unit::Rate,
            Self::Own(kpi) => kpi.period == PeriodRule::Sum,
        }
    }

    /// It, where it is built in.
    pub(crate) const fn built_in(&self) -> Option<&'static KpiDefinition> {
        match self {
            Self::BuiltIn(kpi) => Some(kpi),
            Self::Own(_) => None,
        }
    }

    /// What it comes to, alone, whatever KPIs the query names.
    pub(crate) fn table(
        &self,
        source: &dyn CellSource,
        facts: &dyn FactSource,
        query: &Query,
    ) -> Result<MetricsTable, InsightError> {
        match self {
            Self::BuiltIn(kpi) => run(source, &Query { kpis: vec![kpi], ..query.clone() }),
            Self::Own(kpi) => answer(source, facts, query, &[Asked::Own(kpi)]),
        }
    }
}
