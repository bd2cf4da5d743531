//! How far an effect hangs on single units.

use super::{
    Method, Panel,
    design::{Design, METHOD},
    fit::Comparison,
    simplex::Search,
};
use crate::{Error, Result, error::at_least};

/// The standard error by leaving out each unit in turn with the weights kept (Arkhangelsky et al. 2021, algorithm 3). It reads the
/// scatter of the treated units from themselves, so they may be wilder or calmer than the controls, and errs on the safe side.
///
/// # Errors
/// [`Error::NotEnough`] where a cohort has only one treated unit, [`Error::Constant`] where nothing scatters.
pub fn jackknife(panel: &Panel, design: &Design, method: Method) -> Result<f64> {
    let fewest = design.cohorts.iter().map(|cohort| cohort.treated.len()).min().unwrap_or(0);
    at_least("a jackknife", "treated units in each cohort", 2, fewest)?;
    let cells: f64 = design.cohorts.iter().map(|cohort| (cohort.treated.len() * cohort.after.len()) as f64).sum();
    let (mut of_controls, mut of_treated) = (vec![0.0; design.controls.len()], 0.0);
    let mut whole_weight = true;
    for cohort in &design.cohorts {
        let comparison = Comparison::of(panel, design, cohort, method);
        let fit = comparison.fit(&cohort.treated, Search::Optimum);
        let gap = |unit: &usize| comparison.gap(*unit, &fit.time_weights);
        let share = (cohort.treated.len() * cohort.after.len()) as f64 / cells;
        let n = cohort.treated.len() as f64;
        let treated: Vec<f64> = cohort.treated.iter().map(gap).collect();
        let mean = treated.iter().sum::<f64>() / n;
        // Without one of n, their mean moves by (mean − its own) / (n − 1). What the cohort weighs is kept.
        of_treated += treated.iter().map(|own| (share * (mean - own) / (n - 1.0)).powi(2)).sum::<f64>();
        let controls: Vec<f64> = design.controls.iter().map(gap).collect();
        let middle: f64 = controls.iter().zip(&fit.unit_weights).map(|(own, weight)| own * weight).sum();
        for ((moved, own), weight) in of_controls.iter_mut().zip(&controls).zip(&fit.unit_weights) {
            // A control that has all the weight cannot be left out.
            whole_weight &= *weight < 1.0 - 1e-9;
            *moved += share * weight / (1.0 - weight).max(1e-9) * (own - middle);
        }
    }
    if !whole_weight {
        return Err(Error::NotEnough { method: "a jackknife", what: "controls that count", needed: 2, got: 1 });
    }
    let n = (design.treated() + design.controls.len()) as f64;
    let squares = of_treated + of_controls.iter().map(|moved| moved * moved).sum::<f64>();
    let error = ((n - 1.0) / n * squares).sqrt();
    if error > 0.0 && error.is_finite() { Ok(error) } else { Err(Error::Constant { method: METHOD, what: "units" }) }
}
