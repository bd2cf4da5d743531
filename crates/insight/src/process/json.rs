//! The work as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};

use super::{ManagerProcess, PROCESS_KPIS, Process, ProcessKpiJson, Promises, measure::MeasureJson};
use crate::InsightError;

/// Rows of accounts, offers and complaints, at most.
const MOST: usize = 300;

#[derive(Serialize)]
struct ProcessJson<'a> {
    period: Window,
    as_of: String,
    classed_by: Option<Window>,
    promises: &'a Promises,
    kpis: Vec<ProcessKpiJson>,
    total: ManagerJson<'a>,
    managers: Vec<ManagerJson<'a>>,
    detail: DetailJson<'a>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct Window {
    from: String,
    to: String,
    label: String,
}

#[derive(Serialize)]
struct ManagerJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    measures: Vec<MeasureJson>,
}

/// What is behind the measures, of the one manager that was asked for, else of all.
#[derive(Serialize)]
struct DetailJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    classes: Vec<ClassJson>,
    responses: Vec<BinJson>,
    funnel: FunnelJson,
    reasons: Vec<ReasonJson<'a>>,
    accounts: Vec<AccountJson<'a>>,
    total_accounts: usize,
    untouched: usize,
    offers: Vec<OfferJson<'a>>,
    total_offers: usize,
    complaints: Vec<ComplaintJson<'a>>,
    total_complaints: usize,
}

#[derive(Serialize)]
struct ClassJson {
    class: &'static str,
    accounts: u64,
    worth: Money,
    planned: u64,
    contacted: MeasureJson,
    as_planned: MeasureJson,
}

#[derive(Serialize)]
struct BinJson {
    over: f64,
    up_to: Option<f64>,
    count: u64,
}

#[derive(Serialize)]
struct FunnelJson {
    sent: u64,
    followed_up: u64,
    won: u64,
    lost: u64,
    open: u64,
    amount: Option<Money>,
    won_amount: Option<Money>,
}

#[derive(Serialize)]
struct ReasonJson<'a> {
    state: &'static str,
    reason: Option<&'a str>,
    count: u64,
    amount: Option<Money>,
}

#[derive(Serialize)]
struct AccountJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    class: &'static str,
    worth: Option<Money>,
    contacts: u64,
    planned: u64,
    last: Option<String>,
    managers: &'a [String],
}

#[derive(Serialize)]
struct OfferJson<'a> {
    id: &'a str,
    account: Option<&'a str>,
    account_name: Option<&'a str>,
    manager: Option<&'a str>,
    opened: Option<String>,
    followed_up: Option<String>,
    closed: Option<String>,
    state: &'static str,
    amount: Option<Money>,
    currency: Option<&'a str>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct ComplaintJson<'a> {
    account: Option<&'a str>,
    account_name: Option<&'a str>,
    date: String,
    resolved: Option<String>,
    is_resolved: bool,
}

impl Window {
    fn of(period: takar_model::Period) -> Self {
        Self { from: period.from().to_string(), to: period.to().to_string(), label: period.to_string() }
    }
}

impl Process {
    /// Of whom the rows behind the measures are told: of the manager that was asked for, else of all.
    pub fn opened(&self) -> &ManagerProcess {
        self.opened.and_then(|place| self.managers.get(place)).unwrap_or(&self.total)
    }

    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let manager = |of: &'_ ManagerProcess| -> Vec<MeasureJson> {
            of.measures.iter().map(|measure| measure.json(lang)).collect()
        };
        let answer = ProcessJson {
            period: Window::of(self.period),
            as_of: self.as_of.to_string(),
            classed_by: self.classed_by().map(Window::of),
            promises: &self.promises,
            kpis: PROCESS_KPIS.iter().map(|kpi| kpi.json(lang)).collect(),
            total: ManagerJson { id: None, name: None, measures: manager(&self.total) },
            managers: self
                .managers
                .iter()
                .map(|of| ManagerJson { id: of.id.as_deref(), name: of.name.as_deref(), measures: manager(of) })
                .collect(),
            detail: self.detail(self.opened(), lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }

    fn detail<'a>(&'a self, of: &'a ManagerProcess, lang: Lang) -> DetailJson<'a> {
        let (accounts, offers, complaints) = (self.accounts_of(of), self.offers_of(of), self.complaints_of(of));
        let day = |day: Option<takar_model::Day>| day.map(|day| day.to_string());
        let name = |account: Option<&str>| self.work.book.holding(account?)?.name.as_deref();
        DetailJson {
            id: of.id.as_deref(),
            name: of.name.as_deref(),
            classes: of
                .classes
                .iter()
                .map(|row| ClassJson {
                    class: row.class.name(),
                    accounts: row.accounts,
                    worth: row.worth,
                    planned: row.planned,
                    contacted: row.contacted.json(lang),
                    as_planned: row.as_planned.json(lang),
                })
                .collect(),
            responses: of
                .responses
                .iter()
                .map(|bin| BinJson { over: bin.over, up_to: bin.up_to, count: bin.count })
                .collect(),
            funnel: FunnelJson {
                sent: of.funnel.sent,
                followed_up: of.funnel.followed_up,
                won: of.funnel.won,
                lost: of.funnel.lost,
                open: of.funnel.open,
                amount: of.funnel.amount,
                won_amount: of.funnel.won_amount,
            },
            reasons: of
                .reasons
                .iter()
                .map(|row| ReasonJson {
                    state: row.state.word(),
                    reason: row.reason.as_deref(),
                    count: row.count,
                    amount: row.amount,
                })
                .collect(),
            total_accounts: accounts.len(),
            untouched: accounts.iter().filter(|account| account.contacts == 0).count(),
            accounts: accounts
                .into_iter()
                .take(MOST)
                .map(|account| AccountJson {
                    id: &account.holding.id,
                    name: account.holding.name.as_deref(),
                    class: account.holding.class.name(),
                    worth: account.holding.worth,
                    contacts: account.contacts,
                    planned: account.planned,
                    last: day(account.last),
                    managers: &account.holding.managers,
                })
                .collect(),
            total_offers: offers.len(),
            offers: offers
                .into_iter()
                .take(MOST)
                .map(|offer| OfferJson {
                    id: &offer.id,
                    account: offer.account.as_deref(),
                    account_name: name(offer.account.as_deref()),
                    manager: offer.manager.as_deref(),
                    opened: day(offer.opened),
                    followed_up: day(offer.followed_up),
                    closed: day(offer.closed),
                    state: offer.state.word(),
                    amount: offer.amount,
                    currency: offer.currency.as_deref(),
                    reason: offer.reason.as_deref(),
                })
                .collect(),
            total_complaints: complaints.len(),
            complaints: complaints
                .into_iter()
                .take(MOST)
                .map(|said| ComplaintJson {
                    account: said.account.as_deref(),
                    account_name: name(said.account.as_deref()),
                    date: said.date.to_string(),
                    resolved: day(said.resolved),
                    is_resolved: said.is_resolved,
                })
                .collect(),
        }
    }
}
