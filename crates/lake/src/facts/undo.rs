//! An import taken back: its rows count no more, and those it had superseded count again.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};
use takar_import::FactKind;
use takar_model::ImportId;

use super::{
    again::{ContentsAgain, find_brought_again},
    columns::whole,
    compare::{Successors, lines_of_invoices_in},
    delta::{Change, DataFile, NewFile, Snapshot, Table},
    files::FileWriter,
    keys::content_hashes,
    load::{Fresh, NoteIdentity, superseded_by},
    scan::{Columns, of_import, of_others, open, select},
    schema::{Status, stored_schema},
    staging::Staging,
};
use crate::{
    Lake,
    error::{LakeError, Result},
    panels::stale::Stale,
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
    pub undone_imports: FxHashSet<i64>,
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
            let table = self.table(kind);
            let notes = table.notes(self.runtime())?;
            let own = |note: &&Value| note["import"] == json!(import) && note["operation"] == "import";
            let Some(note) = notes.iter().find(own) else {
                continue;
            };
            let undone = notes.iter().filter(|note| note["operation"] == "undo");
            let undone_imports: FxHashSet<i64> = undone.filter_map(|note| note["import"].as_i64()).collect();
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
        let writer = |source: &str, status| FileWriter::new(staging.folder(), schema.clone(), source, status, false);
        let batches = |file: &DataFile| open(&table.folder().join(&file.name), Columns::all(table.kind()));
        let is_sales = table.kind() == FactKind::Sales;
        let mut report = UndoReport::nothing(import);
        let (mut added, mut removed) = (Vec::<NewFile>::new(), Vec::<DataFile>::new());
        let mut stale = Stale::default();
        let mut successors = Successors::default();
        let mut restored_invoices = FxHashSet::default();
        let counts = |file: &&DataFile| file.status != Status::Undone;
        for file in snapshot.files.iter().filter(counts).filter(|file| file.imports.may_have(import)) {
            let mut undone = writer(&file.source, Status::Undone);
            let mut live = writer(&file.source, Status::Live);
            let mut has_any = false;
            for batch in batches(file)? {
                let batch = batch?;
                let own = of_import(&batch, import)?;
                has_any |= own.num_rows() > 0;
                successors.add(identity.as_identity(), &own)?;
                if file.status == Status::Live {
                    report.lines_removed += own.num_rows() as u64;
                    if is_sales {
                        stale.add_lines(&own)?;
                    }
                    if trial {
                        show(&mut report.removed, &own);
                    }
                }
                if !trial {
                    undone.write(&own)?;
                    if file.status == Status::Live {
                        live.write(&of_others(&batch, import)?)?;
                    }
                }
            }
            if has_any {
                removed.push(file.clone());
                added.extend(undone.finish()?);
                added.extend(live.finish()?);
            }
        }
        let mut again = find_brought_again(table, &snapshot, identity.as_identity(), import, &mut successors)?;
        for file in snapshot.with_status(Status::Superseded) {
            let mut live = writer(&file.source, Status::Live);
            let mut old = writer(&file.source, Status::Superseded);
            let had_own = removed.iter().any(|known| known.name == file.name);
            let mut is_touched = had_own;
            for batch in batches(file)? {
                let batch = of_others(&batch?, import)?;
                let now = superseders_after(&batch, import, &successors, &mut again, identity)?;
                is_touched |= now.is_touched;
                let batch = superseded_by(&batch, &now.of_rows)?;
                let restored = select(&batch, |row| now.of_rows[row].is_none())?;
                if is_sales {
                    stale.add_lines(&restored)?;
                    restored_invoices.extend(identity.as_identity().invoices(&restored)?.into_iter().flatten());
                }
                report.lines_restored += restored.num_rows() as u64;
                if trial {
                    show(&mut report.restored, &restored);
                    continue;
                }
                live.write(&restored)?;
                old.write(&select(&batch, |row| now.of_rows[row].is_some())?)?;
            }
            if is_touched {
                if !had_own {
                    removed.push(file.clone());
                }
                added.extend(live.finish()?);
                added.extend(old.finish()?);
            }
        }
        if trial {
            return Ok(report);
        }
        if is_sales {
            // An order that goes on elsewhere is counted there too.
            let live: Vec<DataFile> = snapshot.with_status(Status::Live).cloned().collect();
            let others = lines_of_invoices_in(identity.as_identity(), table, &live, &restored_invoices)?;
            stale.accounts.extend(others.accounts);
        }
        staging.publish(&added)?;
        let note = json!({
            "operation": "undo",
            "import": import,
            "lines_removed": report.lines_removed,
            "lines_restored": report.lines_restored,
        });
        table.commit(self.runtime(), &snapshot, (&added, &removed), Change::Rows, &note)?;
        staging.done()?;
        let fresh = match table.kind() {
            FactKind::Sales => Fresh::Lines { added: Box::default(), stale },
            small => Fresh::SmallTable(small),
        };
        if table.kind().shapes_panels() {
            self.refresh_panels(fresh)?;
        }
        self.compact_when_due(table);
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
        let table = self.table(kind);
        let mut fate = Fate::default();
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else { return Ok(fate) };
        for file in snapshot.files.iter().filter(|file| file.imports.may_have(import)) {
            for batch in open(&table.folder().join(&file.name), Columns::only(&["import_id", "superseded_by"]))? {
                let own = of_import(&batch?, import)?;
                match file.status {
                    Status::Live => fate.live += own.num_rows() as u64,
                    Status::Undone => fate.undone += own.num_rows() as u64,
                    Status::Superseded => {
                        for by in whole(&own, "superseded_by")?.iter().flatten() {
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
    again: &mut ContentsAgain,
    identity: &NoteIdentity,
) -> Result<Superseders> {
    use arrow::array::Array;
    let before = whole(batch, "superseded_by")?;
    let after = successors.of_rows(identity.as_identity(), batch)?;
    let is_undone = |row: usize| !before.is_null(row) && before.value(row) == undone.0;
    let hashes = if again.is_empty() { Vec::new() } else { content_hashes(batch)? };
    let keys = identity.as_identity().keys(batch)?;
    let mut brought_again = |row: usize| {
        let hash = hashes.get(row).filter(|_| keys[row].is_none())?;
        again.get_mut(hash)?.pop()
    };
    let of_rows = (0..batch.num_rows())
        .map(|row| match is_undone(row) {
            true => after[row].or_else(|| brought_again(row)),
            false => (!before.is_null(row)).then(|| ImportId(before.value(row))),
        })
        .collect();
    Ok(Superseders { of_rows, is_touched: (0..batch.num_rows()).any(is_undone) })
}
