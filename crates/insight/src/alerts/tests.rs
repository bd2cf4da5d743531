//! Rules on a hand-made company whose alerts can be worked out.

use takar_model::{Lang, Month};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::Kpi,
};

/// Five managers over 36 months from January 2023 on, each around 2,000 with 100 more and less in turn; manager 2 sells 1,200 from
/// the 34th month (October 2025) on.
fn company() -> Company {
    let first = Month::new(2023, 1).expect("a month");
    let mut lines = Vec::new();
    for month in 0..36_i32 {
        for manager in 0..5_u32 {
            let turn = if (month + i32::try_from(manager).expect("small")) % 2 == 0 { 100 } else { -100 };
            let level = if manager == 1 && month >= 33 { 1_200 } else { 2_000 };
            let mut line = Line::sale("2023-01-01", manager, manager, level + turn);
            line.date = first.plus(month).last_day();
            lines.push(line);
        }
    }
    let mut company = Company::new(lines);
    for manager in 0..5 {
        company = company.target(manager, "2025", 24_000);
        company = company.target(manager, "2025-11", 2_000).target(manager, "2025-12", 2_000);
    }
    company
}

fn rule(text: &str) -> Rule {
    serde_json::from_str(text).expect("a rule")
}

fn found(company: &Company, text: &str) -> Watched {
    watched((company, company), &rule(text), &Kpi::NetSales.definition().into()).expect("watched")
}

fn beyond(watched: &Watched) -> Vec<Finding> {
    let all = watched.now().into_iter();
    all.filter_map(|(_, stands)| if let Stands::Beyond(found) = stands { Some(found) } else { None }).collect()
}

/// Against its own history: manager 2 fell in October, is still low in December, and is told once, since October.
#[test]
fn a_fall_is_told_once_and_since_when() {
    let company = company();
    let watched = found(&company, r#"{"kpi":"net_sales","by":"manager"}"#);
    assert_eq!(watched.months_missing(), None);
    let told = beyond(&watched);
    assert_eq!(told.len(), 1, "{told:?}");
    let one = &told[0];
    assert_eq!(
        (one.member.as_deref(), one.month, one.since),
        (Some("2"), Month::new(2025, 12).expect("a month"), Month::new(2025, 10).expect("a month"))
    );
    // The year before has 2,100 five times, 1,900 five times, 1,300 and 1,100: in the middle stands 1,900.
    assert!((one.value - 1_300.0).abs() < 1e-6 && (one.expected - 1_900.0).abs() < 1e-6, "{one:?}");
    assert!(one.low.is_some_and(|low| one.value < low && low < one.expected) && one.high.is_none());
    let past = watched.past(12);
    assert_eq!(past.iter().map(|one| one.month.to_string()).collect::<Vec<_>>().len(), 1, "{past:?}");
    let (id, en) = (words::why(&watched, one, Lang::Id), words::why(&watched, one, Lang::En));
    assert!(id.contains("Oktober 2025") && en.contains("October 2025"), "{id} {en}");
    assert!(words::title(&watched, one, Lang::Id).contains("Nama 2 (2)"), "{}", words::title(&watched, one, Lang::Id));
}

/// A month without a figure or without a target is no return to what is usual: what was raised lasts.
#[test]
fn a_missing_month_is_no_return() {
    let manager = |of: &Watched, id: &str| {
        let mut all = of.now().into_iter().filter(|(member, _)| member.id.as_deref() == Some(id));
        all.next().map(|(_, stands)| stands).expect("the member")
    };
    // Manager 2 is low from October on and sells nothing in December: there is no value of an order then.
    let mut stopped = company();
    stopped.lines.retain(|line| line.manager != 1 || line.date.month() != Month::new(2025, 12).expect("a month"));
    let rule_of = rule(r#"{"kpi":"order_value","by":"manager"}"#);
    let watched = watched((&stopped, &stopped), &rule_of, &Kpi::OrderValue.definition().into()).expect("watched");
    assert_eq!(watched.past(12).iter().filter(|one| one.member.as_deref() == Some("2")).count(), 1);
    assert_eq!((manager(&watched, "2"), manager(&watched, "4")), (Stands::Between, Stands::Back));

    // Held against targets of which that of December is not set yet.
    let mut unset = company();
    unset.targets.clear();
    for month in (0..23).map(|place| Month::new(2024, 1).expect("a month").plus(place).to_string()) {
        unset = (0..5).fold(unset, |company, manager| company.target(manager, &month, 2_000));
    }
    let watched = found(&unset, r#"{"kpi":"net_sales","by":"manager","against":"target"}"#);
    assert_eq!(watched.past(12).iter().filter(|one| one.member.as_deref() == Some("2")).count(), 1);
    assert_eq!(manager(&watched, "2"), Stands::Between);
}

/// Against the others and two months in a row it is the same one; above, nobody is.
#[test]
fn every_reference_finds_it() {
    let company = company();
    for against in ["history", "peers", "forecast"] {
        let text = format!(r#"{{"kpi":"net_sales","by":"manager","against":"{against}","at_least":0.2}}"#);
        let watched = found(&company, &text);
        let past: Vec<_> = watched.past(3).into_iter().map(|one| one.member).collect();
        assert_eq!(past, [Some("2".to_owned())], "{against}");
    }
    let confirmed = found(&company, r#"{"kpi":"net_sales","by":"manager","confirm":2}"#);
    assert_eq!(confirmed.past(12)[0].month, Month::new(2025, 11).expect("a month"), "told a month later");
    let high = found(&company, r#"{"kpi":"net_sales","by":"manager","side":"high","at_least":0.2}"#);
    assert!(high.past(12).is_empty());
    // A filter that leaves out the manager leaves out the alert; a rule of one member has that one only.
    let others = found(&company, r#"{"kpi":"net_sales","by":"manager","where":"manager != '2'","at_least":0.2}"#);
    assert!(others.past(12).is_empty() && others.members.len() == 4);
    assert_eq!(found(&company, r#"{"kpi":"net_sales","by":"manager","member":"2"}"#).members.len(), 1);
    // The company lost 800 of 10,000: with noise that cancels out that is seen too.
    assert_eq!(found(&company, r#"{"kpi":"net_sales","by":"company"}"#).members.len(), 1);
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let company = company();
    for text in [
        r#"{"kpi":"net_sales","by":"manager","a_year":0}"#,
        r#"{"kpi":"net_sales","by":"manager","confirm":9}"#,
        r#"{"kpi":"net_sales","by":"manager","at_least":-1}"#,
        r#"{"kpi":"net_sales","by":"company","member":"2"}"#,
        r#"{"kpi":"net_sales","by":"company","against":"peers"}"#,
        r#"{"kpi":"net_sales","by":"manager","where":"manager ="}"#,
        r#"{"kpi":"net_sales","by":"manager","where":"month = '2025-01'"}"#,
    ] {
        let error = watched((&company, &company), &rule(text), &Kpi::NetSales.definition().into());
        assert!(error.is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Rule>(r#"{"kpi":"x","by":"moon"}"#).is_err());
    assert!(serde_json::from_str::<Rule>(r#"{"kpi":"x","by":"manager","what":1}"#).is_err());
    for scope in Scope::ALL {
        assert_eq!(scope.name().parse::<Scope>().expect("a scope"), scope);
    }
}
