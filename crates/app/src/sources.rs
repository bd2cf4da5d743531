//! Databases as sources: what is kept about one, and bringing in what is new in it.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use takar_database::{Address, Column, Database, DatabaseError, Secret, Since, Table, Wanted};
use takar_import::{CostKind, DateOrder, DiscountKind, FactKind, Field, Input, NumberStyle, Options, Plan, Ppn};
use takar_lake::ImportReport;
use takar_model::{ImportId, Lang, Schedule, SourceName, Text};
use takar_state::{Message, SourceRow};

use crate::{AppError, ImportRequest, Result, Takar, outbox::Event};

/// Rows that are looked at to say how a table would be read.
const SAMPLE: u32 = 2_000;

/// Where the password of a source is found. It is never kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFrom {
    /// There is none, or whoever asks gives it.
    Nowhere,
    /// In this variable of the environment.
    Env(String),
    /// In this file, but for the line end.
    File(PathBuf),
}

/// What the user says about the columns, as for a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// Columns by the user's word: the name of the field and the column.
    pub map: Vec<(String, String)>,
    /// Day or month first.
    pub date_order: Option<DateOrder>,
    /// The decimal mark; a point unless told otherwise, since databases write one.
    pub number_style: Option<NumberStyle>,
    /// What the discounts are.
    pub discount: Option<DiscountKind>,
    /// What the costs are.
    pub cost: Option<CostKind>,
    /// Whether amounts contain PPN.
    pub ppn: Option<Ppn>,
    /// Keep rows without an account.
    pub unassigned: bool,
}

/// What a source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDefinition {
    /// Where the database is.
    pub url: Address,
    /// Which rows.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// What they are: `sales`, `accounts` …
    pub kind: String,
    /// The column that grows with every change; without it all rows are read each time.
    #[serde(default)]
    pub watermark: Option<String>,
    /// How the changed rows take the place of earlier ones; found when the source is added.
    #[serde(default)]
    pub replaces: Option<Replaces>,
    /// Where the password is found.
    #[serde(default = "nowhere")]
    pub password: PasswordFrom,
    /// Seconds after which a question to the database is ended.
    #[serde(default = "an_hour")]
    pub timeout: u64,
    /// How the columns are read.
    #[serde(default)]
    pub choices: Choices,
}

const fn nowhere() -> PasswordFrom {
    PasswordFrom::Nowhere
}

const fn an_hour() -> u64 {
    3600
}

/// What a changed row of a source takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replaces {
    /// Its own earlier version: rows have a number in their invoice, or an id.
    Row,
    /// The whole invoice, whose number is in this column: all its rows are read again with it.
    Invoice(String),
}

/// A source and how it fares.
#[derive(Debug, Clone, Serialize)]
pub struct SourceStatus {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub definition: SourceDefinition,
    /// Where the last reading ended.
    pub mark: Option<String>,
    /// When it was last tried, UTC.
    pub tried: Option<String>,
    /// When it was last read to its end, UTC.
    pub synced: Option<String>,
    /// The import that brought the last rows.
    pub import: Option<ImportId>,
    /// Why the last try failed.
    #[serde(skip)]
    pub error: Option<Message>,
    /// When it is synced by itself; none = never.
    pub schedule: Option<Schedule>,
    /// When that is next, UTC.
    pub next: Option<String>,
    /// How often in a row it failed.
    pub failures: u32,
}

/// A table of a database and what its columns would be.
#[derive(Debug, Clone, Serialize)]
pub struct TableOfSource {
    /// The columns of the table.
    pub columns: Vec<Column>,
    /// How its rows would be read; none for kinds that have no plan of their own.
    pub plan: Option<Plan>,
}

/// What a sync brought.
#[derive(Debug, Serialize)]
pub struct Synced {
    /// The source.
    pub source: String,
    /// The import; none where nothing was new.
    pub import: Option<ImportReport>,
    /// Where the next reading goes on.
    pub mark: Option<String>,
}

/// Hears the bytes read from the database, then those imported and those there are.
pub type SyncProgress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Held while one sync of a source runs.
struct SyncLock {
    _file: File,
}

impl SourceDefinition {
    /// The kind of facts.
    pub fn fact_kind(&self) -> Result<FactKind> {
        FactKind::ALL.into_iter().find(|kind| kind.name() == self.kind).ok_or(AppError::Asked(Text::new(
            "jenis data itu tidak dikenal: sales, accounts, products, managers, targets, market, ownership atau rates",
            "that kind of data is not known: sales, accounts, products, managers, targets, market, ownership or rates",
        )))
    }

