//! Is an account still alive, is it overdue, and what is it worth?
//!
//! An account that stops ordering does not say so. Three questions, from the plainest to the most demanding:
//!
//! 1. **Is it overdue?** [`overdue`] compares the silence since the last order with the account's own gaps and bounds the
//!    share of false alarms over all accounts. It works from the third order of a single account on.
//! 2. **Is it alive, and how much will it order?** [`PurchaseModel`] fits BG/NBD, MBG/NBD (the default) or MBG/CNBD-k to all
//!    accounts; [`PurchaseProcess`] answers with parameters that are known.
//! 3. **What is an order worth?** [`ValueModel`] fits the Gamma-Gamma model.
//!
//! [`Assess`] answers all three in one pass.

mod ahead;
mod assess;
mod auc;
mod gaps;
mod likelihood;
mod model;
mod newton;
mod overdue;
mod parameter;
mod process;
mod purchases;
mod regularity;
mod special;
#[cfg(test)]
mod tests;
mod value;
mod waiting;

pub use ahead::OrdersAhead;
pub use assess::{Assess, Assessment, OrderHistory, Outlook};
pub use auc::auc;
pub use gaps::{Gaps, empirical_chance};
pub use model::{PurchaseFit, PurchaseModel};
pub use overdue::{Rhythm, overdue};
pub use parameter::Parameter;
pub use process::{PurchaseProcess, Stages, Variant};
pub use purchases::{Purchases, Unit};
pub use value::{Spending, ValueFit, ValueModel, value_log_likelihood};
pub use waiting::{GapChance, GapMethod, GapModel};
