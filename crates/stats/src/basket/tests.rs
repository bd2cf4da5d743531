use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::multiple::ErrorRate;

fn baskets(of: &[&[u32]]) -> Baskets {
    let mut all = Baskets::default();
    of.iter().for_each(|one| all.push(one.iter().copied()));
    all
}

/// The published table, tables that a hand can sum, and a large one against the sum of all its terms.
#[test]
fn fisher_is_the_tail() {
    assert!((fisher_greater([[8, 2], [1, 5]]) - 0.024476).abs() < 5e-7);
    // Of C(6,3) = 20 ways to choose who buys the other, one has all three: 1/20; at least two: 10/20.
    assert!((fisher_greater([[3, 0], [0, 3]]) - 0.05).abs() < 1e-12);
    assert!((fisher_greater([[2, 1], [1, 2]]) - 0.5).abs() < 1e-12);
    assert_eq!(fisher_greater([[0, 3], [3, 0]]), 1.0);
    let logs = LogFactorials::up_to(1_000);
    let chance = |both: u32| logs.greater(both, 200, 300, 1_000) - logs.greater(both + 1, 200, 300, 1_000);
    let mean: f64 = (0..=200).map(|both| f64::from(both) * chance(both)).sum();
    assert!((mean - 60.0).abs() < 1e-6, "200 · 300 / 1000: {mean}");
}

#[test]
fn counts_and_pairs() {
    let made = baskets(&[&[0, 1, 1], &[1, 0], &[2], &[], &[0, 2]]);
    assert_eq!(made.of(0), [0, 1]);
    let together = Together::of(&made, 3).expect("in range");
    assert_eq!((together.both(0, 0), together.both(0, 1), together.both(1, 0), together.both(1, 2)), (3, 2, 2, 0));
    assert!(Together::of(&made, 2).is_err());

    // Ten buy 0 and 1, ten buy 2 alone: a lift of 10·20/(10·10) = 2; 2 goes with nothing.
    let mut all = Baskets::default();
    (0..20).for_each(|place| all.push(if place < 10 { vec![0, 1] } else { vec![2] }));
    let found = pairs(&Together::of(&all, 3).expect("in range"), ErrorRate::P05).expect("p-values");
    assert_eq!(found.len(), 1);
    let pair = found[0];
    assert_eq!((pair.one, pair.other, pair.both, pair.lift), (0, 1, 10, 2.0));
    // One way in C(20,10) = 184,756.
    assert!((pair.p - 1.0 / 184_756.0).abs() < 1e-12 && (pair.adjusted - pair.p).abs() < 1e-12);
    // Four together are too few, however clear.
    let mut few = Baskets::default();
    (0..40).for_each(|place| few.push(if place < 4 { vec![0, 1] } else { vec![2] }));
    assert!(pairs(&Together::of(&few, 3).expect("in range"), ErrorRate::P05).expect("p-values").is_empty());
}

/// XᵀX = [[2,1],[1,2]], λ = 1: P = [[3,1],[1,3]]⁻¹ = [[3,−1],[−1,3]]/8, so B₀₁ = 1/3.
#[test]
fn ease_by_hand() {
    let together = Together::of(&baskets(&[&[0, 1], &[0], &[1]]), 2).expect("in range");
    let ease = Ease::fit(&together, 1.0).expect("a penalty");
    assert!((ease.weight(0, 1) - 1.0 / 3.0).abs() < 1e-6 && (ease.weight(1, 0) - 1.0 / 3.0).abs() < 1e-6);
    assert_eq!(ease.weight(0, 0), 0.0);
    assert!(Ease::fit(&together, 0.0).is_err());
}

/// Items of six tastes and staples that everybody buys; one item is hidden from each basket. EASE finds it among three more often than neighbours
/// do, and than what is bought most.
#[test]
fn finds_what_was_hidden() {
    let mut random = Pcg64Mcg::seed_from_u64(9);
    let (items, tastes) = (60_u32, 6_u32);
    let (mut all, mut hidden) = (Baskets::default(), Vec::new());
    for _ in 0..1_500 {
        let taste = random.random_range(0..tastes);
        // Own taste often, staples by everybody, the rest seldom.
        let chance = |item: u32| match (item % tastes == taste, item < 6) {
            (_, true) => 0.6,
            (true, false) => 0.5,
            (false, false) => 0.04,
        };
        let held: Vec<u32> = (0..items).filter(|item| random.random_bool(chance(*item))).collect();
        if held.len() < 3 {
            continue;
        }
        let out = random.random_range(0..held.len());
        hidden.push(held[out]);
        all.push(held.iter().copied().filter(|item| *item != held[out]));
    }
    let together = Together::of(&all, items as usize).expect("in range");
    let ease = Ease::fit(&together, 50.0).expect("a penalty");
    let neighbours = Neighbours::of(&together, 20);
    let hits = |score: &dyn Fn(&[u32], u32) -> f64| {
        let found = (0..all.len()).filter(|place| {
            let held = all.of(*place);
            let mut rest: Vec<u32> = (0..items).filter(|item| held.binary_search(item).is_err()).collect();
            rest.sort_by(|a, b| score(held, *b).total_cmp(&score(held, *a)).then(a.cmp(b)));
            rest[..3].contains(&hidden[*place])
        });
        found.count() as f64 / all.len() as f64
    };
    let by_ease = hits(&|held, item| ease.score(held, item));
    let by_neighbours = hits(&|held, item| neighbours.score(held, item));
    let by_most = hits(&|_, item| f64::from(together.both(item as usize, item as usize)));
    eprintln!("found among three: EASE {by_ease:.3}, neighbours {by_neighbours:.3}, most bought {by_most:.3}");
    assert!(by_ease > by_neighbours.max(by_most), "{by_ease} {by_neighbours} {by_most}");
}
