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
         'a note that makes a row as long as rows are in practice', timestamp '2026-01-01 08:00:00' FROM {series};
         {analyze}"
    )
}

/// A home with the source `erp`, read through a proxy.
fn home_of(proxy: &Proxy, extra: &[&str]) -> Home {
    let home = Home::new();
    let secret = home.file("secret", format!("{PASSWORD}\n"));
    let add = ["sources", "add", "erp", "--url", &proxy.address(OWNER), "--table", "sales", "--password-file"];
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
    server.run("UPDATE sales SET net = net + 1000, changed = '2026-01-02 08:00:00' WHERE line_id IN (3, 29000);");
    server.run("INSERT INTO sales SELECT line_id + 40000, invoice, line + 2, tanggal, customer_id, 7, note, '2026-01-03 08:00:00' FROM sales WHERE line_id = 9;");
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
}

#[test]
fn a_first_load_goes_on_in_postgres() {
    goes_on_where_it_was_cut_off(Kind::Postgres);
}

#[test]
fn a_first_load_goes_on_in_mariadb() {
    goes_on_where_it_was_cut_off(Kind::Mariadb);
}
