//! The kernel against hand-made numbers; `properties` holds it against random companies.

use std::collections::BTreeSet;

use takar_model::{Compare, Money};

use super::*;
use crate::fixtures::{Company, Line};

pub(super) fn query(by: &[Dimension], period: &str, kpis: &[&str]) -> Query {
    Query {
        by: by.to_vec(),
        period: Some(period.parse().expect("a period")),
        kpis: kpis.iter().map(|id| Kpi::parse(id).expect("a KPI")).collect(),
        ..Query::default()
    }
}

pub(super) fn answer(company: &Company, query: &Query) -> MetricsTable {
    run(company, query).expect("an answer")
}

/// Each row as `key key: value value`, missing as `-`.
fn lines(table: &MetricsTable) -> Vec<String> {
    let plain = |value: &Value| if value.why().is_some() { "-".to_owned() } else { value.plain() };
    let row = |row: &Row| {
        let keys: Vec<&str> = row.keys.iter().map(|key| key.id.as_deref().unwrap_or("∅")).collect();
        let values: Vec<String> = row.values.iter().map(plain).collect();
        format!("{}: {}", keys.join(" "), values.join(" ")).trim_start_matches(": ").to_owned()
    };
    table.rows.iter().map(row).collect()
}

/// METHODS §2: 100→120, 100→70, 50→0, 0→40 new, 0→25 reactivated.
fn bridge() -> Company {
    let (a, b, c, new, back) = (0, 1, 2, 3, 4);
    Company::new(vec![
        Line::sale("2025-01-01", back, 1, 5),
        Line::sale("2025-02-03", a, 0, 100),
        Line::sale("2025-02-04", b, 0, 100),
        Line::sale("2025-02-05", c, 0, 50),
        Line::sale("2025-03-03", a, 0, 120),
        Line::sale("2025-03-04", b, 1, 70),
        Line::sale("2025-03-05", new, 0, 40),
        Line::sale("2025-03-31", back, 1, 25),
    ])
}

#[test]
fn account_bridge_of_methods() {
    let kpis = ["net_sales", "growth_prior", "gross_retention", "net_retention", "logo_retention", "active_accounts"];
    let table = answer(&bridge(), &query(&[], "2025-03", &kpis));
    assert_eq!(lines(&table), [format!("255 {} 0.68 0.76 {} 4", 255.0 / 250.0 - 1.0, 2.0 / 3.0)]);

    let kpis = ["new_accounts", "retained_accounts", "reactivated_accounts", "lost_accounts", "active_accounts"];
    let table = answer(&bridge(), &query(&[Dimension::Manager], "2025-03", &kpis));
    // Account B went from manager 1 to 2: retained by 1, who had its base sales; served by 2.
    assert_eq!(lines(&table), ["1: 1 2 0 1 2", "2: 0 0 1 0 2"]);
}

#[test]
fn base_before_the_data_is_null_and_says_so() {
    let kpis = ["new_accounts", "growth_prior", "growth_year", "net_sales"];
    let table = answer(&bridge(), &query(&[Dimension::Month], "2025", &kpis));
    let growth = |now: f64, base: f64| (now / base - 1.0).to_string();
    assert_eq!(
        lines(&table),
        [
            "2025-01: - - - 5".to_owned(),
            format!("2025-02: 3 {} - 250", growth(250.0, 5.0)),
            format!("2025-03: 1 {} - 255", growth(255.0, 250.0)),
        ]
    );
    assert_eq!(table.rows[0].values[0], Value::Null(Why::BaseBeforeData));
}

#[test]
fn running_month_compares_equal_days() {
    let company = Company::new(vec![
        Line::sale("2025-08-01", 0, 0, 7),
        Line::sale("2025-09-05", 0, 0, 100),
        Line::sale("2025-09-20", 0, 0, 900),
        Line::sale("2025-10-12", 0, 0, 150),
    ]);
    let mut asked = query(&[Dimension::Month], "2025-10", &["net_sales", "lost_accounts"]);
    asked.compare = Some(Compare::Prior);
    assert_eq!(lines(&answer(&company, &asked)), ["2025-10: 150 100 0.5 0 0 -"]);
    // Asked for all the data, the running month is the same.
    asked.period = None;
    assert_eq!(lines(&answer(&company, &asked)).last().map(String::as_str), Some("2025-10: 150 100 0.5 0 0 -"));
}

