//! The running month: how far it is and where it is heading.

use serde::Serialize;
use takar_model::{Compare, Day, Money, Month, Period};

use crate::{
    InsightError,
    format::money_of,
    metrics::{CellSource, Kpi, Query, Value, run},
};

/// The month in which the data ends, where it is not over.
///
/// Days are working days, Monday to Saturday; public holidays are not known yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthToDate {
    /// The month.
    pub month: Month,
    /// The last day with data.
    pub last_day: Day,
    /// Net sales so far.
    pub net_sales: Value,
    /// The month's target.
    pub target: Value,
    /// Net sales so far over the target, where there is one.
    pub attainment: Value,
    /// Working days gone of all working days, 0 to 1.
    pub time_gone: f64,
    /// Net sales of the month if each remaining working day brings what those gone brought on average.
    pub run_rate_projection: Option<Money>,
    /// Net sales of the same days of the month before.
    pub prior_equal_days: Value,
    /// What each remaining working day has to bring to reach the target; nothing where it is reached.
    pub needed_per_day: Option<Money>,
    /// Working days left.
    pub days_left: i32,
}

/// The running month of the data, if its last month is not over.
pub(crate) fn month_to_date(source: &dyn CellSource) -> Result<Option<MonthToDate>, InsightError> {
    let last_day = source.extent().ok_or(InsightError::NoData)?.to();
    let month = last_day.month();
    if month.last_day() == last_day {
        return Ok(None);
    }
    let query = Query {
        period: Some(Period::month(month)),
        kpis: [Kpi::NetSales, Kpi::Target, Kpi::Attainment].map(Kpi::definition).to_vec(),
        compare: Some(Compare::Prior),
        ..Query::default()
    };
    let table = run(source, &query)?;
    let value = |column| table.rows.first().and_then(|row| table.value(row, column)).unwrap_or(Value::Count(0));
    let gone = working_days(month.first_day(), last_day);
    let all = working_days(month.first_day(), month.last_day());
    let days_left = all - gone;
    let (net_sales, target) = (value("net_sales"), value("target"));
    let projection = |net: f64| (gone > 0).then(|| money_of(net / f64::from(gone) * f64::from(all)));
    let needed = match (net_sales, target) {
        (Value::Money(net), Value::Money(target)) if days_left > 0 && target > net => {
            Some(money_of((target - net).to_f64() / f64::from(days_left)))
        }
        _ => None,
    };
    Ok(Some(MonthToDate {
        month,
        last_day,
        net_sales,
        target,
        attainment: value("attainment"),
        time_gone: if all > 0 { f64::from(gone) / f64::from(all) } else { 1.0 },
        run_rate_projection: net_sales.to_f64().and_then(projection),
        prior_equal_days: value("net_sales_base"),
        needed_per_day: needed,
        days_left,
    }))
}

/// Mondays to Saturdays from one day to another, both included.
fn working_days(from: Day, to: Day) -> i32 {
    let days = (from.epoch_days()..=to.epoch_days()).filter_map(Day::from_epoch_days);
    days.filter(|day| is_working_day(*day)).count() as i32
}

/// Monday to Saturday.
pub(super) fn is_working_day(day: Day) -> bool {
    // 1970-01-01 was a Thursday, so day 3 was the first Sunday.
    (day.epoch_days() - 3).rem_euclid(7) != 0
}
