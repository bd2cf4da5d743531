//! How managers work and what accounts say of it: contact coverage, response, offers, follow-up, complaints.
//!
//! Read in this order: [`PROCESS_KPIS`] says what is measured, [`Events`] what happened, [`Book`] whose accounts are whose,
//! [`process`] puts them together. Figures are pure functions over small tables of events; what was never recorded has no figure
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

use rustc_hash::FxHashMap;
use takar_model::{Day, Period, id_order};

use crate::{
    InsightError,
    metrics::{Basis, CellSource, Reach},
};

use self::targets::WorkTargets;
pub use self::{
    book::{Book, Class, Holding},
    contact::{AccountContact, ClassCoverage, ResponseBin},
    events::{Contacts, EventSource, Events, Feedback, Offer, OfferState, Owned, Recorded, Response},
    kpis::{MeasureUnit, PROCESS_KPIS, ProcessKpi, ProcessKpiDefinition, ProcessKpiJson, Side},
    measure::{Measure, Missing, Record},
    offers::{Funnel, ReasonRow},
    promises::{Promises, PromisesError},
    rubric::{CRITERIA, Criterion, RUBRIC_VERSION, Rating, mean_of},
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
    book: Book,
    events: Events,
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
    /// By account, contacts by whomever.
    contacts: FxHashMap<&'a str, u64>,
}

/// What belongs to one manager, or to all.
#[derive(Default)]
struct Group {
    own_contacts: u64,
    hours: Vec<(f64, u64)>,
    holdings: Vec<u32>,
    offers: Vec<u32>,
    feedback: Vec<u32>,
    /// Of several managers together, who they are; all unless told.
    members: Option<Vec<String>>,
}

