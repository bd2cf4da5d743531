//! What looks wrong in names and numbers.
//!
//! Everything here is pure and only speaks: it is given names and numbers, says what looks wrong and how sure it is,
//! and changes nothing. Read in this order: [`key`] and [`similarity`] say how names compare, [`duplicates`] finds
//! accounts that are most likely one, [`nearest`] the known name that an unknown one was meant to be, and
//! [`odd_targets`], [`PriceScale`] and [`is_odd_cost`] find numbers that are off by a factor.

mod duplicates;
mod jaro;
mod likeness;
mod names;
mod nearest;
mod outliers;
mod prices;

pub use duplicates::{Named, Pair, Why, duplicates};
pub use likeness::similarity;
pub use names::{key, tokens};
pub use nearest::nearest;
pub use outliers::{Neighbours, OddTarget, TargetRow, is_odd_cost, odd_targets};
pub use prices::{PriceMedians, PriceScale};

/// From this similarity on, two names are likely the same one.
const NEAR: f64 = 0.85;
