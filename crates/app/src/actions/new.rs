//! A new action: what is asked, whom it is compared with, what could be seen.

use serde::{Deserialize, Serialize};
use takar_insight::{
    actions::{ActionKind, Design, Origin, PlanAsked, Planned, TEMPLATES, plan},
    effect::{AccountMonths, EffectKpi, LEAST_MONTHS},
    learning::record_words,
    metrics::{CellSource, known_manager},
};
use takar_model::{Credit, Lang, Money, Month, Period, Right};
use takar_state::{ActionAccount, ActionEvent, ActionPlan, Message};

use super::{ActionShown, effect};
use crate::{
    Actor, AppError, Result, StepAsked, Takar,
    cycles::{asked, day, needed, text},
};

/// Months that decided who was picked, where nobody says so.
pub(super) const USUAL_SELECTION: i32 = 3;
/// Months that an action is watched, where nobody says by when it is to show.
const USUAL_AFTER: i32 = 6;
/// The most accounts of one action.
const MOST_ACCOUNTS: usize = 2_000;

/// An action that is wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewAction {
    /// What it is called.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// The account manager who has it; oneself unless given.
    pub owner: Option<String>,
    /// The accounts.
    pub accounts: Vec<String>,
    /// The KPI; net_sales unless given.
    pub kpi: Option<String>,
    /// The expected effect in per cent of the KPI, above 0.
    pub expected: Option<f64>,
    /// Why it should work.
    pub hypothesis: String,
    /// The month or day by which it is to show.
    pub due: Option<String>,
    /// The day it is to begin.
    pub starts: Option<String>,
    /// The day it ends.
    pub ends: Option<String>,
    /// The months that decided which accounts were picked; the last three complete ones before it begins unless given.
    pub selection: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// What is to be done.
    pub steps: Vec<String>,
    /// A template for what is left open.
    pub template: Option<String>,
    /// What it comes from.
    pub origin: Option<String>,
    /// Its key there.
    pub origin_key: String,
    /// A lot decides which half comes first; the others wait and are compared with.
    pub by_lot: bool,
    /// The seed of the lot; the same accounts have the same unless given.
    pub seed: Option<u32>,
    /// Who plans it, where the home has no users.
    pub by: Option<String>,
}

/// What an action that is wanted would be compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedAction {
    /// `lot` or `matched`.
    pub design: Design,
    /// Accounts that come first.
    pub now: Vec<String>,
    /// Accounts that wait.
    pub later: Vec<String>,
    /// How many it is compared with.
    pub controls: usize,
    /// The months left out.
    pub selection: Option<String>,
    /// The seed of the lot.
    pub seed: i64,
    /// The smallest effect that can be seen, as a share.
    pub detectable: Option<f64>,
    /// In words.
    pub words: Vec<String>,
    /// What actions of this kind came to so far.
    pub record: Option<String>,
}

/// What the form of a new action offers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionForm {
    /// Kinds, with what such actions came to so far.
    pub kinds: Vec<Offered>,
    /// KPIs that can be measured.
    pub kpis: Vec<Offered>,
    /// Templates.
    pub templates: Vec<OfferedTemplate>,
    /// Who owns it where nothing else is said.
    pub owner: Option<String>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// Its word.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What such came to so far.
    pub record: Option<String>,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferedTemplate {
    /// Its word.
    pub id: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The title.
    pub title: &'static str,
    /// The hypothesis.
    pub hypothesis: &'static str,
    /// The steps.
    pub steps: Vec<&'static str>,
}

impl Takar {
    /// What the form of a new action offers.
    pub fn action_form(&self, lang: Lang) -> Result<ActionForm> {
        let records = self.quoted_records()?;
        let kind = |kind: &ActionKind| Offered {
            id: kind.name(),
            label: kind.label().get(lang),
            record: records.action(*kind).map(|record| record_words(record, lang)),
        };
        let kpi = |kpi: EffectKpi| Offered { id: kpi.id(), label: kpi.label().get(lang), record: None };
        let template = |one: &takar_insight::actions::Template| OfferedTemplate {
            id: one.id,
            kind: one.kind.name(),
            title: one.title.get(lang),
            hypothesis: one.hypothesis.get(lang),
            steps: one.steps.iter().map(|step| step.get(lang)).collect(),
        };
        Ok(ActionForm {
            kinds: ActionKind::ALL.iter().map(kind).collect(),
            kpis: EffectKpi::ALL.into_iter().map(kpi).collect(),
            templates: TEMPLATES.iter().map(template).collect(),
            owner: self.acting_manager(),
        })
    }

