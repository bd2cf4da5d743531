//! Margin and cost to serve of each account under each manager, from cells and facts.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use takar_model::{Money, Month, Period};

use super::{Figures, Question, Rates};
use crate::{
    InsightError,
    analysis::Scope,
    kpis::{Aggregate, ColumnName, FactAmount, FactRow, FactSource, FactTable, Function},
    metrics::{CellSource, Dimension, Filter, Grain, MIXED, Mask, NONE, Operator},
};

/// What rows are told apart by before they are put together in any way: so every sum closes.
pub(super) const GRAIN: [Dimension; 5] =
    [Dimension::Account, Dimension::Manager, Dimension::Region, Dimension::Segment, Dimension::Branch];

/// The ids of account, manager, region, segment and branch; none = nobody's.
pub(super) type Key = Vec<Option<String>>;

/// The figures of each key in a window.
pub(super) type Cells = BTreeMap<Key, Figures>;

/// Reads a window.
pub(super) fn read(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    rates: Rates,
    question: &Question,
    window: Period,
) -> Result<Cells, InsightError> {
    let mut cells = Cells::new();
    let condition = condition_of(source, question)?;
    margins(source, condition.as_ref(), window, &mut cells)?;
    costs((source, facts), rates, condition.as_ref(), window, &mut cells)?;
    activities(facts, rates, condition.as_ref(), window, &mut cells)?;
    Ok(cells)
}

/// Manager, condition and the reader's reach as one condition, which costs have to be able to tell.
pub(super) fn condition_of(source: &dyn CellSource, question: &Question) -> Result<Option<Filter>, InsightError> {
    let scope = Scope { manager: question.manager.clone(), filter: question.filter.clone() };
    let condition = scope.condition(source)?;
    let unknown = condition
        .iter()
        .flat_map(Filter::dimensions)
        .find(|dimension| matches!(dimension, Dimension::Product | Dimension::Category));
    if let Some(dimension) = unknown {
        return Err(InsightError::NotOfCosts(dimension.id()));
    }
    Ok(condition)
}

fn margins(
    source: &dyn CellSource,
    condition: Option<&Filter>,
    window: Period,
    found: &mut Cells,
) -> Result<(), InsightError> {
    let names = source.names();
    let filtered = condition.map(Filter::dimensions).unwrap_or_default();
    let grain = GRAIN.iter().chain(&filtered).fold(Grain::MONTHS, |grain, dimension| grain.with(*dimension));
    let cells = source.cells(window, grain)?;
    cells.check(grain)?;
    let mask = condition.map(|filter| Mask::new(filter, names));
    let mut currencies = BTreeSet::new();
    for row in cells.rows(window) {
        let code = |dimension| match dimension {
            Dimension::Supervisor => names.supervisor_of(cells.manager[row]),
            other => cells.codes(other)[row],
        };
        if mask.as_ref().is_some_and(|mask| mask.holds(&code, cells.month[row]) != Some(true)) {
            continue;
        }
        // Lines that name none are in the company's own.
        if cells.net_lines[row] > 0 && cells.currency[row] != NONE {
            currencies.insert(cells.currency[row]);
        }
        let id = |dimension| names.labels(dimension)?.id(code(dimension)).map(str::to_owned);
        let figures = found.entry(GRAIN.into_iter().map(id).collect()).or_default();
        let money = |units: i64| Money::from_units(i128::from(units));
        figures.net_lines += u64::from(cells.net_lines[row]);
        figures.cost_lines += u64::from(cells.cost_lines[row]);
        figures.net_sales += money(cells.net[row]);
        figures.covered_sales += money(cells.net_with_cost[row]);
        figures.margin += money(cells.net_with_cost[row]) - money(cells.cost[row]);
    }
    if currencies.len() > 1 || currencies.contains(&MIXED) {
        return Err(InsightError::SeveralCurrencies);
    }
    Ok(())
}

/// Money and hours told by costs. What a cost says in money is all it costs; its hours and days cost by the rate only where it says no money.
fn costs(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    rates: Rates,
    condition: Option<&Filter>,
    window: Period,
    found: &mut Cells,
) -> Result<(), InsightError> {
    let no_money = || is_null("costs", "amount");
    let own = source.names().currencies.first().map(|own| {
        let is_own = Filter::Like(ColumnName(column("costs", "currency")?), own.clone());
        Some(Filter::Not(Box::new(is_own)))
    });
    let both = |one: Option<Filter<ColumnName>>, other: Option<Filter<ColumnName>>| {
        one.zip(other).map(|(one, other)| Filter::And(vec![one, other]))
    };
    let no_hours = || is_null("costs", "hours");
    let mut asked: Vec<Option<Aggregate>> = vec![
        sum("costs", "amount", None),
        sum("costs", "hours", no_money()),
        sum("costs", "days", both(no_money(), no_hours())),
        // All that was spent, told in money too or not.
        sum("costs", "hours", None),
        sum("costs", "days", no_hours()),
    ];
    for kept in 1..=2 {
        let visits = asked[kept].clone().map(|aggregate| only("type", aggregate));
        asked.push(visits);
    }
    if let Some(foreign) = own.flatten() {
        asked.push(count("costs", Some(foreign)));
    }
    let asked: Vec<Aggregate> = asked.into_iter().flatten().collect();
    for FactRow { keys, amounts, .. } in facts.measure(&asked, &[window], &GRAIN, condition)? {
        if units(&amounts, 7)? > 0 {
            return Err(InsightError::SeveralCurrencies);
        }
        let money = Money::from_units(rounded(units(&amounts, 0)?));
        let hours_at = |place: usize| -> Result<i128, InsightError> {
            Ok(units(&amounts, place)? + rates.hours_of_days(units(&amounts, place + 1)?))
        };
        let hours = hours_at(1)?;
        let figures = found.entry(keys).or_default();
        figures.spent_hours += hours_at(3)?;
        figures.visit_hours += hours_at(5)?;
        figures.told_cost += money;
        figures.micro_hours += hours;
        figures.hours_cost += rates.cost_of(hours);
    }
    Ok(())
}

