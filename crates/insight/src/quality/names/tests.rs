use proptest::prelude::*;

use super::*;

#[test]
fn writings_of_one_name_have_one_key() {
    let keys = [
        ("PT. Sinar Abadi, Tbk", "sinarabadi"),
        ("P.T.Sinar Abadi", "sinarabadi"),
        ("P. T. Sinar Abadi", "sinarabadi"),
        ("Toko D’Cost", "dcost"),
        ("Kopi Toko Djawa", "kopitokodjawa"),
        ("GTX-Pro", "gtxpro"),
        ("Crème Brûlée GmbH", "cremebrulee"),
        ("Cre\u{300}me", "creme"),
        ("Straße & Söhne", "strassesohne"),
        ("ＡＢＣ　１２", "abc12"),
        ("Air Mineral 1,5L", "airmineral1 5l"),
        ("Toko", "toko"),
        ("PT Toko", "pttoko"),
        ("🙂", ""),
        ("株式会社", "株式会社"),
    ];
    for (name, expected) in keys {
        assert_eq!(key(name), expected, "{name}");
    }
}

#[test]
fn forms_are_told() {
    assert_eq!(forms("PT Sinar Abadi (Persero) Tbk"), ["persero", "pt", "tbk"]);
    assert_eq!(forms("Toko Sinar & Abadi"), ["toko"]);
    assert!(forms("Toko").is_empty());
}

proptest! {
    #[test]
    fn a_key_is_its_own_key_and_has_no_case(name in ".{0,60}") {
        prop_assert_eq!(tokens(&name).is_empty(), key(&name).is_empty());
        prop_assert!(tokens(&name).iter().all(|word| !word.is_empty()));
    }
}
