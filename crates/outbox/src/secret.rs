//! Passwords and signing secrets: where they are found, and how they are not shown.

use std::{fmt, fs::File, io::Read, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{OutboxError, Result};

/// More than any secret has: a file given by mistake is not read whole.
const LONGEST: u64 = 64 * 1024;

/// A password, or the secret that webhooks are signed with. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret, as it is.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Where a secret is found. It is never kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretFrom {
    /// There is none.
    #[default]
    Nowhere,
    /// In this variable of the environment.
    Env(String),
    /// In this file, but for the line end.
    File(PathBuf),
}

impl SecretFrom {
    /// Reads it. It is read at each delivery, so one that was changed counts at once.
    ///
    /// # Errors
    /// Where the variable or the file is not there, or empty: an empty secret protects nothing.
    pub fn read(&self) -> Result<Option<Secret>> {
        match self {
            Self::Nowhere => Ok(None),
            Self::Env(name) => match std::env::var(name) {
                Ok(text) if !text.is_empty() => Ok(Some(Secret(text))),
                _ => Err(OutboxError::SecretVariable { name: name.clone() }),
            },
            Self::File(path) => {
                let unreadable = |reason: String| OutboxError::SecretFile { file: path.display().to_string(), reason };
                let mut text = String::new();
                File::open(path)
                    .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
                    .map_err(|source| unreadable(source.to_string()))?;
                text.truncate(text.trim_end_matches(['\r', '\n']).len());
                if text.is_empty() { Err(unreadable("empty".to_owned())) } else { Ok(Some(Secret(text))) }
            }
        }
    }
}
