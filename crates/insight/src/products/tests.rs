//! A hand-made company in which eight accounts went from one product to another.

use takar_model::Lang;

use super::*;
use crate::{
    fixtures::{Company, Line},
    kpis::FactRow,
    metrics::SourceError,
};

/// Twenty accounts buy P3 in January and February; the first eight leave P1 and begin P2, two keep P1.
fn company() -> Company {
    let line = |date: &str, account: u32, product: u32, net: i64| {
        let mut line = Line::sale(date, account, account % 2, net);
        line.product = product;
        line
    };
    let mut lines = vec![line("2024-12-05", 19, 2, 70)];
    for account in 0..20 {
        lines.push(line("2025-01-10", account, 2, 100));
        lines.push(line("2025-02-28", account, 2, 100));
    }
    for account in 0..10 {
        lines.push(line("2025-01-11", account, 0, 40));
        lines.push(line("2025-02-11", account, if account < 8 { 1 } else { 0 }, 50));
    }
    Company::new(lines)
}

/// A1 complains of P2 twice, A2 once; A20 asks for something of P3.
struct Feedback;

impl FactSource for Feedback {
    fn measure(
        &self,
        aggregates: &[Aggregate],
        windows: &[Period],
        by: &[Dimension],
        _: Option<&Filter>,
    ) -> Result<Vec<FactRow>, SourceError> {
        assert_eq!((aggregates.len(), windows.len(), by), (2, 1, &[Dimension::Product, Dimension::Account][..]));
        let row = |product: &str, account: &str, complaints: i128, requests: i128| {
            let count = |units| Some(FactAmount::Units { units, places: 0, values: 1 });
            FactRow {
                window: 0,
                keys: vec![Some(product.to_owned()), Some(account.to_owned())],
                amounts: vec![count(complaints), count(requests)],
            }
        };
        Ok(vec![row("P2", "A1", 2, 0), row("P2", "A2", 1, 0), row("P3", "A20", 0, 1)])
    }
}

fn asked(by: Dimension) -> Question {
    Question { by, period: Some("2025-02".parse().expect("a month")), scope: Scope::default() }
}

fn rupiah(whole: i128) -> Money {
    Money::from_units(whole * 10_000)
}

#[test]
fn who_began_and_who_stopped_is_counted() {
    let answer = products(&company(), &Feedback, &asked(Dimension::Product)).expect("products");
    let told: Vec<_> = answer
        .rows
        .iter()
        .map(|row| (row.id.as_str(), row.net_sales, row.buyers, row.moved.map(|moved| (moved.began, moved.stopped))))
        .collect();
    // P3: 20 × 100; P2: 8 × 50; P1: 2 × 50.
    assert_eq!(
        told,
        [
            ("P3", rupiah(2000), 20, Some((0, 0))),
            ("P2", rupiah(400), 8, Some((8, 0))),
            ("P1", rupiah(100), 2, Some((0, 8))),
        ]
    );
    assert_eq!(answer.rows[2].base_sales, Some(rupiah(400)));
    // Three complaints of two accounts that buy 100 + 50 each.
    assert_eq!(answer.rows[1].complaints, Said { times: 3, accounts: 2, worth: rupiah(300) });
    assert_eq!(answer.rows[0].requests, Said { times: 1, accounts: 1, worth: rupiah(100) });
}

#[test]
fn what_the_same_accounts_left_and_began_moves_together() {
    let answer = products(&company(), &Feedback, &asked(Dimension::Product)).expect("products");
    assert_eq!((answer.pairs, answer.together.len()), (1, 1));
    let pair = &answer.together[0];
    assert_eq!((pair.stopped.0.as_str(), pair.began.0.as_str(), pair.both, pair.n), ("P1", "P2", 8, 20));
    // All eight of eight and eight of twenty: 1 / C(20, 8) = 1 / 125,970; 8 · 20 / (8 · 8) = 2.5.
    assert!((pair.p - 1.0 / 125_970.0).abs() < 1e-12 && (pair.lift - 2.5).abs() < 1e-12, "{pair:?}");
    let text = answer.table(Lang::En, 10);
    assert!(text.contains("Move together") && text.contains("not to cause") && !text.contains("replaced"), "{text}");
}

#[test]
fn without_a_window_before_nobody_is_said_to_have_begun() {
    let question = Question { period: Some("2024-12".parse().expect("a month")), ..asked(Dimension::Product) };
    let answer = products(&company(), &Feedback, &question).expect("products");
    assert_eq!((answer.rows.len(), answer.rows[0].moved, answer.base), (1, None, None));
    assert!(answer.notes(Lang::En)[0].contains("cannot be told yet"));
    let by_manager = products(&company(), &Feedback, &asked(Dimension::Manager));
    assert_eq!(by_manager, Err(InsightError::NotOfProducts("manager")));
}
