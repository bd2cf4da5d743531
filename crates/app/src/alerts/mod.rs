//! Alerts: rules that watch KPIs, what they raised, and what became of that.
//!
//! `check.rs` looks at the rules, `digest.rs` writes to people. Rules look at everybody's figures; who sees the figures of a member sees its alerts.

mod check;
mod digest;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use takar_insight::{
    alerts::{Finding, Rule, Scope, Watched, watched, words},
    analysis::account_owners,
    effect::EffectKpi,
    metrics::CellSource,
};
use takar_model::{Credit, Day, Lang, Period, Right, Text};
use takar_state::{AlertRow, AlertRuleRow, AlertState, AlertStep, Message};

pub(crate) use self::digest::DIGEST;
pub use self::{check::Checked, digest::Digested};
use crate::{AppError, Result, Takar};

/// The most letters of a note.
const LONGEST: usize = 1_000;
/// Months that a trial looks back.
const TRIED: usize = 12;
/// Months of figures that a picture shows.
const SHOWN: usize = 24;

/// A rule for people.
#[derive(Debug, Clone, Serialize)]
pub struct RuleTold {
    /// As kept.
    #[serde(flatten)]
    pub row: AlertRuleRow,
    /// What it says.
    pub rule: Rule,
    /// The same in a sentence.
    pub sentence: String,
    /// Why it could not be looked at.
    pub error: Option<String>,
    /// Situations of it that last.
    pub lasting: usize,
}

/// What is kept of a situation beside its row.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    kpi: String,
    name: Option<String>,
    /// The manager who would do something about it.
    #[serde(default)]
    owner: Option<String>,
    month: String,
    value: f64,
    expected: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
    a_year: f64,
    watched: usize,
    title: Words,
    why: Words,
    rule: Words,
    data: u64,
    /// Where the figures behind it are seen.
    figures: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Words {
    id: String,
    en: String,
}

impl Words {
    fn of(make: impl Fn(Lang) -> String) -> Self {
        Self { id: make(Lang::Id), en: make(Lang::En) }
    }

    fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// An alert for people.
#[derive(Debug, Clone, Serialize)]
pub struct AlertTold {
    /// As kept.
    #[serde(flatten)]
    pub row: AlertRow,
    /// What happened, in one line.
    pub title: String,
    /// Why it is told.
    pub why: String,
    /// The rule in a sentence.
    pub sentence: String,
    /// The KPI's id.
    pub kpi: String,
    /// What it is measured in.
    pub unit: String,
    /// The member's name.
    pub name: Option<String>,
    /// The month that is told.
    pub month: String,
    /// The figure.
    pub value: f64,
    /// What was expected.
    pub expected: f64,
    /// Below it is told.
    pub low: Option<f64>,
    /// Above it is told.
    pub high: Option<f64>,
    /// False alarms allowed a year by the rule, over all that it watches.
    pub a_year: f64,
    /// How many it watches.
    pub watched: usize,
    /// The version of the data that it was told from.
    pub data_version: u64,
    /// The page with the figures behind it.
    pub figures: String,
    /// The page that makes an action of it.
    pub to_action: String,
    /// What was done about it, oldest first; only where one alert is asked for.
    pub steps: Vec<AlertStep>,
}

/// Which alerts.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AlertsAsked {
    /// In this state only; those that are not over unless given; `all` for all.
    pub state: Option<String>,
    /// Of this member only.
    pub member: Option<String>,
    /// Raised by this rule only.
    pub rule: Option<i64>,
}

/// What is to be done about an alert.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepAsked {
    /// Why, or what about.
    #[serde(default)]
    pub note: Option<String>,
    /// To rest until this day.
    #[serde(default)]
    pub until: Option<String>,
    /// The action that came of it.
    #[serde(default)]
    pub action: Option<String>,
    /// Who does it, where the home has no users.
    #[serde(default)]
    pub by: Option<String>,
}

/// A rule tried on the past.
#[derive(Debug)]
pub struct RuleTrial {
    /// The rule in a sentence.
    pub sentence: String,
    /// What it would have raised in the last twelve months.
    pub past: Vec<(Finding, String)>,
    /// What came of watching.
    pub watched: Watched,
}

