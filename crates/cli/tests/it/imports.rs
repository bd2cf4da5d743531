//! What re-importing, correcting, repairing and undoing do to the totals.

use crate::support::Home;

const HEAD: &str = "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,harga_satuan\n";

fn sales(rows: &[&str]) -> String {
    format!("{HEAD}{}\n", rows.join("\n"))
}

#[test]
fn the_same_file_again_changes_nothing() {
    let home = Home::new();
    let file = home.file(
        "a.csv",
        sales(&["F1,2025-01-13,P1,S1,B1,2,100", "F1,2025-01-13,P1,S1,B2,1,50", "F2,2025-01-14,P2,S1,B1,1,100"]),
    );
    assert_eq!(home.import("sales", &file, &[])["added"], 3);
    let before = home.json(&["metrics", "--format", "json"]);
    let again = home.import("sales", &file, &[]);
    assert_eq!((again["added"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(3)));
    assert_eq!(home.json(&["metrics", "--format", "json"]), before, "not even the version of the data");
    // Row order is irrelevant, and so is the file's name.
    let shuffled = home.file(
        "b.csv",
        sales(&["F2,2025-01-14,P2,S1,B1,1,100", "F1,2025-01-13,P1,S1,B2,1,50", "F1,2025-01-13,P1,S1,B1,2,100"]),
    );
    assert_eq!(home.import("sales", &shuffled, &[])["unchanged"], 3);
    assert_eq!(home.net(), "350");
}

#[test]
fn an_invoice_that_comes_again_replaces_its_lines_whole_and_an_undo_brings_them_back() {
    let home = Home::new();
    let first = home.file(
        "a.csv",
        sales(&["F1,2025-01-13,P1,S1,B1,2,100", "F1,2025-01-13,P1,S1,B2,1,50", "F2,2025-02-14,P2,S1,B1,1,100"]),
    );
    home.import("sales", &first, &[]);
    let second = home.file("b.csv", sales(&["F1,2025-01-13,P1,S1,B1,3,100"]));
    let report = home.import("sales", &second, &[]);
    assert_eq!((report["added"].as_u64(), report["replaced"].as_u64()), (Some(1), Some(2)));
    assert_eq!(home.net(), "400");
    let third = home.file("c.csv", sales(&["F1,2025-03-01,P1,S1,B1,5,100"]));
    home.import("sales", &third, &[]);
    assert_eq!(home.net(), "600");

    // Taking back the one in the middle changes nothing that counts; then the last goes back to the first.
    home.ok(&["imports", "undo", "2"]);
    assert_eq!(home.net(), "600");
    home.ok(&["imports", "undo", "3"]);
    assert_eq!(home.net(), "350");
    let months = home.json(&["metrics", "--by", "month", "--format", "json"]);
    assert_eq!(months["rows"].as_array().map(Vec::len), Some(2), "March is gone: {months}");
    assert!(home.refused(&["imports", "undo", "3"]).contains("undone already"));
    assert!(home.refused(&["imports", "undo", "99"]).contains("no import 99"));
}

#[test]
fn line_numbers_replace_line_by_line() {
    let head = "no_faktur,no_baris,tanggal,kode_pelanggan,jumlah,harga_satuan\n";
    let home = Home::new();
    let first = home.file("a.csv", format!("{head}F1,1,2025-01-13,P1,2,100\nF1,2,2025-01-13,P1,1,50\n"));
    home.import("sales", &first, &[]);
    let second = home.file("b.csv", format!("{head}F1,2,2025-01-13,P1,4,50\n"));
    let report = home.import("sales", &second, &[]);
    assert_eq!((report["added"].as_u64(), report["replaced"].as_u64()), (Some(1), Some(1)));
    assert_eq!(home.net(), "400");
    assert_eq!(home.figure("orders"), "1");
}

#[test]
fn a_line_named_twice_with_other_content_counts_once() {
    let head = "no_faktur,no_baris,tanggal,kode_pelanggan,jumlah,harga_satuan\n";
    let rows = "F1,1,2025-01-13,P1,2,100\nF1,1,2025-01-13,P1,7,100\nF1,2,2025-01-13,P1,1,50\nF2,1,2025-01-14,P2,1,30\n";
    let home = Home::new();
    let file = home.file("a.csv", format!("{head}{rows}"));
    let report = home.import("sales", &file, &[]);
    assert_eq!((report["added"].as_u64(), report["set_aside"].as_u64()), (Some(3), Some(1)));
    let row = &report["check"]["set_aside"][0];
    assert_eq!((row["row"].as_u64(), row["first_row"].as_u64()), (Some(3), Some(2)), "{row}");
    assert_eq!(home.net(), "280");
    let again = home.import("sales", &file, &[]);
    assert_eq!((again["added"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(3)));
    // With its number corrected the row joins its invoice.
    let csv = home.ok(&["imports", "set-aside", "1"]);
    assert!(csv.contains("The first is row 2 of a.csv."), "{csv}");
    let repair = home.file("repair.csv", csv.replace("F1,1,", "F1,3,"));
    assert_eq!(home.import("sales", &repair, &[])["added"], 1);
    assert_eq!(home.net(), "980");
    // The corrected line in a file of its own still replaces.
    home.import("sales", &home.file("b.csv", format!("{head}F1,1,2025-01-13,P1,3,100\n")), &[]);
    assert_eq!(home.net(), "1080");
}

#[test]
fn the_same_invoice_of_another_account_is_set_aside() {
    let home = Home::new();
    let inside = home.file(
        "a.csv",
        sales(&["F1,2025-01-13,P1,S1,B1,1,100", "F1,2025-01-13,P2,S1,B1,1,70", "F2,2025-01-13,P2,S1,B1,1,30"]),
    );
    let report = home.import("sales", &inside, &[]);
    assert_eq!((report["added"].as_u64(), report["set_aside"].as_u64()), (Some(2), Some(1)));
    assert_eq!(report["check"]["set_aside"][0]["row"], 3);
    assert_eq!(home.net(), "130");
    let later = home.file("b.csv", sales(&["F2,2025-01-13,P9,S1,B1,1,999", "F3,2025-01-13,P9,S1,B1,1,1"]));
    let report = home.import("sales", &later, &[]);
    assert_eq!((report["added"].as_u64(), report["set_aside"].as_u64()), (Some(1), Some(1)));
    assert_eq!(home.net(), "131");
    // In another source the number means another invoice.
    assert_eq!(home.import("sales", &later, &["--source", "toko"])["added"], 2);
}

#[test]
fn repaired_rows_rejoin_their_invoice() {
    let home = Home::new();
    let file = home.file(
        "a.csv",
        sales(&["F1,2025-01-13,P1,S1,B1,2,100", "F1,2025-01-13,P1,S1,B2,satu,50", "F2,2025-01-14,P2,S1,B1,1,100"]),
    );
    let report = home.import("sales", &file, &[]);
    assert_eq!((report["added"].as_u64(), report["set_aside"].as_u64()), (Some(2), Some(1)));
    let repair = home.path().join("repair.csv");
    let path = repair.to_str().expect("text");
    home.ok(&["imports", "set-aside", "1", "-o", path]);
    let text = std::fs::read_to_string(&repair).expect("written");
    assert!(text.contains("satu") && text.contains("takar_row"), "{text}");
    std::fs::write(&repair, text.replace(",satu,", ",1,")).expect("corrected");
    let report = home.import("sales", &repair, &[]);
    assert_eq!((report["added"].as_u64(), report["replaced"].as_u64()), (Some(1), Some(0)));
    assert_eq!((home.net(), home.figure("orders")), ("350".to_owned(), "2".to_owned()));
    // The repair again, and the broken file again: nothing changes.
    assert_eq!(home.import("sales", &repair, &[])["added"], 0);
    assert_eq!(home.import("sales", &file, &[])["added"], 0);
    assert_eq!(home.net(), "350");
    // The whole file, corrected at its source, takes the place of both.
    let whole = home.file(
        "b.csv",
        sales(&["F1,2025-01-13,P1,S1,B1,2,100", "F1,2025-01-13,P1,S1,B2,1,50", "F2,2025-01-14,P2,S1,B1,1,100"]),
    );
    home.import("sales", &whole, &[]);
    assert_eq!(home.net(), "350");
}

#[test]
fn rows_without_an_invoice_are_never_replaced() {
    let head = "tanggal,pelanggan,jumlah,harga_satuan\n";
    let home = Home::new();
    let first =
        home.file("a.csv", format!("{head}2025-01-13,Toko A,2,100\n2025-01-13,Toko A,2,100\n2025-01-14,Toko B,1,10\n"));
    let report = home.import("sales", &first, &[]);
    assert_eq!((report["added"].as_u64(), report["check"]["duplicates"].as_u64()), (Some(3), Some(1)));
    assert_eq!(home.import("sales", &first, &[])["added"], 0);
    let more = home
        .file("b.csv", format!("{head}2025-01-13,Toko A,2,100\n2025-01-13,Toko A,2,100\n2025-01-13,Toko A,2,100\n"));
    assert_eq!(home.import("sales", &more, &[])["added"], 1);
    assert_eq!(home.net(), "610");
    let other = Home::new();
    let dropped = other.import(
        "sales",
        &other.file("a.csv", format!("{head}2025-01-13,Toko A,2,100\n2025-01-13,Toko A,2,100\n")),
        &["--drop-duplicates"],
    );
    assert_eq!((dropped["added"].as_u64(), dropped["check"]["duplicates_dropped"].as_u64()), (Some(1), Some(1)));
}

#[test]
fn unassigned_rows_count_in_totals_only() {
    let home = Home::new();
    let file = home.file("a.csv", sales(&["F1,2025-01-13,P1,S1,B1,1,100", "F2,2025-01-13,,S1,B1,1,70"]));
    assert_eq!(home.import("sales", &file, &["--dry-run"])["set_aside"], 1);
    home.import("sales", &file, &["--unassigned"]);
    assert_eq!((home.net(), home.figure("active_accounts")), ("170".to_owned(), "1".to_owned()));
}

#[test]
fn a_trial_and_a_strict_refusal_write_nothing() {
    let home = Home::new();
    let file = home.file("a.csv", sales(&["F1,2025-01-13,P1,S1,B1,1,100", "F2,2025-13-13,P1,S1,B1,1,70"]));
    assert_eq!(home.import("sales", &file, &["--dry-run"])["added"], 1);
    assert!(home.refused(&["metrics"]).contains("import"), "there is no data yet");
    let path = file.to_str().expect("text");
    assert!(home.refused(&["import", "sales", path, "--strict"]).contains("1 rows are bad"));
    assert!(home.refused(&["metrics"]).contains("import"), "there is still no data");
}

#[test]
fn accounts_tell_the_manager_that_sales_do_not() {
    let home = Home::new();
    let file =
        home.file("a.csv", "tanggal,kode_pelanggan,jumlah,harga_satuan\n2025-01-13,P1,1,100\n2025-01-13,P2,1,70\n");
    home.import("sales", &file, &[]);
    let accounts = home.file("p.csv", "kode_pelanggan,nama_pelanggan,kode_sales,cabang\nP1,Toko Satu,S1,Bandung\n");
    home.import("accounts", &accounts, &[]);
    let table = home.json(&["metrics", "--by", "manager", "--format", "json"]);
    let rows = table["rows"].as_array().expect("rows");
    assert_eq!((rows[0]["manager"].as_str(), rows[0]["net_sales"].to_string()), (Some("S1"), "100".to_owned()));
    assert_eq!((rows[1]["manager"].as_str(), rows[1]["net_sales"].to_string()), (None, "70".to_owned()));
}

#[test]
fn an_undo_is_shown_before_it_is_done_and_can_be_taken_back() {
    let home = Home::new();
    let header = "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto\n";
    let first = home.file("satu.csv", format!("{header}F1,2025-01-10,C1,S1,B1,1,100\nF2,2025-01-11,C1,S1,B1,1,50\n"));
    let first = home.import("sales", &first, &[])["id"].to_string();
    let second = home.file("dua.csv", format!("{header}F1,2025-01-10,C1,S1,B1,1,120\nF3,2025-02-11,C2,S1,B1,1,7.25\n"));
    let second = home.import("sales", &second, &[])["id"].to_string();
    assert_eq!(home.net(), "177.25");

    let shown = home.json(&["imports", "show", &first, "--format", "json"]);
    assert_eq!((&shown["fate"]["live"], &shown["fate"]["corrected_by"][&second]), (&1.into(), &1.into()), "{shown}");
    let would = home.json(&["imports", "undo", &second, "--dry-run", "--format", "json"]);
    assert_eq!((&would["lines_removed"], &would["lines_restored"]), (&2.into(), &1.into()));
    assert_eq!(
        (&would["removed"][1]["invoice_no"], &would["restored"][0]["net"]),
        (&"F3".into(), &100.into()),
        "{would}"
    );
    assert!(home.ok(&["imports", "undo", &second, "--dry-run", "--lang", "id"]).contains("Tidak ada yang diubah"));
    assert_eq!(home.net(), "177.25", "nothing was changed");

    home.ok(&["imports", "undo", &second]);
    assert_eq!(home.net(), "150");
    let back = home.json(&["imports", "redo", &second, "--format", "json"]);
    assert_eq!((&back["added"], &back["replaced"]), (&2.into(), &1.into()));
    assert_eq!((&back["first_day"], &back["last_day"]), (&"2025-01-10".into(), &"2025-02-11".into()));
    assert_eq!(home.net(), "177.25");
    let rows = home.ok(&["lines", "--import", &back["id"].to_string()]);
    assert!(
        rows.contains(r#""file":"dua.csv""#) && rows.contains(r#""row":3"#),
        "its rows lead to where they came from: {rows}"
    );
    assert!(home.refused(&["imports", "redo", &first]).contains("was undone"));
    assert!(home.refused(&["imports", "undo", &second]).contains("undone already"));
    assert!(home.ok(&["imports", "show", &second]).contains("undone"));

    // Its invoice is another account's now: it cannot come back.
    let third = home.file("tiga.csv", format!("{header}F9,2025-03-01,C5,S1,B1,1,5\n"));
    let third = home.import("sales", &third, &[])["id"].to_string();
    home.ok(&["imports", "undo", &third]);
    home.import("sales", &home.file("empat.csv", format!("{header}F9,2025-03-01,C6,S1,B1,1,6\n")), &[]);
    assert!(home.refused(&["imports", "redo", &third]).contains("other accounts"));
    assert_eq!(home.net(), "183.25");
}

#[test]
fn accounts_that_changed_hands_are_told_with_what_they_bought() {
    let home = Home::new();
    let mut sales = "no_faktur,tanggal,kode_pelanggan,kode_sales,jumlah,netto\n".to_owned();
    for month in 1..=12 {
        // A hundred a month before July, two hundred from then on; the month of the change is left out.
        let net = if month < 7 { 100 } else { 200 };
        sales.push_str(&format!("A{month},2025-{month:02}-15,C1,S1,1,{net}\nB{month},2025-{month:02}-31,C2,S1,1,10\n"));
    }
    let sales = sales.replace("-02-31", "-02-28").replace("04-31", "04-30").replace("06-31", "06-30");
    let sales = sales.replace("09-31", "09-30").replace("11-31", "11-30");
    home.import("sales", &home.file("jual.csv", sales), &[]);
    assert!(home.ok(&["handovers"]).contains("No account changed hands"));
    let owners = "kode_pelanggan,kode_sales,mulai,sampai,bagian\nC1,S1,2025-01-01,,\nC1,S2,2025-07-10,,60\nC1,S3,2025-07-10,,40\n\
                  C2,S1,2025-01-01,2025-03-31,\n";
    home.import("ownership", &home.file("milik.csv", owners), &[]);
    home.import("managers", &home.file("sales.csv", "kode_sales,nama_sales\nS2,Sari\n"), &[]);
    let found = home.json(&["handovers", "--format", "json"]);
    assert_eq!(found["total"], 1, "who ends without a successor is no change of hands: {found}");
    let row = &found["rows"][0];
    assert_eq!((&row["account"], &row["day"]), (&"C1".into(), &"2025-07-10".into()));
    assert_eq!((&row["from"][0]["id"], &row["from"][0]["share"]), (&"S1".into(), &1.0.into()));
    assert_eq!(
        (&row["to"][0]["name"], &row["to"][0]["share"], &row["to"][1]["id"]),
        (&"Sari".into(), &0.6.into(), &"S3".into())
    );
    assert_eq!((&row["before"]["months"], &row["before"]["monthly"]), (&6.into(), &100.into()), "{row}");
    assert_eq!(
        (&row["after"]["months"], &row["after"]["monthly"], &row["growth"]),
        (&5.into(), &200.into(), &1.0.into())
    );
    assert_eq!(home.json(&["handovers", "--manager", "S3", "--format", "json"])["total"], 1);
    assert_eq!(home.json(&["handovers", "--manager", "S9", "--format", "json"])["total"], 0);
    assert_eq!(home.json(&["handovers", "--period", "2025-06", "--format", "json"])["total"], 0);
    assert!(home.ok(&["handovers", "--lang", "id"]).contains("Sari 60 %"));
}
