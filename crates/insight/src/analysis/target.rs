//! The target that a bridge begins at.

use takar_model::{Money, Period};

use super::scope::{both, is};
use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Filter, Kpi, Query, Value, run},
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
    let filter = both(manager.map(|id| is(Dimension::Manager, id)), filter.cloned());
    let query = Query { period: Some(window), kpis: vec![Kpi::parse("target")?], filter, ..Query::default() };
    let table = run(source, &query)?;
    let row = table.rows.first();
    match row.and_then(|row| row.values.first().map(|value| (*value, row.target_coverage))) {
        Some((Value::Money(value), coverage)) => Ok(TargetOf { value, coverage: coverage.unwrap_or(1.0) }),
        _ => Err(InsightError::NoTarget { window }),
    }
}
