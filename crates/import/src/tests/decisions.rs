//! What columns are, and how their values are written.

use super::{column, money, read_text};
use crate::{CostKind, DateOrder, DiscountKind, Field, NumberStyle, Options, WarningKind};

fn net(text: &str) -> Vec<String> {
    column(&read_text(text, &Options::default()).expect("read").2, "net")
}

#[test]
fn dates_are_decided_by_the_whole_column() {
    let days = |text: &str| column(&read_text(text, &Options::default()).expect("read").2, "date");
    assert_eq!(days("tanggal,toko,qty\n03/04/2025,A,1\n13/04/2025,A,1\n"), ["2025-04-03", "2025-04-13"]);
    assert_eq!(days("tanggal,toko,qty\n03/04/2025,A,1\n04/13/2025,A,1\n"), ["2025-03-04", "2025-04-13"]);
    let options = Options { date_order: Some(DateOrder::Mdy), ..Options::default() };
    let (_, _, lines) = read_text("tanggal,toko,qty\n03/04/2025,A,1\n", &options).expect("read");
    assert_eq!(column(&lines, "date"), ["2025-03-04"]);
}

#[test]
fn what_comes_late_is_planned_again() {
    // The first 4 MB say nothing of the order, then say nothing of the decimal mark.
    let mut text = "tanggal,toko,nilai\n".to_owned();
    text.push_str(&"2025-04-03,Toko Sumber Rejeki Abadi Sentosa,1000\n".repeat(100_000));
    text.push_str("31/12/2025,B,\"1.234,5\"\n");
    let (plan, check, _) = read_text(&text, &Options::default()).expect("read");
    assert!(plan.whole);
    assert_eq!(plan.decisions.date_order, Some(DateOrder::Dmy));
    assert_eq!(plan.decisions.style(Field::NetAmount), Some(NumberStyle::Id));
    assert_eq!((check.lines, check.net), (100_001, money("100001234.5")));
}

#[test]
fn number_columns_share_their_style() {
    assert_eq!(net("tanggal;toko;qty;nilai\n2025-01-01;A;1,5;1.234\n"), ["1234"]);
    assert_eq!(net("tanggal;toko;qty;nilai\n2025-01-01;A;1.5;1.234\n"), ["1.234"]);
    assert_eq!(net("tanggal;toko;nilai\n2025-01-01;A;Rp 1.234.567\n2025-01-01;A;(1.200)\n"), ["1234567", "-1200"]);
}

#[test]
fn discounts_are_decided_against_net() {
    let kind = |text: &str| read_text(text, &Options::default()).expect("read").0.decisions.discount;
    let header = "tanggal,toko,qty,harga,diskon,netto\n";
    assert_eq!(kind(&format!("{header}2025-01-01,A,2,100,5,190\n")), Some(DiscountKind::Percent));
    assert_eq!(kind(&format!("{header}2025-01-01,A,2,100,5,195\n")), Some(DiscountKind::Amount));
    assert_eq!(kind(&format!("{header}2025-01-01,A,2,100,0.05,190\n")), Some(DiscountKind::Rate));
    assert_eq!(kind("tanggal,toko,qty,harga,Disc %\n2025-01-01,A,2,100,5\n"), Some(DiscountKind::Percent));
    assert_eq!(kind("tanggal,toko,qty,harga,diskon\n2025-01-01,A,2,100,5%\n"), Some(DiscountKind::Percent));
    let mixed = "tanggal,toko,qty,harga,diskon\n2025-01-01,A,2,100,10%\n2025-01-01,A,2,100,0.1\n2025-01-01,A,2,100,\n";
    assert_eq!(
        (kind(mixed), net(mixed)),
        (Some(DiscountKind::Rate), ["180", "180", "200"].map(str::to_owned).to_vec())
    );
    assert_eq!(kind("tanggal,toko,qty,harga,diskon\n2025-01-01,A,2,9000,500\n"), Some(DiscountKind::Amount));
    assert_eq!(kind("tanggal,toko,qty,harga,diskon\n2025-01-01,A,2,100,0\n"), Some(DiscountKind::Rate));
    assert_eq!(net("tanggal,toko,qty,harga,diskon\n2025-01-01,A,-2,100,0.1\n"), ["-180"]);
}

#[test]
fn discounts_with_a_minus_are_taken_off() {
    let header = "tanggal,toko,qty,harga,diskon";
    let kind = |text: &str| read_text(text, &Options::default()).expect("read").0.decisions.discount;
    let text = format!("{header}\n2025-01-01,A,2,9000,-500\n2025-01-01,A,-2,9000,500\n2025-01-01,A,2,9000,0\n");
    assert_eq!(
        (kind(&text), net(&text)),
        (Some(DiscountKind::Amount), ["17500", "-17500", "18000"].map(str::to_owned).to_vec())
    );
    assert_eq!(net(&format!("{header}\n2025-01-01,A,2,100,-10%\n")), ["180"]);
    assert_eq!(net(&format!("{header}\n2025-01-01,A,2,100,-0.1\n")), ["180"]);
    // A net says that it is a surcharge; so does a column that has both.
    let text = format!("{header},netto\n2025-01-01,A,2,100,-5,205\n");
    assert!(!read_text(&text, &Options::default()).expect("read").0.decisions.discount_negated);
    assert_eq!(net(&format!("{header}\n2025-01-01,A,2,9000,500\n2025-01-01,A,2,9000,-500\n")), ["17500", "18500"]);
}

