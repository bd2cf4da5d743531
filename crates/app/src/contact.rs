//! How a person is written to: the address, the language, how often a digest is wanted.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Right, Text};
use takar_state::{Contact, Digest, Message, UserRow};

use crate::{Actor, AppError, Result, Takar};

/// What is to be changed; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactAsked {
    /// The address; empty = none.
    #[serde(default)]
    pub email: Option<String>,
    /// The language of what is sent.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// How often a digest is wanted.
    #[serde(default)]
    pub digest: Option<Digest>,
}

/// How a person is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContactTold {
    /// Whose.
    pub login: String,
    /// The address; nothing is sent without one.
    pub email: Option<String>,
    /// In which language.
    pub lang: Lang,
    /// How often a digest is wanted.
    pub digest: Digest,
    /// When the last one was made, UTC.
    pub digested: Option<String>,
}

impl Takar {
    /// How a user is written to: oneself, or anybody for who governs users.
    ///
    /// # Errors
    /// Where there is no such user, or it is another.
    pub fn contact(&self, login: Option<&str>) -> Result<ContactTold> {
        let user = self.whose_contact(login)?;
        Ok(told(&user, self.state.contact(user.id)?))
    }

    /// Changes how a user is written to.
    ///
    /// # Errors
    /// As [`Takar::contact`]; where the address is none.
    pub fn set_contact(&self, login: Option<&str>, asked: &ContactAsked) -> Result<ContactTold> {
        let user = self.whose_contact(login)?;
        let mut contact = self.state.contact(user.id)?;
        if let Some(email) = asked.email.as_deref().map(str::trim) {
            if !email.is_empty() {
                takar_outbox::check_address(email).map_err(|error| {
                    AppError::Told(Message { id: error.message(Lang::Id), en: error.message(Lang::En) })
                })?;
            }
            contact.email = Some(email.to_owned()).filter(|email| !email.is_empty());
        }
        contact.lang = asked.lang.unwrap_or(contact.lang);
        contact.digest = asked.digest.unwrap_or(contact.digest);
        self.state.set_contact(user.id, &contact)?;
        let email = contact.email.as_deref().unwrap_or("-");
        self.note(
            "set contact",
            &format!("{}: {email} {} {}", user.login, contact.lang.code(), contact.digest.name()),
        )?;
        Ok(told(&user, contact))
    }

    fn whose_contact(&self, login: Option<&str>) -> Result<UserRow> {
        let own = match &self.actor {
            Actor::Person(person) => Some(person.login.clone()),
            Actor::Keeper => None,
        };
        let is_own = login.is_none_or(|login| own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(login)));
        if !is_own {
            self.may(Right::Govern)?;
        }
        let login = login.map(str::to_owned).or(own).ok_or(AppError::Asked(Text::new(
            "masuk dulu: ini hanya bisa untuk pengguna tertentu",
            "come in first: this is for one user",
        )))?;
        self.state.user(&login)?.ok_or(AppError::NotFound(Text::new(
            "tidak ada pengguna itu: lihat `takar users`",
            "there is no such user: see `takar users`",
        )))
    }
}

fn told(user: &UserRow, contact: Contact) -> ContactTold {
    ContactTold {
        login: user.login.clone(),
        email: contact.email,
        lang: contact.lang,
        digest: contact.digest,
        digested: contact.digested,
    }
}
