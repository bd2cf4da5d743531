//! The state as a whole: what is written comes back, also after a restart.

use takar_model::{ImportId, Lang};

use super::*;

fn home() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state.db");
    (folder, path)
}

#[test]
fn an_import_is_begun_recorded_and_marked() {
    let (_folder, path) = home();
    let state = State::open(&path).expect("opens");
    let id = state.begin_import("sales", "default", "penjualan.csv", "2026-01-02T03:04:05Z").expect("begins");
    assert_eq!((id, state.import(id).expect("there").state), (ImportId(1), ImportState::Running));
    let done = ImportRow {
        state: ImportState::Done,
        rows: 132,
        added: 130,
        set_aside: 2,
        net: Some("90637700".to_owned()),
        ..state.import(id).expect("there")
    };
    state.record_import(&done).expect("records");
    drop(state);

    let again = State::open(&path).expect("opens again");
    assert_eq!(again.imports().expect("lists"), vec![done]);
    again.mark_import(id, ImportState::Undone, None).expect("marks");
    assert_eq!(again.import(id).expect("there").state, ImportState::Undone);
    let why = Message { id: "berkas kosong".to_owned(), en: "the file is empty".to_owned() };
    again.mark_import(id, ImportState::Failed, Some(&why)).expect("marks");
    assert_eq!(again.import(id).expect("there").message, Some(why));
    assert!(matches!(again.import(ImportId(9)), Err(StateError::NoSuchImport(ImportId(9)))));
    assert!(matches!(
        again.mark_import(ImportId(9), ImportState::Done, None),
        Err(StateError::NoSuchImport(ImportId(9)))
    ));
}

#[test]
fn profiles_settings_and_actions_are_kept() {
    let (_folder, path) = home();
    let state = State::open(&path).expect("opens");
    assert_eq!(state.profile("toko").expect("reads"), None);
    state.save_profile("toko", "{}").expect("saves");
    state.save_profile("toko", "{\"a\":1}").expect("saves again");
    assert_eq!(state.profile("toko").expect("reads").as_deref(), Some("{\"a\":1}"));
    assert_eq!(state.profile_names().expect("lists"), ["toko"]);
    state.set_setting("ppn", "included").expect("sets");
    assert_eq!(state.setting("ppn").expect("reads").as_deref(), Some("included"));
    state.note_action("2026-01-02", None, "undo", "import 1").expect("notes");
    assert_eq!(state.actions(5).expect("lists").len(), 1);
}

#[test]
fn a_sync_that_came_to_its_end_is_not_noted_as_cut_off() {
    let (_folder, path) = home();
    let state = State::open(&path).expect("opens");
    let why = Message { id: "terputus".to_owned(), en: "cut off".to_owned() };
    state.save_source("erp", "{}", "[]").expect("saves");
    state.set_sync_running("erp", Some("{}")).expect("notes");
    state.note_sync_cut_off("erp", "2026-01-02T03:04:05Z", &why).expect("notes");
    let row = state.source("erp").expect("reads").expect("there");
    assert_eq!((row.running, row.error), (None, Some(why.clone())));
    // Who looked while it ran, and came too late to see it end.
    state.note_sync("erp", "2026-01-02T03:04:06Z", None, None).expect("notes");
    state.note_sync_cut_off("erp", "2026-01-02T03:04:07Z", &why).expect("notes");
    assert_eq!(state.source("erp").expect("reads").expect("there").error, None);
}

#[test]
fn an_older_file_is_brought_up_to_date() {
    let (_folder, path) = home();
    let connection = Connection::open(&path).expect("opens");
    connection.execute_batch(MIGRATIONS[0]).expect("the first schema");
    connection
        .execute_batch(
            "INSERT INTO imports (kind, source, label, started, state, message)
             VALUES ('sales', 'default', 'a.csv', '2026-01-02T03:04:05Z', 'failed', 'the file is empty');
             PRAGMA user_version = 1;",
        )
        .expect("an import of then");
    drop(connection);
    let message = State::open(&path).expect("opens").import(ImportId(1)).expect("there").message.expect("a message");
    assert_eq!((message.get(Lang::Id), message.get(Lang::En)), ("the file is empty", "the file is empty"));
}

