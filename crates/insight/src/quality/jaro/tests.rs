use proptest::prelude::*;

use super::*;

/// The examples of Winkler's papers.
#[test]
fn the_published_examples() {
    let examples =
        [("MARTHA", "MARHTA", 0.944, 0.961), ("DIXON", "DICKSONX", 0.767, 0.813), ("DWAYNE", "DUANE", 0.822, 0.840)];
    for (one, other, plain, raised) in examples {
        assert!((jaro(one, other) - plain).abs() < 0.0005, "{one} {other}: {}", jaro(one, other));
        assert!((jaro_winkler(one, other) - raised).abs() < 0.0005, "{one} {other}: {}", jaro_winkler(one, other));
    }
}

#[test]
fn the_ends_of_the_scale() {
    assert_eq!(jaro_winkler("sinar", "sinar"), 1.0);
    assert_eq!(jaro_winkler("abc", "xyz"), 0.0);
    assert_eq!(jaro_winkler("", "abc"), 0.0);
    assert_eq!(jaro_winkler("a", "b"), 0.0);
    assert_eq!(jaro_winkler(&"ab".repeat(10_000), &"ab".repeat(9_000)), 1.0);
}

proptest! {
    #[test]
    fn stays_on_the_scale_and_is_the_same_both_ways(one in "[a-d]{0,12}|.{0,300}", other in "[a-d]{0,12}|.{0,300}") {
        let score = jaro_winkler(&one, &other);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&score));
        prop_assert_eq!(score, jaro_winkler(&other, &one));
    }
}
