//! What is said in an evaluation: assessments, talks, signatures, comments, disputes and their decisions. Nothing is deleted, and what was
//! handed in, signed or decided never changes.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use takar_model::{ImportId, UserId};

use crate::{Result, State};

/// Whose word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Of the manager who is evaluated.
    Manager,
    /// Of who evaluates.
    Lead,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Manager, Self::Lead];

    /// Its name in the table, in commands and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Lead => "lead",
        }
    }

    fn of(name: &str) -> Self {
        if name == "manager" { Self::Manager } else { Self::Lead }
    }
}

/// Who said something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The name.
    pub by: String,
    /// The user; none where the home had none.
    #[serde(skip)]
    pub user: Option<UserId>,
    /// When, UTC.
    pub at: String,
}

/// What one side answers to the questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRow {
    /// Whose word.
    pub side: Side,
    /// The answers (JSON).
    pub answers: String,
    /// Who wrote it, and when last.
    pub said: Said,
    /// When it was handed in, UTC; before that it is for its writer only.
    pub handed_in: Option<String>,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TalkRow {
    /// Its number.
    pub id: i64,
    /// The day.
    pub day: String,
    /// Who was there.
    pub present: String,
    /// What was agreed.
    pub agreed: String,
    /// Who wrote it down.
    #[serde(flatten)]
    pub said: Said,
}

/// A signature under one version of the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureRow {
    /// The version of the figures.
    pub version: u32,
    /// Whose.
    pub side: Side,
    /// Agrees; else it was seen only.
    pub agrees: bool,
    /// What is remarked; there is one where one does not agree.
    pub remark: Option<String>,
    /// Who signed.
    #[serde(flatten)]
    pub said: Said,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommentRow {
    /// Its number.
    pub id: i64,
    /// On which KPI; on the whole without.
    pub kpi: Option<String>,
    /// What is said.
    pub text: String,
    /// By which side.
    pub side: Side,
    /// Who said it.
    #[serde(flatten)]
    pub said: Said,
}

/// A number that is disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewDispute {
    /// The number of the evaluation.
    pub evaluation: i64,
    /// The version of the figures.
    pub version: u32,
    /// The KPI.
    pub kpi: String,
    /// Its figure then, as JSON has it.
    pub figure: Option<String>,
    /// The account it is about.
    pub account: Option<String>,
    /// The invoice it is about.
    pub invoice: Option<String>,
    /// The days it is about, as they are written.
    pub period: Option<String>,
    /// What is held to be right.
    pub claim: String,
    /// What shows it.
    pub evidence: String,
    /// Who disputes it.
    #[serde(flatten)]
    pub said: Said,
}

/// A dispute, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRow {
    /// Its number.
    pub id: i64,
    /// What is disputed.
    pub dispute: NewDispute,
    /// What was decided.
    pub decision: Option<DecisionRow>,
}

/// What was decided about a dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRow {
    /// `upheld`, `partly` or `rejected`.
    pub verdict: String,
    /// Why.
    pub why: String,
    /// What is to become of the credit (JSON).
    pub remedy: Option<String>,
    /// Who decided.
    pub said: Said,
    /// The import that made it so.
    pub import: Option<ImportId>,
    /// By manager: before and after (JSON).
    pub changed: Option<String>,
}

fn said_of(row: &Row<'_>, from: usize) -> rusqlite::Result<Said> {
    Ok(Said { by: row.get(from)?, user: row.get::<_, Option<i64>>(from + 1)?.map(UserId), at: row.get(from + 2)? })
}

fn user_of(said: &Said) -> Option<i64> {
    said.user.map(|user| user.0)
}

const DISPUTE: &str = "SELECT d.id, d.evaluation, d.version, d.kpi, d.figure, d.account, d.invoice, d.period, d.claim, d.evidence, \
                       d.by, d.user, d.at, x.verdict, x.why, x.remedy, x.by, x.user, x.at, x.import, x.changed \
                       FROM disputes d LEFT JOIN decisions x ON x.dispute = d.id";

