//! The chance that the sum of the coming steps reaches a target, told so that 70 % means seven of ten.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::{
    Backtest, Errors, Fitted, Isotonic,
    calibration::{FEW, quantile},
};
use crate::{Interval, Level, Result, error::at_least, proportion::wilson};

/// What the errors of past sums say about a coming sum.
///
/// At an earlier end of a series, S is what the next h steps added up to, Ŝ their forecast and B what they came to a season
/// before. The forecast does not use B up: where B lies above it, S tends to come out above it too. So it is pulled towards B
/// by the share b that fits the past best (least squares through the origin, beside twenty imagined ends at which B told
/// nothing), and e = (S − Ŝ − b(B − Ŝ)) / u, u being the sum of the steps' spreads by the model's own account
/// ([`Fitted::spread`]): in a strong month forecasts err by more. The chance to reach a sum R is the share of past e that lie
/// at or above (R − Ŝ − b(B − Ŝ)) / u: (count + ½) / (n + 1).
///
/// Sums of nine months that end a month apart share eight of them, and series that stand together rise and fall together: a few
/// years of many series tell little about which way a coming year errs. So with k spans that share no step, the part 1/(k + 1) of each error
/// is counted on the other side of 0: half where there is one such span, hardly any where there are many. How far errors go is kept.
///
/// It is then recalibrated. Targets are set by what was sold before, or by a forecast: so targets of 0.9 to 1.2 times the
/// season before, and those that a chance of 0.1 to 0.9 was told for, are tried on the past, at each end with what was known
/// by then, and a rising function from the chance told to how often it came true is applied. Each end of each series counts
/// once, and as the part of a span that it does not share with the next, beside one imagined end for every twentieth at which the chance was right, so that little data
/// changes little.
///
/// Source of the recalibration: Zadrozny & Elkan (2002), "Transforming classifier scores into accurate multiclass
/// probability estimates", *KDD*, 694–699; as a continuous function after Oron & Flournoy (2017).
#[derive(Debug, Clone)]
pub struct Attainment {
    /// Steps between the end of the series and the first that counts.
    skipped: usize,
    /// By count of steps: errors of past sums.
    sums: Vec<Pool>,
    /// From the chance told to how often it came true.
    recalibration: Option<Isotonic>,
}

/// What a coming sum is expected to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Its forecast.
    pub forecast: f64,
    /// The sum of its steps' spreads.
    pub spread: f64,
    /// What the same steps came to a season before, where that is known ([`season_before`](super::season_before)).
    pub before: Option<f64>,
}

/// The chance to reach a sum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// The chance, recalibrated where the past allows; within 0 to 1.
    pub value: f64,
    /// What sampling of past errors alone makes of it.
    pub interval: Interval,
    /// The chance before it was recalibrated.
    pub raw: f64,
    /// Whether it was.
    pub is_recalibrated: bool,
    /// Errors of past sums behind it.
    pub n: usize,
}

impl Chance {
    /// The chance of the contrary: not to exceed what otherwise is to be reached.
    #[must_use]
    pub fn turned(self) -> Self {
        let Interval { low, high, level } = self.interval;
        let interval = Interval { low: 1.0 - high, high: 1.0 - low, level };
        Self { value: 1.0 - self.value, interval, raw: 1.0 - self.raw, ..self }
    }
}

/// Errors of sums that a chance rests on, at least.
const FEWEST: usize = 12;
/// Chances told on the past that a recalibration rests on, at least.
const FEWEST_PAST: usize = 60;
/// What targets are tried on the past, as multiples of the season before.
const TARGETS: [f64; 5] = [0.9, 1.0, 1.05, 1.1, 1.2];
/// And as those that such a share of past errors reached.
const SHARES: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// Imagined ends at which the season before told nothing.
const UNTOLD: f64 = 20.0;

impl Attainment {
    /// Learns from the past.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where there are fewer than 12 sums of one step.
    pub fn of(past: &Backtest) -> Result<Self> {
        Self::after(past, 0)
    }

