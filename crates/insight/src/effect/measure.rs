//! From accounts and months to a verdict.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Month, Period};
use takar_stats::{
    Estimate, Level,
    effect::{
        Basis, Design, Direction, Draws, How, Judgement, Measured, Method, Panel, Search, Size, Unit, Verdict, Wanted,
    },
};

use super::{AccountMonths, EffectKpi};
use crate::{InsightError, metrics::Labels};

/// An action has to run for so many complete months before anything is said, however soon it was to show or to end.
pub const LEAST_MONTHS: i32 = 3;
/// So many months before the action are compared, at most.
pub(crate) const BEFORE: i32 = 24;
/// What is seen of an action after a year has other reasons too.
const AFTER: i32 = 12;

/// Nothing is said to have worked where a greater share of placebos lies as far from 0 (on either side: 5 % on one). Sales that come in few orders have a longer
/// tail upwards than the interval knows (docs/proof/effect.md, "From lines to verdict").
const MOST_BY_CHANCE: f64 = 0.1;

/// With more accounts to compare with, fewer placebos do: the proof of the intervals (docs/proof/effect.md) rests on so many.
const MANY: usize = 300;
const DRAWS_OF_MANY: usize = 100;

/// Placebos for so many accounts that are compared with.
pub(crate) const fn draws(controls: usize, seed: u64) -> Draws {
    if controls > MANY { Draws { count: DRAWS_OF_MANY, seed } } else { Draws::usual(seed) }
}

/// Who had an action, and whom they are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// By which method.
    pub method: Method,
    /// The accounts that had it, and the first whole month with it.
    pub treated: Vec<(String, Month)>,
    /// The accounts that are compared with.
    pub controls: Vec<String>,
    /// A lot decided who had it and who waits.
    pub by_lot: bool,
    /// The first month that says nothing of before: from here to the start accounts were picked, or the action had half begun.
    pub left_out_from: Option<Month>,
    /// The months that decided who was picked, where something did: from these on it is told how much of what was low then stays low.
    pub picked_in: Option<(Month, Month)>,
    /// The last month that was planned to count; so many as it takes do all the same.
    pub until: Option<Month>,
    /// The last month before those who waited began too: from then on there is nobody to compare with.
    pub waited_until: Option<Month>,
    /// The last month that counted when it was frozen: today's data are held over the same months.
    pub frozen_until: Option<Month>,
    /// What was expected, as a share; above 0.
    pub expected: f64,
    /// The seed of placebos.
    pub seed: u64,
}

/// What can be said of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// It has not run long enough.
    TooEarly(Early),
    /// It cannot be measured, and why.
    NotMeasurable {
        /// In Indonesian.
        id: String,
        /// In English.
        en: String,
    },
    /// It was measured.
    Measured(Box<Found>),
}

/// How far an action has run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Early {
    /// Complete months with the action so far.
    pub months: i32,
    /// How many it takes.
    pub needed: i32,
    /// The month whose data have to be complete.
    pub wants: String,
}

/// One month of the picture, in shares of what is usual for the accounts (1 = as usual).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathPoint {
    /// The month.
    pub month: String,
    /// The accounts with the action, on average.
    pub treated: f64,
    /// What was to be expected of them without it.
    pub expected: f64,
}

/// What is to be expected of accounts that were picked because of how they did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stays {
    /// What they came to in the months in which they were picked, as a share of their usual.
    pub then: f64,
    /// What accounts without the action that did so differ by from the others afterwards, as a share of the usual.
    pub later: f64,
}

