//! `/api/scorecard`: every manager's points, and the weights they are counted by.

use axum::{Json, extract::Query, response::Response};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::AppError;
use takar_insight::{evaluation::weights::Weights, metrics::CellSource};
use takar_model::Lang;
use takar_state::WeightsRow;
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

/// Which window, and of whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A period; the last complete month of the data unless given.
    period: Option<String>,
    /// One manager's id; all unless given.
    manager: Option<String>,
}

/// Quantity, process and communication in points, 0 to 100, and the whole; every point with its KPI, value and peers.
#[utoipa::path(get, path = "/api/scorecard", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "Scorecards"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        // What shapes no panel changes no version of it: activities, weights, promises and own KPIs go into the name.
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let name = format!("scorecard {asked:?} {lang:?} {credit} {mark}");
        let answers = shared.answers.clone();
        answers.get(version, name, || {
            let period = period_of(asked.period.as_deref(), lang)?;
            let manager = asked.manager.as_deref().filter(|id| !id.is_empty());
            Ok(shared.takar.scorecards(credit, period, manager).or_say(lang)?.to_json(lang))
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// The weights that hold, every version that was set, and the KPIs that may be weighed.
#[utoipa::path(get, path = "/api/scorecard/weights", tag = "ask", responses((status = 200, description = "Weights")))]
pub(crate) async fn weights(shared: Shared, Reader(lang): Reader) -> Result<Json<Value>, ApiError> {
    run(move || {
        let (weights, history) = (shared.takar.weights().or_say(lang)?, shared.takar.weights_history().or_say(lang)?);
        let history: Vec<Value> = history.iter().map(version).collect();
        let kpis = shared.takar.kpis_to_weigh(lang).or_say(lang)?;
        Ok(Json(json!({ "in_use": weights, "history": history, "kpis": kpis })))
    })
    .await
}

/// A version that was set; what an older program wrote and this one cannot read is told without weights.
fn version(row: &WeightsRow) -> Value {
    let weights: Option<Weights> = serde_json::from_str(&row.weights).ok();
    json!({ "version": row.version, "at": row.at, "by": row.by, "weights": weights })
}

/// The scorecards that other weights would make. Nothing is kept.
#[utoipa::path(post, path = "/api/scorecard/weights/try", tag = "ask", params(Asked, CreditAsked), request_body = Object, responses((status = 200, description = "Scorecards"), (status = 422, description = "They do not hold: all that is wrong")))]
pub(crate) async fn try_weights(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
    body: String,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let weights: Weights = serde_json::from_str(&body).map_err(|error| unread(&error, lang))?;
        let period = period_of(asked.period.as_deref(), lang)?;
        Ok(shared.takar.try_weights(credit, period, &weights).or_say(lang)?.to_json(lang))
    })
    .await?;
    Ok(json_text(&text))
}

/// Sets other weights, as the next version.
#[utoipa::path(put, path = "/api/scorecard/weights", tag = "ask", request_body = Object, responses((status = 200, description = "The weights that hold"), (status = 422, description = "They do not hold: all that is wrong")))]
pub(crate) async fn set_weights(shared: Shared, Reader(lang): Reader, body: String) -> Result<Json<Value>, ApiError> {
    run(move || {
        let weights: Weights = serde_json::from_str(&body).map_err(|error| unread(&error, lang))?;
        let set = shared.takar.set_weights(&weights, None).or_say(lang)?;
        Ok(Json(json!({ "in_use": set })))
    })
    .await
}

fn unread(error: &serde_json::Error, lang: Lang) -> ApiError {
    let text = takar_state::Message {
        id: format!("bobot tidak terbaca: {error}"),
        en: format!("the weights cannot be read: {error}"),
    };
    ApiError::new(&AppError::Told(text), lang)
}
