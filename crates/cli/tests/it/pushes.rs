//! Every kind of fact pushed as JSON and as CSV, and counted in figures as if it had come in a file.

use std::thread;

use serde_json::{Map, Value, json};

use crate::{serve::Server, support::Home};

const JSON: &str = "Accept-Language: en\r\nContent-Type: application/json\r\n";
const CSV: &str = "Accept-Language: en\r\nContent-Type: text/csv\r\n";

/// Pushes rows of which none is bad.
#[track_caller]
fn push(server: &Server, path: &str, headers: &str, body: &str) -> Value {
    let (status, said) = server.ask("POST", &format!("/api/facts/{path}"), headers, body);
    assert_eq!(status, 200, "{path}: {said}");
    let answer: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(answer["accepted"], answer["rows"], "{path}: {said}");
    answer
}

/// A row of each kind as JSON, and another as CSV with the headers of a reader of Indonesian.
const ROWS: [(&str, &str, &str); 21] = [
    (
        "rates",
        r#"[{"currency":"USD","from":"2025-10-01","to":"2025-10-31","rate":16000.5}]"#,
        "mata uang,tanggal,kurs\nSGD,2025-10-07,12000\n",
    ),
    (
        "accounts",
        r#"[{"account_id":"C1","account_name":"Toko Satu","region":"Barat","colour":"red"}]"#,
        "kode pelanggan;nama pelanggan;wilayah\nC2;Toko Dua;Timur\n",
    ),
    (
        "products",
        r#"[{"product_id":"B1","product_name":"Sabun","category":"Rumah"}]"#,
        "kode barang,nama barang,kategori\nB2,Teh,Minuman\n",
    ),
    (
        "managers",
        r#"[{"manager_id":"S1","manager_name":"Sari","supervisor":"S9"}]"#,
        "kode sales,nama sales,atasan\nS2,Budi,S8\n",
    ),
    (
        "sales",
        r#"[{"invoice_no":"F1","line_no":1,"date":"2025-10-05","account_id":"C1","manager_id":"S1","product_id":"B1",
             "quantity":2,"unit":"karton","net_amount":"1000.50","currency":"IDR"},
            {"invoice_no":"F2","line_no":1,"date":"2025-10-06","account_id":"C2","manager_id":"S2","product_id":"B2",
             "quantity":5,"unit":"pcs","net_amount":2,"currency":"USD"}]"#,
        "nomor faktur,nomor baris,tanggal,kode pelanggan,kode sales,kode barang,jumlah,satuan,nilai bersih,mata uang\n\
         F3,1,2025-10-07,C3,S2,B2,3,pcs,10,SGD\nF4,1,2025-10-08,C2x,S2,B2,1,pcs,7,IDR\n",
    ),
    (
        "ownership",
        r#"[{"account_id":"C1","manager_id":"S1","from":"2025-01-01","share":0.6},
            {"account_id":"C1","manager_id":"S2","from":"2025-01-01","share":0.4}]"#,
        "kode pelanggan,kode sales,mulai,bagian\nC2,S1,2025-01-01,75\nC2,S2,2025-01-01,25\n",
    ),
    (
        "targets",
        r#"[{"manager_id":"S1","period":"2025-10","kpi":"net_sales","value":2001},
            {"manager_id":"S1","account_id":"C1","category":"Rumah","region":"Barat","period":"2025-Q4","kpi":"units","value":12.5}]"#,
        "kode sales,periode,ukuran,target\nS2,2025-10,omzet,304016\nS2,2025,order,40\n",
    ),
    (
        "market",
        r#"[{"region":"Barat","period":"2025-10","value":"4002"}]"#,
        "wilayah,periode,ukuran pasar\nTimur,2025-10,640160\n",
    ),
    (
        "units",
        r#"[{"product_id":"B1","unit":"karton","in_unit":"pcs","factor":24}]"#,
        "satuan besar,satuan kecil,isi\nlusin,pcs,12\n",
    ),
    (
        "aliases",
        r#"[{"of":"account","alias":"C2x","id":"C2"}]"#,
        "jenis,kode lain,kode yang berlaku,keputusan\nproduk,B1,B2,beda\n",
    ),
    (
        "teams",
        r#"[{"team_id":"T1","manager_id":"S1","lead":"S9","from":"2025-01-01"}]"#,
        "kode tim,kode sales,ketua tim,mulai\nT1,S2,S9,2025-02-01\n",
    ),
    (
        "absences",
        r#"[{"manager_id":"S1","from":"2025-10-01","to":"2025-10-03","reason":"leave"}]"#,
        "kode sales,mulai,sampai,alasan,sudah dalam target\nS2,2025-10-06,2025-10-07,sakit,ya\n",
    ),
    (
        "activities",
        r#"[{"date":"2025-10-01","account_id":"C1","activity":"visit","hours":1.5}]"#,
        "tanggal,kode pelanggan,jenis aktivitas,jam\n2025-10-02,C2,kunjungan,2.25\n",
    ),
    (
        "offers",
        r#"[{"offer_id":"P1","stage":"Closed Won","amount":100.5,"account_id":"C1","opened":"2025-10-01"}]"#,
        "kode penawaran,tahap,nilai\nP2,menang,200\n",
    ),
    (
        "stages",
        r#"[{"offer_id":"P1","stage":"sent","date":"2025-10-01"}]"#,
        "kode penawaran,tahap,tanggal\nP2,sent,2025-10-02\n",
    ),
    (
        "feedback",
        r#"[{"date":"2025-10-01","account_id":"C1","type":"nps","score":9,"scale":10}]"#,
        "tanggal,kode pelanggan,jenis,skor\n2025-10-02,C2,NPS,7\n",
    ),
    (
        "costs",
        r#"[{"date":"2025-10-01","account_id":"C1","type":"delivery","amount":50000.25}]"#,
        "tanggal,kode pelanggan,jenis,nilai\n2025-10-02,C2,pengiriman,10\n",
    ),
    ("prospects", r#"[{"prospect_id":"Q1","stage":"new","amount":5}]"#, "kode prospek,tahap,nilai\nQ2,new,6\n"),
    (
        "stock",
        r#"[{"date":"2025-10-01","product_id":"B1","quantity":0,"branch":"Bandung"}]"#,
        "tanggal,kode barang,jumlah\n2025-10-01,B2,0\n",
    ),
    (
        "receivables",
        r#"[{"invoice_no":"F1","account_id":"C1","amount":1000,"paid":400,"due":"2025-11-05"}]"#,
        "nomor faktur,kode pelanggan,nilai,terbayar,jatuh tempo\nF2,C2,50,0,2025-11-06\n",
    ),
    (
        "credits",
        r#"[{"invoice_no":"F8","manager_id":"S1","share":"60%"},{"invoice_no":"F8","manager_id":"S2","share":"40%"}]"#,
        "nomor faktur,kode sales,bagian\nF9,S1,75\nF9,S2,25\n",
    ),
];

