//! The names that columns go by in Indonesian and English.
//!
//! Names are compared without case, spaces, punctuation and diacritics. A name in the first list of a field
//! says it plainly, one in the second is good, one in the third may mean something else too and gives way.

use std::borrow::Cow;

use crate::{FactKind, Field};

mod described;

/// How well a header says what its column holds; the better is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    Weak,
    Good,
    Plain,
}

/// A field with its names, split by `|`.
struct Names {
    field: Field,
    plain: &'static str,
    good: &'static str,
    weak: &'static str,
}

const fn names(field: Field, plain: &'static str, good: &'static str, weak: &'static str) -> Names {
    Names { field, plain, good, weak }
}

const SALES: &[Names] = &[
    names(
        Field::InvoiceNo,
        "invoiceno|noinvoice|invoicenumber|nomorinvoice|idinvoice|invoiceid|nofaktur|nomorfaktur|nonota|nomornota|nosi|salesinvoiceno",
        "invoice|faktur|nota|orderid|idorder|orderno|noorder|ordernumber|nomororder|notransaksi|nomortransaksi|idtransaksi|transactionid|nostruk|nobukti|nomorbukti|nodokumen|documentno|docno|billno",
        "order|transaksi|pesanan|nopesanan|nopo|noso|sono|nomor|bukti|struk|idpenjualan|salesid",
    ),
    names(
        Field::LineNo,
        "lineno|linenumber|nobaris|nomorbaris|invoicelineno|invoiceline|orderline|orderlineno|lineid|idbaris",
        "line|baris|nourut|nomorurut|urutan|itemno|lineitem|noitem|nomoritem|urut",
        "",
    ),
    names(
        Field::Date,
        "tanggalfaktur|tglfaktur|invoicedate|tanggalinvoice|tglinvoice|tanggaltransaksi|tgltransaksi|transactiondate|orderdate|tanggalorder|tglorder|tanggalnota|tglnota|tanggalpenjualan|tglpenjualan|salesdate|saledate|tanggaljual|tgljual|tanggalpesanan|tanggalpembelian",
        "tanggal|tgl|date|hari|postingdate|tanggalposting|docdate|documentdate|billingdate",
        "waktu|datetime|timestamp|periode|createdat|tgldokumen|tanggaldokumen",
    ),
    names(
        Field::AccountId,
        "accountid|idaccount|kodepelanggan|idpelanggan|pelangganid|customerid|idcustomer|customercode|kodecustomer|customerno|custid|idcust|kodecust|custcode|kodetoko|idtoko|kodeoutlet|idoutlet|outletid|outletcode|nopelanggan|nomorpelanggan|storeid|clientid|accountcode|accountno",
        "kdpelanggan|kdcustomer|kdtoko|kdoutlet|kodeklien|idklien|buyerid|storecode|kodekonsumen|idkonsumen|kodelangganan",
        "",
    ),
    names(
        Field::AccountName,
        "accountname|namaaccount|namapelanggan|customername|namacustomer|namatoko|namaoutlet|outletname|storename|custname|namaklien|clientname|namakonsumen|namalangganan",
        "pelanggan|customer|toko|outlet|account|klien|client|konsumen|langganan|pembeli|buyer|buyername|namapembeli|companyname|namaperusahaan|apotek|namaapotek",
        "perusahaan|company|store|cust|nama|shipname",
    ),
    names(
        Field::ManagerId,
        "managerid|idmanager|kodesales|idsales|salesmanid|idsalesman|kodesalesman|salesmancode|employeeid|idkaryawan|salespersonid|salesrepid|repid|kodesalesperson|accountmanagerid|kodemanager",
        "kdsales|kdsalesman|kodekaryawan|nik|staffid|employeeno|salesno",
        "",
    ),
    names(
        Field::ManagerName,
        "managername|accountmanager|namasales|namasalesman|salesmanname|salesman|salesperson|salespersonname|salesrep|salesrepname|salesrepresentative|namakaryawan|employeename|accountmanagername|namaaccountmanager|tenagapenjual|salesagent|namaam|accountexecutive",
        "sales|manager|wiraniaga|penjual|seller|employee|karyawan|namasalesperson|marketing|namamarketing|rep|am",
        "agent|staff",
    ),
    names(
        Field::ProductId,
        "productid|idproduct|kodebarang|idbarang|barangid|kodeproduk|idproduk|productcode|itemcode|kodeitem|itemid|iditem|sku|kodesku|skuid|stockcode|productno|materialno|materialcode",
        "kdbarang|kdproduk|kode|plu|barcode|partno|article|articleno|material|upc|ean",
        "",
    ),
    names(
        Field::ProductName,
        "productname|namabarang|namaproduk|itemname|namaitem|productdescription|deskripsibarang|deskripsiproduk|itemdescription|materialname",
        "product|produk|barang|item|namaobat",
        "deskripsi|description|uraian|keterangan|jenisbarang",
    ),
    names(
        Field::Category,
        "category|kategori|productcategory|kategoriproduk|kategoribarang|categoryname|namakategori|kelompokbarang|kelompokproduk|productgroup|groupbarang|grupbarang|itemgroup",
        "lini|productline|lineproduct|brand|merek|merk|kelompok|divisi|namalini|productcategoryname",
        "tipe|jenis|type|principal|prinsipal|categoryid",
    ),
    names(
        Field::Quantity,
        "quantity|qty|kuantitas|kuantiti|jumlahbarang|jumlahunit|qtysold|jumlahterjual|qtyjual|orderqty|orderquantity|quantityordered|qtyorder|jmlbarang|kwantitas|quantitysold|unitssold|qtypcs|jumlahpcs|banyaknya|kuantum",
        "jumlah|jml|units|banyak|pcs|volume|qtykarton|karton|terjual",
        "unit|jumlahitem|count",
    ),
    names(Field::Unit, "satuan|uom|unitofmeasure|satuanbarang|unitmeasure", "unit|kemasan|unitname|packaging", "pack"),
    names(
        Field::UnitPrice,
        "unitprice|hargasatuan|hargaperunit|priceperunit|hargajual|sellingprice|priceeach|hargajualsatuan|hargabarang|hargaunit",
        "harga|price|hna|listprice|hargapcs",
        "rate|tarif",
    ),
    names(
        Field::Discount,
        "discount|diskon|potongan|disc|discountrate|discountamount|discpct|discountpct|discpersen|diskonpersen|potonganharga|discountpercent|jumlahdiskon|nilaidiskon|diskonrp|discrp|potonganrp|persendiskon|rpdiskon|totaldiskon|discountpercentage|diskonnilai",
        "rabat|rebate|promo|totaldiscount",
        "",
    ),
    names(
        Field::NetAmount,
        "net|netamount|netsales|nett|netto|neto|nilaibersih|penjualanbersih|jumlahbersih|totalnetto|nilainetto|dpp|amountnet|totalbersih|netvalue|netrevenue|subtotalnetto|nilaidpp",
        "total|subtotal|amount|nilai|totalharga|totalamount|totalnilai|totalpenjualan|nilaipenjualan|sales|revenue|omset|omzet|jumlahharga|salesamount|linetotal|totalprice|totalsales|totalrevenue|extendedprice|pendapatan|lineamount|totalrp|jumlahrp|nilairp|nominal|totaljual|salesvalue",
        "penjualan|value|jumlahtotal|rupiah|grandtotal|turnover|hargatotal|jumlah",
    ),
    names(
        Field::GrossAmount,
        "grossamount|grosssales|bruto|nilaibruto|nilaikotor|penjualankotor|totalbruto|gross|brutto|subtotalbruto|grossvalue|jumlahkotor|totalkotor|grossrevenue",
        "",
        "",
    ),
    names(
        Field::Cost,
        "cost|hpp|cogs|hargapokok|unitcost|hargapokokpenjualan|hargapokoksatuan|hppsatuan|totalcost|totalhpp|linecost|hppunit|hppperunit|costprice|hargamodal|hargabeli|costofgoodssold|nilaihpp|costamount|hpptotal|jumlahhpp|hpppersatuan",
        "modal|totalmodal|standardcost|buyprice|purchaseprice|biayapokok",
        "",
    ),
    names(
        Field::Profit,
        "profit|laba|labakotor|grossprofit|keuntungan|untung|labarugi|totalprofit|totallaba",
        "margin|grossmargin|marginrp",
        "",
    ),
    names(
        Field::Ppn,
        "ppn|vat|pajak|nilaippn|tax|taxamount|vatamount|jumlahppn|ppnrp|pajakpertambahannilai|ppnkeluaran",
        "",
        "",
    ),
    names(
        Field::Region,
        "region|wilayah|area|regional|salesregion|wilayahpenjualan|namawilayah|regionname|areaname|namaarea|salesarea|rayon|territory|teritori",
        "provinsi|province|kota|kabupaten|zona|zone|propinsi",
        "city|state|daerah|country|shipregion",
    ),
    names(
        Field::Segment,
        "segment|segmen|customersegment|segmenpelanggan|channel|saluran|tipepelanggan|tipecustomer|customertype|tipetoko|tipeoutlet|outlettype|jenispelanggan|kelompokpelanggan|customergroup|jenisoutlet|kelasoutlet|segmentname|gruppelanggan|accounttype",
        "group|grup|kelas|klasifikasi|level|classification|class|sektor|sector|industry|industri",
        "",
    ),
    names(
        Field::Branch,
        "branch|cabang|namacabang|branchname|cabangsales|kodecabang|depo|depot|salesoffice|salesbranch|kantorcabang|branchcode|depoarea",
        "idcabang|gudang|warehouse|idcabangsales|branchid|kantor|office|salesteam|regionaloffice",
        "",
    ),
    names(Field::Currency, "currency|matauang|valuta|kurs|curr|currencycode|kodematauang|ccy", "", ""),
];

