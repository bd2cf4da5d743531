//! An open database.

use std::{future::Future, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::{
    Address, Asked, DatabaseError, Engine, Ordered, Result, Secret, Since, Wanted, mysql::Mysql, postgres::Postgres,
    sqlite::Sqlite,
};

/// A column of a table or query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as the database calls it.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Column {
    /// It holds points in time (not whole days).
    pub(crate) fn is_time(&self) -> bool {
        let kind = self.kind.to_ascii_lowercase();
        kind.starts_with("timestamp") || kind.starts_with("datetime")
    }

    /// It holds whole days.
    pub(crate) fn is_day(&self) -> bool {
        self.kind.eq_ignore_ascii_case("date")
    }

    pub(crate) fn is_text(&self) -> bool {
        let kind = self.kind.to_ascii_lowercase();
        kind.contains("char") || kind.contains("text") || kind.contains("clob")
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self.sort(), Sort::Number)
    }

    /// Rows can be put in the order of its values, and a value compares as a text of it does: not so with an `ENUM`.
    fn has_order(&self) -> bool {
        let kind = self.kind.to_ascii_lowercase();
        let is_inexact = kind.starts_with("float") || kind.starts_with("double") || kind.starts_with("real");
        !is_inexact && (matches!(self.sort(), Sort::Number | Sort::Text | Sort::Time) || kind == "uuid")
    }

    /// What its values are, whatever their length.
    pub fn sort(&self) -> Sort {
        let kind = self.kind.to_ascii_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| kind.starts_with(word));
        let numbers = [
            "int",
            "tinyint",
            "smallint",
            "mediumint",
            "bigint",
            "serial",
            "bigserial",
            "numeric",
            "decimal",
            "float",
            "double",
            "real",
            "number",
        ];
        match () {
            () if kind == "interval" => Sort::Other,
            () if begins(&numbers) => Sort::Number,
            () if begins(&["date", "time"]) => Sort::Time,
            () if self.is_text() => Sort::Text,
            () => Sort::Other,
        }
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Numbers of any size.
    Number,
    /// Days and points in time.
    Time,
    /// Texts.
    Text,
    /// What else a database knows.
    Other,
}

/// A table or view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name, with its schema before a dot where that is not the usual one.
    pub name: String,
    /// About how many rows it has, where the database says so at once.
    pub rows: Option<u64>,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// Takes the rows of a reading as they come, each as CSV text with its line end.
pub trait Rows: Send {
    /// Before the first row: the names of the columns, and the highest mark there is, where marks were asked for.
    fn begin(&mut self, header: &[u8], mark: Option<&str>) -> std::io::Result<()>;

    /// One row, whole.
    fn row(&mut self, text: &[u8]) -> std::io::Result<()>;
}

impl Rows for Vec<u8> {
    fn begin(&mut self, header: &[u8], _mark: Option<&str>) -> std::io::Result<()> {
        self.extend_from_slice(header);
        Ok(())
    }

    fn row(&mut self, text: &[u8]) -> std::io::Result<()> {
        self.extend_from_slice(text);
        Ok(())
    }
}

/// How long a database has to answer a call for a connection.
const PATIENCE: Duration = Duration::from_secs(15);

/// An open database. Its calls wait for the answer: on an async thread, use them from a blocking one.
pub struct Database {
    runtime: Runtime,
    inner: Inner,
    /// Longer than a server lets one statement take: one that says nothing for so long is gone, though nothing told us.
    patience: Duration,
}

enum Inner {
    Postgres(Postgres),
    Mysql(Mysql),
    Sqlite(Sqlite),
}

