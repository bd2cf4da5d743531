//! `/api/dossier`: all that is held about a person.

use axum::{
    Json,
    extract::Query,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use takar_app::{DossierAsked, Held};
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Whose: the own unless said.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Of this account manager.
    manager: Option<String>,
    /// Of this user.
    login: Option<String>,
}

impl From<Asked> for DossierAsked {
    fn from(asked: Asked) -> Self {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self { manager: given(asked.manager), login: given(asked.login) }
    }
}

/// What is held about a person in Takar, in numbers, and who looked at it.
#[utoipa::path(get, path = "/api/dossier", tag = "users", params(Asked), responses((status = 200, description = "How many rows of which kind"), (status = 403, description = "Somebody else's, and not an owner")))]
pub(crate) async fn held(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Held>, ApiError> {
    run(move || shared.takar.held_about(&asked.into(), lang).or_say(lang)).await.map(Json)
}

/// All that is held about a person, as a ZIP archive of CSV files.
#[utoipa::path(get, path = "/api/dossier.zip", tag = "users", params(Asked), responses((status = 200, description = "A ZIP archive"), (status = 403, description = "Somebody else's, and not an owner")))]
pub(crate) async fn dossier(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let dossier = run(move || shared.takar.dossier(&asked.into()).or_say(lang)).await?;
    let name = format!("attachment; filename=\"{}\"", dossier.name);
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, dossier.zip).into_response())
}
