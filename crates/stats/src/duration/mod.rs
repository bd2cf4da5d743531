//! How long things take when some have not ended yet: the first response to a lead, an offer until it is won or lost.
//!
//! - [`KaplanMeier`] has one way to end: shares still open after a time, the median, the share within a promise.
//! - [`Incidence`] has several ways that exclude each other (won, lost): the share that ended in each way after a time.
//!
//! One minus Kaplan–Meier of the won ones alone, with the lost ones taken for unfinished, overstates what is ever won.

mod competing;
mod open;
mod steps;
#[cfg(test)]
mod tests;

pub use competing::{Incidence, IncidenceStep};
pub use open::{KaplanMeier, Median, OpenStep};
pub use steps::{Duration, Ending};
