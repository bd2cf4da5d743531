//! Looking at the rules: what is new is raised, what is over passes, and the ways out are told.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use takar_insight::{
    alerts::{Finding, Rule, Scope, Stands, Watched, words},
    metrics::{CellSource, Names},
};
use takar_model::{Credit, Lang, Period, Right};
use takar_state::{AlertRow, AlertRuleRow, AlertState, Message, NewAlert};

use super::{Kept, Words, encoded, told};
use crate::{AppError, Result, Takar, outbox::Event};

/// What a look at the rules came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Rules that were looked at.
    pub rules: u32,
    /// Rules that could not be.
    pub failed: u32,
    /// Alerts that are new.
    pub raised: u32,
    /// Alerts that went by themselves.
    pub passed: u32,
    /// Situations that last.
    pub lasting: u32,
    /// Another process looks at them now: nothing was done.
    pub is_busy: bool,
}

impl Takar {
    /// Looks at every rule, one process at a time. A rule that cannot be looked at keeps none of the others from it.
    ///
    /// # Errors
    /// Where the role does not let one; where the state cannot be read or written.
    pub fn check_alerts(&self) -> Result<Checked> {
        self.may(Right::Define)?;
        let all = self.as_keeper();
        let lock = std::fs::File::create(all.folder.join("alerts.lock")).map_err(|source| all.wrong(source))?;
        if lock.try_lock().is_err() {
            return Ok(Checked { is_busy: true, ..Checked::default() });
        }
        let mut checked = Checked::default();
        all.state.wake_alerts(&all.today().to_string(), &all.now())?;
        for row in all.state.alert_rules(false)? {
            checked.rules += 1;
            match all.look_at(&row, &mut checked) {
                Ok(()) => all.state.note_alert_check(row.id, &all.now(), None)?,
                Err(error @ AppError::State(_)) => return Err(error),
                Err(error) => {
                    checked.failed += 1;
                    let why = Message { id: error.message(Lang::Id), en: error.message(Lang::En) };
                    all.state.note_alert_check(row.id, &all.now(), Some(&why))?;
                }
            }
        }
        all.tell_of_alerts()?;
        Ok(checked)
    }

    fn look_at(&self, row: &AlertRuleRow, checked: &mut Checked) -> Result<()> {
        let rule: Rule = super::alert_rule_from_json(&row.rule)?;
        let watched = self.watch(&rule)?;
        let source = self.lake_source(Credit::Recorded)?;
        let before = self.state.alerts()?.into_iter().filter(|alert| alert.rule == row.id && alert.lasts);
        let mut lasting: HashMap<String, AlertRow> = before.map(|alert| (alert.member.clone(), alert)).collect();
        for (member, stands) in watched.now() {
            let id = member.id.clone().unwrap_or_default();
            match stands {
                Stands::Beyond(found) => {
                    lasting.remove(&id);
                    let owner = owner(source.names(), rule.by, &id);
                    let kept = kept(&watched, &found, owner, source.data_version());
                    let new = NewAlert {
                        rule: row.id,
                        scope: rule.by.name().to_owned(),
                        member: id,
                        since: Period::month(found.since).to_string(),
                        told: serde_json::to_string(&kept).unwrap_or_default(),
                    };
                    checked.lasting += 1;
                    checked.raised += u32::from(self.state.raise_alert(&new, &self.now())?.is_some());
                }
                Stands::Between => checked.lasting += u32::from(lasting.remove(&id).is_some()),
                Stands::Back => {}
            }
        }
        // What is well within again, or is there no more.
        let month = Period::month(watched.last).to_string();
        for alert in lasting.values() {
            checked.passed += u32::from(self.state.pass_alert(alert.id, &self.now(), &month)?);
        }
        Ok(())
    }

    /// Tells the ways out what is new and what passed since they were told last.
    fn tell_of_alerts(&self) -> Result<()> {
        let untold = self.state.untold_alerts()?;
        let raised: Vec<&AlertRow> = untold.iter().filter(|row| !row.state.is_over()).collect();
        let passed: Vec<&AlertRow> = untold.iter().filter(|row| row.state == AlertState::Passed).collect();
        for (event, rows) in [(Event::ALERT_RAISED, raised), (Event::ALERT_PASSED, passed)] {
            if !rows.is_empty() {
                self.tell(&Event::alerts(event, &rows))?;
            }
        }
        let ids: Vec<i64> = untold.iter().map(|row| row.id).collect();
        Ok(self.state.alerts_told(&ids)?)
    }
}

