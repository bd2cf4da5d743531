//! Telling people and programs what happened: ways out, and messages that are not lost.
//!
//! `event.rs` has what is told of, `rest.rs` to whom a message is still to be brought.

mod event;
mod rest;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use takar_model::{Lang, Right, Text};
use takar_outbox::{Channel, Message as Letter, OutboxError};
use takar_state::{ChannelRow, Message, OutboxRow, OutboxState};

pub(crate) use self::event::Event;
use self::rest::{After, Rest};
use crate::{AppError, Result, Takar, home::told};

/// Messages that are tried at one time.
const AT_ONCE: u32 = 50;
/// How long one delivery may take, and for each so many bytes of its file a second more.
const PATIENCE: Duration = Duration::from_secs(30);
const A_SECOND: usize = 100 * 1024;
/// Ids that are named where one was shortened too much.
const MOST_NAMED: usize = 5;
/// Days after which a delivered message is forgotten.
const DAYS_KEPT: i64 = 90;

/// The events there are.
pub(crate) const EVENTS: [&str; 7] = [
    "sync.failed",
    "sync.recovered",
    Event::CYCLE_LATE,
    Event::ALERT_RAISED,
    Event::ALERT_PASSED,
    Event::REPORT_FAILED,
    "test",
];

/// Events that are one person's: they go to that person, whoever else the way out writes to.
const PERSONAL: [&str; 2] = [crate::alerts::DIGEST, crate::scheduled::REPORT];

/// A way out as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelAsked {
    /// Its name.
    pub name: String,
    /// Mail or webhook, without secrets.
    pub channel: Channel,
    /// The events that go this way; none = all.
    #[serde(default)]
    pub events: Vec<String>,
    /// The language of its messages.
    #[serde(default)]
    pub lang: Lang,
}

/// A way out.
pub type ChannelStatus = ChannelAsked;

/// A message and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxMessage {
    /// As it is queued.
    #[serde(flatten)]
    pub row: OutboxRow,
    /// Why the last try failed.
    #[serde(skip)]
    pub error: Option<Message>,
}

/// What a round of deliveries came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Delivered.
    pub sent: u32,
    /// To be tried again.
    pub waiting: u32,
    /// Given up.
    pub failed: u32,
}

impl Takar {
    /// All ways out.
    pub fn channels(&self) -> Result<Vec<ChannelStatus>> {
        self.may(Right::Define)?;
        self.state.channels()?.into_iter().map(channel_of).collect()
    }

