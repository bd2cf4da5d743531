//! What may happen to a source: each is a clear error, nothing is half written, and the next sync succeeds.

use std::{
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use takar_testservers::{Kind, OWNER, PASSWORD, Proxy, Server};

use crate::support::Home;

const ROWS: u64 = 30_000;

/// Many lines of two an invoice, over two years, in the words of a server.
fn many_lines(kind: Kind) -> String {
    let (series, text) = match kind {
        Kind::Postgres => (format!("generate_series(1, {ROWS}) AS s (n)"), "(n / 2)::text"),
        Kind::Mariadb => (format!("(SELECT seq AS n FROM seq_1_to_{ROWS}) AS s"), "n DIV 2"),
    };
    let day = match kind {
        Kind::Postgres => "date '2024-01-01' + n % 700",
        Kind::Mariadb => "date '2024-01-01' + INTERVAL n % 700 DAY",
    };
    let analyze = if kind == Kind::Postgres { "ANALYZE sales;" } else { "" };
    format!(
        "CREATE TABLE sales (line_id int PRIMARY KEY, invoice varchar(20), line int, tanggal date, customer_id varchar(20), \
         net numeric(16,2), note varchar(80), changed timestamp NULL);
         INSERT INTO sales SELECT n, concat('F-', {text}), n % 2 + 1, {day}, concat('C-', n % 97), n * 1.25, \
         'a note that makes a row as long as rows are in practice', timestamp '2025-01-01 08:00:00' FROM {series};
         {analyze}"
    )
}

/// A home with the source `erp`, read through a proxy.
fn home_of(proxy: &Proxy, extra: &[&str]) -> Home {
    keyed_source_in(Home::new(), &proxy.address(OWNER), extra)
}

fn keyed_source_in(home: Home, address: &str, extra: &[&str]) -> Home {
    let secret = home.file("secret", format!("{PASSWORD}\n"));
    let add = ["sources", "add", "erp", "--url", address, "--table", "sales", "--password-file"];
    let said = home.ok(&[&add[..], &[secret.to_str().expect("text"), "--watermark", "changed"], extra].concat());
    assert!(said.contains("goes on from its last row, by the key line_id"), "{said}");
    home
}

fn start(home: &Home) -> Child {
    let mut command = home.command(&["sync", "erp"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

fn source(home: &Home) -> Value {
    home.json(&["sources", "--format", "json"])[0].clone()
}

/// Lines and net here are those of the source.
fn agrees(home: &Home, server: &Server) {
    let count = server.ask("SELECT count(*) FROM sales");
    let net = server.ask("SELECT sum(net) FROM sales");
    let net: f64 = net.parse().expect("a number");
    assert_eq!(home.net().parse::<f64>().expect("a number"), net);
    let months = home.json(&["sources", "reconcile", "erp", "--format", "json"]);
    let lines: u64 =
        months["months"].as_array().expect("months").iter().map(|month| month["lines"].as_u64().unwrap_or(0)).sum();
    assert_eq!(lines.to_string(), count);
    assert_eq!((&months["gone"], &months["check"]["added"]), (&0.into(), &0.into()), "{}", months["check"]);
}

fn goes_on_where_it_was_cut_off(kind: Kind) {
    let Some(server) = Server::start(kind) else { return };
    server.run(&many_lines(kind));
    let proxy = Proxy::before(&server);
    let home = home_of(&proxy, &[]);

    // While it runs, others see how far it is; then its process is killed.
    proxy.hold_after(1_300_000);
    let mut child = start(&home);
    proxy.wait_until_held();
    thread::sleep(Duration::from_millis(600));
    proxy.hold_after(1_300_000);
    proxy.wait_until_held();
    thread::sleep(Duration::from_millis(300));
    let running = source(&home)["running"].clone();
    let (rows, about) = (running["rows"].as_u64().expect("rows"), running["about"].as_u64().expect("about"));
    assert!(rows > 5_000 && rows < ROWS && about > ROWS / 2 && about < ROWS * 2, "{running}");
    assert!((running["step"] == "reading") && running["share"].as_f64().expect("a share") < 1.0, "{running}");
    assert!(home.ok(&["sources", "--lang", "id"]).contains("sedang membaca"));
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    let cut_off = source(&home);
    assert!(cut_off["running"].is_null() && cut_off["failures"] == 0, "{cut_off}");
    assert!(cut_off["error"].as_str().expect("why").contains("rows that were read are kept"), "{cut_off}");
    let kept = cut_off["kept"].as_u64().expect("rows");
    assert!(kept > 5_000 && kept < ROWS, "{cut_off}");
    assert!(!home.ok(&["imports"]).contains("erp"));

    // What changes meanwhile comes too, though its rows are not read again.
    server.run("UPDATE sales SET net = net + 1000, changed = '2025-01-02 08:00:00' WHERE line_id IN (3, 29000);");
    server.run("INSERT INTO sales SELECT line_id + 40000, invoice, line + 2, tanggal, customer_id, 7, note, '2025-01-03 08:00:00' FROM sales WHERE line_id = 9;");
    proxy.open();
    let synced = home.json(&["sync", "erp", "--format", "json"]);
    assert_eq!(synced["kept"], kept);
    assert_eq!(synced["import"]["rows"], ROWS + 1, "{synced}");
    assert_eq!(synced["caught_up"]["replaced"], 1, "{synced}");
    agrees(&home, &server);
    assert!(source(&home)["kept"].is_null());

    // The server goes in mid-read, and rows went away before it is there again: only what still holds is kept.
    let home = home_of(&proxy, &[]);
    proxy.hold_after(2_600_000);
    let child = start(&home);
    proxy.wait_until_held();
    thread::sleep(Duration::from_millis(700));
    proxy.cut();
    let output = child.wait_with_output().expect("it ends");
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && why.contains("nothing was imported") && why.contains("are kept"), "{why}");
    assert!(home.ok(&["sources", "--lang", "id"]).contains("putus"));
    let before = source(&home)["kept"].as_u64().expect("rows");
    server.run(&format!("DELETE FROM sales WHERE line_id = {};", before - 1));
    let synced = home.json(&["sync", "erp", "--format", "json"]);
    let kept = synced["kept"].as_u64().expect("rows");
    assert!(kept > 0 && kept < before - 1, "{kept} of {before}");
    agrees(&home, &server);
    // A journal whose rows are not what it says is not believed.
    let home = home_of(&proxy, &[]);
    proxy.hold_after(2_600_000);
    let child = start(&home);
    proxy.wait_until_held();
    proxy.cut();
    assert!(!child.wait_with_output().expect("it ends").status.success());
    let rows = home.path().join("home/spool/erp/sales");
    let mut bytes = std::fs::read(&rows).expect("rows");
    bytes[100] ^= 1;
    std::fs::write(&rows, bytes).expect("rows");
    assert_eq!(home.json(&["sync", "erp", "--format", "json"])["kept"], 0);
    agrees(&home, &server);

    // A query has no key: it begins anew, and says so.
    let home = Home::new();
    let secret = home.file("secret", PASSWORD);
    let query = ["--query", "SELECT * FROM sales", "--watermark", "changed", "--password-file"];
    let add = ["sources", "add", "erp", "--url", &proxy.address(OWNER)];
    assert!(home.ok(&[&add[..], &query, &[secret.to_str().expect("text")]].concat()).contains("begins anew"));
    proxy.hold_after(1_300_000);
    let child = start(&home);
    proxy.wait_until_held();
    proxy.cut();
    let output = child.wait_with_output().expect("it ends");
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && why.contains("nothing was imported") && !why.contains("are kept"), "{why}");
    assert_eq!(home.json(&["sync", "erp", "--format", "json"])["kept"], 0);
    agrees(&home, &server);
}

#[test]
fn a_first_load_goes_on_in_postgres() {
    goes_on_where_it_was_cut_off(Kind::Postgres);
}

#[test]
fn a_first_load_goes_on_in_mariadb() {
    goes_on_where_it_was_cut_off(Kind::Mariadb);
}

/// Refused in both languages with these words, and nothing is different.
#[track_caller]
fn refused(home: &Home, words: (&str, &str)) {
    let (net, imports) = (home.net(), home.ok(&["imports"]));
    let why = home.refused(&["sync", "erp"]);
    assert!(why.contains(words.1), "{why}");
    let id = home.refused(&["sync", "erp", "--lang", "id"]);
    assert!(id.contains(words.0), "{id}");
    assert!(!why.contains(PASSWORD) && !id.contains(PASSWORD));
    assert!(source(home)["error"].as_str().expect("why").contains(words.1));
    assert_eq!((home.net(), home.ok(&["imports"])), (net, imports));
}

#[track_caller]
fn recovers(home: &Home, server: &Server) -> Value {
    let synced = home.json(&["sync", "erp", "--format", "json"]);
    assert!(source(home)["error"].is_null());
    agrees(home, server);
    synced
}

fn few_lines(kind: Kind) -> String {
    many_lines(kind).replace(&ROWS.to_string(), "400")
}

fn refuses_clearly(kind: Kind) {
    let Some(server) = Server::start(kind) else { return };
    server.run(&few_lines(kind));
    let (create, of_reader) = match kind {
        Kind::Postgres => ("CREATE ROLE reader LOGIN PASSWORD", "reader"),
        Kind::Mariadb => ("CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY", "'reader'@'127.0.0.1'"),
    };
    server.run(&format!("{create} '{PASSWORD}'; GRANT SELECT ON sales TO {of_reader};"));
    let home = keyed_source_in(Home::new(), &server.address("reader"), &[]);
    recovers(&home, &server);

    home.file("secret", "another");
    refused(&home, ("kata sandi ditolak", "password was refused"));
    home.file("secret", PASSWORD);
    recovers(&home, &server);

    // No right to the table, then to all of its columns but one.
    server.run(&format!("REVOKE SELECT ON sales FROM {of_reader};"));
    refused(&home, ("minta hak SELECT", "ask the keeper of the database for the right to SELECT"));
    server.run(&format!(
        "GRANT SELECT (line_id, invoice, line, tanggal, customer_id, note, changed) ON sales TO {of_reader};"
    ));
    refused(&home, ("minta hak SELECT", "ask the keeper of the database for the right to SELECT"));
    server.run(&format!("GRANT SELECT ON sales TO {of_reader};"));
    recovers(&home, &server);

    // A column that is called otherwise, one that is gone, one of another type, and a new one.
    let rename = |from: &str, to: &str| server.run(&format!("ALTER TABLE sales RENAME COLUMN {from} TO {to};"));
    rename("net", "amount");
    refused(&home, ("tidak ada lagi: net; yang ini baru: amount", "these are gone: net; these are new: amount"));
    rename("amount", "net");
    recovers(&home, &server);
    server.run("ALTER TABLE sales ADD COLUMN net_text varchar(30);");
    server.run("UPDATE sales SET net_text = concat('Rp', net), changed = '2025-01-03 08:00:00' WHERE line_id < 10;");
    let synced = recovers(&home, &server);
    assert_eq!(synced["new_columns"], serde_json::json!(["net_text"]), "{synced}");
    assert_eq!(recovers(&home, &server)["new_columns"], serde_json::json!([]));
    rename("net", "old_net");
    rename("net_text", "net");
    refused(&home, ("berubah jenisnya: net (", "of another type now: net ("));
    rename("net", "net_text");
    rename("old_net", "net");
    // A wider column of the same sort is none.
    server.run(match kind {
        Kind::Postgres => "ALTER TABLE sales ALTER COLUMN line TYPE bigint, ALTER COLUMN note TYPE text;",
        Kind::Mariadb => "ALTER TABLE sales MODIFY line bigint, MODIFY note text;",
    });
    recovers(&home, &server);

    // Clocks that are not right: a mark ahead of the server's clock is not believed, so that what comes after it is read.
    server.run("UPDATE sales SET net = net + 1, changed = '2037-01-01 00:00:00' WHERE line_id = 5;");
    let mark = recovers(&home, &server)["mark"].as_str().expect("a mark").to_owned();
    assert!(mark.starts_with("2025-01-03"), "{mark}");
    server.run("UPDATE sales SET net = net + 1, changed = '2025-01-04 08:00:00' WHERE line_id = 6;");
    recovers(&home, &server);
    // Written half an hour late: in time. Two hours late: only the comparison finds it.
    server.run("UPDATE sales SET net = net + 1, changed = '2025-01-04 07:30:00' WHERE line_id = 7;");
    recovers(&home, &server);
    server.run("UPDATE sales SET net = net + 1, changed = '2025-01-04 06:00:00' WHERE line_id = 8;");
    home.ok(&["sync", "erp"]);
    let told = home.json(&["sources", "reconcile", "erp", "--apply", "--format", "json"]);
    assert_eq!(told["check"]["replaced"], 1, "{told}");
    recovers(&home, &server);
}

#[test]
fn postgres_refuses_clearly() {
    refuses_clearly(Kind::Postgres);
}

#[test]
fn mariadb_refuses_clearly() {
    refuses_clearly(Kind::Mariadb);
}

/// A file of SQLite with as many lines as make some mebibytes.
fn shop(home: &Home) -> (String, rusqlite::Connection) {
    let file = home.path().join("shop.db");
    let connection = rusqlite::Connection::open(&file).expect("a database");
    connection
        .execute_batch(&format!(
            "CREATE TABLE sales (line_id integer PRIMARY KEY, invoice text, line int, tanggal text, customer_id text, net real, \
             note text, changed text);
             WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS})
             INSERT INTO sales SELECT n, 'F-' || (n / 2), n % 2 + 1, date('2024-01-01', (n % 700) || ' days'), 'C-' || (n % 97), \
             n * 1.25, hex(randomblob(60)), '2025-01-01 08:00:00' FROM s;"
        ))
        .expect("rows");
    (format!("sqlite:{}", file.display()), connection)
}

