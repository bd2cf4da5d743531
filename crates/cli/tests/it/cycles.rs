//! A whole evaluation cycle through the real server: both sides heard, figures frozen, nothing said for somebody else.

use serde_json::{Value, json};

use crate::{
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

/// Opens a cycle for October 2025; its number.
fn open(home: &Home, token: &str) -> i64 {
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
    let output = command.env("TAKAR_TOKEN", token).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["id"].as_i64().expect("a number")
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
    let cycle = open(&home, &owner);
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
