//! An import taken back: its rows count no more, and those it had superseded count again.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takar_import::FactKind;
use takar_model::ImportId;

use super::{
    compare::Successors,
    delta::{DataFile, NewFile, Snapshot, Table},
    files::{Columns, FileWriter, months_in, open, select},
    load::{Fresh, NoteIdentity, superseded_by},
    schema::{Status, stored_schema},
    staging::Staging,
};
use crate::{
    Lake,
    error::{LakeError, Result},
};

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct UndoReport {
    /// The import that was taken back.
    pub id: ImportId,
    /// Its lines that count no more.
    pub lines_removed: u64,
    /// Earlier lines that count again.
    pub lines_restored: u64,
    /// The first of the lines that count no more, as they are; of a trial only.
    pub removed: Vec<Map<String, Value>>,
    /// The first of the lines that count again; of a trial only.
    pub restored: Vec<Map<String, Value>>,
}

/// Rows that a trial shows.
const SHOWN: usize = 20;

impl UndoReport {
    /// Nothing was touched.
    pub const fn nothing(id: ImportId) -> Self {
        Self { id, lines_removed: 0, lines_restored: 0, removed: Vec::new(), restored: Vec::new() }
    }
}

fn show(shown: &mut Vec<Map<String, Value>>, batch: &arrow::record_batch::RecordBatch) {
    let rows = batch.slice(0, batch.num_rows().min(SHOWN - shown.len().min(SHOWN)));
    shown.extend(crate::query::rows_of(&rows));
}

/// An import, as the table that it went into tells of it.
pub(crate) struct FoundImport {
    pub table: Table,
    pub identity: NoteIdentity,
    pub label: String,
    pub is_undone: bool,
    /// Every import of the table that was undone.
    pub undone_imports: rustc_hash::FxHashSet<i64>,
}

impl Lake {
    /// Takes one import back, in one commit. Later imports stay as they are. A trial changes nothing, and gives the
    /// rows concerned.
    pub fn undo(&self, import: ImportId, trial: bool) -> Result<UndoReport> {
        let _lock = self.lock_for_writing()?;
        let found = self.find_import(import)?;
        if found.is_undone {
            return Err(LakeError::NoSuchImport(import));
        }
        self.undo_in(&found.table, import, &found.identity, trial)
    }

    /// The import of that number.
    pub(crate) fn find_import(&self, import: ImportId) -> Result<FoundImport> {
        for kind in FactKind::ALL {
            let table = Table::new(self.folder(), kind);
            let notes = table.notes(self.runtime())?;
            let own = |note: &&Value| note["import"] == json!(import) && note["operation"] == "import";
            let Some(note) = notes.iter().find(own) else {
                continue;
            };
            let undone = notes.iter().filter(|note| note["operation"] == "undo");
            let undone_imports: rustc_hash::FxHashSet<i64> =
                undone.filter_map(|note| note["import"].as_i64()).collect();
            let identity: NoteIdentity = serde_json::from_value(note["identity"].clone())
                .map_err(LakeError::data("cannot read the import's note"))?;
            let label = note["label"].as_str().unwrap_or_default().to_owned();
            let is_undone = undone_imports.contains(&import.0);
            return Ok(FoundImport { table, identity, label, is_undone, undone_imports });
        }
        Err(LakeError::NoSuchImport(import))
    }

