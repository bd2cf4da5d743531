//! Which accounts are overdue by their own rhythm, with a bound on false alarms over all of them.

use rayon::prelude::*;
use serde::Serialize;

use super::{
    gaps::Gaps,
    waiting::{GapMethod, GapModel},
};
use crate::{
    error::Result,
    multiple::{ErrorRate, benjamini_hochberg},
};

/// One account's rhythm and whether it is overdue: what "orders every 12 ± 3 days, last order 41 days ago" is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rhythm {
    /// Days with an order up to today: 1 or more.
    pub orders: u32,
    /// Mean gap between them in days; none with a single order.
    pub mean_gap: Option<f64>,
    /// Standard deviation of the gaps in days; none below two gaps.
    pub spread: Option<f64>,
    /// Days since the last order.
    pub since_last: f64,
    /// P(gap > days since the last order), were the account alive; none where there is nothing to judge by.
    pub gap_chance: Option<f64>,
    /// What `gap_chance` was judged by.
    pub method: GapMethod,
    /// `gap_chance` adjusted for looking at all accounts (Benjamini & Hochberg 1995); none without an own rhythm.
    pub adjusted: Option<f64>,
    /// Whether the account is overdue at the chosen rate of false alarms; none without an own rhythm: who ordered once cannot
    /// be late.
    pub overdue: Option<bool>,
}

/// Judges which accounts are overdue on `today`.
///
/// `accounts`: for each the days with an order, ascending; see [`Gaps::of`]. Of the accounts flagged, at most the share
/// `false_alarms` is well on average. The answer has the order of the input; none for an account without an order up to
/// today. Regular rhythms are judged by their regularity, so that a weekly account is late after ten days and an irregular
/// one is not. A silence that falls into an unfinished gap is longer than a gap picked at random, but only for bursty rhythms
/// is the test thereby too strict; for regular ones it is lenient.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) where an account's days are not in ascending order.
///
/// ```
/// use takar_stats::{alive::overdue, multiple::ErrorRate};
///
/// let weekly: Vec<i32> = (0..12).map(|week| week * 7).collect();
/// let stopped: Vec<i32> = (0..6).map(|week| week * 7).collect();
/// let judged = overdue(&[&weekly, &stopped, &[70], &[]], 80, ErrorRate::P05)?;
///
/// let stopped = judged[1].expect("has orders");
/// assert_eq!((stopped.mean_gap, stopped.since_last, stopped.overdue), (Some(7.0), 45.0, Some(true)));
/// assert_eq!(judged[0].expect("has orders").overdue, Some(false));
/// assert_eq!(judged[2].expect("has an order").overdue, None);
/// assert_eq!(judged[3], None);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn overdue(accounts: &[&[i32]], today: i32, false_alarms: ErrorRate) -> Result<Vec<Option<Rhythm>>> {
    let gaps: Vec<Option<Gaps>> = accounts.par_iter().map(|days| Gaps::of(days, today)).collect::<Result<_>>()?;
    rhythms(&gaps, false_alarms)
}

pub(super) fn rhythms(accounts: &[Option<Gaps>], false_alarms: ErrorRate) -> Result<Vec<Option<Rhythm>>> {
    let known: Vec<Gaps> = accounts.iter().flatten().copied().collect();
    let model = GapModel::of(&known);
    let mut rhythms: Vec<Option<Rhythm>> =
        accounts.par_iter().map(|gaps| gaps.as_ref().map(|gaps| rhythm(gaps, &model))).collect();

    let own_rhythm = |rhythm: &Rhythm| rhythm.orders > 1;
    let p_values: Vec<f64> =
        rhythms.iter().flatten().filter(|&r| own_rhythm(r)).filter_map(|rhythm| rhythm.gap_chance).collect();
    let judged = benjamini_hochberg(&p_values, false_alarms)?;
    let mut verdicts = judged.adjusted.iter().zip(&judged.rejected);
    for rhythm in rhythms.iter_mut().flatten().filter(|rhythm| own_rhythm(rhythm) && rhythm.gap_chance.is_some()) {
        if let Some((&adjusted, &rejected)) = verdicts.next() {
            (rhythm.adjusted, rhythm.overdue) = (Some(adjusted), Some(rejected));
        }
    }
    Ok(rhythms)
}

fn rhythm(gaps: &Gaps, model: &GapModel) -> Rhythm {
    let chance = model.chance(gaps);
    Rhythm {
        orders: gaps.orders(),
        mean_gap: gaps.mean(),
        spread: gaps.spread(),
        since_last: gaps.since_last(),
        gap_chance: chance.probability,
        method: chance.method,
        adjusted: None,
        overdue: None,
    }
}
