//! An own KPI tried on real data before it is saved.

use takar_model::Period;

use super::{Asked, FactSource, OwnKpi, answer};
use crate::{
    InsightError,
    metrics::{CellSource, Dimension, MetricsTable, Query, Value},
};

/// What a definition came to.
#[derive(Debug)]
pub struct Trial {
    /// The figure by manager (or the first dimension that its facts know), for one window.
    pub table: MetricsTable,
    /// The figure of the whole company.
    pub whole: Value,
    /// The same by its check, row for row, where it has one.
    pub check: Option<MetricsTable>,
    /// The rows in which the check comes to something else.
    pub disagreements: usize,
}

/// Tries a definition on one window.
///
/// # Errors
/// As [`answer`].
pub fn try_out(
    source: &dyn CellSource,
    facts: &dyn FactSource,
    kpi: &OwnKpi,
    window: Period,
) -> Result<Trial, InsightError> {
    let aggregates = kpi.expression.aggregates();
    let check = kpi.check.as_ref().map(|check| OwnKpi { expression: check.clone(), check: None, ..kpi.clone() });
    let of_check = check.iter().flat_map(|check| check.expression.aggregates()).collect::<Vec<_>>();
    let known = |dimension: &Dimension| aggregates.iter().chain(&of_check).all(|one| one.table.knows(*dimension));
    let by = [Dimension::Manager, Dimension::Branch, Dimension::Product].into_iter().find(known);
    let query = |by: Vec<Dimension>| Query { by, period: Some(window), ..Query::default() };
    let table = answer(source, facts, &query(by.into_iter().collect()), &[Asked::Own(kpi)])?;
    let whole = answer(source, facts, &query(Vec::new()), &[Asked::Own(kpi)])?;
    let first = |table: &MetricsTable| table.rows.first().and_then(|row| row.values.first().copied());
    let absent = Value::Null(crate::metrics::Why::NoFacts);
    let check = match &check {
        Some(check) => Some(answer(source, facts, &query(by.into_iter().collect()), &[Asked::Own(check)])?),
        None => None,
    };
    let disagreements = check.as_ref().map_or(0, |check| differences(&table, check));
    Ok(Trial { whole: first(&whole).unwrap_or(absent), table, check, disagreements })
}

/// How many keys have another figure in the other table.
fn differences(one: &MetricsTable, other: &MetricsTable) -> usize {
    let ids = |row: &crate::metrics::Row| row.keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>();
    let figures = |table: &MetricsTable| -> std::collections::BTreeMap<Vec<Option<String>>, Value> {
        table.rows.iter().filter_map(|row| Some((ids(row), *row.values.first()?))).collect()
    };
    let (one, other) = (figures(one), figures(other));
    let differs = |key: &&Vec<Option<String>>| match (one.get(*key), other.get(*key)) {
        (Some(Value::Rate(one)), Some(Value::Rate(two))) => (one - two).abs() > 1e-12 * one.abs().max(1.0),
        (Some(one), Some(two)) => one.plain() != two.plain(),
        // Where one has nothing to say the other has to have nothing too, or zero.
        (Some(alone), None) | (None, Some(alone)) => alone.to_f64().is_some_and(|figure| figure != 0.0),
        (None, None) => false,
    };
    let all: std::collections::BTreeSet<&Vec<Option<String>>> = one.keys().chain(other.keys()).collect();
    all.into_iter().filter(differs).count()
}
