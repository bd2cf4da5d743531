//! Opportunities that somebody does not want to be told of.

use rusqlite::{OptionalExtension, params};
use takar_model::UserId;

use crate::{Message, Result, State, audit::list_of};

/// A dismissal as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct DismissalRow {
    /// The opportunity's key.
    pub key: String,
    /// Its kind.
    pub kind: String,
    /// Whose account it was about.
    pub manager: Option<String>,
    /// Why, in a word that does not change.
    pub reason: String,
    /// Why, in words.
    pub note: Option<String>,
    /// What was at stake then.
    pub amount: f64,
    /// The situation then.
    pub mark: String,
    /// The last day of the data then.
    pub day: String,
    /// When, UTC.
    pub at: String,
    /// Who.
    pub by: String,
}

impl State {
    /// Keeps a dismissal in the place of an earlier one of the same key, and notes who decided it about whom, on which data.
    pub fn add_dismissal(
        &self,
        (row, detail): (&DismissalRow, &Message),
        who: Option<(UserId, &str)>,
        data: &str,
    ) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute(
            "UPDATE dismissals SET restored_at = ?2, restored_by = ?3 WHERE key = ?1 AND restored_at IS NULL",
            params![row.key, row.at, row.by],
        )?;
        transaction.execute(
            "INSERT INTO dismissals (key, kind, manager, reason, note, amount, mark, day, at, by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                row.key,
                row.kind,
                row.manager,
                row.reason,
                row.note,
                row.amount,
                row.mark,
                row.day,
                row.at,
                row.by
            ],
        )?;
        note(&transaction, (&row.at, who), ("dismiss opportunity", detail), row.manager.as_deref(), data)?;
        transaction.commit()?;
        Ok(())
    }

    /// Takes back what was dismissed; false where nothing of that key is.
    pub fn restore_dismissal(
        &self,
        key: &str,
        (at, by): (&str, &str),
        who: Option<(UserId, &str)>,
        data: &str,
    ) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let manager: Option<Option<String>> = transaction
            .query_row("SELECT manager FROM dismissals WHERE key = ?1 AND restored_at IS NULL", [key], |row| row.get(0))
            .optional()?;
        let Some(manager) = manager else { return Ok(false) };
        transaction.execute(
            "UPDATE dismissals SET restored_at = ?2, restored_by = ?3 WHERE key = ?1 AND restored_at IS NULL",
            params![key, at, by],
        )?;
        note(&transaction, (at, who), ("restore opportunity", &Message::same(key)), manager.as_deref(), data)?;
        transaction.commit()?;
        Ok(true)
    }

    /// What is dismissed now, in the order of keys.
    pub fn dismissals(&self) -> Result<Vec<DismissalRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT key, kind, manager, reason, note, amount, mark, day, at, by FROM dismissals
             WHERE restored_at IS NULL ORDER BY key",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(DismissalRow {
                key: row.get(0)?,
                kind: row.get(1)?,
                manager: row.get(2)?,
                reason: row.get(3)?,
                note: row.get(4)?,
                amount: row.get(5)?,
                mark: row.get(6)?,
                day: row.get(7)?,
                at: row.get(8)?,
                by: row.get(9)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn note(
    transaction: &rusqlite::Transaction<'_>,
    (at, who): (&str, Option<(UserId, &str)>),
    (action, detail): (&str, &Message),
    manager: Option<&str>,
    data: &str,
) -> Result<()> {
    let about: Vec<&str> = manager.into_iter().collect();
    transaction.execute(
        &format!(
            "INSERT INTO audit (at, user, who, action, detail, detail_id, about, data, import) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ({}))",
            crate::imports::LAST
        ),
        params![
            at,
            who.map(|(user, _)| user.0),
            who.map(|(_, login)| login),
            action,
            detail.en,
            detail.id,
            list_of(&about),
            data
        ],
    )?;
    Ok(())
}
