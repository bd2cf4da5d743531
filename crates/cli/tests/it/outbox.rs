//! Sources synced on their schedule, and the messages that tell when one fails.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use takar_outbox::{Secret, verify};

use crate::{post_office::PostOffice, serve::Server, support::Home};

/// What a webhook got: its headers and its body.
pub struct Got {
    pub head: String,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> String {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned());
        found.next().unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }
}

/// A receiver on this machine that answers with these codes in turn, the last for ever.
pub fn receiver(codes: &'static [u16]) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook/geheim", listener.local_addr().expect("an address"));
    let (send, receive) = channel();
    thread::spawn(move || {
        for (turn, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { continue };
            let code = codes[turn.min(codes.len() - 1)];
            let mut bytes = Vec::new();
            let mut buffer = [0; 4096];
            let got = loop {
                let count = stream.read(&mut buffer).unwrap_or(0);
                bytes.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let length = head.lines().find_map(|line| {
                        line.to_ascii_lowercase()
                            .strip_prefix("content-length: ")
                            .and_then(|length| length.parse().ok())
                    });
                    if body.len() >= length.unwrap_or(0) {
                        break Some(Got { head: head.to_owned(), body: body.to_owned() });
                    }
                }
                if count == 0 {
                    break None;
                }
            };
            let _ = write!(stream, "HTTP/1.1 {code} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            if got.is_some_and(|got| send.send(got).is_err()) {
                return;
            }
        }
    });
    (url, receive)
}

pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what} did not come");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_source_is_synced_by_itself_and_its_failure_is_told() {
    let home = Home::new();
    let file = home.path().join("toko.db");
    let database = rusqlite::Connection::open(&file).expect("a database");
    let run = |sql: &str| database.execute_batch(sql).expect("statements");
    run(
        "CREATE TABLE faktur (no_faktur text, tanggal text, kode_pelanggan text, kode_sales text, jumlah int, net int);
         INSERT INTO faktur VALUES ('F1', '2025-10-01', 'C1', 'S1', 1, 100);",
    );
    let address = format!("sqlite:{}", file.display());
    home.ok(&["sources", "add", "toko", "--url", &address, "--table", "faktur"]);
    assert!(home.refused(&["sources", "schedule", "toko", "kadang"]).contains("02:30"));
    assert!(home.ok(&["sources", "schedule", "toko", "1s"]).contains("1s"));

    let (url, received) = receiver(&[204]);
    let secret = home.file("rahasia", "penanda-tangan\n");
    let secret = secret.to_str().expect("text");
    home.ok(&["outbox", "webhook", "grup", "--url", &url, "--secret-file", secret]);
    assert!(!home.ok(&["outbox", "channels"]).contains("geheim"), "the path may hold a key");

    let server = Server::start(&home);
    let lines = || server.json("/api/status")["lines"].as_u64().expect("lines");
    wait_for("the first line", || lines() == 1);
    run("INSERT INTO faktur VALUES ('F2', '2025-10-02', 'C1', 'S1', 1, 50);");
    wait_for("the second line", || lines() == 2);

    // The source breaks: told once, however often it is tried, and nothing is lost.
    run("ALTER TABLE faktur RENAME TO faktur_lama;");
    let got = received.recv_timeout(Duration::from_secs(20)).expect("told of the failure");
    let message: Value = serde_json::from_str(&got.body).expect("JSON");
    assert_eq!((&message["event"], &message["data"]["source"]), (&"sync.failed".into(), &"toko".into()), "{message}");
    assert_eq!(message["subject"], "The sync of the source toko failed");
    assert_eq!(got.header("Takar-Id"), message["id"].as_str().expect("an id"));
    let (time, signature) = (got.header("Takar-Timestamp").parse().expect("seconds"), got.header("Takar-Signature"));
    let key = Secret::new("penanda-tangan".to_owned());
    assert!(verify(&key, time, got.body.as_bytes(), &signature, time, Duration::from_secs(5)));
    assert!(!verify(&key, time, b"{}", &signature, time, Duration::from_secs(5)));
    assert_eq!(lines(), 2);
    let source = &server.json("/api/sources")[0];
    assert!(
        source["failures"].as_u64() >= Some(1) && source["error"].is_string() && source["next"].is_string(),
        "{source}"
    );

    // It works again: told too. The next try may be a minute away, so the schedule is set anew.
    run("ALTER TABLE faktur_lama RENAME TO faktur;");
    home.ok(&["sources", "schedule", "toko", "2s"]);
    let got = received.recv_timeout(Duration::from_secs(20)).expect("told of the recovery");
    assert!(got.body.contains("sync.recovered"), "{}", got.body);
    home.ok(&["sources", "schedule", "toko", "off"]);
    let sent = home.json(&["outbox", "--format", "json"]);
    let states: Vec<&str> = sent.as_array().expect("messages").iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states, ["sent", "sent"], "{sent}");
}

