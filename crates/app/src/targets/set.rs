//! Wanted targets become drafts; odd ones are questioned first.

use serde::{Deserialize, Serialize};
use takar_insight::{
    metrics::{Unit, Value},
    targets::{Doubt, Held, Level, Proposed, Whom, doubts},
};
use takar_lake::LakeSource;
use takar_model::{Credit, Lang, Money, Period, Right, Text};
use takar_state::{DraftRow, DraftState, Message, WantedTarget};

use super::{
    TargetScope, Understood,
    approve::{drafts_said, managers_of},
    months, read_figures, words,
};
use crate::{AppError, Result, Takar};

/// Targets that somebody wants.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAsked {
    /// Which targets: the figure; `net_sales` unless told.
    #[serde(default)]
    pub kpi: String,
    /// `company`, `manager` (unless told), `account`, `product`, `category`, `region`, `segment` or `branch`.
    #[serde(default)]
    pub level: String,
    /// Only of this manager.
    #[serde(default)]
    pub manager: Option<String>,
    /// The targets.
    pub targets: Vec<NewTarget>,
    /// Why.
    pub reason: String,
    /// Why odd ones are wanted all the same.
    #[serde(default)]
    pub confirm: Option<String>,
    /// Who wants them.
    #[serde(default)]
    pub by: Option<String>,
    /// Shared out over the months of each window by season.
    #[serde(default)]
    pub phase: bool,
}

/// One of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTarget {
    /// The member's id; none for the company.
    #[serde(default)]
    pub id: Option<String>,
    /// For when.
    pub period: String,
    /// How much, as it is typed.
    pub value: String,
}

/// What a person says about targets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub reason: &'a str,
    pub confirm: Option<&'a str>,
    pub by: Option<&'a str>,
    pub phase: bool,
}

/// What came of it: drafts, or questions and nothing kept.
#[derive(Debug, Clone, Serialize)]
pub struct SetTargets {
    /// The drafts.
    pub drafts: Vec<DraftRow>,
    /// What is questioned: nothing is kept until it is confirmed with a reason.
    pub questioned: Vec<Questioned>,
}

impl SetTargets {
    /// What is questioned, for a reader; none where everything was kept.
    pub fn questions(&self, lang: Lang) -> Option<String> {
        if self.questioned.is_empty() {
            return None;
        }
        let lines: Vec<String> = self
            .questioned
            .iter()
            .map(|one| {
                let id = one.id.as_deref().unwrap_or_default();
                let value = match one.unit {
                    Unit::Rate => Value::Rate(one.value.to_f64()).format(lang),
                    _ => one.value.format(lang, 0),
                };
                format!("{id} {} = {value}: {}", one.period, one.doubts.join("; ")).trim_start().to_owned()
            })
            .collect();
        let head = Text::new(
            "target ini dipertanyakan; tidak ada yang disimpan sebelum alasannya disebutkan:",
            "these targets are questioned; nothing is kept until a reason confirms them:",
        );
        Some(format!("{}\n{}", head.get(lang), lines.join("\n")))
    }
}

/// A target that is questioned.
#[derive(Debug, Clone, Serialize)]
pub struct Questioned {
    /// The member's id.
    pub id: Option<String>,
    /// For when.
    pub period: String,
    /// How much.
    pub value: Money,
    /// What it is measured in.
    pub unit: Unit,
    /// The questions.
    pub doubts: Vec<String>,
}

impl SetAsked {
    /// Which targets are meant.
    pub fn scope(&self) -> TargetScope {
        TargetScope { kpi: self.kpi.clone(), level: self.level.clone(), manager: self.manager.clone() }
    }
}

impl Takar {
    /// Keeps wanted targets as drafts, all or none. Where one is odd and no reason confirms it, nothing is kept and the
    /// questions come back.
    ///
    /// # Errors
    /// Out of reach, without a reason, for ids that nothing is known of; where it would replace what somebody else wants of oneself.
    pub fn set_targets(&self, asked: &SetAsked, (credit, lang): (Credit, Lang)) -> Result<SetTargets> {
        let understood = self.understood(&asked.scope())?;
        let said = Said {
            reason: &asked.reason,
            confirm: asked.confirm.as_deref(),
            by: asked.by.as_deref(),
            phase: asked.phase,
        };
        let unit = self.analysed_kpi(&understood.kpi)?.unit();
        self.keep_targets(&understood, read(asked, &understood, (unit, lang))?, said, (credit, lang))
    }

