//! The program is killed with SIGKILL in the middle of what it does. After the next start everything is as if it had been
//! done whole or not at all, and doing it again brings what it should have brought.
//!
//! `TAKAR_KILLS` says how many rounds (5 unless told), `TAKAR_SEED` which. The seed fixes what is done and when it is
//! killed by the clock; where exactly a kill lands is up to the machine.

mod deeds;
mod model;
mod moment;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;

use self::{
    deeds::{Deed, Dice, Verb, World, company, run_and_kill},
    model::{Came, Figures, Kind, Model, Sums},
    moment::{Event, Moment, Watch},
};
use crate::support::Home;

/// Rounds after which a fresh home is begun, small and large: operations slow down as a log grows.
const ROUNDS_OF_WORLD: [usize; 2] = [90, 10];

/// As in the lake: the log of a table is written down whole at every multiple of this version.
const COMMITS_TO_CHECKPOINT: usize = 25;

#[test]
fn killed_at_any_moment_nothing_is_lost_or_counted_twice() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (rounds, seed) = (number("TAKAR_KILLS", 5), number("TAKAR_SEED", 1));
    let begun = Instant::now();
    // Few rounds are part of every run of the tests; a smaller company keeps them short.
    let sold = company(if rounds < 50 { 40_000 } else { 200_000 });
    let fresh = |is_large: bool| World::new(sold.clone(), is_large);
    let mut worlds = [fresh(false), fresh(true)];
    let mut told: BTreeMap<(Verb, bool, &str), u32> = BTreeMap::new();
    for round in 0..rounds {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let is_large = round % 6 == 0;
        let world = &mut worlds[usize::from(is_large)];
        if world.rounds == ROUNDS_OF_WORLD[usize::from(is_large)] {
            *world = fresh(is_large);
        }
        world.rounds += 1;
        let verb = match round {
            0 => Verb::Import,
            1 => Verb::Sync,
            2 => Verb::Undo,
            3 => Verb::Compact,
            4 => Verb::Push,
            _ => *dice.pick(&world.verbs()),
        };
        let deed = world.deed(verb, &mut dice);
        if !world.usual.contains_key(&verb) {
            let time = unharmed(world, &deed);
            world.usual.insert(verb, time);
        }
        let usual = world.usual[&verb];
        let moment = moment_for(world, &deed, usual, &mut dice);
        // A test that fails shows these lines: the last one is the round that failed.
        eprintln!(
            "seed {seed} round {round}: {verb:?} of {:?}, large {is_large}, usually {usual:?}, {moment:?}",
            deed.kind
        );
        let outcome = one_round(world, &deed, moment, &mut dice);
        eprintln!("    {outcome}");
        *told.entry((verb, is_large, outcome)).or_default() += 1;
    }
    eprintln!("{rounds} rounds with seed {seed} in {:?}", begun.elapsed());
    for ((verb, is_large, outcome), count) in told {
        eprintln!("{verb:?}{}, {outcome}: {count}", if is_large { " large" } else { "" });
    }
}

/// What a kill leaves in the two narrowest places, made by hand: a commit without its panel (found as seed 1, round 1: the
/// next import built on the older panel and lost the commit from every figure), and files without their commit.
#[test]
fn the_next_write_builds_on_nothing_that_is_half_done() {
    let home = Home::new();
    let sales = |name: &str, month: u32| {
        let text = format!("no_faktur,tanggal,kode_pelanggan,jumlah,netto\n{name},2025-{month:02}-05,P1,1,{month}00\n");
        home.import("sales", &home.file(&format!("{name}.csv"), text), &[])
    };
    let lake = home.path().join("home/lake");
    let (panels, older) = (lake.join("panels"), lake.join("older"));
    sales("F1", 1);
    fs::rename(&panels, &older).expect("moved");
    sales("F2", 2);
    fs::remove_dir_all(&panels).expect("removed");
    fs::rename(&older, &panels).expect("moved");

    let table = lake.join("sales");
    let committed = files_in(&table).into_iter().find(|name| name.ends_with(".parquet")).expect("a file");
    fs::copy(table.join(&committed), table.join("never.parquet")).expect("copied");
    fs::create_dir_all(table.join("_staging")).expect("made");
    fs::write(table.join("_staging/leaving.txt"), format!("{committed}\nnever.parquet\nnot-moved.parquet\n"))
        .expect("written");
    sales("F3", 3);
    assert_eq!(home.net(), "600");
    nothing_is_left_over(&home.path().join("home"), Some(Kind::Sales));
    home.ok(&["rebuild"]);
    assert_eq!(home.net(), "600", "no file that counts was removed");
}

