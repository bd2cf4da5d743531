//! What can stop a simulation.

use std::{io, path::PathBuf};

use takar_model::Lang;

/// The simulation was asked for something it cannot do, or its files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The count of lines lies outside [`MIN_LINES`](crate::MIN_LINES) to [`MAX_LINES`](crate::MAX_LINES).
    #[error(
        "{0} sales lines cannot be simulated: ask for {min} to {max}",
        min = crate::MIN_LINES,
        max = crate::MAX_LINES
    )]
    Lines(u64),
    /// There cannot be so many accounts or managers.
    #[error(
        "{accounts} accounts and {} managers cannot be simulated: ask for {min} to {max} accounts and for {least} managers or more, at most one an account",
        managers.map_or_else(|| "the usual".to_owned(), |asked| asked.to_string()),
        min = crate::MIN_ACCOUNTS,
        max = crate::MAX_ACCOUNTS,
        least = crate::MIN_MANAGERS
    )]
    People {
        /// Accounts, those asked for or else those that go with the lines.
        accounts: usize,
        /// Managers, where so many were asked for.
        managers: Option<u32>,
    },
    /// The months lie outside the years whose Idul Fitri is known to the simulation.
    #[error("{months} months from {first} cannot be simulated: at least one month, all inside 2015-01..2030-12")]
    Months {
        /// The first month, as written.
        first: String,
        /// The count of months.
        months: u32,
    },
    /// A file or folder could not be written.
    #[error("{} could not be written: {source}; check the folder, its permissions and the free space", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A `truth.json` could not be read back.
    #[error("{} is not a truth.json of this version: {reason}; simulate the company again", path.display())]
    Truth {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl SimulateError {
    /// What happened and what to do, in one language.
    pub fn message(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::Lines(lines) => format!(
                "{lines} baris penjualan tidak dapat disimulasikan: mintalah {} sampai {}",
                crate::MIN_LINES,
                crate::MAX_LINES
            ),
            Self::People { accounts, managers } => format!(
                "{accounts} akun dan {} manajer tidak dapat disimulasikan: mintalah {} sampai {} akun dan sedikitnya {} manajer, paling banyak satu per akun",
                managers.map_or_else(|| "jumlah lazim".to_owned(), |asked| asked.to_string()),
                crate::MIN_ACCOUNTS,
                crate::MAX_ACCOUNTS,
                crate::MIN_MANAGERS
            ),
            Self::Months { first, months } => format!(
                "{months} bulan mulai {first} tidak dapat disimulasikan: paling sedikit satu bulan, seluruhnya di dalam 2015-01..2030-12"
            ),
            Self::Write { path, source } => format!(
                "{} tidak dapat ditulis: {source}; periksa folder, izin, dan sisa ruang penyimpanan",
                path.display()
            ),
            Self::Truth { path, reason } => {
                format!("{} bukan truth.json dari versi ini: {reason}; simulasikan ulang perusahaannya", path.display())
            }
        }
    }
}
