//! Forecasting the past: what the method would have said at earlier ends of the series.

use rayon::prelude::*;

use super::{Expected, Fitted, Method};
use crate::{Error, Result, error::at_least, season::Season};

/// How the past is forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The method; [`Method::suited`] may choose [`Method::Tsb`] instead.
    pub method: Method,
    /// Observations in a season: 12 for months.
    pub period: usize,
    /// Steps ahead.
    pub horizon: usize,
    /// Observations that the method is given at least.
    pub shortest: usize,
    /// Earlier ends of each series, at most: the latest ones.
    pub origins: usize,
}

/// A series, oldest observation first.
#[derive(Clone, Copy)]
pub struct Series<'a> {
    /// Its observations. Series that are tested together end at the same time.
    pub values: &'a [f64],
    /// The season to use while it is too short to have its own, beginning at its first observation.
    pub season: Option<&'a Season>,
    /// What the calendar multiplies each step with, as far as could be known after so many observations: one factor
    /// above 0 for each of them and for every step of the horizon. None without.
    pub calendar: Option<&'a Calendar<'a>>,
}

/// From the count of observations known to the calendar's factors.
pub type Calendar<'a> = dyn Fn(usize) -> Vec<f64> + Sync + 'a;

impl<'a> Series<'a> {
    /// A series that stands alone.
    pub const fn of(values: &'a [f64]) -> Self {
        Self { values, season: None, calendar: None }
    }

    /// Fits a method to the first `known` observations; its forecasts still lack the calendar's factors, which come with
    /// it for the steps ahead (empty without a calendar).
    ///
    /// # Errors
    /// As [`Method::fit`].
    pub fn fit(&self, plan: &Plan, known: usize) -> Result<(Fitted, Vec<f64>)> {
        let values = &self.values[..known.min(self.values.len())];
        let factors = self.calendar.map(|calendar| calendar(values.len())).unwrap_or_default();
        let is_usable = factors.len() >= values.len() + plan.horizon && factors.iter().all(|factor| *factor > 0.0);
        let adjusted: Vec<f64> = match is_usable {
            true => values.iter().zip(&factors).map(|(value, factor)| value / factor).collect(),
            false => values.to_vec(),
        };
        let ahead = if is_usable { factors[values.len()..].to_vec() } else { Vec::new() };
        let method = Method::suited(&adjusted, plan.method);
        let fitted = match self.season.filter(|_| method != Method::Tsb && adjusted.len() < 3 * plan.period) {
            Some(season) => method.fit_with(&adjusted, plan.period, season.clone())?,
            None => method.fit(&adjusted, plan.period)?,
        };
        Ok((fitted, ahead))
    }
}

impl Series<'_> {
    /// What `steps` steps are expected to add up to that begin `skipped` steps after the end of the series, by what
    /// [`fit`](Self::fit) found for all of it.
    pub fn expected(
        &self,
        plan: &Plan,
        (fitted, factors): &(Fitted, Vec<f64>),
        skipped: usize,
        steps: usize,
    ) -> Expected {
        let factor = |step: usize| factors.get(step - 1).copied().unwrap_or(1.0);
        let span = skipped + 1..=skipped + steps;
        let before = season_before(self.values, plan.period, skipped + steps);
        Expected {
            forecast: span.clone().map(|step| fitted.ahead(step) * factor(step)).sum(),
            spread: span.map(|step| fitted.spread(step) * factor(step)).sum(),
            before: before.get(skipped..).filter(|_| !before.is_empty()).map(|before| before.iter().sum()),
        }
    }
}

/// What was forecast at one earlier end of one series, and what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    /// The place of the series.
    pub series: usize,
    /// Steps between that end and the true end of the series.
    pub ended: usize,
    /// Forecasts by step.
    pub forecast: Vec<f64>,
    /// What came, by step.
    pub actual: Vec<f64>,
    /// How far off the model thought it might be, by step.
    pub spread: Vec<f64>,
    /// Mean absolute error of the seasonal naive forecast until then.
    pub scale: f64,
    /// What came a season before, by step: the last such season that was known by then. Empty where that was before the
    /// series.
    pub before: Vec<f64>,
}

/// The past, forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// How.
    pub plan: Plan,
    /// By series and end, the earliest first.
    pub errors: Vec<Errors>,
}

/// Forecasts the past of many series, all ends that leave `horizon` steps to compare with; for shorter comparisons
/// (`horizon` 1 to the one given) later ends are used too.
///
/// # Errors
/// [`Error::NotEnough`] where no series is long enough, [`Error::NotFinite`], [`Error::OutOfRange`] for a horizon of 0.
///
/// ```
/// use takar_stats::forecast::{Method, Plan, Series, backtest};
/// let values: Vec<f64> = (0..40).map(|t| 100.0 + f64::from(t % 7)).collect();
/// let plan = Plan { method: Method::Theta, period: 12, horizon: 3, shortest: 24, origins: 12 };
/// let past = backtest(&[Series::of(&values)], &plan)?;
/// assert_eq!(past.errors.len(), 12);
/// assert_eq!(past.errors.iter().map(|errors| errors.actual.len()).min(), Some(1));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn backtest(series: &[Series<'_>], plan: &Plan) -> Result<Backtest> {
    if plan.horizon == 0 {
        return Err(Error::OutOfRange { what: "horizon", index: 0, value: 0.0, range: "1 or more" });
    }
    let longest = series.iter().map(|series| series.values.len()).max().unwrap_or_default();
    at_least("a test on the past", "observations", plan.shortest.max(4) + 1, longest)?;
    let per_series: Result<Vec<Vec<Errors>>> =
        series.par_iter().enumerate().map(|(place, series)| of_series(place, series, plan)).collect();
    let mut errors: Vec<Errors> = per_series?.into_iter().flatten().collect();
    errors.shrink_to_fit();
    Ok(Backtest { plan: *plan, errors })
}

fn of_series(place: usize, series: &Series<'_>, plan: &Plan) -> Result<Vec<Errors>> {
    let n = series.values.len();
    let first = plan.shortest.max(4).max(n.saturating_sub(plan.origins));
    let mut found = Vec::with_capacity(n.saturating_sub(first));
    for known in first..n {
        let (fitted, factors) = series.fit(plan, known)?;
        let steps = plan.horizon.min(n - known);
        let factor = |step: usize| factors.get(step - 1).copied().unwrap_or(1.0);
        let before = season_before(&series.values[..known], plan.period, steps);
        found.push(Errors {
            series: place,
            ended: n - known,
            forecast: (1..=steps).map(|step| fitted.ahead(step) * factor(step)).collect(),
            actual: series.values[known..known + steps].to_vec(),
            spread: (1..=steps).map(|step| fitted.spread(step) * factor(step)).collect(),
            scale: fitted.scale(),
            before,
        });
    }
    Ok(found)
}

/// What the coming steps came to in the last known season; empty where the series is shorter than one.
pub fn season_before(values: &[f64], period: usize, steps: usize) -> Vec<f64> {
    match values.len().checked_sub(period) {
        Some(from) if period > 0 => values[from..].iter().copied().cycle().take(steps).collect(),
        _ => Vec::new(),
    }
}
