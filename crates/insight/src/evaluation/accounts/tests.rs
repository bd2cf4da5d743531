//! Accounts on the plane, by hand.

use super::*;

/// Class, net sales, growth, contacts, alive, satisfaction with its answers, returns.
type Row = (Class, f64, Option<f64>, Option<f64>, Option<f64>, Option<(f64, u64)>, Option<f64>);

fn facts(rows: &[Row]) -> Vec<AccountFacts> {
    let fact = |(place, row): (usize, &Row)| AccountFacts {
        id: format!("P{place}"),
        name: None,
        manager: None,
        class: row.0,
        net_sales: None,
        values: [Some(row.1), row.2, row.3, row.4, row.5.map(|(said, _)| said), row.6],
        answers: row.5.map_or(0, |(_, answers)| answers),
    };
    rows.iter().enumerate().map(fact).collect()
}

#[test]
fn points_are_counted_by_hand() {
    let plain = |net: f64| (Class::A, net, Some(0.0), None, Some(0.9), None, Some(0.0));
    let found = on_plane(facts(&[
        // Net sales of class A: 0, 100, 200, 300, 400; the outer 5 % cut at 20 and 380. All grow alike: no yardstick.
        (Class::A, 200.0, Some(0.0), Some(0.5), Some(0.8), Some((0.9, 3)), Some(0.0)),
        (Class::A, 400.0, Some(0.0), Some(2.0), Some(0.1), Some((1.0, 2)), Some(0.0)),
        plain(0.0),
        plain(100.0),
        plain(300.0),
        // The only one of its class: nothing to hold it against.
        (Class::B, 50.0, Some(0.0), Some(1.0), Some(1.0), Some((1.0, 9)), Some(0.0)),
    ]));
    let near = |found: Option<f64>, expected: f64| (found.expect("a score") - expected).abs() < 1e-9;
    // (200 - 20) / 360 = half, of the 60 % that are known.
    assert!(near(found[0].quantity.score, 50.0) && (found[0].quantity.known - 0.6).abs() < 1e-9);
    // Contacts half of the plan (30 %), alive 80 (30 %), content 90 (25 %); nobody returns anything, which tells nothing.
    assert!(near(found[0].quality.score, (0.3 * 50.0 + 0.3 * 80.0 + 0.25 * 90.0) / 0.85));
    assert_eq!(found[0].corner, Some(Corner::Both));
    // Twice the plan is the plan; two answers are too few to tell.
    assert_eq!(found[1].points[Measure::Contacts as usize], Some(100.0));
    assert_eq!(found[1].points[Measure::Satisfaction as usize], None);
    assert!(near(found[1].quality.score, (0.3 * 100.0 + 0.3 * 10.0) / 0.6));
    assert_eq!(found[1].corner, Some(Corner::Both));
    // Of the relation nothing but the orders is known: no score and no corner, not a bad one.
    assert_eq!((found[2].quality.score, found[2].corner), (None, None));
    assert!((found[2].quality.known - 0.3).abs() < 1e-9);
    assert_eq!((found[5].quantity.score, found[5].corner), (None, None));
}
