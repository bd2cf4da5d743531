//! Targets from the suggestion to the fact: by command and API, once and twice, taken back, and over a kill.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{serve::Server, support::Home};

const JSON: &str = "Accept-Language: id\r\nContent-Type: application/json\r\n";

/// Two managers over 48 months up to October 2026, with a season; a target from a file in a stream of its own.
fn home() -> Home {
    let home = Home::new();
    let mut text = "invoice_no,date,account_id,account_name,manager_id,manager_name,net_amount,quantity\n".to_owned();
    for month in 0..48_u32 {
        let (year, number) = (2022 + (month + 10) / 12, (month + 10) % 12 + 1);
        for manager in 1..=2_u32 {
            for account in 1..=2_u32 {
                let season = [90, 95, 100, 100, 105, 110, 100, 95, 100, 105, 110, 90][number as usize - 1];
                let wave = (month * 7_919 + manager * 104_729 + account * 13) % 21;
                let net = (season * 10 + wave * 8) * 100 * manager;
                writeln!(
                    text,
                    "F{month}-{manager}-{account},{year}-{number:02}-28,C{manager}{account},Toko {manager}{account},S{manager},\
                     Sales {manager},{net},{}",
                    net / 1_000
                )
                .expect("text");
            }
        }
    }
    let file = home.file("sales.csv", text);
    home.import("sales", &file, &[]);
    let file = home.file("targets.csv", "manager_id,period,value\nS1,2026-11,200000\n");
    home.import("targets", &file, &["--source", "rencana"]);
    home
}

fn target_of(home: &Home, manager: &str, period: &str) -> Value {
    let filter = format!("manager = '{manager}'");
    let asked =
        ["metrics", "--kpi", "target", "--by", "manager", "--period", period, "--where", &filter, "--format", "json"];
    home.json(&asked)["rows"][0]["target"].clone()
}

#[test]
fn a_suggestion_becomes_a_draft_and_a_fact_exactly_once() {
    let home = home();
    let found = home.json(&["targets", "suggest", "--period", "2027", "--ambition", "70", "--format", "json"]);
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 2, "{found}");
    for row in rows {
        let amount = row["suggested"]["amount"].as_f64().expect("an amount");
        let months: f64 =
            row["months"].as_array().expect("months").iter().map(|month| month["value"].as_f64().unwrap_or(0.0)).sum();
        assert_eq!(amount, months, "{row}");
        let chance = row["suggested"]["chance"]["value"].as_f64().expect("a chance");
        assert!((chance - 0.7).abs() < 0.08, "{row}");
        assert!(row["potential"].as_f64().is_some_and(|potential| potential > 0.0), "{row}");
    }
    // The same chance for the same figure before it is set.
    let amount = rows[0]["suggested"]["amount"].to_string();
    let odds = home.json(&["targets", "odds", "--period", "2027", "--of", "S2", &amount, "--format", "json"]);
    assert_eq!(odds["chance"], rows[0]["suggested"]["chance"], "{odds}");
    let text = home.ok(&["targets", "suggest", "--period", "2027", "--months", "--lang", "id"]);
    assert!(text.contains("Sales 2") && text.contains("2027-12") && text.contains("kemungkinan"), "{text}");

    // An own KPI is suggested as a built-in one is.
    home.ok(&["kpis", "save", "omset", "sum(sales.net_amount)"]);
    let own = home.json(&[
        "targets",
        "suggest",
        "--kpi",
        "omset",
        "--period",
        "2027",
        "--ambition",
        "70",
        "--format",
        "json",
    ]);
    assert_eq!(own["rows"][0]["suggested"], rows[0]["suggested"], "{own}");

    // Set by month, exactly; it does not count before it is approved.
    let set =
        ["targets", "set", "--period", "2027", "--phase", "--reason", "usulan", "--as", "Sari", "--format", "json"];
    let set = home.json(&[&set[..], &[&format!("S2={amount}")]].concat());
    let drafts = set["drafts"].as_array().expect("drafts");
    assert_eq!((drafts.len(), &target_of(&home, "S2", "2027")), (12, &Value::Null), "{set}");
    let ids: Vec<String> = drafts.iter().map(|draft| draft["id"].to_string()).collect();
    let mut approve = vec!["targets", "approve", "--reason", "wajar", "--as", "Yuni", "--format", "json"];
    approve.extend(ids.iter().map(String::as_str));
    let once = home.json(&approve);
    assert!(once.as_array().expect("drafts").iter().all(|draft| draft["state"] == "approved"), "{once}");
    assert_eq!(target_of(&home, "S2", "2027").to_string(), amount);
    let imports = home.json(&["imports", "--format", "json"]).as_array().expect("imports").len();
    // Sent again it changes nothing.
    assert_eq!(home.json(&approve), once);
    assert_eq!(home.json(&["imports", "--format", "json"]).as_array().expect("imports").len(), imports);

    // Taken back like any import, and the history says so.
    let import = once[0]["import"].to_string();
    home.ok(&["imports", "undo", &import]);
    assert_eq!(target_of(&home, "S2", "2027"), Value::Null);
    let history = home.json(&["targets", "history", "--manager", "S2", "--format", "json"]);
    assert!(history.as_array().expect("rows").iter().all(|row| row["is_undone"] == true), "{history}");
}

