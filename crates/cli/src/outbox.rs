//! `takar outbox`: ways out for mail and webhooks, and the messages on their way.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use takar_app::{ChannelAsked, OutboxMessage, Takar};
use takar_model::Lang;
use takar_outbox::{Channel, MailChannel, SecretFrom, Tls, WebhookChannel};
use takar_state::OutboxState;

use crate::{args::ReportFormat, output};

/// `takar outbox`.
#[derive(Debug, Args)]
pub struct Outbox {
    /// What to do; without it, list the last messages
    #[command(subcommand)]
    pub verb: Option<OutboxVerb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

impl Outbox {
    /// It only sends what waits already.
    pub const fn is_sending(&self) -> bool {
        matches!(self.verb, Some(OutboxVerb::Send))
    }
}

/// What can be done with ways out and messages.
#[derive(Debug, Subcommand)]
pub enum OutboxVerb {
    /// The ways out there are
    Channels,
    /// Add mail through an SMTP server
    Mail(Box<Mail>),
    /// Add a signed webhook
    Webhook(Webhook),
    /// Queue a message that tries a way out
    Test {
        /// Its name
        name: String,
    },
    /// Forget a way out; what waits for it is given up
    Remove {
        /// Its name
        name: String,
    },
    /// Deliver what is due now; a running server does so by itself
    Send,
    /// Try a message again, now, with those who do not have it
    Retry {
        /// Its id, or as much of it as tells it from others
        id: String,
    },
}

/// What all ways out have.
#[derive(Debug, Args)]
pub struct Common {
    /// Its name: letters, digits, - and _
    pub name: String,
    /// Only these events: sync.failed, sync.recovered, cycle.late, alert.raised, alert.passed, report.failed, test; all unless given
    #[arg(long = "event", value_name = "EVENT")]
    pub events: Vec<String>,
    /// The variable of the environment that holds the password or the secret
    #[arg(long, value_name = "NAME")]
    pub secret_env: Option<String>,
    /// The file that holds it
    #[arg(long, value_name = "FILE", conflicts_with = "secret_env")]
    pub secret_file: Option<PathBuf>,
}

/// `takar outbox mail`.
#[derive(Debug, Args)]
pub struct Mail {
    /// Name, events and secret
    #[command(flatten)]
    pub common: Common,
    /// The mail server
    #[arg(long)]
    pub host: String,
    /// Its port; 465, 587 or 25 by the encryption unless given
    #[arg(long)]
    pub port: Option<u16>,
    /// The encryption: implicit, start-tls, or none to a server on this machine
    #[arg(long, value_enum, default_value_t = Encryption::StartTls)]
    pub tls: Encryption,
    /// Who logs in at the mail server
    #[arg(long)]
    pub mail_user: Option<String>,
    /// Who writes: takar@company.example
    #[arg(long)]
    pub from: String,
    /// Who is written to, as often as needed
    #[arg(long, required = true)]
    pub to: Vec<String>,
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Encryption {
    /// From the first byte.
    Implicit,
    /// After a few words.
    StartTls,
    /// Not.
    None,
}

/// `takar outbox webhook`.
#[derive(Debug, Args)]
pub struct Webhook {
    /// Name, events and secret
    #[command(flatten)]
    pub common: Common,
    /// Where messages are posted to: https://…
    #[arg(long)]
    pub url: String,
    /// It may lie in a private network (10.x, 192.168.x …)
    #[arg(long)]
    pub allow_private: bool,
}

/// Lists messages, or does what is asked.
pub fn run(takar: &Takar, asked: Outbox, lang: Lang) -> Result<()> {
    let say = |id: &str, en: &str| output::line(if lang == Lang::Id { id } else { en });
    match asked.verb {
        None => messages(&takar.outbox(100)?, asked.format, lang),
        Some(OutboxVerb::Channels) => channels(&takar.channels()?, asked.format, lang),
        Some(OutboxVerb::Mail(mail)) => {
            let (name, events, password) = parts(mail.common);
            let (tls, usual) = match mail.tls {
                Encryption::Implicit => (Tls::Implicit, 465),
                Encryption::StartTls => (Tls::StartTls, 587),
                Encryption::None => (Tls::None, 25),
            };
            let channel = Channel::Mail(MailChannel {
                host: mail.host,
                port: mail.port.unwrap_or(usual),
                tls,
                user: mail.mail_user,
                password,
                from: mail.from,
                to: mail.to,
            });
            takar.add_channel(&ChannelAsked { name: name.clone(), channel, events, lang })?;
            added(&name, lang)
        }
        Some(OutboxVerb::Webhook(webhook)) => {
            let (name, events, secret) = parts(webhook.common);
            let channel = Channel::Webhook(WebhookChannel { url: webhook.url, secret, private: webhook.allow_private });
            takar.add_channel(&ChannelAsked { name: name.clone(), channel, events, lang })?;
            added(&name, lang)
        }
        Some(OutboxVerb::Test { name }) => {
            takar.test_channel(&name)?;
            sent(takar, asked.format, lang)
        }
        Some(OutboxVerb::Remove { name }) => {
            takar.remove_channel(&name)?;
            say("Saluran dihapus.", "The way out is removed.")
        }
        Some(OutboxVerb::Send) => sent(takar, asked.format, lang),
        Some(OutboxVerb::Retry { id }) => {
            takar.retry_message(&id)?;
            sent(takar, asked.format, lang)
        }
    }
}

fn parts(common: Common) -> (String, Vec<String>, SecretFrom) {
    let secret = match (common.secret_env, common.secret_file) {
        (Some(name), _) => SecretFrom::Env(name),
        (None, Some(file)) => SecretFrom::File(file),
        (None, None) => SecretFrom::Nowhere,
    };
    (common.name, common.events, secret)
}

fn added(name: &str, lang: Lang) -> Result<()> {
    output::line(&match lang {
        Lang::Id => format!("Saluran {name} disimpan. Coba dengan: takar outbox test {name}"),
        Lang::En => format!("The way out {name} is kept. Try it with: takar outbox test {name}"),
    })
}

fn sent(takar: &Takar, format: ReportFormat, lang: Lang) -> Result<()> {
    let sent = takar.send_due()?;
    if format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&sent)?);
    }
    output::line(&match lang {
        Lang::Id => format!("{} terkirim, {} dicoba lagi nanti, {} gagal", sent.sent, sent.waiting, sent.failed),
        Lang::En => format!("{} delivered, {} to be tried again, {} given up", sent.sent, sent.waiting, sent.failed),
    })?;
    match sent.waiting + sent.failed {
        0 => Ok(()),
        _ => messages(&takar.outbox(5)?, format, lang),
    }
}

