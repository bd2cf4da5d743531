//! Mail to a server on this computer.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use takar_outbox::{Channel, MailChannel, OutboxError, Tls};

use crate::{
    smtp::{Script, Smtp, Then},
    support::{SECRET, from_file, message, secret_file, send, send_within},
};

/// The lines of a mail's head, folded ones joined, and its body, decoded.
fn parts(mail: &[u8]) -> (Vec<(String, String)>, String) {
    let mail = String::from_utf8(mail.to_vec()).expect("a mail in ASCII or UTF-8");
    assert!(mail.is_ascii(), "{mail}");
    let (head, body) = mail.split_once("\r\n\r\n").expect("a head and a body");
    let head: Vec<(String, String)> = head
        .replace("\r\n ", " ")
        .lines()
        .map(|line| line.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = match header(&head, "Content-Transfer-Encoding") {
        "base64" => decoded(&body.replace("\r\n", "")),
        "quoted-printable" => unquoted(body),
        _ => body.to_owned(),
    };
    (head, body)
}

fn header<'a>(head: &'a [(String, String)], name: &str) -> &'a str {
    let mut found = head.iter().filter(|(known, _)| known == name);
    let value = found.next().map_or("", |(_, value)| value);
    assert!(found.next().is_none(), "{name} twice");
    value
}

fn decoded(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).expect("base64")).expect("UTF-8")
}

fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if let (b'=', [high, low, after @ ..]) = (first, rest) {
            let hex = [*high, *low];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).expect("ASCII"), 16).expect("hex"));
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// A header with words in base64 between others.
fn words(value: &str) -> String {
    let words = value.replace("?= =?", "?==?");
    let mut out = String::new();
    let mut rest = words.as_str();
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let (word, after) = after.split_once("?=").expect("an end");
        out.push_str(before);
        out.push_str(&decoded(word));
        rest = after;
    }
    out + rest
}

#[test]
fn a_mail_arrives_as_it_was_written() {
    let server = Smtp::start(|_| None);
    let delivered = send(&server.mail()).expect("delivered");
    assert_eq!((delivered.code, delivered.missed.len()), (250, 0));
    assert_eq!(delivered.rest(&server.mail()), None);

    let mails = server.mails();
    let (head, body) = parts(&mails[0]);
    assert_eq!(words(header(&head, "Subject")), "Sinkron gagal – toko");
    assert_eq!(body.replace("\r\n", "\n").trim_end(), message().text.trim_end());
    assert_eq!(header(&head, "Message-ID"), "<sync-42.toko_1@company.example>");
    assert_eq!(header(&head, "Date"), "Fri, 31 Jan 2025 07:59:30 +0000");
    assert_eq!(header(&head, "Auto-Submitted"), "auto-generated");
    assert!(header(&head, "Content-Type").starts_with("text/plain; charset=utf-8"));
    assert!(header(&head, "From").contains("takar@company.example"));
    assert_eq!(words(header(&head, "To")).replace('"', ""), "Penjualan – Jawa <sales@company.example>");
    assert!(server.heard().contains(&"MAIL FROM:<takar@company.example>".to_owned()));
    assert!(server.heard().contains(&"RCPT TO:<sales@company.example>".to_owned()));
    assert!(!server.heard().iter().any(|line| line.starts_with("AUTH")));

    // A second time it is the same mail.
    send(&server.mail()).expect("delivered");
    let mails = server.mails();
    assert_eq!(mails[0], mails[1]);
}

#[test]
fn lines_that_begin_with_a_point_and_long_ones_arrive() {
    let server = Smtp::start(|_| None);
    let text = format!(".\r\n..\n{}\nRCPT TO:<other@company.example>\r\n.\r\nQUIT", "panjang sekali ".repeat(400));
    let sent = takar_outbox::Message { text: text.clone(), ..message() };
    send_within(&server.mail(), &sent, Duration::from_secs(20)).expect("delivered");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    assert_eq!(parts(&mails[0]).1.replace("\r\n", "\n").trim_end(), text.replace("\r\n", "\n"));
    assert!(!server.heard().iter().any(|line| line.contains("other@")));
}

#[test]
fn a_header_cannot_be_slipped_in() {
    let server = Smtp::start(|_| None);
    let evil = "x\r\nBcc: other@company.example";
    for sent in [
        takar_outbox::Message { subject: evil.to_owned(), ..message() },
        takar_outbox::Message { subject: "x\ny".to_owned(), ..message() },
        takar_outbox::Message { id: evil.to_owned(), ..message() },
        takar_outbox::Message { id: "a@b".to_owned(), ..message() },
        takar_outbox::Message { id: String::new(), ..message() },
        takar_outbox::Message { event: "a b".to_owned(), ..message() },
        takar_outbox::Message { at: evil.to_owned(), ..message() },
    ] {
        let error = send_within(&server.mail(), &sent, Duration::from_secs(20)).expect_err("a refusal");
        assert!(matches!(error, OutboxError::Message(_)) && error.is_permanent(), "{error:?}");
    }
    let channel = server.channel();
    for channel in [
        MailChannel { from: format!("{evil} <a@company.example>"), ..channel.clone() },
        MailChannel { from: "a@company.example\r\nBcc: b@company.example".to_owned(), ..channel.clone() },
        MailChannel { to: vec!["a@company.example>\r\nDATA".to_owned()], ..channel.clone() },
        MailChannel { to: vec!["\"a> RCPT\"@company.example".to_owned()], ..channel.clone() },
    ] {
        let error = send(&Channel::Mail(channel)).expect_err("a refusal");
        assert!(matches!(error, OutboxError::MailAddress { .. }) && error.is_permanent(), "{error:?}");
    }
    assert!(server.heard().is_empty() && server.mails().is_empty());
}