/// Hours of activities, for each account in months in which no cost tells hours or days of it.
fn activities(
    facts: &dyn FactSource,
    rates: Rates,
    condition: Option<&Filter>,
    window: Period,
    found: &mut Cells,
) -> Result<(), InsightError> {
    let months = months_of(window);
    let whose = [Dimension::Account, Dimension::Manager];
    // Whoever told them: an hour of an account is not counted again because a colleague wrote it down.
    let told: Vec<Aggregate> = ["hours", "days"]
        .into_iter()
        .filter_map(|name| count("costs", Some(Filter::Not(Box::new(is_null("costs", name)?)))))
        .collect();
    let mut covered: HashSet<(Option<String>, Option<String>, usize)> = HashSet::new();
    for FactRow { window, keys, amounts } in facts.measure(&told, &months, &whose, None)? {
        if units(&amounts, 0)? + units(&amounts, 1)? > 0 {
            let [account, manager] = [0, 1].map(|place| keys.get(place).cloned().flatten());
            covered.insert(of_whom(account, manager, window));
        }
    }
    let hours = sum("activities", "hours", None);
    let visits = hours.clone().map(|aggregate| only("activity", aggregate));
    let asked: Vec<Aggregate> = hours.into_iter().chain(visits).collect();
    for FactRow { window, keys, amounts } in facts.measure(&asked, &months, &GRAIN, condition)? {
        let [account, manager] = [0, 1].map(|place| keys.get(place).cloned().flatten());
        if covered.contains(&of_whom(account, manager, window)) {
            continue;
        }
        let hours = units(&amounts, 0)?;
        let figures = found.entry(keys).or_default();
        figures.spent_hours += hours;
        figures.micro_hours += hours;
        figures.activity_hours += hours;
        figures.visit_hours += units(&amounts, 1)?;
        figures.hours_cost += rates.cost_of(hours);
    }
    Ok(())
}

/// An account in a month, or where there is none a manager.
fn of_whom(account: Option<String>, manager: Option<String>, month: usize) -> (Option<String>, Option<String>, usize) {
    let manager = if account.is_some() { None } else { manager };
    (account, manager, month)
}

/// The months of a window, cut at its ends.
fn months_of(window: Period) -> Vec<Period> {
    let (first, last) = (window.from().month().index(), window.to().month().index());
    (first..=last)
        .filter_map(|index| {
            let month = Period::month(Month::from_index(index));
            Period::new(month.from().max(window.from()), month.to().min(window.to()))
        })
        .collect()
}

fn column(table: &str, name: &str) -> Option<&'static crate::kpis::FactColumn> {
    FactTable::find(table)?.column(name)
}

fn is_null(table: &str, name: &str) -> Option<Filter<ColumnName>> {
    column(table, name).map(|column| Filter::IsNull(ColumnName(column)))
}

fn sum(table: &str, name: &str, condition: Option<Filter<ColumnName>>) -> Option<Aggregate> {
    let table = FactTable::find(table)?;
    Some(Aggregate { table, function: Function::Sum, column: Some(table.column(name)?), condition, day: None })
}

/// Of the rows of an aggregate only visits.
fn only(column: &str, aggregate: Aggregate) -> Aggregate {
    let visits = aggregate.table.column(column).map(|column| Filter::Compare {
        field: ColumnName(column),
        operator: Operator::Equal,
        value: "visit".to_owned(),
    });
    let conditions: Vec<_> = aggregate.condition.into_iter().chain(visits).collect();
    Aggregate { condition: Some(Filter::And(conditions)), ..aggregate }
}

fn count(table: &str, condition: Option<Filter<ColumnName>>) -> Option<Aggregate> {
    let table = FactTable::find(table)?;
    Some(Aggregate { table, function: Function::Count, column: None, condition, day: None })
}

/// An amount in millionths (a count in ones); nothing is 0.
fn units(amounts: &[Option<FactAmount>], place: usize) -> Result<i128, InsightError> {
    Ok(match amounts.get(place).copied().flatten() {
        Some(FactAmount::Units { units, .. }) => units,
        Some(FactAmount::SeveralCurrencies) => return Err(InsightError::SeveralCurrencies),
        Some(FactAmount::Nothing | FactAmount::SeveralUnits) | None => 0,
    })
}

/// Millionths as ten-thousandths. Money is kept with 4 decimals, so nothing is lost.
const fn rounded(millionths: i128) -> i128 {
    millionths / 100
}