    /// Keeps a way out, in place of an earlier one of its name; what waits for it goes out by it at once.
    pub fn add_channel(&self, asked: &ChannelAsked) -> Result<()> {
        self.may(Right::Define)?;
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if asked.name.is_empty() || asked.name.len() > 40 || !asked.name.chars().all(is_plain) {
            return Err(AppError::Asked(Text::new(
                "nama saluran terdiri dari 1 sampai 40 huruf a-z, angka, - dan _",
                "the name of a way out has 1 to 40 letters a-z, digits, - and _",
            )));
        }
        if let Some(unknown) = asked.events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
            let all = EVENTS.join(", ");
            return Err(AppError::Told(Message {
                id: format!("peristiwa \"{unknown}\" tidak dikenal: {all}"),
                en: format!("there is no event \"{unknown}\": {all}"),
            }));
        }
        asked.channel.check().map_err(told_by_outbox)?;
        let row = ChannelRow {
            name: asked.name.clone(),
            definition: json_of(&asked.channel),
            events: json_of(&asked.events),
            lang: json_of(&asked.lang).trim_matches('"').to_owned(),
        };
        self.state.save_channel(&row, &self.now())?;
        self.note("add channel", &asked.name)
    }

    /// Forgets a way out; what waits for it is given up.
    pub fn remove_channel(&self, name: &str) -> Result<()> {
        self.may(Right::Define)?;
        let why = Message { id: "Salurannya dihapus.".to_owned(), en: "The way out was removed.".to_owned() };
        if !self.state.remove_channel(name, &self.now(), &why)? {
            return Err(no_such_channel());
        }
        self.note("remove channel", name)
    }

    /// Queues a message to try a way out; its id.
    pub fn test_channel(&self, name: &str) -> Result<String> {
        self.may(Right::Define)?;
        let channel = self.state.channels()?.into_iter().find(|row| row.name == name).ok_or_else(no_such_channel)?;
        self.queue(&channel, &Event::test())
    }

    /// The last messages, newest first.
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutboxMessage>> {
        self.may(Right::Define)?;
        let rows = self.state.messages(limit)?;
        Ok(rows.into_iter().map(|row| OutboxMessage { error: row.error.clone(), row }).collect())
    }

    /// Tries a message again that was given up, or that waits, now: for those who do not have it. Its id may be shortened.
    pub fn retry_message(&self, id: &str) -> Result<()> {
        self.may(Right::Define)?;
        let mut row = self.message_named(id)?;
        if row.state == OutboxState::Sent {
            return Err(AppError::Asked(Text::new("pesan itu sudah terkirim", "that message was delivered already")));
        }
        row.state = OutboxState::Waiting;
        row.next = Some(self.now());
        row.done = None;
        if let Ok(rest) = serde_json::from_str::<Rest>(&row.rest) {
            row.rest = json_of(&rest.again());
        }
        Ok(self.state.note_try(&row)?)
    }

    /// The message of that id, or the only one whose id begins so.
    fn message_named(&self, id: &str) -> Result<OutboxRow> {
        let ids = self.state.message_ids(id.trim())?;
        match ids.as_slice() {
            [only] => self.state.message(only)?.ok_or_else(no_such_message),
            [] => Err(no_such_message()),
            several => {
                let all = several.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = if several.len() > MOST_NAMED { ", …" } else { "" };
                Err(AppError::Told(Message {
                    id: format!("ada beberapa pesan yang idnya diawali \"{id}\"; sebutkan satu: {all}{more}"),
                    en: format!("several messages have an id that begins with \"{id}\"; name one: {all}{more}"),
                }))
            }
        }
    }

    /// Some way out wants to know of an event.
    pub(crate) fn is_told_of(&self, event: &str) -> Result<bool> {
        Ok(self.state.channels()?.iter().any(|channel| wants(channel, event)))
    }

    /// Tells what happened to every way out that wants to know.
    pub(crate) fn tell(&self, event: &Event) -> Result<()> {
        for channel in self.state.channels()? {
            if wants(&channel, event.name) {
                self.queue(&channel, event)?;
            }
        }
        Ok(())
    }

    /// Queues a mail to one person by the first mail among the ways out, under an id that is given once. False where there is no mail.
    pub(crate) fn write_to(
        &self,
        address: &str,
        (id, event): (String, &'static str),
        (subject, text, data): (String, String, Value),
        file: Option<takar_state::Attachment>,
    ) -> Result<bool> {
        let mail = |row: ChannelRow| match serde_json::from_str(&row.definition) {
            Ok(Channel::Mail(mail)) => Some((row.name, mail)),
            _ => None,
        };
        let Some((name, mut mail)) = self.state.channels()?.into_iter().find_map(mail) else { return Ok(false) };
        mail.to = vec![address.to_owned()];
        self.state.queue(&OutboxRow {
            id,
            channel: name,
            rest: json_of(&Channel::Mail(mail)),
            event: event.to_owned(),
            at: self.now(),
            subject,
            text,
            data: data.to_string(),
            state: OutboxState::Waiting,
            tries: 0,
            next: None,
            done: None,
            error: None,
            file,
        })?;
        Ok(true)
    }

    fn queue(&self, channel: &ChannelRow, event: &Event) -> Result<String> {
        let lang = if channel.lang == "en" { Lang::En } else { Lang::Id };
        let id = uuid::Uuid::new_v4().simple().to_string();
        self.state.queue(&OutboxRow {
            id: id.clone(),
            channel: channel.name.clone(),
            rest: channel.definition.clone(),
            event: event.name.to_owned(),
            at: self.now(),
            subject: event.subject.get(lang).to_owned(),
            text: event.text.get(lang).to_owned(),
            data: event.data.to_string(),
            state: OutboxState::Waiting,
            tries: 0,
            next: None,
            done: None,
            error: None,
            file: None,
        })?;
        Ok(id)
    }

    /// Tries every message that is due, one process at a time. Each message's fate is kept at once, so that a crash repeats at
    /// most the one that was on its way; its receiver knows it by its id.
    pub fn send_due(&self) -> Result<Sent> {
        self.may(Right::Define)?;
        let lock = std::fs::File::create(self.folder.join("outbox.lock")).map_err(|source| self.wrong(source))?;
        if lock.try_lock().is_err() {
            return Ok(Sent::default());
        }
        let due = self.state.due_messages(&self.now(), AT_ONCE)?;
        if due.is_empty() {
            return Ok(Sent::default());
        }
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|source| self.wrong(source))?;
        let mut sent = Sent::default();
        for row in due {
            let defined = self.channel_named(&row.channel)?;
            let row = runtime.block_on(self.send(row, defined));
            match row.state {
                OutboxState::Sent => sent.sent += 1,
                OutboxState::Waiting => sent.waiting += 1,
                OutboxState::Failed => sent.failed += 1,
            }
            self.state.note_try(&row)?;
        }
        let oldest = (self.clock)().checked_sub(SignedDuration::from_hours(24 * DAYS_KEPT)).unwrap_or_default();
        self.state.forget_messages(&told(oldest))?;
        Ok(sent)
    }

    fn channel_named(&self, name: &str) -> Result<Option<Channel>> {
        let found = self.state.channels()?.into_iter().find(|channel| channel.name == name);
        Ok(found.and_then(|channel| serde_json::from_str(&channel.definition).ok()))
    }

    /// One try by the way out as it is defined now; the row as it is after it.
    async fn send(&self, mut row: OutboxRow, defined: Option<Channel>) -> OutboxRow {
        row.tries += 1;
        let now = (self.clock)();
        let Ok(rest) = serde_json::from_str::<Rest>(&row.rest) else {
            let why =
                Message { id: "Salurannya tidak terbaca.".to_owned(), en: "The way out cannot be read.".to_owned() };
            return given_up(row, now, Some(why));
        };
        let rest = rest.by(defined, PERSONAL.contains(&row.event.as_str()));
        let size = row.file.as_ref().map_or(0, |file| file.bytes.len());
        let letter = Letter {
            id: row.id.clone(),
            event: row.event.clone(),
            at: row.at.clone(),
            subject: row.subject.clone(),
            text: row.text.clone(),
            data: serde_json::from_str(&row.data).unwrap_or_default(),
            file: row.file.clone().map(|file| takar_outbox::Attachment {
                name: file.name,
                kind: file.kind,
                bytes: file.bytes,
            }),
        };
        match takar_outbox::deliver(&rest.channel, &letter, now, patience(size)).await {
            Ok(delivered) => match rest.after(delivered) {
                // Some of several recipients were not taken: they are tried again, the others have it.
                After::Left(rest) => {
                    let missed = rest.recipients().join(", ");
                    let why = Message {
                        id: format!("Belum sampai ke {missed}."),
                        en: format!("Not yet delivered to {missed}."),
                    };
                    row.rest = json_of(&rest);
                    let next = takar_outbox::next_try(row.tries, jitter(&row.id));
                    later_or_given_up(row, now, next, with_refused(Some(why), &rest.refused))
                }
                After::Nobody { refused } => {
                    row.state = OutboxState::Sent;
                    row.next = None;
                    row.done = Some(told(now));
                    row.error = with_refused(None, &refused);
                    row
                }
            },
            Err(error) => {
                let next = error.next_try(row.tries, jitter(&row.id));
                later_or_given_up(row, now, next, with_refused(Some(words_of(&error)), &rest.refused))
            }
        }
    }
}

