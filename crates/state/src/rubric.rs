//! Ratings of how managers work, by the rubric; only ever added to.

use rusqlite::params;
use takar_model::UserId;

use crate::{Message, Result, State, audit::list_of};

/// A rating as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRating {
    /// When it was written down.
    pub at: String,
    /// Who rates.
    pub rater: String,
    /// The id of the manager who is rated.
    pub manager: String,
    /// The day that was observed.
    pub day: String,
    /// The version of the rubric.
    pub rubric: u32,
    /// Its criterion.
    pub criterion: String,
    /// 1 to 5.
    pub score: u8,
    /// What was seen.
    pub evidence: String,
    /// The row of a table of facts that shows it: the kind and the id.
    pub fact: Option<(String, String)>,
    /// The rating that this one takes the place of.
    pub corrects: Option<i64>,
}

/// A rating as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingRow {
    /// Its number.
    pub id: i64,
    /// What was said.
    pub said: NewRating,
    /// The rating that took its place.
    pub corrected_by: Option<i64>,
}

impl State {
    /// Adds a rating and notes who did, the user where there is one, and on which data.
    ///
    /// # Errors
    /// Where SQLite refuses: the rating it corrects is not there or was corrected before.
    pub fn add_rating(&self, rating: &NewRating, who: Option<(UserId, &str)>, data: &str) -> Result<i64> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let (kind, fact) = rating.fact.as_ref().map(|(kind, fact)| (kind, fact)).unzip();
        transaction.execute(
            "INSERT INTO rubric_ratings (at, rater, manager, day, rubric, criterion, score, evidence, kind, fact, corrects)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                rating.at,
                rating.rater,
                rating.manager,
                rating.day,
                rating.rubric,
                rating.criterion,
                rating.score,
                rating.evidence,
                kind,
                fact,
                rating.corrects
            ],
        )?;
        let id = transaction.last_insert_rowid();
        let corrects = |told: &str| rating.corrects.map_or_else(String::new, |earlier| format!(", {told} {earlier}"));
        let NewRating { manager, rater, criterion, score, .. } = rating;
        let detail = Message::new(
            format!("penilaian {id} untuk {manager} oleh {rater}: {criterion} {score}{}", corrects("mengoreksi")),
            format!("rating {id} of {manager} by {rater}: {criterion} {score}{}", corrects("corrects")),
        );
        transaction.execute(
            &format!(
                "INSERT INTO audit (at, user, who, action, detail, about, data, detail_id, import) \
                 VALUES (?1, ?2, ?3, 'rate', ?4, ?5, ?6, ?7, ({}))",
                crate::imports::LAST
            ),
            params![
                rating.at,
                who.map(|(user, _)| user.0),
                who.map(|(_, login)| login),
                detail.en,
                list_of(&[manager]),
                data,
                detail.id
            ],
        )?;
        transaction.commit()?;
        Ok(id)
    }

    /// All ratings, corrected ones among them, in the order in which they were given.
    pub fn ratings(&self) -> Result<Vec<RatingRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT r.id, r.at, r.rater, r.manager, r.day, r.rubric, r.criterion, r.score, r.evidence, r.kind, r.fact,
                    r.corrects, later.id
             FROM rubric_ratings r LEFT JOIN rubric_ratings later ON later.corrects = r.id ORDER BY r.id",
        )?;
        let rows = statement.query_map([], |row| {
            let (kind, fact): (Option<String>, Option<String>) = (row.get(9)?, row.get(10)?);
            Ok(RatingRow {
                id: row.get(0)?,
                said: NewRating {
                    at: row.get(1)?,
                    rater: row.get(2)?,
                    manager: row.get(3)?,
                    day: row.get(4)?,
                    rubric: row.get(5)?,
                    criterion: row.get(6)?,
                    score: row.get(7)?,
                    evidence: row.get(8)?,
                    fact: kind.zip(fact),
                    corrects: row.get(11)?,
                },
                corrected_by: row.get(12)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
