use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::proportion::wilson;

fn five() -> Scale {
    Scale::new(1.0, 5.0).expect("a scale")
}

#[test]
fn two_steps_are_a_share() {
    let scale = Scale::new(0.0, 1.0).expect("a scale");
    for yes in [0, 1, 7, 20] {
        let ratings: Vec<f64> = (0..20).map(|place| f64::from(u8::from(place < yes))).collect();
        let mean = mean_rating(&ratings, scale, Level::P95).expect("a mean");
        let share = wilson(yes, 20, Level::P95).expect("a share");
        assert!((mean.interval.low - share.interval.low).abs() < 1e-12, "{mean:?} {share:?}");
        assert!((mean.interval.high - share.interval.high).abs() < 1e-12, "{mean:?} {share:?}");
    }
}

/// Ratings as customers give them: mostly fours and fives.
#[test]
fn ninety_five_intervals_of_a_hundred_hold_the_true_mean() {
    let (chances, truth) = ([0.04, 0.06, 0.15, 0.35, 0.40], 4.01);
    let mut random = Pcg64Mcg::seed_from_u64(11);
    // With five ratings the two added ones weigh much: the interval is rather too wide than too narrow.
    for (n, most) in [(5, 0.99), (15, 0.98), (60, 0.97)] {
        let mut held = 0;
        for _ in 0..4_000 {
            let ratings: Vec<f64> = (0..n)
                .map(|_| {
                    let mut left = random.random::<f64>();
                    let step = chances.iter().position(|chance| {
                        left -= chance;
                        left < 0.0
                    });
                    1.0 + step.unwrap_or(4) as f64
                })
                .collect();
            held += u32::from(mean_rating(&ratings, five(), Level::P95).expect("a mean").interval.holds(truth));
        }
        let coverage = f64::from(held) / 4_000.0;
        assert!((0.93..=most).contains(&coverage), "n = {n}: {coverage}");
    }
}

#[test]
fn what_is_no_rating_is_refused() {
    assert!(matches!(mean_rating(&[], five(), Level::P95), Err(Error::NotEnough { .. })));
    assert!(matches!(mean_rating(&[4.0, f64::NAN], five(), Level::P95), Err(Error::NotFinite { index: 1, .. })));
    assert!(matches!(mean_rating(&[4.0, 6.0], five(), Level::P95), Err(Error::OutOfRange { index: 1, .. })));
    assert!(Scale::new(f64::MIN, f64::MAX).is_err() && Scale::new(f64::NAN, 1.0).is_err());
}

proptest! {
    #[test]
    fn stays_on_the_scale_and_has_a_width(ratings in prop::collection::vec(prop_oneof![Just(1.0), Just(5.0), 1.0..=5.0_f64], 1..60)) {
        let mean = mean_rating(&ratings, five(), Level::P95).expect("a mean");
        prop_assert!(mean.interval.holds(mean.value) && mean.interval.width() > 0.0);
        prop_assert!(mean.interval.low >= 1.0 && mean.interval.high <= 5.0);
        // Another unit (0 to 100) says the same.
        let percent: Vec<f64> = ratings.iter().map(|rating| (rating - 1.0) * 25.0).collect();
        let same = mean_rating(&percent, Scale::new(0.0, 100.0).expect("a scale"), Level::P95).expect("a mean");
        prop_assert!((same.interval.low - (mean.interval.low - 1.0) * 25.0).abs() < 1e-8);
    }
}
