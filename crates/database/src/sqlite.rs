//! SQLite: a file, opened for reading only.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use crate::{
    Address, Column, DatabaseError, Engine, Result, Since, Table, Wanted, connection::limited, question::quoted,
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

    pub fn read(
        &mut self,
        wanted: &Wanted,
        since: Option<&Since>,
        limit: Option<u32>,
        out: &mut (dyn Write + Send),
    ) -> Result<Option<String>> {
        let columns = self.columns(wanted)?;
        let select = limited(wanted.select_since(Engine::Sqlite, since, &columns)?, limit);
        let end = Instant::now() + self.timeout;
        self.connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
        let snapshot = self.connection.transaction()?;
        let mark = match since {
            Some(since) => {
                let highest = wanted.highest(Engine::Sqlite, since, &columns)?;
                snapshot.query_row(&highest, [], |row| row.get::<_, Option<String>>(0))?
            }
            None => None,
        };
        let mut text = csv::Writer::from_writer(out);
        text.write_record(columns.iter().map(|column| column.name.as_bytes()))?;
        {
            let mut statement = snapshot.prepare(&select)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                for place in 0..columns.len() {
                    match row.get_ref(place)? {
                        ValueRef::Null => text.write_field("")?,
                        ValueRef::Integer(number) => text.write_field(number.to_string())?,
                        ValueRef::Real(number) => text.write_field(number.to_string())?,
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => text.write_field(bytes)?,
                    }
                }
                text.write_record(None::<&[u8]>)?;
            }
        }
        text.flush().map_err(DatabaseError::Io)?;
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
