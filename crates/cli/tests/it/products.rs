//! What becomes of products, by command and API.

use std::fmt::Write;

use crate::{serve::Server, support::Home};

#[test]
fn accounts_that_went_from_one_product_to_another_are_found() {
    let home = Home::new();
    let mut sales =
        "no_faktur,no_baris,tanggal,kode_pelanggan,kode_sales,kode_barang,nama_barang,kategori,jumlah,netto\n\
        F0,1,2024-12-05,A19,S1,P3,Gula,Pokok,1,70\n"
            .to_owned();
    let mut number = 0;
    let mut sell = |date: &str, account: usize, product: &str, name: &str, net: u32| {
        number += 1;
        writeln!(sales, "F{number},1,{date},A{account},S1,{product},{name},Pokok,1,{net}").expect("text");
    };
    for account in 0..20 {
        sell("2025-01-10", account, "P3", "Gula", 100);
        sell("2025-02-28", account, "P3", "Gula", 100);
    }
    for account in 0..10 {
        sell("2025-01-11", account, "P1", "Teh", 40);
        let (product, name) = if account < 8 { ("P2", "Kopi") } else { ("P1", "Teh") };
        sell("2025-02-11", account, product, name, 50);
    }
    home.import("sales", &home.file("jual.csv", sales), &[]);
    let feedback = "tanggal,kode_pelanggan,kode_barang,jenis,komentar\n\
        2025-02-12,A0,P2,keluhan,penyok\n\
        2025-02-13,A1,P2,keluhan,bocor\n";
    home.import("feedback", &home.file("kata.csv", feedback), &[]);

    let said = home.json(&["products", "--period", "2025-02", "--format", "json"]);
    let told: Vec<_> = said["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["id"].as_str(), row["net_sales"].as_f64(), row["began"].as_u64(), row["stopped"].as_u64()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("P3"), Some(2000.0), Some(0), Some(0)),
            (Some("P2"), Some(400.0), Some(8), Some(0)),
            (Some("P1"), Some(100.0), Some(0), Some(8)),
        ]
    );
    // Two accounts that buy 150 each.
    assert_eq!(said["rows"][1]["complaints"]["worth"].as_f64(), Some(300.0));
    let pair = &said["together"][0];
    assert_eq!(
        (pair["stopped"].as_str(), pair["began"].as_str(), pair["both"].as_u64()),
        (Some("P1"), Some("P2"), Some(8))
    );

    let server = Server::start(&home);
    assert_eq!(server.json("/api/products?period=2025-02"), said, "the same by command and API");
    let (status, body) = server.ask("GET", "/api/products?by=manager", "Accept-Language: en\r\n", "");
    assert!(body.contains("choose product or category"), "{body}");
    assert_eq!(status, 422);
    let text = home.ok(&["--lang", "id", "products", "--period", "2025-02"]);
    assert!(text.contains("Bergerak bersama") && text.contains("bukan berarti menyebabkan"), "{text}");
    let category = home.json(&["products", "--by", "category", "--period", "2025-02", "--format", "json"]);
    assert_eq!(category["rows"][0]["net_sales"].as_f64(), Some(2500.0));
}
