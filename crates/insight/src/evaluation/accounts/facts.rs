//! What the data say of each account in a window.

use rustc_hash::FxHashMap;
use takar_model::{Day, Period};

use super::{AccountFacts, AccountsPlane, Measure, on_plane};
use crate::{
    InsightError,
    analysis::risk,
    metrics::{CellSource, Dimension, Kpi, MetricsTable, Query, Reach, Value, known_manager, run},
    process::{self, Class, EventSource, Promises},
};

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The window; the last twelve complete months unless given.
    pub period: Option<Period>,
    /// Only accounts of this manager.
    pub manager: Option<String>,
    /// Whose accounts the reader may see; everybody's unless given. Accounts are held against all either way.
    pub reach: Option<Reach>,
    /// What was promised and planned.
    pub promises: Promises,
    /// No day after this one is believed.
    pub today: Option<Day>,
}

/// Accounts on the plane of quantity and quality. An account is of the manager who has it now, else of the one of its last sales.
///
/// # Errors
/// [`InsightError::NoData`] without lines, [`InsightError::UnknownManager`], [`InsightError::Source`].
pub fn accounts_plane(
    source: &dyn CellSource,
    events: &dyn EventSource,
    question: &Question,
) -> Result<AccountsPlane, InsightError> {
    let usual = || {
        let last = source.last_complete_month()?;
        Period::months(last.plus(-11), last)
    };
    let period = question.period.or_else(usual).ok_or(InsightError::NoData)?;
    let is_seen = |id: &str| question.reach.as_ref().is_none_or(|reach| reach.holds(id));
    if let Some(id) = &question.manager {
        known_manager(source, id)?;
        if !is_seen(id) {
            return Err(InsightError::UnknownManager(id.clone()));
        }
    }
    let kpis = [Kpi::NetSales, Kpi::GrowthYear, Kpi::ReturnRate].map(Kpi::definition).to_vec();
    let sales = run(source, &Query { by: vec![Dimension::Account], period: Some(period), kpis, ..Query::default() })?;
    let asked = process::Question {
        period: Some(period),
        promises: question.promises.clone(),
        today: question.today,
        ..process::Question::default()
    };
    let work = process::process(source, events, &asked)?;
    let risks = risk::risk(source, &risk::Question::default())?;
    let alive: FxHashMap<&str, &risk::AccountRisk> =
        risks.accounts.iter().map(|account| (account.id.as_str(), account)).collect();
    let contacts: FxHashMap<&str, (u64, u64)> = work
        .accounts_of(&work.total)
        .into_iter()
        .map(|account| (account.holding.id.as_str(), (account.contacts, account.planned)))
        .collect();
    let satisfaction = work.satisfaction_of_accounts();
    let classes: FxHashMap<&str, Class> = work.classes_of_accounts().collect();

    let mut facts: Vec<AccountFacts> = Vec::with_capacity(sales.rows.len());
    for row in &sales.rows {
        let Some((id, name)) = row.keys.first().and_then(|key| Some((key.id.clone()?, key.name.clone()))) else {
            continue;
        };
        let value = |kpi: &str| sales.value(row, kpi).and_then(rate);
        let risk = alive.get(id.as_str());
        let (said, answers) = satisfaction.get(&id).copied().unwrap_or_default();
        let mut values = [None; 6];
        values[Measure::NetSales as usize] = value("net_sales");
        values[Measure::Growth as usize] = value("growth_year");
        values[Measure::Returns as usize] = value("return_rate");
        values[Measure::Alive as usize] = risk.and_then(|risk| risk.outlook.risk).map(|risk| 1.0 - risk);
        values[Measure::Satisfaction as usize] = (answers > 0).then(|| said / answers as f64);
        // Where nothing is planned nothing was left undone.
        let planned = contacts.get(id.as_str()).filter(|(_, planned)| *planned > 0);
        values[Measure::Contacts as usize] = planned.map(|(done, planned)| *done as f64 / *planned as f64);
        facts.push(AccountFacts {
            manager: risk.and_then(|risk| Some((risk.manager.clone()?, risk.manager_name.clone()))),
            class: classes.get(id.as_str()).copied().unwrap_or(Class::C),
            net_sales: money(&sales, row),
            name,
            values,
            answers,
            id,
        });
    }
    let recorded = Measure::ALL.map(|measure| facts.iter().any(|one| one.values[measure as usize].is_some()));
    let mut accounts = on_plane(facts);
    accounts.retain(|one| {
        let manager = one.facts.manager.as_ref().map(|(id, _)| id.as_str());
        question.manager.as_deref().is_none_or(|asked| manager == Some(asked))
            && (question.reach.is_none() || manager.is_some_and(is_seen))
    });
    // The order of ids stays among equals.
    accounts.sort_by_key(|one| std::cmp::Reverse(one.facts.net_sales));
    let currencies = &source.names().currencies;
    Ok(AccountsPlane {
        period,
        accounts,
        recorded,
        currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
        basis: source.basis(),
    })
}

fn rate(value: Value) -> Option<f64> {
    value.to_f64().filter(|number| number.is_finite())
}

fn money(table: &MetricsTable, row: &crate::metrics::Row) -> Option<takar_model::Money> {
    match table.value(row, "net_sales") {
        Some(Value::Money(net)) => Some(net),
        _ => None,
    }
}
