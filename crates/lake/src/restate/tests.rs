//! Owners of a day, rates of a day, and lines that lose nothing when they are divided.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, AsArray, Date32Array, Decimal128Array, RecordBatch, StringArray},
    datatypes::{DataType, Decimal128Type},
};
use proptest::prelude::*;
use takar_model::{Credit, Period};

use super::{
    Restatement,
    owners::{IdOfName, Part, Timelines, WHOLE},
    rates::Rates,
};

type Owned = (&'static str, &'static str, Option<i32>, Option<i32>, i128);

fn decimals(values: impl IntoIterator<Item = i128>, precision: u8, scale: i8) -> ArrayRef {
    Arc::new(Decimal128Array::from_iter_values(values).with_data_type(DataType::Decimal128(precision, scale)))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("a batch")
}

fn timelines(rows: &[Owned]) -> Timelines {
    let table = batch(vec![
        ("account_id", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
        ("manager_id", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1)))),
        ("from", Arc::new(rows.iter().map(|row| row.2).collect::<Date32Array>())),
        ("to", Arc::new(rows.iter().map(|row| row.3).collect::<Date32Array>())),
        ("share", decimals(rows.iter().map(|row| row.4), 18, 6)),
    ]);
    Timelines::of(&table, &IdOfName::default(), &IdOfName::default()).expect("timelines")
}

fn rates(rows: &[(&str, i32, Option<i32>, i128)]) -> Rates {
    let table = batch(vec![
        ("currency", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
        ("in_currency", Arc::new(rows.iter().map(|_| Some("IDR")).collect::<StringArray>())),
        ("from", Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.1)))),
        ("to", Arc::new(rows.iter().map(|row| row.2).collect::<Date32Array>())),
        ("rate", decimals(rows.iter().map(|row| row.3 * 10_i128.pow(12)), 38, 12)),
    ]);
    Rates::of(&table).expect("rates")
}

fn names(parts: Option<&[Part]>) -> Vec<(Option<&str>, i128)> {
    parts.unwrap_or_default().iter().map(|part| (part.manager.as_deref(), part.to - part.from)).collect()
}

#[test]
fn an_account_has_the_owners_of_the_day() {
    let owners = timelines(&[
        ("A", "S1", None, None, WHOLE),
        ("A", "S2", Some(100), None, 600_000),
        ("A", "S3", Some(100), Some(149), 400_000),
        ("A", "S4", Some(200), Some(209), WHOLE),
        ("B", "S1", Some(0), Some(9), 333_300),
        ("B", "S2", Some(0), Some(9), 333_300),
        ("B", "S3", Some(0), Some(9), 333_300),
        ("C", "S1", Some(0), None, 900_000),
        ("C", "S2", Some(0), None, 900_000),
    ]);
    let on = |account: &str, day: i32| owners.owners(account, day);
    // Without an end until the next begins.
    assert_eq!(names(on("A", 99)), [(Some("S1"), WHOLE)]);
    assert_eq!(names(on("A", 100)), [(Some("S2"), 600_000), (Some("S3"), 400_000)]);
    // What nobody owns goes to nobody.
    assert_eq!(names(on("A", 150)), [(Some("S2"), 600_000), (None, 400_000)]);
    assert_eq!(names(on("A", 205)), [(Some("S4"), WHOLE)]);
    assert_eq!((on("A", 210), on("D", 0)), (None, None));
    // Three thirds are the whole, and more than the whole is not more.
    assert_eq!(on("B", 5).expect("owned").iter().map(|part| part.to - part.from).sum::<i128>(), WHOLE);
    assert_eq!(names(on("C", 5)), [(Some("S1"), 500_000), (Some("S2"), 500_000)]);
    assert_eq!(names(owners.on_day(150).owners("A", -9_999)), [(Some("S2"), 600_000), (None, 400_000)]);
}

#[test]
fn a_day_has_the_rate_that_began_last() {
    let known = rates(&[
        ("USD", 0, Some(30), 15_000),
        ("USD", 10, Some(10), 15_500),
        ("USD", 40, Some(40), 16_000),
        ("SGD", 5, None, 11_000),
        ("SGD", 20, None, 12_000),
    ]);
    let rate = |currency: &str, day: i32| known.rate(currency, day).map(|rate| rate / 10_i128.pow(12));
    assert_eq!((rate("USD", 9), rate("usd ", 10), rate("USD", 11)), (Some(15_000), Some(15_500), Some(15_000)));
    // One day's rate stands for the days without one that follow, for a while.
    assert_eq!((rate("USD", 31), rate("USD", 54), rate("USD", 55), rate("USD", -1)), (None, Some(16_000), None, None));
    assert_eq!((rate("SGD", 19), rate("SGD", 9_999), rate("SGD", 4)), (Some(11_000), Some(12_000), None));
    let window: Period = "1970-01-10..1970-01-11".parse().expect("a period");
    let fixed = known.fixed_at(window);
    assert_eq!(fixed.rate("USD", 54).map(|rate| rate / 10_i128.pow(12)), Some(15_250));
    assert_eq!(fixed.rate("USD", 31), None);
}

