//! Each way of writing a number, and what is none.

use proptest::prelude::*;

use super::*;

const ID: Option<NumberStyle> = Some(NumberStyle::Id);
const EN: Option<NumberStyle> = Some(NumberStyle::En);

#[test]
fn reads_each_way_of_writing() {
    for (text, style, expected) in [
        ("1.234,56", ID, 12_345_600),
        ("1,234.56", EN, 12_345_600),
        ("1 234,56", ID, 12_345_600),
        ("1\u{a0}234,56", ID, 12_345_600),
        ("１．２３４，５６", ID, 12_345_600),
        ("\u{200b}12\u{feff}", None, 120_000),
        ("Rp 1.234.567", ID, 12_345_670_000),
        ("Rp1.234.567,00", ID, 12_345_670_000),
        ("Rp. 1.000,-", ID, 10_000_000),
        ("IDR 1,000", EN, 10_000_000),
        ("$3,796.19", EN, 37_961_900),
        ("(120)", None, -1_200_000),
        ("(Rp 1.200)", ID, -12_000_000),
        ("-$5.50", EN, -55_000),
        ("$-5.50", EN, -55_000),
        ("120-", None, -1_200_000),
        ("-120", None, -1_200_000),
        ("+7", None, 70_000),
        ("1.2E+05", EN, 1_200_000_000),
        ("12%", None, 120_000),
        ("1'234.5", EN, 12_345_000),
        (".5", EN, 5_000),
        ("1.234", ID, 12_340_000),
        ("1.234", EN, 12_340),
        ("0,5", ID, 5_000),
        ("1000 USD", None, 10_000_000),
        ("1.000 rupiah", ID, 10_000_000),
        ("0.00005", EN, 1),
        ("-0.00005", EN, -1),
        ("0.00004", EN, 0),
        // All the digits that are held, nearly all of them rounded away.
        ("170000000000000000000000000000000000000e-42", None, 2),
    ] {
        assert_eq!(read(text, style, 4).map(|number| number.units), Ok(expected), "{text}");
    }
}

#[test]
fn refuses_what_is_no_number() {
    for text in [
        "",
        "-",
        "abc",
        "1.2.3",
        "1,23,4",
        "12 34",
        "1.234,567.8",
        "--5",
        "1e",
        "Rp",
        "5 dus",
        "1,,2",
        "%",
        "(-5)",
        "(5-)",
    ] {
        assert_eq!(read(text, EN, 4), Err(NumberError::NotANumber), "{text}");
    }
    assert_eq!(read("1.234,5", EN, 4), Err(NumberError::OtherStyle));
    assert_eq!(read("1.5", ID, 4), Err(NumberError::OtherStyle));
    assert_eq!(read("1.234", None, 4), Err(NumberError::OtherStyle));
    assert_eq!(read("1e300", EN, 4), Err(NumberError::TooBig));
}

#[test]
fn a_dash_is_nothing() {
    for (text, expected) in
        [("Rp -", true), ("-", true), ("Rp-", true), ("- Rp", true), ("–", true), ("-5", false), ("Rp", false)]
    {
        assert_eq!(is_dash(text), expected, "{text}");
    }
}

#[test]
fn marks_tell_the_style() {
    let only = |style| Some((Marks::Only(style), false));
    assert_eq!(marks("1.234.567"), only(NumberStyle::Id));
    assert_eq!(marks("1,234,567"), only(NumberStyle::En));
    assert_eq!(marks("12.5"), only(NumberStyle::En));
    assert_eq!(marks("0.125"), only(NumberStyle::En));
    assert_eq!(marks("1234.567"), only(NumberStyle::En));
    assert_eq!(marks("1.234"), Some((Marks::Either, false)));
    assert_eq!(marks("12,5 %"), Some((Marks::Only(NumberStyle::Id), true)));
    assert_eq!(marks("1234"), Some((Marks::None, false)));
}

#[test]
fn floats_lose_their_noise() {
    assert_eq!(write_float(0.1 + 0.2), "0.3");
    assert_eq!(write_float(261.96), "261.96");
    assert_eq!(write_float(1e20), "100000000000000000000");
}

proptest! {
    #[test]
    fn every_style_reads_back_exactly(units in -10_i128.pow(17)..10_i128.pow(17)) {
        let amount = takar_model::Money::from_units(units);
        let indonesian = amount.format(takar_model::Lang::Id, 4);
        let english = amount.format(takar_model::Lang::En, 4);
        let number = Ok(Number { units, rounded: false, percent: false });
        prop_assert_eq!(read(&indonesian, ID, 4), number);
        prop_assert_eq!(read(&english, EN, 4), number);
        prop_assert_eq!(read(&format!("Rp {indonesian}"), ID, 4), number);
        prop_assert_eq!(read(&indonesian.replace('.', " "), ID, 4), number);
        prop_assert_eq!(read(&amount.to_string(), EN, 4), number);
        if let Some(fast) = plain(amount.to_string().as_bytes(), b'.', 4) {
            prop_assert_eq!(i128::from(fast), units);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,20}", number in "[-+(]?[Rp$ ]{0,3}[0-9.,' eE%)-]{0,40}") {
        for text in [&text, &number] {
            let _ = (read(text, ID, 6), read(text, None, 10), marks(text));
        }
    }
}
