//! The number of a thing in an address.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use takar_model::Text;

use crate::{error::ApiError, language::lang_of};

/// A number in an address. What is none names nothing that there is.
pub(crate) struct Number(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let lang = lang_of(parts);
        let found = Path::<i64>::from_request_parts(parts, state).await;
        let nothing = Text::new(
            "tidak ada apa-apa di alamat itu: di ujungnya seharusnya sebuah nomor",
            "there is nothing at this address: it ends in a number",
        );
        found.map(|Path(number)| Self(number)).map_err(|_| ApiError::not_found(nothing, lang))
    }
}
