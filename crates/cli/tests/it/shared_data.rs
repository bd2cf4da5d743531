//! Well-known data sets, imported by the binary, to their published totals.

use crate::support::{Home, shared};

/// Sums of a KPI over the rows of a table, exact to 4 decimals.
fn sum(table: &serde_json::Value, kpi: &str) -> i128 {
    let rows = table["rows"].as_array().expect("rows");
    rows.iter().map(|row| takar_model_units(&row[kpi].to_string())).sum()
}

fn takar_model_units(text: &str) -> i128 {
    if text == "null" {
        return 0;
    }
    text.parse::<takar_model::Money>().expect("an exact amount").units()
}

/// The total equals the sum over every dimension, exactly.
fn assert_sums_close(home: &Home) {
    let total = takar_model_units(&home.net());
    for by in
        ["manager", "account", "product", "month", "category", "region", "manager,month", "account,product", "year"]
    {
        let table = home.json(&["metrics", "--by", by, "--kpi", "net_sales", "--format", "json"]);
        assert_eq!(sum(&table, "net_sales"), total, "by {by}");
    }
}

#[test]
fn superstore_comes_to_its_known_totals() {
    let Some(file) = shared("superstore/superstore.csv") else { return };
    let home = Home::new();
    let report = home.import("sales", &file, &[]);
    assert_eq!((report["added"].as_u64(), report["set_aside"].as_u64()), (Some(9_994), Some(0)));
    let total =
        home.json(&["metrics", "--kpi", "net_sales,gross_margin,units,orders,active_accounts", "--format", "json"]);
    let row = &total["rows"][0];
    let rounded = |text: String| text.parse::<takar_model::Money>().expect("exact").format(takar_model::Lang::En, 2);
    assert_eq!(rounded(row["net_sales"].to_string()), "2,297,200.86");
    assert_eq!(rounded(row["gross_margin"].to_string()), "286,397.02");
    assert_eq!(row["orders"], 5_009);
    assert_eq!(row["active_accounts"], 793);
    assert_eq!(row["units"].to_string(), "37873");
    let regions = home.json(&["metrics", "--by", "region", "--kpi", "net_sales", "--format", "json"]);
    let by_region: Vec<(String, f64)> = regions["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            (row["region"].as_str().expect("a region").to_owned(), row["net_sales"].as_f64().expect("a number").round())
        })
        .collect();
    let known = [("Central", 501_240.0), ("East", 678_781.0), ("South", 391_722.0), ("West", 725_458.0)];
    assert_eq!(by_region, known.map(|(region, net)| (region.to_owned(), net)));
    assert_sums_close(&home);
}

#[test]
fn northwind_joined_by_sql_comes_to_its_known_totals() {
    let Some(orders) = shared("northwind/orders.csv") else { return };
    let Some(details) = shared("northwind/order-details.csv") else { return };
    let home = Home::new();
    let sql = format!("SELECT * FROM '{}' o JOIN '{}' d USING (orderID)", orders.display(), details.display());
    let report = home.json(&["import", "sales", "--sql", &sql, "--format", "json"]);
    assert_eq!(report["added"], 2_155);
    let rounded = |text: String| text.parse::<takar_model::Money>().expect("exact").format(takar_model::Lang::En, 2);
    assert_eq!(rounded(home.net()), "1,265,793.04");
    let table = home.json(&["metrics", "--by", "manager", "--kpi", "net_sales,orders", "--format", "json"]);
    let by_employee: Vec<(String, f64)> = table["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            (row["manager"].as_str().expect("an id").to_owned(), row["net_sales"].as_f64().expect("a number").round())
        })
        .collect();
    let known = [
        ("1", 192_108.0),
        ("2", 166_538.0),
        ("3", 202_813.0),
        ("4", 232_891.0),
        ("5", 68_792.0),
        ("6", 73_913.0),
        ("7", 124_568.0),
        ("8", 126_862.0),
        ("9", 77_308.0),
    ];
    assert_eq!(by_employee, known.map(|(id, net)| (id.to_owned(), net)));
    assert_eq!(sum(&table, "orders") / takar_model::Money::ONE, 830);
    assert_sums_close(&home);
}

#[test]
fn kimia_farma_as_it_was_written_comes_to_its_known_total() {
    let Some(file) = shared("indonesia_kimia_farma/penjualan_ds_original_semicolon.csv") else { return };
    let Some(accounts) = shared("indonesia_kimia_farma/pelanggan_ds.csv") else { return };
    let Some(products) = shared("indonesia_kimia_farma/barang.csv") else { return };
    let home = Home::new();
    let report = home.import("sales", &file, &[]);
    assert_eq!(report["added"], 132);
    assert_eq!(home.net(), "90637700");
    assert_eq!(home.figure("orders"), "28");
    home.import("accounts", &accounts, &[]);
    home.import("products", &products, &[]);
    assert_eq!(home.net(), "90637700");
    let table = home.json(&["metrics", "--by", "branch", "--kpi", "net_sales", "--format", "json"]);
    let bandung =
        table["rows"].as_array().expect("rows").iter().find(|row| row["branch"] == "Bandung").expect("a branch");
    assert_eq!(bandung["net_sales"].to_string(), "30030900");
    assert_sums_close(&home);
}
