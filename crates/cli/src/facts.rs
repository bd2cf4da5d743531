//! `takar facts`: what each kind of fact holds, and its rows.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::Value;
use takar_app::{AppError, Push, Takar, Written};
use takar_import::{CostKind, DiscountKind, FactKind, SetAside, rows_of_json};
use takar_lake::{FactFilter, FactPage};
use takar_model::{Lang, Period, SourceName};
use takar_state::Message;

use crate::{
    args::{ReportFormat, kind, period},
    output,
};

/// `takar facts`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Facts {
    /// What to do; without it, rows are listed
    #[command(subcommand)]
    pub verb: Option<FactsVerb>,
    /// Which kind: activities, offers, feedback, costs …; without it, all kinds and how much there is of each
    #[arg(value_parser = kind)]
    pub kind: Option<FactKind>,
    /// Of one account
    #[arg(long)]
    pub account: Option<String>,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only with this word, such as won or complaint
    #[arg(long)]
    pub word: Option<String>,
    /// With this invoice number
    #[arg(long)]
    pub invoice: Option<String>,
    /// For a day in 2025, 2025-Q3, 2025-10, 2025-10-03 or A..B
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Brought by one import
    #[arg(long)]
    pub import: Option<i64>,
    /// How many rows at most
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// What can be done with facts.
#[derive(Debug, Subcommand)]
pub enum FactsVerb {
    /// Add rows that are typed here, or correct one: account_id=P1 region=Barat
    Add(AddFacts),
}

/// `takar facts add`.
#[derive(Debug, Args)]
pub struct AddFacts {
    /// Which kind: accounts, targets, ownership, sales, activities …
    #[arg(value_parser = kind)]
    pub kind: FactKind,
    /// What each row has: field=value
    #[arg(value_parser = field_and_value)]
    pub fields: Vec<(String, String)>,
    /// One row of several, such as an owner of an account or a line of an invoice: field=value,field=value
    #[arg(long = "row", value_parser = fields_and_values)]
    pub rows: Vec<FieldsOfRow>,
    /// The stream that the rows belong to
    #[arg(long, default_value = "default")]
    pub source: String,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// The fields of one row.
type FieldsOfRow = std::sync::Arc<[(String, String)]>;

fn field_and_value(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("write field=value")?;
    Ok((field.trim().to_owned(), value.trim().to_owned()))
}

fn fields_and_values(text: &str) -> Result<FieldsOfRow, String> {
    text.split(',').map(field_and_value).collect()
}

/// Brings the typed rows in, all or none.
fn add(takar: &Takar, asked: &AddFacts, lang: Lang) -> Result<()> {
    let row = |own: &[(String, String)]| -> Value {
        asked.fields.iter().chain(own).map(|(field, value)| (field.clone(), Value::from(value.as_str()))).collect()
    };
    let rows: Vec<Value> = match asked.rows.as_slice() {
        [] => vec![row(&[])],
        rows => rows.iter().map(|own| row(own)).collect(),
    };
    let rows = rows_of_json(&serde_json::to_vec(&rows)?, "facts add").map_err(AppError::from)?;
    let source = SourceName(asked.source.clone());
    // As they are listed: amounts of the whole line.
    let written = Written { discount: Some(DiscountKind::Amount), cost: Some(CostKind::Line), date_order: None };
    let pushed = takar.push(Push { kind: asked.kind, source, rows, key: None, all_or_none: true, written })?;
    if let Some(bad) = pushed.set_aside.first() {
        let told = |lang| told_of_row(bad, pushed.rows, lang);
        return Err(AppError::Told(Message { id: told(Lang::Id), en: told(Lang::En) }).into());
    }
    if asked.format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&pushed)?);
    }
    let rows = lang.group(i128::from(pushed.accepted));
    output::line(&match lang {
        Lang::Id => {
            format!("{rows} baris disimpan sebagai impor {0}; batalkan dengan: takar imports undo {0}", pushed.import)
        }
        Lang::En => format!("{rows} rows kept as import {0}; take it back with: takar imports undo {0}", pushed.import),
    })
}

/// What is wrong with one of the typed rows, and where.
fn told_of_row(bad: &SetAside, rows: u64, lang: Lang) -> String {
    let row = match lang {
        _ if rows == 1 => String::new(),
        Lang::Id => format!("baris {}, ", bad.row),
        Lang::En => format!("row {}, ", bad.row),
    };
    let place = match &bad.column {
        Some(column) => format!("{row}{column}=\"{}\": ", bad.value),
        None => row,
    };
    let end = match lang {
        Lang::Id => "Tidak ada yang disimpan.",
        Lang::En => "Nothing was kept.",
    };
    format!("{place}{} {end}", bad.message(lang))
}

