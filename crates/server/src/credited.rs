//! The rule of credit that an answer follows: `?credit=` on any question, else as recorded.

use axum::{extract::FromRequestParts, http::request::Parts};
use takar_app::AppError;
use takar_model::{Credit, Text};
use utoipa::IntoParams;

use crate::{error::ApiError, language::Reader};

/// The rule, as the API's description tells it.
#[derive(IntoParams)]
#[expect(dead_code, reason = "only described: the extractor reads the address itself")]
pub(crate) struct CreditAsked {
    /// Who is credited where an account changed hands: `recorded` (the manager on the invoice), `then` (the account's owner on
    /// that day) or `now` (its owner on the last day of the data).
    credit: Option<String>,
}

/// The rule to answer by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credited(pub Credit);

impl<S: Send + Sync> FromRequestParts<S> for Credited {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let asked = parts.uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("credit="));
        let Some(name) = asked.filter(|name| !name.is_empty()) else {
            return Ok(Self(Credit::Recorded));
        };
        if let Ok(credit) = name.parse() {
            return Ok(Self(credit));
        }
        let Reader(lang) = match Reader::from_request_parts(parts, state).await {
            Ok(reader) => reader,
            Err(never) => match never {},
        };
        let text = Text::new("credit: recorded, then, atau now", "credit: recorded, then or now");
        Err(ApiError::new(&AppError::Asked(text), lang))
    }
}