    /// The same of figures.
    pub(super) fn keep_targets(
        &self,
        understood: &Understood,
        mut proposed: Vec<Proposed>,
        said: Said<'_>,
        (credit, lang): (Credit, Lang),
    ) -> Result<SetTargets> {
        self.may(Right::Answer)?;
        for one in &proposed {
            self.may_plan_for(&one.whom)?;
        }
        let reason = words(
            said.reason,
            Text::new("sebutkan alasannya: mengapa target ini", "say why: the reason for this target"),
        )?;
        let confirmed = said.confirm.map(str::trim).filter(|text| !text.is_empty());
        let source = self.lake_source(credit)?;
        Self::check_members(&source, understood, &proposed)?;
        let last = proposed.iter().map(|one| one.period).max_by_key(|period| period.to());
        let Some(last) = last else {
            return Err(AppError::Asked(Text::new("tidak ada target yang diberikan", "no target was given")));
        };
        let judge = self.judge(&source, understood, last)?;
        if said.phase {
            let mut phased = Vec::new();
            for one in proposed {
                let weights = judge.by_month(one.whom.level().1, one.period).map_err(|why| not_phased(&one, &why))?;
                let parts = takar_insight::targets::phased(one.value, &weights)
                    .map_err(|error| not_phased(&one, &error.into()))?;
                phased.extend(months(one.period)?.into_iter().zip(parts).map(|(month, value)| Proposed {
                    whom: one.whom.clone(),
                    period: Period::month(month),
                    value,
                }));
            }
            proposed = phased;
        }
        let held = self.held_with_drafts(&source, &understood.kpi)?;
        let found =
            doubts((source.as_ref(), source.as_ref()), &judge, understood.manager.as_deref(), &proposed, &held)?;
        if confirmed.is_none() && found.iter().any(|doubts| !doubts.is_empty()) {
            let questioned = proposed.iter().zip(&found).filter(|(_, doubts)| !doubts.is_empty());
            return Ok(SetTargets {
                drafts: Vec::new(),
                questioned: questioned
                    .map(|(one, doubts)| questioned_of(one, doubts, (judge.kpi().unit(), lang)))
                    .collect(),
            });
        }
        let facts = Self::held(&source, &understood.kpi);
        let wanted: Vec<WantedTarget> = proposed
            .iter()
            .zip(&found)
            .map(|(one, doubts)| {
                let chance = judge.chance(one.whom.level().1, one.period, one.value.to_f64());
                WantedTarget {
                    chance: chance.ok().map(|chance| chance.value),
                    reason: reason.clone(),
                    doubts: doubts.iter().map(|doubt| doubt.code()).collect::<Vec<_>>().join(" "),
                    confirmed: confirmed.filter(|_| !doubts.is_empty()).map(str::to_owned),
                    ..wanted_of(one, &understood.kpi, &facts)
                }
            })
            .collect();
        let by = self.by(said.by);
        let _lock = self.lock_targets()?;
        self.may_replace(&wanted, &by)?;
        let ids = self.state.add_drafts(&wanted, &by, &self.now())?;
        let about = managers_of(wanted.iter());
        self.note_decision("set targets", &drafts_said(&ids, &by, &reason), &about)?;
        let drafts: std::result::Result<Vec<DraftRow>, _> =
            ids.iter().filter_map(|id| self.state.draft(*id).transpose()).collect();
        Ok(SetTargets { drafts: drafts?, questioned: Vec::new() })
    }

    /// The targets that count, with those that are wanted in their place.
    pub(crate) fn held_with_drafts(&self, source: &LakeSource, kpi: &str) -> Result<Held> {
        let mut held = Self::held(source, kpi);
        for row in self.state.drafts_in(DraftState::Draft)?.into_iter().filter(|row| row.wanted.kpi == kpi) {
            if let (Ok(period), Ok(value)) = (row.wanted.period.parse(), row.wanted.value.parse()) {
                held.put(whom_of(&row.wanted), period, value);
            }
        }
        Ok(held)
    }

