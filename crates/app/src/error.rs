//! What a use case can fail with.

use takar_database::DatabaseError;
use takar_import::ImportError;
use takar_insight::InsightError;
use takar_lake::LakeError;
use takar_model::{Lang, PeriodError, Right, Role, Text};
use takar_state::{Message, StateError};

/// An error of a use case, said in the reader's language.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The file was refused.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A database could not be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The state failed.
    #[error(transparent)]
    State(#[from] StateError),
    /// The question could not be answered.
    #[error(transparent)]
    Insight(#[from] InsightError),
    /// A period was not written as one.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// Something else was asked wrongly.
    #[error("{}", .0.en)]
    Asked(Text),
    /// The same, with what it is about.
    #[error("{}", .0.en)]
    Told(Message),
    /// There is no such thing.
    #[error("{}", .0.en)]
    NotFound(Text),
    /// The role does not let one do that.
    #[error("the role {} does not include {}: ask an owner", .role.label().en, .right.label().en)]
    Forbidden {
        /// What the person is.
        role: Role,
        /// What was tried.
        right: Right,
    },
    /// It is about everybody, and the person sees the own line only.
    #[error("the role {} sees the own line only, and this is about everybody: ask an owner", .role.label().en)]
    OutOfReach {
        /// What the person is.
        role: Role,
    },
    /// It is about oneself where it may not be, or about another where it has to be oneself.
    #[error("{}", .0.en)]
    Own(Message),
    /// Login and password do not belong together, or nobody is in.
    #[error("login and password do not belong together")]
    NotIn,
    /// Logins failed too often.
    #[error("too many logins failed: try again in {minutes} minutes, or ask an owner for another password")]
    TooMany {
        /// How long to wait.
        minutes: i64,
    },
    /// The same, with what it is about.
    #[error("{}", .0.en)]
    Missing(Message),
    /// The home folder could not be used.
    #[error("the home folder {folder} cannot be used: {source}")]
    Home {
        /// The folder.
        folder: String,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// What kind of failure it is, for exit codes and HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The user can mend it by asking otherwise or with another file.
    Asked,
    /// There is no such thing.
    NotFound,
    /// It has to be said who asks.
    NotIn,
    /// Who asks may not.
    Forbidden,
    /// Tried too often.
    TooMany,
    /// It is ours, or the machine's.
    Ours,
}

impl AppError {
    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Lake(LakeError::NoSuchImport(_) | LakeError::NotUndone(_))
            | Self::State(StateError::NoSuchImport(_))
            | Self::NotFound(_)
            | Self::Missing(_) => Fault::NotFound,
            Self::NotIn => Fault::NotIn,
            Self::Forbidden { .. } | Self::OutOfReach { .. } | Self::Own(_) => Fault::Forbidden,
            Self::TooMany { .. } => Fault::TooMany,
            Self::Database(DatabaseError::Io(_)) => Fault::Ours,
            Self::Lake(
                LakeError::Import(_) | LakeError::Strict(_) | LakeError::TooLarge | LakeError::TakenInvoices(_),
            )
            | Self::Database(_)
            | Self::Import(_)
            | Self::Insight(_)
            | Self::Period(_)
            | Self::Told(_)
            | Self::State(StateError::TakenLogin(_))
            | Self::Asked(_) => Fault::Asked,
            Self::Lake(_) | Self::State(_) | Self::Home { .. } => Fault::Ours,
        }
    }

    /// A short name of the error for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Lake(LakeError::Import(_)) | Self::Import(_) => "file_refused",
            Self::Lake(LakeError::Strict(_)) => "rows_set_aside",
            Self::Lake(LakeError::NoSuchImport(_) | LakeError::NotUndone(_))
            | Self::State(StateError::NoSuchImport(_))
            | Self::NotFound(_)
            | Self::Missing(_) => "not_found",
            Self::NotIn => "not_in",
            Self::Forbidden { .. } | Self::OutOfReach { .. } | Self::Own(_) => "forbidden",
            Self::TooMany { .. } => "too_many",
            Self::Database(_) => "database_refused",
            Self::Lake(LakeError::TakenInvoices(_))
            | Self::Insight(_)
            | Self::Period(_)
            | Self::Asked(_)
            | Self::State(StateError::TakenLogin(_))
            | Self::Told(_) => "bad_request",
            Self::Lake(_) | Self::State(_) | Self::Home { .. } => "internal",
        }
    }

    /// The error for a reader of `lang`: what happened and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        let said = self.said(lang);
        // A full disk shows in many ways, and what is to be done is always the same.
        if self.fault() != Fault::Ours || matches!(self, Self::Database(_)) || !tells_of_full_disk(&said) {
            return said;
        }
        let next = Text::new(
            "disk penuh: kosongkan ruang lalu ulangi; yang setengah tertulis tidak berlaku",
            "the disk is full: make room and try again; what is half written does not count",
        );
        format!("{said}. {}", next.get(lang))
    }

    fn said(&self, lang: Lang) -> String {
        match self {
            Self::Lake(error) => error.message(lang),
            Self::Import(error) => error.message(lang),
            Self::Database(error) => error.message(lang),
            Self::State(error) => error.message(lang),
            Self::Insight(error) => error.message(lang),
            Self::Period(error) => error.message(lang),
            Self::Told(message) | Self::Missing(message) | Self::Own(message) => message.get(lang).to_owned(),
            Self::Asked(text) | Self::NotFound(text) => text.get(lang).to_owned(),
            Self::Forbidden { role, right } => match lang {
                Lang::Id => {
                    format!("peran {} tidak mencakup {}: mintalah kepada pemilik", role.label().id, right.label().id)
                }
                Lang::En => self.to_string(),
            },
            Self::OutOfReach { role } => match lang {
                Lang::Id => format!(
                    "peran {} hanya melihat timnya sendiri, sedangkan ini tentang semua orang: mintalah kepada pemilik",
                    role.label().id
                ),
                Lang::En => self.to_string(),
            },
            Self::NotIn => match lang {
                Lang::Id => "nama masuk dan kata sandi tidak cocok".to_owned(),
                Lang::En => self.to_string(),
            },
            Self::TooMany { minutes } => match lang {
                Lang::Id => format!(
                    "terlalu banyak percobaan masuk yang gagal: coba lagi dalam {minutes} menit, atau minta kata sandi baru kepada pemilik"
                ),
                Lang::En => self.to_string(),
            },
            Self::Home { folder, source } => match lang {
                Lang::Id => format!("folder data {folder} tidak bisa dipakai: {source}"),
                Lang::En => self.to_string(),
            },
        }
    }

    /// The refusal of a file, where that is what it is.
    pub const fn refusal(&self) -> Option<&ImportError> {
        match self {
            Self::Lake(LakeError::Import(error)) | Self::Import(error) => Some(error),
            _ => None,
        }
    }
}

/// As the system says it, or SQLite: no space, a file that may not grow, no quota.
fn tells_of_full_disk(said: &str) -> bool {
    ["os error 28)", "os error 27)", "os error 122)", "database or disk is full"]
        .iter()
        .any(|words| said.contains(words))
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, AppError>;
