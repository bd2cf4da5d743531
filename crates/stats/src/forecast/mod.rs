//! What comes next: point forecasts, intervals that were tested on the past, and the chance to reach a target.
//!
//! A series is a slice of observations at equal steps, oldest first, without gaps; a month without sales is a 0. Fit a
//! [`Method`] to it ([`Method::fit`]) to get a [`Fitted`] that forecasts as far as asked. [`backtest`] repeats that at earlier
//! ends of the same series; [`Calibration`] turns its errors into intervals, [`Attainment`] into the chance to reach a sum,
//! [`Cover`] into what has to be there to last.

pub mod accuracy;
mod attainment;
mod backtest;
mod calibration;
mod cover;
mod damped;
mod fitted;
pub mod intermittent;
mod isotonic;
mod level;
mod method;
#[cfg(test)]
mod tests;
mod theta;

pub use attainment::{Attainment, Chance, Expected, Reliability, ReliabilityBin};
pub use backtest::{Backtest, Calendar, Errors, Plan, Series, backtest, season_before};
pub use calibration::{Calibration, Forecast, Step};
pub use cover::Cover;
pub use fitted::Fitted;
pub use isotonic::{Isotonic, isotonic};
pub use method::Method;
