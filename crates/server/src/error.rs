//! Errors as HTTP says them: the one place where a fault becomes a status.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use takar_app::{AppError, Fault};
use takar_model::{Lang, Text};

/// An error with its status and its message in the reader's language.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ApiError {
    pub(crate) fn new(error: &AppError, lang: Lang) -> Self {
        let status = match error.fault() {
            Fault::Asked => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::NotIn => StatusCode::UNAUTHORIZED,
            Fault::Forbidden => StatusCode::FORBIDDEN,
            Fault::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Fault::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, code: error.code(), message: error.message(lang) }
    }

    /// The request itself is wrong.
    pub(crate) fn bad_request(text: Text, lang: Lang) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "bad_request", message: text.get(lang).to_owned() }
    }

    /// The upload is larger than is taken, or too many wait already.
    pub(crate) fn too_large(text: Text, lang: Lang) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, code: "too_large", message: text.get(lang).to_owned() }
    }

    pub(crate) fn not_found(text: Text, lang: Lang) -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "not_found", message: text.get(lang).to_owned() }
    }

    pub(crate) fn no_such_route() -> Self {
        let message = "there is no such address: see /api/openapi.json".to_owned();
        Self { status: StatusCode::NOT_FOUND, code: "not_found", message }
    }

    pub(crate) fn foreign() -> Self {
        let message = "this server answers only to its own address on this machine".to_owned();
        Self { status: StatusCode::FORBIDDEN, code: "foreign", message }
    }

    /// Nobody is in.
    pub(crate) fn not_in(lang: Lang) -> Self {
        let text = Text::new(
            "masuk dulu: lewat halaman ini, atau kirim token dengan Authorization: Bearer",
            "come in first: on the page, or send a token with Authorization: Bearer",
        );
        Self { status: StatusCode::UNAUTHORIZED, code: "not_in", message: text.get(lang).to_owned() }
    }

    /// A change came with a session and without what guards it.
    pub(crate) fn unguarded(lang: Lang) -> Self {
        let text = Text::new(
            "permintaan ini tidak membawa X-Takar-Guard milik sesinya: muat ulang halaman",
            "this request did not bring along the X-Takar-Guard of its session: load the page again",
        );
        Self { status: StatusCode::FORBIDDEN, code: "unguarded", message: text.get(lang).to_owned() }
    }

    pub(crate) fn internal() -> Self {
        let message = "the request could not be finished; the server goes on".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "internal", message }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": { "code": self.code, "message": self.message } }))).into_response()
    }
}

/// Says the error of a use case in the reader's language.
pub(crate) trait OrSay<T> {
    fn or_say(self, lang: Lang) -> Result<T, ApiError>;
}

impl<T, E: Into<AppError>> OrSay<T> for Result<T, E> {
    fn or_say(self, lang: Lang) -> Result<T, ApiError> {
        self.map_err(|error| ApiError::new(&error.into(), lang))
    }
}
