//! Single rows: what is put aside and why, repairs, duplicates, and the order of many.

use takar_model::{ImportId, Lang};

use super::{TestFile, column, money, read_text, read_with};
use crate::{Field, Options, Reason, WarningKind, write_set_aside};

const HEADER: &str = "faktur,tanggal,pelanggan,qty,total,catatan\n";

#[test]
fn each_bad_row_is_put_aside_with_its_reason() {
    let text = format!(
        "{HEADER}1,,A,1,10,\n2,besok,A,1,10,\n3,1817-01-01,A,1,10,\n4,2025-01-01,,1,10,\n5,2025-01-01,A,,,\n\
         6,2025-01-01,A,dua,10,\n7,2025-01-01,A,1,999999999999999,\n8,2025-01-01,A,#REF!,10,\n\
         9,2025-01-01,A,1,10,x,y\n10,2025-01-01,A,1,10,\u{7}\n11,2025-01-01,A,1,10,baik\n"
    );
    let (_, check, lines) = read_text(&text, &Options::default()).expect("read");
    let found: Vec<(u64, Reason)> = check.set_aside.iter().map(|row| (row.row, row.reason)).collect();
    assert_eq!(
        found,
        [
            (2, Reason::NoDate),
            (3, Reason::BadDate),
            (4, Reason::DateOutOfRange),
            (5, Reason::NoAccount),
            (6, Reason::NoAmount),
            (7, Reason::BadNumber),
            (8, Reason::OutOfRange),
            (9, Reason::FormulaError),
            (10, Reason::TooManyCells),
            (11, Reason::ControlBytes),
        ]
    );
    let bad_quantity = &check.set_aside[5];
    assert_eq!((bad_quantity.field, bad_quantity.value.as_str()), (Some(Field::Quantity), "dua"));
    assert_eq!(bad_quantity.cells, ["6", "2025-01-01", "A", "dua", "10", ""]);
    assert_eq!((check.rows, check.lines, check.set_aside_total), (11, 1, 10));
    assert_eq!(column(&lines, "extra"), [r#"{"catatan":"baik"}"#]);
    for reason in Reason::ALL {
        assert!(!reason.text().get(Lang::Id).is_empty() && !reason.text().get(Lang::En).is_empty());
    }
}

#[test]
fn unassigned_rows_can_be_kept() {
    let options = Options { unassigned: true, ..Options::default() };
    let (_, check, lines) = read_text(&format!("{HEADER}1,2025-01-01,,1,10,\n"), &options).expect("read");
    assert_eq!((check.lines, column(&lines, "account_id")), (1, vec!["∅".to_owned()]));
}

#[test]
fn put_aside_rows_come_back_repaired() {
    let text = format!("{HEADER}1,2025-01-01,\"Toko \"\"A\"\", Solo\",dua,10,\n");
    let (plan, check, _) = read_text(&text, &Options::default()).expect("read");
    let mut file = Vec::new();
    write_set_aside(&check.set_aside, &plan.headers, ImportId(7), &mut file).expect("written");
    let repaired = String::from_utf8(file).expect("UTF-8").replace("dua", "2");
    let (plan, check, lines) = read_text(&repaired, &Options::default()).expect("read");
    assert_eq!(column(&lines, "repair_of"), ["7:2"]);
    assert_eq!(column(&lines, "account_name"), ["Toko \"A\", Solo"]);
    assert_eq!(column(&lines, "extra"), ["∅"]);
    assert_eq!((check.lines, plan.extra_columns()), (1, vec!["catatan"]));
}

#[test]
fn identical_rows_count_until_the_user_says_otherwise() {
    let text =
        format!("{HEADER}1,2025-01-01,A,1,10,\n1,2025-01-01,A,1,10,\n2,2025-01-01,A,1,10,\n1,2025-01-01,A,1,10,\n");
    let (_, check, _) = read_text(&text, &Options::default()).expect("read");
    assert_eq!((check.lines, check.duplicates, check.duplicates_dropped, check.net), (4, 2, 0, money("40")));
    assert!(check.warnings.iter().any(|warning| warning.kind == WarningKind::Duplicates && warning.count == 2));
    let options = Options { drop_duplicates: true, ..Options::default() };
    let (_, check, lines) = read_text(&text, &options).expect("read");
    assert_eq!((check.lines, check.duplicates_dropped), (2, 2));
    assert_eq!(column(&lines, "row"), ["2", "4"]);
}

#[test]
fn many_workers_read_what_one_reads() {
    let mut text = HEADER.to_owned();
    for row in 0..60_000 {
        let note = if row % 7 == 0 { "\"dua\nbaris, \"\"kutip\"\"\"" } else { "5\" pipa" };
        let quantity = if row % 1_000 == 0 { "x".to_owned() } else { row.to_string() };
        text.push_str(&format!("{row},2025-01-{:02},Toko {},{quantity},{row}.25,{note}\n", row % 28 + 1, row % 50));
    }
    let file = TestFile::new("besar.csv", &text);
    let (_, one, lines_of_one) = read_with(&file.input(), &Options::default(), 1).expect("read");
    let (_, three, lines_of_three) = read_with(&file.input(), &Options::default(), 3).expect("read");
    assert!(text.len() > 2 << 20, "several blocks");
    assert_eq!(lines_of_one, lines_of_three);
    assert_eq!((one.net, one.set_aside.clone()), (three.net, three.set_aside));
    assert_eq!((one.lines, one.set_aside_total, one.rows), (59_940, 60, 60_000));
    let rows: Vec<u64> = column(&lines_of_three, "row").iter().map(|row| row.parse().expect("a number")).collect();
    assert!(rows.is_sorted() && rows.first() == Some(&3) && rows.last() == Some(&60_001));
}

#[test]
fn short_rows_lack_their_last_cells() {
    let (_, check, lines) = read_text(&format!("{HEADER}1,2025-01-01,A,1\n"), &Options::default()).expect("read");
    assert_eq!((check.lines, column(&lines, "net")), (1, vec!["∅".to_owned()]));
}
