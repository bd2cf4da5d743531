//! `/api/overview`: the first page.

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_insight::metrics::CellSource;
use takar_model::{Lang, Period};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    run,
};

/// Which window.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A period; the last complete month of the data unless given.
    period: Option<String>,
}

/// The company, its managers, months and movers in one answer.
#[utoipa::path(get, path = "/api/overview", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "The overview"), (status = 422, description = "No data, or no such period")))]
pub(crate) async fn overview(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let period = period_of(asked.period.as_deref(), lang)?;
        let source = shared.takar.source(credit).or_say(lang)?;
        let name = format!("overview {period:?} {lang:?} {credit}");
        shared.answers.get(source.data_version(), name, || {
            let overview = takar_insight::evaluation::overview(source.as_ref(), period).or_say(lang)?;
            overview.to_json(lang).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// A period that was asked for; an empty one is none.
pub(crate) fn period_of(text: Option<&str>, lang: Lang) -> Result<Option<Period>, ApiError> {
    text.filter(|text| !text.is_empty()).map(|text| text.parse::<Period>().or_say(lang)).transpose()
}
