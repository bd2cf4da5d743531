//! The three estimators on one cohort.

use super::{
    Panel,
    design::Cohort,
    simplex::{Simplex, product},
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

/// Units and times of one comparison.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) panel: &'a Panel,
    pub(super) before: &'a [usize],
    pub(super) after: &'a [usize],
}

/// What came of it.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) value: f64,
    /// In the order of the controls.
    pub(super) unit_weights: Vec<f64>,
    /// In the order of the times before; none are used by the synthetic control.
    pub(super) time_weights: Vec<f64>,
}

impl<'a> Setting<'a> {
    pub(super) fn of(panel: &'a Panel, cohort: &'a Cohort) -> Self {
        Self { panel, before: &cohort.before, after: &cohort.after }
    }

    fn gather(&self, units: &[usize], times: &[usize]) -> Vec<f64> {
        let mut cells = Vec::with_capacity(units.len() * times.len());
        for unit in units {
            let row = self.panel.row(*unit);
            cells.extend(times.iter().map(|time| row[*time]));
        }
        cells
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

    /// σ̂: the standard deviation of the controls' first differences before the action.
    pub(super) fn noise(&self, controls: &[usize]) -> f64 {
        let mut differences = Vec::with_capacity(controls.len() * self.before.len());
        for unit in controls {
            let row = self.panel.row(*unit);
            differences.extend(self.before.windows(2).map(|pair| row[pair[1]] - row[pair[0]]));
        }
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        (differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    }

    /// Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), *Am. Econ. Rev.* 111, 4088–4118, algorithm 1: unit weights by
    /// equations 4 and 5, time weights by equation 6, the effect as the weighted difference of differences. The synthetic control
    /// is the same without time weights, intercept and (but for a trace) penalty, as in the authors' program.
    pub(super) fn fit(&self, method: Method, treated: &[usize], controls: &[usize], noise: f64) -> Fit {
        let alike = |n: usize| vec![1.0 / n as f64; n];
        let time_weights = match method {
            Method::SyntheticDid => self.time_weights(controls, noise),
            Method::SyntheticControl => vec![0.0; self.before.len()],
            Method::Did => alike(self.before.len()),
        };
        let cells_treated = (treated.len() * self.after.len()) as f64;
        let unit_weights = match method {
            Method::SyntheticDid => self.unit_weights(treated, controls, cells_treated.powf(0.25) * noise, true, noise),
            Method::SyntheticControl => self.unit_weights(treated, controls, TRACE * noise, false, noise),
            Method::Did => alike(controls.len()),
        };
        let gap = |unit: &[f64]| self.gap(unit, &time_weights);
        let of_treated: f64 = treated.iter().map(|unit| gap(self.panel.row(*unit))).sum::<f64>() / treated.len() as f64;
        let weighted = controls.iter().zip(&unit_weights).filter(|(_, weight)| **weight > 0.0);
        let of_controls: f64 = weighted.map(|(unit, weight)| weight * gap(self.panel.row(*unit))).sum();
        Fit { value: of_treated - of_controls, unit_weights, time_weights }
    }

    /// The mean after less the weighted mean before.
    pub(super) fn gap(&self, row: &[f64], time_weights: &[f64]) -> f64 {
        let after = self.after.iter().map(|time| row[*time]).sum::<f64>() / self.after.len() as f64;
        after - self.before.iter().zip(time_weights).map(|(time, weight)| weight * row[*time]).sum::<f64>()
    }

    fn time_weights(&self, controls: &[usize], noise: f64) -> Vec<f64> {
        let rows = controls.len();
        let mut columns = vec![0.0; self.before.len() * rows];
        let mut target = Vec::with_capacity(rows);
        for (place, unit) in controls.iter().enumerate() {
            let row = self.panel.row(*unit);
            self.before.iter().enumerate().for_each(|(column, time)| columns[column * rows + place] = row[*time]);
            target.push(self.after.iter().map(|time| row[*time]).sum::<f64>() / self.after.len() as f64);
        }
        let penalty = rows as f64 * (TRACE * noise).powi(2);
        Simplex::new(columns, target, true, penalty).sparse_weights(gain(noise, rows))
    }

    fn unit_weights(&self, treated: &[usize], controls: &[usize], zeta: f64, intercept: bool, noise: f64) -> Vec<f64> {
        let rows = self.before.len();
        let target = self.mean(treated, self.before);
        let penalty = rows as f64 * zeta.powi(2);
        Simplex::new(self.gather(controls, self.before), target, intercept, penalty).sparse_weights(gain(noise, rows))
    }

    /// The controls' weighted outcome at a time.
    pub(super) fn synthetic(&self, controls: &[usize], unit_weights: &[f64], time: usize) -> f64 {
        let outcomes: Vec<f64> = controls.iter().map(|unit| self.panel.row(*unit)[time]).collect();
        product(&outcomes, unit_weights)
    }
}

/// The penalty of what the paper leaves without one, in σ̂: makes the solution unique.
const TRACE: f64 = 1e-6;

/// The authors' program ends when a step betters the mean square by (10⁻⁵·σ̂)² or less.
fn gain(noise: f64, rows: usize) -> f64 {
    (1e-5 * noise).powi(2) * rows as f64
}
