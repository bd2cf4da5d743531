//! Actions of improvement: what is planned, with whom, what became of it. History and results are only ever added to.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use crate::{Result, Said, State};

/// An action as it is planned.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ActionPlan {
    /// What it is called.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// The account manager who has it.
    pub owner: String,
    /// The KPI that is to move.
    pub kpi: String,
    /// By how much, as a share of the KPI.
    pub expected: f64,
    /// Why that is to happen.
    pub hypothesis: String,
    /// By which month it is to show.
    pub due: Option<String>,
    /// The day it begins.
    pub starts: Option<String>,
    /// The day it ends.
    pub ends: Option<String>,
    /// The months that decided which accounts were picked.
    pub selection: Option<String>,
    /// What it costs, as an exact amount.
    pub cost: Option<String>,
    /// From which template.
    pub template: Option<String>,
    /// `opportunity`, `alert`, `diagnosis` or `none`.
    pub origin: String,
    /// What it came from, in the words of that.
    pub origin_key: String,
    /// `lot` or `matched`.
    pub design: String,
    /// The seed of lots and placebos.
    pub seed: i64,
    /// What could be seen, as it was told then (JSON).
    pub power: Option<String>,
}

/// An account's part in an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionAccount {
    /// The account.
    pub account: String,
    /// `now`, `later` or `control`.
    pub part: String,
    /// The day it began, where that is not the action's.
    pub starts: Option<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionStep {
    /// What is to be done.
    pub text: String,
    /// When it was, UTC.
    pub done_at: Option<String>,
}

/// Something that happened to an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionEvent {
    /// What: `planned`, `started`, `review`, `change`, `edited`, `step`, `measured`, `stopped`.
    pub what: String,
    /// The day it is about.
    pub day: String,
    /// In words: those of a person, or else in English.
    pub text: String,
    /// In Indonesian, where they are nobody's.
    #[serde(skip)]
    pub text_id: Option<String>,
    /// Who said so.
    #[serde(flatten)]
    pub said: Said,
}

/// What was measured, frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionResult {
    /// Data and definitions (JSON).
    pub pin: String,
    /// What was measured (JSON).
    pub result: String,
    /// Who closed the action.
    pub said: Said,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionRow {
    /// Its number.
    pub id: i64,
    /// `planned`, `running`, `measured` or `stopped`.
    pub state: String,
    /// What is planned.
    #[serde(flatten)]
    pub plan: ActionPlan,
    /// Who planned it.
    #[serde(flatten)]
    pub said: Said,
    /// When it was closed, UTC.
    pub ended_at: Option<String>,
}

const ACTION: &str = "SELECT id, state, title, kind, owner, kpi, expected, hypothesis, due, starts, ends, selection, cost, template, \
                      origin, origin_key, design, seed, power, by, user, at, ended_at FROM actions";

fn action_of(row: &Row<'_>) -> rusqlite::Result<ActionRow> {
    Ok(ActionRow {
        id: row.get(0)?,
        state: row.get(1)?,
        plan: ActionPlan {
            title: row.get(2)?,
            kind: row.get(3)?,
            owner: row.get(4)?,
            kpi: row.get(5)?,
            expected: row.get(6)?,
            hypothesis: row.get(7)?,
            due: row.get(8)?,
            starts: row.get(9)?,
            ends: row.get(10)?,
            selection: row.get(11)?,
            cost: row.get(12)?,
            template: row.get(13)?,
            origin: row.get(14)?,
            origin_key: row.get(15)?,
            design: row.get(16)?,
            seed: row.get(17)?,
            power: row.get(18)?,
        },
        said: said_of(row, 19)?,
        ended_at: row.get(22)?,
    })
}

fn said_of(row: &Row<'_>, from: usize) -> rusqlite::Result<Said> {
    let user = row.get::<_, Option<i64>>(from + 1)?.map(takar_model::UserId);
    Ok(Said { by: row.get(from)?, user, at: row.get(from + 2)? })
}

fn user_of(said: &Said) -> Option<i64> {
    said.user.map(|user| user.0)
}

const ADD_EVENT: &str = "INSERT INTO action_history (action, what, day, text, by, user, at, text_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