    fn undo_in(&self, table: &Table, import: ImportId, identity: &NoteIdentity, trial: bool) -> Result<UndoReport> {
        let snapshot: Snapshot = table.open_or_create(self.runtime())?;
        let staging = Staging::fresh(table.folder(), Some(&snapshot))?;
        let schema = stored_schema(table.kind());
        let mut report = UndoReport::nothing(import);
        let (mut added, mut removed) = (Vec::<NewFile>::new(), Vec::<DataFile>::new());
        let mut months = rustc_hash::FxHashSet::default();
        let mut successors = Successors::default();
        for file in snapshot.files.iter().filter(|file| file.import == import && file.status != Status::Undone) {
            let origin = (import, file.source.as_str());
            let mut writer = FileWriter::new(staging.folder(), schema.clone(), origin, Status::Undone, false);
            for batch in open(&table.folder().join(&file.name), Columns::ALL)? {
                let batch = batch?;
                successors.add(identity.as_identity(), &batch)?;
                if file.status == Status::Live {
                    months.extend(months_in(&batch));
                    report.lines_removed += batch.num_rows() as u64;
                    if trial {
                        show(&mut report.removed, &batch);
                    }
                }
                if !trial {
                    writer.write(&batch)?;
                }
            }
            removed.push(file.clone());
            added.extend(writer.finish()?);
        }
        for file in snapshot.with_status(Status::Superseded).filter(|file| file.import != import) {
            let origin = (file.import, file.source.as_str());
            let mut live = FileWriter::new(staging.folder(), schema.clone(), origin, Status::Live, false);
            let mut old = FileWriter::new(staging.folder(), schema.clone(), origin, Status::Superseded, false);
            let mut is_touched = false;
            for batch in open(&table.folder().join(&file.name), Columns::ALL)? {
                let batch = batch?;
                let now = superseders_after(&batch, import, &successors, identity)?;
                is_touched |= now.is_touched;
                let batch = superseded_by(&batch, &now.of_rows)?;
                let restored = select(&batch, |row| now.of_rows[row].is_none())?;
                months.extend(months_in(&restored));
                report.lines_restored += restored.num_rows() as u64;
                if trial {
                    show(&mut report.restored, &restored);
                    continue;
                }
                live.write(&restored)?;
                old.write(&select(&batch, |row| now.of_rows[row].is_some())?)?;
            }
            if is_touched {
                removed.push(file.clone());
                added.extend(live.finish()?);
                added.extend(old.finish()?);
            }
        }
        if trial {
            return Ok(report);
        }
        staging.publish(&added)?;
        let note = json!({
            "operation": "undo",
            "import": import,
            "lines_removed": report.lines_removed,
            "lines_restored": report.lines_restored,
        });
        table.commit(self.runtime(), &snapshot, &added, &removed, &note)?;
        staging.done()?;
        let fresh = match table.kind() {
            FactKind::Sales => Fresh::Months(months),
            small => Fresh::SmallTable(small),
        };
        if table.kind().shapes_panels() {
            self.refresh_panels(fresh)?;
        }
        Ok(report)
    }
}

/// What became of the rows of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Fate {
    /// Rows that count.
    pub live: u64,
    /// Rows that were taken back.
    pub undone: u64,
    /// Later imports that corrected rows of it, with how many.
    pub corrected_by: BTreeMap<i64, u64>,
}

impl Lake {
    /// What became of the rows of an import of a kind.
    pub fn fate_of(&self, import: ImportId, kind: FactKind) -> Result<Fate> {
        let table = Table::new(self.folder(), kind);
        let mut fate = Fate::default();
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else { return Ok(fate) };
        for file in snapshot.files.iter().filter(|file| file.import == import) {
            match file.status {
                Status::Live => fate.live += file.rows,
                Status::Undone => fate.undone += file.rows,
                Status::Superseded => {
                    for batch in open(&table.folder().join(&file.name), Columns::only(&["superseded_by"]))? {
                        let batch = batch?;
                        for by in super::columns::whole(&batch, "superseded_by")?.iter().flatten() {
                            *fate.corrected_by.entry(by).or_default() += 1;
                        }
                    }
                }
            }
        }
        Ok(fate)
    }
}

struct Superseders {
    of_rows: Vec<Option<ImportId>>,
    is_touched: bool,
}

/// Who supersedes each row once `undone` is gone: the same as before, or the next in the chain.
fn superseders_after(
    batch: &arrow::record_batch::RecordBatch,
    undone: ImportId,
    successors: &Successors,
    identity: &NoteIdentity,
) -> Result<Superseders> {
    use arrow::array::Array;
    let before = super::columns::whole(batch, "superseded_by")?;
    let after = successors.of_rows(identity.as_identity(), batch)?;
    let is_undone = |row: usize| !before.is_null(row) && before.value(row) == undone.0;
    let of_rows = (0..batch.num_rows())
        .map(|row| match is_undone(row) {
            true => after[row],
            false => (!before.is_null(row)).then(|| ImportId(before.value(row))),
        })
        .collect();
    Ok(Superseders { of_rows, is_touched: (0..batch.num_rows()).any(is_undone) })
}
