//! Targets of hand-made companies.

use takar_model::{Money, Month, Period};

use super::*;
use crate::{
    InsightError,
    fixtures::{Company, Line},
    kpis::AnalysedKpi,
    metrics::{Dimension, Kpi},
};

fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

fn whole(value: i128) -> Money {
    Money::from_units(value * Money::ONE)
}

/// Three managers with a season, 46 months up to October 2022; every manager has two accounts that share its sales evenly.
fn company() -> Company {
    let first = Month::new(2019, 1).expect("a month");
    let mut lines = Vec::new();
    for month in 0..46_i32 {
        for manager in 0..3_u32 {
            let season = [90, 95, 100, 100, 105, 110, 100, 95, 100, 105, 110, 90][month as usize % 12];
            let wave = i64::from((month * 7919 + manager as i32 * 104_729) % 29) - 14;
            let net = (100 + i64::from(manager) * 40) * (season + wave / 2);
            for account in [2 * manager, 2 * manager + 1] {
                let mut line = Line::sale("2019-01-01", account, manager, net / 2);
                line.date = first.plus(month).last_day();
                lines.push(line);
            }
        }
    }
    Company::new(lines)
}

fn judge(company: &Company, level: Level, until: &str) -> Judge {
    let until = period(until).to().month();
    Judge::of((company, company), Kpi::NetSales.definition().into(), level, None, until).expect("a judge")
}

fn ask(level: Level, when: &str) -> Ask {
    let kpi = Kpi::NetSales.definition().into();
    Ask { kpi, level, manager: None, period: period(when), ambition: 0.7 }
}

#[test]
fn a_year_that_begins_in_two_months_is_suggested() {
    let company = company().target(1, "2023", 160_000);
    let judge = judge(&company, Level::Manager, "2023");
    let found = suggest((&company, &company), &judge, &ask(Level::Manager, "2023")).expect("suggestions");
    assert_eq!(found.rows.len(), 3);
    let of = |id: &str| found.rows.iter().find(|row| row.whom.manager.as_deref() == Some(id)).expect("a manager");
    for (id, level) in [("1", 100.0), ("2", 140.0), ("3", 180.0)] {
        let row = of(id);
        let ahead = row.ahead.as_ref().expect("expected");
        assert_eq!((ahead.months, ahead.done), (12, 0.0));
        // The season's twelve months come to 1,200.
        assert!((ahead.expected / (level * 1_200.0) - 1.0).abs() < 0.05, "{id} {ahead:?}");
        let offer = row.suggested.as_ref().expect("a past");
        assert!((offer.chance.value - 0.7).abs() < 0.1, "{offer:?}");
        assert!((offer.amount.to_f64() / ahead.expected - 1.0).abs() < 0.05, "{offer:?} {ahead:?}");
        // The surer, the lower.
        assert!(row.offers.windows(2).all(|pair| pair[0].amount <= pair[1].amount), "{:?}", row.offers);
        let sum: Money = row.phased.iter().map(|(_, value)| *value).sum();
        assert_eq!((row.phased.len(), sum), (12, offer.amount));
        // June and November are the strongest months, January and December the weakest.
        let month = |number: usize| row.phased[number - 1].1;
        assert!(month(6) > month(1) && month(11) > month(12), "{:?}", row.phased);
        // Of 2022 two months are not known yet.
        assert_eq!(row.before[0], None);
        assert!(row.before[1].is_some_and(|value| (value.to_f64() / (level * 1_200.0) - 1.0).abs() < 0.1));
    }
    let sum: Money = found.rows.iter().map(|row| row.suggested.as_ref().expect("one").amount).sum();
    assert_eq!(found.total, Some(sum));
    assert_eq!((of("2").held, of("1").held), (Some(whole(160_000)), None));
    // 168,000 are expected of the second: 160,000 is easy.
    assert!(of("2").held_chance.as_ref().is_some_and(|chance| chance.value > 0.8), "{:?}", of("2").held_chance);
    assert!(found.reliability.is_ok(), "{:?}", found.reliability);
}

#[test]
fn the_running_quarter_counts_what_is_done() {
    let company = company();
    let judge = judge(&company, Level::Company, "2022-Q4");
    let ahead = judge.ahead(None, period("2022-Q4")).expect("expected");
    assert_eq!(ahead.months, 2);
    assert!(ahead.done > 40_000.0 && ahead.expected > ahead.done * 2.0, "{ahead:?}");
    assert!((judge.chance(None, period("2022-Q4"), ahead.done).expect("a past").value - 1.0).abs() < 1e-9);
    let over = judge.chance(None, period("2022-Q3"), 1.0).expect_err("over");
    assert!(matches!(over, Unjudged::Asked(InsightError::WindowOver { .. })), "{over:?}");
    let days = judge.chance(None, period("2022-12-01..2022-12-20"), 1.0).expect_err("no months");
    assert!(matches!(days, Unjudged::Asked(InsightError::NotMonths { .. })));
    let by_month = judge.by_month(None, period("2022-Q4")).expect("months");
    assert!((by_month.iter().sum::<f64>() - ahead.expected).abs() < 1e-6 && by_month[0] == ahead.done);
}

