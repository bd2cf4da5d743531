//! The lake as a whole: any sequence of imports and undos leaves the lines that a simple model says count, and
//! panels that equal those made anew.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use proptest::prelude::*;
use takar_import::{FactKind, Input, Options, inspect};
use takar_insight::metrics::{self, Dimension, Kpi, Query, Value};
use takar_model::{Credit, ImportId, Money};

use super::*;

mod growing;
mod older;

/// One line of a file: invoice, account, day of a 90-day span, product, quantity, price.
type Row = (u8, u8, u8, u8, i8, u16);

#[derive(Debug, Clone)]
enum Step {
    Import(Vec<Row>),
    Undo(usize),
    Redo(usize),
    Accounts(Vec<(u8, u8)>),
    Compact,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let row = (0..12_u8, 0..5_u8, 0..90_u8, 0..4_u8, -3..9_i8, 1..500_u16)
        // An invoice belongs to one account: conflicts have tests of their own.
        .prop_map(|(invoice, _, day, product, quantity, price)| (invoice, invoice % 5, day, product, quantity, price));
    let step = prop_oneof![
        5 => prop::collection::vec(row, 1..25).prop_map(Step::Import),
        3 => (0..8_usize).prop_map(Step::Undo),
        2 => (0..8_usize).prop_map(Step::Redo),
        1 => prop::collection::vec((0..5_u8, 0..3_u8), 1..4).prop_map(Step::Accounts),
        1 => Just(Step::Compact),
    ];
    prop::collection::vec(step, 1..10)
}

fn csv(rows: &[Row]) -> String {
    let mut text = "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,harga_satuan,wilayah\n".to_owned();
    for (invoice, account, day, product, quantity, price) in rows {
        let date = Day::from_epoch_days(20_000 + i32::from(*day)).expect("a day");
        let manager = (account + day / 40) % 3;
        let region = if day % 2 == 0 { "Barat" } else { "" };
        writeln!(text, "F{invoice},{date},P{account},S{manager},B{product},{quantity},{price},{region}").expect("text");
    }
    text
}

use takar_model::Day;

#[derive(Default)]
struct Model {
    imports: Vec<Made>,
}

/// An import that was made.
struct Made {
    id: ImportId,
    /// Its invoices with their lines, but for those that were there already.
    invoices: BTreeMap<u8, Vec<Row>>,
    is_undone: bool,
    /// By invoice, the later import that corrected it when both counted.
    corrected_by: BTreeMap<u8, usize>,
}

impl Model {
    /// For each invoice the last import that has it and was not undone.
    fn live(&self) -> BTreeMap<u8, usize> {
        let mut live = BTreeMap::new();
        for (place, made) in self.imports.iter().enumerate().filter(|(_, made)| !made.is_undone) {
            live.extend(made.invoices.keys().map(|invoice| (*invoice, place)));
        }
        live
    }

    /// The lines that count.
    fn lines(&self) -> Vec<Row> {
        self.live().into_iter().flat_map(|(invoice, place)| self.imports[place].invoices[&invoice].clone()).collect()
    }

    /// Adds an import of some invoices; how many lines are new.
    fn import(&mut self, id: ImportId, mut invoices: BTreeMap<u8, Vec<Row>>) -> usize {
        let (live, place) = (self.live(), self.imports.len());
        // What is there already, the same, stays with the import that brought it.
        invoices.retain(|invoice, rows| {
            let sorted = |rows: &[Row]| {
                let mut rows = rows.to_vec();
                rows.sort_unstable();
                rows
            };
            live.get(invoice).is_none_or(|old| sorted(&self.imports[*old].invoices[invoice]) != sorted(rows))
        });
        for invoice in invoices.keys() {
            if let Some(old) = live.get(invoice) {
                self.imports[*old].corrected_by.insert(*invoice, place);
            }
        }
        let added = invoices.values().map(Vec::len).sum();
        self.imports.push(Made { id, invoices, is_undone: false, corrected_by: BTreeMap::new() });
        added
    }

