//! Bridges of hand-made and random companies.

use proptest::prelude::*;
use takar_model::{Lang, Money, Period};

use super::*;
use crate::{
    InsightError,
    fixtures::{Company, Line},
    metrics::{MarketSize, NONE},
};

fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

fn question(base: &str, current: &str) -> Question {
    Question {
        base: period(base),
        current: period(current),
        manager: None,
        filter: None,
        against_target: false,
        items: 10,
    }
}

/// A line of `units` of a product at a price, in rupiah.
fn sale(date: &str, account: u32, manager: u32, product: u32, units: i64, price: i64) -> Line {
    let mut line = Line::sale(date, account, manager, units * price);
    line.product = product;
    line.quantity = Some(units * 1_000_000);
    line
}

fn amounts(answer: &Explanation) -> Vec<(&'static str, i128)> {
    answer.bars.iter().map(|bar| (bar.bar.id(), bar.amount.units() / Money::ONE)).collect()
}

/// METHODS §1: A 100@10→120@11, B 200@5→150@5, C 50@8→0, D 0→40@12.
#[test]
fn the_published_bridge() {
    let company = Company::new(vec![
        sale("2018-03-05", 0, 0, 0, 100, 10),
        sale("2018-03-05", 0, 0, 1, 200, 5),
        sale("2018-03-05", 0, 0, 2, 50, 8),
        sale("2019-03-05", 0, 0, 0, 120, 11),
        sale("2019-03-05", 0, 0, 1, 150, 5),
        sale("2019-03-05", 0, 0, 3, 40, 12),
    ]);
    let answer = explain(&company, &question("2018", "2019")).expect("a bridge");
    assert_eq!(amounts(&answer), [("price", 120), ("quantity", -200), ("mix", 150), ("new", 480), ("lost", -400)]);
    assert_eq!(answer.difference(), Money::from_units(150 * Money::ONE));
    insta::assert_snapshot!(answer.table(Lang::Id));
}

/// An account is new, lost or back as a whole, whatever products it bought; returns are a bar of their own.
#[test]
fn accounts_come_before_products() {
    let mut returned = sale("2019-02-01", 0, 0, 0, -2, 10);
    returned.quantity = Some(-2_000_000);
    let company = Company::new(vec![
        sale("2017-01-10", 3, 0, 0, 1, 10), // bought long ago, came back
        sale("2018-01-10", 0, 0, 0, 10, 10),
        sale("2018-01-10", 1, 0, 0, 7, 10), // lost
        sale("2019-01-10", 0, 0, 0, 10, 10),
        returned,
        sale("2019-01-10", 2, 0, 0, 5, 10), // new
        sale("2019-01-10", 3, 0, 0, 4, 10),
    ]);
    let answer = explain(&company, &question("2018", "2019")).expect("a bridge");
    assert_eq!(
        amounts(&answer),
        [("price", 0), ("quantity", 0), ("mix", 0), ("new", 50), ("reactivated", 40), ("lost", -70), ("returns", -20)]
    );
}

/// The account moves from manager 0 to 1, who sells 12 of it instead of 10: that is 20 of quantity, not 120 of new sales.
#[test]
fn an_account_that_changed_hands_is_compared_with_what_it_bought() {
    let company = Company::new(vec![
        sale("2018-01-10", 0, 0, 0, 10, 10),
        sale("2018-01-10", 1, 1, 0, 6, 10),
        sale("2018-01-10", 2, 0, 0, 3, 10),
        sale("2019-01-10", 0, 1, 0, 12, 10),
        sale("2019-01-10", 1, 1, 0, 6, 10),
        sale("2019-01-10", 2, 0, 0, 3, 10),
    ]);
    let of = |manager: u32| {
        let id = company.names.manager.id(manager).map(str::to_owned);
        explain(&company, &Question { manager: id, ..question("2018", "2019") }).expect("a bridge")
    };
    assert_eq!(amounts(&of(0)), [("hand_over", -100), ("price", 0), ("quantity", 0), ("mix", 0)]);
    assert_eq!(amounts(&of(1)), [("hand_over", 100), ("price", 0), ("quantity", 20), ("mix", 0)]);
}

