//! Forecasts of hand-made companies.

use takar_model::{Lang, Money, Month};

use super::*;
use crate::{
    InsightError,
    fixtures::{Company, Line},
};

fn question() -> Question {
    Question { scope: Scope::default(), by: None, horizon: 3 }
}

/// Three managers with a season, 51 months up to March 2023; targets for the coming quarter.
fn company() -> Company {
    let first = Month::new(2019, 1).expect("a month");
    let mut lines = Vec::new();
    for month in 0..51_i32 {
        for manager in 0..3_u32 {
            let season = [90, 95, 100, 100, 105, 110, 100, 95, 100, 105, 110, 90][month as usize % 12];
            let wave = i64::from((month * 7919 + manager as i32 * 104_729) % 29) - 14;
            let net = (100 + i64::from(manager) * 40) * (season + wave / 2);
            let mut line = Line::sale("2019-01-01", manager, manager, net);
            line.date = first.plus(month).last_day();
            lines.push(line);
        }
    }
    Company::new(lines)
        .target(0, "2023-04", 9_000)
        .target(0, "2023-05", 9_000)
        .target(0, "2023-06", 9_000)
        .target(1, "2023-04", 90_000)
}

#[test]
fn months_ahead_close_with_what_is_done() {
    let company = company();
    let found = forecast(&company, &question()).expect("an answer");
    let member = &found.members[0];
    let steps = &member.forecast.as_ref().expect("four years").steps;
    assert_eq!(steps.len(), 3);
    assert!(steps.iter().all(|step| step.interval.holds(step.value) && step.n >= 20));
    // April to June of the whole company: 420 times the season.
    for (step, season) in steps.iter().zip([100.0, 105.0, 110.0]) {
        assert!((step.value / (420.0 * season) - 1.0).abs() < 0.08, "{} {season}", step.value);
    }
    let windows: Vec<String> = member.outlooks.iter().map(|outlook| outlook.window.to_string()).collect();
    assert_eq!(windows, ["2023-04", "2023-Q2"]);
    let quarter = &member.outlooks[1];
    let sum: f64 = steps.iter().map(|step| step.value).sum();
    assert!((quarter.expected - sum).abs() < 1e-6 && quarter.done == Money::ZERO);
    let past = found.past.as_ref().expect("four years");
    assert!(past.against_year_ago.is_some_and(|ratio| ratio < 1.0), "{past:?}");
    for lang in [Lang::Id, Lang::En] {
        assert!(!found.table(lang, true).contains("NaN"));
        let json: serde_json::Value = serde_json::from_str(&found.to_json(lang).expect("JSON")).expect("valid");
        assert_eq!(json["rows"][0]["forecast"]["steps"][0]["month"], "2023-04");
    }
}

#[test]
fn a_chance_is_told_where_every_month_has_a_target() {
    let company = company();
    let found = forecast(&company, &Question { by: Some(Dimension::Manager), ..question() }).expect("an answer");
    let of = |id: &str| found.members.iter().find(|member| member.id.as_deref() == Some(id)).expect("a member");
    // The first manager sells about 10,000 a month: 9,000 is easy, 27,000 in the quarter too.
    for outlook in &of("1").outlooks {
        let chance = outlook.chance.as_ref().expect("a target").as_ref().expect("a past");
        assert!(chance.value > 0.8, "{outlook:?}");
    }
    assert_eq!(of("1").outlooks[1].target, Some(Money::from_units(27_000 * Money::ONE)));
    // The second has a target for April only, and one that nobody reaches.
    let second = &of("2").outlooks;
    let chance = second[0].chance.as_ref().expect("a target").as_ref().expect("a past");
    assert!(chance.value < 0.1 && second[1].target.is_none(), "{second:?}");
    assert!(of("3").outlooks.iter().all(|outlook| outlook.chance.is_none()));
}

#[test]
fn a_year_counts_what_is_done() {
    let company = company();
    let found = forecast(&company, &Question { horizon: 12, ..question() }).expect("an answer");
    let year = found.members[0].outlooks.iter().find(|outlook| outlook.window.to_string() == "2023").expect("a year");
    let done: f64 = found.members[0].history[48..].iter().sum();
    assert_eq!((year.ahead, year.done.to_f64()), (9, done));
    assert!(year.expected > done);
}

#[test]
fn little_data_says_what_it_needs() {
    let line = |day: &str| Line::sale(day, 0, 0, 100);
    let found = forecast(&Company::new(vec![line("2025-01-31")]), &question()).expect("an answer");
    assert!(found.members[0].forecast.is_err() && found.past.is_err());
    assert!(found.summary(Lang::Id)[0].contains("perlu sedikitnya 4 bulan"), "{:?}", found.summary(Lang::Id));
    assert!(matches!(forecast(&Company::new(Vec::new()), &question()), Err(InsightError::NoData)));
    let far = Question { horizon: 25, ..question() };
    assert!(matches!(forecast(&company(), &far), Err(InsightError::Stats(_))));
    // Sales that never change have no error to learn from.
    let flat: Vec<Line> = (0..40)
        .map(|month| {
            let mut line = line("2020-01-31");
            line.date = Month::new(2020, 1).expect("a month").plus(month).last_day();
            line
        })
        .collect();
    let found = forecast(&Company::new(flat), &question()).expect("an answer");
    assert!(found.members[0].forecast.is_err(), "{:?}", found.members[0].forecast);
}
