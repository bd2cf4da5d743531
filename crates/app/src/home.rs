//! One home: a folder with the lake and the state, opened together and brought into agreement.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File},
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde_json::Value;
use takar_insight::metrics::Reach;
use takar_lake::{ImportReport, Lake, LakeSource};
use takar_model::{Credit, Day, ImportId};
use takar_state::{ImportRow, ImportState, Message, State};

use crate::{Actor, AppError, Pin, Result, actor::Reports, push::Pushes, source::Source};

/// What gives the time; a test gives its own.
pub type Clock = fn() -> Timestamp;

/// A home, open, and used by somebody.
#[derive(Clone)]
pub struct Takar {
    pub(crate) home: Arc<Home>,
    pub(crate) actor: Actor,
    pub(crate) reach: Option<Arc<Reach>>,
}

/// A version of the data on a day.
pub(crate) type DatedVersion = (String, Day);

/// A home, open.
pub struct Home {
    pub(crate) folder: PathBuf,
    pub(crate) lake: Lake,
    pub(crate) state: Arc<State>,
    pub(crate) clock: Clock,
    /// What is read instead of what holds now.
    pub(crate) pin: Option<Arc<Pin>>,
    pub(crate) pushes: Pushes,
    /// Who reports to whom, for one version of the data on one day.
    pub(crate) reports: Mutex<Option<(DatedVersion, Arc<Reports>)>>,
    /// Recognising a password takes memory on purpose: one at a time.
    pub(crate) recognising: Mutex<()>,
    pub(crate) judges: crate::targets::Judges,
    pub(crate) kept: crate::kept::KeptResults,
    /// One for each rule of credit that was asked for.
    sources: Mutex<BTreeMap<Credit, Arc<LakeSource>>>,
}

impl Deref for Takar {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

/// Held while one process imports into a home; others wait.
pub(crate) struct ImportLock {
    _file: File,
}

impl Home {
    pub(crate) fn new(folder: PathBuf, (lake, state): (Lake, Arc<State>), clock: Clock, pin: Option<Arc<Pin>>) -> Self {
        Self {
            folder,
            lake,
            state,
            clock,
            pin,
            pushes: Pushes::default(),
            reports: Mutex::default(),
            recognising: Mutex::default(),
            judges: Mutex::default(),
            kept: crate::kept::KeptResults::default(),
            sources: Mutex::default(),
        }
    }
}

impl Takar {
    /// Opens the home in a folder, creating it where it is missing, and settles what an interrupted import
    /// left behind.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self> {
        let wrong = |source| AppError::Home { folder: folder.display().to_string(), source };
        fs::create_dir_all(folder).map_err(wrong)?;
        let folder = folder.canonicalize().map_err(wrong)?;
        let lake = Lake::open(&folder.join("lake"))?;
        let state = Arc::new(State::open(&folder.join("state.db"))?);
        let home = Home::new(folder, (lake, state), clock, None);
        let takar = Self { home: Arc::new(home), actor: Actor::Keeper, reach: None };
        takar.reconcile()?;
        takar.settle_syncs()?;
        takar.settle_approvals()?;
        takar.settle_disputes()?;
        Ok(takar)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The data as it is now under a rule of credit, as the one who acts sees it.
    pub fn source(&self, credit: Credit) -> Result<Arc<Source>> {
        Ok(Arc::new(Source::new(self.lake_source(credit)?, self.reach.clone())))
    }

    /// The data as it is now under a rule of credit, everybody's, read once for each version of it.
    pub(crate) fn lake_source(&self, credit: Credit) -> Result<Arc<LakeSource>> {
        let mut kept = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, source| source.is_current());
        if let Some(source) = kept.get(&credit) {
            return Ok(source.clone());
        }
        let fresh = Arc::new(self.lake.source(credit)?);
        kept.insert(credit, fresh.clone());
        Ok(fresh)
    }

    pub(crate) fn now(&self) -> String {
        told((self.clock)())
    }

    /// The day by the clock in this machine's zone; that of the pin where one is read.
    pub fn today(&self) -> Day {
        self.pin.as_ref().map_or_else(|| Day::from(self.zoned_now().date()), |pin| pin.today)
    }

    /// The time in this machine's zone, in which people say when something is to be done.
    pub(crate) fn zoned_now(&self) -> Zoned {
        (self.clock)().to_zoned(TimeZone::system())
    }

