//! `/api/profiles`: how files are read, kept under a name for the next file of that kind.

use axum::Json;
use serde::Deserialize;
use takar_import::Input;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    imports::Asked,
    language::Reader,
    run,
};

/// The names of the profiles.
#[utoipa::path(get, path = "/api/profiles", tag = "import", responses((status = 200, description = "Names")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<String>>, ApiError> {
    run(move || shared.takar.profiles().or_say(lang)).await.map(Json)
}

/// A name for how an uploaded file is read.
#[derive(Debug, Deserialize)]
pub(crate) struct NewProfile {
    name: String,
    upload: String,
    options: Asked,
}

/// Keeps how an uploaded file is read, in place of an earlier profile of that name; gives all names.
#[utoipa::path(post, path = "/api/profiles", tag = "import", responses((status = 200, description = "Names"), (status = 404, description = "The upload is gone"), (status = 422, description = "The name or the file is refused")))]
pub(crate) async fn save(
    shared: Shared,
    Reader(lang): Reader,
    Json(profile): Json<NewProfile>,
) -> Result<Json<Vec<String>>, ApiError> {
    run(move || {
        let path = shared.uploads.path(&profile.upload, lang)?;
        let request = profile.options.request(Input::File(path), lang)?;
        shared.takar.save_profile(profile.name.trim(), &request).or_say(lang)?;
        shared.takar.profiles().or_say(lang)
    })
    .await
    .map(Json)
}