#[test]
fn ties_go_to_the_lower_id_and_first_orders_decide() {
    let company = Company::new(vec![
        Line::sale("2025-01-01", 9, 0, 1),
        Line::sale("2025-02-03", 0, 9, 50),
        Line::sale("2025-02-03", 0, 1, 50),
        Line::sale("2025-03-05", 1, 9, 10),
        Line::sale("2025-03-05", 1, 1, 90),
        Line::sale("2025-03-04", 2, 9, 1),
        Line::sale("2025-03-06", 2, 1, 99),
    ]);
    let table = answer(&company, &query(&[Dimension::Manager], "2025-03", &["new_accounts", "lost_accounts"]));
    // Manager ids are 2 and 10: 2 is the lower, though "10" comes first as text. Lost and the tied new go to 2.
    assert_eq!(lines(&table), ["2: 1 1", "10: 1 0"]);
}

#[test]
fn a_filter_restricts_the_attribution_not_the_status() {
    let company = bridge();
    let kpis = ["net_sales", "retained_accounts", "lost_accounts", "new_accounts", "active_accounts", "share"];
    for manager in ["1", "2"] {
        let mut asked = query(&[], "2025-03", &kpis[..5]);
        asked.filter = Some(format!("manager = '{manager}'").parse().expect("a filter"));
        let filtered = lines(&answer(&company, &asked));
        let all = answer(&company, &query(&[Dimension::Manager], "2025-03", &kpis[..5]));
        let row = lines(&all).into_iter().find(|line| line.starts_with(manager)).expect("the manager");
        assert_eq!(row, format!("{manager}: {}", filtered[0]));
    }
    let mut asked = query(&[], "2025", &["net_sales"]);
    asked.filter = Some("month >= '2025-02' and quarter = '2025-Q1'".parse().expect("a filter"));
    assert_eq!(lines(&answer(&company, &asked)), ["505"]);
}

#[test]
fn units_add_only_within_one_unit() {
    let mut company = bridge();
    company.lines[4].unit = 0;
    let table = answer(&company, &query(&[Dimension::Manager], "2025-03", &["units"]));
    assert_eq!(lines(&table), ["1: -", "2: 2"]);
    assert_eq!(table.rows[0].values[0], Value::Null(Why::MixedUnits));
    assert!(table.to_json(takar_model::Lang::Id).contains("\"units\":null"));
    assert!(table.table(takar_model::Lang::Id).contains("satuan barang bercampur"));
}

#[test]
fn targets_add_up_and_are_never_spread() {
    let company = bridge().target(0, "2025-03", 200).target(0, "2025-02", 100).target(1, "2025-Q1", 500);
    let kpis = ["target", "attainment", "net_sales"];
    let by_month = answer(&company, &query(&[Dimension::Manager], "2025-03", &kpis));
    assert_eq!(lines(&by_month), ["1: 200 0.8 160", "2: - - 95"]);
    let quarter = answer(&company, &query(&[Dimension::Manager], "2025-Q1", &kpis));
    assert_eq!(lines(&quarter), [format!("1: 300 {} 410", 410.0 / 300.0), "2: 500 0.2 100".to_owned()]);
    // By account, a manager's target is coarser: nothing. In total: only managers' cells with a target.
    assert!(
        answer(&company, &query(&[Dimension::Account], "2025-03", &kpis))
            .rows
            .iter()
            .all(|row| row.values[0].why().is_some())
    );
    let total = answer(&company, &query(&[], "2025-03", &kpis));
    assert_eq!(lines(&total), ["200 0.8 255"]);
    assert_eq!(total.rows[0].target_coverage, Some(160.0 / 255.0));
    let by_supervisor = answer(&company, &query(&[Dimension::Supervisor], "2025-Q1", &kpis));
    assert_eq!(lines(&by_supervisor).len(), 2);
}

#[test]
fn nobodys_rows_count_in_sums_only() {
    let mut company = bridge();
    company.lines.push(Line::sale("2025-03-09", NONE, NONE, 1000));
    let table = answer(&company, &query(&[Dimension::Manager], "2025-03", &["net_sales", "active_accounts", "orders"]));
    assert_eq!(lines(&table), ["1: 160 2 2", "2: 95 2 2", "∅: 1000 0 1"]);
    let json: serde_json::Value = serde_json::from_str(&table.to_json(takar_model::Lang::En)).expect("JSON");
    assert_eq!(json["rows"][2]["manager"], serde_json::Value::Null);
    assert_eq!(json["rows"][0]["manager_name"], "Nama 1");
    assert!(table.to_csv().starts_with("manager,manager_name,net_sales,active_accounts,orders\n1,Nama 1,160,2,2\n"));
}

