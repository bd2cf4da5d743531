//! Alerts through the real binary and server: raised once, lived through, seen by whom they concern, told by webhook and digest.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};

use crate::{
    outbox::{receiver, wait_for},
    post_office::PostOffice,
    rights::{bearer, company, person},
    serve::Server,
    support::Home,
};

/// Three years of five managers around 2,000; S2 sells `last` in December 2025.
fn sales(home: &Home, last: i64) {
    let mut rows = "no_faktur,tanggal,kode_pelanggan,kode_sales,nama_sales,kode_barang,jumlah,netto\n".to_owned();
    for month in 0..36 {
        for manager in 1..=5 {
            let turn = if (month + manager) % 2 == 0 { 100 } else { -100 };
            let net = if manager == 2 && month == 35 { last } else { 2_000 + turn };
            let (year, month) = (2023 + month / 12, month % 12 + 1);
            let day = if month == 12 { 31 } else { 28 };
            writeln!(
                rows,
                "F{year}{month:02}{manager},{year}-{month:02}-{day},P{manager},S{manager},Nama {manager},B1,1,{net}"
            )
            .expect("text");
        }
    }
    home.import("sales", &home.file("jual.csv", rows), &[]);
}

const BY_MANAGER: [&str; 4] = ["--kpi", "net_sales", "--by", "manager"];

fn alerts(home: &Home, state: &str) -> Vec<Value> {
    let all = home.json(&["alerts", "list", "--state", state, "--format", "json"]);
    all.as_array().expect("a list").clone()
}