    /// Learns from the past about sums that begin `skipped` steps later: a target for next year, told in October, does not
    /// count November and December.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn after(past: &Backtest, skipped: usize) -> Result<Self> {
        let reach = past.plan.horizon.saturating_sub(skipped);
        let sums: Vec<Pool> = (1..=reach).map(|steps| Pool::of(&past.errors, Span { skipped, steps }, 0)).collect();
        at_least("a chance", "errors of the past", FEWEST, sums.first().map_or(0, Pool::len))?;
        let recalibration = Recalibration::known(&tries(past, skipped), 0).curve();
        Ok(Self { skipped, sums, recalibration })
    }

    /// Steps between the end of the series and the first that counts.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// The largest sum that is reached with a chance of `wanted`, within 0.01 to 0.99: [`chance`](Self::chance) turned round.
    ///
    /// # Errors
    /// As [`chance`](Self::chance); [`Error::OutOfRange`](crate::Error::OutOfRange) for another chance.
    pub fn amount(&self, fitted: &Fitted, steps: usize, expected: Expected, wanted: f64) -> Result<f64> {
        if !(0.01..=0.99).contains(&wanted) {
            let range = "0.01 to 0.99";
            return Err(crate::Error::OutOfRange { what: "chance", index: 0, value: wanted, range });
        }
        let pool = self.pool("a chance", steps)?;
        let chance = |needed: f64| self.chance(fitted, steps, expected, needed).map(|chance| chance.value);
        let centre = pool.centre(expected);
        chance(centre)?;
        // The chance falls as the sum rises: between these it falls from one end to the other.
        let reach = 1.0 + pool.furthest();
        let unit = expected.spread;
        let (mut low, mut high) = (centre - reach * unit, centre + reach * unit);
        if fitted.is_positive() {
            low = low.max(0.0);
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if chance(middle)? >= wanted { low = middle } else { high = middle }
        }
        Ok(low)
    }

    /// The chance that `steps` steps add up to `needed` or more.
    /// It is 1 where nothing more is needed and the series is never below 0.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where fewer than 12 such sums are known,
    /// [`Error::Constant`](crate::Error::Constant) for a series that repeats itself.
    pub fn chance(&self, fitted: &Fitted, steps: usize, expected: Expected, needed: f64) -> Result<Chance> {
        let pool = self.pool("a chance", steps)?;
        if expected.spread <= 0.0 {
            return Err(crate::Error::Constant { method: "a chance", what: "a series" });
        }
        let asked = (needed - pool.centre(expected)) / expected.spread;
        crate::error::finite("the target", &[asked])?;
        let n = pool.len();
        if needed <= 0.0 && fitted.is_positive() {
            let interval = Interval { low: 1.0, high: 1.0, level: Level::P80 };
            return Ok(Chance { value: 1.0, interval, raw: 1.0, is_recalibrated: false, n });
        }
        let raw = pool.share_reached(asked);
        let told = |raw: f64| self.recalibration.as_ref().map_or(raw, |rising| rising.at(raw)).clamp(0.0, 1.0);
        let sampling = wilson(pool.at_or_above(asked).round() as u64, n as u64, Level::P80)?.interval;
        // However the past came out, n errors tell no chance surer than this.
        let least = 0.5 / (n as f64 + 1.0);
        let value = told(raw).clamp(least, 1.0 - least);
        let interval = Interval {
            low: told(sampling.low).min(value),
            high: told(sampling.high).max(value),
            level: sampling.level,
        };
        Ok(Chance { value, interval, raw, is_recalibrated: self.recalibration.is_some(), n })
    }

    /// The interval of what `steps` steps add up to, from the errors of past sums.
    ///
    /// # Errors
    /// As [`chance`](Self::chance).
    pub fn interval(&self, fitted: &Fitted, steps: usize, expected: Expected, level: Level) -> Result<Interval> {
        let pool = self.pool("an interval", steps)?;
        let unit = expected.spread;
        if unit <= 0.0 {
            return Err(crate::Error::Constant { method: "an interval", what: "a series" });
        }
        let [down, up] = pool.reach(level);
        let floor = if fitted.is_positive() { 0.0 } else { f64::NEG_INFINITY };
        let centre = pool.centre(expected);
        let low = (centre + unit * down).max(floor).min(expected.forecast);
        Ok(Interval { low, high: (centre + unit * up).max(expected.forecast), level })
    }

    /// The errors of sums of so many steps.
    fn pool(&self, method: &'static str, steps: usize) -> Result<&Pool> {
        let pool = steps.checked_sub(1).and_then(|place| self.sums.get(place));
        at_least(method, "errors of the past", FEWEST, pool.map_or(0, Pool::len))?;
        pool.ok_or(crate::Error::NotEnough { method, what: "errors of the past", needed: FEWEST, got: 0 })
    }
}

