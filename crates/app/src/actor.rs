//! Who acts, what that lets them do, and whose figures they see.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{Array, AsArray, PrimitiveArray, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, Date32Type},
};
use serde::Serialize;
use takar_import::FactKind;
use takar_insight::{
    InsightError,
    analysis::account_owners,
    metrics::{CellSource, Dimension, Grain, NONE, Names, Reach},
};
use takar_model::{Credit, Day, ManagerId, Right, Role, UserId};
use takar_state::{Message, UserRow};

use crate::{AppError, Result, Takar};

/// A user, as far as others may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The number.
    pub id: UserId,
    /// What is typed to come in.
    pub login: String,
    /// What the person is called.
    pub name: String,
    /// What the person is here.
    pub role: Role,
    /// Which account manager the person is.
    pub manager: Option<ManagerId>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Actor {
    /// Whoever has the folder of the home, who could read every file of it anyway: the command line where nobody is named, a
    /// server without users, and what is done by itself.
    #[default]
    Keeper,
    /// A user.
    Person(Arc<Person>),
}

impl From<&UserRow> for Person {
    fn from(row: &UserRow) -> Self {
        Self {
            id: row.id,
            login: row.login.clone(),
            name: row.name.clone(),
            role: row.role,
            manager: row.manager.clone().map(ManagerId),
        }
    }
}

impl Takar {
    /// The same home, used by a user: what the role does not let one do is refused, and figures are those of the line.
    ///
    /// # Errors
    /// Where the reporting line cannot be read.
    pub fn acting_as(&self, person: Person) -> Result<Self> {
        let reach = self.reach_of(&person)?.map(Arc::new);
        Ok(Self { home: self.home.clone(), actor: Actor::Person(Arc::new(person)), reach })
    }

    /// The same home, used by nobody in particular: for what follows from a decision that was allowed.
    pub(crate) fn as_keeper(&self) -> Self {
        Self { home: self.home.clone(), actor: Actor::Keeper, reach: None }
    }

    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whose figures are seen; everybody's without one.
    pub fn reach(&self) -> Option<&Reach> {
        self.reach.as_deref()
    }

    /// Refuses what the role does not let one do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn may(&self, right: Right) -> Result<()> {
        if self.pin.is_some() && right != Right::See {
            return Err(takar_lake::LakeError::Pinned.into());
        }
        match &self.actor {
            Actor::Person(person) if !person.role.may(right) => Err(AppError::Forbidden { role: person.role, right }),
            _ => Ok(()),
        }
    }

    /// Refuses what is about everybody to who sees the own line only.
    pub(crate) fn may_see_everybody(&self) -> Result<()> {
        match (&self.actor, &self.reach) {
            (Actor::Person(person), Some(_)) => Err(AppError::OutOfReach { role: person.role }),
            _ => Ok(()),
        }
    }

    /// Refuses the assignment of accounts to who may neither decide for everybody nor look after the data.
    pub(crate) fn may_assign(&self) -> Result<()> {
        self.may_see_everybody()?;
        self.may(Right::Decide).or_else(|_| self.may(Right::Collect))
    }

    /// Notes what was done, and by whom.
    pub(crate) fn note(&self, action: &str, detail: &str) -> Result<()> {
        Ok(self.state.note_action(&self.now(), self.who(), action, detail)?)
    }

    /// Notes what was decided about some managers (none = everybody), by whom and on which data.
    pub(crate) fn note_decision(&self, action: &str, detail: &Message, about: &[&str]) -> Result<()> {
        let data = self.lake.version_mark();
        Ok(self.state.note_decision(&self.now(), self.who(), (action, detail), about, &data)?)
    }

    /// The user that acts, by number and login.
    pub(crate) fn who(&self) -> Option<(UserId, &str)> {
        match &self.actor {
            Actor::Keeper => None,
            Actor::Person(person) => Some((person.id, person.login.as_str())),
        }
    }

    /// The managers of the reach, as the lake is told; none for everybody.
    pub(crate) fn reach_ids(&self) -> Option<Vec<String>> {
        Some(self.reach()?.managers().map(|manager| manager.0.clone()).collect())
    }

    /// The accounts that the reach has: owned, or sold to.
    pub(crate) fn accounts_within(&self, reach: &Reach) -> Result<BTreeSet<String>> {
        let source = self.lake_source(Credit::Recorded)?;
        let names = source.names();
        let is_seen = |manager: u32| names.manager.id(manager).is_some_and(|id| reach.holds(id));
        let owners = account_owners(source.as_ref())?;
        let owned = owners.into_iter().zip(0_u32..).filter(|(manager, _)| is_seen(*manager));
        let mut found: BTreeSet<u32> = owned.map(|(_, account)| account).collect();
        if let Some(extent) = source.extent() {
            let grain = Grain::MONTHS.with(Dimension::Account).with(Dimension::Manager);
            let cells = source.cells(extent, grain).map_err(InsightError::from)?;
            let sold = cells.account.iter().zip(&cells.manager);
            found.extend(
                sold.filter(|(account, manager)| **account != NONE && is_seen(**manager)).map(|(account, _)| *account),
            );
        }
        Ok(found.into_iter().filter_map(|account| names.account.id(account).map(str::to_owned)).collect())
    }

    fn reach_of(&self, person: &Person) -> Result<Option<Reach>> {
        let Some(manager) = &person.manager else {
            // Who belongs to a line and has no place in it sees nobody.
            return Ok(person.role.is_of_a_line().then(|| Reach::of([])));
        };
        match person.role {
            Role::Owner | Role::Head | Role::Operations => Ok(None),
            Role::AccountManager => Ok(Some(Reach::of([manager.clone()]))),
            Role::Lead | Role::Reader => Ok(Some(Reach::of(self.line_of(manager)?))),
        }
    }

    /// A manager and who reports to that one today, at any depth: by the supervisors that sales and managers name, and by the
    /// teams that are led.
    fn line_of(&self, manager: &ManagerId) -> Result<BTreeSet<ManagerId>> {
        let reports = self.reports()?;
        let mut line = BTreeSet::new();
        let mut next = vec![manager.clone()];
        while let Some(one) = next.pop() {
            if line.insert(one.clone()) {
                next.extend(reports.get(&one).into_iter().flatten().cloned());
            }
        }
        Ok(line)
    }

    /// Who reports to whom, kept for one version of the data and one day.
    pub(crate) fn reports(&self) -> Result<Arc<Reports>> {
        let mark = (self.lake.version_mark(), self.today());
        let lock = || self.reports.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, reports)) = lock().as_ref().filter(|(known, _)| *known == mark) {
            return Ok(reports.clone());
        }
        let fresh = Arc::new(self.read_reports()?);
        *lock() = Some((mark, fresh.clone()));
        Ok(fresh)
    }

    fn read_reports(&self) -> Result<Reports> {
        let mut reports = Reports::new();
        let source = self.lake_source(Credit::Recorded)?;
        let names = source.names();
        for (code, supervisor) in (0_u32..).zip(&names.manager_supervisor) {
            if let Some((id, supervisor)) = names.manager.id(code).zip(names.supervisor.id(*supervisor)) {
                reports.entry(known_as(names, supervisor)).or_default().insert(ManagerId::from(id));
            }
        }
        let today = self.today();
        let teams = teams_on(&self.lake.small_rows(FactKind::Teams)?, names, today);
        let mut leads: BTreeMap<&str, &ManagerId> = BTreeMap::new();
        for team in &teams {
            if let Some(lead) = &team.lead {
                leads.insert(&team.id, lead);
            }
        }
        for team in &teams {
            let lead = team.lead.as_ref().or_else(|| leads.get(team.id.as_str()).copied());
            if let Some(lead) = lead.filter(|lead| **lead != team.member) {
                reports.entry(lead.clone()).or_default().insert(team.member.clone());
            }
            let above = team.parent.as_deref().and_then(|parent| leads.get(parent).copied());
            if let Some((above, lead)) = above.zip(lead).filter(|(above, lead)| above != lead) {
                reports.entry(above.clone()).or_default().insert(lead.clone());
            }
            // A team without a lead answers to that of the team above.
            if let (Some(above), None) = (above, lead) {
                reports.entry(above.clone()).or_default().insert(team.member.clone());
            }
        }
        Ok(reports)
    }
}

