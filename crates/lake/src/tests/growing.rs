//! A panel that grew commit by commit, of which only what changed was counted again, equals one made anew: with invoices
//! whose lines are numbered and go on in other months, regions and imports, orders without a number, and aliases.

use std::fmt::Write as _;

use super::*;

/// One line: invoice (0: without a number), line of it, account, month, day of it, product, quantity, price.
type Line = (u8, u8, u8, u8, u8, u8, i8, u16);

#[derive(Debug, Clone)]
enum Change {
    /// Lines with numbers in their invoice, or without; from one of two sources.
    Import {
        numbered: bool,
        source: bool,
        lines: Vec<Line>,
    },
    /// One account or product is read as another.
    Alias {
        of_product: bool,
        alias: u8,
        id: u8,
    },
    Undo(usize),
    Redo(usize),
    Compact,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let line = (0..7_u8, 1..4_u8, 0..4_u8, 0..4_u8, 1..4_u8, 0..3_u8, -1..4_i8, 1..50_u16)
        // An invoice belongs to one account; orders without a number to any.
        .prop_map(|(invoice, line, account, month, day, product, quantity, price)| {
            let account = if invoice == 0 { account } else { invoice % 4 };
            (invoice, line, account, month, day, product, quantity, price)
        });
    let lines = prop::collection::vec(line, 1..10);
    let change = prop_oneof![
        8 => (any::<bool>(), prop::bool::weighted(0.2), lines)
            .prop_map(|(numbered, source, lines)| Change::Import { numbered, source, lines }),
        1 => (any::<bool>(), 0..4_u8, 0..4_u8).prop_map(|(of_product, alias, id)| Change::Alias { of_product, alias, id }),
        2 => (0..8_usize).prop_map(Change::Undo),
        2 => (0..8_usize).prop_map(Change::Redo),
        1 => Just(Change::Compact),
    ];
    prop::collection::vec(change, 2..12)
}

fn csv(numbered: bool, lines: &[Line]) -> String {
    let (title, line_no) = if numbered { (",no_baris", true) } else { ("", false) };
    let mut text = format!("no_faktur{title},tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto,wilayah\n");
    // The repeated line of an invoice in one file would be set aside; the first stands.
    let mut seen = std::collections::BTreeSet::new();
    for (invoice, line, account, month, day, product, quantity, price) in lines {
        if numbered && !seen.insert((*invoice, *line)) {
            continue;
        }
        let number = if *invoice == 0 { String::new() } else { format!("F{invoice}") };
        let line = if line_no { format!(",{line}") } else { String::new() };
        let region = if price % 2 == 0 { "Barat" } else { "Timur" };
        writeln!(
            text,
            "{number}{line},2025-{:02}-{day:02},P{account},S{},B{product},{quantity},{},{region}",
            month + 1,
            price % 3,
            i32::from(*quantity) * i32::from(*price)
        )
        .expect("text");
    }
    text
}

fn import_lines(lake: &Lake, id: ImportId, (numbered, source): (bool, bool), lines: &[Line], folder: &Path) {
    let path = folder.join(format!("{id}.csv"));
    fs::write(&path, csv(numbered, lines)).expect("written");
    let input = Input::File(path);
    let source = takar_model::SourceName::from(if source { "other" } else { "default" });
    let options = Options { source, ..Options::default() };
    let plan = inspect(&input, FactKind::Sales, &options).expect("a plan");
    let import = SalesImport { id, input: &input, plan, strict: false, trial: false, started: String::new() };
    lake.import_sales(import, &|_, _| {}).expect("imported");
}

fn import_alias(lake: &Lake, id: ImportId, of_product: bool, alias: u8, other: u8, folder: &Path) {
    let (of, letter) = if of_product { ("product", 'B') } else { ("account", 'P') };
    let path = folder.join(format!("{id}.csv"));
    fs::write(&path, format!("of,alias,id,verdict\n{of},{letter}{alias},{letter}{other},same\n")).expect("written");
    lake.import_table(id, FactKind::Aliases, (&Input::File(path), &Options::default()), false, "").expect("imported");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_panel_that_grew_equals_one_made_anew(changes in changes()) {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(&folder.path().join("lake")).expect("opens");
        let mut imports = Vec::new();
        let mut redone = 0;
        for (number, change) in (1_i64..).zip(&changes) {
            let id = ImportId(number);
            match change {
                Change::Import { numbered, source, lines } => {
                    import_lines(&lake, id, (*numbered, *source), lines, folder.path());
                    imports.push(id);
                }
                Change::Alias { of_product, alias, id: other } => {
                    import_alias(&lake, id, *of_product, *alias, *other, folder.path());
                }
                // What cannot be undone or brought back changes nothing.
                Change::Undo(place) => drop(imports.get(*place).map(|import| lake.undo(*import, false))),
                Change::Redo(place) => {
                    if let Some(Ok(report)) = imports.get(*place).map(|import| lake.redo(id, *import, false, "")) {
                        imports.push(report.id);
                        redone += 1;
                    }
                }
                Change::Compact => drop(lake.compact(false).expect("compacted")),
            }
            if lake.source(Credit::Recorded).expect("a source").lines() == 0 {
                continue;
            }
            let (stored, rebuilt) = lake.stored_and_rebuilt().expect("panels");
            prop_assert_eq!(stored, rebuilt, "after {:?}, {} brought back", change, redone);
        }
    }
}

/// What many small imports leave is written together by itself, and nothing of what they are is lost.
#[test]
fn many_small_imports_are_compacted_by_themselves() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&folder.path().join("lake")).expect("opens");
    let files = || {
        let snapshot = lake.table(FactKind::Sales).snapshot(lake.runtime(), None);
        snapshot.expect("read").expect("there").files.len()
    };
    for number in 1..=63_u8 {
        import(&lake, ImportId(i64::from(number)), &[(number, number % 5, number, 1, 2, 100)], folder.path());
    }
    assert_eq!(files(), 63);
    import(&lake, ImportId(64), &[(64, 4, 64, 1, 2, 100)], folder.path());
    assert_eq!(files(), 1, "written together");
    let made_for = lake.panel_versions();
    assert_eq!(lake.store(Credit::Recorded).current().expect("a panel").versions, made_for);
    assert_eq!(lake.source(Credit::Recorded).expect("a source").lines(), 64);

    // Undone out of the middle of the one file, corrected, brought back.
    assert_eq!(lake.undo(ImportId(7), false).expect("undone").lines_removed, 1);
    assert_eq!(lake.fate_of(ImportId(7), FactKind::Sales).expect("its fate"), Fate { undone: 1, ..Fate::default() });
    assert_eq!(lake.fate_of(ImportId(8), FactKind::Sales).expect("its fate"), Fate { live: 1, ..Fate::default() });
    let report = import(&lake, ImportId(65), &[(9, 4, 9, 1, 2, 999)], folder.path());
    assert_eq!((report.added, report.replaced), (1, 1));
    assert_eq!(lake.redo(ImportId(66), ImportId(7), false, "").expect("back").added, 1);
    assert_eq!(lake.undo(ImportId(65), false).expect("undone").lines_restored, 1);
    let source = lake.source(Credit::Recorded).expect("a source");
    assert_eq!((source.lines(), net_by(&source, &[Dimension::Account])), (64, 64 * 200 * Money::ONE));
    let (stored, rebuilt) = lake.stored_and_rebuilt().expect("panels");
    assert_eq!(stored, rebuilt);
}
