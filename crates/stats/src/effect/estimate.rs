//! The effect with its weights, over all cohorts.

use serde::Serialize;

use super::{
    Method, Panel,
    design::Design,
    fit::{Comparison, Fit},
    simplex::Search,
};
/// How much one unit or time counts in a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Weight {
    /// The unit or time.
    pub of: usize,
    /// Above 0; all of one kind add up to 1.
    pub weight: f64,
}

/// Treated units at one time, beside what was to be expected without the action.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Moment {
    /// When.
    pub time: usize,
    /// The mean of the treated units.
    pub treated: f64,
    /// The weighted mean of the controls, moved to the level of the treated units before.
    pub expected: f64,
}

/// The effect on the units whose action began at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CohortEffect {
    /// The first time with the action.
    pub from: usize,
    /// How many treated units.
    pub treated: usize,
    /// How many times with the action.
    pub after: usize,
    /// What the action added to a unit at a time, on average.
    pub value: f64,
    /// The controls that count.
    pub units: Vec<Weight>,
    /// The times before that count.
    pub times: Vec<Weight>,
    /// All times that were compared.
    pub path: Vec<Moment>,
}

/// An effect before it is known how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// By which method.
    pub method: Method,
    /// What the action added to a treated unit at a time, on average over units and times with the action.
    pub value: f64,
    /// What was to be expected of a treated unit at a time without the action.
    pub expected: f64,
    /// By start of the action.
    pub cohorts: Vec<CohortEffect>,
    /// Treated units.
    pub treated: usize,
    /// Units they were compared with.
    pub controls: usize,
}

impl Effect {
    /// Measures the effect. Cohorts weigh by their units × times with the action, as units and times do in the sum of what was
    /// added (Clarke, Pailañir, Athey & Imbens 2023, arXiv:2301.11859).
    ///
    /// `design` must have been made of the same panel.
    pub fn of(panel: &Panel, design: &Design, method: Method, search: Search) -> Self {
        let mut cohorts = Vec::with_capacity(design.cohorts.len());
        let (mut value, mut expected, mut cells) = (0.0, 0.0, 0.0);
        for cohort in &design.cohorts {
            let comparison = Comparison::of(panel, design, cohort, method);
            let fit = comparison.fit(&cohort.treated, search);
            let path = path(&comparison, &fit, &cohort.treated);
            let after = cohort.after.len();
            let weight = (cohort.treated.len() * after) as f64;
            let reached: f64 =
                path.iter().filter(|moment| moment.time >= cohort.from).map(|moment| moment.treated).sum();
            value += weight * fit.value;
            expected += weight * (reached / after as f64 - fit.value);
            cells += weight;
            cohorts.push(CohortEffect {
                from: cohort.from,
                treated: cohort.treated.len(),
                after,
                value: fit.value,
                units: positive(&design.controls, &fit.unit_weights),
                times: positive(&cohort.before, &fit.time_weights),
                path,
            });
        }
        let (treated, controls) = (design.treated(), design.controls.len());
        Self { method, value: value / cells, expected: expected / cells, cohorts, treated, controls }
    }

    /// The effect as a share of what was to be expected; none where that is not above 0.
    pub fn relative(&self) -> Option<f64> {
        (self.expected > 0.0).then(|| self.value / self.expected)
    }
}

fn positive(places: &[usize], weights: &[f64]) -> Vec<Weight> {
    let weight = |(of, weight): (&usize, &f64)| (*weight > 0.0).then_some(Weight { of: *of, weight: *weight });
    places.iter().zip(weights).filter_map(weight).collect()
}

fn path(comparison: &Comparison, fit: &Fit, treated: &[usize]) -> Vec<Moment> {
    let times = comparison.times();
    let of_treated = comparison.mean(treated, &times);
    let synthetic: Vec<f64> = times.iter().map(|time| comparison.synthetic(&fit.unit_weights, *time)).collect();
    let apart = of_treated.iter().zip(&synthetic).zip(&fit.time_weights);
    let level: f64 = apart.map(|((treated, synthetic), weight)| weight * (treated - synthetic)).sum();
    let moments = times.iter().zip(of_treated.iter().zip(&synthetic));
    let moment = |(time, (treated, synthetic)): (&usize, (&f64, &f64))| Moment {
        time: *time,
        treated: *treated,
        expected: synthetic + level,
    };
    moments.map(moment).collect()
}
