//! Databases as sources: what is kept about one, and bringing in what is new in it.

use std::{fs, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};
use takar_database::{Address, Asked, Column, Database, Secret, Since, Table, Wanted};
use takar_import::{CostKind, DateOrder, DiscountKind, FactKind, Field, Input, NumberStyle, Options, Plan, Ppn};
use takar_model::{ImportId, Right, Schedule, SourceName, Text};
use takar_state::{Message, SourceRow};

use crate::{
    AppError, Result, Takar,
    sync::{SyncRunning, one_off},
};

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
    /// What a sync that runs now is at.
    pub running: Option<SyncRunning>,
    /// Rows of a first load that was cut off; the next sync goes on from them.
    pub kept: Option<u64>,
}

/// A table of a database and what its columns would be.
#[derive(Debug, Clone, Serialize)]
pub struct TableOfSource {
    /// The columns of the table.
    pub columns: Vec<Column>,
    /// How its rows would be read; none for kinds that have no plan of their own.
    pub plan: Option<Plan>,
    /// The key by which a first load that is cut off goes on where it stopped; without one it begins anew.
    pub resumes_by: Vec<String>,
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
        self.may(Right::Collect)?;
        Ok(definition.open(password)?.tables()?)
    }

    /// How the rows of a source would be read, from some of them.
    pub fn look_at_source(&self, definition: &SourceDefinition, password: Option<&Secret>) -> Result<TableOfSource> {
        self.may(Right::Collect)?;
        let mut database = definition.open(password)?;
        let columns = database.columns(&definition.wanted)?;
        if let Some(watermark) = &definition.watermark {
            // An unknown column is refused here, before anything is kept.
            let since = Since { column: watermark.clone(), after: None, together: None };
            let asked = Asked { since: Some(&since), limit: Some(1), ..Asked::default() };
            database.read(&definition.wanted, asked, &mut Vec::new())?;
        }
        let resumes_by = match definition.watermark {
            Some(_) => database.key(&definition.wanted)?,
            None => Vec::new(),
        };
        let spool = self.spool(&one_off())?;
        let path = spool.rows(&definition.label());
        let mut sample = Vec::new();
        database.read(&definition.wanted, Asked { limit: Some(SAMPLE), ..Asked::default() }, &mut sample)?;
        fs::write(&path, sample).map_err(|source| self.wrong(source))?;
        let kind = definition.fact_kind()?;
        let plan = match kind {
            FactKind::Sales => Some(takar_import::inspect(&Input::File(path), kind, &definition.options("look")?)?),
            _ => None,
        };
        Ok(TableOfSource { columns, plan, resumes_by })
    }

    /// Keeps a source, after trying that its rows can be read.
    pub fn add_source(
        &self,
        name: &str,
        definition: &SourceDefinition,
        password: Option<&Secret>,
        replace: bool,
    ) -> Result<TableOfSource> {
        self.may(Right::Collect)?;
        check_name(name)?;
        if !replace && self.state.source(name)?.is_some() {
            return Err(AppError::Asked(Text::new(
                "sumber dengan nama itu sudah ada: pakai nama lain, atau --replace",
                "there is a source of that name already: use another name, or --replace",
            )));
        }
        let _lock = self.lock_source(name)?;
        let found = self.look_at_source(definition, password)?;
        check_watermark(definition, found.plan.as_ref())?;
        self.state.save_source(name, &json(definition)?, &json(&found.columns)?)?;
        self.forget_rows(name);
        self.note("add source", name)?;
        Ok(found)
    }

    /// All sources, by name.
    pub fn sources(&self) -> Result<Vec<SourceStatus>> {
        self.may(Right::Collect)?;
        self.settle_syncs()?;
        self.state.sources()?.into_iter().map(|row| self.status_of(row)).collect()
    }

    /// One source.
    pub fn saved_source(&self, name: &str) -> Result<SourceStatus> {
        self.may(Right::Collect)?;
        self.status_of(self.state.source(name)?.ok_or_else(no_such_source)?)
    }

    fn status_of(&self, row: SourceRow) -> Result<SourceStatus> {
        let definition = serde_json::from_str(&row.definition).map_err(|_| {
            AppError::Asked(Text::new(
                "sumber itu tidak terbaca: tambahkan lagi dengan --replace",
                "that source cannot be read: add it again with --replace",
            ))
        })?;
        let SourceRow { name, mark, tried, synced, import, error, schedule, next, failures, .. } = row;
        let schedule = schedule.and_then(|text| text.parse().ok());
        let running: Option<SyncRunning> = row.running.and_then(|text| serde_json::from_str(&text).ok());
        let kept = if running.is_none() { self.kept_rows(&name) } else { None };
        Ok(SourceStatus {
            name,
            definition,
            mark,
            tried,
            synced,
            import,
            error,
            schedule,
            next,
            failures,
            running,
            kept,
        })
    }

    /// Forgets a source; its lines stay.
    pub fn remove_source(&self, name: &str) -> Result<()> {
        self.may(Right::Collect)?;
        let _lock = self.lock_source(name)?;
        if !self.state.remove_source(name)? {
            return Err(no_such_source());
        }
        self.forget_rows(name);
        self.note("remove source", name)
    }

    /// Sets when a source is synced by itself, from now on; without a schedule it is not.
    pub fn schedule_source(&self, name: &str, schedule: Option<Schedule>) -> Result<SourceStatus> {
        self.may(Right::Collect)?;
        let next = schedule.map(|schedule| crate::home::told(schedule.next_after(&self.zoned_now())));
        let text = schedule.map(|schedule| schedule.to_string());
        if !self.state.schedule_source(name, text.as_deref(), next.as_deref())? {
            return Err(no_such_source());
        }
        self.note("schedule source", name)?;
        self.saved_source(name)
    }
}

/// By a watermark only the rows that changed are read: each has to be known by more than its content.
///
/// # Errors
/// Where changed rows would come to stand beside their earlier versions, or push others out that did not change.
fn check_watermark(definition: &SourceDefinition, plan: Option<&Plan>) -> Result<()> {
    if definition.watermark.is_none() {
        return Ok(());
    }
    let has_invoice = |plan: &Plan| plan.mapping.iter().any(|mapped| mapped.field == Field::InvoiceNo);
    match plan {
        None if definition.fact_kind()? == FactKind::Ownership => Err(AppError::Asked(Text::new(
            "kepemilikan dibaca utuh setiap kali, karena semua pemilik akun diganti bersama: jangan pakai kolom penanda perubahan (--watermark)",
            "ownership is read whole each time, since all owners of an account are replaced together: use no column that marks changes (--watermark)",
        ))),
        Some(plan) if !has_invoice(plan) => Err(AppError::Asked(Text::new(
            "tanpa nomor faktur, baris yang berubah di sumber akan dihitung dua kali: petakan kolomnya (--map invoice_no=…), atau jangan pakai kolom penanda perubahan (--watermark)",
            "without an invoice number, a line that changes in the source would count twice: map its column (--map invoice_no=…), or use no column that marks changes (--watermark)",
        ))),
        _ => Ok(()),
    }
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

pub(crate) fn no_such_source() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada sumber dengan nama itu: lihat `takar sources`",
        "there is no source of that name: see `takar sources`",
    ))
}

pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|_| AppError::Asked(Text::new("sumber tidak bisa disimpan", "the source cannot be kept")))
}