/// How long a deed takes in a copy of the home, where it also has to come out as the model says.
fn unharmed(world: &World, deed: &Deed) -> Duration {
    let copy = Home::new();
    let from = world.home.path().join("home");
    if from.exists() {
        assert!(Command::new("cp").arg("-r").arg(&from).arg(copy.path()).status().expect("copied").success());
    }
    let (time, _) = deed.run_whole(&copy);
    agree(&copy, &deed.done_to(&world.model).0.figures(), "unharmed, in a copy");
    time
}

/// Half of the kills come at any time, half as soon as files tell that a narrow place is reached; where the next commit
/// brings a checkpoint, in that.
fn moment_for(world: &World, deed: &Deed, usual: Duration, dice: &mut Dice) -> Moment {
    let log = world.home.path().join("home/lake").join(deed.kind.table()).join("_delta_log");
    let commits = files_in(&log).iter().filter(|name| name.ends_with(".json")).count();
    if commits > 0 && commits.is_multiple_of(COMMITS_TO_CHECKPOINT) {
        return Moment::Event(Event::Checkpoint, Duration::from_micros(dice.below(3_000) as u64));
    }
    if dice.percent(50) {
        return Moment::After(usual.mul_f64(f64::from(u32::try_from(dice.below(1_150)).expect("small")) / 1_000.0));
    }
    let events = [
        Event::Staged,
        Event::Published,
        Event::Committed,
        Event::Committed,
        Event::PanelBegun,
        Event::PanelDone,
        Event::StateChanged(1),
        Event::StateChanged(2),
        Event::StateChanged(3),
        Event::StateChanged(4),
    ];
    let event = *dice.pick(&events);
    let later = if dice.percent(50) { 0 } else { dice.below(if world.is_large { 60_000 } else { 6_000 }) };
    Moment::Event(event, Duration::from_micros(later as u64))
}

