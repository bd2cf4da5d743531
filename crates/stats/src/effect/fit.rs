//! The three estimators on one cohort.

use super::{
    Panel,
    design::{Cohort, Design},
    simplex::{Search, Simplex, Square, product},
};

/// How treated units are held against those without the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Synthetic difference-in-differences: unit and time weights, level differences allowed.
    SyntheticDid,
    /// Synthetic control: unit weights alone, the levels have to fit.
    SyntheticControl,
    /// Difference-in-differences: all controls and all times before weigh alike.
    Did,
}

impl Method {
    /// All, the preferred one first.
    pub const ALL: [Self; 3] = [Self::SyntheticDid, Self::SyntheticControl, Self::Did];
}

/// The controls of a cohort, made ready to be held against any units.
pub(super) struct Comparison<'a> {
    panel: &'a Panel,
    method: Method,
    before: &'a [usize],
    after: &'a [usize],
    controls: &'a [usize],
    /// σ̂: the standard deviation of the controls' first differences before the action.
    noise: f64,
    /// Of the controls' outcomes before; none where they weigh alike.
    square: Option<Square>,
}

/// What came of a comparison.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) value: f64,
    /// In the order of the controls.
    pub(super) unit_weights: Vec<f64>,
    /// In the order of the times before; none are used by the synthetic control.
    pub(super) time_weights: Vec<f64>,
}

impl<'a> Comparison<'a> {
    pub(super) fn of(panel: &'a Panel, design: &'a Design, cohort: &'a Cohort, method: Method) -> Self {
        let (before, controls) = (cohort.before.as_slice(), design.controls.as_slice());
        let mut made = Self { panel, method, before, after: &cohort.after, controls, noise: 0.0, square: None };
        made.noise = made.first_differences();
        if method != Method::Did {
            let columns = controls.iter().flat_map(|unit| made.past(&[*unit])).collect();
            made.square = Some(Square::new(columns, before.len()));
        }
        made
    }

    fn first_differences(&self) -> f64 {
        let mut differences = Vec::with_capacity(self.controls.len() * self.before.len());
        for unit in self.controls {
            let row = self.panel.row(*unit);
            differences.extend(self.before.windows(2).map(|pair| row[pair[1]] - row[pair[0]]));
        }
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        (differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    }

    /// The mean of units at the times before; where a constant is free, without its own mean.
    fn past(&self, units: &[usize]) -> Vec<f64> {
        let mut past = self.mean(units, self.before);
        if self.method == Method::SyntheticDid {
            centre(&mut past);
        }
        past
    }

    /// The mean of units at each of the times.
    pub(super) fn mean(&self, units: &[usize], times: &[usize]) -> Vec<f64> {
        let mut sums = vec![0.0; times.len()];
        for unit in units {
            let row = self.panel.row(*unit);
            sums.iter_mut().zip(times).for_each(|(sum, time)| *sum += row[*time]);
        }
        sums.iter_mut().for_each(|sum| *sum /= units.len() as f64);
        sums
    }

    /// The treated units against the controls: Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), *Am. Econ. Rev.* 111, 4088–4118,
    /// algorithm 1: unit weights by equations 4 and 5, time weights by equation 6, the effect as the weighted difference
    /// of differences. The synthetic control is the same without time weights, intercept and (but for a trace) penalty, as in the
    /// authors' program.
    pub(super) fn fit(&self, treated: &[usize], search: Search) -> Fit {
        let aim = self.square.as_ref().map(|square| square.times(&self.past(treated)));
        self.solve(treated, aim, &[], search)
    }

    /// The effect "found" on controls, named by their places, against the controls that are not in `out`.
    pub(super) fn placebo(&self, taken: &[usize], out: &[usize], search: Search) -> f64 {
        let aim = self.square.as_ref().map(|square| {
            let mut aim = vec![0.0; self.controls.len()];
            for place in taken {
                aim.iter_mut().zip(square.column(*place)).for_each(|(aim, cell)| *aim += cell / taken.len() as f64);
            }
            aim
        });
        let units: Vec<usize> = taken.iter().map(|place| self.controls[*place]).collect();
        self.solve(&units, aim, out, search).value
    }

    fn solve(&self, treated: &[usize], aim: Option<Vec<f64>>, out: &[usize], search: Search) -> Fit {
        let unit_weights = match (&self.square, aim) {
            (Some(square), Some(aim)) => {
                let zeta = match self.method {
                    Method::SyntheticDid => ((treated.len() * self.after.len()) as f64).powf(0.25),
                    _ => TRACE,
                };
                let penalty = self.before.len() as f64 * (zeta * self.noise).powi(2);
                Simplex { square, aim, penalty, out, noise: self.noise }.weights(search)
            }
            _ => {
                let mut weights = vec![1.0 / (self.controls.len() - out.len()) as f64; self.controls.len()];
                out.iter().for_each(|place| weights[*place] = 0.0);
                weights
            }
        };
        let time_weights = match self.method {
            Method::SyntheticDid => self.time_weights(out, search),
            Method::SyntheticControl => vec![0.0; self.before.len()],
            Method::Did => vec![1.0 / self.before.len() as f64; self.before.len()],
        };
        let gap = |unit: &usize| self.gap(*unit, &time_weights);
        let of_treated = treated.iter().map(gap).sum::<f64>() / treated.len() as f64;
        let weighted = self.controls.iter().zip(&unit_weights).filter(|(_, weight)| **weight > 0.0);
        let of_controls: f64 = weighted.map(|(unit, weight)| weight * gap(unit)).sum();
        Fit { value: of_treated - of_controls, unit_weights, time_weights }
    }

    fn time_weights(&self, out: &[usize], search: Search) -> Vec<f64> {
        let taking_part: Vec<usize> =
            (0..self.controls.len()).filter(|place| !out.contains(place)).map(|place| self.controls[place]).collect();
        let rows = taking_part.len();
        let mut columns = vec![0.0; self.before.len() * rows];
        let mut target = Vec::with_capacity(rows);
        for (place, unit) in taking_part.iter().enumerate() {
            let row = self.panel.row(*unit);
            self.before.iter().enumerate().for_each(|(column, time)| columns[column * rows + place] = row[*time]);
            target.push(self.after.iter().map(|time| row[*time]).sum::<f64>() / self.after.len() as f64);
        }
        columns.chunks_exact_mut(rows).for_each(centre);
        centre(&mut target);
        let square = Square::new(columns, rows);
        let (aim, penalty) = (square.times(&target), rows as f64 * (TRACE * self.noise).powi(2));
        Simplex { square: &square, aim, penalty, out: &[], noise: self.noise }.weights(search)
    }

    /// A unit's mean after less its weighted mean before.
    pub(super) fn gap(&self, unit: usize, time_weights: &[f64]) -> f64 {
        let row = self.panel.row(unit);
        let after = self.after.iter().map(|time| row[*time]).sum::<f64>() / self.after.len() as f64;
        after - self.before.iter().zip(time_weights).map(|(time, weight)| weight * row[*time]).sum::<f64>()
    }

    /// All times that are compared.
    pub(super) fn times(&self) -> Vec<usize> {
        self.before.iter().chain(self.after).copied().collect()
    }

    /// The controls' weighted outcome at a time.
    pub(super) fn synthetic(&self, unit_weights: &[f64], time: usize) -> f64 {
        let outcomes: Vec<f64> = self.controls.iter().map(|unit| self.panel.row(*unit)[time]).collect();
        product(&outcomes, unit_weights)
    }
}

/// The penalty of what the paper leaves without one, in σ̂: makes the solution unique.
const TRACE: f64 = 1e-6;

fn centre(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
}
