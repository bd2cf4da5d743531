//! The parts of the gap as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};
use takar_stats::miss::Stop;

use super::{Expectation, Miss, Part};
use crate::InsightError;

#[derive(Serialize)]
struct MissJson<'a> {
    period: String,
    base: String,
    manager: Option<IdJson<'a>>,
    against: &'static str,
    model: &'static str,
    actual: Money,
    expected: Money,
    gap: Money,
    parts: Vec<PartJson<'a>>,
    rest: PartJson<'a>,
    rest_is_general: bool,
    explained: Option<f64>,
    stop: Stop,
    coverage: Option<f64>,
    n: usize,
    summary: Vec<String>,
    notes: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct IdJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct PartJson<'a> {
    label: String,
    values: Vec<ValueJson<'a>>,
    expected: Money,
    actual: Money,
    gap: Money,
    share: f64,
    cells: usize,
    stands_out: bool,
}

#[derive(Serialize)]
struct ValueJson<'a> {
    dimension: &'static str,
    id: Option<&'a str>,
    name: Option<&'a str>,
}

fn part_json(part: &Part, lang: Lang) -> PartJson<'_> {
    PartJson {
        label: part.label(lang),
        values: part
            .values
            .iter()
            .map(|value| ValueJson {
                dimension: value.dimension.id(),
                id: value.id.as_deref(),
                name: value.name.as_deref(),
            })
            .collect(),
        expected: part.expected,
        actual: part.actual,
        gap: part.gap(),
        share: part.share,
        cells: part.cells,
        stands_out: part.stands_out,
    }
}

impl Miss {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let answer = MissJson {
            period: self.windows.current.to_string(),
            base: self.windows.base.to_string(),
            manager: self.manager.as_ref().map(|(id, name)| IdJson { id, name: name.as_deref() }),
            against: match self.expectation {
                Expectation::Base => "base",
                Expectation::ManagerTargets | Expectation::OneTarget => "target",
            },
            model: "additive drill-down",
            actual: self.actual,
            expected: self.expected,
            gap: self.gap(),
            parts: self.parts.iter().map(|part| part_json(part, lang)).collect(),
            rest: part_json(&self.rest, lang),
            rest_is_general: self.rest_is_general,
            explained: self.explained,
            stop: self.stop,
            coverage: self.coverage,
            n: self.n,
            summary: self.summary(lang),
            notes: self.notes(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}
