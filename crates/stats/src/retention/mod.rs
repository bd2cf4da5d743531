//! Which accounts came, stayed and went, what they kept buying, and how much hangs on few of them.
//!
//! With B the net sales of an account in the base window and C in the current one:
//!
//! - [`account_bridge`] splits the change of the total by what became of the accounts; it closes exactly.
//! - [`retention`] gives gross, net and logo retention, [`repeat_rate`] the share of buyers that bought again.
//! - [`cohorts`] follows the accounts of each first month.
//! - [`pareto`] and [`whale_curve`] show concentration of sales and of profit.
//!
//! More than a hundred formulas go by the name of retention: print the definition beside the figure.

mod accounts;
mod cohorts;
mod concentration;
mod rates;
mod resampling;
#[cfg(test)]
mod tests;

pub use accounts::{Account, AccountBridge, FirstOrder, Status, StatusTotal, account_bridge};
pub use cohorts::{AccountMonth, Cohort, CohortCell, Cohorts, MonthIndex, cohorts};
pub use concentration::{Pareto, WhaleCurve, pareto, whale_curve};
pub use rates::{Ratio, Retention, repeat_rate, retention};
pub use resampling::Resampling;