/// By manager: who reports to that one directly.
pub(crate) type Reports = BTreeMap<ManagerId, BTreeSet<ManagerId>>;

/// Somebody's place in a team.
struct Place {
    id: String,
    member: ManagerId,
    lead: Option<ManagerId>,
    parent: Option<String>,
}

/// A manager by the id, where what is told is the id or the name of one; supervisors and leads are told by either.
fn known_as(names: &Names, told: &str) -> ManagerId {
    if names.manager.code(told).is_some() {
        return ManagerId::from(told);
    }
    let has_name = |code: &u32| names.manager.name(*code).is_some_and(|name| name.eq_ignore_ascii_case(told));
    let code = (0..names.manager.len() as u32).find(has_name);
    ManagerId::from(code.and_then(|code| names.manager.id(code)).unwrap_or(told))
}

/// The places that hold on a day.
fn teams_on(rows: &RecordBatch, names: &Names, today: Day) -> Vec<Place> {
    let texts = |name: &str| -> Option<StringArray> {
        let column = cast(rows.column_by_name(name)?, &DataType::Utf8).ok()?;
        column.as_string_opt::<i32>().cloned()
    };
    let days = |name: &str| rows.column_by_name(name)?.as_primitive_opt::<Date32Type>().cloned();
    let columns = ["team_id", "manager_id", "lead", "parent"].map(texts);
    let (from, to) = (days("from"), days("to"));
    let text = |place: usize, row: usize| -> Option<&str> {
        let column = columns[place].as_ref()?;
        column.is_valid(row).then(|| column.value(row))
    };
    let day = |column: &Option<PrimitiveArray<Date32Type>>, row: usize| -> Option<i32> {
        let column = column.as_ref()?;
        column.is_valid(row).then(|| column.value(row))
    };
    (0..rows.num_rows())
        .filter(|row| {
            let now = today.epoch_days();
            day(&from, *row).is_none_or(|from| from <= now) && day(&to, *row).is_none_or(|to| now <= to)
        })
        .filter_map(|row| {
            Some(Place {
                id: text(0, row)?.to_owned(),
                member: known_as(names, text(1, row)?),
                lead: text(2, row).map(|lead| known_as(names, lead)),
                parent: text(3, row).map(str::to_owned),
            })
        })
        .collect()
}
