//! `/api/facts`: the tables of facts, their rows, and rows pushed by a program or given in a form.

use std::{io::Write, str::FromStr};

use arrow::array::RecordBatch;
use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query},
    http::{HeaderMap, header},
};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{AppError, KindOfFact, KnownName, Push, Pushed, Written};
use takar_import::{CostKind, DateOrder, DiscountKind, FactKind, ImportError, rows_of_json};
use takar_insight::metrics::Dimension;
use takar_lake::{FactFilter, FactPage};
use takar_model::{Lang, Period, SourceName, Text};
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    imports::answer::of_set_aside,
    language::Reader,
    run,
};

/// The largest push, in bytes; what is larger comes as several, or as a file.
pub(crate) const LARGEST_PUSH: usize = 64 * 1024 * 1024;
/// The most rows that one page holds.
const MOST_ROWS: usize = 1_000;

/// Which rows.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Account id.
    account: Option<String>,
    /// Manager id.
    manager: Option<String>,
    /// The word that the kind is summed up by, such as `won`; empty for rows that have none.
    word: Option<String>,
    /// Invoice number.
    invoice: Option<String>,
    /// A period: `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`.
    period: Option<String>,
    /// Import number.
    import: Option<i64>,
    /// Rows on the page, 100 unless told, 1,000 at most.
    limit: Option<usize>,
    /// Rows passed over.
    offset: Option<usize>,
}

/// Where pushed rows belong.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Given {
    /// The stream they belong to; `default` unless told.
    source: Option<String>,
    /// Whether `31/12/2025` or `12/31/2025` is meant where dates do not say: `dmy` or `mdy`.
    #[param(value_type = Option<String>)]
    date_order: Option<DateOrder>,
    /// What discounts are, where they do not say: `rate`, `percent` or `amount`.
    #[param(value_type = Option<String>)]
    discount: Option<DiscountKind>,
    /// What costs are, where they do not say: `unit` or `line`.
    #[param(value_type = Option<String>)]
    cost: Option<CostKind>,
    /// Where one row is bad, none is kept.
    #[serde(default)]
    all_or_none: bool,
}

/// What is typed.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Typed {
    /// `account`, `manager`, `product`, `category`, `region`, `segment`, `branch` or `supervisor`.
    of: String,
    /// Part of an id or a name.
    like: Option<String>,
    /// How many at most, 20 unless told, 100 at most.
    limit: Option<usize>,
}

/// Known ids and names that have a text in them, to be offered to whoever types one.
#[utoipa::path(get, path = "/api/names", tag = "facts", params(Typed), responses((status = 200, description = "Ids and names"), (status = 422, description = "Nothing of that name has ids")))]
pub(crate) async fn names(
    shared: Shared,
    Reader(lang): Reader,
    Query(typed): Query<Typed>,
) -> Result<Json<Vec<KnownName>>, ApiError> {
    run(move || {
        let of: Dimension = typed.of.parse().or_say(lang)?;
        let like = typed.like.unwrap_or_default();
        shared.takar.names(of, &like, typed.limit.unwrap_or(20).min(100)).or_say(lang)
    })
    .await
    .map(Json)
}

/// Every kind of fact, how many rows it has, and what a form for it asks.
#[utoipa::path(get, path = "/api/facts", tag = "facts", responses((status = 200, description = "Kinds of facts")))]
pub(crate) async fn kinds(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<KindOfFact>>, ApiError> {
    run(move || shared.takar.kinds(lang).or_say(lang)).await.map(Json)
}

/// The rows of one kind, newest first, and what they come to by word.
#[utoipa::path(get, path = "/api/facts/{kind}", tag = "facts", params(("kind" = String, Path), Asked), responses((status = 200, description = "Rows"), (status = 404, description = "There is no such kind")))]
pub(crate) async fn rows(
    shared: Shared,
    Reader(lang): Reader,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<FactPage>, ApiError> {
    let kind = kind_of(&kind, lang)?;
    run(move || {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let period = given(asked.period).map(|text| text.parse::<Period>()).transpose().or_say(lang)?;
        let filter = FactFilter {
            kind,
            account: given(asked.account),
            manager: given(asked.manager),
            reach: None,
            word: asked.word,
            invoice: given(asked.invoice),
            period,
            import: asked.import,
            limit: asked.limit.unwrap_or(100).min(MOST_ROWS),
            offset: asked.offset.unwrap_or_default(),
        };
        shared.takar.facts(&filter).or_say(lang)
    })
    .await
    .map(Json)
}

/// Brings rows in: a JSON list of objects, or CSV with a header where the content type says so. The answer comes when they
/// count. The same `Idempotency-Key` with the same rows again changes nothing and gets the same answer.
#[utoipa::path(post, path = "/api/facts/{kind}", tag = "facts", params(("kind" = String, Path), Given, ("Idempotency-Key" = Option<String>, Header)), request_body(content((Vec<Value> = "application/json"), (String = "text/csv"))), responses((status = 200, description = "What came of each row"), (status = 413, description = "More than 64 MiB"), (status = 422, description = "The rows cannot be read, or the key was used for others")))]
pub(crate) async fn push(
    shared: Shared,
    Reader(lang): Reader,
    Path(kind): Path<String>,
    Query(given): Query<Given>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let kind = kind_of(&kind, lang)?;
    let text_of = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}").to_owned());
    let key = text_of("idempotency-key");
    let is_csv = text_of(header::CONTENT_TYPE.as_str()).is_some_and(|content| content.starts_with("text/csv"));
    let written = Written { date_order: given.date_order, discount: given.discount, cost: given.cost };
    let source = given.source.filter(|source| !source.is_empty());
    let source = source.map_or_else(|| SourceName::from("default"), SourceName);
    let pushed = run(move || {
        let rows = if is_csv { rows_of_csv(&body) } else { rows_of_json(&body, "api") };
        let rows = rows.map_err(|error| ApiError::new(&AppError::Import(error), lang))?;
        let all_or_none = given.all_or_none;
        shared.takar.push(Push { kind, source, rows, key, all_or_none, written }).or_say(lang)
    })
    .await?;
    Ok(Json(of_push(&pushed, lang)))
}

fn of_push(pushed: &Pushed, lang: Lang) -> Value {
    let Pushed { import, rows, accepted, set_aside, repeated } = pushed;
    let set_aside: Vec<Value> = set_aside.iter().map(|row| of_set_aside(row, lang)).collect();
    json!({ "import": import, "rows": rows, "accepted": accepted, "set_aside": set_aside, "repeated": repeated })
}

/// A CSV file's separators and encodings are found by its own reader, which reads files.
fn rows_of_csv(body: &[u8]) -> Result<RecordBatch, ImportError> {
    let wrong = |source| ImportError::Unreadable { file: "api".to_owned(), source };
    let mut file = tempfile::NamedTempFile::with_prefix("takar-push-").map_err(wrong)?;
    file.write_all(body).map_err(wrong)?;
    takar_import::read_raw(file.path())
}

fn kind_of(text: &str, lang: Lang) -> Result<FactKind, ApiError> {
    FactKind::from_str(text).map_err(|_| {
        ApiError::not_found(
            Text::new(
                "tidak ada jenis data itu: lihat /api/facts untuk semua jenis",
                "there is no such kind of data: see /api/facts for all kinds",
            ),
            lang,
        )
    })
}