#[test]
fn a_file_of_a_newer_takar_is_refused() {
    let (_folder, path) = home();
    drop(State::open(&path).expect("opens"));
    let connection = Connection::open(&path).expect("opens");
    connection.pragma_update(None, "user_version", 999).expect("sets");
    drop(connection);
    assert!(matches!(State::open(&path), Err(StateError::Newer)));
}

#[test]
fn a_draft_is_decided_once() {
    let (_folder, path) = home();
    let state = State::open(&path).expect("opens");
    let wanted = |period: &str, value: &str| WantedTarget {
        manager: Some("AM-01".to_owned()),
        account: None,
        product: None,
        category: None,
        segment: None,
        branch: None,
        region: None,
        period: period.to_owned(),
        kpi: "net_sales".to_owned(),
        value: value.to_owned(),
        before: None,
        chance: Some(0.61),
        reason: "rencana tahunan".to_owned(),
        doubts: String::new(),
        confirmed: None,
    };
    let both = [wanted("2027-01", "100"), wanted("2027-02", "200")];
    assert_eq!(state.add_drafts(&both, "Sari", "2026-11-01T00:00:00Z").expect("adds"), [1, 2]);
    // The same again changes nothing; another figure takes its place.
    assert_eq!(state.add_drafts(&both[..1], "Sari", "2026-11-02T00:00:00Z").expect("adds"), [1]);
    assert_eq!(state.add_drafts(&[wanted("2027-01", "150")], "Budi", "2026-11-02T00:00:00Z").expect("adds"), [3]);
    let one = state.draft(1).expect("reads").expect("there");
    assert_eq!((one.state, one.decided_by.as_deref()), (DraftState::Replaced, Some("Budi")));

    let who = ("Yuni", "2026-11-03T00:00:00Z", "wajar");
    assert_eq!(state.decide_drafts(&[1, 2, 3], DraftState::Approving, who).expect("decides"), [2, 3]);
    assert_eq!(state.decide_drafts(&[2, 3], DraftState::Rejected, who).expect("decides"), Vec::<i64>::new());
    state.drafts_arrived(&[3], ImportId(7)).expect("notes");
    state.drafts_wait_again(&[2, 3]).expect("notes");
    drop(state);
    let state = State::open(&path).expect("opens again");
    let three = state.draft(3).expect("reads").expect("there");
    assert_eq!((three.state, three.import), (DraftState::Approved, Some(ImportId(7))));
    assert_eq!(state.draft(2).expect("reads").expect("there").state, DraftState::Draft);
    assert_eq!(state.drafts_in(DraftState::Approved).expect("lists"), [three]);
    assert_eq!(state.drafts().expect("lists").iter().map(|row| row.id).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(state.draft(9).expect("reads"), None);
}

#[test]
fn ratings_are_added_and_never_changed() {
    let (_folder, path) = home();
    let state = State::open(&path).expect("opens");
    let rating = NewRating {
        at: "2026-01-02T03:04:05Z".to_owned(),
        rater: "Ketua".to_owned(),
        manager: "S1".to_owned(),
        day: "2026-01-01".to_owned(),
        rubric: 1,
        criterion: "needs".to_owned(),
        score: 2,
        evidence: "tidak bertanya".to_owned(),
        fact: Some(("offers".to_owned(), "P1".to_owned())),
        corrects: None,
    };
    let first = state.add_rating(&rating, None, "sales:1").expect("added");
    let better = NewRating { score: 4, corrects: Some(first), fact: None, ..rating.clone() };
    let second = state.add_rating(&better, None, "sales:1").expect("corrected");
    // A rating is corrected once, one that is not there never, and nothing is said without evidence.
    assert!(state.add_rating(&better, None, "sales:1").is_err());
    assert!(state.add_rating(&NewRating { corrects: Some(99), ..rating.clone() }, None, "sales:1").is_err());
    assert!(state.add_rating(&NewRating { evidence: "  ".to_owned(), ..rating.clone() }, None, "sales:1").is_err());
    assert!(state.add_rating(&NewRating { score: 6, ..rating.clone() }, None, "sales:1").is_err());
    let kept = state.ratings().expect("lists");
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].id, kept[0].corrected_by, &kept[0].said), (first, Some(second), &rating));
    assert_eq!((kept[1].id, kept[1].corrected_by, kept[1].said.score), (second, None, 4));
    let connection = state.connection();
    assert!(connection.execute("UPDATE rubric_ratings SET score = 5", []).is_err());
    assert!(connection.execute("DELETE FROM rubric_ratings", []).is_err());
    drop(connection);
    assert_eq!(state.actions(9).expect("lists").len(), 2, "what was refused left no trace");
}

