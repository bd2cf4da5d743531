//! Who is late for a stage is told once a day, by the ways out that are there.

use serde::Serialize;
use serde_json::json;
use takar_model::Right;
use takar_state::{CycleRow, Message, Side};

use super::{Loaded, Stage};
use crate::{Result, Takar, outbox::Event};

/// Something that is awaited of somebody, mostly beyond its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// The number of the cycle.
    pub cycle: i64,
    /// The number of the evaluation.
    pub evaluation: i64,
    /// The manager who is evaluated.
    pub manager: String,
    /// The manager's name.
    pub name: Option<String>,
    /// What is awaited.
    pub stage: Stage,
    /// Of which side.
    pub side: Side,
    /// By when it should have been.
    pub due: String,
    /// Of whom: the id of the manager or of the lead; of who sees everybody without one.
    pub of: Option<String>,
    /// Their name.
    pub of_name: Option<String>,
    /// The logins of that person.
    pub logins: Vec<String>,
    /// It is told now; else it was told today already, or there is no way out for it.
    pub is_told: bool,
}

impl Takar {
    /// Tells who is late in the open cycles; nobody is told of twice a day for the same stage.
    ///
    /// # Errors
    /// Where the role does not let one; where the state cannot be read.
    pub fn remind(&self, cycle: Option<i64>) -> Result<Vec<Late>> {
        self.may(Right::Define)?;
        if let Some(id) = cycle {
            self.cycle(id)?;
        }
        let all = self.as_keeper();
        let _lock = all.lock_evaluations()?;
        let has_way = all.is_told_of(Event::CYCLE_LATE)?;
        let mut found = Vec::new();
        for row in all.state.cycles()?.into_iter().rev() {
            if row.closed_at.is_some() || cycle.is_some_and(|id| id != row.id) {
                continue;
            }
            let mut late = all.late_in(&row)?;
            let today = all.today().to_string();
            for one in &mut late {
                let stage = format!("{}/{}", one.stage.name(), one.side.name());
                one.is_told = has_way && all.state.remind(one.evaluation, &stage, &today, &all.now())?;
            }
            let told: Vec<&Late> = late.iter().filter(|one| one.is_told).collect();
            if !told.is_empty() {
                all.tell(&Event::cycle_late(&row, &told))?;
                self.note("remind", &format!("cycle {}: {} late", row.id, told.len()))?;
            }
            found.extend(late);
        }
        Ok(found)
    }

    fn late_in(&self, cycle: &CycleRow) -> Result<Vec<Late>> {
        let awaited = self.awaited_in(cycle)?.into_iter();
        Ok(awaited.filter(|(_, is_late)| *is_late).map(|(stage, _)| stage).collect())
    }

    /// What is awaited of whom in a cycle, and whether its day is over.
    pub(crate) fn awaited_in(&self, cycle: &CycleRow) -> Result<Vec<(Late, bool)>> {
        let today = self.today();
        let users = self.state.users()?;
        let mut found = Vec::new();
        for row in self.state.evaluations(Some(cycle.id))? {
            let loaded: Loaded = self.loaded(cycle.clone(), row)?;
            for awaited in loaded.awaited(today) {
                let row = &loaded.row;
                let (of, of_name) = match awaited.side {
                    Side::Manager => (Some(row.manager.clone()), row.manager_name.clone()),
                    Side::Lead => (row.lead.clone(), row.lead_name.clone()),
                };
                let is_of = |user: &&takar_state::UserRow| of.is_some() && user.manager == of && user.closed.is_none();
                let late = Late {
                    cycle: cycle.id,
                    evaluation: row.id,
                    manager: row.manager.clone(),
                    name: row.manager_name.clone(),
                    stage: awaited.stage,
                    side: awaited.side,
                    due: awaited.due,
                    logins: users.iter().filter(is_of).map(|user| user.login.clone()).collect(),
                    of,
                    of_name,
                    is_told: false,
                };
                found.push((late, awaited.is_late));
            }
        }
        Ok(found)
    }
}

impl Event {
    /// The name of the event that tells who is late.
    pub(crate) const CYCLE_LATE: &'static str = "cycle.late";

    /// Stages of a cycle are late. Nothing of what was said in an evaluation goes out.
    fn cycle_late(cycle: &CycleRow, late: &[&Late]) -> Self {
        let (count, name) = (late.len(), &cycle.opened.name);
        let line = |one: &&Late| {
            let who = one.name.as_deref().unwrap_or(&one.manager);
            let of = one.of_name.as_deref().or(one.of.as_deref());
            (
                format!(
                    "• {who}: {}, batas {}, ditunggu dari {}",
                    one.stage.label().id,
                    one.due,
                    of.unwrap_or("kepala penjualan")
                ),
                format!(
                    "• {who}: {}, due {}, awaited of {}",
                    one.stage.label().en,
                    one.due,
                    of.unwrap_or("the sales head")
                ),
            )
        };
        let (id, en): (Vec<String>, Vec<String>) = late.iter().map(line).unzip();
        Self::new(
            Self::CYCLE_LATE,
            Message {
                id: format!("Evaluasi {name}: {count} tahap lewat batasnya"),
                en: format!("Evaluation {name}: {count} stages are late"),
            },
            Message {
                id: format!(
                    "Yang lewat batas pada siklus {name}:\n\n{}\n\nBuka Takar, halaman Siklus evaluasi, untuk melanjutkannya.",
                    id.join("\n")
                ),
                en: format!(
                    "What is late in the cycle {name}:\n\n{}\n\nOpen Takar, page Evaluation cycles, to go on with it.",
                    en.join("\n")
                ),
            },
            json!({ "cycle": { "id": cycle.id, "name": name, "period": cycle.opened.period }, "late": late }),
        )
    }
}
