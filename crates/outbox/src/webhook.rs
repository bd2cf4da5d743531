//! Webhooks: one signed request, and what its answer means.

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect::Policy,
};

use crate::{Delivered, Message, OutboxError, Result, WebhookChannel, place::Reach, sign};

/// As much of an answer's body as is read, and how long it is waited for.
const MOST_READ: usize = 4 * 1024;
const LONGEST_READ: Duration = Duration::from_secs(1);

/// Looks up names, and leaves out what may not be reached.
struct Resolver(Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            // The port is put in by whoever connects.
            let found = reach.look_up(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Posts a message to the address of the channel.
pub(crate) async fn post(channel: &WebhookChannel, message: &Message, now: Timestamp) -> Result<Response> {
    let (url, reach) = channel.target()?;
    let Some(secret) = channel.secret.read()? else {
        // The check of the channel refuses this before.
        return Err(OutboxError::SecretVariable { name: "?".to_owned() });
    };
    let unreachable = |source: reqwest::Error| OutboxError::Unreachable {
        place: channel.place(),
        reason: innermost(&source.without_url()),
    };

    // One client for each message: there are few, and none inherits anything from another.
    let mut client = Client::builder()
        .redirect(Policy::none())
        .dns_resolver(Arc::new(Resolver(reach)))
        .user_agent(concat!("Takar/", env!("CARGO_PKG_VERSION")));
    // A proxy looks the name up itself: where only the public internet may be reached, what it leads to could not be judged.
    if reach != Reach::Wide {
        client = client.no_proxy();
    }
    let client = client.build().map_err(unreachable)?;

    let body = serde_json::to_vec(message)
        .map_err(|_| OutboxError::Message(takar_model::Text::new("datanya bukan JSON", "its data is not JSON")))?;
    let timestamp = now.as_second();
    let request = client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header("Takar-Id", &message.id)
        .header("Takar-Timestamp", timestamp)
        .header("Takar-Signature", sign(&secret, timestamp, &body))
        .body(body);
    request.send().await.map_err(unreachable)
}

/// Says what an answer means.
pub(crate) async fn judge(channel: &WebhookChannel, answer: Response, now: Timestamp) -> Result<Delivered> {
    let status = answer.status();
    let wait = retry_after(answer.headers(), now);
    // What it says is nobody's business, but some receivers take a hasty goodbye for a failure.
    let _ = tokio::time::timeout(LONGEST_READ, read_some(answer)).await;
    if status.is_success() {
        return Ok(Delivered { code: status.as_u16(), missed: Vec::new() });
    }
    Err(OutboxError::Status { place: channel.place(), status: status.as_u16(), wait })
}

async fn read_some(mut answer: Response) {
    let mut read = 0;
    while let Ok(Some(bytes)) = answer.chunk().await {
        read += bytes.len();
        if read >= MOST_READ {
            return;
        }
    }
}

/// `Retry-After` in its two forms: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

/// What went wrong at the bottom: "connection refused" rather than "error sending request".
fn innermost(source: &dyn std::error::Error) -> String {
    let mut deepest = source;
    while let Some(deeper) = deepest.source() {
        deepest = deeper;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(value: &str) -> Option<Duration> {
        let now = "2025-01-31T08:00:00Z".parse().expect("a time");
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value.parse().expect("a header"))]), now)
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait("Fri, 31 Jan 2025 08:10:00 GMT"), Some(Duration::from_secs(600)));
        assert_eq!(wait("Fri, 31 Jan 2025 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("-5"), None);
    }
}
