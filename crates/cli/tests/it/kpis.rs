//! Every KPI against its independent check query, on every data set there is.

use std::path::PathBuf;

use takar_insight::metrics::{self, CellSource, KPIS, Query, Value, base_window};
use takar_lake::Lake;
use takar_model::{Compare, Period};

use crate::support::{Home, shared};

/// Holds every KPI of some windows against DataFusion's answer to its check query.
fn hold_against_checks(home: &Home, windows: &[&str]) {
    let lake = Lake::open(&home.path().join("home/lake")).expect("the lake opens");
    let source = lake.source().expect("the source opens");
    let extent = source.extent().expect("there is data");
    let all = extent.to_string();
    let mut compared = 0;
    for window in windows.iter().copied().chain([all.as_str()]) {
        let window: Period = window.parse().expect("a period");
        let query = Query { period: Some(window), kpis: KPIS.iter().collect(), ..Query::default() };
        let table = metrics::run(&source, &query).expect("an answer");
        let row = table.rows.first().expect("one row");
        for (kpi, value) in KPIS.iter().zip(&row.values) {
            let compare = if kpi.id == "growth_year" { Compare::Year } else { Compare::Prior };
            let Some(base) = base_window(window, compare, extent).or(Some(window.base(compare))) else { continue };
            let sql = kpi.check_sql_for(window, base);
            let checked =
                lake.check_value(&sql).unwrap_or_else(|error| panic!("{} over {window}: {error}\n{sql}", kpi.id));
            assert_same(kpi.id, window, *value, checked.as_deref());
            compared += 1;
        }
    }
    assert!(compared >= KPIS.len(), "something was compared");
}

#[track_caller]
fn assert_same(kpi: &str, window: Period, value: Value, checked: Option<&str>) {
    let checked = checked.map(|text| text.parse::<f64>().expect("a number"));
    let (own, tolerance): (Option<f64>, f64) = match value {
        Value::Money(money) => (Some(money.to_f64()), 1e-4),
        Value::Quantity(quantity) => (Some(quantity.to_f64()), 1e-6),
        Value::Count(count) => (Some(count as f64), 0.0),
        Value::Rate(rate) => (Some(rate), 1e-9),
        Value::Null(_) => (None, 0.0),
    };
    match (own, checked) {
        (Some(own), Some(checked)) => {
            // DataFusion divides decimals to a few places only.
            let allowed =
                tolerance.max(checked.abs() * 1e-12).max(if matches!(value, Value::Rate(_)) { 2e-6 } else { 0.0 });
            assert!((own - checked).abs() <= allowed, "{kpi} over {window}: {own} but the check says {checked}");
        }
        (own, checked) => assert_eq!(own, checked, "{kpi} over {window}"),
    }
}

fn import_all(home: &Home, files: &[(&str, Option<PathBuf>)]) -> bool {
    for (kind, file) in files {
        let Some(file) = file else { return false };
        home.import(kind, file, &[]);
    }
    true
}

#[test]
fn superstore() {
    let home = Home::new();
    if import_all(&home, &[("sales", shared("superstore/superstore.csv"))]) {
        hold_against_checks(&home, &["2017-11", "2016", "2015-Q3", "2017-03-05..2017-04-10"]);
    }
}

#[test]
fn northwind() {
    let (Some(orders), Some(details)) = (shared("northwind/orders.csv"), shared("northwind/order-details.csv")) else {
        return;
    };
    let home = Home::new();
    let sql = format!("SELECT * FROM '{}' o JOIN '{}' d USING (orderID)", orders.display(), details.display());
    home.ok(&["import", "sales", "--sql", &sql]);
    hold_against_checks(&home, &["1997", "1998-04", "1997-Q2", "1998-05"]);
}

#[test]
fn kimia_farma() {
    let home = Home::new();
    let files = [
        ("sales", shared("indonesia_kimia_farma/penjualan_ds_original_semicolon.csv")),
        ("accounts", shared("indonesia_kimia_farma/pelanggan_ds.csv")),
    ];
    if import_all(&home, &files) {
        hold_against_checks(&home, &["2022-01", "2022-02"]);
    }
}

#[test]
fn cdnow() {
    let home = Home::new();
    let Some(file) = shared("cdnow/cdnow_sample.csv") else { return };
    home.import(
        "sales",
        &file,
        &["--map", "net_amount=amount_usd", "--map", "account_id=customer_id", "--map", "quantity=cds"],
    );
    hold_against_checks(&home, &["1997", "1998-03", "1997-Q4"]);
}

#[test]
fn simulated_company() {
    let home = Home::new();
    let data = home.path().join("data");
    let folder = data.to_str().expect("text");
    home.ok(&["simulate", "--lines", "20000", "--seed", "3", "--out", folder]);
    for (kind, file) in [
        ("managers", "sales"),
        ("accounts", "pelanggan"),
        ("products", "barang"),
        ("targets", "target"),
        ("sales", "penjualan"),
    ] {
        home.import(kind, &data.join(format!("{file}.csv")), &[]);
    }
    let truth = takar_testkit::Truth::read(&data.join("truth.json")).expect("the truth");
    assert_eq!(home.net(), truth.totals.net.to_string(), "net as the truth has it");
    assert_eq!(home.figure("orders"), truth.totals.orders.to_string());
    hold_against_checks(&home, &["2025-10", "2025", "2025-Q3", "2024-03-05..2024-04-20"]);
}
