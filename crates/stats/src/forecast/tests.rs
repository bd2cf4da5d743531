//! Known forecasts, known chances, and input that no forecast can be made of.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::{Error, Level, season::Season};

const METHODS: [Method; 6] =
    [Method::SeasonalNaive, Method::Naive2, Method::Theta, Method::Damped, Method::Combined, Method::Tsb];

/// A level that walks, with noise and a season.
fn walk(seed: u64, n: usize) -> Vec<f64> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut level = 100.0;
    (0..n)
        .map(|t| {
            level *= 1.0 + 0.03 * (random.random::<f64>() - 0.5);
            let season = 1.0 + 0.3 * (t as f64 * std::f64::consts::TAU / 12.0).sin();
            level * season * (1.0 + 0.2 * (random.random::<f64>() - 0.5))
        })
        .collect()
}

#[test]
fn a_straight_season_goes_on() {
    let values: Vec<f64> = (0..60).map(|t| (200.0 + f64::from(t)) * [0.8, 1.0, 1.3, 0.9][t as usize % 4]).collect();
    let next = (200.0 + 60.0) * 0.8;
    for method in [Method::Theta, Method::Combined, Method::Damped] {
        let fitted = method.fit(&values, 4).expect("long enough");
        assert!((fitted.ahead(1) / next - 1.0).abs() < 0.02, "{method:?} {}", fitted.ahead(1));
    }
    let fitted = Method::SeasonalNaive.fit(&values, 4).expect("long enough");
    assert_eq!(fitted.path(5), [values[56], values[57], values[58], values[59], values[56]]);
}

#[test]
fn the_level_is_the_best_of_all_weights() {
    let values = walk(5, 80);
    let found = level::smooth(&values, &|_, _| 0.0, 0.0);
    // The same, weight by weight and without closed forms.
    let squares = |alpha: f64, start: f64| {
        let mut level = start;
        values.iter().fold(0.0, |sum, value| {
            let error = value - level;
            level += alpha * error;
            sum + error * error
        })
    };
    assert!((squares(found.alpha, found.start) / found.squares - 1.0).abs() < 1e-9);
    for alpha in (1..100).map(|step| f64::from(step) / 100.0) {
        for start in [found.start * 0.9, found.start, found.start * 1.1] {
            assert!(squares(alpha, start) >= found.squares * (1.0 - 1e-6), "{alpha} {start}");
        }
    }
}

#[test]
fn intervals_cover_what_they_say() {
    let made: Vec<Vec<f64>> = (0..200).map(|seed| walk(seed, 72)).collect();
    let known: Vec<Series<'_>> = made.iter().map(|values| Series::of(&values[..60])).collect();
    let plan = Plan { method: Method::Theta, period: 12, horizon: 12, shortest: 36, origins: 24 };
    let calibration = Calibration::of(&backtest(&known, &plan).expect("long enough")).expect("enough errors");
    let (mut held, mut all) = (0, 0);
    for values in &made {
        let fitted = Method::Theta.fit(&values[..60], 12).expect("long enough");
        let forecast = calibration.forecast(&fitted, Level::P80).expect("it errs");
        for (step, actual) in forecast.steps.iter().zip(&values[60..]) {
            held += usize::from(step.interval.holds(*actual));
            all += 1;
        }
    }
    let share = held as f64 / all as f64;
    assert!((0.77..0.83).contains(&share), "{share}");
    let known = Calibration::coverage(&backtest(&known, &plan).expect("long enough"), Level::P80).expect("a past");
    assert!((0.77..0.83).contains(&known.value), "{known:?}");
}

#[test]
fn chances_come_true_as_often_as_they_say() {
    let made: Vec<Vec<f64>> = (0..150).map(|seed| walk(1_000 + seed, 66)).collect();
    let known: Vec<Series<'_>> = made.iter().map(|values| Series::of(&values[..60])).collect();
    let plan = Plan { method: Method::Theta, period: 12, horizon: 6, shortest: 36, origins: 24 };
    let past = backtest(&known, &plan).expect("long enough");
    let attainment = Attainment::of(&past).expect("enough errors");
    let reliability = Reliability::of(&past).expect("enough chances");
    assert!(reliability.brier < 0.22, "{}", reliability.brier);
    let off: f64 = reliability.bins.iter().map(|bin| (bin.told - bin.came).abs() * bin.n as f64).sum::<f64>()
        / reliability.n as f64;
    assert!(off < 0.05, "{off} {:?}", reliability.bins);
    let (mut told, mut came, mut inside) = (0.0, 0.0, 0);
    for values in &made {
        let fitted = Method::Theta.fit(&values[..60], 12).expect("long enough");
        let forecast: f64 = fitted.path(6).iter().sum();
        let series = Series::of(&values[..60]);
        let expected = series.expected(&plan, &(fitted.clone(), Vec::new()), 0, 6);
        assert_eq!(expected.before, Some(values[48..54].iter().sum()));
        let chance = attainment.chance(&fitted, 6, expected, forecast * 1.03).expect("known");
        assert!(chance.interval.holds(chance.value) && (0.0..=1.0).contains(&chance.value));
        let reach = attainment.interval(&fitted, 6, expected, Level::P80).expect("known");
        inside += usize::from(reach.holds(values[60..].iter().sum()));
        told += chance.value;
        came += f64::from(u8::from(values[60..].iter().sum::<f64>() >= forecast * 1.03));
    }
    assert!((told - came).abs() / 150.0 < 0.1, "{told} {came}");
    assert!((108..=132).contains(&inside), "80 % of 150: {inside}");
}

