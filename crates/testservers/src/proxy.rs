//! A way to a server that a test can narrow and cut.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{PATIENCE, Server};

/// Stands between Takar and a server, and lets so much of the answers through as it is told.
pub struct Proxy {
    port: u16,
    address: Box<dyn Fn(&str) -> String>,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    /// Bytes of answers that may still pass.
    left: AtomicI64,
    is_held: AtomicBool,
    is_cut: AtomicBool,
    /// Words of a question at which the connection breaks.
    refused: Mutex<Vec<u8>>,
}

impl Proxy {
    /// In front of a server; everything passes.
    ///
    /// # Panics
    /// Where no port is free.
    pub fn before(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (behind, gate) = (server.port, Arc::new(Gate::default()));
        gate.left.store(i64::MAX / 2, Ordering::SeqCst);
        let for_all = gate.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", behind)) else { continue };
                let (asked, answered) = (client.try_clone(), server.try_clone());
                if let (Ok(asked), Ok(answered)) = (asked, answered) {
                    let (of_questions, of_answers) = (for_all.clone(), for_all.clone());
                    thread::spawn(move || pass(asked, server, |bytes| !of_questions.refuses(bytes)));
                    thread::spawn(move || pass(answered, client, |bytes| of_answers.waits_for(bytes.len())));
                }
            }
        });
        let (own, real) = (port.to_string(), server.port.to_string());
        let template = server.address("\u{0}");
        let address = Box::new(move |user: &str| template.replace('\u{0}', user).replace(&real, &own));
        Self { port, address, gate }
    }

    /// The address of the server through here, without a password.
    pub fn address(&self, user: &str) -> String {
        (self.address)(user)
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Lets so many bytes of answers pass from now on, then holds back what comes.
    pub fn hold_after(&self, bytes: u32) {
        self.gate.is_held.store(false, Ordering::SeqCst);
        self.gate.left.store(bytes.into(), Ordering::SeqCst);
    }

    /// Waits until answers are held back.
    ///
    /// # Panics
    /// Where none are for a long time.
    pub fn wait_until_held(&self) {
        let begun = Instant::now();
        while !self.gate.is_held.load(Ordering::SeqCst) {
            assert!(begun.elapsed() < PATIENCE, "the answer is shorter than what may pass");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Breaks the connection on which a question with these words is asked; none where they are empty.
    pub fn break_at(&self, words: &str) {
        *self.gate.refused.lock().unwrap_or_else(PoisonError::into_inner) = words.as_bytes().to_vec();
    }

    /// Ends the connections that are held back, as a broken cable would; new ones pass.
    pub fn cut(&self) {
        self.gate.is_cut.store(true, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(100));
        self.open();
    }

    /// Lets everything pass again.
    pub fn open(&self) {
        self.gate.left.store(i64::MAX / 2, Ordering::SeqCst);
        self.gate.is_cut.store(false, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, may_pass: impl Fn(&[u8]) -> bool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut bytes) {
        if count == 0 || !may_pass(&bytes[..count]) || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

impl Gate {
    fn refuses(&self, question: &[u8]) -> bool {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        !refused.is_empty() && question.windows(refused.len()).any(|words| words == refused.as_slice())
    }

    fn waits_for(&self, count: usize) -> bool {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        while self.left.load(Ordering::SeqCst) < count {
            self.is_held.store(true, Ordering::SeqCst);
            if self.is_cut.load(Ordering::SeqCst) {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.left.fetch_sub(count, Ordering::SeqCst);
        true
    }
}
