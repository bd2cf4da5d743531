//! What makes two lines "the same line": the identity by which a re-import replaces.
//!
//! A line belongs to a **group**; a group that comes again with the same content changes nothing, with
//! other content it replaces, with another account it is a conflict.
//!
//! | the import has | group | a group that comes again |
//! |---|---|---|
//! | invoice and line number | source + invoice + line | replaces the line |
//! | invoice number only | source + invoice | replaces the invoice whole |
//! | no invoice number | source + content | only lines beyond those there already are added |
//! | owners of an account | source + account + first day | replaces all of them |
//! | activities, offers and what else is described by its columns | source + the key of its shape | replaces the row |
//! | a repaired set-aside row without a line number | the row it repairs | replaces the earlier repair |
//!
//! Identities are 128-bit XXH3 hashes: among 10⁹ lines the chance of any collision is below 10⁻²⁰.

use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};
use takar_import::{FactKind, Shape};
use xxhash_rust::xxh3::xxh3_128;

use super::columns::{Column, column, text, text_at};
use crate::error::Result;

/// A group of lines that is replaced as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GroupKey(pub u128);

/// Which columns make the identity of an import's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyMode {
    /// Sales lines whose file numbers the lines of an invoice.
    Line,
    /// Sales lines whose file does not: an invoice is one group.
    Invoice,
    /// Small tables: the id (or, for targets and market sizes, everything but the value).
    Id,
}

/// The lineage of a row: not part of its content.
const LINEAGE: [&str; 7] = ["source", "import_id", "file", "sheet", "row", "repair_of", "superseded_by"];

/// The groups of every row of a batch of `kind`; `None` for rows that are identified by content alone.
pub(crate) fn group_keys(
    kind: FactKind,
    mode: KeyMode,
    source: &str,
    batch: &RecordBatch,
) -> Result<Vec<Option<GroupKey>>> {
    if let Some(shape) = kind.shape() {
        return described_keys(shape, source, batch);
    }
    match kind {
        FactKind::Accounts => hashed(batch, source, &["account_id"]),
        FactKind::Products => hashed(batch, source, &["product_id"]),
        FactKind::Managers => hashed(batch, source, &["manager_id"]),
        FactKind::Targets => {
            const SCOPE: [&str; 10] = [
                "manager_id",
                "account_id",
                "product_id",
                "category",
                "region",
                "segment",
                "branch",
                "from",
                "to",
                "kpi",
            ];
            hashed(batch, source, &SCOPE)
        }
        FactKind::Market => hashed(batch, source, &["category", "region", "segment", "from", "to", "kpi"]),
        // All owners of an account from one day on are one group: a split that comes again is replaced whole.
        FactKind::Ownership => hashed(batch, source, &["account_id", "from"]),
        FactKind::Rates => hashed(batch, source, &["currency", "in_currency", "from", "to"]),
        _ => sales_keys(mode, source, batch),
    }
}

/// The key that the shape of the kind says; none where its first column is blank.
fn described_keys(shape: &Shape, source: &str, batch: &RecordBatch) -> Result<Vec<Option<GroupKey>>> {
    let first = shape.key.first().and_then(|name| batch.column_by_name(name));
    let has_key = |row: usize| first.is_some_and(|first| first.is_valid(row));
    let keys = hashed(batch, source, shape.key)?;
    Ok(keys.into_iter().enumerate().map(|(row, key)| key.filter(|_| has_key(row))).collect())
}

/// The hash of every row's invoice, whatever the key mode; `None` where a row has no invoice number.
pub(crate) fn invoice_keys(source: &str, batch: &RecordBatch) -> Result<Vec<Option<GroupKey>>> {
    let invoices = text(batch, "invoice_no")?;
    let mut key = Vec::with_capacity(64);
    Ok((0..batch.num_rows())
        .map(|row| text_at(invoices, row).map(|invoice| invoice_key(source, invoice, &mut key)))
        .collect())
}

/// The identity of one invoice of a source.
pub(crate) fn invoice_key(source: &str, invoice: &str, buffer: &mut Vec<u8>) -> GroupKey {
    buffer.clear();
    buffer.extend_from_slice(source.as_bytes());
    buffer.push(0);
    buffer.extend_from_slice(invoice.as_bytes());
    GroupKey(xxh3_128(buffer))
}

/// The hash of each row's content: every column but the lineage.
pub(crate) fn content_hashes(batch: &RecordBatch) -> Result<Vec<u128>> {
    let schema = batch.schema();
    let columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .filter(|(field, _)| !LINEAGE.contains(&field.name().as_str()))
        .map(|(_, array)| Column::new(array))
        .collect::<Result<Vec<_>>>()?;
    Ok(hash_rows(&columns, b"", batch.num_rows()))
}

fn sales_keys(mode: KeyMode, source: &str, batch: &RecordBatch) -> Result<Vec<Option<GroupKey>>> {
    let (invoices, lines, repairs) = (text(batch, "invoice_no")?, text(batch, "line_no")?, text(batch, "repair_of")?);
    let mut key = Vec::with_capacity(64);
    let mut keys = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        key.clear();
        key.extend_from_slice(source.as_bytes());
        let is_numbered = mode == KeyMode::Line && text_at(lines, row).is_some();
        if let Some(origin) = text_at(repairs, row).filter(|_| !is_numbered) {
            key.extend_from_slice(&[0, 0]);
            key.extend_from_slice(origin.as_bytes());
            keys.push(Some(GroupKey(xxh3_128(&key))));
            continue;
        }
        let Some(invoice) = text_at(invoices, row) else {
            keys.push(None);
            continue;
        };
        key.push(0);
        key.extend_from_slice(invoice.as_bytes());
        if mode == KeyMode::Line {
            key.push(0);
            key.extend_from_slice(text_at(lines, row).unwrap_or_default().as_bytes());
        }
        keys.push(Some(GroupKey(xxh3_128(&key))));
    }
    Ok(keys)
}

fn hashed(batch: &RecordBatch, source: &str, names: &[&str]) -> Result<Vec<Option<GroupKey>>> {
    let columns = names.iter().map(|name| column(batch, name)).collect::<Result<Vec<_>>>()?;
    Ok(hash_rows(&columns, source.as_bytes(), batch.num_rows()).into_iter().map(|hash| Some(GroupKey(hash))).collect())
}

fn hash_rows(columns: &[Column<'_>], prefix: &[u8], rows: usize) -> Vec<u128> {
    let mut key = Vec::with_capacity(256);
    (0..rows)
        .map(|row| {
            key.clear();
            key.extend_from_slice(prefix);
            columns.iter().for_each(|column| column.write_key(row, &mut key));
            xxh3_128(&key)
        })
        .collect()
}
