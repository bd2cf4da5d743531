//! The same through encryption.
//!
//! The certificates that a computer trusts are found by a variable of the environment, so the deliveries are made by this
//! program started once more, with that variable set.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use takar_outbox::{Channel, MailChannel, OutboxError, Tls, WebhookChannel, verify};
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::{
    certificate::Certificate,
    http::{Http, says},
    smtp::Smtp,
    support::{NOW, from_file, secret, secret_file, send},
};

/// Names the folder with the certificate and its key.
const FOLDER: &str = "TAKAR_TEST_CERTIFICATE";

fn config(certificate: Vec<u8>, key: Vec<u8>) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![CertificateDer::from(certificate)], key)
        });
    Arc::new(config.expect("a certificate that fits its key"))
}

#[test]
fn what_is_trusted_is_delivered_to() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return deliver_encrypted(&PathBuf::from(folder));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let made = Certificate::new();
    fs::write(folder.path().join("certificate"), &made.certificate).expect("written");
    fs::write(folder.path().join("key"), &made.key).expect("written");
    let trusted = folder.path().join("trusted.pem");
    fs::write(&trusted, made.pem()).expect("written");
    let again = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "encrypted::what_is_trusted_is_delivered_to", "--nocapture"])
        .env(FOLDER, folder.path())
        .env("SSL_CERT_FILE", &trusted)
        .env_remove("SSL_CERT_DIR")
        .output()
        .expect("started");
    let told = String::from_utf8_lossy(&again.stdout) + String::from_utf8_lossy(&again.stderr);
    assert!(again.status.success() && told.contains("1 passed"), "{told}");
}

fn deliver_encrypted(folder: &Path) {
    let read = |name: &str| fs::read(folder.join(name)).expect("a file");
    let config = config(read("certificate"), read("key"));
    let file = secret_file();
    for tls in [Tls::Implicit, Tls::StartTls] {
        for host in ["localhost", "127.0.0.1"] {
            let server = Smtp::start_with(|_| None, Some((tls, config.clone())));
            let channel = MailChannel {
                host: host.to_owned(),
                user: Some("toko".to_owned()),
                password: from_file(&file),
                ..server.channel()
            };
            send(&Channel::Mail(channel)).expect("delivered");
            assert_eq!(server.mails().len(), 1);
            assert!(server.heard().iter().any(|line| line.starts_with("AUTH PLAIN ")));
        }
    }
    // A certificate for another name.
    let server = Smtp::start_with(|_| None, Some((Tls::Implicit, config.clone())));
    let error = send(&Channel::Mail(MailChannel { host: "127.0.0.2".to_owned(), ..server.channel() }));
    assert!(matches!(error, Err(OutboxError::Unreachable { .. })), "{error:?}");
    assert!(server.heard().is_empty());

    let server = Http::start_with(says("200 OK"), Some(config));
    let url = format!("https://localhost:{}/in", server.port);
    send(&Channel::Webhook(WebhookChannel { url, secret: from_file(&file), private: false })).expect("delivered");
    let requests = server.requests();
    let signature = requests[0].header("takar-signature");
    assert!(verify(&secret(), NOW, &requests[0].body, signature, NOW, std::time::Duration::from_secs(1)));
}

#[test]
fn what_is_not_trusted_is_told_nothing() {
    let made = Certificate::new();
    let config = config(made.certificate, made.key);
    let file = secret_file();
    for tls in [Tls::Implicit, Tls::StartTls] {
        let server = Smtp::start_with(|_| None, Some((tls, config.clone())));
        let channel = MailChannel { user: Some("toko".to_owned()), password: from_file(&file), ..server.channel() };
        let error = send(&Channel::Mail(channel)).expect_err("not trusted");
        assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");
        assert!(error.to_string().contains("certificate"), "{error}");
        assert!(!server.heard().iter().any(|line| line.starts_with("AUTH")));
    }
    let server = Http::start_with(says("200 OK"), Some(config));
    let url = format!("https://localhost:{}/in", server.port);
    let error = send(&Channel::Webhook(WebhookChannel { url, secret: from_file(&file), private: false }))
        .expect_err("not trusted");
    assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(server.requests().is_empty());
}
