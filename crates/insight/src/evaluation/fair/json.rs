//! The comparison as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};
use takar_stats::{Estimate, Level, fair::FunnelPlace};

use super::{
    AccountGap, Adjusted, Fair, FairManager, Limits, Skill,
    words::{Definition, place_text},
};
use crate::{InsightError, format::Currency};

#[derive(Serialize)]
struct FairJson<'a> {
    period: String,
    summary: Vec<String>,
    compared: usize,
    accounts: usize,
    with_baseline: usize,
    places: &'a [String],
    funnel: Option<FunnelJson>,
    spread: Option<f64>,
    hand_overs: usize,
    sets: &'a [usize],
    rows: Vec<RowJson<'a>>,
    definitions: Vec<Definition>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

/// The limits, and what they come to as ratios.
#[derive(Serialize)]
struct FunnelJson {
    #[serde(flatten)]
    limits: Limits,
    points: Vec<FunnelPoint>,
}

/// The limits of the index of a manager with this standard error.
#[derive(Serialize)]
struct FunnelPoint {
    error: f64,
    outer_low: f64,
    inner_low: f64,
    inner_high: f64,
    outer_high: f64,
}

/// How many points the limits are drawn through.
const POINTS: usize = 24;

impl FunnelJson {
    fn of(limits: Limits, managers: &[FairManager]) -> Self {
        let errors = managers.iter().filter_map(|manager| manager.adjusted.as_ref().ok()).map(|one| one.error);
        let widest = errors.fold(0.0, f64::max) * 1.05;
        let point = |place: usize| {
            let error = widest * place as f64 / POINTS as f64;
            let (inner, outer) = (limits.inner * error, limits.outer * error);
            FunnelPoint {
                error,
                outer_low: (-outer).exp(),
                inner_low: (-inner).exp(),
                inner_high: inner.exp(),
                outer_high: outer.exp(),
            }
        };
        Self { limits, points: (0..=POINTS).map(point).collect() }
    }
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    accounts: usize,
    observed: Money,
    expected: Option<Money>,
    /// Why there is no comparison.
    why: Option<String>,
    #[serde(flatten)]
    adjusted: Option<AdjustedJson>,
    label: &'static str,
    skill: Option<SkillJson>,
    skill_note: String,
    strengths: Vec<String>,
    would_help: Vec<String>,
    above: Vec<GapJson<'a>>,
    below: Vec<GapJson<'a>>,
}

#[derive(Serialize)]
struct RatioJson {
    value: f64,
    low: f64,
    high: f64,
    level: Level,
    n: usize,
}

#[derive(Serialize)]
struct AdjustedJson {
    index: RatioJson,
    /// ln(index) and its standard error: the axes of the funnel.
    log_index: f64,
    error: f64,
    worth_accounts: f64,
    shrunken: Option<RatioJson>,
    kept: Option<f64>,
    best: Option<RatioJson>,
    funnel_place: FunnelPlace,
    funnel_text: String,
    rank: Option<RankJson>,
    top_quarter: Option<f64>,
}

#[derive(Serialize)]
struct RankJson {
    best: usize,
    median: usize,
    worst: usize,
    level: Level,
    n: usize,
}

#[derive(Serialize)]
struct SkillJson {
    #[serde(flatten)]
    effect: RatioJson,
    shrunken: Option<RatioJson>,
    set: usize,
    members: usize,
}

#[derive(Serialize)]
struct GapJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    observed: Money,
    expected: Money,
    from_own_past: bool,
}

impl From<Estimate> for RatioJson {
    fn from(estimate: Estimate) -> Self {
        let Estimate { value, interval, n } = estimate;
        Self { value, low: interval.low, high: interval.high, level: interval.level, n }
    }
}

impl From<Skill> for SkillJson {
    fn from(skill: Skill) -> Self {
        let Skill { effect, shrunken, set, members } = skill;
        Self { effect: effect.into(), shrunken: shrunken.map(RatioJson::from), set, members }
    }
}

impl<'a> From<&'a AccountGap> for GapJson<'a> {
    fn from(gap: &'a AccountGap) -> Self {
        let AccountGap { id, name, observed, expected, from_own_past } = gap;
        Self { id, name: name.as_deref(), observed: *observed, expected: *expected, from_own_past: *from_own_past }
    }
}

impl AdjustedJson {
    fn of(adjusted: &Adjusted, lang: Lang) -> Self {
        let rank = adjusted.standing.map(|one| RankJson {
            best: one.best,
            median: one.median,
            worst: one.worst,
            level: one.level,
            n: one.n,
        });
        Self {
            index: adjusted.index.into(),
            log_index: adjusted.index.value.ln(),
            error: adjusted.error,
            worth_accounts: adjusted.worth_accounts,
            shrunken: adjusted.shrunken.map(RatioJson::from),
            kept: adjusted.kept,
            best: adjusted.best.map(RatioJson::from),
            funnel_place: adjusted.place,
            funnel_text: place_text(adjusted.place).get(lang).to_owned(),
            rank,
            top_quarter: adjusted.standing.map(|one| one.top_quarter),
        }
    }
}

impl<'a> RowJson<'a> {
    fn of(manager: &'a FairManager, currency: &Currency, lang: Lang) -> Self {
        Self {
            id: &manager.id,
            name: manager.name.as_deref(),
            accounts: manager.accounts,
            observed: manager.observed,
            expected: manager.expected,
            why: manager.adjusted.as_ref().err().map(|why| why.text(lang)),
            adjusted: manager.adjusted.as_ref().ok().map(|adjusted| AdjustedJson::of(adjusted, lang)),
            label: if manager.skill.is_some() { "skill" } else { "adjusted_for_portfolio" },
            skill: manager.skill.map(SkillJson::from),
            skill_note: manager.skill_note(lang),
            strengths: manager.strengths(currency, lang),
            would_help: manager.would_help(currency, lang),
            above: manager.above.iter().map(GapJson::from).collect(),
            below: manager.below.iter().map(GapJson::from).collect(),
        }
    }
}

impl Fair {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let currency = Currency(self.currency.clone());
        let answer = FairJson {
            period: self.period.to_string(),
            summary: self.summary(lang),
            compared: self.compared,
            accounts: self.accounts,
            with_baseline: self.with_baseline,
            places: &self.places,
            funnel: self.funnel.map(|limits| FunnelJson::of(limits, &self.managers)),
            spread: self.spread,
            hand_overs: self.hand_overs,
            sets: &self.sets,
            rows: self.managers.iter().map(|manager| RowJson::of(manager, &currency, lang)).collect(),
            definitions: Self::definitions(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}
