//! `/api/outbox`: ways out for mail and webhooks, and the messages on their way.

use axum::{Json, extract::Path};
use serde_json::{Value, json};
use takar_app::{ChannelAsked, Takar};
use takar_model::{Lang, Right, Text};
use takar_outbox::{Channel, SecretFrom};

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Messages that are shown.
const SHOWN: u32 = 100;
/// Only such variables can be named over HTTP, so that a request cannot send other secrets of this machine anywhere.
const PREFIX: &str = "TAKAR_";

/// The ways out and the last messages.
#[utoipa::path(get, path = "/api/outbox", tag = "outbox", responses((status = 200, description = "Ways out and messages")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Value>, ApiError> {
    run(move || outbox(&shared.takar, lang)).await.map(Json)
}

fn outbox(takar: &Takar, lang: Lang) -> Result<Value, ApiError> {
    let messages: Vec<Value> = takar
        .outbox(SHOWN)
        .or_say(lang)?
        .iter()
        .map(|message| {
            let mut value = serde_json::to_value(message).unwrap_or_default();
            value["error"] = message.error.as_ref().map(|error| error.get(lang)).into();
            value
        })
        .collect();
    Ok(json!({ "channels": takar.channels().or_say(lang)?, "messages": messages }))
}

/// Keeps a way out, in place of an earlier one of its name. Secrets are named by a variable that begins with `TAKAR_`.
#[utoipa::path(post, path = "/api/outbox/channels", tag = "outbox", responses((status = 200, description = "Ways out and messages"), (status = 422, description = "The way out is refused")))]
pub(crate) async fn add(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<ChannelAsked>,
) -> Result<Json<Value>, ApiError> {
    let secret = match &asked.channel {
        Channel::Mail(mail) => &mail.password,
        Channel::Webhook(webhook) => &webhook.secret,
    };
    let is_allowed = match secret {
        SecretFrom::Nowhere => true,
        SecretFrom::Env(name) => name.starts_with(PREFIX),
        SecretFrom::File(_) => false,
    };
    if !is_allowed {
        let text = Text::new(
            "variabel rahasia harus berawalan TAKAR_; yang lain dan berkas hanya lewat perintah `takar outbox`",
            "the variable of the secret must begin with TAKAR_; others and files only by the command `takar outbox`",
        );
        return Err(ApiError::bad_request(text, lang));
    }
    run(move || {
        // A request could otherwise be made to knock at doors inside the network: who governs the home may allow that.
        if matches!(&asked.channel, Channel::Webhook(webhook) if webhook.private) {
            shared.takar.may(Right::Govern).or_say(lang)?;
        }
        shared.takar.add_channel(&asked).or_say(lang)?;
        outbox(&shared.takar, lang)
    })
    .await
    .map(Json)
}

/// Forgets a way out; what waits for it is given up.
#[utoipa::path(delete, path = "/api/outbox/channels/{name}", tag = "outbox", params(("name" = String, Path)), responses((status = 200, description = "Ways out and messages"), (status = 404, description = "No such way out")))]
pub(crate) async fn remove(
    shared: Shared,
    Reader(lang): Reader,
    Path(name): Path<String>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        shared.takar.remove_channel(&name).or_say(lang)?;
        outbox(&shared.takar, lang)
    })
    .await
    .map(Json)
}

/// Sends a message that tries a way out, and says what came of it.
#[utoipa::path(post, path = "/api/outbox/channels/{name}/test", tag = "outbox", params(("name" = String, Path)), responses((status = 200, description = "Ways out and messages"), (status = 404, description = "No such way out")))]
pub(crate) async fn test(
    shared: Shared,
    Reader(lang): Reader,
    Path(name): Path<String>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        shared.takar.test_channel(&name).or_say(lang)?;
        shared.takar.send_due().or_say(lang)?;
        outbox(&shared.takar, lang)
    })
    .await
    .map(Json)
}

/// Tries a message again that was given up, or that waits, now.
#[utoipa::path(post, path = "/api/outbox/{id}/retry", tag = "outbox", params(("id" = String, Path)), responses((status = 200, description = "Ways out and messages"), (status = 404, description = "No such message")))]
pub(crate) async fn retry(
    shared: Shared,
    Reader(lang): Reader,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        shared.takar.retry_message(&id).or_say(lang)?;
        shared.takar.send_due().or_say(lang)?;
        outbox(&shared.takar, lang)
    })
    .await
    .map(Json)
}
