//! The windows that months ahead lie in, with what is done and what is the target.

use rustc_hash::FxHashMap;
use takar_model::{Money, Month, Period};

use crate::{
    InsightError,
    analysis::series::Months,
    metrics::{CellSource, Dimension, Filter, Kpi, Query, Row, Value, run},
};

/// A window, how many of its months are ahead, and by member what is done and what is the target.
pub(super) struct Window {
    pub period: Period,
    pub ahead: usize,
    pub done: FxHashMap<Option<String>, Money>,
    pub targets: FxHashMap<Option<String>, Money>,
}

/// The coming month, the running quarter and year where the horizon reaches their end, and all months ahead.
pub(super) fn windows(
    source: &dyn CellSource,
    months: Months,
    horizon: usize,
    by: Option<Dimension>,
    filter: Option<&Filter>,
) -> Result<Vec<Window>, InsightError> {
    let next = months.last.plus(1);
    let quarter = next.plus(-((next.number() - 1) % 3));
    let year = next.plus(1 - next.number());
    let ends = [(next, next), (quarter, quarter.plus(2)), (year, year.plus(11))];
    let reach = i32::try_from(horizon).unwrap_or(i32::MAX);
    let mut spans: Vec<(Month, Month)> = Vec::new();
    for span in ends.into_iter().chain([(next, next.plus(reach - 1))]) {
        // A window that begins before the data would miss what was sold then.
        let is_whole = span.0 >= months.first && span.1 <= next.plus(reach - 1);
        if is_whole && !spans.contains(&span) {
            spans.push(span);
        }
    }
    spans.into_iter().map(|(first, last)| window(source, months, (first, last), by, filter)).collect()
}

fn window(
    source: &dyn CellSource,
    months: Months,
    (first, last): (Month, Month),
    by: Option<Dimension>,
    filter: Option<&Filter>,
) -> Result<Window, InsightError> {
    let ask = |period: Option<Period>, kpi: Kpi| {
        let by = by.into_iter().collect();
        let query = Query { by, period, kpis: vec![kpi.definition()], compare: None, filter: filter.cloned() };
        Ok::<_, InsightError>(run(source, &query)?.rows)
    };
    let member = |row: &Row| if by.is_some() { row.keys.first().and_then(|key| key.id.clone()) } else { None };
    let money = |row: &Row| match row.values.first() {
        Some(Value::Money(money)) => Some(*money),
        _ => None,
    };
    let mut done = FxHashMap::default();
    if first <= months.last {
        for row in ask(Period::months(first, months.last), Kpi::NetSales)? {
            done.extend(money(&row).map(|money| (member(&row), money)));
        }
    }
    let whole = Period::months(first, last);
    let count = usize::try_from(last.index() - first.index() + 1).unwrap_or_default();
    let mut monthly: FxHashMap<Option<String>, usize> = FxHashMap::default();
    for month in (0..).take(count).map(|place| first.plus(place)) {
        for row in ask(Some(Period::month(month)), Kpi::Target)?.iter().filter(|row| money(row).is_some()) {
            *monthly.entry(member(row)).or_default() += 1;
        }
    }
    let mut targets = FxHashMap::default();
    for row in ask(whole, Kpi::Target)? {
        // Targets of some months only are no target of the window; one of the whole window is.
        let is_whole = monthly.get(&member(&row)).is_none_or(|months| *months == count);
        targets.extend(money(&row).filter(|_| is_whole).map(|money| (member(&row), money)));
    }
    let ahead = usize::try_from(last.index() - months.last.index()).unwrap_or_default();
    let period = whole.ok_or(InsightError::NoData)?;
    Ok(Window { period, ahead, done, targets })
}
