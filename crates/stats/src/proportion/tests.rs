use proptest::prelude::*;

use super::*;

/// The intervals published for Wilson's method (METHODS §10).
#[test]
fn published_intervals() {
    let published =
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)];
    for (cases, of, low, high) in published {
        let share = wilson(cases, of, Level::P95).expect("an interval");
        assert!((share.interval.low - low).abs() < 5.1e-5, "{cases}/{of}: {share:?}");
        assert!((share.interval.high - high).abs() < 5.1e-5, "{cases}/{of}: {share:?}");
        assert_eq!(share.n, of as usize);
    }
}

#[test]
fn nothing_and_too_many_are_refused() {
    assert!(matches!(wilson(0, 0, Level::P95), Err(Error::NotEnough { needed: 1, got: 0, .. })));
    assert!(matches!(wilson(3, 2, Level::P95), Err(Error::OutOfRange { .. })));
}

proptest! {
    #[test]
    fn holds_the_share_and_widens_with_the_level(of in 1_u64..=u64::MAX, part in 0.0..=1.0_f64, level in 1e-6..0.999_999_f64) {
        let cases = ((of as f64 * part) as u64).min(of);
        let narrow = wilson(cases, of, Level::new(level).expect("a level")).expect("an interval");
        let wide = wilson(cases, of, Level::new(level + (1.0 - level) / 2.0).expect("a level")).expect("an interval");
        prop_assert!(narrow.interval.holds(narrow.value));
        prop_assert!(0.0 <= wide.interval.low && wide.interval.low <= narrow.interval.low);
        prop_assert!(narrow.interval.high <= wide.interval.high && wide.interval.high <= 1.0);
    }

    /// The chance of the count is symmetric, so is the interval.
    #[test]
    fn the_rest_has_the_mirrored_interval(of in 1_u64..100_000, part in 0.0..=1.0_f64) {
        let cases = (of as f64 * part) as u64;
        let some = wilson(cases, of, Level::P95).expect("an interval").interval;
        let rest = wilson(of - cases, of, Level::P95).expect("an interval").interval;
        prop_assert!((some.low - (1.0 - rest.high)).abs() < 1e-12);
        prop_assert!((some.high - (1.0 - rest.low)).abs() < 1e-12);
    }
}

/// The interval published for the net promoter score (METHODS §10).
#[test]
fn published_net_promoter_score() {
    let score = nps(10, 5, 5, Level::P95).expect("a score");
    assert!((score.adjusted.value - 0.217).abs() < 5.1e-4, "{score:?}");
    assert!((score.adjusted.interval.low + 0.117).abs() < 5.1e-4, "{score:?}");
    assert!((score.adjusted.interval.high - 0.552).abs() < 5.1e-4, "{score:?}");
    assert!(matches!(nps(0, 0, 0, Level::P95), Err(Error::NotEnough { needed: 1, got: 0, .. })));
    assert!(matches!(nps(u64::MAX, 1, 0, Level::P95), Err(Error::OutOfRange { .. })));
}

proptest! {
    #[test]
    fn promoters_and_detractors_are_mirrored(p in 0_u64..=u64::MAX / 4, o in 0..=u64::MAX / 4, d in 0..=u64::MAX / 4, small in any::<bool>()) {
        let cut = |count: u64| if small { count % 40 } else { count };
        let (p, o, d) = (cut(p), cut(o), cut(d));
        prop_assume!(p + o + d > 0);
        let score = nps(p, o, d, Level::P95).expect("a score");
        let mirrored = nps(d, o, p, Level::P95).expect("a score");
        prop_assert!(score.adjusted.interval.holds(score.adjusted.value));
        prop_assert!(score.adjusted.interval.low >= -1.0 && score.adjusted.interval.high <= 1.0);
        prop_assert!((score.counted + mirrored.counted).abs() < 1e-12);
        prop_assert!((score.adjusted.interval.low + mirrored.adjusted.interval.high).abs() < 1e-12);
    }
}
