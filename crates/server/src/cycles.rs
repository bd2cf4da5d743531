//! `/api/cycles` and `/api/evaluations`: evaluation cycles, and what manager and lead say in each evaluation.

use axum::{Json, extract::Query};
use serde::Deserialize;
use serde_json::Value;
use takar_app::{
    AssessAsked, CloseAsked, CommentAsked, CycleAsked, CycleTold, DecisionAsked, Differs, DisputeAsked, EvaluationTold,
    FreezeAsked, HistoryAsked, HistoryTold, Late, Reproduced, SignAsked, TalkAsked,
};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    language::Reader,
    number::Number,
    run,
    targets::body_of,
};

/// Which evaluations.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Which {
    /// Of this manager; of all in reach unless given.
    manager: Option<String>,
}

/// Which version of the figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Version {
    /// A version of the frozen figures; the last unless given.
    version: Option<u32>,
}

/// All cycles with an evaluation in reach, newest first, and how far they are.
#[utoipa::path(get, path = "/api/cycles", tag = "cycles", responses((status = 200, description = "Cycles")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<CycleTold>>, ApiError> {
    run(move || shared.takar.cycles().or_say(lang)).await.map(Json)
}

/// Opens a cycle and freezes the figures of its managers under the rule of credit that is asked for.
#[utoipa::path(post, path = "/api/cycles", tag = "cycles", params(CreditAsked), request_body = Value, responses((status = 200, description = "The cycle"), (status = 422, description = "It cannot be opened so")))]
pub(crate) async fn open(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Json(body): Json<Value>,
) -> Result<Json<CycleTold>, ApiError> {
    let asked: CycleAsked = body_of(body, lang)?;
    run(move || shared.takar.open_cycle(&asked, credit).or_say(lang)).await.map(Json)
}

/// One cycle with the evaluations in reach: stage, what is awaited of whom, what is late.
#[utoipa::path(get, path = "/api/cycles/{id}", tag = "cycles", params(("id" = i64, Path, description = "Its number")), responses((status = 200, description = "The cycle"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn show(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<CycleTold>, ApiError> {
    run(move || shared.takar.cycle(id).or_say(lang)).await.map(Json)
}

/// Closes a cycle: nothing in it changes any more. Where not everything is signed it has to be said why.
#[utoipa::path(post, path = "/api/cycles/{id}/close", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The cycle"), (status = 404, description = "There is none of that number"), (status = 422, description = "A reason is missing, or it is closed")))]
pub(crate) async fn close(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<CycleTold>, ApiError> {
    let asked: CloseAsked = body_of(body, lang)?;
    run(move || shared.takar.close_cycle(id, &asked).or_say(lang)).await.map(Json)
}

/// Tells who is late in a cycle by the ways out, once a day for each stage.
#[utoipa::path(post, path = "/api/cycles/{id}/remind", tag = "cycles", params(("id" = i64, Path, description = "Its number")), responses((status = 200, description = "Who is late, and whether it was told now"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn remind(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<Vec<Late>>, ApiError> {
    run(move || shared.takar.remind(Some(id)).or_say(lang)).await.map(Json)
}

/// The evaluations in reach of one manager, newest first, with what the scorecards came to; of all the newest 200.
#[utoipa::path(get, path = "/api/evaluations", tag = "cycles", params(Which), responses((status = 200, description = "Evaluations")))]
pub(crate) async fn history(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Which>,
) -> Result<Json<Vec<HistoryTold>>, ApiError> {
    run(move || shared.takar.evaluation_history(&HistoryAsked { manager: asked.manager }).or_say(lang)).await.map(Json)
}

/// One evaluation: its frozen figures, and what was said as far as the one who asks may see it.
#[utoipa::path(get, path = "/api/evaluations/{id}", tag = "cycles", params(("id" = i64, Path, description = "Its number"), Version), responses((status = 200, description = "The evaluation"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn evaluation(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Query(asked): Query<Version>,
) -> Result<Json<EvaluationTold>, ApiError> {
    run(move || shared.takar.evaluation_told(id, asked.version, lang).or_say(lang)).await.map(Json)
}