#[test]
fn a_message_is_not_lost_where_its_receiver_is_down() {
    let home = Home::new();
    let (url, received) = receiver(&[503, 200]);
    let secret = home.file("rahasia", "kunci");
    let secret = secret.to_str().expect("text");
    home.ok(&["outbox", "webhook", "grup", "--url", &url, "--secret-file", secret]);
    assert!(home.ok(&["outbox", "test", "grup"]).contains("1 to be tried again"));
    let waiting = &home.json(&["outbox", "--format", "json"])[0];
    assert_eq!((&waiting["state"], &waiting["tries"]), (&"waiting".into(), &1.into()));
    assert!(waiting["error"].as_str().expect("why").contains("503") && waiting["next"].is_string(), "{waiting}");
    let first = received.recv_timeout(Duration::from_secs(5)).expect("the first try");
    // A round before its time does nothing; asked for, it goes out under the same id.
    assert!(home.ok(&["outbox", "send"]).contains("0 delivered"));
    home.ok(&["outbox", "retry", waiting["id"].as_str().expect("an id")]);
    let again = received.recv_timeout(Duration::from_secs(5)).expect("the second try");
    assert_eq!(first.header("Takar-Id"), again.header("Takar-Id"));
    assert_eq!(home.json(&["outbox", "--format", "json"])[0]["state"], "sent");

    for (asked, said) in [
        (vec!["outbox", "webhook", "x", "--url", "http://example.com/", "--secret-file", secret], "https"),
        (vec!["outbox", "webhook", "x", "--url", &url], "secret"),
        (vec!["outbox", "webhook", "no/name", "--url", &url, "--secret-file", secret], "letters"),
        (vec!["outbox", "webhook", "x", "--url", &url, "--secret-file", secret, "--event", "all"], "sync.failed"),
        (
            vec!["outbox", "mail", "x", "--host", "127.0.0.1", "--tls", "none", "--from", "a", "--to", "b@c.example"],
            "a",
        ),
        (vec!["outbox", "test", "gone"], "no way out"),
        (vec!["outbox", "remove", "gone"], "no way out"),
        (vec!["outbox", "retry", "gone"], "no such message"),
    ] {
        assert!(home.refused(&asked).contains(said), "{asked:?}");
    }
    // Nobody listens any more: kept, with a reason, and given up with its way out.
    home.ok(&[
        "outbox",
        "mail",
        "surat",
        "--host",
        "127.0.0.1",
        "--port",
        "1",
        "--tls",
        "none",
        "--from",
        "t@a.example",
        "--to",
        "b@c.example",
    ]);
    assert!(home.ok(&["outbox", "test", "surat"]).contains("1 to be tried again"));
    home.ok(&["outbox", "remove", "surat"]);
    assert_eq!(home.json(&["outbox", "--format", "json"])[0]["state"], "failed");
}