#[test]
fn a_sum_that_begins_later_is_reached_as_often_as_it_says() {
    const SERIES: u64 = 400;
    let made: Vec<Vec<f64>> = (0..SERIES).map(|seed| walk(5_000 + seed, 66)).collect();
    let known: Vec<Series<'_>> = made.iter().map(|values| Series::of(&values[..60])).collect();
    let plan = Plan { method: Method::Theta, period: 12, horizon: 6, shortest: 36, origins: 24 };
    let past = backtest(&known, &plan).expect("long enough");
    // Two steps are let go by, the four after them count.
    let attainment = Attainment::after(&past, 2).expect("enough errors");
    assert_eq!(attainment.skipped(), 2);
    for wanted in [0.5, 0.7, 0.9] {
        let mut came = 0;
        for values in &made {
            let fitted = Method::Theta.fit(&values[..60], 12).expect("long enough");
            let expected = Series::of(&values[..60]).expected(&plan, &(fitted.clone(), Vec::new()), 2, 4);
            assert_eq!(expected.before, Some(values[50..54].iter().sum()));
            let amount = attainment.amount(&fitted, 4, expected, wanted).expect("known");
            let back = attainment.chance(&fitted, 4, expected, amount).expect("known").value;
            assert!((back - wanted).abs() < 0.01, "{back} {wanted}");
            came += u64::from(values[62..66].iter().sum::<f64>() >= amount);
        }
        let share = came as f64 / SERIES as f64;
        assert!((share - wanted).abs() < 0.05, "{wanted} {share}");
    }
    let fitted = Method::Theta.fit(&made[0][..60], 12).expect("long enough");
    assert!(attainment.amount(&fitted, 4, Expected { forecast: 400.0, spread: 9.0, before: None }, 1.0).is_err());
    assert!(matches!(Attainment::after(&past, 6), Err(Error::NotEnough { .. })));
}

#[test]
fn the_calendar_is_taken_out_and_put_back() {
    // Every seventh step doubles; no season of 12 can know that.
    let factor = |t: usize| if t % 7 == 3 { 2.0 } else { 1.0 };
    let values: Vec<f64> = (0..48).map(|t| 50.0 * factor(t) + (t % 3) as f64).collect();
    let calendar = |known: usize| (0..known + 6).map(factor).collect();
    let series = Series { calendar: Some(&calendar), ..Series::of(&values) };
    let plan = Plan { method: Method::Theta, period: 12, horizon: 6, shortest: 24, origins: 12 };
    let past = backtest(&[series], &plan).expect("long enough");
    for errors in &past.errors {
        for (forecast, actual) in errors.forecast.iter().zip(&errors.actual) {
            assert!((forecast - actual).abs() < 6.0, "{forecast} {actual}");
        }
    }
}

#[test]
fn a_short_series_takes_the_season_of_others() {
    let season = Season::known(crate::season::Kind::Multiplicative, &[0.5, 1.5, 1.0, 1.0]).expect("factors");
    let values: Vec<f64> = (0..7).map(|t| 100.0 * season.spread(t)).collect();
    let series = Series { season: Some(&season), ..Series::of(&values) };
    let plan = Plan { method: Method::Theta, period: 4, horizon: 3, shortest: 4, origins: 3 };
    let (fitted, _) = series.fit(&plan, 7).expect("long enough");
    for (step, expected) in [(1, 100.0), (2, 50.0), (3, 150.0)] {
        assert!((fitted.ahead(step) - expected).abs() < 1e-6, "{step}");
    }
}

#[test]
fn too_little_is_told() {
    assert!(matches!(Method::Theta.fit(&[1.0, 2.0, 3.0], 12), Err(Error::NotEnough { needed: 4, got: 3, .. })));
    assert!(matches!(Method::Theta.fit(&[1.0, 2.0, 3.0, f64::INFINITY], 12), Err(Error::NotFinite { index: 3, .. })));
    let plan = Plan { method: Method::Theta, period: 12, horizon: 3, shortest: 12, origins: 12 };
    assert!(matches!(backtest(&[], &plan), Err(Error::NotEnough { .. })));
    assert!(matches!(backtest(&[Series::of(&[1.0; 12])], &plan), Err(Error::NotEnough { needed: 13, got: 12, .. })));
    let flat = backtest(&[Series::of(&[7.0; 40])], &plan).expect("long enough");
    assert!(matches!(Calibration::of(&flat), Err(Error::NotEnough { .. })), "a series without errors teaches nothing");
    let moving = walk(1, 60);
    let calibration = Calibration::of(&backtest(&[Series::of(&moving)], &plan).expect("past")).expect("errors");
    let still = Method::Theta.fit(&[0.0; 40], 12).expect("long enough");
    assert_eq!(still.path(3), [0.0; 3]);
    assert!(matches!(calibration.forecast(&still, Level::P80), Err(Error::Constant { .. })));
}