impl RuleTrial {
    /// As JSON for a reader of `lang`: `{"sentence", "watched", "months_missing", "last", "past": […], "series": […]}`; the series of
    /// those that would have been told, of one where there are none.
    pub fn to_json(&self, lang: Lang) -> Json {
        let watched = &self.watched;
        let past: Vec<Json> = self
            .past
            .iter()
            .map(|(found, why)| {
                let mut told = serde_json::to_value(found).unwrap_or_default();
                told["title"] = words::title(watched, found, lang).into();
                told["why"] = why.clone().into();
                told
            })
            .collect();
        let told: BTreeSet<&Option<String>> = self.past.iter().map(|(found, _)| &found.member).collect();
        let mut shown: Vec<_> = watched.members.iter().filter(|member| told.contains(&member.id)).collect();
        if shown.is_empty() {
            shown.extend(watched.members.first());
        }
        let series: Vec<Json> = shown
            .into_iter()
            .take(12)
            .map(|member| {
                let first = member.points.len().saturating_sub(SHOWN);
                let point = |place: usize| {
                    let point = member.points[place];
                    serde_json::json!({
                        "month": Period::month(watched.month_at(member, place)).to_string(),
                        "value": member.values.get(place).copied().flatten(),
                        "expected": point.map(|point| point.expected),
                        "low": point.and_then(|point| point.low),
                        "high": point.and_then(|point| point.high),
                        "told": point.is_some_and(|point| point.is_beyond),
                    })
                };
                serde_json::json!({
                    "id": member.id,
                    "name": member.name,
                    "points": (first..member.points.len()).map(point).collect::<Vec<_>>(),
                })
            })
            .collect();
        serde_json::json!({
            "sentence": self.sentence,
            "rule": watched.rule,
            "unit": watched.unit,
            "watched": watched.members.len(),
            "months_missing": watched.months_missing(),
            "last": Period::month(watched.last).to_string(),
            "past": past,
            "series": series,
        })
    }
}

impl Takar {
    /// The rules that hold.
    pub fn alert_rules(&self, lang: Lang) -> Result<Vec<RuleTold>> {
        self.may_see_everybody()?;
        let lasting = self.state.alerts()?;
        let told = |row: AlertRuleRow| -> Option<RuleTold> {
            let rule: Rule = serde_json::from_str(&row.rule).ok()?;
            let error = row.error.as_ref().map(|error| error.get(lang).to_owned());
            let lasting = lasting.iter().filter(|alert| alert.rule == row.id && alert.lasts).count();
            Some(RuleTold { sentence: self.sentence(&rule, lang), rule, error, lasting, row })
        };
        Ok(self.state.alert_rules(false)?.into_iter().filter_map(told).collect())
    }

    /// Keeps a rule that can be looked at; its number.
    ///
    /// # Errors
    /// Where the role does not let one; where the KPI is not known, or the rule cannot be.
    pub fn add_alert_rule(&self, rule: &Rule, by: Option<&str>) -> Result<i64> {
        self.may(Right::Define)?;
        match self.watch(rule) {
            // Before there are data a rule can be written down all the same.
            Ok(_)
            | Err(AppError::Insight(takar_insight::InsightError::NoData | takar_insight::InsightError::Stats(_))) => {}
            Err(error) => return Err(error),
        }
        let json = serde_json::to_string(rule).unwrap_or_default();
        let id = self.state.add_alert_rule(&json, &self.by(by), &self.now())?;
        let about: Vec<&str> = rule.member.as_deref().filter(|_| rule.by == Scope::Manager).into_iter().collect();
        let told = |lang| format!("{id}: {}", self.sentence(rule, lang));
        let detail = Message::new(told(Lang::Id), told(Lang::En));
        self.note_decision("add alert rule", &detail, &about)?;
        Ok(id)
    }

    /// Takes a rule away; what it raised is closed with it.
    pub fn remove_alert_rule(&self, id: i64, by: Option<&str>) -> Result<()> {
        self.may(Right::Define)?;
        if !self.state.remove_alert_rule(id, &self.by(by), &self.now(), "rule removed")? {
            return Err(no_such_rule());
        }
        self.note_decision("remove alert rule", &Message::same(id.to_string()), &[])
    }

    /// Tries a rule on the past, of what the one who acts sees. Nothing is kept.
    pub fn try_alert_rule(&self, rule: &Rule, lang: Lang) -> Result<RuleTrial> {
        let watched = self.watch(rule)?;
        let past = watched.past(TRIED).into_iter();
        let past = past.map(|found| (found.clone(), words::why(&watched, &found, lang))).collect();
        Ok(RuleTrial { sentence: self.sentence(rule, lang), past, watched })
    }

