//! What is refused before anything is sent, and what is kept and shown.

use takar_model::Lang;
use takar_outbox::{Channel, MailChannel, OutboxError, Secret, SecretFrom, Tls, WebhookChannel};

use crate::support::{SECRET, from_file, secret, secret_file};

fn mail() -> MailChannel {
    MailChannel {
        host: "smtp.company.example".to_owned(),
        port: 465,
        tls: Tls::Implicit,
        user: Some("toko".to_owned()),
        password: SecretFrom::Env("TAKAR_MAIL_PASSWORD".to_owned()),
        from: "takar@company.example".to_owned(),
        to: vec!["sales@company.example".to_owned()],
    }
}

fn hook(url: &str) -> Channel {
    Channel::Webhook(WebhookChannel {
        url: url.to_owned(),
        secret: SecretFrom::Env("TAKAR_WEBHOOK_SECRET".to_owned()),
        private: false,
    })
}

fn refused(channel: &Channel) {
    let error = channel.check().expect_err("a refusal");
    assert!(error.is_permanent());
    assert_ne!(error.message(Lang::Id), error.message(Lang::En));
    for told in [error.message(Lang::Id), error.message(Lang::En), format!("{error:?}")] {
        assert!(!told.contains(SECRET), "{told}");
    }
}

#[test]
fn good_channels_pass() {
    for host in ["smtp.company.example", "10.0.0.7", "::1", "[2001:db8::1]", "surat-1.company.example"] {
        Channel::Mail(MailChannel { host: host.to_owned(), ..mail() }).check().expect(host);
    }
    for host in ["localhost", "127.0.0.1", "127.8.8.8", "::1"] {
        Channel::Mail(MailChannel { host: host.to_owned(), tls: Tls::None, ..mail() }).check().expect(host);
    }
    for address in
        ["Takar <takar@company.example>", "Toko – Jawa <a.b+c@company.example>", "\"Jaya, PT\" <a@b.example>"]
    {
        Channel::Mail(MailChannel { from: address.to_owned(), ..mail() }).check().expect(address);
    }
    for url in ["https://company.example/takar?key=1", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:9/"]
    {
        hook(url).check().expect(url);
    }
}

#[test]
fn bad_mail_channels_are_refused() {
    for host in [
        "",
        " ",
        "a b",
        "https://smtp.company.example",
        "smtp.company.example:465",
        "a\r\nb",
        "user@host",
        "169.254.169.254",
        "::ffff:169.254.1.1",
        "fe80::1",
        "0.0.0.0",
    ] {
        refused(&Channel::Mail(MailChannel { host: host.to_owned(), ..mail() }));
    }
    for host in ["smtp.company.example", "10.0.0.7", "localhost.company.example"] {
        refused(&Channel::Mail(MailChannel { host: host.to_owned(), tls: Tls::None, ..mail() }));
    }
    for address in [
        "",
        "takar",
        "a@b@c",
        "a@company.example\n",
        "\u{0}a@company.example",
        "é@company.example",
        "a@b.example, c@d.example",
    ] {
        refused(&Channel::Mail(MailChannel { from: address.to_owned(), ..mail() }));
        refused(&Channel::Mail(MailChannel { to: vec![address.to_owned()], ..mail() }));
    }
    refused(&Channel::Mail(MailChannel { port: 0, ..mail() }));
    refused(&Channel::Mail(MailChannel { to: Vec::new(), ..mail() }));
    refused(&Channel::Mail(MailChannel { to: vec!["a@b.example".to_owned(); 101], ..mail() }));
    refused(&Channel::Mail(MailChannel { user: None, ..mail() }));
    refused(&Channel::Mail(MailChannel { user: Some(String::new()), ..mail() }));
    refused(&Channel::Mail(MailChannel { user: Some("a\0b".to_owned()), ..mail() }));
    refused(&Channel::Mail(MailChannel { password: SecretFrom::Nowhere, ..mail() }));
}

#[test]
fn bad_webhooks_are_refused() {
    for url in [
        "",
        "company.example",
        "ftp://company.example/",
        "file:///etc/passwd",
        "http://company.example/",
        "http://10.0.0.7/",
        "http://localhost.company.example/",
        "https://toko:kunci-rahasia-7391@company.example/",
        "https://toko@company.example/",
        "https://company.example/\r\nHost: other",
        "https://company.example/a b",
        "https://169.254.169.254/latest",
        "https://2852039166/latest",
        "https://0xa9fea9fe/latest",
        "https://[::ffff:169.254.169.254]/",
        "https://[fe80::1]/",
        "https://10.0.0.7:8443/",
        "https://192.168.1.1/",
        "https://172.16.5.4/",
        "https://100.64.1.1/",
        "https://[fd12:3456::1]/",
        "https://[::ffff:10.0.0.7]/",
        "https://3232235777/",
    ] {
        refused(&hook(url));
    }
    refused(&Channel::Webhook(WebhookChannel {
        url: "https://company.example/".to_owned(),
        secret: SecretFrom::Nowhere,
        private: false,
    }));
}

#[test]
fn a_private_address_is_reached_where_it_is_allowed() {
    for url in ["https://10.0.0.7:8443/", "https://192.168.1.1/", "https://[fd12:3456::1]/"] {
        let Channel::Webhook(webhook) = hook(url) else { panic!("a webhook") };
        Channel::Webhook(WebhookChannel { private: true, ..webhook }).check().expect(url);
    }
    // What nobody may reach stays so.
    let Channel::Webhook(webhook) = hook("https://169.254.169.254/latest") else { panic!("a webhook") };
    refused(&Channel::Webhook(WebhookChannel { private: true, ..webhook }));
}

#[test]
fn no_secret_is_shown() {
    assert_eq!(format!("{:?}", secret()), "***");
    assert_eq!(format!("{:#?}", Some(Secret::new(SECRET.to_owned()))), "Some(\n    ***,\n)");
    // Many services put a key into the path.
    let told = format!("{:?}", hook("https://company.example/token-7"));
    assert!(told.contains("company.example/***") && !told.contains("token-7"), "{told}");
}

#[test]
fn a_secret_is_read_from_where_it_is() {
    let file = secret_file();
    assert_eq!(from_file(&file).read(), Ok(Some(secret())));
    assert_eq!(SecretFrom::Nowhere.read(), Ok(None));
    assert!(matches!(SecretFrom::Env("PATH".to_owned()).read(), Ok(Some(_))));
    for name in ["", "A=B", "A\0B", "TAKAR_TEST_NO_SUCH_VARIABLE"] {
        let error = SecretFrom::Env(name.to_owned()).read();
        assert!(matches!(error, Err(OutboxError::SecretVariable { .. })), "{name}");
    }
}

#[test]
fn a_channel_is_kept_as_json() {
    let kept = r#"{"kind":"mail","host":"smtp.company.example","port":587,"tls":"start_tls","user":"toko","password":{"env":"TAKAR_MAIL_PASSWORD"},"from":"takar@company.example","to":["sales@company.example"]}"#;
    let channel: Channel = serde_json::from_str(kept).expect("a channel");
    assert_eq!(channel, Channel::Mail(MailChannel { port: 587, tls: Tls::StartTls, ..mail() }));
    assert_eq!(serde_json::to_string(&channel).expect("JSON"), kept);

    let kept = r#"{"kind":"webhook","url":"https://company.example/","secret":{"file":"/run/secrets/takar"}}"#;
    let channel: Channel = serde_json::from_str(kept).expect("a channel");
    assert_eq!(serde_json::to_string(&channel).expect("JSON"), kept);

    let short =
        r#"{"kind":"mail","host":"localhost","port":25,"tls":"none","from":"a@b.example","to":["c@d.example"]}"#;
    let channel: Channel = serde_json::from_str(short).expect("a channel");
    channel.check().expect("a good one");
}

#[test]
fn a_delivery_can_be_made_on_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    let (channel, message) = (Channel::Mail(mail()), crate::support::message());
    is_send(&takar_outbox::deliver(&channel, &message, jiff::Timestamp::UNIX_EPOCH, std::time::Duration::ZERO));
}
