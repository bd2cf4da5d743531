//! What a decided dispute does to the credit: invoices are credited as was decided, by an import like any other, which can be taken back.
//! The invoices stay what they are, so that what is credited still adds up to them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use takar_insight::metrics::{self, Dimension, Field, Filter, Kpi, Query, Value};
use takar_lake::LineFilter;
use takar_model::{Credit, Day, ImportId, Money, Period, id_order};
use takar_state::{DecisionRow, DisputeRow, Message};

use super::{Loaded, asked};
use crate::{AppError, CreditPart, Fault, Result, Takar, push::own_key};

/// Lines that one decision may be about.
const MOST_LINES: usize = 10_000;
/// What is to become of the credit of some invoices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// The account whose invoices they are, where all of some days are meant.
    pub account: Option<String>,
    /// Their stream.
    pub source: String,
    /// Their numbers.
    pub invoices: Vec<String>,
    /// The days they are dated on.
    pub period: String,
    /// The accounts they are of.
    pub accounts: Vec<String>,
    /// Who has which part.
    pub parts: Vec<CreditPart>,
    /// By manager: what was credited of these accounts on these days.
    pub before: Vec<CreditedTo>,
}

/// What is credited to a manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditedTo {
    /// The manager's id; nobody's without.
    pub manager: Option<String>,
    /// Net sales, exact.
    pub net: String,
}

/// What a decision changed for a manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditMoved {
    /// The manager's id; nobody's without.
    pub manager: Option<String>,
    /// Net sales of the accounts on the days before, exact.
    pub before: String,
    /// The same after it.
    pub now: String,
}

/// Which invoices a decision is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub invoice: Option<&'a str>,
    pub account: Option<&'a str>,
    pub period: Option<Period>,
}

impl Takar {
    /// Refuses who gains or loses by a verdict on invoices, whichever it is: who is credited of them now, and a lead where somebody beyond
    /// the line is. Of invoices that are not there nobody is.
    pub(super) fn may_judge(&self, loaded: &Loaded, about: About<'_>) -> Result<()> {
        let credit = credit_of(loaded);
        let involved: BTreeSet<String> = match (about.invoice, about.account) {
            (None, None) => return Ok(()),
            (Some(invoice), _) => {
                let invoice = Some(invoice.to_owned());
                let filter = LineFilter { credit, invoice, limit: MOST_LINES, ..LineFilter::default() };
                let managers = self.as_keeper().lines(&filter)?.rows;
                let manager = |row: &serde_json::Map<String, serde_json::Value>| {
                    Some(row.get("manager_id")?.as_str()?.to_owned())
                };
                managers.iter().filter_map(manager).collect()
            }
            (None, Some(account)) => {
                let period = about.period.map_or_else(|| loaded.cycle.opened.period.parse(), Ok)?;
                self.credited(credit, period, &[account.to_owned()])?
                    .into_iter()
                    .filter_map(|one| one.manager)
                    .collect()
            }
        };
        self.may_settle_between(&involved)
    }