fn net_of(connection: &rusqlite::Connection) -> f64 {
    connection.query_row("SELECT sum(net) FROM sales", [], |row| row.get(0)).expect("a sum")
}

/// A disk on which no file may grow beyond some size: what was read is kept, and the next sync goes on.
#[test]
fn a_full_disk_while_reading() {
    let home = Home::new();
    let (address, connection) = shop(&home);
    let home = keyed_source_in(home, &address, &[]);
    let takar = env!("CARGO_BIN_EXE_takar");
    let script = format!("trap '' XFSZ; ulimit -f 2048; exec {takar} sync erp");
    let output = home.with_env(std::process::Command::new("bash").args(["-c", &script])).output().expect("a shell");
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code().is_some_and(|code| code != 0), "{why}");
    assert!(
        why.contains("check the space left on the disk; nothing was imported") && why.contains("are kept"),
        "{why}"
    );
    assert!(home.ok(&["sources", "--lang", "id"]).contains("periksa sisa ruang disk"));
    assert!(!home.ok(&["imports"]).contains("erp"));
    // Killed or full: it is the same journal, which SQLite's number of the row orders.
    let synced = home.json(&["sync", "erp", "--format", "json"]);
    assert!(synced["kept"].as_u64() > Some(3_000), "{synced}");
    assert_eq!((&synced["import"]["rows"], home.net().parse::<f64>()), (&ROWS.into(), Ok(net_of(&connection))));
}

