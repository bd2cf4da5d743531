//! `/api/sources`: databases that are read again and again.

use axum::{Json, extract::Path};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{Choices, PasswordFrom, Reconciliation, SourceDefinition, SourceStatus};
use takar_database::{Address, Secret, Table, Wanted};
use takar_import::FactKind;
use takar_lake::ImportReport;
use takar_model::{Lang, Schedule, Text};

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// What a request says about a database. A password is used and forgotten.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    name: Option<String>,
    #[serde(default)]
    replace: bool,
    url: String,
    table: Option<String>,
    query: Option<String>,
    kind: Option<FactKind>,
    watermark: Option<String>,
    timeout: Option<u64>,
    password: Option<String>,
    password_env: Option<String>,
    #[serde(default)]
    choices: Choices,
}

/// A password for a source that is known.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Going {
    whole: bool,
    /// Of a comparison: bring all into agreement.
    apply: bool,
    password: Option<String>,
}

/// Only such variables can be named over HTTP, so that a request cannot send other secrets of this machine anywhere.
const PREFIX: &str = "TAKAR_";

impl Asked {
    fn definition(self, lang: Lang) -> Result<(SourceDefinition, Option<Secret>), ApiError> {
        let url: Address = self.url.parse().or_say(lang)?;
        let wanted = match (filled(self.table), filled(self.query)) {
            (Some(table), None) => Wanted::Table(table),
            (None, Some(query)) => Wanted::Query(query),
            (None, None) => Wanted::Table(String::new()),
            (Some(_), Some(_)) => {
                let text = Text::new("pilih tabel atau kueri, bukan keduanya", "choose a table or a query, not both");
                return Err(ApiError::bad_request(text, lang));
            }
        };
        let password = match filled(self.password_env) {
            Some(name) if name.starts_with(PREFIX) => PasswordFrom::Env(name),
            Some(_) => {
                let text = Text::new(
                    "variabel kata sandi harus berawalan TAKAR_; yang lain hanya lewat perintah `takar sources add`",
                    "the variable of the password must begin with TAKAR_; others only by the command `takar sources add`",
                );
                return Err(ApiError::bad_request(text, lang));
            }
            None => PasswordFrom::Nowhere,
        };
        let definition = SourceDefinition {
            url,
            wanted,
            kind: self.kind.unwrap_or(FactKind::Sales).name().to_owned(),
            watermark: filled(self.watermark),
            password,
            timeout: self.timeout.unwrap_or(3600),
            choices: self.choices,
        };
        Ok((definition, filled(self.password).map(Secret::new)))
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn status_json(source: &SourceStatus, lang: Lang) -> Value {
    let mut value = serde_json::to_value(source).unwrap_or_default();
    value["error"] = source.error.as_ref().map(|error| error.get(lang)).into();
    value
}

/// All sources, by name.
#[utoipa::path(get, path = "/api/sources", tag = "import", responses((status = 200, description = "Sources and how they fare")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<Value>>, ApiError> {
    let sources = run(move || shared.takar.sources().or_say(lang)).await?;
    Ok(Json(sources.iter().map(|source| status_json(source, lang)).collect()))
}

/// The tables of a database with their columns.
#[utoipa::path(post, path = "/api/sources/tables", tag = "import", responses((status = 200, description = "Tables"), (status = 422, description = "The database refuses")))]
pub(crate) async fn tables(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<Asked>,
) -> Result<Json<Vec<Table>>, ApiError> {
    run(move || {
        let (definition, password) = asked.definition(lang)?;
        shared.takar.tables_of(&definition, password.as_ref()).or_say(lang)
    })
    .await
    .map(Json)
}

/// How the rows of a table or query would be read, from some of them; keeps nothing.
#[utoipa::path(post, path = "/api/sources/look", tag = "import", responses((status = 200, description = "Columns and the suggested mapping"), (status = 422, description = "The database or the rows are refused")))]
pub(crate) async fn look(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<Asked>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let (definition, password) = asked.definition(lang)?;
        let found = shared.takar.look_at_source(&definition, password.as_ref()).or_say(lang)?;
        let mapped = |mapped: &takar_import::Mapped| {
            json!({ "field": mapped.field.name(), "label": mapped.field.label().get(lang), "header": mapped.header })
        };
        let mapping = found.plan.as_ref().map(|plan| plan.mapping.iter().map(mapped).collect::<Vec<_>>());
        Ok(json!({ "columns": found.columns, "mapping": mapping, "resumes_by": found.resumes_by }))
    })
    .await
    .map(Json)
}

