//! `/api/process`: how managers work, and what it is held against.

use axum::{Json, extract::Query, response::Response};
use serde::Deserialize;
use takar_app::{AppError, ProcessAsked};
use takar_insight::{metrics::CellSource, process::Promises};
use takar_model::Credit;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Shared,
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    run,
};

/// Which window, and of whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A period: `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`; the last complete month unless given.
    period: Option<String>,
    /// The manager of whom accounts, offers, reasons and complaints are told; of all together unless given.
    manager: Option<String>,
}

/// What was promised to accounts.
#[derive(Debug, Deserialize, serde::Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromisesBody {
    /// An account has its answer within so many hours.
    response_hours: f64,
    /// An offer is followed up within so many days.
    follow_up_days: u32,
    /// Contacts a month for accounts of class A, B and C.
    contacts_a_month: [f64; 3],
}

impl From<Promises> for PromisesBody {
    fn from(kept: Promises) -> Self {
        let Promises { response_hours, follow_up_days, contacts_a_month } = kept;
        Self { response_hours, follow_up_days, contacts_a_month }
    }
}

/// Contact coverage, response, offers, follow-up, feedback and complaints, a measure with its interval for each manager.
#[utoipa::path(get, path = "/api/process", tag = "ask", params(Asked), responses((status = 200, description = "The work"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn process(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(Credit::Recorded).or_say(lang)?.data_version();
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let answers = shared.answers.clone();
        answers.get(version, format!("process {asked:?} {lang:?} {mark}"), || {
            let period = period_of(asked.period.as_deref(), lang)?;
            let opened = asked.manager.clone().filter(|id| !id.is_empty());
            let found =
                shared.takar.process(ProcessAsked { period, opened, ..ProcessAsked::default() }).or_say(lang)?;
            found.to_json(lang).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// What was promised to accounts.
#[utoipa::path(get, path = "/api/process/promises", tag = "ask", responses((status = 200, description = "The promises", body = PromisesBody)))]
pub(crate) async fn promises(shared: Shared, Reader(lang): Reader) -> Result<Json<PromisesBody>, ApiError> {
    run(move || shared.takar.promises().or_say(lang)).await.map(|kept| Json(kept.into()))
}

/// Keeps other promises.
#[utoipa::path(put, path = "/api/process/promises", tag = "ask", request_body = PromisesBody, responses((status = 200, description = "The promises as they are kept", body = PromisesBody), (status = 422, description = "It cannot be promised")))]
pub(crate) async fn set_promises(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<PromisesBody>,
) -> Result<Json<PromisesBody>, ApiError> {
    run(move || {
        let PromisesBody { response_hours, follow_up_days, contacts_a_month } = asked;
        shared.takar.set_promises(Promises { response_hours, follow_up_days, contacts_a_month }).or_say(lang)
    })
    .await
    .map(|kept| Json(kept.into()))
}