/// One kill and all that has to hold after it; gives what came of the deed.
fn one_round(world: &mut World, deed: &Deed, moment: Moment, dice: &mut Dice) -> &'static str {
    let before = world.model.clone();
    let had_said_done = deed.run(&world.home, moment);
    if dice.percent(25) {
        // The start that sets things right is killed too.
        let until = Moment::After(Duration::from_millis(dice.below(30) as u64));
        run_and_kill(
            &mut world.home.command(&["imports"]),
            &mut Watch::new(until, &world.home.path().join("home"), "sales"),
        );
    }
    // In half of the rounds the next thing is a write: it must not build on what was left half done.
    let follows = dice.percent(50).then(|| {
        let (path, facts) = world.more_sales(dice);
        (world.home.import("sales", &path, &[])["id"].as_i64().expect("an id"), facts)
    });
    let with_more = |mut model: Model| {
        if let Some((_, facts)) = &follows {
            model.import(facts.iter().cloned());
        }
        model
    };
    let (done, came) = deed.done_to(&before);
    let done = with_more(done);
    let not_done = with_more(before);
    let follower = follows.as_ref().map(|(id, _)| *id);

    let log = log_of(&world.home);
    let figures = figures_of(&world.home);
    let has_happened = figures == done.figures();
    assert!(
        has_happened || figures == not_done.figures(),
        "neither done nor not done: {}",
        difference(&figures, &done.figures(), &not_done.figures())
    );
    assert!(has_happened || !had_said_done, "it said that it is done, and it is not");
    let own = own_imports(&log, world.newest, follower);
    match (has_happened, came) {
        (true, Some(came)) => assert_eq!(own.iter().map(|row| row.came).collect::<Vec<_>>(), [came], "{log:?}"),
        _ => assert!(own.is_empty(), "nothing came: {log:?}"),
    }
    if matches!(deed.verb, Verb::Import | Verb::Sync | Verb::Push) {
        own.iter().for_each(|row| its_reading_is_kept(&world.home, row.id));
    }

    world.home.ok(&["rebuild"]);
    assert_eq!(figures_of(&world.home), figures, "the panel made anew");

    // What was done already is refused or changes nothing; what was not is done now.
    let (time, is_refused) = deed.run_whole(&world.home);
    assert!(has_happened || !is_refused, "it was not done and cannot be done");
    if !has_happened {
        world.usual.entry(deed.verb).and_modify(|usual| *usual = time.min(*usual));
    }
    let log = log_of(&world.home);
    let own: Vec<i64> = own_imports(&log, world.newest, follower).iter().map(|row| row.id).collect();
    // The numbers of the new imports, in the order in which they were done.
    let (mut model, ids) = match has_happened {
        true => (done, own.iter().copied().chain(follower).collect::<Vec<_>>()),
        false => (deed.done_to(&not_done).0, follower.into_iter().chain(own.iter().copied()).collect()),
    };
    model.give_ids(&ids);
    for (id, is_undone) in model.states() {
        let state = log.iter().find(|row| row.id == id).map(|row| row.state.as_str());
        assert_eq!(state, Some(if is_undone { "undone" } else { "done" }), "import {id}");
    }
    agree(&world.home, &model.figures(), "done again");
    if world.is_large {
        assert_eq!(count_of_lines(&world.home), model.count_of_lines(), "lines, each once");
    } else {
        assert_eq!(lines_of(&world.home), model.lines(), "every line once");
    }
    // The next writer to a table clears what was left there; an undo that is refused and a push that is known write nothing.
    let writes_again = matches!(deed.verb, Verb::Import | Verb::SmallTable | Verb::Redo);
    let was_written = !has_happened || writes_again || (follower.is_some() && deed.kind == Kind::Sales);
    nothing_is_left_over(&world.home.path().join("home"), was_written.then_some(deed.kind));
    world.newest = log.iter().map(|row| row.id).max().unwrap_or_default();
    world.model = model;
    match (had_said_done, has_happened) {
        (false, _) if deed.verb == Verb::Compact => "killed, no figure changed",
        (true, _) => "ended before the kill",
        (false, true) => "killed, had happened",
        (false, false) => "killed, had not happened",
    }
}

/// What the log says of one import.
#[derive(Debug)]
struct LogRow {
    id: i64,
    state: String,
    came: Came,
}

/// The log of imports; none is running when nothing runs.
fn log_of(home: &Home) -> Vec<LogRow> {
    let log = home.json(&["imports", "--format", "json"]);
    let rows = log.as_array().expect("rows").iter().map(|row| {
        let state = row["state"].as_str().expect("a state").to_owned();
        assert_ne!(state, "running", "{row}");
        let came =
            Came { added: row["lines"].as_u64().expect("lines"), replaced: row["replaced"].as_u64().expect("lines") };
        LogRow { id: row["id"].as_i64().expect("an id"), state, came }
    });
    rows.collect()
}

/// The imports since `newest` that brought something, but for the one that followed.
fn own_imports(log: &[LogRow], newest: i64, follower: Option<i64>) -> Vec<&LogRow> {
    let is_own = |row: &&LogRow| row.id > newest && Some(row.id) != follower && row.state == "done";
    log.iter().filter(is_own).filter(|row| row.came != Came::default()).collect()
}

#[track_caller]
fn agree(home: &Home, wanted: &Figures, when: &str) {
    let found = figures_of(home);
    assert!(found == *wanted, "{when}: {}", difference(&found, wanted, wanted));
}

/// What the program answers.
fn figures_of(home: &Home) -> Figures {
    let rows = |by: &[&str]| {
        let asked = [&["metrics", "--kpi", "net_sales,units,orders", "--format", "json"], by].concat();
        let output = home.run(&asked);
        let said = String::from_utf8_lossy(&output.stderr);
        // A home without lines says to import some.
        assert!(output.status.success() || said.contains("import"), "takar {asked:?}: {said}");
        let table: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        table["rows"].as_array().cloned().unwrap_or_default()
    };
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let cells = rows(&["--by", "account,region,month"]).into_iter();
    let cells = cells.map(|row| ((text(&row, "account"), text(&row, "region"), text(&row, "month")), sums_of(&row)));
    Figures { cells: cells.collect(), total: rows(&[]).first().map(sums_of).unwrap_or_default() }
}