fn kept(watched: &Watched, found: &Finding, owner: Option<String>, data: u64) -> Kept {
    let rule = &watched.rule;
    let kpi = |lang: Lang| if lang == Lang::Id { &watched.kpi.0 } else { &watched.kpi.1 };
    Kept {
        kpi: rule.kpi.clone(),
        name: found.name.clone(),
        owner,
        month: Period::month(found.month).to_string(),
        value: found.value,
        expected: found.expected,
        low: found.low,
        high: found.high,
        unit: serde_json::to_value(watched.unit)
            .ok()
            .and_then(|unit| unit.as_str().map(str::to_owned))
            .unwrap_or_default(),
        a_year: rule.a_year,
        watched: watched.members.len(),
        title: Words::of(|lang| words::title(watched, found, lang)),
        why: Words::of(|lang| words::why(watched, found, lang)),
        rule: Words::of(|lang| words::rule(rule, kpi(lang), lang)),
        data,
        figures: figures(rule, found),
    }
}

/// The page with the figures of a member.
fn figures(rule: &Rule, found: &Finding) -> String {
    let (month, member) = (Period::month(found.month), found.member.as_deref().map(encoded).unwrap_or_default());
    match rule.by {
        Scope::Company => format!("/trends?kpi={}", encoded(&rule.kpi)),
        Scope::Manager => format!("/managers/{member}?period={month}"),
        Scope::Account => format!("/accounts/{member}?period={month}"),
        Scope::Category => format!("/products?category={member}&period={month}"),
        other => format!("/accounts?{}={member}&period={month}", other.name()),
    }
}

/// The manager who would do something about it.
fn owner(names: &Names, scope: Scope, member: &str) -> Option<String> {
    match scope {
        Scope::Manager => Some(member.to_owned()),
        Scope::Account => names.manager.id(names.manager_of(names.account.code(member)?)).map(str::to_owned),
        _ => None,
    }
}

impl Event {
    /// Alerts are new.
    pub(crate) const ALERT_RAISED: &'static str = "alert.raised";
    /// Alerts went by themselves.
    pub(crate) const ALERT_PASSED: &'static str = "alert.passed";

    fn alerts(event: &'static str, rows: &[&AlertRow]) -> Self {
        let count = rows.len();
        let text = |lang: Lang| -> String {
            let one = |row: &&AlertRow| {
                let told = told((*row).clone(), Vec::new(), lang)?;
                Some(if event == Self::ALERT_RAISED {
                    format!("• {}\n  {}", told.title, told.why)
                } else {
                    format!("• {}", told.title)
                })
            };
            rows.iter().filter_map(one).collect::<Vec<_>>().join("\n")
        };
        let data: Vec<_> = rows.iter().filter_map(|row| told((*row).clone(), Vec::new(), Lang::En)).collect();
        let subject = if event == Self::ALERT_RAISED {
            Message { id: format!("{count} peringatan baru"), en: format!("New alerts: {count}") }
        } else {
            Message { id: format!("{count} peringatan sudah lewat"), en: format!("Alerts that have passed: {count}") }
        };
        let end = Message {
            id: "Buka Takar, halaman Peringatan, untuk melihat angkanya dan menindaklanjutinya.".to_owned(),
            en: "Open Takar, page Alerts, to see the figures and to act on them.".to_owned(),
        };
        let body = |lang: Lang| format!("{}\n\n{}", text(lang), end.get(lang));
        Self::new(event, subject, Message { id: body(Lang::Id), en: body(Lang::En) }, json!({ "alerts": data }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_on_a_page_that_can_show_that_member_alone() {
        let month = takar_model::Month::new(2025, 10).expect("a month");
        let found = Finding {
            member: Some("Jawa & Bali".to_owned()),
            name: None,
            since: month,
            month,
            value: 1.0,
            expected: 2.0,
            low: None,
            high: None,
            score: 3.0,
        };
        let page = |by: &str| {
            let rule: Rule = serde_json::from_str(&format!(r#"{{"kpi":"net_sales","by":"{by}"}}"#)).expect("a rule");
            figures(&rule, &found)
        };
        assert_eq!(page("region"), "/accounts?region=Jawa%20%26%20Bali&period=2025-10");
        assert_eq!(page("branch"), "/accounts?branch=Jawa%20%26%20Bali&period=2025-10");
        assert_eq!(page("category"), "/products?category=Jawa%20%26%20Bali&period=2025-10");
        assert_eq!(page("manager"), "/managers/Jawa%20%26%20Bali?period=2025-10");
    }
}
