//! What can go wrong in the state.

use takar_model::{ImportId, Lang};

/// An error of the state.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// SQLite refused.
    #[error("the state file (state.db) cannot be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A newer Takar wrote the file.
    #[error("the home was written by a newer Takar: update this one")]
    Newer,
    /// No import has this number.
    #[error("there is no import {0}: see `takar imports`")]
    NoSuchImport(ImportId),
    /// Somebody else comes in with this login.
    #[error("the login \"{0}\" is taken: choose another")]
    TakenLogin(String),
}

impl StateError {
    /// The error for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (_, Lang::En) => self.to_string(),
            (Self::Sqlite(reason), Lang::Id) => format!("berkas keadaan (state.db) tidak bisa dipakai: {reason}"),
            (Self::Newer, Lang::Id) => "folder data ini ditulis Takar yang lebih baru: perbarui Takar ini".to_owned(),
            (Self::TakenLogin(login), Lang::Id) => format!("nama masuk \"{login}\" sudah dipakai: pilih yang lain"),
            (Self::NoSuchImport(id), Lang::Id) => format!("tidak ada impor {id}: lihat `takar imports`"),
        }
    }
}

/// The result of a state operation.
pub type Result<T> = std::result::Result<T, StateError>;
