//! Who asks: the address that is answered to, the session or token that comes along, and what is noted of it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use takar_app::{Actor, Inside, Takar};
use takar_model::{Lang, UserId};

use crate::{
    Core, Shared,
    error::{ApiError, OrSay},
    language::lang_of,
    run,
};

/// What the browser keeps of a session.
const COOKIE: &str = "takar_session";
/// What each change that comes with a session has to bring along, so that a page of another site cannot ask for it.
pub(crate) const GUARD: HeaderName = HeaderName::from_static("x-takar-guard");
/// How long a browser keeps a session, in seconds; the server may end it before.
const SESSION_SECONDS: u32 = 7 * 24 * 60 * 60;
/// Of an address that was looked at so much is kept.
const LONGEST_LOOK: usize = 300;
/// Answers that say nothing about anybody: looking at them is not noted.
const PLAIN: [&str; 6] = ["/api/session", "/api/status", "/api/kpis", "/api/names", "/api/openapi.json", "/api/packs"];

/// Where the server is reached.
#[derive(Debug, Clone, Default)]
pub struct Reached {
    /// Also from other machines.
    pub from_outside: bool,
    /// The address that people type where something stands in front of the server, such as `https://takar.example.com`.
    pub public: Option<String>,
}

impl Reached {
    fn is_encrypted(&self) -> bool {
        self.public.as_deref().is_some_and(|public| public.starts_with("https://"))
    }

    fn public_host(&self) -> Option<&str> {
        let (_, host) = self.public.as_deref()?.split_once("://")?;
        Some(host.trim_end_matches('/'))
    }

    /// The request was made to this server by its own page, or by no page.
    fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let (host, origin) = (text(header::HOST), text(header::ORIGIN));
        let is_public = |host: &str| self.public_host() == Some(host);
        // From this machine only, another name for it would be a trick of a page elsewhere.
        let host_is_own = host.is_none_or(|host| self.from_outside || is_local(host) || is_public(host));
        let origin_is_own = origin.is_none_or(|origin| {
            let local = origin
                .strip_prefix("http://")
                .is_some_and(|from| if self.from_outside { Some(from) == host } else { is_local(from) });
            local || self.public.as_deref().is_some_and(|public| public.trim_end_matches('/') == origin)
        });
        host_is_own && origin_is_own
    }

    /// Where a request came from: what stands in front says so, where there is something.
    fn place(&self, request: &Parts) -> String {
        let peer = request.extensions.get::<ConnectInfo<std::net::SocketAddr>>();
        let peer = peer.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string());
        let forwarded = request.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let last = forwarded.and_then(|all| all.rsplit(',').next()).map(|last| last.trim().to_owned());
        last.filter(|last| self.public.is_some() && !last.is_empty()).unwrap_or(peer)
    }
}

