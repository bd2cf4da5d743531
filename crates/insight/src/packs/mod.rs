//! Industry packs: KPIs, weights and trade words that suit a trade, to begin with.
//!
//! A pack is a file of data. Taking it into use saves its own KPIs beside those of the company and offers its weights to the
//! scorecard; nothing of it is more than a beginning.

use serde::Deserialize;
use serde_json::json;
use takar_model::Lang;

use crate::{
    InsightError,
    evaluation::weights::{Kind, Weights},
    kpis::{Definition, OwnKpi, Words},
    metrics::{Direction, KPIS},
    process::{PROCESS_KPIS, ProcessKpiDefinition},
};

#[cfg(test)]
mod tests;

const FILES: [&str; 5] = [
    include_str!("distribution.json"),
    include_str!("b2b_services.json"),
    include_str!("pharma.json"),
    include_str!("manufacturing.json"),
    include_str!("retail_chain.json"),
];

/// An industry pack.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name in commands, addresses and JSON.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
    /// What people call the trade.
    pub name: Words,
    /// Whom it suits.
    pub description: Words,
    /// Words of the trade and what they are here.
    pub words: Vec<TradeWord>,
    /// Its own KPIs.
    pub kpis: Vec<Definition>,
    /// How much each KPI counts.
    pub weights: Weights,
}

/// A word of a trade.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeWord {
    /// The word.
    pub word: String,
    /// What it is, in Indonesian.
    pub id: String,
    /// What it is, in English.
    pub en: String,
}

impl Pack {
    /// Every pack.
    ///
    /// # Errors
    /// [`InsightError::OwnKpi`] where one cannot be read, which a test rules out.
    pub fn all() -> Result<Vec<Self>, InsightError> {
        let read = |file: &str| {
            serde_json::from_str(file).map_err(|error| InsightError::OwnKpi {
                id: format!("paket industri tidak terbaca: {error}"),
                en: format!("an industry pack cannot be read: {error}"),
            })
        };
        FILES.into_iter().map(read).collect()
    }

    /// The pack of that id.
    ///
    /// # Errors
    /// [`InsightError::OwnKpi`] listing the ones there are.
    pub fn find(id: &str) -> Result<Self, InsightError> {
        let all = Self::all()?;
        let known = all.iter().map(|pack| pack.id.clone()).collect::<Vec<_>>().join(", ");
        let wanted = id.trim().to_ascii_lowercase();
        all.into_iter().find(|pack| pack.id == wanted).ok_or_else(|| {
            let shown: String = wanted.chars().take(40).collect();
            InsightError::OwnKpi {
                id: format!("tidak ada paket industri \"{shown}\"; yang ada: {known}"),
                en: format!("there is no industry pack \"{shown}\"; there are: {known}"),
            }
        })
    }

    /// Its own KPIs, checked.
    ///
    /// # Errors
    /// Where a definition cannot be, which a test rules out.
    pub fn own_kpis(&self) -> Result<Vec<OwnKpi>, InsightError> {
        self.kpis.iter().map(|definition| definition.checked(1)).collect()
    }

    /// As JSON for a reader of `lang`.
    pub fn to_json(&self, lang: Lang) -> serde_json::Value {
        let own = self.own_kpis().unwrap_or_default();
        let name = |id: &str| {
            let built_in = KPIS.iter().find(|kpi| kpi.id == id).map(|kpi| kpi.name.get(lang).to_owned());
            let own = || own.iter().find(|kpi| kpi.id == id).map(|kpi| kpi.name.get(lang).to_owned());
            let of_work = || of_work(id).map(|kpi| kpi.name.get(lang).to_owned());
            built_in.or_else(own).or_else(of_work).unwrap_or_else(|| id.to_owned())
        };
        let groups = Kind::ALL.map(|kind| {
            let group = self.weights.group(kind);
            let kpis = group.kpis.iter().map(|one| {
                json!({ "kpi": one.kpi, "name": name(&one.kpi), "weight": one.weight, "own": own.iter().any(|kpi| kpi.id == one.kpi) })
            });
            json!({
                "group": kind.id(),
                "name": kind.name().get(lang),
                "weight": group.weight,
                "kpis": kpis.collect::<Vec<_>>(),
            })
        });
        let word = |word: &TradeWord| json!({ "word": word.word, "meaning": if lang == Lang::Id { &word.id } else { &word.en } });
        json!({
            "id": self.id,
            "version": self.version,
            "name": self.name.get(lang),
            "description": self.description.get(lang),
            "words": self.words.iter().map(word).collect::<Vec<_>>(),
            "kpis": own.iter().map(|kpi| kpi.to_json(lang)).collect::<Vec<_>>(),
            "weights": { "version": self.weights.version, "groups": groups },
        })
    }

    /// Which way of each KPI is better, as the weights need to know; `None` for one that is neither built in, of sales or of the work, nor its own.
    pub fn direction_of(&self, id: &str) -> Option<Direction> {
        let built_in = KPIS.iter().find(|kpi| kpi.id == id).map(|kpi| kpi.direction);
        let own = || self.kpis.iter().find(|kpi| kpi.id == id).map(|kpi| kpi.direction.unwrap_or(Direction::Neutral));
        built_in.or_else(own).or_else(|| of_work(id).map(|kpi| kpi.direction))
    }
}

fn of_work(id: &str) -> Option<&'static ProcessKpiDefinition> {
    PROCESS_KPIS.iter().find(|kpi| kpi.id == id)
}
