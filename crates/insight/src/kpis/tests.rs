use takar_model::{Lang, Period};

use super::*;
use crate::{
    InsightError,
    fixtures::distributor,
    metrics::{CellSource, Dimension, Query, SourceError, Value},
};

/// Facts as a test says them: for each day, key and place of an aggregate a number of units.
struct Facts(Vec<(&'static str, &'static str, usize, i128)>);

impl FactSource for Facts {
    fn measure(
        &self,
        aggregates: &[Aggregate],
        windows: &[Period],
        by: &[Dimension],
        _: Option<&crate::metrics::Filter>,
    ) -> Result<Vec<FactRow>, SourceError> {
        let mut rows: Vec<FactRow> = Vec::new();
        for (day, manager, place, units) in &self.0 {
            let day = day_of(day).expect("a day");
            let Some(window) = windows.iter().position(|window| window.contains(day)) else { continue };
            let keys: Vec<Option<String>> = by.iter().map(|_| Some((*manager).to_owned())).collect();
            let row = match rows.iter_mut().position(|row| row.window == window && row.keys == keys) {
                Some(place) => &mut rows[place],
                None => {
                    rows.push(FactRow { window, keys, amounts: vec![None; aggregates.len()] });
                    rows.last_mut().expect("just pushed")
                }
            };
            let slot = &mut row.amounts[*place];
            let (before, count) = match slot {
                Some(FactAmount::Units { units, values, .. }) => (*units, *values),
                _ => (0, 0),
            };
            *slot = Some(FactAmount::Units { units: before + units, places: 0, values: count + 1 });
        }
        Ok(rows)
    }
}

fn kpi(expression: &str, period: PeriodRule, missing: MissingRule) -> OwnKpi {
    let definition = Definition { period: Some(period), missing: Some(missing), ..Definition::of("own", expression) };
    definition.checked(1).expect("a definition")
}

