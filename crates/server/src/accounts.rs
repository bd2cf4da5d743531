//! `/api/accounts/plane`: how much each account buys, and how the relation stands.

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

/// Which accounts.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A period; the last twelve complete months unless given.
    period: Option<String>,
    /// One manager's id; all within reach unless given.
    manager: Option<String>,
    /// Rows at most; 200 unless given.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

/// Quantity and quality of each account in points, 0 to 100, the largest first; what each corner suggests.
#[utoipa::path(get, path = "/api/accounts/plane", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "Accounts on the plane"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn plane(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let answers = shared.answers.clone();
        answers.get(version, format!("plane {asked:?} {lang:?} {credit} {mark}"), || {
            let period = period_of(asked.period.as_deref(), lang)?;
            let manager = asked.manager.as_deref().filter(|id| !id.is_empty());
            let plane = shared.takar.accounts_plane(credit, period, manager).or_say(lang)?;
            Ok(plane.to_json(lang, asked.offset.unwrap_or(0), asked.limit.unwrap_or(200).min(1_000)))
        })
    })
    .await?;
    Ok(json_text(&text))
}
