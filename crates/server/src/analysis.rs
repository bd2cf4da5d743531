//! `/api/explain`, `/api/explain/miss`, `/api/trends`, `/api/forecast`, `/api/retention`, `/api/accounts/risk`: why sales moved, what became of the accounts, which are slipping.

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use takar_app::AppError;
use takar_insight::{
    InsightError,
    analysis::{Scope, Windows, explain, forecast, miss, miss_windows, retention, risk, trends, windows},
    metrics::{CellSource, Dimension, Filter},
};
use takar_model::{Compare, Credit, Lang, Text};
use utoipa::IntoParams;

use crate::{
    Shared,
    credited::{CreditAsked, Credited},
    error::{ApiError, OrSay},
    json_text,
    language::Reader,
    overview::period_of,
    run,
};

/// Which windows, and of whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Compared with; by `compare` unless given.
    from: Option<String>,
    /// The window; the last complete month of the data unless given.
    to: Option<String>,
    /// Without `from`: `prior` (the window before, the default) or `year` (a year earlier).
    compare: Option<String>,
    /// One manager's id.
    manager: Option<String>,
    /// A condition: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
    /// For a bridge: `target` to begin at the target.
    against: Option<String>,
    /// For a bridge: members behind each bar, at most; 20 unless given.
    items: Option<usize>,
}

/// Which figure, of whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Pattern {
    /// The figure; `net_sales` unless given.
    kpi: Option<String>,
    /// Only months within this window; all complete months unless given.
    period: Option<String>,
    /// Also the trend of each member of this dimension.
    by: Option<String>,
    /// One manager's id.
    manager: Option<String>,
    /// A condition: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
}

/// How far ahead, of whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Ahead {
    /// A forecast for each member of this dimension; for all together unless given.
    by: Option<String>,
    /// Months ahead, up to 24; 6 unless given.
    horizon: Option<usize>,
    /// One manager's id.
    manager: Option<String>,
    /// A condition: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
}

/// Which accounts.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Accounts {
    /// One manager's id.
    manager: Option<String>,
    /// A condition: `region = 'West'`.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    filter: Option<String>,
    /// What comes first: `risk` (most likely lost, the default) or `worth` (most sales at risk).
    sort: Option<String>,
    /// The share of false alarms accepted among those called overdue; 0.05 unless given.
    fdr: Option<f64>,
    /// Days ahead for expected orders; 30 unless given.
    horizon: Option<u16>,
    /// Rows at most; 50 unless given.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

impl Asked {
    fn windows(&self, source: &dyn CellSource, lang: Lang) -> Result<Windows, ApiError> {
        let (from, to) = (period_of(self.from.as_deref(), lang)?, period_of(self.to.as_deref(), lang)?);
        windows(source, from, to, self.compare(lang)?.unwrap_or(Compare::Prior)).or_say(lang)
    }

    fn compare(&self, lang: Lang) -> Result<Option<Compare>, ApiError> {
        compare_of(self.compare.as_deref(), lang)
    }
}

pub(crate) fn compare_of(text: Option<&str>, lang: Lang) -> Result<Option<Compare>, ApiError> {
    match text {
        None | Some("") => Ok(None),
        Some("prior") => Ok(Some(Compare::Prior)),
        Some("year") => Ok(Some(Compare::Year)),
        Some(_) => {
            let text = Text::new("compare: prior atau year", "compare: prior or year");
            Err(ApiError::new(&AppError::Asked(text), lang))
        }
    }
}

pub(crate) fn filter_of(text: Option<&str>, lang: Lang) -> Result<Option<Filter>, ApiError> {
    text.filter(|text| !text.is_empty()).map(|text| text.parse::<Filter>().or_say(lang)).transpose()
}

fn scope_of(manager: Option<&str>, filter: Option<&str>, lang: Lang) -> Result<Scope, ApiError> {
    let manager = manager.filter(|id| !id.is_empty()).map(str::to_owned);
    Ok(Scope { manager, filter: filter_of(filter, lang)? })
}

fn dimension_of(text: Option<&str>, lang: Lang) -> Result<Option<Dimension>, ApiError> {
    text.filter(|text| !text.is_empty()).map(|text| text.parse::<Dimension>().or_say(lang)).transpose()
}

/// Answers from the source, kept for one version of the data.
async fn answer(
    shared: Shared,
    (credit, lang): (Credit, Lang),
    name: String,
    make: impl FnOnce(&dyn CellSource) -> Result<Result<String, InsightError>, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let source = shared.takar.source(credit).or_say(lang)?;
        let kept = format!("{name} {lang:?} {credit}");
        shared.answers.get(source.data_version(), kept, || make(source.as_ref())?.or_say(lang))
    })
    .await?;
    Ok(json_text(&text))
}

/// Why sales moved from one window to another: bars that add up to the difference exactly.
#[utoipa::path(get, path = "/api/explain", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The bridge"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn explain(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    answer(shared, (credit, lang), format!("explain {asked:?}"), move |source| {
        let Windows { base, current } = asked.windows(source, lang)?;
        let question = explain::Question {
            base,
            current,
            manager: asked.manager.clone().filter(|id| !id.is_empty()),
            filter: filter_of(asked.filter.as_deref(), lang)?,
            against_target: asked.against.as_deref() == Some("target"),
            items: asked.items.unwrap_or(20),
        };
        Ok(explain::explain(source, &question).and_then(|answer| answer.to_json(lang)))
    })
    .await
}

