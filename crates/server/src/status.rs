//! `/api/status` and `/api/kpis`: what there is, and what the figures mean.

use axum::Json;
use serde_json::Value;
use takar_app::Status;
use takar_insight::metrics::KPIS;

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

/// Every KPI with its definition.
#[utoipa::path(get, path = "/api/kpis", tag = "ask", responses((status = 200, description = "KPI definitions")))]
pub(crate) async fn kpis(Reader(lang): Reader) -> Json<Vec<Value>> {
    Json(KPIS.iter().map(|kpi| kpi.to_json(lang)).collect())
}
