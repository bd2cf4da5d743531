//! Single rows: what is put aside and why, repairs, duplicates, and the order of many.

use takar_model::{ImportId, Lang};

use super::{TestFile, column, money, read_text, read_with};
use crate::{Field, Options, Reason, WarningKind, write_repair_file};

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
fn the_obvious_is_suggested_and_never_applied() {
    let text = format!(
        "{HEADER}1,2025-01-02,A,12O,10,\n1,2025-01-02,,1,10,\n1,,A,1,10,\n2,2025-01-03,,1,10,\n3,2025-01-04,B,1,10,\n\
         3,2025-01-05,C,1,10,\n3,,,1,10,\n4,2025-13-01,A,1,10,\n5,31/02/2025,A,1,10,\n6,2025-01-02,A,\"1,2,3\",10,\n"
    );
    let (_, check, _) = read_text(&text, &Options::default()).expect("read");
    let found: Vec<(u64, Option<&str>)> =
        check.set_aside.iter().map(|row| (row.row, row.suggestion.as_deref())).collect();
    assert_eq!(
        found,
        [
            (2, Some("120")),
            // The account and the day that the other rows of the invoice name; where they differ, none.
            (3, Some("A")),
            (4, Some("2025-01-02")),
            (5, None),
            (8, None),
            (9, Some("2025-01-13")),
            (10, None),
            (11, None),
        ]
    );
    assert_eq!((check.lines, check.set_aside[6].reason), (2, Reason::NoSuchDay));
    assert!(check.set_aside[6].message(Lang::En).ends_with("Month 2/2025 has only 28 days."));
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
    for (lang, words) in [(Lang::Id, ["takar_saran", "Bukan angka"]), (Lang::En, ["takar_suggestion", "Not a number"])]
    {
        let mut file = Vec::new();
        write_repair_file(&check.set_aside, &plan.headers, ImportId(7), lang, &mut file).expect("written");
        let written = String::from_utf8(file).expect("UTF-8");
        assert!(words.iter().all(|word| written.contains(word)), "{written}");
        let repaired = written.replace("dua", "2");
        let (plan, check, lines) = read_text(&repaired, &Options::default()).expect("read");
        assert_eq!(column(&lines, "repair_of"), ["7:2"]);
        assert_eq!(column(&lines, "account_name"), ["Toko \"A\", Solo"]);
        assert_eq!(column(&lines, "extra"), ["∅"]);
        assert_eq!((check.lines, plan.extra_columns()), (1, vec!["catatan"]));
    }
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
fn a_line_of_an_invoice_named_twice_is_put_aside() {
    let text = "faktur,no baris,tanggal,pelanggan,qty,total\n\
        1,1,2025-01-01,A,1,10\n1,2,2025-01-01,A,1,20\n1,1,2025-01-01,A,3,30\n1,1,2025-01-01,A,1,10\n\
        2,1,2025-01-01,B,1,40\n,1,2025-01-01,B,1,50\n,1,2025-01-01,B,2,60\n2,,2025-01-01,B,1,70\n2,,2025-01-01,B,2,80\n";
    let (_, check, lines) = read_text(text, &Options::default()).expect("read");
    let found: Vec<_> = check.set_aside.iter().map(|row| (row.row, row.reason, row.first_row)).collect();
    // Row 5 is the same as row 2 to the byte; rows without both numbers name no line.
    assert_eq!(found, [(4, Reason::LineRepeated, Some(2))]);
    assert_eq!((check.lines, check.duplicates, check.net), (8, 1, money("340")));
    assert_eq!(column(&lines, "row"), ["2", "3", "5", "6", "7", "8", "9", "10"]);
    assert!(check.set_aside[0].message(Lang::Id).ends_with("Yang pertama: baris 2 di jual.csv."));
    // The column may be something else; the user says so.
    let options = Options { map: vec![(Field::LineNo, String::new())], ..Options::default() };
    assert_eq!(read_text(text, &options).expect("read").1.lines, 9);
}

#[test]
fn a_product_code_is_no_line_number() {
    let text = "Faktur,Item No,Tanggal,Pelanggan,Qty,Total\n1,A-7,2025-01-01,A,1,10\n1,A-7,2025-01-01,A,3,30\n";
    let (plan, check, _) = read_text(text, &Options::default()).expect("read");
    assert_eq!((plan.column_of(Field::LineNo), check.lines), (None, 2));
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

#[test]
fn cells_corrected_by_hand_are_read_as_if_the_file_had_them_so() {
    let text = "no_faktur,tanggal,pelanggan,jumlah,netto\nF1,2025-10-01,A,dua,100\nF2,2025-10-02,B,3\nF3,03/10/2025,C,1,5\nF3,03/10/2025,C,1,5\n";
    let fix = |row: u64, column: &str, value: &str| crate::Fix { row, column: column.into(), value: value.into() };
    let options = |fixes: Vec<crate::Fix>| Options { fixes, ..Options::default() };
    // 03/10/2025 could be either: the file is refused until that is settled.
    assert!(read_text(text, &options(Vec::new())).is_err());
    let days = vec![fix(4, "tanggal", "2025-10-03"), fix(5, "tanggal", "2025-10-03")];
    let (_, check, _) = read_text(text, &options(days)).expect("days that can be decided");
    assert_eq!((check.set_aside_total, check.duplicates), (1, 1));
    let all = vec![
        fix(2, "jumlah", " 2 "),
        fix(3, "netto", "75"),
        fix(4, "tanggal", "2025-10-03"),
        fix(5, "tanggal", "2025-10-03"),
        fix(5, "no_faktur", "F4"),
        fix(999, "netto", "1"),
    ];
    let (_, check, lines) = read_text(text, &options(all)).expect("read");
    assert_eq!((check.set_aside_total, check.lines, check.duplicates), (0, 4, 0));
    assert_eq!(column(&lines, "net"), ["100", "75", "5", "5"]);
    assert_eq!(column(&lines, "quantity"), ["2", "3", "1", "1"]);
    assert_eq!(column(&lines, "invoice_no"), ["F1", "F2", "F3", "F4"]);
    let unknown = read_text(text, &options(vec![fix(2, "jumlh", "2")])).expect_err("no such column");
    assert!(unknown.to_string().contains("jumlah"), "{unknown}");
}
