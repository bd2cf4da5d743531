//! One Delta table on disk: the only file that speaks to the Delta log.
//!
//! Data files are written by [`super::files`]; here they are only named in commits. Every commit carries
//! the import it belongs to and what that import did, so that the log alone tells the whole story.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use arrow::{
    compute::{max, min},
    record_batch::RecordBatch,
};
use deltalake_core::{
    DeltaTable, DeltaTableError,
    checkpoints::create_checkpoint,
    ensure_table_uri,
    kernel::{
        Action, Add, LogicalFileView, MetadataExt, StructType, engine::arrow_conversion::TryIntoKernel,
        transaction::CommitBuilder,
    },
    operations::create::CreateBuilder,
    protocol::{DeltaOperation, SaveMode},
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use takar_import::FactKind;
use takar_model::{Day, ImportId, Period};
use tokio::runtime::Runtime;

use super::{
    columns::whole,
    schema::{STATUS, Status, table_schema},
};
use crate::error::{LakeError, Result};

/// The key of our own entry in a commit's metadata.
const NOTE: &str = "takar";

/// Commits after which the log is written down whole.
const COMMITS_TO_CHECKPOINT: u64 = 25;

/// One Delta table.
pub(crate) struct Table {
    kind: FactKind,
    folder: PathBuf,
    read: Read,
}

/// Which version of a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Newest,
    /// An earlier one; none where the table was not written yet.
    Pinned(Option<u64>),
}

/// The imports that rows of a file came from: the first and the last of them. Most files have rows of one; those that small
/// files were written together into have rows of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Imports {
    pub first: ImportId,
    pub last: ImportId,
}

impl Imports {
    /// Those of the rows of a batch; none where it has no rows.
    pub(crate) fn of(batch: &RecordBatch) -> Result<Option<Self>> {
        let ids = whole(batch, "import_id")?;
        Ok(min(ids).zip(max(ids)).map(|(first, last)| Self { first: ImportId(first), last: ImportId(last) }))
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// Whether rows of the import may be among them.
    pub(crate) fn may_have(self, import: ImportId) -> bool {
        (self.first..=self.last).contains(&import)
    }
}

/// A data file of a table, as the log knows it.
#[derive(Debug, Clone)]
pub(crate) struct DataFile {
    /// Its name inside the table's folder.
    pub name: String,
    pub status: Status,
    pub imports: Imports,
    pub source: String,
    /// The first and last date inside, for kinds that have one.
    pub days: Option<Period>,
    pub rows: u64,
    bytes: i64,
}

/// A data file that has been written and waits for its commit.
#[derive(Debug, Clone)]
pub(crate) struct NewFile {
    pub name: String,
    pub status: Status,
    pub imports: Imports,
    pub source: String,
    pub rows: u64,
    pub bytes: u64,
    pub days: Option<Period>,
}

/// What a commit changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Rows, or what counts of them.
    Rows,
    /// Only which files the rows are in: a reader that follows changes has nothing to do.
    Layout,
}

/// The files of a table at one version.
pub(crate) struct Snapshot {
    pub files: Vec<DataFile>,
    table: DeltaTable,
}

impl Snapshot {
    pub(crate) fn with_status(&self, status: Status) -> impl Iterator<Item = &DataFile> {
        self.files.iter().filter(move |file| file.status == status)
    }
}

impl Table {
    /// The table at its newest version.
    pub(crate) const fn newest(folder: PathBuf, kind: FactKind) -> Self {
        Self { kind, folder, read: Read::Newest }
    }

