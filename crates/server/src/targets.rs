//! `/api/targets`: targets suggested and judged, set as drafts, approved into facts, reconciled.

use axum::{
    Json,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{
    AppError, Decided, DraftAsked, DraftStory, GridAsked, OddsTold, ReconcileAsked, SetAsked, SetTargets, SuggestAsked,
    SuggestedTargets, TargetGrid, TargetScope,
};
use takar_model::{Lang, Money, Period, Text};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// What is to be suggested.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Suggest {
    /// For when: `2027`, `2027-Q1`, `2027-03`.
    period: String,
    /// `company`, `manager` (unless told), `account`, `product`, `category`, `region`, `segment` or `branch`.
    level: Option<String>,
    /// Only of this manager.
    manager: Option<String>,
    /// The figure; `net_sales` unless told.
    kpi: Option<String>,
    /// The chance that the suggested target is to have; 0.7 unless told.
    ambition: Option<f64>,
}

/// A target that is judged.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Odds {
    /// For when: `2027`, `2027-Q1`, `2027-03`.
    period: String,
    /// How much, plain: `1250000.5`.
    value: String,
    /// The member's id; none for the company.
    id: Option<String>,
    /// `company`, `manager` (unless told), `account`, `product`, `category`, `region`, `segment` or `branch`.
    level: Option<String>,
    /// Only of this manager.
    manager: Option<String>,
    /// The figure; `net_sales` unless told.
    kpi: Option<String>,
}

/// Which drafts.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Drafts {
    /// `draft`, `approved`, `rejected` or `replaced`; all unless told.
    state: Option<String>,
    /// Of this figure.
    kpi: Option<String>,
    /// Of this manager.
    manager: Option<String>,
    /// Of this account.
    account: Option<String>,
    /// For days of this window.
    period: Option<String>,
}

fn scope_of(kpi: Option<String>, level: Option<String>, manager: Option<String>) -> TargetScope {
    TargetScope { kpi: kpi.unwrap_or_default(), level: level.unwrap_or_default(), manager }
}

/// Reads a body as the JSON it should be, and says what is wrong with it in the reader's language.
pub(crate) fn body_of<T: serde::de::DeserializeOwned>(body: Value, lang: Lang) -> Result<T, ApiError> {
    serde_json::from_value(body).map_err(|error| {
        let (id, en) =
            (format!("isi permintaan tidak terbaca: {error}"), format!("the request cannot be read: {error}"));
        ApiError::new(&AppError::Told(takar_state::Message { id, en }), lang)
    })
}

/// A target for each member of a level, with its working: history, forecast, chances, potential, months.
#[utoipa::path(get, path = "/api/targets/suggest", tag = "targets", params(Suggest, CreditAsked), responses((status = 200, description = "Suggested targets"), (status = 422, description = "No data, too far ahead, or no such level")))]
pub(crate) async fn suggest(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Suggest>,
) -> Result<Json<SuggestedTargets>, ApiError> {
    run(move || {
        let Suggest { period, level, manager, kpi, ambition } = asked;
        let asked = SuggestAsked { scope: scope_of(kpi, level, manager), period, ambition };
        shared.takar.suggest_targets(&asked, (credit, lang)).or_say(lang)
    })
    .await
    .map(Json)
}

/// The chance to reach a target before it is set, how such chances came true, and what is questioned about it.
#[utoipa::path(get, path = "/api/targets/odds", tag = "targets", params(Odds, CreditAsked), responses((status = 200, description = "The chance"), (status = 422, description = "No data, or no such level")))]
pub(crate) async fn odds(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Odds>,
) -> Result<Json<OddsTold>, ApiError> {
    run(move || {
        let Odds { period, value, id, level, manager, kpi } = asked;
        let period: Period = period.parse().or_say(lang)?;
        let value: Money = value.parse().map_err(|_| {
            let text = Text::new("value: angka polos seperti 1250000.5", "value: a plain number such as 1250000.5");
            ApiError::new(&AppError::Asked(text), lang)
        })?;
        let id = id.filter(|id| !id.is_empty());
        let scope = scope_of(kpi, level, manager);
        shared.takar.odds_of_target(&scope, id.as_deref(), (period, value), (credit, lang)).or_say(lang)
    })
    .await
    .map(Json)
}

