//! `/api/actions` and `/api/learning`: what is done, what it added, what that teaches.

use axum::{Json, extract::Query};
use serde::Deserialize;
use serde_json::Value;
use takar_app::{
    ActionChange, ActionForm, ActionSaid, ActionShown, ActionTold, ActionsAsked, EffectAsked, EffectShown, LedgerAsked,
    NewAction, PlannedAction,
};
use takar_insight::learning::Ledger;
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    number::Number,
    run,
    targets::body_of,
};

/// Which actions.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct WhichActions {
    /// `planned`, `running`, `measured` or `stopped`.
    state: Option<String>,
    /// `marketing`, `training`, `stock`, `relationship`, `sales_tool`, `price` or `other`.
    kind: Option<String>,
    /// Of this account manager.
    manager: Option<String>,
    /// With this account.
    account: Option<String>,
    /// With this text in title or hypothesis.
    search: Option<String>,
}

/// How an effect is to be measured.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct How {
    /// `synthetic_did` unless given, `synthetic_control` or `did`.
    method: Option<String>,
    /// Another KPI than that of the action.
    kpi: Option<String>,
}

/// Which part of the ledger.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct WhichPast {
    /// Of this kind.
    kind: Option<String>,
    /// In this segment.
    segment: Option<String>,
    /// Of this account manager.
    manager: Option<String>,
    /// With this text in title, origin or manager.
    search: Option<String>,
}

/// The actions in reach, newest first.
#[utoipa::path(get, path = "/api/actions", tag = "actions", params(WhichActions), responses((status = 200, description = "Actions"), (status = 422, description = "No such state or kind")))]
pub(crate) async fn list(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<WhichActions>,
) -> Result<Json<Vec<ActionTold>>, ApiError> {
    let WhichActions { state, kind, manager, account, search } = asked;
    run(move || shared.takar.improvements(&ActionsAsked { state, kind, manager, account, search }, lang).or_say(lang))
        .await
        .map(Json)
}

/// Plans an action; its comparison is decided here.
#[utoipa::path(post, path = "/api/actions", tag = "actions", request_body = Value, responses((status = 200, description = "The action"), (status = 403, description = "The role does not include it"), (status = 422, description = "It cannot be planned so")))]
pub(crate) async fn add(
    shared: Shared,
    Reader(lang): Reader,
    Json(body): Json<Value>,
) -> Result<Json<ActionShown>, ApiError> {
    let wanted: NewAction = body_of(body, lang)?;
    run(move || shared.takar.add_action(&wanted, lang).or_say(lang)).await.map(Json)
}

/// What an action would be compared with and what could be seen; nothing is kept.
#[utoipa::path(post, path = "/api/actions/plan", tag = "actions", request_body = Value, responses((status = 200, description = "The comparison"), (status = 422, description = "It cannot be planned so")))]
pub(crate) async fn plan(
    shared: Shared,
    Reader(lang): Reader,
    Json(body): Json<Value>,
) -> Result<Json<PlannedAction>, ApiError> {
    let wanted: NewAction = body_of(body, lang)?;
    run(move || shared.takar.plan_action(&wanted, lang).or_say(lang)).await.map(Json)
}

/// Kinds with what they came to so far, KPIs and templates: what a new action can be.
#[utoipa::path(get, path = "/api/actions/form", tag = "actions", responses((status = 200, description = "What can be chosen")))]
pub(crate) async fn form(shared: Shared, Reader(lang): Reader) -> Result<Json<ActionForm>, ApiError> {
    run(move || shared.takar.action_form(lang).or_say(lang)).await.map(Json)
}

/// One action with its accounts, steps and history.
#[utoipa::path(get, path = "/api/actions/{id}", tag = "actions", params(("id" = i64, Path, description = "Its number")), responses((status = 200, description = "The action"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<ActionShown>, ApiError> {
    run(move || shared.takar.action(id, lang).or_say(lang)).await.map(Json)
}

/// Changes words, days and cost of an action that is not over.
#[utoipa::path(patch, path = "/api/actions/{id}", tag = "actions", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The action"), (status = 404, description = "There is none of that number"), (status = 422, description = "It is over")))]
pub(crate) async fn edit(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<ActionShown>, ApiError> {
    let change: ActionChange = body_of(body, lang)?;
    run(move || shared.takar.edit_action(id, &change, lang).or_say(lang)).await.map(Json)
}

/// Begins, reviews, steers or closes an action: `start`, `start_later`, `review`, `change`, `step`, `undo_step`, `done`, `cancel`.
#[utoipa::path(post, path = "/api/actions/{id}/events", tag = "actions", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The action"), (status = 404, description = "There is none of that number"), (status = 422, description = "Not yet, or not any more")))]
pub(crate) async fn say(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<ActionShown>, ApiError> {
    let said: ActionSaid = body_of(body, lang)?;
    run(move || shared.takar.say_of_action(id, &said, lang).or_say(lang)).await.map(Json)
}

/// What an action added, against accounts that moved alike: verdict, interval, picture, words.
#[utoipa::path(get, path = "/api/actions/{id}/effect", tag = "actions", params(("id" = i64, Path, description = "Its number"), How), responses((status = 200, description = "The effect, or when it can be measured"), (status = 404, description = "There is no action of that number"), (status = 422, description = "No such method or KPI")))]
pub(crate) async fn effect(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Query(asked): Query<How>,
) -> Result<Json<EffectShown>, ApiError> {
    let asked = EffectAsked { method: asked.method, kpi: asked.kpi };
    run(move || shared.takar.effect(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Every action that is over, expected beside measured, and what its kind came to.
#[utoipa::path(get, path = "/api/learning", tag = "actions", params(WhichPast), responses((status = 200, description = "The ledger"), (status = 422, description = "No such kind")))]
pub(crate) async fn learning(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<WhichPast>,
) -> Result<Json<Ledger>, ApiError> {
    let WhichPast { kind, segment, manager, search } = asked;
    run(move || shared.takar.ledger(&LedgerAsked { kind, segment, manager, search }, lang).or_say(lang)).await.map(Json)
}
