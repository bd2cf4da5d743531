//! Where messages go: what is kept about it, and what is refused.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use takar_model::Text;
use url::{Host, Url};

use crate::{
    OutboxError, Result, SecretFrom,
    place::{Reach, is_forbidden, is_loopback},
};

/// More recipients than servers take at once.
const MOST_RECIPIENTS: usize = 100;

/// A way out. No secret is in it, only where one is found: it can be kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Channel {
    /// Mail, handed to a server.
    Mail(MailChannel),
    /// A request to an address.
    Webhook(WebhookChannel),
}

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// From its first byte, mostly at port 465.
    Implicit,
    /// After a few words in the clear, mostly at port 587. A server that cannot is not spoken to.
    StartTls,
    /// Not at all: only to a server on this computer.
    None,
}

/// A mail server and whom it writes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailChannel {
    /// The name or the address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Who logs in; nobody where the server asks for no login.
    #[serde(default)]
    pub user: Option<String>,
    /// Where the password is found.
    #[serde(default)]
    pub password: SecretFrom,
    /// Who writes: `takar@company.example` or `Takar <takar@company.example>`.
    pub from: String,
    /// Who is written to, in the same form. Each sees the others.
    pub to: Vec<String>,
}

/// An address that messages are posted to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookChannel {
    /// The address: https, or http to this computer.
    pub url: String,
    /// Where the secret is found that messages are signed with.
    pub secret: SecretFrom,
    /// It may lie in a network of one's own (10.x, 192.168.x …); else only the public internet is reached, whatever the name leads to.
    #[serde(default, skip_serializing_if = "is_false")]
    pub private: bool,
}

const fn is_false(value: &bool) -> bool {
    !*value
}

/// Many services put a key into the path, so no more than the host is shown.
impl fmt::Debug for WebhookChannel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = format!("{}/***", self.place());
        formatter.debug_struct("WebhookChannel").field("url", &url).field("secret", &self.secret).finish()
    }
}

const fn wrong<T>(id: &'static str, en: &'static str) -> Result<T> {
    Err(OutboxError::Channel(Text::new(id, en)))
}

impl Channel {
    /// Says whether messages could go this way; nothing is sent, and no secret is read.
    ///
    /// # Errors
    /// [`OutboxError::Channel`] and [`OutboxError::MailAddress`], which say what to write instead.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Mail(channel) => channel.check(),
            Self::Webhook(channel) => channel.target().map(|_| ()),
        }
    }

    /// What it is called in errors: the host and the port, never a path.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::Mail(channel) => channel.place(),
            Self::Webhook(channel) => channel.place(),
        }
    }
}

impl MailChannel {
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.host.escape_debug(), self.port)
    }

    fn check(&self) -> Result<()> {
        let host = self.server()?;
        if self.port == 0 {
            return wrong(
                "port server surel harus 1–65535, biasanya 465 atau 587",
                "the port of the mail server must be 1–65535, mostly 465 or 587",
            );
        }
        if self.tls == Tls::None && !is_loopback(&host) {
            return wrong(
                "tanpa enkripsi surel hanya boleh ke server di komputer ini: pilih implicit (port 465) atau start_tls (port 587)",
                "without encryption mail goes only to a server on this computer: choose implicit (port 465) or start_tls (port 587)",
            );
        }
        match (&self.user, &self.password) {
            (Some(user), _) if user.is_empty() || user.chars().any(char::is_control) => {
                return wrong(
                    "nama pengguna server surel kosong atau berisi karakter kontrol",
                    "the user of the mail server is empty or has control characters",
                );
            }
            (Some(_), SecretFrom::Nowhere) => {
                return wrong(
                    "ada nama pengguna server surel tanpa kata sandi: sebut variabel atau berkas tempat kata sandinya",
                    "there is a user of the mail server without a password: name the variable or the file it is in",
                );
            }
            (None, SecretFrom::Env(_) | SecretFrom::File(_)) => {
                return wrong(
                    "ada kata sandi server surel tanpa nama pengguna: sebut pengguna, atau hapus kata sandinya",
                    "there is a password of the mail server without a user: name the user, or leave the password out",
                );
            }
            _ => {}
        }
        if self.to.is_empty() || self.to.len() > MOST_RECIPIENTS {
            return wrong(
                "surel butuh 1 sampai 100 penerima: tambahkan alamat pada to",
                "mail needs 1 to 100 recipients: add an address to `to`",
            );
        }
        self.sender()?;
        self.recipients()?;
        Ok(())
    }

    /// The server, as it is looked up: names in ASCII, addresses without brackets.
    pub(crate) fn server(&self) -> Result<Host> {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(ip) => Ok(Host::Ipv6(ip)),
            Err(_) => Host::parse(&self.host),
        };
        match host {
            Ok(host) if is_forbidden(&host) => forbidden(),
            Ok(host) => Ok(host),
            Err(_) => wrong(
                "nama server surel salah: tulis nama atau alamat IP saja, misalnya smtp.perusahaan.example, tanpa port dan tanpa https://",
                "that is no name of a mail server: write the name or the IP address alone, such as smtp.company.example, without a port and without https://",
            ),
        }
    }

    pub(crate) fn reach(&self) -> Reach {
        if self.tls == Tls::None { Reach::Loopback } else { Reach::Wide }
    }

    pub(crate) fn sender(&self) -> Result<Mailbox> {
        mailbox(&self.from)
    }

    pub(crate) fn recipients(&self) -> Result<Vec<Mailbox>> {
        self.to.iter().map(|address| mailbox(address)).collect()
    }
}

