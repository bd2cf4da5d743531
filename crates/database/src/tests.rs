//! The same questions to a real PostgreSQL, a real MariaDB and a file of SQLite.

use std::time::Duration;

use takar_model::Lang;
use takar_testservers::{Kind, OWNER, PASSWORD, Proxy, Server};

use super::*;

const LONG: Duration = Duration::from_secs(60);

fn secret() -> Secret {
    Secret::new(PASSWORD.to_owned())
}

fn open(address: &str) -> Database {
    Database::open(&address.parse().expect("an address"), Some(&secret()), LONG).expect("it opens")
}

fn refused(address: &str, password: &str) -> String {
    let secret = Secret::new(password.to_owned());
    let error = Database::open(&address.parse().expect("an address"), Some(&secret), LONG).err().expect("a refusal");
    assert!(!error.message(Lang::Id).is_empty());
    error.message(Lang::En)
}

fn table(name: &str) -> Wanted {
    Wanted::Table(name.to_owned())
}

fn query(text: &str) -> Wanted {
    Wanted::Query(text.to_owned())
}

fn read(database: &mut Database, wanted: &Wanted, since: Option<&Since>) -> Result<(String, Option<String>)> {
    let mut out = Vec::new();
    let mark = database.read(wanted, Asked { since, ..Asked::default() }, &mut out)?;
    Ok((String::from_utf8(out).expect("UTF-8"), mark))
}

const ROWS: &str = "id,day,at,net,note\n\
    1,2025-01-02,2025-01-02 08:00:00,1234567.50,\"Toko \"\"A\"\", Bandung\"\n\
    2,2025-01-03,2025-01-03 09:00:00,-5.25,\n\
    3,2025-01-04,,0.00,Citra é\n";

const INSERTS: &str = "INSERT INTO \"order\" VALUES \
    (1, '2025-01-02', '2025-01-02 08:00:00', 1234567.50, 'Toko \"A\", Bandung'), \
    (2, '2025-01-03', '2025-01-03 09:00:00', -5.25, NULL), \
    (3, '2025-01-04', NULL, 0.00, 'Citra é');";

const DAYS: &str = "INSERT INTO days VALUES ('2025-01-02'), ('2999-01-01'), ('2025-01-03');";

/// What every database has to do alike with the table `order`.
fn asks_alike(database: &mut Database) {
    let (text, mark) = read(database, &table("order"), None).expect("rows");
    assert_eq!((text.as_str(), mark), (ROWS, None));
    let (text, _) = read(database, &query("SELECT id, net FROM wide WHERE net < 0; "), None).expect("rows");
    assert_eq!(text, "id,net\n2,-5.25\n");

    let tables = database.tables().expect("tables");
    let order = tables.iter().find(|table| table.name == "order").expect("the table");
    assert_eq!(
        order.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
        ["id", "day", "at", "net", "note"]
    );

    // Only what changed; what has no mark is read again, so that nothing is lost.
    let mut since = Since { column: "id".to_owned(), after: None, together: None };
    let (text, mark) = read(database, &table("order"), Some(&since)).expect("rows");
    assert_eq!((text.as_str(), mark.as_deref()), (ROWS, Some("3")));
    since.after = mark;
    let (text, mark) = read(database, &table("order"), Some(&since)).expect("rows");
    assert_eq!((text.lines().count(), mark.as_deref()), (2, Some("3")));
    let since = Since { column: "at".to_owned(), after: Some("2025-01-03 09:00:00".to_owned()), together: None };
    let (text, mark) = read(database, &table("order"), Some(&since)).expect("rows");
    assert!(text.contains("\n2,") && text.contains("\n3,") && !text.contains("\n1,"), "{text}");
    assert!(mark.expect("a mark").starts_with("2025-01-03 09:00:00"));

    let since = Since { column: "nothing".to_owned(), after: None, together: None };
    let error = read(database, &table("order"), Some(&since)).expect_err("no column");
    assert!(error.message(Lang::En).contains("id, day, at, net, note"), "{error:?}");
    let since = Since { column: "note".to_owned(), after: Some("x' OR 1=1 --".to_owned()), together: None };
    assert!(matches!(read(database, &table("order"), Some(&since)), Err(DatabaseError::Mark { .. })));

    // A day that lies ahead of the database's clock is not believed.
    let since = Since { column: "day".to_owned(), after: None, together: None };
    let (_, mark) = read(database, &table("days"), Some(&since)).expect("rows");
    assert_eq!(mark.as_deref(), Some("2025-01-03"));

    // Names and queries are never statements of their own.
    let evil = [
        table("order\"; DROP TABLE \"order\"; --"),
        table("order`; DROP TABLE `order`; -- "),
        query("SELECT 1; DROP TABLE wide"),
        query("SELECT 1) AS x; DROP TABLE wide; SELECT * FROM (SELECT 1"),
        query("WITH gone AS (DELETE FROM wide RETURNING id) SELECT * FROM gone"),
        query("DELETE FROM wide"),
        query(""),
        table("nowhere"),
    ];
    for wanted in evil {
        let error = read(database, &wanted, None).expect_err("refused");
        assert!(!error.message(Lang::Id).is_empty());
    }
    let (text, _) = read(database, &table("order"), None).expect("it still answers");
    assert_eq!(text, ROWS);
    let mut out = Vec::new();
    database.read(&table("order"), Asked { limit: Some(1), ..Asked::default() }, &mut out).expect("a sample");
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 2);
}

