//! What is handed down beside what is handed up.

use rustc_hash::FxHashSet;
use takar_model::{Money, Month, Period};
use takar_stats::shares::shared_out;

use super::{Held, Judge, Level, Unjudged, Whom, phased};
use crate::{
    InsightError,
    analysis::forecast::{months_of, span_of},
};

/// One member: what it is handed down and what it hands up, by month.
#[derive(Debug, Clone, PartialEq)]
pub struct LineOfLevel {
    /// Whom it is for.
    pub whom: Whom,
    /// The member's name.
    pub name: Option<String>,
    /// Its part of what is handed down.
    pub down: Vec<Money>,
    /// Its own targets, where it has any.
    pub up: Vec<Option<Money>>,
    /// What is expected of it.
    pub expected: Vec<f64>,
}

/// Both directions side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconciliation {
    /// For whom.
    pub level: Level,
    /// For when.
    pub period: Period,
    /// The months.
    pub months: Vec<Month>,
    /// What is handed down, by month: it adds up to the figure exactly.
    pub top: Vec<Money>,
    /// The members.
    pub lines: Vec<LineOfLevel>,
}

/// Hands a figure down to the members of a level, by what is expected of each in each month, and puts their own targets beside
/// it. `top` is the figure of all, or of the manager whose members are judged.
///
/// # Errors
/// [`Unjudged`] where the coming months of the whole are not known, or nobody is there to hand it to.
pub fn reconcile(
    judge: &Judge,
    whole: &Judge,
    manager: Option<&str>,
    period: Period,
    top: &[Option<Money>],
    held: &Held,
) -> Result<Reconciliation, Unjudged> {
    let span = span_of(period)?;
    let months: Vec<Month> = months_of(span).collect();
    let members: Vec<(Option<&str>, Option<&str>)> =
        judge.prospect().members().filter(|(id, _)| judge.level() == Level::Company || id.is_some()).collect();
    let mut lines: Vec<LineOfLevel> = members
        .iter()
        .map(|(id, name)| {
            let whom = Whom::of(judge.level(), *id, manager);
            // Of whom nothing is known yet, nothing is expected: only a target of its own brings it in.
            let expected: Vec<f64> = judge
                .by_month(*id, period)
                .map(|months| months.into_iter().map(|month| month.max(0.0)).collect())
                .unwrap_or_else(|_| vec![0.0; months.len()]);
            let up = held.by_month(&whom, span, &expected);
            LineOfLevel { whom, name: name.map(str::to_owned), down: Vec::new(), up, expected }
        })
        .collect();
    let seen: FxHashSet<Whom> = lines.iter().map(|line| line.whom.clone()).collect();
    for (whom, ..) in held.iter() {
        let (level, _) = whom.level();
        let belongs = level == judge.level() && whom.within() == manager.filter(|_| level != Level::Manager);
        if belongs && !seen.contains(whom) && !lines.iter().any(|line| line.whom == *whom) {
            let expected = vec![0.0; months.len()];
            let up = held.by_month(whom, span, &expected);
            if up.iter().any(Option::is_some) {
                lines.push(LineOfLevel { whom: whom.clone(), name: None, down: Vec::new(), up, expected });
            }
        }
    }
    let top = top_by_month(whole, manager, period, top)?;
    for (place, amount) in top.iter().enumerate() {
        let weights: Vec<f64> = lines.iter().map(|line| line.expected[place]).collect();
        for (line, part) in lines.iter_mut().zip(phased(*amount, &weights)?) {
            line.down.push(part);
        }
    }
    Ok(Reconciliation { level: judge.level(), period, months, top, lines })
}

/// The figure of each month: as given, else the one figure phased by what is expected of all.
fn top_by_month(
    whole: &Judge,
    manager: Option<&str>,
    period: Period,
    top: &[Option<Money>],
) -> Result<Vec<Money>, Unjudged> {
    let count = months_of(span_of(period)?).count();
    match top {
        [Some(one)] if count != 1 => {
            let member = if whole.level() == Level::Manager { manager } else { None };
            Ok(phased(*one, &whole.by_month(member, period)?)?)
        }
        months if months.len() == count && months.iter().all(Option::is_some) => {
            Ok(months.iter().flatten().copied().collect())
        }
        _ => Err(InsightError::NoTarget { window: period }.into()),
    }
}

impl Reconciliation {
    /// What the members' own targets come to, by month.
    pub fn up(&self) -> Vec<Money> {
        (0..self.months.len()).map(|place| self.lines.iter().filter_map(|line| line.up[place]).sum()).collect()
    }

    /// How much more is handed down than up, by month.
    pub fn gap(&self) -> Vec<Money> {
        self.top.iter().zip(self.up()).map(|(down, up)| *down - up).collect()
    }

    /// Closes the gap by scaling the members' own targets, each month by the same factor; members without one get what they
    /// are handed down only where nobody has one.
    ///
    /// # Errors
    /// Where a month cannot be shared out.
    pub fn scaled(&self) -> Result<Vec<Vec<Money>>, Unjudged> {
        self.closed(|place| {
            let own: Vec<f64> =
                self.lines.iter().map(|line| line.up[place].map_or(0.0, |up| up.to_f64().max(0.0))).collect();
            let weights = if own.iter().any(|own| *own > 0.0) {
                own
            } else {
                self.lines.iter().map(|line| line.expected[place]).collect()
            };
            Ok(phased(self.top[place], &weights)?)
        })
    }

    /// Closes the gap on some members alone, in proportion to their targets (what they are handed down where they have none);
    /// the others keep theirs.
    ///
    /// # Errors
    /// [`InsightError::NotAMember`] for an id that is none.
    pub fn on_lines(&self, ids: &[String]) -> Result<Vec<Vec<Money>>, Unjudged> {
        for id in ids {
            if !self.lines.iter().any(|line| line.whom.level().1 == Some(id.as_str())) {
                return Err(InsightError::NotAMember(id.clone()).into());
            }
        }
        let gap = self.gap();
        let is_named = |line: &LineOfLevel| line.whom.level().1.is_some_and(|id| ids.iter().any(|named| named == id));
        self.closed(|place| {
            let own = |line: &LineOfLevel| line.up[place].unwrap_or(Money::ZERO);
            let named: Vec<&LineOfLevel> = self.lines.iter().filter(|line| is_named(line)).collect();
            let weight = |line: &&LineOfLevel| line.up[place].unwrap_or(line.down[place]).to_f64().max(0.0);
            let weights: Vec<f64> = named.iter().map(weight).collect();
            let step = if gap[place].units() % Money::ONE == 0 { Money::ONE } else { 1 };
            let mut parts = shared_out(gap[place].units() / step, &weights)?.into_iter();
            Ok(self
                .lines
                .iter()
                .map(|line| match is_named(line) {
                    true => own(line) + Money::from_units(parts.next().unwrap_or_default() * step),
                    false => own(line),
                })
                .collect())
        })
    }

    /// By member, then by month.
    fn closed(&self, of_month: impl Fn(usize) -> Result<Vec<Money>, Unjudged>) -> Result<Vec<Vec<Money>>, Unjudged> {
        let mut found = vec![Vec::with_capacity(self.months.len()); self.lines.len()];
        for place in 0..self.months.len() {
            for (line, value) in found.iter_mut().zip(of_month(place)?) {
                line.push(value);
            }
        }
        Ok(found)
    }
}
