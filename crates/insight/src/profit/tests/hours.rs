//! Hours beside margin, worked out beside each line.

use std::sync::Arc;

use super::*;
use crate::{
    metrics::Basis,
    opportunities::{Asked, Finding, Found, Kind, Measure, Member, Opportunities, Records, Rows, weigh},
};

fn member(id: &str) -> Option<Member> {
    Some(Member { id: id.to_owned(), name: None })
}

/// An overdue account of manager 1, another of manager 2 that is worth ten times as much, and a small one of nobody's.
fn opportunities() -> Opportunities {
    let overdue = |account: &str, manager: Option<&str>, amount: f64| Finding {
        kind: Kind::Overdue,
        account: member(account),
        item: None,
        manager: manager.and_then(member),
        amount,
        why: Vec::new(),
        mark: String::new(),
        rows: Rows::Lines,
    };
    let found = Found {
        today: "2025-02-28".parse::<Period>().expect("a day").from(),
        measure: Measure::Margin,
        kinds: vec![(
            Kind::Overdue,
            Ok(vec![overdue("A1", Some("1"), 1_000.0), overdue("A3", Some("2"), 10_000.0), overdue("A5", None, 10.0)]),
        )],
        offers: (0, 0),
        contact_hours: None,
        hour_cost: None,
        currency: None,
        basis: Basis { data_version: 1, credit: takar_model::Credit::Recorded },
    };
    weigh(&Arc::new(found), &Records::default(), &[], 1).expect("weighed")
}

fn hours_by(by: Dimension, is_filtered: bool) -> HoursAgainstWorth {
    let mut company = company();
    company.lines.push(with_cost("2025-02-14", 4, 1, 500, 400));
    let company = Company::new(company.lines);
    let found = profit(&company, &costs(), RATES, &asked(by)).expect("profit");
    let all = opportunities();
    found.hours(&all.shown(None, Asked { hours: 10.0, ..Asked::default() }), is_filtered)
}

#[test]
fn hours_stand_beside_the_margin_they_went_with() {
    let answer = hours_by(Dimension::Account, false);
    let told: Vec<_> = answer.rows.iter().map(|row| (row.id.as_deref(), row.hours(), row.profit_per_hour())).collect();
    assert_eq!(
        told,
        [
            // 9 hours beside 60 in money, which the margin has paid already, and 2 in February; 220 of profit.
            (Some("A1"), 11.0, Some(rupiah(20))),
            // 3 and a day of 8; 50 − 110.
            (Some("A2"), 11.0, Some(Money::from_units(-54_545))),
            (Some("A3"), 2.0, Some(rupiah(390))),
            (Some("A4"), 0.0, None),
            (Some("A5"), 0.0, None),
        ]
    );
    // 24 hours beside 300 + 50 + 800 + 100: 52.08 an hour. A1 has 27.27, just above half; A2 4.55.
    assert_eq!(answer.total.margin_per_hour(), Some(Money::from_units(520_833)));
    assert_eq!(answer.least.iter().map(|row| row.id.as_deref()).collect::<Vec<_>>(), [Some("A2")]);
    // At the average 50 of margin takes 0.96 hours.
    let excess = answer.least[0].excess_hours.expect("an average");
    assert!((excess - 10.04).abs() < 1e-9, "{excess}");
    // A4 has no margin that is known; A5 has 100 and no hours.
    assert_eq!(answer.without_hours.iter().map(|row| row.id.as_deref()).collect::<Vec<_>>(), [Some("A5")]);
    let shares = |row: &HoursRow| (row.share_of_hours, row.share_of_margin);
    assert_eq!(shares(&answer.rows[2]), (Some(2.0 / 24.0), Some(800.0 / 1250.0)));
    let said = answer.notes(Lang::En).join(" ");
    assert!(said.contains("What one more hour would bring cannot be read from them"), "{said}");
}

#[test]
fn the_next_hours_come_from_opportunities_and_not_from_averages() {
    let answer = hours_by(Dimension::Account, false);
    let next: Vec<_> = answer.next.iter().map(|next| next.account.as_ref().map(Member::label)).collect();
    // Of the same kind the greater amount is worth more an hour.
    assert_eq!(next, [Some("A3"), Some("A1"), Some("A5")]);
    let of = |id: &str| answer.rows.iter().find(|row| row.id.as_deref() == Some(id)).and_then(|row| row.next_hour);
    assert_eq!((of("A3"), of("A2")), (Some(answer.next[0].per_hour), None));
    // A manager's next hours are the plan of them, here of one thing each.
    let managers = hours_by(Dimension::Manager, false);
    let of = |id: &str| managers.rows.iter().find(|row| row.id.as_deref() == Some(id)).and_then(|row| row.next_hour);
    assert_eq!((of("2"), of("1")), (Some(answer.next[0].per_hour), Some(answer.next[1].per_hour)));
    // Accounts are told alike, whatever rows are by.
    assert_eq!((&managers.least, &managers.without_hours), (&answer.least, &answer.without_hours));
    assert_eq!(managers.without_hours[0].next_hour, Some(answer.next[2].per_hour));
    // Under a condition a plan of everything is none.
    assert!(hours_by(Dimension::Manager, true).rows.iter().all(|row| row.next_hour.is_none()));
    assert_eq!(managers.total.micro_hours, answer.total.micro_hours);
}

#[test]
fn without_hours_there_is_nothing_to_hold_against() {
    let found = profit(&company(), &Facts(Vec::new()), RATES, &asked(Dimension::Account)).expect("profit");
    let all = opportunities();
    let answer = found.hours(&all.shown(None, Asked { hours: 10.0, ..Asked::default() }), false);
    assert!(answer.least.is_empty() && answer.without_hours.is_empty());
    assert!(answer.summary(Lang::En)[0].starts_with("No hours of serving"));
}