    /// The invoices of an undone import that no import which counts corrects.
    fn to_redo(&self, undone: usize) -> BTreeMap<u8, Vec<Row>> {
        let is_corrected = |invoice: &u8| {
            let mut place = undone;
            while let Some(later) = self.imports[place].corrected_by.get(invoice) {
                if !self.imports[*later].is_undone {
                    return true;
                }
                place = *later;
            }
            false
        };
        let of_import = self.imports[undone].invoices.iter();
        of_import
            .filter(|(invoice, _)| !is_corrected(invoice))
            .map(|(invoice, rows)| (*invoice, rows.clone()))
            .collect()
    }
}

fn import(lake: &Lake, id: ImportId, rows: &[Row], folder: &Path) -> ImportReport {
    let path = folder.join(format!("{id}.csv"));
    fs::write(&path, csv(rows)).expect("written");
    let input = Input::File(path);
    let plan = inspect(&input, FactKind::Sales, &Options::default()).expect("a plan");
    let import = SalesImport { id, input: &input, plan, strict: false, trial: false, started: String::new() };
    lake.import_sales(import, &|_, _| {}).expect("imported")
}

fn import_accounts(lake: &Lake, id: ImportId, rows: &[(u8, u8)], folder: &Path) {
    let mut text = "kode_pelanggan,nama_pelanggan,wilayah\n".to_owned();
    for (account, region) in rows {
        writeln!(text, "P{account},Toko {account},W{region}").expect("text");
    }
    let path = folder.join(format!("{id}.csv"));
    fs::write(&path, text).expect("written");
    let source = (&Input::File(path), &Options::default());
    lake.import_table(id, FactKind::Accounts, source, false, "").expect("imported");
}

fn net_of(rows: &[Row]) -> i128 {
    rows.iter().map(|(_, _, _, _, quantity, price)| i128::from(*quantity) * i128::from(*price) * Money::ONE).sum()
}

fn net_by(source: &LakeSource, by: &[Dimension]) -> i128 {
    let kpis = vec![Kpi::parse("net_sales").expect("a KPI")];
    let query = Query { by: by.to_vec(), kpis, ..Query::default() };
    let table = metrics::run(source, &query).expect("an answer");
    let units = |value: &Value| if let Value::Money(money) = value { money.units() } else { 0 };
    table.rows.iter().map(|row| units(&row.values[0])).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_history_leaves_the_lines_that_count(steps in steps()) {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(&folder.path().join("lake")).expect("opens");
        let mut model = Model::default();
        let mut moments: Vec<(Versions, Vec<Row>)> = Vec::new();
        for (number, step) in (1_i64..).zip(steps) {
            let id = ImportId(number);
            match step {
                Step::Import(rows) => {
                    let report = import(&lake, id, &rows, folder.path());
                    let mut invoices: BTreeMap<u8, Vec<Row>> = BTreeMap::new();
                    rows.iter().for_each(|row| invoices.entry(row.0).or_default().push(*row));
                    prop_assert_eq!(report.added as usize, model.import(id, invoices));
                }
                Step::Undo(place) => {
                    let Some(made) = model.imports.get_mut(place) else { continue };
                    let is_there = !made.is_undone && !made.invoices.is_empty();
                    let would = lake.undo(made.id, true);
                    let did = lake.undo(made.id, false);
                    prop_assert_eq!(did.is_ok(), is_there);
                    let counts = |report: Result<UndoReport>| report.map(|it| (it.lines_removed, it.lines_restored)).ok();
                    prop_assert_eq!(counts(would), counts(did));
                    made.is_undone = true;
                }
                Step::Redo(place) => {
                    let Some(made) = model.imports.get(place) else { continue };
                    let redone = lake.redo(id, made.id, false, "");
                    prop_assert_eq!(redone.is_ok(), made.is_undone && !made.invoices.is_empty());
                    if let Ok(report) = redone {
                        let invoices = model.to_redo(place);
                        prop_assert_eq!(report.added as usize, model.import(id, invoices));
                    }
                }
                Step::Accounts(rows) => import_accounts(&lake, id, &rows, folder.path()),
                Step::Compact => {
                    let would = lake.compact(true).expect("a trial");
                    prop_assert_eq!(lake.compact(false).expect("compacted"), would);
                    prop_assert_eq!(lake.compact(true).expect("a trial"), vec![]);
                }
            }
            let live = model.lines();
            let source = lake.source(Credit::Recorded).expect("a source");
            prop_assert_eq!(source.lines() as usize, live.len());
            moments.push((lake.pin(), live.clone()));
            if live.is_empty() {
                continue;
            }
            for by in [vec![], vec![Dimension::Manager, Dimension::Month], vec![Dimension::Product, Dimension::Account], vec![Dimension::Region]] {
                prop_assert_eq!(net_by(&source, &by), net_of(&live), "by {:?}", by);
            }
            let (stored, rebuilt) = lake.stored_and_rebuilt().expect("panels");
            prop_assert_eq!(stored, rebuilt);
        }
        // Whatever came later, every moment can be read as it was; the newest has the present panel.
        for (versions, live) in moments.into_iter().rev() {
            let then = lake.as_of(&versions).expect("as it was");
            let source = then.source(Credit::Recorded).expect("a source");
            prop_assert_eq!(source.lines() as usize, live.len());
            prop_assert!(source.is_current());
            if live.is_empty() {
                continue;
            }
            // Once from the panel, once from the lines.
            for by in [[Dimension::Manager, Dimension::Month], [Dimension::Product, Dimension::Account]] {
                prop_assert_eq!(net_by(&source, &by), net_of(&live));
            }
            let (stored, rebuilt) = then.stored_and_rebuilt().expect("panels");
            prop_assert_eq!(stored, rebuilt);
        }
    }
}

