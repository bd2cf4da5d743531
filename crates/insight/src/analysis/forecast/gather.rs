//! The series that are forecast, with the season and the calendar they share.

use takar_stats::{
    Level,
    forecast::{Method, Plan},
    season::{Kind, Season},
    trend::calendar_effects,
};

use crate::analysis::{
    feasts,
    series::{Months, Series},
    trends::factors,
};

/// Members up to which the most exact method is worth its time.
const MANY: usize = 1_000;
/// Earlier ends that are forecast to learn from: two years of them.
const ORIGINS: usize = 24;

/// How the past is forecast: two years are needed to begin with, one where the series are shorter.
pub(super) fn plan(months: usize, members: usize, horizon: usize) -> Plan {
    let shortest = if months >= 36 { 24 } else { 12 };
    let method = if members <= MANY { Method::Combined } else { Method::Theta };
    Plan { method, period: 12, horizon, shortest, origins: ORIGINS }
}

/// What all members share, read from their sum.
pub(super) struct Shared {
    season: Season,
    /// By count of months known (of the sum): what the calendar multiplies each month with, up to the horizon; empty
    /// where the calendar does nothing that is sure.
    calendar: Vec<Vec<f64>>,
}

impl Shared {
    pub(super) fn of(total: &[f64], months: Months, plan: &Plan) -> Self {
        let exposures = feasts::exposures(months.first, total.len() + plan.horizon);
        let earliest = total.len().saturating_sub(plan.origins);
        let known = |known: usize| -> Vec<f64> {
            if known < earliest {
                return Vec::new();
            }
            let until: Vec<_> = exposures
                .iter()
                .map(|exposure| takar_stats::trend::Exposure {
                    name: exposure.name,
                    values: exposure.values[..known].to_vec(),
                })
                .collect();
            match calendar_effects(&total[..known], 12, &until, Level::P95) {
                Ok(found) => {
                    let factors = factors(&found, &exposures, known + plan.horizon);
                    if factors.iter().all(|factor| *factor == 1.0) { Vec::new() } else { factors }
                }
                Err(_) => Vec::new(),
            }
        };
        let calendar: Vec<Vec<f64>> = (0..=total.len()).map(known).collect();
        let plain: Vec<f64> = match calendar.last().filter(|factors| !factors.is_empty()) {
            Some(factors) => total.iter().zip(factors).map(|(value, factor)| value / factor).collect(),
            None => total.to_vec(),
        };
        let season = Season::of(&plain, 12).unwrap_or_else(|_| Season::none());
        // Additive indices are in the money of the sum: they fit no member.
        let season = if season.kind() == Kind::Multiplicative { season } else { Season::none() };
        Self { season, calendar }
    }

    pub(super) fn knows_feasts(&self) -> bool {
        self.calendar.last().is_some_and(|factors| !factors.is_empty())
    }

    /// The season of a member that begins so many months after the sum.
    pub(super) fn season(&self, begins: usize) -> Season {
        self.season.shifted(begins)
    }

    /// The calendar's factors for a member that begins so many months after the sum, of which so many are known.
    pub(super) fn calendar(&self, begins: usize, known: usize) -> Vec<f64> {
        let all = self.calendar.get(begins + known).map_or(&[][..], Vec::as_slice);
        all.get(begins..).map(<[f64]>::to_vec).unwrap_or_default()
    }
}

/// A member from its first month with sales on.
pub(super) struct Begun {
    pub id: Option<String>,
    pub name: Option<String>,
    pub begins: usize,
    pub values: Vec<f64>,
}

impl Begun {
    /// The same of a share or mean, from the first month that has one on; a month without repeats the last one that had.
    pub(super) fn of_quotient(series: Series) -> Option<Self> {
        let figures = series.figures.first()?;
        let begins = figures.iter().position(Option::is_some)?;
        let mut last = 0.0;
        let values = figures[begins..].iter().map(|figure| {
            last = figure.unwrap_or(last);
            last
        });
        Some(Self { values: values.collect(), begins, id: series.id, name: series.name })
    }

    pub(super) fn of(series: Series) -> Option<Self> {
        // What is held against the month before is not known of the first one.
        let figures = series.figures.first()?;
        let known = figures.iter().position(Option::is_some)?;
        let values: Vec<f64> = figures[known..].iter().copied().collect::<Option<_>>()?;
        let begins = values.iter().position(|value| *value != 0.0)?;
        Some(Self { id: series.id, name: series.name, begins: known + begins, values: values[begins..].to_vec() })
    }
}
