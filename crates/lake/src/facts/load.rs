//! One import, from a plan to one atomic commit.

use std::{collections::BTreeSet, fs, sync::Arc};

use arrow::{
    array::{ArrayRef, Int64Array, StringArray},
    datatypes::SchemaRef,
    record_batch::RecordBatch,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use takar_import::{Check, Chunk, FactKind, Field, Input, LineSink, Plan, SinkError};
use takar_model::{Credit, Day, ImportId, Money, SourceName};

use super::{
    compare::{Decisions, Extent, Groups, Identity, compare, superseded_rows},
    delta::{Change, DataFile, NewFile, Snapshot, Table},
    files::FileWriter,
    keys::KeyMode,
    scan::{Columns, RowsOfFile, open, project, scan_rows, select},
    schema::{Status, stored_schema},
    set_aside,
    staging::Staging,
};
use crate::{
    Lake,
    error::{LakeError, Result},
    panels::{
        build::{Builder, Builders, Built},
        stale::Stale,
    },
    restate::Restatement,
};

/// Text files larger than this are laid out by month, so that a correction rewrites only its months.
const LARGE_FILE: u64 = 64 * 1024 * 1024;

/// A file with fewer superseded rows than this leaves no file of its own for them.
const FEW: usize = 10_000;

/// What one import did.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// Its number; 0 for a trial.
    pub id: ImportId,
    /// What it brought.
    pub kind: FactKind,
    /// The stream it belongs to.
    pub source: SourceName,
    /// The file's name.
    pub label: String,
    /// Rows read.
    pub rows: u64,
    /// Lines that count since this import.
    pub added: u64,
    /// Earlier lines that count no more because this import corrected them.
    pub replaced: u64,
    /// Earlier lines that count no more because the source has them no more.
    pub gone: u64,
    /// Rows that were there already, the same.
    pub unchanged: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// Net of the rows read that are good.
    pub net: Option<Money>,
    /// The first date.
    pub first_day: Option<Day>,
    /// The last date.
    pub last_day: Option<Day>,
    /// The whole check of the file.
    pub check: Check,
}

/// What is to be imported.
pub struct SalesImport<'a> {
    /// The number given to it.
    pub id: ImportId,
    /// The rows.
    pub input: &'a Input,
    /// How they are read.
    pub plan: Plan,
    /// Refuse everything when a row is bad.
    pub strict: bool,
    /// Only look: write nothing.
    pub trial: bool,
    /// When it was begun, for the log.
    pub started: String,
}

/// Progress: bytes done, bytes in all.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// The identity of what an import brought, kept in the log because an undo needs it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NoteIdentity {
    pub kind: FactKind,
    pub mode: KeyMode,
    pub source: String,
}

impl NoteIdentity {
    pub(crate) fn as_identity(&self) -> Identity<'_> {
        Identity { kind: self.kind, mode: self.mode, source: &self.source }
    }
}

impl Lake {
    /// Imports sales lines, or tries how that would go.
    pub fn import_sales(&self, import: SalesImport<'_>, progress: Progress<'_>) -> Result<ImportReport> {
        let _lock = self.lock_for_writing()?;
        let mut plan = import.plan.clone();
        loop {
            match self.try_sales(&import, &plan, progress) {
                Err(LakeError::Import(error)) if error.is_replan() => plan = plan.widen(import.input)?,
                done => return done,
            }
        }
    }

