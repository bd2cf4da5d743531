//! What a member's accounts have shown they can buy.

use rustc_hash::FxHashMap;
use takar_model::{Money, Month, Period};

use super::Level;
use crate::{
    InsightError,
    analysis::Scope,
    kpis::{AnalysedKpi, FactSource},
    metrics::{CellSource, Dimension, Nature, Query, Value},
};

/// For each member the sum over its accounts that still buy (net sales in the last twelve complete months) of the better of
/// the same months in the last two years. None where the KPI does not add up, or the data do not reach a year back.
///
/// # Errors
/// As [`run`](crate::metrics::run).
pub(super) fn potential(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    kpi: &AnalysedKpi,
    (level, manager): (Level, Option<&str>),
    (first, last): (Month, Month),
    known: (Month, Month),
) -> Result<Option<FxHashMap<Option<String>, Money>>, InsightError> {
    if kpi.nature() != Nature::Additive {
        return Ok(None);
    }
    let scope = Scope { manager: manager.map(str::to_owned), filter: None };
    let filter = scope.condition(source)?;
    let by: Vec<Dimension> = match level.dimension() {
        None => vec![Dimension::Account],
        Some(Dimension::Account) => vec![Dimension::Account],
        Some(dimension) => vec![dimension, Dimension::Account],
    };
    let ask = |from: Month, to: Month| {
        let period = Period::months(from, to);
        kpi.table(source, facts, &Query { by: by.clone(), period, filter: filter.clone(), ..Query::default() })
    };
    // What an own KPI reads may know no accounts.
    let bought = match ask(known.1.plus(-11).max(known.0), known.1) {
        Err(InsightError::OwnKpi { .. }) => return Ok(None),
        bought => bought?,
    };
    type Cell = (Option<String>, Option<String>);
    let cell = |keys: &[crate::metrics::Key]| -> Cell {
        let id = |place: usize| keys.get(place).and_then(|key| key.id.clone());
        match level.dimension() {
            None => (None, id(0)),
            Some(Dimension::Account) => (id(0), id(0)),
            Some(_) => (id(0), id(1)),
        }
    };
    let buys: FxHashMap<Cell, f64> =
        bought.rows.iter().filter_map(|row| Some((cell(&row.keys), row.values.first()?.to_f64()?))).collect();
    let mut best: FxHashMap<Cell, Money> = FxHashMap::default();
    let mut years = 0;
    for back in [12, 24] {
        let (from, to) = (first.plus(-back), last.plus(-back));
        // Of a window that the data do not hold whole nothing can be said.
        if from < known.0 || to > known.1 {
            continue;
        }
        years += 1;
        for row in &ask(from, to)?.rows {
            let cell = cell(&row.keys);
            let still_buys = buys.get(&cell).is_some_and(|sum| *sum > 0.0);
            if let Some(value) = row.values.first().and_then(|value| exact(*value)).filter(|_| still_buys) {
                let known = best.entry(cell).or_insert(Money::ZERO);
                *known = (*known).max(value);
            }
        }
    }
    if years == 0 {
        return Ok(None);
    }
    let mut found: FxHashMap<Option<String>, Money> = FxHashMap::default();
    for ((member, _), value) in best {
        *found.entry(member).or_insert(Money::ZERO) += value;
    }
    Ok(Some(found))
}

/// A figure with the four decimals that targets have.
pub(super) fn exact(value: Value) -> Option<Money> {
    match value {
        Value::Money(money) => Some(money),
        Value::Quantity(quantity) => Some(Money::from_units(quantity.units() / 100)),
        Value::Count(count) => Some(Money::from_units(i128::from(count) * Money::ONE)),
        Value::Rate(rate) => Some(crate::format::money_of(rate)),
        Value::Null(_) => None,
    }
}
