//! What a product will be wanted in a branch over the days that stock has to last, and how far that may be off.

use rayon::prelude::*;
use takar_stats::{
    Error, Estimate, Interval, Level,
    forecast::{Backtest, Calendar, Cover, Errors, Method, Plan, Series, backtest, intermittent},
};

use super::{Blocks, Demand, rhythm::Rhythm, told::Shelves};
use crate::metrics::MIXED;

/// Series of one class whose past is forecast, at most.
const TAUGHT_BY: usize = 400;
/// Earlier ends that are forecast to learn from.
const ORIGINS: usize = 24;
/// Errors that a class learns from alone, at least.
const FEWEST_OF_CLASS: usize = 100;
/// Blocks that a forecast takes.
const FEWEST_BLOCKS: usize = 4;

/// How regularly something is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// In nearly every block: the mean gap between blocks with a sale is below 1.32.
    Steady,
    /// In every second or third block.
    Occasional,
    /// In every fourth block at most.
    Rare,
}

impl Class {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Steady, Self::Occasional, Self::Rare];

    fn of(values: &[f64]) -> Self {
        match intermittent::mean_gap(values) {
            Some(gap) if gap < intermittent::INTERMITTENT_GAP => Self::Steady,
            Some(gap) if gap < 4.0 => Self::Occasional,
            _ => Self::Rare,
        }
    }

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Occasional => "occasional",
            Self::Rare => "rare",
        }
    }
}

/// What is expected of a product in a branch over the coming block.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The method.
    pub method: &'static str,
    /// How regularly it is bought.
    pub class: Class,
    /// The forecast.
    pub forecast: f64,
    /// How far it may be off by the model's own account.
    pub(super) spread: f64,
    /// Its 80 % interval, from errors of the past.
    pub interval: Result<Interval, Error>,
    /// What has to be there to last with the chance that is asked for.
    pub level: Result<f64, Error>,
    /// Blocks behind the forecast.
    pub blocks: usize,
    /// How many of them were without stock for some days, and were made up for.
    pub corrected: usize,
    /// How many were without stock for more than half of their days, and were left out.
    pub left_out: usize,
    /// Errors of the past behind interval and level.
    pub errors: usize,
}

/// How often levels held on the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Of which class; of all without.
    pub class: Option<Class>,
    /// How often.
    pub share: Result<Estimate, Error>,
}

/// The demand of a shelf by block, from the first sale on, as it would have been with stock on all days.
struct Line {
    /// The blocks that count.
    kept: Vec<u16>,
    values: Vec<f64>,
    /// Whether a block was without stock for some days.
    made_up: Vec<bool>,
    left_out: usize,
    class: Class,
}

/// All that was worked out.
pub(super) struct Foresight {
    /// By shelf; none where its quantities are in several units.
    expected: Vec<Option<Result<Expected, Error>>>,
    /// By class.
    covers: Vec<Result<Cover, Error>>,
    pub held: Vec<Held>,
}

impl Foresight {
    pub(super) fn of(demand: &Demand, shelves: &Shelves<'_>, rhythm: &Rhythm, blocks: Blocks, service: Level) -> Self {
        let lines: Vec<Option<Line>> = (0..demand.shelves.len())
            .into_par_iter()
            .map(|place| {
                let shelf = demand.shelves[place];
                let known = shelf.unit != MIXED;
                known.then(|| {
                    Line::of(demand, place, &shelves.by_block((shelf.product, shelf.branch), blocks), blocks.days())
                })
            })
            .collect();
        let plan = plan(blocks.count());
        let past: Vec<Vec<Errors>> = Class::ALL.iter().map(|class| past_of(&lines, *class, rhythm, &plan)).collect();
        let all = || past.iter().flatten();
        // A class of few learns from all.
        let own_or_all =
            |own: &Vec<Errors>| if own.len() < FEWEST_OF_CLASS { Cover::of(all()) } else { Cover::of(own) };
        let covers: Vec<Result<Cover, Error>> = past.iter().map(own_or_all).collect();
        let judged = |class: Option<Class>, share| Held { class, share };
        let of_class = |(class, own): (&Class, &Vec<Errors>)| {
            (own.len() >= FEWEST_OF_CLASS).then(|| judged(Some(*class), Cover::held(own, service)))
        };
        let of_classes = Class::ALL.iter().zip(&past).filter_map(of_class);
        let held = std::iter::once(judged(None, Cover::held(all(), service))).chain(of_classes).collect();
        let expected = lines
            .par_iter()
            .map(|line| {
                let line = line.as_ref()?;
                Some(line.expected(rhythm, &plan, &covers[line.class as usize], service))
            })
            .collect();
        Self { expected, covers, held }
    }

    /// What is expected of a shelf.
    pub(super) fn expected(&self, place: usize) -> Option<&Result<Expected, Error>> {
        self.expected.get(place)?.as_ref()
    }

    /// How much is expected to be missing in the coming block where `there` is all there is.
    pub(super) fn missing(&self, expected: &Expected, there: f64) -> Option<f64> {
        let cover = self.covers[expected.class as usize].as_ref().ok()?;
        Some(cover.missing(expected.forecast, expected.spread, there))
    }
}