/// The key of the table `items`, and reading on behind one of its rows.
fn goes_on_by_its_key(database: &mut Database, key: &[&str]) {
    let lines = table("items");
    let found = database.key(&lines).expect("a key");
    assert_eq!(found, key);
    assert!(database.key(&table("wide")).expect("no key").is_empty());
    assert!(database.key(&query("SELECT * FROM items")).expect("no key").is_empty());
    let mut ordered = Ordered { key: found, after: Vec::new() };
    let ask = |database: &mut Database, ordered: &Ordered| {
        let mut out = Vec::new();
        database.read(&lines, Asked { ordered: Some(ordered), ..Asked::default() }, &mut out).expect("rows");
        String::from_utf8(out).expect("UTF-8")
    };
    let all = ask(database, &ordered);
    let rows: Vec<&str> = all.lines().skip(1).collect();
    assert_eq!(rows, ["1,A 1,10", "1,A 2,11", "2,a-1,12", "10,A 1,13"]);
    assert_eq!(database.count_until(&lines, &ordered).expect("a count"), 4);
    // The key of the second row.
    ordered.after = rows[1].split(',').take(key.len()).map(str::to_owned).collect();
    if key.len() == 1 {
        ordered.after = vec![rows[1].rsplit(',').next().expect("an id").to_owned()];
    }
    assert_eq!(ask(database, &ordered).lines().skip(1).collect::<Vec<_>>(), rows[2..]);
    assert_eq!(database.count_until(&lines, &ordered).expect("a count"), 2);
    ordered.after.iter_mut().for_each(|value| *value = "1' OR '1' = '1".to_owned());
    assert!(matches!(database.count_until(&lines, &ordered), Err(DatabaseError::Mark { .. })));
    // A row that changed brings those that belong to it.
    let since = Since { column: "id".to_owned(), after: Some("13".to_owned()), together: Some("line".to_owned()) };
    let (text, _) = read(database, &lines, Some(&since)).expect("rows");
    let mut changed: Vec<&str> = text.lines().skip(1).collect();
    changed.sort_unstable();
    assert_eq!(changed, ["1,A 1,10", "10,A 1,13"]);
}

/// Rows in another order than that of their key.
const LINES: &str = "INSERT INTO items VALUES (10, 'A 1', 13), (1, 'A 2', 11), (2, 'a-1', 12), (1, 'A 1', 10);";

#[test]
fn postgres() {
    let Some(mut server) = Server::start(Kind::Postgres) else { return };
    server.run(&format!(
        "CREATE TABLE \"order\" (id int, day date, at timestamp, net numeric(14,2), note text); {INSERTS}
         CREATE VIEW wide AS SELECT * FROM \"order\"; CREATE TABLE days (day date); {DAYS}
         CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'; CREATE SCHEMA other; CREATE TABLE other.secret (id int);"
    ));
    let mut database = open(&server.address(OWNER));
    asks_alike(&mut database);
    server.run(&format!(
        "CREATE TABLE items (invoice int, line varchar(9), id int, PRIMARY KEY (invoice, line)); {LINES}"
    ));
    goes_on_by_its_key(&mut database, &["invoice", "line"]);
    server.run("CREATE TABLE kinds (kind bool PRIMARY KEY)");
    assert!(database.key(&table("kinds")).expect("no key").is_empty());
    server.run("INSERT INTO items SELECT n, 'x', n FROM generate_series(100, 1099) AS n; ANALYZE items;");
    assert_eq!(database.about(&table("items"), None), Some(1004));
    assert!(database.tables().expect("tables").iter().any(|table| table.name == "other.secret"));
    read(&mut database, &table("other.secret"), None).expect("a table of another schema");

    assert!(refused(&server.address(OWNER), "wrong").contains("user or the password was refused"));
    assert!(refused(&server.address(OWNER).replace("/erp", "/nothing"), PASSWORD).contains("no such database"));
    let error = read(&mut open(&server.address("reader")), &table("order"), None).expect_err("no right");
    assert!(error.message(Lang::En).contains("ask the keeper"), "{error:?}");
    let slow = Database::open(
        &server.address(OWNER).parse().expect("an address"),
        Some(&secret()),
        Duration::from_millis(300),
    );
    let error = read(&mut slow.expect("it opens"), &query("SELECT pg_sleep(30)"), None).expect_err("too slow");
    assert!(error.message(Lang::En).contains("took too long") && error.may_pass(), "{error:?}");

    server.kill();
    let error = read(&mut database, &table("order"), None).expect_err("gone");
    assert!(error.may_pass() && error.message(Lang::En).contains("nothing was imported"), "{error:?}");
    assert!(refused(&server.address(OWNER), PASSWORD).contains("broke or was not there"));
}