#[test]
fn a_saved_version_of_a_kpi_never_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = State::open(&folder.path().join("state.db")).expect("opens");
    let save = |text: &str| state.save_kpis("2025-11-01T00:00:00Z", &[("visits", text)]).expect("saved");
    assert_eq!((save("one"), save("one"), save("two")), (vec![1], vec![1], vec![2]));
    assert_eq!(state.kpis().expect("rows")[0].definition.as_deref(), Some("two"));
    assert!(state.remove_kpi("2025-11-02T00:00:00Z", "visits").expect("removed"));
    assert!(!state.remove_kpi("2025-11-02T00:00:00Z", "visits").expect("asked"));
    assert_eq!((state.kpis().expect("rows").len(), save("two")), (0, vec![4]));
    for sql in ["UPDATE kpis SET definition = 'x'", "DELETE FROM kpis", "UPDATE kpis SET version = 9"] {
        assert!(state.connection().execute(sql, []).is_err(), "{sql}");
    }
    let versions: Vec<Option<String>> =
        state.kpi_versions("visits").expect("rows").into_iter().map(|row| row.definition).collect();
    assert_eq!(versions, [Some("two"), None, Some("two"), Some("one")].map(|text| text.map(str::to_owned)));
}

#[test]
fn what_was_said_in_an_evaluation_never_changes() {
    let (_folder, path) = home();
    let state = State::open(&path).expect("opens");
    let text = str::to_owned;
    let due = || text("2026-04-10");
    let cycle = NewCycle {
        name: text("Triwulan"),
        period: text("2026-Q1"),
        credit: text("recorded"),
        self_due: due(),
        lead_due: due(),
        talk_due: due(),
        sign_due: due(),
        opened_at: text("2026-04-01T00:00:00Z"),
        opened_by: text("Kepala"),
    };
    let from = FrozenFrom { at: text("2026-04-01T00:00:00Z"), data: text("7"), definitions: text("d"), pin: None };
    let one = |manager: &str| NewEvaluation {
        manager: text(manager),
        manager_name: None,
        lead: None,
        lead_name: None,
        figures: format!("figures of {manager}"),
    };
    // All of a cycle or nothing: a manager is in it once.
    assert!(state.open_cycle(&cycle, &from, "", &[one("S1"), one("S1")]).is_err());
    assert_eq!((state.cycles().expect("lists").len(), state.evaluations(None).expect("lists").len()), (0, 0));
    let id = state.open_cycle(&cycle, &from, "", &[one("S1"), one("S2")]).expect("opened");
    let evaluation = state.evaluations(Some(id)).expect("lists")[0].id;
    let said = Said { by: text("Sari"), user: None, at: text("2026-04-02T00:00:00Z") };
    let draft = |answers: &str, handed_in: Option<&str>| AssessmentRow {
        side: Side::Manager,
        answers: text(answers),
        said: said.clone(),
        handed_in: handed_in.map(text),
    };
    state.save_assessment(evaluation, &draft("one", None)).expect("a draft");
    state.save_assessment(evaluation, &draft("two", Some("2026-04-02"))).expect("handed in");
    assert!(state.save_assessment(evaluation, &draft("three", None)).is_err());
    assert_eq!(state.assessments(evaluation).expect("lists"), [draft("two", Some("2026-04-02"))]);

    assert_eq!(state.freeze_again(evaluation, &from, ("Lina", "again"), "second").expect("frozen"), 2);
    assert_eq!(state.frozen_figures(evaluation, 1).expect("read").as_deref(), Some("figures of S1"));
    assert_eq!(state.frozen_figures(evaluation, 2).expect("read").as_deref(), Some("second"));
    state.add_talk(evaluation, ("2026-04-03", "both", "agreed"), &said).expect("a talk");
    state.add_comment(evaluation, (None, "a comment", Side::Manager), &said).expect("a comment");
    let signature = SignatureRow { version: 2, side: Side::Manager, agrees: true, remark: None, said: said.clone() };
    assert!(state.add_signature(evaluation, &signature).expect("signed"));
    assert!(!state.add_signature(evaluation, &signature).expect("asked"), "once for each version");
    let silent = SignatureRow { agrees: false, side: Side::Lead, ..signature };
    assert!(state.add_signature(evaluation, &silent).is_err(), "who does not agree says why");

    // A decision is on its way until its credit arrived; then it stays.
    let dispute = NewDispute {
        evaluation,
        version: 2,
        kpi: text("net_sales"),
        figure: None,
        account: None,
        invoice: None,
        period: None,
        claim: text("claim"),
        evidence: text("evidence"),
        said: said.clone(),
    };
    let number = state.add_dispute(&dispute).expect("raised");
    let decision = DecisionRow {
        verdict: text("upheld"),
        why: text("why"),
        remedy: Some(text("{}")),
        said,
        import: None,
        changed: None,
    };
    assert!(state.decide(number, &decision).expect("decided"));
    assert_eq!(state.disputes_on_their_way().expect("lists").len(), 1);
    state.decision_failed(number).expect("taken back");
    assert!(state.decide(number, &decision).expect("decided"), "what failed was no decision");
    assert!(!state.decide(number, &decision).expect("asked"));
    state.decision_arrived(number, ImportId(9), "[]").expect("arrived");
    state.decision_failed(number).expect("nothing to take back");
    assert_eq!(state.decided_imports().expect("lists"), [(number, ImportId(9))]);
    assert!(state.remind(evaluation, "talk", "2026-05-01", "t").expect("noted"));
    assert!(!state.remind(evaluation, "talk", "2026-05-01", "t").expect("asked"));

    for table in
        ["assessments", "frozen_figures", "frozen_from", "talks", "signatures", "comments", "disputes", "decisions"]
    {
        let column = if table == "frozen_from" { "data" } else { "by" };
        for sql in [format!("UPDATE {table} SET {column} = 'x'"), format!("DELETE FROM {table}")] {
            assert!(state.connection().execute(&sql, []).is_err(), "{sql}");
        }
    }
}

