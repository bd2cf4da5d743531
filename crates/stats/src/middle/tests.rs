use proptest::prelude::*;

use super::*;

/// By hand for three values: the median of a sample of three is at most the smallest with the chance of two or three of three draws
/// of one third, 3·(1/3)²·(2/3) + 1/27 = 7/27, which is above 2.5 % and 10 %.
#[test]
fn three_values_by_hand() {
    let level = Level::new(0.5).expect("a level");
    let half = median(&[1.0, 2.0, 3.0], level).expect("a median");
    // 25 % lies below 7/27 = 25.9 %, so the lower end is the smallest; by symmetry the upper end is the greatest.
    assert_eq!((half.interval.low, half.interval.high), (1.0, 3.0));
    let level = Level::new(0.4).expect("a level");
    let less = median(&[1.0, 2.0, 3.0], level).expect("a median");
    assert_eq!((less.interval.low, less.interval.high), (2.0, 2.0));
    assert!(matches!(median(&[], level), Err(Error::NotEnough { .. })));
    assert!(matches!(median(&[1.0, f64::NAN], level), Err(Error::NotFinite { .. })));
}

/// The interval drawn two hundred thousand times, with a generator of plain arithmetic.
#[test]
fn equals_the_bootstrap_that_is_drawn() {
    let values: Vec<f64> = (1..=21).map(|value| f64::from(value * value)).collect();
    let exact = median(&values, Level::P95).expect("a median");
    let mut seed = 12_345_u64;
    let mut medians: Vec<f64> = (0..200_000)
        .map(|_| {
            let mut drawn: Vec<f64> = (0..21)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    values[((seed >> 33) % 21) as usize]
                })
                .collect();
            drawn.sort_by(f64::total_cmp);
            drawn[10]
        })
        .collect();
    medians.sort_by(f64::total_cmp);
    assert_eq!((exact.interval.low, exact.interval.high), (medians[5_000], medians[195_000]));
}

#[test]
fn many_values_join_the_few_without_a_step() {
    let ends = |n: u32| {
        let values: Vec<f64> = (0..n).map(f64::from).collect();
        let all = median(&values, Level::P95).expect("a median");
        (all.interval.low / f64::from(n), all.interval.high / f64::from(n))
    };
    let (few, many) = (ends(2_000), ends(2_001));
    assert!((few.0 - many.0).abs() < 1.5e-3 && (few.1 - many.1).abs() < 1.5e-3, "{few:?} {many:?}");
}

proptest! {
    #[test]
    fn holds_the_median_and_keeps_units(values in prop::collection::vec(-1e6..1e6_f64, 1..60)) {
        let once = median(&values, Level::P95).expect("a median");
        prop_assert!(once.interval.holds(once.value));
        let scaled: Vec<f64> = values.iter().map(|value| value * 4.0).collect();
        let scaled = median(&scaled, Level::P95).expect("a median");
        prop_assert_eq!(scaled.interval.low, once.interval.low * 4.0);
        prop_assert_eq!(scaled.interval.high, once.interval.high * 4.0);
    }
}
