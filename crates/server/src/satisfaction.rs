//! `/api/satisfaction`: satisfaction and response beside sales, and what moved first.

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_app::AppError;
use takar_insight::{
    analysis::Scope,
    metrics::{CellSource, Dimension},
    satisfaction::Question,
};
use utoipa::IntoParams;

use crate::{
    Shared,
    analysis::filter_of,
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
    /// A row for each `account` (unless given), `manager`, `segment`, `region` or `branch`.
    by: Option<String>,
    /// The window; the last twelve complete months of the data unless given.
    period: Option<String>,
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

/// Of which account.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct AccountAsked {
    /// The account's id.
    account: String,
    /// The window of the measures; the last twelve complete months of the data unless given.
    period: Option<String>,
    /// Of what it said, the newest so many; 100 unless given.
    limit: Option<usize>,
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// What accounts say and how soon they are answered beside what they buy, each measure with its interval; sales by how accounts answered;
/// whether satisfaction, response and complaints move before, with or after sales.
#[utoipa::path(get, path = "/api/satisfaction", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "Satisfaction beside sales"), (status = 422, description = "No data, no such period, or it cannot be told so")))]
pub(crate) async fn satisfaction(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        // Feedback and activities change no version of the panel: they go into the name, as promises do.
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let answers = shared.answers.clone();
        answers.get(version, format!("satisfaction {asked:?} {lang:?} {credit} {mark}"), || {
            let question = Question {
                by: given(asked.by.as_ref())
                    .map_or(Ok(Dimension::Account), |by| by.parse::<Dimension>().or_say(lang))?,
                period: period_of(asked.period.as_deref(), lang)?,
                scope: Scope {
                    manager: given(asked.manager.as_ref()).map(str::to_owned),
                    filter: filter_of(asked.filter.as_deref(), lang)?,
                },
            };
            let found = shared.takar.satisfaction(credit, &question).or_say(lang)?;
            let first = shared.takar.first_moves(credit, &question.scope).or_say(lang)?;
            let page = (asked.offset.unwrap_or(0), asked.limit.unwrap_or(50).min(1_000));
            found.to_json(&first, lang, page).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}

/// One account: its months or quarters, what it said in its own words, its trends, and what happened near steps of its sales.
#[utoipa::path(get, path = "/api/satisfaction/account", tag = "analysis", params(AccountAsked, CreditAsked), responses((status = 200, description = "The account"), (status = 422, description = "No such account within reach, no such period")))]
pub(crate) async fn account(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<AccountAsked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        let mark = shared.takar.figures_mark().or_say(lang)?;
        let answers = shared.answers.clone();
        answers.get(version, format!("satisfaction of {asked:?} {lang:?} {credit} {mark}"), || {
            let period = period_of(asked.period.as_deref(), lang)?;
            let found = shared.takar.satisfaction_of(credit, &asked.account, period).or_say(lang)?;
            found.to_json(lang, asked.limit.unwrap_or(100).min(1_000)).map_err(AppError::from).or_say(lang)
        })
    })
    .await?;
    Ok(json_text(&text))
}
