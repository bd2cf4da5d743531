//! Profiles: how the files of a source are read, kept under a name.

use rusqlite::OptionalExtension;

use crate::{Result, State};

impl State {
    /// Keeps a profile (JSON) under a name, in place of an earlier one.
    pub fn save_profile(&self, name: &str, content: &str) -> Result<()> {
        self.connection()
            .execute("INSERT OR REPLACE INTO profiles (name, content) VALUES (?1, ?2)", [name, content])?;
        Ok(())
    }

    /// The profile of that name (JSON).
    pub fn profile(&self, name: &str) -> Result<Option<String>> {
        let connection = self.connection();
        Ok(connection.query_row("SELECT content FROM profiles WHERE name = ?1", [name], |row| row.get(0)).optional()?)
    }

    /// The names of all profiles.
    pub fn profile_names(&self) -> Result<Vec<String>> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT name FROM profiles ORDER BY name")?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(names)
    }
}