    pub(crate) fn lock_imports(&self) -> Result<ImportLock> {
        let file = self.import_lock_file()?;
        file.lock().map_err(|source| self.wrong(source))?;
        Ok(ImportLock { _file: file })
    }

    fn import_lock_file(&self) -> Result<File> {
        File::create(self.folder.join("import.lock")).map_err(|source| self.wrong(source))
    }

    pub(crate) fn wrong(&self, source: std::io::Error) -> AppError {
        AppError::Home { folder: self.folder.display().to_string(), source }
    }

    /// Brings the log of imports into agreement with the lake: an import that reached the lake but not the log
    /// is completed, one that did not reach it is marked failed. Nothing is done while another process imports.
    fn reconcile(&self) -> Result<()> {
        let is_cut_off = self.state.imports()?.iter().any(|row| row.state == ImportState::Running);
        let seen = self.state.setting("lake_version")?;
        if !is_cut_off && seen.as_deref() == Some(self.lake.version_mark().as_str()) {
            return Ok(());
        }
        let file = self.import_lock_file()?;
        if file.try_lock().is_err() {
            return Ok(());
        }
        // Read again: what was running a moment ago may have come to its end by itself.
        let rows = self.state.imports()?;
        let version = self.lake.version_mark();
        let notes = self.lake.notes()?;
        let undone: HashSet<i64> = imports_noted(&notes, "undo").filter_map(|note| note["import"].as_i64()).collect();
        let mut reached = HashSet::new();
        for note in imports_noted(&notes, "import") {
            let Some(row) = row_of_note(note, &undone) else {
                continue;
            };
            reached.insert(row.id);
            if rows.iter().find(|known| known.id == row.id).is_none_or(|known| known.state != row.state) {
                self.state.record_import(&row)?;
            }
        }
        for row in rows.iter().filter(|row| row.state == ImportState::Running && !reached.contains(&row.id)) {
            let why = Message {
                id: "Impor ini terputus sebelum selesai; tidak ada barisnya yang masuk. Impor lagi berkasnya."
                    .to_owned(),
                en: "This import was cut off before its end; none of its rows count. Import the file again.".to_owned(),
            };
            self.state.mark_import(row.id, ImportState::Failed, Some(&why))?;
        }
        self.state.set_setting("lake_version", &version)?;
        Ok(())
    }
}

/// A time as it is kept: RFC 3339, UTC, whole seconds.
pub(crate) fn told(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn imports_noted<'a>(notes: &'a [Value], operation: &'a str) -> impl Iterator<Item = &'a Value> {
    notes.iter().filter(move |note| note["operation"] == operation)
}

/// The log's row of an import, from what its commit says.
fn row_of_note(note: &Value, undone: &HashSet<i64>) -> Option<ImportRow> {
    let id = note["import"].as_i64()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let count = |name: &str| note[name].as_u64().unwrap_or_default();
    Some(ImportRow {
        id: ImportId(id),
        kind: text(&note["identity"]["kind"])?,
        source: text(&note["identity"]["source"])?,
        label: text(&note["label"]).unwrap_or_default(),
        started: text(&note["started"]).unwrap_or_default(),
        state: if undone.contains(&id) { ImportState::Undone } else { ImportState::Done },
        rows: count("rows"),
        added: count("added"),
        replaced: count("replaced"),
        gone: count("gone"),
        unchanged: count("unchanged"),
        set_aside: count("set_aside"),
        net: text(&note["net"]),
        first_day: text(&note["first_day"]),
        last_day: text(&note["last_day"]),
        message: None,
    })
}

/// The log's row of an import that has just been done.
pub(crate) fn row_of_report(report: &ImportReport, started: &str) -> ImportRow {
    ImportRow {
        id: report.id,
        kind: report.kind.name().to_owned(),
        source: report.source.to_string(),
        label: report.label.clone(),
        started: started.to_owned(),
        state: ImportState::Done,
        rows: report.rows,
        added: report.added,
        replaced: report.replaced,
        gone: report.gone,
        unchanged: report.unchanged,
        set_aside: report.set_aside,
        net: report.net.map(|net| net.to_string()),
        first_day: report.first_day.map(|day| day.to_string()),
        last_day: report.last_day.map(|day| day.to_string()),
        message: None,
    }
}
