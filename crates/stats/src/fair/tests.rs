use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{Error, Level, normal::Normals, standing::Measured};

const DRAWS: Resampling = Resampling { draws: 400, seed: 5 };

/// The eight schools: Rubin (1981), *J. Educ. Statist.* 6, table 1. REML finds no difference between them.
#[test]
fn eight_schools() {
    let schools = [(28., 15.), (8., 10.), (-3., 16.), (7., 11.), (-1., 9.), (1., 11.), (18., 10.), (12., 18.)];
    let values: Vec<Measured> = schools.iter().map(|&(value, error)| Measured { value, error }).collect();
    let all = shrink(&values, Level::P95).expect("shrunken");
    assert_eq!(all.between, 0.0);
    assert!((all.middle - 7.686).abs() < 5e-4, "{}", all.middle); // the pooled mean, standard error 4.07
    // No difference found is not the same as none: the intervals keep a width.
    assert!(all.values.iter().all(|one| one.value == all.middle && one.interval.width() > 15.0));
}

/// True values drawn around a middle lie in 95 % of the shrunken intervals, which are narrower than the raw ones, and the
/// shrunken values lie nearer to the truth.
#[test]
fn shrunken_intervals_hold_the_truth() {
    let (mut random, mut normals) = (Pcg64Mcg::seed_from_u64(2), Normals::new());
    let (mut held, mut all, mut raw, mut drawn) = (0, 0, 0.0, 0.0);
    for _ in 0..400 {
        let truth: Vec<f64> = (0..12).map(|_| 0.3 + 0.2 * normals.draw(&mut random)).collect();
        let values: Vec<Measured> = truth
            .iter()
            .map(|truth| {
                let error = 0.08 + 0.15 * normals.draw(&mut random).abs();
                Measured { value: truth + error * normals.draw(&mut random), error }
            })
            .collect();
        let shrunken = shrink(&values, Level::P95).expect("shrunken");
        for ((truth, value), one) in truth.iter().zip(&values).zip(&shrunken.values) {
            held += u32::from(one.interval.holds(*truth));
            all += 1;
            raw += (value.value - truth).powi(2);
            drawn += (one.value - truth).powi(2);
        }
    }
    let coverage = f64::from(held) / f64::from(all);
    assert!((0.94..=0.97).contains(&coverage), "{coverage}");
    assert!(drawn < 0.75 * raw, "{drawn} {raw}");
}

/// Spiegelhalter's limits by hand: 20 z-scores of which the outer two on each side are pulled in.
#[test]
fn a_funnel_widens_with_overdispersion() {
    let scores: Vec<f64> = (0..20).map(|place| f64::from(place) * 0.5 - 4.75).collect(); // −4.75, −4.25 … 4.75
    let values: Vec<Measured> = scores.iter().map(|score| Measured { value: 1.0 + score * 0.2, error: 0.2 }).collect();
    let found = funnel(&values, 1.0).expect("a funnel");
    // Winsorised at the third: ±3.75 three times each, then ±3.25 … ±0.25.
    let by_hand = 2.0
        * (3.0 * 3.75_f64.powi(2) + [3.25, 2.75, 2.25, 1.75, 1.25, 0.75, 0.25_f64].map(|z| z * z).iter().sum::<f64>())
        / 20.0;
    assert!((found.dispersion - by_hand).abs() < 1e-9, "{} {by_hand}", found.dispersion);
    assert!((found.outer - 3.0902 * by_hand.sqrt()).abs() < 1e-3);
    assert!(found.places.iter().all(|place| *place == FunnelPlace::Within), "no one stands out where all scatter");
    let calm: Vec<Measured> = scores.iter().map(|score| Measured { value: 1.0 + score * 0.07, error: 0.2 }).collect();
    let found = funnel(&calm, 1.0).expect("a funnel");
    assert_eq!((found.dispersion, found.places[0]), (1.0, FunnelPlace::Within));
    let mut one_out = calm;
    one_out[0].value = 2.0;
    assert_eq!(funnel(&one_out, 1.0).expect("a funnel").places[0], FunnelPlace::FarAbove);
}