fn sums_of(row: &Value) -> Sums {
    let whole = |name: &str| row[name].as_i64().unwrap_or_default();
    let net = row["net_sales"].as_f64().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "hundredths far below the limits")]
    let hundredths = (net * 100.0).round() as i64;
    [hundredths, whole("units"), whole("orders")]
}

/// The first cells that differ, for whoever has to find out why.
fn difference(found: &Figures, done: &Figures, not_done: &Figures) -> String {
    let keys: BTreeSet<_> = found.cells.keys().chain(done.cells.keys()).chain(not_done.cells.keys()).collect();
    let of = |figures: &Figures, key| figures.cells.get(key).copied();
    let off = keys.into_iter().filter(|key| of(found, key) != of(done, key));
    let off: Vec<_> = off.map(|key| (key, of(found, key), of(done, key), of(not_done, key))).collect();
    format!(
        "totals {:?}, done {:?}, not done {:?}; {} cells are not as if done, such as {:?}",
        found.total,
        done.total,
        not_done.total,
        off.len(),
        &off[..off.len().min(5)]
    )
}

/// Every line that counts, in the words of the model.
fn lines_of(home: &Home) -> Vec<String> {
    let rows = home.ok(&["lines", "--limit", "1000000"]);
    let mut lines: Vec<String> = rows
        .lines()
        .map(|row| {
            let row: Value = serde_json::from_str(row).expect("JSON");
            let text = |name: &str| row[name].as_str().expect("text").to_owned();
            let [net, quantity, _] = sums_of(&serde_json::json!({ "net_sales": row["net"], "units": row["quantity"] }));
            let number = text("invoice_no");
            let stream = if number.starts_with("E-") { "erp" } else { "default" };
            format!("{stream} {number} {} {} {} {quantity} {net}", text("date"), text("account_id"), text("product_id"))
        })
        .collect();
    lines.sort();
    lines
}

/// How many lines count, as the program says when it shows the first.
fn count_of_lines(home: &Home) -> usize {
    let output = home.run(&["lines", "--limit", "1"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).replace(',', "");
    let all = said.strip_prefix("1 of ").and_then(|rest| rest.split(' ').next()?.parse().ok());
    all.unwrap_or_else(|| String::from_utf8_lossy(&output.stdout).lines().count())
}

/// How an import was read is known, so that rows it set aside are repaired as the user said.
fn its_reading_is_kept(home: &Home, import: i64) {
    let state = rusqlite::Connection::open(home.path().join("home/state.db")).expect("opened");
    let asked = "SELECT count(*) FROM profiles WHERE name = 'import:' || ?1";
    let profiles: i64 = state.query_row(asked, [import], |row| row.get(0)).expect("counted");
    assert_eq!(profiles, 1, "how import {import} was read is forgotten");
}

/// Where a table was written to since: no file waits in it for a commit that never comes, and none is there that no commit
/// names. In any case the state is sound.
fn nothing_is_left_over(home: &Path, written: Option<Kind>) {
    if let Some(kind) = written {
        let table = home.join("lake").join(kind.table());
        assert!(!table.join("_staging").exists(), "files wait in {}", table.display());
        let log = table.join("_delta_log");
        let commits = files_in(&log).into_iter().filter(|name| name.ends_with(".json"));
        let texts: String = commits.map(|name| fs::read_to_string(log.join(name)).expect("a commit")).collect();
        let data = files_in(&table).into_iter().filter(|name| name.ends_with(".parquet"));
        let orphans: Vec<String> = data.filter(|name| !texts.contains(name)).collect();
        assert!(orphans.is_empty(), "no commit names {orphans:?}");
    }
    let state = rusqlite::Connection::open(home.join("state.db")).expect("opened");
    let sound: String = state.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(sound, "ok");
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