    fn try_sales(&self, import: &SalesImport<'_>, plan: &Plan, progress: Progress<'_>) -> Result<ImportReport> {
        let table = self.table(FactKind::Sales);
        let source = plan.options.source.clone();
        let has_line_numbers = plan.column_of(Field::LineNo).is_some() && plan.column_of(Field::InvoiceNo).is_some();
        let mode = if has_line_numbers { KeyMode::Line } else { KeyMode::Invoice };
        let identity = Identity { kind: FactKind::Sales, mode, source: source.as_str() };

        let before = table.snapshot(self.runtime(), None)?;
        let earlier = live_files_of(before.as_ref(), source.as_str());
        let mut plan = plan.clone();
        let mut decisions = Decisions::default();
        if !earlier.is_empty() {
            let incoming = read_groups(identity, &plan, import.input, progress)?;
            let extent = if plan.options.whole { Extent::Whole } else { Extent::Part };
            decisions = compare(identity, &incoming, extent, &table, &earlier)?;
        }

        let staging = Staging::fresh(table.folder(), before.as_ref())?;
        let restatement = self.restatement(Credit::Recorded)?;
        let write = |plan: &Plan, decisions: &Decisions| {
            write_lines(identity, plan, import, decisions, (&staging, &restatement), progress)
        };
        let mut wrote = write(&plan, &decisions)?;
        if earlier.is_empty() && !crate::panels::draft::invoices_of_many_accounts(&mut wrote.built).is_empty() {
            let incoming = read_groups(identity, &plan, import.input, progress)?;
            decisions.find_inner_conflicts(&incoming);
        }
        if decisions.has_conflicts() {
            plan.conflicts = Arc::new(find_conflicts(identity, &plan, import.input, &decisions, progress)?);
            staging.clear()?;
            wrote = write(&plan, &decisions)?;
        }

        let mut report = ImportReport {
            id: import.id,
            kind: FactKind::Sales,
            label: import.input.label(),
            rows: wrote.check.rows,
            added: wrote.added,
            replaced: 0,
            gone: decisions.gone,
            unchanged: wrote.left_out,
            set_aside: wrote.check.set_aside_total,
            net: wrote.check.net,
            first_day: wrote.check.first_day,
            last_day: wrote.check.last_day,
            check: wrote.check,
            source: source.clone(),
        };
        if import.strict && report.set_aside > 0 && !import.trial {
            return Err(LakeError::Strict(report.set_aside));
        }
        let moved = self.supersede(identity, import.id, &table, &decisions, &staging, import.trial)?;
        report.replaced = moved.superseded - report.gone;
        if import.trial {
            return Ok(report);
        }
        set_aside::save(self.folder(), import.id, &plan.headers, &report.check.set_aside)?;
        if wrote.files.is_empty() && moved.removed.is_empty() {
            return Ok(report);
        }
        let is_first = before.as_ref().is_none_or(|snapshot| snapshot.with_status(Status::Live).next().is_none());
        let mut stale = moved.stale;
        if !is_first {
            let earlier = decisions.earlier_lines(identity, &table, &wrote.built.numbered_invoices())?;
            stale.accounts.extend(wrote.built.places_of_orders(&earlier.invoices));
            stale.accounts.extend(earlier.accounts);
        }
        let added: Vec<NewFile> = wrote.files.into_iter().chain(moved.added).collect();
        self.commit_import(&table, &staging, &added, &moved.removed, &report, mode, &import.started)?;
        let built = Box::new(wrote.built);
        self.refresh_panels(if is_first { Fresh::All(built) } else { Fresh::Lines { added: built, stale } })?;
        self.compact_when_due(&table);
        Ok(report)
    }

    /// Writes again the files of which the import supersedes rows, in two parts.
    pub(super) fn supersede(
        &self,
        identity: Identity<'_>,
        by: ImportId,
        table: &Table,
        decisions: &Decisions,
        staging: &Staging,
        trial: bool,
    ) -> Result<Moved> {
        let rewrite = |rows: &RowsOfFile| rewrite(rows, identity, by, table, decisions, staging, trial);
        let moved: Vec<Moved> = decisions.rows_to_look_at().par_iter().map(rewrite).collect::<Result<_>>()?;
        let mut moved = moved.into_iter().fold(Moved::default(), Moved::and);
        let schema = stored_schema(identity.kind);
        let mut old = FileWriter::new(staging.folder(), schema, identity.source, Status::Superseded, false);
        for rows in std::mem::take(&mut moved.few) {
            old.write(&rows)?;
        }
        moved.added.extend(old.finish()?);
        Ok(moved)
    }

    #[expect(clippy::too_many_arguments, reason = "all that one commit says, and it is said in two places")]
    pub(super) fn commit_import(
        &self,
        table: &Table,
        staging: &Staging,
        added: &[NewFile],
        removed: &[DataFile],
        report: &ImportReport,
        mode: KeyMode,
        started: &str,
    ) -> Result<()> {
        let snapshot: Snapshot = table.open_or_create(self.runtime())?;
        staging.publish(added)?;
        let identity = NoteIdentity { kind: report.kind, mode, source: report.source.to_string() };
        let note = json!({
            "operation": "import",
            "import": report.id,
            "identity": identity,
            "label": report.label,
            "started": started,
            "rows": report.rows,
            "added": report.added,
            "replaced": report.replaced,
            "gone": report.gone,
            "unchanged": report.unchanged,
            "set_aside": report.set_aside,
            "net": report.net.map(|net| net.to_string()),
            "first_day": report.first_day,
            "last_day": report.last_day,
        });
        table.commit(self.runtime(), &snapshot, (added, removed), Change::Rows, &note)?;
        staging.done()
    }
}

/// What has to be counted anew in the panels.
pub(crate) enum Fresh {
    /// Everything, and here it is.
    All(Box<Built>),
    /// The cells of the lines that are new, and the places that have to be counted again for other reasons.
    Lines { added: Box<Built>, stale: Stale },
    /// Nothing of the lines: a small table of this kind changed.
    SmallTable(FactKind),
}