/// The few accounts, products, regions and managers behind the gap to the target (or, `against=base`, to the base window).
#[utoipa::path(get, path = "/api/explain/miss", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "The parts of the gap"), (status = 422, description = "No data, no target, no such period or manager")))]
pub(crate) async fn miss(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    answer(shared, (credit, lang), format!("miss {asked:?}"), move |source| {
        let (from, to) = (period_of(asked.from.as_deref(), lang)?, period_of(asked.to.as_deref(), lang)?);
        let question = miss::Question {
            windows: miss_windows(source, from, to, asked.compare(lang)?).or_say(lang)?,
            scope: scope_of(asked.manager.as_deref(), asked.filter.as_deref(), lang)?,
            against_target: asked.against.as_deref() != Some("base"),
        };
        Ok(miss::miss(source, &question).and_then(|found| found.to_json(lang)))
    })
    .await
}

/// Trend and pattern: rising or falling, season, breaks, calendar effects, what moves together.
#[utoipa::path(get, path = "/api/trends", tag = "analysis", params(Pattern), responses((status = 200, description = "Trend and pattern"), (status = 422, description = "No data, no such figure or manager")))]
pub(crate) async fn trends(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Pattern>,
) -> Result<Response, ApiError> {
    let text = run(move || {
        let source = shared.takar.source(credit).or_say(lang)?;
        let kpi = asked.kpi.as_deref().filter(|kpi| !kpi.is_empty()).unwrap_or("net_sales");
        let question = trends::Question {
            kpi: shared.takar.analysed_kpi(kpi).or_say(lang)?,
            window: period_of(asked.period.as_deref(), lang)?,
            scope: scope_of(asked.manager.as_deref(), asked.filter.as_deref(), lang)?,
            by: dimension_of(asked.by.as_deref(), lang)?,
        };
        // An own KPI may mean something else tomorrow, and reads facts that change no version of the cells.
        let mark = shared.takar.version_mark();
        let kept = format!("trends {asked:?} {:?} {lang:?} {credit} {mark}", question.kpi);
        let made = || shared.takar.trends(credit, &question).or_say(lang)?.to_json(lang).or_say(lang);
        shared.answers.get(source.data_version(), kept, made)
    })
    .await?;
    Ok(json_text(&text))
}

/// What comes next, with intervals, and the chance to reach the target; and how such forecasts did on the past.
#[utoipa::path(get, path = "/api/forecast", tag = "analysis", params(Ahead), responses((status = 200, description = "Forecasts"), (status = 422, description = "No data, no such manager, or too far ahead")))]
pub(crate) async fn forecast(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Ahead>,
) -> Result<Response, ApiError> {
    answer(shared, (credit, lang), format!("forecast {asked:?}"), move |source| {
        let question = forecast::Question {
            scope: scope_of(asked.manager.as_deref(), asked.filter.as_deref(), lang)?,
            by: dimension_of(asked.by.as_deref(), lang)?,
            horizon: asked.horizon.unwrap_or(6),
        };
        Ok(forecast::forecast(source, &question).and_then(|found| found.to_json(lang)))
    })
    .await
}

/// What became of the accounts: the account bridge, retention with intervals, cohorts, concentration.
#[utoipa::path(get, path = "/api/retention", tag = "analysis", params(Asked, CreditAsked), responses((status = 200, description = "What became of the accounts"), (status = 422, description = "No data, no such period or manager")))]
pub(crate) async fn retention(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    answer(shared, (credit, lang), format!("retention {asked:?}"), move |source| {
        let question = retention::Question {
            windows: asked.windows(source, lang)?,
            manager: asked.manager.clone().filter(|id| !id.is_empty()),
            filter: filter_of(asked.filter.as_deref(), lang)?,
        };
        Ok(retention::retention(source, &question).and_then(|kept| kept.to_json(lang)))
    })
    .await
}

/// The accounts, those at risk first: overdue by their own rhythm, and the probability that they are still alive.
#[utoipa::path(get, path = "/api/accounts/risk", tag = "analysis", params(Accounts), responses((status = 200, description = "Accounts by risk"), (status = 422, description = "No data, or no such manager")))]
pub(crate) async fn risk(
    shared: Shared,
    Reader(lang): Reader,
    Credited(credit): Credited,
    Query(asked): Query<Accounts>,
) -> Result<Response, ApiError> {
    answer(shared, (credit, lang), format!("risk {asked:?}"), move |source| {
        let usual = risk::Question::default();
        let question = risk::Question {
            order: if asked.sort.as_deref() == Some("worth") { risk::Order::Worth } else { usual.order },
            manager: asked.manager.clone().filter(|id| !id.is_empty()),
            filter: filter_of(asked.filter.as_deref(), lang)?,
            false_alarms: asked.fdr.unwrap_or(usual.false_alarms),
            horizon_days: asked.horizon.unwrap_or(usual.horizon_days),
        };
        let (offset, limit) = (asked.offset.unwrap_or_default(), asked.limit.unwrap_or(50));
        Ok(risk::risk(source, &question).and_then(|risk| risk.to_json(lang, offset, limit)))
    })
    .await
}
