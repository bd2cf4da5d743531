//! What was decided about whom, on which data, and all that is held about a person: for that person, and nobody else's in it.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    process::Output,
};

use serde_json::Value;

use crate::{
    cycles::open_with_words,
    rights::{bearer, company, person},
    serve::Server,
    support::Home,
};

fn as_token(home: &Home, token: &str, arguments: &[&str]) -> Output {
    home.command(arguments).env("TAKAR_TOKEN", token).output().expect("it runs")
}

#[track_caller]
fn ok(home: &Home, token: &str, arguments: &[&str]) -> String {
    let output = as_token(home, token, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn decisions(home: &Home, token: &str, more: &[&str]) -> Vec<Value> {
    let text = ok(home, token, &[&["decisions", "--format", "json"], more].concat());
    serde_json::from_str(&text).expect("JSON")
}

fn actions(all: &[Value]) -> Vec<&str> {
    all.iter().map(|one| one["action"].as_str().expect("text")).collect()
}

/// The files of an archive, by name.
fn files(zip: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("an archive");
    let mut all = BTreeMap::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).expect("a file");
        let name = file.name().expect("a name").into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        all.insert(name, text);
    }
    all
}

#[test]
fn decisions_are_told_to_whom_they_are_about() {
    let home = company();
    open_with_words(&home, "S1", "Kata sendiri");
    let owner = person(&home, "pemilik", "owner", None);
    let [sari, budi, lina] = [
        person(&home, "sari", "account_manager", Some("S1")),
        person(&home, "budi", "account_manager", Some("S2")),
        person(&home, "lina", "lead", Some("L1")),
    ];
    ok(&home, &lina, &["credit", "F1", "--to", "S1=60", "S2=40", "--reason", "berdua"]);
    ok(&home, &owner, &["promises", "--response-hours", "48"]);
    ok(
        &home,
        &lina,
        &[
            "rubric",
            "add",
            "--manager",
            "S2",
            "--criterion",
            "needs",
            "--score",
            "4",
            "--evidence",
            "mendengar dulu",
            "--rater",
            "Lina",
        ],
    );

    let of_owner = decisions(&home, &owner, &[]);
    assert_eq!(
        actions(&of_owner),
        ["rate", "set promises", "credit invoice", "talk", "hand in assessment", "hand in assessment", "open cycle"]
    );
    let credit = &of_owner[2];
    assert_eq!((&credit["who"], &credit["about"][0]["name"]), (&Value::from("lina"), &Value::from("Sari")));
    assert!(credit["detail"].as_str().is_some_and(|text| text.contains("F1") && text.contains("berdua")), "{credit}");
    // What it was decided on, its own credit among it, and what came since.
    assert!(credit["data"].is_number() && credit["since"] == 0, "{credit}");
    assert!(of_owner.last().is_some_and(|opened| opened["since"] == 1), "{of_owner:?}");
    assert!(credit["versions"].as_str().is_some_and(|text| text.contains("sales:")), "{credit}");

    // Who is evaluated sees what is about oneself and about everybody, and of others only that there are some.
    assert_eq!(actions(&decisions(&home, &budi, &[])), ["rate", "set promises", "credit invoice", "open cycle"]);
    let of_sari = decisions(&home, &sari, &[]);
    assert_eq!(actions(&of_sari).len(), 6, "{of_sari:?}");
    let opened = of_sari.last().expect("one");
    assert_eq!((&opened["about"][0]["id"], opened["about"].as_array().map(Vec::len)), (&Value::from("S1"), Some(1)));
    assert_eq!(opened["others"], 2);
    let of_credit = of_sari.iter().find(|one| one["action"] == "credit invoice").expect("her credit");
    let detail = of_credit["detail"].as_str().expect("text");
    assert!(detail.contains("S1 60% … 40%") && !detail.contains("S2"), "{detail}");
    assert!(credit["detail"].as_str().is_some_and(|text| text.contains("S2 40%")), "{credit}");
    assert_eq!(actions(&decisions(&home, &sari, &["--manager", "S2"])), Vec::<&str>::new());
    assert_eq!(actions(&decisions(&home, &owner, &["--manager", "S2", "--by", "lina"])), ["rate", "credit invoice"]);
    assert_eq!(decisions(&home, &owner, &["--limit", "2"]).len(), 2);
    let text = ok(&home, &sari, &["--lang", "id", "decisions"]);
    assert!(text.contains("kredit faktur diputuskan") && text.contains("data sampai impor"), "{text}");
}

