//! `/api/handovers`: accounts that changed hands.

use axum::{Json, extract::Query};
use serde::Deserialize;
use takar_app::{HandoverFilter, Handovers};
use takar_model::Period;
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// Which changes.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// A period: `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`.
    period: Option<String>,
    /// From or to this manager.
    manager: Option<String>,
    /// Of this account.
    account: Option<String>,
}

/// Changes of owners, newest first, with what the account bought before and since.
#[utoipa::path(get, path = "/api/handovers", tag = "ask", params(Asked), responses((status = 200, description = "Changes of owners"), (status = 422, description = "The question is wrong")))]
pub(crate) async fn handovers(
    shared: Shared,
    Reader(lang): Reader,
    Query(asked): Query<Asked>,
) -> Result<Json<Handovers>, ApiError> {
    run(move || {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let period = given(asked.period).map(|text| text.parse::<Period>()).transpose().or_say(lang)?;
        let filter = HandoverFilter { period, manager: given(asked.manager), account: given(asked.account) };
        shared.takar.handovers(&filter).or_say(lang)
    })
    .await
    .map(Json)
}
