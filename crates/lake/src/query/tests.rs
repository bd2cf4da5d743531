//! Random questions: the answer from panels equals the answer from lines, and both what plain SQL over the lines says.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, sync::Arc};

use arrow::{array::AsArray, datatypes::DataType};
use proptest::prelude::*;
use takar_import::{FactKind, Input, Options, inspect};
use takar_insight::metrics::{
    self, CellSource, Cells, Dimension, Filter, Grain, Kpi, MetricsTable, Names, OrderDays, Query, SourceError, Target,
};
use takar_model::{Credit, Day, ImportId, Lang, Period};

use crate::{Lake, LakeSource, SalesImport};

/// A dimension of the random questions, and its column in the SQL view of the lines.
const DIMENSIONS: [(Dimension, &str); 7] = [
    (Dimension::Account, "account_id"),
    (Dimension::Manager, "manager"),
    (Dimension::Product, "product"),
    (Dimension::Category, "category"),
    (Dimension::Region, "region"),
    (Dimension::Segment, "segment"),
    (Dimension::Branch, "branch"),
];

/// The windows asked about: whole months, odd days, all.
const WINDOWS: [&str; 5] = ["2025-01", "2025-01..2025-02", "2025-01-05..2025-02-11", "2025", "2025-03-01..2025-03-20"];

/// A company whose lines leave to the master data what they do not say: some managers, categories, regions, branches.
fn company(lake: &Lake, folder: &Path) {
    let mut sales =
        "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,kategori,jumlah,total,wilayah\n".to_owned();
    let said = |is_said: bool, text: String| if is_said { text } else { String::new() };
    for n in 0..700_u32 {
        let (invoice, account, product) = (n / 3, n / 3 * 7 % 11, n * 5 % 9);
        let date = Day::new(2025, 1, 1).expect("a day").plus_days((n / 3 * 13 % 80) as i32);
        let quantity = i64::from(n % 10) - 1;
        writeln!(
            sales,
            "{},{date},{},{},B{product},{},{quantity},{},{}",
            said(invoice % 9 != 0, format!("F{invoice}")),
            said(account != 4, format!("P{account}")),
            // An invoice may name two managers, or none.
            said(n % 4 != 0, format!("S{}", (account + n % 2) % 4)),
            said(product % 3 != 0, format!("K{}", product % 4)),
            quantity * i64::from(n * 37 % 400 + 1),
            said(n % 5 == 0, format!("W{}", n % 3)),
        )
        .expect("text");
    }
    let mut accounts = "kode_pelanggan,nama_pelanggan,kode_sales,wilayah,segmen,cabang\n".to_owned();
    for account in 0..9 {
        let branch = said(account % 2 == 0, format!("C{}", account % 3));
        writeln!(accounts, "P{account},Toko {account},S{},W{},G{},{branch}", account % 3, account % 2, account % 4)
            .expect("text");
    }
    let mut products = "kode_barang,nama_barang,kategori\n".to_owned();
    (0..6).for_each(|product| writeln!(products, "B{product},Barang {product},K{}", product % 2).expect("text"));
    let managers = "kode_sales,nama_sales,atasan,cabang\nS0,Sari,S2,C0\nS1,Budi,S2,C1\nS2,Tono,,C2\n".to_owned();

    let written = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).expect("written");
        Input::File(path)
    };
    for (number, kind, text) in
        [(1, FactKind::Accounts, accounts), (2, FactKind::Products, products), (3, FactKind::Managers, managers)]
    {
        let input = written(&format!("{}.csv", kind.name()), text);
        lake.import_table(ImportId(number), kind, (&input, &Options::default()), false, "").expect("imported");
    }
    let input = written("sales.csv", sales);
    let options = Options { unassigned: true, ..Options::default() };
    let plan = inspect(&input, FactKind::Sales, &options).expect("a plan");
    let import =
        SalesImport { id: ImportId(4), input: &input, plan, strict: true, trial: false, started: String::new() };
    lake.import_sales(import, &|_, _| {}).expect("imported");
}

