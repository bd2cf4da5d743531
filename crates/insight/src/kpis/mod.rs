//! Own KPIs: expressions over facts that people write themselves.
//!
//! Read in this order: [`FACT_TABLES`] says what can be read, [`Expression`] how it is written, [`OwnKpi`] what a definition
//! says beside it, [`FactSource`] what is asked of the lake, and [`answer`] puts own and built-in KPIs into one table.

mod analysed;
mod answer;
mod cases;
mod definition;
mod expression;
mod facts;
mod held;
mod kind;
mod measured;
mod source;
mod trial;

#[cfg(test)]
mod tests;

pub use analysed::AnalysedKpi;
pub use answer::{Asked, answer};
pub use cases::Cases;
pub use definition::{Definition, MissingRule, OwnKpi, PeriodRule, Words};
pub use expression::{Aggregate, ColumnName, Exact, Expression, Function, LONGEST, day_of};
pub use facts::{Credited, FACT_TABLES, FactColumn, FactTable, From, Holds};
pub use held::{TargetFigure, Targeted};
pub use kind::{Kind, Measure};
pub use source::{FactAmount, FactRow, FactSource};
pub use trial::{Trial, try_out};