#[test]
fn dismissals_are_taken_back_and_never_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = State::open(&folder.path().join("state.db")).expect("opens");
    let row = |reason: &str| DismissalRow {
        key: "overdue:A1".to_owned(),
        kind: "overdue".to_owned(),
        manager: Some("S1".to_owned()),
        reason: reason.to_owned(),
        note: None,
        amount: 12.5,
        mark: "2025-10-01".to_owned(),
        day: "2025-10-31".to_owned(),
        at: "2025-11-01T00:00:00Z".to_owned(),
        by: "Siti".to_owned(),
    };
    state.add_dismissal((&row("later"), &Message::same("x")), None, "sales:1").expect("kept");
    state.add_dismissal((&row("wrong"), &Message::same("x")), None, "sales:1").expect("in the place of the first");
    assert_eq!(state.dismissals().expect("rows"), [row("wrong")]);
    let restore = || state.restore_dismissal("overdue:A1", ("2025-11-02T00:00:00Z", "Budi"), None, "sales:1");
    assert!(restore().expect("done") && !restore().expect("nothing left"));
    assert!(state.dismissals().expect("rows").is_empty());
    assert!(state.connection().execute("DELETE FROM dismissals", []).is_err());
    // Both rows, and the three decisions about the manager, are there to be read.
    let about = state.about(&Person { manager: Some("S1"), ..Person::default() }).expect("rows");
    let rows = |of: &str| about.iter().find(|one| one.of == of).map(|one| one.rows.len());
    assert_eq!((rows("dismissed"), rows("decided")), (Some(2), Some(3)));
}
