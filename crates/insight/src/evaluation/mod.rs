//! Evaluations: every manager's figures beside the past, the target and the peers.

pub mod accounts;
pub mod diagnosis;
pub mod fair;
mod figures;
mod json;
pub mod limits;
mod movers;
mod overview;
pub mod presence;
mod remarks;
mod running;
pub mod scorecard;
pub mod weights;

use rustc_hash::FxHashMap;
use takar_model::{Compare, Lang, Money, Month, Period};

pub use self::{
    figures::{Figure, Place, Scorecard},
    movers::{Mover, Movers},
    overview::{Overview, overview},
    running::MonthToDate,
};
use crate::{
    InsightError,
    format::{Currency, period_name, signed},
    metrics::{
        Basis, CellSource, Dimension, Key, Kpi, MetricsTable, NONE, Query, Row, Value, Why, base_window, known_manager,
        run,
    },
};
use figures::{rank, scorecards};
use presence::{Absence, Presence, Presences};

/// How many months a trend shows.
const TREND: i32 = 24;

/// The evaluation of a window: the company, its managers, and their roll-ups.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The window.
    pub period: Period,
    /// The window before (equal days for a running month), where the data has it.
    pub base: Option<Period>,
    /// The same window a year earlier, where the data has it.
    pub year_base: Option<Period>,
    /// What it rests on.
    pub basis: Basis,
    /// The one currency of the window's lines, where there is one.
    pub currency: Option<String>,
    /// The company.
    pub total: Scorecard,
    /// The company's months.
    pub months: Vec<TrendMonth>,
    /// Every manager, in the order of ids; lines without manager last.
    pub managers: Vec<ManagerEvaluation>,
    /// By supervisor; empty where no supervisor is known.
    pub supervisors: Vec<RollUp>,
    /// By branch; empty where no branch is known.
    pub branches: Vec<RollUp>,
    /// The running month of the data.
    pub month_to_date: Option<MonthToDate>,
}

/// One manager.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagerEvaluation {
    /// Who.
    pub key: Key,
    /// The supervisor's name.
    pub supervisor: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// The figures, with the place among the managers.
    pub card: Scorecard,
    /// The accounts that made the difference to the window before; `None` without one.
    pub movers_prior: Option<Movers>,
    /// … and to a year ago.
    pub movers_year: Option<Movers>,
    /// Month by month.
    pub months: Vec<TrendMonth>,
    /// Days away; none where the manager was there on all days, as far as is known.
    pub presence: Option<Presence>,
}

/// Managers together.
#[derive(Debug, Clone, PartialEq)]
pub struct RollUp {
    /// The supervisor or branch.
    pub key: Key,
    /// How many managers with sales or a target belong to it.
    pub managers: usize,
    /// Its figures.
    pub card: Scorecard,
}

/// A month of a trend.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TrendMonth {
    /// The month.
    pub month: String,
    /// Its net sales.
    pub net_sales: Value,
    /// Its target.
    pub target: Value,
    /// Net sales of the same month a year earlier.
    pub net_sales_year_ago: Value,
}

/// Evaluates a window, by default the last month that is complete in the data, of one manager or all.
///
/// # Errors
/// [`InsightError::NoData`] without lines, [`InsightError::UnknownManager`], and what [`run`] says.
pub fn evaluate(
    source: &dyn CellSource,
    period: Option<Period>,
    manager: Option<&str>,
) -> Result<Evaluation, InsightError> {
    match manager {
        None => evaluate_all(source, period),
        Some(id) => {
            source.extent().ok_or(InsightError::NoData)?;
            known_manager(source, id)?;
            Ok(evaluate_all(source, period)?.of(id))
        }
    }
}

