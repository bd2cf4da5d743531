//! What a file, a name or a question says is data, never a command.

use std::{fs, io::Read};

use crate::{serve::Server, support::Home};

const FORMULA: &str = "=cmd|' /C calc'!A0";
const INJECTION: &str = "x'; DROP TABLE sales; --";

fn sales(accounts: &[&str]) -> String {
    let mut text = "no_faktur,tanggal,kode_pelanggan,nama_pelanggan,nama_sales,jumlah,netto\n".to_owned();
    for (number, account) in accounts.iter().enumerate() {
        let quoted = format!("\"{}\"", account.replace('"', "\"\""));
        text.push_str(&format!("F{number},2025-10-0{},{quoted},{quoted},{quoted},1,100\n", number + 1));
    }
    text
}

#[test]
fn a_name_that_looks_like_a_formula_is_never_one_in_an_export() {
    let home = Home::new();
    home.import("sales", &home.file("jual.csv", sales(&[FORMULA, "+62 Toko", "Toko Biasa"])), &[]);
    let csv = home.ok(&["metrics", "--by", "account", "--format", "csv"]);
    for cell in csv.lines().flat_map(|line| line.split(',')) {
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '@']), "{cell}");
    }
    assert!(csv.contains("'=cmd|"), "{csv}");
    let book = home.path().join("evaluasi.xlsx");
    home.ok(&["evaluate", "--period", "2025-10", "--format", "xlsx", "-o", book.to_str().expect("text")]);
    let mut archive = zip::ZipArchive::new(fs::File::open(&book).expect("a workbook")).expect("an archive");
    let mut has_name = false;
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut xml = String::new();
        if part.read_to_string(&mut xml).is_ok() {
            has_name |= xml.contains("=cmd|");
            assert!(!name.contains("worksheets") || !xml.contains("<f>"), "{name} holds a formula");
        }
    }
    assert!(has_name, "the name is in it, as text");

    // A row set aside is handed out guarded and comes back as it was.
    let bad = "no_faktur,tanggal,kode_pelanggan,nama_pelanggan,kode_sales,jumlah,netto\nF9,2025-10-31,\"=1+1\",\"=1+1\",S1,dua,100\nF8,2025-10-30,C8,Toko,S1,1,5\nF7,2025-10-30,C8,Toko,S1,3,5\n";
    let report = home.import("sales", &home.file("salah.csv", bad), &[]);
    let repair = home.path().join("perbaikan.csv");
    home.ok(&["imports", "set-aside", &report["id"].to_string(), "-o", repair.to_str().expect("text")]);
    let text = fs::read_to_string(&repair).expect("the file");
    assert!(text.contains("'=1+1") && !text.contains(",=1+1"), "{text}");
    home.import("sales", &home.file("betul.csv", text.replace(",dua,", ",2,")), &[]);
    let rows = home.ok(&["lines", "--account", "=1+1"]);
    assert!(rows.contains(r#""account_name":"=1+1""#), "{rows}");
}

#[test]
fn sql_in_names_has_no_effect() {
    let home = Home::new();
    home.import("sales", &home.file("jual.csv", sales(&[INJECTION, "Toko Biasa", "a\" OR \"1\"=\"1"])), &[]);
    let net = home.net();
    assert_eq!(home.ok(&["lines", "--account", INJECTION]).lines().count(), 1);
    let quoted = format!("account = '{}'", INJECTION.replace('\'', "''"));
    assert!(home.ok(&["metrics", "--where", &quoted, "--format", "csv"]).contains("100"));
    for condition in
        [format!("account = '{INJECTION}'"), "1=1; SELECT 1".to_owned(), "account IN (SELECT 1)".to_owned()]
    {
        home.refused(&["metrics", "--where", &condition]);
    }
    home.ok(&["aliases", "same", "account", INJECTION, "Toko Biasa"]);
    home.ok(&["facts", "aliases", "--word", INJECTION]);
    let server = Server::start(&home);
    let encoded: String = INJECTION.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for path in [
        format!("/api/lines?account={encoded}"),
        format!("/api/facts/aliases?word={encoded}"),
        format!("/api/facts/sales?source={encoded}"),
        format!("/api/metrics?by=account&sort={encoded}"),
        format!("/api/imports/{encoded}"),
        format!("/api/sources/{encoded}/schedule"),
        "/api/facts/..%2f..%2fstate.db".to_owned(),
        "/..%2f..%2fetc%2fpasswd".to_owned(),
    ] {
        let (status, body) = server.ask("GET", &path, "", "");
        assert!(status != 500 && !body.contains("root:"), "{path}: {status} {body}");
    }
    let file = home.path().join("toko.db");
    let database = rusqlite::Connection::open(&file).expect("a database");
    database.execute_batch("CREATE TABLE faktur (tanggal text, pelanggan text, netto int)").expect("a table");
    let address = format!("sqlite:{}", file.display());
    for table in ["faktur; DROP TABLE faktur", "faktur\" WHERE 1=1 --", "sqlite_master"] {
        home.refused(&["sources", "add", "toko", "--url", &address, "--table", table]);
    }
    for query in ["DROP TABLE faktur", "SELECT 1; DROP TABLE faktur", "DELETE FROM faktur", "PRAGMA writable_schema=1"]
    {
        home.refused(&["sources", "add", "toko", "--url", &address, "--query", query]);
    }
    database.execute_batch("SELECT * FROM faktur").expect("the table is there");
    assert_eq!(home.net(), net);
}