#[test]
fn a_change_keeps_the_old_beside_the_new_and_replaces_it() {
    let home = home();
    assert_eq!(target_of(&home, "S1", "2026-11"), 200_000);
    let set = |value: &str| {
        home.json(&[
            "targets",
            "set",
            "--period",
            "2026-11",
            "--reason",
            "revisi",
            &format!("S1={value}"),
            "--format",
            "json",
        ])
    };
    let draft = set("235,000")["drafts"][0].clone();
    assert_eq!(
        (&draft["before"], &draft["value"], &draft["state"]),
        (&"200000".into(), &"235000".into(), &"draft".into())
    );
    // The same again is the same draft; another figure takes its place.
    assert_eq!(set("235,000")["drafts"][0]["id"], draft["id"]);
    let other = set("236,000.5")["drafts"][0].clone();
    let refused = home.refused(&["targets", "approve", &draft["id"].to_string(), "--reason", "ok"]);
    assert!(refused.contains("replaced"), "{refused}");
    home.ok(&["targets", "approve", &other["id"].to_string(), "--reason", "ok"]);
    // The fact came in a stream of its own: it is replaced there, not doubled.
    assert_eq!(target_of(&home, "S1", "2026-11"), 236_000.5);
    assert_eq!(home.json(&["facts", "targets", "--format", "json"])["total"], 1);
    home.refused(&["targets", "reject", &other["id"].to_string(), "--reason", "terlambat"]);
    let third = set("240,000")["drafts"][0]["id"].to_string();
    home.ok(&["targets", "reject", &third, "--reason", "terlalu tinggi", "--as", "Yuni"]);
    let history = home.ok(&["targets", "history"]);
    for said in ["replaced", "approved", "rejected", "Yuni: terlalu tinggi", "236,000.5"] {
        assert!(history.contains(said), "{said} {history}");
    }
    assert!(home.refused(&["targets", "approve", "99", "--reason", "ok"]).contains("no target draft"));
}

#[test]
fn what_is_odd_needs_a_reason() {
    let home = home();
    let set = ["targets", "set", "--period", "2026-12", "--reason", "rencana"];
    for (value, said) in [("S1=2,200,000", "chance"), ("S1=0", "zero"), ("S1=9,000", "far from")] {
        let refused = home.refused(&[&set[..], &[value]].concat());
        assert!(refused.contains(said) && refused.contains("--confirm"), "{refused}");
    }
    assert!(home.ok(&["targets", "list"]).contains("None"));
    home.ok(&[&set[..], &["S1=2,200,000", "--confirm", "kontrak besar"]].concat());
    let list = home.ok(&["targets", "list"]);
    assert!(list.contains("kontrak besar") && list.contains("unlikely"), "{list}");
    for (arguments, said) in [
        (&["S1=besok"][..], "no number"),
        (&["S9=100,000"], "not known"),
        (&["100,000"], "whom"),
        (&["S1=100,000", "--by", "supervisor"], "region"),
    ] {
        let refused = home.refused(&[&set[..], arguments].concat());
        assert!(refused.contains(said), "{refused}");
    }
    let days = home.refused(&["targets", "set", "--period", "2026-12-03", "--reason", "x", "S1=100,000"]);
    assert!(days.contains("whole months"), "{days}");
    let blank = home.refused(&["targets", "set", "--period", "2026-12", "--reason", " ", "S1=200,000"]);
    assert!(blank.contains("say why"), "{blank}");
}

