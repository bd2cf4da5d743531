//! A diagnosis as JSON. Amounts are written with every digit, which values of `serde_json` would not keep.

use serde::Serialize;
use takar_model::{Lang, Money};

use super::{Cause, Diagnosis, Evidence};
use crate::InsightError;

#[derive(Serialize)]
struct DiagnosisJson<'a> {
    manager: &'a str,
    name: Option<&'a str>,
    period: String,
    base: String,
    against_target: bool,
    is_nothing: bool,
    expected: Money,
    actual: Money,
    gap: Money,
    parts: Vec<PartJson<'a>>,
    causes: Vec<CauseJson<'a>>,
    made_up: Money,
    small: Money,
    unknown: Vec<&'a str>,
    currency: Option<&'a str>,
    data_version: u64,
}

#[derive(Serialize)]
struct PartJson<'a> {
    name: &'a str,
    gap: Money,
    share: f64,
}

#[derive(Serialize)]
struct CauseJson<'a> {
    bar: &'static str,
    name: &'static str,
    definition: &'static str,
    amount: Money,
    share: f64,
    members: Vec<MemberJson<'a>>,
    evidence: Vec<EvidenceJson<'a>>,
    against: Vec<EvidenceJson<'a>>,
    unclear: Vec<EvidenceJson<'a>>,
    step: &'static str,
}

#[derive(Serialize)]
struct MemberJson<'a> {
    dimension: &'static str,
    id: Option<&'a str>,
    name: Option<&'a str>,
    amount: Money,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    /// `fair` for the comparison with the portfolio.
    kpi: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    median: Option<f64>,
    text: String,
}

impl Diagnosis {
    /// For a reader of `lang`.
    ///
    /// # Errors
    /// [`InsightError::Unwritable`].
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let parts = self.parts.iter().map(|(name, gap, share)| PartJson { name, gap: *gap, share: *share });
        let unknown = self.unknown.iter().map(|both| if lang == Lang::Id { both.0.as_str() } else { both.1.as_str() });
        let told = DiagnosisJson {
            manager: &self.manager.0,
            name: self.manager.1.as_deref(),
            period: self.period.to_string(),
            base: self.base.to_string(),
            against_target: self.against_target,
            is_nothing: self.is_nothing(),
            expected: self.expected,
            actual: self.actual,
            gap: self.gap(),
            parts: parts.collect(),
            causes: self.causes.iter().map(|cause| cause.json(lang)).collect(),
            made_up: self.made_up,
            small: self.small,
            unknown: unknown.collect(),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
        };
        serde_json::to_string(&told).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}

impl Cause {
    fn json(&self, lang: Lang) -> CauseJson<'_> {
        let members = self.members.iter().map(|part| MemberJson {
            dimension: part.member.dimension.id(),
            id: part.id.as_deref(),
            name: part.name.as_deref(),
            amount: part.amount,
        });
        CauseJson {
            bar: self.bar.id(),
            name: self.bar.name().get(lang),
            definition: self.bar.definition().get(lang),
            amount: self.amount,
            share: self.share,
            members: members.collect(),
            evidence: self.evidence.iter().map(|one| one.json(lang)).collect(),
            against: self.against.iter().map(|one| one.json(lang)).collect(),
            unclear: self.unclear.iter().map(|one| one.json(lang)).collect(),
            step: self.step().get(lang),
        }
    }
}

impl Evidence {
    fn json(&self, lang: Lang) -> EvidenceJson<'_> {
        let text = self.text(lang);
        match self {
            Self::Measure { kpi, value, median, .. } => {
                EvidenceJson { kpi, value: Some(*value), median: Some(*median), text }
            }
            Self::Portfolio { .. } => EvidenceJson { kpi: "fair", value: None, median: None, text },
        }
    }
}
