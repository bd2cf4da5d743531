//! One score from several KPIs, 0 to 100, of which every point can be traced to its KPI.
//!
//! A [`Yardstick`] turns the value of a KPI into 0 to 100 points, weights say how much each counts, a [`Scorecard`] adds
//! up. The score is monotone (a better KPI never lowers it), keeps dominance (who is at least as good in every KPI scores
//! at least as high) and does not depend on units. [`score_ranges`] shows how far ranks depend on the weights that were
//! chosen and on chance in the KPIs.
//!
//! Source: OECD & JRC (2008), *Handbook on Constructing Composite Indicators*, ch. 5, 6 and 7.

mod card;
mod ranges;
#[cfg(test)]
mod tests;
mod yardstick;

pub use card::{Aggregation, Part, Score, Scorecard, Scored};
pub use ranges::{KpiMeasure, Spread, score_ranges};
pub use yardstick::{Direction, Yardstick};
