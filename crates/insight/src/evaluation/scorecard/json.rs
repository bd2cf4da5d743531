//! Scorecards as JSON.

use serde_json::{Value, json};
use takar_model::Lang;

use super::{BLANK, Kind, Points, Scorecards, ValueOfCard};

impl Scorecards {
    /// For a reader of `lang`: the KPIs once, then the cards.
    pub fn to_json(&self, lang: Lang) -> String {
        let weights = &self.input.weights;
        let said = |both: &(String, String)| if lang == Lang::Id { both.0.clone() } else { both.1.clone() };
        let kpis: Vec<Value> = self
            .input
            .kpis
            .iter()
            .zip(&self.yardsticks)
            .zip(&self.medians)
            .map(|((kpi, yard), median)| {
                json!({
                    "id": kpi.id,
                    "name": said(&kpi.name),
                    "definition": said(&kpi.definition),
                    "group": kpi.kind,
                    "weight": kpi.weight,
                    "unit": kpi.unit,
                    "direction": kpi.direction,
                    "when_away": kpi.scales.text().map(|text| text.get(lang)),
                    "none": yard.ok().map(|yard| yard.none),
                    "full": yard.ok().map(|yard| yard.full),
                    "of_peers": yard.ok().map(|yard| yard.of_peers),
                    "not_scored": yard.err().map(|why| why.text().get(lang)),
                    "median": median,
                })
            })
            .collect();
        let groups: Vec<Value> = Kind::ALL
            .into_iter()
            .map(|kind| json!({ "id": kind, "name": kind.name().get(lang), "weight": weights.group(kind).weight }))
            .collect();
        let managers: Vec<Value> = self
            .cards
            .iter()
            .map(|card| {
                let (id, name) = &self.input.managers[card.place];
                let parts: Vec<Value> = self
                    .input
                    .kpis
                    .iter()
                    .zip(&card.parts)
                    .zip(&card.counted)
                    .map(|((kpi, part), counted)| {
                        let value: &ValueOfCard = &kpi.values[card.place];
                        json!({
                            "kpi": kpi.id,
                            "value": value.value.ok(),
                            "counted": counted.ok().filter(|counted| value.value.ok() != Some(*counted)),
                            "low": value.interval.map(|interval| interval.0),
                            "high": value.interval.map(|interval| interval.1),
                            "n": value.n,
                            "target": value.target,
                            "attained": value.attained,
                            "reason": counted.err().map(|why| why.text(lang)),
                            "points": part.map(|part| part.points),
                            "gained": part.and_then(|part| part.gained),
                            "lost": part.and_then(|part| part.lost),
                        })
                    })
                    .collect();
                let points = |points: &Points| json!({ "score": points.score, "known": points.known });
                json!({
                    "id": id,
                    "name": name,
                    "quantity": points(&card.groups[0]),
                    "process": points(&card.groups[1]),
                    "communication": points(&card.groups[2]),
                    "quality": points(&card.quality),
                    "whole": points(&card.whole),
                    "rank_best": card.standing.map(|standing| standing.best),
                    "rank_worst": card.standing.map(|standing| standing.worst),
                    "ranked": card.standing.map(|standing| standing.n),
                    "corner": card.corner.map(|corner| corner.name().get(lang)),
                    "suggestion": card.corner.map(|corner| corner.suggestion().get(lang)),
                    "presence": card.presence.as_ref().map(|presence| presence.to_json(lang)),
                    "blank": card.is_blank().then(|| BLANK.get(lang)),
                    "parts": parts,
                })
            })
            .collect();
        json!({
            "period": self.input.period.to_string(),
            "weights_version": weights.version,
            "groups": groups,
            "kpis": kpis,
            "managers": managers,
            "currency": self.input.currency,
            "data_version": self.input.basis.data_version,
            "credit": self.input.basis.credit,
        })
        .to_string()
    }
}
