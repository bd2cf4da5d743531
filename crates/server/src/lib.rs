//! The HTTP API, one file for each stage, and the page embedded in the binary.

mod analysis;
mod assignments;
mod credited;
mod error;
mod evaluation;
mod facts;
mod handovers;
mod imports;
mod language;
mod lines;
mod metrics;
mod outbox;
mod overview;
mod page;
mod process;
mod profiles;
mod quality;
mod rubric;
mod sources;
mod status;
mod uploads;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, response::IntoResponse};
use takar_app::Takar;
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use self::{error::ApiError, uploads::Uploads};

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub takar: Arc<Takar>,
    pub uploads: Arc<Uploads>,
    pub answers: Arc<Answers>,
}

/// Answers that are asked for again and again, kept for one version of the data.
#[derive(Default)]
pub(crate) struct Answers {
    kept: Mutex<(u64, HashMap<String, Arc<str>>)>,
}

/// How many answers are kept.
const KEPT: usize = 256;

impl Answers {
    /// The answer of that name for this version of the data, made where it is not kept.
    pub(crate) fn get(
        &self,
        version: u64,
        name: String,
        make: impl FnOnce() -> Result<String, ApiError>,
    ) -> Result<Arc<str>, ApiError> {
        let lock = || self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        {
            let kept = lock();
            if let Some(answer) = kept.1.get(&name).filter(|_| kept.0 == version) {
                return Ok(answer.clone());
            }
        }
        let answer: Arc<str> = make()?.into();
        let mut kept = lock();
        if kept.0 != version || kept.1.len() >= KEPT {
            *kept = (version, HashMap::new());
        }
        kept.1.insert(name, answer.clone());
        Ok(answer)
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Takar", description = "How much accounts and their managers really sell, and why."),
    tags(
        (name = "ask", description = "Figures and the rows behind them"),
        (name = "analysis", description = "Why sales moved, and which accounts are slipping"),
        (name = "facts", description = "The tables of facts, and rows pushed into them"),
        (name = "outbox", description = "Mail and webhooks that tell what happened"),
        (name = "import", description = "Bringing data in and taking it back"),
    )
)]
struct Document;

/// The routes of one home.
pub fn router(takar: Arc<Takar>) -> Router {
    let shared = Shared { takar, uploads: Arc::default(), answers: Arc::default() };
    let (api, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(status::status))
        .routes(routes!(status::kpis))
        .routes(routes!(overview::overview))
        .routes(routes!(evaluation::evaluation))
        .routes(routes!(evaluation::evaluation_html))
        .routes(routes!(evaluation::evaluation_xlsx))
        .routes(routes!(metrics::metrics))
        .routes(routes!(analysis::explain))
        .routes(routes!(analysis::miss))
        .routes(routes!(analysis::trends))
        .routes(routes!(analysis::forecast))
        .routes(routes!(analysis::retention))
        .routes(routes!(analysis::risk))
        .routes(routes!(lines::lines))
        .routes(routes!(handovers::handovers))
        .routes(routes!(process::process))
        .routes(routes!(rubric::rubric, rubric::rate))
        .routes(routes!(process::promises, process::set_promises))
        .routes(routes!(imports::list))
        .routes(routes!(imports::check))
        .routes(routes!(imports::recheck))
        .routes(routes!(imports::commit))
        .routes(routes!(imports::show))
        .routes(routes!(imports::would_undo, imports::undo))
        .routes(routes!(imports::redo))
        .routes(routes!(imports::set_aside, imports::repair))
        .routes(routes!(imports::set_aside_csv))
        .routes(routes!(imports::template))
        .routes(routes!(profiles::list, profiles::save))
        .routes(routes!(sources::list, sources::add))
        .routes(routes!(sources::tables))
        .routes(routes!(sources::look))
        .routes(routes!(sources::remove))
        .routes(routes!(sources::sync))
        .routes(routes!(sources::reconcile))
        .routes(routes!(sources::schedule))
        .routes(routes!(outbox::list))
        .routes(routes!(outbox::add))
        .routes(routes!(outbox::remove))
        .routes(routes!(outbox::test))
        .routes(routes!(outbox::retry))
        .routes(routes!(facts::kinds))
        .routes(routes!(facts::names))
        .routes(routes!(quality::quality))
        .routes(routes!(facts::rows, facts::push).layer(DefaultBodyLimit::max(facts::LARGEST_PUSH)))
        .routes(routes!(assignments::list, assignments::assign))
        .split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let document: Arc<str> = document.to_pretty_json().unwrap_or_default().into();
    let openapi = move || async move {
        ([(axum::http::header::CONTENT_TYPE, "application/json")], document.to_string()).into_response()
    };
    api.route("/api/openapi.json", axum::routing::get(openapi))
        .route("/api/{*rest}", axum::routing::any(async || ApiError::no_such_route()))
        .fallback(page::page)
        .layer(DefaultBodyLimit::max(imports::LARGEST_UPLOAD))
        .layer(axum::middleware::from_fn(guard))
        .with_state(shared)
}

/// Serves a home on a port of this machine until `stop` is done. `ready` is told the address.
///
/// # Errors
/// When the port is taken or cannot be listened on.
pub async fn serve(
    takar: Arc<Takar>,
    port: u16,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Only this machine: there are no users yet who could be told apart.
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    ready(listener.local_addr()?);
    axum::serve(listener, router(takar)).with_graceful_shutdown(stop).await
}

/// Refuses what a page of another site, or another name for this machine, would ask for: the API answers
/// only to its own address. Sets the headers that keep the page to itself.
async fn guard(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    use axum::http::{HeaderValue, header};
    let own = |value: &str| {
        let host = value.rsplit_once(':').map_or(value, |(host, _)| host);
        matches!(host, "127.0.0.1" | "localhost" | "[::1]")
    };
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let origin_is_own = origin.is_none_or(|origin| origin.strip_prefix("http://").is_some_and(own));
    if !host.is_none_or(own) || !origin_is_own {
        return ApiError::foreign().into_response();
    }
    let mut response = next.run(request).await;
    let set = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ];
    for (name, value) in set {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Runs a use case where it may block, and gives its result.
pub(crate) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(ApiError::internal()),
    }
}

/// A JSON answer from text that is JSON already.
pub(crate) fn json_text(text: &str) -> axum::response::Response {
    (StatusCode::OK, [(axum::http::header::CONTENT_TYPE, "application/json")], text.to_owned()).into_response()
}