#[test]
fn every_kpi_is_defined_once() {
    let ids: BTreeSet<&str> = KPIS.iter().map(|kpi| kpi.id).collect();
    assert_eq!((ids.len(), KPIS.len()), (24, 24));
    assert!(KPIS.iter().all(|kpi| kpi.kpi.definition().id == kpi.id));
}

#[test]
fn order_value_is_rounded_once() {
    let mut company = bridge();
    company.lines.push(Line::sale("2025-03-07", 0, 0, -5));
    let table = answer(&company, &query(&[], "2025-03", &["orders", "order_value", "return_rate", "repeat_rate"]));
    assert_eq!(lines(&table), [format!("4 62.5 {} 0", 5.0 / 255.0)]);
    assert_eq!(table.rows[0].values[1], Value::Money(Money::from_units(625_000)));
}

/// Two regions, of which one's market is not known in February; a plan for one; sizes in units where there are none in money.
#[test]
fn market_share_only_where_the_market_is_known() {
    let line = |date: &str, region: u32, net: i64| Line { region, ..Line::sale(date, 0, 0, net) };
    let mut company = Company::new(vec![
        line("2025-01-10", 0, 30),
        line("2025-01-20", 1, 50),
        line("2025-02-10", 0, 10),
        line("2025-02-11", 1, 70),
        line("2025-03-31", 0, 1),
    ]);
    let size = |region: Option<u32>, month: &str, kpi: &str, value: i128| MarketSize {
        category: None,
        region,
        segment: None,
        period: month.parse().expect("a period"),
        kpi: kpi.to_owned(),
        value: takar_model::Money::from_units(value * 10_000),
    };
    company.market = vec![
        size(Some(0), "2025-01", "net_sales", 100),
        size(Some(0), "2025-02", "net_sales", 300),
        size(Some(1), "2025-01", "net_sales", 200),
        size(None, "2025-03", "units", 4),
    ];
    let plan = |region: u32, month: &str, share: i128| Target {
        manager: None,
        account: None,
        product: None,
        category: None,
        segment: None,
        branch: None,
        region: Some(region),
        period: month.parse().expect("a period"),
        kpi: "market_share".to_owned(),
        value: takar_model::Money::from_units(share),
    };
    company.targets = vec![plan(0, "2025-01", 4_000), plan(0, "2025-02", 2_000)];
    let shares = |by: &[Dimension], period: &str, filter: Option<&str>| -> Vec<(String, Value, Value)> {
        let mut asked = query(by, period, &["market_share", "market_plan"]);
        asked.filter = filter.map(|text| text.parse().expect("a filter"));
        let key = |row: &Row| row.keys.iter().filter_map(|key| key.id.clone()).collect::<Vec<_>>().join(" ");
        answer(&company, &asked).rows.iter().map(|row| (key(row), row.values[0], row.values[1])).collect()
    };
    let region = |code: u32| company.names.region.id(code).expect("an id").to_owned();
    let (no_market, no_plan) = (Value::Null(Why::NoMarket), Value::Null(Why::NoTarget));
    let by_region = |period| shares(&[Dimension::Region], period, None);
    assert_eq!(
        by_region("2025-01"),
        [(region(0), Value::Rate(0.3), Value::Rate(0.4)), (region(1), Value::Rate(0.25), no_plan)]
    );
    // 40 of 400 over both months, planned 0.4 × 100 + 0.2 × 300; of the other region February is not known.
    let both = (region(0), Value::Rate(0.1), Value::Rate(0.25));
    assert_eq!(by_region("2025-01..2025-02"), [both.clone(), (region(1), no_market, no_market)]);
    // In all: only the sales of the region whose market is known for all of it.
    assert_eq!(shares(&[], "2025-01..2025-02", None), [(String::new(), Value::Rate(0.1), Value::Rate(0.25))]);
    assert_eq!(shares(&[], "2025-01", None)[0].1, Value::Rate(80.0 / 300.0));
    let only = format!("region = '{}'", region(1));
    assert_eq!(shares(&[], "2025-01", Some(&only))[0].1, Value::Rate(0.25));
    // One piece of four.
    assert_eq!(shares(&[], "2025-03", None)[0].1, Value::Rate(0.25));
    assert_eq!(shares(&[], "2025-04", None)[0].1, no_market);
    // Market sizes know no managers, and no half months.
    assert_eq!(shares(&[Dimension::Manager], "2025-01", None)[0].1, no_market);
    assert_eq!(shares(&[], "2025-01-01..2025-01-15", None)[0].1, no_market);
    let by_month = shares(&[Dimension::Month], "2025-01..2025-02", None);
    assert_eq!(by_month[1].1, Value::Rate(10.0 / 300.0), "{by_month:?}");
}
