//! Small files written together.
//!
//! Every import leaves at least one file, so pushes of a few lines, a day of them, leave hundreds: each is opened at every look
//! at the lines. Where many small ones of one source have gathered, their rows are written into few larger ones. No row
//! changes: each keeps its import, its place in its file and its status, and every figure stays as it is.

use std::collections::BTreeMap;

use arrow::{
    array::UInt32Array,
    compute::{concat_batches, take_record_batch},
    record_batch::RecordBatch,
};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;
use takar_import::FactKind;

use super::{
    columns::dates,
    delta::{Change, DataFile, NewFile, Snapshot, Table},
    files::FileWriter,
    scan::{Columns, open},
    schema::stored_schema,
    staging::Staging,
};
use crate::{
    Lake,
    error::{LakeError, Result},
};

/// A file with fewer rows is small.
const SMALL: u64 = 32 * 1024;
/// The most rows that small files are written together into.
const LARGE: u64 = 256 * 1024;
/// Small files of one source and status at which they are written together without being asked.
const MANY: usize = 64;

/// What compacting one table did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompactReport {
    /// The table.
    pub kind: FactKind,
    /// Small files that were written together.
    pub files_before: usize,
    /// Files that they became.
    pub files_after: usize,
    /// Rows in them.
    pub rows: u64,
}

/// Small files to be written together, in the order of their rows.
type Group<'a> = Vec<&'a DataFile>;

impl Lake {
    /// Writes small files together, in every table that has some, or tells what that would do. Tables without are left out.
    pub fn compact(&self, trial: bool) -> Result<Vec<CompactReport>> {
        let _lock = self.lock_for_writing()?;
        let mut reports = Vec::new();
        for kind in FactKind::ALL {
            reports.extend(self.compact_table(&self.table(kind), 2, trial)?);
        }
        Ok(reports)
    }

    /// Writes the small files of a table together where many have gathered. The caller holds the lock, and what it came for is
    /// done: if this fails, the next one makes up for it.
    pub(super) fn compact_when_due(&self, table: &Table) {
        let _ = self.compact_table(table, MANY, false);
    }

    fn compact_table(&self, table: &Table, at_least: usize, trial: bool) -> Result<Option<CompactReport>> {
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else { return Ok(None) };
        let groups = groups_of(&snapshot, at_least);
        let all = || groups.iter().flatten().copied();
        if groups.is_empty() {
            return Ok(None);
        }
        let report = CompactReport {
            kind: table.kind(),
            files_before: all().count(),
            files_after: groups.len(),
            rows: all().map(|file| file.rows).sum(),
        };
        if trial {
            return Ok(Some(report));
        }
        let staging = Staging::fresh(table.folder(), Some(&snapshot))?;
        let added: Vec<NewFile> =
            groups.par_iter().map(|group| write_together(group, table, &staging)).collect::<Result<Vec<_>>>()?.concat();
        let removed: Vec<DataFile> = all().cloned().collect();
        staging.publish(&added)?;
        let note = json!({ "operation": "compact", "files_before": report.files_before, "files_after": added.len() });
        let made_from = self.panel_versions();
        table.commit(self.runtime(), &snapshot, (&added, &removed), Change::Layout, &note)?;
        staging.done()?;
        self.renew_panels(&made_from)?;
        Ok(Some(report))
    }
}

/// The small files of each source and status, where there are enough of them, cut into what one file can hold.
fn groups_of(snapshot: &Snapshot, at_least: usize) -> Vec<Group<'_>> {
    let mut small: BTreeMap<(&str, &str), Group<'_>> = BTreeMap::new();
    for file in snapshot.files.iter().filter(|file| file.rows < SMALL) {
        small.entry((file.status.name(), &file.source)).or_default().push(file);
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for mut files in small.into_values().filter(|files| files.len() >= at_least) {
        files.sort_by_key(|file| (file.days.map(|days| days.from()), file.imports.first, &file.name));
        let (mut group, mut rows) = (Group::new(), 0);
        for file in files {
            if rows + file.rows > LARGE {
                groups.push(std::mem::take(&mut group));
                rows = 0;
            }
            rows += file.rows;
            group.push(file);
        }
        groups.push(group);
    }
    // The last of a source may be alone: nothing is gained by writing it again.
    groups.retain(|group| group.len() > 1);
    groups
}

fn write_together(group: &Group<'_>, table: &Table, staging: &Staging) -> Result<Vec<NewFile>> {
    let Some(first) = group.first() else { return Ok(Vec::new()) };
    let schema = stored_schema(table.kind());
    let mut writer = FileWriter::new(staging.folder(), schema.clone(), &first.source, first.status, false);
    let mut batches = Vec::new();
    for file in group {
        for batch in open(&table.folder().join(&file.name), Columns::all(table.kind()))? {
            batches.push(batch?);
        }
    }
    let rows = concat_batches(&schema, &batches).map_err(LakeError::data("cannot write files together"))?;
    writer.write(&by_date(rows)?)?;
    writer.finish()
}

/// The rows in order of their dates, and on one day as they were; as they are where they have none.
fn by_date(rows: RecordBatch) -> Result<RecordBatch> {
    let Ok(days) = dates(&rows, "date") else { return Ok(rows) };
    let mut order: Vec<u32> = (0_u32..).take(rows.num_rows()).collect();
    order.sort_by_key(|row| days.value(*row as usize));
    take_record_batch(&rows, &UInt32Array::from(order)).map_err(LakeError::data("cannot write files together"))
}
