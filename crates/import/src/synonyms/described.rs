//! The names of columns of the described kinds.

use super::{Names, names};
use crate::{FactKind, Field};

const OFFER_ID: Names = names(
    Field::OfferId,
    "offerid|kodepenawaran|idpenawaran|nopenawaran|nomorpenawaran|opportunityid|idopportunity|dealid|iddeal|quotationno|noquotation|quoteid|quoteno|nomorquotation",
    "offer|penawaran|opportunity|deal|quotation|quote",
    "id|kode|nomor|no",
);
const STAGE: Names = names(
    Field::Stage,
    "stage|dealstage|tahap|tahapan|tahappenawaran|salesstage|pipelinestage|fase|phase|stagename|tahapprospek",
    "posisi|progress",
    "",
);
const STATUS: Names =
    names(Field::State, "status|statuspenawaran|dealstatus|offerstatus|statuskeluhan|statusstok|stockstatus", "", "");
const AMOUNT: Names = names(
    Field::Amount,
    "amount|nilai|value|jumlahbiaya|biaya|closevalue|dealvalue|nilaipenawaran|offervalue|nilaideal|dealamount|estimasinilai|nilaiestimasi|potensi|nilaipotensi|expectedvalue|totalbiaya|nominal|nilaipiutang|jumlahpiutang|nilaifaktur|invoiceamount",
    "total|jumlah|harga|price|cost|rupiah",
    "",
);
const NOTE: Names = names(
    Field::Note,
    "note|notes|catatan|keterangan|komentar|comment|comments|deskripsi|description|isi|pesan|remark|remarks|umpanbalik|ulasan|review|verbatim",
    "",
    "",
);
const TOPIC: Names = names(
    Field::Topic,
    "type|jenis|tipe|topic|topik|jenisbiaya|costtype|kategoribiaya|jenisumpanbalik|feedbacktype|jenisfeedback|survey|survei",
    "kategori|category|kind",
    "",
);
const HOURS: Names = names(
    Field::Hours,
    "hours|jam|jamkunjungan|durasi|durasijam|durationhours|visithours|lamajam|jumlahjam",
    "duration|lama",
    "",
);
const DAYS: Names = names(
    Field::Days,
    "days|jumlahhari|harikredit|creditdays|harikosong|daysout|haristokkosong|stockoutdays|lamahari|termin|top",
    "hari|tempo",
    "",
);
const OPENED: Names = names(
    Field::Opened,
    "opened|openedat|tanggaldibuka|tglbuka|tanggalbuka|engagedate|createddate|createdate|createdat|tanggaldibuat|tglpenawaran|tanggalpenawaran|tanggalkirim|tglkirim|tanggaldikirim|tanggalpengajuan|tglpengajuan|sent|sentat|sentdate|datesent|offerdate|quotedate|quotationdate|opendate|startdate|tanggalmasuk|leaddate|tanggalprospek",
    "mulai|start",
    "",
);
const CLOSED: Names = names(
    Field::Closed,
    "closed|closedat|closedate|closeddate|tanggalditutup|tgltutup|tanggaltutup|tanggalclosing|tglclosing|tanggalselesai|tglselesai|resolved|resolveddate|resolvedat|enddate|becameaccount|tanggaljadipelanggan|converteddate|conversiondate|wondate|tanggalputus|tglputus|tanggalkeputusan|tglkeputusan|decisiondate|decidedat|decided",
    "selesai|end",
    "",
);
const DATE: Names = names(
    Field::Date,
    "tanggalaktivitas|activitydate|tanggalkunjungan|visitdate|tanggalstok|stockdate|tanggalbiaya|costdate|tanggalumpanbalik|feedbackdate|tanggalsurvei|surveydate|tanggalkeluhan|stagedate|tanggaltahap|tglkunjungan|changedat|enteredat|periode|bulan",
    "",
    "waktu|datetime|timestamp|createdat",
);
const ACCOUNT_ID: Names = names(Field::AccountId, "kodeapotek|idapotek", "", "");