/// Heavy-tailed accounts of managers with known effects: the intervals hold the truth in 95 %, also where each has few.
#[test]
fn indices_hold_the_truth() {
    let (mut random, mut normals) = (Pcg64Mcg::seed_from_u64(4), Normals::new());
    let (mut held, mut all) = (0, 0);
    for seed in 0..60 {
        let truth: Vec<f64> = (0..12).map(|_| 0.15 * normals.draw(&mut random)).collect();
        let mut parts = Vec::new();
        for (manager, effect) in truth.iter().enumerate() {
            for account in 0..15 + manager {
                let kind = account % 2;
                let expected = (0.8 * normals.draw(&mut random)).exp();
                let noise = (if kind == 0 { 0.3 } else { 0.9 }) * normals.draw(&mut random);
                let observed = 2.0 * expected * (effect + noise).exp();
                parts.push(PortfolioPart { manager, observed, expected, kind, place: 0 });
            }
        }
        let found = adjusted_indices(&parts, &[0.0; 12], &[], Level::P95, Resampling { draws: 400, seed })
            .expect("indices")
            .managers;
        let expected: Vec<f64> = found.iter().map(|one| one.expect("an index").expected).collect();
        let mean = truth.iter().zip(&expected).map(|(truth, weight)| truth.exp() * weight).sum::<f64>()
            / expected.iter().sum::<f64>();
        for (one, truth) in found.iter().zip(&truth) {
            let index = one.expect("an index").log_ratio.expect("sales");
            held += u32::from(index.interval.holds(truth - mean.ln()));
            all += 1;
        }
    }
    let coverage = f64::from(held) / f64::from(all);
    assert!((0.925..=0.975).contains(&coverage), "{coverage}");
}

#[test]
fn an_index_by_hand() {
    let part = |manager, observed, expected, place| PortfolioPart { manager, observed, expected, kind: 0, place };
    // Place 0 sells twice as much as place 1; within it manager 0 sells half as much again as manager 1.
    let parts = [
        part(0, 30.0, 10.0, 0),
        part(1, 20.0, 10.0, 0),
        part(2, 10.0, 10.0, 1),
        part(3, 15.0, 15.0, 1),
        part(3, 0.0, 5.0, 1),
    ];
    let found = adjusted_indices(&parts, &[0.0; 5], &[], Level::P95, DRAWS).expect("indices").managers;
    let ratio = |manager: usize| found[manager].map(|one| one.observed / one.expected);
    let near = |one: Option<f64>, other: f64| (one.expect("a ratio") - other).abs() < 1e-9;
    assert!(near(ratio(0), 1.2) && near(ratio(1), 0.8) && near(ratio(2), 1.2) && near(ratio(3), 0.9));
    assert!(found[4].is_none(), "no accounts, no index");
    let again = adjusted_indices(&parts, &[0.0; 5], &[], Level::P95, DRAWS).expect("indices").managers;
    assert_eq!(found, again);
    let none = adjusted_indices(&[part(0, 0.0, 1.0, 0), part(1, 3.0, 1.0, 0)], &[0.0; 2], &[], Level::P95, DRAWS)
        .expect("indices")
        .managers;
    assert!(none[0].is_some_and(|one| one.log_ratio.is_none() && one.n == 1), "nothing sold: no logarithm");
    let wrong = |parts: &[PortfolioPart]| adjusted_indices(parts, &[0.0; 2], &[], Level::P95, DRAWS);
    assert!(matches!(wrong(&[part(0, 1.0, 0.0, 0), part(1, 3.0, 1.0, 0)]), Err(Error::OutOfRange { .. })));
    assert!(matches!(wrong(&[part(2, 1.0, 1.0, 0), part(1, 3.0, 1.0, 0)]), Err(Error::OutOfRange { .. })));
    assert!(matches!(wrong(&[part(0, 1.0, 1.0, 0)]), Err(Error::NotEnough { .. })));
    assert!(matches!(wrong(&[part(0, -1.0, 1.0, 0), part(1, 1.0, 1.0, 0)]), Err(Error::Constant { .. })));
}

