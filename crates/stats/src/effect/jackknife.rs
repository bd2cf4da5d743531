//! How far an effect hangs on single units.

use super::{Method, Panel, design::Design, fit::Comparison, simplex::Search};

/// The standard error by leaving out each unit in turn with the weights kept (Arkhangelsky et al. 2021, algorithm 3). It reads the
/// scatter of the treated units from themselves, so they may be wilder or calmer than the controls, and errs on the safe side.
///
/// None where a cohort has only one treated unit, where one control has all the weight, where nothing scatters, and for the synthetic control:
/// without times to compare with it takes differences of level for scatter.
pub fn jackknife(panel: &Panel, design: &Design, method: Method) -> Option<f64> {
    let alone = design.cohorts.iter().any(|cohort| cohort.treated.len() < 2);
    if alone || method == Method::SyntheticControl {
        return None;
    }
    let cells: f64 = design.cohorts.iter().map(|cohort| (cohort.treated.len() * cohort.after.len()) as f64).sum();
    let (mut of_controls, mut of_treated) = (vec![0.0; design.controls.len()], 0.0);
    let mut several = true;
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
            several &= *weight < 1.0 - 1e-9;
            *moved += share * weight / (1.0 - weight).max(1e-9) * (own - middle);
        }
    }
    let n = (design.treated() + design.controls.len()) as f64;
    let squares = of_treated + of_controls.iter().map(|moved| moved * moved).sum::<f64>();
    let error = ((n - 1.0) / n * squares).sqrt();
    (several && error > 0.0 && error.is_finite()).then_some(error)
}