/// 1,200 where 2,000 or so was sold every month: raised once, lived through, and gone by itself once the figure is put right.
#[test]
fn an_alert_is_raised_once_and_lived_through() {
    let home = Home::new();
    sales(&home, 1_200);
    let tried = home.json(&[&["alerts", "try", "--format", "json"], &BY_MANAGER[..]].concat());
    assert_eq!(
        (tried["past"].as_array().expect("a list").len(), &tried["past"][0]["member"]),
        (1, &json!("S2")),
        "{tried}"
    );
    assert!(home.ok(&["alerts"]).contains("No alerts"), "a trial keeps nothing");
    let said = home.ok(&[&["alerts", "try"], &BY_MANAGER[..]].concat());
    assert!(said.contains("would have raised 1 alert") && said.contains("December 2025"), "{said}");

    home.ok(&[&["alerts", "add-rule"], &BY_MANAGER[..]].concat());
    let checked = home.json(&["alerts", "check", "--format", "json"]);
    assert_eq!((&checked["rules"], &checked["raised"], &checked["failed"]), (&json!(1), &json!(1), &json!(0)));
    // The same situation is raised once.
    let again = home.json(&["alerts", "check", "--format", "json"]);
    assert_eq!((&again["raised"], &again["lasting"]), (&json!(0), &json!(1)));
    let all = alerts(&home, "open");
    let one = &all[0];
    assert_eq!(
        (all.len(), &one["member"], &one["month"], one["value"].as_f64()),
        (1, &json!("S2"), &json!("2025-12"), Some(1200.0))
    );
    // The year before: 2,100 and 1,900 in turn, in the middle √(1,900 · 2,100) = 1,997.5.
    let expected = one["expected"].as_f64().expect("a figure");
    assert!((expected - 1_997.498).abs() < 0.01, "{expected}");
    assert!(one["low"].as_f64().is_some_and(|low| 1_200.0 < low && low < expected) && one["high"].is_null());
    let to_action = one["to_action"].as_str().expect("a page");
    assert!(to_action.starts_with("/actions/new?origin=alert&key=1&owner=S2&kpi=net_sales&title="), "{to_action}");
    let indonesian = home.ok(&["alerts", "show", "1", "--lang", "id"]);
    assert!(indonesian.contains("Penjualan bersih") && indonesian.contains("Desember 2025"), "{indonesian}");

    // Its life: known, resting until a day, an action; what is missing is said.
    home.ok(&["alerts", "acknowledge", "1", "--as", "Ani", "--note", "saya tanya"]);
    assert!(home.refused(&["alerts", "snooze", "1", "--until", "2020-01-01"]).contains("after today"));
    home.ok(&["alerts", "snooze", "1", "--until", "2099-01-31"]);
    assert!(home.refused(&["alerts", "close", "1"]).contains("say why"));
    // An action that is planned because of it is named by it.
    let plan =
        ["actions", "add", "Telepon", "--kind", "relationship", "--owner", "S2", "--account", "P2", "--expected", "10"];
    let action = home.json(&[&plan[..], &["--origin", "alert", "--key", "1", "--format", "json"]].concat());
    let acted = home.json(&["alerts", "show", "1", "--format", "json"]);
    assert_eq!((&acted["state"], &acted["action"]), (&json!("action"), &json!(action["id"].to_string())), "{acted}");
    home.ok(&["alerts", "acknowledge", "1"]);
    assert!(home.refused(&["alerts", "show", "9"]).contains("no such alert"));
    // Only an action that is there and goes on: once it is over the alert is closed with what it came to, while the situation lasts.
    assert!(home.refused(&["alerts", "action", "1", "banana"]).contains("name the action"));
    assert!(home.refused(&["alerts", "action", "1", "99"]).contains("no action of that number"));

    // The figure was wrong: put right, the alert passes by itself, and nothing of it changes any more.
    sales(&home, 1_950);
    let passed = home.json(&["alerts", "check", "--format", "json"]);
    assert_eq!((&passed["passed"], &passed["lasting"]), (&json!(1), &json!(0)));
    assert_eq!(alerts(&home, "passed").len(), 1);
    assert!(home.refused(&["alerts", "close", "1", "--note", "x"]).contains("over"));
    let told = home.json(&["alerts", "show", "1", "--format", "json"]);
    let states: Vec<&str> =
        told["steps"].as_array().expect("steps").iter().filter_map(|step| step["state"].as_str()).collect();
    assert_eq!(states, ["open", "acknowledged", "snoozed", "action", "acknowledged", "passed"]);
    assert_eq!((&told["steps"][1]["by"], &told["steps"][5]["by"]), (&json!("Ani"), &Value::Null));
    // Wrong again, it is another situation; closed it is not raised again while it lasts.
    sales(&home, 1_100);
    assert_eq!(home.json(&["alerts", "check", "--format", "json"])["raised"], 1);
    let number = action["id"].to_string();
    home.ok(&["alerts", "action", "2", &number]);
    home.ok(&["actions", "cancel", &number, "toko tutup", "--as", "Ani"]);
    let ended = home.json(&["alerts", "show", "2", "--format", "json"]);
    let step = ended["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    assert_eq!(
        (&ended["state"], &step["by"], &step["note"]),
        (&json!("closed"), &json!("Ani"), &json!(format!("Action {number} was stopped: toko tutup")))
    );
    assert_eq!(home.json(&["alerts", "check", "--format", "json"])["raised"], 0);
    assert!(alerts(&home, "open").is_empty() && alerts(&home, "all").len() == 2);

    for (rule, said) in [
        (vec!["--kpi", "net_sale", "--by", "manager"], "net_sales"),
        (vec!["--kpi", "net_sales", "--by", "moon"], "moon"),
        (vec!["--kpi", "net_sales", "--by", "manager", "--a-year", "0"], "0.01"),
        (vec!["--kpi", "net_sales", "--by", "company", "--against", "peers"], "several"),
        (vec!["--kpi", "net_sales", "--by", "manager", "--where", "moon = 1"], "moon"),
    ] {
        assert!(home.refused(&[&["alerts", "add-rule"], &rule[..]].concat()).contains(said), "{rule:?}");
    }
    home.ok(&["alerts", "remove-rule", "1"]);
    assert!(home.ok(&["alerts", "rules"]).contains("No rules"));
}

