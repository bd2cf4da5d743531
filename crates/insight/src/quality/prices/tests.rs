use proptest::prelude::*;

use super::*;

fn scale(prices: &[f64]) -> PriceScale {
    let mut scale = PriceScale::default();
    prices.iter().for_each(|price| scale.add(7, *price));
    scale
}

#[test]
fn a_slip_of_the_decimal_mark_is_found() {
    let medians = scale(&[12_000.0, 12_500.0, 11_900.0, 12_100.0, 1_210_000.0, 120.0]).medians();
    let median = medians.of(7).expect("six prices");
    assert!((median / 12_050.0 - 1.0).abs() < 0.1);
    assert_eq!(medians.is_odd(7, 1_210_000.0), Some(median));
    assert_eq!(medians.is_odd(7, 120.0), Some(median));
    assert_eq!(medians.is_odd(7, 120_000.0), None);
    assert_eq!(medians.is_odd(7, 1_000.0), None);
    assert_eq!(medians.is_odd(8, 1.0), None);
}

#[test]
fn few_prices_say_nothing() {
    assert_eq!(scale(&[1.0; 4]).medians().of(7), None);
    assert!(scale(&[1.0; 5]).medians().of(7).is_some());
}

#[test]
fn what_is_no_price_is_left_out() {
    let none = [0.0, -0.0, -5.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    assert_eq!(scale(&none), PriceScale::default());
    let medians = scale(&[1.0; 5]).medians();
    assert!(none.iter().all(|price| medians.is_odd(7, *price).is_none()));
}

#[test]
fn the_ends_of_all_numbers_fit() {
    for price in [f64::MIN_POSITIVE, 5e-324, f64::MAX] {
        let medians = scale(&[price; 9]).medians();
        assert!(medians.of(7).is_some(), "{price}");
        assert!(medians.is_odd(7, 1.0).is_some(), "{price}");
    }
}

proptest! {
    #[test]
    fn the_median_is_within_nine_percent_and_a_hundred_times_is_found(
        mut prices in prop::collection::vec(0.01_f64..1e9, 5..60),
    ) {
        let medians = scale(&prices).medians();
        prices.sort_by(f64::total_cmp);
        let exact = prices[(prices.len() - 1) / 2];
        let ratio = medians.of(7).expect("five prices") / exact;
        prop_assert!(ratio < 1.0906 && ratio > 1.0 / 1.0906, "{}", ratio);
        prop_assert!(medians.is_odd(7, exact * 100.001).is_some());
        prop_assert!(medians.is_odd(7, exact / 100.001).is_some());
        prop_assert!(medians.is_odd(7, exact * 83.0).is_none());
    }

    #[test]
    fn parts_add_up(prices in prop::collection::vec((0..3_u32, 0.01_f64..1e9), 0..60), at in 0..60_usize) {
        let part = |prices: &[(u32, f64)]| {
            let mut scale = PriceScale::default();
            prices.iter().for_each(|(product, price)| scale.add(*product, *price));
            scale
        };
        let (left, right) = prices.split_at(at.min(prices.len()));
        let (mut one, mut other) = (part(left), part(right));
        let (left, right) = (one.clone(), other.clone());
        one.merge(&right);
        other.merge(&left);
        prop_assert_eq!(&one, &part(&prices));
        prop_assert_eq!(one, other);
    }
}
