//! Panels whose order in time is known.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use super::*;

const MONTHS: usize = 36;

fn judging(least: f64, seed: u64) -> Judging {
    Judging { least, rate: ErrorRate::P05, level: Level::P95, draws: 499, seed }
}

/// Units with a signal that wanders and is seen in some months, and an outcome that has a season, shocks that all share, noise that
/// follows itself, and `effect` of the signal `lag` months before (after, below 0).
fn panel(seed: u64, units: usize, seen: f64, effect: f64, lag: i32) -> Vec<Unit> {
    panel_in((seed, seed), units, seen, effect, lag)
}

/// The same in the months of one seed, with the units of another.
fn panel_in((of_months, seed): (u64, u64), units: usize, seen: f64, effect: f64, lag: i32) -> Vec<Unit> {
    let (mut months, mut random) = (Pcg64::seed_from_u64(of_months ^ 0xA5A5), Pcg64::seed_from_u64(seed));
    let normal = |random: &mut Pcg64| -> f64 { StandardNormal.sample(random) };
    let shared: Vec<f64> = (0..MONTHS + 24)
        .map(|month| 10.0 * (month as f64 * std::f64::consts::TAU / 12.0).sin() + 8.0 * normal(&mut months))
        .collect();
    (0..units)
        .map(|_| {
            let (mut level, mut noise) = (0.0, 0.0);
            let wander: Vec<f64> = (0..MONTHS + 24)
                .map(|_| {
                    level += normal(&mut random);
                    level
                })
                .collect();
            let own = 80.0 + 40.0 * random.random::<f64>();
            let outcome = (0..MONTHS)
                .map(|month| {
                    noise = 0.5 * noise + 6.0 * normal(&mut random);
                    let then = month.saturating_add(12).saturating_add_signed(-(lag as isize));
                    Some((own * (1.0 + shared[month] / 100.0) + noise + effect * wander[then]).max(0.0))
                })
                .collect();
            let signal = (0..MONTHS).map(|month| random.random_bool(seen).then_some(wander[month + 12])).collect();
            Unit { signal, outcome }
        })
        .collect()
}

/// Units of which some have an event now and then, after which the outcome is lower for good.
fn events(seed: u64, fall: f64, lag: usize) -> Vec<Unit> {
    let mut random = Pcg64::seed_from_u64(seed);
    let normal = |random: &mut Pcg64| -> f64 { StandardNormal.sample(random) };
    (0..300)
        .map(|_| {
            let signal: Vec<Option<f64>> =
                (0..MONTHS).map(|_| Some(f64::from(u8::from(random.random_bool(0.02))))).collect();
            let so_far = |month: usize| signal[..month.saturating_sub(lag).min(MONTHS)].iter().flatten().sum::<f64>();
            let outcome = (0..MONTHS)
                .map(|month| Some((100.0 - fall * so_far(month + 1) + 10.0 * normal(&mut random)).max(0.0)))
                .collect();
            Unit { signal, outcome }
        })
        .collect()
}

#[test]
fn a_change_is_told_against_the_last_observation() {
    let observed = [Some(4.0), None, Some(7.0), Some(6.0)];
    assert_eq!(changes_of(&observed, Signal::Level), [(2, 3.0), (3, -1.0)]);
    assert_eq!(changes_of(&[Some(0.0), Some(2.0), None], Signal::Event), [(1, 1.0)]);
    // What was observed more than a year before is no base.
    let mut long = vec![None; 15];
    (long[0], long[13], long[14]) = (Some(1.0), Some(5.0), Some(5.5));
    assert_eq!(changes_of(&long, Signal::Level), [(14, 0.5)]);
    // Ranks of three numbers as shares about 0.
    let found = shares(&[30.0, 10.0, 20.0]);
    assert!(found.iter().zip([1.0 / 3.0, -1.0 / 3.0, 0.0]).all(|(share, wanted)| (share - wanted).abs() < 1e-12));
}

#[test]
fn a_rank_biserial_correlation_by_hand() {
    // Twelve units in one month with changes 1 to 12; the event fell on the two lowest. Of the 20 pairs of a unit with and one without
    // all are lower: −1, whatever the share of events.
    let month = |rank: usize, has: bool| Ranked {
        changes: if has { vec![(0, 1.0)] } else { Vec::new() },
        outcome: vec![Some((rank as f64 - 0.5) / 12.0 - 0.5)],
    };
    let units: Vec<Ranked> = (1..=12).map(|rank| month(rank, rank <= 2)).collect();
    let sums: Vec<Sums> = units.iter().map(|unit| sums_of(unit, unit, Signal::Event, 0)).collect();
    let strength = total(&sums).strength(Signal::Event).expect("a strength");
    assert!((strength + 1.0).abs() < 1e-12, "{strength}");
    // On the lowest and the highest: 10 lower and 10 higher, 0.
    let units: Vec<Ranked> = (1..=12).map(|rank| month(rank, rank == 1 || rank == 12)).collect();
    let sums: Vec<Sums> = units.iter().map(|unit| sums_of(unit, unit, Signal::Event, 0)).collect();
    assert!(total(&sums).strength(Signal::Event).expect("a strength").abs() < 1e-12);
}

