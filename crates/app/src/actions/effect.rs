//! What an action added: as frozen when it was closed, and on today's data.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};
use takar_insight::{
    InsightError,
    effect::{AccountMonths, EffectKpi, EffectTold, LEAST_MONTHS, Outcome, Question, measure, percent},
    metrics::CellSource,
    month_name,
};
use takar_model::{Credit, Day, Lang, Month, Period};
use takar_state::{ActionPlan, ActionRow, Message, Said};
use takar_stats::effect::Method;

use super::{later_began, new::USUAL_SELECTION};
use crate::{AppError, Result, Takar};

/// How an effect is to be measured.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct EffectAsked {
    /// `synthetic_did` unless given, `synthetic_control` or `did`.
    pub method: Option<String>,
    /// Another KPI than that of the action.
    pub kpi: Option<String>,
}

/// An effect that was frozen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrozenEffect {
    /// When and by whom.
    #[serde(flatten)]
    pub said: Said,
    /// What was measured then.
    pub effect: EffectTold,
    /// What today's data say otherwise; none where nothing.
    pub differs: Option<String>,
}

/// What an action added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffectShown {
    /// The action.
    pub action: i64,
    /// What it is called.
    pub title: String,
    /// The version of the data.
    pub data_version: u64,
    /// On today's data.
    pub effect: EffectTold,
    /// As it was when it was closed.
    pub frozen: Option<FrozenEffect>,
}

impl Takar {
    /// What an action in reach added.
    ///
    /// # Errors
    /// Where there is no such action, method or KPI, or no data.
    pub fn effect(&self, id: i64, asked: &EffectAsked, lang: Lang) -> Result<EffectShown> {
        let row = self.action_row(id)?;
        let frozen = self.frozen_outcome(id)?;
        let today = self.measured(&row, asked, frozen.as_ref().map(|(outcome, _)| outcome))?;
        let source = self.lake_source(Credit::Recorded)?;
        let currencies = &source.names().currencies;
        let currency = currencies.first().filter(|_| currencies.len() == 1).cloned();
        let is_usual = asked.method.is_none() && asked.kpi.is_none();
        let frozen = frozen.map(|(outcome, said)| FrozenEffect {
            said,
            differs: differs(&outcome, &today, lang).filter(|_| is_usual),
            effect: outcome.told(currency.clone(), lang),
        });
        Ok(EffectShown {
            action: id,
            title: row.plan.title,
            data_version: source.data_version(),
            effect: today.told(currency, lang),
            frozen,
        })
    }

    /// What was measured when the action was closed.
    pub(super) fn frozen_outcome(&self, id: i64) -> Result<Option<(Outcome, Said)>> {
        let Some(row) = self.state.action_result(id)? else { return Ok(None) };
        let outcome = serde_json::from_str(&row.result)
            .map_err(|error| AppError::Told(Message { id: error.to_string(), en: error.to_string() }))?;
        Ok(Some((outcome, row.said)))
    }

    /// Measures an action on the data as they are, up to where it was measured when it was closed. What they do not let be measured today (a
    /// currency without a rate, costs that were undone) is told as that.
    pub(super) fn measured(&self, row: &ActionRow, asked: &EffectAsked, frozen: Option<&Outcome>) -> Result<Outcome> {
        let plan = &row.plan;
        let kpi: EffectKpi = asked.kpi.as_deref().filter(|kpi| !kpi.is_empty()).unwrap_or(&plan.kpi).parse()?;
        let method = match asked.method.as_deref().filter(|method| !method.is_empty()) {
            None => Method::SyntheticDid,
            Some(name) => method_of(name)?,
        };
        let is_begun =
            row.state != "planned" && self.state.action_history(row.id)?.iter().any(|one| one.what == "started");
        let begun = plan.starts.as_deref().filter(|_| is_begun);
        let Some(start) = begun.and_then(day_of) else {
            return Ok(Outcome::NotMeasurable {
                id: "tindakan ini belum dimulai; dapat diukur setelah tiga bulan lengkap sejak mulai".to_owned(),
                en: "this action has not begun; it can be measured three complete months after it does".to_owned(),
            });
        };
        let accounts = self.accounts_of(row.id)?;
        let by_lot = plan.design == "lot";
        let of_part = |part: &'static str| accounts.iter().filter(move |one| one.part == part);
        let treated = of_part("now")
            .map(|one| (one.account.clone(), whole_month(one.starts.as_deref().and_then(day_of).unwrap_or(start))))
            .collect();
        let from = whole_month(start);
        // A month that the action began in the middle of says neither what was before nor what came of it.
        let half = (start.month() < from).then(|| start.month());
        let picked = selection_that_counts(plan).filter(|_| !by_lot).map(|period| period.from().month());
        // Those who waited are no comparison any more.
        let later = by_lot.then(|| later_began(&accounts)).flatten().and_then(|day| day_of(&day));
        let until = last_planned(plan.due.as_deref(), plan.ends.as_deref());
        let waited_until = later.map(|day| day.month().plus(-1));
        let frozen_until = frozen.and_then(measured_until);
        // Who had another action by the last month that counts shows what that one did.
        let least = from.plus(LEAST_MONTHS - 1);
        let ends = [until.map(|until| until.max(least)), waited_until, frozen_until].into_iter().flatten().min();
        let others = self.begun_elsewhere(row.id)?;
        let is_clean =
            |account: &String| others.get(account).is_none_or(|begun| ends.is_some_and(|ends| ends < *begun));
        let controls = of_part(if by_lot { "later" } else { "control" }).map(|one| one.account.clone());
        let controls = controls.filter(is_clean).collect();
        let source = self.lake_source(Credit::Recorded)?;
        let months = match AccountMonths::of(source.as_ref(), kpi) {
            Ok(months) => months,
            Err(error @ (InsightError::NoData | InsightError::SeveralCurrencies | InsightError::OwnKpi { .. })) => {
                return Ok(Outcome::NotMeasurable { id: error.message(Lang::Id), en: error.message(Lang::En) });
            }
            Err(error) => return Err(error.into()),
        };
        let question = Question {
            method,
            treated,
            controls,
            by_lot,
            picked_in: picked.map(|picked| (picked, half.unwrap_or(from).plus(-1))),
            left_out_from: half.into_iter().chain(picked).min(),
            until,
            waited_until,
            frozen_until,
            expected: plan.expected,
            seed: plan.seed.unsigned_abs(),
        };
        Ok(measure(&months, &source.names().account, &question)?)
    }

