//! Relations that are known.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;

#[test]
fn ties_share_their_rank() {
    // By hand: ranks 1.5 1.5 3 4 5 6 7 8 against 1 … 8.
    let x = [1.0, 1.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let found = spearman(&x, &y, Level::P95).expect("eight observations");
    assert!((found.rho.value - 41.5 / (41.5_f64 * 42.0).sqrt()).abs() < 1e-12);
}

#[test]
fn chance_is_found_as_seldom_as_promised_and_a_relation_is_found() {
    let mut random = Pcg64::seed_from_u64(1904);
    let (mut families, runs) = (0, 200);
    for _ in 0..runs {
        let series: Vec<Vec<f64>> = (0..6).map(|_| (0..40).map(|_| random.random::<f64>()).collect()).collect();
        let found = relations(&series, 0.0, ErrorRate::P05, Level::P95).expect("judged");
        families += usize::from(found.iter().any(|relation| relation.moves_together));
    }
    assert!(families <= runs / 10, "{families} of {runs}");
    let base: Vec<f64> = (0..40).map(|_| random.random::<f64>()).collect();
    let with_noise: Vec<f64> = base.iter().map(|value| value + 0.3 * random.random::<f64>()).collect();
    let alone: Vec<f64> = (0..40).map(|_| random.random::<f64>()).collect();
    let found = relations(&[base, alone, with_noise], 0.3, ErrorRate::P05, Level::P95).expect("judged");
    assert_eq!((found[0].one, found[0].other, found[0].moves_together), (0, 2, true));
    assert!(!found[1].moves_together && !found[2].moves_together);
}

proptest! {
    #[test]
    fn no_input_breaks_it(
        x in proptest::collection::vec(prop_oneof![Just(0.0), -1e9..1e9_f64], 0..30),
        y in proptest::collection::vec(prop_oneof![Just(0.0), -1e9..1e9_f64], 0..30),
    ) {
        if let Ok(found) = spearman(&x, &y, Level::P95) {
            prop_assert!(found.rho.interval.holds(found.rho.value) && (0.0..=1.0).contains(&found.p));
            let turned = spearman(&y, &x, Level::P95).expect("the same");
            prop_assert!((turned.rho.value - found.rho.value).abs() < 1e-12);
        }
    }
}
