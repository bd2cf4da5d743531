//! Stock worked out by hand: what is there, what was wanted, what has to be there, and the order of rows.

use std::sync::Arc;

use takar_model::{Lang, Period};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::{Cells, Grain, Names, OrderDays, SourceError, Target},
};

/// A company with told stock; a manager's branch is that of his lines.
struct World {
    company: Company,
    told: Option<Vec<Told>>,
}

impl CellSource for World {
    fn cells(&self, range: Period, grain: Grain) -> Result<Arc<Cells>, SourceError> {
        self.company.cells(range, grain)
    }

    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        self.company.order_days()
    }

    fn extent(&self) -> Option<Period> {
        self.company.extent()
    }

    fn first_orders(&self) -> &[i32] {
        self.company.first_orders()
    }

    fn names(&self) -> &Names {
        self.company.names()
    }

    fn data_version(&self) -> u64 {
        1
    }

    fn targets(&self) -> &[Target] {
        &[]
    }
}

impl StockSource for World {
    fn sold(&self, blocks: Blocks) -> Result<Demand, SourceError> {
        let mut all: Vec<(u32, u32, u16, &Line, i64)> = Vec::new();
        for line in &self.company.lines {
            let Some(block) = blocks.place(line.date.epoch_days()) else { continue };
            let Some(quantity) = line.quantity.filter(|quantity| *quantity > 0) else { continue };
            let branch = self.company.names.branch_of(line.manager);
            all.push((line.product, branch, u16::try_from(block).expect("few"), line, quantity));
        }
        all.sort_by_key(|(product, branch, block, ..)| (*product, *branch, *block));
        let mut demand = Demand::default();
        for shelf in all.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            for block in shelf.chunk_by(|one, other| one.2 == other.2) {
                let quantity = block.iter().map(|(.., quantity)| quantity).sum();
                let net = block.iter().filter_map(|(.., line, _)| line.net).sum();
                demand.sold.push(Sold { block: block[0].2, quantity, priced: quantity, net });
            }
            let unit = shelf[0].3.unit;
            demand.shelves.push(Shelf {
                product: shelf[0].0,
                branch: shelf[0].1,
                unit: if shelf.iter().all(|(.., line, _)| line.unit == unit) { unit } else { MIXED },
                last_sold: shelf.iter().map(|(.., line, _)| line.date.epoch_days()).max().expect("a sale"),
                end: u32::try_from(demand.sold.len()).expect("few"),
            });
        }
        Ok(demand)
    }

    fn told(&self, _: Period) -> Result<Option<Vec<Told>>, SourceError> {
        Ok(self.told.clone())
    }
}

fn day(text: &str) -> Day {
    text.parse::<Period>().expect("a day").from()
}

const PIECE: i64 = 1_000_000;

fn told(product: &str, branch: Option<&str>, on: &str, quantity: Option<i64>) -> Told {
    Told {
        product: product.to_owned(),
        branch: branch.map(str::to_owned),
        day: day(on),
        until: None,
        quantity: quantity.map(|quantity| quantity * PIECE),
        unit: None,
        is_out: quantity == Some(0),
        days_out: None,
    }
}

fn out(product: &str, branch: Option<&str>, from: &str, until: &str) -> Told {
    Told { until: Some(day(until)), is_out: true, ..told(product, branch, from, None) }
}

/// Each product of a list by what its day sells, over 30 blocks of 21 days that end with 2025-10-31; branch C1.
fn world(products: &[&dyn Fn(i32) -> i64], stock: Vec<Told>) -> World {
    let last = day("2025-10-31");
    let mut lines = Vec::new();
    for ago in 0..630 {
        for (product, sold) in products.iter().enumerate() {
            let quantity = sold(629 - ago);
            if quantity > 0 {
                let mut line = Line::sale("2025-10-31", 0, 0, quantity * 1_000);
                line.date = last.plus_days(-ago);
                line.product = u32::try_from(product).expect("few");
                line.quantity = Some(quantity * PIECE);
                lines.push(line);
            }
        }
    }
    let mut company = Company::new(lines);
    company.names.units = vec!["KTN".to_owned(), "PCS".to_owned()];
    World { company, told: Some(stock) }
}

fn answer(world: &World) -> Stock {
    stock(world, Question::default()).expect("an answer")
}

fn row<'a>(stock: &'a Stock, product: &str) -> &'a StockRow {
    stock.rows.iter().find(|row| row.product.id == product).expect("a row")
}

