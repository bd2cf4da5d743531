//! Scheduled reports: of what a person may see, in that person's language, by mail or into a folder; one that fails is told and tried again.

use serde_json::{Value, json};

use crate::{
    outbox::wait_for,
    post_office::PostOffice,
    rights::{bearer, company, person},
    serve::Server,
};

#[test]
fn a_report_goes_where_it_should_and_shows_what_one_may_see() {
    let home = company();
    let owner = person(&home, "pemilik", "owner", None);
    let sari = person(&home, "sari", "account_manager", Some("S1"));
    let run = |token: &str, arguments: &[&str]| {
        let output = home.command(arguments).env("TAKAR_TOKEN", token).output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    };
    let add = |token: &str, rest: &[&str]| run(token, &[&["reports", "--json", "add"], rest].concat());
    // Into a folder of the home: whole, in Indonesian, of the own line only.
    let kept =
        add(&owner, &["--to", "sari", "--format", "html", "--by", "folder", "--every", "monthly@08:00"]).expect("kept");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert_eq!((&kept["id"], &kept["every"], &kept["folder"]), (&json!(1), &json!("monthly@08:00"), &json!("sari")));
    run(&owner, &["reports", "run", "1"]).expect("made");
    let folder = home.path().join("home/reports/sari");
    let file = folder.join("evaluasi-2025-10-sari.html");
    let html = std::fs::read_to_string(&file)
        .unwrap_or_else(|_| panic!("{:?}", std::fs::read_dir(&folder).map(Iterator::count)));
    assert!(html.contains("Sari") && !html.contains("Rahasia") && !html.contains("7.654.321"));
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1, "nothing half written");

    // What cannot be is refused with the reason.
    for (rest, said) in [
        (vec!["--to", "nobody"], "no such user"),
        (vec!["--to", "sari", "--by", "pigeon"], "mail, folder"),
        (vec!["--to", "sari", "--format", "pdf", "--by", "folder"], "html, xlsx"),
        (vec!["--to", "sari", "--by", "folder", "--every", "sometimes"], "schedule"),
        (vec!["--to", "sari", "--by", "folder", "--every", "23h"], "once a day at most"),
        (vec!["--to", "sari", "--by", "folder", "--period", "someday"], "last-month"),
        (vec!["--to", "sari", "--by", "folder", "--folder", "../out"], "may not be written"),
        (vec!["--to", "sari", "--by", "folder", "--folder", "/tmp"], "may not be written"),
        (vec!["--to", "sari", "--by", "mail"], "no mail address"),
    ] {
        let refused = add(&owner, &rest).expect_err("refused");
        assert!(refused.contains(said), "{rest:?}: {refused}");
    }
    assert!(add(&sari, &["--to", "sari", "--by", "folder"]).is_err_and(|said| said.contains("ask an owner")));
    // An absolute folder once an owner allowed it.
    let outside = tempfile::tempdir().expect("a folder");
    let outside = outside.path().canonicalize().expect("a folder");
    let outside_text = outside.to_str().expect("a path");
    assert!(run(&sari, &["reports", "allow-folder", outside_text]).is_err());
    run(&owner, &["reports", "allow-folder", outside_text]).expect("allowed");
    add(&owner, &["--to", "pemilik", "--format", "xlsx", "--by", "folder", "--folder", outside_text]).expect("kept");
    run(&owner, &["reports", "run", "2"]).expect("made");
    assert!(outside.join("evaluasi-2025-10-pemilik.xlsx").exists());

    // By mail, for oneself, with the file attached.
    let office = PostOffice::open();
    office.way_out_as(&home, &owner);
    run(&owner, &["users", "change", "sari", "--email", "sari@company.example", "--mail-lang", "en"]).expect("changed");
    let own = add(&sari, &["--to", "sari", "--format", "html", "--by", "mail", "--every", "1d"]).expect("kept");
    let own: Value = serde_json::from_str(&own).expect("JSON");
    let own = own["id"].as_i64().expect("a number");
    let come_due = |id: i64| {
        let state = rusqlite::Connection::open(home.path().join("home/state.db")).expect("the state");
        let changed = state.execute("UPDATE reports SET next = '2025-01-01T00:00:00Z' WHERE id = ?1", [id]);
        assert_eq!(changed.expect("its next time"), 1);
    };
    let listed = run(&sari, &["reports", "--json", "list"]).expect("listed");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert!(
        listed.as_array().is_some_and(|all| all.len() == 2 && all.iter().all(|one| one["login"] == "sari")),
        "{listed}"
    );
    // Once it is due the server makes it by itself and sends it.
    come_due(own);
    {
        let _server = Server::start(&home);
        wait_for("the mail", || !office.mails().is_empty());
    }
    let mail = office.mails().remove(0);
    assert_eq!(mail.to, ["sari@company.example"]);
    assert!(mail.text.contains("evaluation-2025-10-sari.html") && mail.text.contains("is attached"), "{}", mail.text);
    run(&sari, &["reports", "remove", &own.to_string()]).expect("gone");

    // One that cannot be made says so, is told, and is tried again: its folder is a file now.
    std::fs::remove_dir_all(&folder).expect("gone");
    std::fs::write(&folder, "in the way").expect("written");
    run(&owner, &["reports", "remove", "1"]).expect("gone");
    std::fs::remove_file(&folder).expect("gone");
    let kept = add(&owner, &["--to", "sari", "--format", "html", "--by", "folder", "--every", "1d"]).expect("kept");
    let kept = serde_json::from_str::<Value>(&kept).expect("JSON")["id"].as_i64().expect("a number");
    std::fs::remove_dir_all(&folder).expect("gone");
    std::fs::write(&folder, "in the way").expect("written");
    come_due(kept);
    run(&owner, &["reports", "due"]).expect("tried");
    let listed: Value =
        serde_json::from_str(&run(&owner, &["reports", "--json", "list"]).expect("listed")).expect("JSON");
    let failed = listed
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["failures"] == 1)
        .unwrap_or_else(|| panic!("{listed}"));
    assert!(failed["error"].as_str().is_some_and(|said| said.contains("written")), "{failed}");
    std::fs::remove_file(&folder).expect("gone");
    come_due(kept);
    run(&owner, &["reports", "due"]).expect("made");
    let listed: Value =
        serde_json::from_str(&run(&owner, &["reports", "--json", "list"]).expect("listed")).expect("JSON");
    assert!(
        listed.as_array().expect("a list").iter().all(|one| one["error"].is_null() && one["failures"] == 0),
        "{listed}"
    );
    assert!(folder.join("evaluation-2025-10-sari.html").exists());

    // One person has so many at most.
    let mut more =
        (0..30).map(|_| add(&sari, &["--to", "sari", "--format", "html", "--by", "mail", "--every", "08:00"]));
    let refused = more.find_map(Result::err).expect("refused");
    assert!(refused.contains("20 reports at most"), "{refused}");
    let listed: Value =
        serde_json::from_str(&run(&sari, &["reports", "--json", "list"]).expect("listed")).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(20));

    // Over HTTP as by command.
    let server = Server::start(&home);
    let (status, body) = server.ask("GET", "/api/reports", &bearer(&sari), "");
    let mine: Value = serde_json::from_str(&body).expect("JSON");
    assert!(status == 200 && mine.as_array().is_some_and(|all| all.iter().all(|one| one["login"] == "sari")), "{body}");
    let (status, _) = server.ask("DELETE", "/api/reports/2", &bearer(&sari), "");
    assert_eq!(status, 404);
}