#[test]
fn what_cannot_be_known_is_said() {
    // Three months of sales: nothing is made up.
    let line = |day: &str| Line::sale(day, 0, 0, 100);
    let short = Company::new(vec![line("2025-01-31"), line("2025-02-28"), line("2025-03-31")]);
    let judge = judge(&short, Level::Manager, "2025-Q2");
    let found = suggest((&short, &short), &judge, &ask(Level::Manager, "2025-Q2")).expect("an answer");
    let row = &found.rows[0];
    assert!(row.suggested.is_err() && row.offers.is_empty() && row.phased.is_empty(), "{row:?}");
    assert!(row.suggested.as_ref().is_err_and(|why| why.message(takar_model::Lang::Id).contains("perlu sedikitnya")));
    assert_eq!((row.before, row.potential, found.total), ([None, None], None, Some(Money::ZERO)));
    // Two years and a half do not show how twelve months sixteen months ahead come out.
    let company = company();
    let far = Judge::of(
        (&company, &company),
        Kpi::NetSales.definition().into(),
        Level::Company,
        None,
        period("2025").to().month(),
    );
    assert!(matches!(far, Err(InsightError::Stats(_))));
    // A retention of a year is no sum of months.
    let rate = Kpi::parse("active_accounts").expect("a KPI");
    let judge = Judge::of((&company, &company), rate.into(), Level::Company, None, period("2023").to().month())
        .expect("a judge");
    let year = judge.chance(None, period("2023"), 5.0).expect_err("no sum");
    assert!(matches!(year, Unjudged::Asked(InsightError::NotAdditive { .. })), "{year:?}");
}

#[test]
fn accounts_have_shown_what_they_can_buy() {
    // The first account buys 100 in January 2024 and 300 in January 2025; the second 500 once and never again; the third
    // 40 in both. In 2026 what is known of the first and the third is their better January.
    let mut lines = vec![
        Line::sale("2024-01-10", 0, 0, 100),
        Line::sale("2025-01-10", 0, 0, 300),
        Line::sale("2024-01-10", 1, 0, 500),
        Line::sale("2024-01-10", 2, 0, 40),
        Line::sale("2025-01-10", 2, 0, 40),
    ];
    for month in ["2024-06-30", "2025-06-30", "2025-10-31"] {
        lines.push(Line::sale(month, 0, 0, 10));
    }
    let company = Company::new(lines);
    let span = (Month::new(2026, 1).expect("a month"), Month::new(2026, 1).expect("a month"));
    let known = (Month::new(2024, 1).expect("a month"), Month::new(2025, 10).expect("a month"));
    let kpi = AnalysedKpi::from(Kpi::NetSales.definition());
    let found = potential::potential((&company, &company), &kpi, (Level::Manager, None), span, known)
        .expect("sums")
        .expect("two years");
    assert_eq!(found.get(&Some("1".to_owned())), Some(&whole(340)));
    let found = potential::potential((&company, &company), &kpi, (Level::Account, Some("1")), span, known)
        .expect("sums")
        .expect("two");
    assert_eq!(found.get(&Some("A1".to_owned())), Some(&whole(300)));
    assert_eq!(found.get(&Some("A2".to_owned())), None);
    let late = (Month::new(2028, 1).expect("a month"), Month::new(2028, 1).expect("a month"));
    assert_eq!(
        potential::potential((&company, &company), &kpi, (Level::Company, None), late, known).expect("sums"),
        None
    );
}

#[test]
fn what_is_odd_is_questioned() {
    let company = company().target(0, "2023-01", 9_000).target(0, "2023-02", 9_000).target(0, "2023-03", 9_000);
    let judge = judge(&company, Level::Manager, "2023");
    let held = Held::of(&company, "net_sales");
    let propose = |manager: &str, when: &str, value: i128| Proposed {
        whom: Whom::of(Level::Manager, Some(manager), None),
        period: period(when),
        value: whole(value),
    };
    let asked = [
        propose("1", "2023-04", 10_000),
        propose("1", "2023-05", 150_000),
        propose("2", "2023-05", 900),
        propose("2", "2023-05", 0),
        propose("1", "2023-Q1", 29_000),
    ];
    let found = doubts((&company, &company), &judge, None, &asked, &held).expect("doubts");
    let codes: Vec<Vec<&str>> = found.iter().map(|doubts| doubts.iter().map(|doubt| doubt.code()).collect()).collect();
    assert_eq!(codes[0], Vec::<&str>::new(), "{found:?}");
    assert_eq!(codes[1], ["unlikely", "off_history", "off_neighbours"]);
    // A tenth of what the same month always brought is reached for sure, and far from it.
    assert_eq!(codes[2], ["certain", "off_history"]);
    assert_eq!(codes[3], ["not_positive"]);
    assert_eq!(codes[4], ["overlaps"]);
    for doubt in found.iter().flatten() {
        for lang in [takar_model::Lang::Id, takar_model::Lang::En] {
            assert!(!doubt.message(crate::metrics::Unit::Money, lang).is_empty());
        }
    }
}

