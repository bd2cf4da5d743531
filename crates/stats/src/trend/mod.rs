//! Trend and pattern: does a series rise or fall, where did its level break, which observations stand out, what moves with
//! the calendar.
//!
//! A series is a slice of observations at equal steps, oldest first. A season disturbs these methods: take it out first
//! ([`crate::season`]).

mod breaks;
mod calendar;
mod mann_kendall;
mod outliers;
mod slope;
#[cfg(test)]
mod tests;

pub use breaks::{Breaks, Segment, breaks, broken_trend};
pub use calendar::{CalendarEffect, CalendarEffects, Exposure, calendar_effects};
pub use mann_kendall::{Autocorrelation, MannKendall, mann_kendall};
pub use outliers::{Outlier, outliers};
pub use slope::theil_sen;

/// Observations that a method of this module takes at most: its work grows with their square.
pub const LONGEST: usize = 5_000;

/// Refuses too few, too many, and what is not finite.
fn check(method: &'static str, values: &[f64], fewest: usize) -> crate::Result<()> {
    crate::error::at_least(method, "observations", fewest, values.len())?;
    if values.len() > LONGEST {
        let value = values.len() as f64;
        return Err(crate::Error::OutOfRange { what: "length of series", index: 0, value, range: "at most 5000" });
    }
    crate::error::finite("observation", values)
}
