//! What moves first: of two things watched on many units month by month, does a change of the one come before a change of the
//! other, with it, or after it?
//!
//! The *signal* is what may move first (an answer, a response time, a complaint), the *outcome* what is watched (sales). The outcome of
//! a unit is differenced from month to month and ranked among all units within its month, so that whatever moves all of them at once
//! (a season that was left, a feast, a price rise) is no relation. The signal is differenced to its last observation, at most a year
//! earlier, and ranked over all; an event is itself a change. Then signal and outcome are put together at every lag. An order in time
//! is no cause.

#[cfg(test)]
mod tests;

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64;
use rayon::prelude::*;
use serde::Serialize;

use crate::{
    Error, Estimate, Interval, Level, Result,
    multiple::{ErrorRate, benjamini_hochberg},
    ranks::ranks,
};

/// The farthest that is looked back and ahead, in months.
pub const FARTHEST: usize = 6;
/// So many changes of the signal with a known outcome are needed at a lag …
pub const LEAST_CHANGES: usize = 50;
/// … of so many units.
pub const LEAST_UNITS: usize = 20;
/// Units without which a month is not ranked.
const LEAST_A_MONTH: usize = 10;
/// A change is told against an observation that is at most so many months old.
const OLDEST: usize = 12;

/// One unit, month by month from a month that is the same for all; none where nothing was observed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unit {
    /// What may move first: a level, or how many events there were.
    pub signal: Vec<Option<f64>>,
    /// What is watched, its season taken out. Its changes are told as shares of the unit's own mean, which has to be above 0.
    pub outcome: Vec<Option<f64>>,
}

/// What the signal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A level whose changes matter. The strength is the correlation of ranks (Spearman's ρ with ranks taken once over all lags).
    Level,
    /// Something that happens or not. The strength is the rank-biserial correlation of Cureton: twice the distance of the mean rank, as a
    /// share, after events from that without; unlike ρ it reaches −1 and 1 however rare events are.
    Event,
}

/// How it is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judging {
    /// A weaker relation is not called, however sure; 0 to 1.
    pub least: f64,
    /// The share of false calls among all lags that are called.
    pub rate: ErrorRate,
    /// Of the intervals.
    pub level: Level,
    /// Draws, of permutations and of the bootstrap alike; at least 13 / `rate`, or nothing can ever be called.
    pub draws: usize,
    /// The seed of the draws.
    pub seed: u64,
}

/// The relation at one lag.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtLag {
    /// So many months later the outcome is looked at; below 0, so many months earlier.
    pub lag: i32,
    /// The strength, −1 to 1, its interval by a bootstrap over units, and how many changes of the signal it rests on.
    pub strength: Estimate,
    /// Of how many units.
    pub units: usize,
    /// How often chance brings one as strong: signals dealt anew among the units, 0 to 1.
    pub p: f64,
    /// The same adjusted for how many lags were looked at.
    pub adjusted: f64,
    /// Strong enough and sure enough.
    pub is_called: bool,
}

/// What moves first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Order {
    /// The signal, by so many months.
    Before {
        /// 1 to [`FARTHEST`].
        months: u32,
    },
    /// Both in the same month.
    Together,
    /// The outcome, by so many months.
    After {
        /// 1 to [`FARTHEST`].
        months: u32,
    },
    /// It cannot be said: too few changes (no lag is there), or what there is is weak or within chance.
    NotEnough,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lead {
    /// Each lag that has enough changes, from the earliest.
    pub lags: Vec<AtLag>,
    /// The order that the strongest called lag tells.
    pub order: Order,
    /// Units with a change of the signal.
    pub units: usize,
    /// Their changes.
    pub changes: usize,
}

impl Lead {
    /// The lag that tells the order; none where it cannot be said.
    pub fn called(&self) -> Option<&AtLag> {
        strongest(self.lags.iter().filter(|at| at.is_called))
    }

    /// The strongest lag, called or not.
    pub fn strongest(&self) -> Option<&AtLag> {
        strongest(self.lags.iter())
    }
}

fn strongest<'a>(lags: impl Iterator<Item = &'a AtLag>) -> Option<&'a AtLag> {
    // Of equals the nearest in time.
    let key = |at: &AtLag| (at.strength.value.abs(), -at.lag.abs());
    lags.max_by(|one, other| {
        let (one, other) = (key(one), key(other));
        one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
    })
}

