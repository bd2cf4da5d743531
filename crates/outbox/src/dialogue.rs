//! What is said to a mail server and what it answers (RFC 5321), over whatever carries it.

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use crate::{OutboxError, Result, Secret};

/// The most that an answer may have, all lines together. RFC 5321 allows 512 bytes a line.
const LONGEST_REPLY: u64 = 16 * 1024;

/// As much of a server's words as is told.
const LONGEST_TOLD: usize = 200;

/// How we name ourselves: an address always has the form that servers ask for, the name of an office computer often not.
const HELLO: &str = "EHLO [127.0.0.1]";

/// What carries it, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A conversation with a mail server.
pub(crate) struct Dialogue<S> {
    stream: BufReader<S>,
    place: String,
    /// What the server can do, in capitals: `STARTTLS`, `AUTH PLAIN LOGIN`.
    skills: Vec<String>,
}

/// What a server answers.
pub(crate) struct Reply {
    pub(crate) code: u16,
    /// Its words in one line, cut.
    pub(crate) text: String,
    lines: Vec<String>,
}

impl Reply {
    pub(crate) fn is_yes(&self) -> bool {
        matches!(self.code, 200..=299)
    }
}

impl<S: Stream> Dialogue<S> {
    /// Hears the greeting and asks what the server can do.
    pub(crate) async fn begin(stream: S, place: String) -> Result<Self> {
        let mut dialogue = Self { stream: BufReader::new(stream), place, skills: Vec::new() };
        let greeting = dialogue.reply().await?;
        dialogue.expect_yes(greeting)?;
        dialogue.hello().await?;
        Ok(dialogue)
    }

    /// Goes on after STARTTLS: there is no second greeting, and what was said in the clear counts no more.
    pub(crate) async fn resume(stream: S, place: String) -> Result<Self> {
        let mut dialogue = Self { stream: BufReader::new(stream), place, skills: Vec::new() };
        dialogue.hello().await?;
        Ok(dialogue)
    }

    async fn hello(&mut self) -> Result<()> {
        let reply = self.command(HELLO).await?;
        self.skills = reply.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        self.expect_yes(reply)?;
        Ok(())
    }

    /// Asks for encryption and gives back what is to be encrypted.
    pub(crate) async fn start_tls(mut self) -> Result<S> {
        if !self.skills.iter().any(|skill| skill == "STARTTLS") {
            return Err(OutboxError::NoStartTls { place: self.place });
        }
        let reply = self.command("STARTTLS").await?;
        self.expect_yes(reply)?;
        // Someone on the way could send answers ahead in the clear, to be taken for encrypted ones.
        if !self.stream.buffer().is_empty() {
            return Err(self.broken("words in the clear after STARTTLS"));
        }
        Ok(self.stream.into_inner())
    }

    /// Logs in. The words of the server are not told: some repeat what they were sent.
    pub(crate) async fn log_in(&mut self, user: &str, password: &Secret) -> Result<()> {
        let password = password.text();
        let ways = self.skills.iter().find_map(|skill| skill.strip_prefix("AUTH")).unwrap_or_default();
        let offers = |way: &str| ways.split([' ', '=']).any(|offered| offered == way);
        let reply = if offers("PLAIN") {
            let both = STANDARD.encode(format!("\0{user}\0{password}"));
            self.command(&format!("AUTH PLAIN {both}")).await?
        } else if offers("LOGIN") {
            let mut reply = self.command("AUTH LOGIN").await?;
            for word in [user, password] {
                if reply.code == 334 {
                    reply = self.command(&STANDARD.encode(word)).await?;
                }
            }
            reply
        } else {
            return Err(OutboxError::NoLogin { place: self.place.clone() });
        };
        if reply.is_yes() { Ok(()) } else { Err(OutboxError::Login { place: self.place.clone(), code: reply.code }) }
    }

    /// Says one line and hears the answer.
    pub(crate) async fn command(&mut self, line: &str) -> Result<Reply> {
        self.say(format!("{line}\r\n").as_bytes()).await?;
        self.reply().await
    }

    /// Says the mail, to its end, and hears the answer. A point at the beginning of a line is doubled, since one alone ends
    /// the mail.
    pub(crate) async fn data(&mut self, letter: &[u8]) -> Result<Reply> {
        let mut out = Vec::with_capacity(letter.len() + 64);
        for line in letter.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                out.push(b'.');
            }
            out.extend_from_slice(line);
        }
        out.extend_from_slice(if out.ends_with(b"\r\n") { b".\r\n" } else { b"\r\n.\r\n" });
        self.say(&out).await?;
        self.reply().await
    }

    async fn say(&mut self, bytes: &[u8]) -> Result<()> {
        let stream = self.stream.get_mut();
        let said = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        said.await.map_err(|source| self.broken(&source.to_string()))
    }

    async fn reply(&mut self) -> Result<Reply> {
        let mut left = LONGEST_REPLY;
        let mut lines = Vec::new();
        loop {
            let mut bytes = Vec::new();
            let read = (&mut self.stream).take(left).read_until(b'\n', &mut bytes).await;
            left -= read.map_err(|source| self.broken(&source.to_string()))? as u64;
            if !bytes.ends_with(b"\n") {
                return Err(self.broken(if left == 0 { "an endless answer" } else { "it ended the connection" }));
            }
            let line = String::from_utf8_lossy(&bytes);
            let (code, rest) = line.trim_end().split_at_checked(3).ok_or_else(|| self.broken("no answer of SMTP"))?;
            let code: u16 = match code.parse() {
                Ok(code) if (200..600).contains(&code) => code,
                _ => return Err(self.broken("no answer of SMTP")),
            };
            lines.push(rest.get(1..).unwrap_or_default().trim().to_owned());
            if !rest.starts_with('-') {
                let text = lines.join(" ").chars().filter(|letter| !letter.is_control()).take(LONGEST_TOLD).collect();
                return Ok(Reply { code, text, lines });
            }
        }
    }

    /// A no to the greeting or to what comes before the mail is about the server, not about the mail: it may pass.
    fn expect_yes(&self, reply: Reply) -> Result<()> {
        if reply.is_yes() {
            return Ok(());
        }
        let Reply { code, text: answer, .. } = reply;
        Err(OutboxError::Refused { place: self.place.clone(), code, answer, is_permanent: false })
    }

    fn broken(&self, reason: &str) -> OutboxError {
        OutboxError::Unreachable { place: self.place.clone(), reason: reason.to_owned() }
    }
}