/// A condition as a user writes it and as SQL.
type Condition = (String, String);

fn condition() -> impl Strategy<Value = Condition> {
    let place = 0..DIMENSIONS.len();
    let leaf = (place, 0..6_u8, 0..5_u8, 0..5_u8).prop_map(|(place, form, one, other)| {
        let (dimension, column) = DIMENSIONS[place];
        let letter = ["P", "S", "B", "K", "W", "G", "C"][place];
        let test = match form {
            0 => format!("= '{letter}{one}'"),
            1 => format!("<> '{letter}{one}'"),
            2 => format!("in ('{letter}{one}', '{letter}{other}')"),
            3 => "is null".to_owned(),
            4 => "is not null".to_owned(),
            _ => format!("like '%{one}'"),
        };
        (format!("{} {test}", dimension.id()), format!("{column} {test}"))
    });
    leaf.prop_recursive(3, 8, 3, |inner| {
        let both = |word: &'static str| {
            move |(left, right): (Condition, Condition)| {
                (format!("({} {word} {})", left.0, right.0), format!("({} {word} {})", left.1, right.1))
            }
        };
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(both("and")),
            (inner.clone(), inner.clone()).prop_map(both("or")),
            inner.prop_map(|(user, sql)| (format!("not ({user})"), format!("not ({sql})"))),
        ]
    })
}

/// Net sales and orders by the ids of a row's keys, as text.
type Sums = BTreeMap<Vec<Option<String>>, (String, String)>;

fn by_sql(lake: &Lake, credit: Credit, by: &[usize], window: Period, condition: Option<&Condition>) -> Sums {
    let columns: Vec<&str> = by.iter().map(|place| DIMENSIONS[*place].1).collect();
    let keys: String = columns.iter().map(|column| format!("{column}, ")).collect();
    let grouped = if columns.is_empty() { String::new() } else { format!("GROUP BY {}", columns.join(", ")) };
    let sql = format!(
        "SELECT {keys} cast(sum(net) as varchar) AS net, cast(count(distinct CASE WHEN quantity > 0 THEN
         coalesce('i' || source || '|' || invoice_no, 'd' || coalesce(account_id, '') || '|' || cast(date as varchar))
         END) as varchar) AS orders
         FROM lines WHERE date >= '{}' AND date <= '{}' AND {} {grouped}",
        window.from(),
        window.to(),
        condition.map_or("true", |condition| &condition.1)
    );
    let restating = lake.restating(credit).expect("how lines are read");
    let batches = lake.runtime().block_on(async {
        let frame = lake.session(restating).await.expect("a session").sql(&sql).await.expect("SQL");
        frame.collect().await.expect("rows")
    });
    let mut sums = Sums::new();
    for batch in &batches {
        let texts: Vec<_> =
            batch.columns().iter().map(|column| arrow::compute::cast(column, &DataType::Utf8).expect("text")).collect();
        for row in 0..batch.num_rows() {
            let mut cells = texts.iter().map(|column| {
                let column = column.as_string::<i32>();
                arrow::array::Array::is_valid(column, row).then(|| column.value(row).to_owned())
            });
            let key = cells.by_ref().take(by.len()).collect();
            let (net, orders) = (cells.next().flatten(), cells.next().flatten());
            let plain = |text: String| text.parse::<takar_model::Money>().expect("an amount").to_string();
            // Without a line there is no row, and no sum in the one row of a total.
            sums.extend(net.map(|net| (key, (plain(net), orders.unwrap_or_default()))));
        }
    }
    sums
}

fn by_kernel(table: &MetricsTable) -> Sums {
    let text = |value: &metrics::Value| match value {
        metrics::Value::Money(money) => money.to_string(),
        metrics::Value::Count(count) => count.to_string(),
        other => panic!("{other:?}"),
    };
    let rows = table.rows.iter().map(|row| {
        let key = row.keys.iter().map(|key| key.id.clone()).collect();
        (key, (text(&row.values[0]), text(&row.values[1])))
    });
    rows.collect()
}

