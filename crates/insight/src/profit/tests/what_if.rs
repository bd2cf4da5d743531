//! Prices, minimum orders and visits that are not as they are, worked out beside each line.

use super::*;
use crate::opportunities::{Happenings, OpportunitySource, Purchases};

impl OpportunitySource for Company {
    fn purchases(&self, year: Period, before: Period) -> Result<Purchases, SourceError> {
        Ok(self.purchases([year, before]))
    }

    fn happenings(&self, _: Period) -> Result<Happenings, SourceError> {
        Ok(Happenings::default())
    }
}

impl SoldSource for Company {
    fn sold<T: Send>(
        &self,
        window: Period,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &SoldLine) + Sync,
    ) -> Result<Vec<T>, SourceError> {
        // Two parts, so that orders lie in both.
        let mut parts = [start(), start()];
        for (place, line) in self.lines.iter().enumerate().filter(|(_, line)| window.contains(line.date)) {
            let (kind, key, day) = line.order_key();
            let sold = SoldLine {
                account: line.account,
                manager: line.manager,
                region: line.region,
                segment: crate::metrics::NONE,
                branch: self.names.branch_of(line.manager),
                product: line.product,
                unit: line.unit,
                order: u128::from(kind) << 64 | u128::from(key) << 32 | day as u128,
                day: line.date.epoch_days(),
                quantity: line.quantity,
                net: line.net,
                cost: line.cost,
            };
            take(&mut parts[place % 2], &sold);
        }
        Ok(parts.into())
    }
}

const NO_FACTS: Facts = Facts(Vec::new());

fn of(company: &Company, facts: &Facts, change: Change) -> WhatIf {
    let change = change.checked().expect("a change");
    let question =
        Question { period: Some("2025-01..2025-02".parse().expect("a period")), ..asked(Dimension::Account) };
    what_if(company, (facts, company), RATES, &question, change).expect("an answer")
}

/// So many pieces for `net` that cost `cost`.
fn pieces(date: &str, account: u32, (count, net): (i64, i64), cost: Option<i64>) -> Line {
    let mut line = Line::sale(date, account, 0, net);
    line.quantity = Some(count * 1_000_000);
    line.cost = cost.map(|cost| cost * 10_000);
    line
}

#[test]
fn fewer_visits_save_their_hours_and_nothing_is_assumed_of_accounts() {
    // Visits: 3 + 8 hours of costs, 2 of activities; a fifth of 13 is 2.6 hours, 26 in money. 1150 − 310 = 840.
    let change = Change { fewer_visits: 0.2, ..Change::default() };
    let fewer = of(&company(), &costs(), change);
    let total = fewer.total;
    assert_eq!(
        (total.hours(), total.visit_saving, total.now, total.then()),
        (2.6, rupiah(26), rupiah(840), rupiah(866))
    );
    assert_eq!(total.break_even(), Some(26.0 / 1150.0));
    // A1 has two of the hours, A2 eleven.
    let saved: Vec<_> = fewer.rows.iter().map(|row| (row.id.as_deref(), row.effect.visit_saving)).collect();
    assert_eq!(saved, [(Some("A2"), rupiah(22)), (Some("A1"), rupiah(4))]);
    // A tenth of the margin is 115.
    let worse = of(&company(), &costs(), Change { margin_lost: 0.1, ..change }).total;
    assert_eq!((worse.lost, worse.then()), (rupiah(115), rupiah(751)));
    let said = fewer.summary(Lang::En).join(" ");
    assert!(said.contains("an assumption, not a finding"), "{said}");
}

#[test]
fn changes_that_cannot_be_are_refused() {
    let refused = [
        Change::default(),
        Change { fewer_visits: 1.2, ..Change::default() },
        Change { fewer_visits: f64::NAN, ..Change::default() },
        Change { price_floor: Some(0.0), ..Change::default() },
        Change { above_cost: Some(-0.1), ..Change::default() },
        Change { least_order: Some(Money::ZERO), ..Change::default() },
        Change { fewer_visits: 0.1, small_orders: SmallOrders::Merge, ..Change::default() },
        Change { least_order: Some(rupiah(5)), small_orders: SmallOrders::Fee(rupiah(-1)), ..Change::default() },
    ];
    for change in refused {
        assert!(change.checked().is_err(), "{change:?}");
    }
}

/// Seven accounts that buy one product for 100 each, but A6 for 80 and A7 for 90, without a cost.
fn priced() -> Company {
    let mut lines: Vec<Line> = (0..5).map(|account| pieces("2025-01-05", account, (10, 1000), Some(700))).collect();
    lines.push(pieces("2025-01-05", 5, (10, 800), Some(700)));
    lines.push(pieces("2025-02-06", 5, (1, 100), Some(70)));
    // Free goods and a return stay as they are.
    lines.push(pieces("2025-02-06", 5, (1, 0), Some(70)));
    lines.push(pieces("2025-02-07", 5, (-1, -80), Some(-70)));
    lines.push(pieces("2025-01-05", 6, (2, 180), None));
    Company::new(lines)
}

