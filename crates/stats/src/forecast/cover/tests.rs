//! Levels worked out by hand, and levels that have to last on demand whose truth is known.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::{
    Error,
    forecast::{Method, Plan, Series, backtest, intermittent},
};

fn errors(ended: usize, actual: f64, forecast: f64, spread: f64) -> Errors {
    Errors {
        series: 0,
        ended,
        forecast: vec![forecast],
        actual: vec![actual],
        spread: vec![spread],
        scale: 1.0,
        before: Vec::new(),
    }
}

/// Errors of −9.5, −8.5 … 9.5 spreads.
fn twenty() -> Vec<Errors> {
    (0..20).map(|place| errors(20 - place, 2.0 * (f64::from(place as u8) - 9.5) + 50.0, 50.0, 2.0)).collect()
}

#[test]
fn ranks_of_past_errors_say_what_lasts() {
    let cover = Cover::of(&twenty()).expect("enough");
    assert_eq!(cover.n(), 20);
    // Rank 21 · 0.8 = 16.8: between the 16th (5.5) and the 17th (6.5) error.
    let level = cover.lasting(100.0, 10.0, Level::P80).expect("enough");
    assert!((level - (100.0 + 10.0 * 6.3)).abs() < 1e-9, "{level}");
    // Rank 19.95 is the last that 20 errors know of 95 %; 99 % takes 99 of them.
    assert!((cover.lasting(0.0, 1.0, Level::P95).expect("just") - 9.45).abs() < 1e-9);
    let sure = Level::new(0.99).expect("a share");
    assert!(matches!(cover.lasting(0.0, 1.0, sure), Err(Error::NotEnough { needed: 99, got: 20, .. })));
    // What never varied needs its forecast and no more; what falls below nothing is nothing.
    assert_eq!(cover.lasting(7.0, 0.0, Level::P95).expect("enough"), 7.0);
    assert_eq!(cover.interval(1.0, 1.0, Level::P80).low, 0.0);
    let interval = cover.interval(100.0, 10.0, Level::P80);
    assert!((interval.low - (100.0 - 10.0 * 8.4)).abs() < 1e-9 && (interval.high - 184.0).abs() < 1e-9, "{interval:?}");
    assert!(matches!(Cover::of(&twenty()[..11]), Err(Error::NotEnough { needed: 12, got: 11, .. })));
}

#[test]
fn what_is_missing_is_the_mean_beyond_what_is_there() {
    let past = twenty();
    let cover = Cover::of(&past).expect("enough");
    for there in [0.0, 90.0, 100.0, 163.0, 195.0, 500.0] {
        let one = |errors: &Errors| (100.0 + 10.0 * (errors.actual[0] - 50.0) / 2.0 - there).max(0.0);
        let by_hand = past.iter().map(one).sum::<f64>() / 20.0;
        assert!((cover.missing(100.0, 10.0, there) - by_hand).abs() < 1e-9, "{there} {by_hand}");
    }
    assert_eq!(cover.missing(30.0, 0.0, 12.0), 18.0);
}

#[test]
fn how_often_it_held_is_judged_with_what_was_known_by_then() {
    // Twenty calm ends of one series each, then one with four series of which one goes beyond all that was.
    let mut past: Vec<Errors> =
        (0..20).map(|place| errors(23 - place, 1.0 + f64::from(place as u8), 0.0, 1.0)).collect();
    for actual in [3.0, 19.0, 20.0, 90.0] {
        past.push(errors(2, actual, 0.0, 1.0));
    }
    past.extend([5.0, 5.0].map(|actual| errors(1, actual, 0.0, 1.0)));
    let held = Cover::held(&past, Level::P95).expect("three ends");
    // The end after 19 errors (20 beyond 19), the four after 20 (rank 19.95), the last two.
    assert_eq!((held.n, held.value), (7, 4.0 / 7.0));
    assert!(held.interval.low <= held.value && held.value <= held.interval.high);
    assert!(matches!(Cover::held(&past[..19], Level::P95), Err(Error::NotEnough { .. })));
}

/// Orders by chance, of whole goods, at a rate that drifts.
fn demand(random: &mut Pcg64, rate: f64, size: f64, steps: usize) -> Vec<f64> {
    let mut rate = rate;
    (0..steps)
        .map(|_| {
            rate *= 1.0 + 0.06 * (random.random::<f64>() - 0.5);
            let mut sum = 0.0;
            let mut gone = random.random::<f64>();
            while gone > (-rate).exp() {
                sum += (size * (0.2 + 1.6 * random.random::<f64>())).ceil();
                gone *= random.random::<f64>();
            }
            sum
        })
        .collect()
}

/// The levels that are told last as often as was asked, for steady and for rare demand, within 1.5 points.
#[test]
fn the_service_that_is_asked_is_held() {
    let mut random = Pcg64::seed_from_u64(19);
    let plan = Plan { method: Method::Theta, period: 1, horizon: 1, shortest: 12, origins: 24 };
    for (rates, is_rare) in [([3.0, 8.0, 20.0], false), ([0.05, 0.2, 0.6], true)] {
        let made: Vec<Vec<f64>> = (0..900)
            .map(|place| demand(&mut random, rates[place % 3], 3.0, 53))
            .filter(|values| intermittent::mean_gap(&values[..52]).is_some_and(|gap| (gap >= 1.32) == is_rare))
            .collect();
        assert!(made.len() > 500, "{}", made.len());
        let known: Vec<Series<'_>> = made.iter().map(|values| Series::of(&values[..52])).collect();
        let past = backtest(&known, &plan).expect("long enough");
        let cover = Cover::of(&past.errors).expect("enough errors");
        for wanted in [0.8, 0.9, 0.95, 0.98] {
            let share = Level::new(wanted).expect("a share");
            let lasted = made.iter().filter(|values| {
                let (fitted, _) = Series::of(&values[..52]).fit(&plan, 52).expect("long enough");
                let level = cover.lasting(fitted.ahead(1), fitted.spread(1), share).expect("enough errors");
                // Whole goods: what is wanted lasts with the level rounded down as often as with the level.
                assert_eq!(values[52] <= level, values[52] <= level.floor());
                values[52] <= level
            });
            let came = lasted.count() as f64 / made.len() as f64;
            let held = Cover::held(&past.errors, share).expect("many ends");
            assert!((held.value - wanted).abs() < 0.015, "{wanted}: the past held {held:?}");
            // One step of 500 and more series that do not move together: two standard errors and the point and a half.
            let chance = 2.0 * (wanted * (1.0 - wanted) / made.len() as f64).sqrt();
            assert!((came - wanted).abs() < 0.015 + chance, "{wanted}: {came} came");
        }
    }
}
