//! `/api/profit`: margin after what it costs to serve.

use axum::{Json, extract::Query, response::Response};
use serde::{Deserialize, Serialize};
use takar_app::AppError;
use takar_insight::{
    metrics::Dimension,
    profit::{Change, Question, Rates, SmallOrders},
};
use takar_model::{Lang, Money, Text};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Shared,
    analysis::{compare_of, filter_of},
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    page_of, run,
};

/// Which window, of whom, and how told apart.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A row for each `account` (unless given), `manager`, `segment`, `region` or `branch`.
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

/// What would be different.
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
    /// No line below this share of the median that peers pay for the product: 0.95.
    price_floor: Option<f64>,
    /// No line below its cost and this share of it on top: 0.1.
    above_cost: Option<f64>,
    /// No order below this amount.
    min_order: Option<String>,
    /// What becomes of smaller orders: `refuse` (unless given), `merge` into the account's next ones, or `fee`.
    small_orders: Option<String>,
    /// What is charged for a small order; `small_orders` is `fee` then.
    small_order_fee: Option<String>,
    /// The share of visits that falls away: 0.2 is a fifth; none unless given.
    visits: Option<f64>,
    /// The share that the asker assumes is lost of the margin of what the change touches; none unless given.
    lose: Option<f64>,
    /// Accounts at most; 50 unless given.
    limit: Option<usize>,
    /// Accounts passed over.
    offset: Option<usize>,
}

impl WhatIfAsked {
    fn change(&self, lang: Lang) -> Result<Change, ApiError> {
        let amount =
            |text: Option<&String>| given(text).map(|text| text.parse::<Money>().map_err(|_| NO_AMOUNT)).transpose();
        let fee = amount(self.small_order_fee.as_ref()).map_err(AppError::Asked).or_say(lang)?;
        let small_orders = match (given(self.small_orders.as_ref()), fee) {
            (None | Some("refuse"), None) => Ok(SmallOrders::Refuse),
            (Some("merge"), None) => Ok(SmallOrders::Merge),
            (None | Some("fee"), Some(fee)) => Ok(SmallOrders::Fee(fee)),
            _ => Err(NO_WAY),
        };
        Ok(Change {
            price_floor: self.price_floor,
            above_cost: self.above_cost,
            least_order: amount(self.min_order.as_ref()).map_err(AppError::Asked).or_say(lang)?,
            small_orders: small_orders.map_err(AppError::Asked).or_say(lang)?,
            fewer_visits: self.visits.unwrap_or(0.0),
            margin_lost: self.lose.unwrap_or(0.0),
        })
    }
}

const NO_AMOUNT: Text = Text::new("tulis jumlah uang, misalnya 500000", "write an amount of money, such as 500000");
const NO_WAY: Text = Text::new(
    "small_orders: refuse, merge, atau fee dengan small_order_fee",
    "small_orders: refuse, merge, or fee with small_order_fee",
);

/// What an hour of selling and an order cost.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatesBody {
    /// The cost of an hour; none while it is not set.
    hourly: Option<f64>,
    /// The hours that a day is counted as.
    hours_a_day: f64,
    /// What falls away with an order that is not made; none while it is not set.
    #[serde(default)]
    per_order: Option<f64>,
}

impl From<Rates> for RatesBody {
    fn from(Rates { hourly, hours_a_day, per_order }: Rates) -> Self {
        Self { hourly, hours_a_day, per_order }
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
        let rates = shared.takar.cost_rates().or_say(lang)?;
        shared.figures((credit, lang), &format!("profit {asked:?} {rates:?}"), || {
            let found = shared.takar.profit(credit, &asked.question(lang)?).or_say(lang)?;
            let (offset, limit) = page_of(asked.offset, asked.limit);
            found.to_json(lang, offset, limit).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// What profit would be with a floor of prices, a minimum order or fewer visits: only arithmetic, accounts go on buying unless the asker assumes otherwise.
#[utoipa::path(get, path = "/api/profit/what-if", tag = "analysis", params(WhatIfAsked, CreditAsked), responses((status = 200, description = "Profit as it is and as it would be"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn what_if(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<WhatIfAsked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let change = asked.change(lang)?;
        let question = Question {
            period: period_of(asked.period.as_deref(), lang)?,
            manager: given(asked.manager.as_ref()).map(str::to_owned),
            filter: filter_of(asked.filter.as_deref(), lang)?,
            ..Question::default()
        };
        let rates = shared.takar.cost_rates().or_say(lang)?;
        shared.figures((credit, lang), &format!("what if {asked:?} {rates:?}"), || {
            let found = shared.takar.profit_what_if(credit, &question, change).or_say(lang)?;
            let (offset, limit) = page_of(asked.offset, asked.limit);
            found.to_json(lang, offset, limit).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// Hours of serving beside what they went with, accounts whose hours earn least, margin without hours, and where the next hours are expected to pay most.
#[utoipa::path(get, path = "/api/profit/hours", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "Hours beside worth"), (status = 422, description = "No data, no such period, or costs cannot tell it")))]
pub(crate) async fn hours(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    // Opportunities have a mark of their own and are kept for everybody: nothing is kept here.
    let text = run(move || {
        let found = shared.takar.profit_hours(credit, &asked.question(lang)?).or_say(lang)?;
        let (offset, limit) = page_of(asked.offset, asked.limit);
        found.to_json(lang, offset, limit).map_err(AppError::from).or_say(lang)
    })
    .await?;
    Ok(json_text(&text))
}

/// What an hour of selling and an order cost.
#[utoipa::path(get, path = "/api/profit/rates", tag = "analysis", responses((status = 200, description = "The rates", body = RatesBody)))]
pub(crate) async fn rates(shared: Shared, Reader(lang): Reader) -> Result<Json<RatesBody>, ApiError> {
    run(move || shared.takar.cost_rates().or_say(lang)).await.map(|kept| Json(kept.into()))
}

/// Sets what an hour of selling and an order cost.
#[utoipa::path(put, path = "/api/profit/rates", tag = "analysis", request_body = RatesBody, responses((status = 200, description = "The rates as they are kept", body = RatesBody), (status = 422, description = "It cannot be a rate")))]
pub(crate) async fn set_rates(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<RatesBody>,
) -> Result<Json<RatesBody>, ApiError> {
    run(move || {
        let RatesBody { hourly, hours_a_day, per_order } = asked;
        shared.takar.set_cost_rates(Rates { hourly, hours_a_day, per_order }).or_say(lang)
    })
    .await
    .map(|kept| Json(kept.into()))
}
