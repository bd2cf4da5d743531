//! Evaluations and overviews as the HTTP interface gives them: exact numbers, `null` where missing.

use serde::Serialize;
use takar_model::{Credit, Lang, Month, Period};

use super::{
    Evaluation, ManagerEvaluation, MonthToDate, Movers, Overview, Scorecard, TrendMonth, figures::FigureJson,
    limits::limits, overview::Member,
};
use crate::{
    InsightError,
    metrics::{Kpi, Value},
};

#[derive(Serialize)]
struct EvaluationJson<'a> {
    period: Period,
    base: Option<Period>,
    year_base: Option<Period>,
    data_version: u64,
    credit: Credit,
    currency: &'a Option<String>,
    total: TotalJson,
    months: &'a [TrendMonth],
    month_to_date: &'a Option<MonthToDate>,
    managers: Vec<ManagerJson<'a>>,
    supervisors: Vec<MemberJson<'a>>,
    branches: Vec<MemberJson<'a>>,
    summary: String,
    /// What the figures cannot say.
    limits: Vec<&'static str>,
}

/// One manager alone.
#[derive(Serialize)]
struct OneJson<'a> {
    period: Period,
    base: Option<Period>,
    year_base: Option<Period>,
    data_version: u64,
    credit: Credit,
    currency: &'a Option<String>,
    manager: ManagerJson<'a>,
}

#[derive(Serialize)]
struct TotalJson {
    figures: Vec<FigureJson>,
}

#[derive(Serialize)]
struct ManagerJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    supervisor: Option<&'a str>,
    branch: Option<&'a str>,
    figures: Vec<FigureJson>,
    movers: MoversJson<'a>,
    strengths: Vec<String>,
    gaps: Vec<String>,
    months: &'a [TrendMonth],
    presence: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct MoversJson<'a> {
    prior: Option<&'a Movers>,
    year: Option<&'a Movers>,
}

#[derive(Serialize)]
struct MemberJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    supervisor: Option<&'a str>,
    branch: Option<&'a str>,
    managers: usize,
    net_sales: Value,
    growth_prior: Value,
    growth_year: Value,
    target: Value,
    attainment: Value,
    share: Value,
}

#[derive(Serialize)]
struct OverviewJson<'a> {
    period: Period,
    base: Option<Period>,
    year_base: Option<Period>,
    data_version: u64,
    credit: Credit,
    currency: &'a Option<String>,
    kpis: Vec<FigureJson>,
    months: &'a [TrendMonth],
    month_to_date: &'a Option<MonthToDate>,
    managers: Vec<MemberJson<'a>>,
    supervisors: Vec<MemberJson<'a>>,
    branches: Vec<MemberJson<'a>>,
    movers: &'a Movers,
    summary: String,
    default_period: Period,
    periods: &'a [Month],
}

impl<'a> MemberJson<'a> {
    fn new(card: &'a Scorecard) -> Self {
        let net = card.net_sales();
        let key = card.key.as_ref();
        Self {
            id: key.and_then(|key| key.id.as_deref()),
            // A branch has no name beside its id, but people want to read something.
            name: key.and_then(|key| key.name.as_deref().or(key.id.as_deref())),
            supervisor: None,
            branch: None,
            managers: 1,
            net_sales: net.value,
            growth_prior: net.growth_prior(),
            growth_year: net.growth_year(),
            target: net.target,
            attainment: net.attainment,
            share: card.figure(Kpi::Share).value,
        }
    }

    fn of(member: &'a Member) -> Self {
        Self {
            supervisor: member.supervisor.as_deref(),
            branch: member.branch.as_deref(),
            managers: member.managers,
            ..Self::new(&member.card)
        }
    }
}

fn figures(card: &Scorecard, lang: Lang) -> Vec<FigureJson> {
    card.figures.iter().map(|figure| figure.json(lang)).collect()
}

fn written(value: &impl Serialize) -> Result<String, InsightError> {
    serde_json::to_string(value).map_err(|error| InsightError::Unwritable(error.to_string()))
}

impl Evaluation {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let managers = self.managers.iter().map(|manager| self.manager_json(manager, lang));
        written(&EvaluationJson {
            period: self.period,
            base: self.base,
            year_base: self.year_base,
            data_version: self.basis.data_version,
            credit: self.basis.credit,
            currency: &self.currency,
            total: TotalJson { figures: figures(&self.total, lang) },
            months: &self.months,
            month_to_date: &self.month_to_date,
            managers: managers.collect(),
            supervisors: self.supervisors.iter().map(roll_up).collect(),
            branches: self.branches.iter().map(roll_up).collect(),
            summary: self.summary(lang),
            limits: limits(lang),
        })
    }

    /// What is said of one manager, for that manager: without what is said of the company and what would tell a colleague's figure;
    /// nothing of a manager who is not in it.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn json_of(&self, manager: &str, lang: Lang) -> Result<Option<String>, InsightError> {
        let found = self.managers.iter().find(|one| one.key.id.as_deref() == Some(manager));
        let own = found.map(|one| ManagerEvaluation { card: one.card.clone().without_few_peers(), ..one.clone() });
        let written = |one| {
            written(&OneJson {
                period: self.period,
                base: self.base,
                year_base: self.year_base,
                data_version: self.basis.data_version,
                credit: self.basis.credit,
                currency: &self.currency,
                manager: self.manager_json(one, lang),
            })
        };
        own.as_ref().map(written).transpose()
    }

    fn manager_json<'a>(&self, manager: &'a ManagerEvaluation, lang: Lang) -> ManagerJson<'a> {
        let (strengths, gaps) = self.remarks(manager, lang);
        ManagerJson {
            id: manager.key.id.as_deref(),
            name: manager.key.name.as_deref(),
            supervisor: manager.supervisor.as_deref(),
            branch: manager.branch.as_deref(),
            figures: figures(&manager.card, lang),
            movers: MoversJson { prior: manager.movers_prior.as_ref(), year: manager.movers_year.as_ref() },
            strengths,
            gaps,
            months: &manager.months,
            presence: manager.presence.as_ref().map(|presence| {
                let mut told = presence.to_json(lang);
                let (target, attained) = manager.target_for_days_present().unzip();
                told["target"] = serde_json::json!(target.map(Value::Money));
                told["attainment"] = serde_json::json!(attained);
                told["text"] = serde_json::json!(manager.presence_text(&self.money(), lang));
                told
            }),
        }
    }
}

fn roll_up(unit: &super::RollUp) -> MemberJson<'_> {
    MemberJson { managers: unit.managers, ..MemberJson::new(&unit.card) }
}

impl Overview {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        written(&OverviewJson {
            period: self.period,
            base: self.base,
            year_base: self.year_base,
            data_version: self.basis.data_version,
            credit: self.basis.credit,
            currency: &self.currency,
            kpis: figures(&self.total, lang),
            months: &self.months,
            month_to_date: &self.month_to_date,
            managers: self.managers.iter().map(MemberJson::of).collect(),
            supervisors: self.supervisors.iter().map(MemberJson::of).collect(),
            branches: self.branches.iter().map(MemberJson::of).collect(),
            movers: &self.movers,
            summary: self.summary(lang),
            default_period: self.default_period,
            periods: &self.periods,
        })
    }
}