/// An address with or without a name. What has a line break or is not ASCII in the address itself is refused: the first
/// would write a header of its own, the second few servers take.
fn mailbox(text: &str) -> Result<Mailbox> {
    let refused = || OutboxError::MailAddress { address: text.escape_debug().to_string() };
    if text.chars().any(char::is_control) {
        return Err(refused());
    }
    let mailbox: Mailbox = text.parse().map_err(|_| refused())?;
    let address: &str = mailbox.email.as_ref();
    // Quoted addresses may hold spaces and angle brackets, which end an address in SMTP for some servers.
    if !address.is_ascii() || address.contains(['"', '<', '>', ' ', '\\']) || address.len() > 254 {
        return Err(refused());
    }
    Ok(mailbox)
}

/// Says whether a person can be written to at an address: `siti@company.example`, without a name.
///
/// # Errors
/// [`OutboxError::MailAddress`].
pub fn check_address(text: &str) -> Result<()> {
    let found = mailbox(text)?;
    let is_plain = found.name.is_none() && found.email.to_string() == text;
    if is_plain { Ok(()) } else { Err(OutboxError::MailAddress { address: text.escape_debug().to_string() }) }
}

impl WebhookChannel {
    pub(crate) fn place(&self) -> String {
        let url = Url::parse(&self.url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or("?");
        match url.as_ref().and_then(Url::port) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Where it goes, checked, and how far it may reach.
    pub(crate) fn target(&self) -> Result<(Url, Reach)> {
        const FORM: Text = Text::new(
            "alamat webhook salah: tulis lengkap, misalnya https://perusahaan.example/takar",
            "that is no address of a webhook: write it in full, such as https://company.example/takar",
        );
        // Url::parse would silently drop line breaks.
        if self.url.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err(OutboxError::Channel(FORM));
        }
        let url = Url::parse(&self.url).map_err(|_| OutboxError::Channel(FORM))?;
        let host = url.host().ok_or(OutboxError::Channel(FORM))?;
        if !url.username().is_empty() || url.password().is_some() {
            return wrong(
                "nama pengguna atau kata sandi tidak boleh ada dalam alamat webhook: hapus; penerima mengenali Takar dari tanda tangan",
                "a user or a password must not stand in the address of a webhook: take it out; the receiver knows Takar by the signature",
            );
        }
        if is_forbidden(&host) {
            return forbidden();
        }
        let reach = match url.scheme() {
            "https" if is_loopback(&host) => Reach::Loopback,
            "https" if self.private => Reach::Wide,
            "https" if ip_of(&host.to_owned()).is_some_and(|ip| !Reach::Public.allows(ip)) => {
                return wrong(
                    "alamat itu ada di jaringan sendiri: izinkan dengan --allow-private bila memang tujuannya",
                    "that address is in a private network: allow it by --allow-private if it is meant",
                );
            }
            "https" => Reach::Public,
            "http" if is_loopback(&host) => Reach::Loopback,
            "http" => {
                return wrong(
                    "webhook tanpa enkripsi hanya boleh ke komputer ini: tulis https://",
                    "without encryption a webhook goes only to this computer: write https://",
                );
            }
            _ => return Err(OutboxError::Channel(FORM)),
        };
        if self.secret == SecretFrom::Nowhere {
            return wrong(
                "webhook butuh rahasia untuk tanda tangan: sebut variabel atau berkas tempatnya",
                "a webhook needs a secret to be signed with: name the variable or the file it is in",
            );
        }
        Ok((url, reach))
    }
}

const fn forbidden<T>() -> Result<T> {
    wrong(
        "alamat link-local (169.254.x.x, fe80::) dan 0.0.0.0 tidak boleh dituju: tulis alamat server yang sebenarnya",
        "link-local addresses (169.254.x.x, fe80::) and 0.0.0.0 are never sent to: write the server's real address",
    )
}

/// The server of a host that is known by its address.
pub(crate) const fn ip_of(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
    }
}
