//! MySQL and MariaDB: rows come as the text that the server writes, one value after the other.

use std::time::Duration;

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection, Decode, Executor, MySql, MySqlConnection, Row, SqlSafeStr,
    Statement, TypeInfo, ValueRef,
    mysql::{MySqlConnectOptions, MySqlRow},
};

use crate::{
    Address, Asked, Column, DatabaseError, Engine, Result, Rows, Secret, Table, Wanted,
    connection::{header, within, write_value},
};

pub(crate) struct Mysql {
    connection: MySqlConnection,
}

impl Mysql {
    pub async fn open(address: &Address, password: Option<&Secret>, timeout: Duration) -> Result<Self> {
        let mut options = MySqlConnectOptions::from_url(&address.url()?)?.timezone(None);
        if let Some(password) = password {
            options = options.password(password.text());
        }
        let mut connection = options.connect().await?;
        let version: String = sqlx::query_scalar("SELECT version()").fetch_one(&mut connection).await?;
        let limit = if version.contains("MariaDB") {
            format!("SET SESSION max_statement_time = {}", timeout.as_secs())
        } else {
            format!("SET SESSION max_execution_time = {}", timeout.as_millis())
        };
        connection.execute(AssertSqlSafe(limit)).await?;
        connection.execute("SET SESSION TRANSACTION READ ONLY").await?;
        connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
        Ok(Self { connection })
    }

    pub async fn tables(&mut self) -> Result<Vec<Table>> {
        let rows = sqlx::query(
            "SELECT CAST(t.table_name AS CHAR), CAST(t.table_rows AS SIGNED), CAST(c.column_name AS CHAR), \
                    CAST(c.column_type AS CHAR) \
             FROM information_schema.tables t JOIN information_schema.columns c \
               ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
             WHERE t.table_schema = DATABASE() ORDER BY t.table_name, c.ordinal_position",
        )
        .fetch_all(&mut self.connection)
        .await?;
        let mut tables: Vec<Table> = Vec::new();
        for row in rows {
            let name: String = row.try_get(0)?;
            if tables.last().is_none_or(|table| table.name != name) {
                let rows = row.try_get::<Option<i64>, _>(1)?.and_then(|rows| u64::try_from(rows).ok());
                tables.push(Table { name, rows, columns: Vec::new() });
            }
            let column = Column { name: row.try_get(2)?, kind: row.try_get(3)? };
            tables.last_mut().into_iter().for_each(|table| table.columns.push(column.clone()));
        }
        Ok(tables)
    }

    /// Asks the server to prepare the question: that it is one statement, and its columns.
    pub async fn columns(&mut self, wanted: &Wanted) -> Result<Vec<Column>> {
        let select = wanted.select(Engine::Mysql)?;
        let statement = self.connection.prepare(AssertSqlSafe(select).into_sql_str()).await?;
        let column = |column: &sqlx::mysql::MySqlColumn| Column {
            name: column.name().to_owned(),
            kind: column.type_info().name().to_ascii_lowercase(),
        };
        Ok(statement.columns().iter().map(column).collect())
    }

    /// The columns of the primary key, in its order.
    pub async fn key(&mut self, table: &str) -> Result<Vec<String>> {
        let (schema, table) = parts(table);
        let names = sqlx::query_scalar(
            "SELECT CAST(column_name AS CHAR) FROM information_schema.key_column_usage WHERE constraint_name = 'PRIMARY' \
             AND table_schema = coalesce(?, DATABASE()) AND table_name = ? ORDER BY ordinal_position",
        );
        Ok(names.bind(schema).bind(table).fetch_all(&mut self.connection).await?)
    }

    pub async fn about(&mut self, table: &str) -> Result<Option<u64>> {
        let (schema, table) = parts(table);
        let rows: Option<i64> = sqlx::query_scalar(
            "SELECT CAST(table_rows AS SIGNED) FROM information_schema.tables \
             WHERE table_schema = coalesce(?, DATABASE()) AND table_name = ?",
        )
        .bind(schema)
        .bind(table)
        .fetch_optional(&mut self.connection)
        .await?
        .flatten();
        Ok(rows.and_then(|rows| u64::try_from(rows).ok()))
    }

    pub async fn count(&mut self, count: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(AssertSqlSafe(count.to_owned())).fetch_one(&mut self.connection).await?)
    }

    /// Waits for each answer of the server, and for each row, as long as `patience` says.
    pub async fn read(
        &mut self,
        wanted: &Wanted,
        asked: Asked<'_>,
        patience: Duration,
        out: &mut dyn Rows,
    ) -> Result<Option<String>> {
        let columns = within(patience, self.columns(wanted)).await?;
        let select = wanted.select_asked(Engine::Mysql, asked, &columns)?;
        let begin = self.connection.begin_with("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        let mut snapshot = within(patience, begin).await?;
        let mark = match asked.since {
            Some(since) => {
                let highest = AssertSqlSafe(wanted.highest(Engine::Mysql, since, &columns)?);
                let highest = sqlx::query_scalar::<_, Option<String>>(highest);
                within(patience, highest.fetch_one(&mut *snapshot)).await?
            }
            None => None,
        };
        out.begin(&header(&columns), mark.as_deref()).map_err(DatabaseError::Io)?;
        {
            // Text as it is written by the server, not the binary form of prepared statements: decimals and dates of every kind.
            let mut rows = sqlx::raw_sql(AssertSqlSafe(select)).fetch(&mut *snapshot);
            let mut line = Vec::new();
            while let Some(row) = within(patience, rows.try_next()).await? {
                line.clear();
                for place in 0..columns.len() {
                    if place > 0 {
                        line.push(b',');
                    }
                    write_value(value(&row, place)?, columns.len() == 1, &mut line);
                }
                line.push(b'\n');
                out.row(&line).map_err(DatabaseError::Io)?;
            }
        }
        within(patience, snapshot.rollback()).await?;
        Ok(mark)
    }
}

/// The schema before the dot, where there is one, and the table.
fn parts(table: &str) -> (Option<&str>, &str) {
    table.trim().split_once('.').map_or((None, table.trim()), |(schema, table)| (Some(schema), table))
}

fn value(row: &MySqlRow, place: usize) -> Result<&[u8]> {
    let value = row.try_get_raw(place)?;
    if value.is_null() {
        return Ok(b"");
    }
    <&[u8] as Decode<MySql>>::decode(value).map_err(|source| DatabaseError::Other(sqlx::Error::Decode(source)))
}
