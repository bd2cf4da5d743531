//! The mean of ratings on a scale with two ends, with its interval.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{
    Error, Estimate, Interval, Level, Result,
    error::{at_least, finite},
    proportion::around,
};

/// The two ends of a rating scale, say 1 and 5.
///
/// ```
/// use takar_stats::rating::Scale;
/// assert!(Scale::new(1.0, 5.0).is_ok());
/// assert!(Scale::new(5.0, 5.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scale {
    lowest: f64,
    highest: f64,
}

impl Scale {
    /// A scale from `lowest` to `highest`.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for an end that is not a number, [`Error::OutOfRange`] where the highest is not above the lowest.
    pub fn new(lowest: f64, highest: f64) -> Result<Self> {
        finite("end of the scale", &[lowest, highest, highest - lowest])?;
        if highest > lowest {
            Ok(Self { lowest, highest })
        } else {
            let range = "above the lowest rating";
            Err(Error::OutOfRange { what: "highest rating", index: 0, value: highest, range })
        }
    }
}

/// The mean of `ratings` with an interval that stays on the scale and has a width even where all ratings are alike.
///
/// On a scale put to 0..1 no ratings of mean m scatter more than yes-and-no answers do, m(1 − m). With v their variance
/// once a lowest and a highest rating are added, n ratings are worth n·m(1 − m)/v yes-and-no answers, and the interval is
/// Wilson's for that many. Of a scale with two steps it is Wilson's interval itself.
/// With few ratings it is rather too wide than too narrow (five ratings, level 95 %: it holds the truth in 98 %).
/// Sources: Wilson (1927), JASA 22; the effective count: Kish (1965), *Survey Sampling*, ch. 8.2.
///
/// # Errors
/// [`Error::NotEnough`] without a rating, [`Error::NotFinite`], [`Error::OutOfRange`] for a rating off the scale.
///
/// ```
/// use takar_stats::{Level, rating::{Scale, mean_rating}};
/// let mean = mean_rating(&[5.0, 4.0, 5.0, 3.0, 5.0, 4.0], Scale::new(1.0, 5.0)?, Level::P95)?;
/// assert!((mean.value - 4.3333).abs() < 1e-4);
/// assert!(mean.interval.low > 2.8 && mean.interval.high < 5.0);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn mean_rating(ratings: &[f64], scale: Scale, level: Level) -> Result<Estimate> {
    at_least("a mean rating", "ratings", 1, ratings.len())?;
    finite("rating", ratings)?;
    if let Some(index) = ratings.iter().position(|rating| !(scale.lowest..=scale.highest).contains(rating)) {
        return Err(Error::OutOfRange { what: "rating", index, value: ratings[index], range: "the scale" });
    }
    let width = scale.highest - scale.lowest;
    let share = |rating: &f64| (rating - scale.lowest) / width;
    let n = ratings.len() as f64;
    let sum: f64 = ratings.iter().map(share).sum();
    let mean = (sum / n).clamp(0.0, 1.0);
    // The two added ratings keep the scatter above 0.
    let centre = (sum + 1.0) / (n + 2.0);
    let squares: f64 = ratings.iter().map(share).chain([0.0, 1.0]).map(|share| (share - centre).powi(2)).sum();
    let as_yes_or_no = centre * (1.0 - centre);
    let worth = (as_yes_or_no / (squares / (n + 2.0))).max(1.0);
    let Interval { low, high, .. } = around(mean, n * worth, level);
    let rating = |share: f64| scale.lowest + share * width;
    let value = rating(mean).clamp(scale.lowest, scale.highest);
    let interval = Interval { low: rating(low).min(value), high: rating(high).clamp(value, scale.highest), level };
    Ok(Estimate { value, interval, n: ratings.len() })
}