#[test]
fn a_person_gets_all_that_is_held_and_nobody_elses() {
    let home = company();
    open_with_words(&home, "S1", "Kata sendiri");
    // A line of hers was corrected: the earlier one is held too.
    let again = "no_faktur,no_baris,tanggal,kode_pelanggan,kode_sales,jumlah,netto\nF1,1,2023-10-15,P1,S1,1,1234\n";
    home.import("sales", &home.file("lagi.csv", again), &[]);
    let owner = person(&home, "pemilik", "owner", None);
    let [sari, lina, guest] = [
        person(&home, "sari", "account_manager", Some("S1")),
        person(&home, "lina", "lead", Some("L1")),
        person(&home, "aan", "reader", Some("L1")),
    ];
    let server = Server::start(&home);
    // Somebody looks at her figures; it is written down within a second.
    let (status, _) = server.ask("GET", "/api/scorecard?manager=S1&period=2025-10", &bearer(&lina), "");
    assert_eq!(status, 200);
    // All evaluations of the line are opened, of which one is hers.
    let opened = (1..=5).filter(|id| server.ask("GET", &format!("/api/evaluations/{id}"), &bearer(&lina), "").0 == 200);
    assert_eq!(opened.count(), 2);
    std::thread::sleep(std::time::Duration::from_millis(1_500));

    let (status, told) = server.ask("GET", "/api/dossier", &bearer(&sari), "");
    assert_eq!(status, 200, "{told}");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((&told["manager"], &told["login"]), (&Value::from("S1"), &Value::from("sari")));
    assert_eq!(
        (&told["looked_at"][0]["who"], &told["looked_at"][0]["answers"]),
        (&Value::from("lina"), &Value::from(2)),
        "{told}"
    );
    let rows = |of: &str| {
        let kinds = told["kinds"].as_array().expect("kinds").iter();
        kinds.filter(|kind| kind["of"] == of).map(|kind| kind["rows"].as_u64().expect("a number")).sum::<u64>()
    };
    assert_eq!((rows("evaluations"), rows("comments"), rows("disputes"), rows("conversations")), (1, 1, 1, 1));

    // The file: every row that names her, whatever became of it, and no other's.
    let out = home.path().join("sari.zip");
    let path = out.to_str().expect("text");
    ok(&home, &sari, &["dossier", "--out", path]);
    let all = files(&std::fs::read(&out).expect("written"));
    let lines = |name: &str| all.get(name).map_or(0, |text| text.lines().count().saturating_sub(1));
    assert_eq!(lines("data/sales.csv"), 27, "{:?}", all.keys());
    assert!(all["data/sales.csv"].contains("superseded,") && all["data/sales.csv"].contains("1234"));
    for name in [
        "activities",
        "offers",
        "feedback",
        "costs",
        "receivables",
        "prospects",
        "targets",
        "ownership",
        "teams",
        "managers",
        "accounts",
    ] {
        assert_eq!(lines(&format!("data/{name}.csv")), 1, "{name}");
    }
    let names: Vec<&str> = all.keys().map(String::as_str).filter(|name| name.starts_with("here/")).collect();
    for name in [
        "assessments",
        "comments",
        "conversations",
        "cycles",
        "decided",
        "disputes",
        "evaluations",
        "figures",
        "looked_at_by_others",
        "tokens",
        "user",
    ] {
        assert!(names.contains(&format!("here/{name}.csv").as_str()), "{name}: {names:?}");
    }
    assert!(all["README.txt"].contains("S1") && all["README.txt"].contains("data/sales.csv"));
    let words = all["here/comments.csv"].clone() + &all["here/assessments.csv"];
    assert!(words.contains("Kata sendiri"), "{words}");
    for (name, text) in &all {
        assert!(!text.contains("Rahasia") && !text.contains("7654321"), "{name}: {text}");
        assert!(!text.contains("$argon2"), "{name}");
    }

    // What is there is not written over; another's is the owner's to ask for.
    let said = as_token(&home, &sari, &["dossier", "--out", path]);
    assert!(!said.status.success() && String::from_utf8_lossy(&said.stderr).contains("there already"));
    for (token, path, expected) in [
        (&sari, "/api/dossier?manager=S2", 403),
        (&lina, "/api/dossier.zip?manager=S1", 403),
        (&lina, "/api/dossier?login=sari", 403),
        (&guest, "/api/dossier?manager=L1", 403),
        (&sari, "/api/dossier?login=sari&manager=S1", 200),
        (&owner, "/api/dossier?manager=S1", 200),
        (&owner, "/api/dossier?login=sari", 200),
        (&owner, "/api/dossier?manager=nobody", 404),
        (&owner, "/api/dossier?login=nobody", 404),
    ] {
        let (status, said) = server.ask("GET", path, &bearer(token), "");
        assert_eq!(status, expected, "{path}: {said}");
    }
    // Who only reads has a place in a line, and is nobody in it.
    for (token, path, manager, login) in [
        (&guest, "/api/dossier", Value::Null, "aan"),
        (&owner, "/api/dossier?login=aan", Value::Null, "aan"),
        (&owner, "/api/dossier?manager=L1", "L1".into(), "lina"),
        (&lina, "/api/dossier", "L1".into(), "lina"),
    ] {
        let (_, told) = server.ask("GET", path, &bearer(token), "");
        let told: Value = serde_json::from_str(&told).expect("JSON");
        let users = &told["kinds"][0];
        assert_eq!((&told["manager"], &told["login"], &users["rows"]), (&manager, &login.into(), &1.into()), "{told}");
    }
    // That it was asked for is written down.
    let (_, audit) = server.ask("GET", "/api/audit", &bearer(&owner), "");
    assert!(audit.contains("dossier"), "{audit}");
}
