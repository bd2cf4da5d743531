//! A mail server on this machine that keeps what it is given.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::support::Home;

/// A mail: to whom, and its text with quoted characters put back.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: Vec<String>,
    pub text: String,
}

#[derive(Clone)]
pub struct PostOffice {
    port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    is_shut: Arc<AtomicBool>,
    refusals: Arc<Mutex<BTreeMap<String, &'static str>>>,
}

impl PostOffice {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let office = Self { port, mails: Arc::default(), is_shut: Arc::default(), refusals: Arc::default() };
        let shared = office.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let office = shared.clone();
                thread::spawn(move || office.serve(stream));
            }
        });
        office
    }

    /// Takes no more mails, or does again.
    pub fn shut(&self, is_shut: bool) {
        self.is_shut.store(is_shut, Ordering::SeqCst);
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Refuses an address with these words, or takes it again.
    pub fn refuse(&self, address: &str, words: Option<&'static str>) {
        let mut refusals = self.refusals.lock().expect("a lock");
        match words {
            Some(words) => refusals.insert(address.to_owned(), words),
            None => refusals.remove(address),
        };
    }

    /// Makes it a way out of the home, set up by who has that token, for one event that never comes by itself.
    pub fn way_out_as(&self, home: &Home, token: &str) {
        let port = self.port.to_string();
        let (from, to) = ("takar@company.example", "semua@company.example");
        let server = ["outbox", "mail", "surat", "--host", "127.0.0.1", "--port", &port, "--tls", "none"];
        let rest = ["--from", from, "--to", to, "--event", "test"];
        let mut command = home.command(&[&server[..], &rest].concat());
        let output = command.env("TAKAR_TOKEN", token).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("a lock").clone()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
        let mut say = |text: &str| {
            let _ = write!(stream, "{text}\r\n");
        };
        if self.is_shut.load(Ordering::SeqCst) {
            return say("421 closed");
        }
        say("220 here");
        let mut to = Vec::new();
        while let Some(Ok(line)) = lines.next() {
            let word = line.to_ascii_uppercase();
            if let Some(address) = word.strip_prefix("RCPT TO:") {
                let address = address.trim_matches(['<', '>']).to_lowercase();
                let refusal = self.refusals.lock().expect("a lock").get(&address).copied();
                if let Some(words) = refusal {
                    say(words);
                    continue;
                }
                to.push(address);
            }
            if word == "DATA" {
                say("354 go on");
                let mail: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                self.mails.lock().expect("a lock").push(Mail { to: std::mem::take(&mut to), text: unquoted(&mail) });
            }
            say(if word == "QUIT" { "221 bye" } else { "250 ok" });
        }
    }
}

/// Lines with `=C3=A9` and ends of lines put back as they were.
fn unquoted(lines: &[String]) -> String {
    let text = lines.join("\n").replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, hex) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
