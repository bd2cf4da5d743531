//! When to try again.

use std::time::Duration;

/// The wait after the first failure.
const FIRST: Duration = Duration::from_secs(30);

/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// Waits there are: with the highest jitter they take 2 days and 22 hours, with one more they could take over 3 days.
const WAITS: u32 = 20;

/// How long to wait after `tries` failed tries, or none when it is to be given up.
///
/// Without jitter (0.5): 30 s, 1 min, 2 min, 4 min, 8 min, 16 min, 32 min, 1 h 4 min, 2 h 8 min, 4 h 16 min, then ten times
/// 6 h; the 21st failure is the last, after 2 days 20 h 31 min. `jitter` from 0 to 1 makes a wait up to 20 % shorter or
/// longer, though never longer than 6 h, so that those who failed together do not come back together. In all it takes from
/// 2 days 6 h 49 min (a weekend, begun on Friday night) to 2 days 22 h 14 min: never over 3 days.
pub fn next_try(tries: u32, jitter: f64) -> Option<Duration> {
    if tries > WAITS {
        return None;
    }
    // At most 19 doublings, which fit. No try at all waits like one.
    let doubled = (FIRST * 2u32.pow(tries.saturating_sub(1))).min(LONGEST);
    let jitter = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.5 };
    Some(doubled.mul_f64(0.8 + 0.4 * jitter).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(jitter: f64) -> Vec<Duration> {
        (1..).map_while(|tries| next_try(tries, jitter)).collect()
    }

    #[test]
    fn waits_grow_and_end_within_three_days() {
        for jitter in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let waits = waits(jitter);
            assert_eq!(waits.len(), 20);
            assert!(waits.is_sorted(), "{waits:?}");
            assert!(waits[..10].windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
            assert!(waits.iter().all(|wait| *wait <= LONGEST));
            let all: Duration = waits.iter().sum();
            assert!(all < Duration::from_secs(3 * 24 * 60 * 60), "{all:?}");
            assert!(all > Duration::from_secs(54 * 60 * 60), "{all:?}");
        }
    }

    #[test]
    fn waits_are_those_that_are_documented() {
        let seconds: Vec<u64> = waits(0.5).iter().map(Duration::as_secs).collect();
        let doubled = [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360];
        assert_eq!(seconds[..10], doubled);
        assert_eq!(seconds[10..], [21600; 10]);
        assert_eq!(seconds.iter().sum::<u64>(), ((2 * 24 + 20) * 60 + 31) * 60 + 30);
        let total = |jitter| waits(jitter).iter().sum::<Duration>().as_secs() / 60;
        assert_eq!((total(0.0), total(1.0)), ((2 * 24 + 6) * 60 + 49, (2 * 24 + 22) * 60 + 13));
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        assert_eq!(next_try(0, 0.5), next_try(1, 0.5));
        assert_eq!(next_try(21, 0.5), None);
        assert_eq!(next_try(u32::MAX, 0.5), None);
        assert_eq!(next_try(1, f64::NAN), Some(FIRST));
        assert_eq!(next_try(1, -7.0), next_try(1, 0.0));
        assert_eq!(next_try(1, 7.0), next_try(1, 1.0));
    }
}