const ACCOUNTS: &[Names] = &[
    names(Field::AccountId, SALES_ACCOUNT_ID, "kode|id|no|code|nomor|account", ""),
    names(
        Field::AccountName,
        SALES_ACCOUNT_NAME,
        "nama|name|pelanggan|customer|toko|outlet|account",
        "company|perusahaan|contactname|kontak",
    ),
];
const PRODUCTS: &[Names] = &[
    names(Field::ProductName, "", "nama|name|deskripsi|description", ""),
    names(Field::ProductId, "", "id|code|no|product", ""),
    names(Field::Category, "", "kategori|category|lini|namalini|series", "tipe|namatipe|jenis|sektor"),
    names(Field::Unit, "kemasan", "quantityperunit|unit", ""),
];
const MANAGERS: &[Names] = &[
    names(Field::ManagerId, "", "id|kode|code|no|nip", ""),
    names(Field::ManagerName, "", "nama|name|namalengkap|fullname|salesagent|manager", ""),
    names(Field::FirstName, "firstname|namadepan|givenname", "", ""),
    names(Field::LastName, "lastname|namabelakang|familyname|surname", "", ""),
    names(
        Field::Supervisor,
        "supervisor|reportsto|atasan|spv|namaspv|namasupervisor|supervisorname|supervisorid|idsupervisor|idatasan|namaatasan|kodespv|idspv",
        "manager|lead|teamlead|leader|kepala|salesmanager",
        "",
    ),
];
const TARGETS: &[Names] = &[
    names(
        Field::Period,
        "periode|period|bulantahun|periodetarget|targetperiod|tahunbulan|yearmonth",
        "tanggal|date|tgl|kuartal|quarter",
        "",
    ),
    names(Field::Year, "tahun|year|thn", "", ""),
    names(Field::Month, "bulan|month|bln", "", ""),
    names(Field::From, FIRST_DAY, "", ""),
    names(Field::To, LAST_DAY, "", ""),
    names(Field::Kpi, "kpi|metric|ukuran|indikator|jenistarget|measure|targettype", "", ""),
    names(
        Field::Value,
        "target|nilaitarget|targetvalue|targetsales|targetpenjualan|targetomset|targetomzet|targetnilai|jumlahtarget|salestarget|targetnetsales",
        "value|nilai|amount|jumlah|quota|kuota|goal|nominal",
        "",
    ),
];
const SALES_ACCOUNT_ID: &str = "kodeapotek|idapotek";
const SALES_ACCOUNT_NAME: &str = "namaapotek|companyname|namaperusahaan";