fn dispute_of(row: &Row<'_>) -> rusqlite::Result<DisputeRow> {
    let decision = match row.get::<_, Option<String>>(13)? {
        None => None,
        Some(verdict) => Some(DecisionRow {
            verdict,
            why: row.get(14)?,
            remedy: row.get(15)?,
            said: said_of(row, 16)?,
            import: row.get::<_, Option<i64>>(19)?.map(ImportId),
            changed: row.get(20)?,
        }),
    };
    Ok(DisputeRow {
        id: row.get(0)?,
        dispute: NewDispute {
            evaluation: row.get(1)?,
            version: row.get(2)?,
            kpi: row.get(3)?,
            figure: row.get(4)?,
            account: row.get(5)?,
            invoice: row.get(6)?,
            period: row.get(7)?,
            claim: row.get(8)?,
            evidence: row.get(9)?,
            said: said_of(row, 10)?,
        },
        decision,
    })
}

impl State {
    /// Keeps what one side answers, in place of what it wrote before.
    ///
    /// # Errors
    /// Where SQLite refuses: it was handed in already.
    pub fn save_assessment(&self, evaluation: i64, row: &AssessmentRow) -> Result<()> {
        self.connection().execute(
            "INSERT INTO assessments (evaluation, side, answers, by, user, at, handed_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (evaluation, side) DO UPDATE SET answers = excluded.answers, by = excluded.by, user = excluded.user, \
             at = excluded.at, handed_in = excluded.handed_in",
            params![
                evaluation,
                row.side.name(),
                row.answers,
                row.said.by,
                user_of(&row.said),
                row.said.at,
                row.handed_in
            ],
        )?;
        Ok(())
    }