#[test]
fn every_kind_is_pushed_as_json_and_as_csv_and_counts() {
    let home = Home::new();
    let server = Server::start(&home);
    for (kind, as_json, as_csv) in ROWS {
        push(&server, &format!("{kind}?source=kasir"), JSON, as_json);
        push(&server, &format!("{kind}?source=kasir"), CSV, as_csv);
    }
    let kinds = server.json("/api/facts");
    let known: Vec<&str> = kinds.as_array().expect("kinds").iter().filter_map(|kind| kind["kind"].as_str()).collect();
    assert!(known.iter().all(|kind| ROWS.iter().any(|(pushed, ..)| pushed == kind)), "{known:?}");

    // The rates of the day (2 × 16,000.5, 10 × 12,000), the units of the carton, the account that is an alias.
    assert_eq!(home.net(), "153008.5");
    assert_eq!(home.figure("units"), "57");
    let by = |by: &str, more: &[&str]| -> Map<String, Value> {
        let asked = ["metrics", "--by", by, "--kpi", "net_sales", "--format", "json"];
        let rows = home.json(&[&asked, more].concat())["rows"].as_array().expect("rows").clone();
        let row = |row: &Value| (row[by].as_str().unwrap_or("none").to_owned(), row["net_sales"].clone());
        rows.iter().map(row).collect()
    };
    let told = |map: Map<String, Value>| Value::Object(map).to_string();
    assert_eq!(told(by("account", &[])), r#"{"C1":1000.5,"C2":32008,"C3":120000}"#);
    assert_eq!(told(by("region", &[])), r#"{"Barat":1000.5,"Timur":32008,"none":120000}"#);
    assert_eq!(told(by("category", &[])), r#"{"Minuman":152008,"Rumah":1000.5}"#);
    assert_eq!(told(by("supervisor", &[])), r#"{"S8":152008,"S9":1000.5}"#);
    // 60 % and 75 % of what S1 shares with S2; C3 has no owner.
    let then = by("manager", &["--credit", "then"]);
    assert_eq!((&then["S1"], &then["S2"]), (&json!(24_606.3), &json!(128_402.2)));
    let attained = home.json(&[
        "metrics",
        "--by",
        "manager",
        "--kpi",
        "target,attainment",
        "--period",
        "2025-10",
        "--format",
        "json",
    ]);
    let of = |row: usize, kpi: &str| attained["rows"][row][kpi].to_string();
    assert_eq!(
        (of(0, "target"), of(0, "attainment"), of(1, "attainment")),
        ("2001".into(), "0.5".into(), "0.5".into())
    );
    let evaluation = home.json(&["evaluate", "--period", "2025-10", "--format", "json"]).to_string();
    assert!(evaluation.contains("2001") && evaluation.contains("304016"), "{evaluation}");

    // What each is summed up by, and which rows a window has.
    let groups = |kind: &str| home.json(&["facts", kind, "--format", "json"])["groups"].clone();
    assert_eq!(groups("targets")[0], json!({ "word": "net_sales", "currency": null, "rows": 2, "sum": "306017.0000" }));
    assert_eq!(groups("market")[0]["sum"], "644162.0000");
    assert_eq!(groups("activities")[0]["sum"], "3.750000");
    assert_eq!(groups("offers")[0]["sum"], "300.5000");
    assert_eq!(groups("costs")[0]["rows"], 2);
    assert_eq!(groups("stock")[0], json!({ "word": "out", "currency": null, "rows": 2, "sum": null }));
    let in_window =
        |kind: &str, more: &[&str]| home.json(&[&["facts", kind, "--format", "json"], more].concat())["total"].clone();
    assert_eq!(in_window("targets", &["--period", "2025-11"]), 2);
    assert_eq!(in_window("targets", &["--period", "2025-11", "--word", "units"]), 1);
    assert_eq!(in_window("rates", &["--period", "2025-10-08"]), 1);
    assert_eq!(in_window("ownership", &["--period", "2024"]), 0);
    assert_eq!(in_window("ownership", &["--period", "2026", "--account", "C2"]), 2);
    assert_eq!(in_window("sales", &["--invoice", "F2"]), 1);
    let rows =
        server.json("/api/facts/targets?manager=S2&period=2025-10-01..2025-10-31&word=net_sales")["rows"].clone();
    assert_eq!((&rows[0]["file"], &rows[0]["row"], rows[0]["import_id"].is_number()), (&json!("api"), &json!(2), true));
}

/// A row as it is listed, without where it came from; what was kept beside it is a column again.
fn listed_again(row: &Value) -> Value {
    const PLACE: [&str; 7] = ["source", "import_id", "file", "sheet", "row", "repair_of", "extra"];
    let row = row.as_object().expect("a row");
    let mut again: Map<String, Value> = row
        .iter()
        .filter(|(name, _)| !PLACE.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(extra) = row.get("extra").and_then(Value::as_str) {
        again.extend(serde_json::from_str::<Map<String, Value>>(extra).expect("an object"));
    }
    Value::Object(again)
}

#[test]
fn a_row_as_it_is_listed_is_pushed_again_and_changes_nothing() {
    let home = Home::new();
    let server = Server::start(&home);
    for (kind, as_json, as_csv) in ROWS {
        push(&server, kind, JSON, as_json);
        push(&server, kind, CSV, as_csv);
        let before = server.json(&format!("/api/facts/{kind}"));
        let rows: Vec<Value> = before["rows"].as_array().expect("rows").iter().map(listed_again).collect();
        assert!(rows.len() > 1, "{kind}");
        let answer = push(&server, &format!("{kind}?discount=amount&cost=line"), JSON, &Value::Array(rows).to_string());
        // Each still leads back to the import that brought it first.
        assert_eq!(server.json(&format!("/api/facts/{kind}")), before, "{kind}");
        let import = server.json(&format!("/api/imports/{}", answer["import"]));
        assert_eq!((&import["lines"], &import["replaced"]), (&0.into(), &0.into()), "{kind}: {import}");
    }
}

#[test]
fn what_is_wrong_with_a_row_is_told_of_its_column() {
    let home = Home::new();
    let server = Server::start(&home);
    for (kind, row, column, why) in [
        (
            "accounts",
            r#"{"account_id":"","account_name":"","region":"Barat"}"#,
            "account_id",
            "Id and name are both missing",
        ),
        ("products", r#"{"product_id":"","category":"Rumah"}"#, "product_id", "Id and name are both missing"),
        ("managers", r#"{"manager_id":"","branch":"Bandung"}"#, "manager_id", "Id and name are both missing"),
        ("targets", r#"{"period":"besok","value":1}"#, "period", "The period cannot be read"),
        ("targets", r#"{"from":"2025-10-31","to":"2025-10-01","value":1}"#, "to", "before the first"),
        ("targets", r#"{"period":"2025","value":"banyak"}"#, "value", "Not a number"),
        ("market", r#"{"from":"2025-02-30","to":"2025-10-01","value":1}"#, "from", "no such day"),
        ("ownership", r#"{"account_id":"C1","manager_id":"S1","share":-0.5}"#, "share", "above 0"),
        ("ownership", r#"{"account_id":"C1","manager_id":""}"#, "manager_id", "The manager is missing"),
        ("rates", r#"{"currency":"","from":"2025-10-01","rate":1}"#, "currency", "The currency is missing"),
        (
            "sales",
            r#"{"invoice_no":"F1","date":"","account_id":"C1","quantity":1,"net_amount":1}"#,
            "date",
            "The date is missing",
        ),
    ] {
        let (status, said) = server.ask("POST", &format!("/api/facts/{kind}"), JSON, &format!("[{row}]"));
        assert_eq!(status, 200, "{kind} {row}: {said}");
        let answer: Value = serde_json::from_str(&said).expect("JSON");
        let bad = &answer["set_aside"][0];
        assert_eq!((&answer["accepted"], &bad["column"]), (&0.into(), &column.into()), "{kind} {row}: {said}");
        assert!(bad["reason"].as_str().expect("why").contains(why), "{kind} {row}: {said}");
    }
    // What the values leave open is refused, and what is said about them decides it.
    let line =
        r#"[{"invoice_no":"F1","date":"03/04/2025","account_id":"C1","quantity":2,"unit_price":100,"discount":10}]"#;
    assert_eq!(server.ask("POST", "/api/facts/sales", JSON, line).0, 422);
    push(&server, "sales?date_order=dmy&discount=percent", JSON, line);
    assert_eq!(
        (home.net(), server.json("/api/facts/sales")["rows"][0]["date"].clone()),
        ("180".to_owned(), "2025-04-03".into())
    );
    assert_eq!(server.ask("POST", "/api/facts/sales?discount=much", JSON, line).0, 400);
}

/// While one push is committed the others wait and are committed together where they can be: each has to mean what it means alone.
#[test]
fn pushes_that_come_together_mean_what_each_means_alone() {
    let home = Home::new();
    let server = Server::start(&home);
    let many: Vec<Value> = (0..20_000)
        .map(|row| json!({ "account_id": format!("X{row}"), "manager_id": "S1", "from": "2025-01-01" }))
        .collect();
    let many = Value::Array(many).to_string();
    let owner = |account: &str, share: Value| json!([{ "account_id": account, "manager_id": "S1", "from": "2025-01-01", "share": share }]);
    // Alone 1 is the whole, beside a 60 it would be one percent; a day that says nothing would be read by its neighbour's order; and
    // of two columns for one field the better known would be taken for both.
    let pushes = [
        ("ownership", owner("A", json!(1)).to_string(), Some(json!(1))),
        ("ownership", owner("B", json!(60)).to_string(), Some(json!(0.6))),
        ("ownership", owner("C", json!(0.25)).to_string(), Some(json!(0.25))),
        ("ownership", owner("D", json!(40)).to_string(), Some(json!(0.4))),
        (
            "ownership",
            r#"[{"kode pelanggan":"E","kode sales":"S1","mulai":"2025-01-01","porsi":0.5}]"#.to_owned(),
            Some(json!(0.5)),
        ),
        (
            "ownership",
            r#"[{"account_id":"F","manager_id":"S1","from":"25/12/2024","share":0.5}]"#.to_owned(),
            Some(json!(0.5)),
        ),
        ("ownership", r#"[{"account_id":"G","manager_id":"S1","from":"03/04/2025","share":0.5}]"#.to_owned(), None),
    ];
    thread::scope(|scope| {
        let first = scope.spawn(|| push(&server, "ownership", JSON, &many));
        thread::sleep(std::time::Duration::from_millis(150));
        let answers: Vec<_> = pushes
            .iter()
            .map(|(kind, body, share)| {
                let server = &server;
                scope.spawn(move || {
                    let (status, said) = server.ask("POST", &format!("/api/facts/{kind}"), JSON, body);
                    assert_eq!(status, if share.is_some() { 200 } else { 422 }, "{body}: {said}");
                })
            })
            .collect();
        for answer in answers {
            answer.join().expect("answered");
        }
        first.join().expect("answered");
    });
    for (place, (_, _, share)) in pushes.iter().enumerate() {
        let account = char::from(b'A' + u8::try_from(place).expect("few"));
        let rows = server.json(&format!("/api/facts/ownership?account={account}"))["rows"].clone();
        assert_eq!(rows[0].get("share"), share.as_ref(), "{account}: {rows}");
    }

    // Two that name the same target are a target and its correction, however they arrive.
    let target = |value: u32| json!([{ "manager_id": "S1", "period": "2025-10", "value": value }]).to_string();
    thread::scope(|scope| {
        for value in 1..=6 {
            let (server, body) = (&server, target(value));
            scope.spawn(move || push(server, "targets", JSON, &body));
        }
    });
    assert_eq!(server.json("/api/facts/targets")["total"], 1);
}
