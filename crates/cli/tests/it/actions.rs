//! Actions through the real binary, on a company whose truth is known: a known effect is found, none is not, and accounts picked because they
//! were low are not called a success.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    rights::{bearer, person},
    serve::Server,
    support::Home,
};

const ACCOUNTS: usize = 60;
const MONTHS: usize = 30;
/// May 2025: the first month with the action.
const START: usize = 24;
const TREATED: usize = 10;

/// Between -1 and 1, and looks like chance.
fn chance(account: usize, month: usize) -> f64 {
    let mut mixed = (account as u64 * 1_000 + month as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 32;
    (mixed >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
}

fn month(place: usize) -> String {
    format!("{}-{:02}", 2023 + (place + 4) / 12, (place + 4) % 12 + 1)
}

/// What an account sells in a month: its own size, 30 % up or down.
fn sold(account: usize, place: usize, added: f64) -> f64 {
    let with = if account < TREATED && place >= START { 1.0 + added } else { 1.0 };
    1e6 * (account % 7 + 1) as f64 * (1.0 + 0.3 * chance(account, place)) * with
}

/// From May 2023 to October 2025; half of the accounts are Sari's. The first ten sell `added` more from May 2025 on.
fn company(added: f64) -> Home {
    let home = Home::new();
    let mut sales = "no_faktur,no_baris,tanggal,kode_pelanggan,nama_pelanggan,segmen,kode_sales,nama_sales,supervisor,kode_barang,nama_barang,jumlah,netto\n".to_owned();
    for place in 0..MONTHS {
        for account in 0..ACCOUNTS {
            let (manager, name) = if account % 2 == 0 || account < TREATED { ("S1", "Sari") } else { ("S2", "Budi") };
            let net = sold(account, place, added).round();
            let (day, segment) = (month(place), if account < 30 { "Ritel" } else { "Grosir" });
            writeln!(
                sales,
                "F{place}-{account},1,{day}-05,A{account},Toko {account},{segment},{manager},{name},L1,B1,Teh,1,{net}"
            )
            .expect("text");
        }
    }
    // The last day of the data, so that its month is complete.
    sales.push_str("FX,1,2025-10-31,A59,Toko 59,Grosir,S2,Budi,L1,B1,Teh,1,1\n");
    home.import("sales", &home.file("jual.csv", sales), &[]);
    let managers = "kode_sales,nama_sales,supervisor\nL1,Lina,H\nS1,Sari,L1\nS2,Budi,L1\n";
    home.import("managers", &home.file("sales.csv", managers), &[]);
    home
}

/// Plans an action on accounts and begins it in May 2025; its number.
fn begun(home: &Home, accounts: &[usize]) -> String {
    let ids: Vec<String> = accounts.iter().map(|account| format!("A{account}")).collect();
    let mut asked = vec!["actions", "add", "Kunjungan teratur", "--template", "visits", "--owner", "S1"];
    asked.extend(["--origin", "opportunity", "--key", "fading:A0"]);
    asked.extend(["--expected", "20", "--selection", "2025-02..2025-04", "--format", "json"]);
    asked.extend(ids.iter().flat_map(|id| ["--account", id.as_str()]));
    let id = home.json(&asked)["id"].to_string();
    home.ok(&["actions", "start", &id, "--on", "2025-05-01", "--as", "Sari"]);
    id
}

#[test]
fn a_known_effect_is_found_frozen_and_learned_from() {
    let home = company(0.3);
    let accounts: Vec<usize> = (0..TREATED).collect();
    let id = begun(&home, &accounts);
    let shown = home.json(&["actions", "show", &id, "--format", "json"]);
    assert_eq!(
        (&shown["state"], &shown["controls"], &shown["kind"]),
        (&json!("running"), &json!(50), &json!("relationship"))
    );
    assert_eq!(shown["steps"].as_array().map(Vec::len), Some(3), "the template's steps");
    assert!(
        shown["power"][0].as_str().expect("words").starts_with("With 10 accounts against 50 over 6 months"),
        "{shown}"
    );

    let told = home.json(&["effect", &id, "--format", "json"]);
    let effect = &told["effect"];
    let number = |value: &Value| value.as_f64().expect("a number");
    assert_eq!(
        (&effect["state"], &effect["verdict"], &effect["label"]),
        (&json!("measured"), &json!("worked"), &json!("worked"))
    );
    let interval = &effect["effect"]["interval"];
    assert!(
        number(&interval["low"]) < 0.3 && 0.3 < number(&interval["high"]) && number(&interval["level"]) == 0.9,
        "{effect}"
    );
    assert_eq!((&effect["effect"]["n"], &effect["left_out"]), (&json!(60), &json!("2025-02..2025-04")));
    assert_eq!(effect["path"].as_array().map(Vec::len), Some(27), "21 months before, 6 after");
    let other = home.json(&["effect", &id, "--method", "did", "--kpi", "orders", "--format", "json"]);
    assert_ne!(other["effect"]["verdict"], "worked", "one order a month before and after: {other}");
    let text = home.ok(&["--lang", "id", "effect", &id]);
    assert!(text.contains("BERHASIL") && text.contains("kisaran 90%") && text.contains("akun pembanding"), "{text}");

    // The same accounts cannot have another action at the same time.
    let refused = home.refused(&[
        "actions",
        "add",
        "Lagi",
        "--kind",
        "price",
        "--owner",
        "S1",
        "--account",
        "A1",
        "--expected",
        "5",
    ]);
    assert!(refused.contains("A1 is in another action"), "{refused}");

    home.ok(&["actions", "step", &id, "1"]);
    home.ok(&["actions", "review", &id, "Kunjungan berjalan", "--on", "2025-06-30"]);
    home.ok(&["actions", "change", &id, "Dua kali sebulan"]);
    home.ok(&["actions", "edit", &id, "--cost", "2500000"]);
    assert!(home.refused(&["actions", "done", &id, "--on", "2025-04-01"]).contains("began on 2025-05-01"));
    let done = home.json(&["actions", "done", &id, "--format", "json"]);
    assert_eq!(
        (&done["state"], &done["verdict"], &done["cost"]),
        (&json!("measured"), &json!("worked"), &json!("2500000"))
    );
    let what: Vec<&str> =
        done["history"].as_array().expect("history").iter().filter_map(|one| one["what"].as_str()).collect();
    assert_eq!(what, ["planned", "started", "step", "review", "change", "edited", "measured"]);
    let over = home.refused(&["actions", "review", &id, "Lagi"]);
    assert!(over.contains("is over"), "{over}");

    // What is frozen stays when the data are corrected, and says what would differ.
    let frozen = home.json(&["effect", &id, "--format", "json"])["frozen"].clone();
    let apart = number(&frozen["effect"]["effect"]["value"]) - number(&effect["effect"]["value"]);
    assert!(apart.abs() < 1e-12 && frozen["differs"].is_null(), "{frozen}");
    let corrected = "no_faktur,no_baris,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto\nF25-0,1,2025-06-05,A0,S1,B1,1,9\n";
    home.import("sales", &home.file("ralat.csv", corrected), &[]);
    let again = home.json(&["effect", &id, "--format", "json"])["frozen"].clone();
    assert_eq!(again["effect"], frozen["effect"]);
    assert!(again["differs"].as_str().expect("words").starts_with("On today's data: "), "{again}");

    let ledger = home.json(&["learning", "--search", "kunjungan", "--format", "json"]);
    let entry = &ledger["entries"][0];
    assert_eq!(
        (&entry["verdict"], &entry["expected"], &entry["segment"]),
        (&json!("worked"), &json!(0.2), &json!("Ritel"))
    );
    let words = ledger["groups"][0]["words"].as_str().expect("words");
    assert!(words.starts_with("worked 1 of 1 times, median +"), "{words}");
    assert!(home.ok(&["actions", "offer"]).contains("worked 1 of 1 times"));
    assert_eq!(home.json(&["learning", "--kind", "price", "--format", "json"])["entries"], json!([]));
    let opportunities = home.json(&["opportunities", "--format", "json"]);
    let fading = opportunities["kinds"].as_array().expect("kinds").iter().find(|kind| kind["id"] == "fading");
    let fading = fading.expect("the kind");
    assert_eq!((&fading["worked"], &fading["tried"]), (&json!(0), &json!(0)), "one alone is no record: {fading}");
    let decisions = home.ok(&["decisions", "--format", "json"]);
    assert!(decisions.contains("plan action") && decisions.contains("end action"), "{decisions}");

    let server = Server::start(&home);
    assert_eq!(server.json(&format!("/api/actions/{id}/effect"))["frozen"]["effect"]["verdict"], "worked");
    assert_eq!(server.json("/api/actions?state=measured")[0]["title"], "Kunjungan teratur");
    assert_eq!(server.json("/api/actions?state=planned"), json!([]));
    drop(server);

    // Currencies without rates come in: what was frozen is shown all the same, and what runs can be given up, though not closed as measured.
    let other = begun(&home, &[40]);
    let foreign = "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto,mata_uang\nU1,2025-06-05,A50,S1,B1,1,9,USD\nU2,2025-06-05,A50,S1,B1,1,9,EUR\n";
    home.import("sales", &home.file("valuta.csv", foreign), &[]);
    let told = home.json(&["effect", &id, "--format", "json"]);
    assert_eq!((&told["effect"]["state"], &told["frozen"]["effect"]), (&json!("not_measurable"), &frozen["effect"]));
    assert!(told["effect"]["words"][0].as_str().expect("words").contains("several currencies"), "{told}");
    assert!(home.refused(&["actions", "done", &other]).contains("several currencies"));
    assert_eq!(home.json(&["actions", "cancel", &other, "Salah rencana", "--format", "json"])["state"], "stopped");
}

#[test]
fn nothing_done_is_no_effect_and_low_accounts_that_rise_are_none_either() {
    let home = company(0.0);
    let verdict = |accounts: &[usize]| {
        let id = begun(&home, accounts);
        let told = home.json(&["effect", &id, "--format", "json"]);
        assert_eq!(told["effect"]["state"], "measured", "{told}");
        assert_ne!(told["effect"]["verdict"], "worked", "{told}");
        home.ok(&["actions", "cancel", &id, "Hanya percobaan"]);
    };
    verdict(&(0..TREATED).collect::<Vec<_>>());

    // The eight that sold least in February to April, against what is usual for them.
    let usual = |account: usize| (0..21).map(|place| sold(account, place, 0.0)).sum::<f64>() / 21.0;
    let mean = |account: usize, months: std::ops::Range<usize>| {
        let n = months.len() as f64;
        months.map(|place| sold(account, place, 0.0)).sum::<f64>() / n / usual(account)
    };
    let mut low: Vec<usize> = (0..ACCOUNTS).collect();
    low.sort_by(|one, other| mean(*one, 21..24).total_cmp(&mean(*other, 21..24)));
    low.truncate(8);
    let over = |months: std::ops::Range<usize>| low.iter().map(|account| mean(*account, months.clone())).sum::<f64>();
    let rise = over(24..30) / over(21..24) - 1.0;
    assert!(rise > 0.1, "before and after would call it a success: {rise}");
    verdict(&low);
    let ledger = home.json(&["learning", "--format", "json"]);
    assert_eq!(ledger["entries"].as_array().map(Vec::len), Some(2), "what was given up is kept: {ledger}");
}

#[test]
fn what_is_too_early_says_when_and_a_lot_is_kept() {
    let home = company(0.3);
    let mut asked =
        vec!["actions", "add", "Undian", "--kind", "training", "--owner", "S1", "--expected", "30", "--lot"];
    let ids: Vec<String> = (0..TREATED).map(|account| format!("A{account}")).collect();
    asked.extend(ids.iter().flat_map(|id| ["--account", id.as_str()]));
    let planned = home.json(&[&asked[..], &["--dry-run", "--format", "json"]].concat());
    let made = home.json(&[&asked[..], &["--format", "json"]].concat());
    let of = |told: &Value, part: &str| {
        let list = told[part].as_array().expect("accounts").iter();
        list.map(|one| one["id"].as_str().or(one.as_str()).expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((of(&planned, "now"), of(&planned, "later")), (of(&made, "now"), of(&made, "later")), "the same lot");
    assert_eq!((of(&made, "now").len(), of(&made, "later").len()), (5, 5));
    let id = made["id"].to_string();
    let told = home.json(&["effect", &id, "--format", "json"]);
    assert!(told["effect"]["words"][0].as_str().expect("words").contains("has not begun"), "{told}");
    home.ok(&["actions", "start", &id, "--on", "2025-08-10"]);
    let told = home.json(&["effect", &id, "--format", "json"]);
    let words = told["effect"]["words"][0].as_str().expect("words");
    assert!(words.contains("2 of 3 complete months") && words.contains("November 2025"), "{told}");
    let refused = home.refused(&["actions", "done", &id]);
    assert!(refused.contains("November 2025") && refused.contains("Stop it with a reason"), "{refused}");
    assert!(home.refused(&["actions", "cancel", &id]).contains("write what happened"));

    // Nothing is due before its first whole month, since that could never be measured.
    let never = "first whole month in September 2025";
    assert!(home.refused(&["actions", "edit", &id, "--due", "2025-08"]).contains(never));
    let short = ["actions", "add", "Promo", "--kind", "price", "--owner", "S1", "--account", "A20", "--expected", "5"];
    let short = [&short[..], &["--due", "2025-08", "--format", "json"]].concat();
    assert!(home.refused(&[&short[..], &["--starts", "2025-08-10"]].concat()).contains(never));
    let promo = home.json(&short)["id"].to_string();
    let refused = home.refused(&["actions", "start", &promo, "--on", "2025-08-10"]);
    assert!(refused.contains(never) && refused.contains("2025-11"), "{refused}");
    home.ok(&["actions", "edit", &promo, "--due", "2025-09"]);
    home.ok(&["actions", "start", &promo, "--on", "2025-08-10"]);
    let told = home.json(&["effect", &promo, "--format", "json"]);
    assert_eq!((&told["effect"]["needed"], &told["effect"]["wants"]), (&json!(3), &json!("2025-11")), "{told}");
    // Once those who waited have begun there is nobody to compare with.
    home.ok(&["actions", "start", &id, "--later", "--on", "2025-10-01"]);
    let told = home.json(&["effect", &id, "--format", "json"]);
    assert!(told["effect"]["words"][0].as_str().expect("words").contains("nobody to compare with"), "{told}");

    let refused = home.refused(&[
        "actions",
        "add",
        "X",
        "--kind",
        "magic",
        "--owner",
        "S1",
        "--account",
        "A20",
        "--expected",
        "5",
    ]);
    assert!(refused.contains("no kind of action \"magic\""), "{refused}");
    let refused = home.refused(&[
        "actions",
        "add",
        "X",
        "--kind",
        "price",
        "--owner",
        "S1",
        "--account",
        "A99",
        "--expected",
        "5",
    ]);
    assert!(refused.contains("no account with the id \"A99\""), "{refused}");
}

#[test]
fn only_what_was_begun_takes_accounts_from_a_comparison() {
    let home = company(0.3);
    let id = begun(&home, &(0..TREATED).collect::<Vec<_>>());
    let compared = || home.json(&["effect", &id, "--format", "json"])["effect"]["effect"]["n"].clone();
    assert_eq!(compared(), json!(60));
    let other = |accounts: [&str; 2]| {
        let asked =
            ["actions", "add", "Lain", "--kind", "price", "--owner", "S2", "--expected", "10", "--format", "json"];
        home.json(&[&asked[..], &["--account", accounts[0], "--account", accounts[1]]].concat())["id"].to_string()
    };
    let mistaken = other(["A41", "A43"]);
    home.ok(&["actions", "cancel", &mistaken, "salah akun"]);
    assert_eq!(compared(), json!(60), "it was never begun");
    let begun = other(["A41", "A43"]);
    assert_eq!(compared(), json!(60), "it is only planned");
    home.ok(&["actions", "start", &begun, "--on", "2025-06-01"]);
    assert_eq!(compared(), json!(58));
    // One that has the action and one that it is compared with turn out to be the same: it has the action.
    home.ok(&["aliases", "same", "account", "A0", "A45"]);
    assert_eq!(compared(), json!(57));
    let refused = home.refused(&[
        "actions",
        "add",
        "Lagi",
        "--kind",
        "price",
        "--owner",
        "S1",
        "--account",
        "A45",
        "--expected",
        "5",
    ]);
    assert!(refused.contains("A45 is in another action"), "{refused}");
}

/// Dated ownership says whose an account is today, whatever the table of accounts says and whoever sold to it last.
#[test]
fn who_took_an_account_over_plans_for_it() {
    let home = company(0.0);
    let owner = person(&home, "pemilik", "owner", None);
    let budi = person(&home, "budi", "account_manager", Some("S2"));
    let plan = || {
        let asked = ["actions", "add", "Kunjungan", "--kind", "relationship", "--account", "A2", "--expected", "10"];
        let mut command = home.command(&[&asked[..], &["--dry-run"]].concat());
        command.env("TAKAR_TOKEN", &budi).output().expect("it runs")
    };
    assert!(!plan().status.success(), "Sari sells to it");
    let moved = home.file("pindah.csv", "kode_pelanggan,kode_sales,dari\nA2,S1,2023-01-01\nA2,S2,2025-10-20\n");
    let mut import = home.command(&["import", "ownership", moved.to_str().expect("text")]);
    assert!(import.env("TAKAR_TOKEN", &owner).output().expect("it runs").status.success());
    let output = plan();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_action_is_seen_and_changed_by_whose_line_it_is() {
    let home = company(0.3);
    let owner = person(&home, "pemilik", "owner", None);
    let sari = person(&home, "sari", "account_manager", Some("S1"));
    let budi = person(&home, "budi", "account_manager", Some("S2"));
    let lina = person(&home, "lina", "lead", Some("L1"));
    let guest = person(&home, "tamu", "reader", Some("L1"));
    let server = Server::start(&home);
    let ask = |token: &str, method: &str, path: &str, body: &Value| {
        let headers = format!("{}Content-Type: application/json\r\n", bearer(token));
        let (status, answer) = server.ask(method, path, &headers, &body.to_string());
        (status, serde_json::from_str::<Value>(&answer).unwrap_or(Value::Null))
    };
    let mine = json!({ "title": "Kunjungan", "kind": "relationship", "expected": 10, "accounts": ["A0", "A2"],
        "origin": "opportunity", "origin_key": "overdue:A0" });
    let (status, made) = ask(&sari, "POST", "/api/actions", &mine);
    assert_eq!((status, &made["owner"], &made["origin_key"]), (200, &json!("S1"), &json!("overdue:A0")), "{made}");
    let (status, answer) = ask(
        &sari,
        "POST",
        "/api/actions",
        &json!({ "title": "X", "kind": "price", "expected": 10, "accounts": ["A11"] }),
    );
    assert_eq!(status, 422, "an account of a colleague: {answer}");
    let (status, _) = ask(
        &sari,
        "POST",
        "/api/actions",
        &json!({ "title": "X", "kind": "price", "expected": 10, "accounts": ["A4"], "owner": "S2" }),
    );
    assert_eq!(status, 422, "a colleague as owner");
    for path in ["/api/actions/1", "/api/actions/1/effect"] {
        assert_eq!(ask(&budi, "GET", path, &Value::Null).0, 404, "{path}");
        for token in [&owner, &sari, &lina, &guest] {
            assert_eq!(ask(token, "GET", path, &Value::Null).0, 200, "{path}");
        }
    }
    assert_eq!(ask(&budi, "GET", "/api/actions", &Value::Null).1, json!([]));
    let start = json!({ "what": "start", "day": "2025-05-01" });
    assert_eq!(ask(&budi, "POST", "/api/actions/1/events", &start).0, 404);
    assert_eq!(ask(&guest, "POST", "/api/actions/1/events", &start).0, 403);
    assert_eq!(ask(&lina, "POST", "/api/actions/1/events", &start).1["state"], "running");
    assert_eq!(ask(&sari, "PATCH", "/api/actions/1", &json!({ "due": "2025-12" })).1["due"], "2025-12");
    let (_, decided) = ask(&sari, "GET", "/api/decisions", &Value::Null);
    assert!(decided.to_string().contains("start action"), "who is concerned sees it: {decided}");
    assert!(!ask(&budi, "GET", "/api/decisions", &Value::Null).1.to_string().contains("start action"));
}
