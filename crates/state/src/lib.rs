//! What people decide here, and the log of imports, in one SQLite file.
//!
//! One file of code for each aggregate: `imports`, `kpis`, `outbox`, `profiles`, `pushes`, `sessions`, `settings`, `sources`,
//! `targets`, `users`, `weights`, `rubric`, `cycles`, `evaluations`, `actions`, `alerts`, `reports`, `dismissals`, `audit`;
//! `about` reads across them, `words` finds ids in texts.

mod about;
mod actions;
mod alerts;
mod audit;
mod cycles;
mod dismissals;
mod error;
mod evaluations;
mod imports;
mod kpis;
mod outbox;
mod profiles;
mod pushes;
mod reports;
mod rubric;
mod sessions;
mod settings;
mod sources;
mod targets;
mod users;
mod weights;
mod words;

#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

pub use self::{
    about::{Person, RowsAbout},
    actions::{ActionAccount, ActionEvent, ActionPlan, ActionResult, ActionRow, ActionStep},
    alerts::{AlertRow, AlertRuleRow, AlertState, AlertStep, NewAlert},
    audit::{Action, Decision, Look},
    cycles::{CycleRow, EvaluationRow, FrozenFrom, FrozenRow, NewCycle, NewEvaluation},
    dismissals::DismissalRow,
    error::{Result, StateError},
    evaluations::{AssessmentRow, CommentRow, DecisionRow, DisputeRow, NewDispute, Said, Side, SignatureRow, TalkRow},
    imports::{ImportRow, ImportState, Message},
    kpis::KpiRow,
    outbox::{Attachment, ChannelRow, OutboxRow, OutboxState},
    pushes::PushRow,
    reports::ReportRow,
    rubric::{NewRating, RatingRow},
    sessions::{FailedLogins, SessionRow},
    sources::SourceRow,
    targets::{DraftRow, DraftState, WantedTarget},
    users::{Contact, Digest, TokenRow, UserRow},
    weights::WeightsRow,
    words::without_words,
};

/// Schema changes, oldest first; `PRAGMA user_version` counts those applied.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_imports.sql"),
    include_str!("migrations/0002_messages.sql"),
    include_str!("migrations/0003_sources.sql"),
    include_str!("migrations/0004_pushes.sql"),
    include_str!("migrations/0005_schedule_and_outbox.sql"),
    include_str!("migrations/0006_gone.sql"),
    include_str!("migrations/0007_running_syncs.sql"),
    include_str!("migrations/0008_users.sql"),
    include_str!("migrations/0009_kpis.sql"),
    include_str!("migrations/0010_targets.sql"),
    include_str!("migrations/0011_weights.sql"),
    include_str!("migrations/0012_rubric.sql"),
    include_str!("migrations/0013_cycles.sql"),
    include_str!("migrations/0014_decisions.sql"),
    include_str!("migrations/0015_decided_on.sql"),
    include_str!("migrations/0016_actions.sql"),
    include_str!("migrations/0017_alerts.sql"),
    include_str!("migrations/0018_opportunities.sql"),
    include_str!("migrations/0019_targets_of_more.sql"),
    include_str!("migrations/0020_words_in_both_languages.sql"),
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
