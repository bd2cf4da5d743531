//! `/api/credits`: an invoice is credited to other managers than it was recorded with.

use axum::Json;
use serde::Deserialize;
use takar_app::{CreditAsked, CreditDecided, CreditPart};
use utoipa::ToSchema;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// A decision on an invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The number of the invoice.
    invoice: String,
    /// The stream it belongs to; needed only where several have that number.
    source: Option<String>,
    /// Who has which part.
    parts: Vec<WantedPart>,
    /// Why.
    reason: String,
}

/// A manager's part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedPart {
    /// The manager's id.
    manager: String,
    /// The part in per cent.
    percent: f64,
}

/// Credits an invoice to one manager or several.
#[utoipa::path(post, path = "/api/credits", tag = "decide", request_body = Wanted, responses((status = 200, description = "What was decided, and the import that says so"), (status = 422, description = "The decision does not hold")))]
pub(crate) async fn credit(
    shared: Shared,
    Reader(lang): Reader,
    Json(wanted): Json<Wanted>,
) -> Result<Json<CreditDecided>, ApiError> {
    let part = |part: WantedPart| CreditPart { manager: part.manager, percent: part.percent };
    let parts = wanted.parts.into_iter().map(part).collect();
    let asked = CreditAsked { invoice: wanted.invoice, source: wanted.source, parts, reason: wanted.reason };
    run(move || shared.takar.credit_invoice(&asked).or_say(lang)).await.map(Json)
}
