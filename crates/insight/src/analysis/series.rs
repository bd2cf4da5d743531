//! Monthly series of KPIs, for one scope or by member of a dimension.

use rustc_hash::FxHashMap;
use takar_model::{Month, Period};

use crate::{
    InsightError,
    kpis::{AnalysedKpi, FactSource},
    metrics::{CellSource, Dimension, Filter, KpiDefinition, MetricsTable, Nature, Query, Unit, run},
};

/// The months that are complete in the data, and of a window where one is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Months {
    pub first: Month,
    pub last: Month,
}

impl Months {
    /// From the first month of the data to its last complete one, within the window.
    ///
    /// # Errors
    /// [`InsightError::NoData`] where no month is complete.
    pub(crate) fn of(source: &dyn CellSource, window: Option<Period>) -> Result<Self, InsightError> {
        let extent = source.extent().ok_or(InsightError::NoData)?;
        let complete = source.last_complete_month().ok_or(InsightError::NoData)?;
        let first = window.map_or(extent.from().month(), |window| window.from().month().max(extent.from().month()));
        let last = window.map_or(complete, |window| {
            // A month of which the window wants a part only is left out.
            let month = window.to().month();
            complete.min(if month.last_day() <= window.to() { month } else { month.plus(-1) })
        });
        if first > last { Err(InsightError::NoData) } else { Ok(Self { first, last }) }
    }

    pub(crate) fn count(self) -> usize {
        usize::try_from(self.last.index() - self.first.index() + 1).unwrap_or_default()
    }

    pub(crate) fn at(self, place: usize) -> Month {
        self.first.plus(i32::try_from(place).unwrap_or(i32::MAX))
    }
}

/// A member and its monthly figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// The member's id; none = nobody, or the whole scope.
    pub id: Option<String>,
    pub name: Option<String>,
    /// By KPI, then by month; none where the month has no such figure.
    pub figures: Vec<Vec<Option<f64>>>,
}

impl Series {
    /// The figures of the first KPI, where every month has one.
    pub(super) fn complete(&self) -> Option<Vec<f64>> {
        self.figures.first()?.iter().copied().collect()
    }

    fn total(&self) -> f64 {
        self.figures.first().into_iter().flatten().flatten().sum()
    }
}

/// Monthly figures of the whole scope, or of each member of a dimension: the largest first.
///
/// A month without lines is 0 where the KPI adds up or counts, and has no figure where it is a ratio.
pub(super) fn series_of(
    source: &dyn CellSource,
    months: Months,
    kpis: &[&'static KpiDefinition],
    by: Option<Dimension>,
    filter: Option<&Filter>,
) -> Result<Vec<Series>, InsightError> {
    let query = Query {
        by: by.into_iter().chain([Dimension::Month]).collect(),
        period: Period::months(months.first, months.last),
        kpis: kpis.to_vec(),
        compare: None,
        filter: filter.cloned(),
    };
    let table = run(source, &query)?;
    let zeros: Vec<bool> = kpis.iter().map(|kpi| kpi.nature != Nature::Ratio && kpi.unit != Unit::Rate).collect();
    Ok(series_in(&table, months, by, &zeros))
}

/// The same of one KPI, built in or one's own.
pub(crate) fn series_of_kpi(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    months: Months,
    kpi: &AnalysedKpi,
    by: Option<Dimension>,
    filter: Option<&Filter>,
) -> Result<Vec<Series>, InsightError> {
    let query = Query {
        by: by.into_iter().chain([Dimension::Month]).collect(),
        period: Period::months(months.first, months.last),
        filter: filter.cloned(),
        ..Query::default()
    };
    Ok(series_in(&kpi.table(source, facts, &query)?, months, by, &[kpi.is_zero_without_rows()]))
}

/// The series in a table by month; `zeros` says of which KPIs a month without a row is zero.
fn series_in(table: &MetricsTable, months: Months, by: Option<Dimension>, zeros: &[bool]) -> Vec<Series> {
    let empty = |zero: &bool| vec![zero.then_some(0.0); months.count()];
    let mut places: FxHashMap<Option<String>, usize> = FxHashMap::default();
    let mut found: Vec<Series> = Vec::new();
    if by.is_none() {
        places.insert(None, 0);
        found.push(Series { id: None, name: None, figures: zeros.iter().map(empty).collect() });
    }
    for row in &table.rows {
        let member = if by.is_some() { row.keys.first() } else { None };
        let id = member.and_then(|key| key.id.clone());
        let place = *places.entry(id.clone()).or_insert_with(|| {
            let name = member.and_then(|key| key.name.clone());
            found.push(Series { id, name, figures: zeros.iter().map(empty).collect() });
            found.len() - 1
        });
        let month = row.keys.last().and_then(|key| key.id.as_deref()?.parse::<Period>().ok());
        let Some(at) =
            month.and_then(|month| usize::try_from(month.from().month().index() - months.first.index()).ok())
        else {
            continue;
        };
        for (figures, value) in found[place].figures.iter_mut().zip(&row.values) {
            if let Some(figure) = figures.get_mut(at) {
                *figure = value.to_f64();
            }
        }
    }
    found.sort_by(|one, other| other.total().total_cmp(&one.total()).then_with(|| one.id.cmp(&other.id)));
    found
}
