//! Comparisons that are planned.

use takar_model::{Lang, Month};

use super::*;
use crate::{
    effect::{AccountMonths, EffectKpi},
    fixtures::{Company, Line},
    metrics::CellSource,
};

/// Thirty accounts over thirty months, with ups and downs.
fn company() -> Company {
    let first = Month::new(2023, 5).expect("a month");
    let lines = (0..30_i32).flat_map(|at| {
        (0..30_u32).map(move |account| {
            let swing = i64::from((account * 31 + at as u32 * 17) % 23) - 11;
            Line::sale(&first.plus(at).last_day().to_string(), account, 0, (100 + swing) * i64::from(account + 1))
        })
    });
    Company::new(lines.collect())
}

fn planned(company: &Company, by_lot: bool, count: u32, taken: Option<&str>) -> Result<Planned, crate::InsightError> {
    let months = AccountMonths::of(company, EffectKpi::NetSales).expect("months");
    let accounts: Vec<String> =
        (0..count).map(|code| company.names.account.id(code).expect("an id").to_owned()).collect();
    let is_taken = |id: &str| taken == Some(id);
    let asked =
        PlanAsked { accounts: &accounts, is_taken: &is_taken, by_lot, selection: 3, after: 6, expected: 0.1, seed: 5 };
    plan(&months, &company.names().account, &asked)
}

#[test]
fn a_lot_deals_halves_and_the_rest_are_compared_with_otherwise() {
    let company = company();
    let lot = planned(&company, true, 12, None).expect("a plan");
    assert_eq!((lot.now.len(), lot.later.len(), lot.controls.len()), (6, 6, 0));
    assert_eq!(planned(&company, true, 12, None).expect("a plan"), lot, "the same seed, the same lot");
    assert!(lot.words(Lang::En)[0].contains("6 accounts that come first"));

    let taken = company.names.account.id(29).expect("an id").to_owned();
    let matched = planned(&company, false, 12, Some(&taken)).expect("a plan");
    assert_eq!((matched.now.len(), matched.controls.len()), (12, 17), "one is in another action");
    let seen = matched.seen.as_ref().expect("it can be told");
    assert_eq!((seen.treated, seen.after), (12, 6));
    assert!(seen.detectable > 0.0 && seen.detectable < 1.0, "{seen:?}");
    let words = matched.words(Lang::En).join(" ");
    assert!(words.starts_with("With 12 accounts against 17 over 6 months you can see effects above"), "{words}");

    assert!(planned(&company, false, 30, Some(&taken)).is_err(), "an account in another action");
    assert!(planned(&company, true, 5, None).is_err(), "too few for a lot");
}
