//! The signature of a webhook.

use std::time::Duration;

use ring::hmac;

use crate::Secret;

/// Before the hex digits; another way to sign would have another.
const VERSION: &str = "v1=";

/// The value of `Takar-Signature` for a body that is sent at `timestamp` (Unix seconds).
pub fn sign(secret: &Secret, timestamp: i64, body: &[u8]) -> String {
    let tag = hmac::sign(&key(secret), &signed(timestamp, body));
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{VERSION}{hex}")
}

/// Says whether a webhook came from someone who has the secret, and not long ago.
///
/// `timestamp` is the header `Takar-Timestamp`, `signature` the header `Takar-Signature`, `body` the bytes as they came and
/// `now` the receiver's clock (both in Unix seconds). One older than `tolerance`, or as far ahead, is not trusted: it may be
/// one that was listened to and sent again. The comparison takes the same time whatever differs.
pub fn verify(secret: &Secret, timestamp: i64, body: &[u8], signature: &str, now: i64, tolerance: Duration) -> bool {
    let Some(tag) = signature.strip_prefix(VERSION).and_then(bytes_of_hex) else { return false };
    let is_recent = now.abs_diff(timestamp) <= tolerance.as_secs();
    hmac::verify(&key(secret), &signed(timestamp, body), &tag).is_ok() && is_recent
}

fn key(secret: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.text().as_bytes())
}

fn signed(timestamp: i64, body: &[u8]) -> Vec<u8> {
    [timestamp.to_string().as_bytes(), b".", body].concat()
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2, through the same key and the same hex.
    #[test]
    fn a_published_value_is_hit() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let tag = hmac::sign(&key(&Secret::new("Jefe".to_owned())), b"what do ya want for nothing?");
        assert_eq!(Some(tag.as_ref().to_vec()), bytes_of_hex(expected));
    }

    #[test]
    fn what_is_no_hex_is_refused() {
        for text in ["5", "5g", "+5", "５5"] {
            assert_eq!(bytes_of_hex(text), None, "{text}");
        }
    }
}
