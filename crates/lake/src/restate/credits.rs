//! Whom single invoices are credited to, where that was decided: rows of the table of credits, brought in like any other, so that
//! a decision can be taken back.

use std::collections::BTreeMap;

use arrow::array::{Array, RecordBatch, StringArray};
use rustc_hash::FxHashMap;

use super::{
    owners::{IdOfName, Part, parts},
    plain_text,
};
use crate::{
    error::Result,
    facts::columns::{decimal, text, text_at},
};

/// By source and number of the invoice: who has which part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credits {
    of: FxHashMap<String, FxHashMap<String, Vec<Part>>>,
}

impl Credits {
    /// From the live rows of the table. Names of managers that are no ids are looked up.
    pub(crate) fn of(table: &RecordBatch, managers: &IdOfName) -> Result<Self> {
        let (source, invoice) = (text(table, "source")?, text(table, "invoice_no")?);
        let (manager, share) = (text(table, "manager_id")?, decimal(table, "share")?);
        let mut shares: BTreeMap<(&str, &str), BTreeMap<&str, i128>> = BTreeMap::new();
        for row in (0..table.num_rows()).filter(|row| share.is_valid(*row)) {
            let named = text_at(source, row).zip(text_at(invoice, row)).zip(text_at(manager, row));
            let Some((invoice, manager)) = named else { continue };
            *shares.entry(invoice).or_default().entry(managers.id(manager)).or_default() += share.value(row);
        }
        let mut found = Self::default();
        for ((source, invoice), shares) in shares {
            let of_source = found.of.entry(source.to_owned()).or_default();
            of_source.insert(invoice.to_owned(), parts(&shares));
        }
        Ok(found)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Source, invoice and part, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str, &Part)> {
        let mut all: Vec<(&str, &str, &[Part])> = self
            .of
            .iter()
            .flat_map(|(source, of)| of.iter().map(|(invoice, parts)| (source.as_str(), invoice.as_str(), &parts[..])))
            .collect();
        all.sort_unstable_by_key(|(source, invoice, _)| (*source, *invoice));
        all.into_iter().flat_map(|(source, invoice, parts)| parts.iter().map(move |part| (source, invoice, part)))
    }

    /// What was decided for the lines of a batch, all of one source where one is given.
    pub(super) fn of_lines<'a>(&'a self, source: Option<&str>, batch: &RecordBatch) -> Result<Decided<'a>> {
        if self.is_empty() {
            return Ok(Decided::default());
        }
        let own = source.and_then(|source| self.of.get(source));
        let sources = if source.is_some() { None } else { plain_text(batch, "source")? };
        Ok(Decided { all: Some(self), own, sources, invoices: plain_text(batch, "invoice_no")? })
    }
}

/// What was decided for the lines of a batch.
#[derive(Default)]
pub(super) struct Decided<'a> {
    all: Option<&'a Credits>,
    /// Where all lines are of one source.
    own: Option<&'a FxHashMap<String, Vec<Part>>>,
    sources: Option<StringArray>,
    invoices: Option<StringArray>,
}

impl<'a> Decided<'a> {
    /// Who has the credit of a line; `None` where nothing was decided.
    pub(super) fn parts(&self, row: usize) -> Option<&'a [Part]> {
        let of_source = match &self.sources {
            Some(sources) => self.all?.of.get(text_at(sources, row)?)?,
            None => self.own?,
        };
        of_source.get(text_at(self.invoices.as_ref()?, row)?).map(Vec::as_slice)
    }
}
