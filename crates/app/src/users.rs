//! Who may come in: users, and the tokens that programs of theirs come in with.

use jiff::Span;
use serde::{Deserialize, Serialize};
use takar_model::{Lang, ManagerId, Right, Role, Text, UserId};
use takar_state::{Action, Look, Message, TokenRow, UserRow};

use crate::{
    Actor, AppError, Password, Person, Result, Takar,
    decisions::what_was_done,
    home::told,
    password::{digest_of, hashed, new_key},
};

/// The most letters of a login, a name and a label.
const LONGEST: usize = 100;
/// What every token begins with, so that one that lies around is recognised as what it is.
pub(crate) const TOKEN: &str = "takar_";

/// Something that was done, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// When, UTC.
    pub at: String,
    /// The login of who did it; none where the home had no users, or it was done by itself.
    pub who: Option<String>,
    /// What, in a word that does not change.
    pub action: String,
    /// What, for people.
    pub what: String,
    /// On what.
    pub detail: String,
}

/// A user to be added.
#[derive(Debug, Clone, Deserialize)]
pub struct NewUser {
    /// What is typed to come in.
    pub login: String,
    /// What the person is called; the login unless given.
    pub name: Option<String>,
    /// What the person is here.
    pub role: Role,
    /// Which account manager the person is.
    pub manager: Option<ManagerId>,
    /// The first password.
    pub password: Password,
}

/// What is to be changed of a user; what is not named stays.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct UserChange {
    /// What the person is called.
    pub name: Option<String>,
    /// What the person is here.
    pub role: Option<Role>,
    /// Which account manager the person is; empty = none.
    pub manager: Option<ManagerId>,
    /// Another password.
    pub password: Option<Password>,
    /// Whether the person may come in.
    pub is_open: Option<bool>,
}

/// A user, as who governs them sees it.
#[derive(Debug, Clone, Serialize)]
pub struct User {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// When added, UTC.
    pub added: String,
    /// Since when the person may no longer come in, UTC.
    pub closed: Option<String>,
    /// How many account managers' figures the person sees; everybody's without a number.
    pub reach: Option<usize>,
}

/// A token just made: the only time that it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct NewToken {
    /// The number.
    pub id: i64,
    /// What a program says to come in.
    pub token: String,
    /// When it ends, UTC.
    pub ends: Option<String>,
}

/// A token, without what it is recognised by.
#[derive(Debug, Clone, Serialize)]
pub struct Token {
    /// The number.
    pub id: i64,
    /// The login of whose it is.
    pub login: String,
    /// What it is for.
    pub label: String,
    /// When it was made, UTC.
    pub made: String,
    /// When it was last used, UTC.
    pub used: Option<String>,
    /// When it ends, UTC.
    pub ends: Option<String>,
}

impl Takar {
    /// Somebody was added once: from then on it has to be said who acts.
    pub fn has_users(&self) -> Result<bool> {
        Ok(self.state.has_users()?)
    }

    /// There is an owner who may come in.
    pub fn has_owner(&self) -> Result<bool> {
        Ok(self.state.users()?.iter().any(|user| user.role == Role::Owner && user.closed.is_none()))
    }

