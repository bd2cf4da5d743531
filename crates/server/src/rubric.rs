//! `/api/rubric`: what leads say of how managers work, with evidence.

use axum::{Json, extract::Query};
use serde::Deserialize;
use takar_app::{RatingAsked, RatingTold, Rubric, RubricAsked};
use takar_model::Period;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    overview::period_of,
    run,
};

/// Which ratings.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Of days in this period: `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`; of all unless given.
    period: Option<String>,
    /// Of this manager.
    manager: Option<String>,
}

/// A rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingBody {
    /// Who rates.
    rater: String,
    /// The manager's id.
    manager: String,
    /// `needs`, `preparation`, `clarity`, `promises` or `complaints`.
    criterion: String,
    /// 1 to 5.
    score: u8,
    /// What was seen or heard, when, with which account.
    evidence: String,
    /// The day that was observed; today unless given.
    day: Option<String>,
    /// The row that shows it: `activities:ID`, `offers:ID` or `feedback:ID`.
    fact: Option<String>,
    /// The number of the rating that this one takes the place of.
    corrects: Option<i64>,
}

/// The criteria, the means with their intervals, and the ratings, newest first.
#[utoipa::path(get, path = "/api/rubric", tag = "ask", params(Asked), responses((status = 200, description = "The rubric"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn rubric(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Rubric>, ApiError> {
    run(move || {
        let period = period_of(asked.period.as_deref(), lang)?;
        let manager = asked.manager.filter(|id| !id.is_empty());
        shared.takar.rubric(&RubricAsked { period, manager, managers: None }, lang).or_say(lang)
    })
    .await
    .map(Json)
}

/// Keeps a rating; it is never changed, only corrected by another.
#[utoipa::path(post, path = "/api/rubric", tag = "ask", request_body = RatingBody, responses((status = 200, description = "The rating as it is kept"), (status = 404, description = "There is no rating of that number to correct"), (status = 422, description = "It cannot be kept")))]
pub(crate) async fn rate(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<RatingBody>,
) -> Result<Json<RatingTold>, ApiError> {
    run(move || {
        let day = period_of(asked.day.as_deref(), lang)?.map(Period::from);
        let RatingBody { rater, manager, criterion, score, evidence, fact, corrects, .. } = asked;
        let rating = RatingAsked { rater, manager, criterion, score, evidence, day, fact, corrects };
        shared.takar.rate(&rating).or_say(lang)
    })
    .await
    .map(Json)
}
