//! Sources: databases that are read again and again, and how far each was read.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use takar_model::ImportId;

use crate::{Message, Result, State};

/// A source as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    /// Its name, which is also the stream of its lines.
    pub name: String,
    /// What it is and how it is read (JSON).
    pub definition: String,
    /// Its columns when it was last read (JSON).
    pub columns: String,
    /// Where the last reading ended; none where it is read whole each time.
    pub mark: Option<String>,
    /// When it was last tried, UTC.
    pub tried: Option<String>,
    /// When it was last read to its end, UTC.
    pub synced: Option<String>,
    /// The import that brought the last rows.
    pub import: Option<ImportId>,
    /// Why the last try failed; none where it did not.
    pub error: Option<Message>,
    /// When it is synced by itself; none = never.
    pub schedule: Option<String>,
    /// When that is next, UTC.
    pub next: Option<String>,
    /// How often in a row it failed.
    pub failures: u32,
    /// What a sync that runs is at (JSON); none where none runs.
    pub running: Option<String>,
}

const ALL: &str = "SELECT name, definition, columns, mark, tried, synced, import, error_id, error_en, schedule, next, \
                   failures, running FROM sources";

fn source_of(row: &Row<'_>) -> rusqlite::Result<SourceRow> {
    let error = row.get::<_, Option<String>>(7)?.zip(row.get::<_, Option<String>>(8)?);
    Ok(SourceRow {
        name: row.get(0)?,
        definition: row.get(1)?,
        columns: row.get(2)?,
        mark: row.get(3)?,
        tried: row.get(4)?,
        synced: row.get(5)?,
        import: row.get::<_, Option<i64>>(6)?.map(ImportId),
        error: error.map(|(id, en)| Message { id, en }),
        schedule: row.get(9)?,
        next: row.get(10)?,
        failures: row.get(11)?,
        running: row.get(12)?,
    })
}

impl State {
    /// Keeps a source, in place of an earlier one of its name; it is read from its beginning then. Its schedule stays.
    pub fn save_source(&self, name: &str, definition: &str, columns: &str) -> Result<()> {
        self.connection().execute(
            "INSERT INTO sources (name, definition, columns) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET definition = ?2, columns = ?3, mark = NULL, tried = NULL, synced = NULL, \
             import = NULL, error_id = NULL, error_en = NULL, failures = 0",
            [name, definition, columns],
        )?;
        Ok(())
    }

    /// The source of that name.
    pub fn source(&self, name: &str) -> Result<Option<SourceRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALL} WHERE name = ?1"), [name], source_of).optional()?)
    }

    /// All sources by name.
    pub fn sources(&self) -> Result<Vec<SourceRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{ALL} ORDER BY name"))?;
        let rows = statement.query_map([], source_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Forgets a source; its lines stay. False where there was none.
    pub fn remove_source(&self, name: &str) -> Result<bool> {
        Ok(self.connection().execute("DELETE FROM sources WHERE name = ?1", [name])? > 0)
    }

    /// Notes that a source was read to its end; without an import there was nothing new.
    pub fn note_sync(&self, name: &str, at: &str, mark: Option<&str>, import: Option<ImportId>) -> Result<()> {
        self.connection().execute(
            "UPDATE sources SET tried = ?2, synced = ?2, mark = coalesce(?3, mark), import = coalesce(?4, import), \
             error_id = NULL, error_en = NULL, failures = 0 WHERE name = ?1",
            params![name, at, mark, import.map(|id| id.0)],
        )?;
        Ok(())
    }

    /// Notes why a source could not be read.
    pub fn note_sync_failure(&self, name: &str, at: &str, why: &Message) -> Result<()> {
        self.connection().execute(
            "UPDATE sources SET tried = ?2, error_id = ?3, error_en = ?4, failures = failures + 1 WHERE name = ?1",
            [name, at, &why.id, &why.en],
        )?;
        Ok(())
    }

    /// Notes what a sync that runs is at; none where it came to its end.
    pub fn set_sync_running(&self, name: &str, running: Option<&str>) -> Result<()> {
        self.connection().execute("UPDATE sources SET running = ?2 WHERE name = ?1", params![name, running])?;
        Ok(())
    }

    /// Notes that a sync was cut off by the end of its process; that is no failure of the source. Nothing is noted where it came to
    /// its end after all.
    pub fn note_sync_cut_off(&self, name: &str, at: &str, why: &Message) -> Result<()> {
        self.connection().execute(
            "UPDATE sources SET running = NULL, tried = ?2, error_id = ?3, error_en = ?4 \
             WHERE name = ?1 AND running IS NOT NULL",
            [name, at, &why.id, &why.en],
        )?;
        Ok(())
    }

    /// Sets the columns that a source has now.
    pub fn set_source_columns(&self, name: &str, columns: &str) -> Result<()> {
        self.connection().execute("UPDATE sources SET columns = ?2 WHERE name = ?1", [name, columns])?;
        Ok(())
    }

    /// Sets when a source is synced by itself, and when that is next. False where there is no such source.
    pub fn schedule_source(&self, name: &str, schedule: Option<&str>, next: Option<&str>) -> Result<bool> {
        let sql = "UPDATE sources SET schedule = ?2, next = ?3 WHERE name = ?1";
        Ok(self.connection().execute(sql, params![name, schedule, next])? > 0)
    }

    /// Sets when a source is synced next.
    pub fn set_next_sync(&self, name: &str, next: Option<&str>) -> Result<()> {
        self.connection().execute("UPDATE sources SET next = ?2 WHERE name = ?1", params![name, next])?;
        Ok(())
    }
}
