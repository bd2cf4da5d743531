//! What waits for a person: stages of open evaluations, and actions whose time is over. It goes into the person's digest.

use takar_insight::{actions::ActionState, day_name, month_name};
use takar_model::{Day, Lang, Period, Right, Role};
use takar_state::{CycleRow, Message, UserRow};

use crate::{Result, Takar, cycles::Late};

/// Days before its day at which a stage is told once more.
const SOON: i32 = 2;

/// Something that waits for somebody.
pub(crate) struct Waiting {
    /// For which manager; without one for who decides for everybody.
    of: Option<String>,
    /// What waits, and by when.
    said: Message,
    /// When it came to wait, UTC, where that is known.
    came: Option<String>,
    /// The days on which there is something new about it: soon due, and over.
    days: Vec<Day>,
}

impl Waiting {
    /// Whether it waits for this user.
    pub fn is_for(&self, user: &UserRow) -> bool {
        user.role.may(Right::Answer)
            && match &self.of {
                Some(manager) => user.manager.as_ref() == Some(manager),
                None => matches!(user.role, Role::Owner | Role::Head),
            }
    }

    /// Whether there is something new about it since a moment; of what was never told all is.
    pub fn is_news(&self, since: Option<(&str, Day)>, today: Day) -> bool {
        let Some((moment, day)) = since else { return true };
        self.came.as_deref().is_some_and(|came| came > moment)
            || self.days.iter().any(|one| day < *one && *one <= today)
    }

    /// What waits, for people.
    pub fn said(&self, lang: Lang) -> &str {
        self.said.get(lang)
    }

    fn stage(cycle: &CycleRow, late: &Late, is_late: bool) -> Self {
        let of_whom = late.name.as_deref().unwrap_or(&late.manager);
        let due = late.due.parse::<Period>().map(Period::to);
        let by = |lang: Lang| due.as_ref().map_or_else(|_| late.due.clone(), |due| day_name(*due, lang));
        let (label, name) = (late.stage.label(), &cycle.opened.name);
        let (id, en) = if is_late { (", sudah lewat", ", which is over") } else { ("", "") };
        Self {
            of: late.of.clone(),
            said: Message {
                id: format!("Evaluasi {name}, {of_whom}: {}, batas {}{id}", label.id, by(Lang::Id)),
                en: format!("Evaluation {name}, {of_whom}: {}, due {}{en}", label.en, by(Lang::En)),
            },
            came: late.stage.begins_with_the_cycle().then(|| cycle.opened.opened_at.clone()),
            days: due.map(|due| vec![due.plus_days(-SOON), due.plus_days(1)]).unwrap_or_default(),
        }
    }
}

impl Takar {
    /// All that waits, for whomever: evaluations in their order, then actions.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub(crate) fn all_waiting(&self) -> Result<Vec<Waiting>> {
        let mut found = Vec::new();
        for cycle in self.state.cycles()?.into_iter().rev().filter(|cycle| cycle.closed_at.is_none()) {
            let stages = self.awaited_in(&cycle)?;
            found.extend(stages.iter().map(|(stage, is_late)| Waiting::stage(&cycle, stage, *is_late)));
        }
        let today = self.today();
        for action in self.state.improvements()?.into_iter().rev() {
            // The later of the month by which it is to show and the day it ends.
            let last = |text: &Option<String>| text.as_deref()?.parse::<Period>().ok().map(Period::to);
            let due = last(&action.plan.due).max(last(&action.plan.ends));
            let Some(due) = due.filter(|due| action.state == ActionState::Running.name() && *due < today) else {
                continue;
            };
            let (id, title) = (action.id, &action.plan.title);
            let over = |lang: Lang| month_name(due.month(), lang);
            found.push(Waiting {
                of: Some(action.plan.owner.clone()),
                said: Message {
                    id: format!("Tindakan {id}, {title}: waktunya habis {}; ukur hasilnya dan tutup", over(Lang::Id)),
                    en: format!(
                        "Action {id}, {title}: its time was over in {}; measure it and close it",
                        over(Lang::En)
                    ),
                },
                came: None,
                days: vec![due.plus_days(1)],
            });
        }
        Ok(found)
    }
}
