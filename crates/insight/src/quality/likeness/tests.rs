use proptest::prelude::*;

use super::*;
use crate::quality::NEAR;

#[test]
fn writings_of_one_name_are_equal() {
    let same = [
        ("GTXPro", "GTX Pro"),
        ("Toko Maju Jaya", "TOKO MAJU JAYA"),
        ("PT Sinar Abadi", "PT Sinar Abadi Tbk"),
        ("P.T. Sinar Abadi (Persero) Tbk.", "Sinar Abadi, PT"),
        ("Toko Budi & Anak", "Toko Budi dan Anak"),
        ("Blondel père et fils", "BLONDEL PERE ET FILS"),
    ];
    for (one, other) in same {
        assert_eq!(similarity(one, other), 1.0, "{one} / {other}");
    }
}

#[test]
fn a_mistyped_word_is_near() {
    let near = [
        ("Blondel père et fils", "Blondesddsl père et fils"),
        ("Toko Sumber Rejeki", "Toko Sumber Rejekii"),
        ("Apotek Sehat Sentosa", "Apotek Sehat Sentsoa"),
        ("Toko Sumber Rezeki", "Toko Sumber Rejeki"),
        ("Mini Market Sejahtera", "Minimarket Sejahtra"),
        ("Kimia Farma Bandung", "Kimia Farma Bandug"),
        ("Alfamart", "Alfamrt"),
    ];
    for (one, other) in near {
        let score = similarity(one, other);
        assert!((NEAR..1.0).contains(&score), "{one} / {other}: {score}");
    }
}

#[test]
fn another_word_or_number_is_another_thing() {
    let far = [
        ("Toko Maju Jaya 1", "Toko Maju Jaya 2"),
        ("Toko Maju Jaya", "Toko Maju Jaya 2"),
        ("Toko Maju Jaya II", "Toko Maju Jaya III"),
        ("Toko Sejahtera A", "Toko Sejahtera B"),
        ("Kimia Farma Bandung", "Kimia Farma Bekasi"),
        ("Toko Sumber Jaya Bandung", "Toko Sumber Raya Bandung"),
        ("Kimia Farma", "Kimia Farma Bandung"),
        ("Jaya Makmur Bandung", "Makmur Jaya Bandung"),
        ("Air Mineral 1.5L", "Air Mineral 15L"),
        ("Air Mineral 600ml", "Air Mineral 330ml"),
        ("GTX Basic", "GTX Pro"),
        ("Sinar", "Dinar"),
        ("🙂", "🙂"),
        ("", ""),
    ];
    for (one, other) in far {
        let score = similarity(one, other);
        assert!(score < 0.82, "{one} / {other}: {score}");
    }
}

#[test]
fn two_frequent_words_are_two_words() {
    let likeness = |one, other| word_likeness(&Token::new("bandung", one), &Token::new("badung", other));
    assert!(likeness(0, 0) > NEAR);
    assert!(likeness(900, 2) > NEAR);
    assert_eq!(likeness(900, 12), 0.0);
    assert!(likeness(90_000, 12) > NEAR);
}

proptest! {
    #[test]
    fn stays_on_the_scale_and_is_the_same_both_ways(
        one in "([a-c]{1,5} ){0,5}[12]?|.{0,80}", other in "([a-c]{1,5} ){0,5}[12]?|.{0,80}",
    ) {
        let score = similarity(&one, &other);
        prop_assert!((0.0..=1.0).contains(&score));
        prop_assert_eq!(score, similarity(&other, &one));
        prop_assert!(tokens(&one).is_empty() || similarity(&one, &one) == 1.0);
    }
}
