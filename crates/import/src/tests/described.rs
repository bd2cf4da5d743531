//! Kinds that are described by their columns alone.

use takar_model::Lang;

use super::{TestFile, column, shared_data::shared};
use crate::{FactKind, Field, Options, Reason, TableCheck, read_table};

fn table(kind: FactKind, text: &str) -> (TableCheck, arrow::array::RecordBatch) {
    let file = TestFile::new("tabel.csv", text);
    read_table(&file.input(), kind, &Options::default()).expect("read")
}

fn reasons(check: &TableCheck) -> Vec<(u64, Reason)> {
    check.set_aside.iter().map(|row| (row.row, row.reason)).collect()
}

#[test]
fn activities_in_the_words_of_two_languages() {
    let (check, batch) = table(
        FactKind::Activities,
        "Tanggal;Kode Pelanggan;Nama Pelanggan;Nama Sales;Jenis Aktivitas;Arah;Hasil;Waktu Jawab (jam);Durasi Jam;Suhu\n\
         03/11/2025;C1;Toko A;Sari;Kunjungan;keluar;pesan;;1,5;panas\n\
         25/11/2025;C1;Toko A;Sari;Telepon;masuk;;4,25;0,2;\n\
         25/11/2025;C2;;;WhatsApp;;;;;\n\
         26/11/2025;C2;;Budi;;;;;;\n\
         ;C2;;Budi;Rapat;;;;;\n\
         27/11/2025;;;;Rapat;;;;;\n\
         27/11/2025;C3;;Budi;Pameran;;;lama;;\n",
    );
    assert_eq!(column(&batch, "activity"), ["visit", "call", "message"]);
    assert_eq!(column(&batch, "date"), ["2025-11-03", "2025-11-25", "2025-11-25"]);
    assert_eq!(column(&batch, "account_name"), ["Toko A", "Toko A", "∅"]);
    assert_eq!(column(&batch, "direction"), ["out", "in", "∅"]);
    assert_eq!(column(&batch, "response_hours"), ["∅", "4.25", "∅"]);
    assert_eq!(column(&batch, "extra"), [r#"{"Suhu":"panas"}"#, "∅", "∅"]);
    assert_eq!(
        reasons(&check),
        [(5, Reason::Needed), (6, Reason::NoDate), (7, Reason::NothingSaid), (8, Reason::BadNumber)]
    );
    // A word of their own stays.
    let (_, batch) = table(FactKind::Activities, "date,account,activity\n2025-11-27,C3,Pameran Dagang\n");
    assert_eq!(column(&batch, "activity"), ["Pameran Dagang"]);
}

#[test]
fn an_offer_is_won_lost_or_open_and_stands_once() {
    let (check, batch) = table(
        FactKind::Offers,
        "no_penawaran,tahap,nilai,tanggal_penawaran,pelanggan,sales\n\
         P1,Menang,1000,2025-01-02,C1,S1\nP2,Negosiasi,2000,2025-01-03,C1,S1\nP3,Batal,3000,2025-01-04,C2,S1\n\
         P1,Menang,1000,2025-01-02,C1,S1\nP2,Menang,2000,2025-01-03,C1,S1\nP4,,5,2025-01-03,C1,S1\n",
    );
    assert_eq!(column(&batch, "state"), ["won", "open", "lost"]);
    assert_eq!(column(&batch, "stage"), ["Menang", "Negosiasi", "Batal"]);
    assert_eq!(reasons(&check), [(6, Reason::IdRepeated), (7, Reason::NothingSaid)]);
    let (_, batch) =
        table(FactKind::Offers, "deal id,status,stage\nD1,Closed Won,Contract\nD2,,Closed Lost\nD3,new,\n");
    assert_eq!(column(&batch, "state"), ["won", "lost", "open"]);
    // The result alone says how it stands, and the days are called by what happened on them.
    let (check, batch) = table(
        FactKind::Offers,
        "no_penawaran,kode_pelanggan,kode_sales,tanggal_kirim,tanggal_tindak_lanjut,tanggal_putus,hasil,nilai\n\
         P1,C1,S1,2025-01-02,2025-01-05,2025-02-01,menang,1000\nP2,C1,S1,2025-01-03,,2025-01-20,kalah,2000\n\
         P3,C2,S1,2025-01-04,2025-01-30,,terbuka,3000\n",
    );
    assert!(check.set_aside.is_empty());
    assert_eq!(column(&batch, "state"), ["won", "lost", "open"]);
    assert_eq!(column(&batch, "opened"), ["2025-01-02", "2025-01-03", "2025-01-04"]);
    assert_eq!(column(&batch, "closed"), ["2025-02-01", "2025-01-20", "∅"]);
    assert_eq!(column(&batch, "followed_up"), ["2025-01-05", "∅", "2025-01-30"]);
    // What it cannot do without is named once each.
    let file = TestFile::new("tabel.csv", "no_penawaran,nilai\nP1,1000\n");
    let refused = read_table(&file.input(), FactKind::Offers, &Options::default()).expect_err("no state");
    assert!(refused.message(Lang::Id).contains("kolom untuk tahap atau status tidak"), "{}", refused.message(Lang::Id));
    let (_, batch) = table(FactKind::Stages, "offer id,stage,entered at\nD1,Lead,2025-01-01\nD1,Won,2025-02-01\n");
    assert_eq!(column(&batch, "stage"), ["Lead", "Won"]);
}

#[test]
fn the_other_kinds_as_people_write_them() {
    let (_, batch) = table(
        FactKind::Feedback,
        "tanggal,pelanggan,jenis,skor,skala,status,keterangan\n\
         2025-10-03,C1,NPS,9,10,,ramah\n2025-10-04,C2,Keluhan,,,selesai,kiriman terlambat\n",
    );
    assert_eq!(column(&batch, "type"), ["nps", "complaint"]);
    assert_eq!((column(&batch, "score")[0].as_str(), column(&batch, "state")[1].as_str()), ("9", "resolved"));

    let (check, batch) = table(
        FactKind::Costs,
        "bulan,kode_pelanggan,jenis_biaya,biaya,jam\n2025-10,C1,Ongkir,\"Rp 125.000,50\",\n2025-10,C1,Kunjungan,,3\n2025-10,C1,Kunjungan,,\n",
    );
    assert_eq!(column(&batch, "type"), ["delivery", "visit"]);
    assert_eq!((column(&batch, "amount")[0].as_str(), column(&batch, "hours")[1].as_str()), ("125000.5", "3"));
    assert_eq!(column(&batch, "date")[0], "2025-10-01");
    assert_eq!(reasons(&check), [(4, Reason::NothingSaid)]);

    let (_, batch) = table(
        FactKind::Prospects,
        "Nama Prospek;Sales;Sumber;Tahap;Estimasi Nilai\nPT Baru;Sari;pameran;dihubungi;5.000.000\n",
    );
    assert_eq!(
        (column(&batch, "prospect_id")[0].as_str(), column(&batch, "origin")[0].as_str()),
        ("PT Baru", "pameran")
    );
    assert_eq!(column(&batch, "amount"), ["5000000"]);

    let (_, batch) =
        table(FactKind::Stock, "tanggal,kode_barang,gudang,stok\n2025-10-31,B1,Bandung,0\n2025-10-31,B2,Bandung,12\n");
    assert_eq!(column(&batch, "state"), ["out", "in"]);
    // From when to when it was out, beside how much there was on a day.
    let (check, batch) = table(
        FactKind::Stock,
        "tanggal,kode_barang,cabang,sampai,stok,jumlah_tak_terlayani\n2025-10-03,B1,Bandung,2025-10-07,0,12\n\
         2025-10-31,B1,Bandung,,40,\n2025-10-03,B2,Bandung,2025-10-01,0,\n2025-10-09,B3,Bandung,2025-10-10,,\n",
    );
    assert_eq!(column(&batch, "state"), ["out", "in", "out"]);
    assert_eq!(column(&batch, "until"), ["2025-10-07", "∅", "2025-10-10"]);
    assert_eq!(column(&batch, "days_out"), ["5", "∅", "2"]);
    assert_eq!(reasons(&check), [(4, Reason::EndBeforeStart)]);
    let (_, batch) = table(FactKind::Stock, "product,branch,from,to\nB1,Bandung,2025-10-03,2025-10-07\n");
    assert_eq!((column(&batch, "date")[0].as_str(), column(&batch, "days_out")[0].as_str()), ("2025-10-03", "5"));

    let (_, batch) = table(
        FactKind::Receivables,
        "No Faktur,Pelanggan,Jatuh Tempo,Nilai Faktur,Terbayar\nF-1,C1,2025-11-30,1000,250\nF-2,C1,2025-12-30,500,\n",
    );
    assert_eq!(column(&batch, "balance"), ["750", "500"]);

    let (check, batch) = table(
        FactKind::Units,
        "kode_barang,satuan besar,satuan kecil,isi\nB1,karton,pcs,24\n,lusin,pcs,12\nB2,karton,pcs,0\nB2,karton,,6\n",
    );
    assert_eq!(column(&batch, "factor"), ["24", "12"]);
    assert_eq!(reasons(&check), [(4, Reason::OutOfRange), (5, Reason::Needed)]);

    let (_, batch) = table(
        FactKind::Teams,
        "tim,anggota,ketua,mulai,sampai\nBarat,Sari,Dewi,2025-01-01,sekarang\nBarat,Budi,Dewi,2025-01-01,2025-06-30\n",
    );
    assert_eq!((column(&batch, "lead")[0].as_str(), column(&batch, "to")[1].as_str()), ("Dewi", "2025-06-30"));

    // One who joins was not there before, one who left not any more; an end before its beginning is no time.
    let (check, batch) = table(
        FactKind::Absences,
        "kode sales,mulai,sampai,alasan,sudah dalam target\nS1,2025-10-19,2025-11-02,cuti,\nS2,,14/10/2025,Belum masuk,ya\nS3,2025-10-11,,resign,tidak\nS4,,,sakit,\nS5,2025-10-20,2025-10-11,cuti,\n",
    );
    assert_eq!(column(&batch, "reason"), ["leave", "not joined", "left"]);
    assert_eq!(column(&batch, "in_target"), ["no", "yes", "no"]);
    assert_eq!((column(&batch, "from")[1].as_str(), column(&batch, "to")[1].as_str()), ("∅", "2025-10-14"));
    assert_eq!(reasons(&check), [(5, Reason::NothingSaid), (6, Reason::EndBeforeStart)]);
}

#[test]
fn what_a_kind_cannot_do_without_is_asked_for() {
    let file = TestFile::new("o.csv", "tahap,nilai\nmenang,3\n");
    let error = read_table(&file.input(), FactKind::Offers, &Options::default()).expect_err("no id");
    assert!(matches!(error, crate::ImportError::Missing { ref fields, .. } if fields == &[Field::OfferId]), "{error}");
}

#[test]
fn every_shape_holds_together() {
    for kind in FactKind::ALL {
        let Some(shape) = kind.shape() else { continue };
        let names: Vec<&str> = shape.columns.iter().map(|column| column.name).collect();
        let named = shape.key.iter().chain(shape.any_of).chain([&shape.by]).chain(&shape.sum).chain(&shape.day);
        for name in named {
            assert!(names.contains(name), "{}: {name} is no column", kind.name());
        }
        let schema = crate::table_schema(kind);
        assert_eq!(schema.fields().len(), names.len() + 4, "{}", kind.name());
        assert_eq!(kind.name().parse(), Ok(kind));
    }
}

#[test]
fn the_offers_of_a_crm_load_with_their_dirt() {
    let Some(input) = shared("maven_crm/sales_pipeline.csv") else { return };
    let (check, batch) = read_table(&input, FactKind::Offers, &Options::default()).expect("read");
    assert_eq!((check.rows, check.lines, check.set_aside.len()), (8_800, 8_800, 0));
    let states = column(&batch, "state");
    let count = |wanted: &str| states.iter().filter(|state| *state == wanted).count();
    assert_eq!((count("won"), count("lost"), count("open")), (4_238, 2_473, 2_089));
    let amounts = column(&batch, "amount");
    let won = states.iter().zip(&amounts).filter(|(state, _)| *state == "won");
    let value: i64 = won.map(|(_, amount)| amount.parse::<i64>().expect("whole dollars")).sum();
    assert_eq!(value, 10_005_534);
    let missing = |name: &str| column(&batch, name).iter().filter(|value| *value == "∅").count();
    assert_eq!((missing("account_id"), missing("opened"), missing("closed")), (1_425, 500, 2_089));
    let Some(input) = shared("maven_crm/sales_teams.csv") else { return };
    let (_, batch) = read_table(&input, FactKind::Teams, &Options::default()).expect("read");
    assert_eq!(column(&batch, "lead")[0], "Dustin Brinkmann");
    assert_eq!(column(&batch, "team_id")[0], "Dustin Brinkmann");
    assert_eq!((batch.num_rows(), column(&batch, "parent")[0].as_str()), (35, "Central"));
}

/// A template's columns are named as readers call the fields: each must be read as the field it is named for.
#[test]
fn what_readers_call_a_column_is_read_as_that_column() {
    use takar_model::Lang;
    for kind in FactKind::ALL {
        for lang in [Lang::Id, Lang::En] {
            let named = kind.template();
            let header: Vec<&str> = named.iter().map(|field| field.label_in(kind).get(lang)).collect();
            let value = |field: &Field| match (field.is_number(), field.is_date()) {
                (true, _) => "1",
                (_, true) => "2025-10-31",
                _ => "x",
            };
            let values: Vec<&str> = named.iter().map(value).collect();
            let file = TestFile::new("t.csv", format!("{}\n{}\n", header.join(";"), values.join(";")));
            let plan = crate::inspect(&file.input(), kind, &Options::default());
            let plan = plan.unwrap_or_else(|error| panic!("{} {lang:?}: {error}", kind.name()));
            let found =
                |column: usize| plan.mapping.iter().find(|mapped| mapped.column == column).map(|mapped| mapped.field);
            let wrong: Vec<_> = (0..named.len()).filter(|column| found(*column) != Some(named[*column])).collect();
            let wrong: Vec<_> = wrong.iter().map(|column| (header[*column], found(*column))).collect();
            assert!(wrong.is_empty(), "{} {lang:?}: {wrong:?}", kind.name());
        }
    }
}
