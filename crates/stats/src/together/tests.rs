//! Fisher's test against sums by hand.

use super::*;

#[test]
fn the_chance_is_that_of_drawing_without_putting_back() -> Result<()> {
    // Of 5 members 2 have the first and 2 the second: both have both in 1 of C(5,2) = 10 draws; at least one in 1 − C(3,2)/10 = .7.
    assert!((beyond_chance(2, 2, 2, 5)? - 0.1).abs() < 1e-12);
    assert!((beyond_chance(1, 2, 2, 5)? - 0.7).abs() < 1e-12);
    assert!((beyond_chance(0, 2, 2, 5)? - 1.0).abs() < 1e-12);
    Ok(())
}

#[test]
fn large_counts_stay_finite_and_which_is_first_does_not_matter() -> Result<()> {
    let p = beyond_chance(400, 20_000, 5_000, 1_000_000)?;
    assert!(p > 0.0 && p < 1e-100, "{p}");
    assert!(
        (beyond_chance(120, 20_000, 5_000, 1_000_000)? - beyond_chance(120, 5_000, 20_000, 1_000_000)?).abs() < 1e-9
    );
    Ok(())
}

#[test]
fn counts_that_contradict_each_other_are_refused() {
    assert!(
        beyond_chance(3, 2, 5, 9).is_err() && beyond_chance(0, 5, 5, 9).is_err() && beyond_chance(1, 10, 1, 9).is_err()
    );
}
