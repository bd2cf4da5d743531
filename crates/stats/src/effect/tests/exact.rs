//! What has to hold whatever the data: hand-made cases, identities, refusals.

use proptest::prelude::*;

use super::{
    simplex::{Simplex, Square},
    world::World,
    *,
};
use crate::{Error, Interval, Level};

fn unit(outcomes: &[f64], from: Option<usize>) -> Unit {
    Unit { outcomes: outcomes.iter().map(|outcome| Some(*outcome)).collect(), from }
}

fn effect(panel: &Panel, selection: usize, method: Method) -> Effect {
    Effect::of(panel, &Design::of(panel, selection).expect("a design"), method, Search::Optimum)
}

#[test]
fn differences_by_hand() {
    // Before: 10 and 12, controls 20 and 30 on average; after: 25 against 27. (25 − 11) − (27 − 25) = 12.
    let panel = Panel::new(&[
        unit(&[10.0, 12.0, 25.0], Some(2)),
        unit(&[18.0, 28.0, 26.0], None),
        unit(&[22.0, 32.0, 28.0], None),
    ])
    .expect("a panel");
    let found = effect(&panel, 0, Method::Did);
    assert_close!(found.value, 12.0, 1e-12);
    assert_close!(found.expected, 13.0, 1e-12);
    assert_close!(found.relative().expect("above 0"), 12.0 / 13.0, 1e-12);
}

#[test]
fn a_twin_is_found_and_cohorts_weigh_by_their_cells() {
    let wave = |shift: f64| -> Vec<f64> {
        (0..12).map(|time| 50.0 + 10.0 * (f64::from(time) + shift).sin() + f64::from(time) * shift).collect()
    };
    let acted = |shift, from: usize, added: f64| {
        let mut outcomes = wave(shift);
        outcomes[from..].iter_mut().for_each(|outcome| *outcome += added);
        unit(&outcomes, Some(from))
    };
    let mut units: Vec<Unit> = (0..6).map(|shift| unit(&wave(f64::from(shift)), None)).collect();
    units.extend([acted(1.0, 8, 5.0), acted(1.0, 8, 5.0), acted(3.0, 10, 20.0)]);
    let panel = Panel::new(&units).expect("a panel");
    // Without noise in the way the synthetic control is the twin, and the effect what was added:
    // (2 units × 4 times × 5 + 1 × 2 × 20) / 10.
    let found = effect(&panel, 0, Method::SyntheticControl);
    assert_close!(found.value, 8.0, 0.01);
    for (cohort, twin) in found.cohorts.iter().zip([1, 3]) {
        let largest = cohort.units.iter().max_by(|one, other| one.weight.total_cmp(&other.weight)).expect("some");
        assert_eq!(largest.of, twin);
        assert!(largest.weight > 0.99, "{largest:?}");
    }
}

/// A panel of chance alone.
fn chance(seed: u64) -> Panel {
    World { controls: 12, treated: 3, before: 10, after: 4, ..World::PLAIN }.make(seed)
}

