//! Kinds of facts other than sales, and rows that programs push.

use std::{
    sync::{Mutex, RwLock},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    serve::{Server, try_ask},
    support::{Home, shared},
};

#[test]
fn offers_of_a_crm_load_and_are_taken_back() {
    let Some(file) = shared("maven_crm/sales_pipeline.csv") else { return };
    let home = Home::new();
    let report = home.import("offers", &file, &[]);
    assert_eq!((&report["rows"], &report["added"], &report["set_aside"]), (&8_800.into(), &8_800.into(), &0.into()));
    let page = home.json(&["facts", "offers", "--limit", "2", "--format", "json"]);
    assert_eq!(page["total"], 8_800);
    assert_eq!((&page["groups"][0]["word"], &page["groups"][0]["rows"]), (&"won".into(), &4_238.into()));
    assert_eq!(page["groups"][0]["sum"], "10005534.0000");
    let of_one = home.json(&["facts", "offers", "--manager", "Darcel Schlecht", "--word", "won", "--format", "json"]);
    assert_eq!(of_one["groups"][0]["sum"], "1153214.0000");
    let in_march = home.json(&["facts", "offers", "--period", "2017-03", "--limit", "500", "--format", "json"]);
    let rows = in_march["rows"].as_array().expect("rows");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["opened"].as_str().expect("a day").starts_with("2017-03")));

    // The same file again changes nothing; a changed offer takes the place of the earlier.
    assert_eq!(home.import("offers", &file, &[])["unchanged"], 8_800);
    let won = home.file("later.csv", "opportunity_id,deal_stage,close_value\n9IQZ8S4O,Won,1\n");
    assert_eq!(home.import("offers", &won, &[])["replaced"], 0);
    let known = rows[0]["offer_id"].as_str().expect("an id");
    let changed = home.file("change.csv", format!("opportunity_id,deal_stage,close_value\n{known},Won,77\n"));
    let report = home.import("offers", &changed, &[]);
    assert_eq!((&report["added"], &report["replaced"]), (&1.into(), &1.into()));
    home.ok(&["imports", "undo", &report["id"].to_string()]);
    let again = home.json(&["facts", "offers", "--limit", "1", "--format", "json"]);
    assert_eq!(again["total"], 8_801);
    assert!(home.ok(&["facts", "--lang", "id"]).contains("penawaran"));
    assert!(home.refused(&["import", "nonsense", "x.csv"]).contains("activities"));
}

fn lines(client: u32, push: u32, net: u32) -> String {
    let line = |line: u32| {
        json!({
            "invoice_no": format!("F-{client}-{push}-{}", line / 3), "line_no": line % 3, "date": "2025-05-05",
            "account_id": format!("C{}", line % 7), "manager_id": "S1", "quantity": 1, "net_amount": format!("{net}.25"),
        })
    };
    Value::Array((0..60).map(line).collect()).to_string()
}

