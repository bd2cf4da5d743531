//! What happens to an action: begun, reviewed, steered, closed.

use serde::Deserialize;
use takar_insight::{
    day_name,
    effect::{AccountMonths, Outcome, verdict_label},
};
use takar_model::{Credit, Lang, Text};
use takar_state::{ActionEvent, Message};

use super::{ActionShown, EffectAsked, effect, new};
use crate::{
    AppError, Result, Takar,
    cycles::{asked, needed, text},
};

/// Something that is said of an action.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionSaid {
    /// `start`, `start_later` (those who waited), `review`, `change`, `step`, `undo_step`, `done` or `cancel`.
    pub what: String,
    /// In words; needed for a review, a change of course, and to cancel.
    pub text: String,
    /// The day; today unless given.
    pub day: Option<String>,
    /// The number of the step, from 1.
    pub step: Option<usize>,
    /// Who says so, where the home has no users.
    pub by: Option<String>,
}

/// What is to be otherwise; what is not given stays. Accounts, KPI and comparison stay as they were planned.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionChange {
    /// What it is called.
    pub title: Option<String>,
    /// Why it should work.
    pub hypothesis: Option<String>,
    /// The month by which it is to show.
    pub due: Option<String>,
    /// The day it ends.
    pub ends: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// Who changes it, where the home has no users.
    pub by: Option<String>,
}

