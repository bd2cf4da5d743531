//! `/api/products`: what becomes of products.

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_app::AppError;
use takar_insight::{analysis::Scope, metrics::Dimension, products::Question};
use utoipa::IntoParams;

use crate::{
    Shared,
    analysis::filter_of,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    page_of, run,
};

/// Which window, of whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A row for each `product` (unless given) or `category`.
    by: Option<String>,
    /// The window; the last twelve complete months of the data unless given.
    period: Option<String>,
    /// Only sales of one manager.
    manager: Option<String>,
    /// Only some lines: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
    /// Rows at most; 50 unless given.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

/// Trend, accounts that began and stopped, complaints and requests of each product, and products that move together.
#[utoipa::path(get, path = "/api/products", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The products"), (status = 422, description = "No data, no such period or dimension")))]
pub(crate) async fn products(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        shared.figures((credit, lang), &format!("products {asked:?}"), || {
            let by = asked.by.as_deref().filter(|by| !by.is_empty());
            let question = Question {
                by: by.map_or(Ok(Dimension::Product), |by| by.parse::<Dimension>().or_say(lang))?,
                period: period_of(asked.period.as_deref(), lang)?,
                scope: Scope {
                    manager: asked.manager.clone().filter(|id| !id.is_empty()),
                    filter: filter_of(asked.filter.as_deref(), lang)?,
                },
            };
            let found = shared.takar.products(credit, &question).or_say(lang)?;
            let (offset, limit) = page_of(asked.offset, asked.limit);
            found.to_json(lang, offset, limit).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}