/// A unit as it is judged: its changes of the signal with their month, and by month the rank of its change of the outcome, both as
/// shares about 0.
struct Ranked {
    changes: Vec<(usize, f64)>,
    outcome: Vec<Option<f64>>,
}

/// Sums over pairs of signal and outcome; of events over all months, events being 1 and others 0.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

/// A lag with enough changes.
struct Judged<'a> {
    lag: i32,
    strength: f64,
    units: usize,
    changes: usize,
    by_unit: &'a [Sums],
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.x += other.x;
        self.y += other.y;
        self.xx += other.xx;
        self.yy += other.yy;
        self.xy += other.xy;
    }

    /// Adds a change and the outcome beside it; of events the months, events among them, are counted already.
    fn pair(&mut self, signal: Signal, x: f64, y: f64) {
        match signal {
            Signal::Level => self.add(&Self { n: 1.0, x, y, xx: x * x, yy: y * y, xy: x * y }),
            Signal::Event => {
                self.x += 1.0;
                self.xy += y;
            }
        }
    }

    fn strength(&self, signal: Signal) -> Option<f64> {
        let found = match signal {
            Signal::Level => {
                let (x, y) = (self.x / self.n, self.y / self.n);
                let spread = ((self.xx / self.n - x * x) * (self.yy / self.n - y * y)).sqrt();
                (self.xy / self.n - x * y) / spread
            }
            Signal::Event => 2.0 * (self.xy / self.x - (self.y - self.xy) / (self.n - self.x)),
        };
        // Where nothing differs there is no relation to tell.
        found.is_finite().then(|| found.clamp(-1.0, 1.0))
    }
}

/// Judges at lags of −[`FARTHEST`] to [`FARTHEST`] months whether changes of the signal go with changes of the outcome.
///
/// The p-value of a lag is by permutation: the signals of whole units are dealt anew among the units, each with its own months, so that what
/// follows from one month to the next within a unit, and what all units share in a month, is in the draws as it is in the data
/// (Phipson & Smyth 2010, *Stat. Appl. Genet. Mol. Biol.* 9, 39: (1 + as strong) / (1 + draws)). Intervals are percentiles of a
/// bootstrap over units (Cameron, Gelbach & Miller 2008, *Rev. Econ. Stat.* 90, 414–427, for why whole units). A lag is
/// called where |strength| is at least `least` and Benjamini and Hochberg, over the lags, reject chance at `rate`.
/// The rank-biserial correlation: Cureton (1956), *Psychometrika* 21, 287–290.
///
/// # Errors
/// [`Error::OutOfRange`] for a `least` outside 0 to 1 or no draws, [`Error::NotFinite`], [`Error::Unequal`] where a unit's two series
/// differ in length. Too few changes are no error: the answer has no lags then.
pub fn lead(units: &[Unit], signal: Signal, judging: &Judging) -> Result<Lead> {
    let Judging { least, rate, level, draws, seed } = *judging;
    if !(0.0..=1.0).contains(&least) {
        return Err(Error::OutOfRange { what: "least correlation", index: 0, value: least, range: "0 to 1" });
    }
    if draws == 0 {
        return Err(Error::OutOfRange { what: "draws", index: 0, value: 0.0, range: "1 or more" });
    }
    let ranked = ranked(units, signal)?;
    let changing = ranked.iter().filter(|unit| !unit.changes.is_empty()).count();
    let changes = ranked.iter().map(|unit| unit.changes.len()).sum();
    let reach = FARTHEST as i32;
    let sums: Vec<(i32, Vec<Sums>)> = (-reach..=reach)
        .map(|lag| (lag, ranked.iter().map(|unit| sums_of(unit, unit, signal, lag)).collect()))
        .collect();
    let judged: Vec<Judged<'_>> = sums
        .iter()
        .filter_map(|(lag, by_unit)| {
            let units = by_unit.iter().filter(|sums| known(sums, signal) > 0).count();
            let changes = by_unit.iter().map(|sums| known(sums, signal)).sum();
            let strength = total(by_unit).strength(signal)?;
            let is_enough = units >= LEAST_UNITS && changes >= LEAST_CHANGES;
            is_enough.then_some(Judged { lag: *lag, strength, units, changes, by_unit })
        })
        .collect();
    let as_strong = chance(&ranked, signal, &judged, (draws, seed));
    let p_values: Vec<f64> = as_strong.iter().map(|count| (1 + count) as f64 / (1 + draws) as f64).collect();
    let rejections = benjamini_hochberg(&p_values, rate)?;
    let at_lag = |(place, at): (usize, &Judged<'_>)| {
        let interval = interval(at.by_unit, signal, at.strength, (level, draws, seed.wrapping_add(place as u64)));
        AtLag {
            lag: at.lag,
            strength: Estimate { value: at.strength, interval, n: at.changes },
            units: at.units,
            p: p_values[place],
            adjusted: rejections.adjusted[place],
            is_called: rejections.rejected[place] && at.strength.abs() >= least,
        }
    };
    let lags: Vec<AtLag> = judged.iter().enumerate().map(at_lag).collect();
    let mut found = Lead { lags, order: Order::NotEnough, units: changing, changes };
    found.order = match found.called() {
        None => Order::NotEnough,
        Some(at) if at.lag == 0 => Order::Together,
        Some(at) if at.lag > 0 => Order::Before { months: at.lag.unsigned_abs() },
        Some(at) => Order::After { months: at.lag.unsigned_abs() },
    };
    Ok(found)
}

