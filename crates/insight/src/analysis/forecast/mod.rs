//! What comes next: the months ahead with intervals, what the running period will end at, and the chance to reach the
//! target; and how such forecasts did on the user's own past.

mod answer;
mod gather;
mod json;
mod outlook;
mod prospect;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::{Money, Month, Period};
use takar_stats::{
    Estimate, Interval,
    forecast::{Chance, Forecast, Reliability},
};

use super::{Scope, series::Months, trends::Judged};
use crate::metrics::{Basis, Dimension};

pub use answer::forecast;
pub use prospect::{Ahead, Prospect, months_of, span_of};

/// Months ahead, at most.
pub const LONGEST: usize = 24;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Whose.
    pub scope: Scope,
    /// A forecast for each member of this dimension; one for all together without.
    pub by: Option<Dimension>,
    /// Months ahead, from 1 to [`LONGEST`].
    pub horizon: usize,
}

/// A window that months ahead lie in, and what it will end at.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The window: the coming month, the running quarter or year, or all months ahead.
    pub window: Period,
    /// What its complete months brought.
    pub done: Money,
    /// How many months are ahead of it.
    pub ahead: usize,
    /// What done and forecast come to.
    pub expected: f64,
    /// The interval of that.
    pub interval: Judged<Interval>,
    /// Its target, where every month of it has one.
    pub target: Option<Money>,
    /// The chance to reach the target.
    pub chance: Option<Judged<Chance>>,
}

/// The forecast of one member, or of all.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberForecast {
    /// Its id; none = nobody, or all.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its first month with sales.
    pub first: Month,
    /// Net sales by month from then on.
    pub history: Vec<f64>,
    /// The months ahead.
    pub forecast: Judged<Forecast>,
    /// What windows will end at.
    pub outlooks: Vec<Outlook>,
}

/// How such forecasts did on the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// How often 80 % intervals held.
    pub coverage: Judged<Estimate>,
    /// Chances told beside what came.
    pub reliability: Judged<Reliability>,
    /// Mean absolute error over that of "as a year ago": below 1 is better.
    pub against_year_ago: Option<f64>,
    /// Forecasts compared.
    pub n: usize,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecasts {
    /// The manager's id and name, where it is one manager's.
    pub manager: Option<(String, Option<String>)>,
    /// By which dimension.
    pub by: Option<Dimension>,
    /// The months that were known.
    pub(super) months: Months,
    /// Months ahead.
    pub horizon: usize,
    /// The largest first.
    pub members: Vec<MemberForecast>,
    /// How such forecasts did on the past.
    pub past: Judged<Past>,
    /// Whether feasts and trading days were taken into account.
    pub knows_feasts: bool,
    /// The currency of amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}