    /// Adds a user. The first one is an owner.
    ///
    /// # Errors
    /// Where the role does not let one, the login is taken, something is missing, or the password is easily guessed.
    pub fn add_user(&self, new: &NewUser) -> Result<User> {
        self.may(Right::Govern)?;
        let login = kept(&new.login, "nama masuk", "a login")?;
        if login.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return Err(AppError::Asked(Text::new(
                "nama masuk tidak boleh memakai spasi: tulis misalnya siti.rahma",
                "a login has no spaces: write siti.rahma, say",
            )));
        }
        let name = match new.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => kept(name, "nama", "a name")?,
            None => login.clone(),
        };
        if new.role != Role::Owner && !self.has_owner()? {
            return Err(AppError::Asked(Text::new(
                "pengguna pertama adalah pemilik: tambahkan dulu pengguna dengan peran owner",
                "the first user is an owner: add one with the role owner first",
            )));
        }
        let manager = new.manager.clone().filter(|manager| !manager.0.trim().is_empty());
        check_place(new.role, manager.as_ref())?;
        let row = UserRow {
            id: UserId(0),
            password: hashed(&new.password, &login, &name)?,
            login,
            name,
            role: new.role,
            manager: manager.map(|manager| manager.0.trim().to_owned()),
            added: self.now(),
            closed: None,
        };
        let id = self.state.add_user(&row)?;
        // From now on it matters who reads the files of the home: nobody else of this machine.
        self.close_folder()?;
        self.note("add user", &format!("{} ({})", row.login, row.role))?;
        self.user_of(UserRow { id, ..row })
    }

    /// Changes a user.
    ///
    /// # Errors
    /// As [`Takar::add_user`]; where no owner would be left.
    pub fn change_user(&self, login: &str, change: &UserChange) -> Result<User> {
        self.may(Right::Govern)?;
        let before = self.state.user(login)?.ok_or_else(no_such_user)?;
        let mut row = before.clone();
        let mut said = Vec::new();
        if let Some(name) = &change.name {
            row.name = kept(name, "nama", "a name")?;
            said.push(format!("name {}", row.name));
        }
        if let Some(role) = change.role {
            row.role = role;
            said.push(format!("role {role}"));
        }
        if let Some(manager) = &change.manager {
            row.manager = Some(manager.0.trim().to_owned()).filter(|manager| !manager.is_empty());
            said.push(format!("manager {}", row.manager.as_deref().unwrap_or("-")));
        }
        if let Some(password) = &change.password {
            row.password = hashed(password, &row.login, &row.name)?;
            said.push("password".to_owned());
        }
        match change.is_open {
            Some(true) => row.closed = None,
            Some(false) => row.closed = Some(row.closed.unwrap_or_else(|| self.now())),
            None => {}
        }
        if before.closed.is_some() != row.closed.is_some() {
            said.push(if row.closed.is_some() { "closed" } else { "opened" }.to_owned());
        }
        check_place(row.role, row.manager.clone().map(ManagerId).as_ref())?;
        let is_owner = |user: &UserRow| user.role == Role::Owner && user.closed.is_none();
        if is_owner(&before) && !is_owner(&row) && self.state.users()?.iter().filter(|user| is_owner(user)).count() == 1
        {
            return Err(AppError::Asked(Text::new(
                "ini pemilik terakhir: angkat pemilik lain dulu",
                "this is the last owner: make somebody else owner first",
            )));
        }
        self.state.change_user(&row)?;
        self.note("change user", &format!("{}: {}", row.login, said.join(", ")))?;
        self.user_of(row)
    }

    /// All users by login.
    pub fn users(&self) -> Result<Vec<User>> {
        self.may(Right::Govern)?;
        self.state.users()?.into_iter().map(|row| self.user_of(row)).collect()
    }

    /// The one who acts gets another password; other sessions end.
    ///
    /// # Errors
    /// Where the old one is not right or the new one is easily guessed.
    pub fn change_password(&self, old: &Password, new: &Password) -> Result<()> {
        let mut row = self.own_row()?;
        // Recognised and counted as a login is: who sits at an open page cannot guess on.
        match self.recognise(&row.login, old, "password") {
            Ok(_) => {}
            Err(AppError::NotIn) => {
                return Err(AppError::Asked(Text::new("kata sandi lama tidak cocok", "the old password is not right")));
            }
            Err(error) => return Err(error),
        }
        row.password = hashed(new, &row.login, &row.name)?;
        self.state.change_user(&row)?;
        self.note("change password", &row.login)
    }

    /// Makes a token for a program that is to act as the one who acts.
    ///
    /// # Errors
    /// Where nobody in particular acts, or the label is missing.
    pub fn make_token(&self, label: &str, days: Option<u16>) -> Result<NewToken> {
        let row = self.own_row()?;
        let label = kept(label, "keterangan token", "the label of a token")?;
        let ends = days.map(|days| (self.clock)().checked_add(Span::new().hours(24 * i64::from(days))));
        let ends = ends.transpose().ok().flatten().map(told);
        let token = format!("{TOKEN}{}", new_key()?);
        let id = self.state.add_token(row.id, &label, &digest_of(&token), &self.now(), ends.as_deref())?;
        self.note("make token", &format!("{id} ({label})"))?;
        Ok(NewToken { id, token, ends })
    }

    /// Makes a token for a program that is to act as a user.
    ///
    /// # Errors
    /// Where the role does not let one, or there is no such user.
    pub fn make_token_of(&self, login: &str, label: &str, days: Option<u16>) -> Result<NewToken> {
        self.may(Right::Govern)?;
        let row = self.state.user(login)?.filter(|row| row.closed.is_none()).ok_or_else(no_such_user)?;
        self.acting_as(Person::from(&row))?.make_token(label, days)
    }

    /// The tokens of the one who acts; of all, for who governs users.
    pub fn tokens(&self) -> Result<Vec<Token>> {
        let users = self.state.users()?;
        let login =
            |id: UserId| users.iter().find(|user| user.id == id).map_or_else(String::new, |user| user.login.clone());
        let of = |row: TokenRow| Token {
            id: row.id,
            login: login(row.user),
            label: row.label,
            made: row.made,
            used: row.used,
            ends: row.ends,
        };
        Ok(self.state.tokens(self.own_or_all())?.into_iter().map(of).collect())
    }

    /// Takes a token away: one's own; any, for who governs users.
    ///
    /// # Errors
    /// Where there is none.
    pub fn remove_token(&self, id: i64) -> Result<()> {
        if !self.state.remove_token(id, self.own_or_all())? {
            return Err(AppError::NotFound(Text::new("tidak ada token itu", "there is no such token")));
        }
        self.note("remove token", &id.to_string())
    }

    /// What was done last, newest first.
    pub fn actions(&self, limit: u32, lang: Lang) -> Result<Vec<Done>> {
        self.may(Right::Govern)?;
        let done = |Action { at, who, action, detail }: Action| Done {
            at,
            who,
            what: what_was_done(&action).map_or(action.as_str(), |text| text.get(lang)).to_owned(),
            action,
            detail: detail.get(lang).to_owned(),
        };
        Ok(self.state.actions(limit)?.into_iter().map(done).collect())
    }

    /// What was looked at last, newest first.
    pub fn looks(&self, who: Option<&str>, like: Option<&str>, limit: u32) -> Result<Vec<Look>> {
        self.may(Right::Govern)?;
        Ok(self.state.looks(who, like, limit)?)
    }

    /// Lets only the owner of the folder read it, where the system knows such a thing.
    #[cfg(unix)]
    fn close_folder(&self) -> Result<()> {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&self.folder, std::fs::Permissions::from_mode(0o700))
            .map_err(|source| self.wrong(source))
    }

    #[cfg(not(unix))]
    fn close_folder(&self) -> Result<()> {
        Ok(())
    }

    fn own_or_all(&self) -> Option<UserId> {
        match &self.actor {
            Actor::Person(person) if !person.role.may(Right::Govern) => Some(person.id),
            _ => None,
        }
    }

    fn own_row(&self) -> Result<UserRow> {
        let Actor::Person(person) = &self.actor else {
            return Err(AppError::Asked(Text::new(
                "masuk dulu: ini hanya bisa untuk pengguna tertentu",
                "come in first: this is for one user",
            )));
        };
        self.state.user_by_id(person.id)?.ok_or_else(no_such_user)
    }

    fn user_of(&self, row: UserRow) -> Result<User> {
        let person = Person::from(&row);
        let reach = self.acting_as(person.clone())?.reach().map(|reach| reach.managers().count());
        Ok(User { person, added: row.added, closed: row.closed, reach })
    }
}

/// Text that is kept: something, and not without end.
fn kept(text: &str, id: &str, en: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(AppError::Told(Message {
            id: format!("{id} harus 1 sampai {LONGEST} karakter"),
            en: format!("{en} has 1 to {LONGEST} characters"),
        }));
    }
    Ok(text.to_owned())
}

/// Who sees a line has a place in it.
fn check_place(role: Role, manager: Option<&ManagerId>) -> Result<()> {
    if role.is_of_a_line() && manager.is_none() {
        return Err(AppError::Told(Message {
            id: format!("peran {} perlu kode manajer akun: angka siapa yang dilihatnya", role.label().id),
            en: format!("the role {} needs the id of an account manager: whose figures are seen", role.label().en),
        }));
    }
    Ok(())
}

fn no_such_user() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada pengguna itu: lihat `takar users`",
        "there is no such user: see `takar users`",
    ))
}