/// Pieces and kilograms do not add up: 10 pieces more and 10 kilograms less is no "quantity 0".
#[test]
fn quantity_is_judged_within_a_unit() {
    let in_kilograms = |mut line: Line| {
        line.unit = 1;
        line
    };
    let company = Company::new(vec![
        sale("2018-01-10", 0, 0, 0, 10, 100),
        in_kilograms(sale("2018-01-10", 0, 0, 1, 20, 3)),
        sale("2019-01-10", 0, 0, 0, 20, 100),
        in_kilograms(sale("2019-01-10", 0, 0, 1, 10, 3)),
    ]);
    let answer = explain(&company, &question("2018", "2019")).expect("a bridge");
    assert_eq!(amounts(&answer), [("price", 0), ("quantity", 970), ("mix", 0)]);
    assert!(answer.notes.contains(&Note::SeveralUnits(2)), "{:?}", answer.notes);
}

#[test]
fn begins_at_the_target() {
    let company = Company::new(vec![sale("2025-01-10", 0, 0, 0, 10, 10), sale("2025-02-10", 0, 0, 0, 12, 10)])
        .target(0, "2025-02", 150);
    let asked = Question { against_target: true, ..question("2025-01", "2025-02") };
    let answer = explain(&company, &asked).expect("a bridge");
    assert_eq!(amounts(&answer), [("asked", -50), ("price", 0), ("quantity", 20), ("mix", 0)]);
    assert_eq!(answer.difference(), Money::from_units(-30 * Money::ONE));
    let none = explain(&company, &Question { current: period("2025-01"), ..asked });
    assert_eq!(none, Err(InsightError::NoTarget { window: period("2025-01") }));
}

#[test]
fn refuses_what_it_cannot_answer() {
    let company = Company::new(vec![sale("2025-01-10", 0, 0, 0, 10, 10)]);
    let time = Question { filter: "month = '2025-01'".parse().ok(), ..question("2024", "2025") };
    assert_eq!(explain(&company, &time), Err(InsightError::TimeCondition));
    let nobody = Question { manager: Some("nobody".to_owned()), ..question("2024", "2025") };
    assert_eq!(explain(&company, &nobody), Err(InsightError::UnknownManager("nobody".to_owned())));
}

fn line() -> impl Strategy<Value = Line> {
    let who = (0_u32..5, prop_oneof![9 => 0_u32..3, 1 => Just(NONE)], prop_oneof![9 => 0_u32..4, 1 => Just(NONE)]);
    let what = (prop::option::weighted(0.9, -3_i64..9), prop::option::weighted(0.95, -900_i64..9_000), 0_u32..2);
    (0_u16..2, who, what).prop_map(|(year, (account, manager, product), (quantity, net, unit))| {
        let mut line = Line::sale(&format!("{}-04-0{}", 2018 + year, 1 + account), account, manager, 0);
        line.product = product;
        line.quantity = quantity.map(|quantity| quantity * 1_000_000);
        line.net = net;
        line.unit = unit;
        line
    })
}