#[test]
fn the_page_reconciles_and_is_killed_in_the_middle() {
    let home = home();
    let server = Server::start(&home);
    let ask = |method: &str, path: &str, body: Value| {
        let (status, said) = server.ask(method, path, JSON, &body.to_string());
        (status, serde_json::from_str::<Value>(&said).unwrap_or(Value::String(said)))
    };
    // A block pasted from a spreadsheet, with a cell that is none.
    let typed = json!([
        {"id": "S1", "period": "2027-01", "text": "Rp 200.000"}, {"id": "S1", "period": "2027-02", "text": "210.000,50"},
        {"id": "S2", "period": "2027-01", "text": "besok"}, {"id": "S2", "period": "2027-02", "text": "4.000.000"},
    ]);
    let (status, grid) = ask("POST", "/api/targets/grid", json!({"period": "2027-Q1", "typed": typed}));
    assert_eq!(status, 200, "{grid}");
    let row = |grid: &Value, id: &str| {
        grid["rows"].as_array().expect("rows").iter().find(|row| row["id"] == id).expect("a member").clone()
    };
    assert_eq!(row(&grid, "S1")["total"], 410_000.5);
    assert_eq!(row(&grid, "S1")["cells"][0]["value"], 200_000);
    let chance = row(&grid, "S1")["cells"][0]["chance"].as_f64().expect("a chance");
    assert!((0.0..=1.0).contains(&chance), "{grid}");
    assert!(row(&grid, "S2")["cells"][0]["fault"].as_str().expect("a fault").contains("bukan angka"), "{grid}");
    assert!(row(&grid, "S2")["cells"][1]["doubts"][0].as_str().expect("a doubt").contains("kemungkinan"), "{grid}");
    assert_eq!((&grid["faults"], &grid["questioned"], &grid["top"]), (&1.into(), &1.into(), &Value::Null), "{grid}");
    assert_eq!(grid["sums"][0], 200_000);

    // The company's figure is handed down; the managers hand up less.
    let company =
        json!({"level": "company", "targets": [{"period": "2027-Q1", "value": "1.880.000"}], "reason": "rencana"});
    let (status, set) = ask("POST", "/api/targets/drafts", company);
    assert_eq!(status, 200, "{set}");
    let managers = json!({"targets": [
        {"id": "S1", "period": "2027-Q1", "value": "620000"}, {"id": "S2", "period": "2027-Q1", "value": "1240000"},
    ], "reason": "dari bawah", "phase": true});
    let (status, set) = ask("POST", "/api/targets/drafts", managers);
    assert_eq!((status, set["drafts"].as_array().map(Vec::len)), (200, Some(6)), "{set}");
    let (status, found) = ask("POST", "/api/targets/reconcile", json!({"period": "2027-Q1"}));
    assert_eq!(status, 200, "{found}");
    assert_eq!(
        (&found["top_total"], &found["up_total"], &found["gap_total"]),
        (&1_880_000.into(), &1_860_000.into(), &20_000.into())
    );
    let sum =
        |list: &Value| list.as_array().expect("a list").iter().map(|value| value.as_f64().unwrap_or(0.0)).sum::<f64>();
    let down: f64 = found["lines"].as_array().expect("lines").iter().map(|line| sum(&line["down"])).sum();
    assert_eq!((down, sum(&found["top"])), (1_880_000.0, 1_880_000.0));
    let (_, closed) =
        ask("POST", "/api/targets/reconcile", json!({"period": "2027-Q1", "accept": "scale", "reason": "disamakan"}));
    assert_eq!(closed["closed"]["drafts"].as_array().map(Vec::len), Some(6), "{closed}");
    let (_, found) = ask("POST", "/api/targets/reconcile", json!({"period": "2027-Q1"}));
    assert_eq!(found["gap_total"], 0, "{found}");
    let (_, grid) = ask("POST", "/api/targets/grid", json!({"period": "2027-Q1"}));
    assert_eq!(
        (&grid["gap_total"], &grid["top_total"], &grid["total"]),
        (&0.into(), &1_880_000.into(), &1_880_000.into())
    );

    // Approved twice at the same time: one fact each.
    let (_, waiting) = ask("GET", "/api/targets/drafts?state=draft&manager=S1", Value::Null);
    let ids: Vec<i64> =
        waiting.as_array().expect("drafts").iter().map(|row| row["id"].as_i64().expect("an id")).collect();
    assert_eq!(ids.len(), 3);
    let body = json!({"ids": ids, "reason": "setuju"});
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(ask("POST", "/api/targets/approve", body.clone()).0, 200));
        }
    });
    drop(server);
    assert_eq!(home.json(&["facts", "targets", "--manager", "S1", "--period", "2027", "--format", "json"])["total"], 3);
    let imports = home.json(&["imports", "--format", "json"]);
    let of_targets = imports.as_array().expect("imports").iter().filter(|row| row["kind"] == "targets").count();
    assert_eq!(of_targets, 2, "the file's and the approval's: {imports}");

    // A kill between the commit and its note: the draft is on its way, and arrives when the home is opened again.
    let database = home.path().join("home/state.db");
    let state = rusqlite::Connection::open(database).expect("the state opens");
    let all = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    state
        .execute(&format!("UPDATE target_drafts SET state = 'approving', import = NULL WHERE id IN ({all})"), [])
        .expect("as a kill leaves it");
    drop(state);
    let history = home.json(&["targets", "history", "--manager", "S1", "--format", "json"]);
    let arrived = history.as_array().expect("rows").iter().filter(|row| row["state"] == "approved").count();
    assert_eq!(arrived, 3, "{history}");
    assert_eq!(home.json(&["facts", "targets", "--manager", "S1", "--period", "2027", "--format", "json"])["total"], 3);
}

