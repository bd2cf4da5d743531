//! What repeats every year: tested for, estimated, taken out and put back.

#[cfg(test)]
mod tests;

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::{
    Error, Result,
    error::{at_least, finite},
    ranks::ranks,
};

/// How a season acts on the level of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No season.
    None,
    /// The index is added; indices add up to 0.
    Additive,
    /// The index multiplies; indices are 1 on average. Only for series above 0.
    Multiplicative,
}

/// The seasonal indices of a series.
///
/// `indices[i]` belongs to the i-th observation, the (i + period)-th and so on; their unit is that of the series where the
/// kind is additive, a factor where it is multiplicative.
///
/// ```
/// use takar_stats::season::{Kind, Season};
/// let quarters: Vec<f64> = (0..24).map(|t| 100.0 * [0.8, 1.2, 0.9, 1.1][t % 4]).collect();
/// let season = Season::of(&quarters, 4)?;
/// assert_eq!(season.kind(), Kind::Multiplicative);
/// assert!((season.indices()[1] - 1.2).abs() < 1e-12);
/// assert!(season.adjusted(&quarters).iter().all(|value| (value - 100.0).abs() < 1e-9));
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Season {
    kind: Kind,
    indices: Vec<f64>,
}

impl Season {
    /// The season of a series where it has one, else none.
    ///
    /// A series has a season of `period` observations where it spans three periods at least and its phases differ by more
    /// than chance explains ([`is_seasonal`], 5 %). It multiplies where every value is above 0.
    ///
    /// # Errors
    /// [`Error::NotFinite`]; [`Error::NotEnough`] without observations.
    pub fn of(values: &[f64], period: usize) -> Result<Self> {
        at_least("a season", "observations", 1, values.len())?;
        finite("observation", values)?;
        if period < 2 || values.len() < 3 * period || !is_seasonal(values, period) {
            return Ok(Self::none());
        }
        Self::classical(values, period)
    }

    /// No season.
    pub fn none() -> Self {
        Self { kind: Kind::None, indices: vec![0.0] }
    }

    /// Indices by classical decomposition: the mean ratio (or distance) of each phase to a centred moving average over one
    /// period, brought to a mean of 1 (or 0). Multiplicative where every value is above 0.
    ///
    /// Source: Makridakis, Wheelwright & Hyndman (1998), *Forecasting: Methods and Applications*, 3rd ed., 3/4.
    ///
    /// # Errors
    /// [`Error::NotEnough`] for fewer than two periods, [`Error::NotFinite`].
    pub fn classical(values: &[f64], period: usize) -> Result<Self> {
        at_least("seasonal indices", "observations", 2 * period.max(2), values.len())?;
        finite("observation", values)?;
        let kind = if values.iter().all(|value| *value > 0.0) { Kind::Multiplicative } else { Kind::Additive };
        let centre = centred_average(values, period);
        let mut sums = vec![(0.0, 0_u32); period];
        for (offset, level) in centre.iter().enumerate() {
            let place = offset + period / 2;
            let against = match kind {
                Kind::Multiplicative => values[place] / level,
                _ => values[place] - level,
            };
            sums[place % period].0 += against;
            sums[place % period].1 += 1;
        }
        let raw: Vec<f64> = sums.iter().map(|(sum, count)| sum / f64::from((*count).max(1))).collect();
        Ok(Self::normalised(kind, raw))
    }

    /// Known indices, brought to a mean of 1 (multiplicative) or 0 (additive): for a series too short to have its own.
    ///
    /// # Errors
    /// [`Error::NotEnough`] without indices, [`Error::NotFinite`], [`Error::OutOfRange`] for a factor that is not above 0.
    pub fn known(kind: Kind, indices: &[f64]) -> Result<Self> {
        at_least("a season", "indices", 1, indices.len())?;
        finite("seasonal index", indices)?;
        if kind == Kind::Multiplicative
            && let Some(index) = indices.iter().position(|index| *index <= 0.0)
        {
            return Err(Error::OutOfRange { what: "seasonal index", index, value: indices[index], range: "above 0" });
        }
        Ok(if kind == Kind::None { Self::none() } else { Self::normalised(kind, indices.to_vec()) })
    }

    fn normalised(kind: Kind, mut indices: Vec<f64>) -> Self {
        let mean = indices.iter().sum::<f64>() / indices.len() as f64;
        match kind {
            Kind::Multiplicative if mean > 0.0 && indices.iter().all(|index| *index > 0.0) => {
                indices.iter_mut().for_each(|index| *index /= mean);
                Self { kind, indices }
            }
            Kind::Additive => {
                indices.iter_mut().for_each(|index| *index -= mean);
                Self { kind, indices }
            }
            _ => Self::none(),
        }
    }

    /// How it acts.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The indices by phase; one neutral index without a season.
    pub fn indices(&self) -> &[f64] {
        match self.kind {
            Kind::None => &[],
            _ => &self.indices,
        }
    }

    /// The same indices for a series that begins `phases` observations later.
    #[must_use]
    pub fn shifted(&self, phases: usize) -> Self {
        let mut indices = self.indices.clone();
        indices.rotate_left(phases % self.indices.len());
        Self { kind: self.kind, indices }
    }