/// The same but for the last digits.
fn is_about(number: Option<f64>, exact: f64) -> bool {
    number.is_some_and(|number| (number - exact).abs() < 1e-9)
}

/// Sells one to five a day, in no order.
fn noisy(day: i32) -> i64 {
    1 + i64::from((day * 7_919 + day * day * 31) % 5)
}

#[test]
fn blocks_end_with_the_data() {
    let blocks = Blocks::of("2025-01-01..2025-03-05".parse().expect("days"), 21);
    assert_eq!((blocks.count(), blocks.days()), (3, 21));
    assert_eq!(blocks.span(0).to_string(), "2025-01-02..2025-01-22");
    assert_eq!(blocks.span(2).to_string(), "2025-02-13..2025-03-05");
    assert_eq!(blocks.span(3).to_string(), "2025-03-06..2025-03-26");
    let place = |text: &str| blocks.place(day(text).epoch_days());
    assert_eq!(place("2025-01-01"), None);
    assert_eq!([place("2025-01-02"), place("2025-01-22"), place("2025-01-23")], [Some(0), Some(0), Some(1)]);
    assert_eq!([place("2025-03-05"), place("2025-03-06")], [Some(2), None]);
    assert_eq!(Blocks::of("2015-01-01..2025-03-05".parse().expect("days"), 7).count(), 60);
    assert_eq!(Blocks::of("2025-03-01..2025-03-05".parse().expect("days"), 7).window(), None);
}

#[test]
fn what_is_there_is_what_was_told_last() {
    let blocks = Blocks::of("2025-01-01..2025-10-31".parse().expect("days"), 21);
    let names = Company::new(vec![Line::sale("2025-10-31", 0, 0, 1)]).names;
    let on_hand = |rows: Vec<Told>, unit: Option<&str>| Shelves::of(&rows, &names).on_hand((0, 0), unit, blocks);
    let counted = |count: i128, on: &str| OnHand::Counted(Quantity::from_units(count * i128::from(PIECE)), day(on));
    let c1 = Some("C1");
    assert_eq!(on_hand(vec![], None), OnHand::Untold);
    let later = vec![told("P1", c1, "2025-10-20", Some(8)), told("P1", c1, "2025-09-30", Some(90))];
    assert_eq!(on_hand(later, None), counted(8, "2025-10-20"));
    // Two counts of one day are of two stores; a count says more than what lasted until the day.
    let twice = vec![
        told("P1", c1, "2025-10-20", Some(8)),
        told("P1", c1, "2025-10-20", Some(5)),
        out("P1", c1, "2025-10-18", "2025-10-20"),
    ];
    assert_eq!(on_hand(twice, None), counted(13, "2025-10-20"));
    assert_eq!(on_hand(vec![out("P1", c1, "2025-10-18", "2025-10-25")], None), OnHand::CameBack(day("2025-10-25")));
    assert_eq!(on_hand(vec![out("P1", c1, "2025-10-18", "2025-11-25")], None), counted(0, "2025-10-31"));
    // Out without a count: so many days of a month are over, a look holds for a block.
    let look = |on: &str, days_out: Option<u16>| vec![Told { is_out: true, days_out, ..told("P1", c1, on, None) }];
    assert_eq!(on_hand(look("2025-10-20", None), None), counted(0, "2025-10-20"));
    assert_eq!(on_hand(look("2025-10-10", None), None), OnHand::CameBack(day("2025-10-10")));
    assert_eq!(on_hand(look("2025-10-20", Some(5)), None), OnHand::CameBack(day("2025-10-20")));
    assert_eq!(on_hand(look("2025-10-31", Some(5)), None), counted(0, "2025-10-31"));
    let there = Told { is_out: false, ..told("P1", c1, "2025-10-20", None) };
    assert_eq!(on_hand(vec![there], None), OnHand::There(day("2025-10-20")));
    let boxes = || vec![Told { unit: Some(" ktn".to_owned()), ..told("P1", c1, "2025-10-20", Some(8)) }];
    assert_eq!(on_hand(boxes(), Some("KTN")), counted(8, "2025-10-20"));
    assert_eq!(on_hand(boxes(), Some("PCS")), OnHand::OtherUnit(day("2025-10-20")));
    // What names no branch is not divided among branches, and what no line knows is counted.
    let nowhere = vec![
        told("P1", None, "2025-10-20", Some(8)),
        told("P9", c1, "2025-10-20", Some(8)),
        told("P1", Some("C9"), "2025-10-20", Some(8)),
    ];
    let shelves = Shelves::of(&nowhere, &names);
    assert_eq!(shelves.on_hand((0, 0), None, blocks), OnHand::Untold);
    assert_eq!((shelves.without_branch, shelves.unknown), (1, 2));
}

