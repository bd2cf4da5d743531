use proptest::prelude::*;

use super::{
    rounding::{divided, scaled},
    *,
};
use crate::{Amount, Error, LIMIT, Units, retention::Status};

/// Money with four decimals, quantities with six.
const MONEY: i128 = 10_000;
const PIECE: i128 = 1_000_000;

fn sold(pieces: i128, price: i128) -> Side {
    Side::sold(Units(pieces * PIECE), Amount(pieces * price * MONEY))
}

fn shown(why: &Bridge) -> Vec<(Bar, i128)> {
    why.bars.iter().map(|total| (total.bar, total.amount.0)).collect()
}

/// Horngren, Cost Accounting, ch. 14: contribution variances with the market (METHODS §1).
#[test]
fn horngren() {
    let cells = [(400, 480, 2_0000), (600, 900, 1_2000), (1_500, 1_620, 2_5000)];
    let items = cells.map(|(budget, actual, margin)| {
        let thousands = |count: i128| Units(count * 1_000 * PIECE);
        Item::at_margin(thousands(budget), thousands(actual), Amount(margin), Units(PIECE)).expect("in range")
    });
    let millions = |count: i128| Units(count * 1_000_000 * PIECE);
    let market = Market { base: millions(25), current: millions(24) };
    let why = bridge(items, Some(market)).expect("a bridge");
    let published = [
        (Bar::Price, 0),
        (Bar::Size, -210_800),
        (Bar::Share, 1_264_800),
        (Bar::Mix, -234_000),
        (Bar::New, 0),
        (Bar::Lost, 0),
    ];
    assert_eq!(shown(&why), published.map(|(bar, amount)| (bar, amount * MONEY)));
    assert_eq!(why.amount(Bar::Quantity), Amount(1_054_000 * MONEY));
    assert_eq!(why.volume(), Amount(820_000 * MONEY));
    assert_eq!(why.coverage.base_quantity, Units(2_500_000 * PIECE));
    assert_eq!((why.coverage.base_share(), why.coverage.compared), (Some(1.0), 3));

    let without_market = bridge(items, None).expect("a bridge");
    assert_eq!(without_market.amount(Bar::Quantity), why.amount(Bar::Quantity));
    assert_eq!(without_market.amount(Bar::Share), Amount(0));
}

/// METHODS §1, our own fixture, and what opens up behind its bars.
#[test]
fn four_products() {
    let items = [
        Item::new(sold(100, 10), sold(120, 11)),
        Item::new(sold(200, 5), sold(150, 5)),
        Item::new(sold(50, 8), Side::default()),
        Item::new(Side::default(), sold(40, 12)),
    ];
    let why = bridge(items, None).expect("a bridge");
    let expected = [(Bar::Price, 120), (Bar::Quantity, -200), (Bar::Mix, 150), (Bar::New, 480), (Bar::Lost, -400)];
    assert_eq!(shown(&why), expected.map(|(bar, amount)| (bar, amount * MONEY)));
    assert_eq!(why.difference(), Amount(150 * MONEY));
    let mix: Vec<i128> = why.parts(Bar::Mix).map(|part| part.0 / MONEY).collect();
    assert_eq!(mix, [100, 50, 0, 0]); // more of the dear one and less of the cheap one: both raise the average
    let largest = why.leading(Bar::Quantity, 1);
    assert_eq!(largest, [Part { item: 1, amount: Amount(-300 * MONEY) }]);
    let coverage = why.coverage;
    assert_eq!((coverage.items, coverage.compared), (4, 2));
    assert_eq!(coverage.base_share(), Some(2_000.0 / 2_400.0));
    assert_eq!(coverage.current_share(), Some(2_070.0 / 2_550.0));
}

