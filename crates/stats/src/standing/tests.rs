use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::*;

fn measured(values: &[(f64, f64)]) -> Vec<Measured> {
    values.iter().map(|&(value, error)| Measured { value, error }).collect()
}

/// With true values drawn around what was measured, 90 % of the true ranks lie inside the ranges, and who is said to be
/// in the top quarter with a probability is there so often.
#[test]
fn ranges_hold_the_true_ranks() {
    let mut random = Pcg64Mcg::seed_from_u64(3);
    let mut normals = Normals::new();
    let (mut held, mut all, mut told, mut were) = (0, 0, 0.0, 0.0);
    for seed in 0..60 {
        let values: Vec<Measured> = (0..40)
            .map(|_| Measured { value: normals.draw(&mut random), error: 0.2 + normals.draw(&mut random).abs() })
            .collect();
        let truth: Vec<f64> = values.iter().map(|one| one.value + one.error * normals.draw(&mut random)).collect();
        let standings = rank_ranges(&values, Level::P90, Draws { count: 1_000, seed }).expect("ranges");
        for (standing, own) in standings.iter().zip(&truth) {
            let rank = 1 + truth.iter().filter(|other| *other > own).count();
            held += u32::from((standing.best..=standing.worst).contains(&rank));
            all += 1;
            told += standing.top_quarter;
            were += f64::from(u8::from(rank <= 10));
        }
    }
    let coverage = f64::from(held) / f64::from(all);
    assert!((0.885..=0.94).contains(&coverage), "{coverage}");
    assert!((told - were).abs() < 0.02 * were, "{told} {were}");
}

#[test]
fn alike_and_certain() {
    let alike = rank_ranges(&measured(&[(1.0, 0.0); 4]), Level::P90, Draws::usual(1)).expect("ranges");
    for standing in alike {
        assert_eq!((standing.rank, standing.best, standing.worst), (2.5, 1, 4));
        assert!((standing.top_quarter - 0.25).abs() < 0.02, "{standing:?}");
    }
    let certain = rank_ranges(&measured(&[(1.0, 0.0), (3.0, 0.0)]), Level::P95, Draws::usual(1)).expect("ranges");
    assert_eq!(
        certain.iter().map(|one| (one.best, one.worst, one.top_quarter)).collect::<Vec<_>>(),
        [(2, 2, 0.0), (1, 1, 1.0)]
    );
    assert!(matches!(rank_ranges(&measured(&[(1.0, 0.0)]), Level::P95, Draws::usual(1)), Err(Error::NotEnough { .. })));
    let few = Draws { count: 10, seed: 1 };
    assert!(matches!(
        rank_ranges(&measured(&[(1.0, 1.0); 3]), Level::P95, few),
        Err(Error::NotEnough { needed: 41, .. } | Error::NotEnough { needed: 40, .. })
    ));
    assert!(matches!(rank_ranges(&measured(&[(1.0, -1.0); 3]), Level::P95, few), Err(Error::OutOfRange { .. })));
    assert!(matches!(rank_ranges(&measured(&[(f64::NAN, 1.0); 3]), Level::P95, few), Err(Error::NotFinite { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn ranges_are_ranges(values in prop::collection::vec((prop_oneof![Just(0.0), -1e6..1e6_f64, Just(f64::MAX)], prop_oneof![Just(0.0), 0.0..1e6_f64, Just(f64::MAX)]), 2..20), seed in any::<u64>()) {
        let values = measured(&values);
        let draws = Draws { count: 200, seed };
        let standings = rank_ranges(&values, Level::P90, draws).expect("ranges");
        prop_assert_eq!(&standings, &rank_ranges(&values, Level::P90, draws).expect("ranges"));
        for standing in &standings {
            prop_assert!(1 <= standing.best && standing.best <= standing.median && standing.median <= standing.worst && standing.worst <= values.len());
        }
        // The places of the top quarter are all given away.
        let top: f64 = standings.iter().map(|one| one.top_quarter).sum();
        prop_assert!((top - values.len().div_ceil(4) as f64).abs() < 1e-9);
    }
}
