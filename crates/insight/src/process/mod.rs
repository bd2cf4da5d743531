//! How managers work and what accounts say of it: contact coverage, response, offers, follow-up, complaints.
//!
//! Read in this order: [`PROCESS_KPIS`] says what is measured, [`Events`] what happened, [`Book`] whose accounts are whose,
//! [`Work`] reads them, [`process`] puts them together. Figures are pure functions over small tables of events; what was never recorded has no figure
//! but a reason, and neither has what rests on too few cases. The definitions follow METHODS §10.

mod book;
mod communication;
mod contact;
mod events;
mod json;
mod kpis;
mod measure;
mod offers;
mod promises;
mod rubric;
mod table;
mod targets;
#[cfg(test)]
mod tests;
mod voices;

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_model::{Day, Period, id_order};

use crate::{
    InsightError,
    metrics::{Basis, CellSource, Names, Reach},
};

pub(crate) use self::measure::MeasureJson;
use self::targets::WorkTargets;
pub use self::{
    book::{Book, Class, Holding},
    contact::{AccountContact, ClassCoverage, ResponseBin},
    events::{Contacts, EventSource, Events, Feedback, Offer, OfferState, Owned, Recorded, Response},
    kpis::{FEW, MeasureUnit, PROCESS_KPIS, ProcessKpi, ProcessKpiDefinition, ProcessKpiJson, Side},
    measure::{Measure, Missing, Record},
    offers::{Funnel, ReasonRow},
    promises::{Promises, PromisesError},
    rubric::{CRITERIA, Criterion, RUBRIC_VERSION, Rating, mean_of},
    voices::{Promised, VOICES},
};

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The window; the last complete month of the data unless given.
    pub period: Option<Period>,
    /// Only these managers; all unless given.
    pub managers: Option<Vec<String>>,
    /// Whose work the reader may see; everybody's unless given. Accounts are classed by all sales either way.
    pub reach: Option<Reach>,
    /// The manager of whom the rows behind the measures are told; all together unless given.
    pub opened: Option<String>,
    /// What was promised and planned.
    pub promises: Promises,
    /// The ratings that count, of any day: those of leads are no facts and come from where they are kept.
    pub ratings: Vec<Rating>,
    /// No day after this one is believed; a day written wrongly must not stretch what was watched.
    pub today: Option<Day>,
}

/// The work of one manager, or of all that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagerProcess {
    /// The manager's id; `None` for all together.
    pub id: Option<String>,
    /// The manager's name.
    pub name: Option<String>,
    /// One measure for each of [`PROCESS_KPIS`], in their order.
    pub measures: Vec<Measure>,
    /// Coverage class by class.
    pub classes: Vec<ClassCoverage>,
    /// What became of the offers opened in the window.
    pub funnel: Funnel,
    /// How many answers took how long.
    pub responses: Vec<ResponseBin>,
    /// Why offers were won or lost.
    pub reasons: Vec<ReasonRow>,
    /// Places of the accounts in the book.
    holdings: Vec<u32>,
    /// Places of the offers among the events.
    offers: Vec<u32>,
    /// Places of the complaints among the feedback.
    complaints: Vec<u32>,
}

/// The work in a window.
#[derive(Debug, Clone)]
pub struct Process {
    /// The window.
    pub period: Period,
    /// The last day of the data: offers and complaints are followed to it.
    pub as_of: Day,
    /// What was promised and planned.
    pub promises: Promises,
    /// The managers, in the order of their ids.
    pub managers: Vec<ManagerProcess>,
    /// All of them together; of all managers also what no manager is known for.
    pub total: ManagerProcess,
    /// The currency of the amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
    opened: Option<usize>,
    months: f64,
    work: Arc<Work>,
}

/// What every formula needs to know.
struct Context<'a> {
    window: Period,
    as_of: Day,
    /// The months of the window that the data have.
    months: f64,
    /// The days of it.
    known_days: i32,
    promises: &'a Promises,
    events: &'a Events,
    ratings: &'a [Rating],
    targets: WorkTargets,
}

/// What belongs to one manager, or to all.
#[derive(Debug, Clone, Default)]
struct Group {
    own_contacts: u64,
    hours: Vec<(f64, u64)>,
    holdings: Vec<u32>,
    offers: Vec<u32>,
    feedback: Vec<u32>,
    /// Of several managers together, who they are; all unless told.
    members: Option<Vec<String>>,
}

