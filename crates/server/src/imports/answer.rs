//! How the check of a file is told to the page.

use serde_json::{Value, json};
use takar_app::{ImportRequest, Takar};
use takar_import::{FactKind, Field, Found, ImportError, Plan, SetAside};
use takar_lake::ImportReport;
use takar_model::{Lang, Text};

/// How many bad rows are shown; all of them are kept when the file is imported.
const BAD_ROWS_SHOWN: usize = 200;

/// A check as the page wants it: how the file would be read, what would come of it, and, where it is
/// refused, why and which choices would help.
pub(super) fn of_check(takar: &Takar, token: &str, request: &ImportRequest, lang: Lang) -> Value {
    let checked = takar.check(request, &|_, _| {});
    let plan = match &checked {
        Ok(check) => check.plan.clone(),
        Err(_) => takar.inspect(request).ok(),
    };
    let problem = checked.as_ref().err().map(|error| {
        json!({
            "code": error.code(),
            "message": error.message(lang),
            "next": null,
            "choices": error.refusal().map(|refusal| choices(refusal, lang)).unwrap_or_default(),
        })
    });
    let mut answer = json!({
        "upload": token,
        "file": request.input.label(),
        "format": null,
        "separator": null,
        "encoding": null,
        "sheet": null,
        "sheets": checked.as_ref().err().and_then(|error| error.refusal()).map(sheets).unwrap_or_default(),
        "columns": columns_of_refusal(checked.as_ref().err().and_then(|error| error.refusal())),
        "fields": fields(request.kind, lang),
        "check": checked.as_ref().ok().map(|check| of_report(&check.report, lang)),
        "problem": problem,
    });
    if let Some(plan) = plan {
        let format = serde_json::to_value(plan.format).unwrap_or_default();
        answer["sheet"] = json!(plan.sheet);
        answer["columns"] = columns(&plan);
        answer["format"] = format["kind"].clone();
        answer["separator"] = format["separator"].clone();
        answer["encoding"] = format["encoding"].clone();
    }
    answer
}

/// A set-aside row as the page wants it.
pub(crate) fn of_set_aside(row: &SetAside, lang: Lang) -> Value {
    json!({
        "row": row.row,
        "column": row.column,
        "value": row.value,
        "reason": row.message(lang),
        "suggestion": row.suggestion,
        "cells": row.cells,
    })
}

fn of_report(report: &ImportReport, lang: Lang) -> Value {
    let bad: Vec<Value> = report
        .check
        .set_aside
        .iter()
        .take(BAD_ROWS_SHOWN)
        .map(|row| {
            json!({
                "row": row.row,
                "column": row.column,
                "value": row.value,
                "reason": row.message(lang),
                "suggestion": row.suggestion,
            })
        })
        .collect();
    let warnings: Vec<String> = report.check.warnings.iter().map(|warning| warning.message(lang)).collect();
    json!({
        "rows": report.rows,
        "lines": report.added,
        "replaced": report.replaced,
        "gone": report.gone,
        "unchanged": report.unchanged,
        "set_aside": report.set_aside,
        "duplicates": report.check.duplicates,
        "first_day": report.first_day,
        "last_day": report.last_day,
        "net": report.net.and_then(|net| serde_json::from_str::<Value>(&net.to_string()).ok()),
        "warnings": warnings,
        "bad": bad,
    })
}

fn columns(plan: &Plan) -> Value {
    let one = |(place, header): (usize, &String)| {
        let mapped = plan.mapping.iter().find(|mapped| mapped.column == place);
        let samples: Vec<&String> =
            plan.sample.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.is_empty()).take(3).collect();
        json!({
            "name": header,
            "samples": samples,
            "field": mapped.map(|mapped| mapped.field.name()),
            "how": mapped.map(|mapped| how(mapped.found)),
        })
    };
    plan.headers.iter().enumerate().map(one).collect::<Vec<Value>>().into()
}

const fn how(found: Found) -> &'static str {
    match found {
        Found::User => "user",
        Found::Profile => "profile",
        Found::Header => "header",
        Found::Values => "values",
    }
}

/// The columns of a file that was refused before a plan could be made, so that they can still be mapped.
fn columns_of_refusal(refusal: Option<&ImportError>) -> Value {
    let headers = match refusal {
        Some(
            ImportError::Missing { headers, .. }
            | ImportError::UnknownColumn { headers, .. }
            | ImportError::Ambiguous { headers, .. },
        ) => headers.as_slice(),
        _ => &[],
    };
    headers
        .iter()
        .map(|name| json!({ "name": name, "samples": [], "field": null, "how": null }))
        .collect::<Vec<_>>()
        .into()
}

fn sheets(refusal: &ImportError) -> Vec<String> {
    match refusal {
        ImportError::WhichSheet { sheets, .. } | ImportError::UnknownSheet { sheets, .. } => sheets.clone(),
        _ => Vec::new(),
    }
}

/// The options that would settle a refusal, with a label for each value.
fn choices(refusal: &ImportError, lang: Lang) -> Vec<Value> {
    let choice = |option: &str, values: &[(&str, &str, &str)]| {
        let labelled: Vec<Value> = values
            .iter()
            .map(|(value, id, en)| json!({ "value": value, "label": if lang == Lang::Id { id } else { en } }))
            .collect();
        vec![json!({ "option": option, "values": labelled })]
    };
    match refusal {
        ImportError::UndecidableDates { .. } | ImportError::MixedDates { .. } => choice(
            "date_order",
            &[("dmy", "tanggal/bulan/tahun", "day/month/year"), ("mdy", "bulan/tanggal/tahun", "month/day/year")],
        ),
        ImportError::UndecidableNumbers { .. } | ImportError::MixedNumbers { .. } => {
            choice("number_style", &[("id", "1.234,56", "1.234,56"), ("en", "1,234.56", "1,234.56")])
        }
        ImportError::UndecidableDiscount { .. } => choice(
            "discount",
            &[
                ("percent", "persen (10 = 10 %)", "percent (10 = 10 %)"),
                ("rate", "bagian (0,1 = 10 %)", "rate (0.1 = 10 %)"),
                ("amount", "nilai uang", "amount of money"),
            ],
        ),
        ImportError::UndecidableCost { .. } => {
            choice("cost", &[("unit", "per satuan", "per unit"), ("line", "per baris", "per line")])
        }
        ImportError::WhichSheet { sheets, .. } | ImportError::UnknownSheet { sheets, .. } => {
            let values: Vec<Value> = sheets.iter().map(|name| json!({ "value": name, "label": name })).collect();
            vec![json!({ "option": "sheet", "values": values })]
        }
        ImportError::Ambiguous { field, columns, .. } => {
            let neither = Text::new("jangan pakai", "use none of them");
            let mut values: Vec<Value> = columns.iter().map(|name| json!({ "value": name, "label": name })).collect();
            values.push(json!({ "value": "", "label": neither.get(lang) }));
            vec![json!({ "option": "map", "field": field.name(), "values": values })]
        }
        _ => Vec::new(),
    }
}

fn fields(kind: FactKind, lang: Lang) -> Vec<Value> {
    let needed = kind.needed();
    let is_needed = |field: &Field| needed.iter().any(|fields| fields.first() == Some(field));
    kind.fields()
        .iter()
        .map(
            |field| json!({ "id": field.name(), "name": field.label_in(kind).get(lang), "required": is_needed(field) }),
        )
        .collect()
}