/// The server looks by itself; a webhook is told of what is new, and what it cannot take is kept.
#[test]
fn the_server_raises_and_tells() {
    let home = Home::new();
    sales(&home, 1_200);
    let (url, received) = receiver(&[503, 200]);
    let secret = home.file("rahasia", "kunci-tanda-tangan");
    let secret = secret.to_str().expect("a path");
    home.ok(&["outbox", "webhook", "grup", "--url", &url, "--secret-file", secret, "--event", "alert.raised"]);
    // A way out that nobody answers at blocks nothing.
    let dead = [
        "outbox",
        "mail",
        "mati",
        "--host",
        "127.0.0.1",
        "--port",
        "9",
        "--tls",
        "none",
        "--from",
        "a@b.example",
        "--to",
        "c@d.example",
    ];
    home.ok(&[&dead[..], &["--event", "alert.raised"]].concat());
    home.ok(&[&["alerts", "add-rule"], &BY_MANAGER[..]].concat());
    let _server = Server::start(&home);
    let first = received.recv_timeout(Duration::from_secs(60)).expect("the first try");
    let body: Value = serde_json::from_str(&first.body).expect("JSON");
    assert_eq!(
        (&body["event"], &body["data"]["alerts"][0]["member"]),
        (&json!("alert.raised"), &json!("S2")),
        "{body}"
    );
    assert!(!first.header("Takar-Signature").is_empty());
    let waiting = || home.json(&["outbox", "--format", "json"]).as_array().expect("a list").clone();
    wait_for("the refusal", || {
        waiting().iter().filter(|one| one["tries"] == 1 && one["state"] == "waiting").count() == 2
    });
    let id = waiting()
        .iter()
        .find(|one| one["channel"] == "grup")
        .and_then(|one| one["id"].as_str().map(str::to_owned))
        .expect("an id");
    home.ok(&["outbox", "retry", &id]);
    let second = received.recv_timeout(Duration::from_secs(20)).expect("the second try");
    assert_eq!(first.header("Takar-Id"), second.header("Takar-Id"));
    // A webhook inside the network is refused unless it is meant.
    let inside = ["outbox", "webhook", "dalam", "--url", "https://10.1.2.3/x", "--secret-file", secret];
    assert!(home.refused(&inside).contains("private network"));
    home.ok(&[&inside[..], &["--allow-private"]].concat());
}

