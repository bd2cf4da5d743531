//! The part of the stock that is asked for, and what it comes to.

use std::collections::BTreeMap;

use takar_model::{Money, id_order};

use super::{State, Stock, StockRow};
use crate::{format::money_of, opportunities::Member};

/// Which rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// In this branch.
    pub branch: Option<String>,
    /// Of this product.
    pub product: Option<String>,
    /// In these states; in all where there are none.
    pub states: Vec<State>,
    /// How many are passed over.
    pub offset: usize,
    /// How many are shown.
    pub limit: usize,
}

/// What is shown.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// All there is.
    pub all: &'a Stock,
    /// What was asked.
    pub asked: Asked,
    /// The rows that are asked for, in their order.
    pub rows: Vec<&'a StockRow>,
    /// Rows of the branch and the product by state, whatever states are asked for.
    pub of_state: BTreeMap<State, usize>,
    /// What is expected to be lost where nothing is ordered.
    pub loss: Money,
    /// What the orders would come to at the prices of sale.
    pub orders: Money,
    /// What lies slow or dead, at the prices of sale.
    pub idle: Money,
}

impl Stock {
    /// The branches that rows are in, in the order of their ids.
    pub(super) fn branches(&self) -> Vec<&Member> {
        let mut found: Vec<&Member> = self.rows.iter().filter_map(|row| row.branch.as_ref()).collect();
        found.sort_by(|one, other| id_order(&one.id, &other.id));
        found.dedup();
        found
    }

    /// What is asked for.
    pub fn shown(&self, asked: Asked) -> Shown<'_> {
        let is = |id: Option<&str>, asked: &Option<String>| asked.as_deref().is_none_or(|asked| id == Some(asked));
        let mut of_state = BTreeMap::new();
        let mut rows = Vec::new();
        for row in &self.rows {
            let branch = row.branch.as_ref().map(|branch| branch.id.as_str());
            if !is(Some(&row.product.id), &asked.product) || !is(branch, &asked.branch) {
                continue;
            }
            *of_state.entry(row.state).or_default() += 1;
            if asked.states.is_empty() || asked.states.contains(&row.state) {
                rows.push(row);
            }
        }
        let idle = |row: &&&StockRow| matches!(row.state, State::Slow | State::Dead);
        let order = |row: &&StockRow| row.order.zip(row.price).map(|(order, price)| money_of(order * price));
        Shown {
            loss: rows.iter().filter_map(|row| row.loss).sum(),
            orders: rows.iter().filter_map(order).sum(),
            idle: rows.iter().filter(idle).filter_map(|row| row.value).sum(),
            all: self,
            asked,
            rows,
            of_state,
        }
    }
}

impl<'a> Shown<'a> {
    /// The page that is asked for.
    pub fn page(&self) -> impl Iterator<Item = &'a StockRow> + '_ {
        self.rows.iter().skip(self.asked.offset).take(self.asked.limit).copied()
    }

    /// How many rows are in a state.
    pub(super) fn count(&self, state: State) -> usize {
        self.of_state.get(&state).copied().unwrap_or_default()
    }
}