#[test]
fn a_floor_of_prices_brings_what_lines_lack_to_it() {
    // The median of 100 × 5, 90 and 900 / 11 is 100. At 95 per cent of it 10 pieces come to 950: 150 more.
    let floor = Change { price_floor: Some(0.95), ..Change::default() };
    let answer = of(&priced(), &NO_FACTS, floor);
    let total = answer.total;
    assert_eq!((total.raised_lines, total.price_gain), (1, rupiah(150)));
    assert_eq!(total.then() - total.now, rupiah(150));
    // 2 × 95 − 180, of a line whose margin is not known.
    assert_eq!((answer.uncosted_lines, answer.uncosted_gain), (1, rupiah(10)));
    assert_eq!(answer.rows.iter().map(|row| row.id.as_deref()).collect::<Vec<_>>(), [Some("A6")]);
    // The line leaves 950 − 700 then: a tenth of it lost is 25, and 150 / 250 of it uses the gain up.
    let lost = of(&priced(), &NO_FACTS, Change { margin_lost: 0.1, ..floor }).total;
    assert_eq!((lost.lost, lost.then() - lost.now, lost.break_even()), (rupiah(25), rupiah(125), Some(0.6)));
    // A fifth above cost: 840 instead of 800; all others are above theirs.
    let above = of(&priced(), &NO_FACTS, Change { above_cost: Some(0.2), ..Change::default() }).total;
    assert_eq!((above.raised_lines, above.price_gain), (1, rupiah(40)));
    // Of both floors the higher one counts.
    let both = of(&priced(), &NO_FACTS, Change { above_cost: Some(0.2), ..floor }).total;
    assert_eq!(both.price_gain, rupiah(150));
    // In another unit there are no five peers.
    let mut company = priced();
    company.lines[5].unit = 0;
    assert_eq!(of(&company, &NO_FACTS, floor).total.price_gain, Money::ZERO);
}

#[test]
fn a_floor_is_held_against_everybodys_prices_and_brings_only_the_own() {
    let mut lines = priced().lines;
    (lines[5].manager, lines[6].manager) = (1, 1);
    let company = Company::new(lines);
    let floor = Change { price_floor: Some(0.95), ..Change::default() };
    let question = |id: &str| Question { manager: Some(id.to_owned()), ..asked(Dimension::Account) };
    let by = |id: &str| {
        let answer = what_if(&company, (&NO_FACTS, &company), RATES, &question(id), floor).expect("an answer");
        (answer.total.price_gain, answer.total.now)
    };
    // Manager 1 has five accounts with 300 of margin each, and of A6 the free goods and the return: −70 − 10.
    assert_eq!(by("1"), (Money::ZERO, rupiah(1420)));
    assert_eq!(by("2"), (rupiah(150), rupiah(130)));
}

/// Five orders of an account.
fn ordered() -> Company {
    Company::new(vec![
        pieces("2025-01-05", 0, (1, 300), Some(200)),
        pieces("2025-01-09", 0, (1, 400), Some(250)),
        pieces("2025-02-01", 0, (1, 2000), Some(1500)),
        pieces("2025-02-20", 0, (1, 60), Some(50)),
        pieces("2025-02-20", 0, (1, 40), Some(40)),
        pieces("2025-02-25", 0, (1, 150), Some(100)),
        // A return is no order.
        pieces("2025-02-26", 0, (-1, -40), Some(-40)),
    ])
}

#[test]
fn small_orders_are_refused_merged_or_charged() {
    let least = Change { least_order: Some(rupiah(500)), ..Change::default() };
    // 300, 400, 100 and 150 are below 500: margin 100 + 150 + 10 + 50. Four orders at 20 are saved.
    let refused = of(&ordered(), &NO_FACTS, least).total;
    assert_eq!((refused.orders, refused.small_orders, refused.orders_away), (5, 4, 4));
    assert_eq!((refused.small_net, refused.small_margin), (rupiah(950), rupiah(310)));
    assert_eq!((refused.then() - refused.now, refused.break_even()), (rupiah(80 - 310), None));
    // 300 goes with 400; 100 and 150 wait for each other and go at the end: two orders fewer.
    let merged = Change { small_orders: SmallOrders::Merge, ..least };
    let merged_total = of(&ordered(), &NO_FACTS, merged).total;
    assert_eq!((merged_total.orders_away, merged_total.then() - merged_total.now), (2, rupiah(40)));
    assert_eq!(merged_total.break_even(), Some(40.0 / 310.0));
    // Four at 25; half of 310 + 100 is lost.
    let charged = Change { small_orders: SmallOrders::Fee(rupiah(25)), margin_lost: 0.5, ..least };
    let charged = of(&ordered(), &NO_FACTS, charged).total;
    assert_eq!((charged.fees, charged.lost, charged.orders_away), (rupiah(100), rupiah(205), 0));
    // Without a rate nothing is saved, and that is said.
    let question = asked(Dimension::Account);
    let unset = what_if(&ordered(), (&NO_FACTS, &ordered()), Rates::default(), &question, merged).expect("an answer");
    assert_eq!(unset.total.order_saving, Money::ZERO);
    assert!(unset.summary(Lang::En).join(" ").contains("no saving is counted"));
    // The rate rests on costs that are told: here there are none.
    assert!(of(&ordered(), &NO_FACTS, merged).summary(Lang::En).join(" ").contains("rests on the rate alone"));
}