/// The steps that a sum counts.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// Steps before the first that counts.
    skipped: usize,
    /// How many count.
    steps: usize,
}

impl Span {
    /// Steps until the last one.
    const fn end(self) -> usize {
        self.skipped + self.steps
    }

    fn sum(self, values: &[f64]) -> f64 {
        values.iter().skip(self.skipped).take(self.steps).sum()
    }
}

/// The errors of past sums of one span, and how far they were pulled towards the season before.
#[derive(Debug, Clone)]
struct Pool {
    /// Errors and their mirror images in rising order, each with how many errors lie there or above.
    errors: Vec<(f64, f64)>,
    /// How many errors.
    n: usize,
    /// The share of the way from the forecast to the season before, 0 to 1.
    pull: f64,
}

impl Pool {
    /// Of the sums that were complete `ended` steps before the end of the series.
    fn of(errors: &[Errors], span: Span, ended: usize) -> Self {
        let known = errors.iter().filter(|errors| errors.ended >= ended + span.end());
        let (ends, pairs): (Vec<usize>, Vec<(f64, f64)>) =
            known.filter_map(|errors| Some((errors.ended, error_of(errors, span)?))).unzip();
        let (mut both, mut squares) = (0.0, 0.0);
        for (error, beside) in &pairs {
            both += error * beside;
            squares += beside * beside;
        }
        let untold = 1.0 + UNTOLD / (pairs.len().max(1) as f64);
        let pull = if squares > 0.0 { (both / (squares * untold)).clamp(0.0, 1.0) } else { 0.0 };
        let mirrored = 1.0 / (spans_apart(&ends, span) + 1.0);
        let rest = pairs.iter().map(|(error, beside)| error - pull * beside);
        let mut errors: Vec<(f64, f64)> =
            rest.flat_map(|error| [(error, 1.0 - mirrored), (-error, mirrored)]).collect();
        errors.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
        let mut above = 0.0;
        for (_, weight) in errors.iter_mut().rev() {
            above += *weight;
            *weight = above;
        }
        Self { errors, n: pairs.len(), pull }
    }

    const fn len(&self) -> usize {
        self.n
    }

    /// What is expected, pulled towards the season before.
    fn centre(&self, expected: Expected) -> f64 {
        let beside = expected.before.map_or(0.0, |before| before - expected.forecast);
        expected.forecast + self.pull * beside
    }

    /// The size of the largest error.
    fn furthest(&self) -> f64 {
        self.errors.iter().fold(0.0, |furthest, (error, _)| furthest.max(error.abs()))
    }

    /// How many past errors lie at or above one.
    fn at_or_above(&self, asked: f64) -> f64 {
        let place = self.errors.partition_point(|(error, _)| *error < asked);
        self.errors.get(place).map_or(0.0, |(_, above)| *above)
    }

    /// The share of past errors that lie at or above one: (count + ½) / (n + 1).
    fn share_reached(&self, asked: f64) -> f64 {
        (self.at_or_above(asked) + 0.5) / (self.n as f64 + 1.0)
    }

    /// From where to where errors go: as far down as up where there are few.
    fn reach(&self, level: Level) -> [f64; 2] {
        if self.n < FEW {
            let both_ways: Vec<f64> = self.errors.iter().map(|(error, _)| *error).collect();
            return [level.tail(), 1.0 - level.tail()].map(|share| quantile(&both_ways, share));
        }
        [1.0 - level.tail(), level.tail()].map(|share| self.reached_by(share))
    }

