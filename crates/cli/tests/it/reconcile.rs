//! Lines made as their source is: what it has no more is taken out, and comes back by an undo.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::Home;

/// A shop whose lines are known by `columns`, and a home that has read it.
struct Shop {
    home: Home,
    shop: Connection,
}

impl Shop {
    fn new(columns: &str) -> Self {
        let home = Home::new();
        let file = home.path().join("shop.db");
        let shop = Connection::open(&file).expect("a database");
        shop.execute_batch(
            "CREATE TABLE faktur (id integer PRIMARY KEY, no_faktur text, baris int, tanggal text, kode_pelanggan text, netto real, diubah text);
             INSERT INTO faktur VALUES (1, 'F1', 1, '2025-01-02', 'C1', 10, '2025-01-02 08:00:00'), (2, 'F1', 2, '2025-01-02', 'C1', 20, '2025-01-02 08:00:00'),
             (3, 'F2', 1, '2025-02-03', 'C2', 5, '2025-02-03 08:00:00'), (4, 'F3', 1, '2025-03-03', 'C2', 7, '2025-03-03 08:00:00'),
             (5, 'F3', 2, '2025-03-03', 'C2', 7, '2025-03-03 08:00:00');",
        )
        .expect("rows");
        let query = format!("SELECT {columns}, tanggal, kode_pelanggan, netto, diubah FROM faktur");
        let address = format!("sqlite:{}", file.display());
        let add = ["sources", "add", "shop", "--url", &address, "--query", &query];
        // Lines without an invoice number are read whole each time.
        let watermark: &[&str] = if columns.contains("no_faktur") { &["--watermark", "diubah"] } else { &[] };
        // A query has no key to go on by.
        assert!(home.ok(&[&add[..], watermark].concat()).contains("begins anew"));
        let new = Self { home, shop };
        new.sync();
        new.agrees();
        new
    }

    fn run(&self, sql: &str) {
        self.shop.execute_batch(sql).expect("statements");
    }

    fn sync(&self) -> Value {
        self.home.json(&["sync", "shop", "--format", "json"])
    }

    fn apply(&self) -> Value {
        self.home.json(&["sources", "reconcile", "shop", "--apply", "--format", "json"])
    }

    fn undo(&self, import: &Value) {
        self.home.ok(&["imports", "undo", &import.to_string()]);
    }

    fn net(&self) -> f64 {
        self.home.net().parse().expect("a number")
    }

    /// Every figure is that of the source, in the panels and by the lines.
    #[track_caller]
    fn agrees(&self) {
        let net: f64 = self.shop.query_row("SELECT sum(netto) FROM faktur", [], |row| row.get(0)).expect("a sum");
        assert_eq!(self.net(), net);
        let found = self.home.json(&["sources", "reconcile", "shop", "--format", "json"]);
        for month in found["months"].as_array().expect("months") {
            assert_eq!((&month["lines"], &month["net"]), (&month["source_lines"], &month["source_net"]), "{found}");
        }
        assert_eq!(found["gone"], 0, "{found}");
    }
}

fn lines_that_go_and_come_again(columns: &str) {
    let shop = Shop::new(columns);
    let before = shop.net();
    shop.run("DELETE FROM faktur WHERE id IN (2, 5); UPDATE faktur SET netto = 6 WHERE id = 3;");
    let applied = shop.apply();
    let did = ["replaced", "gone"].map(|name| applied["applied"][name].as_u64().expect("a count"));
    assert!(did[0] + did[1] >= 3, "{applied}");
    shop.agrees();
    let again = shop.apply();
    assert!(again["applied"].is_null() && again["gone"] == 0, "{again}");

    // It is an import like others: taken back, all is as it was.
    let import = &applied["applied"]["id"];
    shop.undo(import);
    assert_eq!(shop.net(), before);
    let applied = shop.apply();
    shop.agrees();
    shop.home.ok(&["rebuild"]);
    shop.agrees();

    // A line that comes again after it was taken out counts once, also where the taking out is taken back.
    shop.run("INSERT INTO faktur VALUES (5, 'F3', 2, '2025-03-03', 'C2', 7, '2025-03-03 08:00:00');");
    shop.sync();
    shop.agrees();
    let with_it = shop.net();
    shop.undo(&applied["applied"]["id"]);
    // Lines 2 and the old 3 are back; 5 is there once.
    assert_eq!(shop.net(), with_it + 20.0 - 1.0);
    shop.apply();
    shop.agrees();
}

#[test]
fn lines_known_by_their_number() {
    lines_that_go_and_come_again("no_faktur, baris AS nomor_baris");
}

#[test]
fn lines_known_by_their_invoice() {
    lines_that_go_and_come_again("no_faktur");
    // One changed line brings the others of its invoice.
    let shop = Shop::new("no_faktur");
    shop.run("UPDATE faktur SET netto = 21, diubah = '2025-04-01 08:00:00' WHERE id = 2;");
    let synced = shop.sync();
    // With the two of the hour before the mark.
    assert_eq!((&synced["import"]["rows"], &synced["import"]["replaced"]), (&4.into(), &2.into()), "{synced}");
    shop.agrees();
}

#[test]
fn lines_known_by_their_content() {
    lines_that_go_and_come_again("'tunai' AS keterangan");
}

#[test]
fn an_empty_source_takes_nothing_out() {
    let shop = Shop::new("no_faktur, baris AS nomor_baris");
    let net = shop.net();
    shop.run("DELETE FROM faktur");
    let why = shop.home.refused(&["sources", "reconcile", "shop", "--apply"]);
    assert!(why.contains("is empty"), "{why}");
    assert_eq!(shop.net(), net);
}
