//! A small mail server that keeps what it is told.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use takar_outbox::{Channel, MailChannel, SecretFrom, Tls};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the server does after a line.
#[derive(Clone)]
pub enum Then {
    /// Says this.
    Say(&'static str),
    /// Says nothing for a long time.
    Hang,
    /// Goes away.
    Close,
}

/// Asked for each line; the greeting is the line `(greeting)`, the end of a mail `(mail)`. None answers as usual.
pub type Script = fn(&str) -> Option<Then>;

#[derive(Clone)]
pub struct Smtp {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    mails: Arc<Mutex<Vec<Vec<u8>>>>,
    script: Script,
    tls: Option<(Tls, Arc<ServerConfig>)>,
}

enum End {
    Closed,
    StartTls,
}

impl Smtp {
    pub fn start(script: Script) -> Self {
        Self::start_with(script, None)
    }

    pub fn start_with(script: Script, tls: Option<(Tls, Arc<ServerConfig>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, heard: Arc::default(), mails: Arc::default(), script, tls };
        let shared = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = shared.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        server
    }

    /// The channel to it, without a login.
    pub fn channel(&self) -> MailChannel {
        MailChannel {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: self.tls.as_ref().map_or(Tls::None, |(tls, _)| *tls),
            user: None,
            password: SecretFrom::Nowhere,
            from: "Takar <takar@company.example>".to_owned(),
            to: vec!["Penjualan – Jawa <sales@company.example>".to_owned()],
        }
    }

    pub fn mail(&self) -> Channel {
        Channel::Mail(self.channel())
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("a lock").clone()
    }

    pub fn mails(&self) -> Vec<Vec<u8>> {
        self.mails.lock().expect("a lock").clone()
    }

    fn serve(&self, mut stream: TcpStream) {
        match &self.tls {
            None => {
                self.converse(&mut stream, true);
            }
            Some((Tls::StartTls, config)) => {
                if matches!(self.converse(&mut stream, true), End::StartTls) {
                    self.converse(&mut encrypted(config, stream), false);
                }
            }
            Some((_, config)) => {
                self.converse(&mut encrypted(config, stream), true);
            }
        }
    }

    fn converse<S: Read + Write>(&self, stream: &mut S, greets: bool) -> End {
        let mut stream = BufReader::new(stream);
        if greets && !self.answer(stream.get_mut(), "(greeting)") {
            return End::Closed;
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).unwrap_or_default() == 0 {
                return End::Closed;
            }
            let line = line.trim_end().to_owned();
            self.heard.lock().expect("a lock").push(line.clone());
            if !self.answer(stream.get_mut(), &line) {
                return End::Closed;
            }
            if line == "STARTTLS" {
                return End::StartTls;
            }
            if line == "DATA" {
                let mut mail = Vec::new();
                while !mail.ends_with(b"\r\n.\r\n") {
                    if stream.read_until(b'\n', &mut mail).unwrap_or_default() == 0 {
                        return End::Closed;
                    }
                }
                mail.truncate(mail.len() - b".\r\n".len());
                self.mails.lock().expect("a lock").push(undoubled(&mail));
                if !self.answer(stream.get_mut(), "(mail)") {
                    return End::Closed;
                }
            }
        }
    }

    fn answer<S: Write>(&self, stream: &mut S, line: &str) -> bool {
        let usual = || match line.split([' ', ':']).next().unwrap_or_default() {
            "(greeting)" => "220 mail.company.example ready",
            "EHLO" if self.tls.as_ref().is_some_and(|(tls, _)| *tls == Tls::StartTls) => {
                "250-mail.company.example\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN"
            }
            "EHLO" => "250-mail.company.example\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        let text = match (self.script)(line) {
            None => usual(),
            Some(Then::Say(text)) => text,
            Some(Then::Close) => return false,
            Some(Then::Hang) => {
                thread::sleep(Duration::from_secs(60));
                return false;
            }
        };
        stream.write_all(format!("{text}\r\n").as_bytes()).and_then(|()| stream.flush()).is_ok()
    }
}

fn encrypted(config: &Arc<ServerConfig>, stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(ServerConnection::new(config.clone()).expect("a connection"), stream)
}

fn undoubled(mail: &[u8]) -> Vec<u8> {
    mail.split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| line.strip_prefix(b".").unwrap_or(line))
        .copied()
        .collect()
}
