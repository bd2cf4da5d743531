//! The KPIs that weights name, of sales or of the work.

use serde::Serialize;
use takar_insight::{
    evaluation::{
        scorecard::Scales,
        weights::{Kind, Weight},
    },
    kpis::{Asked, OwnKpi, PeriodRule, TargetFigure},
    metrics::{Direction, Kpi, Unit},
    process::{PROCESS_KPIS, ProcessKpi, ProcessKpiDefinition},
};
use takar_model::Lang;

use crate::{AnyKpi, KpiOfTarget};

/// A KPI of the weights: where it counts, and how much.
pub(super) struct ChosenKpi {
    /// Its id.
    pub(super) id: String,
    /// The group it counts in.
    pub(super) kind: Kind,
    /// How much of the group.
    pub(super) weight: Weight,
    /// What is measured.
    pub(super) measured: Measured,
}

/// What a KPI of a card measures.
pub(super) enum Measured {
    /// A figure of sales, built in or own.
    Sales(AnyKpi),
    /// A figure of the work.
    Work(&'static ProcessKpiDefinition),
}

/// What is told of a KPI beside its values.
pub(super) struct Told {
    pub(super) name: (String, String),
    pub(super) definition: (String, String),
    pub(super) direction: Direction,
    pub(super) unit: String,
}

impl ChosenKpi {
    pub(super) fn told(&self) -> Told {
        match &self.measured {
            Measured::Sales(kpi) => told(kpi),
            Measured::Work(kpi) => told_of_work(kpi),
        }
    }

    /// How a figure of sales stands to its own targets.
    pub(super) fn of_target(&self, figure: TargetFigure) -> Option<AnyKpi> {
        match &self.measured {
            Measured::Sales(kpi @ (AnyKpi::BuiltIn(_) | AnyKpi::Own(_))) => {
                Some(AnyKpi::OfTarget(Box::new(KpiOfTarget { kpi: kpi.clone(), figure })))
            }
            _ => None,
        }
    }

    /// The company's own definition that it tells, itself or against its targets.
    pub(super) fn own(&self) -> Option<&OwnKpi> {
        match &self.measured {
            Measured::Sales(kpi) => kpi.own(),
            Measured::Work(_) => None,
        }
    }

    /// As a figure of sales is asked for.
    pub(super) fn asked(&self) -> Option<Asked<'_>> {
        match &self.measured {
            Measured::Sales(kpi) => Some(kpi.asked()),
            Measured::Work(_) => None,
        }
    }
}

/// Figures of sales that add up over the days worked; more is better in each.
const OF_DAYS_WORKED: [Kpi; 6] =
    [Kpi::NetSales, Kpi::Units, Kpi::Orders, Kpi::GrossMargin, Kpi::NewAccounts, Kpi::ReactivatedAccounts];

impl ChosenKpi {
    /// What days away do to it.
    pub(super) fn scales(&self) -> Scales {
        match &self.measured {
            Measured::Sales(AnyKpi::BuiltIn(kpi)) if kpi.kpi == Kpi::Attainment => Scales::ByTarget,
            Measured::Sales(kpi) if adds_up_over_days(kpi) => Scales::ByPresence,
            Measured::Work(kpi) if matches!(kpi.kpi, ProcessKpi::OffersSent | ProcessKpi::Contacts) => {
                Scales::ByPresence
            }
            // What is held against a target is held against that of the days present.
            Measured::Sales(AnyKpi::OfTarget(of)) if of.figure == TargetFigure::Attainment => {
                if adds_up_over_days(&of.kpi) { Scales::ByTarget } else { Scales::Not }
            }
            _ => Scales::Not,
        }
    }
}

/// More days worked make more of it, and more is better.
fn adds_up_over_days(kpi: &AnyKpi) -> bool {
    match kpi {
        AnyKpi::BuiltIn(kpi) => OF_DAYS_WORKED.contains(&kpi.kpi),
        AnyKpi::Own(kpi) => kpi.period == PeriodRule::Sum && kpi.direction == Direction::HigherIsBetter,
        AnyKpi::OfTarget(_) => false,
    }
}

/// It is a figure of the work. An own KPI of the same id goes before.
pub(super) fn is_of_work(id: &str, own: &[OwnKpi]) -> bool {
    work_kpi(id, own).is_some()
}

/// The figure of the work of that id; an own KPI of the same id goes before.
pub(super) fn work_kpi(id: &str, own: &[OwnKpi]) -> Option<&'static ProcessKpiDefinition> {
    PROCESS_KPIS.iter().find(|kpi| kpi.id == id).filter(|_| !own.iter().any(|kpi| kpi.id == id))
}

/// What is told of a KPI of the work.
pub(super) fn told_of_work(kpi: &ProcessKpiDefinition) -> Told {
    Told {
        name: (kpi.name.id.to_owned(), kpi.name.en.to_owned()),
        definition: (kpi.definition.id.to_owned(), kpi.definition.en.to_owned()),
        direction: kpi.direction,
        unit: word_of(&kpi.unit),
    }
}

/// What is told of a KPI of sales.
pub(super) fn told(kpi: &AnyKpi) -> Told {
    match kpi {
        AnyKpi::BuiltIn(kpi) => Told {
            name: (kpi.name.id.to_owned(), kpi.name.en.to_owned()),
            definition: (kpi.definition.id.to_owned(), kpi.definition.en.to_owned()),
            direction: kpi.direction,
            unit: match kpi.unit {
                Unit::Money => "money",
                Unit::Quantity => "quantity",
                Unit::Count => "count",
                Unit::Rate => "rate",
            }
            .to_owned(),
        },
        AnyKpi::OfTarget(of) => {
            let definition = of.figure.definition();
            Told {
                name: (of.name(Lang::Id), of.name(Lang::En)),
                definition: (definition.id.to_owned(), definition.en.to_owned()),
                direction: of.direction(),
                unit: word_of(&of.unit()),
            }
        }
        AnyKpi::Own(kpi) => {
            let said = |lang: Lang, what: &str| kpi.to_json(lang)[what].as_str().unwrap_or_default().to_owned();
            let both = |what: &str| (said(Lang::Id, what), said(Lang::En, what));
            Told {
                name: both("name"),
                definition: both("definition"),
                direction: kpi.direction,
                unit: said(Lang::En, "unit"),
            }
        }
    }
}

/// A word of a type as it stands in JSON.
fn word_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
