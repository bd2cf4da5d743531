//! What can go wrong in the lake.

use std::path::{Path, PathBuf};

use takar_model::{ImportId, Lang};

/// An error of the lake, with the place and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// Reading or writing a file failed.
    #[error("{doing} {path}: {source}")]
    File {
        /// What was tried: "cannot write", "cannot read" …
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The Delta log refused or could not be read.
    #[error("the table {table} cannot be used: {source}")]
    Delta {
        /// The table's folder.
        table: PathBuf,
        /// The reason.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// Arrow or Parquet data could not be read or written.
    #[error("{doing}: {reason}")]
    Data {
        /// What was being done.
        doing: &'static str,
        /// The reason.
        reason: String,
    },
    /// A query failed.
    #[error("the query failed: {0}")]
    Query(String),
    /// The file could not be imported.
    #[error(transparent)]
    Import(#[from] takar_import::ImportError),
    /// There is no such import, or it was undone already.
    #[error("there is no import {0} that could be undone: see `takar imports`")]
    NoSuchImport(ImportId),
    /// There is no such import that was undone.
    #[error("there is no import {0} that was undone and could be brought back: see `takar imports`")]
    NotUndone(ImportId),
    /// Invoices of an undone import are other accounts' now.
    #[error(
        "invoices of import {0} belong to other accounts now: it cannot be brought back; undo what brought those first"
    )]
    TakenInvoices(ImportId),
    /// `--strict` and a bad row.
    #[error("{0} rows are bad and --strict was given: nothing was imported")]
    Strict(u64),
    /// Something was to be written to what is read as of earlier versions.
    #[error("the data are read as of an earlier day: nothing can be brought in there")]
    Pinned,
    /// A sum left the range of the panels.
    #[error("a monthly sum is larger than 922 trillion: check the amounts of the import")]
    TooLarge,
}

impl LakeError {
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }

    pub(crate) fn data<E: std::fmt::Display>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |reason| Self::Data { doing, reason: reason.to_string() }
    }

    /// The error for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Import(error), _) => error.message(lang),
            (_, Lang::En) => self.to_string(),
            (Self::File { path, source, .. }, Lang::Id) => {
                format!("{} tidak bisa dibaca atau ditulis: {source}", path.display())
            }
            (Self::Delta { table, source }, Lang::Id) => {
                format!("tabel {} tidak bisa dipakai: {source}", table.display())
            }
            (Self::Data { reason, .. }, Lang::Id) => format!("data tidak bisa diolah: {reason}"),
            (Self::Query(reason), Lang::Id) => format!("kueri gagal: {reason}"),
            (Self::NoSuchImport(id), Lang::Id) => {
                format!("tidak ada impor {id} yang bisa dibatalkan: lihat `takar imports`")
            }
            (Self::NotUndone(id), Lang::Id) => {
                format!("tidak ada impor {id} yang dibatalkan dan bisa dikembalikan: lihat `takar imports`")
            }
            (Self::TakenInvoices(id), Lang::Id) => format!(
                "faktur dari impor {id} kini milik akun lain: impor itu tidak bisa dikembalikan; batalkan dulu yang membawanya"
            ),
            (Self::Strict(rows), Lang::Id) => {
                format!("{rows} baris bermasalah dan --strict dipakai: tidak ada yang diimpor")
            }
            (Self::Pinned, Lang::Id) => {
                "data dibaca menurut keadaan dahulu: tidak ada yang bisa dimasukkan ke sana".to_owned()
            }
            (Self::TooLarge, Lang::Id) => {
                "jumlah sebulan melebihi 922 triliun: periksa nilai pada berkas yang diimpor".to_owned()
            }
        }
    }
}

/// The result of a lake operation.
pub type Result<T> = std::result::Result<T, LakeError>;
