//! `/api/imports`: check a file, import it, take it back, repair what was set aside.

use std::{collections::BTreeMap, io::Cursor, str::FromStr};

use axum::{
    Json,
    extract::{Multipart, Path, Query},
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::{AppError, ImportRequest, kind_template};
use takar_import::{CostKind, DateOrder, DiscountKind, FactKind, Field, Fix, Input, NumberStyle, Options, Ppn};
use takar_lake::UndoReport;
use takar_model::{ImportId, Lang, SourceName, Text};
use takar_state::ImportRow;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    number::Number,
    run,
};

pub(crate) mod answer;

/// The largest upload, in bytes; larger files are imported by command.
pub(crate) const LARGEST_UPLOAD: usize = 2 * 1024 * 1024 * 1024;

/// What the user decided about a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Asked {
    kind: Option<FactKind>,
    map: BTreeMap<String, String>,
    date_order: Option<DateOrder>,
    number_style: Option<NumberStyle>,
    discount: Option<DiscountKind>,
    cost: Option<CostKind>,
    ppn: Option<Ppn>,
    sheet: Option<String>,
    source: Option<String>,
    unassigned: bool,
    drop_duplicates: bool,
    profile: Option<String>,
    /// Cells corrected by hand.
    fixes: Vec<Fix>,
}

impl Asked {
    pub(crate) fn request(self, input: Input, lang: Lang) -> Result<ImportRequest, ApiError> {
        let mut map = Vec::new();
        for (field, column) in self.map {
            let field = Field::from_str(&field).map_err(|_| {
                ApiError::bad_request(Text::new("kolom Takar itu tidak ada", "there is no such field"), lang)
            })?;
            map.push((field, column));
        }
        let options = Options {
            map,
            sheet: self.sheet.filter(|sheet| !sheet.is_empty()),
            source: self
                .source
                .filter(|source| !source.is_empty())
                .map_or_else(|| SourceName::from("default"), SourceName),
            unassigned: self.unassigned,
            drop_duplicates: self.drop_duplicates,
            date_order: self.date_order,
            number_style: self.number_style,
            discount_kind: self.discount,
            cost_kind: self.cost,
            ppn: self.ppn,
            fixes: self.fixes,
            ..Options::default()
        };
        let kind = self.kind.unwrap_or(FactKind::Sales);
        let profile = self.profile.filter(|profile| !profile.is_empty());
        Ok(ImportRequest { input, kind, options, profile, save_profile: None })
    }
}

/// All imports, newest first.
#[utoipa::path(get, path = "/api/imports", tag = "import", responses((status = 200, description = "Imports")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<Value>>, ApiError> {
    let rows = run(move || shared.takar.imports().or_say(lang)).await?;
    Ok(Json(rows.iter().map(|row| row_json(row, lang)).collect()))
}

/// Uploads a file and checks it whole; nothing is imported. The parts are `options` (JSON) and `file`.
#[utoipa::path(post, path = "/api/imports/check", tag = "import", responses((status = 200, description = "How the file would be read and what would come of it")))]
pub(crate) async fn check(shared: Shared, Reader(lang): Reader, mut parts: Multipart) -> Result<Json<Value>, ApiError> {
    let cut_off = |_| {
        ApiError::bad_request(
            Text::new("unggahan tidak terbaca: coba lagi", "the upload cannot be read: try again"),
            lang,
        )
    };
    let mut asked = Asked::default();
    let mut token = None;
    while let Some(part) = parts.next_field().await.map_err(cut_off)? {
        match part.name() {
            Some("options") => {
                let text = part.text().await.map_err(cut_off)?;
                asked = serde_json::from_str(&text).map_err(|_| {
                    ApiError::bad_request(Text::new("pilihan impor tidak terbaca", "the options cannot be read"), lang)
                })?;
            }
            Some("file") => token = Some(shared.uploads.keep(part, lang).await?),
            _ => {}
        }
    }
    let token = token.ok_or_else(|| {
        ApiError::bad_request(Text::new("tidak ada berkas yang diunggah", "no file was uploaded"), lang)
    })?;
    check_upload(shared, token, asked, lang).await
}

/// Checks an uploaded file again with other options.
#[utoipa::path(post, path = "/api/imports/check/{token}", tag = "import", params(("token" = String, Path)), responses((status = 200, description = "As the first check"), (status = 404, description = "The upload is gone")))]
pub(crate) async fn recheck(
    shared: Shared,
    Reader(lang): Reader,
    Path(token): Path<String>,
    Json(asked): Json<Asked>,
) -> Result<Json<Value>, ApiError> {
    check_upload(shared, token, asked, lang).await
}

async fn check_upload(shared: Shared, token: String, asked: Asked, lang: Lang) -> Result<Json<Value>, ApiError> {
    run(move || {
        let path = shared.uploads.path(&token, lang)?;
        let request = asked.request(Input::File(path), lang)?;
        Ok(answer::of_check(&shared.takar, &token, &request, lang))
    })
    .await
    .map(Json)
}

/// Imports an uploaded file.
#[utoipa::path(post, path = "/api/imports/{token}/commit", tag = "import", params(("token" = String, Path)), responses((status = 200, description = "The import"), (status = 404, description = "The upload is gone"), (status = 422, description = "The file was refused")))]
pub(crate) async fn commit(
    shared: Shared,
    Reader(lang): Reader,
    Path(token): Path<String>,
    Json(asked): Json<Asked>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let path = shared.uploads.path(&token, lang)?;
        let request = asked.request(Input::File(path), lang)?;
        let (_, report) = shared.takar.import(&request, &|_, _| {}).or_say(lang)?;
        shared.uploads.forget(&token);
        import_row(&shared, report.id, lang)
    })
    .await
    .map(Json)
}