    /// The table as it was at a version; none where it was not written yet.
    pub(crate) const fn pinned(folder: PathBuf, kind: FactKind, version: Option<u64>) -> Self {
        Self { kind, folder, read: Read::Pinned(version) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) const fn kind(&self) -> FactKind {
        self.kind
    }

    /// The newest version in the log, or the one that is pinned, without reading it; `None` where the table was never written.
    pub(crate) fn latest_version(&self) -> Option<u64> {
        if let Read::Pinned(version) = self.read {
            return version;
        }
        let entries = fs::read_dir(self.folder.join("_delta_log")).ok()?;
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".json")?.parse::<u64>().ok()).max()
    }

    /// The table at its newest version, or at an earlier one; `None` where it was never written.
    pub(crate) fn snapshot(&self, runtime: &Runtime, version: Option<u64>) -> Result<Option<Snapshot>> {
        if self.latest_version().is_none() {
            return Ok(None);
        }
        runtime.block_on(self.load(version)).map(Some).map_err(|source| self.wrong(source))
    }

    /// The table at its newest version, for callers that are asynchronous already.
    pub(crate) async fn snapshot_async(&self) -> Result<Option<Snapshot>> {
        match self.latest_version() {
            None => Ok(None),
            Some(_) => self.load(None).await.map(Some).map_err(|source| self.wrong(source)),
        }
    }

    /// The table at its newest version, created where it was never written.
    pub(crate) fn open_or_create(&self, runtime: &Runtime) -> Result<Snapshot> {
        if self.latest_version().is_none() {
            fs::create_dir_all(&self.folder).map_err(LakeError::file("cannot create", &self.folder))?;
            runtime.block_on(self.create()).map_err(|source| self.wrong(source))?;
        }
        runtime.block_on(self.load(None)).map_err(|source| self.wrong(source))
    }

    /// Adds and removes files in one atomic commit that carries the import's note.
    pub(crate) fn commit(
        &self,
        runtime: &Runtime,
        snapshot: &Snapshot,
        (added, removed): (&[NewFile], &[DataFile]),
        change: Change,
        note: &Value,
    ) -> Result<()> {
        let changes_rows = change == Change::Rows;
        let adds = added.iter().map(|file| Action::Add(file.to_add(changes_rows)));
        let removes = removed.iter().map(|file| Action::Remove(file.to_remove(changes_rows)));
        let widened = self.widened(snapshot).map_err(|source| self.wrong(source))?;
        let actions: Vec<Action> = widened.into_iter().chain(removes).chain(adds).collect();
        let operation = match change {
            Change::Rows => DeltaOperation::Write {
                mode: SaveMode::Append,
                partition_by: Some(vec![STATUS.to_owned()]),
                predicate: None,
            },
            Change::Layout => DeltaOperation::Optimize { predicate: None, target_size: 0 },
        };
        let commit = async {
            let state = snapshot.table.snapshot()?;
            CommitBuilder::default()
                .with_actions(actions)
                .with_app_metadata(HashMap::from([(NOTE.to_owned(), note.clone())]))
                .build(Some(state), snapshot.table.log_store(), operation)
                .await?;
            Ok::<(), DeltaTableError>(())
        };
        runtime.block_on(commit).map_err(|source| self.wrong(source))?;
        self.sync_log()?;
        // The commit counts whatever becomes of the checkpoint, which only saves readers time; a later one makes up for it.
        let newest = self.latest_version().unwrap_or_default();
        if newest > 0 && newest.is_multiple_of(COMMITS_TO_CHECKPOINT) {
            let _ = runtime.block_on(self.make_checkpoint());
        }
        Ok(())
    }

    /// The table's columns as they are now, where the log knows fewer: a newer Takar has one that the table was made without.
    /// Rows written before are blank there.
    fn widened(&self, snapshot: &Snapshot) -> std::result::Result<Option<Action>, DeltaTableError> {
        let known = snapshot.table.snapshot()?;
        let schema: StructType = (&table_schema(self.kind)).try_into_kernel()?;
        if schema.fields().all(|field| known.schema().field(field.name()).is_some()) {
            return Ok(None);
        }
        Ok(Some(Action::Metadata(known.metadata().clone().with_schema(&schema)?)))
    }

    /// What was committed is on the disk, not only with the system, when this returns.
    fn sync_log(&self) -> Result<()> {
        let log = self.folder.join("_delta_log");
        if let Some(version) = self.latest_version() {
            let commit = log.join(format!("{version:020}.json"));
            fs::File::open(&commit)
                .and_then(|file| file.sync_all())
                .map_err(LakeError::file("cannot write", &commit))?;
        }
        sync_folder(&log)
    }

    /// Writes down all that the log says up to now, so that a reader does not have to read every commit.
    async fn make_checkpoint(&self) -> std::result::Result<(), DeltaTableError> {
        let snapshot = self.load(None).await?;
        create_checkpoint(&snapshot.table, None).await
    }

    /// Our notes in the log, oldest first, each with its version.
    pub(crate) fn notes(&self, runtime: &Runtime) -> Result<Vec<Value>> {
        let Some(snapshot) = self.snapshot(runtime, None)? else {
            return Ok(Vec::new());
        };
        let infos: Vec<_> =
            runtime.block_on(snapshot.table.history(None).try_collect()).map_err(|source| self.wrong(source))?;
        let mut notes: Vec<Value> = infos.into_iter().filter_map(|mut info| info.info.remove(NOTE)).collect();
        notes.reverse();
        Ok(notes)
    }

    async fn create(&self) -> std::result::Result<(), DeltaTableError> {
        let schema: StructType = (&table_schema(self.kind)).try_into_kernel()?;
        CreateBuilder::new()
            .with_location(self.url()?.to_string())
            .with_table_name(self.kind.name())
            .with_columns(schema.fields().cloned())
            .with_partition_columns([STATUS])
            .with_configuration_property(
                deltalake_core::TableProperty::DeletedFileRetentionDuration,
                Some("interval 3650 days"),
            )
            .with_configuration_property(
                deltalake_core::TableProperty::LogRetentionDuration,
                Some("interval 3650 days"),
            )
            .await?;
        Ok(())
    }

    async fn load(&self, version: Option<u64>) -> std::result::Result<Snapshot, DeltaTableError> {
        let pinned = if let Read::Pinned(version) = self.read { version } else { None };
        let version = version.or(pinned);
        let mut builder = deltalake_core::DeltaTableBuilder::from_url(self.url()?)?;
        if let Some(version) = version {
            builder = builder.with_version(version);
        }
        let table = builder.load().await?;
        let views: Vec<_> =
            table.snapshot()?.snapshot().file_views(table.log_store().as_ref(), None).try_collect().await?;
        let mut files: Vec<DataFile> = views.iter().filter_map(DataFile::from_log).collect();
        files.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Snapshot { files, table })
    }

    fn url(&self) -> std::result::Result<url::Url, DeltaTableError> {
        ensure_table_uri(self.folder.to_string_lossy())
    }

    fn wrong(&self, source: DeltaTableError) -> LakeError {
        LakeError::Delta { table: self.folder.clone(), source: Box::new(source) }
    }
}

