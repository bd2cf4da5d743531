//! Mail: the letter, the connection, and who gets it.

use std::{sync::Arc, time::Duration};

use lettre::message::{
    Attachment as LetterFile, Mailbox, MultiPart, MultiPartKind, SinglePart,
    header::{ContentType, HeaderName, HeaderValue},
};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::Host;

use crate::{
    Delivered, MailChannel, Message, Missed, OutboxError, Result, Tls,
    channel::ip_of,
    dialogue::{Dialogue, Reply, Stream},
};

/// How long a server that has the mail is given to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A conversation that is still open.
type Open = Dialogue<Box<dyn Stream>>;

/// Hands a mail to the server of the channel. `timeout` is what the caller grants to all of it.
pub(crate) async fn send(channel: &MailChannel, message: &Message, timeout: Duration) -> Result<(Delivered, Open)> {
    let sender = channel.sender()?;
    let recipients = channel.recipients()?;
    let letter = letter(&sender, &recipients, message)?;
    let login = channel.user.as_deref().zip(channel.password.read()?);

    let host = channel.server()?;
    let place = channel.place();
    let stream = connect(channel, &host, timeout).await?;
    let mut dialogue = match channel.tls {
        Tls::None => Dialogue::begin(Box::new(stream) as Box<dyn Stream>, place).await?,
        Tls::Implicit => {
            let stream = encrypt(stream, &host, &place).await?;
            Dialogue::begin(Box::new(stream) as Box<dyn Stream>, place).await?
        }
        Tls::StartTls => {
            let stream = Dialogue::begin(stream, place.clone()).await?.start_tls().await?;
            let stream = encrypt(stream, &host, &place).await?;
            Dialogue::resume(Box::new(stream) as Box<dyn Stream>, place).await?
        }
    };
    if let Some((user, password)) = &login {
        dialogue.log_in(user, password).await?;
    }
    let delivered = hand_over(&mut dialogue, channel, &sender, &recipients, &letter).await?;
    Ok((delivered, dialogue))
}

/// The mail, the same byte for byte whenever it is sent.
fn letter(sender: &Mailbox, recipients: &[Mailbox], message: &Message) -> Result<Vec<u8>> {
    let mut builder = lettre::Message::builder()
        .from(sender.clone())
        .subject(message.subject.as_str())
        .date(message.time()?.into())
        .message_id(Some(format!("<{}@{}>", message.id, sender.email.domain())));
    for recipient in recipients {
        builder = builder.to(recipient.clone());
    }
    let unfit =
        || OutboxError::Message(takar_model::Text::new("surel tidak bisa disusun", "the mail cannot be put together"));
    let text = SinglePart::plain(message.text.clone());
    let letter = match &message.file {
        None => builder.singlepart(text),
        Some(file) => {
            let kind = ContentType::parse(&file.kind).map_err(|_| unfit())?;
            let file = LetterFile::new(file.name.clone()).body(file.bytes.clone(), kind);
            // The boundary would be drawn anew at each try, and with it the mail's bytes.
            let parts = MultiPart::builder().kind(MultiPartKind::Mixed).boundary(format!("takar-{}", message.id));
            builder.multipart(parts.singlepart(text).singlepart(file))
        }
    };
    let mut letter = letter.map_err(|_| unfit())?;
    // Whoever is on holiday does not answer to it (RFC 3834).
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    letter.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
    Ok(letter.formatted())
}

async fn connect(channel: &MailChannel, host: &Host, timeout: Duration) -> Result<TcpStream> {
    let unreachable =
        |source: std::io::Error| OutboxError::Unreachable { place: channel.place(), reason: source.to_string() };
    let addresses = match (ip_of(host), host) {
        (Some(ip), _) => vec![(ip, channel.port).into()],
        (None, host) => channel.reach().look_up(&host.to_string(), channel.port).await.map_err(unreachable)?,
    };
    // One address that swallows everything must not use up the time of the others.
    let share = timeout / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut last = std::io::Error::other("no address");
    for address in addresses {
        match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(source)) => last = source,
            Err(_) => last = std::io::ErrorKind::TimedOut.into(),
        }
    }
    Err(unreachable(last))
}

/// Encrypts a connection; the certificate must be one that this computer trusts, and be the host's.
async fn encrypt(stream: TcpStream, host: &Host, place: &str) -> Result<TlsStream<TcpStream>> {
    let unreachable = |reason: String| OutboxError::Unreachable { place: place.to_owned(), reason };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let name = match ip_of(host) {
        Some(ip) => ServerName::from(ip),
        None => ServerName::try_from(host.to_string()).map_err(|source| unreachable(source.to_string()))?,
    };
    // The provider is named since several may be built in, and then none is the default.
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|source| unreachable(source.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await.map_err(|source| unreachable(source.to_string()))
}

/// Hands the mail over for all whom the server takes. Those it does not take are named, so that one address that is wrong
/// keeps nobody else from the message.
async fn hand_over(
    dialogue: &mut Open,
    channel: &MailChannel,
    sender: &Mailbox,
    recipients: &[Mailbox],
    letter: &[u8],
) -> Result<Delivered> {
    let reply = dialogue.command(&format!("MAIL FROM:<{}>", sender.email)).await?;
    if !reply.is_yes() {
        return Err(refused(channel, reply));
    }
    let mut missed: Vec<Missed> = Vec::new();
    for (recipient, address) in recipients.iter().zip(&channel.to) {
        let reply = dialogue.command(&format!("RCPT TO:<{}>", recipient.email)).await?;
        if !reply.is_yes() {
            let is_permanent = is_permanent(&reply);
            missed.push(Missed { address: address.clone(), code: reply.code, answer: reply.text, is_permanent });
        }
    }
    if missed.len() == recipients.len() {
        // Nobody is given up while anybody may still be reached.
        let first = missed.iter().position(|missed| !missed.is_permanent).unwrap_or_default();
        let Missed { code, answer, is_permanent, .. } = missed.swap_remove(first);
        return Err(OutboxError::Refused { place: channel.place(), code, answer, is_permanent });
    }
    let reply = dialogue.command("DATA").await?;
    if reply.code != 354 {
        return Err(refused(channel, reply));
    }
    let reply = dialogue.data(letter).await?;
    if !reply.is_yes() {
        return Err(refused(channel, reply));
    }
    Ok(Delivered { code: reply.code, missed })
}

/// Ends a conversation with a server that has the mail: whatever happens now changes nothing.
pub(crate) async fn say_goodbye(mut dialogue: Open) {
    let _ = tokio::time::timeout(GOODBYE, dialogue.command("QUIT")).await;
}

fn refused(channel: &MailChannel, reply: Reply) -> OutboxError {
    let is_permanent = is_permanent(&reply);
    OutboxError::Refused { place: channel.place(), code: reply.code, answer: reply.text, is_permanent }
}

/// 530 asks for a login or for encryption: that is put right in the settings, and the mail waits for it.
fn is_permanent(reply: &Reply) -> bool {
    reply.code >= 500 && reply.code != 530
}
