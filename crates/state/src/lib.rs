//! What people decide here, and the log of imports, in one SQLite file.
//!
//! One file of code for each aggregate: `imports`, `outbox`, `profiles`, `pushes`, `rubric`, `settings`, `sources`, `audit`.

mod audit;
mod error;
mod imports;
mod outbox;
mod profiles;
mod pushes;
mod rubric;
mod settings;
mod sources;

#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

pub use self::{
    error::{Result, StateError},
    imports::{ImportRow, ImportState, Message},
    outbox::{ChannelRow, OutboxRow, OutboxState},
    pushes::PushRow,
    rubric::{NewRating, RatingRow},
    sources::SourceRow,
};

/// Schema changes, oldest first; `PRAGMA user_version` counts those applied.
const MIGRATIONS: [&str; 8] = [
    include_str!("migrations/0001_imports.sql"),
    include_str!("migrations/0002_messages.sql"),
    include_str!("migrations/0003_sources.sql"),
    include_str!("migrations/0004_pushes.sql"),
    include_str!("migrations/0005_schedule_and_outbox.sql"),
    include_str!("migrations/0006_gone.sql"),
    include_str!("migrations/0007_running_syncs.sql"),
    include_str!("migrations/0008_rubric.sql"),
];

/// How long one process waits for another's write.
const PATIENCE: Duration = Duration::from_secs(30);

/// The state of one home.
pub struct State {
    connection: Mutex<Connection>,
}

impl State {
    /// Opens the file, creating it and bringing it up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is no SQLite file, or was written by a newer Takar.
    pub fn open(path: &Path) -> Result<Self> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// The connection. A panic elsewhere cannot leave it half-changed: SQLite rolls back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let applied = |connection: &Connection| -> Result<usize> {
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok(usize::try_from(version).unwrap_or(usize::MAX))
    };
    if applied(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let done = applied(&transaction)?;
    let missing = MIGRATIONS.get(done..).ok_or(StateError::Newer)?;
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    transaction.commit()?;
    Ok(())
}
