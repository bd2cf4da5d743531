//! Evaluation cycles: which managers are evaluated for which window, and the figures frozen for it.

use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;

use crate::{Result, State};

/// A cycle as it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewCycle {
    /// What it is called.
    pub name: String,
    /// The window, as it is written.
    pub period: String,
    /// The rule of credit.
    pub credit: String,
    /// The day by which managers assess themselves.
    pub self_due: String,
    /// The day by which leads do.
    pub lead_due: String,
    /// The day by which they have talked.
    pub talk_due: String,
    /// The day by which both have signed.
    pub sign_due: String,
    /// When it was opened, UTC.
    pub opened_at: String,
    /// Who opened it.
    pub opened_by: String,
}

/// A cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CycleRow {
    /// Its number.
    pub id: i64,
    /// As it was opened.
    #[serde(flatten)]
    pub opened: NewCycle,
    /// When it was closed, UTC.
    pub closed_at: Option<String>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// Why, where something was left undone.
    pub closed_why: Option<String>,
}

/// A manager whose evaluation begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvaluation {
    /// The manager's id.
    pub manager: String,
    /// The manager's name.
    pub manager_name: Option<String>,
    /// The id of who leads the manager.
    pub lead: Option<String>,
    /// Their name.
    pub lead_name: Option<String>,
    /// The figures (JSON).
    pub figures: String,
}

/// One manager in one cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationRow {
    /// Its number.
    pub id: i64,
    /// The number of the cycle.
    pub cycle: i64,
    /// The manager's id.
    pub manager: String,
    /// The manager's name when the cycle was opened.
    pub manager_name: Option<String>,
    /// The id of who led the manager then.
    pub lead: Option<String>,
    /// Their name.
    pub lead_name: Option<String>,
}

/// What figures are frozen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenFrom {
    /// When, UTC.
    pub at: String,
    /// The version of the data.
    pub data: String,
    /// A mark of the definitions.
    pub definitions: String,
    /// Both by value, to read them again (JSON).
    pub pin: Option<String>,
}

/// A version of the frozen figures, without the figures and without what they are read again from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenRow {
    /// The number of the evaluation.
    pub evaluation: i64,
    /// From 1.
    pub version: u32,
    /// When, UTC.
    pub at: String,
    /// Who froze them.
    pub by: String,
    /// Why.
    pub why: String,
    /// The version of the data that they were frozen from.
    pub data: String,
    /// A mark of the definitions.
    pub definitions: String,
    /// Both are kept by value too: see [`State::frozen_pin`].
    pub is_pinned: bool,
}

const CYCLE: &str = "SELECT id, name, period, credit, self_due, lead_due, talk_due, sign_due, opened_at, opened_by, \
                     closed_at, closed_by, closed_why FROM cycles";
const EVALUATION: &str = "SELECT id, cycle, manager, manager_name, lead, lead_name FROM evaluations";

fn cycle_of(row: &Row<'_>) -> rusqlite::Result<CycleRow> {
    Ok(CycleRow {
        id: row.get(0)?,
        opened: NewCycle {
            name: row.get(1)?,
            period: row.get(2)?,
            credit: row.get(3)?,
            self_due: row.get(4)?,
            lead_due: row.get(5)?,
            talk_due: row.get(6)?,
            sign_due: row.get(7)?,
            opened_at: row.get(8)?,
            opened_by: row.get(9)?,
        },
        closed_at: row.get(10)?,
        closed_by: row.get(11)?,
        closed_why: row.get(12)?,
    })
}

fn evaluation_of(row: &Row<'_>) -> rusqlite::Result<EvaluationRow> {
    Ok(EvaluationRow {
        id: row.get(0)?,
        cycle: row.get(1)?,
        manager: row.get(2)?,
        manager_name: row.get(3)?,
        lead: row.get(4)?,
        lead_name: row.get(5)?,
    })
}