/// Members by months with what is typed in it: sums, chances, questions, and the gap to what is handed down. Nothing is kept.
#[utoipa::path(post, path = "/api/targets/grid", tag = "targets", params(CreditAsked), request_body = Value, responses((status = 200, description = "The grid"), (status = 422, description = "No data, or the question is wrong")))]
pub(crate) async fn grid(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Json(body): Json<Value>,
) -> Result<Json<TargetGrid>, ApiError> {
    let asked: GridAsked = body_of(body, lang)?;
    run(move || shared.takar.target_grid(&asked, (credit, lang)).or_say(lang)).await.map(Json)
}

/// Drafts and what became of them, newest first.
#[utoipa::path(get, path = "/api/targets/drafts", tag = "targets", params(Drafts), responses((status = 200, description = "Drafts"), (status = 422, description = "There is no such state")))]
pub(crate) async fn drafts(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Drafts>,
) -> Result<Json<Vec<DraftStory>>, ApiError> {
    run(move || {
        let Drafts { state, kpi, manager, account, period } = asked;
        let asked = DraftAsked { state, kpi, manager, account, period };
        shared.takar.target_drafts(&asked, lang).or_say(lang)
    })
    .await
    .map(Json)
}

/// Keeps wanted targets as drafts, all or none. Where one is odd and `confirm` gives no reason, the questions come back with
/// status 422 and nothing is kept.
#[utoipa::path(post, path = "/api/targets/drafts", tag = "targets", params(CreditAsked), request_body = Value, responses((status = 200, description = "The drafts"), (status = 422, description = "Something is questioned, unreadable or unknown; nothing was kept")))]
pub(crate) async fn set(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Json(body): Json<Value>,
) -> Result<Response, ApiError> {
    let asked: SetAsked = body_of(body, lang)?;
    let set = run(move || shared.takar.set_targets(&asked, (credit, lang)).or_say(lang)).await?;
    Ok(match set.questions(lang) {
        Some(message) => questioned(&message, &set),
        None => Json(set).into_response(),
    })
}

/// Nothing was kept: the questions, as an error that tells each of them.
fn questioned(message: &str, set: &SetTargets) -> Response {
    let body = json!({ "error": { "code": "questioned", "message": message }, "questioned": set.questioned });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

/// Makes drafts facts. The same again changes nothing and gets the same answer.
#[utoipa::path(post, path = "/api/targets/approve", tag = "targets", request_body = Value, responses((status = 200, description = "What became of the drafts"), (status = 404, description = "There is no such draft"), (status = 422, description = "A draft was rejected or replaced already")))]
pub(crate) async fn approve(
    shared: Shared,
    Reader(lang): Reader,
    Json(body): Json<Value>,
) -> Result<Json<Vec<DraftStory>>, ApiError> {
    let decided: Decided = body_of(body, lang)?;
    run(move || shared.takar.approve_targets(&decided, lang).or_say(lang)).await.map(Json)
}

/// Turns drafts down; they stay in the history.
#[utoipa::path(post, path = "/api/targets/reject", tag = "targets", request_body = Value, responses((status = 200, description = "What became of the drafts"), (status = 404, description = "There is no such draft"), (status = 422, description = "A draft was approved or replaced already")))]
pub(crate) async fn reject(
    shared: Shared,
    Reader(lang): Reader,
    Json(body): Json<Value>,
) -> Result<Json<Vec<DraftStory>>, ApiError> {
    let decided: Decided = body_of(body, lang)?;
    run(move || shared.takar.reject_targets(&decided, lang).or_say(lang)).await.map(Json)
}

/// What is handed down beside what is handed up, by member and month; closes the gap by drafts where `accept` says how.
#[utoipa::path(post, path = "/api/targets/reconcile", tag = "targets", params(CreditAsked), request_body = Value, responses((status = 200, description = "Both directions"), (status = 422, description = "There is nothing to hand down, or the question is wrong")))]
pub(crate) async fn reconcile(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Json(body): Json<Value>,
) -> Result<Response, ApiError> {
    let asked: ReconcileAsked = body_of(body, lang)?;
    let found = run(move || shared.takar.reconcile_targets(&asked, (credit, lang)).or_say(lang)).await?;
    let set = found.closed.as_ref().map(|closed| &closed.set);
    Ok(match set.and_then(|set| Some((set.questions(lang)?, set))) {
        Some((message, set)) => questioned(&message, set),
        None => Json(found).into_response(),
    })
}
