//! A whole evaluation cycle through the real server: both sides heard, figures frozen, nothing said for somebody else.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    outbox::receiver,
    post_office::PostOffice,
    rights::{bearer, company, person},
    serve::Server,
    support::Home,
};

/// Somebody who asks the server.
struct Somebody<'a> {
    server: &'a Server,
    token: String,
}

impl Somebody<'_> {
    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let headers = format!("{}Content-Type: application/json\r\n", bearer(&self.token));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = self.server.ask(method, path, &headers, &body);
        (status, serde_json::from_str(&answer).unwrap_or(Value::String(answer)))
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path, &Value::Null);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    #[track_caller]
    fn does(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// It is refused with this status; gives what is said.
    #[track_caller]
    fn refused(&self, method: &str, path: &str, body: &Value, expected: u16) -> String {
        let (status, answer) = self.ask(method, path, body);
        assert_eq!(status, expected, "{path}: {answer}");
        answer["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

/// Opens a cycle for October 2025, as the keeper without a token; its number.
fn open(home: &Home, token: Option<&str>) -> i64 {
    let mut command = home.command(&[
        "cycles",
        "open",
        "Kuartal",
        "--period",
        "2025-10",
        "--self-due",
        "2099-01-10",
        "--lead-due",
        "2099-01-20",
        "--talk-due",
        "2099-01-31",
        "--sign-due",
        "2099-02-10",
        "--format",
        "json",
    ]);
    let output = command.envs(token.map(|token| ("TAKAR_TOKEN", token))).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["id"].as_i64().expect("a number")
}

/// A cycle in which one manager and the lead have said something that holds these words.
pub fn open_with_words(home: &Home, manager: &str, words: &str) {
    open(home, None);
    let id = evaluation_by_command(home, manager);
    for side in ["manager", "lead"] {
        let said = ["--strengths", words, "--help-most", words, "--hand-in", "--side", side, "--as", side];
        home.ok(&[&["evaluations", "assess", &id], &said[..]].concat());
    }
    home.ok(&["evaluations", "talk", &id, "--present", words, "--agreed", words]);
    home.ok(&["evaluations", "comment", &id, words, "--side", "lead"]);
    let dispute = ["evaluations", "dispute", &id, "--kpi", "net_sales", "--claim", words, "--evidence", words];
    // Of an invoice that is not there nobody could decide.
    assert!(home.refused(&[&dispute[..], &["--invoice", "NOPE"]].concat()).contains("no such invoice"));
    home.ok(&dispute);
}

/// The number of a manager's evaluation in the first cycle.
fn evaluation_by_command(home: &Home, manager: &str) -> String {
    let told = home.json(&["cycles", "show", "1", "--format", "json"]);
    let all = told["of"].as_array().expect("evaluations");
    all.iter().find(|one| one["manager"] == manager).expect("the manager")["id"].to_string()
}

/// The number of a manager's evaluation.
fn evaluation_of(somebody: &Somebody<'_>, cycle: i64, manager: &str) -> i64 {
    let told = somebody.get(&format!("/api/cycles/{cycle}"));
    let all = told["of"].as_array().expect("evaluations");
    let found = all.iter().find(|one| one["manager"] == manager).unwrap_or_else(|| panic!("{manager}: {told}"));
    found["id"].as_i64().expect("a number")
}

const WORDS: &str = "Kata-kata sendiri";

fn answers() -> Value {
    json!({ "strengths": WORDS, "help": "Lebih banyak stok", "quantity": "baik", "quantity_score": 4 })
}

#[test]
fn both_sides_are_heard_and_nobody_speaks_for_the_other() {
    let home = company();
    let owner = person(&home, "pemilik", "owner", None);
    let [sari, budi, lina, guest, data] = [
        person(&home, "sari", "account_manager", Some("S1")),
        person(&home, "budi", "account_manager", Some("S2")),
        person(&home, "lina", "lead", Some("L1")),
        person(&home, "tamu", "reader", Some("L1")),
        person(&home, "data", "operations", None),
    ];
    let cycle = open(&home, Some(&owner));
    let server = Server::start(&home);
    let as_token = |token: &String| Somebody { server: &server, token: token.clone() };
    let [owner, sari, budi, lina, guest, data] = [&owner, &sari, &budi, &lina, &guest, &data].map(as_token);
    let id = evaluation_of(&lina, cycle, "S1");
    let at = format!("/api/evaluations/{id}");
    let assessment = format!("{at}/assessment");

    // Who opens has to see everybody; a colleague's evaluation is not there.
    let again = json!({ "name": "x", "self_due": "2099-01-01", "lead_due": "2099-01-01", "talk_due": "2099-01-01", "sign_due": "2099-01-01" });
    lina.refused("POST", "/api/cycles", &again, 403);
    data.refused("POST", "/api/cycles", &again, 403);
    budi.refused("GET", &at, &Value::Null, 404);
    assert_eq!(budi.get(&format!("/api/cycles/{cycle}"))["evaluations"], 1);
    assert_eq!(lina.get(&format!("/api/cycles/{cycle}"))["evaluations"], 2);
    assert_eq!(owner.get(&format!("/api/cycles/{cycle}"))["evaluations"], 3);
    let late = json!({ "name": "x", "self_due": "2099-03-01", "lead_due": "2099-01-01", "talk_due": "2099-01-01", "sign_due": "2099-01-01" });
    assert!(owner.refused("POST", "/api/cycles", &late, 422).contains("in order"));

    // The figures are those of the evaluation and the scorecard of that month.
    let told = sari.get(&at);
    let figures = &told["figures"];
    let evaluated = sari.get("/api/evaluation?period=2025-10&manager=S1");
    assert_eq!(figures["evaluation"]["manager"]["figures"], evaluated["managers"][0]["figures"]);
    let card = sari.get("/api/scorecard?period=2025-10&manager=S1");
    assert_eq!(figures["scorecard"]["managers"], card["managers"]);
    assert_eq!((told["stage"].as_str(), told["side"].as_str()), (Some("self_assessment"), Some("manager")));

    // A draft is for its own side; handed in it is read and stays.
    sari.does("PUT", &assessment, &json!({ "answers": answers() }));
    for other in [&lina, &guest, &data, &owner] {
        assert!(!other.get(&at).to_string().contains(WORDS));
    }
    assert!(sari.refused("PUT", &assessment, &json!({ "answers": {}, "hand_in": true }), 422).contains("went well"));
    sari.does("PUT", &assessment, &json!({ "answers": answers(), "hand_in": true }));
    sari.refused("PUT", &assessment, &json!({ "answers": answers() }), 422);
    for (other, reads) in [(&lina, true), (&guest, true), (&owner, true), (&data, false)] {
        assert_eq!(other.get(&at).to_string().contains(WORDS), reads);
    }
    // The lead writes; the manager reads it when it is handed in, not before.
    let of_lead = json!({ "answers": { "strengths": "Kata pemimpin", "help": "Kunjungan bersama" } });
    lina.does("PUT", &assessment, &of_lead);
    assert!(!sari.get(&at).to_string().contains("Kata pemimpin"));
    lina.refused("POST", &format!("{at}/talks"), &json!({ "present": "Sari, Lina", "agreed": "x" }), 422);
    lina.refused("PUT", &assessment, &json!({ "answers": answers(), "side": "manager", "hand_in": true }), 422);
    for (other, status) in [(&guest, 403), (&data, 403), (&budi, 404)] {
        other.refused("PUT", &assessment, &json!({ "answers": answers() }), status);
        other.refused("POST", &format!("{at}/comments"), &json!({ "text": "x" }), status);
        other.refused("POST", &format!("{at}/talks"), &json!({ "present": "x", "agreed": "x" }), status);
        other.refused("POST", &format!("{at}/signatures"), &json!({ "agrees": true }), status);
        other.refused("POST", &format!("{at}/figures"), &json!({ "reason": "x" }), status);
    }
    let mut handed_in = of_lead;
    handed_in["hand_in"] = true.into();
    lina.does("PUT", &assessment, &handed_in);
    assert!(sari.get(&at).to_string().contains("Kata pemimpin"));

    // Comments, the conversation, signatures: in this order, each for oneself.
    sari.does("POST", &format!("{at}/comments"), &json!({ "text": "Bulan itu gudang tutup", "kpi": "net_sales" }));
    sari.refused("POST", &format!("{at}/signatures"), &json!({ "agrees": true }), 422);
    sari.refused("POST", &format!("{at}/talks"), &json!({ "present": "Sari, Lina", "agreed": "x" }), 422);
    let talk = json!({ "present": "Sari, Lina", "agreed": "Kunjungan bersama tiap Senin" });
    assert_eq!(lina.does("POST", &format!("{at}/talks"), &talk)["stage"], "sign");
    let signatures = format!("{at}/signatures");
    assert!(lina.refused("POST", &signatures, &json!({ "agrees": true, "side": "manager" }), 422).contains("does not"));
    assert!(sari.refused("POST", &signatures, &json!({ "agrees": false }), 422).contains("not agreed"));
    assert!(sari.refused("POST", &signatures, &json!({ "agrees": true, "version": 7 }), 422).contains("frozen again"));
    sari.does("POST", &signatures, &json!({ "agrees": false, "remark": "Targetnya terlalu tinggi", "version": 1 }));
    sari.refused("POST", &signatures, &json!({ "agrees": true }), 422);
    lina.refused("POST", &format!("{at}/talks"), &talk, 422);
    let signed = lina.does("POST", &signatures, &json!({ "agrees": true }));
    assert_eq!(signed["stage"], "signed");
    // Signed it stays, for everybody.
    for (who, path, body) in [
        (&sari, "comments", json!({ "text": "x" })),
        (&lina, "comments", json!({ "text": "x" })),
        (&owner, "figures", json!({ "reason": "x" })),
        (&sari, "disputes", json!({ "kpi": "net_sales", "claim": "x", "evidence": "x" })),
    ] {
        assert!(who.refused("POST", &format!("{at}/{path}"), &body, 422).contains("signed"), "{path}");
    }

    // The frozen figures come to the same after the data and the definitions changed, and it is said what would differ.
    let unchanged = sari.get(&format!("{at}/differs"));
    assert_eq!((&unchanged["changes"], &unchanged["imports"]), (&json!([]), &json!([])));
    let more = json!([{
        "invoice_no": "F-baru", "line_no": "1", "date": "2025-10-20", "account_id": "P1", "manager_id": "S1", "product_id": "B-P1",
        "quantity": 1, "net_amount": 500,
    }]);
    let pushed = data.does("POST", "/api/facts/sales", &more);
    assert_eq!(pushed["accepted"], 1, "{pushed}");
    let weights = json!({
        "version": 0,
        "quantity": { "weight": 100, "kpis": [{ "kpi": "attainment", "weight": 100 }] },
        "process": { "weight": 0, "kpis": [] },
        "communication": { "weight": 0, "kpis": [] },
    });
    owner.does("PUT", "/api/scorecard/weights", &weights);
    let again = sari.get(&format!("{at}/reproduced"));
    assert_eq!((&again["is_same"], &again["changes"]), (&json!(true), &json!([])), "{again}");
    assert_eq!(sari.get(&at)["figures"], *figures);
    let differs = sari.get(&format!("{at}/differs"));
    let change = |kpi: &str, what: &str| {
        let all = differs["changes"].as_array().expect("changes");
        all.iter().find(|one| one["kpi"] == kpi && one["what"] == what).unwrap_or_else(|| panic!("{kpi}: {differs}"))
    };
    let net = change("net_sales", "value");
    assert_eq!((net["before"].to_string(), net["now"].to_string()), ("1000".to_owned(), "1500".to_owned()));
    assert_eq!(net["because"], json!(["data"]));
    assert_eq!(change("attainment", "value")["because"], json!(["data"]));
    assert_eq!(
        (&change("whole", "points")["now"], &change("whole", "points")["because"]),
        (&json!(100.0), &json!(["definitions"]))
    );
    assert_eq!(differs["definitions"], json!(["weights"]));
    assert_eq!(
        (differs["imports"].as_array().map(Vec::len), differs["imports"][0]["kind"].as_str()),
        (Some(1), Some("sales"))
    );

    // A later cycle shows the earlier one as history; the closed one changes no more.
    assert!(owner.refused("POST", &format!("/api/cycles/{cycle}/close"), &json!({}), 422).contains("2 evaluations"));
    lina.refused("POST", &format!("/api/cycles/{cycle}/close"), &json!({ "reason": "x" }), 403);
    owner.does("POST", &format!("/api/cycles/{cycle}/close"), &json!({ "reason": "akhir tahun" }));
    let other = evaluation_of(&owner, cycle, "S2");
    assert!(
        budi.refused("PUT", &format!("/api/evaluations/{other}/assessment"), &json!({ "answers": answers() }), 422)
            .contains("closed")
    );
    let later = owner.does("POST", "/api/cycles?credit=then", &json!({
        "name": "Berikutnya", "period": "2025-10", "self_due": "2099-01-01", "lead_due": "2099-01-01", "talk_due": "2099-01-01",
        "sign_due": "2099-01-01", "managers": ["S1"],
    }));
    let later = later["of"][0]["id"].as_i64().expect("a number");
    let told = sari.get(&format!("/api/evaluations/{later}"));
    assert_eq!(told["cycle"]["credit"], "then");
    assert_eq!(
        (told["history"].as_array().map(Vec::len), told["history"][0]["cycle_name"].as_str()),
        (Some(1), Some("Kuartal"))
    );
    assert_eq!(sari.get("/api/evaluations").as_array().map(Vec::len), Some(2));
    assert_eq!(budi.get("/api/evaluations?manager=S1"), json!([]));
    let log = home.json(&["users", "log", "--format", "json"]);
    for action in ["open cycle", "hand in assessment", "talk", "sign", "comment", "close cycle"] {
        let all = log["changes"].as_array().expect("changes");
        assert!(all.iter().any(|change| change["action"] == action), "{action}: {log}");
    }
}

/// Net sales of October 2025 by manager, and the company's, under a rule of credit.
fn credited(somebody: &Somebody<'_>, credit: &str) -> (Vec<(String, i64)>, i64) {
    let rows = |by: &str| -> Vec<Value> {
        let path = format!("/api/metrics?kpi=net_sales&period=2025-10&credit={credit}{by}");
        somebody.get(&path)["rows"].as_array().expect("rows").clone()
    };
    let net = |row: &Value| row["net_sales"].as_i64().expect("whole");
    let name = |row: &Value| row["manager"].as_str().unwrap_or("-").to_owned();
    let mut by: Vec<(String, i64)> = rows("&by=manager").iter().map(|row| (name(row), net(row))).collect();
    by.sort();
    (by, net(&rows("")[0]))
}

#[test]
fn a_dispute_that_is_upheld_changes_the_credit_and_sums_stay_those_of_the_invoices() {
    let home = company();
    let owner = person(&home, "pemilik", "owner", None);
    let [sari, lina, head, data] = [
        person(&home, "sari", "account_manager", Some("S1")),
        person(&home, "lina", "lead", Some("L1")),
        person(&home, "kepala", "head", Some("S2")),
        person(&home, "data", "operations", None),
    ];
    let cycle = open(&home, Some(&owner));
    let server = Server::start(&home);
    let as_token = |token: &String| Somebody { server: &server, token: token.clone() };
    let [owner, sari, lina, head, data] = [&owner, &sari, &lina, &head, &data].map(as_token);
    let id = evaluation_of(&lina, cycle, "S1");
    let at = format!("/api/evaluations/{id}");
    let total = 1_000 + 2_000 + 7_654_321;
    let by = |s1: i64, s2: i64| vec![("S1".to_owned(), s1), ("S2".to_owned(), s2), ("S9".to_owned(), 7_654_321)];
    assert_eq!(credited(&owner, "recorded"), (by(1_000, 2_000), total));

    // What is no number names no evaluation, and is told as any other that is not there.
    assert!(sari.refused("GET", "/api/evaluations/S1", &Value::Null, 404).contains("ends in a number"));

    // Only the manager disputes, only a number that is there, and with evidence.
    let claim =
        json!({ "kpi": "net_sales", "invoice": "F74", "claim": "60 % hasil saya", "evidence": "catatan kunjungan" });
    lina.refused("POST", &format!("{at}/disputes"), &claim, 422);
    data.refused("POST", &format!("{at}/disputes"), &claim, 403);
    for (field, value) in [("kpi", "bukan_kpi"), ("evidence", " "), ("claim", "")] {
        let mut wrong = claim.clone();
        wrong[field] = value.into();
        sari.refused("POST", &format!("{at}/disputes"), &wrong, 422);
    }
    let told = sari.does("POST", &format!("{at}/disputes"), &claim);
    let dispute = &told["disputes"][0];
    assert_eq!((dispute["figure"].as_str(), &dispute["decision"]), (Some("1000"), &Value::Null));
    let decision = format!("/api/disputes/{}/decision", dispute["id"]);
    assert_eq!(lina.get(&format!("/api/cycles/{cycle}"))["open_disputes"], 1);

    // Nobody decides the own dispute or between oneself and another; a lead only within the line; parts are the whole.
    let upheld = |parts: Value| json!({ "verdict": "upheld", "why": "dikunjungi bersama", "parts": parts });
    let shared = upheld(json!([{ "manager": "S1", "percent": 60 }, { "manager": "S2", "percent": 40 }]));
    sari.refused("POST", &decision, &shared, 422);
    data.refused("POST", &decision, &shared, 403);
    assert!(head.refused("POST", &decision, &shared, 422).contains("your own credit"));
    let mut beyond = shared.clone();
    beyond["invoice"] = "F75".into();
    assert!(lina.refused("POST", &decision, &beyond, 422).contains("beyond your line"));
    let missing = upheld(json!([{ "manager": "S1", "percent": 60 }]));
    assert!(lina.refused("POST", &decision, &missing, 422).contains("100 per cent"));
    lina.refused("POST", &decision, &upheld(json!([{ "manager": "S404", "percent": 100 }])), 422);
    let mut elsewhere = shared.clone();
    elsewhere["invoice"] = "tidak-ada".into();
    assert!(lina.refused("POST", &decision, &elsewhere, 422).contains("no such invoice"));
    let mut against = shared.clone();
    against["verdict"] = "rejected".into();
    lina.refused("POST", &decision, &against, 422);
    assert_eq!(credited(&owner, "recorded"), (by(1_000, 2_000), total), "nothing that was refused changed anything");

    // Nor does who has a part in it turn it down, or a lead where somebody beyond the line has; what is about no account may be decided on.
    let rejected = json!({ "verdict": "rejected", "why": "tidak" });
    assert!(head.refused("POST", &decision, &rejected, 422).contains("your own credit"));
    let other = format!("/api/evaluations/{}", evaluation_of(&lina, cycle, "S2"));
    let unknown = json!({ "kpi": "net_sales", "account": "tidak-ada", "claim": "x", "evidence": "x" });
    assert!(head.refused("POST", &format!("{other}/disputes"), &unknown, 422).contains("no such invoice"));
    for (place, account, is_beyond) in [(0_usize, Some("Rahasia P9"), true), (1, None, false)] {
        let claim = json!({ "kpi": "net_sales", "account": account, "claim": "x", "evidence": "x" });
        let told = head.does("POST", &format!("{other}/disputes"), &claim);
        let decision = format!("/api/disputes/{}/decision", told["disputes"][place]["id"]);
        if is_beyond {
            assert!(lina.refused("POST", &decision, &rejected, 422).contains("beyond your line"));
        }
        let judge = if is_beyond { &owner } else { &lina };
        judge.does("POST", &decision, &rejected);
    }

    // Upheld, the credit changes, and what is credited adds up to the invoices.
    let told = lina.does("POST", &decision, &shared);
    let made = &told["disputes"][0]["decision"];
    let changed = json!([
        { "manager": "S1", "before": "0", "now": "1200" },
        { "manager": "S2", "before": "2000", "now": "800" },
    ]);
    assert_eq!(made["changed"], changed, "{made}");
    // Who disputed it is told the own credit, not what a colleague has of the account.
    let own = sari.get(&at);
    let own = &own["disputes"][0]["decision"];
    assert_eq!(own["changed"], json!([changed[0]]), "{own}");
    assert_eq!(own["remedy"]["before"].as_array().map(Vec::len), Some(0), "{own}");
    assert!(
        own["remedy"]["parts"] == made["remedy"]["parts"] && made["remedy"]["before"][0]["manager"] == "S2",
        "{made}"
    );
    for rule in ["recorded", "then"] {
        assert_eq!(credited(&owner, rule), (by(2_200, 800), total), "{rule}");
    }
    assert_eq!(credited(&owner, "now"), (by(1_000, 2_000), total), "what today's portfolios sold before is no credit");
    lina.refused("POST", &decision, &shared, 422);

    // The frozen figures stay, it is said what would differ and why, and they may be frozen again.
    let again = sari.get(&format!("{at}/reproduced"));
    assert_eq!(again["is_same"], true, "{again}");
    let differs = sari.get(&format!("{at}/differs"));
    let net =
        differs["changes"].as_array().expect("changes").iter().find(|one| one["kpi"] == "net_sales").expect("net");
    assert_eq!((&net["before"], &net["now"], &net["because"]), (&json!(1000), &json!(2200), &json!(["data"])));
    assert_eq!(differs["imports"][0]["dispute"], told["disputes"][0]["id"], "{differs}");
    sari.refused("POST", &format!("{at}/figures"), &json!({ "reason": "x" }), 422);
    lina.refused("POST", &format!("{at}/figures"), &json!({ "reason": " " }), 422);
    let told = lina.does("POST", &format!("{at}/figures"), &json!({ "reason": "sanggahan diterima" }));
    let frozen_net = |told: &Value| told["figures"]["evaluation"]["manager"]["figures"][0]["value"].to_string();
    assert_eq!((told["version"].as_u64(), frozen_net(&told)), (Some(2), "2200".to_owned()));
    assert_eq!(frozen_net(&sari.get(&format!("{at}?version=1"))), "1000");
    assert_eq!(sari.get(&format!("{at}/differs"))["changes"], json!([]));

    // All invoices of an account on some days, by the sales head, who has no part in it; what was signed says under which version.
    let of_account =
        json!({ "kpi": "net_sales", "account": "P1", "period": "2025-09..2025-10", "claim": "x", "evidence": "x" });
    let told = sari.does("POST", &format!("{at}/disputes"), &of_account);
    let decision = format!("/api/disputes/{}/decision", told["disputes"][1]["id"]);
    let words = json!({ "answers": { "strengths": "x", "help": "x" }, "hand_in": true });
    for who in [&sari, &lina] {
        who.does("PUT", &format!("{at}/assessment"), &words);
    }
    lina.does("POST", &format!("{at}/talks"), &json!({ "present": "x", "agreed": "x" }));
    assert!(sari.refused("POST", &format!("{at}/signatures"), &json!({ "agrees": true }), 422).contains("disputed"));
    let told = owner.does("POST", &decision, &upheld(json!([{ "manager": "S9", "percent": 100 }])));
    let made = &told["disputes"][1]["decision"];
    assert_eq!(made["remedy"]["invoices"], json!(["F70", "F73"]), "{made}");
    assert_eq!(credited(&owner, "recorded").1, total);
    sari.does("POST", &format!("{at}/signatures"), &json!({ "agrees": true, "version": 2 }));
    let told = lina.does("POST", &format!("{at}/figures"), &json!({ "reason": "putusan kedua" }));
    assert_eq!((told["stage"].as_str(), told["signatures"][0]["version"].as_u64()), (Some("sign"), Some(2)));
    for who in [&sari, &lina] {
        who.does("POST", &format!("{at}/signatures"), &json!({ "agrees": true, "version": 3 }));
    }
    assert_eq!(sari.get(&at)["stage"], "signed");

    // A decision is an import: taken back, the credit is what it was, and the dispute says so.
    data.does("POST", &format!("/api/imports/{}/undo", made["import"]), &json!({}));
    assert_eq!(credited(&owner, "recorded"), (by(2_200, 800), total));
    assert_eq!(sari.get(&at)["disputes"][1]["decision"]["is_undone"], true);
    for version in 1..=3 {
        assert_eq!(sari.get(&format!("{at}/reproduced?version={version}"))["is_same"], true, "version {version}");
    }
}

/// The rows of a decision are of the day it was made, so that they are the same whenever it is carried out.
#[test]
fn a_decision_that_was_cut_off_arrives_once_on_whatever_day() {
    let home = company();
    open(&home, None);
    let id = evaluation_by_command(&home, "S1");
    let claim = ["--kpi", "net_sales", "--invoice", "F74", "--claim", "x", "--evidence", "x"];
    home.ok(&[&["evaluations", "dispute", &id][..], &claim].concat());
    home.ok(&["evaluations", "decide", "1", "upheld", "--reason", "x", "--credit-to", "S1=100", "--as", "Kepala"]);
    let state = rusqlite::Connection::open(home.path().join("home/state.db")).expect("the state");
    // Decided earlier, and cut off before its rows came in; then, before it could be noted that they did.
    let cut_off = "DROP TRIGGER IF EXISTS decisions_stay; UPDATE decisions SET import = NULL, changed = NULL, at = '2025-12-02T05:00:00Z';";
    for forget in ["DELETE FROM pushes;", ""] {
        state.execute_batch(&format!("{cut_off}{forget}")).expect("cut off");
        let told = home.json(&["evaluations", "show", &id, "--format", "json"]);
        assert!(told["disputes"][0]["decision"]["import"].is_number(), "{told}");
        let credits = home.json(&["facts", "credits", "--format", "json"]);
        let days: Vec<&Value> = credits["rows"].as_array().expect("rows").iter().map(|row| &row["decided"]).collect();
        assert_eq!(days, ["2025-12-02"], "{credits}");
    }
    let keys: i64 = state
        .query_row("SELECT count(*) FROM pushes WHERE key = 'takar:dispute-1'", [], |row| row.get(0))
        .expect("keys");
    assert_eq!(keys, 1);
}

/// One's own stage, and nobody else's: when the cycle opens, and once its day is over; nothing in between.
#[test]
fn what_waits_for_a_person_is_in_the_digest() {
    let home = company();
    let owner = person(&home, "pemilik", "owner", None);
    let logins = [("sari", "account_manager", Some("S1"), "id"), ("lina", "lead", Some("L1"), "en")];
    for (login, role, manager, lang) in logins {
        person(&home, login, role, manager);
        let (address, digest) = (format!("{login}@company.example"), ["--digest", "daily"]);
        home.ok(&[&["users", "change", login, "--email", &address, "--mail-lang", lang], &digest[..]].concat());
    }
    let office = PostOffice::open();
    office.way_out_as(&home, &owner);
    open(&home, Some(&owner));
    let told = |count: usize| {
        let said = home.ok(&["alerts", "digest"]);
        assert!(said.contains(&format!("{count} digests written")), "{said}");
        home.ok(&["outbox", "send"]);
        let mails = office.mails();
        let of = |address: &str| {
            let mail = mails.iter().rfind(|mail| mail.to == [address]);
            mail.unwrap_or_else(|| panic!("no mail to {address}: {mails:?}")).text.clone()
        };
        (of("sari@company.example"), of("lina@company.example"))
    };
    let (to_sari, to_lina) = told(2);
    assert!(to_sari.contains("penilaian diri, batas 10 Januari 2099\n"), "{to_sari}");
    assert!(!to_sari.contains("penilaian atasan") && !to_sari.contains("S9"), "{to_sari}");
    assert!(to_lina.contains("lead's assessment, due") && !to_lina.contains("self-assessment"), "{to_lina}");
    told(0);

    let state = rusqlite::Connection::open(home.path().join("home/state.db")).expect("the state");
    state.execute("UPDATE cycles SET self_due = '2020-01-01', opened_at = '2019-01-01T00:00:00Z'", []).expect("over");
    told(0);
    state.execute("UPDATE users SET digested = '2019-12-31T12:00:00Z'", []).expect("before it was over");
    let (to_sari, _) = told(1);
    assert!(to_sari.contains("penilaian diri, batas 1 Januari 2020, sudah lewat"), "{to_sari}");

    // An own action whose time is over, be it by its last day alone.
    let as_owner = |arguments: &[&str]| {
        let output = home.command(arguments).env("TAKAR_TOKEN", &owner).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let plan = ["actions", "add", "Promo", "--kind", "price", "--owner", "S1", "--account", "P1", "--expected", "10"];
    as_owner(&[&plan[..], &["--ends", "2025-10-31"]].concat());
    as_owner(&["actions", "start", "1", "--on", "2025-05-01"]);
    state.execute("UPDATE users SET digested = '2025-10-31T12:00:00Z'", []).expect("before it was over");
    let (to_sari, _) = told(1);
    assert!(to_sari.contains("Tindakan 1, Promo: waktunya habis Oktober 2025"), "{to_sari}");
}

#[test]
fn who_is_late_is_told_once_a_day_and_nothing_of_what_was_said_goes_out() {
    let home = company();
    open_with_words(&home, "S9", WORDS);
    let late = |arguments: &[&str]| home.json(&[&["cycles", "remind", "--format", "json"], arguments].concat());
    assert_eq!(late(&[]), json!([]));
    let state = rusqlite::Connection::open(home.path().join("home/state.db")).expect("the state");
    state
        .execute("UPDATE cycles SET self_due = '2020-01-01', sign_due = '2020-01-04'", [])
        .expect("a day that is over");
    // Without a way out nobody is told, and nothing is noted.
    let told = |found: &Value| found.as_array().expect("late").iter().filter(|one| one["is_told"] == true).count();
    let found = late(&[]);
    assert_eq!((found.as_array().map(Vec::len), told(&found)), (Some(2), 0), "{found}");
    assert_eq!(
        (&found[0]["stage"], &found[0]["of"], &found[0]["due"]),
        (&json!("self_assessment"), &json!("S1"), &json!("2020-01-01"))
    );

    let (url, received) = receiver(&[204]);
    let secret = home.file("rahasia", "penanda-tangan\n");
    home.ok(&["outbox", "webhook", "grup", "--url", &url, "--secret-file", secret.to_str().expect("text")]);
    let _server = Server::start(&home);
    let got = received.recv_timeout(Duration::from_secs(20)).expect("told by itself");
    let message: Value = serde_json::from_str(&got.body).expect("JSON");
    assert_eq!(message["event"], "cycle.late", "{message}");
    assert_eq!(message["data"]["late"].as_array().map(Vec::len), Some(2));
    assert!(message["text"].as_str().expect("a text").contains("Sari"), "{message}");
    assert!(!got.body.contains(WORDS));
    // Once a day.
    assert_eq!(told(&late(&[])), 0);
    assert_eq!(told(&late(&["1"])), 0);
    assert_eq!(home.json(&["outbox", "--format", "json"]).as_array().map(Vec::len), Some(1));
    // By command the same is read as text.
    let id = evaluation_by_command(&home, "S9");
    let said = |verb: &str| home.ok(&["evaluations", verb, &id, "--figures", "1"]);
    let shown = said("show");
    for part in
        ["Rahasia Wati", "Dispute 1: net_sales 7,654,321", WORDS, "not decided yet", "What these figures cannot say"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(said("reproduce").contains("byte by byte"));
    assert!(said("differs").contains("no number differs"));
    home.ok(&["evaluations", "decide", "1", "rejected", "--reason", "bukan", "--as", "Kepala"]);
    assert!(home.refused(&["evaluations", "sign", &id, "--figures", "2", "--side", "lead"]).contains("frozen again"));
    home.ok(&["evaluations", "sign", &id, "--side", "manager", "--disagree", "--remark", "tidak", "--as", "Wati"]);
    assert!(home.refused(&["evaluations", "sign", &id, "--side", "lead", "--as", "Wati"]).contains("two people"));
    home.ok(&["evaluations", "sign", &id, "--side", "lead", "--as", "Kepala"]);
    assert!(home.ok(&["evaluations", "history", "--manager", "S9"]).contains("signed"));
    home.ok(&["cycles", "close", "1", "--reason", "selesai"]);
    assert_eq!(late(&[]), json!([]));
}
