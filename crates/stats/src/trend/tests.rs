//! The Nile, steps that are known, a feast that is known, and input that says nothing.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::{Error, Level};

/// Annual flow of the Nile at Aswan, 1871–1970, in 10⁸ m³ (Cobb 1978, *Biometrika* 65, Table 1).
const NILE: [f64; 100] = [
    1120., 1160., 963., 1210., 1160., 1160., 813., 1230., 1370., 1140., 995., 935., 1110., 994., 1020., 960., 1180.,
    799., 958., 1140., 1100., 1210., 1150., 1250., 1260., 1220., 1030., 1100., 774., 840., 874., 694., 940., 833.,
    701., 916., 692., 1020., 1050., 969., 831., 726., 456., 824., 702., 1120., 1100., 832., 764., 821., 768., 845.,
    864., 862., 698., 845., 744., 796., 1040., 759., 781., 865., 845., 944., 984., 897., 822., 1010., 771., 676., 649.,
    846., 812., 742., 801., 1040., 860., 874., 848., 890., 744., 749., 838., 1050., 918., 986., 797., 923., 975., 815.,
    1020., 906., 901., 1170., 912., 746., 919., 718., 714., 740.,
];

#[test]
fn the_nile_falls() {
    let test = mann_kendall(&NILE, Autocorrelation::None).expect("long enough");
    assert_eq!(test.s, -1387);
    assert!((test.z - -4.128).abs() < 5e-4, "{}", test.z);
    assert!((test.p - 3.66e-5).abs() < 5e-8, "{}", test.p);
    let corrected = mann_kendall(&NILE, Autocorrelation::HamedRao).expect("long enough");
    assert!((corrected.p - 0.0048).abs() < 5e-5, "{}", corrected.p);
    let slope = theil_sen(&NILE, Level::P95).expect("long enough");
    assert!((slope.value - -2.6).abs() < 5e-4, "{slope:?}");
    assert!((slope.interval.low - -3.628).abs() < 5e-3 && (slope.interval.high - -1.429).abs() < 5e-3, "{slope:?}");
}

#[test]
fn the_nile_breaks_once_after_1898() {
    for weight in [2.0, 3.0] {
        let found = breaks(&NILE, 5, weight).expect("long enough");
        assert_eq!(found.at().collect::<Vec<_>>(), [28], "{weight}");
    }
}

#[test]
fn steps_are_found_where_they_are() {
    let mut random = Pcg64::seed_from_u64(2012);
    let level = |t: usize| [10.0, 14.0, 8.0][t / 30];
    let values: Vec<f64> = (0..90).map(|t| level(t) + random.random::<f64>() - 0.5).collect();
    let found = breaks(&values, 6, 3.0).expect("long enough");
    assert_eq!(found.at().collect::<Vec<_>>(), [30, 60]);
    assert!((found.segments[1].level - 14.0).abs() < 0.2);
}

#[test]
fn a_slope_is_no_flight_of_steps() {
    let mut random = Pcg64::seed_from_u64(41);
    let mut exact = 0;
    for _ in 0..50 {
        let step = |t: usize| if t < 37 { 0.0 } else { -12.0 };
        let values: Vec<f64> = (0..60).map(|t| 0.7 * t as f64 + step(t) + 4.0 * random.random::<f64>()).collect();
        let found = broken_trend(&values, 6, 3.0).expect("long enough");
        exact += usize::from(found.at().collect::<Vec<_>>() == [37]);
        let straight: Vec<f64> = (0..60).map(|t| 0.7 * t as f64 + 4.0 * random.random::<f64>()).collect();
        let found = broken_trend(&straight, 6, 3.0).expect("long enough");
        assert!(found.segments.len() < 4, "{:?}", found.segments);
    }
    assert!(exact >= 40, "{exact} of 50");
}

#[test]
fn quiet_series_seldom_break() {
    let mut random = Pcg64::seed_from_u64(7);
    let broken = (0..200)
        .filter(|_| {
            // Sums of uniforms: near enough to normal.
            let noise: Vec<f64> = (0..48).map(|_| (0..12).map(|_| random.random::<f64>()).sum::<f64>()).collect();
            breaks(&noise, 6, 3.0).expect("long enough").at().count() > 0
        })
        .count();
    assert!(broken <= 20, "{broken} of 200");
}

