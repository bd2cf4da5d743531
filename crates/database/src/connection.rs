//! An open database.

use std::{io::Write, time::Duration};

use serde::Serialize;
use tokio::runtime::Runtime;

use crate::{
    Address, DatabaseError, Engine, Result, Secret, Since, Wanted, mysql::Mysql, postgres::Postgres, sqlite::Sqlite,
};

/// A column of a table or query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

    pub(crate) fn is_text(&self) -> bool {
        let kind = self.kind.to_ascii_lowercase();
        kind.contains("char") || kind.contains("text") || kind.contains("clob")
    }
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

/// What a reading brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Read {
    /// Bytes of CSV text that were written.
    pub bytes: u64,
    /// The mark from which the next reading goes on; `None` without one.
    pub mark: Option<String>,
}

/// Hears the bytes read so far.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// How long a database has to answer a call for a connection.
const PATIENCE: Duration = Duration::from_secs(15);

/// An open database. Its calls wait for the answer: on an async thread, use them from a blocking one.
pub struct Database {
    runtime: Runtime,
    inner: Inner,
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
        Ok(Self { runtime, inner })
    }

    /// Its tables and views with their columns, by name.
    pub fn tables(&mut self) -> Result<Vec<Table>> {
        match &mut self.inner {
            Inner::Postgres(postgres) => self.runtime.block_on(postgres.tables()),
            Inner::Mysql(mysql) => self.runtime.block_on(mysql.tables()),
            Inner::Sqlite(sqlite) => sqlite.tables(),
        }
    }

    /// The columns of what is wanted.
    pub fn columns(&mut self, wanted: &Wanted) -> Result<Vec<Column>> {
        match &mut self.inner {
            Inner::Postgres(postgres) => self.runtime.block_on(postgres.columns(wanted)),
            Inner::Mysql(mysql) => self.runtime.block_on(mysql.columns(wanted)),
            Inner::Sqlite(sqlite) => sqlite.columns(wanted),
        }
    }

    /// Writes the rows as CSV text with a header, all as of one moment, at most `limit` of them.
    ///
    /// # Errors
    /// Where reading or writing ends before the last row; what was written is void then.
    pub fn read(
        &mut self,
        wanted: &Wanted,
        since: Option<&Since>,
        limit: Option<u32>,
        out: &mut (dyn Write + Send),
        progress: Progress<'_>,
    ) -> Result<Read> {
        let mut out = Counted { out, bytes: 0, progress };
        let mark = match &mut self.inner {
            Inner::Postgres(postgres) => self.runtime.block_on(postgres.read(wanted, since, limit, &mut out))?,
            Inner::Mysql(mysql) => self.runtime.block_on(mysql.read(wanted, since, limit, &mut out))?,
            Inner::Sqlite(sqlite) => sqlite.read(wanted, since, limit, &mut out)?,
        };
        out.flush().map_err(DatabaseError::Io)?;
        Ok(Read { bytes: out.bytes, mark })
    }
}

/// A writer that counts and tells.
struct Counted<'a> {
    out: &'a mut (dyn Write + Send),
    bytes: u64,
    progress: Progress<'a>,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        let before = self.bytes;
        self.bytes += written as u64;
        // Not at every row.
        if before >> 20 != self.bytes >> 20 {
            (self.progress)(self.bytes);
        }
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// With the limit, where there is one.
pub(crate) fn limited(select: String, limit: Option<u32>) -> String {
    match limit {
        Some(limit) => format!("SELECT * FROM ({select}) AS sample LIMIT {limit}"),
        None => select,
    }
}