impl State {
    /// Keeps a planned action with its accounts and steps, all or nothing; its number.
    pub fn add_action(
        &self,
        plan: &ActionPlan,
        accounts: &[ActionAccount],
        steps: &[String],
        event: &ActionEvent,
    ) -> Result<i64> {
        let said = &event.said;
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute(
            "INSERT INTO actions (state, title, kind, owner, kpi, expected, hypothesis, due, starts, ends, selection, cost, template, \
             origin, origin_key, design, seed, power, by, user, at) \
             VALUES ('planned', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
            params![
                plan.title,
                plan.kind,
                plan.owner,
                plan.kpi,
                plan.expected,
                plan.hypothesis,
                plan.due,
                plan.starts,
                plan.ends,
                plan.selection,
                plan.cost,
                plan.template,
                plan.origin,
                plan.origin_key,
                plan.design,
                plan.seed,
                plan.power,
                said.by,
                user_of(said),
                said.at
            ],
        )?;
        let id = transaction.last_insert_rowid();
        for one in accounts {
            transaction.execute(
                "INSERT INTO action_accounts (action, account, part, starts) VALUES (?1, ?2, ?3, ?4)",
                params![id, one.account, one.part, one.starts],
            )?;
        }
        for (place, text) in steps.iter().enumerate() {
            transaction.execute(
                "INSERT INTO action_steps (action, place, text) VALUES (?1, ?2, ?3)",
                params![id, place as i64, text],
            )?;
        }
        transaction.execute(
            ADD_EVENT,
            params![id, event.what, event.day, event.text, said.by, user_of(said), said.at, event.text_id],
        )?;
        transaction.commit()?;
        Ok(id)
    }

