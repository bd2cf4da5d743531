//! Why the target was missed (or passed): the few accounts, products, regions and managers behind the gap, exact to the last
//! digit.
//!
//! Actual and expected are held against each other cell by cell (account × product × region × manager). What a cell was
//! expected to sell: its sales of the base window, scaled so that the cells of each manager add up to that manager's target
//! (all cells to the target of the scope, where targets do not tell managers apart). An account that changed hands is held
//! against its new manager. All that is said beside the answer, since a target knows nothing of accounts and products.

mod answer;
mod expected;
mod json;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::Money;
use takar_stats::miss::Stop;

use super::{Scope, Windows};
use crate::metrics::{Basis, Dimension};

pub use answer::miss;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The window, and the one that says how a target is spread.
    pub windows: Windows,
    /// Whose.
    pub scope: Scope,
    /// Against the target; else against the base window itself.
    pub against_target: bool,
}

/// One value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Which dimension.
    pub dimension: Dimension,
    /// The member's id; none = lines that name none.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// Cells that share some values and deviate alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What they share.
    pub values: Vec<Value>,
    /// What they sold.
    pub actual: Money,
    /// What they were expected to sell.
    pub expected: Money,
    /// How many cells.
    pub cells: usize,
    /// Their share of the gap; may be above 1, or below 0 where they narrow it.
    pub share: f64,
    /// More than the scatter of single cells would bring.
    pub stands_out: bool,
}

impl Part {
    /// What they add to the gap.
    pub fn gap(&self) -> Money {
        self.actual - self.expected
    }
}

/// How the expectation was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expectation {
    /// The base window's sales, as they were.
    Base,
    /// Each manager's target, spread over his cells.
    ManagerTargets,
    /// One target, spread over all cells.
    OneTarget,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// The windows.
    pub windows: Windows,
    /// The manager's id and name, where it is one manager's.
    pub manager: Option<(String, Option<String>)>,
    /// How the expectation was made.
    pub expectation: Expectation,
    /// The share of net sales that has a target, where that is known.
    pub coverage: Option<f64>,
    /// What was sold.
    pub actual: Money,
    /// What was expected: the target, or the base window's sales.
    pub expected: Money,
    /// The parts, the one that explains most first; with `rest` they add up to the gap exactly.
    pub parts: Vec<Part>,
    /// All cells of no part.
    pub rest: Part,
    /// The rest deviates in common, and is explained by that.
    pub rest_is_general: bool,
    /// The share of the gap that is explained; none without a gap.
    pub explained: Option<f64>,
    /// Why the search ended.
    pub stop: Stop,
    /// Cells compared.
    pub n: usize,
    /// The currency of amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

impl Miss {
    /// What was sold less what was expected.
    pub fn gap(&self) -> Money {
        self.actual - self.expected
    }
}
