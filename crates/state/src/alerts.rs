//! Rules that raise alerts, the alerts that were raised, and what was done about them.

use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;

use crate::{Message, Result, State};

/// A rule as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertRuleRow {
    /// Its number.
    pub id: i64,
    /// What it says (JSON).
    #[serde(skip)]
    pub rule: String,
    /// Who made it.
    pub made_by: String,
    /// When, UTC.
    pub made_at: String,
    /// When it was taken away, UTC.
    pub gone_at: Option<String>,
    /// When it was last looked at, UTC.
    pub checked: Option<String>,
    /// Why that failed.
    #[serde(skip)]
    pub error: Option<Message>,
}

/// How far an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// Nobody has looked at it.
    Open,
    /// Somebody has.
    Acknowledged,
    /// It rests until a day.
    Snoozed,
    /// An action came of it.
    Action,
    /// It went by itself.
    Passed,
    /// Somebody closed it.
    Closed,
}

impl AlertState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Acknowledged, Self::Snoozed, Self::Action, Self::Passed, Self::Closed];

    /// Its name in the table, in commands and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Snoozed => "snoozed",
            Self::Action => "action",
            Self::Passed => "passed",
            Self::Closed => "closed",
        }
    }

    /// The state of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Nothing is awaited of anybody any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Passed | Self::Closed)
    }
}

/// An alert as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertRow {
    /// Its number.
    pub id: i64,
    /// The rule that raised it.
    pub rule: i64,
    /// Of what the figures are: `company`, `manager` …
    pub scope: String,
    /// The member's id; empty for the company.
    pub member: String,
    /// The month in which it began.
    pub since: String,
    /// When it was raised, UTC.
    pub raised_at: String,
    /// How far it is.
    pub state: AlertState,
    /// It rests until this day.
    pub until: Option<String>,
    /// The action that came of it.
    pub action: Option<String>,
    /// The situation still lasts.
    pub lasts: bool,
    /// When it last changed, UTC.
    pub changed: String,
    /// What is told of it (JSON).
    #[serde(skip)]
    pub told: String,
}

/// What was done about an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertStep {
    /// When, UTC.
    pub at: String,
    /// By whom; nobody where it came by itself.
    pub by: Option<String>,
    /// What it was from then on.
    pub state: String,
    /// Why, or what about.
    pub note: Option<String>,
}

/// A situation to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// The rule.
    pub rule: i64,
    /// Of what the figures are.
    pub scope: String,
    /// The member's id; empty for the company.
    pub member: String,
    /// The month in which it began.
    pub since: String,
    /// What is told of it (JSON).
    pub told: String,
}

const RULE: &str = "SELECT id, rule, made_by, made_at, gone_at, checked, error_id, error_en FROM alert_rules";
const ALERT: &str =
    "SELECT id, rule, scope, member, since, raised_at, state, until, action, lasts, changed, told FROM alerts";

fn rule_of(row: &Row<'_>) -> rusqlite::Result<AlertRuleRow> {
    let error = row.get::<_, Option<String>>(6)?.zip(row.get::<_, Option<String>>(7)?);
    Ok(AlertRuleRow {
        id: row.get(0)?,
        rule: row.get(1)?,
        made_by: row.get(2)?,
        made_at: row.get(3)?,
        gone_at: row.get(4)?,
        checked: row.get(5)?,
        error: error.map(|(id, en)| Message { id, en }),
    })
}

fn alert_of(row: &Row<'_>) -> rusqlite::Result<AlertRow> {
    Ok(AlertRow {
        id: row.get(0)?,
        rule: row.get(1)?,
        scope: row.get(2)?,
        member: row.get(3)?,
        since: row.get(4)?,
        raised_at: row.get(5)?,
        state: AlertState::of(&row.get::<_, String>(6)?).unwrap_or(AlertState::Open),
        until: row.get(7)?,
        action: row.get(8)?,
        lasts: row.get(9)?,
        changed: row.get(10)?,
        told: row.get(11)?,
    })
}

/// Closes the alerts that became an action which is over.
pub(crate) fn close_alerts_of(
    transaction: &rusqlite::Transaction<'_>,
    action: i64,
    said: &crate::Said,
    note: &str,
) -> Result<()> {
    let of = action.to_string();
    transaction.execute(
        "INSERT INTO alert_steps (alert, at, by, state, note) \
         SELECT id, ?2, ?3, 'closed', ?4 FROM alerts WHERE state = 'action' AND action = ?1",
        params![of, said.at, said.by, note],
    )?;
    transaction.execute(
        "UPDATE alerts SET state = 'closed', changed = ?2 WHERE state = 'action' AND action = ?1",
        [&of, &said.at],
    )?;
    Ok(())
}

impl State {
    /// Keeps a rule; its number.
    pub fn add_alert_rule(&self, rule: &str, by: &str, at: &str) -> Result<i64> {
        let connection = self.connection();
        connection.execute("INSERT INTO alert_rules (rule, made_by, made_at) VALUES (?1, ?2, ?3)", [rule, by, at])?;
        Ok(connection.last_insert_rowid())
    }

