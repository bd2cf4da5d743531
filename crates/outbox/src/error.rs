//! Why a message was not delivered, and what to do about it.

use std::time::Duration;

use takar_model::{Lang, Text};

use crate::next_try;

/// A server that asks for more time than this is asked again all the same.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a message was not delivered. No text of it holds a secret or the path of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboxError {
    /// The channel cannot be one.
    #[error("{}", .0.en)]
    Channel(Text),
    /// That is no mail address.
    #[error(
        "\"{address}\" is no mail address: write name@company.example or Name <name@company.example>, in one line and without special letters"
    )]
    MailAddress {
        /// What was given, with line breaks written out.
        address: String,
    },
    /// The message cannot be sent as it is.
    #[error("the message cannot be sent: {}", .0.en)]
    Message(Text),
    /// The variable with the secret is not there.
    #[error("the variable {name} for the secret is not set or empty: set it and start Takar again")]
    SecretVariable {
        /// Its name.
        name: String,
    },
    /// The file with the secret cannot be read.
    #[error(
        "the file {file} with the secret cannot be read ({reason}): check its path, its rights and that it is not empty"
    )]
    SecretFile {
        /// Its path.
        file: String,
        /// The system's reason.
        reason: String,
    },
    /// Nothing answered in time. The message may have arrived.
    #[error("{place} did not answer within {seconds} seconds: check the address, the network and the firewall")]
    NoAnswer {
        /// The host.
        place: String,
        /// How long was waited.
        seconds: u64,
    },
    /// It was not reached, or it went away. The message may have arrived.
    #[error(
        "{place} was not reached or broke off ({reason}): check the address, the port, the encryption and the network"
    )]
    Unreachable {
        /// The host.
        place: String,
        /// What went wrong.
        reason: String,
    },
    /// The mail server cannot encrypt.
    #[error(
        "the mail server {place} offers no encryption by STARTTLS: choose implicit with port 465, or ask whoever keeps the server; nothing was sent"
    )]
    NoStartTls {
        /// The host.
        place: String,
    },
    /// The mail server did not let us in.
    #[error("the mail server {place} refused the login (code {code}): check the user and the password")]
    Login {
        /// The host.
        place: String,
        /// Its answer.
        code: u16,
    },
    /// The mail server offers no login that is known here.
    #[error(
        "the mail server {place} offers no login by PLAIN or LOGIN: check the port and the encryption, or leave the user out where no login is needed"
    )]
    NoLogin {
        /// The host.
        place: String,
    },
    /// The mail server did not take the mail.
    #[error("the mail server {place} did not take the mail ({code} {answer}): {}", then(*.is_permanent).en)]
    Refused {
        /// The host.
        place: String,
        /// Its answer.
        code: u16,
        /// Its words.
        answer: String,
        /// Trying again cannot help.
        is_permanent: bool,
    },
    /// The webhook answered otherwise than with yes.
    #[error("the webhook at {place} answered with {status}: {}", advice(*.status).en)]
    Status {
        /// The host.
        place: String,
        /// The status of HTTP.
        status: u16,
        /// How long it asks to be left alone.
        wait: Option<Duration>,
    },
}

/// The result of sending.
pub type Result<T> = std::result::Result<T, OutboxError>;

impl OutboxError {
    /// Trying the same again cannot help: the message or the channel has to be another. What can be put right outside, such
    /// as a password, is not permanent: the message waits for it.
    pub const fn is_permanent(&self) -> bool {
        match self {
            Self::Channel(_) | Self::MailAddress { .. } | Self::Message(_) => true,
            Self::Refused { is_permanent, .. } => *is_permanent,
            Self::Status { status, .. } => matches!(status, 400..=499) && !matches!(status, 408 | 425 | 429),
            Self::SecretVariable { .. }
            | Self::SecretFile { .. }
            | Self::NoAnswer { .. }
            | Self::Unreachable { .. }
            | Self::NoStartTls { .. }
            | Self::Login { .. }
            | Self::NoLogin { .. } => false,
        }
    }

