//! What is obvious is suggested; what could be two things is not.

use super::*;

const ID: Option<NumberStyle> = Some(NumberStyle::Id);
const EN: Option<NumberStyle> = Some(NumberStyle::En);

#[test]
fn numbers_that_can_only_mean_one_thing() {
    for (text, style, unit, expected) in [
        ("12O", None, "", "120"),
        ("1O.OOO", ID, "", "10.000"),
        ("l2", None, "", "12"),
        ("12 pcs", None, "DUS", "12"),
        ("12pcs", None, "", "12"),
        ("pcs 12", None, "", "12"),
        ("12 dus", None, "Dus", "12"),
        ("5 l", None, "L", "5"),
        ("Rp 12.000/pcs", ID, "", "Rp 12.000"),
        ("'12", None, "", "12"),
        ("1.234.", ID, "", "1.234"),
        ("１２Ｏ", None, "", "120"),
        ("1.5", ID, "", "1,5"),
        ("1,234.56", ID, "", "1.234,56"),
        ("1.234,5", EN, "", "1,234.5"),
        ("12rb", ID, "", "12000"),
        ("Rp 1,5 Juta", ID, "", "1500000"),
    ] {
        assert_eq!(number(text, style, unit, true).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn numbers_that_could_mean_two_things_get_none() {
    for (text, style, unit) in [
        ("1,2,3", EN, ""),
        ("12 dus", None, ""),
        ("12 lusin", None, "pcs"),
        ("5l", None, ""),
        ("5 x 12", None, ""),
        ("12 34", None, ""),
        ("10 Oli", None, ""),
        ("OO", None, ""),
        ("dua", None, ""),
        ("12?", None, ""),
        ("10%", None, ""),
        ("#REF!", None, ""),
        ("", None, ""),
        ("1,2345 rb", ID, ""),
    ] {
        assert_eq!(number(text, style, unit, true), None, "{text}");
    }
    assert_eq!(number("12rb", ID, "", false), None, "thousands of what?");
}

#[test]
fn dates_that_can_only_be_one_day() {
    use DateOrder::{Dmy, Mdy};
    for (text, order, expected) in [
        ("2024-13-01", None, "2024-01-13"),
        ("2O24-10-01", None, "2024-10-01"),
        ("l5/10/2024", Some(Dmy), "2024-10-15"),
        ("12/31/2024", Some(Dmy), "2024-12-31"),
        ("31/12/2024", Some(Mdy), "2024-12-31"),
        ("01/10/0025", Some(Dmy), "2025-10-01"),
        ("0025-10-01", None, "2025-10-01"),
        ("25 Febuari 2017", None, "2017-02-25"),
        ("25 Agsutus 2017", None, "2017-08-25"),
        ("'2024-10-01", None, "2024-10-01"),
        ("2024-10-01.", None, "2024-10-01"),
    ] {
        assert_eq!(date(text, order).as_deref(), Some(expected), "{text}");
    }
    for text in
        ["31/02/2024", "2024-02-30", "13/13/2024", "25/08/1817", "08/2024", "25 Juny 2024", "besok", "", "2024-13-32"]
    {
        assert_eq!(date(text, Some(Dmy)), None, "{text}");
    }
    assert_eq!(date("01/10/0025", None), None, "the order is not known");
}
