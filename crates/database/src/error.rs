//! What can go wrong with a database, and what to do about it.

use takar_model::{Lang, Text};

/// Why a database was not read. No text of it holds a password.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It is no address.
    #[error("that is no address of a database")]
    Address,
    /// The address holds a password.
    #[error("the address holds a password")]
    PasswordInAddress,
    /// The address names no database.
    #[error("the address names no database")]
    NoDatabase,
    /// A file that is not there.
    #[error("there is no file {file}")]
    NoFile {
        /// Its path.
        file: String,
    },
    /// A query that is none.
    #[error("the query does not begin with SELECT or WITH")]
    NotASelect,
    /// A table without a name.
    #[error("the table has no name")]
    NoTableName,
    /// A column that is not there.
    #[error("there is no column {column}")]
    NoSuchColumn {
        /// The name that was given.
        column: String,
        /// The names there are.
        columns: Vec<String>,
    },
    /// A mark that is neither number nor time.
    #[error("the column {column} holds neither numbers nor times")]
    Mark {
        /// The column.
        column: String,
    },
    /// Nothing answered in time.
    #[error("the database did not answer")]
    NoAnswer,
    /// It answered, and then sent nothing for longer than a statement may take.
    #[error("the database sent nothing for {seconds} seconds")]
    Silent {
        /// How long.
        seconds: u64,
    },
    /// The rows could not be written here.
    #[error("the rows could not be kept: {0}")]
    Io(std::io::Error),
    /// SQLite says no.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A server says no.
    #[error(transparent)]
    Other(#[from] sqlx::Error),
}

/// The result of asking a database.
pub type Result<T> = std::result::Result<T, DatabaseError>;

/// What a server's refusal means, over both dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Login,
    NoSuchDatabase,
    NotAllowed,
    NoSuchTable,
    NoSuchColumn,
    Syntax,
    TooSlow,
    Writes,
    Gone,
}

impl DatabaseError {
    /// The error for a reader of `lang`: what happened and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        let fixed = |id: &'static str, en: &'static str| Text::new(id, en).get(lang).to_owned();
        match self {
            Self::Address => fixed(
                "itu bukan alamat basis data: tulis postgres://pengguna@server/nama, mysql://pengguna@server/nama atau sqlite:berkas.db",
                "that is no address of a database: write postgres://user@server/name, mysql://user@server/name or sqlite:file.db",
            ),
            Self::PasswordInAddress => fixed(
                "kata sandi tidak boleh ada dalam alamat (riwayat perintah menyimpannya): hapus dari alamat, lalu pakai --password-env NAMA atau --password-file BERKAS, atau ketik saat diminta",
                "a password must not stand in the address (the history of commands keeps it): take it out and use --password-env NAME or --password-file FILE, or type it when asked",
            ),
            Self::NoDatabase => fixed(
                "alamat itu tidak menyebut nama basis data: tambahkan /nama di akhir",
                "the address names no database: add /name at its end",
            ),
            Self::NoFile { file } => match lang {
                Lang::Id => format!("berkas {file} tidak ada: periksa alamat sqlite:"),
                Lang::En => format!("there is no file {file}: check the sqlite: address"),
            },
            Self::NotASelect => fixed(
                "kueri harus satu SELECT (atau WITH … SELECT): sumber hanya dibaca, tidak pernah ditulis",
                "the query must be one SELECT (or WITH … SELECT): a source is only read, never written",
            ),
            Self::NoTableName => fixed("nama tabel kosong", "the table has no name"),
            Self::NoSuchColumn { column, columns } => match lang {
                Lang::Id => format!("tidak ada kolom \"{column}\"; kolom yang ada: {}", columns.join(", ")),
                Lang::En => format!("there is no column \"{column}\"; there are: {}", columns.join(", ")),
            },
            Self::Mark { column } => match lang {
                Lang::Id => format!(
                    "kolom \"{column}\" tidak berisi waktu atau angka: pilih kolom waktu perubahan atau nomor urut, atau tanpa --watermark"
                ),
                Lang::En => format!(
                    "the column \"{column}\" holds neither times nor numbers: choose a time of change or a running number, or leave --watermark out"
                ),
            },
            Self::NoAnswer => fixed(
                "basis data tidak menjawab dalam 15 detik: periksa alamat, jaringan dan firewall",
                "the database did not answer within 15 seconds: check the address, the network and the firewall",
            ),
            Self::Silent { seconds } => match lang {
                Lang::Id => format!(
                    "basis data tidak mengirim apa-apa lagi selama {seconds} detik, sambungannya mungkin putus; tidak ada yang diimpor, coba lagi nanti"
                ),
                Lang::En => format!(
                    "the database sent nothing more for {seconds} seconds, the connection may be broken; nothing was imported, try again later"
                ),
            },
            Self::Io(source) => match lang {
                Lang::Id => format!(
                    "baris tidak bisa disimpan sementara di folder data ({source}): periksa sisa ruang disk; tidak ada yang diimpor"
                ),
                Lang::En => format!(
                    "the rows could not be kept in the data folder ({source}): check the space left on the disk; nothing was imported"
                ),
            },
            Self::Sqlite(source) => match source.sqlite_error_code() {
                Some(rusqlite::ErrorCode::OperationInterrupted) => refusal_said(Refusal::TooSlow, lang).to_owned(),
                Some(rusqlite::ErrorCode::NotADatabase) => {
                    fixed("berkas itu bukan basis data SQLite", "that file is no SQLite database")
                }
                _ => format!("SQLite: {source}"),
            },
            Self::Other(source) => {
                let detail = detail(source);
                match refusal(source) {
                    Some(refusal) => format!("{} ({detail})", refusal_said(refusal, lang)),
                    None => detail,
                }
            }
        }
    }

    /// Trying again later may help: the server or the network was away.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NoAnswer | Self::Silent { .. } => true,
            Self::Other(source) => matches!(refusal(source), Some(Refusal::Gone | Refusal::TooSlow)),
            _ => false,
        }
    }
}