/// Known effects behind sparse hand-overs: 95 % of the intervals hold them.
#[test]
fn hand_overs_hold_the_truth() {
    let (mut random, mut normals) = (Pcg64Mcg::seed_from_u64(9), Normals::new());
    let (mut held, mut all) = (0, 0);
    for round in 0..300_usize {
        let truth: Vec<f64> = (0..8).map(|_| 0.1 * normals.draw(&mut random)).collect();
        // What five accounts that stayed did by chance is in every hand-over held against them.
        let common: Vec<f64> =
            (0..6).map(|period| 0.3 / (5.0 * (1.0 + (period % 3) as f64)).sqrt() * normals.draw(&mut random)).collect();
        let moves: Vec<HandOver> = (0..24)
            .map(|at| {
                let (from, to) = (at % 8, (at + 1 + (at / 8 + round) % 3) % 8);
                let weight = 1.0 + (at % 6 % 3) as f64;
                let change = truth[to] - truth[from] + 0.3 / weight.sqrt() * normals.draw(&mut random);
                HandOver { from, to, change: change + common[at % 6], weight, period: at % 6, stayed: 5 }
            })
            .collect();
        let found = hand_over_effects(&moves, 8, Level::P95).expect("effects");
        for set in 0..found.sets.len() {
            let members: Vec<usize> =
                (0..8).filter(|one| found.managers[*one].is_some_and(|one| one.set == set)).collect();
            let mean = members.iter().map(|one| truth[*one]).sum::<f64>() / members.len() as f64;
            for one in &members {
                held += u32::from(found.managers[*one].expect("an effect").effect.interval.holds(truth[*one] - mean));
                all += 1;
            }
        }
    }
    let coverage = f64::from(held) / f64::from(all);
    assert!(all > 2_000 && (0.94..=0.96).contains(&coverage), "{coverage} of {all}");
}

#[test]
fn hand_overs_that_identify_nothing_are_refused() {
    let moved = |from, to, weight| HandOver { from, to, change: 0.1, weight, period: 0, stayed: 9 };
    let tree = [moved(0, 1, 1.0), moved(1, 2, 1.0), moved(2, 3, 1.0)];
    assert!(matches!(hand_over_effects(&tree, 4, Level::P95), Err(Error::NotEnough { needed: 6, got: 3, .. })));
    assert!(matches!(hand_over_effects(&[], 4, Level::P95), Err(Error::NotEnough { .. })));
    assert!(matches!(hand_over_effects(&[moved(1, 1, 1.0); 9], 4, Level::P95), Err(Error::OutOfRange { .. })));
    assert!(matches!(hand_over_effects(&[moved(0, 1, 0.0); 9], 4, Level::P95), Err(Error::OutOfRange { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Expected adds up to observed in each place; the unit of money and the order of accounts do not matter to the index.
    #[test]
    fn indices_do_not_depend_on_units(
        rows in prop::collection::vec((0..4_usize, 0.0..9.0_f64, 0.1..9.0_f64, 0..2_usize, 0..2_usize), 4..40), unit in 1e-3..1e9_f64,
    ) {
        let part = |&(manager, observed, expected, kind, place): &(usize, f64, f64, usize, usize)| PortfolioPart { manager, observed: observed + 0.01, expected, kind, place };
        let parts: Vec<PortfolioPart> = rows.iter().map(part).collect();
        let found = adjusted_indices(&parts, &[0.0; 4], &[], Level::P95, Resampling { draws: 60, seed: 1 }).expect("indices").managers;
        let other: Vec<PortfolioPart> = parts.iter().rev().map(|one| PortfolioPart { observed: one.observed * unit, ..*one }).collect();
        let scaled = adjusted_indices(&other, &[0.0; 4], &[], Level::P95, Resampling { draws: 60, seed: 1 }).expect("indices").managers;
        let ratio = |one: &Option<AdjustedIndex>| one.and_then(|one| one.log_ratio).map_or(0.0, |one| one.value);
        for (one, other) in found.iter().zip(&scaled) {
            prop_assert!((ratio(one) - ratio(other)).abs() < 1e-6);
        }
        let (observed, expected) = found.iter().flatten().fold((0.0, 0.0), |sum, one| (sum.0 + one.observed, sum.1 + one.expected));
        prop_assert!((observed - expected).abs() < 1e-6 * observed);
    }
}
