//! A series without what the calendar and the season do to it.

use takar_stats::{
    Level,
    season::Season,
    trend::{CalendarEffects, Exposure, calendar_effects},
};

use super::Judged;
use crate::analysis::{feasts, series::Months};

/// A calendar effect is taken off where chance would bring one as strong this seldom. Stricter than usual, since an effect
/// taken off in error disturbs everything after it.
const SURE: f64 = 0.01;

/// What was taken off a series, and what is left.
pub(in crate::analysis) struct Adjusted {
    pub calendar: Judged<CalendarEffects>,
    pub season: Judged<Season>,
    pub values: Vec<f64>,
}

impl Adjusted {
    pub(in crate::analysis) fn of(values: &[f64], months: Months) -> Self {
        let exposures = feasts::exposures(months.first, values.len());
        let calendar = calendar_effects(values, 12, &exposures, Level::P95);
        let factors = calendar.as_ref().ok().map(|found| factors(found, &exposures, values.len()));
        let plain: Vec<f64> = match &factors {
            Some(factors) => values.iter().zip(factors).map(|(value, factor)| value / factor).collect(),
            None => values.to_vec(),
        };
        let season = Season::of(&plain, 12);
        let values = season.as_ref().map_or_else(|_| plain.clone(), |season| season.adjusted(&plain));
        Self { calendar, season, values }
    }
}

/// What the calendar multiplies each month with, as far as it is sure.
pub(crate) fn factors(found: &CalendarEffects, exposures: &[Exposure], count: usize) -> Vec<f64> {
    let of = |month: usize| {
        let sure = |(effect, exposure): (&takar_stats::trend::CalendarEffect, &Exposure)| {
            if effect.p < SURE { exposure.values[month] } else { 0.0 }
        };
        let shares: Vec<f64> = found.effects.iter().zip(exposures).map(sure).collect();
        found.factor(&shares)
    };
    (0..count).map(of).collect()
}
