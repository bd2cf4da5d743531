//! What programs pushed, by the key they gave.

use rusqlite::OptionalExtension;

use crate::{Result, State};

/// A push that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRow {
    /// A hash of what was pushed.
    pub digest: String,
    /// The answer (JSON).
    pub answer: String,
}

impl State {
    /// The push of that key.
    pub fn push(&self, key: &str) -> Result<Option<PushRow>> {
        let connection = self.connection();
        let row = connection.query_row("SELECT digest, answer FROM pushes WHERE key = ?1", [key], |row| {
            Ok(PushRow { digest: row.get(0)?, answer: row.get(1)? })
        });
        Ok(row.optional()?)
    }

    /// Keeps the answers to pushes, and forgets those from before `oldest`.
    pub fn note_pushes<'a>(
        &self,
        at: &str,
        oldest: &str,
        pushes: impl Iterator<Item = (&'a str, PushRow)>,
    ) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        for (key, push) in pushes {
            transaction.execute(
                "INSERT OR REPLACE INTO pushes (key, at, digest, answer) VALUES (?1, ?2, ?3, ?4)",
                [key, at, &push.digest, &push.answer],
            )?;
        }
        transaction.execute("DELETE FROM pushes WHERE at < ?1", [oldest])?;
        Ok(transaction.commit()?)
    }
}
