use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{Error, Level};

#[test]
fn a_chance_moves_with_its_record() {
    let of = |worked, tried| Chance::shrunk(0.2, 10.0, worked, tried).expect("in range");
    assert_eq!(of(0, 0).mean(), 0.2);
    // (2 + 1)/(10 + 1); a hundred cases are hardly drawn.
    assert!((of(1, 1).mean() - 3.0 / 11.0).abs() < 1e-12 && (of(60, 100).mean() - 62.0 / 110.0).abs() < 1e-12);
    assert!((of(0, 0).lowered(0.5).mean() - 0.1).abs() < 1e-12);
    let told = of(60, 100).estimate(Level::P80);
    assert!(told.interval.holds(told.value) && told.interval.width() < of(0, 0).estimate(Level::P80).interval.width());
    assert!(matches!(Chance::shrunk(0.2, 10.0, 2, 1), Err(Error::OutOfRange { .. })));
    assert!(Chance::shrunk(1.0, 10.0, 0, 0).is_err() && Chance::shrunk(0.5, 0.0, 0, 0).is_err());
}

/// A known amount leaves the Beta alone, whose quantiles are known; the same seed gives the same, another almost the same.
#[test]
fn draws_agree_with_the_quantiles() {
    let chance = Chance::shrunk(0.3, 12.0, 5, 9).expect("in range");
    let exact = chance.estimate(Level::P80);
    let draws = |seed| Draws { count: 20_000, seed };
    let drawn = chance.share(0.0, draws(1), Level::P80).expect("draws");
    assert!((drawn.interval.low - exact.interval.low).abs() < 0.01, "{drawn:?} {exact:?}");
    assert!((drawn.interval.high - exact.interval.high).abs() < 0.01, "{drawn:?} {exact:?}");
    assert_eq!(drawn, chance.share(0.0, draws(1), Level::P80).expect("draws"));
    let wide = chance.share(0.5, draws(2), Level::P80).expect("draws");
    assert!(wide.interval.width() > drawn.interval.width() && wide.interval.holds(wide.value));
    assert!(chance.share(-1.0, draws(1), Level::P80).is_err());
}

/// What is best among all ways, each thing counted once.
fn best(choices: &[Choice], hours: f64) -> f64 {
    let worth = |set: u32| {
        let chosen = || choices.iter().enumerate().filter(move |(place, _)| set >> place & 1 == 1).map(|(_, one)| one);
        let time: f64 = chosen().map(|one| one.hours).sum();
        let most = |about: usize| chosen().filter(|one| one.about == about).map(|one| one.worth).fold(0.0, f64::max);
        if time > hours + 1e-9 { 0.0 } else { (0..5).map(most).sum::<f64>() }
    };
    (0..1_u32 << choices.len()).map(worth).fold(0.0, f64::max)
}

#[test]
fn greedy_beside_all_ways() {
    let mut random = Pcg64Mcg::seed_from_u64(4);
    let (mut reached, mut possible) = (0.0, 0.0);
    for case in 0..300 {
        let is_alike = case % 3 == 0;
        let choices: Vec<Choice> = (0..random.random_range(1..11))
            .map(|_| Choice {
                about: random.random_range(0..5),
                worth: f64::from(random.random_range(1..100)),
                hours: if is_alike { 1.0 } else { f64::from(random.random_range(1..9)) / 2.0 },
            })
            .collect();
        let hours = f64::from(random.random_range(1..6));
        let (spent, best) = (spend(&choices, hours), best(&choices, hours));
        assert!(spent.hours <= hours + 1e-9 && spent.worth <= best + 1e-9, "{choices:?} {spent:?} {best}");
        assert!(spent.worth >= best / 2.0, "{choices:?} {spent:?} {best}");
        let mut about: Vec<usize> = spent.chosen.iter().map(|place| choices[*place].about).collect();
        about.sort_unstable();
        assert!(about.windows(2).all(|two| two[0] != two[1]), "a thing is done once: {spent:?}");
        if is_alike {
            assert!((spent.worth - best).abs() < 1e-9, "{choices:?} {spent:?} {best}");
        }
        (reached, possible) = (reached + spent.worth, possible + best);
    }
    eprintln!("greedy reaches {:.3} of what is best", reached / possible);
    assert!(reached / possible > 0.95, "{}", reached / possible);
    assert_eq!(spend(&[], 10.0).chosen, Vec::<usize>::new());
}