fn is_local(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

/// Refuses what a page of another site, or another name for this machine, would ask for. Sets the headers that keep the
/// page to itself.
pub(crate) async fn guard(State(core): State<Core>, request: Request, next: Next) -> Response {
    if !core.reached.is_own(request.headers()) {
        return ApiError::foreign().into_response();
    }
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let mut set = vec![
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ];
    if core.reached.is_encrypted() {
        set.push((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    }
    if is_api {
        // What one sees the next at the same machine must not find.
        set.push((header::CACHE_CONTROL, "no-store"));
    }
    for (name, value) in set {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Who a request acts for, and the session that it came with.
#[derive(Clone)]
pub(crate) struct Asking {
    /// The home, used by who asks; none where it is not known who does.
    pub takar: Option<Arc<Takar>>,
    /// The key of the session.
    pub key: Option<String>,
    /// What the session is guarded with.
    pub inside: Option<Inside>,
    /// Where the request came from.
    pub place: String,
    /// The home has users.
    pub has_users: bool,
    /// Cookies go over encrypted lines only.
    pub is_encrypted: bool,
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(ApiError::internal)
    }
}

impl FromRequestParts<Core> for Shared {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, core: &Core) -> Result<Self, ApiError> {
        let lang = lang_of(parts);
        let asking = parts.extensions.get::<Asking>().ok_or_else(ApiError::internal)?;
        let takar = asking.takar.clone().ok_or_else(|| ApiError::not_in(lang))?;
        let answers = Arc::new(core.answers.seen_by(takar.reach()));
        Ok(Self { takar, uploads: core.uploads.clone(), answers, looks: core.looks.clone() })
    }
}

/// Finds out who asks, refuses who may not, and notes what was looked at and changed.
pub(crate) async fn identify(State(core): State<Core>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !path.starts_with("/api/") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let lang = lang_of(&parts);
    let asking = match ask(&core, &parts, lang).await {
        Ok(asking) => asking,
        Err(error) => return error.into_response(),
    };
    let is_open = matches!(path.as_str(), "/api/session" | "/api/openapi.json");
    if asking.takar.is_none() && !is_open {
        return ApiError::not_in(lang).into_response();
    }
    let changes = !matches!(parts.method, Method::GET | Method::HEAD);
    if let Some(inside) = &asking.inside
        && changes
        && parts.headers.get(GUARD).is_none_or(|guard| guard.as_bytes() != inside.guard.as_bytes())
    {
        return ApiError::unguarded(lang).into_response();
    }
    let person = asking.takar.as_ref().and_then(|takar| match takar.actor() {
        Actor::Person(person) => Some((takar.clone(), person.clone())),
        Actor::Keeper => None,
    });
    let method = parts.method.clone();
    let what: String = parts.uri.path_and_query().map_or("", |all| all.as_str()).chars().take(LONGEST_LOOK).collect();
    parts.extensions.insert(asking);
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some((takar, person)) = person.filter(|_| response.status().is_success() && !PLAIN.contains(&path.as_str()))
    else {
        return response;
    };
    if changes {
        let change = format!("{method} {what}");
        let noted = run(move || takar.note_change(&change).or_say(lang)).await;
        return noted.map_or_else(IntoResponse::into_response, |()| response);
    }
    core.looks.add(person.id, person.login.clone(), what, takar.clock());
    response
}

async fn ask(core: &Core, parts: &Parts, lang: Lang) -> Result<Asking, ApiError> {
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
    let key = cookie(&parts.headers);
    let (place, is_encrypted) = (core.reached.place(parts), core.reached.is_encrypted());
    let takar = core.takar.clone();
    run(move || {
        let mut asking = Asking { takar: None, key: None, inside: None, place, has_users: true, is_encrypted };
        if !takar.has_users().or_say(lang)? {
            asking.has_users = false;
            asking.takar = Some(takar);
            return Ok(asking);
        }
        let person = match (bearer, key) {
            (Some(token), _) => takar.bearer(&token).or_say(lang)?,
            (None, Some(key)) => {
                asking.inside = takar.inside(&key).or_say(lang)?;
                asking.key = asking.inside.is_some().then_some(key);
                asking.inside.as_ref().map(|inside| inside.person.clone())
            }
            (None, None) => None,
        };
        asking.takar = match person {
            Some(person) => Some(Arc::new(takar.acting_as(person).or_say(lang)?)),
            None => None,
        };
        Ok(asking)
    })
    .await
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// The cookie of a session that begins, or with `None` ends.
pub(crate) fn set_cookie(key: Option<&str>, is_encrypted: bool) -> (HeaderName, String) {
    let secure = if is_encrypted { "; Secure" } else { "" };
    let (value, seconds) = key.map_or(("", 0), |key| (key, SESSION_SECONDS));
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    (header::SET_COOKIE, cookie)
}

/// What was looked at and is not yet written: a page asks for several things at once, and none waits for the disk.
#[derive(Default)]
pub(crate) struct Looks {
    waiting: Mutex<Vec<(UserId, String, String, jiff::Timestamp)>>,
}

impl Looks {
    fn add(&self, user: UserId, who: String, what: String, at: jiff::Timestamp) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((user, who, what, at));
    }

    /// Writes what waits.
    pub(crate) fn write(&self, takar: &Takar, lang: Lang) -> Result<(), ApiError> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.is_empty() { Ok(()) } else { takar.note_looks(&waiting).or_say(lang) }
    }
}

/// A page that was asked for with a status of its own.
pub(crate) fn with_cookie(status: StatusCode, cookie: (HeaderName, String), body: impl IntoResponse) -> Response {
    (status, [cookie], body).into_response()
}
