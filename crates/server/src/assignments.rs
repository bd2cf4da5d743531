//! `/api/assignments`: accounts that nobody has, given to managers.

use axum::{Json, extract::Query};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{Assignment, Assignments};
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Which accounts.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Part of an id or name.
    search: Option<String>,
    /// How many at most, 200 unless told.
    limit: Option<usize>,
}

/// What is given to whom.
#[derive(Debug, Deserialize)]
pub(crate) struct Given {
    assignments: Vec<Assignment>,
}

/// Accounts with sales that no manager has, largest first.
#[utoipa::path(get, path = "/api/assignments", tag = "import", params(Asked), responses((status = 200, description = "Accounts and managers")))]
pub(crate) async fn list(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Assignments>, ApiError> {
    run(move || {
        let search = asked.search.as_deref().filter(|text| !text.is_empty());
        shared.takar.assignments(search, asked.limit.unwrap_or(200)).or_say(lang)
    })
    .await
    .map(Json)
}

/// Gives accounts to managers.
#[utoipa::path(put, path = "/api/assignments", tag = "import", responses((status = 200, description = "How many were given"), (status = 422, description = "An assignment is incomplete")))]
pub(crate) async fn assign(
    shared: Shared,
    Reader(lang): Reader,
    Json(given): Json<Given>,
) -> Result<Json<Value>, ApiError> {
    let changed = run(move || shared.takar.assign(&given.assignments).or_say(lang)).await?;
    Ok(Json(json!({ "changed": changed })))
}