/// Files rewritten because some of their rows were superseded.
#[derive(Default)]
pub(super) struct Moved {
    pub added: Vec<NewFile>,
    pub removed: Vec<DataFile>,
    pub superseded: u64,
    /// Where the superseded lines were counted.
    pub stale: Stale,
    /// Superseded rows of files that have few of them, to be written together.
    few: Vec<RecordBatch>,
}

impl Moved {
    fn and(mut self, other: Self) -> Self {
        self.added.extend(other.added);
        self.removed.extend(other.removed);
        self.superseded += other.superseded;
        self.stale.extend(other.stale);
        self.few.extend(other.few);
        self
    }
}

/// Writes one file again in two parts, where the import supersedes rows of it: of those given.
fn rewrite(
    RowsOfFile { file, rows: in_question }: &RowsOfFile,
    identity: Identity<'_>,
    by: ImportId,
    table: &Table,
    decisions: &Decisions,
    staging: &Staging,
    trial: bool,
) -> Result<Moved> {
    let folder = table.folder();
    let lines = [RowsOfFile { file: file.clone(), rows: in_question.clone() }];
    let flags = scan_rows(folder, &lines, Columns::all(table.kind()), Vec::new, |flags, batch| {
        flags.extend(superseded_rows(identity, decisions, &batch)?);
        Ok(())
    })?;
    let old_rows: Vec<u32> =
        in_question.iter().zip(flags.concat()).filter(|(_, is_old)| *is_old).map(|(row, _)| *row).collect();
    let mut moved = Moved { superseded: old_rows.len() as u64, ..Moved::default() };
    if old_rows.is_empty() || trial {
        return Ok(moved);
    }
    let schema = stored_schema(identity.kind);
    let source = file.source.as_str();
    let mut kept = FileWriter::new(staging.folder(), schema.clone(), source, Status::Live, false);
    let mut old = FileWriter::new(staging.folder(), schema, source, Status::Superseded, false);
    let is_few = old_rows.len() < FEW;
    let (mut first, mut old_rows) = (0, old_rows.as_slice());
    for batch in open(&folder.join(&file.name), Columns::all(table.kind()))? {
        let batch = batch?;
        let after = first + batch.num_rows();
        let (here, later) = old_rows.split_at(old_rows.partition_point(|row| (*row as usize) < after));
        let mut is_old = vec![false; batch.num_rows()];
        here.iter().for_each(|row| is_old[*row as usize - first] = true);
        let superseded = select(&batch, |row| is_old[row])?;
        if identity.kind == FactKind::Sales {
            moved.stale.add_lines(&superseded)?;
        }
        let superseded = superseded_by(&superseded, &vec![Some(by); superseded.num_rows()])?;
        if is_few {
            moved.few.extend((superseded.num_rows() > 0).then_some(superseded));
        } else {
            old.write(&superseded)?;
        }
        kept.write(&select(&batch, |row| !is_old[row])?)?;
        (first, old_rows) = (after, later);
    }
    moved.removed.push(file.clone());
    moved.added.extend(kept.finish()?);
    moved.added.extend(old.finish()?);
    Ok(moved)
}

/// What the workers wrote.
struct Wrote {
    check: Check,
    files: Vec<NewFile>,
    built: Built,
    added: u64,
    left_out: u64,
}

/// A worker: counts and writes what it is given.
struct LineWriter<'a> {
    identity: Identity<'a>,
    import: ImportId,
    decisions: &'a Decisions,
    restatement: &'a Restatement,
    /// `None` for a trial.
    writer: Option<FileWriter>,
    built: Builder,
    added: u64,
    left_out: u64,
}

impl LineSink for LineWriter<'_> {
    fn chunk(&mut self, chunk: Chunk) -> std::result::Result<(), SinkError> {
        let mut lines = chunk.lines;
        if !self.decisions.is_trivial() {
            let wanted = self.decisions.wanted(self.identity, &lines)?;
            let all = lines.num_rows();
            lines = select(&lines, |row| wanted[row])?;
            self.left_out += (all - lines.num_rows()) as u64;
        }
        self.added += lines.num_rows() as u64;
        let restated = self.restatement.apply_to(Some(self.identity.source), &lines)?;
        self.built.add(u32::try_from(chunk.index)?, self.identity.source, &restated)?;
        if let Some(writer) = &mut self.writer {
            writer.write(&stored(&lines, FactKind::Sales, self.import, self.identity.source)?)?;
        }
        Ok(())
    }
}

