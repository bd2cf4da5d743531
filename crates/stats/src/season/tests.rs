//! Seasons that are known.

use proptest::prelude::*;

use super::*;

#[test]
fn a_season_is_found_exactly() {
    let factors = [0.5, 1.5, 1.2, 0.8];
    let values: Vec<f64> = (0..24).map(|t| (100.0 + 2.0 * f64::from(t)) * factors[t as usize % 4]).collect();
    let season = Season::of(&values, 4).expect("a season");
    for (found, factor) in season.indices().iter().zip(factors) {
        assert!((found - factor).abs() < 0.02, "{found} {factor}");
    }
    let shifted = season.shifted(3);
    assert_eq!(shifted.indices()[0], season.indices()[3]);
}

#[test]
fn zeros_make_a_season_additive() {
    let values: Vec<f64> = (0..48).map(|t| f64::from([0_u8, 10, 20, 30][t % 4])).collect();
    let season = Season::of(&values, 4).expect("a season");
    assert_eq!((season.kind(), season.indices()), (Kind::Additive, &[-15.0, -5.0, 5.0, 15.0][..]));
    assert_eq!(season.restored(15.0, 5), 10.0);
}

#[test]
fn too_little_has_no_season() {
    let short: Vec<f64> = (0..35).map(|t| f64::from(t % 12 + 1)).collect();
    assert_eq!(Season::of(&short, 12).expect("no season").kind(), Kind::None);
    assert_eq!(Season::of(&[7.0; 60], 12).expect("no season").kind(), Kind::None);
    assert!(matches!(Season::of(&[], 12), Err(Error::NotEnough { .. })));
    assert!(matches!(Season::of(&[1.0, f64::NAN], 12), Err(Error::NotFinite { index: 1, .. })));
    assert!(matches!(Season::known(Kind::Multiplicative, &[1.0, 0.0]), Err(Error::OutOfRange { index: 1, .. })));
}

proptest! {
    #[test]
    fn taking_out_and_putting_back_changes_nothing(
        values in proptest::collection::vec(prop_oneof![Just(0.0), -1e6..1e6_f64, 0.1..1e12_f64], 1..80),
        period in 2_usize..13,
    ) {
        let season = Season::of(&values, period).expect("finite values");
        for (place, adjusted) in season.adjusted(&values).into_iter().enumerate() {
            let back = season.restored(adjusted, place);
            prop_assert!((back - values[place]).abs() <= 1e-9 * (1.0 + values[place].abs() + adjusted.abs()));
        }
        let mean = season.indices().iter().sum::<f64>() / season.indices().len().max(1) as f64;
        match season.kind() {
            Kind::None => prop_assert!(season.indices().is_empty()),
            Kind::Additive => prop_assert!(mean.abs() < 1e-6 * (1.0 + values.iter().fold(0.0_f64, |m, v| m.max(v.abs())))),
            Kind::Multiplicative => prop_assert!((mean - 1.0).abs() < 1e-9),
        }
    }
}