    /// The error that the share of past ones lies at or above: rank (n + 1)·share from above.
    fn reached_by(&self, share: f64) -> f64 {
        let rank = (self.n as f64 + 1.0) * share;
        // From above, the first with so many there or above.
        let place = self.errors.partition_point(|(_, above)| *above >= rank).saturating_sub(1);
        self.errors.get(place).map_or(0.0, |(error, _)| *error)
    }
}

/// How many spans that share no step the ends tell of, at least 1.
fn spans_apart(ends: &[usize], span: Span) -> f64 {
    let reach = ends.iter().max().zip(ends.iter().min()).map_or(0, |(last, first)| last - first);
    1.0 + reach as f64 / span.steps as f64
}

/// (S − Ŝ) / u of one end, and (B − Ŝ) / u: 0 where the season before is not known.
fn error_of(errors: &Errors, span: Span) -> Option<(f64, f64)> {
    let unit = span.sum(&errors.spread);
    if errors.actual.len() < span.end() || unit <= 0.0 {
        return None;
    }
    let forecast = span.sum(&errors.forecast);
    let error = (span.sum(&errors.actual) - forecast) / unit;
    let beside = if errors.before.len() >= span.end() { (span.sum(&errors.before) - forecast) / unit } else { 0.0 };
    (error.is_finite() && beside.is_finite()).then_some((error, beside))
}

/// A target tried on the past, with what was known by then.
struct Try {
    /// Steps between the end at which the chance was told and the true end of the series.
    ended: usize,
    /// Steps from there until what came was known.
    until: usize,
    /// The chance, not yet recalibrated.
    raw: f64,
    reached: bool,
    /// Part of its end, and of its span: the tries of one end of a series count as one, spans that share steps as what they do not share.
    weight: f64,
}

/// Every target tried at every earlier end, the earliest first.
fn tries(past: &Backtest, skipped: usize) -> Vec<Try> {
    let mut keys: Vec<(usize, usize)> = past
        .errors
        .iter()
        .flat_map(|errors| (1..=errors.actual.len().saturating_sub(skipped)).map(|steps| (steps, errors.ended)))
        .collect::<FxHashSet<_>>()
        .into_iter()
        .collect();
    keys.sort_unstable();
    let pools: FxHashMap<(usize, usize), Pool> = keys
        .into_par_iter()
        .map(|(steps, ended)| ((steps, ended), Pool::of(&past.errors, Span { skipped, steps }, ended)))
        .collect();
    let of_end = |errors: &Errors| -> Vec<Try> {
        let mut found = Vec::new();
        for steps in 1..=errors.actual.len().saturating_sub(skipped) {
            let span = Span { skipped, steps };
            let Some(pool) = pools.get(&(steps, errors.ended)).filter(|pool| pool.len() >= FEWEST) else { continue };
            let (forecast, actual) = (span.sum(&errors.forecast), span.sum(&errors.actual));
            let before = (errors.before.len() >= span.end()).then(|| span.sum(&errors.before));
            let unit = span.sum(&errors.spread);
            let centre = pool.centre(Expected { forecast, spread: unit, before });
            let by_season = TARGETS.map(|times| times * before.unwrap_or(forecast));
            let by_chance = SHARES.map(|share| centre + unit * pool.reached_by(share));
            // Nothing, or less, is no target.
            for target in by_season.into_iter().chain(by_chance).filter(|target| *target > 0.0 && unit > 0.0) {
                let raw = pool.share_reached((target - centre) / unit);
                found.push(Try { ended: errors.ended, until: span.end(), raw, reached: actual >= target, weight: 0.0 });
            }
        }
        let tried = found.len().max(1) as f64;
        found.iter_mut().for_each(|one| one.weight = 1.0 / (tried * (one.until - skipped) as f64));
        found
    };
    let mut all: Vec<Try> = past.errors.par_iter().flat_map_iter(of_end).collect();
    all.sort_by_key(|tried| std::cmp::Reverse(tried.ended));
    all
}

/// How often chances came true, by what was told.
struct Recalibration {
    /// By 200th of the chance: weight, weight × chance, weight × reached.
    bins: Vec<[f64; 3]>,
    n: usize,
}

impl Recalibration {
    const BINS: usize = 200;
    /// Where the imagined ends lie at which the chance was right.
    const IMAGINED: usize = 20;

