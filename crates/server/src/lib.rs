//! The HTTP API, one file for each stage, and the page embedded in the binary.

mod access;
mod accounts;
mod actions;
mod alerts;
mod analysis;
mod assignments;
mod contact;
mod credited;
mod credits;
mod cycles;
mod decisions;
mod diagnose;
mod dossier;
mod error;
mod evaluation;
mod facts;
mod fair;
mod handovers;
mod imports;
mod kpis;
mod language;
mod lines;
mod metrics;
mod number;
mod opportunities;
mod outbox;
mod overview;
mod packs;
mod page;
mod process;
mod products;
mod profiles;
mod profit;
mod quality;
mod reports;
mod rubric;
mod satisfaction;
mod scorecard;
mod session;
mod sources;
mod status;
mod stock;
mod targets;
mod uploads;
mod users;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, response::IntoResponse};
use takar_app::Takar;
use takar_insight::metrics::{CellSource, Reach};
use takar_model::{Credit, Lang};
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

pub use self::access::Reached;
use self::{
    access::Looks,
    error::{ApiError, OrSay},
    uploads::Uploads,
};

/// What the server has. Handlers cannot get at it: they get a [`Shared`], which is used by who asks.
#[derive(Clone)]
pub(crate) struct Core {
    takar: Arc<Takar>,
    uploads: Arc<Uploads>,
    answers: Answers,
    looks: Arc<Looks>,
    reached: Arc<Reached>,
}

/// What every handler gets: the home, used by who asks.
#[derive(Clone)]
pub(crate) struct Shared {
    pub takar: Arc<Takar>,
    pub uploads: Arc<Uploads>,
    pub answers: Arc<Answers>,
    pub looks: Arc<Looks>,
}

/// Answers that are asked for again and again, kept for one version of the data.
#[derive(Clone, Default)]
pub(crate) struct Answers {
    kept: Arc<Mutex<KeptAnswers>>,
    /// Whose figures they are made of: nobody gets what was made for another reach.
    seen_by: Option<Arc<str>>,
}

/// Of which version of the data, and the answers by whom they are seen and by name.
type KeptAnswers = (u64, HashMap<(Option<Arc<str>>, String), Arc<str>>);

/// How many answers are kept.
const KEPT: usize = 256;

impl Answers {
    /// The answers for who has a reach.
    fn seen_by(&self, reach: Option<&Reach>) -> Self {
        let ids =
            reach.map(|reach| reach.managers().map(|manager| format!("{:?}", manager.0)).collect::<Vec<_>>().join(","));
        Self { kept: self.kept.clone(), seen_by: ids.map(Arc::from) }
    }

