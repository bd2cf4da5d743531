//! What an action added to its accounts, against accounts that moved alike and did not have it (docs/adr/0027, 0028).

mod kpi;
mod measure;
mod months;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod whole_chain;
mod words;

pub use kpi::EffectKpi;
pub(crate) use measure::{BEFORE, draws};
pub use measure::{Early, Found, LEAST_MONTHS, Outcome, PathPoint, Question, Stays, measure};
pub use months::AccountMonths;
pub use words::{EffectTold, method_label, percent, verdict_label};
pub(crate) use words::{whole_percent, why};