/// Of three recipients one gets the mail, one is refused for good and one for now: nobody gets it twice, and nobody is forgotten.
#[test]
fn who_has_a_mail_does_not_get_it_again() {
    let home = Home::new();
    let office = PostOffice::open();
    office.refuse("b@x.example", Some("550 no such user"));
    office.refuse("c@x.example", Some("450 later"));
    let way_out = |port: u16, to: &[&str]| {
        let port = port.to_string();
        let mut asked = vec!["outbox", "mail", "surat", "--host", "127.0.0.1", "--port", &port, "--tls", "none"];
        asked.extend(["--from", "t@x.example"]);
        asked.extend(to.iter().flat_map(|to| ["--to", *to]));
        home.ok(&asked);
    };
    let message = || home.json(&["outbox", "--format", "json"])[0].clone();
    let why = || message()["error"].as_str().unwrap_or_default().to_owned();
    // Nobody listens there: once the way out is put right, what waits goes out by it at once.
    way_out(1, &["a@x.example", "b@x.example", "c@x.example"]);
    assert!(home.ok(&["outbox", "test", "surat"]).contains("1 to be tried again"));
    way_out(office.port(), &["a@x.example", "b@x.example", "c@x.example"]);
    assert!(home.ok(&["outbox", "send"]).contains("1 to be tried again"));
    assert_eq!(why(), "Not yet delivered to c@x.example. Refused for b@x.example.");
    // It goes on to those who are left, whomever the way out writes to from now on.
    way_out(office.port(), &["a@x.example", "d@x.example"]);
    home.ok(&["outbox", "send"]);
    assert!(why().contains("450") && why().contains("Refused for b@x.example."), "{}", why());
    office.refuse("c@x.example", None);
    let id = message()["id"].as_str().expect("an id").to_owned();
    assert!(home.ok(&["outbox"]).contains(&id[..8]) && !home.ok(&["outbox"]).contains(&id));
    assert!(home.ok(&["outbox", "retry", &id[..8]]).contains("1 delivered"));
    assert_eq!((message()["state"].clone(), why().as_str()), ("sent".into(), "Refused for b@x.example."));
    let to: Vec<Vec<String>> = office.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [["a@x.example"], ["c@x.example"]]);

    // An id that says what it is is printed whole; one that is shortened too much is refused with those it could be.
    let state = rusqlite::Connection::open(home.path().join("home/state.db")).expect("the state");
    let two = "INSERT INTO outbox (id, channel, rest, event, at, subject, text, data, state, tries) \
               SELECT 'report-1-' || value, channel, rest, event, at, subject, text, data, 'failed', 21 \
               FROM outbox, json_each('[\"x\", \"y\"]')";
    assert_eq!(state.execute(two, []).expect("two more"), 2);
    let listed = home.ok(&["outbox"]);
    assert!(listed.contains("report-1-x") && listed.contains("report-1-y"), "{listed}");
    let refused = home.refused(&["outbox", "retry", "report-1"]);
    assert!(refused.contains("report-1-x") && refused.contains("report-1-y"), "{refused}");
    home.ok(&["outbox", "retry", "report-1-x"]);
    assert_eq!(office.mails().len(), 3);
}

/// A proxy looks names up itself: it is asked only where the network inside may be reached too.
#[test]
fn a_proxy_is_no_way_around_the_public_internet() {
    let home = Home::new();
    let secret = home.file("rahasia", "kunci");
    let secret = secret.to_str().expect("text");
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    proxy.set_nonblocking(true).expect("a listener that does not wait");
    let address = format!("http://{}", proxy.local_addr().expect("an address"));
    let is_asked = |more: &[&str]| {
        let url = "https://takar.invalid/hook";
        home.ok(&[&["outbox", "webhook", "luar", "--url", url, "--secret-file", secret], more].concat());
        let mut trial = home.command(&["outbox", "test", "luar"]);
        let mut trial = trial.env("HTTPS_PROXY", &address).env_remove("NO_PROXY").spawn().expect("it runs");
        let mut was_asked = false;
        while trial.try_wait().expect("it runs").is_none() {
            // Asked and not answered: the conversation ends here.
            was_asked |= proxy.accept().is_ok();
            thread::sleep(Duration::from_millis(20));
        }
        was_asked || proxy.accept().is_ok()
    };
    assert!(!is_asked(&[]));
    assert!(is_asked(&["--allow-private"]));
}
