//! What is questioned about a target before it is kept.

use rustc_hash::FxHashSet;
use takar_model::{Lang, Money, Period};

use super::{Held, Judge, Level, Whom, suggest::figures};
use crate::{
    InsightError,
    analysis::forecast::span_of,
    format::period_name,
    kpis::FactSource,
    metrics::{CellSource, Unit, Value},
    quality::{TargetRow, odd_targets},
    targets::Ask,
};

/// A target that somebody wants to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Whom it is for.
    pub whom: Whom,
    /// For when.
    pub period: Period,
    /// How much.
    pub value: Money,
}

/// Why a target is questioned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doubt {
    /// It is zero or less.
    NotPositive,
    /// It is hardly ever reached.
    Unlikely {
        /// The chance, below 5 %.
        chance: f64,
    },
    /// It is nearly always reached.
    Certain {
        /// The chance, above 98 %.
        chance: f64,
    },
    /// Ten times what the same months a year ago brought, or a tenth.
    OffHistory {
        /// What they brought.
        before: Money,
    },
    /// Far from other targets of as many months.
    OffNeighbours {
        /// Their median.
        median: Money,
    },
    /// Another target for the same lies over some of its days: they would not add up.
    Overlaps {
        /// The days of the other.
        other: Period,
    },
}

/// A chance below this is questioned.
const UNLIKELY: f64 = 0.05;
/// A chance above this is questioned. Few errors of the past tell none much surer.
const CERTAIN: f64 = 0.98;
/// A target that is so many times what was, or so small a part of it, is questioned.
const TIMES: i128 = 10;

impl Doubt {
    /// A short fixed name, for interfaces.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPositive => "not_positive",
            Self::Unlikely { .. } => "unlikely",
            Self::Certain { .. } => "certain",
            Self::OffHistory { .. } => "off_history",
            Self::OffNeighbours { .. } => "off_neighbours",
            Self::Overlaps { .. } => "overlaps",
        }
    }

    /// The question for a reader of `lang`, of a KPI in `unit`.
    pub fn message(self, unit: Unit, lang: Lang) -> String {
        let amount = |money: Money| match unit {
            Unit::Rate => Value::Rate(money.to_f64()).format(lang),
            _ => money.format(lang, 0),
        };
        let rate = |rate: f64| Value::Rate(rate).format(lang);
        let (indonesian, english) = match self {
            Self::NotPositive => ("target nol atau kurang".to_owned(), "the target is zero or less".to_owned()),
            Self::Unlikely { chance } => (
                format!("kemungkinan tercapai hanya {}", rate(chance)),
                format!("the chance to reach it is only {}", rate(chance)),
            ),
            Self::Certain { chance } => (
                format!("hampir pasti tercapai ({})", rate(chance)),
                format!("it is nearly certain to be reached ({})", rate(chance)),
            ),
            Self::OffHistory { before } => (
                format!("jauh dari tahun lalu: {}", amount(before)),
                format!("far from a year ago: {}", amount(before)),
            ),
            Self::OffNeighbours { median } => (
                format!("jauh dari target lain yang sepadan: biasanya {}", amount(median)),
                format!("far from other such targets: usually {}", amount(median)),
            ),
            Self::Overlaps { other } => (
                format!("bertumpang tindih dengan target {}", period_name(other, lang)),
                format!("overlaps the target for {}", period_name(other, lang)),
            ),
        };
        if lang == Lang::Id { indonesian } else { english }
    }
}

