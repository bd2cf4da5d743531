use proptest::prelude::*;

use super::*;

/// Published: 20 observed where 14 were expected (METHODS §6), and limits of Garwood's table for 0, 1 and 10 events.
#[test]
fn published_intervals() {
    let published = [
        (20, 14.0, 0.873, 2.206, 5.1e-4),
        (0, 1.0, 0.0, 3.689, 5.1e-4),
        (1, 1.0, 0.0253, 5.572, 5.1e-4),
        (10, 1.0, 4.795, 18.390, 6e-4),
    ];
    for (events, exposure, low, high, within) in published {
        let interval = rate(events, exposure, Level::P95).expect("a rate").interval;
        assert!((interval.low - low).abs() < within && (interval.high - high).abs() < within, "{events}: {interval:?}");
    }
}

#[test]
fn many_events_join_without_a_step() {
    let below = rate(100_000, 1.0, Level::P95).expect("a rate").interval;
    let above = rate(100_001, 1.0, Level::P95).expect("a rate").interval;
    assert!(
        (above.low - below.low - 1.0).abs() < 0.02 && (above.high - below.high - 1.0).abs() < 0.02,
        "{below:?} {above:?}"
    );
}

#[test]
fn no_exposure_is_refused() {
    for exposure in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE / 4.0] {
        assert!(matches!(rate(3, exposure, Level::P95), Err(Error::OutOfRange { .. })), "{exposure}");
    }
}

proptest! {
    #[test]
    fn holds_the_rate_in_any_unit(events in prop_oneof![0..50_u64, 0..2_000_000_u64, Just(u64::MAX)], exposure in 1e-3..1e9_f64, level in 0.01..0.9999_f64) {
        let level = Level::new(level).expect("a level");
        let one = rate(events, exposure, level).expect("a rate");
        prop_assert!(one.interval.holds(one.value) && one.interval.low >= 0.0 && one.interval.high.is_finite());
        let months = rate(events, exposure * 12.0, level).expect("a rate");
        prop_assert!((months.interval.high * 12.0 - one.interval.high).abs() <= 1e-9 * one.interval.high);
        prop_assert!(rate(events.saturating_add(1), exposure, level).expect("a rate").interval.low >= one.interval.low);
    }
}