    pub(crate) fn options(&self, name: &str) -> Result<Options> {
        let field = |(field, header): &(String, String)| match field.parse::<Field>() {
            Ok(field) => Ok((field, header.clone())),
            Err(_) => Err(AppError::Asked(Text::new(
                "ada nama field yang tidak dikenal dalam pemetaan kolom",
                "the mapping of columns has a field that is not known",
            ))),
        };
        let Choices { map, date_order, number_style, discount, cost, ppn, unassigned } = &self.choices;
        Ok(Options {
            map: map.iter().map(field).collect::<Result<_>>()?,
            source: SourceName(name.to_owned()),
            date_order: *date_order,
            number_style: number_style.or(Some(NumberStyle::En)),
            discount_kind: *discount,
            cost_kind: *cost,
            ppn: *ppn,
            unassigned: *unassigned,
            ..Options::default()
        })
    }

    /// What stands in the `file` column of its lines.
    pub(crate) fn label(&self) -> String {
        let name = match &self.wanted {
            Wanted::Table(name) => name.as_str(),
            Wanted::Query(_) => "query",
        };
        let is_kept = |letter: &char| letter.is_alphanumeric() || "._- ".contains(*letter);
        let label: String = name.chars().filter(is_kept).take(80).collect();
        if label.trim_matches(['.', ' ']).is_empty() { "table".to_owned() } else { label }
    }

    /// Opens its database, with a password that was typed or the one it names.
    pub(crate) fn open(&self, typed: Option<&Secret>) -> Result<Database> {
        let found = match (&self.password, typed) {
            (_, Some(secret)) => Some(secret.clone()),
            (PasswordFrom::Nowhere, None) => None,
            (PasswordFrom::Env(name), None) => Some(Secret::new(std::env::var(name).map_err(|_| {
                AppError::Told(Message {
                    id: format!("variabel {name} untuk kata sandi tidak ada atau kosong: isi dulu variabel itu"),
                    en: format!("the variable {name} for the password is not set: set it first"),
                })
            })?)),
            (PasswordFrom::File(path), None) => {
                let text = fs::read_to_string(path).map_err(|source| {
                    AppError::Told(Message {
                        id: format!("berkas kata sandi {} tidak terbaca: {source}", path.display()),
                        en: format!("the password file {} cannot be read: {source}", path.display()),
                    })
                })?;
                Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
            }
        };
        Ok(Database::open(&self.url, found.as_ref(), Duration::from_secs(self.timeout.max(1)))?)
    }
}

impl Takar {
    /// The tables of a database.
    pub fn tables_of(&self, definition: &SourceDefinition, password: Option<&Secret>) -> Result<Vec<Table>> {
        Ok(definition.open(password)?.tables()?)
    }

    /// How the rows of a source would be read, from some of them.
    pub fn look_at_source(&self, definition: &SourceDefinition, password: Option<&Secret>) -> Result<TableOfSource> {
        let mut database = definition.open(password)?;
        let columns = database.columns(&definition.wanted)?;
        if let Some(watermark) = &definition.watermark {
            // An unknown column is refused here, before anything is kept.
            let since = Since { column: watermark.clone(), after: None, together: None };
            database.read(&definition.wanted, Some(&since), Some(1), &mut std::io::sink(), &|_| {})?;
        }
        let folder = self.spool(&one_off())?;
        let path = folder.path.join(definition.label());
        let file = File::create(&path).map_err(|source| self.wrong(source))?;
        database.read(&definition.wanted, None, Some(SAMPLE), &mut BufWriter::new(file), &|_| {})?;
        let kind = definition.fact_kind()?;
        let plan = match kind {
            FactKind::Sales => Some(takar_import::inspect(&Input::File(path), kind, &definition.options("look")?)?),
            _ => None,
        };
        Ok(TableOfSource { columns, plan })
    }

    /// Keeps a source, after trying that its rows can be read.
    pub fn add_source(
        &self,
        name: &str,
        definition: &SourceDefinition,
        password: Option<&Secret>,
        replace: bool,
    ) -> Result<TableOfSource> {
        check_name(name)?;
        if !replace && self.state.source(name)?.is_some() {
            return Err(AppError::Asked(Text::new(
                "sumber dengan nama itu sudah ada: pakai nama lain, atau --replace",
                "there is a source of that name already: use another name, or --replace",
            )));
        }
        let found = self.look_at_source(definition, password)?;
        let replaces = replaces_of(definition, found.plan.as_ref())?;
        let definition = &SourceDefinition { replaces: Some(replaces), ..definition.clone() };
        let names: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
        self.state.save_source(name, &json(definition)?, &json(&names)?)?;
        self.state.note_action(&self.now(), "add source", name)?;
        Ok(found)
    }

    /// All sources, by name.
    pub fn sources(&self) -> Result<Vec<SourceStatus>> {
        self.state.sources()?.into_iter().map(status_of).collect()
    }

    /// One source.
    pub fn saved_source(&self, name: &str) -> Result<SourceStatus> {
        status_of(self.state.source(name)?.ok_or_else(no_such_source)?)
    }