/// What happened in a window and whose accounts were whose: the same whoever asks for whom, and whatever was promised.
#[derive(Debug, Clone)]
pub struct Work {
    window: Period,
    as_of: Day,
    /// The days of the window that the data have.
    known_days: Period,
    book: Book,
    events: Events,
    groups: FxHashMap<String, Group>,
    /// What no manager is known for.
    unnamed: Group,
}

/// Measures the work in a window.
///
/// # Errors
/// [`InsightError::NoData`] where there are neither sales nor events, [`InsightError::UnknownManager`], [`InsightError::Source`].
pub fn process(cells: &dyn CellSource, source: &dyn EventSource, question: &Question) -> Result<Process, InsightError> {
    Arc::new(Work::of(cells, source, question.period, question.today)?).measured(cells, question)
}

impl Work {
    /// Reads a window, the last complete month of the data unless given. No day after `today` is believed.
    ///
    /// # Errors
    /// [`InsightError::NoData`] where there are neither sales nor events, [`InsightError::Source`].
    pub fn of(
        cells: &dyn CellSource,
        source: &dyn EventSource,
        period: Option<Period>,
        today: Option<Day>,
    ) -> Result<Self, InsightError> {
        let extent = cells.extent();
        let of_events = source.event_days()?;
        let last = extent.into_iter().chain(of_events).map(Period::to).max().ok_or(InsightError::NoData)?;
        let as_of = today.map_or(last, |today| today.min(last));
        let usual = || {
            let of_sales = extent.and_then(|_| cells.last_complete_month());
            of_sales.or_else(|| of_events.map(|days| last_complete_month(days, as_of))).map(Period::month)
        };
        let window = period.or_else(usual).ok_or(InsightError::NoData)?;
        let known_days = Period::new(window.from(), window.to().min(as_of)).unwrap_or(window);
        let mut events = source.events(window)?;
        let mut book = Book::of(cells, known_days, &events.owners)?;
        let mut contacts: FxHashMap<&str, u64> = FxHashMap::default();
        for row in &events.contacts {
            if let Some(account) = &row.account {
                *contacts.entry(account).or_default() += row.count;
            }
        }
        for holding in &mut book.holdings {
            holding.contacts = contacts.get(holding.id.as_str()).copied().unwrap_or(0);
            holding.last_contact = events.last_contacts.get(&holding.id).copied();
        }
        let owners = &events.owners;
        let whose = |account: &Option<String>, day| book.responsible(cells.names(), owners, account.as_deref(), day);
        for row in events.contacts.iter_mut().filter(|row| row.manager.is_none()) {
            row.manager = whose(&row.account, row.date);
        }
        for row in events.responses.iter_mut().filter(|row| row.manager.is_none()) {
            row.manager = whose(&row.account, Some(row.date));
        }
        let (groups, unnamed) = groups(cells.names(), &events, &book);
        Ok(Self { window, as_of, known_days, book, events, groups, unnamed })
    }

