//! The target that a bridge begins at.

use takar_model::{Money, Period};

use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Field, Filter, Kpi, Operator, Query, Value, run},
};

/// A target and how much of the sales it is for.
pub(crate) struct TargetOf {
    /// Σ of the targets.
    pub value: Money,
    /// The share of net sales that lies in cells with a target, from 0 to 1.
    pub coverage: f64,
}

/// The target of a window, of one manager and some lines where that is asked.
///
/// # Errors
/// [`InsightError::NoTarget`] where no target tells apart what is asked; else as [`run`].
pub(crate) fn target_of(
    source: &dyn CellSource,
    window: Period,
    manager: Option<&str>,
    filter: Option<&Filter>,
) -> Result<TargetOf, InsightError> {
    let of_manager = manager.map(|id| Filter::Compare {
        field: Field::Id(Dimension::Manager),
        operator: Operator::Equal,
        value: id.to_owned(),
    });
    let mut conditions: Vec<Filter> = of_manager.into_iter().chain(filter.cloned()).collect();
    let filter = if conditions.len() > 1 { Some(Filter::And(conditions)) } else { conditions.pop() };
    let query = Query { period: Some(window), kpis: vec![Kpi::parse("target")?], filter, ..Query::default() };
    let table = run(source, &query)?;
    let row = table.rows.first();
    match row.and_then(|row| row.values.first().map(|value| (*value, row.target_coverage))) {
        Some((Value::Money(value), coverage)) => Ok(TargetOf { value, coverage: coverage.unwrap_or(1.0) }),
        _ => Err(InsightError::NoTarget { window }),
    }
}