/// Prints all kinds, or the rows of one, or adds rows.
pub fn run(takar: &Takar, asked: Facts, lang: Lang) -> Result<()> {
    if let Some(FactsVerb::Add(asked)) = &asked.verb {
        return add(takar, asked, lang);
    }
    let Some(kind) = asked.kind else { return kinds(takar, asked.format, lang) };
    let Facts { account, manager, word, invoice, period, import, limit, .. } = asked;
    let filter = FactFilter { kind, account, manager, reach: None, word, invoice, period, import, limit, offset: 0 };
    show(takar, &filter, asked.format, lang)
}

/// Prints the rows that a filter lets through.
pub fn show(takar: &Takar, filter: &FactFilter, format: ReportFormat, lang: Lang) -> Result<()> {
    let page = takar.facts(filter)?;
    match format {
        ReportFormat::Json => output::line(&serde_json::to_string(&page)?),
        ReportFormat::Text => {
            let FactFilter { account, manager, word, invoice, .. } = filter;
            let is_narrowed = [account, manager, word, invoice].iter().any(|given| given.is_some())
                || filter.period.is_some()
                || filter.import.is_some();
            output::line(&told(filter.kind, &page, is_narrowed, lang))
        }
    }
}

fn kinds(takar: &Takar, format: ReportFormat, lang: Lang) -> Result<()> {
    let kinds = takar.kinds(lang)?;
    if format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&kinds)?);
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .map(|kind| vec![kind.kind.to_owned(), kind.label.to_owned(), lang.group(i128::from(kind.rows))])
        .collect();
    let header = [say("jenis", "kind"), say("isi", "what"), say("baris", "rows")];
    output::line(&output::table(&header, &[false, false, true], &rows))
}

/// The sums by word, then the rows with the columns that any of them fills.
fn told(kind: FactKind, page: &FactPage, is_narrowed: bool, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if page.total == 0 {
        return format!(
            "{}: {}",
            kind.label().get(lang),
            match lang {
                Lang::Id if is_narrowed => "tidak ada yang seperti itu".to_owned(),
                Lang::En if is_narrowed => "none like that".to_owned(),
                Lang::Id => format!("belum ada. Masukkan dengan: takar import {} BERKAS", kind.name()),
                Lang::En => format!("none yet. Bring them in with: takar import {} FILE", kind.name()),
            }
        );
    }
    let mut text = String::new();
    if let Some(by) = kind.summed_by() {
        let has_currency = page.groups.iter().any(|group| group.currency.is_some());
        let sums = kind.sum().into_iter().chain((has_currency && by != "currency").then_some(""));
        let header: Vec<&str> = [by, say("baris", "rows")].into_iter().chain(sums).collect();
        let groups: Vec<Vec<String>> = page
            .groups
            .iter()
            .map(|group| {
                let word = group.word.clone().unwrap_or_else(|| "–".to_owned());
                let sum = group.sum.as_deref().map(|sum| output::grouped(sum, lang)).unwrap_or_default();
                let cells = [word, lang.group(i128::from(group.rows)), sum, group.currency.clone().unwrap_or_default()];
                cells.into_iter().take(header.len()).collect()
            })
            .collect();
        text = output::table(&header, &[false, true, true, false][..header.len()], &groups);
        text.push_str("\n\n");
    }
    text.push_str(&rows_told(&page.rows, lang));
    if page.total > page.rows.len() as u64 {
        let (shown, all) = (page.rows.len(), lang.group(i128::from(page.total)));
        text.push_str(&match lang {
            Lang::Id => format!("\n{shown} dari {all} baris; pakai --limit untuk lebih banyak"),
            Lang::En => format!("\n{shown} of {all} rows; use --limit for more"),
        });
    }
    text
}

/// Rows in a table, with the columns that any of them fills.
pub fn rows_told(rows: &[serde_json::Map<String, serde_json::Value>], lang: Lang) -> String {
    let is_filled = |name: &str| rows.iter().any(|row| !row[name].is_null());
    let names: Vec<&str> = rows
        .first()
        .into_iter()
        .flat_map(|row| row.keys().map(String::as_str))
        .filter(|name| !matches!(*name, "source" | "extra" | "sheet") && is_filled(name))
        .collect();
    let is_amount =
        |name: &&str| !matches!(*name, "import_id" | "row") && rows.iter().any(|row| row[*name].is_number());
    let right: Vec<bool> = names.iter().map(is_amount).collect();
    let cell = |value: &serde_json::Value, is_amount: bool| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.chars().filter(|letter| !letter.is_control()).take(40).collect(),
        other if is_amount => output::grouped(&other.to_string(), lang),
        other => other.to_string(),
    };
    let cells = |row: &serde_json::Map<String, serde_json::Value>| {
        names.iter().zip(&right).map(|(name, is_amount)| cell(&row[*name], *is_amount)).collect()
    };
    let told: Vec<Vec<String>> = rows.iter().map(cells).collect();
    output::table(&names, &right, &told)
}
