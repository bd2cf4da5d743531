//! The numbers in frozen figures, each with the KPI it is of and exact to the last digit.

use serde::Deserialize;
use serde_json::value::RawValue;
use takar_model::{Lang, Text};

use super::figures::BothLanguages;

/// A number of the frozen figures.
pub(super) struct Number {
    pub kpi: String,
    pub name: Option<String>,
    /// `value`, `target` or `points`.
    pub what: &'static str,
    pub value: Box<RawValue>,
}

impl Number {
    pub fn is_of(&self, other: &Self) -> bool {
        self.kpi == other.kpi && self.what == other.what
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Figures {
    evaluation: Option<OfEvaluation>,
    scorecard: OfCards,
    fair: Option<OfFair>,
}

#[derive(Deserialize)]
struct OfEvaluation {
    manager: OfManager,
}

#[derive(Deserialize)]
struct OfManager {
    figures: Vec<Figure>,
}

#[derive(Deserialize)]
struct Figure {
    kpi: String,
    value: Box<RawValue>,
    target: Box<RawValue>,
    #[serde(default)]
    points: Option<Box<RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OfCards {
    kpis: Vec<NamedKpi>,
    managers: Vec<OfCard>,
}

#[derive(Deserialize)]
struct NamedKpi {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct OfCard {
    parts: Vec<Figure>,
    quantity: Score,
    process: Score,
    communication: Score,
    whole: Score,
}

#[derive(Deserialize)]
struct Score {
    score: Box<RawValue>,
}

#[derive(Deserialize)]
struct OfFair {
    rows: Vec<OfRow>,
}

#[derive(Deserialize)]
struct OfRow {
    expected: Box<RawValue>,
    #[serde(default)]
    index: Option<Index>,
}

#[derive(Deserialize)]
struct Index {
    value: Box<RawValue>,
}

/// Every number that is compared, once.
pub(super) fn numbers(text: &str, lang: Lang) -> Vec<Number> {
    let both: Option<BothLanguages> = serde_json::from_str(text).ok();
    let figures: Option<Figures> = both.and_then(|both| serde_json::from_str(both.get(lang).get()).ok());
    let Some(figures) = figures else { return Vec::new() };
    let mut found: Vec<Number> = Vec::new();
    let mut add = |kpi: &str, name: Option<String>, what, value: Box<RawValue>| {
        let number = Number { kpi: kpi.to_owned(), name, what, value };
        if !found.iter().any(|known| known.is_of(&number)) {
            found.push(number);
        }
    };
    for figure in figures.evaluation.into_iter().flat_map(|evaluation| evaluation.manager.figures) {
        add(&figure.kpi, None, "value", figure.value);
        add(&figure.kpi, None, "target", figure.target);
    }
    let names = figures.scorecard.kpis;
    for card in figures.scorecard.managers {
        for part in card.parts {
            let name = names.iter().find(|kpi| kpi.id == part.kpi).map(|kpi| kpi.name.clone());
            add(&part.kpi, name.clone(), "value", part.value);
            add(&part.kpi, name.clone(), "target", part.target);
            if let Some(points) = part.points {
                add(&part.kpi, name, "points", points);
            }
        }
        let say = |id, en| Some(Text::new(id, en).get(lang).to_owned());
        for (kpi, name, score) in [
            ("quantity", say("Skor kuantitas", "Score of quantity"), card.quantity),
            ("process", say("Skor proses", "Score of process"), card.process),
            ("communication", say("Skor komunikasi", "Score of communication"), card.communication),
            ("whole", say("Skor keseluruhan", "Score of the whole"), card.whole),
        ] {
            add(kpi, name, "points", score.score);
        }
    }
    for row in figures.fair.into_iter().flat_map(|fair| fair.rows) {
        let name = Text::new("Hasil dibanding harapan portofolio", "Result against what the portfolio lets expect");
        let name = Some(name.get(lang).to_owned());
        add("fair", name.clone(), "target", row.expected);
        if let Some(index) = row.index {
            add("fair", name, "value", index.value);
        }
    }
    found
}
