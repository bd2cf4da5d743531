//! A bridge made by hand, with measures that speak for and against its bars.

use takar_model::{Credit, Lang};

use super::*;
use crate::{
    analysis::explain::{BarOf, Member},
    evaluation::{
        presence::Presences,
        scorecard::{Input as CardInput, NoValue, Scales, ValueOfCard, scorecards, usual_weights},
        weights::{Kind, Weight},
    },
    metrics::Dimension,
};

fn money(whole: i64) -> Money {
    Money::from_units(i128::from(whole) * 10_000)
}

fn bar(bar: Bar, amount: i64, items: &[(&str, i64)]) -> BarOf {
    let part = |(name, amount): &(&str, i64)| Part {
        member: Member { dimension: Dimension::Account, code: 0 },
        id: Some((*name).to_owned()),
        name: None,
        amount: money(*amount),
        base: Money::ZERO,
        current: Money::ZERO,
        quantity_base: None,
        quantity_current: None,
    };
    BarOf { bar, amount: money(amount), count: items.len(), items: items.iter().map(part).collect(), rest: Money::ZERO }
}

fn explanation(bars: Vec<BarOf>) -> Explanation {
    let to: Money = bars.iter().map(|bar| bar.amount).sum();
    Explanation {
        base: "2025-09".parse().expect("a period"),
        current: "2025-10".parse().expect("a period"),
        manager: Some(("S0".to_owned(), Some("Sari".to_owned()))),
        filter: None,
        level: Dimension::Account,
        from: money(1_000),
        to: money(1_000) + to,
        bars,
        contribution: None,
        notes: Vec::new(),
        currency: None,
        basis: Basis { data_version: 1, credit: Credit::Recorded },
    }
}

/// Five managers; the first is the one in question.
fn cards(kpis: &[(&str, Direction, [Option<f64>; 5])]) -> Scorecards {
    let input = CardInput {
        period: "2025-10".parse().expect("a period"),
        managers: (0..5).map(|place| (format!("S{place}"), None)).collect(),
        kpis: kpis
            .iter()
            .map(|(id, direction, values)| KpiOfCard {
                id: (*id).to_owned(),
                name: ((*id).to_owned(), (*id).to_owned()),
                definition: (String::new(), String::new()),
                kind: Kind::Process,
                weight: Weight::WHOLE,
                direction: *direction,
                unit: "rate".to_owned(),
                scales: Scales::Not,
                values: values
                    .map(|value| ValueOfCard {
                        value: value.ok_or(NoValue::Nothing),
                        interval: None,
                        n: None,
                        target: None,
                        attained: None,
                    })
                    .to_vec(),
            })
            .collect(),
        presences: Presences::default(),
        weights: usual_weights(),
        basis: Basis { data_version: 1, credit: Credit::Recorded },
        currency: None,
        seed: 1,
    };
    scorecards(input).expect("scores")
}

const UP: Direction = Direction::HigherIsBetter;

#[test]
fn causes_close_to_the_gap_and_carry_their_evidence() {
    let explanation = explanation(vec![
        bar(Bar::Asked, -100, &[]),
        bar(Bar::Lost, -300, &[("A", -250), ("B", -60), ("C", 10)]),
        bar(Bar::Price, -10, &[]),
        bar(Bar::New, 60, &[]),
    ]);
    let mut cards = cards(&[
        ("coverage", UP, [0.5, 0.7, 0.8, 0.9, 0.9].map(Some)),
        ("response_in_time", UP, [0.9, 0.7, 0.8, 0.9, 0.6].map(Some)),
        ("growth_year", UP, [0.2, 0.0, 0.1, 0.1, 0.3].map(Some)),
        ("complaints_resolved", UP, [0.1, 0.7, 0.8, 0.9, 0.9].map(Some)),
        ("nps", UP, [None, Some(1.0), Some(2.0), Some(3.0), Some(4.0)]),
    ]);
    // Few complaints: the median lies within the interval, so they tell nothing.
    cards.input.kpis[3].values[0].interval = Some((0.0, 0.9));
    let input =
        Input { explanation: &explanation, against_target: true, miss: None, cards: &cards, beside: None, fair: None };
    let found = diagnose(&input);
    assert_eq!(found.gap(), money(-350));
    let causes: Money = found.causes.iter().map(|cause| cause.amount).sum();
    assert_eq!(causes + found.made_up + found.small, found.gap());
    assert_eq!(found.causes.iter().map(|cause| cause.bar).collect::<Vec<_>>(), [Bar::Lost, Bar::Asked]);
    assert_eq!((found.small, found.made_up), (money(-10), money(60)));
    let lost = &found.causes[0];
    assert_eq!(lost.members.iter().filter_map(|part| part.id.as_deref()).collect::<Vec<_>>(), ["A", "B"]);
    let ids = |all: &[Evidence]| -> Vec<String> {
        let of = |one: &Evidence| match one {
            Evidence::Measure { kpi, .. } => kpi.clone(),
            Evidence::Portfolio { .. } => "fair".to_owned(),
        };
        all.iter().map(of).collect()
    };
    // Few contacts speak for it, quick answers against; nobody asked the accounts, which says nothing.
    assert_eq!(
        (ids(&lost.evidence), ids(&lost.against)),
        (vec!["coverage".to_owned()], vec!["response_in_time".to_owned()])
    );
    assert_eq!(ids(&lost.unclear), ["complaints_resolved"]);
    assert_eq!(found.unknown, [("nps".to_owned(), "nps".to_owned())]);
    // Who grew more than the middle was asked much.
    assert_eq!(ids(&found.causes[1].evidence), ["growth_year"]);
    for lang in [Lang::Id, Lang::En] {
        let text = found.table(lang);
        assert!(text.contains("coverage") && text.contains('→'), "{text}");
        assert!(found.to_json(lang).expect("JSON").contains("\"causes\""));
    }
}