const ACTIVITIES: &[Names] = &[
    names(
        Field::ActivityId,
        "activityid|kodeaktivitas|idaktivitas|noaktivitas|visitid|idkunjungan|nokunjungan|callid|taskid|eventid",
        "",
        "id|kode|nomor|no",
    ),
    names(
        Field::Activity,
        "activity|aktivitas|jenisaktivitas|activitytype|tipeaktivitas|jeniskegiatan|kegiatan|channel|saluran|kanal|media",
        "subject|tugas|task",
        "",
    ),
    names(Field::Direction, "direction|arah|masukkeluar|inout|inboundoutbound", "", ""),
    names(Field::Outcome, "outcome|hasil|hasilkunjungan|hasilaktivitas|result|disposition|hasilkontak", "status", ""),
    names(
        Field::ResponseHours,
        "responsehours|jamrespons|jamrespon|waktujawab|waktujawabjam|responsetime|responsetimehours|waktutanggap|waktutanggapjam|waktutanggapan|firstresponsehours",
        "respons|respon|response",
        "",
    ),
    names(
        Field::OfferId,
        "offerid|kodepenawaran|idpenawaran|nopenawaran|opportunityid|dealid|quotationno",
        "penawaran|offer",
        "",
    ),
    HOURS,
    NOTE,
    TOPIC,
    DATE,
    ACCOUNT_ID,
];
const OFFERS: &[Names] = &[
    OFFER_ID,
    STAGE,
    names(
        Field::State,
        "status|statuspenawaran|dealstatus|offerstatus|hasilpenawaran|keputusan|decision",
        "hasil|outcome|result",
        "",
    ),
    AMOUNT,
    OPENED,
    CLOSED,
    names(
        Field::FollowedUp,
        "followedup|followedupat|followupdate|followupat|tanggaltindaklanjut|tgltindaklanjut|tanggalfollowup|tglfollowup|tglfu",
        "tindaklanjut|followup|fu",
        "",
    ),
    names(
        Field::Cause,
        "reason|alasan|sebab|lossreason|lostreason|alasankalah|alasangagal|winreason|alasanmenang|penyebab|closereason",
        "",
        "",
    ),
    NOTE,
    ACCOUNT_ID,
];
const STAGES: &[Names] = &[
    OFFER_ID,
    STAGE,
    STATUS,
    NOTE,
    names(
        Field::Date,
        "tanggaltahap|stagedate|tanggalmasuk|changedat|changedate|enteredat|tanggalperubahan|tanggalberubah|validfrom",
        "since|sejak|mulai",
        "waktu|timestamp|createdat",
    ),
];
const FEEDBACK: &[Names] = &[
    names(
        Field::FeedbackId,
        "feedbackid|kodeumpanbalik|idumpanbalik|surveyid|idsurvei|responseid|complaintid|nokeluhan|idkeluhan|ticketid|notiket|idtiket|nomortiket",
        "tiket|ticket",
        "id|kode|nomor|no",
    ),
    TOPIC,
    names(
        Field::Score,
        "score|skor|nilai|rating|nilaikepuasan|skornps|npsscore|csatscore|penilaian|bintang|stars|poin|points",
        "value|nps|csat",
        "",
    ),
    names(Field::Scale, "scale|skala|maksimum|max|maxscore|skormaksimum|nilaimaksimum|skalamaksimum", "", ""),
    STATUS,
    CLOSED,
    NOTE,
    DATE,
    ACCOUNT_ID,
];
const COSTS: &[Names] = &[
    names(Field::CostId, "costid|kodebiaya|idbiaya|nobiaya|expenseid", "", "id|kode|nomor|no"),
    TOPIC,
    AMOUNT,
    HOURS,
    DAYS,
    NOTE,
    DATE,
    ACCOUNT_ID,
];
const PROSPECTS: &[Names] = &[
    names(
        Field::ProspectId,
        "prospectid|kodeprospek|idprospek|noprospek|leadid|idlead|kodelead|leadno",
        "",
        "id|kode|nomor|no",
    ),
    names(
        Field::ProspectName,
        "prospectname|namaprospek|leadname|namalead|namacalonpelanggan|calonpelanggan|prospek|prospect|lead|companyname|namaperusahaan|perusahaan",
        "nama|name|company|toko|outlet|namatoko|namaoutlet|pelanggan|customer",
        "",
    ),
    names(Field::Origin, "origin|asal|sumber|source|leadsource|sumberlead|sumberprospek|asalprospek", "referral", ""),
    STAGE,
    STATUS,
    OPENED,
    CLOSED,
    AMOUNT,
    NOTE,
    ACCOUNT_ID,
];
const STOCK: &[Names] = &[
    names(
        Field::Quantity,
        "stok|stock|stokakhir|saldo|saldostok|onhand|qtyonhand|stockonhand|jumlahstok|stokbarang|endingstock|closingstock",
        "tersedia|available|sisa",
        "",
    ),
    names(
        Field::Branch,
        "gudang|warehouse|lokasi|location|depo|depot|kodegudang|namagudang",
        "cabang|branch|toko|store",
        "",
    ),
    STATUS,
    DAYS,
    NOTE,
    DATE,
    names(Field::From, super::FIRST_DAY, "", ""),
    names(Field::To, super::LAST_DAY, "", ""),
];
const RECEIVABLES: &[Names] = &[
    names(
        Field::Due,
        "due|duedate|jatuhtempo|tanggaljatuhtempo|tgljatuhtempo|tgljt|tanggaltempo|maturitydate",
        "tempo|jt",
        "",
    ),
    AMOUNT,
    names(
        Field::Paid,
        "paid|terbayar|dibayar|sudahdibayar|pembayaran|payment|paidamount|amountpaid|jumlahbayar|bayar",
        "",
        "",
    ),
    names(
        Field::Balance,
        "balance|sisa|sisapiutang|saldo|saldopiutang|outstanding|piutang|belumdibayar|outstandingamount|sisatagihan|amountdue",
        "tagihan|receivable",
        "",
    ),
    names(Field::AsOf, "asof|pertanggal|pertgl|posisitanggal|asofdate|tanggalposisi|snapshotdate|reportdate", "", ""),
    NOTE,
    ACCOUNT_ID,
];
const UNITS: &[Names] = &[
    names(Field::Unit, "satuanbesar|satuanasal|fromunit|bigunit|largeunit|kemasan|packunit", "satuan|unit|uom", ""),
    names(
        Field::InUnit,
        "inunit|dalamsatuan|satuankecil|kesatuan|tounit|smallunit|baseunit|satuandasar|basesatuan|satuanisi",
        "dalam|dasar|base",
        "",
    ),
    names(
        Field::Factor,
        "factor|faktor|isi|konversi|conversion|conversionfactor|faktorkonversi|nilaikonversi|multiplier|rasio|ratio|contents",
        "jumlah|qty|quantity|nilai|value",
        "",
    ),
];
const TEAMS: &[Names] = &[
    names(Field::TeamId, "teamid|kodetim|idtim|kodeteam|idteam|teamcode", "", ""),
    names(Field::TeamName, "teamname|namatim|tim|team|namateam|grup|group|divisi|division", "", ""),
    names(
        Field::Lead,
        "lead|ketua|ketuatim|teamlead|teamleader|leader|pimpinan|manager|manajer|atasan|supervisor|spv|kepala|kepalatim",
        "",
        "",
    ),
    names(
        Field::Parent,
        "parent|parentteam|timinduk|induk|indukteam|area|regional|regionaloffice|kantorregional|wilayah",
        "",
        "",
    ),
    names(
        Field::ManagerName,
        "salesagent|agent|anggota|member|namaanggota|namasales|salesman|salesperson|sales|accountmanager|nama|name|namakaryawan",
        "",
        "",
    ),
    names(Field::ManagerId, "memberid|idanggota|kodeanggota|nik|employeeid", "", ""),
    names(Field::From, super::FIRST_DAY, "", ""),
    names(Field::To, super::LAST_DAY, "", ""),
];

