//! Who may come in: users, and the tokens that programs of theirs come in with.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use takar_model::{Lang, Role, UserId};

use crate::{Result, State, StateError};

/// A user as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The number.
    pub id: UserId,
    /// What is typed to come in; case does not matter.
    pub login: String,
    /// What the person is called.
    pub name: String,
    /// What the person is here.
    pub role: Role,
    /// Which account manager the person is.
    pub manager: Option<String>,
    /// How the password is recognised (PHC string).
    pub password: String,
    /// When the user was added, UTC.
    pub added: String,
    /// Since when the person may no longer come in, UTC.
    pub closed: Option<String>,
}

/// How often somebody wants a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// Each day on which there is anything new.
    #[default]
    Daily,
    /// Each Monday.
    Weekly,
    /// Not at all.
    Never,
}

impl Digest {
    /// Its name in the table, in commands and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Never => "never",
        }
    }

    /// The one of that name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Daily, Self::Weekly, Self::Never].into_iter().find(|digest| digest.name() == name)
    }
}

/// How a user is written to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// The address; nothing is sent without one.
    pub email: Option<String>,
    /// In which language.
    pub lang: Lang,
    /// How often a digest is wanted.
    pub digest: Digest,
    /// When the last one was made, UTC.
    pub digested: Option<String>,
}

/// A token as kept; what it is recognised by stays in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// The number.
    pub id: i64,
    /// Whose it is.
    pub user: UserId,
    /// What it is for.
    pub label: String,
    /// When it was made, UTC.
    pub made: String,
    /// When it was last used, UTC.
    pub used: Option<String>,
    /// When it ends, UTC.
    pub ends: Option<String>,
}

const ALL: &str = "SELECT id, login, name, role, manager, password, added, closed FROM users";

fn user_of(row: &Row<'_>) -> rusqlite::Result<UserRow> {
    let role: String = row.get(3)?;
    Ok(UserRow {
        id: UserId(row.get(0)?),
        login: row.get(1)?,
        name: row.get(2)?,
        // A role that a later Takar wrote lets one do the least.
        role: role.parse().unwrap_or(Role::Reader),
        manager: row.get(4)?,
        password: row.get(5)?,
        added: row.get(6)?,
        closed: row.get(7)?,
    })
}

fn token_of(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    Ok(TokenRow {
        id: row.get(0)?,
        user: UserId(row.get(1)?),
        label: row.get(2)?,
        made: row.get(3)?,
        used: row.get(4)?,
        ends: row.get(5)?,
    })
}

impl State {
    /// Adds a user; the number in `user` is not looked at.
    ///
    /// # Errors
    /// [`StateError::TakenLogin`] where the login is somebody's.
    pub fn add_user(&self, user: &UserRow) -> Result<UserId> {
        let connection = self.connection();
        let added = connection.execute(
            "INSERT INTO users (login, name, role, manager, password, added) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (login) DO NOTHING",
            params![user.login, user.name, user.role.name(), user.manager, user.password, user.added],
        )?;
        if added == 0 {
            return Err(StateError::TakenLogin(user.login.clone()));
        }
        Ok(UserId(connection.last_insert_rowid()))
    }

    /// Keeps what is changed of a user: all but login and the day it was added. One who may no longer come in, or has
    /// another password, has no session left; tokens go with the closing.
    pub fn change_user(&self, user: &UserRow) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let before: String =
            transaction.query_row("SELECT password FROM users WHERE id = ?1", [user.id.0], |row| row.get(0))?;
        transaction.execute(
            "UPDATE users SET name = ?2, role = ?3, manager = ?4, password = ?5, closed = ?6 WHERE id = ?1",
            params![user.id.0, user.name, user.role.name(), user.manager, user.password, user.closed],
        )?;
        if user.closed.is_some() || before != user.password {
            transaction.execute("DELETE FROM sessions WHERE user = ?1", [user.id.0])?;
        }
        if user.closed.is_some() {
            transaction.execute("DELETE FROM tokens WHERE user = ?1", [user.id.0])?;
        }
        Ok(transaction.commit()?)
    }

    /// The user of that login.
    pub fn user(&self, login: &str) -> Result<Option<UserRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALL} WHERE login = ?1"), [login], user_of).optional()?)
    }

    /// The user of that number.
    pub fn user_by_id(&self, id: UserId) -> Result<Option<UserRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALL} WHERE id = ?1"), [id.0], user_of).optional()?)
    }

    /// All users by login, also those who may no longer come in.
    pub fn users(&self) -> Result<Vec<UserRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{ALL} ORDER BY login"))?;
        let rows = statement.query_map([], user_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Somebody was ever added.
    pub fn has_users(&self) -> Result<bool> {
        Ok(self.connection().query_row("SELECT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0))?)
    }

    /// Keeps a token, recognised by a digest.
    pub fn add_token(&self, user: UserId, label: &str, key: &str, made: &str, ends: Option<&str>) -> Result<i64> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO tokens (user, label, key, made, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![user.0, label, key, made, ends],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// The token of a digest.
    pub fn token(&self, key: &str) -> Result<Option<TokenRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT id, user, label, made, used, ends FROM tokens WHERE key = ?1")?;
        Ok(statement.query_row([key], token_of).optional()?)
    }

    /// The tokens of one user, or of all.
    pub fn tokens(&self, user: Option<UserId>) -> Result<Vec<TokenRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, user, label, made, used, ends FROM tokens WHERE ?1 IS NULL OR user = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([user.map(|user| user.0)], token_of)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// Notes when a token was used.
    pub fn note_token(&self, id: i64, at: &str) -> Result<()> {
        self.connection().execute("UPDATE tokens SET used = ?2 WHERE id = ?1", params![id, at])?;
        Ok(())
    }

    /// Takes a token away; of one user, where one is named. False where there is none.
    pub fn remove_token(&self, id: i64, user: Option<UserId>) -> Result<bool> {
        let removed = self.connection().execute(
            "DELETE FROM tokens WHERE id = ?1 AND (?2 IS NULL OR user = ?2)",
            params![id, user.map(|user| user.0)],
        )?;
        Ok(removed > 0)
    }

    /// How a user is written to.
    pub fn contact(&self, user: UserId) -> Result<Contact> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT email, lang, digest, digested FROM users WHERE id = ?1")?;
        let contact = |row: &Row<'_>| {
            Ok(Contact {
                email: row.get(0)?,
                lang: row.get::<_, String>(1)?.parse().unwrap_or_default(),
                digest: Digest::of(&row.get::<_, String>(2)?).unwrap_or_default(),
                digested: row.get(3)?,
            })
        };
        Ok(statement.query_row([user.0], contact).optional()?.unwrap_or_default())
    }

    /// Keeps how a user is written to; when the last digest was made stays.
    pub fn set_contact(&self, user: UserId, contact: &Contact) -> Result<()> {
        self.connection().execute(
            "UPDATE users SET email = ?2, lang = ?3, digest = ?4 WHERE id = ?1",
            params![user.0, contact.email, contact.lang.code(), contact.digest.name()],
        )?;
        Ok(())
    }

    /// Notes when a user's digest was made, once for that time: false where another process did so.
    pub fn note_digest(&self, user: UserId, before: Option<&str>, at: &str) -> Result<bool> {
        let noted = self
            .connection()
            .execute("UPDATE users SET digested = ?3 WHERE id = ?1 AND digested IS ?2", params![user.0, before, at])?;
        Ok(noted > 0)
    }
}