fn write_lines(
    identity: Identity<'_>,
    plan: &Plan,
    import: &SalesImport<'_>,
    decisions: &Decisions,
    (staging, restatement): (&Staging, &Restatement),
    progress: Progress<'_>,
) -> Result<Wrote> {
    let by_month = size_of(import.input) > LARGE_FILE;
    let schema = stored_schema(FactKind::Sales);
    let builders = Builders::default();
    let workers = (0..plan.options.threads.max(1))
        .map(|_| LineWriter {
            identity,
            import: import.id,
            decisions,
            restatement,
            writer: (!import.trial)
                .then(|| FileWriter::new(staging.folder(), schema.clone(), identity.source, Status::Live, by_month)),
            built: builders.builder(),
            added: 0,
            left_out: 0,
        })
        .collect();
    let (check, workers) = takar_import::read(plan, import.input, workers, progress)?;
    let added = workers.iter().map(|worker| worker.added).sum();
    let left_out = workers.iter().map(|worker| worker.left_out).sum();
    let (writers, parts): (Vec<_>, Vec<_>) = workers.into_iter().map(|worker| (worker.writer, worker.built)).unzip();
    let (files, built) = rayon::join(
        || -> Result<Vec<NewFile>> {
            let parts: Result<Vec<Vec<NewFile>>> = writers.into_iter().flatten().map(FileWriter::finish).collect();
            Ok(parts?.concat())
        },
        || builders.finish(parts),
    );
    Ok(Wrote { check, files: files?, built: built?, added, left_out })
}

/// The live files of one source.
pub(crate) fn live_files_of(snapshot: Option<&Snapshot>, source: &str) -> Vec<DataFile> {
    let live = snapshot.into_iter().flat_map(|snapshot| snapshot.with_status(Status::Live));
    live.filter(|file| file.source == source).cloned().collect()
}

fn size_of(input: &Input) -> u64 {
    match input {
        Input::File(path) => fs::metadata(path).map_or(0, |meta| meta.len()),
        Input::Rows { batches, .. } => batches.iter().map(|batch| batch.get_array_memory_size() as u64).sum(),
    }
}

fn read_groups(identity: Identity<'_>, plan: &Plan, input: &Input, progress: Progress<'_>) -> Result<Groups> {
    struct Reader<'a>(Identity<'a>, Groups);
    impl LineSink for Reader<'_> {
        fn chunk(&mut self, chunk: Chunk) -> std::result::Result<(), SinkError> {
            Ok(self.1.add(self.0, u32::try_from(chunk.index)?, &chunk.lines)?)
        }
    }
    let readers = (0..plan.options.threads.max(1)).map(|_| Reader(identity, Groups::default())).collect();
    let (_, readers) = takar_import::read(plan, input, readers, progress)?;
    Ok(readers.into_iter().map(|reader| reader.1).fold(Groups::default(), Groups::merge))
}

fn find_conflicts(
    identity: Identity<'_>,
    plan: &Plan,
    input: &Input,
    decisions: &Decisions,
    progress: Progress<'_>,
) -> Result<BTreeSet<u64>> {
    struct Finder<'a>(Identity<'a>, &'a Decisions, BTreeSet<u64>);
    impl LineSink for Finder<'_> {
        fn chunk(&mut self, chunk: Chunk) -> std::result::Result<(), SinkError> {
            self.2.extend(self.1.conflicting_rows(self.0, &chunk.lines)?);
            Ok(())
        }
    }
    let finders = (0..plan.options.threads.max(1)).map(|_| Finder(identity, decisions, BTreeSet::new())).collect();
    let (_, finders) = takar_import::read(plan, input, finders, progress)?;
    Ok(finders.into_iter().flat_map(|finder| finder.2).collect())
}

/// The rows as they are stored: with source and import before, and not superseded.
pub(crate) fn stored(rows: &RecordBatch, kind: FactKind, import: ImportId, source: &str) -> Result<RecordBatch> {
    let count = rows.num_rows();
    let schema = stored_schema(kind);
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(source, count))),
        Arc::new(Int64Array::from(vec![import.0; count])),
    ];
    columns.extend(rows.columns().iter().cloned());
    columns.push(Arc::new(Int64Array::from(vec![None; count])));
    RecordBatch::try_new(schema, columns).map_err(LakeError::data("cannot store a batch"))
}

/// The same rows with another successor each.
pub(crate) fn superseded_by(rows: &RecordBatch, successors: &[Option<ImportId>]) -> Result<RecordBatch> {
    let schema: SchemaRef = rows.schema();
    let fresh = Int64Array::from_iter(successors.iter().map(|import| import.map(|import| import.0)));
    let mut columns = rows.columns().to_vec();
    if let Some(last) = columns.last_mut() {
        *last = Arc::new(fresh);
    }
    let batch = RecordBatch::try_new(schema.clone(), columns).map_err(LakeError::data("cannot store a batch"))?;
    project(&batch, &schema)
}