    /// Finds the invoices of a decision and what is credited of them now, and refuses who gains or loses by it.
    pub(super) fn remedy(&self, loaded: &Loaded, about: About<'_>, parts: &[CreditPart]) -> Result<Remedy> {
        let credit = credit_of(loaded);
        if credit == Credit::Now {
            return Err(asked(
                "siklus ini mengkreditkan kepada pemilik sekarang: yang berubah di sana pemilik akunnya, bukan fakturnya (takar facts add ownership)",
                "this cycle credits to who owns the account now: there the owner changes, not the invoice (takar facts add ownership)",
            ));
        }
        self.may_credit(parts)?;
        if about.invoice.is_none() && about.account.is_none() {
            return Err(asked(
                "sebutkan faktur atau akun yang kreditnya berubah",
                "say of which invoice or account the credit changes",
            ));
        }
        let own: Period = loaded.cycle.opened.period.parse()?;
        let filter = LineFilter {
            credit,
            invoice: about.invoice.map(str::to_owned),
            account: about.account.map(str::to_owned),
            period: about.period.or_else(|| about.invoice.is_none().then_some(own)),
            limit: MOST_LINES,
            ..LineFilter::default()
        };
        let page = self.as_keeper().lines(&filter)?;
        if page.total > MOST_LINES {
            return Err(told(
                format!("{} baris sekaligus: persempit harinya, paling banyak {MOST_LINES}", page.total),
                format!("{} lines at once: narrow the days, {MOST_LINES} at most", page.total),
            ));
        }
        let (mut sources, mut invoices, mut accounts, mut involved) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut days: BTreeSet<String> = BTreeSet::new();
        for row in &page.rows {
            let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
            let Some(invoice) = text("invoice_no") else {
                return Err(asked(
                    "sebagian baris tidak punya nomor faktur: kreditnya hanya bisa diperbaiki lewat impor",
                    "some of the lines have no invoice number: their credit can only be corrected by an import",
                ));
            };
            invoices.insert(invoice);
            sources.extend(text("source"));
            accounts.extend(text("account_id"));
            involved.extend(text("manager_id"));
            days.extend(text("date"));
        }
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Err(asked(
                "tidak ada faktur seperti itu: periksa nomor, akun dan harinya",
                "there is no such invoice: look at number, account and days",
            ));
        };
        let mut streams = sources.into_iter();
        let (Some(source), None) = (streams.next(), streams.next()) else {
            return Err(asked(
                "fakturnya berasal dari beberapa sumber: putuskan per faktur",
                "the invoices are of several sources: decide invoice by invoice",
            ));
        };
        involved.extend(parts.iter().map(|part| part.manager.clone()));
        self.may_settle_between(&involved)?;
        let period: Period = format!("{first}..{last}").parse()?;
        let accounts: Vec<String> = accounts.into_iter().collect();
        let before = self.credited(credit, period, &accounts)?;
        Ok(Remedy {
            account: about.account.filter(|_| about.invoice.is_none()).map(str::to_owned),
            source,
            invoices: invoices.into_iter().collect(),
            period: period.to_string(),
            accounts,
            parts: parts.to_vec(),
            before,
        })
    }

    /// Credits the invoices as was decided; the import, and what it changed by manager.
    pub(super) fn redress(
        &self,
        dispute: i64,
        loaded: &Loaded,
        decision: &DecisionRow,
        remedy: &Remedy,
    ) -> Result<(ImportId, Vec<CreditMoved>)> {
        let key = Some(own_key(&format!("dispute-{dispute}")));
        let day = decision.said.at.parse::<Timestamp>().map(|at| Day::from(at.to_zoned(TimeZone::system()).date()));
        let said = (day.unwrap_or_else(|_| self.today()), decision.why.as_str());
        let import = self.push_credits(&remedy.source, &remedy.invoices, &remedy.parts, said, key)?;
        let after = self.credited(credit_of(loaded), remedy.period.parse()?, &remedy.accounts)?;
        Ok((import, moved(&remedy.before, &after)))
    }

    /// Net sales of some accounts in a window by manager, in the order of ids.
    fn credited(&self, credit: Credit, period: Period, accounts: &[String]) -> Result<Vec<CreditedTo>> {
        let source = self.as_keeper().source(credit)?;
        let query = Query {
            by: vec![Dimension::Manager],
            period: Some(period),
            kpis: vec![Kpi::parse("net_sales")?],
            filter: Some(Filter::In(Field::Id(Dimension::Account), accounts.to_vec())),
            compare: None,
        };
        let table = metrics::run(source.as_ref(), &query)?;
        let mut found: Vec<CreditedTo> = table
            .rows
            .iter()
            .filter_map(|row| {
                let Value::Money(net) = row.values.first()? else { return None };
                Some(CreditedTo { manager: row.keys.first()?.id.clone(), net: net.to_string() })
            })
            .collect();
        let id = |one: &CreditedTo| one.manager.clone().unwrap_or_default();
        found.sort_by(|one, other| id_order(&id(one), &id(other)));
        Ok(found)
    }

    /// Carries out decisions that were cut off. Nothing is done while another process decides.
    pub(crate) fn settle_disputes(&self) -> Result<()> {
        let waiting = self.state.disputes_on_their_way()?;
        if waiting.is_empty() {
            return Ok(());
        }
        let file = std::fs::File::create(self.folder.join("evaluations.lock")).map_err(|source| self.wrong(source))?;
        if file.try_lock().is_err() {
            return Ok(());
        }
        for row in waiting {
            // What cannot be carried out was no decision, or is tried again at the next start; the home opens in any case.
            if self.carry_out(&row).is_ok() {
                self.note("carry out decision", &format!("dispute {}", row.id))?;
            }
        }
        Ok(())
    }

    /// Carries out what was decided about a dispute. Where its rows are refused nothing was decided; where the machine fails it is tried
    /// again at the next start.
    pub(super) fn carry_out(&self, row: &DisputeRow) -> Result<()> {
        let Some(decision) = row.decision.as_ref() else { return Ok(()) };
        let Some(remedy) = decision.remedy.as_deref().and_then(|text| serde_json::from_str::<Remedy>(text).ok()) else {
            return Ok(());
        };
        let (loaded, _) = self.as_keeper().load(row.dispute.evaluation)?;
        match self.redress(row.id, &loaded, decision, &remedy) {
            Ok((import, moved)) => {
                let changed = serde_json::to_string(&moved).unwrap_or_default();
                Ok(self.state.decision_arrived(row.id, import, &changed)?)
            }
            Err(error) => {
                if error.fault() != Fault::Ours {
                    self.state.decision_failed(row.id)?;
                }
                Err(error)
            }
        }
    }
}

fn credit_of(loaded: &Loaded) -> Credit {
    loaded.cycle.opened.credit.parse().unwrap_or_default()
}

/// By manager: what was and what is, where it is not the same.
fn moved(before: &[CreditedTo], after: &[CreditedTo]) -> Vec<CreditMoved> {
    let mut all: BTreeMap<Option<&str>, (&str, &str)> = BTreeMap::new();
    for one in before {
        all.entry(one.manager.as_deref()).or_insert(("0", "0")).0 = &one.net;
    }
    for one in after {
        all.entry(one.manager.as_deref()).or_insert(("0", "0")).1 = &one.net;
    }
    let of = |text: &str| text.parse::<Money>().unwrap_or(Money::ZERO);
    all.into_iter()
        .filter(|(_, (before, now))| of(before) != of(now))
        .map(|(manager, (before, now))| CreditMoved {
            manager: manager.map(str::to_owned),
            before: before.to_owned(),
            now: now.to_owned(),
        })
        .collect()
}

const fn told(id: String, en: String) -> AppError {
    AppError::Told(Message { id, en })
}
