//! Targets in their layouts, and attributes without an id.

use arrow::{array::AsArray, datatypes::Decimal128Type};

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

/// A percent sign makes a share, where there can be one; an amount with one is refused, not taken as so many rupiah.
#[test]
fn a_percent_sign_is_understood_or_refused() {
    let (check, batch) = targets(
        "kode_sales,periode,kpi,target\nS1,2025-10,margin_rate,\"12,5%\"\nS2,2025-10,market_share,12%\nS3,2025-10,penjualan,12%\nS4,2025-10,pesanan,\"1,5\"\n",
    );
    assert_eq!(column(&batch, "manager_id"), ["S1", "S2", "S4"]);
    assert_eq!(column(&batch, "value"), ["0.125", "0.12", "1.5"]);
    assert_eq!(column(&batch, "kpi"), ["margin_rate", "market_share", "orders"]);
    let refused = &check.set_aside[0];
    assert_eq!((refused.row, refused.reason, refused.value.as_str()), (4, Reason::PercentSign, "12%"));
    assert_eq!(refused.column.as_deref(), Some("target"));
    let refused = |kind: FactKind, text: &str| table(kind, text).0.set_aside.first().map(|row| (row.row, row.reason));
    let rates = "mata_uang,tanggal,kurs\nUSD,2025-10-01,16000\nEUR,2025-10-01,12%\n";
    assert_eq!(refused(FactKind::Rates, rates), Some((3, Reason::PercentSign)));
    let market = "wilayah,periode,ukuran_pasar\nJawa,2025-10,1000\nBali,2025-10,12%\n";
    assert_eq!(refused(FactKind::Market, market), Some((3, Reason::PercentSign)));
    let costs = "account_id,date,kind,amount\nA,2025-10-01,visit,100\nA,2025-10-02,visit,12%\n";
    assert_eq!(refused(FactKind::Costs, costs), Some((3, Reason::PercentSign)));
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

fn table(kind: FactKind, text: &str) -> (crate::TableCheck, arrow::array::RecordBatch) {
    let file = TestFile::new("tabel.csv", text);
    read_table(&file.input(), kind, &Options::default()).expect("read")
}

#[test]
fn ownership_with_and_without_ends_and_shares() {
    let (check, batch) = table(
        FactKind::Ownership,
        "kode_pelanggan;kode_sales;mulai;sampai;bagian\n\
         C1;S1;01/02/2025;30/06/2025;\nC1;S2;01/07/2025;31/12/9999;60\nC1;S3;01/07/2025;sekarang;40%\nC2;S1;;;33,33\n\
         C3;S1;25/07/2025;01/07/2025;\nC4;;;;\nC5;S1;;;120\nC6;S1;31/02/2025;;\n",
    );
    assert_eq!(column(&batch, "account_id"), ["C1", "C1", "C1", "C2"]);
    assert_eq!(column(&batch, "manager_id"), ["S1", "S2", "S3", "S1"]);
    assert_eq!(column(&batch, "from"), ["2025-02-01", "2025-07-01", "2025-07-01", "∅"]);
    assert_eq!(column(&batch, "to"), ["2025-06-30", "∅", "∅", "∅"]);
    assert_eq!(column(&batch, "share"), ["1", "0.6", "0.4", "0.3333"]);
    let reasons: Vec<_> = check.set_aside.iter().map(|row| (row.row, row.reason)).collect();
    assert_eq!(
        reasons,
        [(6, Reason::EndBeforeStart), (7, Reason::NoManager), (8, Reason::BadShare), (9, Reason::NoSuchDay)]
    );
    // Shares of one are fractions; names serve where there are no codes; without days it was always so.
    let (_, batch) = table(FactKind::Ownership, "customer,account manager,share\nToko A,Budi,0.25\nToko A,Sari,0.75\n");
    assert_eq!((column(&batch, "manager_id")[1].as_str(), column(&batch, "share")[0].as_str()), ("Sari", "0.25"));
}

#[test]
fn rates_by_row_and_by_column() {
    let (check, batch) = table(
        FactKind::Rates,
        "Mata Uang;Periode;Kurs\nusd;2025-10;16.250,5\nSGD;Okt 2025;12.500,25\nJPY;besok;1,5\nEUR;2025-10;-1\n",
    );
    assert_eq!(column(&batch, "currency"), ["USD", "SGD"]);
    assert_eq!((column(&batch, "from")[1].as_str(), column(&batch, "to")[1].as_str()), ("2025-10-01", "2025-10-31"));
    let reasons: Vec<_> = check.set_aside.iter().map(|row| (row.row, row.reason)).collect();
    assert_eq!(reasons, [(4, Reason::BadPeriod), (5, Reason::OutOfRange)]);
    let rate = |batch: &arrow::array::RecordBatch, row: usize| {
        let rates = batch.column_by_name("rate").expect("a rate").as_primitive::<Decimal128Type>();
        rates.value(row)
    };
    assert_eq!(rate(&batch, 0), 16_250_500_000_000_000);
    let (_, batch) = table(FactKind::Rates, "Tanggal,Kurs USD,EUR\n2025-10-30,16250.5,18900.75\n2025-10-31,,18950\n");
    assert_eq!(column(&batch, "currency"), ["USD", "EUR", "EUR"]);
    assert_eq!(column(&batch, "to"), ["2025-10-30", "2025-10-30", "2025-10-31"]);
    let (_, batch) = table(
        FactKind::Rates,
        "currency,in currency,from,rate\nIDR,USD,2025-01-01,0.0000631\nIDR,USD,2025-02-01,0.0000625\n",
    );
    assert_eq!((column(&batch, "in_currency")[0].as_str(), column(&batch, "to")[0].as_str()), ("USD", "∅"));
    assert_eq!(rate(&batch, 0), 63_100_000);
}
