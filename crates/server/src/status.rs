//! `/api/status`: what there is.

use axum::Json;
use takar_app::Status;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// What this home holds.
#[utoipa::path(get, path = "/api/status", tag = "ask", responses((status = 200, description = "Version, extent, currency, counts")))]
pub(crate) async fn status(shared: Shared, Reader(lang): Reader) -> Result<Json<Status>, ApiError> {
    run(move || shared.takar.status().or_say(lang)).await.map(Json)
}