impl Database {
    /// Opens a database for reading; a statement that takes longer than `timeout` is ended.
    ///
    /// # Errors
    /// [`DatabaseError`] says why: the server is not there, the password is wrong, …
    pub fn open(address: &Address, password: Option<&Secret>, timeout: Duration) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(DatabaseError::Io)?;
        let inner = runtime.block_on(async {
            let opened = async {
                Ok(match address.engine() {
                    Engine::Postgres => Inner::Postgres(Postgres::open(address, password, timeout).await?),
                    Engine::Mysql => Inner::Mysql(Mysql::open(address, password, timeout).await?),
                    Engine::Sqlite => Inner::Sqlite(Sqlite::open(address, timeout)?),
                })
            };
            tokio::time::timeout(PATIENCE, opened).await.unwrap_or(Err(DatabaseError::NoAnswer))
        })?;
        Ok(Self { runtime, inner, patience: timeout.saturating_add(PATIENCE) })
    }

    /// Its tables and views with their columns, by name.
    pub fn tables(&mut self) -> Result<Vec<Table>> {
        match &mut self.inner {
            Inner::Postgres(postgres) => self.runtime.block_on(within(self.patience, postgres.tables())),
            Inner::Mysql(mysql) => self.runtime.block_on(within(self.patience, mysql.tables())),
            Inner::Sqlite(sqlite) => sqlite.tables(),
        }
    }

    /// The columns of what is wanted.
    pub fn columns(&mut self, wanted: &Wanted) -> Result<Vec<Column>> {
        match &mut self.inner {
            Inner::Postgres(postgres) => self.runtime.block_on(within(self.patience, postgres.columns(wanted))),
            Inner::Mysql(mysql) => self.runtime.block_on(within(self.patience, mysql.columns(wanted))),
            Inner::Sqlite(sqlite) => sqlite.columns(wanted),
        }
    }

    /// The columns of a table's primary key, where rows can be read in its order; none of a view or query.
    pub fn key(&mut self, wanted: &Wanted) -> Result<Vec<String>> {
        let Wanted::Table(table) = wanted else { return Ok(Vec::new()) };
        let key = match &mut self.inner {
            Inner::Postgres(postgres) => self.runtime.block_on(within(self.patience, postgres.key(table)))?,
            Inner::Mysql(mysql) => self.runtime.block_on(within(self.patience, mysql.key(table)))?,
            Inner::Sqlite(sqlite) => sqlite.key(table)?,
        };
        let columns = self.columns(wanted)?;
        let has_order = |name: &String| columns.iter().any(|column| column.name == *name && column.has_order());
        Ok(if key.iter().all(has_order) { key } else { Vec::new() })
    }

    /// About how many rows there are, where the database can tell without reading them.
    pub fn about(&mut self, wanted: &Wanted, since: Option<&Since>) -> Option<u64> {
        let columns = self.columns(wanted).ok()?;
        match &mut self.inner {
            Inner::Postgres(postgres) => {
                let select =
                    wanted.select_asked(Engine::Postgres, Asked { since, ..Asked::default() }, &columns).ok()?;
                self.runtime.block_on(within(self.patience, postgres.about(&select))).ok()?
            }
            _ if since.is_some_and(|since| since.after.is_some()) => None,
            Inner::Mysql(mysql) => match wanted {
                Wanted::Table(table) => self.runtime.block_on(within(self.patience, mysql.about(table))).ok()?,
                Wanted::Query(_) => None,
            },
            Inner::Sqlite(sqlite) => match wanted {
                Wanted::Table(table) => sqlite.about(table),
                Wanted::Query(_) => None,
            },
        }
    }

    /// How many rows there are up to a key, that one included.
    pub fn count_until(&mut self, wanted: &Wanted, ordered: &Ordered) -> Result<u64> {
        let columns = self.columns(wanted)?;
        let count = match &mut self.inner {
            Inner::Postgres(postgres) => {
                let count = wanted.count_until(Engine::Postgres, ordered, &columns)?;
                self.runtime.block_on(within(self.patience, postgres.count(&count)))?
            }
            Inner::Mysql(mysql) => {
                let count = wanted.count_until(Engine::Mysql, ordered, &columns)?;
                self.runtime.block_on(within(self.patience, mysql.count(&count)))?
            }
            Inner::Sqlite(sqlite) => sqlite.count(&wanted.count_until(Engine::Sqlite, ordered, &columns)?)?,
        };
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Gives the rows as CSV text with a header, all as of one moment, and the mark from which the next reading goes on.
    ///
    /// # Errors
    /// Where reading or writing ends before the last row.
    pub fn read(&mut self, wanted: &Wanted, asked: Asked<'_>, out: &mut dyn Rows) -> Result<Option<String>> {
        match &mut self.inner {
            // Each answer and each row is waited for on its own: reading them all may take any time.
            Inner::Postgres(postgres) => self.runtime.block_on(postgres.read(wanted, asked, self.patience, out)),
            Inner::Mysql(mysql) => self.runtime.block_on(mysql.read(wanted, asked, self.patience, out)),
            Inner::Sqlite(sqlite) => sqlite.read(wanted, asked, out),
        }
    }
}

/// Waits so long for an answer.
pub(crate) async fn within<T, E>(
    patience: Duration,
    answer: impl Future<Output = std::result::Result<T, E>>,
) -> Result<T>
where
    DatabaseError: From<E>,
{
    let answered = tokio::time::timeout(patience, answer).await;
    Ok(answered.map_err(|_| DatabaseError::Silent { seconds: patience.as_secs() })??)
}

/// Writes one value of a row as CSV text; `is_alone` in its row.
pub(crate) fn write_value(value: &[u8], is_alone: bool, line: &mut Vec<u8>) {
    let is_special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    // A row of one blank value would be a blank line, which is none.
    let is_quoted = value.iter().any(is_special) || (is_alone && value.is_empty());
    if !is_quoted {
        return line.extend_from_slice(value);
    }
    line.push(b'"');
    for byte in value {
        if *byte == b'"' {
            line.push(b'"');
        }
        line.push(*byte);
    }
    line.push(b'"');
}

/// The names of the columns as CSV text.
pub(crate) fn header(columns: &[Column]) -> Vec<u8> {
    let mut line = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            line.push(b',');
        }
        write_value(column.name.as_bytes(), columns.len() == 1, &mut line);
    }
    line.push(b'\n');
    line
}
