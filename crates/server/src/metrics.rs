//! `/api/metrics`: any KPI by any dimension.

use std::cmp::Ordering;

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_app::AppError;
use takar_insight::metrics::{self, Dimension, Filter, MetricsTable, Row, Value};
use takar_model::{Compare, Lang, Text};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    run,
};

/// Which figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Dimensions, separated by commas.
    by: Option<String>,
    /// A period; all the data unless given.
    period: Option<String>,
    /// KPIs, built-in or own, separated by commas; `net_sales` unless given.
    kpi: Option<String>,
    /// `prior` or `year`.
    compare: Option<String>,
    /// A condition: `region = 'West' and year >= 2024`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
    /// A column to sort by, with a minus for largest first; the keys unless given.
    sort: Option<String>,
    /// Part of an id or name of a key.
    search: Option<String>,
    /// Rows at most; all unless given.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

/// KPIs by key. The rows can be searched, sorted and cut; `total_rows` counts them before they are cut.
#[utoipa::path(get, path = "/api/metrics", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "KPIs by key"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn metrics(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let (query, kpis) = query_of(&asked, lang)?;
        let mut table = shared.takar.metrics(credit, &query, &kpis).or_say(lang)?;
        if let Some(wanted) = asked.search.as_deref().filter(|text| !text.is_empty()) {
            let wanted = wanted.to_lowercase();
            table.rows.retain(|row| matches(row, &wanted));
        }
        if let Some(sort) = asked.sort.as_deref().filter(|text| !text.is_empty()) {
            sort_rows(&mut table, sort, lang)?;
        }
        let total = table.rows.len();
        let offset = asked.offset.unwrap_or_default().min(total);
        table.rows.drain(..offset);
        table.rows.truncate(asked.limit.unwrap_or(usize::MAX));
        // The count goes first into the object that the table writes.
        Ok(table.to_json(lang).replacen('{', &format!("{{\"total_rows\":{total},"), 1))
    })
    .await?;
    Ok(json_text(&text))
}

/// The question, and the ids of its KPIs.
fn query_of(asked: &Asked, lang: Lang) -> Result<(metrics::Query, Vec<String>), ApiError> {
    let words = |text: &Option<String>| -> Vec<String> {
        let text = text.as_deref().unwrap_or_default();
        text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let mut by = Vec::new();
    for word in words(&asked.by) {
        by.push(word.parse::<Dimension>().or_say(lang)?);
    }
    let mut kpis = words(&asked.kpi);
    if kpis.is_empty() {
        kpis.push("net_sales".to_owned());
    }
    let compare = match asked.compare.as_deref() {
        None | Some("") => None,
        Some("prior") => Some(Compare::Prior),
        Some("year") => Some(Compare::Year),
        Some(_) => return Err(wrong(Text::new("compare: prior atau year", "compare: prior or year"), lang)),
    };
    let filter = asked.filter.as_deref().filter(|text| !text.is_empty());
    let filter = filter.map(|text| text.parse::<Filter>().or_say(lang)).transpose()?;
    let period = period_of(asked.period.as_deref(), lang)?;
    Ok((metrics::Query { by, period, kpis: Vec::new(), compare, filter }, kpis))
}

fn wrong(text: Text, lang: Lang) -> ApiError {
    ApiError::new(&AppError::Asked(text), lang)
}

fn matches(row: &Row, wanted: &str) -> bool {
    let has = |text: &Option<String>| text.as_ref().is_some_and(|text| text.to_lowercase().contains(wanted));
    row.keys.iter().any(|key| has(&key.id) || has(&key.name))
}

fn sort_rows(table: &mut MetricsTable, sort: &str, lang: Lang) -> Result<(), ApiError> {
    let (column, largest_first) = match sort.strip_prefix('-') {
        Some(column) => (column, true),
        None => (sort, false),
    };
    if let Some(place) = table.columns.iter().position(|known| known.id == column) {
        table.rows.sort_by(|one, other| in_order(one.values.get(place), other.values.get(place), largest_first));
        return Ok(());
    }
    let by_name = column.strip_suffix("_name").unwrap_or(column);
    let Some(place) = table.by.iter().position(|dimension| dimension.id() == by_name) else {
        return Err(wrong(
            Text::new("kolom untuk sort tidak ada di hasil", "the column to sort by is not in the result"),
            lang,
        ));
    };
    let label = |row: &Row| row.keys.get(place).map(|key| key.label(lang).to_lowercase());
    table.rows.sort_by(|one, other| {
        let order = label(one).cmp(&label(other));
        if largest_first { order.reverse() } else { order }
    });
    Ok(())
}

/// Figures in order; those that are missing come last either way.
fn in_order(one: Option<&Value>, other: Option<&Value>, largest_first: bool) -> Ordering {
    let number = |value: Option<&Value>| match value {
        Some(Value::Money(money)) => Some((money.units(), 0.0)),
        Some(Value::Quantity(quantity)) => Some((quantity.units(), 0.0)),
        Some(Value::Count(count)) => Some((i128::from(*count), 0.0)),
        Some(Value::Rate(rate)) => Some((0, *rate)),
        Some(Value::Null(_)) | None => None,
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => {
            let order = one.0.cmp(&other.0).then(one.1.total_cmp(&other.1));
            if largest_first { order.reverse() } else { order }
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
