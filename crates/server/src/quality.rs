//! `/api/quality`: what the data lack and what in them looks wrong.

use axum::response::Response;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    run,
};

/// Completeness by month, freshness, likely duplicates, unknown ids, odd prices, costs, dates and targets. Kept for each
/// version of the data.
#[utoipa::path(get, path = "/api/quality", tag = "facts", responses((status = 200, description = "What looks wrong")))]
pub(crate) async fn quality(shared: Shared, Reader(lang): Reader) -> Result<Response, ApiError> {
    run(move || {
        let takar = &shared.takar;
        let version = takar.status().or_say(lang)?.data_version;
        let name = format!("quality {} {}", takar.today(), takar.version_mark());
        let answer = shared.answers.get(version, name, || {
            let quality = takar.quality().or_say(lang)?;
            serde_json::to_string(&quality).map_err(|_| ApiError::internal())
        })?;
        Ok(json_text(&answer))
    })
    .await
}
