//! Effects on a small company whose truth is known.

use takar_model::{Lang, Month};
use takar_stats::effect::{Method, Verdict};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::CellSource,
};

const ACCOUNTS: u32 = 40;
const MONTHS: i32 = 30;
const TREATED: u32 = 8;

fn month(place: i32) -> Month {
    Month::new(2023, 5).expect("a month").plus(place)
}

/// A number between -1 and 1 that depends on both and looks like chance.
fn chance(account: u32, month: i32) -> f64 {
    let mixed = (u64::from(account) * 7919 + month as u64 * 104_729 + 17).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 40) as f64 / f64::from(1_u32 << 24)) * 2.0 - 1.0
}

/// Accounts of sizes 1 to 40 million that sell 15 % up or down, of which the first eight sell `added` more from the 25th month on.
fn company(added: f64) -> Company {
    let lines = (0..MONTHS).flat_map(|at| {
        (0..ACCOUNTS).map(move |account| {
            let usual = 1e6 * f64::from(account % 10 + 1);
            let with = if account < TREATED && at >= 24 { 1.0 + added } else { 1.0 };
            let net = usual * (1.0 + 0.15 * chance(account, at)) * with;
            Line::sale(&format!("{}-05", month(at)), account, 0, net as i64)
        })
    });
    // A line on the last day makes the last month complete.
    let last = Line::sale(&month(MONTHS - 1).last_day().to_string(), ACCOUNTS - 1, 0, 1);
    Company::new(lines.chain([last]).collect())
}

fn asked(company: &Company) -> Question {
    let ids = |range: std::ops::Range<u32>| {
        range.map(|code| company.names.account.id(code).expect("an id").to_owned()).collect::<Vec<_>>()
    };
    Question {
        method: Method::SyntheticDid,
        treated: ids(0..TREATED).into_iter().map(|id| (id, month(24))).collect(),
        controls: ids(TREATED..ACCOUNTS),
        by_lot: false,
        picked_in: None,
        left_out_from: Some(month(21)),
        until: None,
        waited_until: None,
        frozen_until: None,
        expected: 0.2,
        seed: 7,
    }
}

fn outcome(company: &Company, change: impl FnOnce(&mut Question)) -> Outcome {
    let months = AccountMonths::of(company, EffectKpi::NetSales).expect("months");
    let mut question = asked(company);
    change(&mut question);
    measure(&months, &company.names().account, &question).expect("an outcome")
}

#[test]
fn a_known_effect_is_found_and_no_effect_is_none() {
    let Outcome::Measured(found) = outcome(&company(0.3), |_| {}) else { panic!("measured") };
    assert_eq!(found.verdict, Verdict::Worked);
    assert!(found.effect.interval.holds(0.3) && found.surely_matters, "{found:?}");
    assert_eq!((found.treated, found.controls, found.effect.n), (8, 32, 40));
    assert_eq!((found.before.as_str(), found.after.as_str()), ("2023-05..2025-01", "2025-05..2025-10"));
    assert_eq!(found.left_out.as_deref(), Some("2025-02..2025-04"));
    // The sizes of the first eight are 1 to 8 million: 36 million a month, of which a third less a tenth is 10.8.
    assert!((found.a_month.value / 10.8e6 - 1.0).abs() < 0.25, "{:?}", found.a_month);
    // Both tell the same: money stands to money as shares to shares.
    let (share, money) = (found.effect, found.a_month);
    for (own, other) in [(share.interval.low, money.interval.low), (share.interval.high, money.interval.high)] {
        assert!((other / money.value - own / share.value).abs() < 1e-9, "{share:?} {money:?}");
    }

    let Outcome::Measured(none) = outcome(&company(0.0), |_| {}) else { panic!("measured") };
    assert_ne!(none.verdict, Verdict::Worked, "{none:?}");
    assert!(none.effect.interval.holds(0.0));
    assert_eq!(outcome(&company(0.0), |_| {}), Outcome::Measured(none), "the same twice");
}