#[test]
fn a_known_lead_is_found_and_so_is_a_reversed_one() {
    let mut found = [0; 3];
    for seed in 0..20 {
        let order = |lag: i32| {
            lead(&panel(seed, 80, 0.6, 14.0, lag), Signal::Level, &judging(0.3, seed)).expect("judged").order
        };
        found[0] += usize::from(order(2) == Order::Before { months: 2 });
        found[1] += usize::from(order(0) == Order::Together);
        found[2] += usize::from(order(-3) == Order::After { months: 3 });
    }
    assert_eq!(found, [20, 20, 20]);
}

#[test]
fn a_known_lead_of_events_is_found() {
    let mut found = 0;
    for seed in 0..20 {
        let told = lead(&events(seed, 15.0, 2), Signal::Event, &judging(0.3, seed)).expect("judged");
        let is_found =
            told.order == Order::Before { months: 2 } && told.called().is_some_and(|at| at.strength.value < 0.0);
        found += usize::from(is_found);
    }
    assert_eq!(found, 20);
}

#[test]
fn without_a_relation_chance_is_called_as_seldom_as_promised() {
    let (mut of_levels, mut of_events, mut strong) = (0, 0, 0);
    for seed in 0..200 {
        // Only how sure it is decides; season and shocks are shared by all units, and noise follows itself.
        let told = lead(&panel(seed, 50, 0.25, 0.0, 0), Signal::Level, &judging(0.0, seed)).expect("judged");
        assert_eq!(told.lags.len(), 13);
        of_levels += usize::from(told.order != Order::NotEnough);
        strong += usize::from(told.called().is_some_and(|at| at.strength.value.abs() >= 0.3));
        let told = lead(&events(seed, 0.0, 0), Signal::Event, &judging(0.0, seed)).expect("judged");
        of_events += usize::from(told.order != Order::NotEnough);
    }
    println!("of 200: levels {of_levels}, events {of_events}, levels at or above .3 {strong}");
    assert!(of_levels <= 14 && of_events <= 14, "levels {of_levels}, events {of_events}");
    assert_eq!(strong, 0);
}

#[test]
fn intervals_hold_the_strength_of_a_large_panel() {
    // What the estimator comes to without chance: that of fifty times as many units in the same months.
    let at = |units: usize, seed: u64| {
        let told = lead(&panel_in((1, seed), units, 0.6, 5.0, 2), Signal::Level, &judging(0.0, seed)).expect("judged");
        told.lags.iter().find(|at| at.lag == 2).expect("the lag").strength
    };
    let truth = at(3_000, 999).value;
    let held = (0..60).filter(|seed| at(60, *seed).interval.holds(truth)).count();
    println!("truth {truth:.3}, held by {held} of 60");
    assert!(held >= 52, "{held} of 60 hold {truth}");
}

#[test]
fn too_little_is_not_judged_and_the_order_of_units_does_not_matter() {
    let few = lead(&panel(1, 19, 0.6, 14.0, 2), Signal::Level, &judging(0.3, 1)).expect("judged");
    assert_eq!((few.lags.len(), few.order), (0, Order::NotEnough));
    let rare = lead(&panel(1, 40, 0.02, 14.0, 2), Signal::Level, &judging(0.3, 1)).expect("judged");
    assert_eq!((rare.lags.len(), rare.order), (0, Order::NotEnough));
    assert_eq!(lead(&[], Signal::Event, &judging(0.3, 1)).expect("judged").units, 0);
    let units = panel(3, 60, 0.6, 14.0, 2);
    let same = lead(&units, Signal::Level, &judging(0.3, 7)).expect("judged");
    assert_eq!(same, lead(&units, Signal::Level, &judging(0.3, 7)).expect("judged"), "the same seed, the same answer");
    let turned: Vec<Unit> = units.into_iter().rev().collect();
    let other = lead(&turned, Signal::Level, &judging(0.3, 7)).expect("judged");
    assert_eq!(same.order, other.order);
    for (one, other) in same.lags.iter().zip(&other.lags) {
        assert!((one.strength.value - other.strength.value).abs() < 1e-9);
    }
    let wrong = Unit { signal: vec![None; 3], outcome: vec![Some(1.0); 2] };
    assert!(matches!(lead(&[wrong], Signal::Level, &judging(0.3, 1)), Err(Error::Unequal { .. })));
    assert!(lead(&[], Signal::Level, &judging(1.5, 1)).is_err());
    assert!(lead(&[], Signal::Level, &Judging { draws: 0, ..judging(0.3, 1) }).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_input_breaks_it(
        units in proptest::collection::vec(
            proptest::collection::vec((proptest::option::of(-5.0..5.0_f64), proptest::option::of(prop_oneof![Just(0.0), -10.0..1e9_f64])), 0..20),
            0..60,
        ),
        is_event in any::<bool>(),
    ) {
        let of = |rows: &Vec<(Option<f64>, Option<f64>)>| {
            let (signal, outcome) = rows.iter().copied().unzip();
            Unit { signal, outcome }
        };
        let units: Vec<Unit> = units.iter().map(of).collect();
        let signal = if is_event { Signal::Event } else { Signal::Level };
        let asked = Judging { draws: 19, ..judging(0.3, 5) };
        let found = lead(&units, signal, &asked).expect("judged");
        for at in &found.lags {
            prop_assert!(at.strength.interval.holds(at.strength.value) && at.strength.value.abs() <= 1.0);
            prop_assert!((0.0..=1.0).contains(&at.p) && at.p <= at.adjusted + 1e-12);
            prop_assert!(at.units >= LEAST_UNITS && at.strength.n >= LEAST_CHANGES);
        }
    }
}
