//! PostgreSQL: rows come as the CSV text that the server itself writes (`COPY … TO STDOUT`).

use std::time::Duration;

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection, Executor, PgConnection, Row, SqlSafeStr, Statement,
    TypeInfo, postgres::PgConnectOptions,
};

use crate::{
    Address, Asked, Column, DatabaseError, Engine, Result, Rows, Secret, Table, Wanted, connection::within,
    question::quoted_table,
};

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

    /// The columns of the primary key, in its order.
    pub async fn key(&mut self, table: &str) -> Result<Vec<String>> {
        let names = sqlx::query_scalar(
            "SELECT a.attname::text FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place) \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number \
             WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY k.place",
        );
        Ok(names.bind(quoted_table(table, Engine::Postgres)?).fetch_all(&mut self.connection).await?)
    }

    /// What the planner thinks: `Seq Scan on sales  (cost=0.00..22.70 rows=1270 width=36)`.
    pub async fn about(&mut self, select: &str) -> Result<Option<u64>> {
        let explain = AssertSqlSafe(format!("EXPLAIN {select}"));
        let plan: String = sqlx::query_scalar(explain).fetch_one(&mut self.connection).await?;
        let rows = plan.split_once(" rows=").and_then(|(_, rows)| rows.split(' ').next());
        Ok(rows.and_then(|rows| rows.parse().ok()))
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
        let select = wanted.select_asked(Engine::Postgres, asked, &columns)?;
        let begin = self.connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        let mut snapshot = within(patience, begin).await?;
        let mark = match asked.since {
            Some(since) => {
                let highest = AssertSqlSafe(wanted.highest(Engine::Postgres, since, &columns)?);
                let highest = sqlx::query_scalar::<_, Option<String>>(highest);
                within(patience, highest.fetch_one(&mut *snapshot)).await?
            }
            None => None,
        };
        {
            let copy = format!("COPY ({select}) TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')");
            // Every message is one row: the protocol promises it.
            let mut rows = within(patience, snapshot.copy_out_raw(&copy)).await?;
            let header = within(patience, rows.try_next()).await?.unwrap_or_default();
            out.begin(&header, mark.as_deref()).map_err(DatabaseError::Io)?;
            while let Some(row) = within(patience, rows.try_next()).await? {
                out.row(&row).map_err(DatabaseError::Io)?;
            }
        }
        within(patience, snapshot.rollback()).await?;
        Ok(mark)
    }
}
