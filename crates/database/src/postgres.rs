//! PostgreSQL: rows come as the CSV text that the server itself writes (`COPY … TO STDOUT`).

use std::{io::Write, time::Duration};

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection, Executor, PgConnection, Row, SqlSafeStr, Statement,
    TypeInfo, postgres::PgConnectOptions,
};

use crate::{Address, Column, DatabaseError, Engine, Result, Secret, Since, Table, Wanted, connection::limited};

pub(crate) struct Postgres {
    connection: PgConnection,
}

impl Postgres {
    pub async fn open(address: &Address, password: Option<&Secret>, timeout: Duration) -> Result<Self> {
        let mut options = PgConnectOptions::from_url(&address.url()?)?.application_name("takar");
        if let Some(password) = password {
            options = options.password(password.text());
        }
        let mut connection = options.connect().await?;
        let settings = format!(
            "SET default_transaction_read_only = on; SET statement_timeout = {}; SET datestyle = 'ISO, YMD'; \
             SET standard_conforming_strings = on",
            timeout.as_millis().min(i32::MAX as u128)
        );
        connection.execute(AssertSqlSafe(settings)).await?;
        Ok(Self { connection })
    }

    pub async fn tables(&mut self) -> Result<Vec<Table>> {
        let rows = sqlx::query(
            "SELECT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END::text, \
                    CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::bigint END, \
                    a.attname::text, format_type(a.atttypid, a.atttypmod)::text \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' \
               AND n.nspname <> 'information_schema' AND has_table_privilege(c.oid, 'SELECT') \
             ORDER BY 1, a.attnum",
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
        let select = wanted.select(Engine::Postgres)?;
        let statement = self.connection.prepare(AssertSqlSafe(select).into_sql_str()).await?;
        let column = |column: &sqlx::postgres::PgColumn| Column {
            name: column.name().to_owned(),
            kind: column.type_info().name().to_ascii_lowercase(),
        };
        Ok(statement.columns().iter().map(column).collect())
    }

    pub async fn read(
        &mut self,
        wanted: &Wanted,
        since: Option<&Since>,
        limit: Option<u32>,
        out: &mut (dyn Write + Send),
    ) -> Result<Option<String>> {
        let columns = self.columns(wanted).await?;
        let select = limited(wanted.select_since(Engine::Postgres, since, &columns)?, limit);
        let mut snapshot = self.connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let mark = match since {
            Some(since) => {
                let highest = AssertSqlSafe(wanted.highest(Engine::Postgres, since, &columns)?);
                sqlx::query_scalar::<_, Option<String>>(highest).fetch_one(&mut *snapshot).await?
            }
            None => None,
        };
        {
            let copy = format!("COPY ({select}) TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')");
            let mut rows = snapshot.copy_out_raw(&copy).await?;
            while let Some(bytes) = rows.try_next().await? {
                out.write_all(&bytes).map_err(DatabaseError::Io)?;
            }
        }
        snapshot.rollback().await?;
        Ok(mark)
    }
}