#[test]
fn changes_together_count_nothing_twice() {
    // Half above cost: 2000 → 2250, 60 → 75, 40 → 60: 285 more. The order of 100 comes to 135 then.
    let floor = Change { above_cost: Some(0.5), ..Change::default() };
    let spared = of(&ordered(), &NO_FACTS, Change { least_order: Some(rupiah(135)), ..floor }).total;
    assert_eq!((spared.price_gain, spared.small_orders, spared.then() - spared.now), (rupiah(285), 0, rupiah(285)));
    // Refused with its gain: 135 − 90 of margin go, an order at 20 is saved.
    let refused = of(&ordered(), &NO_FACTS, Change { least_order: Some(rupiah(136)), ..floor }).total;
    assert_eq!((refused.small_orders, refused.refused_margin), (1, rupiah(45)));
    assert_eq!(refused.then() - refused.now, rupiah(285 - 45 + 20));
    // What is touched and stays is the raised line of 2250 − 1500.
    assert_eq!(refused.touched_margin, rupiah(750));
    // With visits all is touched: 810 of margin, 285 more, 45 less.
    let all = Change { least_order: Some(rupiah(136)), fewer_visits: 0.5, ..floor };
    assert_eq!(of(&ordered(), &NO_FACTS, all).total.touched_margin, rupiah(810 + 285 - 45));
}

proptest::proptest! {
    /// Accounts come to the total, managers' parts of the floor and of refused orders too, whatever the order of lines.
    #[test]
    fn sums_close_over_accounts_and_managers(
        lines in proptest::collection::vec((0_u32..7, 0_u32..2, 1_i64..9, 1_i64..2_000, proptest::option::of(0_i64..1_500), 1_u32..28, 0_u32..3), 1..60),
        (floor, above, least, lose) in (proptest::option::of(0.5_f64..1.5), proptest::option::of(0.0_f64..0.5), proptest::option::of(1_i128..5_000), 0.0_f64..0.9),
        way in 0_usize..3,
    ) {
        let made: Vec<Line> = lines.iter().map(|(account, manager, count, net, cost, day, invoice)| {
            let mut line = pieces(&format!("2025-01-{day:02}"), *account, (*count, *net), *cost);
            (line.manager, line.invoice) = (*manager, (*invoice > 0).then_some(account * 10 + invoice));
            line
        }).collect();
        let turned: Vec<Line> = made.iter().rev().cloned().collect();
        let small_orders = match (least, way) {
            (Some(_), 1) => SmallOrders::Merge,
            (Some(_), 2) => SmallOrders::Fee(rupiah(7)),
            _ => SmallOrders::Refuse,
        };
        let change = Change {
            price_floor: floor,
            above_cost: above,
            least_order: least.map(rupiah),
            small_orders,
            fewer_visits: 0.1,
            margin_lost: lose,
        };
        // The same ids in both: codes follow the lines.
        let (one, other) = (Company::new(made), Company::new(turned));
        let (first, again) = (of(&one, &costs(), change), of(&other, &costs(), change));
        proptest::prop_assert_eq!(first.to_json(Lang::En, 0, 99), again.to_json(Lang::En, 0, 99));
        let changed: Money = first.rows.iter().map(|row| row.effect.then() - row.effect.now).sum();
        proptest::prop_assert_eq!(changed, first.total.then() - first.total.now);
        // What each manager's lines gain and lose makes what all do: the size of an order is everybody's.
        let question = |id: &str| Question { manager: Some(id.to_owned()), ..asked(Dimension::Account) };
        let parts: Vec<Effect> = (0..one.names.manager.len()).map(|code| {
            let id = one.names.manager.id(code as u32).unwrap_or_default();
            what_if(&one, (&NO_FACTS, &one), RATES, &question(id), change).expect("an answer").total
        }).collect();
        let sum = |of: fn(&Effect) -> Money| parts.iter().map(of).sum::<Money>();
        proptest::prop_assert_eq!(sum(|effect| effect.price_gain), first.total.price_gain);
        proptest::prop_assert_eq!(sum(|effect| effect.refused_margin), first.total.refused_margin);
    }
}
