//! Units by times: what was measured, and where an action began.

use serde::{Deserialize, Serialize};

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
    times: usize,
    /// Unit by unit; NaN where not known.
    cells: Vec<f64>,
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

    /// All of a unit, NaN where not known.
    pub(super) fn row(&self, unit: usize) -> &[f64] {
        &self.cells[unit * self.times..(unit + 1) * self.times]
    }
}