    /// Alerts in sight, newest first; those that are not over unless asked otherwise.
    pub fn alerts(&self, asked: &AlertsAsked, lang: Lang) -> Result<Vec<AlertTold>> {
        let state = asked.state.as_deref().filter(|state| !state.is_empty());
        let wanted = match state {
            None | Some("all") => None,
            Some(name) => Some(AlertState::of(name).ok_or_else(|| {
                let all = AlertState::ALL.map(AlertState::name).join(", ");
                AppError::Told(Message {
                    id: format!("tidak ada keadaan \"{name}\": all, {all}"),
                    en: format!("there is no state \"{name}\": all, {all}"),
                })
            })?),
        };
        let seen = self.sight()?;
        let is_asked = |row: &AlertRow| match (wanted, state) {
            (Some(wanted), _) => row.state == wanted,
            (None, None) => !row.state.is_over(),
            _ => true,
        };
        let member = asked.member.as_deref().filter(|member| !member.is_empty());
        let rows = self.state.alerts()?.into_iter();
        let rows = rows.filter(|row| is_asked(row) && member.is_none_or(|member| row.member == member));
        let rows = rows.filter(|row| asked.rule.is_none_or(|rule| row.rule == rule) && seen.holds(row));
        Ok(rows.filter_map(|row| told(row, Vec::new(), lang)).collect())
    }

    /// One alert with what was done about it.
    pub fn alert(&self, id: i64, lang: Lang) -> Result<AlertTold> {
        let row = self.alert_in_sight(id)?;
        let steps = self.state.alert_steps(id)?;
        told(row, steps, lang).ok_or_else(no_such_alert)
    }

    /// Does something about an alert: `acknowledge`, `snooze` until a day, `action`, or `close` with a note.
    ///
    /// # Errors
    /// Where it is not in sight or over; where a day, an action or a note is missing.
    pub fn step_alert(&self, id: i64, step: &str, asked: &StepAsked, lang: Lang) -> Result<AlertTold> {
        self.may(Right::Answer)?;
        let mut row = self.alert_in_sight(id)?;
        let text =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (note, action) = (text(&asked.note), text(&asked.action));
        if [&note, &action].into_iter().flatten().any(|text| text.chars().count() > LONGEST) {
            return Err(AppError::Asked(Text::new("catatannya terlalu panjang", "the note is too long")));
        }
        row.until = None;
        row.state = match step {
            "acknowledge" => AlertState::Acknowledged,
            "snooze" => {
                let until = self.day_ahead(asked.until.as_deref())?;
                row.until = Some(until.to_string());
                AlertState::Snoozed
            }
            "action" => {
                row.action = Some(self.action_to_follow(action.as_deref())?.to_string());
                AlertState::Action
            }
            "close" => {
                if note.is_none() {
                    return Err(AppError::Asked(Text::new(
                        "sebutkan alasannya ditutup, supaya orang lain belajar darinya",
                        "say why it is closed, so that others learn from it",
                    )));
                }
                AlertState::Closed
            }
            _ => {
                return Err(AppError::NotFound(Text::new(
                    "langkahnya acknowledge, snooze, action, atau close",
                    "the steps are acknowledge, snooze, action and close",
                )));
            }
        };
        let by = self.by(asked.by.as_deref());
        let told_of = AlertStep { at: self.now(), by: Some(by), state: row.state.name().to_owned(), note };
        if !self.state.move_alert(&row, &told_of)? {
            return Err(AppError::Asked(Text::new(
                "peringatan ini sudah selesai: tidak ada lagi yang bisa diubah",
                "this alert is over: nothing of it changes any more",
            )));
        }
        let about: Vec<&str> = if row.scope == Scope::Manager.name() { vec![&row.member] } else { Vec::new() };
        self.note_decision(
            &format!("{step} alert"),
            &Message::new(format!("peringatan {id}"), format!("alert {id}")),
            &about,
        )?;
        self.alert(id, lang)
    }

    /// The number of an action in reach that is not over: the alert ends with it.
    fn action_to_follow(&self, number: Option<&str>) -> Result<i64> {
        let number = number.and_then(|number| number.parse().ok()).ok_or(AppError::Asked(Text::new(
            "sebutkan tindakannya: nomor tindakan yang dibuat dari peringatan ini, lihat `takar actions`",
            "name the action: the number of the one that was made of this alert, see `takar actions`",
        )))?;
        if matches!(self.action_row(number)?.state.as_str(), "planned" | "running") {
            return Ok(number);
        }
        Err(AppError::Asked(Text::new(
            "tindakan itu sudah selesai: sebutkan yang direncanakan atau berjalan, atau tutup peringatannya",
            "that action is over: name one that is planned or under way, or close the alert",
        )))
    }

    /// What a rule comes to, of what the one who acts sees.
    fn watch(&self, rule: &Rule) -> Result<Watched> {
        let kpi = self.analysed_kpi(&rule.kpi)?;
        let source = self.source(Credit::Recorded)?;
        Ok(watched((source.as_ref(), self.lake_source(Credit::Recorded)?.as_ref()), rule, &kpi)?)
    }