fn rebuilt(panel: &Panel, order: &[usize], cell: impl Fn(usize, usize, f64) -> f64) -> Panel {
    let units: Vec<Unit> = order
        .iter()
        .map(|unit| Unit {
            outcomes: (0..panel.times()).map(|time| panel.outcome(*unit, time).map(|y| cell(*unit, time, y))).collect(),
            from: panel.start(*unit),
        })
        .collect();
    Panel::new(&units).expect("a panel")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn levels_times_units_and_order_do_not_matter(seed in 0_u64..10_000, scale in 0.01_f64..1_000.0, shift in -5e3_f64..5e3) {
        let panel = chance(seed);
        let order: Vec<usize> = (0..panel.units()).rev().collect();
        // What a unit has at all times falls out, and with plain differences also what all have in common at a time; the unit of
        // measure scales.
        for (method, shift) in [(Method::SyntheticDid, 0.0), (Method::Did, shift)] {
            let other = rebuilt(&panel, &order, |unit, time, y| {
                scale * (y + shift * (time as f64).cos() + 100.0 * unit as f64)
            });
            let (one, other) = (effect(&panel, 0, method).value, effect(&other, 0, method).value / scale);
            // Weights are known as exactly as the search ends, 10⁻⁴·σ̂ of the fit; the effect follows them.
            let largest = (0..panel.units()).flat_map(|unit| panel.row(unit)).fold(0.0_f64, |most, cell| most.max(*cell));
            prop_assert!((one - other).abs() <= 1e-4 * largest, "{one} {other} {largest}");
        }
    }

    #[test]
    fn an_effect_added_is_an_effect_found(seed in 0_u64..10_000, added in -1e3_f64..1e3) {
        let panel = chance(seed);
        let order: Vec<usize> = (0..panel.units()).collect();
        let acted = rebuilt(&panel, &order, |unit, time, y| {
            if panel.start(unit).is_some_and(|from| time >= from) { y + added } else { y }
        });
        for method in Method::ALL {
            let (without, with) = (effect(&panel, 0, method), effect(&acted, 0, method));
            prop_assert!((with.value - without.value - added).abs() <= 1e-9 * (1.0 + with.value.abs()));
            for cohort in &with.cohorts {
                let sum = |weights: &[Weight]| weights.iter().map(|one| one.weight).sum::<f64>();
                prop_assert!((sum(&cohort.units) - 1.0).abs() < 1e-9 && cohort.units.iter().all(|one| one.weight > 0.0));
                prop_assert!(cohort.times.is_empty() || (sum(&cohort.times) - 1.0).abs() < 1e-9);
                // The path tells the effect too: treated less expected after (and before, weighted, nothing).
                let gap: Vec<f64> = cohort.path.iter().filter(|at| at.time >= cohort.from).map(|at| at.treated - at.expected).collect();
                prop_assert!((gap.iter().sum::<f64>() / gap.len() as f64 - cohort.value).abs() <= 1e-9 * (1.0 + cohort.value.abs() + added.abs()) * 1e3);
            }
        }
    }

    #[test]
    fn no_weights_are_better_than_those_found(cells in prop::collection::vec(-5.0_f64..5.0, 24), penalty in 0.0_f64..3.0, tried in prop::collection::vec(0.001_f64..1.0, 6)) {
        let (columns, target) = (cells[..20].to_vec(), &cells[20..]);
        let square = Square::new(columns.clone(), 4);
        let problem = Simplex { square: &square, aim: square.times(target), penalty, out: &[], noise: 1.0 };
        let cost = |weights: &[f64]| {
            let fitted = |row: usize| (0..5).map(|column| weights[column] * columns[4 * column + row]).sum::<f64>();
            let apart: f64 = (0..4).map(|row| (fitted(row) - target[row]).powi(2)).sum();
            apart + penalty * weights.iter().map(|weight| weight * weight).sum::<f64>()
        };
        let (best, published) = (problem.weights(Search::Optimum), problem.weights(Search::Published));
        let sum: f64 = tried[..5].iter().sum();
        let any: Vec<f64> = tried[..5].iter().map(|weight| weight / sum).collect();
        for other in [any, published.clone(), vec![0.2; 5]] {
            prop_assert!(cost(&best) <= cost(&other) + 1e-6, "{} {}", cost(&best), cost(&other));
        }
        prop_assert!(cost(&published) <= cost(&best) + 0.05 * (1.0 + cost(&best)));
    }

    #[test]
    fn a_lot_is_balanced_whole_and_the_same_in_any_order(sizes in prop::collection::vec(0.0_f64..1e6, 4..60), seed in 0_u64..1_000, share in 0.1_f64..0.9) {
        let n = sizes.len();
        let now = ((share * n as f64) as usize).clamp(1, n - 1);
        let ids: Vec<usize> = (0..n).collect();
        let list = waiting_list(&sizes, &ids, now, seed).expect("a lot");
        let mut all: Vec<usize> = list.now.iter().chain(&list.later).copied().collect();
        all.sort_unstable();
        prop_assert_eq!(&all, &ids);
        prop_assert_eq!(list.now.len(), now);
        // Between two neighbours of the smaller group by size lie fewer than two blocks of the larger.
        let mut order = ids.clone();
        order.sort_by(|one, other| sizes[*one].total_cmp(&sizes[*other]).then(one.cmp(other)));
        let small = if now <= n - now { &list.now } else { &list.later };
        let places: Vec<usize> = order.iter().enumerate().filter(|(_, id)| small.contains(id)).map(|(place, _)| place).collect();
        let block = n.div_ceil(small.len());
        prop_assert!(places.windows(2).all(|pair| pair[1] - pair[0] < 2 * block));
        let backwards: Vec<usize> = ids.iter().rev().copied().collect();
        let reversed: Vec<f64> = sizes.iter().rev().copied().collect();
        let again = waiting_list(&reversed, &backwards, now, seed).expect("a lot");
        let named: Vec<usize> = again.now.iter().map(|place| backwards[*place]).collect();
        prop_assert_eq!(named, list.now);
    }
}

