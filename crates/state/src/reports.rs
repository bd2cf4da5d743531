//! Reports that are made by themselves: for whom, what, when, whereto.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use crate::{Message, Result, State};

/// A report as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// Its number.
    pub id: i64,
    /// The login of whom it is for.
    pub login: String,
    /// What it tells: `evaluation`.
    pub what: String,
    /// Of which window, as it is asked for: `last-month`.
    pub period: String,
    /// `html` or `xlsx`.
    pub format: String,
    /// `mail` or `folder`.
    pub way: String,
    /// The folder, where it goes to one.
    pub folder: Option<String>,
    /// When, as a schedule is written.
    pub every: String,
    /// Who wanted it.
    pub made_by: String,
    /// Since when, UTC.
    pub made_at: String,
    /// When it is made next, UTC.
    pub next: String,
    /// How often in a row it could not be made.
    pub failures: u32,
    /// When it was last made, UTC.
    pub done: Option<String>,
    /// What came of it: the file, or to whom it was sent.
    pub made: Option<String>,
    /// Why the last try failed.
    #[serde(skip)]
    pub error: Option<Message>,
}

const ALL: &str = "SELECT id, login, what, period, format, way, folder, every, made_by, made_at, next, failures, done, made, error_id, error_en \
                   FROM reports";

fn report_of(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let error = row.get::<_, Option<String>>(14)?.zip(row.get::<_, Option<String>>(15)?);
    Ok(ReportRow {
        id: row.get(0)?,
        login: row.get(1)?,
        what: row.get(2)?,
        period: row.get(3)?,
        format: row.get(4)?,
        way: row.get(5)?,
        folder: row.get(6)?,
        every: row.get(7)?,
        made_by: row.get(8)?,
        made_at: row.get(9)?,
        next: row.get(10)?,
        failures: row.get(11)?,
        done: row.get(12)?,
        made: row.get(13)?,
        error: error.map(|(id, en)| Message { id, en }),
    })
}

impl State {
    /// Keeps a report; its number. The number in `report` and what came of it are not looked at.
    pub fn add_report(&self, report: &ReportRow) -> Result<i64> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO reports (login, what, period, format, way, folder, every, made_by, made_at, next) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                report.login,
                report.what,
                report.period,
                report.format,
                report.way,
                report.folder,
                report.every,
                report.made_by,
                report.made_at,
                report.next
            ],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// All reports, oldest first.
    pub fn reports(&self) -> Result<Vec<ReportRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{ALL} ORDER BY id"))?;
        let rows = statement.query_map([], report_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// The report of that number.
    pub fn report(&self, id: i64) -> Result<Option<ReportRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALL} WHERE id = ?1"), [id], report_of).optional()?)
    }

    /// Makes a report no more. False where there is none.
    pub fn remove_report(&self, id: i64) -> Result<bool> {
        Ok(self.connection().execute("DELETE FROM reports WHERE id = ?1", [id])? > 0)
    }

    /// Keeps what a try came to, and when the next is: all that comes after `made_at`.
    pub fn note_report(&self, report: &ReportRow) -> Result<()> {
        let error = report.error.as_ref();
        self.connection().execute(
            "UPDATE reports SET next = ?2, failures = ?3, done = ?4, made = ?5, error_id = ?6, error_en = ?7 WHERE id = ?1",
            params![
                report.id,
                report.next,
                report.failures,
                report.done,
                report.made,
                error.map(|error| &error.id),
                error.map(|error| &error.en)
            ],
        )?;
        Ok(())
    }
}
