//! A small receiver of webhooks that keeps what it is sent.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use takar_outbox::{Channel, SecretFrom, WebhookChannel};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What came.
#[derive(Debug, Clone)]
pub struct Request {
    pub line: String,
    /// The names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// What it answers, and whether it then keeps the connection open without a word.
#[derive(Clone)]
pub struct Answer {
    pub text: String,
    pub hangs: bool,
}

pub fn says(head: &str) -> Answer {
    Answer { text: format!("HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\nok"), hangs: false }
}

#[derive(Clone)]
pub struct Http {
    pub port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Http {
    pub fn start(answer: Answer) -> Self {
        Self::start_with(answer, None)
    }

    pub fn start_with(answer: Answer, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, requests: Arc::default() };
        let shared = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (server, answer, tls) = (shared.clone(), answer.clone(), tls.clone());
                thread::spawn(move || match tls {
                    None => server.serve(stream, &answer),
                    Some(config) => {
                        let connection = ServerConnection::new(config).expect("a connection");
                        server.serve(StreamOwned::new(connection, stream), &answer);
                    }
                });
            }
        });
        server
    }

    pub fn webhook(&self, secret: SecretFrom) -> Channel {
        Channel::Webhook(WebhookChannel {
            url: format!("http://127.0.0.1:{}/in?token=7", self.port),
            secret,
            private: false,
        })
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("a lock").clone()
    }

    fn serve<S: Read + Write>(&self, stream: S, answer: &Answer) {
        let mut stream = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap_or_default();
            line.trim_end().to_owned()
        };
        let first = line();
        if first.is_empty() {
            return;
        }
        let mut headers = Vec::new();
        while let Some((name, value)) = line().split_once(": ") {
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut request = Request { line: first, headers, body: Vec::new() };
        request.body = vec![0; request.header("content-length").parse().unwrap_or_default()];
        if stream.read_exact(&mut request.body).is_err() {
            return;
        }
        self.requests.lock().expect("a lock").push(request);
        let stream = stream.get_mut();
        // Whoever has heard enough may be gone.
        let _ = stream.write_all(answer.text.as_bytes()).and_then(|()| stream.flush());
        if answer.hangs {
            thread::sleep(Duration::from_secs(60));
        }
    }
}
