//! The log of imports: what was brought in, when, and what became of it.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use takar_model::{ImportId, Lang};

use crate::{Result, State, StateError};

/// The number of the last import that counts or counted.
pub(crate) const LAST: &str = "SELECT max(id) FROM imports WHERE state IN ('done', 'undone')";

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
    /// It is being read, or was cut off.
    Running,
    /// It counts.
    Done,
    /// It was refused or cut off; nothing of it counts.
    Failed,
    /// It was taken back.
    Undone,
}

impl ImportState {
    const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "done" => Self::Done,
            "undone" => Self::Undone,
            "failed" => Self::Failed,
            _ => Self::Running,
        }
    }
}

/// What is told in both languages, so that whoever reads it later is told in theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// In Indonesian.
    pub id: String,
    /// In English.
    pub en: String,
}

impl Message {
    /// From both.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// What is the same in both: an id, or what a person wrote.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { id: text.clone(), en: text }
    }

    /// The message in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// One import as the log has it. Amounts and days are in the plain form of `takar-model`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportRow {
    /// Its number.
    pub id: ImportId,
    /// The kind of fact it brought: `sales`, `accounts` …
    pub kind: String,
    /// The stream it belongs to.
    pub source: String,
    /// The file's name.
    #[serde(rename = "file")]
    pub label: String,
    /// When it was begun, UTC.
    pub started: String,
    /// What became of it.
    pub state: ImportState,
    /// Rows read.
    pub rows: u64,
    /// Lines that count since.
    #[serde(rename = "lines")]
    pub added: u64,
    /// Earlier lines it corrected.
    pub replaced: u64,
    /// Earlier lines that its source had no more.
    pub gone: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// Net of its good rows.
    pub net: Option<String>,
    /// The first date.
    pub first_day: Option<String>,
    /// The last date.
    pub last_day: Option<String>,
    /// Why it failed.
    pub message: Option<Message>,
}

impl State {
    /// Notes that an import begins, and gives it its number.
    pub fn begin_import(&self, kind: &str, source: &str, label: &str, started: &str) -> Result<ImportId> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO imports (kind, source, label, started, state) VALUES (?1, ?2, ?3, ?4, 'running')",
            params![kind, source, label, started],
        )?;
        Ok(ImportId(connection.last_insert_rowid()))
    }

    /// Writes the row of an import as it is now, whether the log has it yet or not.
    pub fn record_import(&self, row: &ImportRow) -> Result<()> {
        self.connection().execute(
            "INSERT OR REPLACE INTO imports (id, kind, source, label, started, state, rows, added, replaced, unchanged,
                set_aside, net, first_day, last_day, message_id, message_en, gone)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                row.id.0,
                row.kind,
                row.source,
                row.label,
                row.started,
                row.state.name(),
                to_sql(row.rows),
                to_sql(row.added),
                to_sql(row.replaced),
                to_sql(row.unchanged),
                to_sql(row.set_aside),
                row.net,
                row.first_day,
                row.last_day,
                row.message.as_ref().map(|message| &message.id),
                row.message.as_ref().map(|message| &message.en),
                to_sql(row.gone)
            ],
        )?;
        Ok(())
    }

    /// Notes what became of an import.
    pub fn mark_import(&self, id: ImportId, state: ImportState, message: Option<&Message>) -> Result<()> {
        let changed = self.connection().execute(
            "UPDATE imports SET state = ?2, message_id = ?3, message_en = ?4 WHERE id = ?1",
            params![id.0, state.name(), message.map(|message| &message.id), message.map(|message| &message.en)],
        )?;
        if changed == 0 { Err(StateError::NoSuchImport(id)) } else { Ok(()) }
    }

    /// All imports, newest first.
    pub fn imports(&self) -> Result<Vec<ImportRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT * FROM imports ORDER BY id DESC")?;
        let rows = statement.query_map([], from_sql)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// The number of the last import that counts or counted; none before the first.
    pub fn last_import(&self) -> Result<Option<ImportId>> {
        Ok(self.connection().query_row(LAST, [], |row| row.get::<_, Option<i64>>(0))?.map(ImportId))
    }

    /// One import.
    pub fn import(&self, id: ImportId) -> Result<ImportRow> {
        let connection = self.connection();
        let row = connection.query_row("SELECT * FROM imports WHERE id = ?1", [id.0], from_sql).optional()?;
        row.ok_or(StateError::NoSuchImport(id))
    }
}

/// SQLite counts in signed 64 bits; no file has more rows than that.
fn to_sql(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn from_sql(row: &Row<'_>) -> rusqlite::Result<ImportRow> {
    let (id, en): (Option<String>, Option<String>) = (row.get("message_id")?, row.get("message_en")?);
    // A message of before both languages were kept stands for both.
    let message = en.map(|en| Message { id: id.unwrap_or_else(|| en.clone()), en });
    let count = |name: &str| row.get::<_, i64>(name).map(|count| u64::try_from(count).unwrap_or_default());
    Ok(ImportRow {
        id: ImportId(row.get("id")?),
        kind: row.get("kind")?,
        source: row.get("source")?,
        label: row.get("label")?,
        started: row.get("started")?,
        state: ImportState::from_name(&row.get::<_, String>("state")?),
        rows: count("rows")?,
        added: count("added")?,
        replaced: count("replaced")?,
        gone: count("gone")?,
        unchanged: count("unchanged")?,
        set_aside: count("set_aside")?,
        net: row.get("net")?,
        first_day: row.get("first_day")?,
        last_day: row.get("last_day")?,
        message,
    })
}
