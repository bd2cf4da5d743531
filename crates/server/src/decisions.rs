//! `/api/decisions`: what was decided, by whom, about whom, on which data.

use axum::{Json, extract::Query};
use serde::Deserialize;
use takar_app::{DecidedAsked, DecidedTold};
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Which decisions.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// About this manager, or everybody.
    manager: Option<String>,
    /// By this login.
    by: Option<String>,
    /// Before the decision of this number.
    before: Option<i64>,
    /// How many at most; 100 unless told, 1,000 at most.
    limit: Option<u32>,
}

/// Decisions, newest first.
#[utoipa::path(get, path = "/api/decisions", tag = "decide", params(Asked), responses((status = 200, description = "The decisions")))]
pub(crate) async fn decisions(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<DecidedTold>>, ApiError> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let asked =
        DecidedAsked { manager: given(asked.manager), by: given(asked.by), before: asked.before, limit: asked.limit };
    run(move || shared.takar.decisions(&asked, lang).or_say(lang)).await.map(Json)
}
