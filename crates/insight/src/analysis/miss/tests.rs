//! Gaps of hand-made companies.

use proptest::prelude::*;
use takar_model::{Lang, Money, Period};

use super::{expected::spread, *};
use crate::{
    InsightError,
    fixtures::{Company, Line},
};

fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

fn question(against_target: bool) -> Question {
    let windows = Windows { base: period("2025-01"), current: period("2025-02") };
    Question { windows, scope: Scope::default(), against_target }
}

/// Twelve accounts of two managers buy three products for 100 each in January; in February account 3 buys nothing of
/// product 2 and everything else goes on.
fn company() -> Company {
    let mut lines = Vec::new();
    for month in ["2025-01-15", "2025-02-28"] {
        for account in 0..12_u32 {
            for product in 0..3_u32 {
                if month.starts_with("2025-02") && account == 3 && product == 2 {
                    continue;
                }
                let net = 100_i64 + i64::from(account % 3);
                lines.push(Line { product, region: account / 6, ..Line::sale(month, account, account % 2, net) });
            }
        }
    }
    Company::new(lines)
}

#[test]
fn the_cell_behind_a_gap_is_named() {
    let found = miss(&company(), &question(false)).expect("an answer");
    assert_eq!(found.gap(), Money::from_units(-100 * Money::ONE));
    let part = &found.parts[0];
    assert_eq!(part.label(Lang::En), "account Nama A4 × product Nama P3");
    assert_eq!((part.gap(), part.share), (found.gap(), 1.0));
    assert_eq!(found.rest.gap(), Money::ZERO);
    for lang in [Lang::Id, Lang::En] {
        assert!(found.table(lang).contains("100"), "{}", found.table(lang));
        let json: serde_json::Value = serde_json::from_str(&found.to_json(lang).expect("JSON")).expect("valid");
        assert_eq!((json["gap"].as_f64(), json["parts"][0]["values"][0]["id"].as_str()), (Some(-100.0), Some("A4")));
    }
}

#[test]
fn a_target_is_spread_by_manager_and_closes() {
    let company = company().target(0, "2025-02", 2_000).target(1, "2025-02", 1_800);
    let found = miss(&company, &question(true)).expect("an answer");
    assert_eq!(
        (found.expectation, found.expected),
        (Expectation::ManagerTargets, Money::from_units(3_800 * Money::ONE))
    );
    let parts: Money = found.parts.iter().map(Part::gap).sum();
    assert_eq!(parts + found.rest.gap(), found.gap());
    assert!(found.notes(Lang::Id)[0].contains("Januari 2025"), "{:?}", found.notes(Lang::Id));
    let scope = Scope { manager: Some("2".to_owned()), filter: None };
    let own = miss(&company, &Question { scope, ..question(true) }).expect("an answer");
    assert_eq!((own.expectation, own.expected), (Expectation::OneTarget, Money::from_units(1_800 * Money::ONE)));
}

#[test]
fn a_hand_over_is_no_gap() {
    let mut lines = company().lines;
    // Account 5 goes to the other manager; it buys as before.
    for line in lines.iter_mut().filter(|line| line.account == 5 && line.date.month() == period("2025-02").to().month())
    {
        line.manager = 0;
    }
    let found = miss(&Company::new(lines), &question(false)).expect("an answer");
    assert_eq!(found.parts.len(), 1);
    assert_eq!(found.parts[0].label(Lang::En), "account Nama A4 × product Nama P3");
}

#[test]
fn what_cannot_be_answered_is_said() {
    assert!(matches!(miss(&company(), &question(true)), Err(InsightError::NoTarget { .. })));
    assert!(matches!(miss(&Company::new(Vec::new()), &question(false)), Err(InsightError::NoData)));
    let windows = Windows { base: period("2024-01"), current: period("2025-02") };
    let company = company().target(0, "2025-02", 2_000);
    let scope = Scope { manager: Some("1".to_owned()), filter: None };
    let found = miss(&company, &Question { windows, scope, against_target: true });
    assert!(matches!(found, Err(InsightError::NoBase { .. })));
}

proptest! {
    #[test]
    fn a_target_is_spread_to_the_last_unit(
        target in -1_000_000_i128..1_000_000_000, amounts in proptest::collection::vec(-1_000_i128..1_000_000, 0..40),
    ) {
        match spread(target, &amounts) {
            Some(parts) => prop_assert_eq!(parts.iter().sum::<i128>(), target),
            None => prop_assert!(amounts.iter().sum::<i128>() <= 0),
        }
    }
}
