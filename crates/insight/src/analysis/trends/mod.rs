//! Does a figure rise or fall, what repeats each year, where did its level break, which months stand out, what does the
//! calendar do, which figures move together.

mod adjusted;
mod answer;
mod json;
mod members;
mod same_accounts;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::{Month, Period};
use takar_stats::{
    Estimate,
    relation::Relation,
    season::Season,
    trend::{Breaks, CalendarEffects, MannKendall, Outlier},
};

use super::Scope;
use crate::kpis::AnalysedKpi;
use crate::metrics::{Basis, Dimension, KpiDefinition};

pub(crate) use adjusted::factors;
pub use answer::trends;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which figure.
    pub kpi: AnalysedKpi,
    /// Only months within this window; all complete months unless given.
    pub window: Option<Period>,
    /// Whose.
    pub scope: Scope,
    /// Also the trend of each member of this dimension.
    pub by: Option<Dimension>,
}

/// An estimate, or what it would need.
pub type Judged<T> = Result<T, takar_stats::Error>;

/// A trend and how steep it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Is there one at all?
    pub test: MannKendall,
    /// Change a month, in the unit of the figure.
    pub slope: Estimate,
    /// The usual level: the median month. What the slope is held against.
    pub level: f64,
}

impl Trend {
    /// Whether chance explains it: p at or above 5 %.
    pub fn is_chance(&self) -> bool {
        self.test.p >= 0.05
    }

    /// Change a year as a share of the usual level; none where that is not above 0.
    pub fn yearly_rate(&self) -> Option<f64> {
        (self.level > 0.0).then(|| 12.0 * self.slope.value / self.level)
    }
}

/// A month that the answer shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthOf {
    /// Which.
    pub month: Month,
    /// Its figure.
    pub value: f64,
    /// The figure without season and calendar.
    pub adjusted: f64,
}

/// A step of the level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelBreak {
    /// The first month of the new level.
    pub month: Month,
    /// The level before, without season and calendar.
    pub before: f64,
    /// The level from then on.
    pub after: f64,
    /// The step of accounts that were there before and after it; whatever came with accounts that came or went is left out.
    pub same_accounts: bool,
}

/// The trend of one member of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberTrend {
    /// Its id; none = nobody.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The median month.
    pub level: f64,
    /// Its trend.
    pub trend: Judged<Trend>,
    /// The p-value adjusted for how many members were looked at; none without a test.
    pub adjusted: Option<f64>,
    /// It rises or falls by more than chance explains, all members considered.
    pub stands_out: bool,
    /// Steps of its level; without what moves all members alike, where that can be told.
    pub breaks: Vec<LevelBreak>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Trends {
    /// Which figure.
    pub kpi: AnalysedKpi,
    /// The manager's id and name, where it is one manager's.
    pub manager: Option<(String, Option<String>)>,
    /// By month.
    pub months: Vec<MonthOf>,
    /// The season; of kind none where there is none.
    pub season: Judged<Season>,
    /// What the calendar does; effects that chance explains are told but not taken off.
    pub calendar: Judged<CalendarEffects>,
    /// Rising or falling.
    pub trend: Judged<Trend>,
    /// Steps of the level.
    pub breaks: Judged<Vec<LevelBreak>>,
    /// The segments as the estimator found them.
    pub segments: Option<Breaks>,
    /// Months that stand out.
    pub outliers: Judged<Vec<(Month, Outlier)>>,
    /// Figures that were held against each other.
    pub related: Vec<&'static KpiDefinition>,
    /// Pairs of them, the strongest first.
    pub relations: Vec<Relation>,
    /// By which dimension members are shown.
    pub by: Option<Dimension>,
    /// The members, the largest first.
    pub members: Vec<MemberTrend>,
    /// The currency of amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}
