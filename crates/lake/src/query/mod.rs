//! Questions to the lake: cells for the metrics, rows for the drill-down, SQL for checks and files.

mod about;
mod absences;
mod fact_views;
mod facts;
mod handovers;
mod lines;
mod opportunities;
mod own_conditions;
mod own_kpis;
mod process;
mod quality;
mod rows;
mod session;
mod sold;
mod source;
mod sql_files;
mod stock;
mod streams;
#[cfg(test)]
mod tests;

pub use facts::{FactFilter, FactGroup, FactPage, FactReach};
pub use handovers::{Handover, Owner};
pub use own_kpis::RowsBehind;
pub use quality::{LACKING, MonthOfLines, NamedId, OddLine, OddLines, QualityOfLines};
pub(crate) use rows::rows_of;
pub use rows::{Lacking, LineFilter, LinePage};
pub use source::LakeSource;
pub use sql_files::rows_of_sql;
pub use streams::DayOfStream;
