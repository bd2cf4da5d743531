//! Bringing back an import that was undone, as a new import of the same rows.

use arrow::record_batch::RecordBatch;
use rustc_hash::{FxHashMap, FxHashSet};
use takar_import::FactKind;
use takar_model::{Day, ImportId, Money, SourceName};

use super::{
    columns::{dates, decimal, whole},
    compare::{Decisions, Extent, Groups, Identity, Successors, compare},
    delta::{DataFile, NewFile, Snapshot, Table},
    files::FileWriter,
    load::{Fresh, ImportReport, live_files_of, stored},
    scan::{Columns, of_import, open, project, select},
    schema::{Status, stored_schema},
    small::begun,
    staging::Staging,
};
use crate::{
    Lake,
    error::{LakeError, Result},
    panels::stale::Stale,
};

/// Rows above which a file is written for each month, as of a large import.
const LARGE: u64 = 500_000;

impl Lake {
    /// Brings the rows of an undone import back under a new number, or tries how that would go.
    ///
    /// Rows that a later import had corrected, and still corrects, stay corrected: they do not come back. Of the others
    /// the rows that count now under the same identity are replaced, as by any import.
    ///
    /// # Errors
    /// [`LakeError::NotUndone`] where it was not undone; [`LakeError::TakenInvoices`] where its invoices belong to other
    /// accounts now.
    pub fn redo(&self, id: ImportId, undone: ImportId, trial: bool, started: &str) -> Result<ImportReport> {
        let _lock = self.lock_for_writing()?;
        let found = self.find_import(undone)?;
        if !found.is_undone {
            return Err(LakeError::NotUndone(undone));
        }
        let (table, identity) = (&found.table, found.identity.as_identity());
        let kind = table.kind();
        let snapshot = table.open_or_create(self.runtime())?;
        let files: Vec<DataFile> =
            snapshot.with_status(Status::Undone).filter(|file| file.imports.may_have(undone)).cloned().collect();
        let corrections = Corrections::of(table, identity, &snapshot, &found.undone_imports, (undone, &files))?;
        let comes_back = |batch: &RecordBatch| -> Result<RecordBatch> {
            let batch = &of_import(batch, undone)?;
            let corrected = corrections.hold(identity, batch)?;
            select(batch, |row| !corrected[row])
        };
        let mut incoming = Groups::default();
        let mut rows = 0;
        for (chunk, file) in (0_u32..).zip(&files) {
            for batch in open(&table.folder().join(&file.name), Columns::all(table.kind()))? {
                let batch = comes_back(&batch?)?;
                rows += batch.num_rows() as u64;
                incoming.add(identity, chunk, &batch)?;
            }
        }
        let earlier = live_files_of(Some(&snapshot), identity.source);
        let decisions = if earlier.is_empty() {
            Decisions::default()
        } else {
            compare(identity, &incoming, Extent::Part, table, &earlier)?
        };
        if decisions.has_conflicts() {
            return Err(LakeError::TakenInvoices(undone));
        }
        let staging = Staging::fresh(table.folder(), Some(&snapshot))?;
        let schema = stored_schema(kind);
        let mut writer = FileWriter::new(staging.folder(), schema, identity.source, Status::Live, rows > LARGE);
        let imported = match kind {
            FactKind::Sales => takar_import::line_schema(),
            other => takar_import::table_schema(other),
        };
        let source = SourceName(identity.source.to_owned());
        let mut report = begun(id, kind, source, found.label, rows);
        let mut stale = Stale::default();
        let mut written = FxHashSet::default();
        for file in &files {
            for batch in open(&table.folder().join(&file.name), Columns::all(table.kind()))? {
                let batch = comes_back(&batch?)?;
                let wanted = decisions.wanted(identity, &batch)?;
                let fresh = select(&batch, |row| wanted[row])?;
                report.added += fresh.num_rows() as u64;
                report.unchanged += (batch.num_rows() - fresh.num_rows()) as u64;
                if kind == FactKind::Sales {
                    stale.add_lines(&fresh)?;
                    written.extend(identity.invoices(&fresh)?.into_iter().flatten());
                    let net: Money = decimal(&fresh, "net")?.iter().flatten().map(Money::from_units).sum();
                    report.net = Some(report.net.unwrap_or(Money::ZERO) + net);
                    let days = dates(&fresh, "date")?.iter().flatten().filter_map(Day::from_epoch_days);
                    for day in days {
                        report.first_day = Some(report.first_day.map_or(day, |first| first.min(day)));
                        report.last_day = Some(report.last_day.map_or(day, |last| last.max(day)));
                    }
                }
                if !trial {
                    writer.write(&stored(&project(&fresh, &imported)?, kind, id, identity.source)?)?;
                }
            }
        }
        let moved = self.supersede(identity, id, table, &decisions, &staging, trial)?;
        report.replaced = moved.superseded;
        if trial {
            return Ok(report);
        }
        let added: Vec<NewFile> = writer.finish()?.into_iter().chain(moved.added).collect();
        if added.is_empty() {
            return Ok(report);
        }
        stale.extend(moved.stale);
        stale.accounts.extend(decisions.earlier_lines(identity, table, &written)?.accounts);
        self.commit_import(table, &staging, &added, &moved.removed, &report, identity.mode, started)?;
        match kind {
            FactKind::Sales => self.refresh_panels(Fresh::Lines { added: Box::default(), stale })?,
            small if small.shapes_panels() => self.refresh_panels(Fresh::SmallTable(small))?,
            _ => {}
        }
        self.compact_when_due(table);
        Ok(report)
    }
}