    fn sentence(&self, rule: &Rule, lang: Lang) -> String {
        let kpi = self.analysed_kpi(&rule.kpi).map_or_else(|_| rule.kpi.clone(), |kpi| kpi.name(lang).to_owned());
        words::rule(rule, &kpi, lang)
    }

    fn alert_in_sight(&self, id: i64) -> Result<AlertRow> {
        let row = self.state.alert(id)?.ok_or_else(no_such_alert)?;
        if self.sight()?.holds(&row) { Ok(row) } else { Err(no_such_alert()) }
    }

    /// Whose alerts the one who acts sees.
    fn sight(&self) -> Result<Sight> {
        let Some(reach) = self.reach() else { return Ok(Sight::All) };
        let managers = reach.managers().map(|manager| manager.0.clone()).collect();
        // Whose an account is today sees all of it; who only sold to it once does not.
        let source = self.lake_source(Credit::Recorded)?;
        let names = source.names();
        let owned = account_owners(source.as_ref())?.into_iter().zip(0_u32..);
        let owned = owned.filter(|(manager, _)| names.manager.id(*manager).is_some_and(|id| reach.holds(id)));
        let accounts = owned.filter_map(|(_, account)| names.account.id(account).map(str::to_owned)).collect();
        Ok(Sight::Line { managers, accounts })
    }

    fn day_ahead(&self, text: Option<&str>) -> Result<Day> {
        let asked = text.map(str::trim).and_then(|text| text.parse::<Period>().ok());
        let day = asked.filter(|period| period.from() == period.to()).map(|period| period.from());
        day.filter(|day| *day > self.today()).ok_or(AppError::Asked(Text::new(
            "sebutkan sampai hari apa, setelah hari ini: 2026-01-31",
            "say until which day, after today: 2026-01-31",
        )))
    }
}

/// Whose alerts are seen.
enum Sight {
    All,
    /// Of the managers of the own line and of the accounts that are theirs; not of what has everybody's figures in it.
    Line {
        managers: BTreeSet<String>,
        accounts: BTreeSet<String>,
    },
}

impl Sight {
    fn holds(&self, row: &AlertRow) -> bool {
        match self {
            Self::All => true,
            Self::Line { managers, accounts } => {
                (row.scope == Scope::Manager.name() && managers.contains(&row.member))
                    || (row.scope == Scope::Account.name() && accounts.contains(&row.member))
            }
        }
    }
}

fn told(row: AlertRow, steps: Vec<AlertStep>, lang: Lang) -> Option<AlertTold> {
    let kept: Kept = serde_json::from_str(&row.told).ok()?;
    let title = kept.title.get(lang).to_owned();
    let account =
        if row.scope == Scope::Account.name() { format!("&account={}", encoded(&row.member)) } else { String::new() };
    let owner = kept.owner.as_deref().map_or_else(String::new, |owner| format!("&owner={}", encoded(owner)));
    let kpi = kept.kpi.parse::<EffectKpi>().map_or_else(|_| String::new(), |kpi| format!("&kpi={}", kpi.id()));
    let to_action = format!("/actions/new?origin=alert&key={}{account}{owner}{kpi}&title={}", row.id, encoded(&title));
    Some(AlertTold {
        title,
        why: kept.why.get(lang).to_owned(),
        sentence: kept.rule.get(lang).to_owned(),
        kpi: kept.kpi,
        unit: kept.unit,
        name: kept.name,
        month: kept.month,
        value: kept.value,
        expected: kept.expected,
        low: kept.low,
        high: kept.high,
        a_year: kept.a_year,
        watched: kept.watched,
        data_version: kept.data,
        figures: kept.figures,
        to_action,
        steps,
        row,
    })
}

/// A text within an address.
fn encoded(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            found.push(char::from(byte));
        } else {
            found.push_str(&format!("%{byte:02X}"));
        }
    }
    found
}

fn no_such_alert() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada peringatan itu: lihat `takar alerts`",
        "there is no such alert: see `takar alerts`",
    ))
}

fn no_such_rule() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada aturan itu: lihat `takar alerts rules`",
        "there is no such rule: see `takar alerts rules`",
    ))
}

/// A rule as a file or a body has it.
pub fn alert_rule_from_json(json: &str) -> Result<Rule> {
    serde_json::from_str(json).map_err(|error| {
        AppError::Told(Message {
            id: format!("aturan tidak terbaca: {error}"),
            en: format!("the rule cannot be read: {error}"),
        })
    })
}