    fn new() -> Self {
        let mut empty = Self { bins: vec![[0.0; 3]; Self::BINS], n: 0 };
        for place in 0..Self::IMAGINED {
            let chance = (place as f64 + 0.5) / Self::IMAGINED as f64;
            empty.count(chance, chance, 1.0);
        }
        empty
    }

    /// What was known `ended` steps before the end of the series.
    fn known(tries: &[Try], ended: usize) -> Self {
        let mut found = Self::new();
        tries.iter().filter(|tried| tried.ended >= ended + tried.until).for_each(|tried| found.add(tried));
        found
    }

    fn add(&mut self, tried: &Try) {
        self.count(tried.raw, f64::from(u8::from(tried.reached)), tried.weight);
        self.n += 1;
    }

    fn count(&mut self, chance: f64, reached: f64, weight: f64) {
        let place = ((chance * Self::BINS as f64) as usize).min(Self::BINS - 1);
        let [all, chances, came] = &mut self.bins[place];
        *all += weight;
        *chances += weight * chance;
        *came += weight * reached;
    }

    /// The rising function; none where too few chances were told.
    fn curve(&self) -> Option<Isotonic> {
        let filled = self.bins.iter().filter(|[all, ..]| *all > 0.0);
        let points = filled.map(|[all, chances, came]| (chances / all, came / all, *all));
        (self.n >= FEWEST_PAST).then(|| Isotonic::centred(points))
    }
}

/// One bin of a reliability chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Mean of the chances told.
    pub told: f64,
    /// Share that came true.
    pub came: f64,
    /// Interval of that share. Series that rise and fall together make it too narrow.
    pub interval: Interval,
    /// How many were told.
    pub n: usize,
}

/// Chances told on the past beside what came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliability {
    /// By tenths of the chance told; tenths without any are left out.
    pub bins: Vec<ReliabilityBin>,
    /// Mean squared distance of chance and outcome, 0 to 1; always saying ½ has 0.25.
    pub brier: f64,
    /// Chances told.
    pub n: usize,
}

impl Reliability {
    /// Tells chances at every earlier end with what was known by then, for targets of 0.9 to 1.2 times the same steps a
    /// season before (of the forecast where that was before the series) and for those that a chance of 0.1 to 0.9 was told
    /// for, and compares them with what came.
    ///
    /// # Errors
    /// [`Error::NotEnough`](crate::Error::NotEnough) where the past is too short to tell any.
    pub fn of(past: &Backtest) -> Result<Self> {
        Self::after(past, 0)
    }

    /// The same for sums that begin `skipped` steps later.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn after(past: &Backtest, skipped: usize) -> Result<Self> {
        let tries = tries(past, skipped);
        let mut curves: FxHashMap<usize, Option<Isotonic>> = FxHashMap::default();
        let mut told: Vec<(f64, bool)> = Vec::with_capacity(tries.len());
        for tried in &tries {
            let curve = curves.entry(tried.ended).or_insert_with(|| Recalibration::known(&tries, tried.ended).curve());
            told.push((curve.as_ref().map_or(tried.raw, |rising| rising.at(tried.raw)), tried.reached));
        }
        at_least("a reliability chart", "chances told on the past", FEWEST, told.len())?;
        let brier = told.iter().map(|(chance, came)| (chance - f64::from(u8::from(*came))).powi(2)).sum::<f64>();
        let mut bins = Vec::new();
        for tenth in 0..10_u8 {
            let within = |chance: f64| (chance * 10.0).floor().min(9.0) == f64::from(tenth);
            let here: Vec<&(f64, bool)> = told.iter().filter(|(chance, _)| within(*chance)).collect();
            if here.is_empty() {
                continue;
            }
            let came = here.iter().filter(|(_, came)| *came).count();
            let share = wilson(came as u64, here.len() as u64, Level::P95)?;
            let mean = here.iter().map(|(chance, _)| chance).sum::<f64>() / here.len() as f64;
            bins.push(ReliabilityBin { told: mean, came: share.value, interval: share.interval, n: here.len() });
        }
        Ok(Self { bins, brier: brier / told.len() as f64, n: told.len() })
    }
}
