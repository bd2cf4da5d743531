//! Stock of a simulated company: what has to be there and what to order, by command and API, before and after stock comes in.

use serde_json::Value;

use crate::{opportunities::simulated, serve::Server, support::Home};

fn stock(home: &Home, more: &[&str]) -> Value {
    home.json(&[&["stock", "--format", "json", "--limit", "1000"], more].concat())
}

fn rows(of: &Value) -> &Vec<Value> {
    of["rows"].as_array().expect("rows")
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row}"))
}

fn find<'a>(of: &'a Value, like: &Value) -> &'a Value {
    let is =
        |row: &&Value| row["product"]["id"] == like["product"]["id"] && row["branch"]["id"] == like["branch"]["id"];
    rows(of).iter().find(is).expect("the row")
}

#[test]
fn what_is_told_to_order_fills_up_what_has_to_be_there() {
    let (home, _) = simulated("60000", false);
    let found = stock(&home, &[]);
    assert_eq!(
        (found["days"].as_u64(), found["service"].as_f64(), found["is_told"].as_bool()),
        (Some(21), Some(0.95), Some(true))
    );
    let total: u64 =
        found["states"].as_array().expect("states").iter().map(|state| state["count"].as_u64().expect("a count")).sum();
    assert_eq!(found["total"].as_u64(), Some(total));
    let mut losses = Vec::new();
    let (mut orders, mut corrected) = (0, 0);
    for row in rows(&found) {
        assert!(row["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()), "{row}");
        losses.push(row["loss"].as_f64().unwrap_or_default());
        corrected += u64::from(row["reasons"].to_string().contains("without stock"));
        let (Some(level), Some(on_hand)) = (row["level"].as_f64(), row["on_hand"].as_f64()) else {
            assert!(row["order"].is_null(), "{row}");
            continue;
        };
        orders += u64::from(number(row, "order") > 0.0);
        assert!((number(row, "order") - (level - on_hand).max(0.0)).abs() < 0.011, "{row}");
        assert!(
            number(row, "low") <= number(row, "forecast") && number(row, "forecast") <= number(row, "high"),
            "{row}"
        );
        assert_eq!(row["unit"].as_str().map(str::len), Some(3), "{row}");
    }
    assert!(orders > 20 && corrected > 50, "{orders} {corrected}");
    let urgent = losses.iter().position(|loss| *loss <= 0.0).expect("not all are urgent");
    assert!(urgent > 20 && losses[..urgent].is_sorted_by(|one, other| one >= other));
    // On its own past the share that was asked for was held.
    let held = number(&found["held"][0]["share"], "value");
    eprintln!("held {held} of {}", found["held"][0]["share"]["n"]);
    assert!((held - 0.95).abs() < 0.02, "{}", found["held"]);

    // A row in another order, a server: the same to the last digit.
    let server = Server::start(&home);
    assert_eq!(found, server.json("/api/stock?limit=1000"));
    let (other, _) = simulated("60000", true);
    assert_eq!(found, stock(&other, &[]));
    // Who orders less often, or wants to be surer, has to have more.
    let level = |of: &Value| -> f64 { rows(of).iter().filter_map(|row| row["level"].as_f64()).sum() };
    assert!(level(&server.json("/api/stock?limit=1000&lead=30")) > 1.2 * level(&found));
    assert!(level(&stock(&home, &["--service", "99%"])) > level(&found));
    let short = server.json("/api/stock?state=short&limit=3");
    assert!(rows(&short).iter().all(|row| row["state"] == "short") && rows(&short).len() == 3);

    // What comes in is no longer missing, and taken back it is.
    let first = rows(&found)[0].clone();
    let (product, branch) =
        (first["product"]["id"].as_str().expect("an id"), first["branch"]["id"].as_str().expect("an id"));
    let day = found["today"].as_str().expect("a day");
    let much = number(&first, "level") + 1.0;
    let file = home.file("tambahan.csv", format!("tanggal,kode_barang,cabang,stok\n{day},{product},{branch},{much}\n"));
    let import = home.import("stock", &file, &[]);
    let filled = server.json("/api/stock?limit=1000");
    let row = find(&filled, &first);
    assert!(number(row, "order") == 0.0 && number(row, "on_hand") > number(&first, "on_hand"), "{row}");
    home.ok(&["imports", "undo", &import["id"].to_string()]);
    assert_eq!(found, server.json("/api/stock?limit=1000"));

    let of_branch = stock(&home, &["--branch", branch, "--product", product]);
    assert_eq!(rows(&of_branch).iter().map(|row| &row["order"]).collect::<Vec<_>>(), [&first["order"]]);
    assert!(home.ok(&["stock", "--limit", "3"]).contains(product));
    assert!(home.refused(&["stock", "--branch", "Atlantis"]).contains("Atlantis"));
    assert!(home.refused(&["stock", "--state", "gone"]).contains("untold"));
    assert!(home.refused(&["stock", "--service", "100%"]).contains("99.9%"));
    assert!(home.refused(&["stock", "--lead", "0"]).contains("365"));
    assert_eq!(server.ask("GET", "/api/stock?review=400", "", "").0, 422);
}
