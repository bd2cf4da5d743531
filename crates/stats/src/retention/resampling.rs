//! Intervals of ratios of sums, by drawing the accounts again with replacement.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::{Error, Interval, Level, Result};

/// How often the accounts are drawn again, and from which seed.
///
/// 1,000 draws are usual. The time is draws × min(accounts, 5,000): beyond 5,000 accounts they are first dealt at random
/// into 1,000 groups, and groups are drawn.
///
/// ```
/// use takar_stats::retention::Resampling;
/// let resampling = Resampling { draws: 1_000, seed: 7 };
/// assert_eq!(resampling, resampling.clone());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resampling {
    /// How often to draw; at least 2 / (1 − level), so that the tails are not empty.
    pub draws: usize,
    /// The same seed gives the same interval.
    pub seed: u64,
}

const MOST_DRAWN_ONE_BY_ONE: usize = 5_000;
const GROUPS: usize = 1_000;

/// What one account (or a group of them) adds to the sums below and above the line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) base: f64,
    pub(super) gross: f64,
    pub(super) net: f64,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.base += other.base;
        self.gross += other.gross;
        self.net += other.net;
    }
}

/// The intervals of Σgross/Σbase and Σnet/Σbase: quantiles of the ratio over the draws (Efron and Tibshirani 1993, *An
/// Introduction to the Bootstrap*, ch. 13). `None` below two accounts, of which no draw could differ.
pub(super) fn intervals(
    accounts: &[Sums],
    level: Level,
    resampling: Resampling,
) -> Result<Option<(Interval, Interval)>> {
    let needed = (2.0 / (1.0 - level.share())).ceil() as usize;
    if resampling.draws < needed {
        return Err(Error::NotEnough { method: "a resampled interval", what: "draws", needed, got: resampling.draws });
    }
    if accounts.len() < 2 {
        return Ok(None);
    }
    let mut random = Pcg64Mcg::seed_from_u64(resampling.seed);
    let grouped = (accounts.len() > MOST_DRAWN_ONE_BY_ONE).then(|| deal(accounts, &mut random));
    let drawn_from = grouped.as_deref().unwrap_or(accounts);
    let (mut gross, mut net) = (Vec::with_capacity(resampling.draws), Vec::with_capacity(resampling.draws));
    for _ in 0..resampling.draws {
        let mut sums = Sums::default();
        for _ in 0..drawn_from.len() {
            sums.add(&drawn_from[random.random_range(0..drawn_from.len())]);
        }
        if sums.base > 0.0 {
            gross.push(sums.gross / sums.base);
            net.push(sums.net / sums.base);
        }
    }
    Ok(central(gross, level).zip(central(net, level)))
}

/// Every account into one of the groups, at random.
fn deal(accounts: &[Sums], random: &mut Pcg64Mcg) -> Vec<Sums> {
    let mut groups = vec![Sums::default(); GROUPS];
    for account in accounts {
        groups[random.random_range(0..GROUPS)].add(account);
    }
    groups
}

/// The central part of the draws.
fn central(mut ratios: Vec<f64>, level: Level) -> Option<Interval> {
    let last = ratios.len().checked_sub(1)?;
    ratios.sort_unstable_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = share * last as f64;
        let below = (place as usize).min(last);
        let above = (below + 1).min(last);
        ratios[below] + (place - below as f64) * (ratios[above] - ratios[below])
    };
    Some(Interval { low: quantile(level.tail()), high: quantile(1.0 - level.tail()), level })
}
