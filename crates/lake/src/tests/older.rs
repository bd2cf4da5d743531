//! A table written before a column came to its kind: read, changed, taken back and written together as if the column had
//! always been there, blank.

use std::path::Path;

use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;

use super::*;
use crate::{FactFilter, facts::scan, facts::schema::stored_schema};

/// Makes the table what it was before it had the column: in its files, and in what its log says of its columns.
fn forget(table: &Path, kind: FactKind, column: &str) {
    for entry in fs::read_dir(table).expect("the table").flatten().map(|entry| entry.path()) {
        if entry.extension().is_some_and(|ending| ending == "parquet") {
            let batches: Vec<RecordBatch> = scan::open(&entry, scan::Columns::all(kind))
                .expect("a data file")
                .map(|batch| {
                    let mut batch = batch.expect("rows");
                    batch.remove_column(stored_schema(kind).index_of(column).expect("the column"));
                    batch
                })
                .collect();
            let file = fs::File::create(&entry).expect("the file");
            let mut writer = ArrowWriter::try_new(file, batches[0].schema(), None).expect("a writer");
            batches.iter().for_each(|batch| writer.write(batch).expect("written"));
            writer.close().expect("closed");
        }
    }
    let first = table.join("_delta_log/00000000000000000000.json");
    let text = fs::read_to_string(&first).expect("the log");
    let field = format!(r#"{{\"name\":\"{column}\",\"type\":\"date\",\"nullable\":true,\"metadata\":{{}}}},"#);
    assert!(text.contains(&field), "{text}");
    fs::write(&first, text.replace(&field, "")).expect("written");
}

#[test]
fn a_table_from_before_a_column_goes_on() {
    let home = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(&home.path().join("lake")).expect("a lake");
    let import = |id: i64, text: &str| {
        let file = home.path().join(format!("{id}.csv"));
        fs::write(&file, text).expect("a file");
        let input = Input::File(file);
        let given = (&input, &Options::default());
        lake.import_table(ImportId(id), FactKind::Offers, given, false, "2025-01-01T00:00:00Z").expect("imported")
    };
    let followed = || {
        let page = lake.facts(&FactFilter::of(FactKind::Offers, 10)).expect("rows");
        let mut rows: Vec<(String, Option<String>)> = page
            .rows
            .iter()
            .map(|row| {
                (row["offer_id"].as_str().expect("an id").to_owned(), row["followed_up"].as_str().map(str::to_owned))
            })
            .collect();
        rows.sort();
        rows
    };
    let blank = |id: &str| (id.to_owned(), None);
    let first = "no_penawaran,tanggal_kirim,hasil\nP1,2025-01-02,terbuka\nP2,2025-01-03,menang\n";
    assert_eq!(import(1, first).added, 2);
    let table = home.path().join("lake/offers");
    forget(&table, FactKind::Offers, "followed_up");

    assert_eq!(followed(), [blank("P1"), blank("P2")]);
    assert_eq!(import(2, first).unchanged, 2);
    let later = import(3, "no_penawaran,tanggal_kirim,hasil,tanggal_tindak_lanjut\nP1,2025-01-02,terbuka,2025-01-05\n");
    assert_eq!((later.added, later.replaced), (1, 1));
    assert_eq!(followed(), [("P1".to_owned(), Some("2025-01-05".to_owned())), blank("P2")]);
    // The log says of the column too from the next commit on, for other tools.
    let log: String = (0..4)
        .filter_map(|version| fs::read_to_string(table.join(format!("_delta_log/{version:020}.json"))).ok())
        .collect();
    assert_eq!(log.matches("metaData").count(), 2, "{log}");

    lake.undo(ImportId(3), false).expect("undone");
    assert_eq!(followed(), [blank("P1"), blank("P2")]);
    lake.redo(ImportId(5), ImportId(3), false, "2025-01-02T00:00:00Z").expect("redone");
    import(4, "no_penawaran,tanggal_kirim,hasil\nP3,2025-01-09,kalah\n");
    lake.compact(false).expect("written together");
    assert_eq!(followed(), [("P1".to_owned(), Some("2025-01-05".to_owned())), blank("P2"), blank("P3")]);
}