/// Bars that only some data has, each with amounts of its own.
#[test]
fn returns_accounts_adjustments_currency_and_hand_overs() {
    let with_returns = Item {
        base: Side { returns: Amount(-7), ..Side::sold(Units(10), Amount(100)) },
        current: Side { returns: Amount(-20), ..Side::sold(Units(10), Amount(100)) },
        ..Item::default()
    };
    let of_account = |account, base, current| Item {
        base: Side::sold(Units(0), Amount(base)),
        current: Side::sold(Units(1), Amount(current)),
        account,
        ..Item::default()
    };
    // Rebate without goods in the base window, goods now; and the other way round.
    let rebate_first = Item::new(Side::sold(Units(0), Amount(-3)), Side::sold(Units(1), Amount(50)));
    let rebate_last = Item::new(Side::sold(Units(1), Amount(60)), Side::sold(Units(-1), Amount(-5)));
    let abroad =
        Item { currency: Amount(11), ..Item::new(Side::sold(Units(2), Amount(20)), Side::sold(Units(2), Amount(20))) };
    let taken_over =
        Item { moved_in: Amount(30), ..Item::new(Side::sold(Units(3), Amount(30)), Side::sold(Units(4), Amount(40))) };
    let handed_over = Item { moved_out: Amount(70), ..Item::default() };
    let items = [
        with_returns,
        of_account(AccountStatus::New, 0, 41),
        of_account(AccountStatus::Reactivated, -2, 42),
        of_account(AccountStatus::Lost, 99, 0),
        rebate_first,
        rebate_last,
        abroad,
        taken_over,
        handed_over,
    ];
    let why = bridge(items, None).expect("a bridge");
    assert_eq!(
        shown(&why),
        [
            (Bar::MovedIn, 30),
            (Bar::MovedOut, -70),
            (Bar::Price, 0),
            (Bar::Quantity, 10),
            (Bar::Mix, 0),
            (Bar::New, 50),
            (Bar::Lost, -60),
            (Bar::NewAccount, 41),
            (Bar::ReactivatedAccount, 44),
            (Bar::LostAccount, -99),
            (Bar::Returns, -13),
            (Bar::Adjustments, -2),
            (Bar::Currency, 11),
        ]
    );
    assert_eq!(why.base, Amount(100 - 7 - 2 + 99 - 3 + 60 + 20 + 70));
    assert_eq!(why.part(Bar::Returns, 0), Amount(-13));
    assert_eq!(why.part(Bar::Adjustments, 4), Amount(3));
    assert_eq!(why.part(Bar::Adjustments, 5), Amount(-5));
    assert_eq!(why.part(Bar::MovedOut, 8), Amount(-70));
    assert_eq!(why.part(Bar::Price, 99), Amount(0)); // no such item
}

#[test]
fn nothing_is_a_bridge_from_zero_to_zero() {
    let why = bridge([], None).expect("a bridge");
    assert_eq!((why.base, why.current, why.coverage.base_share()), (Amount(0), Amount(0), None));
    assert_eq!(why.bars.len(), 5);
    assert!(why.leading(Bar::Price, 3).is_empty());
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let fine = Item::new(sold(1, 1), sold(1, 1));
    let huge = Item::new(Side::sold(Units(LIMIT + 1), Amount(1)), sold(1, 1));
    let place = |result: crate::Result<Bridge>| match result {
        Err(Error::OutOfRange { what, index, .. }) => Some((what, index)),
        _ => None,
    };
    assert_eq!(place(bridge([fine, huge], None)), Some(("base quantity", 1)));
    let no_market = |base, current| Some(Market { base: Units(base), current: Units(current) });
    assert_eq!(place(bridge([fine], no_market(0, 1))), Some(("market", 0)));
    assert_eq!(place(bridge([fine], no_market(1, -1))), Some(("market", 1)));
    // A thousandth of a thing for all the money there is, then as many as there can be.
    let bubble = Item::new(Side::sold(Units(1), Amount(LIMIT)), Side::sold(Units(LIMIT), Amount(1)));
    assert_eq!(place(bridge([bubble], None)), Some(("item's variance", 0)));
    assert!(Item::at_margin(Units(LIMIT), Units(0), Amount(LIMIT), Units(1)).is_err());
    assert!(Item::at_margin(Units(1), Units(0), Amount(1), Units(0)).is_err());
}

#[test]
fn statuses_of_accounts_are_understood() {
    assert_eq!(AccountStatus::from(Status::Reactivated), AccountStatus::Reactivated);
    assert_eq!(AccountStatus::from(Status::Contraction), AccountStatus::Kept);
}

#[test]
fn serialised_it_names_model_bars_and_coverage() {
    let why = bridge([Item::new(sold(1, 2), sold(1, 3))], None).expect("a bridge");
    let json = serde_json::to_value(&why).expect("plain values");
    assert_eq!(json["model"], "price-quantity-mix");
    assert_eq!(json["bars"][0], serde_json::json!({ "bar": "price", "amount": 10_000, "items": 1 }));
    assert_eq!(json["coverage"]["items"], 1);
}