proptest! {
    /// The bars add up to the difference exactly, the managers' bridges to the company's, and hand-overs to nothing.
    #[test]
    fn bars_add_up(lines in prop::collection::vec(line(), 1..60)) {
        let company = Company::new(lines.clone());
        let net = |year: i32, manager: Option<u32>| -> i128 {
            let wanted = lines.iter().filter(|line| line.date.month().year() == year);
            wanted.filter(|line| manager.is_none_or(|code| line.manager == code)).filter_map(|line| line.net).map(i128::from).sum()
        };
        let whole = explain(&company, &question("2018", "2019")).expect("a bridge");
        prop_assert_eq!((whole.from.units(), whole.to.units()), (net(2018, None), net(2019, None)));
        let sum = |answer: &Explanation| answer.bars.iter().map(|bar| bar.amount).sum::<Money>();
        prop_assert_eq!(sum(&whole), whole.difference());
        let mut handed = Money::ZERO;
        for code in 0..company.names.manager.len() as u32 {
            let id = company.names.manager.id(code).map(str::to_owned);
            let own = explain(&company, &Question { manager: id, ..question("2018", "2019") }).expect("a bridge");
            prop_assert_eq!((own.from.units(), own.to.units()), (net(2018, Some(code)), net(2019, Some(code))));
            prop_assert_eq!(sum(&own), own.difference());
            handed += own.amount(Bar::HandOver);
        }
        if lines.iter().all(|line| line.manager != NONE) {
            prop_assert_eq!(handed, Money::ZERO);
        }
    }
}

/// Two products in one unit; the market of January and February is known in total and by region.
fn with_market() -> Company {
    let mut lines = Vec::new();
    for (day, quantities) in [("2025-01-15", [100_i64, 200]), ("2025-02-28", [150, 180])] {
        for (product, quantity) in (0_u32..).zip(quantities) {
            let mut line = Line { product, ..Line::sale(day, 0, 0, quantity * 10 * i64::from(product + 1)) };
            line.quantity = Some(quantity * 1_000_000);
            lines.push(line);
        }
    }
    let mut company = Company::new(lines);
    let size = |region: Option<u32>, period: &str, value: i128| MarketSize {
        category: None,
        region,
        segment: None,
        period: self::period(period),
        kpi: "units".to_owned(),
        value: Money::from_units(value * Money::ONE),
    };
    company.market = vec![
        size(None, "2025-01", 3_000),
        size(None, "2025-02", 2_750),
        size(Some(0), "2025-01", 1_000),
        size(Some(0), "2025-02", 1_100),
    ];
    company
}

#[test]
fn quantity_is_split_by_the_market() {
    let company = with_market();
    let windows = |filter: Option<&str>| Question {
        filter: filter.map(|text| text.parse().expect("a filter")),
        ..question("2025-01", "2025-02")
    };
    let found = explain(&company, &windows(None)).expect("an answer");
    let amount = |bar| found.amount(bar).to_f64();
    // 300 of 3,000 were sold at 16⅔ on average, then 330 of 2,750.
    assert!((amount(Bar::MarketSize) - -250.0 * 0.1 * 5_000.0 / 300.0).abs() < 1e-3, "{found:?}");
    assert!((amount(Bar::MarketShare) - 2_750.0 * 0.02 * 5_000.0 / 300.0).abs() < 1e-3);
    assert!((amount(Bar::MarketSize) + amount(Bar::MarketShare) - 500.0).abs() < 1e-9, "together the quantity");
    assert_eq!(found.bars.iter().map(|bar| bar.amount).sum::<Money>(), found.difference());
    assert!(found.notes.iter().any(
        |note| matches!(note, Note::MarketShares(then, now) if (then - 0.1).abs() < 1e-12 && (now - 0.12).abs() < 1e-12)
    ));
    // Sizes by region answer for a region; nothing answers for a manager or a product.
    let region = explain(&company, &windows(Some("region = 'R1'"))).expect("an answer");
    assert!((region.amount(Bar::MarketSize).to_f64() - 100.0 * 0.3 * 5_000.0 / 300.0).abs() < 1e-3);
    let product = explain(&company, &windows(Some("product = 'P1'"))).expect("an answer");
    assert!(product.bars.iter().all(|bar| bar.bar != Bar::MarketSize));
    let manager = explain(&company, &Question { manager: Some("1".to_owned()), ..windows(None) }).expect("an answer");
    assert!(manager.bars.iter().any(|bar| bar.bar == Bar::Quantity));
}