#[test]
fn days_out_are_counted_once_and_given_up_goods_are_not_out() {
    let names = Company::new(vec![Line::sale("2025-10-31", 0, 0, 1)]).names;
    let days = |rows: Vec<Told>| {
        let october = (day("2025-10-01").epoch_days(), day("2025-10-31").epoch_days());
        Shelves::of(&rows, &names).days_out((0, 0), october)
    };
    let c1 = Some("C1");
    assert_eq!(days(vec![out("P1", c1, "2025-09-28", "2025-10-05"), out("P1", c1, "2025-10-04", "2025-10-07")]), 7);
    // Everywhere is here too; another branch is not.
    assert_eq!(days(vec![out("P1", None, "2025-10-06", "2025-10-08"), out("P1", c1, "2025-10-07", "2025-10-09")]), 4);
    assert_eq!(days(vec![out("P1", Some("C2"), "2025-10-06", "2025-10-08")]), 0);
    assert_eq!(days(vec![told("P1", c1, "2025-10-31", Some(0))]), 1, "a look at one day");
    let some = |on: &str| Told { days_out: Some(5), is_out: true, ..told("P1", c1, on, None) };
    assert_eq!(
        [days(vec![some("2025-10-31")]), days(vec![some("2025-10-01")])],
        [5, 5],
        "told of the month, at its end or its beginning"
    );
    assert_eq!(days(vec![some("2025-11-03")]), 0);
    assert_eq!(days(vec![out("P1", c1, "2025-03-01", "2025-12-01")]), 0, "more than half a year");
}

#[test]
fn what_always_sells_alike_needs_what_it_sells() {
    // P2 sells one a day, and five a day from another branch; P1 and P3 teach how far forecasts are off.
    let three = |day: i32| noisy(day + 5);
    let world = world(&[&noisy, &|_| 1, &three], vec![told("P2", Some("C1"), "2025-10-31", Some(9))]);
    let stock = answer(&world);
    let row = row(&stock, "P2");
    let expected = row.expected.as_ref().expect("thirty blocks");
    assert!(is_about(Some(expected.forecast), 21.0), "{}", expected.forecast);
    assert_eq!((expected.blocks, expected.class), (30, Class::Steady));
    // It never varied: what lasts is the forecast.
    assert_eq!(expected.level, Ok(21.0));
    assert_eq!(row.order, Some(12.0));
    assert!(is_about(row.lasts, 9.0) && is_about(row.missing, 12.0), "{row:?}");
    assert_eq!(row.loss, Some(Money::from_units(12_000 * Money::ONE)), "1,000 a piece");
    assert!((row.monthly - MONTH).abs() < 1e-9, "{}", row.monthly);
    assert_eq!((row.state, row.days_out), (State::Short, 0));
    // What varies needs more than its forecast, and its interval is around it.
    let noisy = stock.rows.iter().find(|row| row.product.id == "P1").expect("a row");
    let expected = noisy.expected.as_ref().expect("thirty blocks");
    let (level, interval) = (expected.level.clone().expect("errors"), expected.interval.clone().expect("errors"));
    assert!(level > expected.forecast && interval.holds(expected.forecast) && interval.high <= level + 1.0);
    assert_eq!((noisy.state, noisy.order, noisy.on_hand), (State::Unknown, None, OnHand::Untold));
    // What is known to be lost comes before what is not known.
    assert_eq!(stock.rows[0].product.id, "P2");
    for lang in [Lang::Id, Lang::En] {
        let shown = stock.shown(Asked { limit: 10, ..Asked::default() });
        let json = shown.to_json(lang);
        assert_eq!((json["rows"][0]["order"].as_f64(), json["total"].as_u64()), (Some(12.0), Some(3)));
        assert!(shown.table(lang).contains("P2") && !shown.notes(lang).is_empty());
        assert!(stock.reasons(row, lang).len() >= 4, "{:?}", stock.reasons(row, lang));
    }
}