/// Measures the work in a window.
///
/// # Errors
/// [`InsightError::NoData`] where there are neither sales nor events, [`InsightError::UnknownManager`], [`InsightError::Source`].
pub fn process(cells: &dyn CellSource, source: &dyn EventSource, question: &Question) -> Result<Process, InsightError> {
    let extent = cells.extent();
    let of_events = source.event_days()?;
    let last = extent.into_iter().chain(of_events).map(Period::to).max().ok_or(InsightError::NoData)?;
    let as_of = question.today.map_or(last, |today| today.min(last));
    let usual = || {
        let of_sales = extent.and_then(|_| cells.last_complete_month());
        of_sales.or_else(|| of_events.map(|days| last_complete_month(days, as_of))).map(Period::month)
    };
    let window = question.period.or_else(usual).ok_or(InsightError::NoData)?;
    let known_days = Period::new(window.from(), window.to().min(as_of)).unwrap_or(window);
    let events = source.events(window)?;
    let book = Book::of(cells, known_days, &events.owners)?;
    let months = months_of(known_days);
    let mut contacts: FxHashMap<&str, u64> = FxHashMap::default();
    for row in &events.contacts {
        if let Some(account) = &row.account {
            *contacts.entry(account).or_default() += row.count;
        }
    }
    let context = Context {
        window,
        as_of,
        months,
        known_days: known_days.days(),
        promises: &question.promises,
        events: &events,
        ratings: &question.ratings,
        targets: WorkTargets::of(cells),
        contacts,
    };
    let (mut groups, unnamed) = groups(&events, &book);
    let mut names: FxHashMap<String, Option<String>> = FxHashMap::default();
    for id in groups.keys() {
        let code = cells.names().manager.code(id);
        let name = code.and_then(|code| cells.names().manager.name(code)).map(str::to_owned);
        names.insert(id.clone(), name.or_else(|| events.manager_names.get(id).cloned()));
    }
    let mut ids: Vec<String> = groups.keys().cloned().collect();
    let is_known = |id: &String| groups.contains_key(id) || cells.names().manager.code(id).is_some();
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
    let mut all = if is_part { Group::default() } else { unnamed };
    all.members = is_part.then(|| ids.clone());
    let mut managers = Vec::with_capacity(ids.len());
    for id in ids {
        let group = groups.remove(&id).unwrap_or_default();
        let name = names.remove(&id).flatten();
        let name = name.or_else(|| {
            let code = cells.names().manager.code(&id)?;
            cells.names().manager.name(code).map(str::to_owned)
        });
        managers.push(context.manager(Some(id), name, &group, &book));
        all.add(group);
    }
    // A shared account is one account.
    for places in [&mut all.holdings, &mut all.offers, &mut all.feedback] {
        places.sort_unstable();
        places.dedup();
    }
    let total = context.manager(None, None, &all, &book);
    let currencies = &cells.names().currencies;
    Ok(Process {
        period: window,
        as_of,
        promises: question.promises.clone(),
        total,
        opened: question.opened.as_ref().and_then(|id| managers.iter().position(|of| of.id.as_ref() == Some(id))),
        managers,
        currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
        basis: cells.basis(),
        months,
        book,
        events,
    })
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
fn groups(events: &Events, book: &Book) -> (FxHashMap<String, Group>, Group) {
    let mut groups: FxHashMap<String, Group> = FxHashMap::default();
    let mut unnamed = Group::default();
    let mut of = |manager: Option<String>, then: &mut dyn FnMut(&mut Group)| match manager {
        Some(id) => then(groups.entry(id).or_default()),
        None => then(&mut unnamed),
    };
    let whose = |manager: &Option<String>, account: &Option<String>, day: Option<Day>| {
        manager.clone().or_else(|| book.responsible(&events.owners, account.as_deref(), day))
    };
    for (place, holding) in (0_u32..).zip(&book.holdings) {
        if holding.managers.is_empty() {
            of(None, &mut |group| group.holdings.push(place));
        }
        for manager in &holding.managers {
            of(Some(manager.clone()), &mut |group| group.holdings.push(place));
        }
    }
    for row in &events.contacts {
        of(row.manager.clone(), &mut |group| group.own_contacts += row.count);
    }
    for row in &events.responses {
        of(row.manager.clone(), &mut |group| group.hours.push((row.hours, row.count)));
    }
    for (place, offer) in (0_u32..).zip(&events.offers) {
        let manager = whose(&offer.manager, &offer.account, offer.opened.or(offer.closed));
        of(manager, &mut |group| group.offers.push(place));
    }
    for (place, said) in (0_u32..).zip(&events.feedback) {
        let manager = whose(&said.manager, &said.account, Some(said.date));
        of(manager, &mut |group| group.feedback.push(place));
    }
    (groups, unnamed)
}

impl Group {
    fn add(&mut self, other: Self) {
        self.own_contacts += other.own_contacts;
        self.hours.extend(other.hours);
        self.holdings.extend(other.holdings);
        self.offers.extend(other.offers);
        self.feedback.extend(other.feedback);
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
    pub const fn classed_by(&self) -> Option<Period> {
        self.book.classed_by
    }

    /// The accounts of a manager: those nobody touched first, by worth.
    pub fn accounts_of(&self, manager: &ManagerProcess) -> Vec<AccountContact<'_>> {
        let holdings: Vec<&Holding> =
            manager.holdings.iter().map(|place| &self.book.holdings[*place as usize]).collect();
        self.context().accounts(&holdings)
    }

    /// The class of each account in the book.
    pub fn classes_of_accounts(&self) -> impl Iterator<Item = (&str, Class)> {
        self.book.holdings.iter().map(|holding| (holding.id.as_str(), holding.class))
    }

    /// By account, the sum of its scores as parts of their scales, and how many there are.
    pub fn satisfaction_of_accounts(&self) -> FxHashMap<String, (f64, u64)> {
        self.context().satisfaction()
    }

    fn context(&self) -> Context<'_> {
        let mut contacts: FxHashMap<&str, u64> = FxHashMap::default();
        for row in &self.events.contacts {
            if let Some(account) = &row.account {
                *contacts.entry(account).or_default() += row.count;
            }
        }
        Context {
            window: self.period,
            as_of: self.as_of,
            months: self.months,
            known_days: self.period.days(),
            promises: &self.promises,
            events: &self.events,
            ratings: &[],
            targets: WorkTargets::default(),
            contacts,
        }
    }

    /// The offers of a manager that were opened or decided in the window, newest first.
    pub fn offers_of(&self, manager: &ManagerProcess) -> Vec<&Offer> {
        let mut offers: Vec<&Offer> = manager.offers.iter().map(|place| &self.events.offers[*place as usize]).collect();
        offers.sort_by(|one, other| other.opened.cmp(&one.opened).then_with(|| id_order(&one.id, &other.id)));
        offers
    }

    /// The complaints of a manager's accounts in the window, newest first.
    pub fn complaints_of(&self, manager: &ManagerProcess) -> Vec<&Feedback> {
        let mut complaints: Vec<&Feedback> =
            manager.complaints.iter().map(|place| &self.events.feedback[*place as usize]).collect();
        complaints.sort_by(|one, other| other.date.cmp(&one.date).then_with(|| one.account.cmp(&other.account)));
        complaints
    }
}
