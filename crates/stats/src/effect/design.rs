//! What of a panel can be compared: cohorts of treated units, the times before and after, complete controls.

use serde::Serialize;

use super::Panel;
use crate::{Result, error::at_least};

pub(super) const METHOD: &str = "an effect against comparable units";

/// Treated units whose action began at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cohort {
    /// The first time with the action.
    pub from: usize,
    /// Its units.
    pub treated: Vec<usize>,
    /// The times before, without those of the selection.
    pub before: Vec<usize>,
    /// The times with the action.
    pub after: Vec<usize>,
}

/// A unit that takes no part because some of what is needed of it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Which.
    pub unit: usize,
    /// How many of the times that are needed are missing.
    pub missing: usize,
    /// Whether it had the action.
    pub treated: bool,
}

/// A panel made ready for comparison. Nothing is filled in: what is not known is left out, and told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Design {
    /// By start.
    pub cohorts: Vec<Cohort>,
    /// Units that never had the action, known at all times of all cohorts.
    pub controls: Vec<usize>,
    /// Units that take no part.
    pub units_left_out: Vec<LeftOut>,
    /// Times left out for a cohort (by its start) because they are not known of all its units.
    pub times_left_out: Vec<(usize, usize)>,
}

impl Design {
    /// Sorts out a panel. `selection` is how many times right before the start of the action decided who gets it: accounts chosen
    /// because they were low rise anyway, so these times are no base to compare with.
    ///
    /// A treated unit of which more than a quarter of the times is missing is left out; then the times that are missing of
    /// any treated unit of the cohort; then controls that miss any time still needed.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] without a treated unit, with fewer than two times before or none after, or with fewer than two controls.
    pub fn of(panel: &Panel, selection: usize) -> Result<Self> {
        let mut starts: Vec<usize> = (0..panel.units()).filter_map(|unit| panel.start(unit)).collect();
        starts.sort_unstable();
        starts.dedup();
        at_least(METHOD, "treated units", 1, starts.len())?;
        let (mut units_left_out, mut times_left_out) = (Vec::new(), Vec::new());
        let mut cohorts = Vec::with_capacity(starts.len());
        for from in starts {
            let needed: Vec<usize> = (0..from.saturating_sub(selection)).chain(from..panel.times()).collect();
            let missing = |unit: usize| needed.iter().filter(|time| panel.outcome(unit, **time).is_none()).count();
            let of_cohort: Vec<usize> = (0..panel.units()).filter(|unit| panel.start(*unit) == Some(from)).collect();
            let alone = of_cohort.len() == 1;
            let (treated, out): (Vec<usize>, Vec<usize>) =
                of_cohort.into_iter().partition(|unit| alone || 4 * missing(*unit) <= needed.len());
            units_left_out.extend(out.into_iter().map(|unit| LeftOut { unit, missing: missing(unit), treated: true }));
            if treated.is_empty() {
                continue;
            }
            let (kept, lost): (Vec<usize>, Vec<usize>) =
                needed.into_iter().partition(|time| treated.iter().all(|unit| panel.outcome(*unit, *time).is_some()));
            times_left_out.extend(lost.into_iter().map(|time| (from, time)));
            let (before, after): (Vec<usize>, Vec<usize>) = kept.into_iter().partition(|time| *time < from);
            at_least(METHOD, "times before the action that its selection did not use", 2, before.len())?;
            at_least(METHOD, "times with the action", 1, after.len())?;
            cohorts.push(Cohort { from, treated, before, after });
        }
        at_least(METHOD, "treated units that are known at three of four times", 1, cohorts.len())?;
        let needed = times(&cohorts);
        let mut controls = Vec::new();
        for unit in (0..panel.units()).filter(|unit| panel.start(*unit).is_none()) {
            match needed.iter().filter(|time| panel.outcome(unit, **time).is_none()).count() {
                0 => controls.push(unit),
                missing => units_left_out.push(LeftOut { unit, missing, treated: false }),
            }
        }
        at_least(METHOD, "complete units without the action", 2, controls.len())?;
        units_left_out.sort_unstable_by_key(|out| out.unit);
        Ok(Self { cohorts, controls, units_left_out, times_left_out })
    }

    /// All times that some cohort needs, ascending.
    pub(super) fn times(&self) -> Vec<usize> {
        times(&self.cohorts)
    }

    /// Treated units that take part.
    pub fn treated(&self) -> usize {
        self.cohorts.iter().map(|cohort| cohort.treated.len()).sum()
    }
}

fn times(cohorts: &[Cohort]) -> Vec<usize> {
    let mut needed: Vec<usize> =
        cohorts.iter().flat_map(|cohort| cohort.before.iter().chain(&cohort.after)).copied().collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}
