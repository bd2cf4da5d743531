//! `/api/lines`: the rows behind a figure.

use axum::{Json, extract::Query};
use serde::Deserialize;
use takar_lake::{Lacking, LineFilter, LinePage};
use takar_model::{Period, PeriodError};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// The most rows that one page holds.
const MOST_ROWS: usize = 1_000;

/// Which rows.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Number of the invoice.
    invoice: Option<String>,
    /// Account id.
    account: Option<String>,
    /// Manager id.
    manager: Option<String>,
    /// Product id.
    product: Option<String>,
    /// Region.
    region: Option<String>,
    /// `manager`, `account` or `product`: rows that lack it.
    #[param(value_type = Option<String>)]
    without: Option<Lacking>,
    /// A period: `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`.
    period: Option<String>,
    /// The first day, where there is no period.
    from: Option<String>,
    /// The last day, where there is no period.
    to: Option<String>,
    /// Import number.
    import: Option<i64>,
    /// Rows on the page, 100 unless told, 1,000 at most.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

/// Source rows, newest first, each with its import, file, sheet and row.
#[utoipa::path(get, path = "/api/lines", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "Rows"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn lines(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Json<LinePage>, ApiError> {
    run(move || {
        let filter = LineFilter {
            credit,
            period: period_of(&asked).or_say(lang)?,
            invoice: asked.invoice,
            account: asked.account,
            manager: asked.manager,
            reach: None,
            product: asked.product,
            region: asked.region,
            without: asked.without,
            import: asked.import,
            limit: asked.limit.unwrap_or(100).min(MOST_ROWS),
            offset: asked.offset.unwrap_or_default(),
        };
        shared.takar.lines(&filter).or_say(lang)
    })
    .await
    .map(Json)
}

fn period_of(asked: &Asked) -> Result<Option<Period>, PeriodError> {
    let given = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
    let text = match (given(&asked.period), given(&asked.from), given(&asked.to)) {
        (Some(period), _, _) => period,
        (None, None, None) => return Ok(None),
        (None, from, to) => {
            format!("{}..{}", from.as_deref().unwrap_or("0001-01-01"), to.as_deref().unwrap_or("9999-12-30"))
        }
    };
    Ok(Some(text.parse::<Period>()?))
}
