//! The accounts that made the difference.

use serde::Serialize;
use takar_model::{Compare, Money, Period};

use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Key, Kpi, MetricsTable, Names, Query, Row, Value, run},
};

/// How many accounts are named each way.
const NAMED: usize = 5;

/// One account's change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mover {
    /// Its id; `None` for unassigned lines.
    pub account: Option<String>,
    /// Its name.
    pub account_name: Option<String>,
    /// Who has it now, where that is known.
    pub manager_name: Option<String>,
    /// Net sales in the window.
    pub now: Money,
    /// Net sales in the base window.
    pub base: Money,
    /// The difference.
    pub change: Money,
}

/// The largest changes each way; listed and others sum exactly to the difference.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Movers {
    /// Accounts that grew most, largest first.
    pub up: Vec<Mover>,
    /// Accounts that shrank most, largest loss first.
    pub down: Vec<Mover>,
    /// The change of all other accounts together.
    pub others: Money,
    /// The change of all accounts together.
    pub difference: Money,
}

impl Mover {
    /// The name, else the id.
    pub fn label(&self) -> &str {
        self.account_name.as_deref().or(self.account.as_deref()).unwrap_or("–")
    }
}

/// Movers and whose they are; `None` for the company's.
pub(crate) type OwnedMovers = (Option<Key>, Movers);

/// The movers of each manager (or of the company where `by` is none) against a base; `None` where there is no base.
pub(crate) fn movers(
    source: &dyn CellSource,
    by: Option<Dimension>,
    period: Period,
    compare: Compare,
) -> Result<Option<Vec<OwnedMovers>>, InsightError> {
    let query = Query {
        by: by.into_iter().chain([Dimension::Account]).collect(),
        period: Some(period),
        kpis: vec![Kpi::NetSales.definition()],
        compare: Some(compare),
        filter: None,
    };
    let table = run(source, &query)?;
    if table.base.is_none() {
        return Ok(None);
    }
    // Rows are sorted by manager first.
    let owner = |row: &Row| by.and_then(|_| row.keys.first().cloned());
    let groups = table.rows.chunk_by(|left, right| owner(left) == owner(right));
    Ok(Some(groups.map(|rows| (owner(&rows[0]), of_rows(&table, rows, source.names()))).collect()))
}

fn of_rows(table: &MetricsTable, rows: &[Row], names: &Names) -> Movers {
    let amount = |row: &Row, column| match table.value(row, column) {
        Some(Value::Money(money)) => Some(money),
        _ => None,
    };
    let change_of = |row: &'_ Row| Some((amount(row, "net_sales")?, amount(row, "net_sales_base")?));
    let mut changes: Vec<(Money, &Row)> =
        rows.iter().filter_map(|row| change_of(row).map(|(now, base)| (now - base, row))).collect();
    let difference: Money = changes.iter().map(|(change, _)| *change).sum();
    let mover = |&(change, row): &(Money, &Row)| {
        let (now, base) = change_of(row)?;
        let key = row.keys.last()?;
        let code = key.id.as_deref().and_then(|id| names.account.code(id));
        let manager = code.and_then(|code| names.manager.label(names.manager_of(code)));
        Some(Mover {
            account: key.id.clone(),
            account_name: key.name.clone(),
            manager_name: manager.map(str::to_owned),
            now,
            base,
            change,
        })
    };
    // A stable sort: equal changes stay in the order of ids.
    changes.sort_by_key(|(change, _)| *change);
    let losses = changes.iter().take_while(|(change, _)| change.is_negative());
    let down: Vec<Mover> = losses.take(NAMED).filter_map(mover).collect();
    changes.sort_by_key(|(change, _)| std::cmp::Reverse(*change));
    let gains = changes.iter().take_while(|(change, _)| *change > Money::ZERO);
    let up: Vec<Mover> = gains.take(NAMED).filter_map(mover).collect();
    let listed: Money = up.iter().chain(&down).map(|mover| mover.change).sum();
    Movers { up, down, others: difference - listed, difference }
}