/// One import, and what became of its rows.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "The import"), (status = 404, description = "No such import")))]
pub(crate) async fn show(shared: Shared, Reader(lang): Reader, Number(id): Number) -> Result<Json<Value>, ApiError> {
    run(move || {
        let detail = shared.takar.import_of(ImportId(id)).or_say(lang)?;
        let mut row = row_json(&detail.row, lang);
        row["fate"] = json!(detail.fate);
        Ok(row)
    })
    .await
    .map(Json)
}

/// What taking an import back would do: how many rows, and the first of them. Nothing is changed.
#[utoipa::path(get, path = "/api/imports/{id}/undo", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "What would change"), (status = 404, description = "No such import"), (status = 422, description = "It does not count")))]
pub(crate) async fn would_undo(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<UndoReport>, ApiError> {
    run(move || shared.takar.would_undo(ImportId(id)).or_say(lang)).await.map(Json)
}

/// Brings an import back that was taken back, as a new import of the same rows.
#[utoipa::path(post, path = "/api/imports/{id}/redo", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "The new import"), (status = 404, description = "It was not undone")))]
pub(crate) async fn redo(shared: Shared, Reader(lang): Reader, Number(id): Number) -> Result<Json<Value>, ApiError> {
    run(move || {
        let report = shared.takar.redo(ImportId(id)).or_say(lang)?;
        import_row(&shared, report.id, lang)
    })
    .await
    .map(Json)
}

/// Takes an import back.
#[utoipa::path(post, path = "/api/imports/{id}/undo", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "What changed"), (status = 404, description = "No such import"), (status = 422, description = "It does not count")))]
pub(crate) async fn undo(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<UndoReport>, ApiError> {
    run(move || shared.takar.undo(ImportId(id)).or_say(lang)).await.map(Json)
}

/// The rows an import set aside.
#[utoipa::path(get, path = "/api/imports/{id}/set-aside", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "Headers and rows")))]
pub(crate) async fn set_aside(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Json<Value>, ApiError> {
    let kept = run(move || shared.takar.set_aside(ImportId(id)).or_say(lang)).await?;
    let rows: Vec<Value> = kept.rows.iter().map(|row| answer::of_set_aside(row, lang)).collect();
    Ok(Json(json!({ "headers": kept.headers, "rows": rows })))
}

/// The rows an import set aside, as a CSV file to correct and import again.
#[utoipa::path(get, path = "/api/imports/{id}/set-aside.csv", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "CSV")))]
pub(crate) async fn set_aside_csv(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<Response, ApiError> {
    let text = run(move || shared.takar.repair_file(ImportId(id), lang).or_say(lang)).await?;
    let name = format!("attachment; filename=\"takar-{id}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], text)
        .into_response())
}

/// Rows corrected on the page.
#[derive(Debug, Deserialize)]
pub(crate) struct Repaired {
    rows: Vec<RepairedRow>,
}

#[derive(Debug, Deserialize)]
struct RepairedRow {
    row: u64,
    cells: Vec<String>,
}

/// Imports set-aside rows after correction; they rejoin their invoices.
#[utoipa::path(post, path = "/api/imports/{id}/set-aside", tag = "import", params(("id" = i64, Path)), responses((status = 200, description = "The import of the corrected rows"), (status = 422, description = "They are refused")))]
pub(crate) async fn repair(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
    Json(repaired): Json<Repaired>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let rows: Vec<(u64, Vec<String>)> = repaired.rows.into_iter().map(|row| (row.row, row.cells)).collect();
        let report = shared.takar.repair(ImportId(id), &rows).or_say(lang)?;
        import_row(&shared, report.id, lang)
    })
    .await
    .map(Json)
}

/// Which template.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct TemplateAsked {
    /// A kind of fact; `sales` unless told otherwise.
    #[param(value_type = Option<String>)]
    kind: Option<FactKind>,
}

/// An Excel template to fill in.
#[utoipa::path(get, path = "/api/template.xlsx", tag = "import", params(TemplateAsked), responses((status = 200, description = "XLSX")))]
pub(crate) async fn template(Reader(lang): Reader, Query(asked): Query<TemplateAsked>) -> Result<Response, ApiError> {
    let kind = asked.kind.unwrap_or(FactKind::Sales);
    let bytes = kind_template(kind, lang).map_err(|_| ApiError::internal())?;
    let name = kind.label().get(lang).replace(' ', "-");
    Ok(xlsx(bytes, &format!("takar-{name}.xlsx")))
}

/// An XLSX download.
pub(crate) fn xlsx(bytes: Vec<u8>, name: &str) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        Cursor::new(bytes).into_inner(),
    )
        .into_response()
}

fn import_row(shared: &Shared, id: ImportId, lang: Lang) -> Result<Value, ApiError> {
    let rows: Result<Vec<ImportRow>, AppError> = shared.takar.imports();
    let rows = rows.or_say(lang)?;
    rows.iter().find(|row| row.id == id).map(|row| row_json(row, lang)).ok_or_else(ApiError::internal)
}

/// An import as the page wants it: its net as a number, and why it failed in the reader's language.
fn row_json(row: &ImportRow, lang: Lang) -> Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    value["net"] = row.net.as_deref().and_then(|net| serde_json::from_str(net).ok()).unwrap_or(Value::Null);
    value["message"] = row.message.as_ref().map(|message| message.get(lang)).into();
    value
}
