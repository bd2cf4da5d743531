//! Opportunities of a simulated company whose truth is known: what is found, in which order, dismissed and taken back, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    rights::{bearer, company, person},
    serve::Server,
    support::Home,
};

/// Imports a simulated company with all that opportunities are found in.
pub fn simulated(lines: &str, shuffle: bool) -> (Home, Value) {
    let home = Home::new();
    let folder = home.path().join("company");
    home.ok(&["simulate", "--lines", lines, "--seed", "11", "--out", folder.to_str().expect("text")]);
    if shuffle {
        let file = folder.join("penjualan.csv");
        let text = std::fs::read_to_string(&file).expect("text");
        let mut rows: Vec<&str> = text.lines().skip(1).collect();
        rows.reverse();
        let half = rows.len() / 2;
        rows.rotate_left(half);
        let head = text.lines().next().expect("a header");
        std::fs::write(&file, format!("{head}\n{}\n", rows.join("\n"))).expect("written");
    }
    for (kind, file) in [
        ("accounts", "pelanggan"),
        ("products", "barang"),
        ("managers", "sales"),
        ("ownership", "kepemilikan"),
        ("activities", "aktivitas"),
        ("offers", "penawaran"),
        ("stock", "ketersediaan"),
        ("sales", "penjualan"),
    ] {
        home.import(kind, &folder.join(format!("{file}.csv")), &[]);
    }
    let truth = std::fs::read(folder.join("truth.json")).expect("the truth");
    (home, serde_json::from_slice(&truth).expect("JSON"))
}

fn list(home: &Home, more: &[&str]) -> Value {
    home.json(&[&["opportunities", "--format", "json", "--limit", "1000"], more].concat())
}

fn rows(of: &Value) -> &Vec<Value> {
    of["rows"].as_array().expect("rows")
}

fn kind<'a>(of: &'a Value, id: &str) -> &'a Value {
    of["kinds"].as_array().expect("kinds").iter().find(|kind| kind["id"] == id).expect("every kind")
}

fn accounts(of: &Value) -> Vec<&str> {
    rows(of).iter().filter_map(|row| row["account"]["id"].as_str()).collect()
}

/// A dollar and a rupiah do not add up: nothing is told until rates are there.
#[test]
fn several_currencies_without_rates_are_refused() {
    let home = company();
    let rows = "no_faktur,no_baris,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto,mata_uang\n\
        D1,1,2025-10-10,P1,S1,B-P1,1,100,USD\nD2,1,2025-10-11,P2,S2,B-P2,1,1000,IDR\n";
    home.import("sales", &home.file("dolar.csv", rows), &[]);
    assert!(home.refused(&["opportunities"]).contains("takar import rates"));
    let rates = "mata uang,periode,kurs,dalam mata uang\nUSD,2025-10,16000,IDR\n";
    home.import("rates", &home.file("kurs.csv", rates), &[]);
    assert!(home.ok(&["opportunities"]).contains("year"));
}