/// How long a delivery with a file of so many bytes may take: slow lines bring it too.
fn patience(bytes: usize) -> Duration {
    PATIENCE + Duration::from_secs((bytes / A_SECOND) as u64)
}

fn wants(channel: &ChannelRow, event: &str) -> bool {
    let events: Vec<String> = serde_json::from_str(&channel.events).unwrap_or_default();
    events.is_empty() || events.iter().any(|wanted| wanted == event)
}

fn later_or_given_up(mut row: OutboxRow, now: Timestamp, next: Option<Duration>, why: Option<Message>) -> OutboxRow {
    let next = next.and_then(|wait| SignedDuration::try_from(wait).ok()).and_then(|wait| now.checked_add(wait).ok());
    match next {
        None => given_up(row, now, why),
        Some(next) => {
            row.state = OutboxState::Waiting;
            row.next = Some(told(next));
            row.error = why;
            row
        }
    }
}

fn given_up(mut row: OutboxRow, now: Timestamp, why: Option<Message>) -> OutboxRow {
    row.state = OutboxState::Failed;
    row.next = None;
    row.done = Some(told(now));
    row.error = why;
    row
}

/// Why it is not delivered, with the recipients that will never have it though others do.
fn with_refused(why: Option<Message>, refused: &[String]) -> Option<Message> {
    if refused.is_empty() {
        return why;
    }
    let all = refused.join(", ");
    let (id, en) = (format!("Ditolak untuk {all}."), format!("Refused for {all}."));
    Some(match why {
        None => Message { id, en },
        Some(why) => Message {
            id: format!("{}. {id}", why.id.trim_end_matches('.')),
            en: format!("{}. {en}", why.en.trim_end_matches('.')),
        },
    })
}

/// A number from 0 to 1 that differs from message to message, so that they do not all come back at once.
fn jitter(id: &str) -> f64 {
    f64::from(xxhash_rust::xxh3::xxh3_64(id.as_bytes()) as u32) / f64::from(u32::MAX)
}

fn words_of(error: &OutboxError) -> Message {
    Message { id: error.message(Lang::Id), en: error.message(Lang::En) }
}

fn told_by_outbox(error: OutboxError) -> AppError {
    AppError::Told(words_of(&error))
}

fn no_such_message() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada pesan itu: lihat `takar outbox`",
        "there is no such message: see `takar outbox`",
    ))
}

fn no_such_channel() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada saluran dengan nama itu: lihat `takar outbox channels`",
        "there is no way out of that name: see `takar outbox channels`",
    ))
}

fn channel_of(row: ChannelRow) -> Result<ChannelStatus> {
    let unreadable = || {
        AppError::Told(Message {
            id: format!("saluran \"{}\" tidak terbaca: hapus dan tambahkan lagi", row.name),
            en: format!("the way out \"{}\" cannot be read: remove it and add it again", row.name),
        })
    };
    let channel = serde_json::from_str(&row.definition).map_err(|_| unreadable())?;
    let events = serde_json::from_str(&row.events).map_err(|_| unreadable())?;
    let lang = if row.lang == "en" { Lang::En } else { Lang::Id };
    Ok(ChannelAsked { name: row.name, channel, events, lang })
}

fn json_of<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_given_more_time() {
        assert_eq!(patience(0), Duration::from_secs(30));
        assert_eq!(patience(15 * 1024 * 1024), Duration::from_secs(183));
    }
}
