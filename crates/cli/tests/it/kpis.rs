//! Every KPI against its independent check query, on every data set there is.

use std::path::PathBuf;

use takar_insight::metrics::{self, CellSource, Dimension, KPIS, Kpi, Query, Value, base_window};
use takar_lake::Lake;
use takar_model::{Compare, Credit, Period};

use crate::support::{Home, shared};

/// Holds every KPI of some windows against DataFusion's answer to its check query.
fn hold_against_checks(home: &Home, windows: &[&str]) {
    hold_credited(home, windows, Credit::Recorded);
}

pub fn hold_credited(home: &Home, windows: &[&str], credit: Credit) {
    let lake = Lake::open(&home.path().join("home/lake")).expect("the lake opens");
    let source = lake.source(credit).expect("the source opens");
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
            let checked = lake
                .check_value(&sql, credit)
                .unwrap_or_else(|error| panic!("{} over {window}: {error}\n{sql}", kpi.id));
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
    // Who owned an account is who sold to it.
    home.import("ownership", &data.join("kepemilikan.csv"), &[]);
    let by_manager = |credit: &str| {
        home.ok(&[
            "metrics",
            "--by",
            "manager,month",
            "--kpi",
            "net_sales,orders,new_accounts",
            "--credit",
            credit,
            "--format",
            "csv",
        ])
    };
    assert_eq!(by_manager("then"), by_manager("recorded"));
    assert_ne!(by_manager("now"), by_manager("recorded"));
}

/// A year of lines in three currencies, with returns, lines without a manager and accounts that change hands in mid-month.
pub fn credited_company(home: &Home) {
    let mut lines =
        "faktur,tanggal,kode_pelanggan,kode_sales,nama_sales,kode_barang,jumlah,satuan,harga,diskon,hpp,mata_uang\n"
            .to_owned();
    let mut state = 7_u64;
    let mut below = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    for invoice in 0..900 {
        let (month, day, account) = (1 + below(12), 1 + below(28), below(9));
        let manager = below(4);
        let named = if manager == 3 { ",".to_owned() } else { format!("S{manager},Sales {manager}") };
        let currency = ["", "IDR", "USD", "SGD"][below(4) as usize];
        for _ in 0..=below(2) {
            let quantity = below(12) as i64 - 2;
            let (product, price, discount) = (below(5), 1 + below(900), below(40));
            lines.push_str(&format!(
                "F{invoice},2025-{month:02}-{day:02},P{account},{named},B{product},{quantity},pcs,{price}.{:02},{},{}.5,{currency}\n",
                below(100),
                discount as i64 * quantity.signum().max(0),
                price / 2,
            ));
        }
    }
    let sales = home.file("penjualan.csv", &lines);
    home.import("sales", &sales, &["--discount", "amount", "--cost", "unit"]);
    let ownership = home.file(
        "kepemilikan.csv",
        "kode_pelanggan,kode_sales,mulai,sampai,bagian\n\
         P0,S0,2025-01-01,2025-06-14,\nP0,S1,2025-06-15,,60\nP0,S2,2025-06-15,,40\n\
         P1,S1,,,\nP1,S2,2025-03-10,,\nP2,S2,2025-04-01,2025-08-31,33.33\nP2,S1,2025-04-01,2025-08-31,33.33\n\
         P2,S0,2025-04-01,2025-08-31,33.33\nP3,S3,2025-02-11,,70\nP4,S0,2026-01-01,,\n",
    );
    assert_eq!(home.import("ownership", &ownership, &[])["added"], 10);
    let mut rates = "Mata Uang,Tanggal,Kurs,Dalam Mata Uang\n".to_owned();
    for month in 1..=12 {
        for day in (1..=28).step_by(3) {
            rates.push_str(&format!("USD,2025-{month:02}-{day:02},{}.25,IDR\n", 15_800 + 40 * month + day));
        }
        rates.push_str(&format!("SGD,2025-{month:02},{}.5,IDR\n", 11_900 + 25 * month));
    }
    let rates = home.file("kurs.csv", &rates);
    home.import("rates", &rates, &[]);
}

