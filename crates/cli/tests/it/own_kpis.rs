//! Own KPIs and industry packs: tried, saved, asked for, held against built-in KPIs and against plain counting.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use takar_insight::kpis::{FACT_TABLES, FactColumn, Holds};

use crate::{
    kpis::credited_company,
    serve::Server,
    support::{Home, shared},
};

/// The rows of an answer as text: by the id of the first key, the cells of its columns.
fn rows(csv: &str, keys: usize) -> BTreeMap<String, Vec<String>> {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    csv.lines().skip(1).map(cells).map(|cells| (cells[..keys].join(","), cells[keys..].to_vec())).collect()
}

/// An own KPI that counts lines by SQL and a built-in one that counts cells agree to the last digit under every rule of
/// credit, by every dimension, under filters, beside a base window.
#[test]
fn agree_with_built_in_ones_on_lines() {
    let home = Home::new();
    credited_company(&home);
    for (id, expression) in [
        ("own_net", "sum(sales.net_amount)"),
        ("own_units", "sum(sales.quantity)"),
        ("own_orders", "count(distinct sales.invoice_no where quantity > 0)"),
        ("own_value", "sum(sales.net_amount) / count(distinct sales.invoice_no where quantity > 0)"),
    ] {
        home.ok(&["kpis", "save", id, expression, "--missing", "zero"]);
    }
    let kpis = "net_sales,own_net,units,own_units,orders,own_orders,order_value,own_value";
    let mut compared = 0;
    for credit in ["recorded", "then", "now"] {
        for by in ["manager", "account", "product", "month", "manager,quarter"] {
            for filter in
                [None, Some("manager in ('S0', 'S2') and account <> 'P4'"), Some("account > 'P5' or manager is null")]
            {
                for period in ["2025-03-05..2025-07-20", "2025-06"] {
                    let mut arguments = vec![
                        "metrics",
                        "--kpi",
                        kpis,
                        "--by",
                        by,
                        "--credit",
                        credit,
                        "--compare",
                        "prior",
                        "--period",
                        period,
                        "--format",
                        "json",
                    ];
                    arguments.extend(filter.iter().flat_map(|filter| ["--where", *filter]));
                    let table = home.json(&arguments);
                    for row in table["rows"].as_array().expect("rows") {
                        for (built_in, own) in [
                            ("net_sales", "own_net"),
                            ("units", "own_units"),
                            ("orders", "own_orders"),
                            ("order_value", "own_value"),
                        ] {
                            for role in ["", "_base", "_growth"] {
                                let (one, other) = (&row[format!("{built_in}{role}")], &row[format!("{own}{role}")]);
                                // Without an order the built-in quotient is missing, and so is ours; without a line ours is zero.
                                let same = one == other || (built_in == "order_value" && one.is_null());
                                assert!(
                                    same,
                                    "{built_in}{role} by {by} under {credit} where {filter:?} in {period}: {row}"
                                );
                                compared += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(compared > 4_000, "{compared}");
}

/// A company of three accounts, two managers and an id that is another's: who is credited with what, counted by hand.
fn by_hand(home: &Home) {
    let import = |kind: &str, text: &str| {
        let report = home.import(kind, &home.file(&format!("{kind}.csv"), text), &[]);
        assert_eq!(report["set_aside"], 0, "{kind}: {report}");
    };
    import("managers", "kode_sales,nama_sales,atasan\nS1,Sari,Tono\nS2,Budi,Tono\n");
    import(
        "accounts",
        "kode_pelanggan,nama_pelanggan,kode_sales,wilayah\nP1,Toko Satu,S1,Barat\nP2,Toko Dua,S2,Timur\nP3,Toko Tiga,,Timur\n",
    );
    import(
        "ownership",
        "kode_pelanggan,kode_sales,mulai,sampai,bagian\nP1,S1,2025-01-01,2025-01-31,\nP1,S2,2025-02-01,,\nP3,S1,2025-01-01,,40\nP3,S2,2025-01-01,,60\n",
    );
    import(
        "sales",
        "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto\nF1,2025-01-05,P1,S1,B1,1,100\nF2,2025-02-05,P1,S1,B1,1,100\nF3,2025-02-28,P2,S2,B1,1,50\n",
    );
    import(
        "activities",
        "activity_id,date,account_id,manager_id,activity,hours\n\
         A1,2025-01-10,P1,S1,visit,1.5\nA2,2025-01-11,P1X,S9,visit,1\nA3,2025-01-12,P2,,call,\nA4,2025-01-15,P3,,visit,2\n\
         A5,2025-02-03,P1,S1,visit,0.25\nA6,2025-02-04,P2,S2,mail,\n",
    );
    import(
        "costs",
        "cost_id,date,account_id,manager_id,type,amount\nC1,2025-01-05,P1,S1,visit,10\nC2,2025-02-05,P1,S1,visit,30\nC3,2025-02-06,P3,,delivery,7\n",
    );
    home.ok(&["aliases", "same", "account", "P1X", "P1"]);
    home.ok(&["aliases", "same", "manager", "S9", "S1"]);
}

#[test]
fn facts_are_credited_as_they_should_be() {
    let home = Home::new();
    by_hand(&home);
    home.ok(&["kpis", "save", "visits", "count(activities where activity = 'visit')"]);
    home.ok(&[
        "kpis",
        "save",
        "hours_each",
        "sum(activities.hours) / count(activities where hours is not null)",
        "--missing",
        "zero",
    ]);
    home.ok(&["kpis", "save", "costs_to_serve", "sum(costs.amount)"]);
    home.ok(&["kpis", "save", "reached", "count(distinct activities.account) / count(accounts)", "--missing", "zero"]);
    let kpis = "visits,hours_each,costs_to_serve,reached";
    let ask = |by: &str, period: &str, more: &[&str]| {
        let arguments = [&["metrics", "--kpi", kpis, "--by", by, "--period", period, "--format", "csv"], more].concat();
        rows(&home.ok(&arguments), if by == "manager" { 2 } else { 1 })
    };
    let expect = |found: BTreeMap<String, Vec<String>>, expected: &[(&str, [&str; 4])]| {
        let expected: BTreeMap<String, Vec<String>> =
            expected.iter().map(|(key, cells)| ((*key).to_owned(), cells.map(str::to_owned).to_vec())).collect();
        assert_eq!(found, expected);
    };
    // What somebody did stays his; what nobody is named for is the owner's: of P3 the one with the greater part.
    // On the last day P1 and P3 are S2's, and P2 is: S1 has no account on the list.
    let s1 = ["3", "0.916667", "40", ""];
    expect(ask("manager", "2025", &[]), &[("S1,Sari", s1), ("S2,Budi", ["1", "2", "7", "0.6666666666666666"])]);
    // Costs go with the account under the other rules.
    let then = ask("manager", "2025", &["--credit", "then"]);
    expect(then, &[("S1,Sari", ["3", "0.916667", "10", ""]), ("S2,Budi", ["1", "2", "37", "0.6666666666666666"])]);
    let now = ask("manager", "2025", &["--credit", "now"]);
    expect(now, &[("S1,Sari", ["3", "0.916667", "0", ""]), ("S2,Budi", ["1", "2", "47", "0.6666666666666666"])]);
    // An alias is the account that it is said to be, with its region.
    expect(ask("region", "2025", &[]), &[("Barat", ["3", "0.916667", "40", "1"]), ("Timur", ["1", "2", "7", "1"])]);
    let west = ask("region", "2025-01..2025-01", &["--where", "region = 'Barat' and account_name like '%satu'"]);
    expect(west, &[("Barat", ["2", "1.25", "10", "1"])]);
    // The months of a condition, and a supervisor through his managers.
    let january = ask("supervisor", "2025", &["--where", "month = '2025-01'"]);
    assert_eq!(january["Tono"][1..3], ["3", "1.5"], "{january:?}");
}

/// Every column that an expression may name is there, with aliases, owners and rates to be joined, and foreign money is
/// converted; what has no rate does not add up.
#[test]
fn every_column_of_every_fact_can_be_read() {
    let home = Home::new();
    by_hand(&home);
    home.import(
        "rates",
        &home.file(
            "kurs.csv",
            "Mata Uang,Tanggal,Kurs,Dalam Mata Uang\nUSD,2025-01-01,16000,IDR\nUSD,2025-01-20,17000,IDR\n",
        ),
        &[],
    );
    for table in FACT_TABLES {
        let distinct: Vec<String> =
            table.columns.iter().map(|column| format!("count(distinct {}.{})", table.name, column.name)).collect();
        let dimensions: Vec<&str> = table.dimensions.iter().map(|dimension| dimension.id()).collect();
        home.ok(&["kpis", "save", "all_columns", &distinct.join(" + "), "--period-rule", "ratio"]);
        home.ok(&["metrics", "--kpi", "all_columns", "--by", &dimensions.join(","), "--credit", "then"]);
        // Each number by itself a share, so that those of different kinds can stand in one expression.
        let is_number = |column: &&FactColumn| matches!(column.holds, Holds::Number(_));
        let numbers: Vec<String> = table
            .columns
            .iter()
            .filter(is_number)
            .map(|column| {
                let (name, column) = (format!("{}.{}", table.name, column.name), column.name);
                format!("max({name} where {column} > 0 or {column} is null) / min({name}) + avg({name}) / sum({name})")
            })
            .collect();
        if !numbers.is_empty() {
            home.ok(&["kpis", "try", &numbers.join(" + ")]);
        }
    }
    let receivables = "invoice_no,account_id,due,balance,currency\nF1,P1,2025-01-10,10,USD\nF2,P1,2025-01-22,1,USD\nF3,P2,2025-01-22,5,IDR\nF4,P2,2025-01-23,2,\nF5,P3,2025-01-24,2,SGD\nF6,P3,2025-01-24,2,IDR\n";
    assert_eq!(home.import("receivables", &home.file("piutang.csv", receivables), &[])["added"], 6);
    home.ok(&["kpis", "save", "owed", "sum(receivables.balance)"]);
    let found = home.ok(&["metrics", "--kpi", "owed", "--by", "account", "--period", "2025-01", "--format", "csv"]);
    assert_eq!(
        rows(&found, 1).into_values().map(|cells| cells[1].clone()).collect::<Vec<_>>(),
        ["177000", "7", ""],
        "{found}"
    );
}

/// Scorecards go on whatever is done to own KPIs: what they weigh stays, and can be told by manager.
#[test]
fn what_is_weighed_stays() {
    let home = Home::new();
    by_hand(&home);
    home.ok(&["kpis", "save", "visits", "count(activities where activity = 'visit')", "--direction", "higher"]);
    home.ok(&["kpis", "save", "on_hand", "sum(stock.quantity)", "--direction", "lower"]);
    let weights = |kpi: &str| {
        let none = json!({"weight": 0, "kpis": []});
        let quantity = json!({"weight": 100, "kpis": [{"kpi": kpi, "weight": 100}]});
        let all = json!({"version": 1, "quantity": quantity, "process": none, "communication": none});
        home.file("bobot.json", all.to_string()).to_str().expect("text").to_owned()
    };
    let says = |arguments: &[&str], text: &str| {
        let said = home.refused(arguments);
        assert!(said.contains(text), "{arguments:?}: {said}");
    };
    says(&["scorecard", "weights", "--set", &weights("on_hand")], "know no manager");
    for weighed in ["visits_attainment", "visits"] {
        home.ok(&["scorecard", "weights", "--set", &weights(weighed), "--as", "Siti"]);
        says(&["kpis", "remove", "visits"], "counts in the scorecards: weights own version");
        says(&["kpis", "save", "visits", "sum(stock.quantity)", "--direction", "higher"], "know no manager");
        home.ok(&["scorecard", "2025-01"]);
    }
    home.ok(&["kpis", "remove", "on_hand"]);
    home.ok(&["scorecard", "weights", "--set", &weights("net_sales"), "--as", "Siti"]);
    home.ok(&["kpis", "remove", "visits"]);
}

#[test]
fn what_cannot_be_is_said_plainly() {
    let home = Home::new();
    by_hand(&home);
    home.ok(&["kpis", "save", "visits", "count(activities where activity = 'visit')"]);
    let says = |arguments: &[&str], text: &str| {
        let said = home.refused(arguments);
        assert!(said.contains(text), "{arguments:?}: {said}");
        assert!(!said.contains("SELECT") && !said.contains("panicked"), "{said}");
    };
    says(&["metrics", "--kpi", "visits", "--by", "product"], "reads activities, which does not know the product");
    says(&["metrics", "--kpi", "visits", "--where", "product = 'B1'"], "does not know the product");
    says(&["metrics", "--kpi", "vists"], "did you mean \"visits\"?");
    says(&["kpis", "try", "count(activity)"], "did you mean \"activities\"?");
    says(&["kpis", "try", "sum(sales.net_amount) + count(sales)"], "character 25: money plus a count means nothing");
    says(&["kpis", "save", "net_sales", "count(sales)"], "is a built-in KPI");
    says(&["kpis", "save", "x", "count(sales)", "--unit", "money"], "its unit can be: count, number");
    says(
        &["kpis", "save", "x", "net_sales", "--check", "sum(sales.net_amount where account <> 'P2')"],
        "other figures in 1 rows",
    );
    for ending in ["_target", "_attainment", "_target_coverage"] {
        let id = format!("units{ending}");
        says(&["kpis", "save", &id, "count(sales)"], &format!("ends in {ending}, which means the KPI \"units\""));
    }
    says(&["kpis", "remove", "orders"], "cannot be changed or removed");
    says(&["kpis", "history", "gone"], "there is no own KPI named \"gone\"");
    says(&["packs", "use", "mining"], "there are: distribution, b2b_services");
    // Words that look like SQL are words.
    let net = home.net();
    for evil in ["'); DROP TABLE lines; --", "x' OR '1'='1", "\\", "%", "${x}", "\" UNION ALL"] {
        let quoted = evil.replace('\'', "''");
        let tried =
            home.ok(&["kpis", "try", &format!("count(sales where account = '{quoted}' or currency like '{quoted}x')")]);
        assert!(tried.contains("In all: 0") || evil == "%", "{evil}: {tried}");
        says(&["kpis", "try", evil], "expression");
        says(&["kpis", "save", evil, "count(sales)"], "");
        home.ok(&["kpis", "save", "named", "count(sales)", "--name-en", evil, "--name-id", evil]);
        let csv =
            home.ok(&["metrics", "--kpi", "named", "--where", &format!("account = '{quoted}'"), "--format", "csv"]);
        assert_eq!(csv, "named\n0\n", "{evil}");
    }
    assert_eq!(home.net(), net);
    let deep = "(".repeat(900);
    says(&["kpis", "try", &deep], "too many nested brackets");
    says(&["kpis", "try", &"1+".repeat(2_000)], "too long");
}

/// Versions are kept, and the page's routes do the same as the command.
#[test]
fn versions_stay_and_the_api_answers() {
    let home = Home::new();
    by_hand(&home);
    let server = Server::start(&home);
    let post = |path: &str, body: &Value| {
        let (status, text) =
            server.ask("POST", path, "Accept-Language: en\r\nContent-Type: application/json\r\n", &body.to_string());
        (status, serde_json::from_str::<Value>(&text).unwrap_or_else(|_| panic!("{text}")))
    };
    let definition = |expression: &str| json!({"id": "visits", "name": {"id": "Kunjungan", "en": "Visits"}, "expression": expression, "direction": "higher"});
    let (status, tried) = post("/api/kpis/try", &definition("count(activities where activity = 'visit')"));
    assert_eq!((status, &tried["window"], &tried["whole"]), (200, &"2025-02".into(), &1.into()), "{tried}");
    assert_eq!(tried["table"]["rows"][0]["visits"], 1);
    assert_eq!(
        (&tried["rows_behind"][0]["total"], &tried["rows_behind"][0]["rows"][0]["file"]),
        (&1.into(), &"activities.csv".into())
    );
    let (status, wrong) = post("/api/kpis/try", &definition("count(activities where kind = 'visit')"));
    assert_eq!((status, wrong["error"]["position"].as_u64()), (422, Some(24)), "{wrong}");
    let (status, _) = post("/api/kpis", &json!({"id": "visits", "expression": "count(sales)", "sql": "DROP"}));
    assert_eq!(status, 422, "what a definition does not know is refused");

    let first = post("/api/kpis", &definition("count(activities where activity = 'visit')"));
    assert_eq!((first.0, &first.1["version"]), (200, &1.into()));
    let same = post("/api/kpis", &definition("count(activities where activity = 'visit')"));
    assert_eq!(same.1["version"], 1, "the same again is no new version");
    let second = post("/api/kpis", &definition("count(activities where activity in ('visit', 'meeting'))"));
    assert_eq!(second.1["version"], 2);
    let table = server.json("/api/metrics?kpi=visits,net_sales&by=manager&period=2025&sort=-visits");
    assert_eq!((&table["rows"][0]["manager"], &table["rows"][0]["visits"]), (&"S1".into(), &3.into()));
    assert!(
        server.json("/api/kpis").as_array().expect("all").iter().any(|kpi| kpi["id"] == "visits" && kpi["own"] == true)
    );
    assert_eq!(
        server.json("/api/kpis/visits")["expression"],
        "count(activities where activity in ('visit', 'meeting'))"
    );

    let (status, _) = server.ask("DELETE", "/api/kpis/visits", "", "");
    assert_eq!(status, 200);
    let (status, _) = server.ask("DELETE", "/api/kpis/visits", "", "");
    assert_eq!(status, 404);
    let (status, _) = server.ask("GET", "/api/metrics?kpi=visits", "", "");
    assert_eq!(status, 422);
    let versions = server.json("/api/kpis/visits/history");
    let expressions: Vec<Option<&str>> =
        versions.as_array().expect("versions").iter().map(|one| one["definition"]["expression"].as_str()).collect();
    assert_eq!(expressions.len(), 3);
    assert_eq!(expressions[0], None, "removed");
    assert_eq!(expressions[2], Some("count(activities where activity = 'visit')"));

    // A pack leaves alone what says something else here.
    post("/api/kpis", &json!({"id": "win_rate", "expression": "count(offers where state = 'won') / count(offers)"}));
    let (status, used) = post("/api/packs/b2b_services/use", &json!({}));
    assert_eq!((status, &used["kept"]), (200, &json!(["win_rate"])), "{used}");
    assert_eq!(server.json("/api/packs")["in_use"]["id"], "b2b_services");
    let (_, used) = post("/api/packs/b2b_services/use?replace=true", &json!({}));
    assert_eq!(used["kept"], json!([]));
    assert_eq!(server.json("/api/kpis/win_rate")["version"], 2);
}

/// Every KPI of every pack answers on the simulated company; where it has the facts, with figures.
#[test]
fn every_pack_runs_on_the_simulated_company() {
    let home = Home::new();
    let data = home.path().join("data");
    home.ok(&["simulate", "--lines", "20000", "--seed", "5", "--out", data.to_str().expect("text")]);
    for (kind, file, options) in [
        ("managers", "sales", &[][..]),
        ("accounts", "pelanggan", &[]),
        ("products", "barang", &[]),
        ("targets", "target", &[]),
        ("sales", "penjualan", &[]),
        ("activities", "aktivitas", &[]),
        (
            "offers",
            "penawaran",
            &["--map", "stage=hasil", "--map", "opened=tanggal_kirim", "--map", "closed=tanggal_putus"],
        ),
        ("feedback", "umpan_balik", &[]),
    ] {
        home.import(kind, &data.join(format!("{file}.csv")), options);
    }
    let packs = home.json(&["packs", "list", "--format", "json"]);
    let mut answered = std::collections::BTreeSet::new();
    for pack in packs.as_array().expect("packs") {
        let id = pack["id"].as_str().expect("an id");
        home.ok(&["packs", "use", id]);
        let groups = pack["weights"]["groups"].as_array().expect("groups");
        let of_sales = groups.iter().filter(|group| group["group"] == "quantity");
        let weighed = of_sales.flat_map(|group| group["kpis"].as_array().expect("KPIs"));
        let own = pack["kpis"].as_array().expect("KPIs").iter().map(|kpi| &kpi["id"]);
        let mut kpis: Vec<&str> =
            weighed.map(|one| &one["kpi"]).chain(own).map(|id| id.as_str().expect("an id")).collect();
        kpis.sort_unstable();
        kpis.dedup();
        let table = home.json(&[
            "metrics",
            "--kpi",
            &kpis.join(","),
            "--by",
            "manager",
            "--period",
            "2025",
            "--format",
            "json",
        ]);
        let rows = table["rows"].as_array().expect("rows");
        assert!(rows.len() >= 3, "{id}: {table}");
        let card = home.json(&["scorecard", "2025", "--format", "json"]).to_string();
        for one in groups.iter().flat_map(|group| group["kpis"].as_array().expect("KPIs")) {
            assert!(
                one["name"] != one["kpi"] && card.contains(&format!("\"{}\"", one["kpi"].as_str().expect("an id"))),
                "{id}: {one}"
            );
        }
        for kpi in kpis {
            if rows.iter().any(|row| !row[kpi].is_null()) {
                answered.insert(kpi.to_owned());
            }
        }
    }
    for kpi in
        ["effective_calls", "lines_per_order", "win_rate", "days_to_win", "deal_size", "cartons", "products_sold"]
    {
        assert!(answered.contains(kpi), "{kpi} has figures: {answered:?}");
    }
}

/// The offers of a CRM: won 4,238 of 6,711 decided, as its description says.
#[test]
fn win_rate_of_a_crm() {
    let Some(offers) = shared("maven_crm/sales_pipeline.csv") else { return };
    let home = Home::new();
    home.import("offers", &offers, &[]);
    let sales =
        "no_faktur,tanggal,kode_pelanggan,kode_sales,jumlah,netto\nF1,2016-10-01,X,X,1,1\nF2,2017-12-31,X,X,1,1\n";
    home.import("sales", &home.file("jual.csv", sales), &[]);
    home.ok(&["packs", "use", "b2b_services"]);
    let table =
        home.json(&["metrics", "--kpi", "win_rate,deal_size", "--period", "2016-10..2017-12", "--format", "json"]);
    let row = &table["rows"][0];
    let rate = row["win_rate"].as_f64().expect("a rate");
    assert!((rate - 4_238.0 / 6_711.0).abs() < 1e-12, "{row}");
    assert_eq!(row["deal_size"].to_string(), "2360.9094", "10,005,534 over 4,238, rounded once");
}

/// Of fewer than five cases no card tells a figure, be it the best of all; of enough it comes with its interval.
#[test]
fn a_handful_of_cases_is_no_figure_on_a_card() {
    let home = Home::new();
    let mut sales = "no_faktur,tanggal,kode_pelanggan,kode_sales,jumlah,netto\n".to_owned();
    let mut offers = "no_penawaran,kode_sales,tanggal_kirim,tanggal_putus,hasil,nilai\n".to_owned();
    for manager in 1..=6 {
        sales += &format!("F{manager},2025-05-20,C{manager},S{manager},1,1000\n");
        // S6 won all three; the others `manager` of ten. S2 wrote down the worth of four of them only.
        let (decided, won) = if manager == 6 { (3, 3) } else { (10, manager) };
        for offer in 1..=decided {
            let state = if offer <= won { "menang" } else { "kalah" };
            let worth = if manager == 2 && offer > 4 { String::new() } else { format!("{}00", offer * 10) };
            offers += &format!("P{manager}{offer},S{manager},2025-05-02,2025-05-12,{state},{worth}\n");
        }
    }
    home.import("sales", &home.file("penjualan.csv", sales), &[]);
    home.import("offers", &home.file("penawaran.csv", offers), &[]);
    let decided = "count(offers where state in ('won', 'lost') on closed)";
    for (id, expression, unit) in [
        ("won_share", format!("count(offers where state = 'won' on closed) / {decided}"), "share"),
        ("worth", "avg(offers.amount)".to_owned(), "money"),
    ] {
        home.ok(&["kpis", "save", id, &expression, "--unit", unit, "--direction", "higher"]);
    }
    let mut weights = home.json(&["scorecard", "weights"]);
    weights["process"]["kpis"] = json!([{ "kpi": "won_share", "weight": 50 }, { "kpi": "worth", "weight": 50 }]);
    let file = home.file("bobot.json", weights.to_string());
    home.json(&["scorecard", "weights", "--set", file.to_str().expect("text")]);

    let cards = home.json(&["scorecard", "2025-05", "--lang", "en", "--format", "json"]);
    let place = |id: &str| cards["kpis"].as_array().expect("kpis").iter().position(|kpi| kpi["id"] == id).expect(id);
    let part = |manager: &str, kpi: &str| {
        let all = cards["managers"].as_array().expect("managers").iter();
        all.clone().find(|one| one["id"] == manager).expect("the manager")["parts"][place(kpi)].clone()
    };
    let few = part("S6", "won_share");
    assert_eq!((&few["value"], &few["points"], &few["n"]), (&Value::Null, &Value::Null, &3.into()), "{few}");
    assert_eq!(few["reason"], "too few to judge; at least 5 are needed");
    // Wilson, 4 of 10: .168 to .687.
    let enough = part("S4", "won_share");
    assert_eq!((&enough["value"], &enough["n"]), (&0.4.into(), &10.into()), "{enough}");
    assert!((enough["low"].as_f64().expect("an end") - 0.1682).abs() < 1e-4, "{enough}");
    assert!((enough["high"].as_f64().expect("an end") - 0.6873).abs() < 1e-4, "{enough}");
    // Four of the ten have a worth: the mean rests on those.
    let (few, enough) = (part("S2", "worth"), part("S3", "worth"));
    assert_eq!((&few["value"], &few["n"]), (&Value::Null, &4.into()), "{few}");
    assert_eq!(
        (enough["value"].to_string(), &enough["n"], &enough["low"]),
        ("5500.0".to_owned(), &10.into(), &Value::Null)
    );
    // Who has too few does not set what the others are held against.
    let median = &cards["kpis"][place("won_share")]["median"];
    assert_eq!(median, &0.3, "the median of 1 to 5 of ten");
}