    /// Forgets a source; its lines stay.
    pub fn remove_source(&self, name: &str) -> Result<()> {
        if !self.state.remove_source(name)? {
            return Err(no_such_source());
        }
        Ok(self.state.note_action(&self.now(), "remove source", name)?)
    }

    /// Sets when a source is synced by itself, from now on; without a schedule it is not.
    pub fn schedule_source(&self, name: &str, schedule: Option<Schedule>) -> Result<SourceStatus> {
        let next = schedule.map(|schedule| crate::home::told(schedule.next_after(&self.zoned_now())));
        let text = schedule.map(|schedule| schedule.to_string());
        if !self.state.schedule_source(name, text.as_deref(), next.as_deref())? {
            return Err(no_such_source());
        }
        self.state.note_action(&self.now(), "schedule source", name)?;
        self.saved_source(name)
    }

    /// Brings in what changed in a source since the last time, or all of it where `whole` asks for that or nothing says what
    /// changed. Lines that are there already stay as they are.
    ///
    /// Rows are first copied to the home, all as of one moment, then imported like a file: where the database goes away in
    /// the middle, nothing is imported.
    pub fn sync(
        &self,
        name: &str,
        whole: bool,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<Synced> {
        let status = self.saved_source(name)?;
        let _lock = self.lock_source(name)?;
        let result = self.sync_locked(&status, whole, password, progress);
        match &result {
            Ok(synced) => {
                let import = synced.import.as_ref().map(|report| report.id);
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
        self.check_columns(name, &database.columns(&definition.wanted)?)?;
        let replaces = match &definition.replaces {
            Some(known) => known.clone(),
            // A source that was kept before this was found out.
            None => replaces_of(definition, self.look_at_source(definition, password)?.plan.as_ref())?,
        };
        let since = definition.watermark.as_ref().map(|column| Since {
            column: column.clone(),
            after: status.mark.clone().filter(|_| !whole),
            together: match replaces {
                Replaces::Row => None,
                Replaces::Invoice(column) => Some(column),
            },
        });
        let folder = self.spool(name)?;
        let path = folder.path.join(definition.label());
        let mark = self.copy(&mut database, definition, since.as_ref(), &path, progress)?;
        drop(database);
        if !has_rows(&path).map_err(|source| self.wrong(source))? {
            return Ok(Synced { source: name.clone(), import: None, mark });
        }
        let request = ImportRequest {
            input: Input::File(path),
            kind: definition.fact_kind()?,
            options: definition.options(name)?,
            profile: None,
            save_profile: None,
        };
        let (_, report) = self.import(&request, progress)?;
        Ok(Synced { source: name.clone(), import: Some(report), mark })
    }

    /// Copies all rows of a table or query into the home, for rows that are wanted once, without keeping a source.
    pub fn rows_of(
        &self,
        definition: &SourceDefinition,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<CopiedRows> {
        let mut database = definition.open(password)?;
        database.columns(&definition.wanted)?;
        let folder = self.spool(&one_off())?;
        let path = folder.path.join(definition.label());
        self.copy(&mut database, definition, None, &path, progress)?;
        if !has_rows(&path).map_err(|source| self.wrong(source))? {
            return Err(AppError::Asked(Text::new(
                "tabel atau kueri itu tidak berisi baris: tidak ada yang diimpor",
                "that table or query has no rows: nothing was imported",
            )));
        }
        Ok(CopiedRows { input: Input::File(path), _folder: folder })
    }

    /// Copies the rows of a source into a file of the home; where it ends is told.
    pub(crate) fn copy(
        &self,
        database: &mut Database,
        definition: &SourceDefinition,
        since: Option<&Since>,
        path: &Path,
        progress: SyncProgress<'_>,
    ) -> Result<Option<String>> {
        let file = File::create(path).map_err(DatabaseError::Io)?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        let read = database.read(&definition.wanted, since, None, &mut out, &|bytes| progress(bytes, 0))?;
        Ok(read.mark)
    }

    /// A source whose columns went away would lose what they held without a word.
    fn check_columns(&self, name: &str, now: &[Column]) -> Result<()> {
        let row = self.state.source(name)?.ok_or_else(no_such_source)?;
        let before: Vec<String> = serde_json::from_str(&row.columns).unwrap_or_default();
        let gone: Vec<String> =
            before.into_iter().filter(|column| !now.iter().any(|there| there.name == *column)).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let gone = gone.join(", ");
        Err(AppError::Told(Message {
            id: format!(
                "kolom sumber \"{name}\" berubah, yang ini tidak ada lagi: {gone}. Tidak ada yang diimpor. Periksa dengan `takar sources tables {name}`, lalu tambahkan lagi dengan --replace"
            ),
            en: format!(
                "the columns of the source \"{name}\" changed, these are gone: {gone}. Nothing was imported. Look with `takar sources tables {name}`, then add it again with --replace"
            ),
        }))
    }

    /// Waits for no other sync of the same source: that one does the work.
    pub(crate) fn lock_source(&self, name: &str) -> Result<impl Sized + use<>> {
        let folder = self.folder.join("spool");
        fs::create_dir_all(&folder).map_err(|source| self.wrong(source))?;
        let file = File::create(folder.join(format!("{name}.lock"))).map_err(|source| self.wrong(source))?;
        if file.try_lock().is_err() {
            return Err(AppError::Asked(Text::new(
                "sumber itu sedang disinkronkan oleh proses lain: tunggu sampai selesai",
                "that source is being synced by another process: wait until it is done",
            )));
        }
        Ok(SyncLock { _file: file })
    }

    /// An empty folder in the home that is gone when it is let go; what an interrupted sync left in it is removed.
    pub(crate) fn spool(&self, name: &str) -> Result<Spool> {
        let path = self.folder.join("spool").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|source| self.wrong(source))?;
        }
        fs::create_dir_all(&path).map_err(|source| self.wrong(source))?;
        Ok(Spool { path })
    }
}

/// Rows copied from a database; the copy is gone when this is.
pub struct CopiedRows {
    /// The rows, to be imported.
    pub input: Input,
    _folder: Spool,
}

/// A folder for the rows of one reading.
pub(crate) struct Spool {
    pub path: PathBuf,
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What stays is removed by the next sync.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// What changed rows take the place of.
///
/// # Errors
/// Where they would come to stand beside their earlier versions, or push others out that did not change: only what is read whole
/// is right then.
fn replaces_of(definition: &SourceDefinition, plan: Option<&Plan>) -> Result<Replaces> {
    if definition.watermark.is_none() {
        return Ok(Replaces::Row);
    }
    let Some(plan) = plan else {
        return match definition.fact_kind()? {
            FactKind::Ownership => Err(AppError::Asked(Text::new(
                "kepemilikan dibaca utuh setiap kali, karena semua pemilik akun diganti bersama: jangan pakai kolom penanda perubahan (--watermark)",
                "ownership is read whole each time, since all owners of an account are replaced together: use no column that marks changes (--watermark)",
            ))),
            _ => Ok(Replaces::Row),
        };
    };
    let header = |field| plan.mapping.iter().find(|mapped| mapped.field == field).map(|mapped| mapped.header.clone());
    match (header(Field::InvoiceNo), header(Field::LineNo)) {
        (Some(_), Some(_)) => Ok(Replaces::Row),
        (Some(invoice), None) => Ok(Replaces::Invoice(invoice)),
        (None, _) => Err(AppError::Asked(Text::new(
            "tanpa nomor faktur, baris yang berubah di sumber akan dihitung dua kali: petakan kolomnya (--map invoice_no=…), atau jangan pakai kolom penanda perubahan (--watermark)",
            "without an invoice number, a line that changes in the source would count twice: map its column (--map invoice_no=…), or use no column that marks changes (--watermark)",
        ))),
    }
}

/// The name of a folder that is used once: several may be at it at once, in this process and in others.
fn one_off() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("once.{}.{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// There is a row below the header. Names of columns have no line ends in practice; where one has, an import says so.
pub(crate) fn has_rows(path: &Path) -> std::io::Result<bool> {
    use std::io::{BufRead, BufReader};
    let mut lines = BufReader::new(File::open(path)?).split(b'\n');
    lines.next().transpose()?;
    Ok(lines.next().transpose()?.is_some_and(|line| !line.is_empty()))
}

/// A name is a stream of lines, a folder and a part of an address.
fn check_name(name: &str) -> Result<()> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_plain) {
        return Err(AppError::Asked(Text::new(
            "nama sumber terdiri dari 1 sampai 40 huruf a-z, angka, - dan _",
            "the name of a source has 1 to 40 letters a-z, digits, - and _",
        )));
    }
    Ok(())
}

fn status_of(row: SourceRow) -> Result<SourceStatus> {
    let definition = serde_json::from_str(&row.definition).map_err(|_| {
        AppError::Asked(Text::new(
            "sumber itu tidak terbaca: tambahkan lagi dengan --replace",
            "that source cannot be read: add it again with --replace",
        ))
    })?;
    let SourceRow { name, mark, tried, synced, import, error, schedule, next, failures, .. } = row;
    let schedule = schedule.and_then(|text| text.parse().ok());
    Ok(SourceStatus { name, definition, mark, tried, synced, import, error, schedule, next, failures })
}

fn no_such_source() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada sumber dengan nama itu: lihat `takar sources`",
        "there is no source of that name: see `takar sources`",
    ))
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|_| AppError::Asked(Text::new("sumber tidak bisa disimpan", "the source cannot be kept")))
}