#[test]
fn what_was_simulated_is_found_and_always_in_the_same_order() {
    let (home, truth) = simulated("150000", false);
    let found = list(&home, &[]);
    assert_eq!(found["measure"], "margin");
    // What is not imported is said, with what to do.
    for (id, what) in [("lead", "prospects"), ("cost", "costs")] {
        let told = kind(&found, id);
        assert!(told["looked"] == false && told["why_not"].as_str().is_some_and(|why| why.contains(what)), "{told}");
    }
    let per_hour: Vec<f64> = rows(&found).iter().map(|row| row["per_hour"].as_f64().expect("a number")).collect();
    assert!(per_hour.is_sorted_by(|one, other| one >= other));
    for row in rows(&found) {
        let (low, worth, high) = (&row["worth_low"], &row["worth"], &row["worth_high"]);
        assert!(low.as_f64() <= worth.as_f64() && worth.as_f64() <= high.as_f64(), "{row}");
        assert!(row["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()), "{row}");
    }
    // The rows behind are where it says.
    let command = rows(&found)[0]["evidence"]["command"].as_str().expect("a command").to_owned();
    let arguments: Vec<String> = command.split(' ').skip(1).map(|word| word.replace('\'', "")).collect();
    assert!(home.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).lines().count() > 2, "{command}");

    // Most of those called overdue were really lost or were fading; of all accounts few were.
    let lost: BTreeMap<&str, bool> = truth["accounts"]
        .as_array()
        .expect("accounts")
        .iter()
        .filter_map(|account| Some((account["account"].as_str()?, !account["lost"].is_null())))
        .collect();
    let overdue = list(&home, &["--kind", "overdue"]);
    let late = accounts(&overdue);
    let really = late.iter().filter(|id| lost.get(**id) == Some(&true)).count();
    eprintln!(
        "overdue: {really} of {} really lost, of all {}",
        late.len(),
        lost.values().filter(|lost| **lost).count()
    );
    assert!(late.len() >= 5 && really * 4 >= late.len() * 3, "{really} of {}", late.len());
    // Who was found to be gone was.
    let gone = list(&home, &["--kind", "win_back"]);
    assert!(!accounts(&gone).is_empty());
    let really = accounts(&gone).iter().filter(|id| lost.get(**id) == Some(&true)).count();
    assert!(really * 10 >= accounts(&gone).len() * 9, "{really} of {}", accounts(&gone).len());
    // Accounts whose discount creeps up are told for their price far more often than others.
    let price = list(&home, &["--kind", "price"]);
    let told: BTreeSet<&str> = accounts(&price).into_iter().collect();
    let eroded: BTreeSet<&str> = truth["price_erosion"]
        .as_array()
        .expect("accounts")
        .iter()
        .filter(|one| one["since"].as_str().is_some_and(|since| since < "2025-01"))
        .filter_map(|one| one["account"].as_str())
        .collect();
    let share = |of: &dyn Fn(&str) -> bool| {
        let all: Vec<&&str> = lost.iter().filter(|(id, lost)| !**lost && of(id)).map(|(id, _)| id).collect();
        all.iter().filter(|id| told.contains(**id)).count() as f64 / all.len().max(1) as f64
    };
    let (of_eroded, of_others) = (share(&|id| eroded.contains(id)), share(&|id| !eroded.contains(id)));
    eprintln!("price: {of_eroded:.2} of those that eroded, {of_others:.2} of the others");
    assert!(of_eroded > 2.0 * of_others, "{of_eroded} {of_others}");
    let stock = list(&home, &["--kind", "stock_out"]);
    assert!(rows(&stock).iter().all(|row| row["of_manager"] == false) && !rows(&stock).is_empty());

    // The same twice; rows in another order; by the server.
    assert_eq!(home.ok(&["opportunities", "--limit", "500"]), home.ok(&["opportunities", "--limit", "500"]));
    let (other, _) = simulated("150000", true);
    assert_eq!(found, list(&other, &[]));
    let server = Server::start(&home);
    assert_eq!(found, server.json("/api/opportunities?limit=1000"));

    // Ten hours of a manager: no account twice, no more than there are.
    let manager = rows(&found)[0]["manager"]["id"].as_str().expect("a manager");
    let own = server.json(&format!("/api/opportunities?manager={manager}&hours=6"));
    let plan = &own["hours"][0];
    assert!(plan["hours"].as_f64().is_some_and(|hours| hours > 0.0 && hours <= 6.0), "{plan}");
    let mut of: Vec<&str> =
        plan["rows"].as_array().expect("rows").iter().filter_map(|row| row["account"]["id"].as_str()).collect();
    let all = of.len();
    of.sort_unstable();
    of.dedup();
    assert!(all > 0 && of.len() == all && rows(&own).iter().all(|row| row["manager"]["id"] == manager));
    assert!(home.refused(&["opportunities", "--kind", "luck"]).contains("win_back"));
    assert!(home.refused(&["opportunities", "--hours", "0"]).contains("above 0"));
    assert!(home.refused(&["opportunities", "--manager", "nobody"]).contains("nobody"));
}

#[test]
fn dismissed_with_a_reason_and_taken_back() {
    let (home, _) = simulated("20000", false);
    let found = list(&home, &[]);
    let first = rows(&found)[0]["key"].as_str().expect("a key").to_owned();
    let of_kind = rows(&found)[0]["kind"].as_str().expect("a kind").to_owned();
    let said = home.refused(&["opportunities", "dismiss", &first, "--reason", "boring"]);
    assert!(said.contains("wrong, small, account, done, later, other"), "{said}");
    assert!(home.refused(&["opportunities", "dismiss", &first, "--reason", "other"]).contains("--note"));
    assert!(home.refused(&["opportunities", "dismiss", "overdue:nobody", "--reason", "wrong"]).contains("nobody"));
    assert!(home.refused(&["opportunities", "restore", &first]).contains(&first));
    let server = Server::start(&home);
    assert_eq!(found, server.json("/api/opportunities?limit=1000"));

    home.ok(&["opportunities", "dismiss", &first, "--reason", "wrong", "--note", "stocktaking", "--as", "Siti"]);
    let after = server.json("/api/opportunities?limit=1000");
    assert_eq!(after, list(&home, &[]), "what the server keeps follows");
    assert!(rows(&after).iter().all(|row| row["key"] != *first) && after["dismissed"] == 1);
    assert!(kind(&after, &of_kind)["lowered"].as_f64().is_some_and(|share| share < 1.0));
    assert!(kind(&after, &of_kind)["chance"]["value"].as_f64() < kind(&found, &of_kind)["chance"]["value"].as_f64());
    let hidden = list(&home, &["--dismissed"]);
    assert_eq!(rows(&hidden)[0]["dismissed"]["note"], "stocktaking");
    assert_eq!(rows(&hidden)[0]["dismissed"]["by"], "Siti");
    assert!(home.ok(&["decisions"]).contains("opportunity dismissed"));

    let body = json!({ "key": first }).to_string();
    let (status, answer) =
        server.ask("POST", "/api/opportunities/restore", "Content-Type: application/json\r\n", &body);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(found, list(&home, &[]), "as if it had never been dismissed");
}

#[test]
fn everybody_sees_and_dismisses_the_own_only() {
    let home = company();
    let tokens: BTreeMap<&str, String> =
        [("owner", None), ("lead", Some("L1")), ("account_manager", Some("S1")), ("reader", Some("L1"))]
            .into_iter()
            .map(|(role, manager)| (role, person(&home, role, role, manager)))
            .collect();
    let server = Server::start(&home);
    let ask = |role: &str| -> Value {
        let (status, text) = server.ask("GET", "/api/opportunities?limit=1000", &bearer(&tokens[role]), "");
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).expect("JSON")
    };
    let managers = |role: &str| -> BTreeSet<String> {
        let all = ask(role);
        rows(&all).iter().filter_map(|row| row["manager"]["id"].as_str().map(str::to_owned)).collect()
    };
    assert!(managers("owner").contains("S9"), "{:?}", managers("owner"));
    assert!(managers("lead").is_subset(&["S1", "S2"].map(str::to_owned).into_iter().collect()));
    assert_eq!(managers("account_manager"), BTreeSet::from(["S1".to_owned()]));
    let dismiss = |role: &str, key: &str| {
        let headers = format!("Content-Type: application/json\r\n{}", bearer(&tokens[role]));
        server.ask("POST", "/api/opportunities/dismiss", &headers, &json!({ "key": key, "reason": "done" }).to_string())
    };
    let (own, others) = ("lead:Q1", "lead:Q9");
    assert_eq!(dismiss("reader", own).0, 403);
    assert_eq!(
        dismiss("account_manager", others).0,
        404,
        "of a colleague's not even that is told, whether it is there"
    );
    assert_eq!(dismiss("account_manager", own).0, 200);
    assert_eq!(ask("lead")["dismissed"], 1);

    // Handed over, it is the successor's to take back.
    let successor = person(&home, "budi", "account_manager", Some("S2"));
    let handed = "kode_prospek,nama_prospek,kode_sales,tahap\nQ1,Calon,S2,baru\n";
    let file = home.file("serah.csv", handed);
    let mut import = home.command(&["import", "prospects", file.to_str().expect("text")]);
    let output = import.env("TAKAR_TOKEN", &tokens["owner"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let restore = |token: &str| {
        let headers = format!("Content-Type: application/json\r\n{}", bearer(token));
        server.ask("POST", "/api/opportunities/restore", &headers, &json!({ "key": own }).to_string()).0
    };
    assert_eq!((restore(&tokens["account_manager"]), restore(&successor)), (404, 200));
    assert_eq!(ask("lead")["dismissed"], 0);
}