#[test]
fn every_candidate_has_the_same_chance() {
    let (sizes, ids): (Vec<f64>, Vec<usize>) = ((0..12).map(f64::from).collect(), (0..12).collect());
    let mut drawn = [0_u32; 12];
    for seed in 0..4_000 {
        waiting_list(&sizes, &ids, 4, seed).expect("a lot").now.iter().for_each(|place| drawn[*place] += 1);
    }
    assert!(drawn.iter().all(|times| times.abs_diff(4_000 / 3) < 120), "{drawn:?}");
}

#[test]
fn a_matched_group_moves_alike() {
    let panel = Panel::new(&[
        unit(&[1.0, 5.0, 1.0, 5.0], None),
        unit(&[9.0, 1.0, 9.0, 1.0], None),
        unit(&[101.0, 105.0, 101.0, 105.5], None),
        unit(&[2.0, 2.0, 2.0, 2.0], None),
    ])
    .expect("a panel");
    assert_eq!(matched(&panel, &[0], &[0, 1, 2, 3], 1).expect("one"), [2]);
    assert_eq!(matched(&panel, &[0], &[1, 2, 3], 9).expect("all"), [1, 2, 3]);
}

#[test]
fn what_is_not_known_is_left_out_and_told() {
    let mut units: Vec<Unit> =
        (0..8).map(|one| unit(&[f64::from(one), 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], None)).collect();
    (units[0].from, units[1].from, units[2].from) = (Some(6), Some(6), Some(6));
    units[0].outcomes[1] = None;
    units[1].outcomes[..4].fill(None);
    units[3].outcomes[2] = None;
    units[4].outcomes[1] = None;
    let panel = Panel::new(&units).expect("a panel");
    let design = Design::of(&panel, 1).expect("a design");
    let out = |unit, missing, treated| LeftOut { unit, missing, treated };
    // Unit 1 lacks four of seven times; time 1 is missing of unit 0, so unit 4 need not be known there; 5 was the selection's.
    assert_eq!(design.units_left_out, [out(1, 4, true), out(3, 1, false)]);
    assert_eq!(design.times_left_out, [(6, 1)]);
    assert_eq!((&*design.cohorts[0].before, &*design.cohorts[0].after), (&[0, 2, 3, 4][..], &[6, 7][..]));
    assert_eq!(design.controls, [4, 5, 6, 7]);
    // Whoever sold nothing before has no usual to be held against.
    let mut units = vec![unit(&[0.0, 0.0, 5.0], None); 2];
    units.push(unit(&[1.0, 3.0, 5.0], Some(2)));
    let relative = Panel::new(&units).expect("a panel").relative(0);
    assert_eq!((relative.outcome(0, 2), relative.outcome(2, 2)), (None, Some(2.5)));
}

#[test]
fn too_little_is_refused() {
    let flat = |n: usize, treated: usize| {
        let units: Vec<Unit> = (0..n).map(|one| unit(&[1.0, 1.0, 1.0, 1.0], (one < treated).then_some(2))).collect();
        Panel::new(&units).expect("a panel")
    };
    let design = |panel: &Panel| Design::of(panel, 0);
    assert!(matches!(Panel::new(&[]), Err(Error::NotEnough { .. })));
    assert!(matches!(Panel::new(&[unit(&[f64::NAN], None)]), Err(Error::NotFinite { .. })));
    assert!(matches!(Panel::new(&[unit(&[1.0], Some(1))]), Err(Error::OutOfRange { .. })));
    assert!(matches!(Panel::new(&[unit(&[1.0], None), unit(&[], None)]), Err(Error::Unequal { .. })));
    assert!(matches!(design(&flat(5, 0)), Err(Error::NotEnough { what: "treated units", .. })));
    assert!(matches!(design(&flat(5, 4)), Err(Error::NotEnough { .. })));
    assert!(matches!(Design::of(&flat(9, 1), 1), Err(Error::NotEnough { needed: 2, got: 1, .. })));
    // Nothing ever changes: an effect of 0 that nobody can be sure of.
    let panel = flat(9, 1);
    let still = design(&panel).expect("a design");
    assert_close!(Effect::of(&panel, &still, Method::SyntheticDid, Search::Published).value, 0.0, 0.0);
    assert!(matches!(Measured::of(&panel, &still, How::usual(1)), Err(Error::Constant { .. })));
    let few = How { draws: Draws { count: 3, seed: 1 }, ..How::usual(1) };
    assert!(matches!(Measured::of(&panel, &still, few), Err(Error::NotEnough { what: "draws", .. })));
    assert!(waiting_list(&[1.0, 2.0], &["a", "a"], 1, 1).is_err() && waiting_list(&[1.0], &["a"], 1, 1).is_err());
    assert!(
        panel.planned(&[99], 1).is_err() && panel.planned(&[0], 4).is_err() && matched(&panel, &[], &[1], 1).is_err()
    );
}