    /// Refuses ids that nothing is known of: a target for them would be for nobody.
    pub(super) fn check_members(source: &LakeSource, asked: &Understood, proposed: &[Proposed]) -> Result<()> {
        let names = takar_insight::metrics::CellSource::names(source);
        let labels = asked.level.dimension().and_then(|dimension| names.labels(dimension));
        if let Some(manager) = &asked.manager
            && names.manager.code(manager).is_none()
        {
            return Err(takar_insight::InsightError::UnknownManager(manager.clone()).into());
        }
        for one in proposed {
            let member = one.whom.level().1;
            let is_known = match (labels, member) {
                (None, None) => true,
                (Some(labels), Some(member)) => labels.code(member).is_some(),
                _ => false,
            };
            if !is_known {
                let member = member.unwrap_or("");
                let level = asked.level.name();
                return Err(AppError::Told(Message {
                    id: format!("{} \"{member}\" tidak dikenal: pakai kode yang ada dalam data", level.get(Lang::Id)),
                    en: format!("{} \"{member}\" is not known: use an id of the data", level.get(Lang::En)),
                }));
            }
        }
        Ok(())
    }
}

/// The wanted targets as figures.
fn read(asked: &SetAsked, understood: &Understood, (unit, lang): (Unit, Lang)) -> Result<Vec<Proposed>> {
    let texts: Vec<&str> = asked.targets.iter().map(|one| one.value.as_str()).collect();
    let mut proposed = Vec::with_capacity(texts.len());
    for (one, value) in asked.targets.iter().zip(read_figures(&texts, unit, lang)) {
        let at = |lang: Lang| {
            format!("{} {}: ", one.id.as_deref().unwrap_or_default(), one.period).trim_start().to_owned()
                + &match value {
                    Err(fault) => fault.message(&one.value, lang),
                    Ok(_) => Text::new("targetnya kosong", "the target is blank").get(lang).to_owned(),
                }
        };
        let Ok(Some(value)) = value else {
            return Err(AppError::Told(Message { id: at(Lang::Id), en: at(Lang::En) }));
        };
        let period: Period = one.period.parse()?;
        months(period)?;
        let member = one.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        if member.is_none() && understood.level != Level::Company {
            return Err(AppError::Asked(Text::new(
                "sebutkan untuk siapa targetnya, atau pilih tingkat company",
                "say whom the target is for, or choose the level company",
            )));
        }
        let member = member.filter(|_| understood.level != Level::Company);
        proposed.push(Proposed { whom: understood.whom(member), period, value });
    }
    Ok(proposed)
}

pub(super) fn questioned_of(one: &Proposed, doubts: &[Doubt], (unit, lang): (Unit, Lang)) -> Questioned {
    Questioned {
        id: one.whom.level().1.map(str::to_owned),
        period: one.period.to_string(),
        value: one.value,
        unit,
        doubts: doubts.iter().map(|doubt| doubt.message(unit, lang)).collect(),
    }
}

fn not_phased(one: &Proposed, why: &takar_insight::targets::Unjudged) -> AppError {
    let member = one.whom.level().1.unwrap_or("");
    AppError::Told(Message {
        id: format!("target {member} {} tidak dapat dibagi per bulan: {}", one.period, why.message(Lang::Id)),
        en: format!("the target {member} {} cannot be shared out to months: {}", one.period, why.message(Lang::En)),
    })
}

fn wanted_of(one: &Proposed, kpi: &str, facts: &Held) -> WantedTarget {
    WantedTarget {
        manager: one.whom.manager.clone(),
        account: one.whom.account.clone(),
        product: one.whom.product.clone(),
        category: one.whom.category.clone(),
        region: one.whom.region.clone(),
        segment: one.whom.segment.clone(),
        branch: one.whom.branch.clone(),
        period: one.period.to_string(),
        kpi: kpi.to_owned(),
        value: one.value.to_string(),
        before: facts.exact(&one.whom, one.period).map(|value| value.to_string()),
        chance: None,
        reason: String::new(),
        doubts: String::new(),
        confirmed: None,
    }
}

pub(super) fn whom_of(wanted: &WantedTarget) -> Whom {
    Whom {
        manager: wanted.manager.clone(),
        account: wanted.account.clone(),
        product: wanted.product.clone(),
        category: wanted.category.clone(),
        region: wanted.region.clone(),
        segment: wanted.segment.clone(),
        branch: wanted.branch.clone(),
    }
}

/// Who does something, as long as there are no users to tell apart.
pub(super) fn by(name: Option<&str>) -> String {
    let name: String = name.unwrap_or_default().trim().chars().take(80).collect();
    if name.is_empty() { "–".to_owned() } else { name }
}
