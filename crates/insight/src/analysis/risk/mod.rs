//! Which accounts are slipping: overdue by their own rhythm, probably lost, and what that is worth.
//!
//! The rhythm is read from all order days of an account, whoever served it; the account belongs to the manager who has it
//! now, else to the one of its last sales.

mod json;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::{Day, Money};
use takar_stats::{
    Level,
    alive::{Assess, Assessment, GapMethod, OrderHistory, Outlook},
    multiple::ErrorRate,
};

use super::latest::Latest;
use crate::{
    InsightError,
    metrics::{Basis, CellSource, Filter, NONE, Reach, known_manager},
};

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The account most likely lost.
    #[default]
    Risk,
    /// The account with most sales at risk: risk × sales of the last year.
    Worth,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// What comes first.
    pub order: Order,
    /// Only accounts of this manager.
    pub manager: Option<String>,
    /// Only accounts for which the condition holds, by what their latest sales say.
    pub filter: Option<Filter>,
    /// The share of false alarms accepted among the accounts called overdue, between 0 and 1.
    pub false_alarms: f64,
    /// Days ahead for expected orders and value.
    pub horizon_days: u16,
}

impl Default for Question {
    /// All accounts, 5 % false alarms, 30 days ahead.
    fn default() -> Self {
        Self { order: Order::Risk, manager: None, filter: None, false_alarms: 0.05, horizon_days: 30 }
    }
}

/// One account and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRisk {
    /// The account's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The id of the manager who has it.
    pub manager: Option<String>,
    /// The manager's name.
    pub manager_name: Option<String>,
    /// The day of its last order.
    pub last_order: Day,
    /// Net sales of its orders in the year before today.
    pub year_sales: Money,
    /// What the estimators say.
    pub outlook: Outlook,
}

/// The accounts, those most at risk first.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// The day at whose end they are judged: the last date of the data.
    pub today: Day,
    /// Share of false alarms accepted among those called overdue.
    pub false_alarms: f64,
    /// Days ahead for expected orders and value.
    pub horizon_days: u16,
    /// Accounts in the order asked for; ties in the order of ids.
    pub accounts: Vec<AccountRisk>,
    /// The models, and why there is none where there is none.
    pub models: Assessment,
    /// The currency of the amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

impl Risk {
    /// How many accounts are overdue.
    pub fn overdue(&self) -> usize {
        self.accounts.iter().filter(|account| account.is_overdue()).count()
    }
}

impl AccountRisk {
    /// It is overdue by its own rhythm.
    pub fn is_overdue(&self) -> bool {
        self.outlook.rhythm.and_then(|rhythm| rhythm.overdue) == Some(true)
    }

    /// What the account would bring in a year, times the probability that it is lost.
    pub fn value_at_risk(&self) -> Option<Money> {
        let risk = self.outlook.risk?;
        Some(crate::format::money_of(self.year_sales.to_f64() * risk))
    }
}

/// Judges all accounts together (how regular accounts are is learned from all), then shows those asked for.
///
/// # Errors
/// [`InsightError::NoData`] without lines, [`InsightError::UnknownManager`], [`InsightError::TimeCondition`],
/// [`InsightError::Stats`] for a share of false alarms outside 0 to 1.
pub fn risk(source: &dyn CellSource, question: &Question) -> Result<Risk, InsightError> {
    let today = source.extent().ok_or(InsightError::NoData)?.to();
    let names = source.names();
    let wanted = match &question.manager {
        Some(id) => Some(known_manager(source, id)?),
        None => None,
    };
    let orders = source.order_days()?;
    let codes: Vec<u32> =
        (0..orders.accounts() as u32).filter(|account| !orders.of_account(*account).0.is_empty()).collect();
    let amounts: Vec<Vec<f64>> = codes
        .iter()
        .map(|account| {
            let (_, net) = orders.of_account(*account);
            net.iter().map(|units| Money::from_units(i128::from(*units)).to_f64()).collect()
        })
        .collect();
    let histories: Vec<OrderHistory> = codes
        .iter()
        .zip(&amounts)
        .map(|(account, amounts)| OrderHistory { days: orders.of_account(*account).0, amounts })
        .collect();
    let assess = Assess {
        horizon_days: f64::from(question.horizon_days),
        false_alarms: ErrorRate::new(question.false_alarms)?,
        level: Level::P80,
        ..Assess::on(today.epoch_days())
    };
    let models = assess.all(&histories)?;
    let latest = Latest::of(source, question.filter.as_ref())?;
    let year_ago = today.epoch_days() - 365;
    let mut accounts: Vec<AccountRisk> = models
        .by_risk
        .iter()
        .filter_map(|place| {
            let account = codes[*place];
            let manager = match names.account_manager.get(account as usize) {
                Some(manager) if *manager != NONE => *manager,
                _ => latest.managers[account as usize],
            };
            let in_reach = |reach: &Reach| names.manager.id(manager).is_some_and(|id| reach.holds(id));
            if !source.reach().is_none_or(in_reach) {
                return None;
            }
            if wanted.is_some_and(|wanted| wanted != manager) || !latest.passes[account as usize] {
                return None;
            }
            let (days, net) = orders.of_account(account);
            let in_year = days.iter().zip(net).filter(|(day, _)| **day > year_ago);
            Some(AccountRisk {
                id: names.account.id(account)?.to_owned(),
                name: names.account.name(account).map(str::to_owned),
                manager: names.manager.id(manager).map(str::to_owned),
                manager_name: names.manager.name(manager).map(str::to_owned),
                last_order: Day::from_epoch_days(*days.last()?)?,
                year_sales: in_year.map(|(_, net)| Money::from_units(i128::from(*net))).sum(),
                outlook: models.accounts[*place],
            })
        })
        .collect();
    if question.order == Order::Worth {
        accounts.sort_by_key(|account| std::cmp::Reverse(account.value_at_risk()));
    }
    Ok(Risk {
        today,
        false_alarms: question.false_alarms,
        horizon_days: question.horizon_days,
        accounts,
        models,
        currency: names.currencies.first().filter(|_| names.currencies.len() == 1).cloned(),
        basis: source.basis(),
    })
}

/// What the chance of a longer gap was judged by.
pub(crate) const fn method_id(method: GapMethod) -> &'static str {
    match method {
        GapMethod::Empirical => "empirical",
        GapMethod::BeyondEmpirical { .. } => "beyond_empirical",
        GapMethod::Gamma { .. } => "gamma",
        GapMethod::Exponential => "exponential",
        GapMethod::Population { .. } => "population",
        GapMethod::NotEnough => "not_enough",
    }
}