#[test]
fn a_login_is_made_both_ways() {
    let file = secret_file();
    let plain = Smtp::start(|_| None);
    let login =
        |server: &Smtp| MailChannel { user: Some("toko".to_owned()), password: from_file(&file), ..server.channel() };
    send(&Channel::Mail(login(&plain))).expect("delivered");
    let expected = format!("AUTH PLAIN {}", STANDARD.encode(format!("\0toko\0{SECRET}")));
    assert!(plain.heard().contains(&expected), "{:?}", plain.heard());

    let other = Smtp::start(|line| match line {
        "AUTH LOGIN" => Some(Then::Say("334 VXNlcm5hbWU6")),
        "dG9rbw==" => Some(Then::Say("334 UGFzc3dvcmQ6")),
        line if line.starts_with("EHLO") => Some(Then::Say("250-x\r\n250 AUTH=LOGIN")),
        line if line.starts_with("a3V") => Some(Then::Say("235 ok")),
        _ => None,
    });
    send(&Channel::Mail(login(&other))).expect("delivered");
    assert!(other.heard().contains(&STANDARD.encode(SECRET)));
}

#[test]
fn a_refused_login_tells_no_password() {
    let file = secret_file();
    // One that repeats what it was sent.
    let server = Smtp::start(|line| {
        line.starts_with("AUTH")
            .then_some(Then::Say("535 kunci-rahasia-7391 AHRva28Aa3VuY2ktcmFoYXNpYS03Mzkx is wrong"))
    });
    let channel = MailChannel { user: Some("toko".to_owned()), password: from_file(&file), ..server.channel() };
    let error = send(&Channel::Mail(channel.clone())).expect_err("a refusal");
    assert!(matches!(error, OutboxError::Login { code: 535, .. }), "{error:?}");
    assert!(!error.to_string().contains("AHRva28"));
    // A password can be put right, and the message is still there then.
    assert!(!error.is_permanent());

    let server = Smtp::start(|line| line.starts_with("EHLO").then_some(Then::Say("250-x\r\n250 AUTH XOAUTH2")));
    let error = send(&Channel::Mail(MailChannel { port: server.port, ..channel })).expect_err("a refusal");
    assert!(matches!(error, OutboxError::NoLogin { .. }) && !error.is_permanent(), "{error:?}");
}

#[test]
fn a_refusal_is_for_good_or_for_now() {
    let rcpt_550 = Smtp::start(|line| line.starts_with("RCPT").then_some(Then::Say("550 5.1.1 no such user")));
    let error = send(&rcpt_550.mail()).expect_err("a refusal");
    assert!(error.is_permanent() && error.next_try(1, 0.5).is_none());
    assert!(error.to_string().contains("550 5.1.1 no such user"), "{error}");

    let rcpt_451 = Smtp::start(|line| line.starts_with("RCPT").then_some(Then::Say("451-4.7.1 grey\r\n451 later")));
    let error = send(&rcpt_451.mail()).expect_err("a refusal");
    assert!(!error.is_permanent() && error.retry_after().is_none());
    assert_eq!(error.next_try(1, 0.5), Some(Duration::from_secs(30)));
    assert!(error.to_string().contains("451 4.7.1 grey later"), "{error}");

    let scripts: [(Script, bool); 6] = [
        (|line| (line == "(mail)").then_some(Then::Say("554 spam")), true),
        (|line| (line == "(mail)").then_some(Then::Say("452 full")), false),
        (|line| (line == "DATA").then_some(Then::Say("554 no")), true),
        (|line| line.starts_with("MAIL").then_some(Then::Say("530 log in first")), false),
        (|line| (line == "(greeting)").then_some(Then::Say("554 not here")), false),
        (|line| line.starts_with("EHLO").then_some(Then::Say("421 too busy")), false),
    ];
    for (script, is_permanent) in scripts {
        let error = send(&Smtp::start(script).mail()).expect_err("a refusal");
        assert!(matches!(error, OutboxError::Refused { .. }), "{error:?}");
        assert_eq!(error.is_permanent(), is_permanent, "{error:?}");
    }
}