fn channels(channels: &[ChannelAsked], format: ReportFormat, lang: Lang) -> Result<()> {
    if format == ReportFormat::Json {
        return output::line(&serde_json::to_string(channels)?);
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if channels.is_empty() {
        return output::line(say(
            "Belum ada saluran. Tambahkan dengan: takar outbox mail … atau takar outbox webhook …",
            "No ways out yet. Add one with: takar outbox mail … or takar outbox webhook …",
        ));
    }
    let rows: Vec<Vec<String>> = channels
        .iter()
        .map(|one| {
            let to = match &one.channel {
                Channel::Mail(mail) => format!("{}:{} → {}", mail.host, mail.port, mail.to.join(", ")),
                // Many services put a key into the path.
                Channel::Webhook(webhook) => host_of(&webhook.url),
            };
            let events = if one.events.is_empty() { say("semua", "all").to_owned() } else { one.events.join(", ") };
            vec![one.name.clone(), to, events]
        })
        .collect();
    let header = [say("saluran", "way out"), say("ke", "to"), say("peristiwa", "events")];
    output::line(&output::table(&header, &[false, false, false], &rows))
}

fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

/// As much of an id as tells it from others: eight digits of one that was drawn, all of one that says what it is (`report-1-…`).
fn short_id(id: &str) -> &str {
    let is_drawn = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_drawn { &id[..8] } else { id }
}

fn messages(messages: &[OutboxMessage], format: ReportFormat, lang: Lang) -> Result<()> {
    if format == ReportFormat::Json {
        let all: Vec<serde_json::Value> = messages
            .iter()
            .map(|message| {
                let mut value = serde_json::to_value(message).unwrap_or_default();
                value["error"] = message.error.as_ref().map(|error| error.get(lang)).into();
                value
            })
            .collect();
        return output::line(&serde_json::to_string(&all)?);
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if messages.is_empty() {
        return output::line(say("Belum ada pesan.", "No messages yet."));
    }
    let rows: Vec<Vec<String>> = messages
        .iter()
        .map(|message| {
            let row = &message.row;
            let state = match row.state {
                OutboxState::Waiting => say("menunggu", "waiting"),
                OutboxState::Sent => say("terkirim", "delivered"),
                OutboxState::Failed => say("gagal", "given up"),
            };
            let why = message.error.as_ref().map(|error| error.get(lang).to_owned()).unwrap_or_default();
            vec![
                short_id(&row.id).to_owned(),
                row.at.clone(),
                row.channel.clone(),
                row.subject.clone(),
                state.to_owned(),
                row.tries.to_string(),
                why,
            ]
        })
        .collect();
    let header = [
        "id",
        say("waktu (UTC)", "time (UTC)"),
        say("saluran", "way out"),
        say("judul", "subject"),
        say("keadaan", "state"),
        say("coba", "tries"),
        say("sebab", "reason"),
    ];
    output::line(&output::table(&header, &[false, false, false, false, false, true, false], &rows))
}