    /// What an action would be compared with, and what could be seen; nothing is kept.
    ///
    /// # Errors
    /// As [`Takar::add_action`].
    pub fn plan_action(&self, wanted: &NewAction, lang: Lang) -> Result<PlannedAction> {
        self.may(Right::Answer)?;
        let (plan, planned, _) = self.planned(wanted, lang)?;
        let kind: ActionKind = plan.kind.parse()?;
        let record = self.quoted_records()?.action(kind).map(|record| record_words(record, lang));
        Ok(PlannedAction {
            design: planned.design,
            words: planned.words(lang),
            detectable: planned.seen.as_ref().map(|seen| seen.detectable),
            now: planned.now,
            later: planned.later,
            controls: planned.controls.len(),
            selection: plan.selection,
            seed: plan.seed,
            record,
        })
    }

    /// Keeps a planned action; its comparison is decided here, before anything is done.
    ///
    /// # Errors
    /// For an owner or accounts out of reach, accounts in another action, and what cannot be read.
    pub fn add_action(&self, wanted: &NewAction, lang: Lang) -> Result<ActionShown> {
        self.may(Right::Answer)?;
        let _lock = self.lock_evaluations()?;
        let (plan, planned, steps) = self.planned(wanted, lang)?;
        let part = |part: &'static str| {
            move |account: &String| ActionAccount { account: account.clone(), part: part.to_owned(), starts: None }
        };
        let accounts: Vec<ActionAccount> = planned
            .now
            .iter()
            .map(part("now"))
            .chain(planned.later.iter().map(part("later")))
            .chain(planned.controls.iter().map(part("control")))
            .collect();
        let event = ActionEvent {
            what: "planned".to_owned(),
            day: self.today().to_string(),
            text: planned.words(Lang::En).join(" "),
            text_id: Some(planned.words(Lang::Id).join(" ")),
            said: self.said(wanted.by.as_deref()),
        };
        let id = self.state.add_action(&plan, &accounts, &steps, &event)?;
        self.note_decision(
            "plan action",
            &Message::new(format!("tindakan {id}: {}", plan.title), format!("action {id}: {}", plan.title)),
            &[&plan.owner],
        )?;
        if let (Ok(Origin::Alert), Ok(alert)) = (plan.origin.parse(), plan.origin_key.parse()) {
            // An alert that is over or out of sight stays as it is; the action is planned all the same.
            let of_action = StepAsked { action: Some(id.to_string()), ..StepAsked::default() };
            let _ = self.step_alert(alert, "action", &of_action, lang);
        }
        self.action(id, lang)
    }

    /// The manager that the one who acts is.
    fn acting_manager(&self) -> Option<String> {
        match self.actor() {
            Actor::Person(person) => person.manager.as_ref().map(|manager| manager.0.clone()),
            Actor::Keeper => None,
        }
    }

    /// What is asked, checked, with its comparison and its steps.
    fn planned(&self, wanted: &NewAction, lang: Lang) -> Result<(ActionPlan, Planned, Vec<String>)> {
        let template = match wanted.template.as_deref().filter(|id| !id.is_empty()) {
            None => None,
            Some(id) => Some(TEMPLATES.iter().find(|one| one.id == id).ok_or_else(|| {
                let known = TEMPLATES.iter().map(|one| one.id).collect::<Vec<_>>().join(", ");
                told(
                    format!("tidak ada templat \"{id}\": pilih {known}"),
                    format!("there is no template \"{id}\": choose from {known}"),
                )
            })?),
        };
        let or = |given: &str, usual: Option<&'static str>| {
            if given.trim().is_empty() { usual.unwrap_or_default().to_owned() } else { given.to_owned() }
        };
        let title = needed(
            &or(&wanted.title, template.map(|one| one.title.get(lang))),
            takar_model::Text::new("tindakan perlu nama", "an action needs a title"),
        )?;
        let kind: ActionKind = or(&wanted.kind, template.map(|one| one.kind.name())).parse()?;
        let owner = wanted.owner.clone().filter(|owner| !owner.is_empty()).or_else(|| self.acting_manager());
        let owner = owner
            .ok_or_else(|| asked("sebutkan manajer akun yang menjalankannya", "name the account manager who has it"))?;
        known_manager(self.source(Credit::Recorded)?.as_ref(), &owner)?;
        let kpi: EffectKpi = wanted.kpi.as_deref().filter(|kpi| !kpi.is_empty()).unwrap_or("net_sales").parse()?;
        let expected = wanted.expected.unwrap_or(0.0);
        if !(expected > 0.0 && expected <= 1_000.0) {
            return Err(asked(
                "sebutkan efek yang diharapkan dalam persen, di atas 0 dan paling banyak 1000",
                "say which effect is expected in per cent, above 0 and at most 1000",
            ));
        }
        if wanted.accounts.len() > MOST_ACCOUNTS {
            return Err(asked("paling banyak 2.000 akun satu tindakan", "one action has at most 2,000 accounts"));
        }
        if let Some(reach) = self.reach() {
            let within = self.accounts_within(reach)?;
            if let Some(other) = wanted.accounts.iter().find(|account| !within.contains(*account)) {
                return Err(told(
                    format!("tidak ada akun dengan kode \"{other}\""),
                    format!("there is no account with the id \"{other}\""),
                ));
            }
        }
        let starts = day_of(wanted.starts.as_deref())?;
        let ends = day_of(wanted.ends.as_deref())?;
        let due = month_of(wanted.due.as_deref())?;
        let begins = starts.as_deref().and_then(effect::day_of);
        let due = due.map(|month| month.to_string());
        let last_planned = effect::last_planned(due.as_deref(), ends.as_deref());
        effect::check_last_planned(last_planned, begins)?;
        let cost = money_of(wanted.cost.as_deref())?;
        let origin: Origin =
            wanted.origin.as_deref().filter(|origin| !origin.is_empty()).unwrap_or(Origin::None.name()).parse()?;

        let source = self.lake_source(Credit::Recorded)?;
        let months = AccountMonths::of(source.as_ref(), kpi)?;
        let last = months.last();
        // What is noted after it began was picked before it did.
        let picked_until = begins.map_or(last, |day| last.min(day.month().plus(-1)));
        let selection = match (wanted.selection.as_deref().filter(|text| !text.trim().is_empty()), wanted.by_lot) {
            (Some(given), _) => Some(given.trim().parse::<Period>()?),
            (None, true) => None,
            (None, false) => Period::months(picked_until.plus(1 - USUAL_SELECTION), picked_until),
        };
        let since = |period: Period| (picked_until.index() - period.from().month().index() + 1).clamp(0, 36);
        let picked = selection.map_or(0, since);
        let first_month = begins.map_or(last.plus(1), effect::whole_month);
        let after = last_planned.map_or(USUAL_AFTER, |until| until.index() - first_month.index() + 1);
        let seed = wanted.seed.map_or_else(|| seed_of(&wanted.accounts), i64::from);
        let mut taken: Vec<String> =
            self.state.accounts_in_actions()?.into_iter().map(|(_, account)| account).collect();
        self.lake.count_accounts(taken.iter_mut())?;
        let taken: std::collections::BTreeSet<String> = taken.into_iter().collect();
        let planned = plan(
            &months,
            &source.names().account,
            &PlanAsked {
                accounts: &wanted.accounts,
                is_taken: &|account| taken.contains(account),
                by_lot: wanted.by_lot,
                selection: if wanted.by_lot { 0 } else { picked },
                after: after.clamp(LEAST_MONTHS, 12),
                expected: expected / 100.0,
                seed: seed.unsigned_abs(),
            },
        )?;
        let steps = if wanted.steps.iter().all(|step| step.trim().is_empty()) {
            template.map_or_else(Vec::new, |one| one.steps.iter().map(|step| step.get(lang).to_owned()).collect())
        } else {
            wanted.steps.clone()
        };
        let steps: Vec<String> =
            steps.iter().filter(|step| !step.trim().is_empty()).map(|step| text(step)).collect::<Result<_>>()?;
        let power = planned.seen.as_ref().and_then(|seen| serde_json::to_string(seen).ok());
        let made = ActionPlan {
            title: title.chars().take(200).collect(),
            kind: kind.name().to_owned(),
            owner,
            kpi: kpi.id().to_owned(),
            expected: expected / 100.0,
            hypothesis: text(&or(&wanted.hypothesis, template.map(|one| one.hypothesis.get(lang))))?,
            due,
            starts,
            ends,
            selection: selection.map(|period| period.to_string()),
            cost,
            template: template.map(|one| one.id.to_owned()),
            origin: origin.name().to_owned(),
            origin_key: text(&wanted.origin_key)?,
            design: planned.design.name().to_owned(),
            seed,
            power,
        };
        Ok((made, planned, steps))
    }
}

/// The same accounts have the same seed: nobody draws again until the lot pleases.
fn seed_of(accounts: &[String]) -> i64 {
    let mut sorted: Vec<&str> = accounts.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    i64::from(xxhash_rust::xxh3::xxh3_64(sorted.join("\n").as_bytes()) as u32)
}

fn told(id: String, en: String) -> AppError {
    AppError::Told(Message { id, en })
}

pub(super) fn day_of(given: Option<&str>) -> Result<Option<String>> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    given.map(|text| Ok(day(text)?.to_string())).transpose()
}

/// The month of a month or a day as it is written.
pub(super) fn month_of(given: Option<&str>) -> Result<Option<Month>> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    given.map(|text| Ok(text.parse::<Period>()?.to().month())).transpose()
}

pub(super) fn money_of(given: Option<&str>) -> Result<Option<String>> {
    let Some(given) = given.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || {
        told(
            format!("biaya \"{given}\" bukan angka: tulis seperti 2500000 atau 2500000.50"),
            format!("the cost \"{given}\" is no number: write it as 2500000 or 2500000.50"),
        )
    };
    let cost: Money = given.parse().map_err(|_| wrong())?;
    if cost.is_negative() { Err(wrong()) } else { Ok(Some(cost.to_string())) }
}
