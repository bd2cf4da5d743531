//! The fair comparison as a user asks for it: command, API and figures elsewhere agree.

use serde_json::Value;

use crate::{serve::Server, support::Home};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

#[test]
fn managers_are_compared_alike_by_command_and_api() {
    let home = Home::new();
    let folder = home.path().join("company");
    home.ok(&["simulate", "--lines", "60000", "--seed", "5", "--out", folder.to_str().expect("text")]);
    for (kind, name) in [
        ("accounts", "pelanggan.csv"),
        ("managers", "sales.csv"),
        ("ownership", "kepemilikan.csv"),
        ("sales", "penjualan.csv"),
    ] {
        home.import(kind, &folder.join(name), &[]);
    }
    let said = home.json(&["--lang", "en", "fair", "--format", "json"]);
    let rows = said["rows"].as_array().expect("rows");
    assert!(rows.len() >= 8, "{} managers", rows.len());

    // What is compared is what was sold: no more, no less.
    let period = said["period"].as_str().expect("a period");
    let sales =
        home.json(&["metrics", "--by", "manager", "--period", period, "--kpi", "net_sales", "--format", "json"]);
    let sold = |id: &Value| {
        let row = sales["rows"].as_array().expect("rows").iter().find(|row| row["manager"] == *id);
        number(&row.unwrap_or_else(|| panic!("{id} in {sales}"))["net_sales"])
    };
    for row in rows {
        assert!((number(&row["observed"]) - sold(&row["id"])).abs() < 1.0, "{row}");
        let (index, best) = (&row["index"], &row["best"]);
        for ratio in [index, best] {
            assert!(number(&ratio["low"]) <= number(&ratio["value"]), "{row}");
            assert!(number(&ratio["value"]) <= number(&ratio["high"]) && number(&ratio["level"]) == 0.95, "{row}");
        }
        assert!((number(&index["value"]) - number(&row["observed"]) / number(&row["expected"])).abs() < 1e-6, "{row}");
        assert!(number(&row["rank"]["best"]) <= number(&row["rank"]["worst"]));
        let has_skill = !row["skill"].is_null();
        assert_eq!(row["label"], if has_skill { "skill" } else { "adjusted_for_portfolio" });
        assert!(!has_skill || number(&row["skill"]["n"]) >= 3.0);
    }
    let sum = |field: &str| rows.iter().map(|row| number(&row[field])).sum::<f64>();
    assert!((sum("observed") - sum("expected")).abs() < 1.0, "expectations add up to what was sold");

    let server = Server::start(&home);
    let told = server.json("/api/fair");
    assert_eq!(told, said, "the same by command and API, draws and all");
    let first = rows[0]["id"].as_str().expect("an id");
    let one = server.json(&format!("/api/fair?manager={first}"));
    assert_eq!(one["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!((&one["rows"][0], &one["compared"]), (&rows[0], &said["compared"]));
    let (status, body) = server.ask("GET", "/api/fair?manager=nobody", "Accept-Language: en\r\n", "");
    assert!(status == 422 && body.contains("no account manager"), "{status} {body}");

    let table = home.ok(&["--lang", "id", "fair", "--manager", first]);
    assert!(table.contains("Taksiran terbaik") && table.contains("Indeks disesuaikan"), "{table}");
    let refused = home.refused(&["--lang", "id", "fair", "--where", "month = '2025-01'"]);
    assert!(refused.contains("periode dipilih tersendiri"), "{refused}");
    let segment = home.json(&["fair", "--where", "segment = 'Ritel'", "--format", "json"]);
    assert!(number(&segment["accounts"]) < number(&said["accounts"]));
}
