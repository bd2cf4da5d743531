//! `/api/stock`: how much of each product each branch should have, and what to order.

use axum::{Json, extract::Query};
use serde::Deserialize;
use serde_json::Value;
use takar_app::StockAsked;
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Which stock, and for how long it has to last.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// In this branch.
    branch: Option<String>,
    /// Of this product.
    product: Option<String>,
    /// States, several with commas: `out`, `short`, `unknown`, `enough`, `slow`, `dead`, `untold`.
    state: Option<String>,
    /// Days from an order to its arrival, 14 unless told.
    lead: Option<u16>,
    /// Days from one order to the next, 7 unless told.
    review: Option<u16>,
    /// How often stock is to last until the next order arrives: `95%` or `0.95`; 95 % unless told.
    service: Option<String>,
    /// Months of what is expected after which stock is slow, 6 unless told.
    slow: Option<u16>,
    /// How many, 20 unless told, 1,000 at most.
    limit: Option<usize>,
    /// How many are passed over.
    offset: Option<usize>,
}

/// The most urgent first: what is expected to be wanted, what has to be there, what is there, what to order and why; and how often such levels
/// lasted on the past. Only for who may see everybody's sales.
#[utoipa::path(get, path = "/api/stock", tag = "analysis", params(Asked), responses((status = 200, description = "The stock"), (status = 403, description = "Only for who may see everybody's sales"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn stock(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let states = given(asked.state).map(|states| states.split(',').map(|state| state.trim().to_owned()).collect());
        let asked = StockAsked {
            branch: given(asked.branch),
            product: given(asked.product),
            states: states.unwrap_or_default(),
            lead: asked.lead,
            review: asked.review,
            service: given(asked.service),
            slow: asked.slow,
            offset: asked.offset.unwrap_or(0),
            limit: asked.limit,
        };
        shared.takar.stock(&asked, lang).or_say(lang)
    })
    .await
    .map(Json)
}
