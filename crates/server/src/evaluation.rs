//! `/api/evaluation`: every manager's figures beside the past, the target and the peers; also as a file.

use axum::{
    extract::Query,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use takar_insight::{evaluation::Evaluation, metrics::CellSource};
use takar_model::{Credit, Lang};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    imports::xlsx,
    json_text,
    language::Reader,
    overview::period_of,
    run,
};

/// Which evaluation.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A period; the last complete month of the data unless given.
    period: Option<String>,
    /// One manager's id.
    manager: Option<String>,
}

fn evaluate(shared: &Shared, asked: &Asked, (credit, lang): (Credit, Lang)) -> Result<Evaluation, ApiError> {
    let period = period_of(asked.period.as_deref(), lang)?;
    let manager = asked.manager.as_deref().filter(|id| !id.is_empty());
    shared.takar.evaluation(credit, period, manager).or_say(lang)
}

/// The evaluation of a window.
#[utoipa::path(get, path = "/api/evaluation", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "The evaluation"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn evaluation(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let version = shared.takar.source(credit).or_say(lang)?.data_version();
        // Absences are no part of the version of the figures.
        let name = format!("evaluation {asked:?} {lang:?} {credit} {}", shared.takar.version_mark());
        let answers = shared.answers.clone();
        answers.get(version, name, || evaluate(&shared, &asked, (credit, lang))?.to_json(lang).or_say(lang))
    })
    .await?;
    Ok(json_text(&text))
}

/// The evaluation as one HTML file that prints well.
#[utoipa::path(get, path = "/api/evaluation.html", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "HTML")))]
pub(crate) async fn evaluation_html(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let html = run(move || Ok(evaluate(&shared, &asked, (credit, lang))?.html(lang))).await?;
    let name = format!("attachment; filename=\"{}.html\"", file_name(lang));
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], html)
        .into_response())
}

/// The evaluation as a workbook.
#[utoipa::path(get, path = "/api/evaluation.xlsx", tag = "ask", params(Asked, CreditAsked), responses((status = 200, description = "XLSX")))]
pub(crate) async fn evaluation_xlsx(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let bytes = run(move || evaluate(&shared, &asked, (credit, lang))?.xlsx(lang).or_say(lang)).await?;
    Ok(xlsx(bytes, &format!("{}.xlsx", file_name(lang))))
}

const fn file_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Id => "evaluasi",
        Lang::En => "evaluation",
    }
}
