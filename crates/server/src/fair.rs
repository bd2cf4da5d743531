//! `/api/fair`: managers compared fairly.

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_insight::{evaluation::fair::Question, metrics::CellSource};
use utoipa::IntoParams;

use crate::{
    Shared,
    analysis::filter_of,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    run,
};

/// Which window, and whom to show.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// The window, of which whole months count; the last twelve complete months of the data unless given.
    period: Option<String>,
    /// Show one manager; all are compared.
    manager: Option<String>,
    /// Only some lines: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
}

/// Every manager against what the portfolio lets expect: index, shrunken index, funnel, ranks as ranges, and skill where
/// hand-overs of accounts tell it.
#[utoipa::path(get, path = "/api/fair", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The comparison"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn fair(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        shared.answers.get(version, format!("fair {asked:?} {lang:?} {credit}"), || {
            let question = Question {
                window: period_of(asked.period.as_deref(), lang)?,
                manager: asked.manager.clone().filter(|id| !id.is_empty()),
                filter: filter_of(asked.filter.as_deref(), lang)?,
                ..Question::default()
            };
            shared.takar.fair(credit, &question).or_say(lang)?.to_json(lang).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}