    /// All actions, newest first.
    pub fn improvements(&self) -> Result<Vec<ActionRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{ACTION} ORDER BY id DESC"))?;
        Ok(statement.query_map([], action_of)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The action of that number.
    pub fn improvement(&self, id: i64) -> Result<Option<ActionRow>> {
        Ok(self.connection().query_row(&format!("{ACTION} WHERE id = ?1"), [id], action_of).optional()?)
    }

    /// The accounts of an action, in order of their ids.
    pub fn action_accounts(&self, id: i64) -> Result<Vec<ActionAccount>> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT account, part, starts FROM action_accounts WHERE action = ?1 ORDER BY account")?;
        let rows = statement.query_map([id], |row| {
            Ok(ActionAccount { account: row.get(0)?, part: row.get(1)?, starts: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The accounts that have some action which is planned or running, or wait for it: action and account.
    pub fn accounts_in_actions(&self) -> Result<Vec<(i64, String)>> {
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT a.action, a.account FROM action_accounts a JOIN actions x ON x.id = a.action \
             WHERE a.part <> 'control' AND x.state IN ('planned', 'running') ORDER BY 1, 2",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The accounts of every action that have it: action and account.
    pub fn treated_accounts(&self) -> Result<Vec<(i64, String)>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare("SELECT action, account FROM action_accounts WHERE part = 'now' ORDER BY 1, 2")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every account that an action was begun with, and the day: those it was dealt to, and those who waited once they began too.
    pub fn begun_with(&self) -> Result<Vec<(i64, String, Option<String>)>> {
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT a.action, a.account, coalesce(a.starts, x.starts) FROM action_accounts a JOIN actions x ON x.id = a.action \
             WHERE (a.part = 'now' OR a.part = 'later' AND a.starts IS NOT NULL) \
             AND EXISTS (SELECT 1 FROM action_history h WHERE h.action = a.action AND h.what = 'started') ORDER BY 1, 2",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The steps of an action, in their order.
    pub fn action_steps(&self, id: i64) -> Result<Vec<ActionStep>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare("SELECT text, done_at FROM action_steps WHERE action = ?1 ORDER BY place")?;
        let rows = statement.query_map([id], |row| Ok(ActionStep { text: row.get(0)?, done_at: row.get(1)? }))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What happened to an action, the first first.
    pub fn action_history(&self, id: i64) -> Result<Vec<ActionEvent>> {
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT what, day, text, by, user, at, text_id FROM action_history WHERE action = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([id], |row| {
            Ok(ActionEvent {
                what: row.get(0)?,
                day: row.get(1)?,
                text: row.get(2)?,
                text_id: row.get(6)?,
                said: said_of(row, 3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Notes a review or a change of course.
    pub fn add_action_event(&self, id: i64, event: &ActionEvent) -> Result<()> {
        let said = &event.said;
        self.connection().execute(
            ADD_EVENT,
            params![id, event.what, event.day, event.text, said.by, user_of(said), said.at, event.text_id],
        )?;
        Ok(())
    }

    /// Marks a step as done or not; false where there is none at that place.
    pub fn mark_step(&self, id: i64, place: usize, done: bool, event: &ActionEvent) -> Result<bool> {
        let said = &event.said;
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let changed = transaction.execute(
            "UPDATE action_steps SET done_at = ?3 WHERE action = ?1 AND place = ?2",
            params![id, place as i64, done.then_some(&said.at)],
        )?;
        transaction.execute(
            ADD_EVENT,
            params![id, event.what, event.day, event.text, said.by, user_of(said), said.at, event.text_id],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Changes what people may change of an action that is not over: its words, its days, its cost. False where it is over.
    pub fn edit_action(&self, id: i64, plan: &ActionPlan, event: &ActionEvent) -> Result<bool> {
        let said = &event.said;
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let changed = transaction.execute(
            "UPDATE actions SET title = ?2, hypothesis = ?3, due = ?4, ends = ?5, cost = ?6 \
             WHERE id = ?1 AND state IN ('planned', 'running')",
            params![id, plan.title, plan.hypothesis, plan.due, plan.ends, plan.cost],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        transaction.execute(
            ADD_EVENT,
            params![id, event.what, event.day, event.text, said.by, user_of(said), said.at, event.text_id],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Begins an action on a day, or lets those who waited begin; false where it is not in that state.
    pub fn start_action(&self, id: i64, (day, is_later): (&str, bool), event: &ActionEvent) -> Result<bool> {
        let said = &event.said;
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let changed = if is_later {
            transaction.execute(
                "UPDATE action_accounts SET starts = ?2 WHERE action = ?1 AND part = 'later' AND starts IS NULL \
                 AND (SELECT state FROM actions WHERE id = ?1) = 'running'",
                params![id, day],
            )?
        } else {
            transaction.execute(
                "UPDATE actions SET state = 'running', starts = ?2 WHERE id = ?1 AND state = 'planned'",
                params![id, day],
            )?
        };
        if changed == 0 {
            return Ok(false);
        }
        transaction.execute(
            ADD_EVENT,
            params![id, event.what, event.day, event.text, said.by, user_of(said), said.at, event.text_id],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Ends an action with what was measured, if anything could be, and closes the alerts that became it with a note; false where it is over
    /// already.
    pub fn end_action(
        &self,
        id: i64,
        state: &str,
        frozen: Option<(&str, &str)>,
        (event, note): (&ActionEvent, &str),
    ) -> Result<bool> {
        let said = &event.said;
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let changed = transaction.execute(
            "UPDATE actions SET state = ?2, ended_at = ?3 WHERE id = ?1 AND state IN ('planned', 'running')",
            params![id, state, said.at],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        if let Some((pin, result)) = frozen {
            transaction.execute(
                "INSERT INTO action_results (action, pin, result, by, user, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![id, pin, result, said.by, user_of(said), said.at],
            )?;
        }
        crate::alerts::close_alerts_of(&transaction, id, said, note)?;
        transaction.execute(
            ADD_EVENT,
            params![id, event.what, event.day, event.text, said.by, user_of(said), said.at, event.text_id],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// What was measured when an action was closed.
    pub fn action_result(&self, id: i64) -> Result<Option<ActionResult>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare("SELECT pin, result, by, user, at FROM action_results WHERE action = ?1")?;
        let row = |row: &Row<'_>| Ok(ActionResult { pin: row.get(0)?, result: row.get(1)?, said: said_of(row, 2)? });
        Ok(statement.query_row([id], row).optional()?)
    }
}
