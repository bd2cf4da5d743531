//! Where a database is, and what opens it.

use std::{fmt, path::PathBuf, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{DatabaseError, Result};

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// PostgreSQL and what speaks its protocol.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// A file of SQLite.
    Sqlite,
}

/// The address of a database, without its password: `postgres://user@host:5432/erp`, `mysql://…`, `mariadb://…`,
/// `sqlite:folder/file.db`. It can be shown and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    engine: Engine,
    text: String,
}

/// A password. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a password, as it is.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

impl Address {
    /// Which kind of database.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The file, where it is one of SQLite.
    pub(crate) fn file(&self) -> PathBuf {
        let rest = self.text.strip_prefix("sqlite:").unwrap_or(&self.text);
        PathBuf::from(rest.strip_prefix("//").unwrap_or(rest))
    }

    pub(crate) fn url(&self) -> Result<Url> {
        Url::parse(&self.text).map_err(|_| DatabaseError::Address)
    }
}

impl FromStr for Address {
    type Err = DatabaseError;

    /// # Errors
    /// [`DatabaseError::Address`] for what is no address of a database, [`DatabaseError::PasswordInAddress`] where it has a
    /// password. Neither repeats the text, since it may hold one.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let engine = match scheme.as_str() {
            "postgres" | "postgresql" => Engine::Postgres,
            "mysql" | "mariadb" => Engine::Mysql,
            "sqlite" => Engine::Sqlite,
            _ => return Err(DatabaseError::Address),
        };
        if engine == Engine::Sqlite {
            let address = Self { engine, text: text.to_owned() };
            return if address.file().as_os_str().is_empty() { Err(DatabaseError::Address) } else { Ok(address) };
        }
        let url = Url::parse(text).map_err(|_| DatabaseError::Address)?;
        let names_password = url.query_pairs().any(|(name, _)| name.to_ascii_lowercase().contains("passw"));
        if url.password().is_some() || names_password {
            return Err(DatabaseError::PasswordInAddress);
        }
        if url.path().trim_matches('/').is_empty() && !url.query_pairs().any(|(name, _)| name == "dbname") {
            return Err(DatabaseError::NoDatabase);
        }
        let text = if scheme == "mariadb" { format!("mysql{}", &text["mariadb".len()..]) } else { text.to_owned() };
        Ok(Self { engine, text })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl TryFrom<String> for Address {
    type Error = DatabaseError;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}
