//! An import taken back: its rows count no more, and those it had superseded count again.

use serde_json::{Value, json};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct UndoReport {
    /// The import that was taken back.
    pub id: ImportId,
    /// Its lines that count no more.
    pub lines_removed: u64,
    /// Earlier lines that count again.
    pub lines_restored: u64,
}

impl Lake {
    /// Takes one import back, in one commit. Later imports stay as they are.
    pub fn undo(&self, import: ImportId) -> Result<UndoReport> {
        let _lock = self.lock_for_writing()?;
        for kind in FactKind::ALL {
            let table = Table::new(self.folder(), kind);
            let notes = table.notes(self.runtime())?;
            let own = |note: &&Value| note["import"] == json!(import) && note["operation"] == "import";
            let Some(note) = notes.iter().find(own) else {
                continue;
            };
            if notes.iter().any(|note| note["import"] == json!(import) && note["operation"] == "undo") {
                return Err(LakeError::NoSuchImport(import));
            }
            let identity: NoteIdentity = serde_json::from_value(note["identity"].clone())
                .map_err(LakeError::data("cannot read the import's note"))?;
            return self.undo_in(&table, import, &identity);
        }
        Err(LakeError::NoSuchImport(import))
    }

    fn undo_in(&self, table: &Table, import: ImportId, identity: &NoteIdentity) -> Result<UndoReport> {
        let snapshot: Snapshot = table.open_or_create(self.runtime())?;
        let staging = Staging::fresh(table.folder())?;
        let schema = stored_schema(table.kind());
        let mut report = UndoReport { id: import, lines_removed: 0, lines_restored: 0 };
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
                }
                writer.write(&batch)?;
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
                live.write(&restored)?;
                old.write(&select(&batch, |row| now.of_rows[row].is_some())?)?;
            }
            if is_touched {
                removed.push(file.clone());
                added.extend(live.finish()?);
                added.extend(old.finish()?);
            }
        }
        staging.publish(&added)?;
        let note = json!({
            "operation": "undo",
            "import": import,
            "lines_removed": report.lines_removed,
            "lines_restored": report.lines_restored,
        });
        table.commit(self.runtime(), &snapshot, &added, &removed, &note)?;
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
