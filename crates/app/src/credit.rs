//! Whom a single invoice is credited to, decided: rows of the table of credits, which can be taken back like any import.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use takar_import::{FactKind, rows_of_json};
use takar_insight::metrics::CellSource;
use takar_lake::LineFilter;
use takar_model::{Credit, Day, ImportId, Lang, Right, SourceName, Text};
use takar_state::Message;

use crate::{Actor, AppError, Push, Result, Takar, Written};

/// Lines of one invoice that are looked at.
const MOST_LINES: usize = 10_000;

/// Parts that add up to this, in per cent, are the whole: three thirds are written 33.33.
const NEARLY: f64 = 0.011;

/// A manager's part of the credit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditPart {
    /// The manager's id.
    pub manager: String,
    /// In per cent.
    pub percent: f64,
}

/// A decision on an invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct CreditAsked {
    /// The number of the invoice.
    pub invoice: String,
    /// The stream it belongs to; needed only where several have that number.
    pub source: Option<String>,
    /// Who has which part; together the whole.
    pub parts: Vec<CreditPart>,
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
        let (source, before) = self.find_invoice(asked)?;
        self.may_credit(&asked.parts)?;
        let mut after: Vec<String> = asked.parts.iter().map(|part| part.manager.clone()).collect();
        after.sort();
        let involved: BTreeSet<String> = before.iter().chain(&after).cloned().collect();
        self.may_settle_between(&involved)?;
        let invoices = std::slice::from_ref(&asked.invoice);
        let import = self.push_credits(&source, invoices, &asked.parts, (self.today(), reason), None)?;
        let parts: Vec<String> = asked.parts.iter().map(|part| format!("{} {}%", part.manager, part.percent)).collect();
        let (invoice, from, to) = (&asked.invoice, before.join(" "), parts.join(" "));
        let detail = Message::new(
            format!("faktur {invoice} dari {source}: {from} menjadi {to}, impor {import}: {reason}"),
            format!("invoice {invoice} of {source}: {from} to {to}, import {import}: {reason}"),
        );
        let about: Vec<&str> = involved.iter().map(String::as_str).collect();
        self.note_decision("credit invoice", &detail, &about)?;
        Ok(CreditDecided { invoice: asked.invoice.clone(), source, before, after, import })
    }

    /// Refuses parts that are not the whole, and managers that are not known.
    pub(crate) fn may_credit(&self, parts: &[CreditPart]) -> Result<()> {
        let ids: BTreeSet<&str> = parts.iter().map(|part| part.manager.as_str()).collect();
        let whole: f64 = parts.iter().map(|part| part.percent).sum();
        let are_parts = parts.iter().all(|part| part.percent > 0.0 && part.percent <= 100.0);
        if ids.len() != parts.len() || !are_parts || (whole - 100.0).abs() > NEARLY {
            return told(
                format!(
                    "bagian kredit harus di atas 0 dan berjumlah 100 persen, tiap manajer sekali; sekarang {whole}"
                ),
                format!(
                    "parts of the credit are above 0 and add up to 100 per cent, each manager once; these make {whole}"
                ),
            );
        }
        let source = self.lake_source(Credit::Recorded)?;
        if let Some(id) = ids.into_iter().find(|id| source.names().manager.code(id).is_none()) {
            return told(
                format!("tidak ada manajer akun dengan id \"{id}\"; lihat takar metrics --by manager"),
                format!("there is no account manager with the id \"{id}\"; see takar metrics --by manager"),
            );
        }
        Ok(())
    }

    /// Nobody decides between oneself and another, and a lead only within the own line.
    pub(crate) fn may_settle_between(&self, involved: &BTreeSet<String>) -> Result<()> {
        let Actor::Person(person) = self.actor() else { return Ok(()) };
        if person.manager.as_ref().is_some_and(|own| involved.contains(&own.0)) {
            return Err(AppError::Asked(Text::new(
                "keputusan ini menyangkut kredit Anda sendiri: orang lain yang memutuskan",
                "this is about your own credit: somebody else decides",
            )));
        }
        if self.reach().is_some_and(|reach| involved.iter().any(|id| !reach.holds(id))) {
            return Err(AppError::Asked(Text::new(
                "kreditnya menyangkut manajer di luar tim Anda: kepala penjualan yang memutuskan",
                "the credit concerns managers beyond your line: the sales head decides",
            )));
        }
        Ok(())
    }

    /// Brings in whom invoices of a stream are credited to since a day, and why. With a key, a decision that was cut off arrives once,
    /// whenever it is carried out: all that is in its rows is of the decision.
    pub(crate) fn push_credits(
        &self,
        source: &str,
        invoices: &[String],
        parts: &[CreditPart],
        (day, why): (Day, &str),
        key: Option<String>,
    ) -> Result<ImportId> {
        let row = |invoice: &String, part: &CreditPart| {
            serde_json::json!({
                "invoice_no": invoice,
                "manager_id": part.manager,
                "share": format!("{}%", part.percent),
                "date": day.to_string(),
                "note": why,
            })
        };
        let rows: Vec<serde_json::Value> =
            invoices.iter().flat_map(|invoice| parts.iter().map(move |part| row(invoice, part))).collect();
        let text = serde_json::to_vec(&rows).unwrap_or_default();
        // Whoever decided it: bringing it in is what the decision does.
        let pushed = self.as_keeper().push_as_keeper(Push {
            kind: FactKind::Credits,
            source: SourceName(source.to_owned()),
            rows: rows_of_json(&text, "credit")?,
            key,
            all_or_none: true,
            written: Written::default(),
        })?;
        match pushed.set_aside.first() {
            None => Ok(pushed.import),
            Some(bad) => told(
                format!("keputusan tidak dapat disimpan: {}", bad.message(Lang::Id)),
                format!("the decision cannot be kept: {}", bad.message(Lang::En)),
            ),
        }
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
