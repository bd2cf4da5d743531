//! Bringing in what is new in a source: its rows are copied into the home, all as of one moment, then imported like a file.

use std::{
    fs::{self, File},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use takar_database::{Asked, Column, Database, DatabaseError, Secret, Since};
use takar_import::{FactKind, Field, Input};
use takar_lake::ImportReport;
use takar_model::{Lang, Right, Text};
use takar_state::Message;

use crate::{
    AppError, Fault, ImportRequest, Result, SourceDefinition, SourceStatus, Takar,
    outbox::Event,
    sources::no_such_source,
    spool::{Copy, Head, Spool},
};

/// What a sync brought.
#[derive(Debug, Serialize)]
pub struct Synced {
    /// The source.
    pub source: String,
    /// The import; none where nothing was new.
    pub import: Option<ImportReport>,
    /// Where the next reading goes on.
    pub mark: Option<String>,
    /// Rows that an earlier sync, which was cut off, had read already.
    pub kept: u64,
    /// What changed in the source between that sync and this one, imported on its own.
    pub caught_up: Option<ImportReport>,
    /// Columns that the source did not have before; they are read where they are known.
    pub new_columns: Vec<String>,
}

/// What a sync is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncStep {
    /// Rows are copied from the database.
    Reading {
        /// Rows that are here.
        rows: u64,
        /// Those of them that an earlier sync had read.
        kept: u64,
        /// About how many there are, where the database can tell.
        about: Option<u64>,
    },
    /// The copy is imported: bytes done, bytes in all.
    Importing {
        /// Bytes done.
        done: u64,
        /// Bytes in all.
        all: u64,
    },
}

/// Hears what a sync is at.
pub type SyncProgress<'a> = &'a (dyn Fn(SyncStep) + Sync);

/// A sync that runs, as it is kept for all who ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncRunning {
    /// When it began, UTC.
    pub since: String,
    /// `reading` from the database or `importing` what was read.
    pub step: String,
    /// Rows read.
    pub rows: u64,
    /// Those of them that an earlier sync had read.
    pub kept: u64,
    /// About how many there are, where the database can tell.
    pub about: Option<u64>,
    /// Rows read in a second.
    pub per_second: u64,
    /// How much of the step is done, from 0 to 1, where that is known.
    pub share: Option<f64>,
}

/// How often it is kept what a sync is at.
const KEPT_EVERY: Duration = Duration::from_millis(500);

/// What the names of copies begin with that are for one reading.
const ONE_OFF: &str = "once.";
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Held while one sync of a source runs.
struct SyncLock {
    _file: File,
}

/// The rows of a source, copied.
pub(crate) struct Copied {
    pub rows: u64,
    pub mark: Option<String>,
    kept: u64,
}

