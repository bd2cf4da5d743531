//! Hand-made cards, and what must hold of every card.

use proptest::prelude::*;
use takar_model::{Credit, Lang};

use super::*;
use crate::evaluation::{
    presence::Absence,
    weights::{Group, Weighable, Weighted},
};

/// Id, group, weight in the group in per cent, better, values by manager.
type Column<'a> = (&'a str, Kind, u32, Direction, &'a [Option<f64>]);

/// A card of these KPIs, the groups weighing 50, 30 and 20.
fn input(kpis: &[Column<'_>]) -> Input {
    let managers = kpis.first().map_or(0, |kpi| kpi.4.len());
    let percent = |weight: u32| Weight::from_hundredths(weight * 100).expect("a weight");
    let group = |kind: Kind, weight: u32| Group {
        weight: percent(weight),
        kpis: kpis
            .iter()
            .filter(|kpi| kpi.1 == kind)
            .map(|kpi| Weighted { kpi: kpi.0.to_owned(), weight: percent(kpi.2) })
            .collect(),
    };
    Input {
        period: "2025-10".parse().expect("a period"),
        managers: (0..managers).map(|place| (format!("S{place}"), None)).collect(),
        kpis: kpis
            .iter()
            .map(|(id, kind, weight, direction, values)| KpiOfCard {
                id: (*id).to_owned(),
                name: ((*id).to_owned(), (*id).to_owned()),
                definition: (String::new(), String::new()),
                kind: *kind,
                weight: percent(*weight),
                direction: *direction,
                unit: "rate".to_owned(),
                scales: match *id {
                    "attainment" => Scales::ByTarget,
                    "offers_sent" => Scales::ByPresence,
                    _ => Scales::Not,
                },
                values: values
                    .iter()
                    .map(|value| ValueOfCard {
                        value: value.ok_or(NoValue::Nothing),
                        interval: None,
                        n: None,
                        target: None,
                        attained: None,
                    })
                    .collect(),
            })
            .collect(),
        weights: Weights {
            version: 3,
            quantity: group(Kind::Quantity, 50),
            process: group(Kind::Process, 30),
            communication: group(Kind::Communication, 20),
        },
        presences: Presences::default(),
        basis: Basis { data_version: 1, credit: Credit::Recorded },
        currency: None,
        seed: 7,
    }
}

const UP: Direction = Direction::HigherIsBetter;
const DOWN: Direction = Direction::LowerIsBetter;

fn all(values: [f64; 5]) -> [Option<f64>; 5] {
    values.map(Some)
}

#[test]
fn points_are_counted_by_hand() {
    // Attainment: 60 % earns nothing, 110 % all. The others from the peers 0, 25, 50, 75, 100 with 5 % cut on each side: 5 to 95.
    let found = scorecards(input(&[
        ("attainment", Kind::Quantity, 100, UP, &all([0.6, 0.85, 1.1, 1.5, 0.1])),
        ("coverage", Kind::Process, 100, UP, &all([0.0, 25.0, 50.0, 75.0, 100.0])),
        ("response_hours", Kind::Communication, 100, DOWN, &all([0.0, 25.0, 50.0, 75.0, 100.0])),
    ]))
    .expect("scores");
    let whole: Vec<f64> = found.cards.iter().map(|card| card.whole.score.expect("a score")).collect();
    let points = |value: f64| 100.0 * ((value - 5.0) / 90.0).clamp(0.0, 1.0);
    let expected = [
        0.5 * 0.0 + 0.3 * points(0.0) + 0.2 * (100.0 - points(0.0)),
        0.5 * 50.0 + 0.3 * points(25.0) + 0.2 * (100.0 - points(25.0)),
        0.5 * 100.0 + 0.3 * points(50.0) + 0.2 * (100.0 - points(50.0)),
        0.5 * 100.0 + 0.3 * points(75.0) + 0.2 * (100.0 - points(75.0)),
        0.5 * 0.0 + 0.3 * points(100.0) + 0.2 * (100.0 - points(100.0)),
    ];
    for (found, expected) in whole.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
    for card in &found.cards {
        let gained: f64 = card.parts.iter().flatten().filter_map(|part| part.gained).sum();
        assert!((gained - card.whole.score.expect("a score")).abs() < 1e-9);
    }
    assert_eq!(found.cards[2].corner, Some(Corner::Both));
    assert_eq!(found.cards[3].corner, Some(Corner::Both));
    assert_eq!(found.cards[4].corner, Some(Corner::QualityOnly));
    assert_eq!(found.medians[1], Some(50.0));
    // Ranks are ranges.
    let standing = found.cards[2].standing.expect("a standing");
    assert!(standing.best <= standing.worst && standing.n == 5);
}

#[test]
fn what_is_missing_is_said_and_not_counted_as_nothing() {
    let found = scorecards(input(&[
        ("attainment", Kind::Quantity, 60, UP, &[Some(1.1), None, Some(1.1), Some(1.1), Some(0.6)]),
        ("net_retention", Kind::Quantity, 40, UP, &all([0.0, 25.0, 50.0, 75.0, 100.0])),
        // Four have a value: no yardstick.
        ("coverage", Kind::Process, 100, UP, &[Some(1.0), Some(2.0), Some(3.0), Some(4.0), None]),
        ("nps", Kind::Communication, 100, UP, &[None, None, None, None, None]),
    ]))
    .expect("scores");
    assert_eq!(found.yardsticks[2], Err(NoYardstick::TooFewPeers));
    assert_eq!(found.yardsticks[3], Err(NoYardstick::TooFewPeers));
    // The second has no target: 20 of the 100 are known, too little; no score rather than a low one.
    assert_eq!(found.cards[1].whole.score, None);
    assert!((found.cards[1].whole.known - 0.2).abs() < 1e-9);
    assert!(found.cards[1].parts[1].is_some());
    // The first knows 50 of 100.
    assert!((found.cards[0].whole.known - 0.5).abs() < 1e-9);
    assert!((found.cards[0].whole.score.expect("a score") - 60.0).abs() < 1e-9);
    assert_eq!(found.cards[0].groups[1], Points { score: None, known: 0.0 });
    // The fifth knows both sides of quantity, the second less than half of it.
    assert_eq!((found.cards[4].groups[0].known, found.cards[4].groups[0].score), (1.0, Some(40.0)));
    assert_eq!(found.cards[1].groups[0].score, None);
    assert!((found.cards[1].groups[0].known - 0.4).abs() < 1e-9);
    assert_eq!(found.cards[1].standing, None);
    assert_eq!(found.cards[0].corner, None);
    assert_eq!(found.medians[2], None);
    assert!(found.table(Lang::Id).contains('–'));
}

/// October 2025 has 27 working days. S0 was there on 12 of them, S1 on 6 (less than a quarter), S2 on all but targets were set
/// knowing of a leave; S3 was never there.
#[test]
fn days_away_count_for_who_was_away_and_for_nobody_else() {
    let columns = |first: f64| {
        input(&[
            ("attainment", Kind::Quantity, 100, UP, &[Some(first), Some(0.2), Some(0.8), Some(0.3), Some(0.9), None]),
            ("offers_sent", Kind::Process, 100, UP, &[4.0, 1.0, 10.0, 0.0, 8.0, 6.0].map(Some)),
            ("coverage", Kind::Communication, 100, UP, &[0.5, 0.1, 0.9, 0.2, 0.7, 0.6].map(Some)),
        ])
    };
    let absence = |who: &str, from: &str, to: &str, in_target: bool| {
        let day = |text: &str| Some(text.parse::<Period>().expect("a day").from());
        Absence { manager: who.to_owned(), from: day(from), to: day(to), reason: None, in_target }
    };
    let mut given = columns(0.4);
    let before = scorecards(given.clone()).expect("scores");
    given.presences = Presences::of(
        &[
            // 15 to 31 without the Sundays 19 and 26: 15 working days, 12 of 27 are left.
            absence("S0", "2025-10-15", "2025-10-31", false),
            // 8 to 31: 24 days, 3 Sundays, 21 working days; 6 of 27 are left, 22 %.
            absence("S1", "2025-10-08", "2025-10-31", false),
            absence("S2", "2025-10-01", "2025-10-12", true),
            absence("S3", "2025-01-01", "2025-12-31", false),
        ],
        given.period,
    );
    let after = scorecards(given).expect("scores");
    let near = |found: Option<f64>, expected: f64| (found.expect("a figure") - expected).abs() < 1e-9;
    // 40 % of the target with 12 of 27 days: 0.4 × 27 / 12 = 90 %; 60 % earns nothing and 110 % all: 60 points.
    assert!(near(after.cards[0].counted[0].ok(), 0.9) && near(after.cards[0].parts[0].map(|part| part.points), 60.0));
    // 4 offers in 12 of 27 days are 9 in all. The peers, as recorded: 0, 1, 4, 6, 8, 10; 5 % cut: 0.25 to 9.5.
    assert!(near(after.cards[0].counted[1].ok(), 9.0));
    assert!(near(after.cards[0].parts[1].map(|part| part.points), 100.0 * (9.0 - 0.25) / 9.25));
    // A rate stays, and so does what was recorded.
    assert_eq!(after.cards[0].counted[2], Ok(0.5));
    assert_eq!(after.input.kpis[0].values, before.input.kpis[0].values);
    // Less than a quarter of the days: scored, not ranked, and the reason told.
    assert!(after.cards[1].whole.score.is_some() && after.cards[1].standing.is_none());
    assert!(after.table(Lang::En).contains("no rank: present on less than 25"), "{}", after.table(Lang::En));
    // The target was set knowing of the leave: it is not lowered again.
    assert_eq!(after.cards[2].counted[0], Ok(0.8));
    // Never there: nothing to hold it against, and no mark for it.
    assert_eq!((after.cards[3].counted[0], after.cards[3].whole.score), (Err(NoValue::Away), None));
    // Nobody else's points move; ranks may.
    for place in [4, 5] {
        let (one, other) = (&after.cards[place], &before.cards[place]);
        assert_eq!((&one.parts, &one.groups, one.whole), (&other.parts, &other.groups, other.whole));
    }
    assert_eq!((after.medians, after.yardsticks), (before.medians, before.yardsticks));
}

#[test]
fn no_manager_and_no_kpi_are_no_error() {
    assert!(scorecards(input(&[])).expect("scores").cards.is_empty());
    let alone = scorecards(input(&[("attainment", Kind::Quantity, 100, UP, &[Some(1.0)])])).expect("scores");
    assert_eq!((alone.cards.len(), alone.cards[0].standing), (1, None));
    assert!((alone.cards[0].whole.score.expect("a score") - 80.0).abs() < 1e-9);
}

#[test]
fn only_the_own_line_is_shown_and_held_against_all() {
    let one = input(&[("attainment", Kind::Quantity, 100, UP, &all([0.9, 0.8, 1.0, 1.1, 0.7]))]);
    let whole = scorecards(one).expect("scores");
    let reach = Reach::of([takar_model::ManagerId::from("S1")]);
    let own = whole.clone().within(Some(&reach));
    assert_eq!(own.cards, [whole.cards[1].clone()]);
    assert!(whole.of("S9").is_err());
}

#[test]
fn usual_weights_hold() {
    let known = |id: &str| match id {
        "attainment" | "growth_year" | "net_retention" | "new_accounts" => Some(Weighable::from(UP)),
        other => crate::process::PROCESS_KPIS.iter().find(|kpi| kpi.id == other).map(|kpi| kpi.direction.into()),
    };
    assert_eq!(usual_weights().problems(&known), []);
}

proptest! {
    /// Better in one KPI is never worse in the whole; other units, other names and another order change nothing.
    #[test]
    fn scores_are_monotone_unit_invariant_and_blind_to_names(
        values in prop::collection::vec(prop::array::uniform3(-50.0..50.0_f64), 6..12),
        raise in 0.0..40.0_f64, who in 0..6_usize, which in 0..3_usize, factor in 0.01..100.0_f64,
    ) {
        let column = |place: usize, factor: f64| values.iter().map(|row| Some(row[place] * factor)).collect::<Vec<_>>();
        let make = |columns: &[Vec<Option<f64>>; 3]| input(&[
            ("attainment", Kind::Quantity, 100, UP, &columns[0]),
            ("coverage", Kind::Process, 100, UP, &columns[1]),
            ("hours", Kind::Communication, 100, DOWN, &columns[2]),
        ]);
        let columns = [column(0, 1.0), column(1, 1.0), column(2, 1.0)];
        let before = scorecards(make(&columns)).expect("scores");
        let score = |found: &Scorecards, who: usize| found.cards[who].whole.score.expect("a score");

        let mut better = columns.clone();
        let step = if which == 2 { -raise } else { raise };
        better[which][who] = better[which][who].map(|value| value + step);
        let after = scorecards(make(&better)).expect("scores");
        // The yardsticks move with the peers; held against the same ones the better value never earns less.
        let points = |found: &Scorecards, value: f64| found.yardsticks[which].expect("a yardstick").stick.points(value);
        let (was, is) = (columns[which][who].expect("a value"), better[which][who].expect("a value"));
        prop_assert!(points(&before, is) >= points(&before, was));
        prop_assert!(score(&after, who) >= score(&before, who) - 1e-9);

        let scaled = scorecards(make(&[column(0, 1.0), column(1, factor), column(2, factor)])).expect("scores");
        let mut renamed = make(&columns);
        for (place, manager) in renamed.managers.iter_mut().enumerate().filter(|(place, _)| *place != who) {
            manager.0 = format!("lain {place}");
        }
        let renamed = scorecards(renamed).expect("scores");
        for place in 0..values.len() {
            prop_assert!((score(&scaled, place) - score(&before, place)).abs() < 1e-6);
            prop_assert_eq!(&renamed.cards[place], &before.cards[place]);
            for other in 0..values.len() {
                let dominates = values[place][0] >= values[other][0] && values[place][1] >= values[other][1] && values[place][2] <= values[other][2];
                prop_assert!(!dominates || score(&before, place) >= score(&before, other) - 1e-9);
            }
        }
    }
}

/// With a target of a KPI its attainment earns the points, 60 % none and 110 % all; without one the peers say what earns them.
#[test]
fn a_kpi_with_a_target_is_held_against_it() {
    let values = [0.0, 25.0, 50.0, 75.0, 100.0];
    let with = |attained: [Option<f64>; 5], many: usize, direction| {
        let all: Vec<Option<f64>> = values.iter().take(many).map(|value| Some(*value)).collect();
        let mut input = input(&[("orders", Kind::Quantity, 100, direction, &all)]);
        for (value, attained) in input.kpis[0].values.iter_mut().zip(attained) {
            value.attained = attained;
        }
        let cards = scorecards(input).expect("scores");
        cards.cards.iter().map(|card| card.parts[0].map(|part| part.points.round())).collect::<Vec<_>>()
    };
    let none = [None; 5];
    assert_eq!(with(none, 5, UP), [0.0, 22.0, 50.0, 78.0, 100.0].map(Some));
    // The first two have a target: far above and just below half way; the others stay where the peers put them.
    let some = [Some(1.3), Some(0.8), None, None, None];
    assert_eq!(with(some, 5, UP), [100.0, 40.0, 50.0, 78.0, 100.0].map(Some));
    // Of what should be little: at the target 80 of 100, beyond it less.
    let lower = [Some(1.0), Some(1.4), Some(0.5), None, None];
    assert_eq!(with(lower, 5, Direction::LowerIsBetter)[..3], [80.0, 0.0, 100.0].map(Some));
    // Too few for peers: only who has a target is scored.
    assert_eq!(with([Some(1.0), None, Some(0.7), None, None], 3, UP), [Some(80.0), None, Some(20.0)]);
}