impl NewFile {
    fn to_add(&self, data_change: bool) -> Add {
        let mut stats = json!({
            "numRecords": self.rows,
            "minValues": { "import_id": self.imports.first.0, "source": self.source },
            "maxValues": { "import_id": self.imports.last.0, "source": self.source },
            "nullCount": { "import_id": 0, "source": 0 },
        });
        if let Some(days) = self.days {
            stats["minValues"]["date"] = json!(days.from());
            stats["maxValues"]["date"] = json!(days.to());
            stats["nullCount"]["date"] = json!(0);
        }
        Add {
            path: self.name.clone(),
            partition_values: partition(self.status),
            size: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            modification_time: now_millis(),
            data_change,
            stats: Some(stats.to_string()),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        }
    }
}

impl DataFile {
    fn from_log(view: &LogicalFileView) -> Option<Self> {
        let partition = view.partition_values_map();
        let status = Status::from_name(partition.get(STATUS)?.as_deref()?)?;
        let stats: Value = serde_json::from_str(&view.stats()?).ok()?;
        let day =
            |bound: &str| -> Option<Day> { stats[bound]["date"].as_str()?.parse::<Period>().ok().map(Period::from) };
        let days = day("minValues").zip(day("maxValues")).and_then(|(from, to)| Period::new(from, to));
        let import = |bound: &str| stats[bound]["import_id"].as_i64().map(ImportId);
        Some(Self {
            name: view.path().into_owned(),
            status,
            imports: Imports { first: import("minValues")?, last: import("maxValues")? },
            source: stats["minValues"]["source"].as_str()?.to_owned(),
            days,
            rows: stats["numRecords"].as_u64()?,
            bytes: view.size(),
        })
    }

    fn to_remove(&self, data_change: bool) -> deltalake_core::kernel::Remove {
        deltalake_core::kernel::Remove {
            path: self.name.clone(),
            data_change,
            deletion_timestamp: Some(now_millis()),
            extended_file_metadata: Some(true),
            partition_values: Some(partition(self.status)),
            size: Some(self.bytes),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
        }
    }
}

/// The names in a folder are on the disk when this returns; on systems whose folders cannot be opened that is theirs to see to.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(LakeError::file("cannot write", folder))?;
    }
    Ok(())
}

/// The partition of a file, as the log writes it.
fn partition(status: Status) -> HashMap<String, Option<String>> {
    HashMap::from([(STATUS.to_owned(), Some(status.name().to_owned()))])
}

/// The log's own timestamps; nothing that Takar computes depends on them.
fn now_millis() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}
