//! Passwords and keys: how they are made, and how they are recognised without being kept.

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
use serde::Deserialize;
use takar_model::Text;
use takar_state::Message;

use crate::{AppError, Result};

/// A password has at least so many characters.
const SHORTEST: usize = 10;
/// And at most so many bytes: recognising it takes time for each.
const LONGEST: usize = 256;
/// What is tried first by who guesses, as far as it is long enough.
const GUESSED: [&str; 12] = [
    "1234567890",
    "0123456789",
    "0987654321",
    "1111111111",
    "0000000000",
    "qwertyuiop",
    "password123",
    "passwordpassword",
    "rahasiabanget",
    "indonesia123",
    "bismillah123",
    "iloveyou123",
];

/// What somebody typed as a password. It is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Takes a password as it was typed.
    pub const fn new(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Argon2id with 19 MiB and two passes, as OWASP asks for at least.
fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| unhashed())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Refuses a password that is easily guessed, and gives what it is recognised by.
pub(crate) fn hashed(password: &Password, login: &str, name: &str) -> Result<String> {
    let text = &password.0;
    let too_short = text.chars().count() < SHORTEST;
    if too_short || text.len() > LONGEST {
        return Err(AppError::Told(Message {
            id: format!(
                "kata sandi harus {SHORTEST} sampai {LONGEST} karakter; beberapa kata bersama mudah diingat dan sulit ditebak"
            ),
            en: format!(
                "a password has {SHORTEST} to {LONGEST} characters; a few words together are easy to keep and hard to guess"
            ),
        }));
    }
    let small = text.to_lowercase();
    let is_own = [login, name].iter().any(|own| !own.is_empty() && small == own.to_lowercase());
    let first = text.chars().next();
    if is_own || GUESSED.contains(&small.as_str()) || text.chars().all(|letter| Some(letter) == first) {
        return Err(AppError::Asked(Text::new(
            "kata sandi itu termasuk yang pertama dicoba penebak: pilih yang lain",
            "that password is among the first that are tried by who guesses: choose another",
        )));
    }
    let mut bytes = [0_u8; 16];
    fill(&mut bytes)?;
    let salt = SaltString::encode_b64(&bytes).map_err(|_| unhashed())?;
    Ok(hasher()?.hash_password(text.as_bytes(), &salt).map_err(|_| unhashed())?.to_string())
}

/// The password is the one of that hash. Without a hash as much time is taken.
pub(crate) fn is_right(password: &Password, hash: Option<&str>) -> bool {
    // A hash that no password has; its parameters are those of `hasher`.
    const NOBODYS: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2Q$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if password.0.len() > LONGEST {
        return false;
    }
    let Ok(known) = PasswordHash::new(hash.unwrap_or(NOBODYS)) else { return false };
    let right = hasher().is_ok_and(|hasher| hasher.verify_password(password.0.as_bytes(), &known).is_ok());
    right && hash.is_some()
}

/// A key that cannot be guessed: 32 random bytes as text.
pub(crate) fn new_key() -> Result<String> {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What a key is recognised by. A key is random and long, so that a plain digest cannot be turned back.
pub(crate) fn digest_of(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, key.as_bytes()))
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| unhashed())
}

fn unhashed() -> AppError {
    AppError::Asked(Text::new(
        "kata sandi tidak bisa disimpan dengan aman di mesin ini: angka acak sistem tidak tersedia",
        "the password cannot be kept safely on this machine: the system gives no random numbers",
    ))
}