#[test]
fn products_that_were_dropped_are_no_lost_accounts() {
    let step = |dimension: Dimension| {
        let mut lost = bar(Bar::Lost, -300, &[("A", -250), ("B", -50)]);
        lost.items.iter_mut().for_each(|part| part.member.dimension = dimension);
        let explanation = explanation(vec![lost]);
        let cards = cards(&[]);
        let input = Input {
            explanation: &explanation,
            against_target: false,
            miss: None,
            cards: &cards,
            beside: None,
            fair: None,
        };
        diagnose(&input).table(Lang::En)
    };
    assert!(step(Dimension::Account).contains("Call the lost accounts"));
    assert!(step(Dimension::Product).contains("accounts stopped buying these products"));
    assert!(step(Dimension::Product).contains("2. Where\n   On no account"));
}

#[test]
fn without_target_and_sales_nothing_is_judged() {
    let explanation = Explanation { from: Money::ZERO, to: Money::ZERO, ..explanation(Vec::new()) };
    let cards = cards(&[]);
    let input =
        Input { explanation: &explanation, against_target: false, miss: None, cards: &cards, beside: None, fair: None };
    let told = diagnose(&input).table(Lang::En);
    assert!(told.contains("nothing to judge") && !told.contains("Reached"), "{told}");
}

#[test]
fn nothing_is_behind_a_target_that_was_reached() {
    let explanation = explanation(vec![bar(Bar::Lost, -50, &[]), bar(Bar::New, 80, &[])]);
    let cards = cards(&[]);
    let input =
        Input { explanation: &explanation, against_target: true, miss: None, cards: &cards, beside: None, fair: None };
    let found = diagnose(&input);
    assert_eq!(found.gap(), money(30));
    assert!(found.table(Lang::En).contains("Reached"));
    assert_eq!(found.causes[0].amount + found.made_up, found.gap());
}

/// A measure that no weight counts speaks all the same, once, and what of it is missing is said.
#[test]
fn measures_beside_the_card_speak_too() {
    let explanation =
        explanation(vec![bar(Bar::Lost, -300, &[("A", -300)]), bar(Bar::New, 60, &[]), bar(Bar::Asked, -50, &[])]);
    let card = cards(&[
        ("growth_year", UP, [0.2, 0.0, 0.1, 0.1, 0.3].map(Some)),
        ("coverage", UP, [0.9, 0.7, 0.8, 0.5, 0.6].map(Some)),
    ]);
    // Of what pulls down, and of what the card does not know already.
    let asked = unweighed(&explanation, &card);
    assert_eq!(asked, ["coverage_plan", "response_in_time", "complaints_resolved", "nps", "communication"]);
    // The managers of both need not be the same: here the one in question stands elsewhere.
    let mut beside = cards(&[
        ("response_in_time", UP, [0.9, 0.7, 0.8, 0.9, 0.6].map(Some)),
        ("nps", UP, [Some(1.0), None, Some(2.0), Some(3.0), Some(4.0)]),
    ]);
    beside.input.managers.swap(0, 4);
    let input = Input {
        explanation: &explanation,
        against_target: true,
        miss: None,
        cards: &card,
        beside: Some(&beside),
        fair: None,
    };
    let found = diagnose(&input);
    let lost = found.causes.iter().find(|cause| cause.bar == Bar::Lost).expect("lost accounts");
    let ids = |all: &[Evidence]| -> Vec<(String, f64)> {
        let of = |one: &Evidence| match one {
            Evidence::Measure { kpi, value, .. } => (kpi.clone(), *value),
            Evidence::Portfolio { index, .. } => ("fair".to_owned(), *index),
        };
        all.iter().map(of).collect()
    };
    assert_eq!(ids(&lost.evidence), [("response_in_time".to_owned(), 0.6)]);
    assert_eq!(ids(&lost.against), [("coverage".to_owned(), 0.9)]);
    assert_eq!(found.unknown, []);
    // Four know their score with friends: of so few no middle is told.
    assert!(lost.unclear.is_empty());
}
