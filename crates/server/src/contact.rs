//! `/api/contact`: how a person is written to.

use axum::{Json, extract::Query};
use serde::Deserialize;
use serde_json::Value;
use takar_app::{ContactAsked, ContactTold};
use utoipa::IntoParams;

use crate::{
    Shared,
    alerts::body_of,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Whose.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Whose {
    /// The login; oneself unless given.
    login: Option<String>,
}

impl Whose {
    fn login(&self) -> Option<&str> {
        self.login.as_deref().filter(|login| !login.is_empty())
    }
}

/// Address, language and digest of oneself, or of anybody for an owner.
#[utoipa::path(get, path = "/api/contact", tag = "users", params(Whose), responses((status = 200, description = "How the person is written to"), (status = 403, description = "It is another's"), (status = 422, description = "Nobody in particular asks")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Query(whose): Query<Whose>,
) -> Result<Json<ContactTold>, ApiError> {
    run(move || shared.takar.contact(whose.login()).or_say(lang)).await.map(Json)
}

/// Changes address, language or digest; what is not named stays.
#[utoipa::path(put, path = "/api/contact", tag = "users", params(Whose), request_body = Value, responses((status = 200, description = "How the person is written to"), (status = 403, description = "It is another's"), (status = 422, description = "That is no address")))]
pub(crate) async fn change(
    shared: Shared,
    Reader(lang): Reader,
    Query(whose): Query<Whose>,
    Json(body): Json<Value>,
) -> Result<Json<ContactTold>, ApiError> {
    run(move || {
        let asked: ContactAsked = body_of(body, lang)?;
        shared.takar.set_contact(whose.login(), &asked).or_say(lang)
    })
    .await
    .map(Json)
}
