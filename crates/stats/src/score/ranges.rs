//! How far ranks depend on the weights that were chosen, and on chance in the KPIs.

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{Scorecard, Scored};
use crate::{
    Error, Level, Result,
    normal::Normals,
    standing::{Draws, Measured, Standing, standings},
};

/// The value of a KPI with its standard error; none where it is missing.
pub type KpiMeasure = Option<Measured>;

/// By how much each weight is varied: ±25 % is 0.25.
///
/// ```
/// use takar_stats::score::Spread;
/// assert!(Spread::new(0.25).is_ok() && Spread::new(1.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Spread(f64);

impl Spread {
    /// A share from 0 to below 1.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] otherwise.
    pub fn new(share: f64) -> Result<Self> {
        if (0.0..1.0).contains(&share) {
            Ok(Self(share))
        } else {
            Err(Error::OutOfRange { what: "spread of weights", index: 0, value: share, range: "0 to below 1" })
        }
    }
}

impl TryFrom<f64> for Spread {
    type Error = Error;

    fn try_from(share: f64) -> Result<Self> {
        Self::new(share)
    }
}

impl From<Spread> for f64 {
    fn from(spread: Spread) -> Self {
        spread.0
    }
}

/// The ranges of ranks over draws in which each weight lies anywhere within its spread and each KPI is drawn anew from
/// its sampling error (normal). One entry a member, in the order given; none for members without a score.
///
/// Weights are the same for all members of a draw. Source: OECD & JRC (2008), ch. 7; publish 5–95 %: [`Level::P90`].
///
/// # Errors
/// Those of [`Scorecard::score`]; [`Error::OutOfRange`] for a negative standard error; [`Error::NotEnough`] for fewer than 2
/// members with a score, or too few draws.
///
/// ```
/// use takar_stats::{Level, standing::{Draws, Measured}};
/// use takar_stats::score::{Aggregation, Scorecard, Spread, Yardstick, score_ranges};
/// let card = Scorecard::new(&[(Yardstick::new(0.0, 10.0)?, 1.0), (Yardstick::new(0.0, 10.0)?, 1.0)], Aggregation::Arithmetic, 0.5)?;
/// let exact = |value| Some(Measured { value, error: 0.0 });
/// let members = [[exact(9.0), exact(9.0)], [exact(8.0), exact(1.0)], [exact(1.0), exact(8.0)]];
/// let standings = score_ranges(&card, &members, Spread::new(0.25)?, Level::P90, Draws::usual(7))?;
/// assert_eq!(standings[0].map(|one| (one.best, one.worst)), Some((1, 1))); // better in everything: first by any weights
/// assert_eq!(standings[1].map(|one| (one.best, one.worst)), Some((2, 3)));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn score_ranges<M: AsRef<[KpiMeasure]>>(
    card: &Scorecard,
    members: &[M],
    spread: Spread,
    level: Level,
    draws: Draws,
) -> Result<Vec<Option<Standing>>> {
    let mut scored: Vec<(usize, f64, &[KpiMeasure])> = Vec::new();
    for (place, member) in members.iter().enumerate() {
        let values = member.as_ref();
        if let Some(index) = values.iter().position(|kpi| kpi.is_some_and(|kpi| !kpi.error.is_finite())) {
            return Err(Error::NotFinite { what: "standard error", index });
        }
        if let Some((index, error)) = values
            .iter()
            .enumerate()
            .find_map(|(kpi, one)| one.filter(|one| one.error < 0.0).map(|one| (kpi, one.error)))
        {
            return Err(Error::OutOfRange { what: "standard error", index, value: error, range: "0 or more" });
        }
        let plain: Vec<Option<f64>> = values.iter().map(|kpi| kpi.map(|kpi| kpi.value)).collect();
        if let Scored::Score(score) = card.score(&plain)? {
            scored.push((place, score.score, values));
        }
    }
    let centres: Vec<f64> = scored.iter().map(|(_, score, _)| *score).collect();
    let ranged = standings(&centres, level, draws, |random, drawn| {
        let weights: Vec<f64> = card
            .kpis
            .iter()
            .map(|(_, weight)| weight * (1.0 + spread.0 * (2.0 * random.random::<f64>() - 1.0)))
            .collect();
        let mut normals = Normals::new();
        let mut points = vec![None; card.kpis.len()];
        for (.., values) in &scored {
            for ((points, value), (yardstick, _)) in points.iter_mut().zip(*values).zip(&card.kpis) {
                *points = value.map(|one| {
                    let chance = if one.error > 0.0 { one.error * normals.draw(random) } else { 0.0 };
                    yardstick.points(one.value + chance)
                });
            }
            drawn.push(card.of_points(&points, |kpi| weights[kpi]));
        }
    })?;
    let mut found = vec![None; members.len()];
    scored.iter().zip(ranged).for_each(|((place, ..), standing)| found[*place] = Some(standing));
    Ok(found)
}
