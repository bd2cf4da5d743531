//! All that the state holds about a person: what others decided or said of them, and what they did here.
//!
//! Every table is named here, either with how its rows about a person are found or with why it has none; a test holds the list against the
//! schema. Secrets (how passwords, sessions and tokens are recognised) are never read.

use rusqlite::{named_params, types::ValueRef};
use serde_json::Value;

use crate::{Result, State, without_words, words::has_word};

/// A person: an account manager, a user, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person<'a> {
    /// The account manager's id.
    pub manager: Option<&'a str>,
    /// The login.
    pub login: Option<&'a str>,
    /// The name that decisions are signed with.
    pub name: Option<&'a str>,
}

/// Rows of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsAbout {
    /// What they are, in a word that does not change.
    pub of: &'static str,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// The evaluations of the manager, and the user that the login means.
const OF_MANAGER: &str = "SELECT id FROM evaluations WHERE manager = :manager";
const OF_OWNER: &str = "SELECT id FROM actions WHERE owner = :manager";
const OF_USER: &str = "SELECT id FROM users WHERE login = :login COLLATE NOCASE";
/// A message was written to that user alone. By the login, not by the address, which people change themselves.
const TO_USER: &str = "CASE WHEN event IN ('digest', 'report') AND json_valid(data) THEN json_extract(data, '$.login') END = :login COLLATE NOCASE";

