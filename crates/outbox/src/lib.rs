//! Messages that must not be lost, on their way out: mail by SMTP, and signed webhooks.
//!
//! Nothing is kept here. Whoever keeps the queue calls [`deliver`] and does what comes back of it:
//!
//! * [`Delivered`]: the message is gone; [`Delivered::rest`] names who of several recipients is still to be reached.
//! * An error: [`OutboxError::next_try`] says when to try again, or that it is given up.
//!
//! A message may arrive twice: when the answer is lost on its way, nobody knows whether it was taken. Its
//! [`Message::id`] is the same then, as `Message-ID` of a mail and as `Takar-Id` of a webhook.
//!
//! A webhook is signed: its receiver calculates `HMAC-SHA256(secret, "<Takar-Timestamp>.<body>")` over the bytes as they
//! came, and compares it with `Takar-Signature: v1=<hex>`; [`verify`] does that.

mod channel;
mod dialogue;
mod error;
mod mail;
mod message;
mod place;
mod retry;
mod secret;
mod signature;
mod webhook;

use std::{future::Future, time::Duration};

use jiff::Timestamp;

pub use self::{
    channel::{Channel, MailChannel, Tls, WebhookChannel, check_address},
    error::{OutboxError, Result},
    message::{Attachment, Delivered, Message, Missed},
    retry::next_try,
    secret::{Secret, SecretFrom},
    signature::{sign, verify},
};

/// Sends a message once.
///
/// It is asynchronous so that `timeout` ends the whole delivery wherever it stands, the looking up of a name and a server
/// that says one byte a minute included; a blocking one could only bound each single step.
///
/// A receiver that has the message is given one second more to end the conversation; what it does with it changes nothing,
/// or a slow goodbye would send the message twice.
///
/// `now` is what the signature of a webhook carries: the time of this try, not that of the message.
///
/// # Errors
/// What kept it from being delivered; [`OutboxError::is_permanent`] tells what trying again cannot help.
pub async fn deliver(channel: &Channel, message: &Message, now: Timestamp, timeout: Duration) -> Result<Delivered> {
    channel.check()?;
    message.check()?;
    match channel {
        Channel::Mail(mail) => {
            let (delivered, dialogue) = within(timeout, channel, mail::send(mail, message, timeout)).await?;
            mail::say_goodbye(dialogue).await;
            Ok(delivered)
        }
        Channel::Webhook(webhook) => {
            let answer = within(timeout, channel, webhook::post(webhook, message, now)).await?;
            webhook::judge(webhook, answer, now).await
        }
    }
}

async fn within<T>(timeout: Duration, channel: &Channel, work: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(timeout, work).await {
        Ok(result) => result,
        Err(_) => Err(OutboxError::NoAnswer { place: channel.place(), seconds: timeout.as_secs_f64().ceil() as u64 }),
    }
}