/// A home on a disk of its own that is too small at one place after another, then large enough.
#[test]
fn a_full_disk_at_any_moment() {
    let home = Home::new();
    let (address, connection) = shop(&home);
    let disk = home.path().join("home");
    std::fs::create_dir(&disk).expect("a folder");
    let mount = |options: &str| {
        let arguments = ["-t", "tmpfs", "-o", options, "tmpfs"];
        std::process::Command::new("mount").args(arguments).arg(&disk).output().is_ok_and(|done| done.status.success())
    };
    if !mount("size=16m") {
        eprintln!("skipped: no right to mount a small disk");
        return;
    }
    let unmount = Unmount(disk.clone());
    let home = keyed_source_in(home, &address, &[]);
    let mut told = std::collections::BTreeSet::new();
    for kibibytes in (600..16_000).step_by(700) {
        // A disk cannot be smaller than what is on it.
        if !mount(&format!("remount,size={kibibytes}k")) {
            continue;
        }
        let output = home.run(&["sync", "erp"]);
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            break;
        }
        assert!(output.status.code().is_some_and(|code| code > 0 && code < 100), "{kibibytes}: {why}");
        assert!(
            why.contains("check the space left on the disk") || why.contains("the disk is full: make room"),
            "{kibibytes}: {why}"
        );
        told.insert(why);
    }
    assert!(told.len() > 1, "{told:?}");
    assert!(mount("remount,size=64m"));
    home.ok(&["sync", "erp"]);
    assert_eq!(home.net().parse::<f64>(), Ok(net_of(&connection)));
    assert!(home.ok(&["sources", "reconcile", "erp"]).contains("months agree"));
    drop(unmount);
}

/// Takes the disk away, however the test ends.
struct Unmount(std::path::PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
