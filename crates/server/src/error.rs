//! Errors as HTTP says them: the one place where a fault becomes a status.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use takar_app::{AppError, Fault};
use takar_insight::InsightError;
use takar_model::{Lang, Text};

/// An error with its status and its message in the reader's language.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// The character of an expression, from 1, at which it went wrong.
    position: Option<usize>,
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
        let position = match error {
            AppError::Insight(InsightError::Expression { position, .. } | InsightError::Filter { position, .. }) => {
                Some(*position)
            }
            _ => None,
        };
        Self { position, ..Self::plain(status, error.code(), without_command(error.message(lang))) }
    }

    const fn plain(status: StatusCode, code: &'static str, message: String) -> Self {
        Self { status, code, message, position: None }
    }

    /// The request itself is wrong.
    pub(crate) fn bad_request(text: Text, lang: Lang) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, "bad_request", text.get(lang).to_owned())
    }

    /// The upload is larger than is taken, or too many wait already.
    pub(crate) fn too_large(text: Text, lang: Lang) -> Self {
        Self::plain(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text.get(lang).to_owned())
    }

    pub(crate) fn not_found(text: Text, lang: Lang) -> Self {
        Self::plain(StatusCode::NOT_FOUND, "not_found", text.get(lang).to_owned())
    }

    pub(crate) fn no_such_route() -> Self {
        let message = "there is no such address: see /api/openapi.json".to_owned();
        Self::plain(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(crate) fn foreign() -> Self {
        let message = "this server answers only to its own address on this machine".to_owned();
        Self::plain(StatusCode::FORBIDDEN, "foreign", message)
    }

    /// Nobody is in.
    pub(crate) fn not_in(lang: Lang) -> Self {
        let text = Text::new(
            "masuk dulu: lewat halaman ini, atau kirim token dengan Authorization: Bearer",
            "come in first: on the page, or send a token with Authorization: Bearer",
        );
        Self { status: StatusCode::UNAUTHORIZED, code: "not_in", message: text.get(lang).to_owned(), position: None }
    }

    /// A change came with a session and without what guards it.
    pub(crate) fn unguarded(lang: Lang) -> Self {
        let text = Text::new(
            "permintaan ini tidak membawa X-Takar-Guard milik sesinya: muat ulang halaman",
            "this request did not bring along the X-Takar-Guard of its session: load the page again",
        );
        Self { status: StatusCode::FORBIDDEN, code: "unguarded", message: text.get(lang).to_owned(), position: None }
    }

    pub(crate) fn internal() -> Self {
        let message = "the request could not be finished; the server goes on".to_owned();
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Some(position) = self.position {
            error["position"] = position.into();
        }
        (self.status, Json(json!({ "error": error }))).into_response()
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

/// A message without the command to look with at its end: who asks over HTTP has a page or a program before him, and no terminal.
fn without_command(mut message: String) -> String {
    let hints = [": lihat `takar ", ": see `takar ", "; lihat takar ", "; see takar "];
    let at = hints.iter().filter_map(|hint| message.rfind(hint)).max();
    // What follows upon the command is said all the same.
    if let Some(at) = at.filter(|at| !message[*at..].contains(". ")) {
        message.truncate(at);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::without_command;

    #[test]
    fn hints_for_a_terminal_are_left_out() {
        let left = |message: &str| without_command(message.to_owned());
        assert_eq!(left("tidak ada siklus bernomor itu: lihat `takar cycles`"), "tidak ada siklus bernomor itu");
        assert_eq!(left("there is no KPI \"x\"; see takar kpis"), "there is no KPI \"x\"");
        for whole in
            ["set weights without it first (page Scorecards, or takar scorecard weights --set)", "see takar", ""]
        {
            assert_eq!(left(whole), whole);
        }
    }
}