/// Keeps a source, after trying that its rows can be read.
#[utoipa::path(post, path = "/api/sources", tag = "import", responses((status = 200, description = "The source"), (status = 422, description = "The name, the database or the rows are refused")))]
pub(crate) async fn add(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<Asked>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let (name, replace) = (asked.name.clone().unwrap_or_default(), asked.replace);
        let (definition, password) = asked.definition(lang)?;
        shared.takar.add_source(&name, &definition, password.as_ref(), replace).or_say(lang)?;
        let source = shared.takar.saved_source(&name).or_say(lang)?;
        Ok(status_json(&source, lang))
    })
    .await
    .map(Json)
}

/// Forgets a source; its lines stay.
#[utoipa::path(delete, path = "/api/sources/{name}", tag = "import", params(("name" = String, Path)), responses((status = 200, description = "It is forgotten"), (status = 404, description = "There is none")))]
pub(crate) async fn remove(
    shared: Shared,
    Reader(lang): Reader,
    Path(name): Path<String>,
) -> Result<Json<Value>, ApiError> {
    run(move || shared.takar.remove_source(&name).or_say(lang)).await?;
    Ok(Json(json!({})))
}

/// Brings in what changed in a source.
#[utoipa::path(post, path = "/api/sources/{name}/sync", tag = "import", params(("name" = String, Path)), responses((status = 200, description = "What came of it"), (status = 404, description = "There is none"), (status = 422, description = "The database or the rows are refused")))]
pub(crate) async fn sync(
    shared: Shared,
    Reader(lang): Reader,
    Path(name): Path<String>,
    Json(going): Json<Going>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let password = filled(going.password).map(Secret::new);
        let synced = shared.takar.sync(&name, going.whole, password.as_ref(), &|_| {}).or_say(lang)?;
        let said = |report: &ImportReport| {
            json!({
                "id": report.id, "rows": report.rows, "added": report.added, "replaced": report.replaced,
                "unchanged": report.unchanged, "set_aside": report.set_aside,
            })
        };
        Ok(json!({
            "source": synced.source, "import": synced.import.as_ref().map(said), "kept": synced.kept,
            "caught_up": synced.caught_up.as_ref().map(said), "new_columns": synced.new_columns,
        }))
    })
    .await
    .map(Json)
}

/// A source held against what was brought in from it, month by month. Writes nothing unless `apply` asks to bring all into
/// agreement.
#[utoipa::path(post, path = "/api/sources/{name}/reconcile", tag = "import", params(("name" = String, Path)), responses((status = 200, description = "Months"), (status = 404, description = "There is none"), (status = 422, description = "The database or the rows are refused")))]
pub(crate) async fn reconcile(
    shared: Shared,
    Reader(lang): Reader,
    Path(name): Path<String>,
    Json(going): Json<Going>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let password = filled(going.password).map(Secret::new);
        let found = shared.takar.reconcile_source(&name, going.apply, password.as_ref(), &|_| {}).or_say(lang)?;
        Ok(reconciliation_json(&found))
    })
    .await
    .map(Json)
}

fn reconciliation_json(found: &Reconciliation) -> Value {
    let months = found.months.iter().map(|month| {
        json!({
            "month": month.month, "source_lines": month.source_lines, "lines": month.lines,
            "source_net": month.source_net.to_f64(), "net": month.net.to_f64(), "agrees": month.agrees(),
        })
    });
    json!({
        "source": found.source,
        "months": months.collect::<Vec<_>>(),
        "missing": found.missing(),
        "corrected": found.check.replaced,
        "gone": found.gone,
        "differs": found.differs(),
        "applied": found.applied.as_ref().map(|report| report.id),
        "set_aside": found.check.set_aside,
    })
}

/// When a source is synced by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scheduled {
    /// `15m`, `2h`, `1d`, `02:30`; null = never.
    schedule: Option<String>,
}

/// Sets when a source is synced by itself while the server runs.
#[utoipa::path(put, path = "/api/sources/{name}/schedule", tag = "import", params(("name" = String, Path)), responses((status = 200, description = "The source"), (status = 400, description = "It is no schedule"), (status = 404, description = "No such source")))]
pub(crate) async fn schedule(
    shared: Shared,
    Reader(lang): Reader,
    Path(name): Path<String>,
    Json(asked): Json<Scheduled>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let schedule = asked.schedule.map(|text| text.parse::<Schedule>()).transpose().map_err(|_| {
            let text = Text::new(
                "itu bukan jadwal: tulis 15m, 2h, 1d, atau waktu seperti 02:30",
                "that is no schedule: write 15m, 2h, 1d, or a time such as 02:30",
            );
            ApiError::bad_request(text, lang)
        })?;
        let source = shared.takar.schedule_source(&name, schedule).or_say(lang)?;
        Ok(status_json(&source, lang))
    })
    .await
    .map(Json)
}