    /// Measures the work of who is asked for.
    ///
    /// # Errors
    /// [`InsightError::UnknownManager`], also of one who is not seen.
    pub fn measured(self: &Arc<Self>, cells: &dyn CellSource, question: &Question) -> Result<Process, InsightError> {
        let Self { groups, events, book, .. } = self.as_ref();
        let names = &cells.names().manager;
        let months = months_of(self.known_days);
        let context = Context {
            window: self.window,
            as_of: self.as_of,
            months,
            known_days: self.known_days.days(),
            promises: &question.promises,
            events,
            ratings: &question.ratings,
            targets: WorkTargets::of(cells),
        };
        let mut ids: Vec<String> = groups.keys().cloned().collect();
        let is_known = |id: &String| groups.contains_key(id) || names.code(id).is_some();
        let mut asked = question.managers.iter().flatten().chain(&question.opened);
        if let Some(unknown) = asked.find(|id| !is_known(id)) {
            return Err(InsightError::UnknownManager(unknown.clone()));
        }
        match &question.managers {
            Some(asked) => ids.clone_from(asked),
            None => ids.extend(question.opened.clone()),
        }
        if let Some(hidden) = question.opened.as_ref().filter(|id| !ids.contains(id)) {
            return Err(InsightError::UnknownManager(hidden.clone()));
        }
        let is_seen = |id: &String| question.reach.as_ref().is_none_or(|reach| reach.holds(id));
        if let Some(hidden) = question.managers.iter().flatten().chain(&question.opened).find(|id| !is_seen(id)) {
            return Err(InsightError::UnknownManager(hidden.clone()));
        }
        ids.retain(is_seen);
        ids.sort_by(|one, other| id_order(one, other));
        ids.dedup();
        let is_part = question.managers.is_some() || question.reach.is_some();
        let nothing = Group::default();
        let group_of = |id: &String| groups.get(id).unwrap_or(&nothing);
        let mut all = if is_part { Group::default() } else { self.unnamed.clone() };
        all.members = is_part.then(|| ids.clone());
        ids.iter().for_each(|id| all.add(group_of(id)));
        // A shared account is one account.
        for places in [&mut all.holdings, &mut all.offers, &mut all.feedback] {
            places.sort_unstable();
            places.dedup();
        }
        let manager = |id: &String| {
            let group = group_of(id);
            let named = names.code(id).and_then(|code| names.name(code)).map(str::to_owned);
            let name = named.or_else(|| events.manager_names.get(id).filter(|_| groups.contains_key(id)).cloned());
            context.manager(Some(id.clone()), name, group, book)
        };
        let (managers, total): (Vec<ManagerProcess>, _) =
            rayon::join(|| ids.par_iter().map(manager).collect(), || context.manager(None, None, &all, book));
        let currencies = &cells.names().currencies;
        Ok(Process {
            period: self.window,
            as_of: self.as_of,
            promises: question.promises.clone(),
            total,
            opened: question.opened.as_ref().and_then(|id| managers.iter().position(|of| of.id.as_ref() == Some(id))),
            managers,
            currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
            basis: cells.basis(),
            months,
            work: self.clone(),
        })
    }
}

/// The last month that the events have to its end; their last one where there is none.
fn last_complete_month(days: Period, as_of: Day) -> takar_model::Month {
    let month = as_of.month();
    if month.last_day() <= as_of || month.first_day() <= days.from() { month } else { month.plus(-1) }
}

/// How many months a window is: whole ones as such, else by days.
fn months_of(window: Period) -> f64 {
    match window.whole_months() {
        Some((first, last)) => f64::from(last.index() - first.index() + 1),
        None => f64::from(window.days()) / 30.4375,
    }
}

/// What belongs to whom; last what no manager is known for.
fn groups(names: &Names, events: &Events, book: &Book) -> (FxHashMap<String, Group>, Group) {
    let mut groups: FxHashMap<String, Group> = FxHashMap::default();
    let mut unnamed = Group::default();
    let mut of = |manager: Option<&str>, then: &mut dyn FnMut(&mut Group)| match manager {
        Some(id) => match groups.get_mut(id) {
            Some(group) => then(group),
            None => then(groups.entry(id.to_owned()).or_default()),
        },
        None => then(&mut unnamed),
    };
    let responsible = |account: &Option<String>, day| book.responsible(names, &events.owners, account.as_deref(), day);
    for (place, holding) in (0_u32..).zip(&book.holdings) {
        if holding.managers.is_empty() {
            of(None, &mut |group| group.holdings.push(place));
        }
        for manager in &holding.managers {
            of(Some(manager), &mut |group| group.holdings.push(place));
        }
    }
    for row in &events.contacts {
        of(row.manager.as_deref(), &mut |group| group.own_contacts += row.count);
    }
    for row in &events.responses {
        of(row.manager.as_deref(), &mut |group| group.hours.push((row.hours, row.count)));
    }
    for (place, offer) in (0_u32..).zip(&events.offers) {
        let found = offer.manager.is_none().then(|| responsible(&offer.account, offer.opened.or(offer.closed)));
        of(offer.manager.as_deref().or(found.flatten().as_deref()), &mut |group| group.offers.push(place));
    }
    for (place, said) in (0_u32..).zip(&events.feedback) {
        let found = said.manager.is_none().then(|| responsible(&said.account, Some(said.date)));
        of(said.manager.as_deref().or(found.flatten().as_deref()), &mut |group| group.feedback.push(place));
    }
    (groups, unnamed)
}

impl Group {
    fn add(&mut self, other: &Self) {
        self.own_contacts += other.own_contacts;
        self.hours.extend(&other.hours);
        self.holdings.extend(&other.holdings);
        self.offers.extend(&other.offers);
        self.feedback.extend(&other.feedback);
    }
}