#[test]
fn random_questions_have_one_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&folder.path().join("lake")).expect("opens");
    company(&lake, folder.path());
    hold(&lake, Credit::Recorded, 60);
}

#[test]
fn random_questions_have_one_answer_under_every_rule_of_credit() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&folder.path().join("lake")).expect("opens");
    company(&lake, folder.path());
    // By name, by id, in halves, from the middle of a month, and gaps that belong to nobody.
    let owned = "kode_pelanggan,nama_sales,mulai,sampai,bagian\n\
                 P0,Sari,2025-01-01,2025-02-07,\nP0,Budi,2025-02-08,,\nP1,S2,2025-01-20,,50\nP1,S0,2025-01-20,,50\n\
                 P2,Tono,,2025-02-20,75\nToko 5,S3,2025-02-01,,\nP7,S1,2025-01-10,2025-01-12,\n";
    let path = folder.path().join("ownership.csv");
    fs::write(&path, owned).expect("written");
    let input = (&Input::File(path), &Options::default());
    let report = lake.import_table(ImportId(5), FactKind::Ownership, input, false, "").expect("imported");
    assert_eq!((report.added, report.set_aside), (7, 0));
    for credit in Credit::ALL {
        hold(&lake, credit, 25);
    }
    let (stored, rebuilt) = lake.stored_and_rebuilt().expect("panels");
    assert!(stored == rebuilt, "the panel that imports left equals one made anew");
}

/// Invoices that were decided to be somebody else's, in parts, or only in part somebody's.
#[test]
fn random_questions_have_one_answer_where_invoices_are_credited_by_themselves() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&folder.path().join("lake")).expect("opens");
    company(&lake, folder.path());
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        Input::File(path)
    };
    let take = |id: i64, kind: FactKind, text: &str| {
        let input = written(&format!("{id}.csv"), text);
        lake.import_table(ImportId(id), kind, (&input, &Options::default()), false, "").expect("imported")
    };
    let net_of = |credit: Credit, manager: &str, invoice: &str| {
        let sql = format!(
            "SELECT cast(sum(net) as varchar) FROM lines WHERE manager = '{manager}' AND invoice_no = '{invoice}'"
        );
        lake.check_value(&sql, credit).expect("a value").map(|text| text.parse::<takar_model::Money>().expect("money"))
    };
    let all_of =
        |credit: Credit| lake.check_value("SELECT cast(sum(net) as varchar) FROM lines", credit).expect("a value");
    let before = all_of(Credit::Recorded);
    let whole: takar_model::Money = {
        let sql = "SELECT cast(sum(net) as varchar) FROM lines WHERE invoice_no = 'F7'";
        lake.check_value(sql, Credit::Recorded).expect("a value").expect("lines").parse().expect("money")
    };
    take(5, FactKind::Ownership, "kode_pelanggan,kode_sales,mulai\nP2,S1,2025-02-01\nP5,S2,2025-01-10\n");
    let report = take(
        6,
        FactKind::Credits,
        "no_faktur,nama_sales,bagian,alasan\nF5,Tono,,\nF7,Sari,60%,bersama\nF7,Budi,40%,bersama\nF8,S1,25,\nF11,S9,0.5,\nF999,S1,,tidak ada\n",
    );
    assert_eq!((report.added, report.set_aside), (6, 0));
    for credit in [Credit::Recorded, Credit::Then] {
        assert_eq!(net_of(credit, "S0", "F7").map(|part| part.units() * 10), Some(whole.units() * 6), "{credit:?}");
        assert_eq!(all_of(credit), before, "nothing is lost");
    }
    for credit in Credit::ALL {
        hold(&lake, credit, 25);
    }
    // A line that is corrected keeps the credit of its invoice; a decision that comes again is replaced whole.
    let input = written(
        "again.csv",
        "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,total\nF7,2025-01-12,P5,S3,B1,4,1000\nF7,2025-01-12,P5,S3,B2,1,1\n",
    );
    let plan = inspect(&input, FactKind::Sales, &Options::default()).expect("a plan");
    let import =
        SalesImport { id: ImportId(7), input: &input, plan, strict: false, trial: false, started: String::new() };
    lake.import_sales(import, &|_, _| {}).expect("imported");
    let (stored, rebuilt) = lake.stored_and_rebuilt().expect("panels");
    assert!(stored == rebuilt, "the panel that imports left equals one made anew");
    let report = take(8, FactKind::Credits, "no_faktur,kode_sales\nF7,S2\n");
    assert_eq!((report.added, report.replaced), (1, 2));
    assert_eq!(net_of(Credit::Recorded, "S2", "F7"), Some("1001".parse().expect("money")));
    hold(&lake, Credit::Recorded, 25);
    lake.undo(ImportId(8), false).expect("undone");
    assert_eq!(net_of(Credit::Recorded, "S0", "F7"), Some("600.6".parse().expect("money")));
    lake.undo(ImportId(6), false).expect("undone");
    assert_eq!(net_of(Credit::Recorded, "S3", "F7"), Some("1001".parse().expect("money")));
}