/// The units that take part, their changes as ranks.
fn ranked(units: &[Unit], signal: Signal) -> Result<Vec<Ranked>> {
    let months = units.iter().map(|unit| unit.outcome.len()).max().unwrap_or(0);
    let mut found: Vec<Ranked> = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        if unit.signal.len() != unit.outcome.len() {
            return Err(Error::Unequal { what: "a unit", left: unit.signal.len(), right: unit.outcome.len() });
        }
        let mut all = unit.signal.iter().chain(&unit.outcome).flatten();
        if all.any(|value| !value.is_finite()) {
            return Err(Error::NotFinite { what: "unit", index });
        }
        let observed: Vec<f64> = unit.outcome.iter().flatten().copied().collect();
        let own = observed.iter().sum::<f64>() / observed.len() as f64;
        // Without a level of its own there is no share of it.
        if observed.is_empty() || own <= 0.0 {
            continue;
        }
        let mut outcome = vec![None; months];
        for (month, pair) in unit.outcome.windows(2).enumerate() {
            outcome[month + 1] = pair[0].zip(pair[1]).map(|(before, after)| (after - before) / own);
        }
        found.push(Ranked { changes: changes_of(&unit.signal, signal), outcome });
    }
    if signal == Signal::Level {
        found.retain(|unit| !unit.changes.is_empty());
        let all: Vec<f64> = found.iter().flat_map(|unit| &unit.changes).map(|(_, change)| *change).collect();
        let mut shares = shares(&all).into_iter();
        for (_, change) in found.iter_mut().flat_map(|unit| &mut unit.changes) {
            *change = shares.next().unwrap_or_default();
        }
    }
    for month in 0..months {
        let known: Vec<f64> = found.iter().filter_map(|unit| unit.outcome[month]).collect();
        let mut shares = shares(&known).into_iter().map(|share| (known.len() >= LEAST_A_MONTH).then_some(share));
        for outcome in found.iter_mut().map(|unit| &mut unit.outcome[month]).filter(|outcome| outcome.is_some()) {
            *outcome = shares.next().flatten();
        }
    }
    Ok(found)
}

/// Changes of a level to its last observation, or the months with an event.
fn changes_of(observed: &[Option<f64>], signal: Signal) -> Vec<(usize, f64)> {
    let known = observed.iter().enumerate().filter_map(|(month, value)| Some((month, (*value)?)));
    match signal {
        Signal::Event => known.filter(|(_, value)| *value > 0.0).map(|(month, _)| (month, 1.0)).collect(),
        Signal::Level => {
            let known: Vec<(usize, f64)> = known.collect();
            let near = known.windows(2).filter(|pair| pair[1].0 - pair[0].0 <= OLDEST);
            near.map(|pair| (pair[1].0, pair[1].1 - pair[0].1)).collect()
        }
    }
}