#[test]
fn halves_go_away_from_zero() {
    let cases = [(1, 1, 2, 1), (-1, 1, 2, -1), (3, 1, 2, 2), (-3, 1, 2, -2), (1, 1, 3, 0), (2, 1, 3, 1), (0, 5, 7, 0)];
    for (a, b, c, expected) in cases {
        assert_eq!(scaled(a, b, c), Some(expected), "{a}*{b}/{c}");
        assert_eq!(divided(a * b, c), expected, "{a}*{b}/{c} by division");
    }
}

#[test]
fn products_beyond_128_bits_keep_fifteen_digits() {
    let got = scaled(10_i128.pow(27) - 1, 10_i128.pow(26) + 7, 10_i128.pow(20)).expect("fits") as f64;
    assert!((got / 1e33 - 1.0).abs() < 1e-15, "{got}");
    assert_eq!(scaled(LIMIT, LIMIT, 1), None);
}

/// Amounts and quantities as they occur: absent, ordinary, very large, negative.
fn number() -> impl Strategy<Value = i128> {
    prop_oneof![3 => Just(0), 8 => 1..2_000_000_i128, 3 => -500_000..0_i128, 2 => 0..10_i128.pow(17), 1 => 0..10_i128.pow(24)]
}

fn side() -> impl Strategy<Value = Side> {
    (number(), number(), prop_oneof![4 => Just(0), 1 => -90_000..90_000_i128]).prop_map(
        |(quantity, amount, returns)| Side {
            quantity: Units(quantity),
            amount: Amount(amount),
            returns: Amount(returns),
        },
    )
}

fn item() -> impl Strategy<Value = Item> {
    let account = prop_oneof![
        12 => Just(AccountStatus::Kept),
        1 => Just(AccountStatus::New),
        1 => Just(AccountStatus::Reactivated),
        1 => Just(AccountStatus::Lost),
    ];
    let seldom = || prop_oneof![5 => Just(0), 1 => -7_000..7_000_i128].prop_map(Amount);
    (side(), side(), account, seldom(), seldom(), seldom()).prop_map(
        |(base, current, account, currency, moved_in, moved_out)| Item {
            base,
            current,
            account,
            currency,
            moved_in,
            moved_out,
        },
    )
}

fn market() -> impl Strategy<Value = Option<Market>> {
    prop::option::of((1..10_i128.pow(12), 0..10_i128.pow(12)))
        .prop_map(|market| market.map(|(base, current)| Market { base: Units(base), current: Units(current) }))
}