/// An effect that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// On which KPI.
    pub kpi: EffectKpi,
    /// By which method.
    pub method: Method,
    /// The effect as a share of what was to be expected, with its interval; n is accounts with and without the action.
    pub effect: Estimate,
    /// What that comes to a month over all accounts, had each gained alike, in the unit of the KPI.
    pub a_month: Estimate,
    /// Worked, did not work, or not enough evidence: by the interval, and "worked" only where few placebos lie as far from 0.
    pub verdict: Verdict,
    /// The whole interval reaches the smallest effect that matters.
    pub surely_matters: bool,
    /// The whole interval is below 0.
    pub harmed: bool,
    /// The share of placebos at least as far from 0.
    pub p: f64,
    /// How many placebos.
    pub placebos: usize,
    /// Placebos were drawn from all accounts, since those without the action are few.
    pub pooled: bool,
    /// Accounts with the action that were measured.
    pub treated: usize,
    /// Accounts they were compared with.
    pub controls: usize,
    /// Accounts with the action that could not be measured: too new, or nothing usual before.
    pub treated_left_out: usize,
    /// The same of those compared with.
    pub controls_left_out: usize,
    /// What was expected, as a share.
    pub expected: f64,
    /// The smallest effect that matters: half of what was expected.
    pub matters: f64,
    /// The months before that are compared.
    pub before: String,
    /// The months left out.
    pub left_out: Option<String>,
    /// What stays with accounts that were as low while they were picked; none where none were picked so, or too few tell.
    #[serde(default)]
    pub stays: Option<Stays>,
    /// The months with the action.
    pub after: String,
    /// How many starts.
    pub cohorts: usize,
    /// A lot decided who had it.
    pub by_lot: bool,
    /// By month.
    pub path: Vec<PathPoint>,
}

/// Measures an action.
///
/// # Errors
/// [`InsightError::Stats`] only where the seed or level are out of range; what data cannot tell is an [`Outcome`].
pub fn measure(months: &AccountMonths, accounts: &Labels, asked: &Question) -> Result<Outcome, InsightError> {
    let Some(first_start) = asked.treated.iter().map(|(_, from)| *from).min() else {
        return Ok(not_measurable("tidak ada akun yang menjalani tindakan ini", "no account has this action"));
    };
    let least = first_start.plus(LEAST_MONTHS - 1);
    let least = asked.frozen_until.map_or(least, |frozen| frozen.clamp(first_start, least));
    if asked.waited_until.is_some_and(|waited| waited < least) {
        return Ok(not_measurable(
            "yang menunggu sudah mulai sebelum ada tiga bulan lengkap, dan sejak itu tidak ada lagi pembandingnya",
            "those who waited began before there were three complete months, and since then there is nobody to compare with",
        ));
    }
    let planned = asked.until.map(|until| until.max(least));
    let ends = [planned, asked.waited_until, asked.frozen_until, Some(first_start.plus(AFTER - 1))];
    let until = ends.into_iter().flatten().fold(months.last(), Month::min);
    if until < least {
        let run = (until.index() - first_start.index() + 1).max(0);
        let needed = least.index() - first_start.index() + 1;
        return Ok(Outcome::TooEarly(Early { months: run, needed, wants: least.to_string() }));
    }
    let begun: Vec<&(String, Month)> = asked.treated.iter().filter(|(_, from)| *from <= until).collect();
    let last_start = begun.iter().map(|(_, from)| *from).max().unwrap_or(first_start);
    let selection = asked.left_out_from.map_or(0, |from| (last_start.index() - from.index()).max(0));
    let first = months.first().max(first_start.plus(-selection - BEFORE));
    let unit = |id: &str, from: Option<Month>| {
        let code = accounts.code(id)?;
        let from = from.map(|from| usize::try_from(from.index() - first.index()).unwrap_or_default());
        Some(Unit { outcomes: months.row(code, first, until), from })
    };
    let mut units: Vec<Unit> = begun.iter().filter_map(|(id, from)| unit(id, Some(*from))).collect();
    let treated_units = units.len();
    units.extend(asked.controls.iter().filter_map(|id| unit(id, None)));
    let selection = usize::try_from(selection).unwrap_or_default();
    match found(&units, treated_units, (selection, first, until), months.kpi(), asked) {
        Ok(mut found) => {
            found.treated_left_out = asked.treated.len() - found.treated;
            found.controls_left_out = asked.controls.len() - found.controls;
            Ok(Outcome::Measured(Box::new(found)))
        }
        Err(error) => {
            let told = |lang| super::why(&error, lang);
            Ok(Outcome::NotMeasurable { id: told(Lang::Id), en: told(Lang::En) })
        }
    }
}

fn not_measurable(id: &str, en: &str) -> Outcome {
    Outcome::NotMeasurable { id: id.to_owned(), en: en.to_owned() }
}

