use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Distribution, Normal};
use rand_pcg::Pcg64Mcg;

use super::*;

fn past(effect: f64, error: f64, verdict: Verdict) -> Past {
    Past { effect, error, verdict }
}

/// Gelman et al., Bayesian Data Analysis, table 5.2: eight schools, whose effects lie between 5 and 11 after shrinking.
#[test]
fn eight_schools() {
    let schools =
        [(28.0, 15.0), (8.0, 10.0), (-3.0, 16.0), (7.0, 11.0), (-1.0, 9.0), (1.0, 11.0), (18.0, 10.0), (12.0, 18.0)];
    let groups: Vec<Vec<Past>> =
        schools.iter().map(|(effect, error)| vec![past(*effect, *error, Verdict::NotEnoughEvidence)]).collect();
    let told = records(&groups, Level::P95).expect("eight");
    // Theirs has no spread within a school, so they keep a little more of the differences: 11, 8, 6, 8, 5, 6, 10, 8 (medians 10 … 5).
    let theirs = [11.0, 8.0, 6.0, 8.0, 5.0, 6.0, 10.0, 8.0];
    for (record, theirs) in told.iter().zip(theirs) {
        assert!((record.effect.value - theirs).abs() < 1.6, "{} {theirs}", record.effect.value);
        assert!(record.effect.interval.low < 0.0 && record.effect.interval.high > 14.0 && record.untold == 1);
    }
    assert!(told[0].effect.value > told[6].effect.value && told[6].effect.value > told[4].effect.value);
}

#[test]
fn few_cases_say_little_and_many_say_much() {
    let of = |worked: usize, tried: usize| -> Vec<Past> {
        (0..tried)
            .map(|one| past(0.06, 0.03, if one < worked { Verdict::Worked } else { Verdict::DidNotWork }))
            .collect()
    };
    let told = records(&[of(7, 11), of(1, 1), of(0, 2), of(30, 100), of(35, 100), vec![]], Level::P80).expect("some");
    let chances: Vec<f64> = told.iter().map(|record| record.chance.value).collect();
    assert!((chances[3] - 0.3).abs() < 0.03 && chances[0] > 0.4 && chances[0] < 7.0 / 11.0, "{chances:?}");
    assert!(chances[1] < 0.7 && chances[2] > 0.1, "{chances:?}");
    let width = |of: usize| told[of].chance.interval.width();
    assert!(width(3) < width(0) && width(0) < width(1), "{told:?}");
    assert!(told[5].median.is_none() && (told[5].effect.value - 0.06).abs() < 0.01 && told[5].tried == 0);
    assert!(told.iter().all(|record| record.next.width() > record.effect.interval.width()));
}

/// Chances and effects known because they were made up: the intervals hold them.
#[test]
fn intervals_hold_and_shrinking_helps() {
    let mut random = Pcg64Mcg::seed_from_u64(5);
    let normal = Normal::new(0.0, 1.0).expect("valid");
    let (mut held, mut of, mut raw, mut drawn) = ([0_u32; 3], 0_u32, 0.0, 0.0);
    for _ in 0..30 {
        let beta = Beta::new(3.0, 4.0).expect("valid");
        let truths: Vec<(f64, f64)> =
            (0..6).map(|_| (beta.sample(&mut random), 0.05 + 0.04 * normal.sample(&mut random))).collect();
        let groups: Vec<Vec<Past>> = truths
            .iter()
            .map(|(chance, effect)| {
                (0..random.random_range(1..9))
                    .map(|_| {
                        let verdict = if random.random_bool(*chance) { Verdict::Worked } else { Verdict::DidNotWork };
                        let error = random.random_range(0.03..0.10);
                        let own: f64 = effect + 0.03 * normal.sample(&mut random);
                        past(own + error * normal.sample(&mut random), error, verdict)
                    })
                    .collect()
            })
            .collect();
        for ((record, group), (chance, effect)) in
            records(&groups, Level::P80).expect("some").iter().zip(&groups).zip(&truths)
        {
            of += 1;
            held[0] += u32::from(record.chance.interval.holds(*chance));
            held[1] += u32::from(record.effect.interval.holds(*effect));
            held[2] += u32::from(record.next.holds(effect + 0.03 * normal.sample(&mut random)));
            let mean = group.iter().map(|past| past.effect).sum::<f64>() / group.len() as f64;
            raw += (mean - effect).powi(2);
            drawn += (record.effect.value - effect).powi(2);
        }
    }
    let share = held.map(|held| f64::from(held) / f64::from(of));
    eprintln!(
        "80 % intervals hold chance, effect, next: {share:?} of {of}; squared error {:.2} of the plain mean's",
        drawn / raw
    );
    assert!(share.iter().all(|share| (0.74..=0.90).contains(share)), "{share:?}");
    assert!(drawn < 0.8 * raw, "{drawn} {raw}");
}

#[test]
fn nothing_teaches_nothing() {
    assert!(matches!(records(&[vec![]], Level::P80), Err(Error::NotEnough { .. })));
    let one = |effect, error| records(&[vec![past(effect, error, Verdict::Worked)]], Level::P80);
    assert!(matches!(one(f64::NAN, 1.0), Err(Error::NotFinite { .. })));
    assert!(matches!(one(1.0, 0.0), Err(Error::OutOfRange { .. })));
    let alone = one(0.1, 0.02).expect("one");
    assert!((alone[0].effect.value - 0.1).abs() < 1e-6 && alone[0].effect.interval.width() > 0.06);
}
