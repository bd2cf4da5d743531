//! `/api/reports`: evaluations made by themselves, by mail or into a folder.

use axum::{Json, http::StatusCode};
use serde_json::Value;
use takar_app::{ReportAsked, ReportTold};

use crate::{
    Shared,
    alerts::body_of,
    error::{ApiError, OrSay},
    language::Reader,
    number::Number,
    run,
};

/// The reports there are: all for who defines them, else one's own.
#[utoipa::path(get, path = "/api/reports", tag = "alerts", responses((status = 200, description = "Reports")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<ReportTold>>, ApiError> {
    run(move || shared.takar.scheduled_reports(lang).or_say(lang)).await.map(Json)
}

/// Schedules a report; everybody may for oneself, by mail.
#[utoipa::path(post, path = "/api/reports", tag = "alerts", request_body = Value, responses((status = 200, description = "The report"), (status = 403, description = "The role does not include it"), (status = 422, description = "It cannot be")))]
pub(crate) async fn add(
    shared: Shared,
    Reader(lang): Reader,
    Json(body): Json<Value>,
) -> Result<Json<ReportTold>, ApiError> {
    run(move || {
        let asked: ReportAsked = body_of(body, lang)?;
        shared.takar.add_report(&asked, lang).or_say(lang)
    })
    .await
    .map(Json)
}

/// Makes a report no more.
#[utoipa::path(delete, path = "/api/reports/{id}", tag = "alerts", params(("id" = i64, Path, description = "Its number")), responses((status = 204, description = "Gone"), (status = 404, description = "There is none of that number in sight")))]
pub(crate) async fn remove(shared: Shared, Reader(lang): Reader, Number(id): Number) -> Result<StatusCode, ApiError> {
    run(move || shared.takar.remove_report(id).or_say(lang)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a report now.
#[utoipa::path(post, path = "/api/reports/{id}/run", tag = "alerts", params(("id" = i64, Path, description = "Its number")), responses((status = 200, description = "The report"), (status = 404, description = "There is none of that number in sight"), (status = 422, description = "It could not be made")))]
pub(crate) async fn run_now(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<ReportTold>, ApiError> {
    run(move || shared.takar.run_report(id, lang).or_say(lang)).await.map(Json)
}
