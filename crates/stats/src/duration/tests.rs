use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{Error, Level, proportion::wilson};

fn durations(times: &[(f64, Ending)]) -> Vec<Duration> {
    times.iter().map(|&(time, ending)| Duration { time, ending }).collect()
}

/// Weeks of remission under 6-mercaptopurine (Freireich et al. 1963); negative: still in remission when last seen.
const LEUKAEMIA: [f64; 21] = [
    6.0, 6.0, 6.0, -6.0, 7.0, -9.0, 10.0, -10.0, -11.0, 13.0, 16.0, -17.0, -19.0, -20.0, 22.0, 23.0, -25.0, -32.0,
    -32.0, -34.0, -35.0,
];

#[test]
fn published_remissions() {
    let ending = |weeks: f64| if weeks > 0.0 { Ending::Ended(0) } else { Ending::Open };
    let fitted = KaplanMeier::of(&durations(&LEUKAEMIA.map(|weeks| (weeks.abs(), ending(weeks))))).expect("a fit");
    // METHODS §10, and the standard errors of Klein & Moeschberger (2003), table 4.1B.
    let published = [
        (6.0, 0.857, 0.0764),
        (7.0, 0.807, 0.0869),
        (10.0, 0.753, 0.0963),
        (13.0, 0.690, 0.1068),
        (16.0, 0.627, 0.1141),
        (22.0, 0.538, 0.1282),
        (23.0, 0.448, 0.1346),
    ];
    assert_eq!(fitted.steps().len(), published.len());
    for (step, (time, open, error)) in fitted.steps().iter().zip(published) {
        assert_eq!(step.time, time);
        assert!((step.open - open).abs() < 5.1e-4 && (step.variance.sqrt() - error).abs() < 5.1e-5, "{step:?}");
    }
    let median = fitted.median(Level::P95);
    assert_eq!((median.time, median.low, median.high, median.n), (Some(23.0), Some(13.0), None, 21));
}

/// Offers are won or lost at random, each way with a rate of its own, and watched for a random time.
#[test]
fn intervals_hold_the_true_shares() {
    let mut random = Pcg64Mcg::seed_from_u64(5);
    let mut exponential = |rate: f64| -(1.0 - random.random::<f64>()).ln() / rate;
    let (won, lost, at) = (0.6, 0.9, 1.0_f64);
    let truth = won / (won + lost) * (1.0 - (-(won + lost) * at).exp());
    let (mut held, mut median_held, mut naive) = (0, 0, 0.0);
    const TRIALS: u32 = 2_000;
    for _ in 0..TRIALS {
        let offers: Vec<Duration> = (0..80)
            .map(|_| {
                let (won, lost, watched) = (exponential(won), exponential(lost), exponential(0.4));
                let time = won.min(lost).min(watched);
                let ending = if time == watched { Ending::Open } else { Ending::Ended(u8::from(time == lost)) };
                Duration { time, ending }
            })
            .collect();
        let cycle = Incidence::of(&offers, 2).expect("a fit");
        held += u32::from(cycle.ended_by(0, at, Level::P95).expect("a share").interval.holds(truth));
        let median = KaplanMeier::of(&offers).expect("a fit").median(Level::P95);
        let true_median = 2.0_f64.ln() / (won + lost);
        median_held += u32::from(
            median.low.is_some_and(|low| low <= true_median) && median.high.is_none_or(|high| true_median <= high),
        );
        let lost_as_open: Vec<Duration> =
            offers
                .iter()
                .map(|offer| {
                    if offer.ending == Ending::Ended(1) { Duration { ending: Ending::Open, ..*offer } } else { *offer }
                })
                .collect();
        naive += KaplanMeier::of(&lost_as_open).expect("a fit").ended_by(at, Level::P95).expect("a share").value;
    }
    let coverage = f64::from(held) / f64::from(TRIALS);
    assert!((0.93..=0.97).contains(&coverage), "{coverage}");
    let coverage = f64::from(median_held) / f64::from(TRIALS);
    assert!((0.93..=0.97).contains(&coverage), "median {coverage}");
    // The trap: one minus Kaplan–Meier overstates the share won by a third here.
    assert!(naive / f64::from(TRIALS) > 1.3 * truth);
}

