//! A message, a secret in a file, and a clock that stands still.

use std::{io::Write, path::PathBuf, time::Duration};

use jiff::Timestamp;
use serde_json::json;
use takar_model::Lang;
use takar_outbox::{Channel, Delivered, Message, OutboxError, Secret, SecretFrom, deliver};
use tempfile::NamedTempFile;

pub const SECRET: &str = "kunci-rahasia-7391";
pub const NOW: i64 = 1_738_310_400;

pub fn secret() -> Secret {
    Secret::new(SECRET.to_owned())
}

/// The secret in a file, which is there as long as this is.
pub fn secret_file() -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    writeln!(file, "{SECRET}").expect("written");
    file
}

pub fn from_file(file: &NamedTempFile) -> SecretFrom {
    SecretFrom::File(PathBuf::from(file.path()))
}

pub fn message() -> Message {
    Message {
        id: "sync-42.toko_1".to_owned(),
        event: "sync.failed".to_owned(),
        at: "2025-01-31T07:59:30Z".to_owned(),
        subject: "Sinkron gagal – toko".to_owned(),
        text: "Sumber “toko” tidak terbaca.\n.\n.. periksa é\n".to_owned(),
        data: json!({"source": "toko", "tries": 3}),
        file: None,
    }
}

pub fn send_within(channel: &Channel, message: &Message, timeout: Duration) -> Result<Delivered, OutboxError> {
    let now = Timestamp::from_second(NOW).expect("a time");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let result = runtime.block_on(deliver(channel, message, now, timeout));
    if let Err(error) = &result {
        // Whatever went wrong, in no way of telling it is a secret told.
        for told in [error.message(Lang::Id), error.message(Lang::En), error.to_string(), format!("{error:?}")] {
            assert!(!told.is_empty() && !told.contains(SECRET) && !told.contains("token"), "{told}");
        }
    }
    result
}

pub fn send(channel: &Channel) -> Result<Delivered, OutboxError> {
    send_within(channel, &message(), Duration::from_secs(20))
}
