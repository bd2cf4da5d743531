//! SQLite: a file, opened for reading only.

use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use crate::{
    Address, Asked, Column, DatabaseError, Engine, Result, Rows, Table, Wanted,
    connection::{header, write_value},
    question::{quoted, quoted_table},
};

pub(crate) struct Sqlite {
    connection: Connection,
    timeout: Duration,
}

/// Steps of the engine between two looks at the clock.
const STEPS: i32 = 10_000;

impl Sqlite {
    pub fn open(address: &Address, timeout: Duration) -> Result<Self> {
        let file = address.file();
        if !file.is_file() {
            return Err(DatabaseError::NoFile { file: file.display().to_string() });
        }
        let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(Self { connection, timeout })
    }

    pub fn tables(&self) -> Result<Vec<Table>> {
        let mut statement = self.connection.prepare(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             ORDER BY name",
        )?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        let table = |name: String| -> Result<Table> {
            let mut statement =
                self.connection.prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(&name, Engine::Sqlite)))?;
            Ok(Table { columns: columns_of(&mut statement), name, rows: None })
        };
        names.into_iter().map(table).collect()
    }

    pub fn columns(&self, wanted: &Wanted) -> Result<Vec<Column>> {
        // A second statement in the text is an error of `prepare`.
        Ok(columns_of(&mut self.connection.prepare(&wanted.select(Engine::Sqlite)?)?))
    }

    /// The column that is the number of the row, where there is one: other keys may hold values of any kind, and none.
    pub fn key(&self, table: &str) -> Result<Vec<String>> {
        let mut statement =
            self.connection.prepare("SELECT name, pk, upper(type) FROM pragma_table_info(?1) WHERE pk > 0")?;
        let key = statement.query_map([table.trim()], |row| Ok((row.get(0)?, row.get::<_, String>(2)?)))?;
        let key: Vec<(String, String)> = key.collect::<rusqlite::Result<_>>()?;
        Ok(match key.as_slice() {
            [(name, kind)] if kind == "INTEGER" => vec![name.clone()],
            _ => Vec::new(),
        })
    }

    /// The highest number of a row: as many as there are, but for those deleted.
    pub fn about(&self, table: &str) -> Option<u64> {
        let highest = format!("SELECT max(rowid) FROM {}", quoted_table(table, Engine::Sqlite).ok()?);
        let rows: Option<i64> = self.connection.query_row(&highest, [], |row| row.get(0)).ok()?;
        rows.and_then(|rows| u64::try_from(rows).ok())
    }

    pub fn count(&self, count: &str) -> Result<i64> {
        Ok(self.connection.query_row(count, [], |row| row.get(0))?)
    }

    pub fn read(&mut self, wanted: &Wanted, asked: Asked<'_>, out: &mut dyn Rows) -> Result<Option<String>> {
        let columns = self.columns(wanted)?;
        let select = wanted.select_asked(Engine::Sqlite, asked, &columns)?;
        let end = Instant::now() + self.timeout;
        self.connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
        let snapshot = self.connection.transaction()?;
        let mark = match asked.since {
            Some(since) => {
                let highest = wanted.highest(Engine::Sqlite, since, &columns)?;
                snapshot.query_row(&highest, [], |row| row.get::<_, Option<String>>(0))?
            }
            None => None,
        };
        out.begin(&header(&columns), mark.as_deref()).map_err(DatabaseError::Io)?;
        let mut statement = snapshot.prepare(&select)?;
        let mut rows = statement.query([])?;
        let (mut line, is_alone) = (Vec::new(), columns.len() == 1);
        while let Some(row) = rows.next()? {
            line.clear();
            for place in 0..columns.len() {
                if place > 0 {
                    line.push(b',');
                }
                match row.get_ref(place)? {
                    ValueRef::Null => write_value(b"", is_alone, &mut line),
                    ValueRef::Integer(number) => write_value(number.to_string().as_bytes(), is_alone, &mut line),
                    ValueRef::Real(number) => write_value(number.to_string().as_bytes(), is_alone, &mut line),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => write_value(bytes, is_alone, &mut line),
                }
            }
            line.push(b'\n');
            out.row(&line).map_err(DatabaseError::Io)?;
        }
        Ok(mark)
    }
}

fn columns_of(statement: &mut rusqlite::Statement<'_>) -> Vec<Column> {
    let column = |column: &rusqlite::Column| Column {
        name: column.name().to_owned(),
        kind: column.decl_type().unwrap_or_default().to_ascii_lowercase(),
    };
    statement.columns().map(|each| column(&each)).collect()
}
