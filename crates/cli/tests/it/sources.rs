//! Databases as sources, through the real binary, from real servers.

use std::{fs, path::Path};

use takar_testservers::{Kind, OWNER, PASSWORD, Server};

use crate::support::Home;

const TABLE: &str = "CREATE TABLE sales (line_id int, invoice varchar(20), line int, tanggal date, customer_id varchar(20), \
    customer_name varchar(60), sales_rep varchar(20), product varchar(20), qty decimal(12,3), net numeric(16,2), \
    changed timestamp);";

/// Twelve months of 40 invoices with two lines each.
fn rows() -> String {
    let row = |number: u32| {
        let (invoice, line) = (number / 2, number % 2 + 1);
        let (month, day) = (invoice / 40 + 1, invoice % 28 + 1);
        format!(
            "({number}, 'F-{invoice:05}', {line}, '2025-{month:02}-{day:02}', 'C-{:02}', 'Toko ''{}'', Jaya', 'S-{}', \
             'P-{:02}', 1.500, {}.25, '2025-{month:02}-{day:02} 10:00:00')",
            invoice % 13,
            invoice % 13,
            invoice % 4,
            number % 17,
            1_000 + number,
        )
    };
    format!("INSERT INTO sales VALUES {};", (0..960).map(row).collect::<Vec<_>>().join(", "))
}

/// Σ (1000 + n) + 0.25 over all rows.
const NET: &str = "1420560";

/// Nothing in the folder holds the password.
fn holds_no_password(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            holds_no_password(&path);
        } else {
            let bytes = fs::read(&path).expect("a file");
            let found = bytes.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes());
            assert!(!found, "the password is in {}", path.display());
        }
    }
}

/// What every database has to do alike; `run` changes the source, `address` is where it is.
fn brings_in_what_changes(address: &str, run: &dyn Fn(&str)) -> Home {
    let home = Home::new();
    let secret = home.file("secret", format!("{PASSWORD}\n"));
    let secret = secret.to_str().expect("text").to_owned();
    run(TABLE);
    run(&rows());

    let add = ["sources", "add", "erp", "--url", address, "--password-file", &secret, "--table", "sales"];
    let watermark = ["--watermark", "changed", "--format", "json"];
    let found = home.json(&[&add[..], &watermark[..]].concat());
    assert!(found["plan"]["mapping"].as_array().expect("a mapping").len() >= 8, "{found}");
    assert!(home.refused(&add).contains("--replace"));
    assert!(home.ok(&["sources", "tables", "erp"]).contains("customer_name"));

    let sync = ["sync", "erp", "--format", "json"];
    let first = home.json(&sync);
    assert_eq!((&first["import"]["rows"], &first["import"]["added"]), (&960.into(), &960.into()));
    assert_eq!(home.net(), NET);
    // The last hour is read again, and stays as it is.
    let again = home.json(&sync);
    assert_eq!((&again["import"]["added"], &again["import"]["replaced"]), (&0.into(), &0.into()));
    assert!(again["import"]["rows"].as_u64().expect("rows") < 20, "{again}");

    run("UPDATE sales SET net = net + 100, changed = '2025-12-28 11:00:00' WHERE line_id = 7;");
    run(
        "INSERT INTO sales VALUES (960, 'F-00480', 1, '2025-12-28', 'C-01', 'Toko', 'S-1', 'P-01', 1, 50.00, '2025-12-28 12:00:00');",
    );
    let changed = home.json(&sync);
    assert_eq!(changed["import"]["replaced"], 1, "{changed}");
    assert_eq!(home.net(), "1420710");
    assert!(home.ok(&["sources", "reconcile", "erp"]).contains("all 12 months agree"));

    // A row that went away and one that changed without a word to its watermark are found by comparing.
    run("DELETE FROM sales WHERE line_id = 100;");
    run("UPDATE sales SET net = net - 1 WHERE line_id = 800;");
    let told = home.json(&["sources", "reconcile", "erp", "--format", "json"]);
    let differing: Vec<&str> = told["months"]
        .as_array()
        .expect("months")
        .iter()
        .filter(|month| month["source_net"] != month["net"])
        .map(|month| month["month"].as_str().expect("a month"))
        .collect();
    assert_eq!(differing, ["2025-02", "2025-11"]);
    assert_eq!((&told["gone"], &told["check"]["replaced"]), (&1.into(), &1.into()), "{told}");
    let said = home.ok(&["sources", "reconcile", "erp", "--lang", "id"]);
    assert!(said.contains("2 dari 12 bulan berbeda") && said.contains("takar sources reconcile erp --apply"), "{said}");
    let whole = home.json(&["sync", "erp", "--whole", "--format", "json"]);
    assert_eq!(whole["import"]["replaced"], 1);
    assert_eq!(home.net(), "1420709", "a whole sync takes nothing out");
    // What is gone there is taken out here when that is asked for, and an undo brings it back.
    run("DELETE FROM sales WHERE line_id BETWEEN 200 AND 204;");
    run("UPDATE sales SET net = net + 5 WHERE line_id = 801;");
    let applied = home.json(&["sources", "reconcile", "erp", "--apply", "--format", "json"]);
    let did = ["added", "replaced", "gone"].map(|name| applied["applied"][name].as_u64().expect("a count"));
    assert_eq!(did, [1, 1, 6], "{applied}");
    let net = 1_420_709 + 5 - (1_100 + 1_200 + 1_201 + 1_202 + 1_203 + 1_204);
    assert_eq!(home.net(), format!("{}.5", net - 2), "six quarters less");
    let again = home.json(&["sources", "reconcile", "erp", "--apply", "--format", "json"]);
    assert_eq!((&again["gone"], &again["applied"]), (&0.into(), &serde_json::Value::Null), "{again}");
    assert!(home.ok(&["sources", "reconcile", "erp"]).contains("all 12 months agree"));
    let id = applied["applied"]["id"].to_string();
    assert!(home.ok(&["imports", "undo", &id]).contains("7 earlier lines count again"));
    assert_eq!(home.net(), "1420709");
    home.ok(&["sources", "reconcile", "erp", "--apply"]);
    assert_eq!(home.net(), format!("{}.5", net - 2));
    // What cannot be read, or an empty source, takes nothing out.
    run("UPDATE sales SET customer_id = '' WHERE line_id = 802;");
    assert!(home.refused(&["sources", "reconcile", "erp", "--apply"]).contains("cannot be read"));
    run("UPDATE sales SET customer_id = 'C-11' WHERE line_id = 802;");
    run("ALTER TABLE sales RENAME TO kept;");
    run("CREATE TABLE sales AS SELECT * FROM kept WHERE 1 = 0;");
    assert!(home.refused(&["sources", "reconcile", "erp", "--apply"]).contains("empty"));
    run("DROP TABLE sales;");
    run("ALTER TABLE kept RENAME TO sales;");
    assert_eq!(home.net(), format!("{}.5", net - 2));

    // A column that went away stops the sync before anything is written.
    run("ALTER TABLE sales DROP COLUMN net;");
    let net = home.net();
    let why = home.refused(&sync);
    assert!(why.contains("these are gone: net") && why.contains("Nothing was imported"), "{why}");
    let listed = home.json(&["sources", "--format", "json"]);
    assert!(listed[0]["error"].as_str().expect("why").contains("these are gone"));
    assert_eq!(home.net(), net);
    fs::remove_file(secret).expect("the secret goes");
    holds_no_password(home.path());
    assert_eq!(
        fs::read_dir(home.path().join("home/spool"))
            .expect("spool")
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .count(),
        0
    );
    home
}

