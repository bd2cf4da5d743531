//! Targets of any KPI: as figures, in the evaluation, and on the scorecard.

use serde_json::{Value, json};

use crate::{serve::Server, support::Home};

/// Two managers in two months; targets of orders, units, new accounts, an own KPI and a rate.
fn home() -> Home {
    let home = Home::new();
    let sales = "invoice_no,date,account_id,manager_id,product_id,net_amount,quantity,cost\n\
        F1,2025-09-01,A,S1,P,1000,10,600\n\
        F2,2025-10-02,A,S1,P,1000,10,600\n\
        F3,2025-10-03,A,S1,P,500,5,300\n\
        F4,2025-10-04,B,S1,P,500,5,400\n\
        F5,2025-10-05,C,S2,P,2000,20,1000\n";
    home.import("sales", &home.file("sales.csv", sales), &[]);
    let activities = "activity_id,date,account_id,manager_id,activity\nK1,2025-10-01,A,S1,visit\nK2,2025-10-02,A,S1,visit\nK3,2025-10-09,C,S2,call\n";
    home.import("activities", &home.file("activities.csv", activities), &[]);
    home.ok(&["kpis", "save", "kunjungan", "count(activities)", "--name-en", "Contacts made", "--name-id", "Kontak"]);
    let targets = "manager_id,period,kpi,value\n\
        S1,2025-10,orders,4\nS2,2025-10,pesanan,2\nS1,2025-10,new_accounts,1\nS1,2025-10,units,40\n\
        S1,2025-10,kunjungan,4\nS2,2025-10,margin_rate,40%\nS1,2025-10,coverage,90%\n";
    home.import("targets", &home.file("targets.csv", targets), &["--source", "rencana"]);
    home
}

fn rows(home: &Home, by: &[&str], kpis: &str) -> Vec<Value> {
    let asked = [&["metrics", "--period", "2025-10", "--kpi", kpis, "--format", "json"][..], by].concat();
    home.json(&asked)["rows"].as_array().expect("rows").clone()
}

#[test]
fn any_kpi_with_targets_has_an_attainment() {
    let home = home();
    let by = ["--by", "manager"];
    let found = rows(
        &home,
        &by,
        "orders_attainment,orders_target,new_accounts_attainment,kunjungan_attainment,margin_rate_attainment",
    );
    let of = |row: &Value, id: &str| row[id].clone();
    assert_eq!((of(&found[0], "orders_target"), of(&found[0], "orders_attainment")), (json!(4), json!(0.75)));
    assert_eq!((of(&found[1], "orders_target"), of(&found[1], "orders_attainment")), (json!(2), json!(0.5)));
    assert_eq!(
        (of(&found[0], "new_accounts_attainment"), of(&found[1], "new_accounts_attainment")),
        (json!(1.0), Value::Null)
    );
    assert_eq!(
        (of(&found[0], "kunjungan_attainment"), of(&found[1], "kunjungan_attainment")),
        (json!(0.5), Value::Null)
    );
    assert_eq!(of(&found[1], "margin_rate_attainment"), json!(0.5 / 0.4));
    // The company: over cells that have a target, with the part of sales these are.
    let whole = &rows(&home, &[], "orders_attainment,units_attainment")[0];
    assert_eq!((of(whole, "orders_attainment"), of(whole, "orders_target_coverage")), (json!(4.0 / 6.0), json!(1.0)));
    assert_eq!((of(whole, "units_attainment"), of(whole, "units_target_coverage")), (json!(0.5), json!(0.5)));
    let text = home.ok(&["metrics", "--period", "2025-10", "--kpi", "units_attainment"]);
    assert!(
        text.contains("Attainment: Units") && text.contains("Target coverage: Units") && text.contains("50.0%"),
        "{text}"
    );
    // A target that is finer than asked adds up, a coarser one is not spread.
    let text = home.ok(&["metrics", "--period", "2025-10", "--by", "account", "--kpi", "net_sales,orders_attainment"]);
    assert!(text.contains("no target covers this"), "{text}");
    let list = home.ok(&["kpis"]);
    assert!(list.contains("kunjungan_attainment") && !list.contains("gross_margin_attainment"), "{list}");
    assert!(home.refused(&["metrics", "--kpi", "attainment_attainment"]).contains("no KPI named"));

    let evaluated = home.json(&["evaluate", "--period", "2025-10", "--format", "json"]);
    let figures = evaluated["managers"][0]["figures"].as_array().expect("figures");
    let orders = figures.iter().find(|figure| figure["kpi"] == "orders").expect("orders");
    assert_eq!((&orders["target"], &orders["attainment"], &orders["coverage"]), (&json!(4), &json!(0.75), &json!(1.0)));
    let text = home.ok(&["evaluate", "--period", "2025-10"]);
    assert!(text.contains("Target of Orders 6: 66.7% attained (covers 100.0% of sales)"), "{text}");

    // Work: the target of the one manager, and nobody else's.
    let work = home.json(&["process", "2025-10", "--format", "json"]);
    let coverage = |place: usize| {
        let measures = work["managers"][place]["measures"].as_array().expect("measures");
        measures.iter().find(|measure| measure["kpi"] == "coverage").expect("coverage").clone()
    };
    assert_eq!((&coverage(0)["target"], &coverage(1)["target"]), (&json!(0.9), &Value::Null), "{work}");
    // On the scorecard a target makes up for peers who are too few.
    let card = home.json(&["scorecard", "2025-10", "--manager", "S1", "--format", "json"]);
    let place =
        card["kpis"].as_array().expect("kpis").iter().position(|kpi| kpi["id"] == "new_accounts").expect("a KPI");
    let part = &card["managers"][0]["parts"][place];
    assert_eq!((&part["target"], &part["attained"]), (&json!(1.0), &json!(1.0)), "{card}");
    assert!(part["points"].as_f64().is_some_and(|points| (points - 80.0).abs() < 1e-9), "{card}");
    // An own KPI has a trend; what depends on targets has none.
    assert_eq!(home.json(&["trends", "--kpi", "kunjungan", "--format", "json"])["kpi"], "kunjungan");
    assert!(home.refused(&["trends", "--kpi", "orders_attainment"]).contains("depends on targets"));

    let server = Server::start(&home);
    let (status, kpis) = server.ask("GET", "/api/kpis/orders_attainment", "Accept-Language: id\r\n", "");
    let kpi: Value = serde_json::from_str(&kpis).expect("JSON");
    assert_eq!(
        (status, &kpi["name"], &kpi["of"], &kpi["unit"]),
        (200, &json!("Pencapaian target: Pesanan"), &json!("orders"), &json!("rate"))
    );
    let (_, table) = server.ask(
        "GET",
        "/api/metrics?by=manager&period=2025-10&kpi=orders_attainment&sort=-orders_attainment",
        "",
        "",
    );
    let table: Value = serde_json::from_str(&table).expect("JSON");
    assert_eq!(table["rows"][0]["manager"], "S1", "{table}");

    // What was recorded meanwhile is in a trend that was asked for before, though no line of sales changed.
    let trend = || server.json("/api/trends?kpi=kunjungan")["months"].clone();
    let before = trend();
    let more = "activity_id,date,account_id,manager_id,activity\nK4,2025-09-20,A,S1,visit\n";
    home.import("activities", &home.file("more.csv", more), &[]);
    assert_ne!(trend(), before);
}