    /// Accounts that another action was begun with, and the first month of it.
    fn begun_elsewhere(&self, id: i64) -> Result<BTreeMap<String, Month>> {
        let mut found = BTreeMap::new();
        let mut begun = self.state.begun_with()?;
        self.lake.count_accounts(begun.iter_mut().map(|(_, account, _)| account))?;
        for (action, account, starts) in begun {
            let Some(begun) = starts.as_deref().and_then(day_of).filter(|_| action != id) else { continue };
            let first = found.entry(account).or_insert_with(|| begun.month());
            *first = begun.month().min(*first);
        }
        Ok(found)
    }
}

fn method_of(name: &str) -> Result<Method> {
    let known = [
        ("synthetic_did", Method::SyntheticDid),
        ("synthetic_control", Method::SyntheticControl),
        ("did", Method::Did),
    ];
    known.into_iter().find(|(known, _)| *known == name).map(|(_, method)| method).ok_or_else(|| {
        AppError::Told(Message {
            id: format!("metode \"{name}\" tidak dikenal: synthetic_did, synthetic_control atau did"),
            en: format!("there is no method \"{name}\": synthetic_did, synthetic_control or did"),
        })
    })
}

pub(super) fn day_of(text: &str) -> Option<Day> {
    Period::from_str(text).ok().map(Period::from)
}

/// The last month that is planned to count: that by which it is to show, or in which it ends, whichever is later.
pub(super) fn last_planned(due: Option<&str>, ends: Option<&str>) -> Option<Month> {
    let due = due.and_then(|due| due.parse::<Period>().ok()).map(|due| due.to().month());
    due.max(ends.and_then(day_of).map(Day::month))
}

/// Refuses an action that is to show before its first whole month: what would be measured then has nothing of it.
pub(super) fn check_last_planned(last: Option<Month>, start: Option<Day>) -> Result<()> {
    let Some((last, start)) = last.zip(start) else { return Ok(()) };
    let first = whole_month(start);
    if last >= first {
        return Ok(());
    }
    let enough = first.plus(LEAST_MONTHS - 1);
    let name = |lang| month_name(first, lang);
    Err(AppError::Told(Message {
        id: format!(
            "tindakan yang mulai {start} baru berjalan sebulan penuh pada {}, jadi tidak dapat diukur sampai {last}: beri batas {enough} atau sesudahnya",
            name(Lang::Id)
        ),
        en: format!(
            "an action that begins on {start} has its first whole month in {}, so by {last} it cannot be measured: let it be due in {enough} or later",
            name(Lang::En)
        ),
    }))
}

/// The months that decided which accounts were picked. What was noted only after it had begun was picked by what came before it, in
/// months that nobody named.
pub(super) fn selection_that_counts(plan: &ActionPlan) -> Option<Period> {
    let told = plan.selection.as_deref()?.parse::<Period>().ok()?;
    let Some(start) = plan.starts.as_deref().and_then(day_of) else { return Some(told) };
    let from = whole_month(start);
    if told.from().month() < from {
        return Some(told);
    }
    Period::months(from.plus(-USUAL_SELECTION), start.month().plus(-1))
}

/// The first month that is wholly with the action.
pub(super) fn whole_month(day: Day) -> Month {
    if day == day.month().first_day() { day.month() } else { day.month().plus(1) }
}

fn measured_until(outcome: &Outcome) -> Option<Month> {
    match outcome {
        Outcome::Measured(found) => Some(found.after.parse::<Period>().ok()?.to().month()),
        _ => None,
    }
}

/// What today's data say otherwise.
fn differs(then: &Outcome, now: &Outcome, lang: Lang) -> Option<String> {
    let (Outcome::Measured(then), Outcome::Measured(now)) = (then, now) else { return None };
    let is_same = then.verdict == now.verdict && (then.effect.value - now.effect.value).abs() < 1e-6;
    if is_same {
        return None;
    }
    let label = |verdict| takar_insight::effect::verdict_label(verdict).get(lang);
    let (value, low, high) = (now.effect.value, now.effect.interval.low, now.effect.interval.high);
    let (value, low, high) = (percent(value, lang), percent(low, lang), percent(high, lang));
    Some(match lang {
        Lang::Id => format!("Dengan data hari ini: {value} ({low} sampai {high}), {}.", label(now.verdict)),
        Lang::En => format!("On today's data: {value} ({low} to {high}), {}.", label(now.verdict)),
    })
}
