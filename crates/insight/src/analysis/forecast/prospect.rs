//! What members are expected to bring over any coming months, and the chance of any figure: fitted once, asked often.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use takar_model::{Month, Period};
use takar_stats::{
    Error, Interval, Level,
    forecast::{Attainment, Backtest, Calendar, Chance, Expected, Fitted, Plan, Reliability, Series, backtest},
    season::Season,
};

use super::{
    LONGEST,
    gather::{Begun, Shared, plan},
};
use crate::{
    InsightError,
    analysis::{
        Scope,
        series::{Months, series_of_kpi},
        trends::Judged,
    },
    kpis::{AnalysedKpi, FactSource},
    metrics::{CellSource, Dimension, Unit},
};

/// Members whose past is forecast, at most.
const TAUGHT_BY: usize = 300;

/// What is known of members' coming months.
pub struct Prospect {
    months: Months,
    plan: Plan,
    members: Vec<Known>,
    places: FxHashMap<Option<String>, usize>,
    past: Judged<Backtest>,
    knows_feasts: bool,
    /// A target is reached by staying at it or below: short of so much more; none where more is better.
    short_of: Option<f64>,
    /// What no figure goes beyond: 1 for shares of which none ever did.
    most: f64,
    /// By months between the data and the first that counts.
    taught: Mutex<FxHashMap<usize, Arc<Judged<Attainment>>>>,
}

/// A member with what was found for it.
struct Known {
    id: Option<String>,
    name: Option<String>,
    begins: usize,
    values: Vec<f64>,
    fitted: Judged<(Fitted, Vec<f64>)>,
}

/// What a member is expected to bring in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// What its complete months brought.
    pub done: f64,
    /// How many months are ahead.
    pub months: usize,
    /// What done and forecast come to.
    pub expected: f64,
    /// The interval of that, to 80 %.
    pub interval: Judged<Interval>,
}

/// Where a window lies beside the data.
struct Place {
    skipped: usize,
    steps: usize,
    done: f64,
}

impl Prospect {
    /// Fits every member; `until` is the last month that will be asked for.
    ///
    /// # Errors
    /// [`InsightError::NoData`] without a complete month, [`InsightError::UnknownManager`], [`InsightError::TimeCondition`],
    /// [`InsightError::Stats`] where `until` is more than [`LONGEST`] months after the data.
    pub fn of(
        (source, facts): (&dyn CellSource, &dyn FactSource),
        kpi: &AnalysedKpi,
        scope: &Scope,
        by: Option<Dimension>,
        until: Month,
    ) -> Result<Self, InsightError> {
        let months = Months::of(source, None)?;
        let ahead = until.index() - months.last.index();
        let horizon = usize::try_from(ahead).unwrap_or_default().max(1);
        if horizon > LONGEST {
            let value = horizon as f64;
            return Err(Error::OutOfRange { what: "horizon", index: 0, value, range: "1 to 24 months" }.into());
        }
        let filter = scope.condition(source)?;
        let company = series_of_kpi((source, facts), months, kpi, None, None)?;
        // A share or mean has no season that members could have a part of.
        let total = company.first().filter(|_| !kpi.is_quotient());
        let total = total.and_then(crate::analysis::series::Series::complete).unwrap_or_default();
        let begun = series_of_kpi((source, facts), months, kpi, by, filter.as_ref())?;
        let begun: Vec<Begun> = match kpi.is_quotient() {
            true => begun.into_iter().filter_map(Begun::of_quotient).collect(),
            false => begun.into_iter().filter_map(Begun::of).collect(),
        };
        let plan = plan(months.count(), begun.len(), horizon);
        let shared = Shared::of(&total, months, &plan);
        let seasons: Vec<Season> = begun.iter().map(|member| shared.season(member.begins)).collect();
        let calendars: Vec<_> =
            begun.iter().map(|member| |known: usize| shared.calendar(member.begins, known)).collect();
        let series: Vec<Series<'_>> = begun
            .iter()
            .zip(&seasons)
            .zip(&calendars)
            .map(|((member, season), calendar)| {
                let calendar: &Calendar<'_> = calendar;
                Series { values: &member.values, season: Some(season), calendar: Some(calendar) }
            })
            .collect();
        let every = series.len().div_ceil(TAUGHT_BY).max(1);
        let sample: Vec<Series<'_>> = series.iter().copied().step_by(every).collect();
        let past = backtest(&sample, &plan);
        let fitted: Vec<Judged<(Fitted, Vec<f64>)>> =
            series.iter().map(|series| series.fit(&plan, series.values.len())).collect();
        drop(series);
        drop(calendars);
        let members: Vec<Known> = begun
            .into_iter()
            .zip(fitted)
            .map(|(Begun { id, name, begins, values }, fitted)| Known { id, name, begins, values, fitted })
            .collect();
        let places = members.iter().enumerate().map(|(place, member)| (member.id.clone(), place)).collect();
        let knows_feasts = shared.knows_feasts();
        // Who stays at two of something counted does not come to two and a half; of anything else the least more is too much.
        let more = if kpi.unit() == Unit::Count { 0.5 } else { f64::MIN_POSITIVE };
        let short_of = kpi.is_less_better().then_some(more);
        let is_part = kpi.is_quotient() && kpi.unit() == Unit::Rate;
        let is_part = is_part && members.iter().flat_map(|member| &member.values).all(|value| *value <= 1.0);
        let most = if is_part { 1.0 } else { f64::INFINITY };
        Ok(Self { months, plan, members, places, past, knows_feasts, short_of, most, taught: Mutex::default() })
    }

