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
    assert_eq!((fewer["saved"].as_f64(), fewer["profit_then"].as_f64()), (Some(26.0), Some(886.0)));
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
