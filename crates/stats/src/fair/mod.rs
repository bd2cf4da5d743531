//! Managers compared fairly: what they sold against what their accounts let expect, and how much of the difference is chance.
//!
//! [`adjusted_indices`] gives ln(observed / expected) with its interval, [`shrink`] draws uncertain indices towards the middle,
//! [`funnel`] says who lies further out than chance explains, [`hand_over_effects`] tells managers apart by accounts that
//! changed hands, and ranks are ranges ([`rank_ranges`](crate::standing::rank_ranges)).

mod funnel;
mod hand_over;
mod index;
mod shrink;
#[cfg(test)]
mod tests;

pub use funnel::{Funnel, FunnelPlace, funnel};
pub use hand_over::{HandOver, HandOverEffect, HandOverEffects, hand_over_effects};
pub use index::{AdjustedIndex, AdjustedIndices, PortfolioPart, Resampling, adjusted_indices};
pub use shrink::{Shrunken, ShrunkenAll, shrink};