/// One block ahead. A season of their own is not looked for: blocks are no months, and what repeats comes with the calendar's factors.
fn plan(blocks: usize) -> Plan {
    let shortest = match blocks {
        36.. => 24,
        18.. => 12,
        _ => 6,
    };
    Plan { method: Method::Theta, period: 1, horizon: 1, shortest, origins: ORIGINS }
}

/// The errors of a class, without those of blocks that were not in stock throughout: what they would have brought is not known.
fn past_of(lines: &[Option<Line>], class: Class, rhythm: &Rhythm, plan: &Plan) -> Vec<Errors> {
    let long: Vec<&Line> =
        lines.iter().flatten().filter(|line| line.class == class && line.values.len() > plan.shortest).collect();
    let every = long.len().div_ceil(TAUGHT_BY).max(1);
    let sample: Vec<&Line> = long.into_iter().step_by(every).collect();
    let calendars: Vec<_> = sample.iter().map(|line| |known: usize| line.factors(rhythm, known)).collect();
    let series: Vec<Series<'_>> = sample
        .iter()
        .zip(&calendars)
        .map(|(line, calendar)| {
            let calendar: &Calendar<'_> = calendar;
            Series { values: &line.values, season: None, calendar: Some(calendar) }
        })
        .collect();
    let Ok(Backtest { mut errors, .. }) = backtest(&series, plan) else { return Vec::new() };
    errors.retain(|errors| {
        let line = sample[errors.series];
        !line.made_up[line.values.len() - errors.ended]
    });
    errors
}

impl Line {
    fn of(demand: &Demand, place: usize, days_out: &[i32], days: u16) -> Self {
        let mut sold = vec![0_i64; days_out.len()];
        for row in demand.of(place) {
            if let Some(sum) = sold.get_mut(usize::from(row.block)) {
                *sum = row.quantity;
            }
        }
        let begins = sold.iter().position(|quantity| *quantity > 0).unwrap_or(sold.len());
        let mut line =
            Self { kept: Vec::new(), values: Vec::new(), made_up: Vec::new(), left_out: 0, class: Class::Rare };
        for (block, (quantity, out)) in sold.iter().zip(days_out).enumerate().skip(begins) {
            line.take(block, *quantity, *out, i32::from(days));
        }
        line.class = Class::of(&line.values);
        line
    }

    fn take(&mut self, block: usize, quantity: i64, out: i32, days: i32) {
        if out * 2 > days {
            self.left_out += 1;
            return;
        }
        self.kept.push(u16::try_from(block).unwrap_or(u16::MAX));
        self.values.push(quantity as f64 / 1e6 * f64::from(days) / f64::from(days - out));
        self.made_up.push(out > 0);
    }

    /// What multiplies the first `known` blocks that count and the one that comes after them, by what was known then.
    fn factors(&self, rhythm: &Rhythm, known: usize) -> Vec<f64> {
        let next = self.kept.get(known).map_or_else(|| rhythm.coming(), |block| usize::from(*block));
        let all = rhythm.known(next);
        let before = self.kept.iter().take(known).map(|block| usize::from(*block));
        before.chain([next]).map(|block| all.get(block).copied().unwrap_or(1.0)).collect()
    }

    fn expected(
        &self,
        rhythm: &Rhythm,
        plan: &Plan,
        cover: &Result<Cover, Error>,
        service: Level,
    ) -> Result<Expected, Error> {
        let n = self.values.len();
        if n < FEWEST_BLOCKS {
            return Err(Error::NotEnough { method: "a forecast", what: "blocks", needed: FEWEST_BLOCKS, got: n });
        }
        let calendar = |known: usize| self.factors(rhythm, known);
        let series = Series { values: &self.values, season: None, calendar: Some(&calendar) };
        let (fitted, factors) = series.fit(plan, n)?;
        let factor = factors.first().copied().unwrap_or(1.0);
        let (forecast, spread) = (fitted.ahead(1) * factor, fitted.spread(1) * factor);
        let is_whole = self.values.iter().zip(&self.made_up).all(|(value, made_up)| *made_up || value.fract() == 0.0);
        let told = |cover: &Cover| {
            let level = cover.lasting(forecast, spread, service)?;
            // Of whole goods the level rounded down lasts exactly as often; a whole level may have lost its last digit.
            Ok(if is_whole { (level + 1e-6).floor() } else { (level * 100.0).ceil() / 100.0 })
        };
        let cover = cover.as_ref().map_err(Clone::clone);
        Ok(Expected {
            method: fitted.method().name(),
            class: self.class,
            forecast,
            spread,
            interval: cover.clone().map(|cover| cover.interval(forecast, spread, Level::P80)),
            level: cover.clone().and_then(told),
            blocks: n,
            corrected: self.made_up.iter().filter(|made_up| **made_up).count(),
            left_out: self.left_out,
            errors: cover.map_or(0, Cover::n),
        })
    }
}
