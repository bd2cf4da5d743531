//! Who did what, when, only ever added to; and who looked at what.

use rusqlite::params;
use serde::Serialize;
use takar_model::{ImportId, UserId};

use crate::{Message, Result, State};

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// When, UTC.
    pub at: String,
    /// The login of who did it; none where the home had no users, or it was done by itself.
    pub who: Option<String>,
    /// What.
    pub action: String,
    /// On what.
    pub detail: Message,
}

/// Something that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Its number.
    pub id: i64,
    /// When, UTC.
    pub at: String,
    /// The login of who decided; none where the home had no users.
    pub who: Option<String>,
    /// What was decided.
    pub action: String,
    /// In detail.
    pub detail: Message,
    /// The account managers it is about; none = everybody.
    pub about: Vec<String>,
    /// The versions of the data it was made on.
    pub data: String,
    /// The last import that counted when it was made; none where there were no data yet.
    pub import: Option<ImportId>,
}

/// What somebody looked at on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// The day, UTC.
    pub day: String,
    /// The login.
    pub who: String,
    /// The address that was asked.
    pub what: String,
    /// How often.
    pub times: u32,
    /// When last, UTC.
    pub last: String,
}

impl State {
    /// Notes an action and what it touched.
    pub fn note_action(&self, at: &str, who: Option<(UserId, &str)>, action: &str, detail: &str) -> Result<()> {
        self.connection().execute(
            "INSERT INTO audit (at, user, who, action, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![at, who.map(|(user, _)| user.0), who.map(|(_, login)| login), action, detail],
        )?;
        Ok(())
    }

    /// Notes a decision: whom it is about, and on which data it was made.
    pub fn note_decision(
        &self,
        at: &str,
        who: Option<(UserId, &str)>,
        (action, detail): (&str, &Message),
        about: &[&str],
        data: &str,
    ) -> Result<()> {
        self.connection().execute(
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
                Some(&detail.id).filter(|id| **id != detail.en),
                list_of(about),
                data
            ],
        )?;
        Ok(())
    }

    /// Decisions, newest first, below a number where one is given: about one of some managers or everybody, by one login.
    pub fn decisions(
        &self,
        about: Option<&[String]>,
        who: Option<&str>,
        (below, limit): (Option<i64>, u32),
    ) -> Result<Vec<Decision>> {
        let wanted = about.map(|about| list_of(&about.iter().map(String::as_str).collect::<Vec<_>>()));
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, at, who, action, detail, about, data, import, COALESCE(detail_id, detail) FROM audit WHERE data IS NOT NULL \
             AND (?1 IS NULL OR json_array_length(about) = 0 \
                  OR EXISTS (SELECT 1 FROM json_each(about) a JOIN json_each(?1) w ON a.value = w.value)) \
             AND (?2 IS NULL OR who = ?2 COLLATE NOCASE) AND (?3 IS NULL OR id < ?3) \
             ORDER BY id DESC LIMIT ?4",
        )?;
        let rows = statement
            .query_map(params![wanted, who, below, limit], |row| {
                let about: String = row.get(5)?;
                Ok(Decision {
                    id: row.get(0)?,
                    at: row.get(1)?,
                    who: row.get(2)?,
                    action: row.get(3)?,
                    detail: Message { id: row.get(8)?, en: row.get(4)? },
                    about: serde_json::from_str(&about).unwrap_or_default(),
                    data: row.get(6)?,
                    import: row.get::<_, Option<i64>>(7)?.map(ImportId),
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// The last actions, newest first.
    pub fn actions(&self, limit: u32) -> Result<Vec<Action>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT at, who, action, detail, COALESCE(detail_id, detail) FROM audit ORDER BY id DESC LIMIT ?1",
        )?;
        let rows = statement
            .query_map([limit], |row| {
                Ok(Action {
                    at: row.get(0)?,
                    who: row.get(1)?,
                    action: row.get(2)?,
                    detail: Message { id: row.get(4)?, en: row.get(3)? },
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Notes what was looked at: user, login, address, when. All at once or none.
    pub fn note_looks(&self, looks: &[(UserId, String, String, String)]) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        {
            let mut statement = transaction.prepare_cached(
                "INSERT INTO looks (day, user, who, what, times, last) VALUES (substr(?4, 1, 10), ?1, ?2, ?3, 1, ?4) \
                 ON CONFLICT (day, user, what) DO UPDATE SET times = times + 1, last = excluded.last",
            )?;
            for (user, who, what, at) in looks {
                statement.execute(params![user.0, who, what, at])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// What was looked at last, newest first: by one login or all, with a text in the address.
    pub fn looks(&self, who: Option<&str>, like: Option<&str>, limit: u32) -> Result<Vec<Look>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT day, who, what, times, last FROM looks \
             WHERE (?1 IS NULL OR who = ?1 COLLATE NOCASE) AND (?2 IS NULL OR instr(what, ?2) > 0) \
             ORDER BY last DESC LIMIT ?3",
        )?;
        let rows = statement
            .query_map(params![who, like, limit], |row| {
                Ok(Look {
                    day: row.get(0)?,
                    who: row.get(1)?,
                    what: row.get(2)?,
                    times: row.get(3)?,
                    last: row.get(4)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }
}

/// A JSON list of texts.
pub(crate) fn list_of(texts: &[&str]) -> String {
    serde_json::Value::from(texts.to_vec()).to_string()
}