#[test]
fn feasts_are_told_from_the_season() {
    let mut random = Pcg64::seed_from_u64(1446);
    let mut held = 0;
    for _ in 0..100 {
        // The feast comes 0.36 months earlier each year and lies across two months.
        let share = |t: usize| {
            let begins = 4.0 + 12.0 * (t / 12) as f64 - 0.36 * (t / 12) as f64;
            (1.0 - (t as f64 - begins).abs()).max(0.0)
        };
        let feast: Vec<f64> = (0..48).map(share).collect();
        let season = |t: usize| 1.0 + 0.2 * (t as f64 * std::f64::consts::TAU / 12.0).cos();
        let noise: f64 = 0.04;
        let values: Vec<f64> = (0..48)
            .map(|t| {
                let normal: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                (100.0 + t as f64) * season(t) * (1.0 + 0.4 * feast[t]) * (noise * normal).exp()
            })
            .collect();
        let exposure = Exposure { name: "feast", values: feast };
        let found = calendar_effects(&values, 12, &[exposure], Level::P95).expect("four years");
        let effect = found.effects[0].effect;
        held += usize::from(effect.interval.holds(0.4));
        assert!(effect.interval.width() < 0.8, "{effect:?}");
    }
    assert!((88..=100).contains(&held), "{held}");
}

#[test]
fn one_wild_month_stands_out() {
    let values: Vec<f64> =
        (0..36).map(|t| 100.0 + f64::from(t) + if t == 20 { 60.0 } else { f64::from(t % 3) }).collect();
    let found = outliers(&values, 3.5).expect("long enough");
    assert_eq!(found.iter().map(|outlier| outlier.at).collect::<Vec<_>>(), [20]);
}

#[test]
fn too_little_is_told() {
    assert!(matches!(mann_kendall(&[1.0, 2.0, 3.0], Autocorrelation::None), Err(Error::NotEnough { needed: 4, .. })));
    assert!(matches!(mann_kendall(&[2.0; 20], Autocorrelation::HamedRao), Err(Error::Constant { .. })));
    assert!(matches!(breaks(&[2.0; 20], 6, 3.0), Err(Error::Constant { .. })));
    assert!(matches!(breaks(&[2.0; 10], 6, 3.0), Err(Error::NotEnough { needed: 12, .. })));
    assert!(matches!(breaks(&[2.0; 10], 0, 3.0), Err(Error::OutOfRange { .. })));
    assert!(matches!(theil_sen(&[0.0; LONGEST + 1], Level::P95), Err(Error::OutOfRange { .. })));
    let flat = Exposure { name: "feast", values: vec![0.0; 48] };
    let rising: Vec<f64> = (1..=48).map(f64::from).collect();
    assert!(matches!(calendar_effects(&rising, 12, &[flat], Level::P95), Err(Error::Constant { .. })));
    assert!(matches!(calendar_effects(&rising[..30], 12, &[], Level::P95), Err(Error::NotEnough { .. })));
    assert!(matches!(calendar_effects(&[0.0; 48], 12, &[], Level::P95), Err(Error::OutOfRange { .. })));
}

proptest! {
    #[test]
    fn no_series_breaks_a_method(
        values in proptest::collection::vec(
            prop_oneof![Just(0.0), Just(7.0), -1e9..1e9_f64, 0.1..10.0_f64], 0..50),
        shortest in 0_usize..9,
    ) {
        for way in [Autocorrelation::None, Autocorrelation::HamedRao] {
            if let Ok(test) = mann_kendall(&values, way) {
                prop_assert!(test.z.is_finite() && (0.0..=1.0).contains(&test.p));
            }
        }
        if let Ok(slope) = theil_sen(&values, Level::P95) {
            prop_assert!(slope.interval.holds(slope.value));
        }
        if let Ok(found) = breaks(&values, shortest, 3.0) {
            let lengths: usize = found.segments.iter().map(|segment| segment.to - segment.from).sum();
            prop_assert_eq!(lengths, values.len());
            prop_assert!(found.segments.iter().all(|segment| segment.to - segment.from >= shortest));
        }
        if let Ok(found) = broken_trend(&values, shortest, 3.0) {
            prop_assert!(found.slope.is_finite() && (0..values.len()).all(|place| found.fitted(place).is_finite()));
        }
        if let Ok(found) = outliers(&values, 3.5) {
            prop_assert!(found.iter().all(|outlier| outlier.score.is_finite()));
        }
        let share: Vec<f64> = (0..values.len()).map(|t| (t % 5) as f64 / 5.0).collect();
        if let Ok(found) = calendar_effects(&values, 12, &[Exposure { name: "x", values: share }], Level::P95) {
            prop_assert!(found.effects.iter().all(|one| one.effect.value.is_finite() && one.effect.interval.low.is_finite()));
        }
    }

    #[test]
    fn turning_a_series_round_turns_its_trend(values in proptest::collection::vec(-1e6..1e6_f64, 4..40)) {
        let turned: Vec<f64> = values.iter().rev().copied().collect();
        let (one, other) = (
            mann_kendall(&values, Autocorrelation::None).expect("long enough"),
            mann_kendall(&turned, Autocorrelation::None).expect("long enough"),
        );
        prop_assert_eq!(one.s, -other.s);
    }
}
