//! How much each KPI counts in the scorecards, version by version.

use rusqlite::params;
use serde::Serialize;

use crate::{Result, State};

/// A version of the weights as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeightsRow {
    /// Its version, from 1.
    pub version: u32,
    /// When they were set, UTC.
    pub at: String,
    /// Who set them.
    pub by: String,
    /// The weights (JSON).
    pub weights: String,
}

impl State {
    /// Keeps weights as the next version, and gives its number.
    pub fn add_weights(&self, at: &str, by: &str, weights: &str) -> Result<u32> {
        let connection = self.connection();
        let version = connection.query_row(
            "INSERT INTO weights (version, at, by, weights) \
             VALUES ((SELECT coalesce(max(version), 0) + 1 FROM weights), ?1, ?2, ?3) RETURNING version",
            params![at, by, weights],
            |row| row.get(0),
        )?;
        Ok(version)
    }

    /// Every version, the last first.
    pub fn weights(&self) -> Result<Vec<WeightsRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT version, at, by, weights FROM weights ORDER BY version DESC")?;
        let rows = statement
            .query_map([], |row| {
                Ok(WeightsRow { version: row.get(0)?, at: row.get(1)?, by: row.get(2)?, weights: row.get(3)? })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }
}
