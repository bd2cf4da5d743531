//! `/api/opportunities`: what could be done, what it is worth, and where the next hours go.

use axum::{Json, extract::Query};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{DismissAsked, OpportunitiesAsked};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Which opportunities.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Of this manager's accounts.
    manager: Option<String>,
    /// Of this account.
    account: Option<String>,
    /// Kinds, several with commas: `overdue`, `fading`, `win_back`, `cross_sell`, `price`, `wallet`, `stock_out`, `lead`, `offer`, `cost`,
    /// `concentration`.
    kind: Option<String>,
    /// `true`: those that were dismissed instead.
    dismissed: Option<bool>,
    /// Hours to plan for each manager, 10 unless told.
    hours: Option<f64>,
    /// How many, 20 unless told, 1,000 at most.
    limit: Option<usize>,
    /// How many are passed over.
    offset: Option<usize>,
}

/// What is dismissed, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct DismissBody {
    /// The key.
    key: String,
    /// `wrong`, `small`, `account`, `done`, `later` or `other`.
    reason: String,
    /// In words; needed for `other`.
    note: Option<String>,
    /// Who, where the home has no users.
    by: Option<String>,
}

/// What is to be told again.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RestoreBody {
    /// The key.
    key: String,
    /// Who, where the home has no users.
    by: Option<String>,
}

/// Those worth most an hour first, each with reasons, interval and the way to its rows; how each kind is weighed or why it was not looked for; and
/// where the next hours of each manager go, with rows where it is one manager.
#[utoipa::path(get, path = "/api/opportunities", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The opportunities"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let kinds = given(asked.kind).map(|kinds| kinds.split(',').map(|kind| kind.trim().to_owned()).collect());
        let asked = OpportunitiesAsked {
            manager: given(asked.manager),
            account: given(asked.account),
            kinds: kinds.unwrap_or_default(),
            dismissed: asked.dismissed.unwrap_or(false),
            hours: asked.hours,
            offset: asked.offset.unwrap_or(0),
            limit: asked.limit,
        };
        shared.takar.opportunities(credit, &asked, lang).or_say(lang)
    })
    .await
    .map(Json)
}

/// Hides an opportunity until its situation changes.
#[utoipa::path(post, path = "/api/opportunities/dismiss", tag = "analysis", params(CreditAsked), request_body = DismissBody, responses((status = 200, description = "It is hidden"), (status = 404, description = "There is no such opportunity"), (status = 422, description = "The reason is none")))]
pub(crate) async fn dismiss(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Json(body): Json<DismissBody>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let DismissBody { key, reason, note, by } = body;
        let asked = DismissAsked { key, reason, note, by };
        shared.takar.dismiss_opportunity(credit, &asked).or_say(lang)?;
        Ok(json!({ "key": asked.key, "dismissed": true }))
    })
    .await
    .map(Json)
}

/// Tells an opportunity again that was dismissed.
#[utoipa::path(post, path = "/api/opportunities/restore", tag = "analysis", params(CreditAsked), request_body = RestoreBody, responses((status = 200, description = "It is told again"), (status = 404, description = "Nothing of that key is dismissed")))]
pub(crate) async fn restore(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Json(body): Json<RestoreBody>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        shared.takar.restore_opportunity(credit, &body.key, body.by.as_deref()).or_say(lang)?;
        Ok(json!({ "key": body.key, "dismissed": false }))
    })
    .await
    .map(Json)
}
