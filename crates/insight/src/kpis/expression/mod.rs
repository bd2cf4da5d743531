//! Expressions over facts: `sum(sales.net_amount where category = 'Minuman') / active_accounts`.
//!
//! An expression is read into a tree ([`parse`](Expression::parse)) that can only name tables and columns of
//! [`FACT_TABLES`](super::FACT_TABLES) and built-in KPIs, is checked for what adds up ([`Kind`]), and is never pasted into
//! anything: the lake is asked for the [`Aggregate`]s, and the arithmetic is done here, exactly, divided last.

mod check;
mod evaluate;
mod exact;
mod parse;
mod text;

#[cfg(test)]
mod tests;

use super::{FactColumn, FactTable, Kind};
use crate::metrics::{Filter, KpiDefinition};

pub(super) use evaluate::{Measured, Number, evaluate};
pub use exact::Exact;
pub use parse::day_of;

/// The longest expression, in characters.
pub const LONGEST: usize = 2_000;

/// An expression that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub(super) text: String,
    pub(super) root: Node,
    pub(super) kind: Kind,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The character (from 1) it begins at.
    pub at: usize,
    pub what: What,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A number, written down.
    Number(Exact),
    /// Something counted or added up over facts.
    Aggregate(Aggregate),
    /// A KPI that is built in.
    BuiltIn(&'static KpiDefinition),
    /// Some parts added (true) or taken off.
    Sum(Vec<(bool, Node)>),
    /// Some parts multiplied (true) or divided by.
    Product(Vec<(bool, Node)>),
    /// The opposite.
    Minus(Box<Node>),
}

/// What is asked of a table of facts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// The table.
    pub table: &'static FactTable,
    /// What is done.
    pub function: Function,
    /// With which column; none where all rows are counted. Rows counted with a column are those that have it.
    pub column: Option<&'static FactColumn>,
    /// Only these rows.
    pub condition: Option<Filter<ColumnName>>,
    /// The column that says in which period a row falls, where it is not the table's own.
    pub day: Option<&'static FactColumn>,
}

/// A column in a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColumnName(pub &'static FactColumn);

/// What is done with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// Added up.
    Sum,
    /// Counted.
    Count,
    /// Counted each once.
    CountDistinct,
    /// The mean.
    Average,
    /// The least.
    Least,
    /// The greatest.
    Greatest,
}

impl Function {
    /// How it is written.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count | Self::CountDistinct => "count",
            Self::Average => "avg",
            Self::Least => "min",
            Self::Greatest => "max",
        }
    }
}

impl Aggregate {
    /// The column that says in which period a row falls.
    pub fn day_column(&self) -> Option<&'static str> {
        self.day.map(|day| day.name).or(self.table.day)
    }

    /// What kind of number it gives.
    pub fn kind(&self) -> Kind {
        match (self.function, self.column.map(|column| column.holds)) {
            (Function::Count | Function::CountDistinct, _) => Kind::Count,
            (_, Some(super::Holds::Number(kind))) => kind,
            _ => Kind::Number,
        }
    }
}

impl Expression {
    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What kind of number it gives.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What it asks of tables of facts, each once, in the order of the text.
    pub fn aggregates(&self) -> Vec<Aggregate> {
        let mut found: Vec<Aggregate> = Vec::new();
        self.root.walk(&mut |node| {
            if let What::Aggregate(aggregate) = &node.what
                && !found.contains(aggregate)
            {
                found.push(aggregate.clone());
            }
        });
        found
    }

    /// The built-in KPIs it refers to, each once.
    pub fn built_ins(&self) -> Vec<&'static KpiDefinition> {
        let mut found: Vec<&'static KpiDefinition> = Vec::new();
        self.root.walk(&mut |node| {
            if let What::BuiltIn(kpi) = node.what
                && !found.iter().any(|known| known.id == kpi.id)
            {
                found.push(kpi);
            }
        });
        found
    }

    /// Something is divided by what depends on the facts.
    pub fn is_ratio(&self) -> bool {
        let mut found = false;
        self.root.walk(&mut |node| {
            if let What::Product(parts) = &node.what {
                found |= parts.iter().any(|(times, part)| !times && !part.is_written());
            }
        });
        found
    }
}

impl Node {
    pub(super) fn walk<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        match &self.what {
            What::Sum(parts) | What::Product(parts) => parts.iter().for_each(|(_, part)| part.walk(see)),
            What::Minus(part) => part.walk(see),
            What::Number(_) | What::Aggregate(_) | What::BuiltIn(_) => {}
        }
    }

    /// It is made of written numbers alone.
    fn is_written(&self) -> bool {
        let mut written = true;
        self.walk(&mut |node| written &= !matches!(node.what, What::Aggregate(_) | What::BuiltIn(_)));
        written
    }
}
