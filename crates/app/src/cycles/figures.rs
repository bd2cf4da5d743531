//! The figures that an evaluation is about, as text that never changes: what the evaluation, the scorecard and the fair comparison say of one
//! manager, in both languages, and nothing of what is not the manager's to see.

use serde::Deserialize;
use serde_json::value::RawValue;
use takar_insight::{InsightError, evaluation::fair, metrics::CellSource};
use takar_model::{Credit, Lang, Period};
use takar_state::FrozenFrom;

use crate::{Result, Takar};

/// One manager's figures.
pub(crate) struct FiguresOf {
    pub manager: String,
    pub name: Option<String>,
    /// JSON: by language `evaluation`, `scorecard` and `fair`; what could not be told is null.
    pub figures: String,
}

/// The figures in both languages.
#[derive(Deserialize)]
pub(crate) struct BothLanguages {
    pub id: Box<RawValue>,
    pub en: Box<RawValue>,
}

impl BothLanguages {
    pub fn get(self, lang: Lang) -> Box<RawValue> {
        match lang {
            Lang::Id => self.id,
            Lang::En => self.en,
        }
    }
}

/// Months of the fair comparison, up to the end of the window.
const MONTHS: i32 = 12;

impl Takar {
    /// The figures of some managers in a window, or of all that have any, in the order of ids. Of whom nothing is known, such as
    /// who left long ago, only where named.
    pub(crate) fn figures_of(&self, period: Period, credit: Credit, only: Option<&[String]>) -> Result<Vec<FiguresOf>> {
        let all = self.as_keeper();
        let cards = all.scorecards(credit, Some(period), None)?;
        let evaluation = all.evaluation(credit, Some(period), None)?;
        let last = period.to().month();
        let window = Period::months(last.plus(1 - MONTHS), last);
        // Without enough to compare there is no comparison; the rest stands.
        let mut compared = all.fair(credit, &fair::Question { window, ..Default::default() }).ok();
        let managers = compared.as_mut().map(|fair| std::mem::take(&mut fair.managers)).unwrap_or_default();
        let mut found = Vec::with_capacity(cards.cards.len());
        for card in &cards.cards {
            let (manager, name) = &cards.input.managers[card.place];
            let is_asked = only.map_or(!card.is_blank(), |only| only.contains(manager));
            if !is_asked {
                continue;
            }
            let card = cards.clone().of(manager)?;
            if let Some(fair) = &mut compared {
                fair.managers = managers.iter().filter(|one| one.id == *manager).cloned().collect();
            }
            let told = |lang| -> Result<String> {
                let evaluation = evaluation.json_of(manager, lang)?;
                let fair = compared.as_ref().filter(|fair| !fair.managers.is_empty());
                let fair = fair.map(|fair| fair.to_json(lang)).transpose()?;
                let null = || "null".to_owned();
                Ok(format!(
                    "{{\"evaluation\":{},\"scorecard\":{},\"fair\":{}}}",
                    evaluation.unwrap_or_else(null),
                    card.to_json(lang),
                    fair.unwrap_or_else(null)
                ))
            };
            let figures = format!("{{\"id\":{},\"en\":{}}}", told(Lang::Id)?, told(Lang::En)?);
            found.push(FiguresOf { manager: manager.clone(), name: name.clone(), figures });
        }
        Ok(found)
    }

    /// The home as it is at this moment, and what figures that are frozen there are frozen from. What is brought in meanwhile
    /// does not touch it.
    pub(crate) fn at_this_moment(&self) -> Result<(Self, FrozenFrom)> {
        let pin = self.as_keeper().pin()?;
        let then = self.as_keeper().as_of(&pin)?;
        let data = then.lake_source(Credit::Recorded)?.data_version().to_string();
        let definitions = then.definitions_mark()?;
        let at = pin.at.clone();
        let pin = serde_json::to_string(&pin).map_err(|error| InsightError::Unwritable(error.to_string()))?;
        Ok((then, FrozenFrom { at, data, definitions, pin: Some(pin) }))
    }
}
