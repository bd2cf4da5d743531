//! Targets in their layouts, and attributes without an id.

use super::{TestFile, column};
use crate::{FactKind, Options, Reason, read_table};

fn targets(text: &str) -> (crate::TableCheck, arrow::array::RecordBatch) {
    let file = TestFile::new("target.csv", text);
    read_table(&file.input(), FactKind::Targets, &Options::default()).expect("read")
}

#[test]
fn one_target_a_row() {
    let (check, batch) = targets(
        "Nama Sales;Periode;KPI;Target\nBudi;2025-10;Omset;Rp 1.500.000,50\nSari;Q3 2025;qty;200\nAni;besok;;5\n",
    );
    assert_eq!(column(&batch, "manager_id"), ["Budi", "Sari"]);
    assert_eq!(column(&batch, "from"), ["2025-10-01", "2025-07-01"]);
    assert_eq!(column(&batch, "to"), ["2025-10-31", "2025-09-30"]);
    assert_eq!(column(&batch, "kpi"), ["net_sales", "units"]);
    assert_eq!(column(&batch, "value"), ["1500000.5", "200"]);
    assert_eq!((check.set_aside[0].row, check.set_aside[0].reason), (4, Reason::BadPeriod));
}

#[test]
fn a_column_for_each_month() {
    let (_, batch) = targets("kode_sales,tahun,Jan,Feb,Mar\nS1,2025,100,200,\nS2,2025,1,2,3\n");
    assert_eq!(column(&batch, "value"), ["100", "200", "1", "2", "3"]);
    assert_eq!(column(&batch, "from")[1], "2025-02-01");
    let (_, batch) = targets("kode_sales,2025-10,2025-11\nS1,100,200\n");
    assert_eq!(column(&batch, "to"), ["2025-10-31", "2025-11-30"]);
    let (_, batch) = targets("wilayah,tahun,bulan,target\nJawa,2025,Oktober,7\n");
    assert_eq!((column(&batch, "region")[0].as_str(), column(&batch, "from")[0].as_str()), ("Jawa", "2025-10-01"));
}

#[test]
fn attributes_without_an_id_are_put_aside() {
    let file = TestFile::new("a.csv", "kode_pelanggan,nama,warna\nC1,Toko A,merah\n,,biru\n,Toko B,\n");
    let (check, batch) = read_table(&file.input(), FactKind::Accounts, &Options::default()).expect("read");
    assert_eq!(column(&batch, "account_id"), ["C1", "Toko B"]);
    assert_eq!(column(&batch, "extra"), [r#"{"warna":"merah"}"#, "∅"]);
    assert_eq!((check.rows, check.set_aside[0].reason), (3, Reason::NoId));
}