/// By table: what its rows about a person are called, which columns are told, and which rows they are. Columns at the end whose names begin
/// with `_` are looked at and not told.
const TABLES: &[(&str, &str, &str, &str)] = &[
    (
        "users",
        "user",
        "login, name, role, manager, added, closed, email, lang, digest, digested",
        // The place of a reader is no person.
        "login = :login COLLATE NOCASE OR (manager = :manager AND role <> 'reader')",
    ),
    ("sessions", "sessions", "begun, seen", "user IN ({OF_USER})"),
    ("tokens", "tokens", "label, made, used, ends", "user IN ({OF_USER})"),
    ("failed_logins", "failed_logins", "login, place, at", "login = :login COLLATE NOCASE"),
    (
        "audit",
        "done",
        "at, action, detail, detail_id, about, data",
        "user IN ({OF_USER}) OR who = :login COLLATE NOCASE",
    ),
    (
        "audit",
        "decided",
        "at, who, action, detail, detail_id, data, about AS _about",
        "EXISTS (SELECT 1 FROM json_each(about) WHERE value = :manager)",
    ),
    ("looks", "looked_at", "day, what, times, last", "user IN ({OF_USER})"),
    (
        "looks",
        "looked_at_by_others",
        "day, who, what, times, last",
        "(instr(what, :manager) > 0 AND what NOT LIKE '/api/evaluations/%') OR EXISTS (SELECT 1 FROM evaluations \
         WHERE manager = :manager AND replace(what, '?', '/') || '/' LIKE '/api/evaluations/' || id || '/%')",
    ),
    (
        // A message to others tells of others too: of such it is told that there was one, not what it says.
        "outbox",
        "messages",
        "at, channel, event, subject, CASE WHEN {TO_USER} THEN text END AS text, done, text AS _text, data AS _data, {TO_USER} AS _own",
        "instr(text, :manager) > 0 OR instr(data, :manager) > 0 OR {TO_USER}",
    ),
    (
        "target_drafts",
        "targets",
        "id, manager, account, category, region, period, kpi, value, before, chance, reason, doubts, confirmed, set_by, set_at, state, decided_by, decided_at, decision, import",
        "manager = :manager OR set_by = :name OR decided_by = :name",
    ),
    ("weights", "weights_set", "version, at, by, weights", "by = :name"),
    (
        "rubric_ratings",
        "ratings",
        "id, at, rater, manager, day, rubric, criterion, score, evidence, kind, fact, corrects",
        "manager = :manager OR rater = :name",
    ),
    (
        "cycles",
        "cycles",
        "id, name, period, credit, self_due, lead_due, talk_due, sign_due, opened_at, opened_by, closed_at, closed_by, closed_why",
        "id IN (SELECT cycle FROM evaluations WHERE manager = :manager) OR opened_by = :name OR closed_by = :name",
    ),
    (
        "evaluations",
        "evaluations",
        "id, cycle, manager, manager_name, lead, lead_name",
        "manager = :manager OR lead = :manager",
    ),
    ("frozen_figures", "figures", "evaluation, version, at, by, why, figures", "evaluation IN ({OF_MANAGER})"),
    (
        // What the lead has not handed in is a draft of the lead's.
        "assessments",
        "assessments",
        "evaluation, side, answers, by, at, handed_in",
        "user IN ({OF_USER}) OR (evaluation IN ({OF_MANAGER}) AND (side = 'manager' OR handed_in IS NOT NULL))",
    ),
    (
        "talks",
        "conversations",
        "evaluation, day, present, agreed, by, at",
        "user IN ({OF_USER}) OR evaluation IN ({OF_MANAGER})",
    ),
    (
        "signatures",
        "signatures",
        "evaluation, version, side, agrees, remark, by, at",
        "user IN ({OF_USER}) OR evaluation IN ({OF_MANAGER})",
    ),
    (
        "comments",
        "comments",
        "evaluation, kpi, text, side, by, at",
        "user IN ({OF_USER}) OR evaluation IN ({OF_MANAGER})",
    ),
    (
        "disputes",
        "disputes",
        "id, evaluation, version, kpi, figure, account, invoice, period, claim, evidence, by, at",
        "user IN ({OF_USER}) OR evaluation IN ({OF_MANAGER})",
    ),
    (
        "decisions",
        "decided_disputes",
        // What a colleague was and is credited of the account is the colleague's.
        "dispute, verdict, why, json_set(remedy, '$.before', json((SELECT json_group_array(json(value)) \
         FROM json_each(remedy, '$.before') WHERE json_extract(value, '$.manager') = :manager))) AS remedy, by, at, import, \
         CASE WHEN changed IS NOT NULL THEN (SELECT json_group_array(json(value)) FROM json_each(changed) \
         WHERE json_extract(value, '$.manager') = :manager) END AS changed",
        "user IN ({OF_USER}) OR dispute IN (SELECT id FROM disputes WHERE evaluation IN ({OF_MANAGER}))",
    ),
    (
        "dismissals",
        "dismissed",
        "key, kind, manager, reason, note, amount, mark, day, at, by, restored_at, restored_by",
        "manager = :manager OR by = :name OR restored_by = :name",
    ),
    ("reminders", "reminders", "evaluation, stage, day, at", "evaluation IN ({OF_MANAGER})"),
    (
        "actions",
        "improvement_actions",
        "id, title, kind, owner, state, kpi, expected, hypothesis, due, starts, ends, selection, cost, origin, origin_key, by, at, ended_at",
        "owner = :manager OR user IN ({OF_USER})",
    ),
    ("action_accounts", "action_accounts", "action, account, part, starts", "part = 'now' AND action IN ({OF_OWNER})"),
    ("action_steps", "action_steps", "action, place, text, done_at", "action IN ({OF_OWNER})"),
    (
        "action_history",
        "action_history",
        "action, what, day, text, text_id, by, at",
        "user IN ({OF_USER}) OR action IN ({OF_OWNER})",
    ),
    ("action_results", "action_results", "action, result, by, at", "user IN ({OF_USER}) OR action IN ({OF_OWNER})"),
    (
        "alert_rules",
        "alert_rules",
        "id, rule, made_by, made_at, gone_at, gone_by",
        "made_by = :name OR gone_by = :name OR (json_extract(rule, '$.by') = 'manager' AND json_extract(rule, '$.member') = :manager)",
    ),
    (
        "alerts",
        "alerts",
        "id, rule, scope, member, since, raised_at, state, until, action, lasts, changed, told",
        "scope = 'manager' AND member = :manager",
    ),
    (
        "alert_steps",
        "alert_steps",
        "alert, at, by, state, note",
        "by = :name OR alert IN (SELECT id FROM alerts WHERE scope = 'manager' AND member = :manager)",
    ),
    (
        "reports",
        "reports",
        "id, login, what, period, format, way, folder, every, made_by, made_at, done, made",
        "login = :login COLLATE NOCASE OR made_by = :name",
    ),
];

/// Tables without rows about a person, and why.
#[cfg(test)]
const NOT_ABOUT: [(&str, &str); 11] = [
    ("imports", "files and what became of them"),
    ("profiles", "how files are read"),
    ("settings", "of the whole home"),
    ("sources", "databases"),
    ("pushes", "answers to programs, forgotten after a month"),
    ("channels", "ways out"),
    ("kpis", "definitions"),
    ("packs", "definitions"),
    ("frozen_from", "versions of data and definitions"),
    ("sqlite_sequence", "of SQLite itself"),
    ("sqlite_stat1", "of SQLite itself"),
];