#[test]
fn both_directions_meet_exactly() {
    let company = company();
    let judge = judge(&company, Level::Manager, "2023-Q1");
    let whole_company = self::judge(&company, Level::Company, "2023-Q1");
    let mut held = Held::default();
    // The first hands up months, the second a quarter, the third nothing.
    for (month, value) in [("2023-01", 9_000), ("2023-02", 9_500), ("2023-03", 10_000)] {
        held.put(Whom::of(Level::Manager, Some("1"), None), period(month), whole(value));
    }
    held.put(Whom::of(Level::Manager, Some("2"), None), period("2023-Q1"), whole(40_001));
    let top = [Some(whole(123_457))];
    let found = reconcile(&judge, &whole_company, None, period("2023-Q1"), &top, &held).expect("both");
    assert_eq!(found.top.iter().copied().sum::<Money>(), whole(123_457));
    for (place, amount) in found.top.iter().enumerate() {
        assert_eq!(found.lines.iter().map(|line| line.down[place]).sum::<Money>(), *amount);
    }
    let line = |id: &str| found.lines.iter().find(|line| line.whom.manager.as_deref() == Some(id)).expect("a manager");
    // By 100, 140 and 180 of 420.
    for (id, share) in [("1", 100.0), ("2", 140.0), ("3", 180.0)] {
        let down: Money = line(id).down.iter().copied().sum();
        assert!((down.to_f64() / (123_457.0 * share / 420.0) - 1.0).abs() < 0.08, "{id} {down}");
    }
    assert_eq!(line("2").up.iter().flatten().copied().sum::<Money>(), whole(40_001));
    assert_eq!(line("3").up, [None; 3]);
    let gap: Money = found.gap().into_iter().sum();
    assert_eq!(gap, whole(123_457 - 28_500 - 40_001));

    let scaled = found.scaled().expect("closed");
    let named = found.on_lines(&["3".to_owned()]).expect("closed");
    for closed in [&scaled, &named] {
        for (place, amount) in found.top.iter().enumerate() {
            assert_eq!(closed.iter().map(|line| line[place]).sum::<Money>(), *amount);
        }
    }
    let place = |id: &str| found.lines.iter().position(|line| line.whom.manager.as_deref() == Some(id)).expect("there");
    assert_eq!(named[place("1")], [whole(9_000), whole(9_500), whole(10_000)]);
    assert_eq!(scaled[place("3")], [Money::ZERO; 3]);
    let unknown = found.on_lines(&["9".to_owned()]).expect_err("nobody");
    assert!(matches!(unknown, Unjudged::Asked(InsightError::NotAMember(_))));
    // Without a figure for every month there is nothing to hand down.
    let none = reconcile(&judge, &whole_company, None, period("2023-Q1"), &[None; 3], &held);
    assert!(matches!(none, Err(Unjudged::Asked(InsightError::NoTarget { .. }))));
}

#[test]
fn whom_a_target_is_for() {
    assert_eq!(Whom::default().level(), (Level::Company, None));
    let whom = Whom::of(Level::Account, Some("A1"), Some("7"));
    assert_eq!((whom.level(), whom.within()), ((Level::Account, Some("A1")), Some("7")));
    assert_eq!(Whom::of(Level::Manager, Some("7"), None).within(), None);
    for level in Level::ALL {
        assert_eq!(level.id().parse::<Level>().expect("known"), level);
    }
    assert!("supervisor".parse::<Level>().is_err());
    assert_eq!(Level::Region.dimension(), Some(Dimension::Region));
}