    /// The webhook said that it is gone for good (410): it should not be sent to again, with whatever message.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 410, .. })
    }

    /// How long the receiver asks to be left alone; at most a day.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { wait, .. } if !self.is_permanent() => wait.map(|wait| wait.min(LONGEST_WAIT)),
            _ => None,
        }
    }

    /// When to try again after this error, as the `tries`th in a row; none when it is to be given up. See [`next_try`].
    pub fn next_try(&self, tries: u32, jitter: f64) -> Option<Duration> {
        if self.is_permanent() {
            return None;
        }
        next_try(tries, jitter).map(|wait| wait.max(self.retry_after().unwrap_or_default()))
    }

    /// The error for a reader of `lang`: what happened, where, and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (_, Lang::En) => self.to_string(),
            (Self::Channel(text), Lang::Id) => text.id.to_owned(),
            (Self::MailAddress { address }, Lang::Id) => format!(
                "\"{address}\" bukan alamat surel: tulis nama@perusahaan.example atau Nama <nama@perusahaan.example>, dalam satu baris dan tanpa huruf khusus"
            ),
            (Self::Message(text), Lang::Id) => format!("pesan tidak bisa dikirim: {}", text.id),
            (Self::SecretVariable { name }, Lang::Id) => format!(
                "variabel {name} untuk rahasia tidak ada atau kosong: isi variabel itu, lalu jalankan ulang Takar"
            ),
            (Self::SecretFile { file, reason }, Lang::Id) => format!(
                "berkas rahasia {file} tidak terbaca ({reason}): periksa letaknya, haknya, dan bahwa isinya tidak kosong"
            ),
            (Self::NoAnswer { place, seconds }, Lang::Id) => {
                format!("{place} tidak menjawab dalam {seconds} detik: periksa alamat, jaringan dan firewall")
            }
            (Self::Unreachable { place, reason }, Lang::Id) => format!(
                "{place} tidak tercapai atau memutus sambungan ({reason}): periksa alamat, port, enkripsi dan jaringan"
            ),
            (Self::NoStartTls { place }, Lang::Id) => format!(
                "server surel {place} tidak menawarkan enkripsi STARTTLS: pilih implicit dengan port 465, atau tanyakan kepada pengelola server; tidak ada yang dikirim"
            ),
            (Self::Login { place, code }, Lang::Id) => {
                format!("server surel {place} menolak login (kode {code}): periksa nama pengguna dan kata sandi")
            }
            (Self::NoLogin { place }, Lang::Id) => format!(
                "server surel {place} tidak menawarkan login PLAIN atau LOGIN: periksa port dan enkripsi, atau hapus nama pengguna bila tidak perlu login"
            ),
            (Self::Refused { place, code, answer, is_permanent }, Lang::Id) => {
                format!("server surel {place} tidak menerima surel ({code} {answer}): {}", then(*is_permanent).id)
            }
            (Self::Status { place, status, .. }, Lang::Id) => {
                format!("webhook di {place} menjawab {status}: {}", advice(*status).id)
            }
        }
    }
}

/// What to do about a mail that was refused.
const fn then(is_permanent: bool) -> Text {
    if is_permanent {
        Text::new(
            "periksa alamat pengirim dan penerima, lalu tanyakan kepada pengelola server",
            "check the addresses of sender and recipients, then ask whoever keeps the server",
        )
    } else {
        Text::new("Takar mencoba lagi sendiri", "Takar tries again by itself")
    }
}

/// What to do about a status.
const fn advice(status: u16) -> Text {
    match status {
        300..=399 => Text::new(
            "pengalihan tidak diikuti; tulis alamat akhirnya sebagai alamat webhook",
            "redirects are not followed; give the address it leads to as the webhook's",
        ),
        401 | 403 => Text::new(
            "penerima menolak tanda tangan atau pengirim; periksa rahasianya di kedua sisi",
            "the receiver refuses the signature or the sender; check the secret on both sides",
        ),
        404 | 405 => Text::new(
            "di alamat itu tidak ada penerima; periksa alamat webhook",
            "nobody receives at that address; check the address of the webhook",
        ),
        410 => Text::new(
            "penerima sudah tidak ada; hapus webhook ini atau ganti alamatnya",
            "the receiver is gone for good; remove this webhook or change its address",
        ),
        408 | 425 | 429 => Text::new(
            "penerima minta dicoba lagi nanti; Takar mencoba lagi sendiri",
            "the receiver asks for a later try; Takar tries again by itself",
        ),
        400..=499 => Text::new(
            "penerima menolak pesan ini; periksa catatan di sisi penerima",
            "the receiver refuses this message; see the log on the receiver's side",
        ),
        _ => Text::new(
            "penerima sedang bermasalah; Takar mencoba lagi sendiri",
            "the receiver is in trouble; Takar tries again by itself",
        ),
    }
}