/// The figure of each row, as it is written, by key.
fn figures(kpi: &OwnKpi, facts: &Facts, by: &[Dimension], period: &str) -> Vec<(String, String)> {
    let source = distributor();
    let query = Query { by: by.to_vec(), period: Some(period.parse().expect("a period")), ..Query::default() };
    let table = answer(&source, facts, &query, &[Asked::Own(kpi)]).expect("an answer");
    let key = |row: &crate::metrics::Row| {
        row.keys.iter().map(|key| key.id.clone().unwrap_or_default()).collect::<Vec<_>>().join(" ")
    };
    let shown = |value: Value| value.why().map_or_else(|| value.plain(), |why| format!("{why:?}"));
    table.rows.iter().map(|row| (key(row), shown(row.values[0]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Months of 2, none, and 7: every rule for longer periods and for months without facts.
#[test]
fn months_make_longer_periods_as_the_rules_say() {
    let facts = Facts(vec![("2025-01-10", "7", 0, 2), ("2025-03-05", "7", 0, 3), ("2025-03-06", "7", 0, 4)]);
    use MissingRule::{LeaveOut, Null, Zero};
    use PeriodRule::{Average, Last, Ratio, Sum};
    let whole = |rule, missing, period: &str| {
        let counted = kpi("sum(stock.days_out)", rule, missing);
        figures(&counted, &facts, &[], period).swap_remove(0).1
    };
    assert_eq!(whole(Sum, Zero, "2025-01..2025-03"), "9");
    assert_eq!(whole(Ratio, Zero, "2025-01..2025-03"), "9");
    assert_eq!(whole(Last, Zero, "2025-01..2025-03"), "7");
    assert_eq!(whole(Last, Zero, "2025-01..2025-02"), "0");
    assert_eq!(whole(Last, LeaveOut, "2025-01..2025-02"), "2");
    assert_eq!(whole(Last, Null, "2025-01..2025-02"), "NoFacts");
    assert_eq!(whole(Average, Zero, "2025-01..2025-03"), "3");
    assert_eq!(whole(Average, LeaveOut, "2025-01..2025-03"), "4.5");
    assert_eq!(whole(Average, Null, "2025-01..2025-03"), "NoFacts");
    assert_eq!(whole(Sum, Null, "2025-02"), "NoFacts");
    assert_eq!(whole(Sum, Zero, "2025-02"), "0");

    // A mean of counts is no count.
    let counted = |missing| figures(&kpi("count(stock)", Average, missing), &facts, &[], "2025-01..2025-03");
    assert_eq!((counted(Zero), counted(LeaveOut)), (pairs(&[("", "3")]), pairs(&[("", "4.5")])));

    let by_month =
        |missing| figures(&kpi("sum(stock.days_out)", Sum, missing), &facts, &[Dimension::Month], "2025-01..2025-03");
    assert_eq!(by_month(Zero), pairs(&[("2025-01", "2"), ("2025-02", "0"), ("2025-03", "7")]));
    assert_eq!(by_month(LeaveOut), pairs(&[("2025-01", "2"), ("2025-03", "7")]));
}

#[test]
fn divides_last_and_never_by_nothing() {
    let facts = Facts(vec![
        ("2025-01-10", "7", 0, 1),
        ("2025-01-11", "7", 1, 3),
        ("2025-02-11", "7", 0, 1),
        ("2025-02-12", "7", 1, 1),
        ("2025-02-12", "10", 0, 5),
    ]);
    let rate = kpi("sum(stock.days_out) / count(stock)", PeriodRule::Ratio, MissingRule::Null);
    let found = figures(&rate, &facts, &[Dimension::Branch], "2025-01..2025-02");
    // 2 / 4, not the mean of 1/3 and 1; and nothing where there is nothing to divide by.
    assert_eq!(found, pairs(&[("7", "0.5"), ("10", "NothingToDivideBy")]));
}

/// What a definition says has to fit together; what it leaves out follows from the expression.
#[test]
fn definitions_that_cannot_be_are_refused() {
    let of = |id: &str, text: &str| Definition::of(id, text);
    let told = |definition: &Definition| match definition.checked(1) {
        Err(error @ InsightError::OwnKpi { .. }) => error.message(Lang::En),
        other => panic!("{other:?}"),
    };
    for id in ["", "Visits", "1st", "a b", "a'; drop", "net_sales", "x_base", "month", &"x".repeat(41), "é"] {
        told(&of(id, "count(activities)"));
    }
    assert!(told(&of("x", "1 + 1")).contains("reads no data"));
    let unit = |unit, text| Definition { unit: Some(unit), ..of("x", text) };
    assert!(told(&unit(Measure::Money, "count(activities)")).contains("its unit can be: count, number"));
    assert!(told(&unit(Measure::Count, "net_sales")).contains("gives money, not count"));
    let sum = |text| Definition { period: Some(PeriodRule::Sum), ..of("x", text) };
    for text in
        ["count(offers) / count(accounts)", "avg(offers.amount)", "count(distinct sales.account)", "active_accounts"]
    {
        assert!(told(&sum(text)).contains("do not add up"), "{text}");
    }
    let long = Words::new("x".repeat(81), "");
    told(&Definition { name: long, ..of("x", "orders") });
    let break_in = Words::new("a\nb", "");
    told(&Definition { name: break_in, ..of("x", "orders") });
    let check = Definition { check: Some("count(offers)".to_owned()), ..of("x", "net_sales") };
    assert!(told(&check).contains("the check gives a count"));

    let found = of("win_rate", "count(offers where state = 'won') / count(offers)").checked(3).expect("a definition");
    let rules = (found.unit, found.period, found.missing, found.version);
    assert_eq!(rules, (Measure::Share, PeriodRule::Ratio, MissingRule::Null, 3));
    assert_eq!(found.definition().checked(3), Ok(found), "a definition reads again as itself");
}

/// An own KPI that is nothing but a built-in one is that one, whatever it is broken down by and compared with.
#[test]
fn a_built_in_kpi_in_an_expression_is_itself() {
    let source = distributor();
    let none = Facts(Vec::new());
    let extent = source.extent().expect("data");
    for (id, by) in [
        ("net_sales", vec![]),
        ("net_sales", vec![Dimension::Manager]),
        ("active_accounts", vec![Dimension::Manager, Dimension::Month]),
        ("orders", vec![Dimension::Quarter]),
    ] {
        let own = Definition::of("own", id).checked(1).expect("a definition");
        let query = Query { by, period: Some(extent), compare: Some(takar_model::Compare::Prior), ..Query::default() };
        let built_in = crate::metrics::Kpi::parse(id).expect("a KPI");
        let table = answer(&source, &none, &query, &[Asked::BuiltIn(built_in), Asked::Own(&own)]).expect("an answer");
        assert!(!table.rows.is_empty());
        for row in &table.rows {
            assert_eq!(row.values[..3], row.values[3..], "{id} {:?}", row.keys);
        }
    }
}

/// What rows come to in some KPIs, `units_target` and the like among them.
fn told(
    source: &crate::fixtures::Company,
    facts: &Facts,
    own: &OwnKpi,
    by: &[Dimension],
    period: &str,
    ids: &[&str],
) -> Vec<String> {
    let built_in = |id: &str| crate::metrics::Kpi::parse(id).expect("a KPI");
    let asked: Vec<Asked<'_>> = ids
        .iter()
        .map(|id| match TargetFigure::split(id) {
            Some(("own", figure)) => Asked::OfTarget(Targeted::Own(own), figure),
            Some((kpi, figure)) => Asked::OfTarget(Targeted::BuiltIn(built_in(kpi)), figure),
            None => Asked::BuiltIn(built_in(id)),
        })
        .collect();
    let query = Query { by: by.to_vec(), period: Some(period.parse().expect("a period")), ..Query::default() };
    let table = answer(source, facts, &query, &asked).expect("an answer");
    assert_eq!(table.columns.iter().map(|column| column.id.as_str()).collect::<Vec<_>>(), ids);
    let shown = |value: &Value| value.why().map_or_else(|| value.plain(), |why| format!("{why:?}"));
    let key = |row: &crate::metrics::Row| {
        row.keys.iter().map(|key| key.id.clone().unwrap_or_default()).collect::<Vec<_>>().join(" ")
    };
    table
        .rows
        .iter()
        .map(|row| format!("{}: {}", key(row), row.values.iter().map(shown).collect::<Vec<_>>().join(" ")))
        .collect()
}

/// Four orders of manager 1 and one of 2 in March; the account of 2 is new there.
fn few_orders() -> crate::fixtures::Company {
    use crate::fixtures::{Company, Line};
    Company::new(vec![
        Line::sale("2025-01-02", 0, 0, 90),
        Line::sale("2025-02-03", 0, 0, 100),
        Line::sale("2025-03-03", 0, 0, 100),
        Line::sale("2025-03-04", 0, 0, 50),
        Line::sale("2025-03-05", 0, 0, 25),
        Line::sale("2025-03-31", 1, 1, 75),
    ])
}

#[test]
fn targets_of_any_kpi_count_over_the_cells_that_have_one() {
    let own = kpi("count(activities)", PeriodRule::Sum, MissingRule::Zero);
    let facts = Facts(vec![("2025-03-01", "1", 0, 6), ("2025-02-01", "1", 0, 9)]);
    let company = few_orders()
        .target_of("orders", 0, "2025-03", 4)
        .target_of("orders", 0, "2025-02", 2)
        .target_of("new_accounts", 1, "2025-03", 2)
        .target_of("units", 0, "2025-Q1", 10)
        .target_of("own", 0, "2025-03", 8);
    let of = |by: &[Dimension], period: &str, ids: &[&str]| told(&company, &facts, &own, by, period, ids);
    let orders = ["orders", "orders_target", "orders_attainment", "orders_target_coverage"];
    assert_eq!(of(&[Dimension::Manager], "2025-03", &orders), ["1: 3 4 0.75 1", "2: 1 NoTarget NoTarget 0"]);
    // Of the company: only the cells that have a target, and how much of its sales they are.
    assert_eq!(of(&[], "2025-03", &orders), [": 4 4 0.75 0.7"]);
    // Months add up; a quarter's target counts for the quarter and is never spread over its months.
    assert_eq!(of(&[], "2025-Q1", &orders), [format!(": 6 6 {} {}", 4.0 / 6.0, 275.0 / 440.0)]);
    assert_eq!(
        of(&[Dimension::Month], "2025-02..2025-03", &["orders_attainment", "units_attainment"]),
        ["2025-02: 0.5 NoTarget", "2025-03: 0.75 NoTarget"]
    );
    assert_eq!(
        of(&[Dimension::Manager], "2025-Q1", &["units_attainment", "new_accounts_attainment"]),
        ["1: 0.5 NoTarget", "2: NoTarget 0.5"]
    );
    // By account a manager's target says nothing; own KPIs are measured the same way.
    assert!(of(&[Dimension::Account], "2025-03", &["orders_attainment"]).iter().all(|row| row.ends_with("NoTarget")));
    assert_eq!(of(&[Dimension::Manager], "2025-03", &["own_target", "own_attainment"]), ["1: 8 0.75"]);
}

#[test]
fn what_does_not_add_up_has_an_attainment_for_single_cells_only() {
    let own = kpi("count(activities)", PeriodRule::Sum, MissingRule::Zero);
    let facts = Facts(Vec::new());
    let company = few_orders()
        .target_of("order_value", 0, "2025-03", 50)
        .target_of("order_value", 1, "2025-03", 50)
        .target_of("orders", 0, "2025-03", 0);
    let of = |by: &[Dimension], ids: &[&str]| told(&company, &facts, &own, by, "2025-03", ids);
    let ids = ["order_value_target", "order_value_attainment"];
    let value = 58.3333 / 50.0;
    assert_eq!(of(&[Dimension::Manager], &ids), [format!("1: 50 {value}"), "2: 50 1.5".to_owned()]);
    assert_eq!(of(&[], &ids), [": DoesNotAddUp DoesNotAddUp"]);
    // A target of nothing is no measure.
    assert_eq!(of(&[Dimension::Manager], &["orders_target", "orders_attainment"]), ["1: 0 NothingToDivideBy"]);
}

/// The way of all KPIs comes to the same for net sales as their quick way in the kernel.
#[test]
fn net_sales_stand_to_their_targets_the_same_both_ways() {
    let source = distributor().target(0, "2025-Q1", 900).target(3, "2025-04", 100).target(3, "2025-05", 100);
    let own = kpi("count(activities)", PeriodRule::Sum, MissingRule::Zero);
    let facts = Facts(Vec::new());
    for by in [
        vec![Dimension::Manager],
        vec![],
        vec![Dimension::Manager],
        vec![Dimension::Supervisor, Dimension::Month],
        vec![Dimension::Branch, Dimension::Quarter],
    ] {
        for period in ["2024", "2025", "2025-02..2025-08"] {
            let general =
                told(&source, &facts, &own, &by, period, &["net_sales", "net_sales_target", "net_sales_attainment"]);
            let quick = told(&source, &facts, &own, &by, period, &["net_sales", "target", "attainment"]);
            assert!(quick.iter().any(|row| row.contains("0.") || row.contains("1.")) || period == "2024", "{quick:?}");
            assert_eq!(general, quick, "{by:?} {period}");
        }
    }
}

/// What is divided by a count, or is a mean, knows its cases; sums and money over money have none.
#[test]
fn shares_and_means_know_their_cases() {
    let cases = |expression: &str| {
        let found = Definition::of("own", expression).checked(1).expect("a definition").cases()?;
        let told = |kpi: &OwnKpi| match &kpi.expression.root.what {
            expression::What::Aggregate(one) => {
                let column = one.column.map_or("", |column| column.name);
                format!(
                    "{} {}.{column}{}",
                    one.function.id(),
                    one.table.name,
                    if one.condition.is_some() { " where" } else { "" }
                )
            }
            expression::What::BuiltIn(kpi) => kpi.id.to_owned(),
            _ => "?".to_owned(),
        };
        Some((found.counted.iter().map(told).collect::<Vec<_>>().join(", "), found.is_share))
    };
    let some = |counted: &str, is_share| Some((counted.to_owned(), is_share));
    let won = "count(offers where state = 'won' on closed) / count(offers where state in ('won', 'lost') on closed)";
    assert_eq!(cases(won), some("count offers. where", true));
    assert_eq!(cases(&format!("1 - {won}")), some("count offers. where", true));
    assert_eq!(cases("avg(offers.amount where state = 'won' on closed)"), some("count offers.amount where", false));
    assert_eq!(cases("count(feedback where type = 'complaint') / orders"), some("orders", false));
    assert_eq!(
        cases("sum(sales.net_amount) / count(distinct sales.invoice_no)"),
        some("count sales.invoice_no", false)
    );
    // Visits for each account visited are no share of the accounts, even below one.
    assert_eq!(
        cases("count(activities) / count(distinct activities.account)"),
        some("count activities.account", false)
    );
    assert_eq!(cases("avg(offers.amount) / orders + avg(offers.amount)"), some("orders, count offers.amount", false));
    for without in
        ["sum(sales.net_amount)", "count(activities)", "sum(costs.amount) / net_sales", "count(activities) / 12"]
    {
        assert_eq!(cases(without), None, "{without}");
    }
}

/// The rows that have a value are the cases of a mean, however many months it is made of.
#[test]
fn cases_are_counted_as_a_kpi() {
    let mean = kpi("avg(offers.amount)", PeriodRule::Average, MissingRule::LeaveOut);
    let counted = mean.cases().expect("cases").counted.swap_remove(0);
    let facts = Facts(vec![("2025-01-10", "7", 0, 2), ("2025-01-11", "7", 0, 1), ("2025-03-05", "7", 0, 3)]);
    assert_eq!(figures(&counted, &facts, &[], "2025-01..2025-03"), pairs(&[("", "6")]));
    let last = kpi("avg(offers.amount)", PeriodRule::Last, MissingRule::Null);
    let counted = last.cases().expect("cases").counted.swap_remove(0);
    assert_eq!(figures(&counted, &facts, &[], "2025-01..2025-03"), pairs(&[("", "3")]));
    assert_eq!(figures(&counted, &facts, &[], "2025-01..2025-02"), pairs(&[("", "0")]));
}