/// The fields that a kind of fact has, and the names that lead to them.
fn tables(kind: FactKind) -> (Cow<'static, [Field]>, &'static [Names]) {
    if let Some(shape) = kind.shape() {
        return (Cow::Owned(shape.fields()), described::of(kind));
    }
    let (fields, names) = own_tables(kind);
    (Cow::Borrowed(fields), names)
}

/// Those of the kinds that have a reader of their own.
const fn own_tables(kind: FactKind) -> (&'static [Field], &'static [Names]) {
    match kind {
        FactKind::Sales => (SALES_FIELDS, &[]),
        FactKind::Accounts => (
            &[
                Field::AccountId,
                Field::AccountName,
                Field::ManagerId,
                Field::ManagerName,
                Field::Region,
                Field::Segment,
                Field::Branch,
            ],
            ACCOUNTS,
        ),
        FactKind::Products => (&[Field::ProductId, Field::ProductName, Field::Category, Field::Unit], PRODUCTS),
        FactKind::Managers => (
            &[
                Field::ManagerId,
                Field::Supervisor,
                Field::ManagerName,
                Field::FirstName,
                Field::LastName,
                Field::Branch,
            ],
            MANAGERS,
        ),
        FactKind::Targets => (
            &[
                Field::ManagerId,
                Field::ManagerName,
                Field::AccountId,
                Field::AccountName,
                Field::ProductId,
                Field::ProductName,
                Field::Category,
                Field::Region,
                Field::Segment,
                Field::Branch,
                Field::Period,
                Field::Year,
                Field::Month,
                Field::From,
                Field::To,
                Field::Kpi,
                Field::Value,
            ],
            TARGETS,
        ),
        FactKind::Market => (
            &[
                Field::Category,
                Field::Region,
                Field::Segment,
                Field::Period,
                Field::Year,
                Field::Month,
                Field::From,
                Field::To,
                Field::Kpi,
                Field::Value,
            ],
            MARKET,
        ),
        FactKind::Ownership => (
            &[
                Field::AccountId,
                Field::AccountName,
                Field::ManagerId,
                Field::ManagerName,
                Field::From,
                Field::To,
                Field::Share,
            ],
            OWNERSHIP,
        ),
        FactKind::Rates => (
            &[
                Field::Currency,
                Field::InCurrency,
                Field::Date,
                Field::Period,
                Field::Year,
                Field::Month,
                Field::From,
                Field::To,
                Field::Value,
            ],
            RATES,
        ),
        _ => (&[], &[]),
    }
}

