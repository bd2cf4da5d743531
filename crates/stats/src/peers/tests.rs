use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;

#[test]
fn quantiles_by_hand() {
    // 0..=10: four fifths of the way is 8; every share lies on a value.
    let mut all: Vec<f64> = (0..=10).rev().map(f64::from).collect();
    let told = quantile(&mut all, 0.8, Level::P80).expect("eleven");
    assert!((told.value - 8.0).abs() < 1e-12 && told.interval.holds(8.0), "{told:?}");
    assert!(matches!(quantile(&mut [1.0; 4], 0.8, Level::P80), Err(Error::NotEnough { .. })));
    assert!(matches!(quantile(&mut [f64::NAN; 5], 0.8, Level::P80), Err(Error::NotFinite { .. })));
    assert!(matches!(quantile(&mut [1.0; 5], 1.0, Level::P80), Err(Error::OutOfRange { .. })));
}

#[test]
fn the_interval_holds_the_true_quantile() {
    let mut random = Pcg64Mcg::seed_from_u64(3);
    let mut held = 0;
    for _ in 0..500 {
        let mut all: Vec<f64> = (0..60).map(|_| random.random::<f64>()).collect();
        held += i32::from(quantile(&mut all, 0.8, Level::P80).expect("sixty").interval.holds(0.8));
    }
    assert!((390..=460).contains(&held), "80 % of 500 or somewhat more: {held}");
}

#[test]
fn fewer_is_rare_by_chance() {
    assert_eq!(fewer(3, 0, 1.0), 1.0);
    assert!(fewer(5, 5, 1.0) > 0.5 && fewer(0, 12, 1.0) < 0.001);
    // Everybody's orders halved: six after twelve is nothing.
    assert!(fewer(6, 12, 0.5) > 0.3);
}
