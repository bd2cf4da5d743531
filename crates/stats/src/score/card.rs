//! Points added up by weight.

use serde::{Deserialize, Serialize};

use super::Yardstick;
use crate::{
    Error, Result,
    error::{at_least, finite},
};

/// How the points of the KPIs become one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// Σ w·s: strength in one KPI makes up for weakness in another. The usual one.
    Arithmetic,
    /// Π s^w, each KPI counted as at least 1.0 points: weakness is made up for only in part.
    Geometric,
}

/// What a KPI counts at least in a geometric score: with 0 all others would count for nothing.
pub(super) const LEAST_POINTS: f64 = 1.0;

/// What a score is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scorecard {
    pub(super) kpis: Vec<(Yardstick, f64)>,
    pub(super) aggregation: Aggregation,
    pub(super) least_known: f64,
}

/// A KPI's part in a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Part {
    /// Its points, 0 to 100.
    pub points: f64,
    /// Its weight among the known KPIs, which add up to 1.
    pub weight: f64,
    /// The points of the score that come from it. They add up to the score.
    pub gained: f64,
    /// The points that it keeps the score below 100. They add up to 100 − score.
    pub lost: f64,
}

/// A score and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// 0 to 100.
    pub score: f64,
    /// By KPI, in the order of the card; none where its value is missing.
    pub parts: Vec<Option<Part>>,
    /// The share of the weight whose KPI is known, 0 to 1.
    pub known: f64,
}

/// A score, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scored {
    /// There is one.
    Score(Score),
    /// Too much is missing: only this share of the weight is known.
    TooLittleKnown(f64),
}

impl Scorecard {
    /// Yardsticks with their weights (any positive numbers; only their ratios count).
    ///
    /// A missing KPI is left out and its weight spread over the others in proportion, as long as at least `least_known` of the
    /// weight is known; below that there is no score. Scores of members with different KPIs missing are not the same measure.
    ///
    /// # Errors
    /// [`Error::NotEnough`] without a KPI, [`Error::NotFinite`], [`Error::OutOfRange`] for a weight of 0 or less or a
    /// `least_known` outside 0 to 1.
    ///
    /// ```
    /// use takar_stats::score::{Aggregation, Scorecard, Scored, Yardstick};
    /// let kpis = [(Yardstick::new(0.8, 1.2)?, 60.0), (Yardstick::new(48.0, 4.0)?, 40.0)];
    /// let card = Scorecard::new(&kpis, Aggregation::Arithmetic, 0.5)?;
    /// let Scored::Score(all) = card.score(&[Some(1.1), Some(15.0)])? else { unreachable!() };
    /// assert!((all.score - (0.6 * 75.0 + 0.4 * 75.0)).abs() < 1e-9);
    /// assert!((all.parts[0].unwrap().gained - 45.0).abs() < 1e-9);
    /// assert!(matches!(card.score(&[None, Some(15.0)])?, Scored::TooLittleKnown(share) if (share - 0.4).abs() < 1e-9));
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn new(kpis: &[(Yardstick, f64)], aggregation: Aggregation, least_known: f64) -> Result<Self> {
        at_least("a score", "KPIs", 1, kpis.len())?;
        let weights: Vec<f64> = kpis.iter().map(|(_, weight)| *weight).collect();
        finite("weight", &weights)?;
        if let Some(index) = weights.iter().position(|weight| *weight <= 0.0) {
            return Err(Error::OutOfRange { what: "weight", index, value: weights[index], range: "above 0" });
        }
        if !(0.0..=1.0).contains(&least_known) {
            let range = "0 to 1";
            return Err(Error::OutOfRange { what: "least known share", index: 0, value: least_known, range });
        }
        // Divided by the largest first, so that no sum overflows.
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let total: f64 = weights.iter().map(|weight| weight / largest).sum();
        let kpis = kpis.iter().map(|(yardstick, weight)| (*yardstick, weight / largest / total)).collect();
        Ok(Self { kpis, aggregation, least_known })
    }

    /// The score of one member by the values of its KPIs, in the order of the card; none where a value is missing.
    ///
    /// # Errors
    /// [`Error::Unequal`] where there are not as many values as KPIs, [`Error::NotFinite`].
    pub fn score(&self, values: &[Option<f64>]) -> Result<Scored> {
        if values.len() != self.kpis.len() {
            return Err(Error::Unequal { what: "KPIs and values", left: self.kpis.len(), right: values.len() });
        }
        if let Some(index) = values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
            return Err(Error::NotFinite { what: "KPI", index });
        }
        let points: Vec<Option<f64>> = self
            .kpis
            .iter()
            .zip(values)
            .map(|((yardstick, _), value)| value.map(|value| yardstick.points(value)))
            .collect();
        let known = self.known(&points);
        if !self.enough(known) {
            return Ok(Scored::TooLittleKnown(known));
        }
        let score = self.of_points(&points, |kpi| self.kpis[kpi].1);
        let parts = self.parts(&points, known, score);
        Ok(Scored::Score(Score { score, parts, known }))
    }

    /// The share of the weight that is known.
    pub(super) fn known(&self, points: &[Option<f64>]) -> f64 {
        let known = self.kpis.iter().zip(points).filter(|(_, points)| points.is_some()).map(|((_, weight), _)| weight);
        known.sum::<f64>().min(1.0)
    }

    pub(super) fn enough(&self, known: f64) -> bool {
        // Weights that add up to the bound but for rounding reach it.
        known > 0.0 && known + 1e-12 >= self.least_known
    }

    /// The score of points by weights, which need not add up to 1.
    pub(super) fn of_points(&self, points: &[Option<f64>], weight: impl Fn(usize) -> f64) -> f64 {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (kpi, points) in points.iter().enumerate() {
            let Some(points) = points else { continue };
            weights += weight(kpi);
            sum += weight(kpi)
                * match self.aggregation {
                    Aggregation::Arithmetic => *points,
                    Aggregation::Geometric => points.max(LEAST_POINTS).ln(),
                };
        }
        let mean = sum / weights;
        let score = if self.aggregation == Aggregation::Geometric { mean.exp() } else { mean };
        score.clamp(0.0, 100.0)
    }

    fn parts(&self, points: &[Option<f64>], known: f64, score: f64) -> Vec<Option<Part>> {
        let weight = |kpi: usize| self.kpis[kpi].1 / known;
        // How much each pulls the score down, on the scale on which they add up.
        let pull = |kpi: usize, points: f64| match self.aggregation {
            Aggregation::Arithmetic => weight(kpi) * (100.0 - points),
            Aggregation::Geometric => weight(kpi) * (100.0 / points.max(LEAST_POINTS)).ln(),
        };
        let pulls = |(kpi, points): (usize, &Option<f64>)| points.map(|points| pull(kpi, points));
        let all: f64 = points.iter().enumerate().filter_map(pulls).sum();
        let part = |(kpi, points): (usize, &Option<f64>)| {
            let points = (*points)?;
            let lost = if all > 0.0 { (100.0 - score) * pull(kpi, points) / all } else { 0.0 };
            Some(Part { points, weight: weight(kpi), gained: 100.0 * weight(kpi) - lost, lost })
        };
        points.iter().enumerate().map(part).collect()
    }
}