    /// Ids and names, the largest first.
    pub fn members(&self) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
        self.members.iter().map(|member| (member.id.as_deref(), member.name.as_deref()))
    }

    /// The last complete month of the data.
    pub const fn last(&self) -> Month {
        self.months.last
    }

    /// The first month of the data.
    pub const fn first(&self) -> Month {
        self.months.first
    }

    /// Whether feasts and trading days were taken into account.
    pub const fn knows_feasts(&self) -> bool {
        self.knows_feasts
    }

    /// What a member is expected to bring from the first to the last month.
    ///
    /// # Errors
    /// [`Error::NotEnough`] for a member with less than four months, or without any.
    pub fn ahead(&self, member: Option<&str>, span: (Month, Month)) -> Judged<Ahead> {
        let known = self.known(member)?;
        let place = self.place(known, span);
        if place.steps == 0 {
            let interval = Ok(Interval { low: place.done, high: place.done, level: Level::P80 });
            return Ok(Ahead { done: place.done, months: 0, expected: place.done, interval });
        }
        let (fitted, coming) = self.coming(known, &place)?;
        let interval = self.taught(place.skipped).as_ref().as_ref().map_err(Clone::clone).and_then(|taught| {
            let mut interval = taught.interval(fitted, place.steps, coming, Level::P80)?;
            interval.low = (interval.low + place.done).min(self.most);
            interval.high = (interval.high + place.done).min(self.most);
            Ok(interval)
        });
        let expected = (place.done + coming.forecast).min(self.most);
        Ok(Ahead { done: place.done, months: place.steps, expected, interval })
    }

    /// What is expected of each of the months; what complete months brought.
    ///
    /// # Errors
    /// As [`ahead`](Self::ahead).
    pub fn by_month(&self, member: Option<&str>, span: (Month, Month)) -> Judged<Vec<f64>> {
        months_of(span).map(|month| Ok(self.ahead(member, (month, month))?.expected)).collect()
    }

    /// The chance that a member brings `target` or more from the first to the last month; or less, where less is better.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where the past is too short to know, [`Error::Constant`] for a series that repeats itself.
    pub fn chance(&self, member: Option<&str>, span: (Month, Month), target: f64) -> Judged<Chance> {
        let known = self.known(member)?;
        let place = self.place(known, span);
        let (fitted, coming) = self.coming(known, &place)?;
        let taught = self.taught(place.skipped);
        let taught = taught.as_ref().as_ref().map_err(Clone::clone)?;
        let wanted = target - place.done;
        match self.short_of {
            None => taught.chance(fitted, place.steps, coming, wanted),
            Some(more) => Ok(taught.chance(fitted, place.steps, coming, wanted + more)?.turned()),
        }
    }

    /// What a member brings, or more, from the first to the last month with a chance of `wanted`; or less, where less is better.
    ///
    /// # Errors
    /// As [`chance`](Self::chance).
    pub fn amount(&self, member: Option<&str>, span: (Month, Month), wanted: f64) -> Judged<f64> {
        let known = self.known(member)?;
        let place = self.place(known, span);
        let (fitted, coming) = self.coming(known, &place)?;
        let taught = self.taught(place.skipped);
        let taught = taught.as_ref().as_ref().map_err(Clone::clone)?;
        let amount = match self.short_of {
            None => taught.amount(fitted, place.steps, coming, wanted)?,
            Some(more) => taught.amount(fitted, place.steps, coming, 1.0 - wanted)? - more,
        };
        Ok((place.done + amount).min(self.most))
    }

    /// How chances told on the past came true, for windows that lie as far ahead.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where the past is too short to tell any.
    pub fn reliability(&self, span: (Month, Month)) -> Judged<Reliability> {
        let skipped = usize::try_from(span.0.index() - self.months.last.index() - 1).unwrap_or_default();
        Reliability::after(self.past.as_ref().map_err(Clone::clone)?, skipped)
    }

    fn known(&self, member: Option<&str>) -> Judged<&Known> {
        let place = self.places.get(&member.map(str::to_owned));
        place.map(|place| &self.members[*place]).ok_or(Error::NotEnough {
            method: "a forecast",
            what: "months",
            needed: 4,
            got: 0,
        })
    }

    fn place(&self, known: &Known, (first, last): (Month, Month)) -> Place {
        let count = |from: Month, to: Month| usize::try_from(to.index() - from.index() + 1).unwrap_or_default();
        let next = self.months.last.plus(1);
        let begins = self.months.at(known.begins);
        let done = known
            .values
            .iter()
            .enumerate()
            .filter(|(place, _)| {
                let month = begins.plus(i32::try_from(*place).unwrap_or(i32::MAX));
                first <= month && month <= last
            })
            .map(|(_, value)| value)
            .sum();
        Place {
            skipped: usize::try_from(first.index() - next.index()).unwrap_or_default(),
            steps: count(first.max(next), last),
            done,
        }
    }

    fn coming<'a>(&self, known: &'a Known, place: &Place) -> Judged<(&'a Fitted, Expected)> {
        let fitted = known.fitted.as_ref().map_err(Clone::clone)?;
        let expected = Series::of(&known.values).expected(&self.plan, fitted, place.skipped, place.steps);
        Ok((&fitted.0, expected))
    }

    fn taught(&self, skipped: usize) -> Arc<Judged<Attainment>> {
        let mut taught = self.taught.lock().unwrap_or_else(PoisonError::into_inner);
        let learn =
            || Arc::new(self.past.as_ref().map_err(Clone::clone).and_then(|past| Attainment::after(past, skipped)));
        taught.entry(skipped).or_insert_with(learn).clone()
    }
}

/// The months from the first to the last.
pub fn months_of((first, last): (Month, Month)) -> impl Iterator<Item = Month> + Clone {
    (first.index()..=last.index()).map(Month::from_index)
}

/// The first and the last month of a window of whole months.
///
/// # Errors
/// [`InsightError::NotMonths`] for any other window.
pub fn span_of(window: Period) -> Result<(Month, Month), InsightError> {
    window.whole_months().ok_or(InsightError::NotMonths { window })
}
