//! The page: files of `web/dist` embedded in the binary.

use axum::{
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// What stands in for the page in a build without it.
const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Takar</title>\
<p lang=id>Halaman belum dibangun. Jalankan <code>make web</code>, lalu bangun lagi Takar. API ada di <a href=/api/openapi.json>/api/openapi.json</a>.</p>\
<p lang=en>The page is not built. Run <code>make web</code>, then build Takar again. The API is at <a href=/api/openapi.json>/api/openapi.json</a>.</p>";

/// A file of the page; for every other address the page itself, which knows its own routes.
pub(crate) async fn page(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        // Hashed names never change their content.
        let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        let kind = file.metadata.mimetype().to_owned();
        return ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache.to_owned())], file.data).into_response();
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Files::get("index.html") {
        Some(index) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], index.data)
                .into_response()
        }
        None => Html(NOT_BUILT).into_response(),
    }
}