#[test]
fn postgres() {
    let Some(mut server) = Server::start(Kind::Postgres) else { return };
    let home = brings_in_what_changes(&server.address(OWNER), &|sql| server.run(sql));
    let with_password = server.address(OWNER).replace('@', &format!(":{PASSWORD}@"));
    let why = home.refused(&["sources", "add", "other", "--url", &with_password, "--table", "sales"]);
    assert!(why.contains("--password-env") && !why.contains(PASSWORD), "{why}");
    let asked = [
        "sources",
        "add",
        "other",
        "--url",
        &server.address(OWNER),
        "--query",
        "SELECT * FROM sales",
        "--kind",
        "accounts",
    ];
    assert!(home.refused(&asked).contains("password"));
    let env = [&asked[..], &["--password-env", "NOT_THERE_AT_ALL"]].concat();
    assert!(home.refused(&env).contains("NOT_THERE_AT_ALL"));
    // A time with its zone is a date, and a query a source like a table.
    let again = Home::new();
    let secret = again.file("secret", PASSWORD);
    let stamped = "SELECT invoice AS invoice_no, line_id AS line_no, tanggal::timestamptz AS tanggal, customer_id, 5 AS net \
                   FROM sales -- of all";
    let add = ["sources", "add", "stamped", "--url", &server.address(OWNER), "--query", stamped, "--password-file"];
    again.ok(&[&add[..], &[secret.to_str().expect("text")]].concat());
    let synced = again.json(&["sync", "--format", "json"]);
    assert_eq!((&synced["import"]["added"], &synced["import"]["set_aside"]), (&955.into(), &0.into()), "{synced}");
    let unseen = ["sources", "tables", "--url", &server.address(OWNER), "--password-prompt"];
    assert!(again.typing(&unseen, &format!("{PASSWORD}\n")).contains("customer_id"));

    let net = home.net();
    server.kill();
    home.file("secret", PASSWORD);
    let why = home.refused(&["sync", "erp"]);
    assert!(why.contains("nothing was imported"), "{why}");
    assert_eq!(home.net(), net);
}