impl State {
    /// Opens a cycle with the first version of everybody's figures, all of it or nothing; its number.
    pub fn open_cycle(
        &self,
        cycle: &NewCycle,
        from: &FrozenFrom,
        why: &str,
        managers: &[NewEvaluation],
    ) -> Result<i64> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO cycles (name, period, credit, self_due, lead_due, talk_due, sign_due, opened_at, opened_by) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                cycle.name,
                cycle.period,
                cycle.credit,
                cycle.self_due,
                cycle.lead_due,
                cycle.talk_due,
                cycle.sign_due,
                cycle.opened_at,
                cycle.opened_by
            ],
        )?;
        let id = transaction.last_insert_rowid();
        transaction.execute(
            "INSERT INTO frozen_from (at, data, definitions, pin) VALUES (?1, ?2, ?3, ?4)",
            params![from.at, from.data, from.definitions, from.pin],
        )?;
        let origin = transaction.last_insert_rowid();
        for one in managers {
            transaction.execute(
                "INSERT INTO evaluations (cycle, manager, manager_name, lead, lead_name) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, one.manager, one.manager_name, one.lead, one.lead_name],
            )?;
            transaction.execute(
                "INSERT INTO frozen_figures (evaluation, version, at, by, why, origin, figures) \
                 VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6)",
                params![transaction.last_insert_rowid(), from.at, cycle.opened_by, why, origin, one.figures],
            )?;
        }
        transaction.commit()?;
        Ok(id)
    }

    /// All cycles, newest first.
    pub fn cycles(&self) -> Result<Vec<CycleRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{CYCLE} ORDER BY id DESC"))?;
        Ok(statement.query_map([], cycle_of)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The cycle of that number.
    pub fn cycle(&self, id: i64) -> Result<Option<CycleRow>> {
        Ok(self.connection().query_row(&format!("{CYCLE} WHERE id = ?1"), [id], cycle_of).optional()?)
    }

    /// Closes a cycle that is open; false where it is closed already.
    pub fn close_cycle(&self, id: i64, at: &str, by: &str, why: Option<&str>) -> Result<bool> {
        let changed = self.connection().execute(
            "UPDATE cycles SET closed_at = ?2, closed_by = ?3, closed_why = ?4 WHERE id = ?1 AND closed_at IS NULL",
            params![id, at, by, why],
        )?;
        Ok(changed > 0)
    }

    /// The evaluations of one cycle, or of all, in the order in which they were made.
    pub fn evaluations(&self, cycle: Option<i64>) -> Result<Vec<EvaluationRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached(&format!("{EVALUATION} WHERE ?1 IS NULL OR cycle = ?1 ORDER BY id"))?;
        Ok(statement.query_map([cycle], evaluation_of)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The evaluation of that number.
    pub fn evaluation(&self, id: i64) -> Result<Option<EvaluationRow>> {
        Ok(self.connection().query_row(&format!("{EVALUATION} WHERE id = ?1"), [id], evaluation_of).optional()?)
    }

    /// Freezes figures again, as the next version; its number.
    pub fn freeze_again(
        &self,
        evaluation: i64,
        from: &FrozenFrom,
        (by, why): (&str, &str),
        figures: &str,
    ) -> Result<u32> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO frozen_from (at, data, definitions, pin) VALUES (?1, ?2, ?3, ?4)",
            params![from.at, from.data, from.definitions, from.pin],
        )?;
        let origin = transaction.last_insert_rowid();
        let version: u32 = transaction.query_row(
            "SELECT coalesce(max(version), 0) + 1 FROM frozen_figures WHERE evaluation = ?1",
            [evaluation],
            |row| row.get(0),
        )?;
        transaction.execute(
            "INSERT INTO frozen_figures (evaluation, version, at, by, why, origin, figures) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![evaluation, version, from.at, by, why, origin, figures],
        )?;
        transaction.commit()?;
        Ok(version)
    }

    /// Every version of the frozen figures of an evaluation, the first first.
    pub fn frozen(&self, evaluation: i64) -> Result<Vec<FrozenRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT f.evaluation, f.version, f.at, f.by, f.why, o.data, o.definitions, o.pin IS NOT NULL \
             FROM frozen_figures f JOIN frozen_from o ON o.id = f.origin WHERE f.evaluation = ?1 ORDER BY f.version",
        )?;
        let rows = statement.query_map([evaluation], |row| {
            Ok(FrozenRow {
                evaluation: row.get(0)?,
                version: row.get(1)?,
                at: row.get(2)?,
                by: row.get(3)?,
                why: row.get(4)?,
                data: row.get(5)?,
                definitions: row.get(6)?,
                is_pinned: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The data and the definitions by value that a version of the figures was frozen from (JSON); none where they were not kept.
    pub fn frozen_pin(&self, evaluation: i64, version: u32) -> Result<Option<String>> {
        let pin = self
            .connection()
            .query_row(
                "SELECT o.pin FROM frozen_figures f JOIN frozen_from o ON o.id = f.origin \
                 WHERE f.evaluation = ?1 AND f.version = ?2",
                params![evaluation, version],
                |row| row.get(0),
            )
            .optional()?;
        Ok(pin.flatten())
    }

    /// A version of the frozen figures (JSON).
    pub fn frozen_figures(&self, evaluation: i64, version: u32) -> Result<Option<String>> {
        Ok(self
            .connection()
            .query_row(
                "SELECT figures FROM frozen_figures WHERE evaluation = ?1 AND version = ?2",
                params![evaluation, version],
                |row| row.get(0),
            )
            .optional()?)
    }
}