#[test]
fn costs_are_decided_against_net() {
    let kind = |header: &str, row: &str| {
        let text = format!("tanggal,toko,qty,total,{header}\n{}", row.repeat(5));
        read_text(&text, &Options::default()).expect("read").0.decisions.cost
    };
    assert_eq!(kind("hpp", "2025-01-01,A,40,4000,70\n"), Some(CostKind::Unit));
    assert_eq!(kind("hpp", "2025-01-01,A,40,4000,2800\n"), Some(CostKind::Line));
    assert_eq!(kind("total hpp", "2025-01-01,A,2,100,60\n"), Some(CostKind::Line));
    let (_, _, lines) = read_text("tanggal,toko,total,laba\n2025-01-01,A,100,30\n", &Options::default()).expect("read");
    assert_eq!(column(&lines, "cost"), ["70"]);
}

#[test]
fn contradictions_are_reported_and_the_given_stands() {
    let text = "tanggal,toko,qty,harga,total\n2025-01-01,A,2,100,150\n2025-01-01,A,2,100,200\n";
    let (_, check, _) = read_text(text, &Options::default()).expect("read");
    let warning = check.warnings.iter().find(|warning| warning.kind == WarningKind::NetDiffers).expect("a warning");
    assert_eq!((warning.count, warning.examples[0].row, check.net), (1, 2, money("350")));
}

#[test]
fn values_tell_names_from_amounts() {
    let (plan, ..) = read_text("Tgl,Customer,Sales,Qty\n2025-01-01,A,Budi,3\n", &Options::default()).expect("read");
    assert_eq!(plan.column_of(Field::ManagerName), Some("Sales"));
    let (plan, ..) = read_text("Tgl,Customer,Sales,Qty\n2025-01-01,A,1500,3\n", &Options::default()).expect("read");
    assert_eq!(plan.column_of(Field::NetAmount), Some("Sales"));
    let (plan, ..) = read_text("Kapan,Toko,Qty\n2025-01-01,A,3\n", &Options::default()).expect("read");
    assert_eq!(plan.column_of(Field::Date), Some("Kapan"));
}

#[test]
fn codes_that_lost_their_digits_are_reported() {
    let text = "tanggal,toko,kode barang,total\n2025-01-01,A,8.99123E+12,10\n2025-01-01,A,0012,10\n";
    let (_, check, lines) = read_text(text, &Options::default()).expect("read");
    let warning = check.warnings.iter().find(|warning| warning.kind == WarningKind::LostDigits).expect("a warning");
    assert_eq!((warning.columns[0].as_str(), warning.examples[0].row), ("kode barang", 2));
    assert_eq!(column(&lines, "product_id"), ["8.99123E+12", "0012"]);
}

#[test]
fn the_header_is_found_below_titles() {
    let text =
        "PT Maju Jaya\nLaporan Penjualan\n\nNo. Faktur;Tgl Faktur;Nama Toko;Qty;Nilai Bersih\nF1;2025-01-01;A;1;10\n";
    let (plan, _, lines) = read_text(text, &Options::default()).expect("read");
    assert_eq!((plan.header_row, column(&lines, "row")), (4, vec!["5".to_owned()]));
    assert_eq!(column(&lines, "invoice_no"), ["F1"]);
}

#[test]
fn a_profile_decides_what_values_leave_open() {
    let (plan, ..) = read_text("tanggal,toko,qty\n13/04/2025,A,1\n", &Options::default()).expect("read");
    let json = serde_json::to_string(&plan.profile()).expect("JSON");
    let profile = Some(serde_json::from_str(&json).expect("the same"));
    let (plan, _, lines) =
        read_text("tanggal,toko,qty\n03/04/2025,A,1\n", &Options { profile, ..Options::default() }).expect("read");
    assert_eq!(plan.mapping[0].found, crate::Found::Profile);
    assert_eq!(column(&lines, "date"), ["2025-04-03"]);
}

#[test]
fn a_profile_leaves_out_what_was_left_out() {
    let text = "tanggal,toko,qty,total,subtotal\n2025-01-01,A,2,10,9\n";
    let map = vec![(Field::NetAmount, String::new())];
    let (plan, ..) = read_text(text, &Options { map, ..Options::default() }).expect("read");
    let options = Options { profile: Some(plan.profile()), ..Options::default() };
    let (plan, check, _) = read_text(text, &options).expect("the columns are settled");
    assert_eq!((plan.column_of(Field::NetAmount), check.net), (None, None));
    // A file with other headers is read by its own, and that is said.
    let (_, check, _) = read_text("tanggal,toko,jumlah,total\n2025-01-01,A,2,10\n", &options).expect("read");
    assert!(check.warnings.iter().any(|warning| warning.kind == WarningKind::OtherProfile));
    assert_eq!(check.net, money("10"));
}
