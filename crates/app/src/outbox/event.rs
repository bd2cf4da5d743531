//! What is told of.

use serde_json::{Value, json};
use takar_state::Message;

/// What happened, in words for both languages.
pub(crate) struct Event {
    pub(super) name: &'static str,
    pub(super) subject: Message,
    pub(super) text: Message,
    pub(super) data: Value,
}

impl Event {
    pub(crate) const fn new(name: &'static str, subject: Message, text: Message, data: Value) -> Self {
        Self { name, subject, text, data }
    }

    /// A source could not be synced.
    pub(crate) fn sync_failed(source: &str, why: &Message) -> Self {
        Self {
            name: "sync.failed",
            subject: Message {
                id: format!("Sinkron sumber {source} gagal"),
                en: format!("The sync of the source {source} failed"),
            },
            text: Message {
                id: format!(
                    "Sumber {source} tidak bisa dibaca:\n\n{}\n\nData yang sudah masuk tidak berubah. Takar mencoba lagi bila sumber itu terjadwal; Anda diberi tahu lagi bila sudah pulih.",
                    why.id
                ),
                en: format!(
                    "The source {source} could not be read:\n\n{}\n\nWhat is here already is unchanged. Takar tries again where the source has a schedule, and tells you when it works again.",
                    why.en
                ),
            },
            data: json!({ "source": source, "reason": { "id": why.id, "en": why.en } }),
        }
    }

    /// A source that failed was synced again.
    pub(crate) fn sync_recovered(source: &str, failures: u32) -> Self {
        Self {
            name: "sync.recovered",
            subject: Message {
                id: format!("Sinkron sumber {source} pulih"),
                en: format!("The sync of the source {source} works again"),
            },
            text: Message {
                id: format!("Sumber {source} terbaca lagi setelah {failures} kali gagal."),
                en: format!("The source {source} was read again after failing {failures} times."),
            },
            data: json!({ "source": source, "failures": failures }),
        }
    }

    pub(super) fn test() -> Self {
        Self {
            name: "test",
            subject: Message { id: "Uji coba dari Takar".to_owned(), en: "A test from Takar".to_owned() },
            text: Message {
                id: "Pesan ini dikirim untuk menguji salurannya.".to_owned(),
                en: "This message was sent to test the way out.".to_owned(),
            },
            data: json!({}),
        }
    }
}