    /// The rules that hold, oldest first; with those that are gone too where they are asked for.
    pub fn alert_rules(&self, with_gone: bool) -> Result<Vec<AlertRuleRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{RULE} WHERE ?1 OR gone_at IS NULL ORDER BY id"))?;
        let rows = statement.query_map([with_gone], rule_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Takes a rule away: what it raised and is not over is closed with it. False where there is none.
    pub fn remove_alert_rule(&self, id: i64, by: &str, at: &str, why: &str) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let gone = transaction.execute(
            "UPDATE alert_rules SET gone_at = ?2, gone_by = ?3 WHERE id = ?1 AND gone_at IS NULL",
            params![id, at, by],
        )?;
        if gone > 0 {
            transaction.execute(
                "INSERT INTO alert_steps (alert, at, by, state, note) \
                 SELECT id, ?2, ?3, 'closed', ?4 FROM alerts WHERE rule = ?1 AND state NOT IN ('passed', 'closed')",
                params![id, at, by, why],
            )?;
            transaction.execute(
                "UPDATE alerts SET state = 'closed', changed = ?2 WHERE rule = ?1 AND state NOT IN ('passed', 'closed')",
                params![id, at],
            )?;
            transaction.execute("UPDATE alerts SET lasts = 0 WHERE rule = ?1", [id])?;
        }
        transaction.commit()?;
        Ok(gone > 0)
    }

    /// Notes that a rule was looked at, and why that failed.
    pub fn note_alert_check(&self, id: i64, at: &str, error: Option<&Message>) -> Result<()> {
        self.connection().execute(
            "UPDATE alert_rules SET checked = ?2, error_id = ?3, error_en = ?4 WHERE id = ?1",
            params![id, at, error.map(|error| &error.id), error.map(|error| &error.en)],
        )?;
        Ok(())
    }

    /// All alerts, newest first.
    pub fn alerts(&self) -> Result<Vec<AlertRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{ALERT} ORDER BY id DESC"))?;
        let rows = statement.query_map([], alert_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// The alert of that number.
    pub fn alert(&self, id: i64) -> Result<Option<AlertRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALERT} WHERE id = ?1"), [id], alert_of).optional()?)
    }

    /// Raises a situation, unless that rule and member have one that lasts: then what is told of it is kept anew. The number of the
    /// alert where it is new.
    pub fn raise_alert(&self, new: &NewAlert, at: &str) -> Result<Option<i64>> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = transaction.execute(
            "UPDATE alerts SET told = ?3 WHERE rule = ?1 AND member = ?2 AND lasts = 1",
            params![new.rule, new.member, new.told],
        )?;
        if known > 0 {
            transaction.commit()?;
            return Ok(None);
        }
        transaction.execute(
            "INSERT INTO alerts (rule, scope, member, since, raised_at, state, lasts, changed, told) \
             VALUES (?1, ?2, ?3, ?4, ?5, 'open', 1, ?5, ?6)",
            params![new.rule, new.scope, new.member, new.since, at, new.told],
        )?;
        let id = transaction.last_insert_rowid();
        transaction.execute("INSERT INTO alert_steps (alert, at, state) VALUES (?1, ?2, 'open')", params![id, at])?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Notes that a situation is over; an alert that nobody closed passes by itself. True where it did so now.
    pub fn pass_alert(&self, id: i64, at: &str, note: &str) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("UPDATE alerts SET lasts = 0 WHERE id = ?1", [id])?;
        // What became an action goes on there.
        let passed = transaction.execute(
            "UPDATE alerts SET state = 'passed', changed = ?2, until = NULL \
             WHERE id = ?1 AND state IN ('open', 'acknowledged', 'snoozed')",
            params![id, at],
        )?;
        if passed > 0 {
            transaction.execute(
                "INSERT INTO alert_steps (alert, at, state, note) VALUES (?1, ?2, 'passed', ?3)",
                params![id, at, note],
            )?;
        }
        transaction.commit()?;
        Ok(passed > 0)
    }

    /// Moves an alert that is not over to another state. False where it is over, or there is none.
    pub fn move_alert(&self, row: &AlertRow, step: &AlertStep) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let moved = transaction.execute(
            "UPDATE alerts SET state = ?2, until = ?3, action = ?4, changed = ?5 \
             WHERE id = ?1 AND state NOT IN ('passed', 'closed')",
            params![row.id, row.state.name(), row.until, row.action, step.at],
        )?;
        if moved > 0 {
            transaction.execute(
                "INSERT INTO alert_steps (alert, at, by, state, note) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![row.id, step.at, step.by, step.state, step.note],
            )?;
        }
        transaction.commit()?;
        Ok(moved > 0)
    }

    /// Opens again what was to rest until a day that has come.
    pub fn wake_alerts(&self, today: &str, at: &str) -> Result<u32> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO alert_steps (alert, at, state) SELECT id, ?2, 'open' FROM alerts WHERE state = 'snoozed' AND until <= ?1",
            params![today, at],
        )?;
        let woken = transaction.execute(
            "UPDATE alerts SET state = 'open', until = NULL, changed = ?2 WHERE state = 'snoozed' AND until <= ?1",
            params![today, at],
        )?;
        transaction.commit()?;
        Ok(u32::try_from(woken).unwrap_or(u32::MAX))
    }

    /// Alerts that the ways out have not been told of: those raised, and those over since they were; oldest first.
    pub fn untold_alerts(&self) -> Result<Vec<AlertRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!(
            "{ALERT} WHERE (noticed = 0 AND state NOT IN ('passed', 'closed')) OR (noticed = 1 AND state = 'passed') ORDER BY id"
        ))?;
        let rows = statement.query_map([], alert_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Notes that the ways out were told of alerts, as they are now.
    pub fn alerts_told(&self, ids: &[i64]) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for id in ids {
            transaction.execute(
                "UPDATE alerts SET noticed = CASE WHEN state IN ('passed', 'closed') THEN 2 ELSE 1 END WHERE id = ?1",
                [id],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// What was done about an alert, oldest first.
    pub fn alert_steps(&self, alert: i64) -> Result<Vec<AlertStep>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT at, by, state, note FROM alert_steps WHERE alert = ?1 ORDER BY id")?;
        let step =
            |row: &Row<'_>| Ok(AlertStep { at: row.get(0)?, by: row.get(1)?, state: row.get(2)?, note: row.get(3)? });
        let rows = statement.query_map([alert], step)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }
}
