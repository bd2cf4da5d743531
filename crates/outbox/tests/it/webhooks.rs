//! Webhooks to a receiver on this computer.

use std::time::{Duration, Instant};

use serde_json::json;
use takar_outbox::{Channel, OutboxError, SecretFrom, WebhookChannel, sign, verify};

use crate::{
    http::{Answer, Http, says},
    support::{NOW, from_file, message, secret, secret_file, send, send_within},
};

const TOLERANCE: Duration = Duration::from_secs(300);

#[test]
fn a_webhook_arrives_signed() {
    let file = secret_file();
    let server = Http::start(says("200 OK"));
    let delivered = send(&server.webhook(from_file(&file))).expect("delivered");
    assert_eq!((delivered.code, delivered.missed.len()), (200, 0));

    let requests = server.requests();
    let request = &requests[0];
    assert_eq!(request.line, "POST /in?token=7 HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("takar-id"), "sync-42.toko_1");
    assert_eq!(request.header("takar-timestamp"), NOW.to_string());
    let body: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
    let expected = json!({
        "id": "sync-42.toko_1",
        "event": "sync.failed",
        "at": "2025-01-31T07:59:30Z",
        "subject": "Sinkron gagal – toko",
        "text": message().text,
        "data": {"source": "toko", "tries": 3},
    });
    assert_eq!(body, expected);
    let keys: Vec<&String> = body.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "event", "at", "subject", "text", "data"]);

    let signature = request.header("takar-signature");
    assert!(verify(&secret(), NOW, &request.body, signature, NOW + 299, TOLERANCE));
    let mut changed = request.body.clone();
    changed[10] ^= 1;
    assert!(!verify(&secret(), NOW, &changed, signature, NOW, TOLERANCE));
}

#[test]
fn a_signature_holds_for_what_was_signed_only() {
    let signature = sign(&secret(), NOW, b"{}");
    assert_eq!(signature.len(), "v1=".len() + 64);
    let holds =
        |timestamp, body: &[u8], signature: &str, now| verify(&secret(), timestamp, body, signature, now, TOLERANCE);
    assert!(holds(NOW, b"{}", &signature, NOW));
    assert!(holds(NOW, b"{}", &signature, NOW - 300));
    assert!(!holds(NOW, b"{}", &signature, NOW - 301));
    assert!(!holds(NOW, b"{}", &signature, NOW + 301));
    assert!(!holds(NOW + 1, b"{}", &signature, NOW));
    assert!(!holds(NOW, b"{ }", &signature, NOW));
    assert!(!holds(NOW, b"{}", &signature[3..], NOW));
    assert!(!holds(NOW, b"{}", &signature[..60], NOW));
    assert!(!holds(NOW, b"{}", "v1=", NOW));
    assert!(!holds(NOW, b"{}", "", NOW));
    assert!(!holds(i64::MIN, b"{}", &signature, i64::MAX));
    assert!(!verify(&takar_outbox::Secret::new("other".to_owned()), NOW, b"{}", &signature, NOW, TOLERANCE));
}

fn refused(head: &str) -> OutboxError {
    let file = secret_file();
    let error = send(&Http::start(says(head)).webhook(from_file(&file))).expect_err("a refusal");
    assert!(matches!(error, OutboxError::Status { .. }), "{error:?}");
    error
}

#[test]
fn an_answer_is_for_good_or_for_now() {
    for (head, is_permanent) in [
        ("400 Bad Request", true),
        ("401 Unauthorized", true),
        ("404 Not Found", true),
        ("410 Gone", true),
        ("422 Unprocessable Content", true),
        ("408 Request Timeout", false),
        ("425 Too Early", false),
        ("429 Too Many Requests", false),
        ("500 Internal Server Error", false),
        ("503 Service Unavailable", false),
        ("304 Not Modified", false),
    ] {
        let error = refused(head);
        assert_eq!(error.is_permanent(), is_permanent, "{head}");
        assert_eq!(error.is_gone(), head.starts_with("410"), "{head}");
        assert_eq!(error.next_try(1, 0.5).is_none(), is_permanent, "{head}");
        assert_eq!(error.retry_after(), None);
        assert!(error.to_string().contains(&head[..3]) && error.to_string().contains("127.0.0.1:"), "{error}");
    }
    let file = secret_file();
    let delivered = send(&Http::start(says("202 Accepted")).webhook(from_file(&file))).expect("delivered");
    assert_eq!(delivered.code, 202);
}

