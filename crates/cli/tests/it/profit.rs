//! Profit after the cost to serve, by command and API, from files a company would have.

use crate::{serve::Server, support::Home};

/// Two managers, three accounts in two months; the figures are worked out beside each line.
fn company() -> Home {
    let home = Home::new();
    let sales = "no_faktur,no_baris,tanggal,kode_pelanggan,nama_pelanggan,kode_sales,nama_sales,kode_barang,jumlah,netto,hpp\n\
        F1,1,2025-01-10,A,Toko A,S1,Sari,B1,1,1000,700\n\
        F2,1,2025-02-10,B,Toko B,S1,Sari,B1,1,400,350\n\
        F3,1,2025-02-11,C,Toko C,S2,Budi,B1,1,2000,1200\n\
        F4,1,2025-02-28,C,Toko C,S2,Budi,B1,1,600,\n";
    home.import("sales", &home.file("jual.csv", sales), &["--cost", "line"]);
    let accounts = "kode_pelanggan,nama_pelanggan,cabang\nA,Toko A,Timur\nB,Toko B,Timur\nC,Toko C,Barat\n";
    home.import("accounts", &home.file("pelanggan.csv", accounts), &[]);
    let costs = "id_biaya,tanggal,kode_pelanggan,kode_sales,jenis,nilai,jam\n\
        K1,2025-01-12,A,S1,pengiriman,60,\n\
        K2,2025-02-03,B,S1,kunjungan,,11\n\
        K3,2025-02-04,,S2,layanan,100,\n";
    home.import("costs", &home.file("biaya.csv", costs), &[]);
    // The visit to B in February is told by a cost already; the one to A is not.
    let activities = "id_aktivitas,tanggal,kode_pelanggan,kode_sales,aktivitas,jam\n\
        V1,2025-02-03,B,S1,kunjungan,2\n\
        V2,2025-02-05,A,S1,kunjungan,2\n";
    home.import("activities", &home.file("aktivitas.csv", activities), &[]);
    home
}

#[test]
fn profit_is_told_alike_by_command_and_api() {
    let home = company();
    let before = home.json(&["profit", "--format", "json"]);
    // 60 and 100 in money; 11 + 2 hours without a rate.
    assert_eq!((before["total"]["cost"].as_f64(), before["total"]["hours"].as_f64()), (Some(160.0), Some(13.0)));
    assert!(before["notes"].to_string().contains("13.0 hours have no cost yet"), "{}", before["notes"]);

    home.ok(&["profit", "rate", "--hourly", "10"]);
    let said = home.json(&["profit", "--format", "json"]);
    let rows: Vec<_> =
        said["rows"].as_array().expect("rows").iter().map(|row| (row["id"].as_str(), row["profit"].as_f64())).collect();
    // C: 2000 − 1200; A: 300 − 60 − 2 hours; B: 50 − 11 hours.
    assert_eq!(rows, [(Some("C"), Some(800.0)), (Some("A"), Some(220.0)), (Some("B"), Some(-60.0))]);
    assert_eq!(said["untied"]["profit"].as_f64(), Some(-100.0));
    assert_eq!(said["total"]["profit"].as_f64(), Some(860.0));
    // 3400 of 4000 have a cost.
    assert_eq!(said["total"]["cost_coverage"].as_f64(), Some(0.85));
    assert_eq!(said["losing"][0]["id"], "B");
    assert_eq!((said["whale"]["peak"].as_f64(), said["whale"]["accounts_to_peak"].as_u64()), (Some(1020.0), Some(2)));

    let managers = home.json(&["profit", "--by", "manager", "--format", "json"]);
    let sum: f64 = managers["rows"].as_array().expect("rows").iter().filter_map(|row| row["profit"].as_f64()).sum();
    assert_eq!(sum, 860.0, "{managers}");

    let server = Server::start(&home);
    assert_eq!(server.json("/api/profit"), said, "the same by command and API");
    let fewer = server.json("/api/profit/what-if?visits=0.2");
    // A fifth of 13 hours of visits at 10.
    let total = &fewer["total"];
    assert_eq!((total["visit_saving"].as_f64(), total["profit_then"].as_f64()), (Some(26.0), Some(886.0)));
    let (status, body) = server.ask("GET", "/api/profit/what-if", "Accept-Language: en\r\n", "");
    assert!(status == 422 && body.contains("say what would be different"), "{status} {body}");
    let (status, body) = server.ask("GET", "/api/profit/what-if?min_order=few", "Accept-Language: en\r\n", "");
    assert!(status == 422 && body.contains("an amount of money"), "{status} {body}");
    let (status, body) = server.ask("GET", "/api/profit?by=product", "Accept-Language: en\r\n", "");
    assert!(status == 422 && body.contains("choose account"), "{status} {body}");
    let (status, _) = server.ask("GET", "/api/profit?compare=never", "", "");
    assert_eq!(status, 422);

    let text = home.ok(&["--lang", "id", "profit", "--by", "manager"]);
    assert!(
        text.contains("Laba bersih")
            && text.contains("Tanpa manajer") == (managers["untied"] != serde_json::Value::Null),
        "{text}"
    );
    let text = home.ok(&["profit", "what-if", "--visits", "-20%"]);
    assert!(text.contains("an assumption, not a finding"), "{text}");
    assert!(home.refused(&["profit", "what-if", "--visits", "20%"]).contains("-20%"));
    assert!(home.refused(&["profit", "rate", "--hourly=-1"]).contains("hourly rate"));
    assert!(home.refused(&["profit", "--where", "product = 'B1'"]).contains("costs to serve"));
}

