//! Units by times: what was measured, and where an action began.

use serde::{Deserialize, Serialize};

use super::{Design, Effect};
use crate::{Error, Result, error::at_least};

/// One unit (an account, a shop, a state) with what was measured of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// By time: the outcome; none where it is not known. A month without sales is 0, not none.
    pub outcomes: Vec<Option<f64>>,
    /// The first time with the action; none for a unit that never had it.
    pub from: Option<usize>,
}

/// Units measured at the same times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Panel {
    pub(super) times: usize,
    /// Unit by unit; NaN where not known.
    pub(super) cells: Vec<f64>,
    starts: Vec<Option<usize>>,
}

impl Panel {
    /// The units, in an order of the caller's; results name them by their place in it.
    ///
    /// # Errors
    /// [`Error::NotEnough`] without units or times, [`Error::Unequal`] where units differ in their times, [`Error::NotFinite`],
    /// [`Error::OutOfRange`] where an action begins after the last time.
    pub fn new(units: &[Unit]) -> Result<Self> {
        at_least("a panel", "units", 1, units.len())?;
        let times = units[0].outcomes.len();
        at_least("a panel", "times", 1, times)?;
        let mut cells = Vec::with_capacity(units.len() * times);
        for (index, unit) in units.iter().enumerate() {
            if unit.outcomes.len() != times {
                return Err(Error::Unequal { what: "times of the units", left: times, right: unit.outcomes.len() });
            }
            if unit.outcomes.iter().flatten().any(|outcome| !outcome.is_finite()) {
                return Err(Error::NotFinite { what: "outcome of unit", index });
            }
            if let Some(from) = unit.from.filter(|from| *from >= times) {
                let range = "one of the panel's times";
                return Err(Error::OutOfRange {
                    what: "start of the action of unit",
                    index,
                    value: from as f64,
                    range,
                });
            }
            cells.extend(unit.outcomes.iter().map(|outcome| outcome.unwrap_or(f64::NAN)));
        }
        Ok(Self { times, cells, starts: units.iter().map(|unit| unit.from).collect() })
    }

    /// How many units.
    pub fn units(&self) -> usize {
        self.starts.len()
    }

    /// How many times.
    pub const fn times(&self) -> usize {
        self.times
    }

    /// Where the action of a unit began; none for a unit without one, and for a place outside the panel.
    pub fn start(&self, unit: usize) -> Option<usize> {
        self.starts.get(unit).copied().flatten()
    }

    /// What was measured; none where it is not known.
    pub fn outcome(&self, unit: usize, time: usize) -> Option<f64> {
        let cell = if time < self.times { self.cells.get(unit * self.times + time) } else { None };
        cell.copied().filter(|cell| !cell.is_nan())
    }

    /// Every unit against its own usual: outcomes divided by their mean over the known times before any action and its selection. Units of
    /// any size then weigh alike, and an effect is a share of what is usual. A unit without outcomes above 0 in that time has
    /// no usual: none of its outcomes is known any more.
    #[must_use]
    pub fn relative(&self, selection: usize) -> Self {
        let first = self.starts.iter().flatten().min().map_or(self.times, |first| first.saturating_sub(selection));
        let mut cells = self.cells.clone();
        for row in cells.chunks_exact_mut(self.times) {
            let known: Vec<f64> = row[..first].iter().copied().filter(|cell| !cell.is_nan()).collect();
            let usual = known.iter().sum::<f64>() / known.len() as f64;
            let scale = if usual > 0.0 { 1.0 / usual } else { f64::NAN };
            row.iter_mut().for_each(|cell| *cell *= scale);
        }
        Self { times: self.times, cells, starts: self.starts.clone() }
    }

    /// The panel as if the action of the planned units had begun `after` times before its end and nobody else had one; units that had
    /// an action are not known any more.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a place outside the panel or without times before or after.
    pub fn planned(&self, planned: &[usize], after: usize) -> Result<Self> {
        if after == 0 || after >= self.times {
            let range = "1 or more and below the panel's times";
            return Err(Error::OutOfRange { what: "times to watch", index: 0, value: after as f64, range });
        }
        let mut made = Self { times: self.times, cells: self.cells.clone(), starts: vec![None; self.units()] };
        for (row, _) in made.cells.chunks_exact_mut(self.times).zip(&self.starts).filter(|(_, start)| start.is_some()) {
            row.fill(f64::NAN);
        }
        for (index, unit) in planned.iter().enumerate() {
            let range = "one of the panel's units";
            let wrong = Error::OutOfRange { what: "planned unit", index, value: *unit as f64, range };
            *made.starts.get_mut(*unit).ok_or(wrong)? = Some(self.times - after);
        }
        Ok(made)
    }

    /// The panel with the effect taken out of the treated units.
    pub(super) fn without(&self, effect: &Effect, design: &Design) -> Self {
        let mut made = self.clone();
        for (measured, cohort) in effect.cohorts.iter().zip(&design.cohorts) {
            for unit in &cohort.treated {
                let row = &mut made.cells[unit * self.times..(unit + 1) * self.times];
                row[cohort.from..].iter_mut().for_each(|cell| *cell -= measured.value);
            }
        }
        made
    }

    /// All of a unit, NaN where not known.
    pub(super) fn row(&self, unit: usize) -> &[f64] {
        &self.cells[unit * self.times..(unit + 1) * self.times]
    }
}
