//! The lake as a whole: any sequence of imports and undos leaves the lines that a simple model says count, and
//! panels that equal those made anew.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use proptest::prelude::*;
use takar_import::{FactKind, Input, Options, inspect};
use takar_insight::metrics::{self, Dimension, Kpi, Query, Value};
use takar_model::{Credit, ImportId, Money};

use super::*;

/// One line of a file: invoice, account, day of a 90-day span, product, quantity, price.
type Row = (u8, u8, u8, u8, i8, u16);

#[derive(Debug, Clone)]
enum Step {
    Import(Vec<Row>),
    Undo(usize),
    Accounts(Vec<(u8, u8)>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let row = (0..12_u8, 0..5_u8, 0..90_u8, 0..4_u8, -3..9_i8, 1..500_u16)
        // An invoice belongs to one account: conflicts have tests of their own.
        .prop_map(|(invoice, _, day, product, quantity, price)| (invoice, invoice % 5, day, product, quantity, price));
    let step = prop_oneof![
        5 => prop::collection::vec(row, 1..25).prop_map(Step::Import),
        2 => (0..8_usize).prop_map(Step::Undo),
        1 => prop::collection::vec((0..5_u8, 0..3_u8), 1..4).prop_map(Step::Accounts),
    ];
    prop::collection::vec(step, 1..7)
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

struct Model {
    /// For each import that was made: its invoices with their lines, and whether it was undone.
    imports: Vec<(ImportId, BTreeMap<u8, Vec<Row>>, bool)>,
}

impl Model {
    /// The lines that count: of each invoice, those of the last import that has it and was not undone.
    fn lines(&self) -> Vec<Row> {
        let mut live: BTreeMap<u8, &Vec<Row>> = BTreeMap::new();
        for (_, invoices, _) in self.imports.iter().filter(|(_, _, undone)| !undone) {
            live.extend(invoices.iter().map(|(invoice, rows)| (*invoice, rows)));
        }
        live.into_values().flatten().copied().collect()
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
        let mut model = Model { imports: Vec::new() };
        for (number, step) in (1_i64..).zip(steps) {
            let id = ImportId(number);
            match step {
                Step::Import(rows) => {
                    let before = model.lines();
                    let report = import(&lake, id, &rows, folder.path());
                    let mut invoices: BTreeMap<u8, Vec<Row>> = BTreeMap::new();
                    rows.iter().for_each(|row| invoices.entry(row.0).or_default().push(*row));
                    // What is there already, the same, stays with the import that brought it.
                    invoices.retain(|invoice, rows| {
                        let mut old: Vec<Row> = before.iter().filter(|row| row.0 == *invoice).copied().collect();
                        let mut new = rows.clone();
                        old.sort_unstable();
                        new.sort_unstable();
                        old != new
                    });
                    prop_assert_eq!(report.added as usize, invoices.values().map(Vec::len).sum::<usize>());
                    model.imports.push((id, invoices, false));
                }
                Step::Undo(place) => {
                    let Some((id, invoices, undone)) = model.imports.get_mut(place) else { continue };
                    let is_there = !*undone && !invoices.is_empty();
                    prop_assert_eq!(lake.undo(*id).is_ok(), is_there);
                    *undone = true;
                }
                Step::Accounts(rows) => import_accounts(&lake, id, &rows, folder.path()),
            }
            let live = model.lines();
            let source = lake.source(Credit::Recorded).expect("a source");
            prop_assert_eq!(source.lines() as usize, live.len());
            if live.is_empty() {
                continue;
            }
            for by in [vec![], vec![Dimension::Manager, Dimension::Month], vec![Dimension::Product, Dimension::Account], vec![Dimension::Region]] {
                prop_assert_eq!(net_by(&source, &by), net_of(&live), "by {:?}", by);
            }
            let (stored, rebuilt) = lake.stored_and_rebuilt().expect("panels");
            prop_assert_eq!(stored, rebuilt);
        }
    }
}