#[test]
fn mariadb() {
    let Some(server) = Server::start(Kind::Mariadb) else { return };
    brings_in_what_changes(&server.address(OWNER), &|sql| server.run(sql));
}

#[test]
fn sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("shop.db");
    let connection = rusqlite::Connection::open(&file).expect("a database");
    let run = |sql: &str| connection.execute_batch(sql).expect("statements");
    let address = format!("sqlite:{}", file.display());
    let home = brings_in_what_changes(&address, &run);
    run("CREATE TABLE pelanggan (kode_pelanggan text, nama_pelanggan text, wilayah text); \
         INSERT INTO pelanggan VALUES ('C-01', 'Toko Satu', 'Barat'), ('C-02', 'Toko Dua', 'Timur');");
    home.ok(&["sources", "add", "crm", "--url", &address, "--table", "pelanggan", "--kind", "accounts"]);
    // Rows of every kind that are gone in the source can be taken out.
    home.ok(&["sync", "crm"]);
    run("DELETE FROM pelanggan WHERE kode_pelanggan = 'C-02';");
    let told = home.json(&["sources", "reconcile", "crm", "--apply", "--format", "json"]);
    assert_eq!((&told["gone"], &told["applied"]["gone"]), (&1.into(), &1.into()), "{told}");
    assert!(home.ok(&["sources", "reconcile", "crm"]).contains("all rows agree"));
    // One source that fails does not keep the other from its turn.
    home.file("secret", PASSWORD);
    let output = home.run(&["sync"]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("these are gone"));
    assert!(home.ok(&["metrics", "--by", "region"]).contains("Barat"));
    // Rows that are wanted once need no source.
    let once = Home::new();
    let read = ["import", "accounts", "--url", &address, "--table", "pelanggan", "--format", "json"];
    assert_eq!(once.json(&read)["added"], 1);
    let query = "SELECT invoice AS no_faktur, tanggal, customer_id AS kode_pelanggan, 5.25 AS netto FROM sales WHERE line_id < 3";
    let asked = ["import", "sales", "--url", &address, "--query", query, "--format", "json"];
    assert_eq!(once.json(&[&asked[..], &["--dry-run"]].concat())["added"], 3);
    assert_eq!(once.json(&asked)["added"], 3);
    assert_eq!(once.net(), "15.75");
    assert!(
        once.refused(&["import", "sales", "--url", &address, "--query", "SELECT * FROM sales WHERE 1 = 0"])
            .contains("no rows")
    );
    assert!(once.refused(&["import", "sales", "--url", &address]).contains("--table"));
    home.ok(&["sources", "remove", "crm"]);
    assert!(home.refused(&["sync", "crm"]).contains("no source of that name"));
    let asked = ["sources", "add", "no/name", "--url", &address, "--table", "sales"];
    assert!(home.refused(&asked).contains("letters a-z"));
}

/// Where lines have no number an invoice is replaced whole: so it has to come whole, however few of its lines changed.
#[test]
fn an_invoice_without_line_numbers_comes_whole() {
    let home = Home::new();
    let file = home.path().join("shop.db");
    let run =
        |sql: &str| rusqlite::Connection::open(&file).expect("a database").execute_batch(sql).expect("statements");
    run(
        "CREATE TABLE faktur (no_faktur text, tanggal date, kode_pelanggan text, kode_barang text, netto numeric, diubah datetime); \
         INSERT INTO faktur VALUES ('F1', '2025-01-01', 'P1', 'A', 100, '2025-01-01 10:00:00'), \
         ('F1', '2025-01-01', 'P1', 'B', 200, '2025-01-01 10:00:00'), ('F2', '2025-02-01', 'P1', 'C', 300, '2025-02-01 10:00:00');",
    );
    let address = format!("sqlite:{}", file.display());
    let add = |name, table| {
        ["sources", "add", name, "--url", &address, "--table", table, "--watermark", "diubah"].map(str::to_owned)
    };
    let words = add("toko", "faktur");
    home.ok(&words.each_ref().map(String::as_str));
    home.ok(&["sync", "toko"]);
    run("UPDATE faktur SET netto = 150, diubah = '2025-03-01 10:00:00' WHERE kode_barang = 'A'");
    let synced = home.json(&["sync", "toko", "--format", "json"]);
    assert_eq!((&synced["import"]["replaced"], &synced["import"]["added"]), (&2.into(), &2.into()), "{synced}");
    assert_eq!(home.net(), "650");
    // Without a number a changed line could not take the place of what it was.
    run("CREATE VIEW tanpa AS SELECT tanggal, kode_pelanggan, kode_barang, netto, diubah FROM faktur");
    let words = add("tanpa", "tanpa");
    assert!(home.refused(&words.each_ref().map(String::as_str)).contains("count twice"));
}