const OWNERSHIP: &[Names] = &[
    names(Field::AccountId, SALES_ACCOUNT_ID, "kode|id|account", ""),
    names(
        Field::From,
        "mulai|dari|sejak|from|start|since|tanggalmulai|tglmulai|startdate|fromdate|datefrom|validfrom|berlakumulai|berlakusejak|mulaiberlaku|daritanggal|sejaktanggal|effectivefrom|effectivedate|tmt",
        "tanggal|tgl|date|awal|tanggalawal",
        "",
    ),
    names(
        Field::To,
        "sampai|hingga|to|until|end|tanggalselesai|tglselesai|enddate|todate|dateto|validto|validuntil|sampaitanggal|berlakusampai|hinggatanggal|tanggalakhir|effectiveto|selesai",
        "akhir|berakhir",
        "",
    ),
    names(
        Field::Share,
        "bagian|porsi|share|persen|percent|split|kredit|credit|creditshare|pembagian|persentase|percentage|bobot",
        "",
        "",
    ),
];
const RATES: &[Names] = &[
    names(
        Field::Currency,
        "matauang|currency|valuta|valas|kodematauang|currencycode|ccy|matauangasing|fromcurrency|darimatauang",
        "kode|code",
        "",
    ),
    names(Field::InCurrency, "dalammatauang|kematauang|tocurrency|incurrency|basecurrency|matauangdasar", "", ""),
    names(Field::Date, "tanggal|tgl|date|hari|tanggalkurs|ratedate", "", ""),
    names(Field::Period, "periode|period|bulantahun|tahunbulan|yearmonth", "", ""),
    names(Field::Year, "tahun|year|thn", "", ""),
    names(Field::Month, "bulan|month|bln", "", ""),
    names(
        Field::Value,
        "kurs|kurstengah|nilaikurs|rate|exchangerate|fxrate|middlerate|midrate|nilaitukar|jisdor|kurspajak",
        "nilai|value|harga",
        "",
    ),
    names(Field::From, FIRST_DAY, "", ""),
    names(Field::To, LAST_DAY, "", ""),
];
const FIRST_DAY: &str = "mulai|dari|from|start|tanggalmulai|tglmulai|startdate|validfrom|berlakumulai|mulaiberlaku";
const LAST_DAY: &str = "sampai|hingga|to|until|end|enddate|validto|sampaitanggal|berlakusampai";

