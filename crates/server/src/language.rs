//! The reader's language: `?lang=` for links, else what the browser prefers.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header::ACCEPT_LANGUAGE, request::Parts},
};
use takar_model::Lang;

/// The language to answer in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader(pub Lang);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(lang_of(parts)))
    }
}

/// The language that a request is answered in.
pub(crate) fn lang_of(parts: &Parts) -> Lang {
    let asked = parts.uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("lang="));
    if let Some(lang) = asked.and_then(|lang| lang.parse().ok()) {
        return lang;
    }
    let preferred = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    preferred.map(Lang::negotiate).unwrap_or_default()
}