/// Cartons, dozens and pieces of one product add up once it is told how many are in each; totals of money stay.
#[test]
fn in_the_units_that_others_are_told_in() {
    let home = Home::new();
    let mut lines = "faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,satuan,harga,hpp\n".to_owned();
    for number in 0..300_u32 {
        let unit = ["karton", "Lusin", "PCS", "karton"][number as usize % 4];
        let (day, product, quantity) = (1 + number % 28, number % 3, (number % 7) as i32 - 1);
        lines.push_str(&format!(
            "F{},2025-{:02}-{day:02},P{},S{},B{product},{quantity},{unit},{}.5,3\n",
            number / 2,
            1 + number / 2 % 12,
            number / 2 % 5,
            number / 2 % 3,
            10 + number % 90,
        ));
    }
    home.import("sales", &home.file("jual.csv", &lines), &["--cost", "unit"]);
    let (net, orders) = (home.net(), home.figure("orders"));
    assert_eq!(home.figure("units"), "null", "units of different kinds do not add up");
    let units = "kode_barang,satuan besar,satuan kecil,isi\nB0,karton,lusin,2\nB1,karton,pcs,40\n,karton,pcs,30\n,lusin,pcs,12\n";
    home.import("units", &home.file("satuan.csv", units), &[]);
    assert_eq!((home.net(), home.figure("orders")), (net, orders));
    let per = |product: u32, unit: &str| match (unit, product) {
        ("karton", 0) => 24,
        ("karton", 1) => 40,
        ("karton", _) => 30,
        ("Lusin", _) => 12,
        _ => 1,
    };
    let all: i64 = (0..300_u32)
        .map(|number| {
            let unit = ["karton", "Lusin", "PCS", "karton"][number as usize % 4];
            (i64::from(number % 7) - 1) * per(number % 3, unit)
        })
        .sum();
    assert_eq!(home.figure("units"), all.to_string());
    hold_against_checks(&home, &["2025-03-05..2025-07-09"]);
    let before = home.ok(&["metrics", "--by", "product,month", "--kpi", "units", "--format", "csv"]);
    home.ok(&["rebuild"]);
    assert_eq!(home.ok(&["metrics", "--by", "product,month", "--kpi", "units", "--format", "csv"]), before);
    home.ok(&["imports", "undo", "2"]);
    assert_eq!(home.figure("units"), "null");
}

#[test]
fn under_every_rule_of_credit() {
    let home = Home::new();
    credited_company(&home);
    let lake = Lake::open(&home.path().join("home/lake")).expect("the lake opens");
    let mut totals = std::collections::BTreeSet::new();
    let mut by_rule = std::collections::BTreeSet::new();
    for credit in Credit::ALL {
        hold_credited(&home, &["2025-03-05..2025-04-20"], credit);
        let source = lake.source(credit).expect("the source opens");
        let query = Query {
            by: vec![Dimension::Manager],
            kpis: ["net_sales", "units", "orders"].map(|kpi| Kpi::parse(kpi).expect("a KPI")).to_vec(),
            ..Query::default()
        };
        let table = metrics::run(&source, &query).expect("an answer");
        totals.insert(table.rows.iter().map(|row| money(&row.values[0])).sum::<i128>());
        by_rule.insert(table.rows.iter().map(|row| money(&row.values[0])).collect::<Vec<_>>());
        for row in &table.rows {
            let id = row.keys[0].id.as_ref();
            let condition = id.map_or("manager IS NULL".to_owned(), |id| format!("manager = '{id}'"));
            let measures = ["sum(net)", "sum(quantity)", "count(DISTINCT CASE WHEN quantity > 0 THEN invoice_no END)"];
            for (measure, value) in measures.iter().zip(&row.values) {
                let sql = format!("SELECT {measure} FROM lines WHERE {condition}");
                let checked = lake.check_value(&sql, credit).expect("a check");
                assert_same(&format!("{credit}: {sql}"), table.period, *value, checked.as_deref());
            }
        }
    }
    assert_eq!(totals.len(), 1, "credited amounts add up to the invoices under every rule");
    assert_eq!(by_rule.len(), 3, "the rules differ");
    // What an import restated, an undo takes back, to the last rupiah.
    let restated = home.net();
    home.ok(&["imports", "undo", "3"]);
    assert_ne!(home.figure("net_sales"), restated);
    home.ok(&["imports", "undo", "2"]);
    let by_manager = |credit: &str| {
        home.ok(&["metrics", "--by", "manager", "--kpi", "orders", "--credit", credit, "--format", "csv"])
    };
    assert_eq!(by_manager("then"), by_manager("recorded"));
}

fn money(value: &Value) -> i128 {
    match value {
        Value::Money(money) => money.units(),
        other => panic!("money, not {other:?}"),
    }
}