fn detail(source: &sqlx::Error) -> String {
    match source {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}

fn refusal(source: &sqlx::Error) -> Option<Refusal> {
    let error = match source {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => {
            return Some(Refusal::Gone);
        }
        sqlx::Error::Database(error) => error,
        _ => return None,
    };
    if let Some(mysql) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return Some(match mysql.number() {
            1045 | 1698 => Refusal::Login,
            1049 => Refusal::NoSuchDatabase,
            1044 | 1142 | 1143 | 1227 => Refusal::NotAllowed,
            1146 => Refusal::NoSuchTable,
            1054 => Refusal::NoSuchColumn,
            1064 => Refusal::Syntax,
            1969 | 3024 | 1317 => Refusal::TooSlow,
            1792 => Refusal::Writes,
            1053 | 1927 => Refusal::Gone,
            _ => return None,
        });
    }
    Some(match error.code()?.as_ref() {
        "28P01" | "28000" => Refusal::Login,
        "3D000" => Refusal::NoSuchDatabase,
        "42501" => Refusal::NotAllowed,
        "42P01" | "3F000" => Refusal::NoSuchTable,
        "42703" => Refusal::NoSuchColumn,
        "42601" => Refusal::Syntax,
        "57014" => Refusal::TooSlow,
        "25006" => Refusal::Writes,
        code if code.starts_with("57P") || code.starts_with("08") => Refusal::Gone,
        _ => return None,
    })
}

const fn refusal_said(refusal: Refusal, lang: Lang) -> &'static str {
    let text = match refusal {
        Refusal::Login => Text::new(
            "nama pengguna atau kata sandi ditolak: periksa --password-env, --password-file atau alamat",
            "the user or the password was refused: check --password-env, --password-file or the address",
        ),
        Refusal::NoSuchDatabase => Text::new(
            "basis data itu tidak ada di server: periksa alamat",
            "the server has no such database: check the address",
        ),
        Refusal::NotAllowed => Text::new(
            "pengguna itu tidak boleh membaca tabel ini: minta hak SELECT kepada pengelola basis data",
            "that user may not read this table: ask the keeper of the database for the right to SELECT",
        ),
        Refusal::NoSuchTable => Text::new(
            "tabel itu tidak ada: lihat `takar sources tables`",
            "there is no such table: see `takar sources tables`",
        ),
        Refusal::NoSuchColumn => Text::new(
            "ada kolom yang tidak ada: lihat `takar sources tables`",
            "a column is not there: see `takar sources tables`",
        ),
        Refusal::Syntax => {
            Text::new("basis data tidak mengerti kueri itu", "the database does not understand the query")
        }
        Refusal::TooSlow => Text::new(
            "kueri terlalu lama dan dihentikan: persempit, beri indeks pada kolom --watermark, atau naikkan --timeout",
            "the query took too long and was ended: ask for less, index the --watermark column, or raise --timeout",
        ),
        Refusal::Writes => Text::new(
            "kueri itu hendak menulis: sumber hanya dibaca",
            "the query wants to write: a source is only read",
        ),
        Refusal::Gone => Text::new(
            "sambungan ke basis data putus atau tidak ada; tidak ada yang diimpor, coba lagi nanti",
            "the connection to the database broke or was not there; nothing was imported, try again later",
        ),
    };
    text.get(lang)
}