fn evaluate_all(source: &dyn CellSource, period: Option<Period>) -> Result<Evaluation, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let names = source.names();
    let period = period.or_else(|| source.last_complete_month().map(Period::month)).ok_or(InsightError::NoData)?;
    let total = scorecards(source, None, period)?.pop().ok_or(InsightError::NoData)?;
    // Placed among all, then shown as far as the reader may see.
    let mut cards = scorecards(source.peers().unwrap_or(source), Some(Dimension::Manager), period)?;
    rank(&mut cards);
    if let Some(reach) = source.reach() {
        cards.retain(|card| card.key.as_ref().and_then(|key| key.id.as_deref()).is_some_and(|id| reach.holds(id)));
        cards = cards.into_iter().map(Scorecard::without_few_peers).collect();
    }
    let mut prior = movers::movers(source, Some(Dimension::Manager), period, Compare::Prior)?;
    let mut year = movers::movers(source, Some(Dimension::Manager), period, Compare::Year)?;
    let trends = trend(source, Some(Dimension::Manager), period)?;
    // Rows come by manager.
    let mut months: FxHashMap<Option<&str>, &[Row]> = FxHashMap::default();
    for rows in trends.rows.chunk_by(|one, other| one.keys.first() == other.keys.first()) {
        months.insert(rows[0].keys.first().and_then(|key| key.id.as_deref()), rows);
    }
    let mut managers = Vec::new();
    for card in cards {
        let Some(key) = card.key.clone() else { continue };
        let code = key.id.as_deref().and_then(|id| names.manager.code(id)).unwrap_or(NONE);
        let take = |movers: &mut Option<Vec<movers::OwnedMovers>>| {
            let all = movers.as_mut()?;
            let place = all.iter().position(|(owner, _)| owner.as_ref() == Some(&key));
            Some(place.map(|place| all.swap_remove(place).1).unwrap_or_default())
        };
        managers.push(ManagerEvaluation {
            supervisor: names.supervisor.label(names.supervisor_of(code)).map(str::to_owned),
            branch: names.branch.label(names.branch_of(code)).map(str::to_owned),
            movers_prior: take(&mut prior),
            movers_year: take(&mut year),
            months: months_of(&trends, months.get(&key.id.as_deref()).copied().unwrap_or_default()),
            card,
            key,
            presence: None,
        });
    }
    Ok(Evaluation {
        period,
        base: base_window(period, Compare::Prior, extent),
        year_base: base_window(period, Compare::Year, extent),
        basis: source.basis(),
        currency: currency(source, period)?,
        months: months_of_all(source, period)?,
        supervisors: roll_up(source, Dimension::Supervisor, period, &managers)?,
        branches: roll_up(source, Dimension::Branch, period, &managers)?,
        month_to_date: running::month_to_date(source)?,
        total,
        managers,
    })
}

impl ManagerEvaluation {
    /// Target and attainment in proportion to the working days that the target is for; none where the manager was always there
    /// or has no target.
    pub fn target_for_days_present(&self) -> Option<(Money, Value)> {
        let share = self.presence.as_ref()?.target_share();
        let net = self.card.net_sales();
        let (Value::Money(target), Value::Rate(attained)) = (net.target, net.attainment) else { return None };
        let attained = if share > 0.0 { Value::Rate(attained / share) } else { Value::Null(Why::NoTarget) };
        Some((crate::format::money_of(target.to_f64() * share), attained))
    }

    /// What days away mean for the figures, for people.
    pub(crate) fn presence_text(&self, money: &Currency, lang: Lang) -> Option<String> {
        let days = self.presence.as_ref()?.text(lang);
        let Some((target, attained)) = self.target_for_days_present() else { return Some(days) };
        let (target, attained) = (money.money(target, lang), attained.format(lang));
        Some(match lang {
            Lang::Id => format!("{days}; target menurut hari hadir {target}, tercapai {attained}"),
            Lang::En => format!("{days}; target for the days present {target}, {attained} attained"),
        })
    }
}

impl Evaluation {
    /// The same, with the days on which managers were away told beside their figures, which stay as they are.
    #[must_use]
    pub fn with_absences(mut self, absences: &[Absence]) -> Self {
        let presences = Presences::of(absences, self.period);
        for manager in &mut self.managers {
            manager.presence = manager.key.id.as_deref().and_then(|id| presences.get(id)).cloned();
        }
        self
    }

    /// The same evaluation with only one manager in it, held against all the same.
    #[must_use]
    pub fn of(&self, manager: &str) -> Self {
        let managers: Vec<ManagerEvaluation> =
            self.managers.iter().filter(|one| one.key.id.as_deref() == Some(manager)).cloned().collect();
        let units = |units: &[RollUp], dimension| -> Vec<RollUp> {
            let of = |unit: &RollUp| RollUp { managers: members(dimension, &unit.key, &managers), ..unit.clone() };
            units.iter().map(of).collect()
        };
        Self {
            period: self.period,
            base: self.base,
            year_base: self.year_base,
            basis: self.basis,
            currency: self.currency.clone(),
            total: self.total.clone(),
            months: self.months.clone(),
            supervisors: units(&self.supervisors, Dimension::Supervisor),
            branches: units(&self.branches, Dimension::Branch),
            month_to_date: self.month_to_date.clone(),
            managers,
        }
    }

    /// How its money is written.
    pub(crate) fn money(&self) -> Currency {
        Currency(self.currency.clone())
    }

    /// What stands out in a manager's favour, and what deserves a look.
    pub fn remarks(&self, manager: &ManagerEvaluation, lang: Lang) -> (Vec<String>, Vec<String>) {
        if manager.key.id.is_none() {
            return (Vec::new(), Vec::new());
        }
        remarks::remarks(&manager.card, &self.money(), lang)
    }

    /// A few lines to paste into a chat.
    pub fn summary(&self, lang: Lang) -> String {
        let managers = self.managers.iter().map(|manager| (manager.key.label(lang), manager.card.net_sales()));
        summary(self.period, &self.total, managers.collect(), &self.money(), lang)
    }
}