const ABSENCES: &[Names] = &[
    names(
        Field::ManagerName,
        "namasales|salesman|salesperson|sales|accountmanager|nama|name|namakaryawan|karyawan|pegawai|employee|employeename",
        "",
        "",
    ),
    names(Field::ManagerId, "nik|employeeid|idkaryawan|kodekaryawan", "", ""),
    names(Field::From, super::FIRST_DAY, "", ""),
    names(Field::To, super::LAST_DAY, "", ""),
    names(
        Field::Cause,
        "reason|alasan|sebab|jenis|jeniscuti|jenisketidakhadiran|leavetype|absencetype|type|tipe|status|keperluan",
        "",
        "",
    ),
    names(
        Field::InTarget,
        "intarget|sudahdalamtarget|targetsudahdisesuaikan|targetdisesuaikan|targetadjusted|targetknows",
        "",
        "",
    ),
    NOTE,
];
const ALIASES: &[Names] = &[
    names(Field::Of, "of|jenis|type|entity|entitas|objek", "", ""),
    names(
        Field::Alias,
        "alias|kodelama|oldid|oldcode|duplikat|duplicate|kodelain|idlama|tertulis|written|from|dari",
        "kode|nama|name",
        "",
    ),
    names(
        Field::SameAs,
        "id|kodeyangberlaku|idthatcounts|kodebaru|newid|newcode|kodebenar|kodeyangbenar|canonical|samedengan|sameas|to|menjadi|idbaru",
        "",
        "",
    ),
    names(Field::Verdict, "verdict|keputusan|putusan|decision|sama", "", ""),
    NOTE,
];

const CREDITS: &[Names] = &[
    names(
        Field::Share,
        "bagian|porsi|share|persen|percent|split|kredit|credit|creditshare|pembagian|persentase|percentage",
        "",
        "",
    ),
    names(Field::Date, "decided|diputuskan|tanggalkeputusan|decisiondate|tglkeputusan", "", ""),
    NOTE,
];

pub(super) const fn of(kind: FactKind) -> &'static [Names] {
    match kind {
        FactKind::Activities => ACTIVITIES,
        FactKind::Offers => OFFERS,
        FactKind::Stages => STAGES,
        FactKind::Feedback => FEEDBACK,
        FactKind::Costs => COSTS,
        FactKind::Prospects => PROSPECTS,
        FactKind::Stock => STOCK,
        FactKind::Receivables => RECEIVABLES,
        FactKind::Units => UNITS,
        FactKind::Teams => TEAMS,
        FactKind::Absences => ABSENCES,
        FactKind::Aliases => ALIASES,
        FactKind::Credits => CREDITS,
        _ => &[],
    }
}