/// Two teams: S1 and S9 both fall in December 2025. Each sees what is of the own line, on the page and in the digest.
#[test]
fn who_sees_the_scope_sees_the_alert() {
    let home = company();
    let head = "no_faktur,no_baris,tanggal,kode_pelanggan,kode_sales,supervisor,kode_barang,jumlah,netto\n";
    let rows = "X1,1,2025-12-31,P1,S1,L1,B-P1,1,100\nX2,1,2025-12-31,P2,S2,L1,B-P2,1,2000\nX9,1,2025-12-31,Rahasia P9,S9,L9,Rahasia B-P9,1,100\n";
    home.import("sales", &home.file("desember.csv", format!("{head}{rows}")), &[]);
    let owner = person(&home, "pemilik", "owner", None);
    let sari = person(&home, "sari", "account_manager", Some("S1"));
    let lead = person(&home, "lina", "lead", Some("L1"));
    let reader = person(&home, "tamu", "reader", None);
    let office = PostOffice::open();
    office.way_out_as(&home, &owner);
    let as_owner = |arguments: &[&str]| {
        let output = home.command(arguments).env("TAKAR_TOKEN", &owner).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    as_owner(&[&["alerts", "add-rule", "--a-year", "2"], &BY_MANAGER[..]].concat());
    as_owner(&["alerts", "add-rule", "--a-year", "2", "--kpi", "net_sales", "--by", "account"]);
    as_owner(&["alerts", "add-rule", "--kpi", "net_sales", "--by", "company"]);
    let checked: Value = serde_json::from_str(&as_owner(&["alerts", "check", "--format", "json"])).expect("JSON");
    assert_eq!((&checked["raised"], &checked["failed"]), (&json!(5), &json!(0)), "{checked}");

    let server = Server::start(&home);
    let get = |token: &str, path: &str| {
        let (status, body) = server.ask("GET", path, &bearer(token), "");
        (status, serde_json::from_str::<Value>(&body).unwrap_or_default())
    };
    let members = |token: &str| -> Vec<String> {
        let (status, all) = get(token, "/api/alerts");
        assert_eq!(status, 200);
        let mut all: Vec<String> = all
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["member"].as_str().map(str::to_owned))
            .collect();
        all.sort();
        all
    };
    assert_eq!(members(&owner), ["", "P1", "Rahasia P9", "S1", "S9"]);
    assert_eq!(members(&reader), ["", "P1", "Rahasia P9", "S1", "S9"]);
    for token in [&sari, &lead] {
        assert_eq!(members(token), ["P1", "S1"]);
        let (_, all) = get(token, "/api/alerts?state=all");
        assert!(!all.to_string().contains("Rahasia") && !all.to_string().contains("7654321"), "{all}");
        assert_eq!(get(token, "/api/alerts/rules").0, 403);
    }
    // Of a colleague's not even that it is there; a reader changes nothing; one's own is acknowledged.
    let (_, all) = get(&owner, "/api/alerts");
    let id_of = |member: &str| {
        let one = all.as_array().expect("a list").iter().find(|one| one["member"] == member).expect("one");
        one["id"].as_i64().expect("a number")
    };
    let step = |token: &str, id: i64, step: &str, body: Value| {
        let headers = format!("{}Content-Type: application/json\r\n", bearer(token));
        server.ask("POST", &format!("/api/alerts/{id}/{step}"), &headers, &body.to_string())
    };
    assert_eq!(get(&sari, &format!("/api/alerts/{}", id_of("S9"))).0, 404);
    assert_eq!(step(&sari, id_of("S9"), "acknowledge", json!({})).0, 404);
    assert_eq!(step(&reader, id_of("S1"), "acknowledge", json!({})).0, 403);
    assert_eq!(step(&sari, id_of("S1"), "close", json!({})).0, 422);
    let (status, said) = step(&sari, id_of("S1"), "acknowledge", json!({ "note": "sudah saya hubungi" }));
    assert_eq!(status, 200, "{said}");
    let (_, rule) = get(&sari, "/api/openapi.json");
    assert!(rule["paths"]["/api/alerts/rules/try"].is_object());
    let headers = format!("{}Content-Type: application/json\r\n", bearer(&sari));
    let tried = json!({ "kpi": "net_sales", "by": "manager", "a_year": 2 }).to_string();
    let (status, said) = server.ask("POST", "/api/alerts/rules/try", &headers, &tried);
    assert!(status == 200 && !said.contains("S9") && !said.contains("S2"), "{said}");
    assert_eq!(server.ask("POST", "/api/alerts/rules", &headers, &tried).0, 403);

    // A digest for each person: in the own language, of what is seen; nothing where nothing is new.
    let put = |token: &str, body: Value| {
        let headers = format!("{}Content-Type: application/json\r\n", bearer(token));
        server.ask("PUT", "/api/contact", &headers, &body.to_string())
    };
    assert_eq!(put(&sari, json!({ "email": "no address" })).0, 422);
    assert_eq!(put(&sari, json!({ "email": "Sari <sari@company.example>" })).0, 422);
    assert_eq!(put(&sari, json!({ "email": "sari@company.example", "lang": "id" })).0, 200);
    assert_eq!(put(&owner, json!({ "email": "pemilik@company.example", "lang": "en" })).0, 200);
    assert_eq!(put(&lead, json!({ "email": "lina@company.example", "digest": "never" })).0, 200);
    drop(server);
    office.shut(true);
    home.ok(&["alerts", "digest"]);
    home.ok(&["outbox", "send"]);
    assert!(office.mails().is_empty(), "nobody is there");
    office.shut(false);
    let waiting: Value = serde_json::from_str(&as_owner(&["outbox", "--format", "json"])).expect("JSON");
    for one in waiting.as_array().expect("a list").iter().filter(|one| one["state"] == "waiting") {
        as_owner(&["outbox", "retry", one["id"].as_str().expect("an id")]);
    }
    let mails = office.mails();
    let of = |address: &str| {
        let mut found = mails.iter().filter(|mail| mail.to == [address]);
        let mail = found.next().unwrap_or_else(|| panic!("no mail to {address}: {mails:?}"));
        assert!(found.next().is_none(), "one mail a person");
        mail.text.clone()
    };
    let (to_sari, to_owner) = (of("sari@company.example"), of("pemilik@company.example"));
    assert!(
        to_sari.contains("Halo sari") && to_sari.contains("Penjualan bersih") && to_sari.contains("S1"),
        "{to_sari}"
    );
    assert!(!to_sari.contains("Rahasia") && !to_sari.contains("S9") && !to_sari.contains("7.654.321"), "{to_sari}");
    assert!(
        to_owner.contains("Hello pemilik") && to_owner.contains("Net sales") && to_owner.contains("S9"),
        "{to_owner}"
    );
    assert_eq!(mails.len(), 2, "who wants none gets none: {mails:?}");
    assert!(home.ok(&["alerts", "digest"]).contains("0 digests written"), "nothing is new");
}