#[test]
fn a_server_that_goes_in_mid_read_is_an_error() {
    let Some(mut server) = Server::start(Kind::Postgres) else { return };
    let mut database = open(&server.address(OWNER));
    let many = query("SELECT n, repeat('x', 100) AS text FROM generate_series(1, 50000000) AS n");
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        server.kill();
    });
    let error = database.read(&many, Asked::default(), &mut Vec::new()).expect_err("gone in the middle");
    assert!(error.may_pass(), "{error:?}");
    killer.join().expect("the killer");
}

fn a_server_that_says_no_more_is_an_error(kind: Kind, many: &str) {
    let Some(server) = Server::start(kind) else { return };
    let proxy = Proxy::before(&server);
    let address = proxy.address(OWNER).parse().expect("an address");
    let mut database = Database::open(&address, Some(&secret()), Duration::from_secs(2)).expect("it opens");
    // No word that the connection is broken ever comes: the cable is out, or the machine slept.
    proxy.hold_after(500_000);
    let error = database.read(&query(many), Asked::default(), &mut Vec::new()).expect_err("nothing comes");
    assert!(matches!(error, DatabaseError::Silent { seconds: 17 }) && error.may_pass(), "{error:?}");
    assert!(error.message(Lang::En).contains("nothing was imported"), "{error:?}");
}

#[test]
fn a_postgres_that_says_no_more_is_an_error() {
    let many = "SELECT n, repeat('x', 100) AS text FROM generate_series(1, 200000) AS n";
    a_server_that_says_no_more_is_an_error(Kind::Postgres, many);
}

#[test]
fn a_mariadb_that_says_no_more_is_an_error() {
    let many = "SELECT seq, repeat('x', 100) AS text FROM seq_1_to_200000";
    a_server_that_says_no_more_is_an_error(Kind::Mariadb, many);
}

#[test]
fn mariadb() {
    let Some(mut server) = Server::start(Kind::Mariadb) else { return };
    server.run(&format!(
        "SET NAMES utf8mb4; SET sql_mode = 'ANSI_QUOTES';
         CREATE TABLE \"order\" (id int, day date, at datetime, net decimal(14,2), note varchar(99)); {INSERTS}
         CREATE VIEW wide AS SELECT * FROM \"order\"; CREATE TABLE days (day date); {DAYS}
         CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'; GRANT SELECT ON erp.wide TO 'reader'@'127.0.0.1';"
    ));
    let mut database = open(&server.address(OWNER));
    asks_alike(&mut database);
    server.run(&format!(
        "CREATE TABLE items (invoice int, line varchar(9), id int, PRIMARY KEY (invoice, line)); {LINES}"
    ));
    goes_on_by_its_key(&mut database, &["invoice", "line"]);
    server.run("CREATE TABLE kinds (kind enum('b', 'a') PRIMARY KEY)");
    assert!(database.key(&table("kinds")).expect("no key").is_empty());
    assert!(database.about(&table("items"), None).is_some());
    let outfile = "/tmp/takar-outfile-test";
    let error = read(&mut database, &query(&format!("SELECT 1 INTO OUTFILE '{outfile}'")), None);
    assert!(error.is_err() && !std::path::Path::new(outfile).exists());

    assert!(refused(&server.address(OWNER), "wrong").contains("user or the password was refused"));
    let error = read(&mut open(&server.address("reader")), &table("order"), None).expect_err("no right");
    assert!(error.message(Lang::En).contains("ask the keeper"), "{error:?}");
    let slow =
        Database::open(&server.address(OWNER).parse().expect("an address"), Some(&secret()), Duration::from_secs(1));
    let error = read(&mut slow.expect("it opens"), &query("SELECT sleep(30)"), None).expect_err("too slow");
    assert!(error.message(Lang::En).contains("took too long"), "{error:?}");
    server.kill();
    assert!(read(&mut database, &table("order"), None).expect_err("gone").may_pass());
}

