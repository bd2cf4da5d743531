//! Tables of all kinds but sales. A row whose id is there already takes its place.

use arrow::record_batch::RecordBatch;
use takar_import::{Check, FactKind, Input, Options, TableCheck};
use takar_model::{ImportId, SourceName};

use super::{
    compare::{Decisions, Extent, Groups, Identity, compare},
    delta::NewFile,
    files::FileWriter,
    keys::KeyMode,
    load::{Fresh, ImportReport, live_files_of, stored},
    scan::select,
    schema::{Status, stored_schema},
    set_aside,
    staging::Staging,
};
use crate::{
    Lake,
    error::{LakeError, Result},
};

impl Lake {
    /// Imports a small table: any kind but sales. A row whose id is there already replaces it.
    pub fn import_table(
        &self,
        id: ImportId,
        kind: FactKind,
        (input, options): (&Input, &Options),
        trial: bool,
        started: &str,
    ) -> Result<ImportReport> {
        let (check, rows) = takar_import::read_table(input, kind, options)?;
        if options.strict && !check.set_aside.is_empty() && !trial {
            return Err(LakeError::Strict(check.set_aside.len() as u64));
        }
        let TableCheck { rows: count, lines, set_aside, headers, .. } = check;
        let set_aside_total = set_aside.len() as u64;
        let mut report = ImportReport {
            set_aside: set_aside_total,
            check: Check { rows: count, lines, set_aside, set_aside_total, ..Check::default() },
            ..begun(id, kind, options.source.clone(), input.label(), count)
        };
        let extent = if options.whole { Extent::Whole } else { Extent::Part };
        self.store_rows(&mut report, extent, (&rows, &headers), trial, started)?;
        Ok(report)
    }

    /// Stores rows of a small table that were made here, such as accounts given to managers on the page.
    pub fn store_table(
        &self,
        id: ImportId,
        kind: FactKind,
        label: &str,
        rows: &RecordBatch,
        started: &str,
    ) -> Result<ImportReport> {
        let mut report = begun(id, kind, SourceName::from("default"), label.to_owned(), rows.num_rows() as u64);
        self.store_rows(&mut report, Extent::Part, (rows, &[]), false, started)?;
        Ok(report)
    }

    fn store_rows(
        &self,
        report: &mut ImportReport,
        extent: Extent,
        (rows, headers): (&RecordBatch, &[String]),
        trial: bool,
        started: &str,
    ) -> Result<()> {
        let _lock = self.lock_for_writing()?;
        let table = self.table(report.kind);
        let source = report.source.clone();
        let identity = Identity { kind: report.kind, mode: KeyMode::Id, source: source.as_str() };
        let mut incoming = Groups::default();
        incoming.add(identity, 0, rows)?;
        let before = table.snapshot(self.runtime(), None)?;
        let earlier = live_files_of(before.as_ref(), source.as_str());
        let decisions = if earlier.is_empty() {
            Decisions::default()
        } else {
            compare(identity, &incoming, extent, &table, &earlier)?
        };
        let wanted = decisions.wanted(identity, rows)?;
        let fresh = select(rows, |row| wanted[row])?;
        report.added = fresh.num_rows() as u64;
        report.unchanged = rows.num_rows() as u64 - report.added;
        let staging = Staging::fresh(table.folder(), before.as_ref())?;
        let moved = self.supersede(identity, report.id, &table, &decisions, &staging, trial)?;
        report.gone = decisions.gone;
        report.replaced = moved.superseded - report.gone;
        if trial {
            return Ok(());
        }
        set_aside::save(self.folder(), report.id, headers, &report.check.set_aside)?;
        let mut writer =
            FileWriter::new(staging.folder(), stored_schema(report.kind), source.as_str(), Status::Live, false);
        writer.write(&stored(&fresh, report.kind, report.id, source.as_str())?)?;
        let added: Vec<NewFile> = writer.finish()?.into_iter().chain(moved.added).collect();
        if added.is_empty() {
            return Ok(());
        }
        self.commit_import(&table, &staging, &added, &moved.removed, report, KeyMode::Id, started)?;
        if report.kind.shapes_panels() {
            self.refresh_panels(Fresh::SmallTable(report.kind))?;
        }
        self.compact_when_due(&table);
        Ok(())
    }
}

/// The report of an import of which nothing is done yet.
pub(super) fn begun(id: ImportId, kind: FactKind, source: SourceName, label: String, rows: u64) -> ImportReport {
    ImportReport {
        id,
        kind,
        source,
        label,
        rows,
        added: 0,
        replaced: 0,
        gone: 0,
        unchanged: 0,
        set_aside: 0,
        net: None,
        first_day: None,
        last_day: None,
        check: Check::default(),
    }
}