/// What a target tells apart is what its sales are counted by. Worked out by hand: 60 + 100 of P, 100 in Bandung and 100 in Jakarta,
/// 100 of traditional shops.
#[test]
fn products_segments_and_branches_have_targets_of_their_own() {
    let home = Home::new();
    let sales = "invoice_no,line_no,date,account_id,manager_id,branch,product_id,quantity,net_amount\n\
                 F1,1,2025-01-10,A,S1,Bandung,P,6,60\nF1,2,2025-01-10,A,S1,Bandung,Q,4,40\n\
                 F2,1,2025-01-12,B,S2,Jakarta,P,10,100\nF0,1,2024-12-31,A,S1,Bandung,P,1,10\nF3,1,2025-02-01,A,S1,Bandung,P,1,10\n";
    home.import("sales", &home.file("sales.csv", sales), &[]);
    home.import("accounts", &home.file("accounts.csv", "account_id,segment\nA,Modern\nB,Tradisional\n"), &[]);
    // A branch beside a manager is where that one works: the target is for all that S1 sells.
    let targets = "produk,cabang,segmen,sales,periode,target\nP,,,,2025-01,200\n,Bandung,,,2025-01,50\n\
                   ,,Tradisional,,2025-01,400\n,Jakarta,,S1,2025-01,200\n";
    let file = home.file("targets.csv", targets);
    home.import("targets", &file, &[]);
    home.import("targets", &file, &[]);
    let attained = |by: &str| -> Vec<(Value, Value, Value)> {
        let asked = ["metrics", "--kpi", "target,attainment", "--by", by, "--period", "2025-01", "--format", "json"];
        let rows = home.json(&asked)["rows"].as_array().expect("rows").clone();
        rows.into_iter().map(|row| (row[by].clone(), row["target"].clone(), row["attainment"].clone())).collect()
    };
    let none = |id: &str| (json!(id), Value::Null, Value::Null);
    assert_eq!(attained("product"), [(json!("P"), json!(200), json!(0.8)), none("Q")]);
    assert_eq!(attained("branch"), [(json!("Bandung"), json!(50), json!(2.0)), none("Jakarta")]);
    assert_eq!(attained("segment"), [none("Modern"), (json!("Tradisional"), json!(400), json!(0.25))]);
    assert_eq!(attained("manager"), [(json!("S1"), json!(200), json!(0.5)), none("S2")]);

    // For the same reason nobody can want a target of a branch of one manager.
    let of_one = ["targets", "set", "--by", "branch", "--manager", "S1", "--period", "2025-01", "--reason", "x"];
    assert!(home.refused(&[&of_one[..], &["Bandung=80"]].concat()).contains("without a manager"));

    // One that is wanted here becomes the same fact as one of a file, and replaces it.
    for (by, wanted) in [("branch", "Bandung=80"), ("product", "Q=50"), ("segment", "Modern=100")] {
        let set =
            ["targets", "set", "--by", by, "--period", "2025-01", "--reason", "rencana", "--confirm", "pendek", wanted];
        let drafts = home.json(&[&set[..], &["--format", "json"]].concat());
        home.ok(&["targets", "approve", &drafts["drafts"][0]["id"].to_string(), "--reason", "ok"]);
    }
    assert_eq!(attained("branch")[0], (json!("Bandung"), json!(80), json!(1.25)));
    assert_eq!(attained("product")[1], (json!("Q"), json!(50), json!(0.8)));
    assert_eq!(attained("segment")[0], (json!("Modern"), json!(100), json!(1.0)));
    assert_eq!(home.json(&["facts", "targets", "--format", "json"])["total"], 6);
    let history = home.ok(&["targets", "history"]);
    assert!(history.contains("Bandung") && history.contains("Modern"), "{history}");
}