impl State {
    /// All that is held about a person, a list for each kind; kinds without a row are there too.
    pub fn about(&self, person: &Person<'_>) -> Result<Vec<RowsAbout>> {
        let connection = self.connection();
        let mut all = Vec::with_capacity(TABLES.len());
        for (table, of, columns, condition) in TABLES {
            let filled = |sql: &str| {
                let sql = sql.replace("{OF_USER}", OF_USER).replace("{TO_USER}", TO_USER);
                sql.replace("{OF_MANAGER}", OF_MANAGER).replace("{OF_OWNER}", OF_OWNER)
            };
            let (columns, condition) = (filled(columns), filled(condition));
            // Every name is bound in each statement, whether its condition asks for it or not.
            let sql = format!(
                "SELECT {columns} FROM {table} WHERE ({condition}) AND (:manager IS NULL OR 1) AND (:login IS NULL OR 1) \
                 AND (:name IS NULL OR 1) ORDER BY rowid"
            );
            let sql = if matches!(*table, "frozen_figures" | "assessments" | "reminders" | "looks") {
                sql.replace(" ORDER BY rowid", " ORDER BY 1, 2")
            } else {
                sql
            };
            let mut statement = connection.prepare(&sql)?;
            let mut names: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let mut rows = statement
                .query_map(
                    named_params! { ":manager": person.manager, ":login": person.login, ":name": person.name },
                    |row| {
                        (0..names.len())
                            .map(|place| Ok(value(row.get_ref(place)?)))
                            .collect::<rusqlite::Result<Vec<_>>>()
                    },
                )?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            // An id may be part of another: S1 of S10. Evaluations are named by their own number, found already.
            let is_evaluation = |cell: &Value| cell.as_str().is_some_and(|text| text.starts_with("/api/evaluations/"));
            let is_word =
                |cell: &Value| cell.as_str().zip(person.manager).is_some_and(|(text, manager)| has_word(text, manager));
            let place = |name: &str| names.iter().position(|known| known == name);
            let (own, about) = (place("_own"), place("_about"));
            let is_own = |row: &[Value]| own.is_some_and(|place| row[place] == 1);
            rows.retain(|row| {
                !condition.contains("instr(")
                    || is_own(row)
                    || row.iter().any(|cell| is_word(cell) || is_evaluation(cell))
            });
            for detail in ["detail", "detail_id"].into_iter().filter_map(place) {
                let Some(about) = about else { continue };
                for row in rows.iter_mut().filter(|row| row[detail].is_string()) {
                    row[detail] = without_others(&row[detail], &row[about], person.manager);
                }
            }
            let told = names.iter().take_while(|name| !name.starts_with('_')).count();
            names.truncate(told);
            rows.iter_mut().for_each(|row| row.truncate(told));
            all.push(RowsAbout { of, columns: names, rows });
        }
        Ok(all)
    }
}

/// What was decided about several, without the others.
fn without_others(detail: &Value, about: &Value, own: Option<&str>) -> Value {
    let (detail, about) = (detail.as_str().unwrap_or_default(), about.as_str().unwrap_or_default());
    let about: Vec<String> = serde_json::from_str(about).unwrap_or_default();
    let others: Vec<&str> = about.iter().map(String::as_str).filter(|id| Some(*id) != own).collect();
    without_words(detail, &others).into()
}