impl Takar {
    /// Brings in what changed in a source since the last time, or all of it where `whole` asks for that or nothing says what
    /// changed. Lines that are there already stay as they are.
    ///
    /// Rows are first copied to the home, then imported like a file: where the database goes away in the middle, nothing is
    /// imported. A first load in the order of a primary key goes on where it was cut off; what changed meanwhile is brought in
    /// by a second import, as the watermark tells it.
    pub fn sync(
        &self,
        name: &str,
        whole: bool,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<Synced> {
        self.may(Right::Collect)?;
        let status = self.saved_source(name)?;
        let _lock = self.lock_source(name)?;
        let journal = Running::begin(self, name, progress);
        let result = self.sync_locked(&status, whole, password, &|step| journal.note(step));
        journal.end();
        match &result {
            Ok(synced) => {
                let import = synced.caught_up.as_ref().or(synced.import.as_ref()).map(|report| report.id);
                if status.failures > 0 {
                    self.tell(&Event::sync_recovered(name, status.failures))?;
                }
                self.state.note_sync(name, &self.now(), synced.mark.as_deref(), import)?;
            }
            Err(error) => {
                let why = Message { id: error.message(Lang::Id), en: error.message(Lang::En) };
                // Once for each time that it begins to fail: who was told does not have to be told every hour.
                if status.failures == 0 {
                    self.tell(&Event::sync_failed(name, &why))?;
                }
                self.state.note_sync_failure(name, &self.now(), &why)?;
            }
        }
        result
    }

    fn sync_locked(
        &self,
        status: &SourceStatus,
        whole: bool,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<Synced> {
        let (name, definition) = (&status.name, &status.definition);
        let mut database = definition.open(password)?;
        let columns = database.columns(&definition.wanted)?;
        let new_columns = self.check_columns(name, &columns)?;
        let after = status.mark.clone().filter(|_| !whole);
        let since = definition.watermark.as_ref().map(|column| Since { column: column.clone(), after, together: None });

        let mut spool = self.spool_as_left(name)?;
        let is_first = since.as_ref().is_some_and(|since| since.after.is_none()) && status.mark.is_none();
        let key = if is_first { database.key(&definition.wanted)? } else { Vec::new() };
        let head = (!key.is_empty()).then(|| Head { definition: definition.clone(), columns: columns.clone(), key });
        let copied = self.copy(&mut database, definition, since.as_ref(), head, &spool, progress)?;
        let mut synced = Synced {
            source: name.clone(),
            import: None,
            mark: copied.mark.clone(),
            kept: copied.kept,
            caught_up: None,
            new_columns,
        };
        if copied.rows > 0 {
            self.read_whole_invoices(&mut database, definition, since.as_ref(), &spool, progress)?;
            drop(database);
            synced.import = Some(self.import_copy(name, definition, &mut spool, progress)?);
        }
        if copied.kept > 0 {
            // From here on it is an ordinary sync: what comes next is read from the mark of the first reading.
            self.state.note_sync(
                name,
                &self.now(),
                copied.mark.as_deref(),
                synced.import.as_ref().map(|one| one.id),
            )?;
            drop(spool);
            let next = SourceStatus { mark: copied.mark, ..status.clone() };
            let caught_up = self.sync_locked(&next, false, password, progress)?;
            (synced.caught_up, synced.mark) = (caught_up.import, caught_up.mark);
        }
        Ok(synced)
    }

    fn import_copy(
        &self,
        name: &str,
        definition: &SourceDefinition,
        spool: &mut Spool,
        progress: SyncProgress<'_>,
    ) -> Result<ImportReport> {
        let request = self.request_of(name, definition, spool)?;
        let result = self.import(&request, &|done, all| progress(SyncStep::Importing { done, all }));
        match &result {
            // What was read is as good as before.
            Err(error) if error.fault() == Fault::Ours => {}
            _ => spool.let_go(),
        }
        result.map(|(_, report)| report)
    }

    pub(crate) fn request_of(&self, name: &str, definition: &SourceDefinition, spool: &Spool) -> Result<ImportRequest> {
        Ok(ImportRequest {
            input: Input::File(spool.rows(&definition.label())),
            kind: definition.fact_kind()?,
            options: definition.options(name)?,
            profile: None,
            save_profile: None,
        })
    }

    /// Where lines are known by their invoice alone, an invoice that comes again takes the place of the earlier one whole: then
    /// its unchanged rows are read with those that changed.
    fn read_whole_invoices(
        &self,
        database: &mut Database,
        definition: &SourceDefinition,
        since: Option<&Since>,
        spool: &Spool,
        progress: SyncProgress<'_>,
    ) -> Result<()> {
        let Some(since) = since.filter(|since| since.after.is_some()) else { return Ok(()) };
        if definition.fact_kind()? != FactKind::Sales {
            return Ok(());
        }
        let input = Input::File(spool.rows(&definition.label()));
        let plan = takar_import::inspect(&input, FactKind::Sales, &definition.options("look")?)?;
        let header_of = |field: Field| plan.mapping.iter().find(|mapped| mapped.field == field);
        let (Some(invoice), None) = (header_of(Field::InvoiceNo), header_of(Field::LineNo)) else { return Ok(()) };
        let since = Since { together: Some(invoice.header.clone()), ..since.clone() };
        self.copy(database, definition, Some(&since), None, spool, progress).map(drop)
    }

    /// Copies all rows of a table or query into the home, for rows that are wanted once, without keeping a source.
    pub fn rows_of(
        &self,
        definition: &SourceDefinition,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<CopiedRows> {
        self.may(Right::Collect)?;
        let mut database = definition.open(password)?;
        database.columns(&definition.wanted)?;
        let spool = self.spool(&one_off())?;
        let copied = self.copy(&mut database, definition, None, None, &spool, progress)?;
        if copied.rows == 0 {
            return Err(AppError::Asked(Text::new(
                "tabel atau kueri itu tidak berisi baris: tidak ada yang diimpor",
                "that table or query has no rows: nothing was imported",
            )));
        }
        Ok(CopiedRows { input: Input::File(spool.rows(&definition.label())), _spool: spool })
    }

    /// Copies the rows of a source into a file of the home. With a head, in the order of its key, after the rows that an
    /// earlier reading left; where this one is cut off, its rows are left for the next.
    pub(crate) fn copy(
        &self,
        database: &mut Database,
        definition: &SourceDefinition,
        since: Option<&Since>,
        head: Option<Head>,
        spool: &Spool,
        progress: SyncProgress<'_>,
    ) -> Result<Copied> {
        let (wanted, label) = (&definition.wanted, definition.label());
        let about = database.about(wanted, since);
        let tell = |rows, kept| progress(SyncStep::Reading { rows, kept, about });
        let kept = match head.as_ref().and_then(|head| spool.kept(head, &label).map(|kept| (head, kept))) {
            // Rows that went away, or that were put in between, would not be seen.
            Some((head, kept)) => kept.hold(|after, rows| -> Result<bool> {
                let ordered = takar_database::Ordered { key: head.key.clone(), after };
                Ok(database.count_until(wanted, &ordered)? == rows)
            })?,
            None => None,
        };
        let ordered = head.as_ref().map(|head| Copy::ordered(kept.as_ref(), head));
        let asked = Asked { since, ordered: ordered.as_ref(), limit: None };
        let mut copy = match (kept, head) {
            (Some(kept), Some(head)) => Copy::go_on(spool, &label, head, kept, &tell),
            (_, head) => Copy::begin(spool, &label, head, &tell),
        }
        .map_err(DatabaseError::Io)?;
        tell(0, 0);
        let read = database.read(wanted, asked, &mut copy);
        let ended = copy.end();
        let mark = read?;
        let (rows, kept, first_mark) = ended.map_err(DatabaseError::Io)?;
        Ok(Copied { rows, kept, mark: if kept > 0 { first_mark } else { mark } })
    }

    /// A source whose columns went away would lose what they held without a word; new ones are told once.
    fn check_columns(&self, name: &str, now: &[Column]) -> Result<Vec<String>> {
        let row = self.state.source(name)?.ok_or_else(no_such_source)?;
        // Earlier the names alone were kept.
        let names: Vec<String> = serde_json::from_str(&row.columns).unwrap_or_default();
        let before: Vec<Column> = serde_json::from_str(&row.columns)
            .unwrap_or_else(|_| names.into_iter().map(|name| Column { name, kind: String::new() }).collect());
        let there = |column: &Column| now.iter().find(|there| there.name == column.name);
        let gone: Vec<&str> =
            before.iter().filter(|column| there(column).is_none()).map(|column| column.name.as_str()).collect();
        let is_new = |column: &&Column| !before.iter().any(|known| known.name == column.name);
        let new: Vec<String> = now.iter().filter(is_new).map(|column| column.name.clone()).collect();
        let is_other = |(before, now): &(&Column, &Column)| !before.kind.is_empty() && before.sort() != now.sort();
        let other: Vec<String> = before
            .iter()
            .filter_map(|column| Some((column, there(column)?)))
            .filter(is_other)
            .map(|(before, now)| format!("{} ({} → {})", before.name, before.kind, now.kind))
            .collect();
        if gone.is_empty() && other.is_empty() {
            if !before.is_empty() && before != now {
                self.state.set_source_columns(name, &crate::sources::json(now)?)?;
            }
            return Ok(new);
        }
        Err(AppError::Told(columns_changed(name, &gone, &other, &new)))
    }

    /// Waits for no other sync of the same source: that one does the work.
    pub(crate) fn lock_source(&self, name: &str) -> Result<impl Sized + use<>> {
        let folder = self.folder.join("spool");
        fs::create_dir_all(&folder).map_err(|source| self.wrong(source))?;
        let file = File::create(folder.join(format!("{name}.lock"))).map_err(|source| self.wrong(source))?;
        // Who looks whether a sync still runs holds it for a moment.
        let is_free = (0..4).any(|turn| {
            thread::sleep(Duration::from_millis(turn * 20));
            file.try_lock().is_ok()
        });
        if !is_free {
            return Err(AppError::Asked(Text::new(
                "sumber itu sedang disinkronkan oleh proses lain: tunggu sampai selesai",
                "that source is being synced by another process: wait until it is done",
            )));
        }
        Ok(SyncLock { _file: file })
    }

    /// Notes of syncs that say they run, but whose process is gone, that they were cut off.
    pub(crate) fn settle_syncs(&self) -> Result<()> {
        for source in self.state.sources()?.into_iter().filter(|source| source.running.is_some()) {
            let path = self.folder.join("spool").join(format!("{}.lock", source.name));
            let Ok(file) = File::open(path) else { continue };
            if file.try_lock().is_err() {
                continue;
            }
            let (id, en) = match self.kept_rows(&source.name) {
                Some(rows) => (
                    format!(
                        "{} baris yang sudah terbaca disimpan; sinkron berikutnya melanjutkan dari sana",
                        Lang::Id.group(rows.into())
                    ),
                    format!(
                        "the {} rows that were read are kept, and the next sync goes on from there",
                        Lang::En.group(rows.into())
                    ),
                ),
                None => ("sinkron berikutnya membacanya lagi".to_owned(), "the next sync reads them again".to_owned()),
            };
            let why = Message {
                id: format!(
                    "sinkron terputus sebelum selesai, prosesnya berhenti; yang sudah masuk tidak berubah: {id}"
                ),
                en: format!(
                    "the sync was cut off before its end, its process stopped; what is here is unchanged: {en}"
                ),
            };
            self.state.note_sync_cut_off(&source.name, &self.now(), &why)?;
        }
        self.remove_old_copies();
        Ok(())
    }

    /// Removes copies for one reading whose process was killed: after a day nobody reads them any more.
    fn remove_old_copies(&self) {
        let entries = fs::read_dir(self.folder.join("spool")).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(ONE_OFF)) {
            let age = entry.metadata().and_then(|about| about.modified()).map(|changed| changed.elapsed());
            if matches!(age, Ok(Ok(age)) if age > A_DAY) {
                // What cannot be removed now is tried again.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

fn columns_changed(name: &str, gone: &[&str], other: &[String], new: &[String]) -> Message {
    let (mut id, mut en) = (Vec::new(), Vec::new());
    if !gone.is_empty() {
        id.push(format!("yang ini tidak ada lagi: {}", gone.join(", ")));
        en.push(format!("these are gone: {}", gone.join(", ")));
    }
    if !other.is_empty() {
        id.push(format!("yang ini berubah jenisnya: {}", other.join(", ")));
        en.push(format!("these are of another type now: {}", other.join(", ")));
    }
    if !new.is_empty() {
        id.push(format!("yang ini baru: {}", new.join(", ")));
        en.push(format!("these are new: {}", new.join(", ")));
    }
    Message {
        id: format!(
            "kolom sumber \"{name}\" berubah, {}. Tidak ada yang diimpor. Periksa dengan `takar sources tables {name}`, lalu tambahkan lagi dengan --replace",
            id.join("; ")
        ),
        en: format!(
            "the columns of the source \"{name}\" changed, {}. Nothing was imported. Look with `takar sources tables {name}`, then add it again with --replace",
            en.join("; ")
        ),
    }
}

/// Rows copied from a database; the copy is gone when this is.
pub struct CopiedRows {
    /// The rows, to be imported.
    pub input: Input,
    _spool: Spool,
}

/// The name of a folder that is used once: several may be at it at once, in this process and in others.
pub(crate) fn one_off() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{ONE_OFF}{}.{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Keeps in the state what a sync is at, and passes it on.
struct Running<'a> {
    takar: &'a Takar,
    name: &'a str,
    progress: SyncProgress<'a>,
    begun: Instant,
    now: Mutex<(SyncRunning, Option<Instant>)>,
}

impl<'a> Running<'a> {
    fn begin(takar: &'a Takar, name: &'a str, progress: SyncProgress<'a>) -> Self {
        let running = SyncRunning {
            since: takar.now(),
            step: "reading".to_owned(),
            rows: 0,
            kept: 0,
            about: None,
            per_second: 0,
            share: None,
        };
        let running = Self { takar, name, progress, begun: Instant::now(), now: Mutex::new((running, None)) };
        running.note(SyncStep::Reading { rows: 0, kept: 0, about: None });
        running
    }

    fn note(&self, step: SyncStep) {
        (self.progress)(step);
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let (running, kept_at) = &mut *now;
        let share = |done: u64, all: u64| (all > 0).then(|| (done as f64 / all as f64).min(1.0));
        let is_next = match step {
            SyncStep::Reading { rows, kept, about } => {
                let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
                running.per_second = (rows.saturating_sub(kept) as f64 / seconds) as u64;
                (running.rows, running.kept, running.about) = (rows, kept, about);
                // An estimate may be too low; it is not done before it is.
                running.share = about.and_then(|about| share(rows, about)).map(|share| share.min(0.99));
                std::mem::replace(&mut running.step, "reading".to_owned()) != "reading"
            }
            SyncStep::Importing { done, all } => {
                running.share = share(done, all);
                std::mem::replace(&mut running.step, "importing".to_owned()) != "importing"
            }
        };
        if is_next || kept_at.is_none_or(|kept_at| kept_at.elapsed() >= KEPT_EVERY) {
            *kept_at = Some(Instant::now());
            // Who asks sees an older state where this fails; the sync itself has nothing to do with it.
            let _ =
                serde_json::to_string(running).map(|text| self.takar.state.set_sync_running(self.name, Some(&text)));
        }
    }

    fn end(&self) {
        let _ = self.takar.state.set_sync_running(self.name, None);
    }
}
