//! Settings of a home, by key.

use rusqlite::OptionalExtension;

use crate::{Result, State};

impl State {
    /// The value of a setting.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        let connection = self.connection();
        Ok(connection.query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| row.get(0)).optional()?)
    }

    /// Sets a setting.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.connection().execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)", [key, value])?;
        Ok(())
    }
}