fn lines(rows: &[(&'static str, Option<&'static str>, i32, i128, i128)], currency: Option<&str>) -> RecordBatch {
    batch(vec![
        ("date", Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.2)))),
        ("account_id", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
        ("manager_id", Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>())),
        ("manager_name", Arc::new(rows.iter().map(|row| row.1.map(|_| "Budi")).collect::<StringArray>())),
        ("quantity", decimals(rows.iter().map(|row| row.3), 18, 6)),
        ("net", decimals(rows.iter().map(|row| row.4), 18, 4)),
        ("currency", Arc::new(rows.iter().map(|_| currency).collect::<StringArray>())),
    ])
}

fn net(batch: &RecordBatch) -> Vec<i128> {
    let net = batch.column_by_name("net").expect("net").as_primitive::<Decimal128Type>();
    net.values().to_vec()
}

fn texts<'a>(batch: &'a RecordBatch, name: &str) -> Vec<Option<&'a str>> {
    batch.column_by_name(name).expect("a text").as_string::<i32>().iter().collect()
}

#[test]
fn lines_go_to_whom_the_rule_says() {
    let sold =
        lines(&[("A", Some("S9"), 5, 3_000_000, 10_0001), ("A", None, 5, 1_000_000, 7), ("B", None, 5, 0, 1)], None);
    let owners = timelines(&[("A", "S1", Some(0), None, 500_000), ("A", "S2", Some(0), None, 500_000)]);
    let under = |credit: Credit| {
        let restatement = Restatement {
            credit,
            owners: owners.clone(),
            names: vec![("S1".to_owned(), Some("Sari".to_owned()))],
            ..Restatement::default()
        };
        restatement.apply(&sold).expect("restated")
    };
    let recorded = under(Credit::Recorded);
    assert_eq!(texts(&recorded, "manager_id"), [Some("S9"), Some("S1"), Some("S2"), None]);
    let then = under(Credit::Then);
    assert_eq!(texts(&then, "manager_id"), [Some("S1"), Some("S2"), Some("S1"), Some("S2"), None]);
    assert_eq!(texts(&then, "manager_name"), [Some("Sari"), None, Some("Sari"), None, None]);
    assert_eq!(net(&then), [50_001, 50_000, 4, 3, 1]);
}

#[test]
fn foreign_amounts_are_converted_once() {
    let sold = lines(&[("A", Some("S1"), 5, 1_000_000, 1_2345), ("A", Some("S1"), 50, 1_000_000, 5)], Some("usd"));
    let restatement = Restatement { rates: rates(&[("USD", 0, Some(30), 15_000)]), ..Restatement::default() };
    let own = restatement.apply(&sold).expect("restated");
    assert_eq!((net(&own), texts(&own, "currency")), (vec![12_345 * 15_000, 5], vec![Some("IDR"), Some("usd")]));
    assert!(Restatement::default().apply(&sold).expect("untouched") == sold);
}

proptest! {
    #[test]
    fn nothing_is_lost_in_dividing(
        amounts in prop::collection::vec(-9_000_000_000_000_000_i128..9_000_000_000_000_000, 1..20),
        shares in prop::collection::vec(1..=1_000_000_i128, 1..5),
    ) {
        const MANAGERS: [&str; 5] = ["S1", "S2", "S3", "S4", "S5"];
        let rows: Vec<Owned> = shares.iter().zip(MANAGERS).map(|(share, id)| ("A", id, None, None, *share)).collect();
        let sold: Vec<_> = amounts.iter().map(|amount| ("A", None, 0, *amount, *amount)).collect();
        let restatement = Restatement { credit: Credit::Then, owners: timelines(&rows), ..Restatement::default() };
        let divided = restatement.apply(&lines(&sold, None)).expect("restated");
        prop_assert_eq!(net(&divided).iter().sum::<i128>(), amounts.iter().sum::<i128>());
        let same_sign = net(&divided).iter().all(|part| amounts.iter().any(|amount| part.signum() * amount.signum() >= 0));
        prop_assert!(same_sign);
    }
}
