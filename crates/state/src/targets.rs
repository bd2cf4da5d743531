//! Drafts of targets: who wanted which, who decided, and why. Rows are only ever added or decided, never changed otherwise.

use rusqlite::{OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use takar_model::ImportId;

use crate::{Result, State};

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftState {
    /// It waits for a decision.
    Draft,
    /// It is approved, and on its way to the lake.
    Approving,
    /// It is a fact.
    Approved,
    /// It was turned down.
    Rejected,
    /// A later draft for the same took its place.
    Replaced,
}

impl DraftState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Approving, Self::Approved, Self::Rejected, Self::Replaced];

    /// Its name in the table, in commands and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approving => "approving",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Replaced => "replaced",
        }
    }

    fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Draft)
    }
}

/// A target as it is wanted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WantedTarget {
    /// The manager's id.
    pub manager: Option<String>,
    /// The account's id.
    pub account: Option<String>,
    /// The product's id.
    pub product: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The segment.
    pub segment: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// For when, as it is written.
    pub period: String,
    /// The KPI's id.
    pub kpi: String,
    /// How much, exact.
    pub value: String,
    /// The target that counted when it was wanted.
    pub before: Option<String>,
    /// The chance to reach it, as it was told then.
    pub chance: Option<f64>,
    /// Why it is wanted.
    pub reason: String,
    /// What was questioned about it, as short names.
    pub doubts: String,
    /// Why it is wanted all the same.
    pub confirmed: Option<String>,
}

/// A draft and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftRow {
    /// Its number.
    pub id: i64,
    /// What is wanted.
    #[serde(flatten)]
    pub wanted: WantedTarget,
    /// Who wants it.
    pub set_by: String,
    /// Since when, UTC.
    pub set_at: String,
    /// What became of it.
    pub state: DraftState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When, UTC.
    pub decided_at: Option<String>,
    /// Why.
    pub decision: Option<String>,
    /// The import that made it a fact.
    pub import: Option<ImportId>,
}

const ALL: &str = "SELECT id, manager, account, category, region, period, kpi, value, before, chance, reason, doubts, confirmed, \
                   set_by, set_at, state, decided_by, decided_at, decision, import, product, segment, branch FROM target_drafts";

fn draft_of(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    Ok(DraftRow {
        id: row.get(0)?,
        wanted: WantedTarget {
            manager: row.get(1)?,
            account: row.get(2)?,
            product: row.get(20)?,
            category: row.get(3)?,
            region: row.get(4)?,
            segment: row.get(21)?,
            branch: row.get(22)?,
            period: row.get(5)?,
            kpi: row.get(6)?,
            value: row.get(7)?,
            before: row.get(8)?,
            chance: row.get(9)?,
            reason: row.get(10)?,
            doubts: row.get(11)?,
            confirmed: row.get(12)?,
        },
        set_by: row.get(13)?,
        set_at: row.get(14)?,
        state: DraftState::of(&row.get::<_, String>(15)?),
        decided_by: row.get(16)?,
        decided_at: row.get(17)?,
        decision: row.get(18)?,
        import: row.get::<_, Option<i64>>(19)?.map(ImportId),
    })
}

impl State {
    /// Keeps wanted targets as drafts, all of them or none. One that waits for the same already is replaced; one that wants
    /// the same figure stays as it is. The drafts' numbers, in their order.
    pub fn add_drafts(&self, wanted: &[WantedTarget], by: &str, at: &str) -> Result<Vec<i64>> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut ids = Vec::with_capacity(wanted.len());
        for one in wanted {
            let waiting = waiting_for(&transaction, one)?;
            if let Some((id, _)) = waiting.iter().find(|(_, value)| *value == one.value) {
                ids.push(*id);
                continue;
            }
            for (id, _) in waiting {
                transaction.execute(
                    "UPDATE target_drafts SET state = 'replaced', decided_by = ?2, decided_at = ?3 WHERE id = ?1",
                    params![id, by, at],
                )?;
            }
            transaction.execute(
                "INSERT INTO target_drafts (manager, account, category, region, period, kpi, value, before, chance, reason, \
                 doubts, confirmed, set_by, set_at, product, segment, branch, state) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 'draft')",
                params![
                    one.manager,
                    one.account,
                    one.category,
                    one.region,
                    one.period,
                    one.kpi,
                    one.value,
                    one.before,
                    one.chance,
                    one.reason,
                    one.doubts,
                    one.confirmed,
                    by,
                    at,
                    one.product,
                    one.segment,
                    one.branch
                ],
            )?;
            ids.push(transaction.last_insert_rowid());
        }
        transaction.commit()?;
        Ok(ids)
    }

    /// All drafts, newest first.
    pub fn drafts(&self) -> Result<Vec<DraftRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{ALL} ORDER BY id DESC"))?;
        let rows = statement.query_map([], draft_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Drafts in one state, oldest first.
    pub fn drafts_in(&self, state: DraftState) -> Result<Vec<DraftRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{ALL} WHERE state = ?1 ORDER BY id"))?;
        let rows = statement.query_map([state.name()], draft_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// The draft of that number.
    pub fn draft(&self, id: i64) -> Result<Option<DraftRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALL} WHERE id = ?1"), [id], draft_of).optional()?)
    }

    /// Decides drafts that wait; those that do not are left as they are. Those that were decided now.
    pub fn decide_drafts(&self, ids: &[i64], state: DraftState, (by, at, why): (&str, &str, &str)) -> Result<Vec<i64>> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut decided = Vec::with_capacity(ids.len());
        for id in ids {
            let changed = transaction.execute(
                "UPDATE target_drafts SET state = ?2, decided_by = ?3, decided_at = ?4, decision = ?5 \
                 WHERE id = ?1 AND state = 'draft'",
                params![id, state.name(), by, at, why],
            )?;
            if changed > 0 {
                decided.push(*id);
            }
        }
        transaction.commit()?;
        Ok(decided)
    }

    /// Notes that drafts on their way are facts now.
    pub fn drafts_arrived(&self, ids: &[i64], import: ImportId) -> Result<()> {
        self.move_drafts(ids, "approved", Some(import))
    }

    /// Notes that drafts on their way could not be made facts: they wait again.
    pub fn drafts_wait_again(&self, ids: &[i64]) -> Result<()> {
        self.move_drafts(ids, "draft", None)
    }

    fn move_drafts(&self, ids: &[i64], to: &str, import: Option<ImportId>) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for id in ids {
            transaction.execute(
                "UPDATE target_drafts SET state = ?2, import = ?3 WHERE id = ?1 AND state = 'approving'",
                params![id, to, import.map(|id| id.0)],
            )?;
        }
        Ok(transaction.commit()?)
    }
}

/// The drafts that wait for the same as another, with their figures.
fn waiting_for(transaction: &Transaction<'_>, wanted: &WantedTarget) -> Result<Vec<(i64, String)>> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, value FROM target_drafts WHERE state = 'draft' AND kpi = ?1 AND period = ?2 AND manager IS ?3 \
         AND account IS ?4 AND category IS ?5 AND region IS ?6 AND product IS ?7 AND segment IS ?8 AND branch IS ?9 ORDER BY id",
    )?;
    let of = params![
        wanted.kpi,
        wanted.period,
        wanted.manager,
        wanted.account,
        wanted.category,
        wanted.region,
        wanted.product,
        wanted.segment,
        wanted.branch
    ];
    let rows = statement.query_map(of, |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
