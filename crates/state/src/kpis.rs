//! Own KPIs: every version of every definition, and the industry pack in use.

use rusqlite::{OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use crate::{Result, State};

/// A version of an own KPI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KpiRow {
    /// The KPI.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
    /// When it was saved, UTC.
    pub at: String,
    /// The definition (JSON); none where it was removed.
    pub definition: Option<String>,
}

impl State {
    /// Keeps definitions as the next versions of their KPIs, all or none; those that say what the last version says already
    /// are passed over. Gives the versions that count now.
    pub fn save_kpis(&self, at: &str, definitions: &[(&str, &str)]) -> Result<Vec<u32>> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut versions = Vec::with_capacity(definitions.len());
        for (id, definition) in definitions {
            let last: Option<(u32, Option<String>)> = transaction
                .query_row(
                    "SELECT version, definition FROM kpis WHERE id = ?1 ORDER BY version DESC LIMIT 1",
                    [id],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let version = match last {
                Some((version, Some(same))) if same == *definition => version,
                Some((version, _)) => insert(&transaction, (id, version + 1), at, Some(definition))?,
                None => insert(&transaction, (id, 1), at, Some(definition))?,
            };
            versions.push(version);
        }
        transaction.commit()?;
        Ok(versions)
    }

    /// Notes that a KPI is no longer used; its versions stay. False where there is none.
    pub fn remove_kpi(&self, at: &str, id: &str) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last: Option<(u32, bool)> = transaction
            .query_row(
                "SELECT version, definition IS NOT NULL FROM kpis WHERE id = ?1 ORDER BY version DESC LIMIT 1",
                [id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((version, true)) = last else { return Ok(false) };
        insert(&transaction, (id, version + 1), at, None)?;
        transaction.commit()?;
        Ok(true)
    }

    /// The versions that count now, by id; removed KPIs are not among them.
    pub fn kpis(&self) -> Result<Vec<KpiRow>> {
        self.kpi_rows(
            "SELECT id, version, at, definition FROM kpis k WHERE definition IS NOT NULL
             AND version = (SELECT max(version) FROM kpis WHERE id = k.id) ORDER BY id",
            [],
        )
    }

    /// Every version of one KPI, the last first.
    pub fn kpi_versions(&self, id: &str) -> Result<Vec<KpiRow>> {
        self.kpi_rows("SELECT id, version, at, definition FROM kpis WHERE id = ?1 ORDER BY version DESC", [id])
    }

    fn kpi_rows(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<KpiRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map(parameters, |row| {
            Ok(KpiRow { id: row.get(0)?, version: row.get(1)?, at: row.get(2)?, definition: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Remembers that an industry pack was taken into use.
    pub fn use_pack(&self, at: &str, pack: &str, version: u32) -> Result<()> {
        self.connection()
            .execute("INSERT INTO packs (pack, version, at) VALUES (?1, ?2, ?3)", params![pack, version, at])?;
        Ok(())
    }

    /// The industry pack in use: its name, its version, since when.
    pub fn pack_in_use(&self) -> Result<Option<(String, u32, String)>> {
        let connection = self.connection();
        let row = connection
            .query_row("SELECT pack, version, at FROM packs ORDER BY number DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        Ok(row)
    }
}

fn insert(
    transaction: &rusqlite::Transaction<'_>,
    (id, version): (&str, u32),
    at: &str,
    definition: Option<&str>,
) -> Result<u32> {
    transaction.execute(
        "INSERT INTO kpis (id, version, at, definition) VALUES (?1, ?2, ?3, ?4)",
        params![id, version, at, definition],
    )?;
    Ok(version)
}