fn found(
    units: &[Unit],
    treated_units: usize,
    (selection, first, until): (usize, Month, Month),
    kpi: EffectKpi,
    asked: &Question,
) -> takar_stats::Result<Found> {
    let whole = Panel::new(units)?;
    let panel = whole.relative(selection);
    let design = Design::of(&panel, selection)?;
    let how = How {
        method: asked.method,
        search: Search::Optimum,
        level: Level::P90,
        draws: draws(design.controls.len(), asked.seed),
    };
    let picked: Vec<usize> = asked.picked_in.map_or_else(Vec::new, |(from, to)| {
        (from.index()..=to.index()).filter_map(|month| usize::try_from(month - first.index()).ok()).collect()
    });
    let measured = Measured::of_picked(&panel, &design, &picked, how)?;
    let effect = measured.relative().unwrap_or(measured.estimate);
    let matters = asked.expected / 2.0;
    let judged = Judgement::of(&effect.interval, Wanted::new(Direction::Up, matters)?);
    let is_beyond_chance = measured.p <= MOST_BY_CHANCE;
    let verdict = match judged.verdict {
        Verdict::Worked if !is_beyond_chance => Verdict::NotEnoughEvidence,
        verdict => verdict,
    };
    // What was usual for the accounts that were measured, a month.
    let start = design.cohorts.iter().map(|cohort| cohort.from).min().unwrap_or_default().saturating_sub(selection);
    let usual: f64 = design
        .cohorts
        .iter()
        .flat_map(|cohort| &cohort.treated)
        .filter(|unit| **unit < treated_units)
        .map(|unit| {
            let known: Vec<f64> = units[*unit].outcomes[..start].iter().flatten().copied().collect();
            known.iter().sum::<f64>() / known.len().max(1) as f64
        })
        .sum();
    // The same interval in the unit of the KPI: what was to be expected, times the share.
    let scale = if measured.relative().is_some() { measured.effect.expected * usual } else { usual };
    let mut a_month = effect;
    a_month.value *= scale;
    a_month.interval.low *= scale;
    a_month.interval.high *= scale;
    let month = |place: usize| first.plus(place as i32);
    let cohorts = &design.cohorts;
    let before = cohorts.iter().flat_map(|cohort| &cohort.before);
    let after = cohorts.iter().flat_map(|cohort| &cohort.after);
    let (before_first, before_last) = (before.clone().min().copied(), before.max().copied());
    let starts = cohorts.iter().map(|cohort| cohort.from);
    let (first_from, last_from) = (starts.clone().min().unwrap_or_default(), starts.max().unwrap_or_default());
    let span = |from: usize, to: usize| {
        Period::months(month(from), month(to)).map(|period| period.to_string()).unwrap_or_default()
    };
    let left_out = (selection > 0).then(|| span(last_from.saturating_sub(selection), first_from.saturating_sub(1)));
    Ok(Found {
        kpi,
        method: asked.method,
        effect,
        a_month,
        verdict,
        surely_matters: judged.size == Size::Surely && is_beyond_chance,
        harmed: judged.harmed,
        p: measured.p,
        placebos: measured.placebos,
        pooled: measured.basis == Basis::PooledPlacebos,
        treated: measured.effect.treated,
        controls: measured.effect.controls,
        treated_left_out: 0,
        controls_left_out: 0,
        expected: asked.expected,
        matters,
        before: before_first.zip(before_last).map(|(from, to)| span(from, to)).unwrap_or_default(),
        left_out: left_out.filter(|text| !text.is_empty()),
        stays: measured.lasting.map(|lasting| Stays { then: lasting.then, later: lasting.later }),
        after: span(first_from, after.max().copied().unwrap_or((until.index() - first.index()) as usize)),
        cohorts: cohorts.len(),
        by_lot: asked.by_lot,
        path: path(&measured, month),
    })
}

/// All cohorts together, each as heavy as it has accounts.
fn path(measured: &Measured, month: impl Fn(usize) -> Month) -> Vec<PathPoint> {
    let mut by_time = std::collections::BTreeMap::<usize, (f64, f64, f64)>::new();
    for cohort in &measured.effect.cohorts {
        for moment in &cohort.path {
            let (weight, sum) = (cohort.treated as f64, by_time.entry(moment.time).or_default());
            sum.0 += weight;
            sum.1 += weight * moment.treated;
            sum.2 += weight * moment.expected;
        }
    }
    let point = |(time, (weight, treated, expected)): (usize, (f64, f64, f64))| PathPoint {
        month: month(time).to_string(),
        treated: treated / weight,
        expected: expected / weight,
    };
    by_time.into_iter().map(point).collect()
}
