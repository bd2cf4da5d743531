//! The methods by name, and which suits a series.

use serde::{Deserialize, Serialize};

use super::{
    damped::Damped,
    fitted::{Fitted, Parts},
    intermittent,
    theta::Theta,
};
use crate::{
    Result,
    error::{at_least, finite},
    season::{Season, is_seasonal_by_autocorrelation},
};

/// A way to forecast a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The same period a year (a season) before.
    SeasonalNaive,
    /// The last observation without its season, with the season of the month to come.
    Naive2,
    /// The Theta method with θ = 2.
    Theta,
    /// Exponential smoothing with a damped trend.
    Damped,
    /// The mean of [`Theta`](Self::Theta) and [`Damped`](Self::Damped): the most exact here, at ten times the work of
    /// [`Theta`](Self::Theta).
    Combined,
    /// For series with many zeros: Teunter, Syntetos & Babai, both weights 0.1.
    Tsb,
}

/// Observations below which nothing is forecast.
const FEWEST: usize = 4;

impl Method {
    /// What suits a series: [`Tsb`](Self::Tsb) where it is 0 or above and every 1.32nd observation or more is 0, else
    /// `otherwise`.
    pub fn suited(values: &[f64], otherwise: Self) -> Self {
        let is_intermittent = intermittent::mean_gap(values).is_none_or(|gap| gap >= intermittent::INTERMITTENT_GAP);
        if is_intermittent && values.iter().all(|value| *value >= 0.0) { Self::Tsb } else { otherwise }
    }

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeasonalNaive => "seasonal_naive",
            Self::Naive2 => "naive2",
            Self::Theta => "theta",
            Self::Damped => "damped",
            Self::Combined => "combined",
            Self::Tsb => "tsb",
        }
    }

    /// Fits the method to a series whose season is taken from itself ([`Season::of`]).
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) for fewer than 4 observations,
    /// [`Error::NotFinite`](crate::Error::NotFinite).
    ///
    /// ```
    /// use takar_stats::forecast::Method;
    /// let rising: Vec<f64> = (0..36).map(|t| 100.0 + f64::from(t)).collect();
    /// let fitted = Method::Theta.fit(&rising, 12)?;
    /// assert!((fitted.ahead(1) - 135.5).abs() < 0.6);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn fit(self, values: &[f64], period: usize) -> Result<Fitted> {
        at_least("a forecast", "observations", FEWEST, values.len())?;
        finite("observation", values)?;
        let season = match self {
            Self::Tsb | Self::SeasonalNaive => Season::none(),
            // As the competitions define it, so that others' figures can be held against it.
            Self::Naive2 if values.len() < 3 * period || !is_seasonal_by_autocorrelation(values, period) => {
                Season::none()
            }
            Self::Naive2 => Season::classical(values, period)?,
            _ => Season::of(values, period)?,
        };
        self.fit_with(values, period, season)
    }

    /// Fits the method to a series whose season is known, say from the sum of many series like it.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_with(self, values: &[f64], period: usize, season: Season) -> Result<Fitted> {
        at_least("a forecast", "observations", FEWEST, values.len())?;
        finite("observation", values)?;
        let adjusted = season.adjusted(values);
        let parts = match self {
            Self::SeasonalNaive => Parts::Repeated(values[values.len().saturating_sub(period.max(1))..].to_vec()),
            Self::Naive2 => Parts::Level(adjusted.last().copied().unwrap_or_default()),
            Self::Theta => Parts::Theta(Theta::fit(&adjusted)),
            Self::Damped => Parts::Damped(Damped::fit(&adjusted)),
            Self::Combined => Parts::Combined(Theta::fit(&adjusted), Damped::fit(&adjusted)),
            Self::Tsb if values.iter().all(|value| *value >= 0.0) => {
                Parts::Level(intermittent::tsb(&adjusted, 0.1, 0.1)?)
            }
            // With values below 0 demand and chance cannot be told apart.
            Self::Tsb => Parts::Theta(Theta::fit(&adjusted)),
        };
        Ok(Fitted::new(self, values, &adjusted, season, period, parts))
    }
}
