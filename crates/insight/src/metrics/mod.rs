//! KPIs as data and the kernel that computes them.
//!
//! Read in this order: [`KPIS`] says what is measured, [`Cells`] what is counted, [`Query`] what is asked,
//! [`run`] computes and [`MetricsTable`] holds the answer. The definitions follow METHODS §0 and §2.

mod accounts;
mod against;
mod attainment;
mod basis;
mod cells;
mod checks;
mod dimension;
mod filter;
mod formula;
mod frames;
mod kernel;
mod keys;
mod kpi;
mod kpis;
mod market;
mod names;
mod query;
mod reach;
mod render;
mod sums;
mod table;
mod target;
mod value;

pub(crate) use filter::{Columns, Mask, Parser, Token, meant};

pub(crate) use against::{Adds, Against, OfTarget, against};
pub use basis::Basis;
pub(crate) use cells::differs;
pub use cells::{CellSource, Cells, Grain, MIXED, NO_ORDER, NONE, OrderDays, SharedOrders, SourceError};
pub use dimension::Dimension;
pub use filter::{Field, Filter, Operator, matches_like, time_index};
pub(crate) use frames::{Frame, Frames};
pub(crate) use kernel::time_id;
pub use kernel::{base_window, run};
pub use kpi::{Direction, Kpi, KpiDefinition, Nature, Unit};
pub use kpis::KPIS;
pub use market::MarketSize;
pub use names::{Labels, Names};
pub use query::Query;
pub use reach::{Reach, known_manager, within};
pub(crate) use table::own_column;
pub use table::{Column, Key, MetricsTable, Role, Row};
pub use target::Target;
pub(crate) use value::format_percent;
pub use value::{Value, Why};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
