//! Who did what, when; only ever added to.

use crate::{Result, State};

impl State {
    /// Notes an action and what it touched.
    pub fn note_action(&self, at: &str, action: &str, detail: &str) -> Result<()> {
        self.connection()
            .execute("INSERT INTO audit (at, action, detail) VALUES (?1, ?2, ?3)", [at, action, detail])?;
        Ok(())
    }

    /// The last actions, newest first: when, what, on what.
    pub fn actions(&self, limit: u32) -> Result<Vec<(String, String, String)>> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT at, action, detail FROM audit ORDER BY id DESC LIMIT ?1")?;
        let rows = statement
            .query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }
}
