//! Targets before they are set: what is realistic, how likely any figure is, how a year falls into months, and whether what is
//! handed down and what is handed up agree.
//!
//! Nothing here keeps anything. Read in this order: [`Level`] and [`Whom`] say whom a target is for, [`Judge`] knows what is
//! to come, [`suggest`] proposes, [`doubts`] questions, [`Reconciliation`] compares.

#[cfg(test)]
mod calibration;
mod doubts;
mod held;
mod judge;
mod level;
mod phasing;
mod potential;
mod reconcile;
mod suggest;
#[cfg(test)]
mod tests;

pub use doubts::{Doubt, Proposed, doubts};
pub use held::Held;
pub use judge::{Judge, Unjudged};
pub use level::{Level, Whom};
pub use phasing::phased;
pub use reconcile::{LineOfLevel, Reconciliation, reconcile};
pub use suggest::{AMBITIONS, Ask, Offer, Suggestion, Suggestions, suggest, total};