#[test]
fn sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("shop.db");
    let connection = rusqlite::Connection::open(&file).expect("a database");
    connection
        .execute_batch(&format!(
            "CREATE TABLE \"order\" (id integer, day date, at datetime, net text, note text); {};
             CREATE VIEW wide AS SELECT id, CAST(net AS REAL) AS net FROM \"order\";
             CREATE TABLE items (invoice int, line text, id integer PRIMARY KEY); {LINES}
             CREATE TABLE kinds (kind text PRIMARY KEY); CREATE TABLE days (day text); {DAYS}",
            INSERTS.replace("1234567.50", "'1234567.50'").replace("0.00,", "'0.00',")
        ))
        .expect("rows");
    drop(connection);
    let address = format!("sqlite:{}", file.display());
    asks_alike(&mut open(&address));
    goes_on_by_its_key(&mut open(&address), &["id"]);
    assert!(open(&address).key(&table("kinds")).expect("no key").is_empty());
    assert_eq!(open(&address).about(&table("items"), None), Some(13));
    // Times are texts there: an hour before the last one is read again as elsewhere.
    let since = Since { column: "at".to_owned(), after: Some("2025-01-03 09:59:00".to_owned()), together: None };
    let (text, _) = read(&mut open(&address), &table("order"), Some(&since)).expect("rows");
    assert!(text.contains("\n2,") && !text.contains("\n1,"), "{text}");

    // Nor is a time, however it is written; a text of digits is a mark as it is, not a day of the calendar.
    for (highest, mark) in [
        ("'2999-01-01 08:00:00'", "2025-01-03 09:00:00"),
        ("'2999-01-01T08:00:00Z'", "2025-01-03 09:00:00"),
        ("strftime('%Y-%m-%dT%H:%M:%S', 'now', '+2 minutes')", "2025-01-03 09:00:00"),
        ("'2025-01-03T10:00:00'", "2025-01-03T10:00:00"),
        // A number comes before every text in the order of SQLite.
        ("9999999", "2025-01-03 09:00:00"),
        ("'9999999'", "9999999"),
    ] {
        let times =
            query(&format!("SELECT {highest} AS at UNION ALL SELECT '2025-01-03 09:00:00' UNION ALL SELECT NULL"));
        let since = Since { column: "at".to_owned(), after: None, together: None };
        let (_, found) = read(&mut open(&address), &times, Some(&since)).expect("rows");
        assert_eq!(found.as_deref(), Some(mark), "{highest}");
    }

    assert!(refused("sqlite:nowhere.db", "").contains("nowhere.db"));
    std::fs::write(folder.path().join("text.db"), "no database at all, only text that goes on and on\n".repeat(20))
        .expect("a file");
    assert!(refused(&format!("sqlite:{}/text.db", folder.path().display()), "").contains("no SQLite database"));
    let slow = Database::open(&address.parse().expect("an address"), None, Duration::from_millis(100));
    let endless = query("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n");
    let error = read(&mut slow.expect("it opens"), &endless, None).expect_err("too slow");
    assert!(error.message(Lang::En).contains("took too long"), "{error:?}");
}

#[test]
fn addresses() {
    let parse = |text: &str| text.parse::<Address>();
    for text in
        ["postgres://budi@db.example/erp", "mysql://budi@[::1]:3307/erp", "sqlite:///data/shop.db", "sqlite:shop.db"]
    {
        assert_eq!(parse(text).expect("an address").to_string(), text);
    }
    assert_eq!(parse("mariadb://budi@db/erp").expect("an address").to_string(), "mysql://budi@db/erp");
    for text in
        ["postgres://budi:s3cret@db/erp", "mysql://db/erp?password=s3cret", "postgres://db/erp?sslpassword=s3cret"]
    {
        let error = parse(text).expect_err("a password");
        assert!(matches!(error, DatabaseError::PasswordInAddress));
        assert!(
            !format!("{error:?} {error} {} {}", error.message(Lang::Id), error.message(Lang::En)).contains("s3cret")
        );
    }
    for text in ["", "oracle://db/erp", "erp", "postgres://db", "sqlite:", "postgres://[", "file:///etc/passwd"] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(!format!("{:?}", secret()).contains(PASSWORD));
}
