//! `/api/packs`: industry packs of KPIs, weights and trade words.

use axum::{
    Json,
    extract::{Path, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};
use takar_app::PackUsed;
use takar_insight::packs::Pack;
use utoipa::IntoParams;

use crate::{
    Shared,
    error::{ApiError, OrSay},
    language::Reader,
    run,
};

/// The packs there are, and which one is in use.
#[utoipa::path(get, path = "/api/packs", tag = "kpis", responses((status = 200, description = "Packs with KPIs, weights and trade words")))]
pub(crate) async fn list(shared: Shared, Reader(lang): Reader) -> Result<Json<Value>, ApiError> {
    run(move || {
        let packs: Vec<Value> = Pack::all().or_say(lang)?.iter().map(|pack| pack.to_json(lang)).collect();
        let in_use = shared.takar.pack_in_use().or_say(lang)?;
        let in_use = in_use.map(|used| json!({ "id": used.id, "version": used.version, "since": used.since }));
        Ok(json!({ "packs": packs, "in_use": in_use }))
    })
    .await
    .map(Json)
}

/// How a pack is taken into use.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct UseAsked {
    /// Also the KPIs that say something else under the same id here.
    #[serde(default)]
    replace: bool,
}

/// Saves the KPIs of a pack as own ones and uses its weights.
#[utoipa::path(post, path = "/api/packs/{pack}/use", tag = "kpis", params(("pack" = String, Path, description = "Its id"), UseAsked), responses((status = 200, description = "What was saved, and what was left as it is"), (status = 422, description = "There is no such pack")))]
pub(crate) async fn use_pack(
    shared: Shared,
    Reader(lang): Reader,
    Path(pack): Path<String>,
    Query(asked): Query<UseAsked>,
) -> Result<Json<PackUsed>, ApiError> {
    run(move || shared.takar.use_pack(&pack, asked.replace).or_say(lang)).await.map(Json)
}
