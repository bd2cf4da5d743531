//! Coming in: a password, a session or a token becomes somebody who acts.

use std::sync::PoisonError;

use jiff::{Span, Timestamp};
use takar_model::UserId;
use takar_state::SessionRow;

use crate::{
    AppError, Password, Person, Result, Takar,
    home::told,
    password::{digest_of, is_right, new_key},
    users::TOKEN,
};

/// A session that was not used for so long is over.
const IDLE_HOURS: i64 = 12;
/// No session is longer.
const LONGEST_HOURS: i64 = 7 * 24;
/// Failures count for so long.
const FAILURES_MINUTES: i64 = 15;
/// So many failures are let pass: of a login from one place, of a login, from one place.
const FAILURES: (u32, u32, u32) = (5, 50, 30);

/// A session just begun.
#[derive(Debug, Clone)]
pub struct Session {
    /// What the browser holds.
    pub key: String,
    /// What each change has to bring along.
    pub guard: String,
    /// Who came in.
    pub person: Person,
}

/// Who comes in with a session, and what changes have to bring along.
#[derive(Debug, Clone)]
pub struct Inside {
    /// Who.
    pub person: Person,
    /// What each change has to bring along.
    pub guard: String,
}

impl Takar {
    /// Comes in with a password.
    ///
    /// # Errors
    /// [`AppError::NotIn`] where login and password do not belong together (whichever is wrong, and as slowly);
    /// [`AppError::TooMany`] after too many failures.
    pub fn log_in(&self, login: &str, password: &Password, place: &str) -> Result<Session> {
        let person = self.recognise(login, password, place)?;
        let now = self.now();
        let session = Session { key: new_key()?, guard: new_key()?, person };
        let row = SessionRow { user: session.person.id, guard: session.guard.clone(), begun: now.clone(), seen: now };
        self.state.add_session(&digest_of(&session.key), &row, &self.ago(Span::new().hours(LONGEST_HOURS)))?;
        self.acting_as(session.person.clone())?.note("log in", place)?;
        Ok(session)
    }

    /// Who has this login and this password.
    ///
    /// # Errors
    /// As [`Takar::log_in`].
    pub fn recognise(&self, login: &str, password: &Password, place: &str) -> Result<Person> {
        let typed = login.trim();
        // Failures of one login count together however it is written.
        let login = typed.to_lowercase();
        // One after the other: memory is bounded, and nobody tries many at once.
        let _one_at_a_time = self.recognising.lock().unwrap_or_else(PoisonError::into_inner);
        let since = self.ago(Span::new().minutes(FAILURES_MINUTES));
        let failed = self.state.failed_logins(&login, place, &since)?;
        if failed.together >= FAILURES.0 || failed.login >= FAILURES.1 || failed.place >= FAILURES.2 {
            return Err(AppError::TooMany { minutes: FAILURES_MINUTES });
        }
        let user = self.state.user(typed)?.filter(|user| user.closed.is_none());
        if !is_right(password, user.as_ref().map(|user| user.password.as_str())) {
            let day_ago = self.ago(Span::new().hours(24));
            self.state.note_failed_login(&login, place, &self.now(), &day_ago)?;
            return Err(AppError::NotIn);
        }
        self.state.forget_failed_logins(&login, place)?;
        user.map(|user| Person::from(&user)).ok_or(AppError::NotIn)
    }

    /// Who comes in with what a browser holds, if anybody.
    pub fn inside(&self, key: &str) -> Result<Option<Inside>> {
        let digest = digest_of(key);
        let Some(session) = self.state.session(&digest)? else { return Ok(None) };
        let is_over = session.seen < self.ago(Span::new().hours(IDLE_HOURS))
            || session.begun < self.ago(Span::new().hours(LONGEST_HOURS));
        if is_over {
            self.state.end_session(&digest)?;
            return Ok(None);
        }
        if session.seen < self.ago(Span::new().minutes(1)) {
            self.state.note_session(&digest, &self.now())?;
        }
        let person = self.person(session.user)?;
        Ok(person.map(|person| Inside { person, guard: session.guard }))
    }

    /// Ends a session.
    pub fn log_out(&self, key: &str) -> Result<()> {
        Ok(self.state.end_session(&digest_of(key))?)
    }

    /// Who comes in with a token, if anybody.
    pub fn bearer(&self, token: &str) -> Result<Option<Person>> {
        if !token.starts_with(TOKEN) {
            return Ok(None);
        }
        let now = self.now();
        let Some(known) = self.state.token(&digest_of(token))? else { return Ok(None) };
        if known.ends.as_ref().is_some_and(|ends| *ends <= now) {
            return Ok(None);
        }
        if known.used.as_ref().is_none_or(|used| *used < self.ago(Span::new().minutes(1))) {
            self.state.note_token(known.id, &now)?;
        }
        self.person(known.user)
    }

    /// Notes what was looked at: who, what, when.
    pub fn note_looks(&self, looks: &[(UserId, String, String, Timestamp)]) -> Result<()> {
        let looks: Vec<_> =
            looks.iter().map(|(user, who, what, at)| (*user, who.clone(), what.clone(), told(*at))).collect();
        Ok(self.state.note_looks(&looks)?)
    }

    /// Notes a change that was asked for over HTTP.
    pub fn note_change(&self, what: &str) -> Result<()> {
        self.note("change", what)
    }

    /// The time by the clock of this home.
    pub fn clock(&self) -> Timestamp {
        (self.clock)()
    }

    fn person(&self, user: UserId) -> Result<Option<Person>> {
        let row = self.state.user_by_id(user)?.filter(|row| row.closed.is_none());
        Ok(row.as_ref().map(Person::from))
    }

    fn ago(&self, span: Span) -> String {
        told((self.clock)().checked_sub(span).unwrap_or_default())
    }
}