/// Nothing is written to what is read as of an earlier version, and what is there now stays.
#[test]
fn an_earlier_moment_takes_nothing_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&folder.path().join("lake")).expect("opens");
    let nothing = lake.pin();
    import(&lake, ImportId(1), &[(1, 1, 1, 1, 2, 100)], folder.path());
    let then = lake.pin();
    import(&lake, ImportId(2), &[(2, 2, 2, 1, 3, 100)], folder.path());
    let earlier = lake.as_of(&then).expect("as it was");
    assert!(matches!(earlier.undo(ImportId(1), false), Err(LakeError::Pinned)));
    let accounts = folder.path().join("accounts.csv");
    fs::write(&accounts, "kode_pelanggan,nama_pelanggan\nP1,Toko\n").expect("written");
    let source = (&Input::File(accounts), &Options::default());
    let refused = earlier.import_table(ImportId(3), FactKind::Accounts, source, false, "");
    assert!(matches!(refused, Err(LakeError::Pinned)), "a table that is new too");
    assert_eq!(earlier.source(Credit::Recorded).expect("a source").lines(), 1);
    assert_eq!(lake.as_of(&nothing).expect("as it was").source(Credit::Recorded).expect("a source").lines(), 0);
    assert_eq!(lake.source(Credit::Recorded).expect("a source").lines(), 2);
}

/// A log that was written down whole says the same as one read commit by commit.
#[test]
fn a_long_log_reads_as_it_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&folder.path().join("lake")).expect("opens");
    for number in 1..=30_u8 {
        import(&lake, ImportId(i64::from(number)), &[(number, number % 5, number, 1, 2, 100)], folder.path());
    }
    lake.undo(ImportId(3), false).expect("undone");
    let log = folder.path().join("lake/sales/_delta_log");
    let names =
        fs::read_dir(log).expect("a log").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    assert!(names.into_iter().any(|name| name.contains("checkpoint")), "a checkpoint was made");
    let again = Lake::open(&folder.path().join("lake")).expect("opens");
    assert_eq!(again.notes().expect("notes").len(), 31);
    assert_eq!(again.source(Credit::Recorded).expect("a source").lines(), 29);
    again.rebuild().expect("rebuilt");
    let source = again.source(Credit::Recorded).expect("a source");
    assert_eq!((source.lines(), net_by(&source, &[Dimension::Account])), (29, 29 * 200 * Money::ONE));
    again.undo(ImportId(30), false).expect("undone");
    again.redo(ImportId(31), ImportId(3), false, "").expect("redone");
    assert_eq!(again.source(Credit::Recorded).expect("a source").lines(), 29);
    assert_eq!(again.streams().expect("streams")[0].1, 29);
}
