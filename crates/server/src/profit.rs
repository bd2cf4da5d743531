//! `/api/profit`: margin after what it costs to serve.

use axum::{Json, extract::Query, response::Response};
use serde::{Deserialize, Serialize};
use takar_app::AppError;
use takar_insight::{
    metrics::{CellSource, Dimension},
    profit::{Change, Question, Rates},
};
use takar_model::Lang;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Shared,
    analysis::{compare_of, filter_of},
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    run,
};

/// Which window, of whom, and how told apart.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A row for each `account` (unless given), `manager`, `segment` or `region`.
    by: Option<String>,
    /// The window; the last twelve complete months of the data unless given.
    period: Option<String>,
    /// Beside it: `prior` or `year`.
    compare: Option<String>,
    /// Only what is one manager's.
    manager: Option<String>,
    /// Only some: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
    /// Rows at most; 50 unless given.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

/// Fewer visits.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct WhatIfAsked {
    /// The window; the last twelve complete months of the data unless given.
    period: Option<String>,
    /// Only what is one manager's.
    manager: Option<String>,
    /// Only some: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
    /// The share of visits that falls away: 0.2 is a fifth; none unless given.
    visits: Option<f64>,
    /// The share of margin that the asker assumes is lost with them; none unless given.
    lose: Option<f64>,
}

/// What an hour of selling costs.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatesBody {
    /// The cost of an hour; none while it is not set.
    hourly: Option<f64>,
    /// The hours that a day is counted as.
    hours_a_day: f64,
}

impl From<Rates> for RatesBody {
    fn from(Rates { hourly, hours_a_day }: Rates) -> Self {
        Self { hourly, hours_a_day }
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

impl Asked {
    fn question(&self, lang: Lang) -> Result<Question, ApiError> {
        Ok(Question {
            by: given(self.by.as_ref()).map_or(Ok(Dimension::Account), |by| by.parse::<Dimension>().or_say(lang))?,
            period: period_of(self.period.as_deref(), lang)?,
            compare: compare_of(self.compare.as_deref(), lang)?,
            manager: given(self.manager.as_ref()).map(str::to_owned),
            filter: filter_of(self.filter.as_deref(), lang)?,
        })
    }
}

/// Margin, cost to serve and net profit of each member, the whale curve, accounts that cost more than they earn, and such as cost far more
/// than accounts of their size.
#[utoipa::path(get, path = "/api/profit", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The profit"), (status = 422, description = "No data, no such period, or costs cannot tell it")))]
pub(crate) async fn profit(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        // Costs and activities change no version of the panel: they go into the name, as the rates do.
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let rates = shared.takar.cost_rates().or_say(lang)?;
        shared.answers.get(version, format!("profit {asked:?} {lang:?} {credit} {mark} {rates:?}"), || {
            let found = shared.takar.profit(credit, &asked.question(lang)?).or_say(lang)?;
            let (offset, limit) = (asked.offset.unwrap_or(0), asked.limit.unwrap_or(50).min(1000));
            found.to_json(lang, offset, limit).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// What profit would be with fewer visits: only arithmetic, accounts go on buying unless the asker assumes otherwise.
#[utoipa::path(get, path = "/api/profit/what-if", tag = "analysis", params(WhatIfAsked, CreditAsked), responses((status = 200, description = "Profit as it is and as it would be"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn what_if(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<WhatIfAsked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let change = Change { fewer_visits: asked.visits.unwrap_or(0.0), margin_lost: asked.lose.unwrap_or(0.0) };
        let change = change.checked().map_err(AppError::Asked).or_say(lang)?;
        let question = Question {
            period: period_of(asked.period.as_deref(), lang)?,
            manager: given(asked.manager.as_ref()).map(str::to_owned),
            filter: filter_of(asked.filter.as_deref(), lang)?,
            ..Question::default()
        };
        let found = shared.takar.profit(credit, &question).or_say(lang)?;
        found.what_if_json(&found.what_if(change), lang).map_err(AppError::from).or_say(lang)
    })
    .await?;
    Ok(json_text(&text))
}

/// What an hour of selling costs.
#[utoipa::path(get, path = "/api/profit/rates", tag = "analysis", responses((status = 200, description = "The rates", body = RatesBody)))]
pub(crate) async fn rates(shared: Shared, Reader(lang): Reader) -> Result<Json<RatesBody>, ApiError> {
    run(move || shared.takar.cost_rates().or_say(lang)).await.map(|kept| Json(kept.into()))
}

/// Sets what an hour of selling costs.
#[utoipa::path(put, path = "/api/profit/rates", tag = "analysis", request_body = RatesBody, responses((status = 200, description = "The rates as they are kept", body = RatesBody), (status = 422, description = "It cannot be a rate")))]
pub(crate) async fn set_rates(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<RatesBody>,
) -> Result<Json<RatesBody>, ApiError> {
    run(move || {
        let RatesBody { hourly, hours_a_day } = asked;
        shared.takar.set_cost_rates(Rates { hourly, hours_a_day }).or_say(lang)
    })
    .await
    .map(|kept| Json(kept.into()))
}