    /// The series without its season.
    pub fn adjusted(&self, values: &[f64]) -> Vec<f64> {
        let without = |(place, value): (usize, &f64)| match self.kind {
            Kind::None => *value,
            Kind::Additive => value - self.index(place),
            Kind::Multiplicative => value / self.index(place),
        };
        values.iter().enumerate().map(without).collect()
    }

    /// A level with the season of the observation at `place` (0 is the first of the series it was estimated on).
    pub fn restored(&self, level: f64, place: usize) -> f64 {
        match self.kind {
            Kind::None => level,
            Kind::Additive => level + self.index(place),
            Kind::Multiplicative => level * self.index(place),
        }
    }

    /// How much wider or narrower the scatter is at `place`: the factor of a multiplicative season, else 1.
    pub fn spread(&self, place: usize) -> f64 {
        match self.kind {
            Kind::Multiplicative => self.index(place),
            _ => 1.0,
        }
    }

    fn index(&self, place: usize) -> f64 {
        self.indices[place % self.indices.len()]
    }
}

/// The centred moving average over one period; its first value belongs to observation `period / 2`.
fn centred_average(values: &[f64], period: usize) -> Vec<f64> {
    let width = if period.is_multiple_of(2) { period + 1 } else { period };
    let weights = period as f64;
    let average = |window: &[f64]| {
        let inner: f64 = window.iter().sum();
        let ends = if period.is_multiple_of(2) { 0.5 * (window[0] + window[width - 1]) } else { 0.0 };
        (inner - ends) / weights
    };
    values.windows(width).map(average).collect()
}

/// Whether the phases of a period differ by more than chance explains, at 5 %: the distances (ratios, where every value is
/// above 0) to a centred moving average are ranked and compared by phase. False for fewer than three periods.
///
/// Unlike [`is_seasonal_by_autocorrelation`] it finds smooth seasons in short series too.
/// Source: Kruskal & Wallis (1952), *JASA* 47, 583–621; as a test of season: Lothian & Morry (1978), *A test for the presence
/// of identifiable seasonality when using the X-11 program*.
///
/// ```
/// use takar_stats::season::is_seasonal;
/// let seasonal: Vec<f64> = (0..48).map(|t| f64::from([3_u8, 9, 4][t % 3])).collect();
/// assert!(is_seasonal(&seasonal, 3));
/// assert!(!is_seasonal(&[5.0; 48], 3));
/// ```
pub fn is_seasonal(values: &[f64], period: usize) -> bool {
    if period < 2 || values.len() < 3 * period || values.iter().any(|value| !value.is_finite()) {
        return false;
    }
    let is_positive = values.iter().all(|value| *value > 0.0);
    let against = |(value, level): (&f64, &f64)| if is_positive { value / level } else { value - level };
    let centre = centred_average(values, period);
    let distances: Vec<f64> = values[period / 2..].iter().zip(&centre).map(against).collect();
    let ranked = ranks(&distances);
    let n = ranked.values.len() as f64;
    let mut sums = vec![(0.0, 0.0); period];
    for (place, rank) in ranked.values.iter().enumerate() {
        sums[place % period].0 += rank;
        sums[place % period].1 += 1.0;
    }
    let between: f64 = sums.iter().map(|(sum, count)| sum * sum / count).sum();
    let spread = 1.0 - ranked.ties / (n * n * n - n);
    if spread <= 0.0 {
        return false;
    }
    let h = (12.0 / (n * (n + 1.0)) * between - 3.0 * (n + 1.0)) / spread;
    ChiSquared::new(period as f64 - 1.0).is_ok_and(|chance| chance.sf(h) < 0.05)
}

/// Whether the autocorrelation at lag `period` is above what chance explains, given those at the lags below it: Bartlett's
/// standard error, one-sided 5 % (1.645), as in the M-competitions' Naive2.
///
/// Source: Makridakis, Spiliotis & Assimakopoulos (2020), *Int. J. Forecasting* 36, 54–74, Appendix A.
///
/// ```
/// use takar_stats::season::is_seasonal_by_autocorrelation;
/// let seasonal: Vec<f64> = (0..48).map(|t| f64::from([3_u8, 9, 4][t % 3])).collect();
/// assert!(is_seasonal_by_autocorrelation(&seasonal, 3));
/// assert!(!is_seasonal_by_autocorrelation(&[5.0; 48], 3));
/// ```
pub fn is_seasonal_by_autocorrelation(values: &[f64], period: usize) -> bool {
    if period < 2 || values.len() < period + 2 {
        return false;
    }
    let lags = autocorrelations(values, period);
    let Some((last, before)) = lags.split_last() else { return false };
    let variance = (1.0 + 2.0 * before.iter().map(|r| r * r).sum::<f64>()) / values.len() as f64;
    *last > 1.645 * variance.sqrt()
}

/// Autocorrelations at lags 1 to `lags`, −1 to 1; zeros where the series never changes.
pub(crate) fn autocorrelations(values: &[f64], lags: usize) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let variance: f64 = centred.iter().map(|value| value * value).sum();
    let at = |lag: usize| {
        let products: f64 = centred.iter().zip(centred.iter().skip(lag)).map(|(one, other)| one * other).sum();
        if variance > 0.0 && variance.is_finite() { products / variance } else { 0.0 }
    };
    (1..=lags).map(at).collect()
}