/// What is questioned about each of some proposed targets of one level and KPI, in their order.
///
/// # Errors
/// As [`run`](crate::metrics::run).
pub fn doubts(
    data: (&dyn CellSource, &dyn FactSource),
    judge: &Judge,
    manager: Option<&str>,
    proposed: &[Proposed],
    held: &Held,
) -> Result<Vec<Vec<Doubt>>, InsightError> {
    let off = off_neighbours(proposed, held);
    let mut years: Vec<(Period, _)> = Vec::new();
    let mut all = Vec::with_capacity(proposed.len());
    for (one, median) in proposed.iter().zip(off) {
        let (level, member) = one.whom.level();
        let mut found = Vec::new();
        if one.value <= Money::ZERO {
            found.push(Doubt::NotPositive);
        }
        if level == judge.level()
            && let Ok(chance) = judge.chance(member, one.period, one.value.to_f64())
        {
            let chance = chance.value;
            match chance {
                _ if chance < UNLIKELY => found.push(Doubt::Unlikely { chance }),
                // Of a target of nothing that says nothing new.
                _ if chance > CERTAIN && one.value > Money::ZERO => found.push(Doubt::Certain { chance }),
                _ => {}
            }
        }
        let place = match years.iter().position(|(period, _)| *period == one.period) {
            Some(place) => place,
            None => {
                let ask = Ask {
                    kpi: judge.kpi().clone(),
                    level: judge.level(),
                    manager: manager.map(str::to_owned),
                    period: one.period,
                    ambition: 0.5,
                };
                years.push((one.period, year_ago(data, judge, &ask)?));
                years.len() - 1
            }
        };
        let before = years.get(place).and_then(|(_, year)| year.as_ref()?.get(&member.map(str::to_owned)).copied());
        if let Some(before) = before.filter(|before| *before > Money::ZERO && one.value > Money::ZERO) {
            let times = |large: Money, small: Money| large.units() >= small.units().saturating_mul(TIMES);
            if times(one.value, before) || times(before, one.value) {
                found.push(Doubt::OffHistory { before });
            }
        }
        found.extend(median.map(|median| Doubt::OffNeighbours { median }));
        found.extend(held.overlapping(&one.whom, one.period).map(|other| Doubt::Overlaps { other }));
        all.push(found);
    }
    Ok(all)
}

type ByMember = rustc_hash::FxHashMap<Option<String>, Money>;

/// What each member brought in the same months a year ago; none before the data.
fn year_ago(
    data: (&dyn CellSource, &dyn FactSource),
    judge: &Judge,
    ask: &Ask,
) -> Result<Option<ByMember>, InsightError> {
    let (first, last) = span_of(ask.period)?;
    let (from, to) = (first.plus(-12), last.plus(-12));
    let prospect = judge.prospect();
    if from < prospect.first() || to > prospect.last() {
        return Ok(None);
    }
    figures(data, ask, (from, to)).map(Some)
}

/// The median of comparable targets, where a proposed one is far from it.
fn off_neighbours(proposed: &[Proposed], held: &Held) -> Vec<Option<Money>> {
    let replaced: FxHashSet<(&Whom, Period)> = proposed.iter().map(|one| (&one.whom, one.period)).collect();
    let others = held.iter().filter(|(whom, period, _)| !replaced.contains(&(*whom, *period)));
    let all: Vec<(&Whom, Period, Money)> =
        proposed.iter().map(|one| (&one.whom, one.period, one.value)).chain(others).collect();
    // A year is compared with years, a manager with managers.
    let kind = |whom: &Whom, period: Period| {
        let months = period.whole_months().map_or(0, |(first, last)| last.index() - first.index() + 1);
        let (level, _): (Level, _) = whom.level();
        format!("{} {} {months}", level.id(), whom.within().is_some())
    };
    let kinds: Vec<String> = all.iter().map(|(whom, period, _)| kind(whom, *period)).collect();
    let scopes: Vec<String> = all.iter().map(|(whom, ..)| format!("{whom:?}")).collect();
    let rows: Vec<TargetRow<'_>> = all
        .iter()
        .zip(kinds.iter().zip(&scopes))
        .map(|((_, period, value), (kpi, scope))| TargetRow {
            scope,
            kpi,
            first_month: period.from().month(),
            value: value.units(),
        })
        .collect();
    let mut found = vec![None; proposed.len()];
    for odd in odd_targets(&rows) {
        if let Some(place) = found.get_mut(odd.row) {
            *place = Some(Money::from_units(odd.median));
        }
    }
    found
}
