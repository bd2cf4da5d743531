//! The page's overview.

use takar_model::{Compare, Lang, Month, Period};

use super::{
    Movers, Scorecard, TrendMonth,
    figures::scorecards,
    months_of_all,
    movers::movers,
    running::{MonthToDate, month_to_date},
};
use crate::{
    InsightError,
    format::Currency,
    metrics::{Basis, CellSource, Dimension, NONE, base_window},
};

/// The company at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The window.
    pub period: Period,
    /// The window before.
    pub base: Option<Period>,
    /// The window a year earlier.
    pub year_base: Option<Period>,
    /// What it rests on.
    pub basis: Basis,
    /// The one currency, where there is one.
    pub currency: Option<String>,
    /// The company's figures.
    pub total: Scorecard,
    /// Up to 24 months, the last is the window's.
    pub months: Vec<TrendMonth>,
    /// The running month of the data.
    pub month_to_date: Option<MonthToDate>,
    /// Every manager with supervisor and branch.
    pub managers: Vec<Member>,
    /// By supervisor.
    pub supervisors: Vec<Member>,
    /// By branch.
    pub branches: Vec<Member>,
    /// The accounts that made the difference to the window before.
    pub movers: Movers,
    /// The last complete month.
    pub default_period: Period,
    /// The months of the data, newest first.
    pub periods: Vec<Month>,
}

/// A manager, supervisor or branch with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its figures; the key says whose.
    pub card: Scorecard,
    /// A manager's supervisor.
    pub supervisor: Option<String>,
    /// A manager's branch.
    pub branch: Option<String>,
    /// How many managers a supervisor or branch has with sales or a target.
    pub managers: usize,
}

/// The overview of a window, by default the last month that is complete in the data.
///
/// # Errors
/// [`InsightError::NoData`] without lines, and what [`run`](crate::metrics::run) says.
pub fn overview(source: &dyn CellSource, period: Option<Period>) -> Result<Overview, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let default_period = source.last_complete_month().map(Period::month).ok_or(InsightError::NoData)?;
    let period = period.unwrap_or(default_period);
    let managers = members(source, Dimension::Manager, period)?;
    let mut supervisors = members(source, Dimension::Supervisor, period)?;
    let mut branches = members(source, Dimension::Branch, period)?;
    let count = |units: &mut [Member], of: fn(&Member) -> &Option<String>| {
        for unit in units {
            let label = unit.card.key.as_ref().and_then(|key| key.name.clone().or_else(|| key.id.clone()));
            let somebody = |member: &&Member| member.card.key.as_ref().is_some_and(|key| key.id.is_some());
            unit.managers = managers.iter().filter(somebody).filter(|member| *of(member) == label).count();
        }
    };
    count(&mut supervisors, |member| &member.supervisor);
    count(&mut branches, |member| &member.branch);
    let all_movers = movers(source, None, period, Compare::Prior)?;
    let months = (extent.from().month().index()..=extent.to().month().index()).rev();
    Ok(Overview {
        period,
        base: base_window(period, Compare::Prior, extent),
        year_base: base_window(period, Compare::Year, extent),
        basis: source.basis(),
        currency: super::currency(source, period)?,
        total: scorecards(source, None, period)?.pop().ok_or(InsightError::NoData)?,
        months: months_of_all(source, period)?,
        month_to_date: month_to_date(source)?,
        managers,
        supervisors,
        branches,
        movers: all_movers.and_then(|mut all| all.pop()).map(|(_, movers)| movers).unwrap_or_default(),
        default_period,
        periods: months.map(Month::from_index).collect(),
    })
}

impl Overview {
    /// A few lines to paste into a chat.
    pub fn summary(&self, lang: Lang) -> String {
        let name = |member: &'_ Member| member.card.key.as_ref().map_or("", |key| key.label(lang)).to_owned();
        let names: Vec<String> = self.managers.iter().map(name).collect();
        let managers = names.iter().map(String::as_str).zip(self.managers.iter().map(|member| member.card.net_sales()));
        let currency = Currency(self.currency.clone());
        super::summary(self.period, &self.total, managers.collect(), &currency, lang)
    }
}

fn members(source: &dyn CellSource, by: Dimension, period: Period) -> Result<Vec<Member>, InsightError> {
    let names = source.names();
    if names.labels(by).is_none_or(|labels| labels.is_empty()) {
        return Ok(Vec::new());
    }
    let cards = scorecards(source, Some(by), period)?;
    let member = |card: Scorecard| {
        let id = card.key.as_ref().and_then(|key| key.id.as_deref()).filter(|_| by == Dimension::Manager);
        let code = id.and_then(|id| names.manager.code(id)).unwrap_or(NONE);
        Member {
            supervisor: names.supervisor.label(names.supervisor_of(code)).map(str::to_owned),
            branch: names.branch.label(names.branch_of(code)).map(str::to_owned),
            managers: 0,
            card,
        }
    };
    Ok(cards.into_iter().map(member).collect())
}