#[test]
fn one_wrong_recipient_keeps_nobody_from_the_mail() {
    let server = Smtp::start(|line| match line {
        "RCPT TO:<gone@company.example>" => Some(Then::Say("550 no such user")),
        "RCPT TO:<later@company.example>" => Some(Then::Say("452 box full")),
        _ => None,
    });
    let to = ["gone@company.example", "Nanti <later@company.example>", "here@company.example"];
    let channel = Channel::Mail(MailChannel { to: to.map(str::to_owned).to_vec(), ..server.channel() });
    let delivered = send(&channel).expect("delivered");
    assert_eq!(server.mails().len(), 1);
    let missed: Vec<_> =
        delivered.missed.iter().map(|one| (one.address.as_str(), one.code, one.is_permanent)).collect();
    assert_eq!(missed, [(to[0], 550, true), (to[1], 452, false)]);

    let Some(Channel::Mail(rest)) = delivered.rest(&channel) else { panic!("one is left") };
    assert_eq!(rest.to, [to[1]]);
    let error = send(&Channel::Mail(rest)).expect_err("still full");
    assert!(!error.is_permanent());

    // Where nobody is reached, one who may be reached later keeps the message alive.
    let channel =
        Channel::Mail(MailChannel { to: to[..2].iter().map(|to| (*to).to_owned()).collect(), ..server.channel() });
    let error = send(&channel).expect_err("nobody");
    assert!(matches!(error, OutboxError::Refused { code: 452, is_permanent: false, .. }), "{error:?}");
}

#[test]
fn a_server_that_is_silent_or_goes_away_is_tried_again() {
    let short = Duration::from_millis(400);
    let hanging: [Script; 3] = [
        |line| (line == "(greeting)").then_some(Then::Hang),
        |line| line.starts_with("RCPT").then_some(Then::Hang),
        |line| (line == "(mail)").then_some(Then::Hang),
    ];
    for script in hanging {
        let begun = Instant::now();
        let error = send_within(&Smtp::start(script).mail(), &message(), short).expect_err("no answer");
        assert!(matches!(error, OutboxError::NoAnswer { .. }) && !error.is_permanent(), "{error:?}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    let closing: [Script; 5] = [
        |line| (line == "(greeting)").then_some(Then::Close),
        |line| line.starts_with("MAIL").then_some(Then::Close),
        |line| (line == "DATA").then_some(Then::Close),
        |line| (line == "(mail)").then_some(Then::Close),
        |line| (line == "(greeting)").then_some(Then::Say("SSH-2.0-no mail here")),
    ];
    for script in closing {
        let error = send(&Smtp::start(script).mail()).expect_err("gone");
        assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");
    }
    // Nobody listens here.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let channel = MailChannel { port, ..Smtp::start(|_| None).channel() };
    let error = send(&Channel::Mail(channel)).expect_err("nobody");
    assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");
}

#[test]
fn a_mail_that_was_taken_stays_delivered() {
    let no_goodbye: [Script; 2] =
        [|line| (line == "QUIT").then_some(Then::Hang), |line| (line == "QUIT").then_some(Then::Close)];
    for script in no_goodbye {
        let server = Smtp::start(script);
        // However little time is left for it.
        send_within(&server.mail(), &message(), Duration::from_millis(900)).expect("delivered");
        assert_eq!(server.mails().len(), 1);
    }
}

#[test]
fn an_endless_answer_ends() {
    let server = Smtp::start(|line| {
        const MUCH: &str = concat!("250-", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        line.starts_with("EHLO").then(|| Then::Say(Box::leak(vec![MUCH; 1000].join("\r\n").into_boxed_str())))
    });
    let error = send(&server.mail()).expect_err("too much");
    assert!(matches!(error, OutboxError::Unreachable { .. }), "{error:?}");
}

#[test]
fn no_encryption_no_password() {
    let file = secret_file();
    let server = Smtp::start(|_| None);
    let channel = MailChannel {
        tls: Tls::StartTls,
        user: Some("toko".to_owned()),
        password: from_file(&file),
        ..server.channel()
    };
    let error = send(&Channel::Mail(channel.clone())).expect_err("no STARTTLS");
    assert!(matches!(error, OutboxError::NoStartTls { .. }) && !error.is_permanent(), "{error:?}");
    assert!(!server.heard().iter().any(|line| line.starts_with("AUTH")), "{:?}", server.heard());

    // Answers sent ahead in the clear, to be taken for encrypted ones.
    let server = Smtp::start(|line| match line {
        "STARTTLS" => {
            Some(Then::Say("220 go on\r\n250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 ok\r\n250 ok"))
        }
        line if line.starts_with("EHLO") => Some(Then::Say("250-x\r\n250 STARTTLS")),
        _ => None,
    });
    let error = send(&Channel::Mail(MailChannel { port: server.port, ..channel.clone() })).expect_err("refused");
    assert!(matches!(error, OutboxError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("in the clear after STARTTLS"), "{error}");
    assert!(!server.heard().iter().any(|line| line.starts_with("AUTH")), "{:?}", server.heard());

    // A server in the clear where encryption is asked for from the first byte.
    let channel = MailChannel { tls: Tls::Implicit, port: server.port, ..channel };
    let error = send(&Channel::Mail(channel)).expect_err("no encryption");
    assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");
}
