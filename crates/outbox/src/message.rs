//! What is sent, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use takar_model::Text;

use crate::{Channel, OutboxError, Result};

/// The longest name of a message or of an event.
const LONGEST_NAME: usize = 128;

/// The longest subject in bytes: what is longer belongs in the text.
const LONGEST_SUBJECT: usize = 500;

/// A message. As JSON, in this order, it is the body of a webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its name, never given twice: a receiver knows by it what it already has. Letters, digits, `.`, `_` and `-`.
    pub id: String,
    /// What happened, for programs: `sync.failed`. Letters, digits, `.`, `_` and `-`.
    pub event: String,
    /// When it happened, RFC 3339 in UTC.
    pub at: String,
    /// What happened, in one line.
    pub subject: String,
    /// What happened and what to do, in plain text.
    pub text: String,
    /// The same for programs.
    #[serde(default)]
    pub data: serde_json::Value,
    /// A file that goes with a mail; a webhook has none.
    #[serde(skip)]
    pub file: Option<Attachment>,
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called: `evaluasi-2025-10.xlsx`. Letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// What it is: `text/html; charset=utf-8`.
    pub kind: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// What the server answered: 250 or another of SMTP, 200 or another of HTTP.
    pub code: u16,
    /// Those of a mail's recipients that the server did not take, when it took others.
    pub missed: Vec<Missed>,
}

/// A recipient that the server did not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// The recipient as the channel names it.
    pub address: String,
    /// What the server answered.
    pub code: u16,
    /// Its words.
    pub answer: String,
    /// Trying again cannot help.
    pub is_permanent: bool,
}

impl Message {
    /// Says whether it can be sent at all.
    ///
    /// # Errors
    /// [`OutboxError::Message`] for a name with other letters, a subject with a line break, or a time that is none.
    pub fn check(&self) -> Result<()> {
        if !is_name(&self.id) || !is_name(&self.event) {
            return Err(OutboxError::Message(Text::new(
                "id dan event hanya boleh berisi 1–128 huruf, angka, titik, garis bawah dan tanda hubung",
                "its id and event must be 1–128 letters, digits, points, underscores and hyphens",
            )));
        }
        if self.subject.chars().any(char::is_control) || self.subject.len() > LONGEST_SUBJECT {
            return Err(OutboxError::Message(Text::new(
                "judul harus satu baris tanpa karakter kontrol, paling panjang 500 bita",
                "its subject must be one line without control characters, of 500 bytes at most",
            )));
        }
        if self.file.as_ref().is_some_and(|file| !is_name(&file.name)) {
            return Err(OutboxError::Message(Text::new(
                "nama lampiran hanya boleh berisi 1–128 huruf, angka, titik, garis bawah dan tanda hubung",
                "the name of an attachment must be 1–128 letters, digits, points, underscores and hyphens",
            )));
        }
        self.time().map(|_| ())
    }

    pub(crate) fn time(&self) -> Result<Timestamp> {
        self.at.parse().map_err(|_| {
            OutboxError::Message(Text::new(
                "waktunya bukan RFC 3339, misalnya 2025-01-31T08:00:00Z",
                "its time is not RFC 3339, such as 2025-01-31T08:00:00Z",
            ))
        })
    }
}

/// Fit for a header and for the left side of a `Message-ID`, so without two points in a row or one at an end.
fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    text.len() <= LONGEST_NAME && text.split('.').all(is_part)
}

impl Delivered {
    /// The channel for those who are still to be reached: the queue sends the same message through it later. None where
    /// nobody is left.
    pub fn rest(&self, channel: &Channel) -> Option<Channel> {
        let Channel::Mail(mail) = channel else { return None };
        let to: Vec<String> =
            self.missed.iter().filter(|missed| !missed.is_permanent).map(|missed| missed.address.clone()).collect();
        if to.is_empty() {
            return None;
        }
        Some(Channel::Mail(crate::MailChannel { to, ..mail.clone() }))
    }
}
