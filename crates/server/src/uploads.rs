//! Files that were uploaded and checked, and wait to be imported.

use std::{
    collections::HashMap,
    io::Write,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use axum::extract::multipart::Field;
use takar_model::{Lang, Text};
use tempfile::TempDir;

use crate::error::ApiError;

/// How many files wait at most; the oldest is forgotten first.
const MOST_WAITING: usize = 8;

/// Uploaded files by their token.
#[derive(Default)]
pub(crate) struct Uploads {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    order: Vec<String>,
    files: HashMap<String, Upload>,
}

struct Upload {
    folder: TempDir,
    name: String,
}

impl Uploads {
    /// Writes an uploaded file to a folder of its own under its own name; gives its token.
    pub(crate) async fn keep(&self, mut field: Field<'_>, lang: Lang) -> Result<String, ApiError> {
        let name = safe_name(field.file_name().unwrap_or_default());
        let folder = TempDir::with_prefix("takar-upload-").map_err(|_| no_room(lang))?;
        let mut file = std::fs::File::create(folder.path().join(&name)).map_err(|_| no_room(lang))?;
        loop {
            match field.chunk().await {
                Ok(Some(bytes)) => file.write_all(&bytes).map_err(|_| no_room(lang))?,
                Ok(None) => break,
                Err(error) if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
                    return Err(ApiError::too_large(
                        Text::new(
                            "berkas terlalu besar untuk diunggah: impor lewat perintah takar import",
                            "the file is too large to upload: import it with the takar import command",
                        ),
                        lang,
                    ));
                }
                Err(_) => {
                    return Err(ApiError::bad_request(
                        Text::new("unggahan terputus: coba lagi", "the upload was cut off: try again"),
                        lang,
                    ));
                }
            }
        }
        let token = uuid::Uuid::new_v4().simple().to_string();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.order.push(token.clone());
        waiting.files.insert(token.clone(), Upload { folder, name });
        if waiting.order.len() > MOST_WAITING {
            let oldest = waiting.order.remove(0);
            waiting.files.remove(&oldest);
        }
        Ok(token)
    }

    /// Where the file of a token is.
    pub(crate) fn path(&self, token: &str, lang: Lang) -> Result<PathBuf, ApiError> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.files.get(token).map(|upload| upload.folder.path().join(&upload.name)).ok_or_else(|| {
            ApiError::not_found(
                Text::new("unggahan itu sudah tidak ada: unggah lagi", "that upload is gone: upload the file again"),
                lang,
            )
        })
    }

    /// Forgets a file once it is imported.
    pub(crate) fn forget(&self, token: &str) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.order.retain(|other| other != token);
        waiting.files.remove(token);
    }
}

fn no_room(lang: Lang) -> ApiError {
    ApiError::bad_request(
        Text::new(
            "berkas tidak bisa disimpan sementara: periksa ruang disk",
            "the file cannot be kept for now: check the disk space",
        ),
        lang,
    )
}

/// The name without any folder, so that it cannot lead elsewhere.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control()).take(120).collect();
    if kept.trim_matches('.').is_empty() { "upload".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\data\\Penjualan Okt.xlsx"), "Penjualan Okt.xlsx");
        for name in ["", "..", ".", "a/..", "\0"] {
            assert_eq!(safe_name(name), "upload", "{name:?}");
        }
    }
}