    /// The answer of that name for this version of the data, made where it is not kept.
    pub(crate) fn get(
        &self,
        version: u64,
        name: String,
        make: impl FnOnce() -> Result<String, ApiError>,
    ) -> Result<Arc<str>, ApiError> {
        let name = (self.seen_by.clone(), name);
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

impl Shared {
    /// The answer of that name for the data as they are, what shapes no panel (facts beside the lines, definitions, ratings) included.
    pub(crate) fn figures(
        &self,
        (credit, lang): (Credit, Lang),
        name: &str,
        make: impl FnOnce() -> Result<String, ApiError>,
    ) -> Result<Arc<str>, ApiError> {
        let version = self.takar.source(credit).or_say(lang)?.data_version();
        let mark = self.takar.figures_mark().or_say(lang)?;
        self.answers.get(version, format!("{name} {lang:?} {credit} {mark}"), make)
    }
}

/// How many rows are passed over and how many are shown: 50 unless given, 1,000 at most.
pub(crate) fn page_of(offset: Option<usize>, limit: Option<usize>) -> (usize, usize) {
    (offset.unwrap_or(0), limit.unwrap_or(50).min(1000))
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Takar", description = "How much accounts and their managers really sell, and why."),
    tags(
        (name = "ask", description = "Figures and the rows behind them"),
        (name = "analysis", description = "Why sales moved, and which accounts are slipping"),
        (name = "kpis", description = "What figures mean, and KPIs of your own"),
        (name = "facts", description = "The tables of facts, and rows pushed into them"),
        (name = "targets", description = "Targets suggested, judged, set, approved and reconciled"),
        (name = "cycles", description = "Evaluation cycles: frozen figures, both sides' words, disputes, signatures"),
        (name = "actions", description = "Actions, what they added, and what that teaches"),
        (name = "alerts", description = "Rules that watch KPIs, the alerts they raised, and reports made by themselves"),
        (name = "outbox", description = "Mail and webhooks that tell what happened"),
        (name = "import", description = "Bringing data in and taking it back"),
        (name = "users", description = "Who may come in, and what everybody did"),
    )
)]
struct Document;

/// The routes of one home.
fn router(core: Core) -> Router {
    let (api, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::show, session::log_in, session::log_out))
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::change))
        .routes(routes!(users::password))
        .routes(routes!(users::tokens, users::make_token))
        .routes(routes!(users::remove_token))
        .routes(routes!(users::audit))
        .routes(routes!(status::status))
        .routes(routes!(kpis::list, kpis::save))
        .routes(routes!(kpis::try_out))
        .routes(routes!(kpis::facts))
        .routes(routes!(kpis::show, kpis::remove))
        .routes(routes!(kpis::history))
        .routes(routes!(packs::list))
        .routes(routes!(packs::use_pack))
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
        .routes(routes!(accounts::plane))
        .routes(routes!(opportunities::show))
        .routes(routes!(opportunities::dismiss))
        .routes(routes!(opportunities::restore))
        .routes(routes!(stock::stock))
        .routes(routes!(fair::fair))
        .routes(routes!(diagnose::show))
        .routes(routes!(scorecard::show))
        .routes(routes!(scorecard::weights, scorecard::set_weights))
        .routes(routes!(scorecard::try_weights))
        .routes(routes!(lines::lines))
        .routes(routes!(handovers::handovers))
        .routes(routes!(process::process))
        .routes(routes!(products::products))
        .routes(routes!(satisfaction::satisfaction))
        .routes(routes!(satisfaction::account))
        .routes(routes!(profit::profit))
        .routes(routes!(profit::what_if))
        .routes(routes!(profit::hours))
        .routes(routes!(profit::rates, profit::set_rates))
        .routes(routes!(rubric::rubric, rubric::rate))
        .routes(routes!(credits::credit))
        .routes(routes!(decisions::decisions))
        .routes(routes!(dossier::held))
        .routes(routes!(dossier::dossier))
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
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::rules, alerts::add_rule))
        .routes(routes!(alerts::try_rule))
        .routes(routes!(alerts::remove_rule))
        .routes(routes!(alerts::check))
        .routes(routes!(alerts::show))
        .routes(routes!(alerts::step))
        .routes(routes!(reports::list, reports::add))
        .routes(routes!(reports::remove))
        .routes(routes!(reports::run_now))
        .routes(routes!(contact::show, contact::change))
        .routes(routes!(facts::kinds))
        .routes(routes!(facts::names))
        .routes(routes!(quality::quality))
        .routes(routes!(targets::suggest))
        .routes(routes!(targets::odds))
        .routes(routes!(targets::grid))
        .routes(routes!(targets::drafts, targets::set))
        .routes(routes!(targets::approve))
        .routes(routes!(targets::reject))
        .routes(routes!(targets::reconcile))
        .routes(routes!(cycles::list, cycles::open))
        .routes(routes!(cycles::show))
        .routes(routes!(cycles::close))
        .routes(routes!(cycles::remind))
        .routes(routes!(cycles::history))
        .routes(routes!(cycles::evaluation))
        .routes(routes!(cycles::assess))
        .routes(routes!(cycles::talk))
        .routes(routes!(cycles::sign))
        .routes(routes!(cycles::comment))
        .routes(routes!(cycles::dispute))
        .routes(routes!(cycles::decide))
        .routes(routes!(cycles::freeze))
        .routes(routes!(cycles::reproduced))
        .routes(routes!(cycles::differs))
        .routes(routes!(facts::rows, facts::push).layer(DefaultBodyLimit::max(facts::LARGEST_PUSH)))
        .routes(routes!(assignments::list, assignments::assign))
        .routes(routes!(actions::list, actions::add))
        .routes(routes!(actions::plan))
        .routes(routes!(actions::form))
        .routes(routes!(actions::show, actions::edit))
        .routes(routes!(actions::say))
        .routes(routes!(actions::effect))
        .routes(routes!(actions::learning))
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
        .layer(axum::middleware::from_fn_with_state(core.clone(), access::identify))
        .layer(axum::middleware::from_fn_with_state(core.clone(), access::guard))
        .with_state(core)
}

/// Serves a home at an address until `stop` is done. `ready` is told the address.
///
/// # Errors
/// When the port is taken or cannot be listened on.
pub async fn serve(
    takar: Arc<Takar>,
    address: SocketAddr,
    public: Option<String>,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    ready(listener.local_addr()?);
    let core = Core {
        takar,
        uploads: Arc::default(),
        answers: Answers::default(),
        looks: Arc::default(),
        reached: Arc::new(Reached { from_outside: !address.ip().is_loopback(), public }),
    };
    let (looks, home) = (core.looks.clone(), core.takar.clone());
    let writing = tokio::spawn(write_looks(looks.clone(), home.clone()));
    let service = router(core).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    writing.abort();
    // The last ones; where that fails there is nobody left to tell.
    let _ = looks.write(&home, Lang::default());
    served
}

/// Writes what was looked at, every second.
async fn write_looks(looks: Arc<Looks>, takar: Arc<Takar>) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(1));
    loop {
        every.tick().await;
        let (looks, takar) = (looks.clone(), takar.clone());
        // What could not be written is lost and the server goes on: figures matter more than who looked.
        let _ = tokio::task::spawn_blocking(move || looks.write(&takar, Lang::default())).await;
    }
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