/// Who corrected rows of an undone import, followed through imports that were undone themselves.
struct Corrections<'a> {
    undone: &'a FxHashSet<i64>,
    /// By undone import, who superseded its rows in turn.
    by_import: FxHashMap<i64, Successors>,
}

impl<'a> Corrections<'a> {
    fn of(
        table: &Table,
        identity: Identity<'_>,
        snapshot: &Snapshot,
        undone: &'a FxHashSet<i64>,
        (import, files): (ImportId, &[DataFile]),
    ) -> Result<Self> {
        let mut found = Self { undone, by_import: FxHashMap::default() };
        let mut to_read: Vec<i64> = Vec::new();
        let (mut import, mut files) = (import, files.to_vec());
        loop {
            for file in &files {
                for batch in open(&table.folder().join(&file.name), Columns::only(&["import_id", "superseded_by"]))? {
                    to_read.extend(whole(&of_import(&batch?, import)?, "superseded_by")?.iter().flatten());
                }
            }
            to_read.retain(|import| undone.contains(import) && !found.by_import.contains_key(import));
            let Some(next) = to_read.pop() else { return Ok(found) };
            import = ImportId(next);
            let mut successors = Successors::default();
            files =
                snapshot.with_status(Status::Undone).filter(|file| file.imports.may_have(import)).cloned().collect();
            for file in &files {
                for batch in open(&table.folder().join(&file.name), Columns::all(table.kind()))? {
                    successors.add(identity, &of_import(&batch?, import)?)?;
                }
            }
            found.by_import.insert(next, successors);
        }
    }

    /// Which rows of the undone import an import that counts still corrects.
    fn hold(&self, identity: Identity<'_>, batch: &RecordBatch) -> Result<Vec<bool>> {
        let later = whole(batch, "superseded_by")?;
        let mut by: Vec<Option<i64>> = later.iter().collect();
        let is_undone = |by: &Option<i64>| by.is_some_and(|by| self.undone.contains(&by));
        // Every step leads to a later import, so that this ends.
        while let Some(import) = by.iter().find(|by| is_undone(by)).copied().flatten() {
            let of_rows = match self.by_import.get(&import) {
                Some(known) => known.of_rows(identity, batch)?,
                None => vec![None; batch.num_rows()],
            };
            for (by, next) in by.iter_mut().zip(of_rows).filter(|(by, _)| **by == Some(import)) {
                *by = next.map(|import| import.0);
            }
        }
        Ok(by.iter().map(Option::is_some).collect())
    }
}
