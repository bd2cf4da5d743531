//! `/api/alerts`: rules that watch KPIs, the alerts they raised, and what became of them.

use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{AlertTold, AlertsAsked, Checked, RuleTold, StepAsked, alert_rule_from_json};
use takar_insight::alerts::{Reference, Scope, words};
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    number::Number,
    run,
};

/// Which alerts.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// In this state only: open, acknowledged, snoozed, action, passed, closed, or all; those that are not over unless given.
    state: Option<String>,
    /// About this member only, by id.
    member: Option<String>,
    /// Raised by this rule only.
    rule: Option<i64>,
}

/// Alerts in sight, newest first.
#[utoipa::path(get, path = "/api/alerts", tag = "alerts", params(Asked), responses((status = 200, description = "Alerts"), (status = 422, description = "There is no such state")))]
pub(crate) async fn list(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<AlertTold>>, ApiError> {
    let asked = AlertsAsked { state: asked.state, member: asked.member, rule: asked.rule };
    run(move || shared.takar.alerts(&asked, lang).or_say(lang)).await.map(Json)
}

/// One alert with what was done about it.
#[utoipa::path(get, path = "/api/alerts/{id}", tag = "alerts", params(("id" = i64, Path, description = "Its number")), responses((status = 200, description = "The alert"), (status = 404, description = "There is none of that number in sight")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<AlertTold>, ApiError> {
    run(move || shared.takar.alert(id, lang).or_say(lang)).await.map(Json)
}

/// Acknowledges an alert, lets it rest until a day, notes the action made of it, or closes it with a note.
#[utoipa::path(post, path = "/api/alerts/{id}/{step}", tag = "alerts", params(("id" = i64, Path, description = "Its number"), ("step" = String, Path, description = "acknowledge, snooze, action or close")), request_body = Value, responses((status = 200, description = "The alert"), (status = 404, description = "There is none of that number in sight"), (status = 422, description = "It is over, or something is missing")))]
pub(crate) async fn step(
    shared: Shared,
    Reader(lang): Reader,
    Path((id, step)): Path<(i64, String)>,
    Json(body): Json<Value>,
) -> Result<Json<AlertTold>, ApiError> {
    run(move || {
        let asked: StepAsked = body_of(body, lang)?;
        shared.takar.step_alert(id, &step, &asked, lang).or_say(lang)
    })
    .await
    .map(Json)
}

/// The rules that hold, and what a rule can say.
#[utoipa::path(get, path = "/api/alerts/rules", tag = "alerts", responses((status = 200, description = "Rules"), (status = 403, description = "Only who sees everybody")))]
pub(crate) async fn rules(shared: Shared, Reader(lang): Reader) -> Result<Json<Value>, ApiError> {
    run(move || {
        let rules: Vec<RuleTold> = shared.takar.alert_rules(lang).or_say(lang)?;
        let scopes = Scope::ALL.map(|scope| json!({ "id": scope.name(), "name": scope.label().get(lang) }));
        let against = [Reference::History, Reference::Target, Reference::Forecast, Reference::Peers]
            .map(|one| json!({ "id": one, "name": words::against(one).get(lang) }));
        Ok(Json(json!({ "rules": rules, "scopes": scopes, "against": against })))
    })
    .await
}

/// Makes a rule.
#[utoipa::path(post, path = "/api/alerts/rules", tag = "alerts", request_body = Value, responses((status = 200, description = "Its number"), (status = 403, description = "The role does not include it"), (status = 422, description = "It cannot be")))]
pub(crate) async fn add_rule(shared: Shared, Reader(lang): Reader, body: String) -> Result<Json<Value>, ApiError> {
    run(move || {
        let rule = alert_rule_from_json(&body).or_say(lang)?;
        let id = shared.takar.add_alert_rule(&rule, None).or_say(lang)?;
        Ok(Json(json!({ "id": id })))
    })
    .await
}

/// Tries a rule on the last twelve months, of what who asks sees. Nothing is kept.
#[utoipa::path(post, path = "/api/alerts/rules/try", tag = "alerts", request_body = Value, responses((status = 200, description = "What it would have raised, and its series"), (status = 422, description = "It cannot be")))]
pub(crate) async fn try_rule(shared: Shared, Reader(lang): Reader, body: String) -> Result<Json<Value>, ApiError> {
    run(move || {
        let rule = alert_rule_from_json(&body).or_say(lang)?;
        Ok(Json(shared.takar.try_alert_rule(&rule, lang).or_say(lang)?.to_json(lang)))
    })
    .await
}

/// Takes a rule away; what it raised is closed with it.
#[utoipa::path(delete, path = "/api/alerts/rules/{id}", tag = "alerts", params(("id" = i64, Path, description = "Its number")), responses((status = 204, description = "Gone"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn remove_rule(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<StatusCode, ApiError> {
    run(move || shared.takar.remove_alert_rule(id, None).or_say(lang)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Looks at all rules now.
#[utoipa::path(post, path = "/api/alerts/check", tag = "alerts", responses((status = 200, description = "What is new and what passed"), (status = 403, description = "The role does not include it")))]
pub(crate) async fn check(shared: Shared, Reader(lang): Reader) -> Result<Json<Checked>, ApiError> {
    run(move || shared.takar.check_alerts().or_say(lang)).await.map(Json)
}

/// The body as it is meant; what is wrong in it is named.
pub(crate) fn body_of<T: serde::de::DeserializeOwned>(body: Value, lang: takar_model::Lang) -> Result<T, ApiError> {
    serde_json::from_value(body).map_err(|error| {
        let text = takar_state::Message {
            id: format!("isinya tidak terbaca: {error}"),
            en: format!("the body cannot be read: {error}"),
        };
        ApiError::new(&takar_app::AppError::Told(text), lang)
    })
}
