//! The lake: what comes from outside, kept in Delta tables, and the panels derived from it.
//!
//! `facts` stores and takes back imports, `panels` keeps the monthly cells up to date, `query` answers. This
//! is the only crate that names Delta Lake or DataFusion.

mod as_of;
mod error;
mod facts;
mod panels;
mod query;
mod restate;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use arrow::record_batch::RecordBatch;
use takar_import::FactKind;
use takar_model::Credit;
use tokio::runtime::Runtime;

use self::{facts::delta::Table, panels::store::Store};

pub use self::{
    error::{LakeError, Result},
    facts::{
        compact::CompactReport,
        load::{ImportReport, Progress, SalesImport},
        set_aside::SetAsideRows,
        undo::{Fate, UndoReport},
    },
    query::{
        DayOfStream, FactFilter, FactGroup, FactPage, FactReach, Handover, LACKING, Lacking, LakeSource, LineFilter,
        LinePage, MonthOfLines, NamedId, OddLine, OddLines, Owner, QualityOfLines, RowsBehind, rows_of_sql,
    },
};

/// The folder of facts and panels of one home. Cheap to clone.
#[derive(Clone)]
pub struct Lake {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    /// Where panels are kept: the folder itself, unless the lake is read as of earlier versions.
    panels: PathBuf,
    /// The versions that are read; the newest unless given.
    pinned: Option<Versions>,
    runtime: Arc<OnceLock<Runtime>>,
    /// Live rows of small tables with the version they were read at; a table without a log has none.
    small_tables: Mutex<BTreeMap<&'static str, (Option<u64>, RecordBatch)>>,
}

/// The version of each table of facts, by its name; a table that was never written has none.
pub type Versions = BTreeMap<String, u64>;

/// The largest small table that is kept in memory, in bytes.
const LARGEST_KEPT: usize = 64 << 20;

/// Held while one process writes; other writers wait.
pub(crate) struct WriteLock {
    _file: File,
}

impl Lake {
    /// Opens the lake in a folder, which is created where it is missing.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(LakeError::file("cannot create", folder))?;
        let folder = folder.canonicalize().map_err(LakeError::file("cannot open", folder))?;
        let panels = folder.clone();
        Ok(Self::of(Shared { folder, panels, pinned: None, runtime: Arc::default(), small_tables: Mutex::default() }))
    }

    fn of(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.shared.folder
    }

    /// The runtime that Delta and DataFusion run on, started when it is first needed: an answer from a panel
    /// never is.
    pub(crate) fn runtime(&self) -> &Runtime {
        self.shared.runtime.get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("the system gives this process threads")
        })
    }

    /// A table of facts, at the versions that are read.
    pub(crate) fn table(&self, kind: FactKind) -> Table {
        let folder = self.folder().join(kind.name());
        match &self.shared.pinned {
            None => Table::newest(folder, kind),
            Some(versions) => Table::pinned(folder, kind, versions.get(kind.name()).copied()),
        }
    }

    /// The panels under a rule of credit.
    pub(crate) fn store(&self, credit: Credit) -> Store {
        Store::new(&self.shared.panels, credit)
    }

    /// A mark that changes with every commit to any table.
    pub fn version_mark(&self) -> String {
        let versions = self.versions();
        versions.iter().map(|(table, version)| format!("{table}:{version}")).collect::<Vec<_>>().join(" ")
    }

    /// The live rows of a small table, as they are stored.
    pub fn small_rows(&self, kind: FactKind) -> Result<RecordBatch> {
        self.live_rows(kind)
    }

    /// The rows of a small table that were kept, where they are those of this version.
    pub(crate) fn kept_rows(&self, kind: FactKind, version: Option<u64>) -> Option<RecordBatch> {
        let kept = self.shared.small_tables.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(kind.name()).filter(|(known, _)| *known == version).map(|(_, rows)| rows.clone())
    }

    /// Keeps the rows of a small table. `version` was the newest before they were read: if another commit came between, they
    /// are read again the next time.
    pub(crate) fn keep_rows(&self, kind: FactKind, version: Option<u64>, rows: &RecordBatch) {
        let mut kept = self.shared.small_tables.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.get_array_memory_size() <= LARGEST_KEPT {
            kept.insert(kind.name(), (version, rows.clone()));
        } else {
            kept.remove(kind.name());
        }
    }

    /// Waits until no other process writes to this home, then keeps others waiting. What is read as of earlier versions is refused.
    pub(crate) fn lock_for_writing(&self) -> Result<WriteLock> {
        if self.shared.pinned.is_some() {
            return Err(LakeError::Pinned);
        }
        self.lock_panels()
    }

    /// Waits until no other process writes what panels are made from, or panels of these versions.
    pub(crate) fn lock_panels(&self) -> Result<WriteLock> {
        let path = self.shared.panels.join("write.lock");
        let file = File::create(&path).map_err(LakeError::file("cannot create", &path))?;
        file.lock().map_err(LakeError::file("cannot lock", &path))?;
        Ok(WriteLock { _file: file })
    }

    /// What every import and undo that reached the lake said of itself, in the order of the commits, by table.
    pub fn notes(&self) -> Result<Vec<serde_json::Value>> {
        let mut all = Vec::new();
        for kind in FactKind::ALL {
            all.extend(self.table(kind).notes(self.runtime())?);
        }
        Ok(all)
    }
}
