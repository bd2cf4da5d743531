//! Ways out, and messages on their way: what is queued here is delivered, or told why not.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use crate::{Message, Result, State};

/// A way out as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRow {
    /// Its name.
    pub name: String,
    /// What it is (JSON), without secrets.
    pub definition: String,
    /// The events that go this way (JSON); an empty list is all of them.
    pub events: String,
    /// The language of its messages: `id` or `en`.
    pub lang: String,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutboxState {
    /// It is still to be delivered.
    Waiting,
    /// It was delivered.
    Sent,
    /// It was given up.
    Failed,
}

impl OutboxState {
    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called.
    pub name: String,
    /// What it is: `text/html; charset=utf-8`.
    pub kind: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A message in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxRow {
    /// Its id, the same at every try.
    pub id: String,
    /// The name of the way out.
    pub channel: String,
    /// The way out (JSON) with whom is still to be reached.
    #[serde(skip)]
    pub rest: String,
    /// What happened, such as `sync.failed`.
    pub event: String,
    /// When, UTC.
    pub at: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The particulars (JSON).
    #[serde(skip)]
    pub data: String,
    /// What becomes of it.
    pub state: OutboxState,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, UTC.
    pub next: Option<String>,
    /// When it was delivered or given up, UTC.
    pub done: Option<String>,
    /// Why the last try failed.
    #[serde(skip)]
    pub error: Option<Message>,
    /// The file that goes with it.
    #[serde(skip)]
    pub file: Option<Attachment>,
}

const ALL: &str = "SELECT id, channel, rest, event, at, subject, text, data, state, tries, next, done, error_id, error_en, \
                   file_name, file_type, file FROM outbox";

fn message_of(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let error = row.get::<_, Option<String>>(12)?.zip(row.get::<_, Option<String>>(13)?);
    Ok(OutboxRow {
        id: row.get(0)?,
        channel: row.get(1)?,
        rest: row.get(2)?,
        event: row.get(3)?,
        at: row.get(4)?,
        subject: row.get(5)?,
        text: row.get(6)?,
        data: row.get(7)?,
        state: OutboxState::from_name(&row.get::<_, String>(8)?),
        tries: row.get(9)?,
        next: row.get(10)?,
        done: row.get(11)?,
        error: error.map(|(id, en)| Message { id, en }),
        file: match (row.get::<_, Option<String>>(14)?, row.get::<_, Option<String>>(15)?, row.get(16)?) {
            (Some(name), Some(kind), Some(bytes)) => Some(Attachment { name, kind, bytes }),
            _ => None,
        },
    })
}

impl State {
    /// Keeps a way out, in place of an earlier one of its name; what waits for it is due now.
    pub fn save_channel(&self, channel: &ChannelRow, now: &str) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute(
            "INSERT OR REPLACE INTO channels (name, definition, events, lang) VALUES (?1, ?2, ?3, ?4)",
            [&channel.name, &channel.definition, &channel.events, &channel.lang],
        )?;
        transaction.execute(
            "UPDATE outbox SET next = ?2 WHERE channel = ?1 AND state = 'waiting' AND next > ?2",
            [channel.name.as_str(), now],
        )?;
        Ok(transaction.commit()?)
    }

    /// All ways out, by name.
    pub fn channels(&self) -> Result<Vec<ChannelRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT name, definition, events, lang FROM channels ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(ChannelRow { name: row.get(0)?, definition: row.get(1)?, events: row.get(2)?, lang: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets a way out; what waits for it is given up. False where there was none.
    pub fn remove_channel(&self, name: &str, at: &str, why: &Message) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let is_gone = transaction.execute("DELETE FROM channels WHERE name = ?1", [name])? > 0;
        transaction.execute(
            "UPDATE outbox SET state = 'failed', next = NULL, done = ?2, error_id = ?3, error_en = ?4 \
             WHERE channel = ?1 AND state = 'waiting'",
            [name, at, &why.id, &why.en],
        )?;
        transaction.commit()?;
        Ok(is_gone)
    }

    /// Queues a message; one whose id is there already is left as it is.
    pub fn queue(&self, message: &OutboxRow) -> Result<()> {
        self.connection().execute(
            "INSERT OR IGNORE INTO outbox (id, channel, rest, event, at, subject, text, data, state, tries, next, \
             file_name, file_type, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting', 0, ?5, ?9, ?10, ?11)",
            params![
                message.id,
                message.channel,
                message.rest,
                message.event,
                message.at,
                message.subject,
                message.text,
                message.data,
                message.file.as_ref().map(|file| &file.name),
                message.file.as_ref().map(|file| &file.kind),
                message.file.as_ref().map(|file| &file.bytes),
            ],
        )?;
        Ok(())
    }

    /// The messages that are to be tried now, oldest first.
    pub fn due_messages(&self, now: &str, limit: u32) -> Result<Vec<OutboxRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare(&format!("{ALL} WHERE state = 'waiting' AND next <= ?1 ORDER BY next, id LIMIT ?2"))?;
        let rows = statement.query_map(params![now, limit], message_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The last messages, newest first.
    pub fn messages(&self, limit: u32) -> Result<Vec<OutboxRow>> {
        let connection = self.connection();
        // Files are large, and read only when they are sent.
        let all = ALL.replace("file_name, file_type, file", "NULL, NULL, NULL");
        let mut statement = connection.prepare(&format!("{all} ORDER BY rowid DESC LIMIT ?1"))?;
        let rows = statement.query_map([limit], message_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The message of that id.
    pub fn message(&self, id: &str) -> Result<Option<OutboxRow>> {
        let connection = self.connection();
        Ok(connection.query_row(&format!("{ALL} WHERE id = ?1"), [id], message_of).optional()?)
    }

    /// The ids that begin so, newest first; that id alone where there is one.
    pub fn message_ids(&self, begin: &str) -> Result<Vec<String>> {
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT id FROM outbox WHERE ?1 <> '' AND substr(id, 1, length(?1)) = ?1 ORDER BY id <> ?1, rowid DESC",
        )?;
        let mut ids: Vec<String> = statement.query_map([begin], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        if ids.first().is_some_and(|id| id == begin) {
            ids.truncate(1);
        }
        Ok(ids)
    }

    /// Notes what a try came to: the row as it is now.
    pub fn note_try(&self, message: &OutboxRow) -> Result<()> {
        let error = message.error.as_ref();
        self.connection().execute(
            "UPDATE outbox SET rest = ?2, state = ?3, tries = ?4, next = ?5, done = ?6, error_id = ?7, error_en = ?8, \
             file = CASE ?3 WHEN 'sent' THEN NULL ELSE file END WHERE id = ?1",
            params![
                message.id,
                message.rest,
                message.state.name(),
                message.tries,
                message.next,
                message.done,
                error.map(|error| &error.id),
                error.map(|error| &error.en),
            ],
        )?;
        Ok(())
    }

    /// Forgets what was delivered or given up before a time.
    pub fn forget_messages(&self, before: &str) -> Result<()> {
        self.connection().execute("DELETE FROM outbox WHERE state <> 'waiting' AND done < ?1", [before])?;
        Ok(())
    }
}
