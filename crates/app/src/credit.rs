//! Whom a single invoice is credited to, decided: rows of the table of credits, which can be taken back like any import.

use std::collections::BTreeSet;

use serde::Serialize;
use takar_import::{FactKind, rows_of_json};
use takar_insight::metrics::CellSource;
use takar_lake::LineFilter;
use takar_model::{Credit, ImportId, Lang, ManagerId, Right, SourceName};
use takar_state::Message;

use crate::{Actor, AppError, Push, Result, Takar, Written};

/// Lines of one invoice that are looked at.
const MOST_LINES: usize = 10_000;

/// A decision on an invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct CreditAsked {
    /// The number of the invoice.
    pub invoice: String,
    /// The stream it belongs to; needed only where several have that number.
    pub source: Option<String>,
    /// Who has which part, in per cent; together the whole.
    pub parts: Vec<(ManagerId, f64)>,
    /// Why.
    pub reason: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreditDecided {
    /// The number of the invoice.
    pub invoice: String,
    /// The stream it belongs to.
    pub source: String,
    /// Who had the credit before.
    pub before: Vec<String>,
    /// Who has it now.
    pub after: Vec<String>,
    /// The import that says so; undoing it takes the decision back.
    pub import: ImportId,
}

impl Takar {
    /// Credits an invoice to one manager or several. The invoice itself stays as it is.
    ///
    /// # Errors
    /// Where the role does not let one, or somebody credits oneself; where the invoice or a manager is not known, or the parts are not the
    /// whole.
    pub fn credit_invoice(&self, asked: &CreditAsked) -> Result<CreditDecided> {
        self.may(Right::Decide)?;
        let reason = asked.reason.trim();
        if reason.is_empty() {
            return told("sebutkan alasannya".to_owned(), "say why".to_owned());
        }
        let ids: BTreeSet<&str> = asked.parts.iter().map(|(manager, _)| manager.0.as_str()).collect();
        let whole: f64 = asked.parts.iter().map(|(_, part)| part).sum();
        let is_part = |part: f64| part > 0.0 && part <= 100.0;
        if ids.len() != asked.parts.len()
            || !asked.parts.iter().all(|(_, part)| is_part(*part))
            || (whole - 100.0).abs() > 0.011
        {
            return told(
                format!(
                    "bagian kredit harus di atas 0 dan berjumlah 100 persen, tiap manajer sekali; sekarang {whole}"
                ),
                format!(
                    "parts of a credit are above 0 and add up to 100 per cent, each manager once; these make {whole}"
                ),
            );
        }
        if let Actor::Person(person) = self.actor()
            && person.manager.as_ref().is_some_and(|own| ids.contains(own.0.as_str()))
        {
            return told(
                "kredit untuk diri sendiri diputuskan orang lain".to_owned(),
                "credit for oneself is decided by somebody else".to_owned(),
            );
        }
        let names = self.lake_source(Credit::Recorded)?;
        for id in &ids {
            let is_seen = self.reach().is_none_or(|reach| reach.holds(id));
            if !is_seen || names.names().manager.code(id).is_none() {
                return told(
                    format!("tidak ada manajer akun dengan id \"{id}\"; lihat takar metrics --by manager"),
                    format!("there is no account manager with the id \"{id}\"; see takar metrics --by manager"),
                );
            }
        }
        let (source, before) = self.find_invoice(asked)?;
        let rows: Vec<serde_json::Value> = asked
            .parts
            .iter()
            .map(|(manager, part)| {
                serde_json::json!({
                    "invoice_no": asked.invoice,
                    "manager_id": manager.0,
                    "share": format!("{part}%"),
                    "date": self.today().to_string(),
                    "note": reason,
                })
            })
            .collect();
        let text = serde_json::to_vec(&rows).unwrap_or_default();
        // Whoever decided it: bringing it in is what the decision does.
        let pushed = self.as_keeper().push(Push {
            kind: FactKind::Credits,
            source: SourceName(source.clone()),
            rows: rows_of_json(&text, "credit")?,
            key: None,
            all_or_none: true,
            written: Written::default(),
        })?;
        if let Some(bad) = pushed.set_aside.first() {
            let said = |lang: Lang| bad.message(lang);
            return told(
                format!("keputusan tidak dapat disimpan: {}", said(Lang::Id)),
                format!("the decision cannot be kept: {}", said(Lang::En)),
            );
        }
        let after: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        let detail = format!(
            "invoice {} of {source}: {} to {}, import {}: {reason}",
            asked.invoice,
            before.join(" "),
            rows.iter()
                .map(|row| format!("{} {}", text_of(row, "manager_id"), text_of(row, "share")))
                .collect::<Vec<_>>()
                .join(" "),
            pushed.import
        );
        let about: BTreeSet<&str> = before.iter().chain(&after).map(String::as_str).collect();
        let about: Vec<&str> = about.into_iter().collect();
        self.note_decision("credit invoice", &detail, &about)?;
        Ok(CreditDecided { invoice: asked.invoice.clone(), source, before, after, import: pushed.import })
    }

    /// The stream of an invoice and who has its credit as recorded.
    fn find_invoice(&self, asked: &CreditAsked) -> Result<(String, Vec<String>)> {
        let filter = LineFilter { invoice: Some(asked.invoice.clone()), limit: MOST_LINES, ..LineFilter::default() };
        // A lead decides on what the own line has a part in.
        if self.reach().is_some() && self.lines(&filter)?.rows.is_empty() {
            return no_such_invoice(&asked.invoice);
        }
        let rows = self.as_keeper().lines(&filter)?.rows;
        let is_wanted = |source: &str| asked.source.as_deref().is_none_or(|wanted| wanted == source);
        let (mut sources, mut managers) = (BTreeSet::new(), BTreeSet::new());
        for row in &rows {
            let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str);
            let Some(source) = text("source").filter(|source| is_wanted(source)) else { continue };
            sources.insert(source.to_owned());
            managers.extend(text("manager_id").map(str::to_owned));
        }
        let managers = managers.into_iter().collect();
        let mut found = sources.into_iter();
        match (found.next(), found.next()) {
            (None, _) => no_such_invoice(&asked.invoice),
            (Some(source), None) => Ok((source, managers)),
            (Some(one), Some(other)) => told(
                format!("faktur {} ada di sumber {one} dan {other}: sebutkan sumbernya", asked.invoice),
                format!("there is an invoice {} in the sources {one} and {other}: say which", asked.invoice),
            ),
        }
    }
}

fn text_of<'a>(row: &'a serde_json::Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn told<T>(id: String, en: String) -> Result<T> {
    Err(AppError::Told(Message { id, en }))
}

fn no_such_invoice<T>(invoice: &str) -> Result<T> {
    let shown: String = invoice.chars().take(60).collect();
    told(
        format!("tidak ada faktur bernomor \"{shown}\"; lihat takar lines"),
        format!("there is no invoice with the number \"{shown}\"; see takar lines"),
    )
}