fn value(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Message;

    #[test]
    fn every_table_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = State::open(&folder.path().join("state.db")).expect("opens");
        let tables: BTreeSet<String> = {
            let connection = state.connection();
            let mut statement =
                connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").expect("a statement");
            let names = statement.query_map([], |row| row.get(0)).expect("names");
            names.collect::<rusqlite::Result<_>>().expect("names")
        };
        let named = TABLES.iter().map(|(table, ..)| *table).chain(NOT_ABOUT.iter().map(|(table, _)| *table));
        let named: BTreeSet<&str> = named.collect();
        let missing: Vec<&String> = tables.iter().filter(|table| !named.contains(table.as_str())).collect();
        assert!(missing.is_empty(), "say what these tables hold about a person: {missing:?}");

        state
            .note_decision("2026-01-02", None, ("assign", &Message::same("3 accounts")), &["S1", "S2"], "sales:1")
            .expect("noted");
        state.note_failed_login("sari", "here", "2026-01-02", "2026-01-01").expect("noted");
        let of = |person: Person<'_>| -> Vec<(&'static str, usize)> {
            let all = state.about(&person).expect("rows");
            all.iter().map(|one| (one.of, one.rows.len())).filter(|(_, rows)| *rows > 0).collect()
        };
        assert_eq!(of(Person { manager: Some("S1"), ..Person::default() }), [("decided", 1)]);
        assert_eq!(of(Person { manager: Some("S"), ..Person::default() }), []);
        assert_eq!(of(Person { login: Some("Sari"), ..Person::default() }), [("failed_logins", 1)]);
        assert_eq!(of(Person::default()), []);
    }

    #[test]
    fn of_others_it_is_told_that_there_are_some() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = State::open(&folder.path().join("state.db")).expect("opens");
        let connection = state.connection();
        let alerts = r#"{"alerts":[{"member":"S1"},{"member":"S2"}]}"#;
        for (id, event, text, data) in [
            ("group", "alert.raised", "S1 1.000; S2 2.000", alerts),
            ("lead's", "digest", "S1 dan S2 2.000", r#"{"login":"lina"}"#),
            ("own", "digest", "Halo Sari, 1.000", r#"{"login":"sari"}"#),
            ("failed", "report.failed", "S2", r#"{"login":"sari"}"#),
            ("colleague's", "digest", "Halo Budi, S10", r#"{"login":"budi"}"#),
        ] {
            connection
                .execute(
                    "INSERT INTO outbox (id, channel, rest, event, at, subject, text, data, state, tries) \
                     VALUES (?1, 'x', '', ?2, '2026', ?1, ?3, ?4, 'sent', 1)",
                    [id, event, text, data],
                )
                .expect("queued");
        }
        // A decided dispute: the person's own credit of the account before and now, not the colleague's.
        connection
            .execute_batch(
                r#"PRAGMA foreign_keys = OFF;
                INSERT INTO evaluations (id, cycle, manager) VALUES (1, 1, 'S1');
                INSERT INTO disputes (id, evaluation, version, kpi, claim, evidence, by, at) VALUES (1, 1, 1, 'net_sales', 'x', 'x', 'sari', '2026');
                INSERT INTO disputes (id, evaluation, version, kpi, claim, evidence, by, at) VALUES (2, 1, 1, 'net_sales', 'x', 'x', 'sari', '2026');
                INSERT INTO decisions (dispute, verdict, why, by, at) VALUES (2, 'rejected', 'x', 'lina', '2026');
                INSERT INTO decisions (dispute, verdict, why, by, at, remedy, changed) VALUES (1, 'upheld', 'x', 'lina', '2026',
                    '{"source":"x","before":[{"manager":null,"net":"5"},{"manager":"S1","net":"10"},{"manager":"S2","net":"2000"}]}',
                    '[{"manager":"S1","before":"10","now":"12"},{"manager":"S2","before":"2000","now":"1998"}]');"#,
            )
            .expect("decided");
        drop(connection);
        let credited = "invoice F1: S1 S2 to S1 60% S2 40%, import 3: berdua";
        state
            .note_decision("2026", None, ("credit invoice", &Message::same(credited)), &["S1", "S2"], "sales:1")
            .expect("noted");
        let person = Person { manager: Some("S1"), login: Some("SARI"), name: Some("sari") };
        let all = state.about(&person).expect("rows");
        let of = |of: &str| all.iter().find(|one| one.of == of).expect("the kind");
        let messages = of("messages");
        assert_eq!(messages.columns, ["at", "channel", "event", "subject", "text", "done"]);
        let told: Vec<(&Value, &Value)> = messages.rows.iter().map(|row| (&row[3], &row[4])).collect();
        let (nothing, own) = (Value::Null, Value::from("Halo Sari, 1.000"));
        assert_eq!(told, [(&"group".into(), &nothing), (&"lead's".into(), &nothing), (&"own".into(), &own)]);
        let decided = of("decided");
        assert_eq!(decided.columns, ["at", "who", "action", "detail", "detail_id", "data"]);
        assert_eq!(decided.rows[0][3], "invoice F1: S1 … to S1 60% … 40%, import 3: berdua");
        let disputes = of("decided_disputes");
        assert_eq!(disputes.columns, ["dispute", "verdict", "why", "remedy", "by", "at", "import", "changed"]);
        let moved: Vec<(&Value, &Value)> = disputes.rows.iter().map(|row| (&row[3], &row[7])).collect();
        let (before, now) = (
            Value::from(r#"{"source":"x","before":[{"manager":"S1","net":"10"}]}"#),
            Value::from(r#"[{"manager":"S1","before":"10","now":"12"}]"#),
        );
        assert_eq!(moved, [(&before, &now), (&Value::Null, &Value::Null)]);
    }
}