#[test]
fn what_is_pushed_counts_once_however_often_it_is_sent_and_the_server_killed() {
    const CLIENTS: u32 = 5;
    const PUSHES: u32 = 8;
    let home = Home::new();
    let mut server = Server::start(&home);
    let address = RwLock::new(server.address.clone());
    let answers: Mutex<Vec<Value>> = Mutex::default();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (address, answers) = (&address, &answers);
            scope.spawn(move || {
                for push in 0..PUSHES {
                    let headers = format!("Content-Type: application/json\r\nIdempotency-Key: {client}-{push}\r\n");
                    let body = lines(client, push, 10);
                    loop {
                        let to = address.read().expect("an address").clone();
                        match try_ask(&to, "POST", "/api/facts/sales", &headers, &body) {
                            Some((200, answer)) => {
                                answers.lock().expect("answers").push(serde_json::from_str(&answer).expect("JSON"));
                                break;
                            }
                            Some((status, answer)) => panic!("{status}: {answer}"),
                            None => thread::sleep(Duration::from_millis(30)),
                        }
                    }
                }
            });
        }
        for pause in [350, 500, 250] {
            thread::sleep(Duration::from_millis(pause));
            server.kill();
            server = Server::start(&home);
            address.write().expect("an address").clone_from(&server.address);
        }
    });
    let all = CLIENTS * PUSHES * 60;
    assert_eq!(server.json("/api/status")["lines"], all);
    assert_eq!(home.net(), (f64::from(all) * 10.25).to_string());
    let answers = answers.into_inner().expect("answers");
    assert!(answers.iter().all(|answer| answer["accepted"] == 60), "{answers:?}");

    // A correction and what it corrects, pushed at one time, count in the order in which they came.
    let key = |key: &str| format!("Idempotency-Key: {key}\r\n");
    for net in [11, 12] {
        let answer = server.ask("POST", "/api/facts/sales", &key(&format!("again-{net}")), &lines(0, 0, net));
        assert_eq!(answer.0, 200, "{}", answer.1);
    }
    assert_eq!(home.net(), (f64::from(all) * 10.25 + 120.0).to_string());
    let (status, said) = server.ask("POST", "/api/facts/sales", &key("again-11"), &lines(0, 0, 11));
    assert!(status == 200 && said.contains(r#""repeated":true"#), "{said}");
    assert_eq!(home.net(), (f64::from(all) * 10.25 + 120.0).to_string());
    let (status, said) = server.ask("POST", "/api/facts/sales", &key("again-11"), &lines(0, 0, 13));
    assert!(status == 422 && said.contains("idempotensi"), "{said}");
    // Keys of Takar's own decisions are not given from outside.
    let (status, said) = server.ask("POST", "/api/facts/sales", &key("takar:dispute-1"), &lines(0, 0, 14));
    assert!(status == 422 && said.contains("Takar sendiri"), "{said}");
}

#[test]
fn a_form_gives_rows_and_bad_ones_are_told() {
    let home = Home::new();
    let server = Server::start(&home);
    let english = "Accept-Language: en\r\nContent-Type: application/json\r\n";
    let rows = r#"[{"date":"2025-10-01","account_id":"C1","activity":"kunjungan","hours":1.5},
        {"date":"2025-02-30","account_id":"C1","activity":"call"}, {"date":"2025-10-02","account_id":"C2"}]"#;
    let (status, said) = server.ask("POST", "/api/facts/activities", english, rows);
    assert_eq!(status, 200, "{said}");
    let answer: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!((&answer["rows"], &answer["accepted"]), (&3.into(), &1.into()));
    let told = |place: usize| (answer["set_aside"][place]["row"].clone(), answer["set_aside"][place]["reason"].clone());
    assert_eq!(told(0).0, 2);
    assert!(told(0).1.as_str().expect("why").contains("no such day"), "{answer}");
    assert_eq!(told(1).0, 3);
    let page = server.json("/api/facts/activities?word=visit");
    assert_eq!((&page["total"], &page["rows"][0]["hours"]), (&1.into(), &json!(1.5)));
    let kinds = server.json("/api/facts");
    let activities = kinds.as_array().expect("kinds").iter().find(|kind| kind["kind"] == "activities").expect("one");
    assert_eq!((&activities["rows"], &activities["columns"][1]["needed"]), (&1.into(), &true.into()));

    let csv = "Content-Type: text/csv; charset=utf-8\r\n";
    let (status, said) =
        server.ask("POST", "/api/facts/rates?source=bank", csv, "tanggal;mata uang;kurs\n2025-10-01;USD;16250,5\n");
    assert!(status == 200 && said.contains(r#""accepted":0"#), "a program writes decimals with a point: {said}");
    let (status, said) =
        server.ask("POST", "/api/facts/rates?source=bank", csv, "tanggal;mata uang;kurs\n2025-10-01;USD;16250.5\n");
    assert_eq!(status, 200, "{said}");
    assert_eq!(server.json("/api/facts/rates")["rows"][0]["source"], "bank");
    for (path, body, status) in [
        ("/api/facts/nonsense", "[]", 404),
        ("/api/facts/sales", "[]", 422),
        ("/api/facts/sales", "{", 422),
        ("/api/facts/sales", r#"[{"colour":"red"}]"#, 422),
    ] {
        assert_eq!(server.ask("POST", path, english, body).0, status, "{path} {body}");
    }
}

#[test]
fn a_template_of_every_kind_is_read_back() {
    let home = Home::new();
    for kind in home.json(&["facts", "--format", "json"]).as_array().expect("kinds") {
        let name = kind["kind"].as_str().expect("a name");
        for lang in ["id", "en"] {
            let file = home.path().join(format!("{name}-{lang}.xlsx"));
            let path = file.to_str().expect("text");
            home.ok(&["template", name, "-o", path, "--lang", lang]);
            if !matches!(name, "sales" | "targets") {
                let said = home.refused(&["import", name, path, "--dry-run"]);
                assert!(said.contains("only headers"), "{name} {lang}: {said}");
            }
        }
    }
}

/// Typed by command, pushed as JSON and pushed as CSV: each kind counts in the figures that it is for, and alike.
#[test]
fn every_kind_can_be_typed_and_pushed() {
    let typed = Home::new();
    let add = |words: &[&str]| typed.ok(&[&["facts", "add"], words].concat());
    add(&["managers", "manager_id=S1", "manager_name=Manajer Satu", "branch=Barat"]);
    add(&["managers", "manager_id=S2", "manager_name=Manajer Dua", "branch=Barat"]);
    add(&["accounts", "account_id=P1", "account_name=Toko Satu", "region=Barat"]);
    add(&["products", "product_id=B1", "product_name=Teh", "category=Minuman"]);
    let invoice = ["sales", "invoice_no=F1", "date=2025-10-02", "account_id=P1", "currency=USD"];
    let lines = ["--row", "product_id=B1,quantity=2,net_amount=3", "--row", "product_id=B1,quantity=1,net_amount=1"];
    add(&[&invoice[..], &lines].concat());
    add(&[
        "ownership",
        "account_id=P1",
        "from=2025-10-01",
        "--row",
        "manager_id=S1,share=60%",
        "--row",
        "manager_id=S2,share=40%",
    ]);
    add(&["targets", "period=2025-10", "kpi=net_sales", "value=80000", "manager_id=S1"]);
    add(&["targets", "period=2025-10", "kpi=units", "value=6", "account_id=P1", "category=Minuman", "region=Barat"]);
    add(&["rates", "currency=USD", "date=2025-10-01", "value=16000", "in_currency=IDR"]);
    add(&["market", "period=2025-10", "kpi=net_sales", "value=640000", "region=Barat"]);
    add(&["activities", "date=2025-10-03", "activity=kunjungan", "account_id=P1", "manager_id=S1"]);

    let rows = |kind: &str| -> Value {
        match kind {
            "managers" => json!([
                { "manager_id": "S1", "manager_name": "Manajer Satu", "branch": "Barat" },
                { "manager_id": "S2", "manager_name": "Manajer Dua", "branch": "Barat" },
            ]),
            "accounts" => json!([{ "account_id": "P1", "account_name": "Toko Satu", "region": "Barat" }]),
            "products" => json!([{ "product_id": "B1", "product_name": "Teh", "category": "Minuman" }]),
            "sales" => json!([
                { "invoice_no": "F1", "date": "2025-10-02", "account_id": "P1", "currency": "USD", "product_id": "B1", "quantity": 2, "net_amount": 3 },
                { "invoice_no": "F1", "date": "2025-10-02", "account_id": "P1", "currency": "USD", "product_id": "B1", "quantity": 1, "net_amount": 1 },
            ]),
            "ownership" => json!([
                { "account_id": "P1", "from": "2025-10-01", "manager_id": "S1", "share": "60%" },
                { "account_id": "P1", "from": "2025-10-01", "manager_id": "S2", "share": "40%" },
            ]),
            "targets" => json!([
                { "period": "2025-10", "kpi": "net_sales", "value": 80000, "manager_id": "S1", "account_id": "", "category": "", "region": "" },
                { "period": "2025-10", "kpi": "units", "value": 6, "manager_id": "", "account_id": "P1", "category": "Minuman", "region": "Barat" },
            ]),
            "rates" => json!([{ "currency": "USD", "date": "2025-10-01", "value": 16000, "in_currency": "IDR" }]),
            "market" => json!([{ "period": "2025-10", "kpi": "net_sales", "value": 640000, "region": "Barat" }]),
            _ => json!([{ "date": "2025-10-03", "activity": "kunjungan", "account_id": "P1", "manager_id": "S1" }]),
        }
    };
    const KINDS: [&str; 9] =
        ["managers", "accounts", "products", "sales", "ownership", "targets", "rates", "market", "activities"];
    let csv = |rows: &Value| {
        let rows = rows.as_array().expect("rows");
        let names: Vec<&String> = rows[0].as_object().expect("a row").keys().collect();
        let cell = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let line = |row: &Value| names.iter().map(|name| cell(&row[name.as_str()])).collect::<Vec<_>>().join(",");
        let head = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
        format!("{head}\n{}\n", rows.iter().map(line).collect::<Vec<_>>().join("\n"))
    };
    let pushed = |content_type: &str, body: &dyn Fn(&Value) -> String| {
        let home = Home::new();
        let server = Server::start(&home);
        for kind in KINDS {
            let header = format!("Content-Type: {content_type}\r\n");
            let (status, said) = server.ask("POST", &format!("/api/facts/{kind}"), &header, &body(&rows(kind)));
            assert!(status == 200 && said.contains(r#""set_aside":[]"#), "{kind} as {content_type}: {status} {said}");
        }
        drop(server);
        home
    };
    let as_json = pushed("application/json", &|rows| rows.to_string());
    let as_csv = pushed("text/csv", &csv);
    for home in [&typed, &as_json, &as_csv] {
        assert_eq!(home.net(), "64000", "converted at its day's rate");
        let by = home.json(&[
            "metrics",
            "--by",
            "manager",
            "--kpi",
            "net_sales,target,attainment",
            "--period",
            "2025-10",
            "--credit",
            "then",
            "--format",
            "json",
        ]);
        let of = |id: &str, name: &str| {
            by["rows"].as_array().expect("rows").iter().find(|row| row["manager"] == id).expect("a row")[name].clone()
        };
        assert_eq!((of("S1", "net_sales"), of("S2", "net_sales")), (json!(38_400), json!(25_600)));
        assert_eq!((of("S1", "target"), of("S1", "attainment")), (json!(80_000), json!(0.48)));
        let market = home.json(&["facts", "market", "--format", "json"]);
        let size = ["from", "to", "kpi", "region", "value"].map(|name| market["rows"][0][name].clone());
        assert_eq!(size[..4], ["2025-10-01", "2025-10-31", "net_sales", "Barat"].map(Value::from));
        assert!(size[4].to_string().contains("640000"), "{market}");
        assert_eq!(home.json(&["facts", "targets", "--account", "P1", "--format", "json"])["rows"][0]["kpi"], "units");
        assert_eq!(home.json(&["facts", "activities", "--format", "json"])["rows"][0]["activity"], "visit");
    }

    // Typed rows are kept all or none; the bad one is named with its reason, and one typed again takes its place.
    let bad = ["--row", "product_id=B1,quantity=2,net_amount=5", "--row", "product_id=B1,quantity=1,net_amount=banyak"];
    let why = typed.refused(&[&["facts", "add"], &invoice[..], &bad].concat());
    assert!(why.contains("banyak"), "{why}");
    assert_eq!(typed.net(), "64000");
    let corrected = ["--row", "product_id=B1,quantity=2,net_amount=5"];
    typed.ok(&[&["facts", "add"], &invoice[..], &corrected].concat());
    assert_eq!(typed.net(), "80000", "the invoice was replaced whole");
    assert!(typed.refused(&["facts", "add", "accounts", "account_id"]).contains("field=value"));
    assert!(typed.refused(&["facts", "add", "accounts", "warna=merah"]).contains("account"));

    // What is known is offered, and every form asks what its kind needs.
    let server = Server::start(&typed);
    assert_eq!(server.json("/api/names?of=account&like=toko"), json!([{ "id": "P1", "name": "Toko Satu" }]));
    assert_eq!(server.ask("GET", "/api/names?of=nothing", "", "").0, 422);
    let owners = json!([{ "account_id": "P1", "manager_id": "S1", "share": "100%" }, { "account_id": "P1", "manager_id": "", "share": "x" }]);
    let header = "Content-Type: application/json\r\n";
    let (_, said) = server.ask("POST", "/api/facts/ownership?all_or_none=true", header, &owners.to_string());
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&said["accepted"], &said["import"], &said["set_aside"][0]["row"]),
        (&0.into(), &0.into(), &2.into()),
        "{said}"
    );
    for kind in server.json("/api/facts").as_array().expect("kinds") {
        let form = kind["form"]["once"].as_array().expect("a form");
        assert!(
            form.iter().any(|field| field["needed"] == true)
                || kind["columns"].as_array().expect("columns").iter().all(|column| column["needed"] == false),
            "{kind}"
        );
    }
}
