//! `/api/session`: who is in, coming in and going out.

use axum::{Json, extract::FromRequestParts, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use takar_app::{Actor, Password, Person};
use takar_model::{Right, Text};
use utoipa::ToSchema;

use crate::{
    Core,
    access::{Asking, set_cookie, with_cookie},
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Who is in.
#[derive(Serialize)]
struct Session {
    /// The home has users: who is not in sees nothing.
    users: bool,
    /// Who is in; none where nobody is, or there are no users.
    person: Option<Person>,
    /// What the role is called.
    role_label: Option<&'static str>,
    /// What who asks may do.
    rights: Vec<&'static str>,
    /// Figures are those of the own line.
    own_line: bool,
    /// To be brought along as `X-Takar-Guard` by each change.
    guard: Option<String>,
}

/// What is typed to come in.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct LogIn {
    /// The login.
    login: String,
    /// The password.
    #[schema(value_type = String)]
    password: Password,
}

/// The home with nobody in particular: only what happens before somebody is in may use it.
pub(crate) struct Door(std::sync::Arc<takar_app::Takar>);

impl FromRequestParts<Core> for Door {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut axum::http::request::Parts, core: &Core) -> Result<Self, Self::Rejection> {
        Ok(Self(core.takar.clone()))
    }
}

/// Who is in, and what that lets one do.
#[utoipa::path(get, path = "/api/session", tag = "users", responses((status = 200, description = "Who is in")))]
pub(crate) async fn show(asking: Asking, Reader(lang): Reader) -> Response {
    let body = session(&asking, lang);
    axum::response::IntoResponse::into_response(Json(body))
}

fn session(asking: &Asking, lang: takar_model::Lang) -> Session {
    let actor = asking.takar.as_ref().map(|takar| takar.actor().clone());
    let person = match &actor {
        Some(Actor::Person(person)) => Some(person.as_ref().clone()),
        _ => None,
    };
    let may = |right: &Right| asking.takar.as_ref().is_some_and(|takar| takar.may(*right).is_ok());
    Session {
        users: asking.has_users,
        role_label: person.as_ref().map(|person| person.role.label().get(lang)),
        rights: Right::ALL.iter().filter(|right| may(right)).map(|right| right.name()).collect(),
        own_line: asking.takar.as_ref().is_some_and(|takar| takar.reach().is_some()),
        guard: asking.inside.as_ref().map(|inside| inside.guard.clone()),
        person,
    }
}

/// Comes in: the answer sets a cookie, and says what changes have to bring along.
#[utoipa::path(post, path = "/api/session", tag = "users", request_body = LogIn, responses((status = 200, description = "In"), (status = 401, description = "Login and password do not belong together"), (status = 429, description = "Too many logins failed")))]
pub(crate) async fn log_in(
    Door(takar): Door,
    asking: Asking,
    Reader(lang): Reader,
    Json(asked): Json<LogIn>,
) -> Result<Response, ApiError> {
    if !asking.has_users {
        let text =
            Text::new("belum ada pengguna: tambahkan pemilik dulu", "there are no users yet: add an owner first");
        return Err(ApiError::bad_request(text, lang));
    }
    let place = asking.place.clone();
    let (session, takar) = run(move || {
        // Who was in before, in the same browser, is out.
        if let Some(key) = &asking.key {
            takar.log_out(key).or_say(lang)?;
        }
        let session = takar.log_in(&asked.login, &asked.password, &place).or_say(lang)?;
        let takar = takar.acting_as(session.person.clone()).or_say(lang)?;
        Ok((session, takar))
    })
    .await?;
    let inside = takar_app::Inside { person: session.person, guard: session.guard };
    let now = Asking {
        takar: Some(std::sync::Arc::new(takar)),
        key: None,
        inside: Some(inside),
        place: String::new(),
        has_users: true,
        is_encrypted: asking.is_encrypted,
    };
    let cookie = set_cookie(Some(&session.key), asking.is_encrypted);
    Ok(with_cookie(StatusCode::OK, cookie, Json(self::session(&now, lang))))
}

/// Goes out: the session ends here, and the browser forgets it.
#[utoipa::path(delete, path = "/api/session", tag = "users", responses((status = 204, description = "Out")))]
pub(crate) async fn log_out(Door(takar): Door, asking: Asking, Reader(lang): Reader) -> Result<Response, ApiError> {
    let is_encrypted = asking.is_encrypted;
    if let Some(key) = asking.key {
        run(move || takar.log_out(&key).or_say(lang)).await?;
    }
    Ok(with_cookie(StatusCode::NO_CONTENT, set_cookie(None, is_encrypted), ()))
}
