//! `/api/users`, `/api/tokens`, `/api/audit`: who may come in, and what everybody did and looked at.

use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use takar_app::{NewToken, NewUser, Password, Token, User, UserChange};
use takar_model::Role;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    number::Number,
    run,
};

/// The most entries of the record that are told at once.
const MOST_ENTRIES: u32 = 1_000;

/// Two passwords.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Passwords {
    /// The one that holds.
    #[schema(value_type = String)]
    old: Password,
    /// The one that is to hold.
    #[schema(value_type = String)]
    new: Password,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct TokenAsked {
    /// What it is for.
    label: String,
    /// After how many days it ends; never unless given.
    days: Option<u16>,
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Entries {
    /// How many at most, 200 unless told.
    limit: Option<u32>,
    /// Of looks: by this login.
    who: Option<String>,
    /// Of looks: with this in the address, such as a manager's id.
    about: Option<String>,
}

/// A role with what it is called and may do.
#[derive(Serialize)]
struct RoleTold {
    name: &'static str,
    label: &'static str,
    description: &'static str,
    of_a_line: bool,
}

/// Every user, and the roles there are.
#[utoipa::path(get, path = "/api/users", tag = "users", responses((status = 200, description = "Users and roles"), (status = 403, description = "Not an owner")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Value>, ApiError> {
    let users = run(move || shared.takar.users().or_say(lang)).await?;
    let roles = Role::ALL.map(|role| RoleTold {
        name: role.name(),
        label: role.label().get(lang),
        description: role.description().get(lang),
        of_a_line: role.is_of_a_line(),
    });
    Ok(Json(json!({ "users": users, "roles": roles })))
}

/// Adds a user; the first is an owner.
#[utoipa::path(post, path = "/api/users", tag = "users", responses((status = 201, description = "The user"), (status = 403, description = "Not an owner"), (status = 422, description = "Login taken, password too easily guessed, something missing")))]
pub(crate) async fn add(
    shared: Shared,
    Reader(lang): Reader,
    Json(new): Json<NewUser>,
) -> Result<(StatusCode, Json<User>), ApiError> {
    let user = run(move || shared.takar.add_user(&new).or_say(lang)).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Changes a user; what is not named stays.
#[utoipa::path(patch, path = "/api/users/{login}", tag = "users", params(("login" = String, Path)), responses((status = 200, description = "The user"), (status = 403, description = "Not an owner"), (status = 404, description = "No such user")))]
pub(crate) async fn change(
    shared: Shared,
    Reader(lang): Reader,
    Path(login): Path<String>,
    Json(change): Json<UserChange>,
) -> Result<Json<User>, ApiError> {
    run(move || shared.takar.change_user(&login, &change).or_say(lang)).await.map(Json)
}

/// Gives oneself another password; all sessions end.
#[utoipa::path(post, path = "/api/password", tag = "users", request_body = Passwords, responses((status = 204, description = "Changed"), (status = 422, description = "The old one is not right, or the new one too easily guessed")))]
pub(crate) async fn password(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<Passwords>,
) -> Result<StatusCode, ApiError> {
    run(move || shared.takar.change_password(&asked.old, &asked.new).or_say(lang)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own tokens; for an owner everybody's.
#[utoipa::path(get, path = "/api/tokens", tag = "users", responses((status = 200, description = "Tokens, without what they are recognised by")))]
pub(crate) async fn tokens(shared: Shared, Reader(lang): Reader) -> Result<Json<Vec<Token>>, ApiError> {
    run(move || shared.takar.tokens().or_say(lang)).await.map(Json)
}

/// Makes a token, which is shown this once.
#[utoipa::path(post, path = "/api/tokens", tag = "users", request_body = TokenAsked, responses((status = 201, description = "The token")))]
pub(crate) async fn make_token(
    shared: Shared,
    Reader(lang): Reader,
    Json(asked): Json<TokenAsked>,
) -> Result<(StatusCode, Json<NewToken>), ApiError> {
    let made = run(move || shared.takar.make_token(&asked.label, asked.days).or_say(lang)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Takes a token away.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "users", params(("id" = i64, Path)), responses((status = 204, description = "Gone"), (status = 404, description = "No such token")))]
pub(crate) async fn remove_token(
    shared: Shared,
    Reader(lang): Reader,
    Number(id): Number,
) -> Result<StatusCode, ApiError> {
    run(move || shared.takar.remove_token(id).or_say(lang)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was done and looked at, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "users", params(Entries), responses((status = 200, description = "Changes and looks"), (status = 403, description = "Not an owner")))]
pub(crate) async fn audit(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Entries>,
) -> Result<Json<Value>, ApiError> {
    run(move || {
        let limit = asked.limit.unwrap_or(200).min(MOST_ENTRIES);
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let changes = shared.takar.actions(limit, lang).or_say(lang)?;
        shared.looks.write(&shared.takar, lang)?;
        let looks =
            shared.takar.looks(given(&asked.who).as_deref(), given(&asked.about).as_deref(), limit).or_say(lang)?;
        Ok(Json(json!({ "changes": changes, "looks": looks })))
    })
    .await
}