/// Every scope against everything it can be held against, of a simulated company; the same data give the same answer, byte for byte.
#[test]
fn every_rule_answers_on_a_simulated_company() {
    let home = Home::new();
    let out = home.path().join("tiruan");
    home.ok(&["simulate", "--lines", "20000", "--seed", "11", "--out", out.to_str().expect("a path")]);
    for (kind, file) in [
        ("managers", "sales"),
        ("accounts", "pelanggan"),
        ("products", "barang"),
        ("targets", "target"),
        ("sales", "penjualan"),
    ] {
        home.import(kind, &out.join(format!("{file}.csv")), &[]);
    }
    for kpi in ["net_sales", "orders", "margin_rate", "active_accounts"] {
        for by in ["company", "region", "branch", "segment", "category", "manager", "account"] {
            for against in ["history", "forecast", "peers", "target"] {
                // Of the slow and many only what differs.
                if by == "company" && against == "peers" || by == "account" && kpi != "net_sales" {
                    continue;
                }
                let asked = [
                    "alerts",
                    "try",
                    "--kpi",
                    kpi,
                    "--by",
                    by,
                    "--against",
                    against,
                    "--side",
                    "both",
                    "--format",
                    "json",
                ];
                let output = home.run(&asked);
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                if !output.status.success() {
                    // Orders and accounts do not add up over categories that one invoice holds several of, and that is said.
                    assert!(by == "category", "{asked:?}: {said}");
                    continue;
                }
                let tried: Value = serde_json::from_slice(&output.stdout).expect("JSON");
                assert!(tried["watched"].as_u64().is_some_and(|watched| watched > 0), "{asked:?}: {tried}");
                let past = tried["past"].as_array().expect("a list");
                for found in past {
                    assert!(
                        found["expected"].is_number() && found["why"].as_str().is_some_and(|why| why.len() > 40),
                        "{found}"
                    );
                }
            }
        }
    }
    let asked = ["alerts", "try", "--kpi", "net_sales", "--by", "account", "--a-year", "12", "--format", "json"];
    assert_eq!(home.ok(&asked), home.ok(&asked));
}