/// As [`TARGETS`], but the value is a market's size.
const MARKET: &[Names] = &[
    names(Field::Period, "periode|period|bulantahun|tahunbulan|yearmonth", "tanggal|date|tgl|kuartal|quarter", ""),
    names(Field::Year, "tahun|year|thn", "", ""),
    names(Field::Month, "bulan|month|bln", "", ""),
    names(
        Field::Category,
        "kategori|category|kelompokproduk|productgroup|productcategory|grupproduk",
        "kelompok|group|grup",
        "",
    ),
    names(Field::Region, "wilayah|region|daerah|area|provinsi|province|territory|kota|city", "", ""),
    names(Field::Segment, "segmen|segment|channel|kanal|jenispelanggan|customersegment", "", ""),
    names(Field::From, FIRST_DAY, "", ""),
    names(Field::To, LAST_DAY, "", ""),
    names(Field::Kpi, "kpi|metric|ukuran|indikator|measure|satuan|unit", "", ""),
    names(
        Field::Value,
        "pasar|market|ukuranpasar|marketsize|totalpasar|totalmarket|nilaipasar|marketvalue|volumepasar|marketvolume|jumlahpasar|unitpasar|marketunits|potensipasar",
        "size|value|nilai|amount|jumlah|volume|total",
        "",
    ),
];

const SALES_FIELDS: &[Field] = &[
    Field::InvoiceNo,
    Field::LineNo,
    Field::Date,
    Field::AccountId,
    Field::AccountName,
    Field::ManagerId,
    Field::ManagerName,
    Field::ProductId,
    Field::ProductName,
    Field::Category,
    Field::Quantity,
    Field::Unit,
    Field::UnitPrice,
    Field::Discount,
    Field::NetAmount,
    Field::GrossAmount,
    Field::Cost,
    Field::Profit,
    Field::Ppn,
    Field::Region,
    Field::Segment,
    Field::Branch,
    Field::Currency,
];

/// The fields of a kind of fact.
pub(crate) fn fields(kind: FactKind) -> Cow<'static, [Field]> {
    tables(kind).0
}

/// What a header may mean, each meaning with its fit.
pub(crate) fn meanings(header: &str, kind: FactKind) -> Vec<(Field, Fit)> {
    let name = normal(header);
    let (fields, own) = tables(kind);
    let mut found: Vec<(Field, Fit)> = Vec::new();
    for names in own.iter().chain(SALES) {
        if !fields.contains(&names.field) || found.iter().any(|(field, _)| *field == names.field) {
            continue;
        }
        let named = |list: &str| list.split('|').any(|candidate| !candidate.is_empty() && candidate == name);
        let own_name = normal(names.field.name()) == name;
        let fit = if own_name || named(names.plain) {
            Some(Fit::Plain)
        } else if named(names.good) {
            Some(Fit::Good)
        } else if named(names.weak) {
            Some(Fit::Weak)
        } else {
            None
        };
        found.extend(fit.map(|fit| (names.field, fit)));
    }
    found
}

/// A header without case, spaces, punctuation, diacritics, and without a unit in brackets.
pub(crate) fn normal(header: &str) -> String {
    let bare =
        header.split_once('(').map_or(header, |(before, _)| if before.trim().is_empty() { header } else { before });
    bare.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|character| match character {
            'à'..='å' => Some('a'),
            'è'..='ë' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ò'..='ö' => Some('o'),
            'ù'..='ü' => Some('u'),
            'ç' => Some('c'),
            'ñ' => Some('n'),
            character => character.is_alphanumeric().then_some(character),
        })
        .collect()
}
