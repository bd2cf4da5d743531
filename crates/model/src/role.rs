//! What people are here, and what that lets them do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Text;

/// What somebody is to the company. What each may do is [`Role::may`]; whose figures each sees is decided by the
/// reporting line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything, and says who else may come in.
    Owner,
    /// Sees everybody and decides on targets, owners of accounts and evaluations.
    Head,
    /// Sees the own line and decides for it.
    Lead,
    /// Sees the own figures and answers to them.
    AccountManager,
    /// Sees everybody and looks after the data.
    Operations,
    /// Sees, and changes nothing.
    Reader,
}

/// Something that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Look at figures and rows, as far as the own reach goes.
    See,
    /// Take part in the own evaluation: assess oneself, comment, dispute.
    Answer,
    /// Bring data in, correct it, take it back; sources, aliases, quality of data.
    Collect,
    /// Say what is measured and how it is weighed; where notices go.
    Define,
    /// Decide about people: owners of accounts, targets, assessments.
    Decide,
    /// Say who may come in, and see what everybody did.
    Govern,
}

impl Role {
    /// Every role; the mightiest first.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Head, Self::Lead, Self::AccountManager, Self::Operations, Self::Reader];

    /// Its name in commands, addresses and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Head => "head",
            Self::Lead => "lead",
            Self::AccountManager => "account_manager",
            Self::Operations => "operations",
            Self::Reader => "reader",
        }
    }

    /// What it is called on a page.
    pub const fn label(self) -> Text {
        match self {
            Self::Owner => Text::new("pemilik", "owner"),
            Self::Head => Text::new("kepala penjualan", "sales head"),
            Self::Lead => Text::new("supervisor", "team lead"),
            Self::AccountManager => Text::new("manajer akun", "account manager"),
            Self::Operations => Text::new("operasional penjualan", "sales operations"),
            Self::Reader => Text::new("pembaca", "reader"),
        }
    }

    /// What it may do, in one sentence.
    pub const fn description(self) -> Text {
        match self {
            Self::Owner => Text::new(
                "melihat dan mengubah semuanya, dan menentukan siapa boleh masuk",
                "sees and changes everything, and says who may come in",
            ),
            Self::Head => Text::new(
                "melihat semua orang; memutuskan target, pemilik akun, dan evaluasi",
                "sees everybody; decides on targets, owners of accounts and evaluations",
            ),
            Self::Lead => {
                Text::new("melihat timnya sendiri dan memutuskan untuknya", "sees the own team and decides for it")
            }
            Self::AccountManager => {
                Text::new("melihat angkanya sendiri dan menanggapinya", "sees the own figures and answers to them")
            }
            Self::Operations => Text::new(
                "melihat semua orang; mengurus data, sumber, dan definisi KPI",
                "sees everybody; looks after data, sources and the definitions of KPIs",
            ),
            Self::Reader => Text::new("melihat saja, tidak mengubah apa pun", "sees, and changes nothing"),
        }
    }

    /// The role lets one do that.
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::See => true,
            Right::Answer => !matches!(self, Self::Reader),
            Right::Collect => matches!(self, Self::Owner | Self::Operations),
            Right::Define => matches!(self, Self::Owner | Self::Head | Self::Operations),
            Right::Decide => matches!(self, Self::Owner | Self::Head | Self::Lead),
            Right::Govern => matches!(self, Self::Owner),
        }
    }

    /// It sees its own line only: it has to be said which account manager the person is.
    pub const fn is_of_a_line(self) -> bool {
        matches!(self, Self::Lead | Self::AccountManager)
    }
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 6] = [Self::See, Self::Answer, Self::Collect, Self::Define, Self::Decide, Self::Govern];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Answer => "answer",
            Self::Collect => "collect",
            Self::Define => "define",
            Self::Decide => "decide",
            Self::Govern => "govern",
        }
    }

    /// What is refused without it.
    pub const fn label(self) -> Text {
        match self {
            Self::See => Text::new("melihat angka", "looking at figures"),
            Self::Answer => Text::new("menanggapi dan merencanakan", "responding and planning"),
            Self::Collect => Text::new("memasukkan dan memperbaiki data", "bringing in and correcting data"),
            Self::Define => Text::new("menentukan apa yang diukur", "saying what is measured"),
            Self::Decide => {
                Text::new("memutuskan tentang orang, akun, dan target", "deciding about people, accounts and targets")
            }
            Self::Govern => Text::new("mengatur pengguna", "governing users"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown role \"{0}\": write owner, head, lead, account_manager, operations or reader")]
pub struct RoleError(pub String);

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| RoleError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert!("admin".parse::<Role>().is_err());
    }

    /// The whole table, so that a change of it is seen.
    #[test]
    fn who_may_do_what() {
        let of = |role: Role| {
            Right::ALL.iter().filter(|right| role.may(**right)).map(|right| right.name()).collect::<Vec<_>>()
        };
        assert_eq!(of(Role::Owner), ["see", "answer", "collect", "define", "decide", "govern"]);
        assert_eq!(of(Role::Head), ["see", "answer", "define", "decide"]);
        assert_eq!(of(Role::Lead), ["see", "answer", "decide"]);
        assert_eq!(of(Role::AccountManager), ["see", "answer"]);
        assert_eq!(of(Role::Operations), ["see", "answer", "collect", "define"]);
        assert_eq!(of(Role::Reader), ["see"]);
    }
}
