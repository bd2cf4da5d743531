//! What an action added, against comparable units that did not have it.
//!
//! Units are picked for an action because they were low, so they rise anyway. Therefore treated units are never held against
//! themselves before, but against a weighted mean of others that moved alike, and the times that decided who is picked are
//! left out.
//!
//! [`Panel`] → [`Design`] (who is compared with whom, what is left out) → [`Effect`] (the number and its weights) →
//! [`Placebos`] (how large it could be by chance).

mod design;
mod estimate;
mod fit;
mod panel;
mod placebo;
mod simplex;
#[cfg(test)]
mod tests;

pub use design::{Cohort, Design, LeftOut};
pub use estimate::{CohortEffect, Effect, Moment, Weight};
pub use fit::Method;
pub use panel::{Panel, Unit};
pub use placebo::{Draws, Placebos};