#[test]
fn pooling_gives_the_least_squares_rising_function() {
    let rising = isotonic(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 4.0, 2.0, 3.0, 9.0]).expect("points");
    let at: Vec<f64> = (1..=5).map(|x| rising.at(f64::from(x))).collect();
    assert_eq!(at, [1.0, 3.0, 3.0, 3.0, 9.0]);
    assert!(isotonic(&[], &[]).is_err() && isotonic(&[1.0], &[f64::NAN]).is_err());
}

fn hostile() -> impl Strategy<Value = Vec<f64>> {
    let one = prop_oneof![Just(0.0), Just(1e12), -1e6..1e6_f64, 0.0..1.0_f64, Just(-3.0)];
    prop_oneof![
        proptest::collection::vec(one, 0..60),
        (0_usize..60, -5.0..5.0_f64).prop_map(|(n, value)| vec![value; n]),
        proptest::collection::vec(prop_oneof![4 => Just(0.0), 1 => 1.0..1e5_f64], 0..60),
    ]
}

proptest! {
    #[test]
    fn no_series_breaks_a_method(values in hostile(), period in 1_usize..14, steps in 1_usize..30) {
        for method in METHODS {
            match method.fit(&values, period) {
                Ok(fitted) => {
                    prop_assert!(fitted.path(steps).iter().all(|value| value.is_finite()), "{:?}", method);
                    prop_assert!((1..=steps).all(|step| fitted.spread(step).is_finite() && fitted.spread(step) >= 0.0));
                    prop_assert!(fitted.scale().is_finite());
                    if values.iter().all(|value| *value >= 0.0) {
                        prop_assert!(fitted.path(steps).iter().all(|value| *value >= 0.0));
                    }
                }
                Err(error) => prop_assert!(values.len() < 4, "{error}"),
            }
        }
    }

    #[test]
    fn no_past_breaks_a_calibration(
        one in hostile(), other in hostile(), horizon in 0_usize..8, shortest in 0_usize..30, needed in -1e7..1e7_f64,
    ) {
        let plan = Plan { method: Method::Theta, period: 12, horizon, shortest, origins: 20 };
        let series = [Series::of(&one), Series::of(&other)];
        let Ok(past) = backtest(&series, &plan) else { return Ok(()) };
        let Ok(fitted) = Method::Theta.fit(&one, 12) else { return Ok(()) };
        if let Ok(forecast) = Calibration::of(&past).and_then(|known| known.forecast(&fitted, Level::P80)) {
            for step in forecast.steps {
                prop_assert!(step.interval.low <= step.value && step.value <= step.interval.high);
                prop_assert!(step.interval.low.is_finite() && step.interval.high.is_finite());
            }
        }
        if let Ok(chance) = Attainment::of(&past).and_then(|known| known.chance(&fitted, horizon, Expected { forecast: 10.0, spread: 1.0, before: Some(7.0) }, needed)) {
            prop_assert!((0.0..=1.0).contains(&chance.value) && chance.interval.holds(chance.value));
        }
        if let Ok(reliability) = Reliability::of(&past) {
            prop_assert!(reliability.brier.is_finite());
        }
    }

    #[test]
    fn a_rising_function_never_falls(points in proptest::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 1..50)) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let rising = isotonic(&x, &y).expect("points");
        let at: Vec<f64> = (0..=50).map(|step| rising.at(f64::from(step) / 50.0)).collect();
        prop_assert!(at.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    }

    #[test]
    fn a_chance_falls_as_the_target_rises(seed in 0_u64..50) {
        let values = walk(seed, 60);
        let plan = Plan { method: Method::Theta, period: 12, horizon: 3, shortest: 24, origins: 36 };
        let past = backtest(&[Series::of(&values)], &plan).expect("long enough");
        let attainment = Attainment::of(&past).expect("enough errors");
        let fitted = Method::Theta.fit(&values, 12).expect("long enough");
        let sum: f64 = fitted.path(3).iter().sum();
        let expected = Expected { forecast: sum, spread: 3.0 * fitted.spread(1), before: None };
        let chances: Vec<f64> = (0..20)
            .map(|step| sum * (0.5 + 0.05 * f64::from(step)))
            .map(|target| attainment.chance(&fitted, 3, expected, target).expect("known").value)
            .collect();
        prop_assert!(chances.windows(2).all(|pair| pair[0] >= pair[1] - 1e-12), "{:?}", chances);
    }
}