proptest! {
    #[test]
    fn the_fast_way_equals_division(a in any::<i64>(), b in any::<i64>(), c in 1..i64::MAX) {
        let product = i128::from(a) * i128::from(b);
        prop_assert_eq!(scaled(a.into(), b.into(), c.into()), Some(divided(product, c.into())));
    }

    #[test]
    fn of_small_numbers_too(a in -2_000_i128..2_000, b in -2_000_i128..2_000, c in 1_i128..50) {
        prop_assert_eq!(scaled(a, b, c), Some(divided(a * b, c)));
    }

    /// The property of METHODS §1, with a residual of exactly 0, and the same for every single item.
    #[test]
    fn bars_close_exactly(items in prop::collection::vec(item(), 0..40), market in market()) {
        let Ok(why) = bridge(items.iter().copied(), market) else {
            // Only a variance beyond 10²⁷ may be refused, which takes an absurd price.
            let absurd = items.iter().any(|item| {
                let largest = |side: &Side| side.amount.0.max(side.quantity.0);
                largest(&item.base).max(largest(&item.current)) > 10_i128.pow(12)
            });
            prop_assert!(absurd);
            return Ok(());
        };
        let base: i128 = items.iter()
            .map(|item| item.base.amount.0 + item.base.returns.0 - item.moved_in.0 + item.moved_out.0)
            .sum();
        let current: i128 =
            items.iter().map(|item| item.current.amount.0 + item.current.returns.0 + item.currency.0).sum();
        prop_assert_eq!((why.base.0, why.current.0), (base, current));
        prop_assert_eq!(why.bars.iter().map(|total| total.amount.0).sum::<i128>(), current - base);
        let shown: Vec<Bar> = why.bars.iter().map(|total| total.bar).collect();
        for total in &why.bars {
            prop_assert_eq!(why.parts(total.bar).map(|part| part.0).sum::<i128>(), total.amount.0);
            prop_assert_eq!(why.parts(total.bar).filter(|part| part.0 != 0).count(), total.items);
        }
        for (place, item) in items.iter().enumerate() {
            let change = item.current.amount.0 + item.current.returns.0 + item.currency.0
                - item.base.amount.0 - item.base.returns.0 + item.moved_in.0 - item.moved_out.0;
            prop_assert_eq!(shown.iter().map(|bar| why.part(*bar, place).0).sum::<i128>(), change);
        }
        let values = serde_json::to_string(&why).expect("plain values");
        prop_assert!(!values.contains("null"));
    }

    /// The rounded parts are within one smallest unit of the formulas, evaluated with rational numbers.
    #[test]
    fn parts_follow_the_formulas(
        cells in prop::collection::vec((1..3_000_i128, 0..50_000_i128, 1..3_000_i128, 0..50_000_i128), 1..8),
    ) {
        let items = cells.iter().map(|(q0, r0, q1, r1)| {
            Item::new(Side::sold(Units(*q0), Amount(*r0)), Side::sold(Units(*q1), Amount(*r1)))
        });
        let why = bridge(items, None).expect("in range");
        let all_q0: i128 = cells.iter().map(|cell| cell.0).sum();
        let all_r0: i128 = cells.iter().map(|cell| cell.1).sum();
        let all_q1: i128 = cells.iter().map(|cell| cell.2).sum();
        for (place, (q0, r0, q1, r1)) in cells.iter().enumerate() {
            let price = why.part(Bar::Price, place).0;
            prop_assert!((2 * (price * q0 - (r1 * q0 - r0 * q1))).abs() <= *q0, "price of {place}");
            // mix·q₀·Q₀² = (q₁Q₀ − Q₁q₀)(r₀Q₀ − R₀q₀)
            let mix = why.part(Bar::Mix, place).0;
            let scale = q0 * all_q0 * all_q0;
            let exact = (q1 * all_q0 - all_q1 * q0) * (r0 * all_q0 - all_r0 * q0);
            prop_assert!((2 * (mix * scale - exact)).abs() <= scale, "mix of {place}");
        }
        let quantity = why.amount(Bar::Quantity).0;
        let rounding = cells.len() as i128 * all_q0;
        prop_assert!((quantity * all_q0 - (all_q1 - all_q0) * all_r0).abs() <= rounding, "quantity");
    }

    /// Which row comes first does not matter, to the last unit.
    #[test]
    fn order_does_not_matter(items in prop::collection::vec(item(), 1..20), market in market()) {
        let forwards = bridge(items.iter().copied(), market);
        let backwards = bridge(items.iter().rev().copied(), market);
        if let (Ok(forwards), Ok(backwards)) = (forwards, backwards) {
            prop_assert_eq!(&forwards.bars, &backwards.bars);
            for place in 0..items.len() {
                prop_assert_eq!(forwards.part(Bar::Mix, place), backwards.part(Bar::Mix, items.len() - 1 - place));
            }
        }
    }

    /// Anything at all: an answer or an error, never a panic.
    #[test]
    fn any_number_is_answered(numbers in prop::collection::vec(any::<i128>(), 9 * 3), market in any::<(i128, i128)>()) {
        let items = numbers.chunks(9).map(|of| Item {
            base: Side { quantity: Units(of[0]), amount: Amount(of[1]), returns: Amount(of[2]) },
            current: Side { quantity: Units(of[3]), amount: Amount(of[4]), returns: Amount(of[5]) },
            account: AccountStatus::Kept,
            currency: Amount(of[6]),
            moved_in: Amount(of[7]),
            moved_out: Amount(of[8]),
        });
        let market = Market { base: Units(market.0), current: Units(market.1) };
        // Nine random 128-bit numbers never lie within 10²⁷.
        prop_assert!(bridge(items, None).is_err());
        prop_assert!(bridge([], Some(market)).is_err());
        let extreme = |number: &i128| number.signum() * LIMIT;
        let at_the_limit = numbers.chunks(9).map(|of| Item::new(
            Side { quantity: Units(extreme(&of[0])), amount: Amount(extreme(&of[1])), returns: Amount(extreme(&of[2])) },
            Side { quantity: Units(extreme(&of[3])), amount: Amount(extreme(&of[4])), returns: Amount(extreme(&of[5])) },
        ));
        if let Ok(why) = bridge(at_the_limit, None) {
            prop_assert_eq!(why.bars.iter().map(|total| total.amount.0).sum::<i128>(), why.difference().0);
        }
    }
}