#[test]
fn the_receivers_wish_to_be_left_alone_is_kept() {
    let error = refused("429 Too Many Requests\r\nRetry-After: 600");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(600)));
    assert_eq!(error.next_try(1, 0.5), Some(Duration::from_secs(600)));
    // The longer wait counts.
    assert_eq!(error.next_try(8, 0.5), Some(Duration::from_secs(3840)));
    assert_eq!(error.next_try(21, 0.5), None);
    // 08:10 where it is 08:00.
    let error = refused("503 Service Unavailable\r\nRetry-After: Fri, 31 Jan 2025 08:10:00 GMT");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(600)));
    let error = refused("503 Service Unavailable\r\nRetry-After: 99999999");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(24 * 60 * 60)));
    let error = refused("400 Bad Request\r\nRetry-After: 60");
    assert_eq!(error.retry_after(), None);
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Http::start(says("200 OK"));
    let error = refused(&format!("302 Found\r\nLocation: http://127.0.0.1:{}/", other.port));
    assert!(!error.is_permanent());
    assert!(error.to_string().contains("redirects are not followed"), "{error}");
    refused(&format!("308 Permanent Redirect\r\nLocation: http://127.0.0.1:{}/", other.port));
    assert!(other.requests().is_empty());
}

#[test]
fn a_receiver_that_is_silent_is_tried_again() {
    let file = secret_file();
    let silent = Http::start(Answer { text: String::new(), hangs: true });
    let begun = Instant::now();
    let error =
        send_within(&silent.webhook(from_file(&file)), &message(), Duration::from_millis(400)).expect_err("no answer");
    assert!(matches!(error, OutboxError::NoAnswer { .. }) && !error.is_permanent(), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));

    let gone = Http::start(Answer { text: String::new(), hangs: false });
    let error = send(&gone.webhook(from_file(&file))).expect_err("gone");
    assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");

    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let nobody =
        WebhookChannel { url: format!("http://localhost:{port}/token"), secret: from_file(&file), private: false };
    let error = send(&Channel::Webhook(nobody)).expect_err("nobody");
    assert!(matches!(error, OutboxError::Unreachable { .. }) && !error.is_permanent(), "{error:?}");
}

#[test]
fn what_was_taken_stays_delivered_whatever_the_body_does() {
    let file = secret_file();
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n";
    let slow = Answer { text: head.to_owned(), hangs: true };
    let huge = Answer { text: head.to_owned() + &"x".repeat(50_000_000), hangs: true };
    for answer in [slow, huge] {
        let begun = Instant::now();
        let webhook = Http::start(answer).webhook(from_file(&file));
        send_within(&webhook, &message(), Duration::from_millis(900)).expect("delivered");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_secret_that_is_not_there_is_waited_for() {
    let server = Http::start(says("200 OK"));
    let empty = tempfile::NamedTempFile::new().expect("a file");
    for secret in [
        SecretFrom::Env("TAKAR_TEST_NO_SUCH_VARIABLE".to_owned()),
        SecretFrom::File("/no/such/file".into()),
        from_file(&empty),
    ] {
        let error = send(&server.webhook(secret)).expect_err("no secret");
        assert!(matches!(error, OutboxError::SecretVariable { .. } | OutboxError::SecretFile { .. }), "{error:?}");
        assert!(!error.is_permanent());
    }
    assert!(server.requests().is_empty());
}