fn hold(lake: &Lake, credit: Credit, cases: u32) {
    let source = lake.source(credit).expect("a source");
    let all: Vec<_> = ["net_sales", "orders", "units", "active_accounts", "new_accounts", "repeat_rate", "return_rate"]
        .iter()
        .map(|id| Kpi::parse(id).expect("a KPI"))
        .collect();
    let additive = [all[0], all[2], all[6]].to_vec();
    let question = (
        prop::collection::vec(0..DIMENSIONS.len(), 0..4),
        prop::option::weighted(0.7, condition()),
        0..WINDOWS.len(),
        any::<bool>(),
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
    runner
        .run(&question, |(mut by, condition, window, is_additive)| {
            by.sort_unstable();
            by.dedup();
            let window: Period = WINDOWS[window].parse().expect("a period");
            let filter = condition.as_ref().map(|(user, _)| user.parse::<Filter>().expect("a filter"));
            let query = Query {
                by: by.iter().map(|place| DIMENSIONS[*place].0).collect(),
                period: Some(window),
                kpis: if is_additive { additive.clone() } else { all.clone() },
                filter,
                ..Query::default()
            };
            let from_panels = metrics::run(&source, &query).expect("an answer");
            prop_assert_eq!(&from_panels, &metrics::run(&FromLines(&source), &query).expect("an answer"));
            if !is_additive {
                // A row of nothing is no row: a total over no line, an account that bought in the base window only.
                let is_something =
                    |_: &Vec<Option<String>>, sums: &mut (String, String)| *sums != ("0".into(), "0".into());
                let (mut own, mut told) =
                    (by_kernel(&from_panels), by_sql(lake, credit, &by, window, condition.as_ref()));
                own.retain(is_something);
                told.retain(is_something);
                prop_assert_eq!(own, told);
            }
            Ok(())
        })
        .expect("every question has one answer");
}

/// The same source without its panels.
pub(crate) struct FromLines<'a>(pub &'a LakeSource);

impl CellSource for FromLines<'_> {
    fn cells(&self, range: Period, grain: Grain) -> Result<Arc<Cells>, SourceError> {
        let cells =
            super::lines::cells_from_lines(self.0, &self.0.restatement().expect("how lines are read"), range, grain);
        cells.map(Arc::new).map_err(|error| SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) })
    }

    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        self.0.order_days()
    }

    fn extent(&self) -> Option<Period> {
        self.0.extent()
    }

    fn first_orders(&self) -> &[i32] {
        self.0.first_orders()
    }

    fn names(&self) -> &Names {
        self.0.names()
    }

    fn data_version(&self) -> u64 {
        self.0.data_version()
    }

    fn credit(&self) -> Credit {
        self.0.credit()
    }

    fn targets(&self) -> &[Target] {
        self.0.targets()
    }
}