/// An own KPI that adds up is suggested and judged as a built-in one is; a quotient for a month, and where several are asked for it is said why not.
#[test]
fn own_kpis_are_suggested_where_the_maths_allow() {
    use crate::kpis::Definition;
    let company = company();
    let until = period("2023").to().month();
    let own =
        |expression: &str| AnalysedKpi::Own(Box::new(Definition::of("milik", expression).checked(1).expect("a KPI")));
    let found = |kpi: AnalysedKpi| {
        let judge = Judge::of((&company, &company), kpi.clone(), Level::Manager, None, until).expect("a judge");
        let asked = Ask { kpi, ..ask(Level::Manager, "2023") };
        suggest((&company, &company), &judge, &asked).expect("suggestions")
    };
    let (same, built_in) = (found(own("net_sales")), found(Kpi::NetSales.definition().into()));
    assert!(built_in.total > Some(Money::ZERO));
    assert_eq!((&same.rows, same.total), (&built_in.rows, built_in.total));
    let rate =
        Judge::of((&company, &company), own("net_sales / orders"), Level::Company, None, until).expect("a judge");
    let refused = rate.chance(None, period("2023"), 5.0).expect_err("a quotient of a year");
    assert!(refused.message(takar_model::Lang::En).contains("milik"), "{refused:?}");
    assert!(rate.chance(None, period("2023-01"), 5.0).is_ok());
}

/// A mean or share is suggested for a month from its own months; members do not add up, and where less is better a target is reached from above.
#[test]
fn quotients_and_what_is_to_stay_low_are_suggested_for_a_month() {
    use crate::{kpis::Definition, metrics::Direction};
    let company = company();
    let when = period("2022-12");
    let suggested = |direction: Direction| {
        let definition = Definition { direction: Some(direction), ..Definition::of("milik", "net_sales / orders") };
        let kpi = AnalysedKpi::Own(Box::new(definition.checked(1).expect("a KPI")));
        let judge = Judge::of((&company, &company), kpi.clone(), Level::Manager, None, when.to().month());
        let judge = judge.expect("a judge");
        let asked = Ask { kpi, ..ask(Level::Manager, "2022-12") };
        let found = suggest((&company, &company), &judge, &asked).expect("suggestions");
        assert_eq!((found.rows.len(), found.total), (3, None));
        // Of several months there is one for each.
        let months = Ask { period: period("2022-11..2022-12"), ..asked.clone() };
        let by_month = suggest((&company, &company), &judge, &months).expect("suggestions");
        for (row, alone) in by_month.rows.iter().zip(&found.rows) {
            let december = (when.to().month(), alone.suggested.as_ref().expect("a past").amount);
            assert!(row.suggested.is_err() && row.phased.len() == 2 && row.phased[1] == december, "{row:?}");
        }
        (judge, found)
    };
    // A share that was never above one is not expected there.
    let share = Kpi::parse("logo_retention").expect("a KPI");
    let judge =
        Judge::of((&company, &company), share.into(), Level::Company, None, when.to().month()).expect("a judge");
    let ahead = judge.ahead(None, when);
    assert!(ahead.as_ref().map_or(true, |ahead| ahead.expected <= 1.0), "{ahead:?}");
    // To stay at nothing is likely where a third of the months had nothing, and no less so than at less than one.
    let few = Company::new(
        (0..40_i32)
            .flat_map(|month| {
                let sale = |account: u32| {
                    let mut line = Line::sale("2019-01-01", account, 0, 100);
                    line.date = Month::new(2019, 1).expect("a month").plus(month).last_day();
                    line
                };
                (0..=(month * 7 % 3) as u32).map(sale).collect::<Vec<_>>()
            })
            .collect(),
    );
    let lost = Kpi::parse("lost_accounts").expect("a KPI");
    let coming = period("2022-05");
    let judge = Judge::of((&few, &few), lost.into(), Level::Company, None, coming.to().month()).expect("a judge");
    let [none, half, one] = [0.0, 0.4, 1.0].map(|target| judge.chance(None, coming, target).expect("a past").value);
    assert!(none > 0.1 && none <= half && half <= one, "{none} {half} {one}");
    let (more, high) = suggested(Direction::HigherIsBetter);
    let (less, low) = suggested(Direction::LowerIsBetter);
    for (high, low) in high.rows.iter().zip(&low.rows) {
        let member = high.whom.manager.as_deref();
        let expected = high.ahead.as_ref().expect("a past").expected;
        let offers = [high, low].map(|row| row.suggested.as_ref().expect("a past").clone());
        assert!(offers.iter().all(|offer| (offer.chance.value - 0.7).abs() < 0.1), "{offers:?}");
        assert!(offers[0].amount < offers[1].amount, "{offers:?} {expected}");
        for target in [0.9 * expected, expected, 1.1 * expected] {
            let [reached, kept] = [&more, &less].map(|judge| judge.chance(member, when, target).expect("a past"));
            assert!((reached.value + kept.value - 1.0).abs() < 1e-12, "{reached:?} {kept:?}");
            assert!(kept.interval.holds(kept.value), "{kept:?}");
        }
    }
}
