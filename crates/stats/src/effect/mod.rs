//! What an action added, against comparable units that did not have it.
//!
//! Units are picked for an action because they were low, so they rise anyway. Therefore treated units are never held against
//! themselves before, but against a weighted mean of others that moved alike, and the times that decided who is picked are
//! left out.
//!
//! [`Panel`] → [`Design`] (who is compared with whom, what is left out) → [`Effect`] (the number and its weights) →
//! [`Placebos`] (how large it could be by chance), together [`Measured`] → [`Judgement`] (worked, did not work, not enough
//! evidence). Before an action is begun, [`Power`] says what it could show and [`waiting_list`] deals out by lot who begins.

mod assign;
mod design;
mod estimate;
mod fit;
mod inference;
mod jackknife;
mod lasting;
mod panel;
mod placebo;
mod power;
mod simplex;
#[cfg(test)]
mod tests;
mod verdict;

pub use assign::{WaitingList, matched, waiting_list};
pub use design::{Cohort, Design, LeftOut};
pub use estimate::{CohortEffect, Effect, Moment, Weight};
pub use fit::Method;
pub use inference::{Basis, How, Measured};
pub use jackknife::jackknife;
pub use lasting::Lasting;
pub use panel::{Panel, Unit};
pub use placebo::{Draws, Placebos};
pub use power::{Plan, Power};
pub use simplex::Search;
pub use verdict::{Direction, Judgement, Size, Verdict, Wanted};