impl Takar {
    /// Changes words, days and cost of an action that is not over; the history says from what.
    ///
    /// # Errors
    /// Where it is over or out of reach, or something cannot be read.
    pub fn edit_action(&self, id: i64, change: &ActionChange, lang: Lang) -> Result<ActionShown> {
        let _lock = self.lock_evaluations()?;
        let row = self.open_action(id)?;
        let mut plan = row.plan.clone();
        if let Some(title) = &change.title {
            plan.title = needed(title, Text::new("tindakan perlu nama", "an action needs a title"))?;
        }
        if let Some(hypothesis) = &change.hypothesis {
            plan.hypothesis = text(hypothesis)?;
        }
        if change.due.is_some() {
            plan.due = new::month_of(change.due.as_deref())?.map(|month| month.to_string());
        }
        if change.ends.is_some() {
            plan.ends = new::day_of(change.ends.as_deref())?;
        }
        if change.cost.is_some() {
            plan.cost = new::money_of(change.cost.as_deref())?;
        }
        if change.due.is_some() || change.ends.is_some() {
            let last = effect::last_planned(plan.due.as_deref(), plan.ends.as_deref());
            effect::check_last_planned(last, plan.starts.as_deref().and_then(effect::day_of))?;
        }
        let none = || "–".to_owned();
        let moved = |(id, en): (&str, &str), old: Option<&String>, fresh: Option<&String>| {
            let (old, fresh) = (old.cloned().unwrap_or_else(none), fresh.cloned().unwrap_or_else(none));
            (old != fresh).then(|| (format!("{id}: {old} → {fresh}"), format!("{en}: {old} → {fresh}")))
        };
        let (moved_id, moved): (Vec<String>, Vec<String>) = [
            moved(("judul", "title"), Some(&row.plan.title), Some(&plan.title)),
            moved(("hipotesis", "hypothesis"), Some(&row.plan.hypothesis), Some(&plan.hypothesis)),
            moved(("terlihat pada", "shows by"), row.plan.due.as_ref(), plan.due.as_ref()),
            moved(("berakhir", "ends"), row.plan.ends.as_ref(), plan.ends.as_ref()),
            moved(("biaya", "cost"), row.plan.cost.as_ref(), plan.cost.as_ref()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if moved.is_empty() {
            return self.action(id, lang);
        }
        let event = self.event("edited", moved.join("; "), (None, change.by.as_deref()))?;
        let event = ActionEvent { text_id: Some(moved_id.join("; ")), ..event };
        if !self.state.edit_action(id, &plan, &event)? {
            return Err(moved_on());
        }
        self.note_decision("change action", &of_action(id, &event), &[&plan.owner])?;
        self.action(id, lang)
    }

    /// Begins, reviews, steers or closes an action.
    ///
    /// # Errors
    /// Where it is over or out of reach, where words are missing, or where it cannot be measured yet.
    pub fn say_of_action(&self, id: i64, said: &ActionSaid, lang: Lang) -> Result<ActionShown> {
        let _lock = self.lock_evaluations()?;
        let row = self.open_action(id)?;
        let owner = row.plan.owner.as_str();
        let given = (said.day.as_deref(), said.by.as_deref());
        let words = || needed(&said.text, Text::new("tuliskan apa yang terjadi", "write what happened"));
        match said.what.as_str() {
            what @ ("start" | "start_later") => {
                let event = self.event("started", text(&said.text)?, given)?;
                let is_later = what == "start_later";
                if !is_later {
                    let last = effect::last_planned(row.plan.due.as_deref(), row.plan.ends.as_deref());
                    effect::check_last_planned(last, effect::day_of(&event.day))?;
                }
                if !self.state.start_action(id, (&event.day, is_later), &event)? {
                    return Err(asked(
                        "tindakan ini sudah berjalan, atau tidak ada yang menunggu",
                        "this action is under way already, or nobody waits",
                    ));
                }
                self.note_decision(
                    "start action",
                    &Message::new(
                        format!("tindakan {id} pada {}", named(&event.day, Lang::Id)),
                        format!("action {id} on {}", named(&event.day, Lang::En)),
                    ),
                    &[owner],
                )?;
            }
            "review" => self.state.add_action_event(id, &self.event("review", words()?, given)?)?,
            "change" => {
                let event = self.event("change", words()?, given)?;
                self.state.add_action_event(id, &event)?;
                self.note_decision("change action", &of_action(id, &event), &[owner])?;
            }
            what @ ("step" | "undo_step") => {
                let steps = self.state.action_steps(id)?;
                let place = said.step.and_then(|step| step.checked_sub(1)).filter(|place| *place < steps.len());
                let place =
                    place.ok_or_else(|| asked("tidak ada langkah bernomor itu", "there is no step of that number"))?;
                let is_done = what == "step";
                let mark = if is_done { "✓" } else { "✗" };
                let event = self.event("step", format!("{mark} {}", steps[place].text), given)?;
                self.state.mark_step(id, place, is_done, &event)?;
            }
            "done" => self.close_action(id, said, "measured", lang)?,
            "cancel" => {
                words()?;
                self.close_action(id, said, "stopped", lang)?;
            }
            other => {
                return Err(AppError::Told(Message {
                    id: format!(
                        "\"{other}\" tidak dikenal: start, start_later, review, change, step, undo_step, done atau cancel"
                    ),
                    en: format!(
                        "there is no \"{other}\": start, start_later, review, change, step, undo_step, done or cancel"
                    ),
                }));
            }
        }
        self.action(id, lang)
    }

    /// Ends an action, and the alerts that became it; what was measured is frozen with the versions of data and definitions it was measured on.
    fn close_action(&self, id: i64, said: &ActionSaid, state: &str, lang: Lang) -> Result<()> {
        let row = self.action_row(id)?;
        let pin = self.pin()?;
        let outcome = self.measured(&row, &EffectAsked::default(), None)?;
        if state == "measured" {
            if row.state == "planned" {
                return Err(asked(
                    "tindakan ini belum dimulai: mulai dulu, atau hentikan dengan alasan",
                    "this action has not begun: start it first, or stop it with a reason",
                ));
            }
            if let Outcome::NotMeasurable { .. } = &outcome {
                // Where today's data are the reason they may be put right: nothing is frozen over that.
                AccountMonths::of(self.lake_source(Credit::Recorded)?.as_ref(), row.plan.kpi.parse()?)?;
            }
            if let Outcome::TooEarly(_) = &outcome {
                let first = |lang| outcome.clone().told(None, lang).words.join(" ");
                return Err(AppError::Told(Message {
                    id: format!("{} Hentikan dengan alasan bila memang berakhir sekarang.", first(Lang::Id)),
                    en: format!("{} Stop it with a reason where it ends now.", first(Lang::En)),
                }));
            }
        }
        let begun = row.plan.starts.as_deref().filter(|_| row.state != "planned");
        let ended = new::day_of(said.day.as_deref())?;
        // Both as `2026-01-31`.
        if let Some((begun, ended)) = begun.zip(ended.as_deref()).filter(|(begun, ended)| ended < begun) {
            return Err(AppError::Told(Message::new(
                format!("tindakan ini mulai {begun}: tidak mungkin selesai {ended}"),
                format!("this action began on {begun}: it cannot have ended on {ended}"),
            )));
        }
        let verdict = outcome.verdict().map(verdict_label);
        let frozen = match (&outcome, state) {
            (Outcome::Measured(_), _) | (Outcome::NotMeasurable { .. }, "measured") => {
                let json =
                    |error: serde_json::Error| AppError::Told(Message { id: error.to_string(), en: error.to_string() });
                Some((serde_json::to_string(&pin).map_err(json)?, serde_json::to_string(&outcome).map_err(json)?))
            }
            _ => None,
        };
        let event = self.event(state, text(&said.text)?, (said.day.as_deref(), said.by.as_deref()))?;
        let kept = frozen.as_ref().map(|(pin, result)| (pin.as_str(), result.as_str()));
        let came_to = verdict.unwrap_or(Text::new("tidak terukur", "not measured"));
        let note = match (state, lang) {
            ("measured", Lang::Id) => format!("Tindakan {id} selesai: {}", came_to.id),
            ("measured", Lang::En) => format!("Action {id} is over: {}", came_to.en),
            (_, Lang::Id) => format!("Tindakan {id} dihentikan: {}", event.text),
            (_, Lang::En) => format!("Action {id} was stopped: {}", event.text),
        };
        if !self.state.end_action(id, state, kept, (&event, &note))? {
            return Err(moved_on());
        }
        let state_id = if state == "measured" { "terukur" } else { "dihentikan" };
        let detail = Message::new(
            format!("tindakan {id} {state_id}: {}", came_to.id),
            format!("action {id} {state}: {}", came_to.en),
        );
        self.note_decision("end action", &detail, &[&row.plan.owner])
    }

    fn event(&self, what: &str, text: String, (day, by): (Option<&str>, Option<&str>)) -> Result<ActionEvent> {
        let day = match new::day_of(day)? {
            Some(day) => day,
            None => self.today().to_string(),
        };
        Ok(ActionEvent { what: what.to_owned(), day, text, text_id: None, said: self.said(by) })
    }
}

fn moved_on() -> AppError {
    asked("tindakan ini baru saja selesai: muat ulang", "this action was closed just now: load it again")
}

/// A day by its name.
fn named(day: &str, lang: Lang) -> String {
    effect::day_of(day).map_or_else(|| day.to_owned(), |day| day_name(day, lang))
}

/// What happened to an action, as it is noted among what was decided.
fn of_action(id: i64, event: &ActionEvent) -> Message {
    let indonesian = event.text_id.as_ref().unwrap_or(&event.text);
    Message::new(format!("tindakan {id}: {indonesian}"), format!("action {id}: {}", event.text))
}
