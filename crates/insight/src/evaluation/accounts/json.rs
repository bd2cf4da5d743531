//! Accounts on the plane as JSON.

use serde_json::{Value as Json, json};
use takar_model::Lang;

use super::{AccountOnPlane, AccountsPlane, Measure, NO_QUALITY, Points, suggestion};
use crate::metrics::Value;

impl AccountsPlane {
    /// For a reader of `lang`: what is measured, and some of the accounts, the largest first.
    pub fn to_json(&self, lang: Lang, offset: usize, limit: usize) -> String {
        let measures = Measure::ALL.map(|measure| {
            json!({
                "id": measure.id(),
                "name": measure.name().get(lang),
                "definition": measure.definition().get(lang),
                "side": if measure.is_quantity() { "quantity" } else { "quality" },
                "weight": measure.weight(),
                "recorded": self.recorded[measure as usize],
            })
        });
        let accounts: Vec<Json> = self.accounts.iter().skip(offset).take(limit).map(|one| account(one, lang)).collect();
        json!({
            "period": self.period.to_string(),
            "measures": measures,
            "total": self.accounts.len(),
            "accounts": accounts,
            "currency": self.currency,
            "data_version": self.basis.data_version,
            "credit": self.basis.credit,
        })
        .to_string()
    }
}

fn account(one: &AccountOnPlane, lang: Lang) -> Json {
    let points = |points: &Points| json!({ "score": points.score, "known": points.known });
    let facts = &one.facts;
    let parts = Measure::ALL.map(|measure| {
        let place = measure as usize;
        json!({ "measure": measure.id(), "value": facts.values[place], "points": one.points[place] })
    });
    json!({
        "id": facts.id,
        "name": facts.name,
        "manager": facts.manager.as_ref().map(|(id, _)| id),
        "manager_name": facts.manager.as_ref().and_then(|(_, name)| name.as_ref()),
        "class": facts.class.name(),
        "net_sales": facts.net_sales.map(Value::Money),
        "answers": facts.answers,
        "quantity": points(&one.quantity),
        "quality": points(&one.quality),
        "corner": one.corner.map(|corner| corner.name().get(lang)),
        "suggestion": one.corner.map(|corner| suggestion(corner).get(lang)),
        "reason": one.quality.score.is_none().then(|| NO_QUALITY.get(lang)),
        "parts": parts,
    })
}
