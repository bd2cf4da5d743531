use proptest::prelude::*;
use takar_model::Lang;

use super::*;
use crate::{InsightError, kpis::Kind};

#[test]
fn reads_what_can_be_said() {
    for (text, kind) in [
        ("sum(sales.net_amount)", Kind::Money),
        ("SUM( Sales.Net_Amount WHERE Category = 'Minuman' )", Kind::Money),
        ("net_sales / active_accounts", Kind::Money),
        ("sum(sales.net_amount) / sum(sales.quantity)", Kind::Money),
        ("count(activities where activity = 'visit' and hours >= 0.5)", Kind::Count),
        ("count(activities where activity in ('visit', 'call')) / count(distinct activities.account)", Kind::Share),
        ("count(offers where state = 'won' on closed) / count(offers on closed)", Kind::Share),
        ("1 - count(feedback where state is null) ÷ count(feedback)", Kind::Share),
        ("avg(offers.days_to_close where state = 'won' on closed)", Kind::Days),
        ("max(receivables.days_late where as_of >= '2025-10-01') − 30 * min(receivables.days_late) / 30", Kind::Days),
        ("-(sum(costs.amount) + net_sales) × 0.5", Kind::Money),
        ("sum(activities.hours)/count(activities)", Kind::Hours),
        ("count(offers) / count(accounts) / 2", Kind::Share),
        ("net_sales / sum(activities.hours)", Kind::Money),
        ("(((((((((((1 + orders)))))))))))", Kind::Count),
    ] {
        match Expression::parse(text) {
            Ok(found) => assert_eq!(found.kind(), kind, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

#[test]
fn says_where_it_went_wrong_and_what_is_possible() {
    for (text, at, says) in [
        ("", 1, "expected sum(…)"),
        ("sum(", 5, "expected a kind of fact: sales"),
        ("sum(sale.net_amount)", 5, "did you mean \"sales\"?"),
        ("sum(sales)", 10, "expected a point and a column of sales: net_amount"),
        ("sum(sales.nett_amount)", 11, "did you mean \"net_amount\"?"),
        ("sum(sales.category)", 11, "holds no numbers"),
        ("sum(sales.net_amount where kota = 'x')", 28, "there is no column \"kota\""),
        ("sum(sales.net_amount where net_amount = 'x')", 41, "expected a number"),
        ("sum(sales.net_amount where date > '2025')", 35, "expected a day"),
        ("sum(sales.net_amount where net_amount like '1%')", 44, "text only"),
        ("sum(sales.net_amount on category)", 25, "expected a column of days: date"),
        ("sum(sales.net_amount; drop)", 21, "means nothing"),
        ("sum(sales.net_amount where category = 'x' 1)", 43, "\"and\", \"or\", \"on\""),
        ("count(sales.account)", 12, "count(distinct sales.…)"),
        ("median(sales.net_amount)", 1, "there is no function \"median\""),
        ("net_sale", 1, "did you mean \"net_sales\"?"),
        ("sales.net_amount", 1, "Facts are written as"),
        ("net_sales + orders", 13, "money plus a count means nothing"),
        ("net_sales * net_sales", 13, "money times money"),
        ("sum(offers.amount) - sum(costs.days)", 22, "money less days"),
        ("net_sales net_sales", 11, "expected + - * /"),
        ("1234567890123", 1, "cannot be read"),
        ("1..2", 1, "cannot be read"),
        ("sum(sales.net_amount where category = 'x)", 39, "never closed"),
    ] {
        match Expression::parse(text) {
            Err(InsightError::Expression { position, en, id, .. }) => {
                assert_eq!(position, at, "{text}: {en}");
                assert!(en.contains(says), "{text}: {en}");
                assert!(!id.is_empty() && id != en, "{text}: said in Indonesian too");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let error = Expression::parse("sum(sales.netto)").expect_err("no such column");
    assert!(error.message(Lang::Id).contains("karakter 11: sales tidak punya kolom \"netto\""), "{error}");
}

#[test]
fn is_not_led_into_the_deep() {
    for (open, close) in [("(", ")"), ("-", ""), ("count(sales where (", "))"), ("count(sales where not ", ")")] {
        let text = format!("{}orders{}", open.repeat(100_000), close.repeat(100_000));
        assert!(Expression::parse(&text).is_err());
        let text = format!("{}orders{}", open.repeat(90), close.repeat(90));
        assert!(Expression::parse(&text).is_err());
    }
    let wide = vec!["orders"; 200].join("+");
    assert!(Expression::parse(&wide).is_ok(), "a long sum is no deep one");
    assert!(Expression::parse(&"+orders".repeat(1_000)).is_err());
}

#[test]
fn a_text_in_quotes_stays_a_text() {
    let text = "count(sales where category = '''); DROP TABLE lines; --' or region = \"x' OR 1=1\")";
    let found = Expression::parse(text).expect("values may hold anything").aggregates();
    let Some(Filter::Or(parts)) = &found[0].condition else { panic!("{found:?}") };
    let values: Vec<&str> = parts
        .iter()
        .filter_map(|part| if let Filter::Compare { value, .. } = part { Some(value.as_str()) } else { None })
        .collect();
    assert_eq!(values, ["'); DROP TABLE lines; --", "x' OR 1=1"]);
}

#[test]
fn fractions_are_exact() {
    let exact = |top, bottom| Exact::new(top, bottom).expect("fits");
    assert_eq!(exact(1, 3).plus(exact(1, 6)), Some(exact(1, 2)));
    assert_eq!(exact(2, 3).times(exact(3, 4)), Some(exact(1, 2)));
    assert_eq!(exact(1, 2).over(Exact::ZERO), None);
    assert_eq!(exact(1, -2), exact(-1, 2));
    for (top, bottom, rounded) in
        [(1, 8, 13), (-1, 8, -13), (1, 3, 33), (2, 3, 67), (-2, 3, -67), (1, 200, 1), (1, 201, 0), (5, 1, 500)]
    {
        assert_eq!(exact(top, bottom).rounded(2), Some(rounded), "{top}/{bottom}");
    }
    // A total of trillions of rupiah over a count comes out to the last digit.
    let total = Exact::scaled(123_456_789_012_345_678_901, 4).expect("fits");
    assert_eq!(total.over(exact(7, 1)).and_then(|mean| mean.rounded(4)), Some(17_636_684_144_620_811_272));
    assert_eq!(Exact::whole(i128::MAX).plus(Exact::whole(1)), None);
    assert_eq!(Exact::new(i128::MIN, -1), None);
}

/// Texts made of the pieces of the language, so that the parser gets far into them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "sum(",
        "count(",
        "count(distinct ",
        "avg(",
        "min(",
        "max(",
        "sales",
        ".",
        "net_amount",
        "offers",
        "state",
        "amount",
        "accounts",
        "account",
        " where ",
        " on ",
        "closed",
        " and ",
        " or ",
        "not ",
        " in (",
        " like ",
        " between ",
        " is null",
        "= ",
        "<> ",
        ">= ",
        "'won'",
        "'2025-01-01'",
        "12.5",
        "0",
        "-",
        "+",
        "*",
        "/",
        "(",
        ")",
        ",",
        "net_sales",
        "orders",
        "attainment",
        "'",
        "\"",
        "−",
        "%",
        "\u{0}",
        "é",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn never_panics(text in prop_oneof![pieces(), "\\PC{0,60}", "[a-z_.()'<>=+*/ 0-9-]{0,80}"]) {
        match Expression::parse(&text) {
            // What was read is read again from its own text, to the same.
            Ok(found) => prop_assert_eq!(Expression::parse(found.text()), Ok(found)),
            Err(InsightError::Expression { position, .. }) => {
                prop_assert!(position >= 1 && position <= text.chars().count() + 1, "{position} in {text:?}");
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn arithmetic_is_that_of_fractions(a in -10_000_i128..10_000, b in 1_i128..500, c in -10_000_i128..10_000, d in 1_i128..500) {
        let (one, two) = (Exact::new(a, b).expect("fits"), Exact::new(c, d).expect("fits"));
        prop_assert_eq!(one.plus(two), Exact::new(a * d + c * b, b * d));
        prop_assert_eq!(one.times(two), Exact::new(a * c, b * d));
        prop_assert_eq!(one.over(two), if c == 0 { None } else { Exact::new(a * d, b * c) });
        let rounded = one.rounded(4).expect("fits");
        prop_assert!((rounded * b * 2 - a * 20_000).abs() <= b, "{rounded} is within half a unit of {a}/{b}");
    }
}