#[test]
fn what_cannot_be_said_yet_is_not_said() {
    let company = company(0.3);
    let early = outcome(&company, |question| {
        question.treated.iter_mut().for_each(|(_, from)| *from = month(28));
    });
    assert_eq!(early, Outcome::TooEarly(Early { months: 2, needed: 3, wants: month(30).to_string() }));
    let told = early.told(None, Lang::En);
    assert!(told.words[0].contains("2 of 3 complete months") && told.words[0].contains("November 2025"), "{told:?}");
    assert!(matches!(outcome(&company, |question| question.treated.clear()), Outcome::NotMeasurable { .. }));
    assert!(matches!(outcome(&company, |question| question.controls.truncate(1)), Outcome::NotMeasurable { .. }));
}

/// At least three complete months are measured, however soon it was due; a lot that was cut short before never can be.
#[test]
fn three_months_are_measured_whatever_was_planned() {
    let company = company(0.3);
    let after = |change: &dyn Fn(&mut Question)| match outcome(&company, change) {
        Outcome::Measured(found) => found.after,
        other => panic!("{other:?}"),
    };
    for due in [20, 24, 26] {
        assert_eq!(after(&|question| question.until = Some(month(due))), "2025-05..2025-07", "due in {}", month(due));
    }
    assert_eq!(after(&|question| question.until = Some(month(27))), "2025-05..2025-08");
    let early = outcome(&company, |question| {
        question.treated.iter_mut().for_each(|(_, from)| *from = month(28));
        question.until = Some(month(28));
    });
    assert_eq!(early, Outcome::TooEarly(Early { months: 2, needed: 3, wants: month(30).to_string() }));

    let lot = |question: &mut Question, waited: i32| {
        question.by_lot = true;
        question.left_out_from = None;
        question.waited_until = Some(month(waited));
    };
    assert_eq!(after(&|question| lot(question, 26)), "2025-05..2025-07");
    let cut = outcome(&company, |question| lot(question, 25)).told(None, Lang::En);
    assert!(cut.words[0].contains("nobody to compare with"), "{cut:?}");
    // What was frozen over fewer months is held against the same.
    assert_eq!(after(&|question| question.frozen_until = Some(month(25))), "2025-05..2025-06");
}

#[test]
fn two_starts_are_two_cohorts_and_a_lot_draws_from_all() {
    let company = company(0.3);
    let Outcome::Measured(found) = outcome(&company, |question| {
        question.treated[0].1 = month(26);
    }) else {
        panic!("measured")
    };
    assert_eq!((found.cohorts, found.treated), (2, 8));
    let Outcome::Measured(lot) = outcome(&company, |question| {
        question.by_lot = true;
        question.left_out_from = None;
        question.controls.truncate(8);
    }) else {
        panic!("measured")
    };
    assert!(lot.pooled && lot.left_out.is_none() && lot.controls == 8, "{lot:?}");
}

#[test]
fn months_add_up_to_the_cells() {
    let company = company(0.3);
    let months = AccountMonths::of(&company, EffectKpi::NetSales).expect("months");
    let sum: f64 = (0..ACCOUNTS)
        .flat_map(|account| months.row(account, months.first(), months.last()))
        .map(|value| value.expect("known"))
        .sum();
    let lines: i64 = company.lines.iter().filter_map(|line| line.net).sum();
    assert!((sum - lines as f64 / 1e4).abs() < 1e-3 * sum.abs().max(1.0) * 1e-6, "{sum}");
    let orders = AccountMonths::of(&company, EffectKpi::Orders).expect("orders");
    assert_eq!(orders.row(0, orders.first(), orders.first()), [Some(1.0)]);
    assert!(AccountMonths::of(&company, EffectKpi::GrossMargin).is_err(), "no line has a cost");
}
