//! `/api/diagnose`: what is behind a result below expectation.

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_insight::metrics::CellSource;
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

/// Whose result, and when.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// The manager's id.
    manager: String,
    /// A period; the last complete month of the data unless given.
    period: Option<String>,
}

/// What is missing, where, likely causes with what speaks for and against them, and what to do.
#[utoipa::path(get, path = "/api/diagnose", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The diagnosis"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let answers = shared.answers.clone();
        answers.get(version, format!("diagnose {asked:?} {lang:?} {credit} {mark}"), || {
            let period = period_of(asked.period.as_deref(), lang)?;
            shared.takar.diagnose(credit, period, &asked.manager).or_say(lang)?.to_json(lang).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}
