//! From the series to the answer.

use takar_stats::{
    Level,
    multiple::ErrorRate,
    relation::{changes, relations},
    season::Season,
    trend::{Autocorrelation, Breaks, breaks, broken_trend, mann_kendall, outliers, theil_sen},
};

use super::{Judged, LevelBreak, MonthOf, Question, Trend, Trends, adjusted::Adjusted, members::members};
use crate::{
    InsightError,
    analysis::{
        scope::currency_of,
        series::{Months, series_of, series_of_kpi},
    },
    kpis::FactSource,
    metrics::{CellSource, Kpi, KpiDefinition},
};

/// Months that a level has to last to be one.
const SHORTEST: usize = 6;
/// How much a break has to explain: the usual weight for monthly sales.
const WEIGHT: f64 = 3.0;
/// Robust standard deviations beyond which a month stands out.
const WILD: f64 = 3.5;
/// The least correlation that is worth telling.
const LEAST: f64 = 0.3;

/// Figures that may move together.
const RELATED: [Kpi; 9] = [
    Kpi::NetSales,
    Kpi::Orders,
    Kpi::OrderValue,
    Kpi::ActiveAccounts,
    Kpi::NewAccounts,
    Kpi::LostAccounts,
    Kpi::DiscountRate,
    Kpi::ReturnRate,
    Kpi::MarginRate,
];

/// Trend and pattern of a figure.
///
/// # Errors
/// [`InsightError::NoData`] without a complete month, [`InsightError::UnknownManager`], [`InsightError::TimeCondition`],
/// [`InsightError::Stats`] where some months have no such figure.
pub fn trends(source: &dyn CellSource, facts: &dyn FactSource, question: &Question) -> Result<Trends, InsightError> {
    let months = Months::of(source, question.window)?;
    let filter = question.scope.condition(source)?;
    let whole = series_of_kpi((source, facts), months, &question.kpi, None, filter.as_ref())?;
    let values = whole.first().and_then(super::super::series::Series::complete).ok_or_else(|| {
        let got = whole.iter().flat_map(|series| &series.figures).flatten().flatten().count();
        takar_stats::Error::NotEnough { method: "a trend", what: "months", needed: months.count(), got }
    })?;
    let adjusted = Adjusted::of(&values, months);
    let segments = segments(&adjusted.values, 1);
    let related: Vec<&'static KpiDefinition> = RELATED.into_iter().map(Kpi::definition).collect();
    let figures = series_of(source, months, &related, None, filter.as_ref())?;
    let (related, changes) = comparable(&related, figures.first().map_or(&[][..], |series| &series.figures));
    Ok(Trends {
        kpi: question.kpi.clone(),
        manager: question.scope.manager_label(source),
        months: (0..values.len())
            .map(|place| MonthOf { month: months.at(place), value: values[place], adjusted: adjusted.values[place] })
            .collect(),
        trend: judge(&adjusted.values),
        breaks: segments.as_ref().map(|found| steps(found, months)).map_err(Clone::clone),
        segments: segments.ok(),
        outliers: outliers(&adjusted.values, WILD)
            .map(|found| found.into_iter().map(|outlier| (months.at(outlier.at), outlier)).collect()),
        season: adjusted.season,
        calendar: adjusted.calendar,
        relations: relations(&changes, LEAST, ErrorRate::P05, Level::P95)?,
        related,
        by: question.by,
        members: match question.by {
            Some(by) => members((source, facts), months, &question.kpi, by, filter.as_ref())?,
            None => Vec::new(),
        },
        currency: currency_of(source),
        basis: source.basis(),
    })
}

/// Whether a series without season rises or falls, neighbours taken as alike as they are.
pub(super) fn judge(values: &[f64]) -> Judged<Trend> {
    let test = mann_kendall(values, Autocorrelation::HamedRao)?;
    let slope = theil_sen(values, Level::P95)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let level = f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    Ok(Trend { test, slope, level })
}

/// The levels of a series that may rise or fall all along. The more series are looked at, the more a break has to explain:
/// chance has more places to look like one.
pub(super) fn segments(values: &[f64], looked_at: usize) -> Judged<Breaks> {
    broken_trend(values, SHORTEST, weight(values, looked_at))
}

/// The same for a series that is known to have no slope of its own.
pub(super) fn flat_segments(values: &[f64], looked_at: usize) -> Judged<Breaks> {
    breaks(values, SHORTEST, weight(values, looked_at))
}

fn weight(values: &[f64], looked_at: usize) -> f64 {
    WEIGHT + 2.0 * (looked_at.max(1) as f64).ln() / (values.len().max(2) as f64).ln()
}

/// Where one level follows another.
pub(super) fn steps(found: &Breaks, months: Months) -> Vec<LevelBreak> {
    let step = |pair: &[takar_stats::trend::Segment]| {
        let after = found.fitted(pair[1].from);
        LevelBreak {
            month: months.at(pair[1].from),
            before: after - pair[1].level + pair[0].level,
            after,
            same_accounts: false,
        }
    };
    found.segments.windows(2).map(step).collect()
}

/// Changes from month to month of the figures that every month has, without their season.
fn comparable(
    kpis: &[&'static KpiDefinition],
    figures: &[Vec<Option<f64>>],
) -> (Vec<&'static KpiDefinition>, Vec<Vec<f64>>) {
    // Accounts that are new or lost have no base in the first month: all begin with the second.
    let of = |(kpi, figures): (&&'static KpiDefinition, &Vec<Option<f64>>)| {
        let values: Vec<f64> = figures.iter().skip(1).copied().collect::<Option<_>>()?;
        let season = Season::of(&values, 12).ok()?;
        let is_moving = values.windows(2).any(|pair| pair[0] != pair[1]);
        is_moving.then(|| (*kpi, changes(&season.adjusted(&values))))
    };
    kpis.iter().zip(figures).filter_map(of).unzip()
}