#[test]
fn a_verdict_needs_the_interval() {
    let judged = |low, high, direction| {
        let judged =
            Judgement::of(&Interval { low, high, level: Level::P90 }, Wanted::new(direction, 5.0).expect("above 0"));
        (judged.verdict, judged.size, judged.harmed)
    };
    use Direction::{Down, Up};
    assert_eq!(judged(6.0, 9.0, Up), (Verdict::Worked, Size::Surely, false));
    assert_eq!(judged(1.0, 9.0, Up), (Verdict::Worked, Size::Perhaps, false));
    assert_eq!(judged(1.0, 4.0, Up), (Verdict::Worked, Size::No, false));
    assert_eq!(judged(-1.0, 4.0, Up), (Verdict::DidNotWork, Size::No, false));
    assert_eq!(judged(-1.0, 9.0, Up), (Verdict::NotEnoughEvidence, Size::Perhaps, false));
    assert_eq!(judged(-9.0, -1.0, Up), (Verdict::DidNotWork, Size::No, true));
    assert_eq!(judged(-9.0, -6.0, Down), (Verdict::Worked, Size::Surely, false));
    assert!(Wanted::new(Up, 0.0).is_err() && Wanted::new(Up, f64::INFINITY).is_err());
}

/// Controls say how much of being low lasts: here 0.6 of the distance of the root of their share from 1. Held against that, units as low as a quarter are expected at 0.7.
#[test]
fn what_lasts_of_a_selection_is_told_by_controls_that_were_as_low() {
    let unit = |share: f64, added: f64, from: Option<usize>| {
        let later = 1.0 + 0.6 * (share.sqrt() - 1.0) + added;
        // Whatever the size.
        let outcomes = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, share, share, later, later].map(Some).to_vec();
        Unit { outcomes, from }
    };
    let shares = [0.0, 0.25, 0.64, 1.0, 1.44];
    let controls = (0..20).map(|place| unit(shares[place % shares.len()], 0.0, None));
    let units: Vec<Unit> = controls.chain((0..3).map(|_| unit(0.25, 0.2, Some(8)))).collect();
    let panel = Panel::new(&units).expect("a panel");
    let design = Design::of(&panel, 2).expect("a design");
    // Left alone, units that were low are held against units that were not.
    let middle = 0.6 * ((0.0 + 0.5 + 0.8 + 1.0 + 1.2) / 5.0 - 1.0);
    assert_close!(Effect::of(&panel, &design, Method::Did, Search::Optimum).value, -0.3 + 0.2 - middle, 1e-12);
    let (as_low, lasting) = panel.as_low(&design, &[6, 7]).expect("enough tell");
    assert_close!(Effect::of(&as_low, &design, Method::Did, Search::Optimum).value, 0.2, 1e-12);
    assert_close!(lasting.then, 0.25, 1e-12);
    assert_close!(lasting.later, -0.3 - middle, 1e-12);
    assert_close!(lasting.slope, 0.6, 1e-12);
    assert_close!(lasting.error, 0.0, 1e-12);
    assert_eq!(as_low.outcome(20, 9), panel.outcome(20, 9), "the picked are as low as themselves");
    assert_eq!(as_low.outcome(0, 7), panel.outcome(0, 7), "nothing before the start is moved");

    // A base that was high by chance in one half makes nothing last: both halves speak, and none to itself.
    let chance = |high: usize| {
        let outcomes = (0..10).map(|time| Some(if time / 3 == high { 1.5 } else { 1.0 })).collect();
        Unit { outcomes, from: None }
    };
    let treated = Unit { outcomes: vec![Some(1.0); 10], from: Some(8) };
    let noisy: Vec<Unit> = (0..24).map(|place| chance(place % 2)).chain([treated.clone(), treated]).collect();
    let noisy = Panel::new(&noisy).expect("a panel");
    let design = Design::of(&noisy, 2).expect("a design");
    let (_, lasting) = noisy.as_low(&design, &[6, 7]).expect("enough tell");
    assert!(lasting.slope < 0.0, "{lasting:?}");

    // Too few to tell.
    let few = Panel::new(&units[5..]).expect("a panel");
    let design = Design::of(&few, 2).expect("a design");
    assert!(matches!(few.as_low(&design, &[6, 7]), Err(Error::NotEnough { needed: 20, got: 15, .. })));
    assert!(matches!(panel.as_low(&design, &[]), Err(Error::NotEnough { .. })));
}