#[test]
fn prices_and_orders_that_are_not_as_they_are_close_to_the_accounts() {
    let home = company();
    home.ok(&["profit", "rate", "--hourly", "10", "--per-order", "5"]);
    // B: 400 for 350; a fifth above cost is 420. Its order is below 500 all the same: 70 of margin go, 5 are saved.
    let asked = ["profit", "what-if", "--above-cost", "20%", "--min-order", "500", "--format", "json"];
    let said = home.json(&asked);
    let total = &said["total"];
    assert_eq!((total["price_gain"].as_f64(), total["refused_margin"].as_f64()), (Some(20.0), Some(70.0)));
    assert_eq!((total["orders"].as_u64(), total["small_orders"].as_u64()), (Some(4), Some(1)));
    assert_eq!((total["profit"].as_f64(), total["profit_then"].as_f64()), (Some(860.0), Some(815.0)));
    assert_eq!((said["total_rows"].as_u64(), said["rows"][0]["id"].as_str()), (Some(1), Some("B")));
    let server = Server::start(&home);
    assert_eq!(server.json("/api/profit/what-if?above_cost=0.2&min_order=500"), said, "the same by command and API");
    let charged = server.json("/api/profit/what-if?min_order=700&small_order_fee=15&lose=0.5");
    // B and F4 of C; only B's margin of 50 is known, and 30 in fees.
    assert_eq!(charged["total"]["fees"].as_f64(), Some(30.0));
    assert_eq!(charged["total"]["lost"].as_f64(), Some(40.0));
    let text = home.ok(&["--lang", "id", "profit", "what-if", "--min-order", "700", "--small-orders", "merge"]);
    assert!(text.contains("2 dari 4 pesanan di bawah") && text.contains("andaian, bukan hasil data"), "{text}");
    assert!(
        home.refused(&["profit", "what-if", "--visits", "-20%", "--small-orders", "merge"]).contains("--min-order")
    );
    assert!(home.refused(&["profit", "what-if", "--price-floor", "0%"]).contains("95%"));
    assert!(home.refused(&["profit", "what-if", "--min-order", "-5"]).contains("above 0"));

    // 1000 − 700 and 400 − 350 in the east, of 60 and 13 hours; 800 in the west; the fair is of no branch.
    let branches = home.json(&["profit", "--by", "branch", "--format", "json"]);
    let rows: Vec<_> = branches["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["id"].as_str(), row["profit"].as_f64()))
        .collect();
    assert_eq!(rows, [(Some("Barat"), Some(800.0)), (Some("Timur"), Some(160.0))]);
    assert_eq!(branches["untied"]["profit"].as_f64(), Some(-100.0));
    assert_eq!(branches["total"]["profit"].as_f64(), Some(860.0));

    // 11 hours of B and 2 of A beside 50 and 300; C has a margin and no hours.
    let hours = home.json(&["profit", "hours", "--format", "json"]);
    let rows: Vec<_> =
        hours["rows"].as_array().expect("rows").iter().map(|row| (row["id"].as_str(), row["hours"].as_f64())).collect();
    assert_eq!(rows, [(Some("B"), Some(11.0)), (Some("A"), Some(2.0)), (Some("C"), Some(0.0))]);
    assert_eq!(hours["least"][0]["id"], "B");
    assert_eq!(hours["without_hours"][0]["id"], "C");
    assert_eq!(server.json("/api/profit/hours"), hours, "the same by command and API");
    assert!(home.ok(&["profit", "hours", "--by", "manager"]).contains("cannot be read from them"));
    let managers = home.json(&["profit", "hours", "--by", "manager", "--format", "json"]);
    assert_eq!((managers["by"].as_str(), managers["total"]["hours"].as_f64()), (Some("manager"), Some(13.0)));
}

#[test]
fn a_simulated_company_has_costs_that_are_read_as_they_are() {
    let home = Home::new();
    let folder = home.path().join("data");
    home.ok(&["simulate", "--lines", "20000", "--seed", "11", "--out", folder.to_str().expect("a path")]);
    for (kind, file) in [("managers", "sales"), ("accounts", "pelanggan"), ("costs", "biaya"), ("sales", "penjualan")] {
        home.import(kind, &folder.join(format!("{file}.csv")), &[]);
    }
    home.ok(&["profit", "rate", "--hourly", "60000", "--per-order", "20000"]);
    let said = home.json(&["profit", "--format", "json"]);
    assert!(said["total"]["profit"].as_f64().is_some_and(|profit| profit > 0.0), "{}", said["total"]);
    assert!(said["total_losing"].as_u64().is_some_and(|losing| losing > 0), "some cost more than they earn");
    let found = home.json(&["opportunities", "--kind", "cost", "--format", "json"]);
    assert!(found["total"].as_u64().is_some_and(|total| total > 0), "{}", found["summary"]);
    let hours = home.json(&["profit", "hours", "--format", "json"]);
    assert!(hours["total_least"].as_u64().is_some_and(|least| least > 0), "{}", hours["summary"]);
    assert!(!hours["next"].as_array().expect("next").is_empty());
    let floor = home.json(&["profit", "what-if", "--price-floor", "95%", "--format", "json"]);
    let gain = floor["total"]["price_gain"].as_f64().expect("a gain");
    let of_rows: f64 =
        floor["rows"].as_array().expect("rows").iter().filter_map(|row| row["price_gain"].as_f64()).sum();
    assert!(gain > 0.0 && (of_rows - gain).abs() < 0.01, "{of_rows} of {gain}");
    // What is worth the most by price among opportunities gains by the floor too: the peers are the same.
    let cheap = home.json(&["opportunities", "--kind", "price", "--format", "json"]);
    if let Some(account) = cheap["rows"][0]["account"]["id"].as_str() {
        let rows = floor["rows"].as_array().expect("rows");
        assert!(rows.iter().any(|row| row["id"] == account), "{account} pays less than its peers");
    }
}
