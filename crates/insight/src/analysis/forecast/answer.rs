//! From the series to the answer.

use rayon::prelude::*;
use takar_model::Money;
use takar_stats::{
    Error, Level,
    forecast::{Attainment, Backtest, Calendar, Calibration, Expected, Fitted, Plan, Reliability, Series, backtest},
    season::Season,
};

use super::{
    Forecasts, LONGEST, MemberForecast, Outlook, Past, Question,
    gather::{Begun, Shared, plan},
    outlook::{Window, windows},
};
use crate::{
    InsightError,
    analysis::{
        scope::currency_of,
        series::{Months, series_of},
        trends::Judged,
    },
    metrics::{CellSource, Kpi},
};

/// Members whose past is forecast, at most.
const TAUGHT_BY: usize = 2_000;

/// Forecasts of net sales.
///
/// # Errors
/// [`InsightError::NoData`] without a complete month, [`InsightError::UnknownManager`], [`InsightError::TimeCondition`],
/// [`InsightError::Stats`] for a horizon outside 1 to [`LONGEST`].
pub fn forecast(source: &dyn CellSource, question: &Question) -> Result<Forecasts, InsightError> {
    let horizon = question.horizon;
    if !(1..=LONGEST).contains(&horizon) {
        let value = horizon as f64;
        return Err(Error::OutOfRange { what: "horizon", index: 0, value, range: "1 to 24 months" }.into());
    }
    if question.by.is_some_and(|by| by.is_time()) {
        return Err(InsightError::TimeCondition);
    }
    let months = Months::of(source, None)?;
    let filter = question.scope.condition(source)?;
    let kpi = [Kpi::NetSales.definition()];
    let company = series_of(source, months, &kpi, None, None)?;
    let total = company.first().and_then(crate::analysis::series::Series::complete).unwrap_or_default();
    let members: Vec<Begun> =
        series_of(source, months, &kpi, question.by, filter.as_ref())?.into_iter().filter_map(Begun::of).collect();
    let plan = plan(months.count(), members.len(), horizon);
    let shared = Shared::of(&total, months, &plan);
    let windows = windows(source, months, horizon, question.by, filter.as_ref())?;

    let seasons: Vec<Season> = members.iter().map(|member| shared.season(member.begins)).collect();
    let calendars: Vec<_> = members.iter().map(|member| |known: usize| shared.calendar(member.begins, known)).collect();
    let series: Vec<Series<'_>> = members
        .iter()
        .zip(&seasons)
        .zip(&calendars)
        .map(|((member, season), calendar)| {
            let calendar: &Calendar<'_> = calendar;
            Series { values: &member.values, season: Some(season), calendar: Some(calendar) }
        })
        .collect();
    // Of many members as many as teach all there is to learn, taken evenly from the largest to the smallest.
    let every = series.len().div_ceil(TAUGHT_BY).max(1);
    let sample: Vec<Series<'_>> = series.iter().copied().step_by(every).collect();
    let learned = backtest(&sample, &plan).map(|past| Learned::of(&past));
    let answers: Vec<MemberForecast> = members
        .par_iter()
        .zip(&series)
        .map(|(member, series)| of_member(member, series, &plan, months, &windows, &learned))
        .collect();
    Ok(Forecasts {
        manager: question.scope.manager_label(source),
        by: question.by,
        months,
        horizon,
        members: answers,
        past: learned.map(|learned| learned.past),
        knows_feasts: shared.knows_feasts(),
        currency: currency_of(source),
        basis: source.basis(),
    })
}

/// What the past taught.
struct Learned {
    calibration: Judged<Calibration>,
    attainment: Judged<Attainment>,
    past: Past,
}

impl Learned {
    fn of(past: &Backtest) -> Self {
        let (mut own, mut naive, mut n) = (0.0, 0.0, 0);
        for errors in &past.errors {
            for ((actual, forecast), before) in errors.actual.iter().zip(&errors.forecast).zip(&errors.before) {
                own += (actual - forecast).abs();
                naive += (actual - before).abs();
                n += 1;
            }
        }
        Self {
            calibration: Calibration::of(past),
            attainment: Attainment::of(past),
            past: Past {
                coverage: Calibration::coverage(past, Level::P80),
                reliability: Reliability::of(past),
                against_year_ago: (naive > 0.0).then(|| own / naive),
                n,
            },
        }
    }
}

fn of_member(
    member: &Begun,
    series: &Series<'_>,
    plan: &Plan,
    months: Months,
    windows: &[Window],
    learned: &Judged<Learned>,
) -> MemberForecast {
    let fitted = series.fit(plan, member.values.len());
    let forecast = match (&fitted, learned) {
        (Ok((fitted, factors)), Ok(learned)) => learned
            .calibration
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|calibration| calibration.forecast_with(fitted, factors, Level::P80)),
        (Err(error), _) | (_, Err(error)) => Err(error.clone()),
    };
    let outlooks = match &fitted {
        Ok(fitted) => windows
            .iter()
            .map(|window| {
                let expected = series.expected(plan, fitted, 0, window.ahead);
                outlook(member, &fitted.0, expected, window, learned)
            })
            .collect(),
        Err(_) => Vec::new(),
    };
    MemberForecast {
        id: member.id.clone(),
        name: member.name.clone(),
        first: months.at(member.begins),
        history: member.values.clone(),
        forecast,
        outlooks,
    }
}

fn outlook(member: &Begun, fitted: &Fitted, coming: Expected, window: &Window, learned: &Judged<Learned>) -> Outlook {
    let done = window.done.get(&member.id).copied().unwrap_or(Money::ZERO);
    let target = window.targets.get(&member.id).copied();
    let attainment = match learned {
        Ok(learned) => learned.attainment.as_ref().map_err(Clone::clone),
        Err(error) => Err(error.clone()),
    };
    let interval = attainment.clone().and_then(|known| {
        let mut interval = known.interval(fitted, window.ahead, coming, Level::P80)?;
        interval.low += done.to_f64();
        interval.high += done.to_f64();
        Ok(interval)
    });
    let chance = target.map(|target| {
        attainment.and_then(|known| known.chance(fitted, window.ahead, coming, (target - done).to_f64()))
    });
    Outlook {
        window: window.period,
        done,
        ahead: window.ahead,
        expected: done.to_f64() + coming.forecast,
        interval,
        target,
        chance,
    }
}