#[test]
fn unusable_durations_are_refused() {
    let refused = |time: f64, way: u8| Incidence::of(&durations(&[(1.0, Ending::Open), (time, Ending::Ended(way))]), 2);
    assert!(matches!(KaplanMeier::of(&[]), Err(Error::NotEnough { .. })));
    assert!(matches!(refused(f64::NAN, 0), Err(Error::NotFinite { index: 1, .. })));
    assert!(matches!(refused(-1.0, 0), Err(Error::OutOfRange { index: 1, .. })));
    assert!(matches!(refused(1.0, 2), Err(Error::OutOfRange { index: 1, .. })));
    let fine = refused(1.0, 1).expect("a fit");
    assert!(fine.ended_by(2, 1.0, Level::P95).is_err() && fine.ended_by(0, f64::INFINITY, Level::P95).is_err());
}

fn any_durations() -> impl Strategy<Value = Vec<Duration>> {
    let time = prop_oneof![Just(0.0), Just(-0.0), Just(7.0), (0..9_u8).prop_map(f64::from), 0.0..1e12_f64];
    let ending = prop_oneof![Just(Ending::Open), (0..3_u8).prop_map(Ending::Ended)];
    prop::collection::vec((time, ending).prop_map(|(time, ending)| Duration { time, ending }), 1..50)
}

proptest! {
    #[test]
    fn shares_add_up_and_only_grow(durations in any_durations(), at in prop_oneof![Just(0.0), 0.0..12.0_f64, Just(1e300)]) {
        let open = KaplanMeier::of(&durations).expect("a fit");
        let ways = Incidence::of(&durations, 3).expect("a fit");
        for (one, all) in open.steps().iter().zip(ways.steps()) {
            prop_assert!((one.open + all.ended.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(all.variance.iter().chain([&one.variance]).all(|variance| variance.is_finite() && *variance >= 0.0));
        }
        prop_assert!(open.steps().is_sorted_by(|one, next| one.open >= next.open));
        let median = open.median(Level::P95);
        prop_assert!(median.low.zip(median.time).is_none_or(|(low, time)| low <= time));
        prop_assert!(median.time.zip(median.high).is_none_or(|(time, high)| time <= high));
        let shares = (0..3).map(|way| ways.ended_by(way, at, Level::P95)).chain([open.ended_by(at, Level::P95), open.open_after(at, Level::P95)]);
        for share in shares {
            let share = share.expect("a share");
            prop_assert!(share.interval.holds(share.value) && share.interval.width() > 0.0, "{:?}", share);
            prop_assert!(share.interval.low >= 0.0 && share.interval.high <= 1.0);
        }
    }

    /// Where nothing is open any more the shares are plain shares, and so are their variances.
    #[test]
    fn all_ended_is_counting(times in prop::collection::vec((0..20_u8, 0..2_u8), 2..60), at in 0..20_u8) {
        let all: Vec<Duration> = times.iter().map(|&(time, way)| Duration { time: time.into(), ending: Ending::Ended(way) }).collect();
        let count = times.iter().filter(|(time, way)| *way == 0 && *time <= at).count();
        let share = wilson(count as u64, times.len() as u64, Level::P95).expect("a share").value;
        let fitted = Incidence::of(&all, 2).expect("a fit");
        prop_assert!((fitted.ended_by(0, at.into(), Level::P95).expect("a share").value - share).abs() < 1e-12);
        if let Some(step) = fitted.steps().iter().rfind(|step| step.time <= at.into()) {
            prop_assert!((step.variance[0] - share * (1.0 - share) / times.len() as f64).abs() < 1e-12);
        }
    }
}
