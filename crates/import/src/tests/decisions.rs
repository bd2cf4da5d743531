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
    assert_eq!(kind("tanggal,toko,qty,harga,diskon\n2025-01-01,A,2,9000,500\n"), Some(DiscountKind::Amount));
    assert_eq!(kind("tanggal,toko,qty,harga,diskon\n2025-01-01,A,2,100,0\n"), Some(DiscountKind::Rate));
    assert_eq!(net("tanggal,toko,qty,harga,diskon\n2025-01-01,A,-2,100,0.1\n"), ["-180"]);
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
