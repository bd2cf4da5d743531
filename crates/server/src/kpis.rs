//! `/api/kpis`: what every figure means, and KPIs of the company's own.

use axum::{
    Json,
    extract::{Path, Query},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{KpiTrial, KpiVersion};
use takar_insight::{
    kpis::{Definition, Expression, FACT_TABLES, Holds},
    metrics::MetricsTable,
};
use takar_model::{Lang, Period};
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

/// Every KPI with its definition: the built-in ones, then the company's own.
#[utoipa::path(get, path = "/api/kpis", tag = "kpis", responses((status = 200, description = "KPI definitions")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<Value>>, ApiError> {
    run(move || Ok(shared.takar.kpis().or_say(lang)?.iter().map(|kpi| kpi.to_json(lang)).collect())).await.map(Json)
}

/// One KPI with its definition.
#[utoipa::path(get, path = "/api/kpis/{id}", tag = "kpis", params(("id" = String, Path, description = "Its id")), responses((status = 200, description = "The definition"), (status = 422, description = "There is no such KPI")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    run(move || Ok(shared.takar.kpi(&id).or_say(lang)?.to_json(lang))).await.map(Json)
}

/// Every version of an own KPI, the last first.
#[utoipa::path(get, path = "/api/kpis/{id}/history", tag = "kpis", params(("id" = String, Path, description = "Its id")), responses((status = 200, description = "Its versions"), (status = 404, description = "There is no such own KPI")))]
pub(crate) async fn history(
    shared: Shared,
    Reader(lang): Reader,
    Path(id): Path<String>,
) -> Result<Json<Vec<KpiVersion>>, ApiError> {
    run(move || shared.takar.kpi_history(&id).or_say(lang)).await.map(Json)
}

/// Saves a definition as the next version of its KPI, after it was tried on the data and its check agreed.
#[utoipa::path(post, path = "/api/kpis", tag = "kpis", request_body = Object, params(CreditAsked), responses((status = 200, description = "The KPI as it counts now"), (status = 422, description = "The definition cannot be")))]
pub(crate) async fn save(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    body: String,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let definition = takar_app::definition_from_json(&body).or_say(lang)?;
        Ok(shared.takar.save_kpi(credit, &definition).or_say(lang)?.to_json(lang))
    })
    .await
    .map(Json)
}

/// Removes an own KPI; its versions stay readable.
#[utoipa::path(delete, path = "/api/kpis/{id}", tag = "kpis", params(("id" = String, Path, description = "Its id")), responses((status = 200, description = "It is no longer used"), (status = 404, description = "There is no such own KPI")))]
pub(crate) async fn remove(
    shared: Shared,
    Reader(lang): Reader,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        shared.takar.remove_kpi(&id).or_say(lang)?;
        Ok(json!({ "removed": id }))
    })
    .await
    .map(Json)
}

/// On which window a definition is tried.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct TryAsked {
    /// A period; the last complete month of the data unless given.
    period: Option<String>,
}

/// Tries a definition on the data without saving it: the figure by manager, some rows behind it, and how long it took.
#[utoipa::path(post, path = "/api/kpis/try", tag = "kpis", request_body = Object, params(TryAsked, CreditAsked), responses((status = 200, description = "What it comes to"), (status = 422, description = "The definition cannot be; position says where")))]
pub(crate) async fn try_out(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<TryAsked>,
    body: String,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let definition: Definition = takar_app::definition_from_json(&body).or_say(lang)?;
        let window: Option<Period> = period_of(asked.period.as_deref(), lang)?;
        let tried = shared.takar.try_kpi(credit, &definition, window).or_say(lang)?;
        Ok(trial_json(&tried, lang))
    })
    .await?;
    Ok(json_text(&text))
}

/// The tables and columns that expressions may read.
#[utoipa::path(get, path = "/api/kpis/facts", tag = "kpis", responses((status = 200, description = "Tables and columns")))]
pub(crate) async fn facts(Reader(lang): Reader) -> Json<Value> {
    let column = |column: &takar_insight::kpis::FactColumn| {
        let holds = match column.holds {
            Holds::Text => "text",
            Holds::Day => "day",
            Holds::Number(_) => "number",
        };
        json!({ "name": column.name, "holds": holds })
    };
    let tables = FACT_TABLES.iter().map(|table| {
        json!({
            "name": table.name,
            "label": table.label.get(lang),
            "day": table.day,
            "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        })
    });
    Json(tables.collect())
}

fn trial_json(tried: &KpiTrial, lang: Lang) -> String {
    let whole = |table: &MetricsTable| table.to_json(lang);
    let check = tried.trial.check.as_ref().map_or_else(|| "null".to_owned(), whole);
    let by = tried.trial.table.by.first().map(|dimension| dimension.id());
    let rest = json!({
        "kpi": tried.kpi.to_json(lang),
        "kind": tried.kpi.expression.kind().text().get(lang),
        "check": tried.kpi.check.as_ref().map(Expression::text),
        "by": by,
        "window": tried.window.to_string(),
        "whole": tried.trial.whole,
        "whole_why": tried.trial.whole.why().map(|why| why.text().get(lang)),
        "disagreements": tried.trial.disagreements,
        "rows_behind": tried.rows,
        "took_ms": u64::try_from(tried.took_ms).unwrap_or(u64::MAX),
    });
    // The tables are exact as they are written, so they go in as text.
    let rest = rest.to_string();
    let tables = format!("\"table\":{},\"check_table\":{check}", whole(&tried.trial.table));
    format!("{{{tables},{}", rest.strip_prefix('{').unwrap_or(&rest))
}