    /// What each side answered, handed in or not.
    pub fn assessments(&self, evaluation: i64) -> Result<Vec<AssessmentRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT side, answers, by, user, at, handed_in FROM assessments WHERE evaluation = ?1 ORDER BY side DESC",
        )?;
        let rows = statement.query_map([evaluation], |row| {
            Ok(AssessmentRow {
                side: Side::of(&row.get::<_, String>(0)?),
                answers: row.get(1)?,
                said: said_of(row, 2)?,
                handed_in: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps what was agreed in a conversation; its number.
    pub fn add_talk(&self, evaluation: i64, (day, present, agreed): (&str, &str, &str), said: &Said) -> Result<i64> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO talks (evaluation, day, present, agreed, by, user, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![evaluation, day, present, agreed, said.by, user_of(said), said.at],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// The conversations, the first first.
    pub fn talks(&self, evaluation: i64) -> Result<Vec<TalkRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, day, present, agreed, by, user, at FROM talks WHERE evaluation = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([evaluation], |row| {
            let (id, day, present, agreed) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(TalkRow { id, day, present, agreed, said: said_of(row, 4)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps a signature; false where that side has signed this version already.
    pub fn add_signature(&self, evaluation: i64, row: &SignatureRow) -> Result<bool> {
        let added = self.connection().execute(
            "INSERT INTO signatures (evaluation, version, side, agrees, remark, by, user, at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (evaluation, version, side) DO NOTHING",
            params![
                evaluation,
                row.version,
                row.side.name(),
                row.agrees,
                row.remark,
                row.said.by,
                user_of(&row.said),
                row.said.at
            ],
        )?;
        Ok(added > 0)
    }

    /// The signatures, the first first.
    pub fn signatures(&self, evaluation: i64) -> Result<Vec<SignatureRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT version, side, agrees, remark, by, user, at FROM signatures WHERE evaluation = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([evaluation], |row| {
            let side = Side::of(&row.get::<_, String>(1)?);
            Ok(SignatureRow {
                version: row.get(0)?,
                side,
                agrees: row.get(2)?,
                remark: row.get(3)?,
                said: said_of(row, 4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps a comment; its number.
    pub fn add_comment(
        &self,
        evaluation: i64,
        (kpi, text, side): (Option<&str>, &str, Side),
        said: &Said,
    ) -> Result<i64> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO comments (evaluation, kpi, text, side, by, user, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![evaluation, kpi, text, side.name(), said.by, user_of(said), said.at],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// The comments, the first first.
    pub fn comments(&self, evaluation: i64) -> Result<Vec<CommentRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, kpi, text, side, by, user, at FROM comments WHERE evaluation = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([evaluation], |row| {
            let side = Side::of(&row.get::<_, String>(3)?);
            Ok(CommentRow { id: row.get(0)?, kpi: row.get(1)?, text: row.get(2)?, side, said: said_of(row, 4)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps a dispute; its number.
    pub fn add_dispute(&self, dispute: &NewDispute) -> Result<i64> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO disputes (evaluation, version, kpi, figure, account, invoice, period, claim, evidence, by, user, at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                dispute.evaluation,
                dispute.version,
                dispute.kpi,
                dispute.figure,
                dispute.account,
                dispute.invoice,
                dispute.period,
                dispute.claim,
                dispute.evidence,
                dispute.said.by,
                user_of(&dispute.said),
                dispute.said.at
            ],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// The disputes of an evaluation, the first first.
    pub fn disputes(&self, evaluation: i64) -> Result<Vec<DisputeRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{DISPUTE} WHERE d.evaluation = ?1 ORDER BY d.id"))?;
        Ok(statement.query_map([evaluation], dispute_of)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The dispute of that number.
    pub fn dispute(&self, id: i64) -> Result<Option<DisputeRow>> {
        Ok(self.connection().query_row(&format!("{DISPUTE} WHERE d.id = ?1"), [id], dispute_of).optional()?)
    }

    /// Disputes whose decision has not yet arrived in the credit.
    pub fn disputes_on_their_way(&self) -> Result<Vec<DisputeRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare(&format!("{DISPUTE} WHERE x.remedy IS NOT NULL AND x.import IS NULL ORDER BY d.id"))?;
        Ok(statement.query_map([], dispute_of)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The imports that decisions made: dispute and import.
    pub fn decided_imports(&self) -> Result<Vec<(i64, ImportId)>> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT dispute, import FROM decisions WHERE import IS NOT NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, ImportId(row.get(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps a decision; false where there is one already.
    pub fn decide(&self, dispute: i64, row: &DecisionRow) -> Result<bool> {
        let added = self.connection().execute(
            "INSERT INTO decisions (dispute, verdict, why, remedy, by, user, at, import, changed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (dispute) DO NOTHING",
            params![
                dispute,
                row.verdict,
                row.why,
                row.remedy,
                row.said.by,
                user_of(&row.said),
                row.said.at,
                row.import.map(|import| import.0),
                row.changed
            ],
        )?;
        Ok(added > 0)
    }

    /// Notes the import that made a decision so, and what it changed.
    pub fn decision_arrived(&self, dispute: i64, import: ImportId, changed: &str) -> Result<()> {
        self.connection().execute(
            "UPDATE decisions SET import = ?2, changed = ?3 WHERE dispute = ?1 AND import IS NULL",
            params![dispute, import.0, changed],
        )?;
        Ok(())
    }

    /// Takes a decision back whose credit could not be brought in: nothing was decided.
    pub fn decision_failed(&self, dispute: i64) -> Result<()> {
        self.connection()
            .execute("DELETE FROM decisions WHERE dispute = ?1 AND remedy IS NOT NULL AND import IS NULL", [dispute])?;
        Ok(())
    }

    /// Notes that somebody is reminded of a stage on a day; false where that was done already.
    pub fn remind(&self, evaluation: i64, stage: &str, day: &str, at: &str) -> Result<bool> {
        let added = self.connection().execute(
            "INSERT INTO reminders (evaluation, stage, day, at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (evaluation, stage, day) DO NOTHING",
            params![evaluation, stage, day, at],
        )?;
        Ok(added > 0)
    }
}