/// A few lines: sales, growth, target, accounts, and who grew or shrank most in money.
fn summary(
    period: Period,
    total: &Scorecard,
    managers: Vec<(&str, &Figure)>,
    currency: &Currency,
    lang: Lang,
) -> String {
    let net = total.net_sales();
    let name = period_name(period, lang);
    let money = currency.value(net.value, lang);
    let mut lines = vec![match lang {
        Lang::Id => format!("Penjualan {name}: {money}"),
        Lang::En => format!("Sales {name}: {money}"),
    }];
    let mut say = |value: Value, id: &str, en: &str, text: String| {
        if value.why().is_none() {
            let what = if lang == Lang::Id { id } else { en };
            lines.push(format!("• {what} {text}"));
        }
    };
    let (prior, year) = (net.growth_prior(), net.growth_year());
    say(prior, "Dari periode lalu", "On the prior period", signed(prior, lang));
    say(year, "Dari tahun lalu", "On a year ago", signed(year, lang));
    let target = format!("{} ({})", net.attainment.format(lang), currency.value(net.target, lang));
    say(net.attainment, "Pencapaian target", "Target attainment", target);
    let count = |kpi| total.figure(kpi).value.format(lang);
    let (active, new, lost) = (count(Kpi::ActiveAccounts), count(Kpi::NewAccounts), count(Kpi::LostAccounts));
    lines.push(match lang {
        Lang::Id => format!("• Akun aktif {active}; baru {new}; hilang {lost}"),
        Lang::En => format!("• Active accounts {active}; new {new}; lost {lost}"),
    });
    let change = |figure: &Figure| match (figure.value, figure.prior) {
        (Value::Money(now), Value::Money(before)) => Some(now - before),
        _ => None,
    };
    let changes: Vec<(&str, Money)> =
        managers.into_iter().filter_map(|(name, figure)| Some((name, change(figure)?))).collect();
    let mut largest = |chosen: Option<&(&str, Money)>, id: &str, en: &str| {
        if let Some((name, change)) = chosen {
            let change = crate::format::signed_money(*change, currency, lang);
            lines.push(format!("• {}: {name} {change}", if lang == Lang::Id { id } else { en }));
        }
    };
    let up = changes.iter().filter(|(_, change)| *change > Money::ZERO).max_by_key(|(_, change)| *change);
    let down = changes.iter().filter(|(_, change)| change.is_negative()).min_by_key(|(_, change)| *change);
    largest(up, "Naik terbesar", "Largest rise");
    largest(down, "Turun terbesar", "Largest fall");
    lines.join("\n")
}

/// Net sales, target and the year before, month by month, up to the window's end.
fn trend(source: &dyn CellSource, by: Option<Dimension>, period: Period) -> Result<MetricsTable, InsightError> {
    let last: Month = period.to().month();
    let query = Query {
        by: by.into_iter().chain([Dimension::Month]).collect(),
        period: Period::months(last.plus(1 - TREND), last),
        kpis: vec![Kpi::NetSales.definition(), Kpi::Target.definition()],
        compare: Some(Compare::Year),
        filter: None,
    };
    run(source, &query)
}

/// The company's months.
fn months_of_all(source: &dyn CellSource, period: Period) -> Result<Vec<TrendMonth>, InsightError> {
    let table = trend(source, None, period)?;
    Ok(months_of(&table, &table.rows))
}

/// Some rows of a trend as months.
fn months_of(table: &MetricsTable, rows: &[Row]) -> Vec<TrendMonth> {
    let months = rows.iter().map(|row| {
        let value = |column| table.value(row, column).unwrap_or(Value::Count(0));
        TrendMonth {
            month: row.keys.last().and_then(|key| key.id.clone()).unwrap_or_default(),
            net_sales: value("net_sales"),
            target: value("target"),
            net_sales_year_ago: value("net_sales_base"),
        }
    });
    months.collect()
}

fn roll_up(
    source: &dyn CellSource,
    dimension: Dimension,
    period: Period,
    managers: &[ManagerEvaluation],
) -> Result<Vec<RollUp>, InsightError> {
    if source.names().labels(dimension).is_none_or(|labels| labels.is_empty()) {
        return Ok(Vec::new());
    }
    let cards = scorecards(source, Some(dimension), period)?;
    let of = |card: Scorecard| {
        let key = card.key.clone()?;
        Some(RollUp { managers: members(dimension, &key, managers), card, key })
    };
    Ok(cards.into_iter().filter_map(of).collect())
}

/// How many of the managers belong to a supervisor or branch.
fn members(dimension: Dimension, key: &Key, managers: &[ManagerEvaluation]) -> usize {
    let belongs = |manager: &&ManagerEvaluation| {
        let unit = if dimension == Dimension::Branch { &manager.branch } else { &manager.supervisor };
        manager.key.id.is_some() && unit.as_deref() == key.name.as_deref().or(key.id.as_deref())
    };
    managers.iter().filter(belongs).count()
}

/// The one currency of the window's lines.
fn currency(source: &dyn CellSource, period: Period) -> Result<Option<String>, InsightError> {
    let query = Query { period: Some(period), kpis: vec![Kpi::NetSales.definition()], ..Query::default() };
    let code = run(source, &query)?.rows.first().and_then(|row| row.currency);
    Ok(code.and_then(|code| source.names().currencies.get(code as usize).cloned()))
}

#[cfg(test)]
mod tests;