/// Ranks as shares about 0: −½ to ½.
fn shares(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    ranks(values).values.into_iter().map(|rank| (rank - 0.5) / n - 0.5).collect()
}

/// The sums of one unit's signal with an outcome, its own or another's, `lag` months later.
fn sums_of(of: &Ranked, with: &Ranked, signal: Signal, lag: i32) -> Sums {
    let mut sums = Sums::default();
    if signal == Signal::Event {
        sums = all_months(with, lag);
    }
    for (month, change) in &of.changes {
        let Some(outcome) = at(&with.outcome, *month, lag) else { continue };
        sums.pair(signal, *change, outcome);
    }
    sums
}

/// Of events: all months in which one could have been, with the outcome `lag` months later.
fn all_months(with: &Ranked, lag: i32) -> Sums {
    let outcomes = (0..with.outcome.len()).filter_map(|month| at(&with.outcome, month, lag));
    let (n, y) = outcomes.fold((0.0, 0.0), |(n, sum), outcome| (n + 1.0, sum + outcome));
    Sums { n, y, ..Sums::default() }
}

fn at(outcome: &[Option<f64>], month: usize, lag: i32) -> Option<f64> {
    let place = month.checked_add_signed(isize::try_from(lag).ok()?)?;
    outcome.get(place).copied().flatten()
}

fn total(sums: &[Sums]) -> Sums {
    sums.iter().fold(Sums::default(), |mut all, one| {
        all.add(one);
        all
    })
}

/// Changes with a known outcome.
const fn known(sums: &Sums, signal: Signal) -> usize {
    match signal {
        Signal::Level => sums.n as usize,
        Signal::Event => sums.x as usize,
    }
}

/// For each lag, in how many draws chance is as strong.
fn chance(units: &[Ranked], signal: Signal, judged: &[Judged<'_>], (draws, seed): (usize, u64)) -> Vec<usize> {
    // Of events what all months come to is the same whosever they are.
    let all_of = |at: &Judged<'_>| total(&units.iter().map(|unit| all_months(unit, at.lag)).collect::<Vec<Sums>>());
    let fixed: Vec<Sums> = judged.iter().map(all_of).collect();
    let draw = |draw: usize| -> Vec<usize> {
        let mut random = Pcg64::seed_from_u64(seed.wrapping_add(draw as u64));
        let mut dealt: Vec<u32> = (0..units.len() as u32).collect();
        dealt.shuffle(&mut random);
        let is_as_strong = |(judged, fixed): (&Judged<'_>, &Sums)| {
            let mut sums = if signal == Signal::Event { *fixed } else { Sums::default() };
            for (of, with) in units.iter().zip(&dealt) {
                for (month, change) in &of.changes {
                    let Some(outcome) = at(&units[*with as usize].outcome, *month, judged.lag) else { continue };
                    sums.pair(signal, *change, outcome);
                }
            }
            // A draw that tells nothing is not weaker than the data: it speaks for chance.
            let drawn = sums.strength(signal).map_or(f64::INFINITY, f64::abs);
            usize::from(drawn >= judged.strength.abs() - 1e-12)
        };
        judged.iter().zip(&fixed).map(is_as_strong).collect()
    };
    let add = |mut one: Vec<usize>, other: Vec<usize>| {
        one.iter_mut().zip(other).for_each(|(sum, more)| *sum += more);
        one
    };
    (0..draws).into_par_iter().map(draw).reduce(|| vec![0; judged.len()], add)
}

/// The percentile interval of a bootstrap over units; it always holds the value.
fn interval(by_unit: &[Sums], signal: Signal, value: f64, (level, draws, seed): (Level, usize, u64)) -> Interval {
    let mut drawn: Vec<f64> = (0..draws)
        .into_par_iter()
        .filter_map(|draw| {
            let mut random = Pcg64::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(draw as u64));
            let mut sums = Sums::default();
            for _ in 0..by_unit.len() {
                sums.add(&by_unit[random.random_range(0..by_unit.len())]);
            }
            sums.strength(signal)
        })
        .collect();
    drawn.sort_unstable_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = (share * (drawn.len().max(1) - 1) as f64).round() as usize;
        drawn.get(place).copied().unwrap_or(value)
    };
    Interval { low: quantile(level.tail()).min(value), high: quantile(1.0 - level.tail()).max(value), level }
}
