//! Costs of members whose outliers are known.

use super::*;

/// Twelve members of sizes 1 to 12 that cost 8 to 13 in turn, and one of them far more.
#[test]
fn who_costs_far_more_than_peers_of_the_same_size_is_found() -> Result<()> {
    let sizes: Vec<f64> = (1..=12).map(f64::from).collect();
    let mut costs: Vec<f64> = (0..12).map(|place| 8.0 + f64::from(place % 6)).collect();
    assert!(costly(&sizes, &costs)?.is_empty());
    costs[4] = 400.0;
    let found = costly(&sizes, &costs)?;
    assert_eq!(found.len(), 1);
    // The eleven others cost 8 8 9 9 10 10 11 11 12 13 13 (place 4 was a 12): the middle one is 10.
    assert_eq!((found[0].index, found[0].n), (4, 11));
    assert!((found[0].usual - 10.0).abs() < 1e-9);
    // |ln c − ln 10| in order: 0 0 .0953 .0953 .1054 .1054 .1823 .2231 .2231 .2624 .2624: the sixth is ln(10/9) = .10536.
    let distance = 40.0_f64.ln() / (1.4826 * (10.0_f64 / 9.0).ln());
    assert!((found[0].distance - distance).abs() < 1e-9, "{found:?}");
    Ok(())
}

/// A large account may cost much: its peers do too.
#[test]
fn size_alone_makes_nobody_an_outlier() -> Result<()> {
    let sizes: Vec<f64> = (0..200).map(|place| 1.1_f64.powi(place)).collect();
    let costs: Vec<f64> =
        sizes.iter().enumerate().map(|(place, size)| size * (1.0 + (place % 7) as f64 / 10.0)).collect();
    assert!(costly(&sizes, &costs)?.is_empty());
    Ok(())
}

#[test]
fn few_or_equal_peers_tell_nothing() -> Result<()> {
    assert!(costly(&[1.0; 10], &[1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1000.0])?.is_empty());
    let mut costs = [5.0; 20];
    costs[3] = 500.0;
    assert!(costly(&[1.0; 20], &costs)?.is_empty());
    assert!(costly(&[1.0], &[]).is_err() && costly(&[f64::NAN], &[1.0]).is_err());
    Ok(())
}