#[test]
fn demand_is_that_of_days_with_stock() {
    // One a day, but in the block before the last from its 5th to its 11th day, and in the one before that on 12 days.
    let sold = |day: i32| i64::from(!(588 + 4..588 + 11).contains(&day) && !(567..567 + 12).contains(&day));
    let last = day("2025-10-31");
    let outs = |from: i32, to: i32| {
        let on = |place: i32| last.plus_days(place - 629).to_string();
        out("P2", Some("C1"), &on(from), &on(to))
    };
    let stock = answer(&world(&[&noisy, &sold], vec![outs(592, 598), outs(567, 578)]));
    let expected = row(&stock, "P2").expected.as_ref().expect("blocks");
    assert!(is_about(Some(expected.forecast), 21.0), "{}", expected.forecast);
    assert_eq!((expected.corrected, expected.left_out, expected.blocks), (1, 1, 29));
    // Told nothing, it looks as if demand had fallen.
    let untold = answer(&world(&[&noisy, &sold], Vec::new()));
    assert!(row(&untold, "P2").expected.as_ref().expect("blocks").forecast < 20.5);
}

#[test]
fn every_state_has_its_reason() {
    let until = |last: i32| move |day: i32| i64::from(day <= last);
    let (gone, fresh) = (until(400), |day: i32| i64::from(day > 600));
    let mut made = world(
        &[&noisy, &|_| 1, &gone, &fresh, &|_| 1, &|_| 1],
        vec![
            told("P1", Some("C1"), "2025-10-31", Some(1_000)),
            told("P2", Some("C1"), "2025-10-31", Some(0)),
            told("P3", Some("C1"), "2025-10-31", Some(5)),
            told("P4", Some("C1"), "2025-10-31", Some(5)),
            told("P5", Some("C1"), "2025-10-31", Some(40)),
            told("P1", Some("C2"), "2025-10-31", Some(7)),
        ],
    );
    // The last product in cartons and in pieces.
    let last = made.company.lines.len() - 1;
    made.company
        .lines
        .iter_mut()
        .enumerate()
        .filter(|(_, line)| line.product == 5)
        .for_each(|(place, line)| line.unit = u32::from(place == last));
    let stock = answer(&made);
    let state = |product: &str, branch: &str| {
        let is = |row: &&StockRow| row.product.id == product && row.branch.as_ref().is_some_and(|of| of.id == branch);
        stock.rows.iter().find(is).expect("a row").state
    };
    assert_eq!(state("P1", "C1"), State::Slow);
    assert_eq!(state("P2", "C1"), State::Out);
    assert_eq!(state("P3", "C1"), State::Dead, "nobody buys it any more");
    assert_eq!(state("P4", "C1"), State::Untold, "two blocks are too few");
    assert_eq!(state("P5", "C1"), State::Enough);
    assert_eq!(state("P6", "C1"), State::Untold, "cartons and pieces do not add up");
    assert_eq!(state("P1", "C2"), State::Dead, "never sold there");
    for row in &stock.rows {
        for lang in [Lang::Id, Lang::En] {
            assert!(!stock.reasons(row, lang).is_empty() && !stock.deed(row, lang).is_empty(), "{row:?}");
        }
    }
    let shown = stock.shown(Asked { states: vec![State::Out], limit: 9, ..Asked::default() });
    assert_eq!((shown.rows.len(), shown.of_state.values().sum::<usize>()), (1, 7));
    assert_eq!(stock.shown(Asked { branch: Some("C2".to_owned()), limit: 9, ..Asked::default() }).rows.len(), 1);
    assert!(State::ALL.iter().all(|state| State::of(state.word()) == Some(*state)));
}

#[test]
fn the_order_of_what_is_told_does_not_matter() {
    let rows = || {
        vec![
            told("P1", Some("C1"), "2025-10-31", Some(50)),
            out("P2", Some("C1"), "2025-10-03", "2025-10-07"),
            told("P2", Some("C1"), "2025-10-31", Some(3)),
            out("P1", None, "2025-09-03", "2025-09-07"),
        ]
    };
    let mut turned = rows();
    turned.reverse();
    assert_eq!(answer(&world(&[&noisy, &|_| 2], rows())), answer(&world(&[&noisy, &|_| 2], turned)));
    assert!(matches!(
        stock(&world(&[&|_| 1], Vec::new()), Question { lead: 365, review: 300, ..Question::default() }),
        Err(InsightError::Stats(Error::NotEnough { needed: 665, got: 630, .. }))
    ));
    assert!(matches!(
        stock(&World { company: Company::new(Vec::new()), told: None }, Question::default()),
        Err(InsightError::NoData)
    ));
}
