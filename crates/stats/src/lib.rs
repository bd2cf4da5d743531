//! Pure estimators: numbers in, a result with its interval, level and n out. No I/O, no clock, no hidden randomness.
//!
//! Every estimator says which paper and equation it follows, takes its seed where it draws, and answers too little or
//! unusable input with an [`Error`] that says what is needed; it never returns a NaN and never panics on input.

pub mod alarm;
pub mod alive;
pub mod basket;
pub mod bridge;
pub mod costly;
pub mod duration;
pub mod effect;
pub mod fair;
pub mod forecast;
pub mod lead;
pub mod learning;
pub mod middle;
pub mod miss;
pub mod mixed;
pub mod multiple;
pub mod peers;
pub mod proportion;
pub mod rate;
pub mod rating;
pub mod relation;
pub mod retention;
pub mod score;
pub mod season;
pub mod shares;
pub mod standing;
pub mod trend;
pub mod worth;

mod amount;
mod error;
mod interval;
mod linear;
mod normal;
mod ranks;

pub use amount::{Amount, LIMIT, Units};
pub use error::{Error, Result};
pub use interval::{Estimate, Interval, Level};
