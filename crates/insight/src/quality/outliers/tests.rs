use proptest::prelude::*;

use super::*;

fn row(scope: &'static str, month: i32, value: i128) -> TargetRow<'static> {
    TargetRow { scope, kpi: "net_sales", first_month: Month::from_index(2025 * 12 + month), value }
}

#[test]
fn ten_times_its_own_months_is_odd() {
    let mut targets: Vec<_> = (0..6).map(|month| row("A", month, 100 + i128::from(month))).collect();
    assert_eq!(odd_targets(&targets), []);
    targets[2].value = 1_030;
    targets[4].value = 10;
    let odd = odd_targets(&targets);
    assert_eq!(odd.iter().map(|odd| odd.row).collect::<Vec<_>>(), [2, 4]);
    assert!(odd.iter().all(|odd| odd.neighbours == Neighbours::SameScope));
    // Of 10, 100, 101, 103 and 105.
    assert_eq!(odd[0].median, 101);
}

#[test]
fn nothing_and_less_is_odd_among_targets() {
    let mut targets: Vec<_> = (0..5).map(|month| row("A", month, 100)).collect();
    targets[0].value = 0;
    targets[1].value = -100;
    assert_eq!(odd_targets(&targets).iter().map(|odd| odd.row).collect::<Vec<_>>(), [0, 1]);
    let zero: Vec<_> = (0..5).map(|month| row("A", month, 0)).collect();
    assert_eq!(odd_targets(&zero), []);
}

#[test]
fn few_months_are_compared_with_other_scopes() {
    let scopes = ["A", "B", "C", "D", "E", "F"];
    let mut targets: Vec<_> = scopes.iter().map(|scope| row(scope, 0, 100)).collect();
    targets[3].value = 9_999;
    assert_eq!(odd_targets(&targets), []);
    targets[3].value = 10_000;
    assert_eq!(odd_targets(&targets), [OddTarget { row: 3, neighbours: Neighbours::SameMonth, median: 100 }]);
    assert_eq!(odd_targets(&targets[1..]), []);
}

#[test]
fn a_cost_is_odd_below_nothing_and_far_above_the_sale() {
    let money = Money::from_units;
    assert!(is_odd_cost(money(-1), money(100)));
    assert!(is_odd_cost(money(1_000), money(100)));
    assert!(!is_odd_cost(money(999), money(100)));
    assert!(!is_odd_cost(money(-90), money(-100)));
    assert!(!is_odd_cost(money(90), money(0)));
    assert!(!is_odd_cost(money(i128::MAX), money(i128::MAX)));
}

proptest! {
    #[test]
    fn any_value_is_taken(values in prop::collection::vec((0..3_usize, 0..4_i32, any::<i128>()), 0..40)) {
        let any = |(scope, month, value): &(usize, i32, i128)| row(["A", "B", "C"][*scope], *month, *value);
        let rows: Vec<_> = values.iter().map(any).collect();
        for odd in odd_targets(&rows) {
            prop_assert!(odd.median > 0 && odd.row < rows.len());
        }
    }
}
