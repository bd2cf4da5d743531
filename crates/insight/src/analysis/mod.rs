//! Why sales moved, what comes next, which accounts are slipping: questions put to the cells, answered by the estimators
//! of `takar-stats` in the words and the exact money of the domain.

pub mod explain;
mod feasts;
pub mod forecast;
mod latest;
mod market;
pub mod miss;
pub mod retention;
pub mod risk;
mod scope;
mod series;
mod target;
mod told;
pub mod trends;
mod windows;

pub(crate) use feasts::{exposures, exposures_of};
pub use latest::account_owners;
pub use scope::Scope;
pub(crate) use scope::{currency_of, is};
pub(crate) use series::{Months, Series, series_of_kpi};
pub(crate) use target::target_of;
pub(crate) use told::told;
pub(crate) use trends::factors;
pub(crate) use windows::year_window;
pub use windows::{Windows, miss_windows, windows};