/// Keeps what one's own side writes. Handed in, it stays as it is and the other side reads it.
#[utoipa::path(put, path = "/api/evaluations/{id}/assessment", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 403, description = "The role does not include it"), (status = 422, description = "It is the other side's, or was handed in")))]
pub(crate) async fn assess(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: AssessAsked = body_of(body, lang)?;
    run(move || shared.takar.assess(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Keeps what was agreed in a conversation.
#[utoipa::path(post, path = "/api/evaluations/{id}/talks", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 422, description = "Not yet, or not any more")))]
pub(crate) async fn talk(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: TalkAsked = body_of(body, lang)?;
    run(move || shared.takar.talk(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Signs for one's own side: agreeing, or seen and not agreed to.
#[utoipa::path(post, path = "/api/evaluations/{id}/signatures", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 422, description = "Not yet, or other figures were read")))]
pub(crate) async fn sign(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: SignAsked = body_of(body, lang)?;
    run(move || shared.takar.sign(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Adds a comment, on the whole or on one KPI.
#[utoipa::path(post, path = "/api/evaluations/{id}/comments", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 422, description = "It is empty")))]
pub(crate) async fn comment(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: CommentAsked = body_of(body, lang)?;
    run(move || shared.takar.comment(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Disputes a credited number of one's own.
#[utoipa::path(post, path = "/api/evaluations/{id}/disputes", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 422, description = "There is no such number, or claim or evidence is missing")))]
pub(crate) async fn dispute(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: DisputeAsked = body_of(body, lang)?;
    run(move || shared.takar.dispute(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Decides a dispute; nobody decides one's own.
#[utoipa::path(post, path = "/api/disputes/{id}/decision", tag = "cycles", params(("id" = i64, Path, description = "The dispute's number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 404, description = "There is none of that number"), (status = 422, description = "It cannot be decided so")))]
pub(crate) async fn decide(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: DecisionAsked = body_of(body, lang)?;
    run(move || shared.takar.decide_dispute(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// Freezes the figures again, as the next version; the earlier ones stay.
#[utoipa::path(post, path = "/api/evaluations/{id}/figures", tag = "cycles", params(("id" = i64, Path, description = "Its number")), request_body = Value, responses((status = 200, description = "The evaluation"), (status = 422, description = "A reason is missing")))]
pub(crate) async fn freeze(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(body): Json<Value>,
) -> Result<Json<EvaluationTold>, ApiError> {
    let asked: FreezeAsked = body_of(body, lang)?;
    run(move || shared.takar.freeze_again(id, &asked, lang).or_say(lang)).await.map(Json)
}

/// The frozen figures counted again from the data and definitions of then, held against what was kept byte by byte.
#[utoipa::path(get, path = "/api/evaluations/{id}/reproduced", tag = "cycles", params(("id" = i64, Path, description = "Its number"), Version), responses((status = 200, description = "Whether they are the same"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn reproduced(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Query(asked): Query<Version>,
) -> Result<Json<Reproduced>, ApiError> {
    run(move || shared.takar.reproduce(id, asked.version, lang).or_say(lang)).await.map(Json)
}

/// What would differ with today's data and definitions, and because of what.
#[utoipa::path(get, path = "/api/evaluations/{id}/differs", tag = "cycles", params(("id" = i64, Path, description = "Its number"), Version), responses((status = 200, description = "What would differ"), (status = 404, description = "There is none of that number")))]
pub(crate) async fn differs(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Query(asked): Query<Version>,
) -> Result<Json<Differs>, ApiError> {
    run(move || shared.takar.differs(id, asked.version, lang).or_say(lang)).await.map(Json)
}