impl Context<'_> {
    fn manager(&self, id: Option<String>, name: Option<String>, group: &Group, book: &Book) -> ManagerProcess {
        let holdings: Vec<&Holding> = group.holdings.iter().map(|place| &book.holdings[*place as usize]).collect();
        let offers: Vec<&Offer> = group.offers.iter().map(|place| &self.events.offers[*place as usize]).collect();
        let feedback: Vec<&Feedback> =
            group.feedback.iter().map(|place| &self.events.feedback[*place as usize]).collect();
        // All together have each account for the whole window, whoever had it when.
        let account_months = match &id {
            Some(id) => {
                let days = book.account_days.get(id).copied().unwrap_or(0);
                days as f64 / f64::from(self.known_days) * self.months
            }
            None => holdings.len() as f64 * self.months,
        };
        let mut measures = self.contact(&holdings, group.own_contacts, account_months);
        // A manager's own target of the time to answer is what the manager's accounts are promised.
        let own = |kpi: ProcessKpi| id.as_deref().and_then(|id| self.targets.get(id, kpi, self.window));
        let promise = own(ProcessKpi::ResponseHours).unwrap_or(self.promises.response_hours);
        measures.extend(self.responses(&group.hours, promise));
        measures.extend(self.offers(&offers));
        measures.extend(self.communication(&feedback, account_months));
        let is_of = |manager: &str| match (&id, &group.members) {
            (Some(id), _) => id == manager,
            (None, Some(members)) => members.iter().any(|member| member == manager),
            (None, None) => true,
        };
        measures.push(rubric::measure(self.ratings, self.window, is_of));
        for measure in &mut measures {
            measure.target = own(measure.kpi.kpi);
        }
        let is_complaint = |place: &&u32| self.events.feedback[**place as usize].kind == "complaint";
        ManagerProcess {
            id,
            name,
            measures,
            classes: self.classes(&holdings),
            funnel: self.funnel(&offers),
            responses: Self::response_bins(&group.hours),
            reasons: self.reasons(&offers),
            holdings: group.holdings.clone(),
            offers: group.offers.clone(),
            complaints: group.feedback.iter().filter(is_complaint).copied().collect(),
        }
    }
}

impl ManagerProcess {
    /// The measure of a KPI.
    pub fn measure(&self, kpi: ProcessKpi) -> &Measure {
        &self.measures[kpi as usize]
    }
}

impl Process {
    /// The window by whose sales accounts are classed and weighed.
    pub fn classed_by(&self) -> Option<Period> {
        self.work.book.classed_by
    }

    /// The accounts of a manager: those nobody touched first, by worth.
    pub fn accounts_of(&self, manager: &ManagerProcess) -> Vec<AccountContact<'_>> {
        let holdings: Vec<&Holding> =
            manager.holdings.iter().map(|place| &self.work.book.holdings[*place as usize]).collect();
        self.context().accounts(&holdings)
    }

    /// The class of each account in the book.
    pub fn classes_of_accounts(&self) -> impl Iterator<Item = (&str, Class)> {
        self.work.book.holdings.iter().map(|holding| (holding.id.as_str(), holding.class))
    }

    /// By account, the sum of its scores as parts of their scales, and how many there are.
    pub fn satisfaction_of_accounts(&self) -> FxHashMap<String, (f64, u64)> {
        self.context().satisfaction()
    }

    fn context(&self) -> Context<'_> {
        Context {
            window: self.period,
            as_of: self.as_of,
            months: self.months,
            known_days: self.period.days(),
            promises: &self.promises,
            events: &self.work.events,
            ratings: &[],
            targets: WorkTargets::default(),
        }
    }

    /// The offers of a manager that were opened or decided in the window, newest first.
    pub fn offers_of(&self, manager: &ManagerProcess) -> Vec<&Offer> {
        let mut offers: Vec<&Offer> =
            manager.offers.iter().map(|place| &self.work.events.offers[*place as usize]).collect();
        offers.sort_by(|one, other| other.opened.cmp(&one.opened).then_with(|| id_order(&one.id, &other.id)));
        offers
    }

    /// The complaints of a manager's accounts in the window, newest first.
    pub fn complaints_of(&self, manager: &ManagerProcess) -> Vec<&Feedback> {
        let mut complaints: Vec<&Feedback> =
            manager.complaints.iter().map(|place| &self.work.events.feedback[*place as usize]).collect();
        complaints.sort_by(|one, other| other.date.cmp(&one.date).then_with(|| one.account.cmp(&other.account)));
        complaints
    }
}
