//! Who is in, and who tried to come in.

use rusqlite::{OptionalExtension, params};
use takar_model::UserId;

use crate::{Result, State};

/// A session as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Who is in.
    pub user: UserId,
    /// What each change has to bring along.
    pub guard: String,
    /// When it was begun, UTC.
    pub begun: String,
    /// When it was last used, UTC.
    pub seen: String,
}

/// How often logins failed lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedLogins {
    /// With this login from this place.
    pub together: u32,
    /// With this login from anywhere.
    pub login: u32,
    /// From this place with any login.
    pub place: u32,
}

impl State {
    /// Keeps a session, recognised by a digest; those begun before `oldest` go.
    pub fn add_session(&self, key: &str, session: &SessionRow, oldest: &str) -> Result<()> {
        let connection = self.connection();
        connection.execute("DELETE FROM sessions WHERE begun < ?1", [oldest])?;
        connection.execute(
            "INSERT INTO sessions (key, user, guard, begun, seen) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![key, session.user.0, session.guard, session.begun, session.seen],
        )?;
        Ok(())
    }

    /// The session of a digest.
    pub fn session(&self, key: &str) -> Result<Option<SessionRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT user, guard, begun, seen FROM sessions WHERE key = ?1")?;
        let session = statement.query_row([key], |row| {
            Ok(SessionRow { user: UserId(row.get(0)?), guard: row.get(1)?, begun: row.get(2)?, seen: row.get(3)? })
        });
        Ok(session.optional()?)
    }

    /// Notes when a session was used.
    pub fn note_session(&self, key: &str, at: &str) -> Result<()> {
        self.connection().execute("UPDATE sessions SET seen = ?2 WHERE key = ?1", [key, at])?;
        Ok(())
    }

    /// Ends a session.
    pub fn end_session(&self, key: &str) -> Result<()> {
        self.connection().execute("DELETE FROM sessions WHERE key = ?1", [key])?;
        Ok(())
    }

    /// Notes a login that failed, and forgets those before `oldest`.
    pub fn note_failed_login(&self, login: &str, place: &str, at: &str, oldest: &str) -> Result<()> {
        let connection = self.connection();
        connection.execute("DELETE FROM failed_logins WHERE at < ?1", [oldest])?;
        connection.execute("INSERT INTO failed_logins (login, place, at) VALUES (?1, ?2, ?3)", [login, place, at])?;
        Ok(())
    }

    /// How often logins failed since.
    pub fn failed_logins(&self, login: &str, place: &str, since: &str) -> Result<FailedLogins> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT coalesce(sum(login = ?1 AND place = ?2), 0), coalesce(sum(login = ?1), 0), \
             coalesce(sum(place = ?2), 0) FROM failed_logins WHERE at >= ?3",
        )?;
        let failed = statement.query_row([login, place, since], |row| {
            Ok(FailedLogins { together: row.get(0)?, login: row.get(1)?, place: row.get(2)? })
        })?;
        Ok(failed)
    }

    /// Forgets the failures of a login from a place: the person came in.
    pub fn forget_failed_logins(&self, login: &str, place: &str) -> Result<()> {
        self.connection().execute("DELETE FROM failed_logins WHERE login = ?1 AND place = ?2", [login, place])?;
        Ok(())
    }
}
