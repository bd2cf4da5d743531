//! What the figures mean: KPIs as data, the kernel that computes them exactly, evaluations and reports.
//!
//! Nothing here reads a file or a table. A [`CellSource`](metrics::CellSource) hands over cells (lines
//! grouped by what the question needs), [`metrics::run`] turns them into a table of KPIs, and
//! [`evaluation`] puts these together for the people who sell.

pub mod actions;
pub mod alerts;
pub mod analysis;
pub mod effect;
mod error;
pub mod evaluation;
mod format;
pub mod kpis;
pub mod learning;
pub mod metrics;
pub mod opportunities;
pub mod packs;
mod prices;
pub mod process;
pub mod products;
pub mod profit;
pub mod quality;
mod report;
pub mod satisfaction;
pub mod stock;
pub mod targets;
mod text;

pub use error::InsightError;
pub use format::{day_name, month_name};

#[cfg(test)]
mod fixtures;
