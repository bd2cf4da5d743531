//! What the whole-file check found.

use serde::Serialize;
use takar_model::{Day, Lang, Money, Quantity};

use crate::SetAside;

/// The report on one file that was read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Check {
    /// Rows below the header that were not blank.
    pub rows: u64,
    /// Lines handed to the sinks.
    pub lines: u64,
    /// Rows set aside, in the file's order; at most a million are kept with their cells.
    pub set_aside: Vec<SetAside>,
    /// Rows set aside, all of them.
    pub set_aside_total: u64,
    /// Rows that are identical to an earlier row of the file.
    pub duplicates: u64,
    /// Of these, the ones left out because the user said so.
    pub duplicates_dropped: u64,
    /// What is odd but was read.
    pub warnings: Vec<Warning>,
    /// The earliest day among the lines.
    pub first_day: Option<Day>,
    /// The latest day among the lines.
    pub last_day: Option<Day>,
    /// The sum of net over the lines; `None` where no line has one.
    pub net: Option<Money>,
    /// The sum of quantity over the lines; `None` where no line has one.
    pub quantity: Option<Quantity>,
}

/// One value in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The row's number.
    pub row: u64,
    /// The value, as written in the file.
    pub value: String,
}

/// Something odd about lines that were read all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What is odd.
    pub kind: WarningKind,
    /// The columns it concerns.
    pub columns: Vec<String>,
    /// How many rows show it; 0 where it concerns the file.
    pub count: u64,
    /// The first rows that show it, at most five.
    pub examples: Vec<Example>,
}

/// What can be odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// The given net amount differs from quantity × price − discount; the given one stands.
    NetDiffers,
    /// The given cost differs from net − profit; the given cost stands.
    CostDiffers,
    /// A number had more decimals than are stored and was rounded.
    Rounded,
    /// Columns without a field; they are kept as extras.
    ExtraColumns,
    /// Identical rows; each counts as a line.
    Duplicates,
    /// Discounts with a minus, read as what is taken off.
    NegativeDiscounts,
    /// Ids in scientific notation: a spreadsheet took their last digits.
    LostDigits,
    /// The profile is for other columns.
    OtherProfile,
    /// Sales of days that are still to come, the last of which stands in place of the columns.
    DaysToCome,
}

impl Warning {
    /// The warning as a sentence.
    pub fn message(&self, lang: Lang) -> String {
        let columns = self.columns.join(", ");
        let count = lang.group(i128::from(self.count));
        let sentence = match (self.kind, lang) {
            (WarningKind::NetDiffers, Lang::Id) => {
                format!(
                    "{count} baris: nilai bersih ({columns}) berbeda dari jumlah × harga − diskon; nilai di berkas yang dipakai"
                )
            }
            (WarningKind::NetDiffers, Lang::En) => {
                format!(
                    "{count} rows: the net amount ({columns}) differs from quantity × price − discount; the given amount stands"
                )
            }
            (WarningKind::CostDiffers, Lang::Id) => {
                format!(
                    "{count} baris: harga pokok ({columns}) berbeda dari nilai bersih − laba; harga pokok yang dipakai"
                )
            }
            (WarningKind::CostDiffers, Lang::En) => {
                format!("{count} rows: the cost ({columns}) differs from net − profit; the given cost stands")
            }
            (WarningKind::Rounded, Lang::Id) => {
                format!("{count} angka di kolom {columns} dibulatkan ke desimal yang disimpan")
            }
            (WarningKind::Rounded, Lang::En) => {
                format!("{count} numbers in column {columns} were rounded to the decimals stored")
            }
            (WarningKind::ExtraColumns, Lang::Id) => format!("kolom lain disimpan apa adanya: {columns}"),
            (WarningKind::ExtraColumns, Lang::En) => format!("other columns are kept as they are: {columns}"),
            (WarningKind::Duplicates, Lang::Id) => {
                format!(
                    "{count} baris sama persis dengan baris sebelumnya; semuanya dihitung kecuali dengan --drop-duplicates"
                )
            }
            (WarningKind::Duplicates, Lang::En) => {
                format!("{count} rows are identical to an earlier row; all count unless you say --drop-duplicates")
            }
            (WarningKind::NegativeDiscounts, Lang::Id) => {
                format!("kolom {columns}: potongan ditulis dengan minus; dibaca sebagai potongan")
            }
            (WarningKind::NegativeDiscounts, Lang::En) => {
                format!("column {columns}: discounts are written with a minus and read as what is taken off")
            }
            (WarningKind::LostDigits, Lang::Id) => {
                format!(
                    "kolom {columns} memuat kode yang angkanya sudah hilang: simpan kolom itu sebagai teks di Excel, lalu ekspor lagi"
                )
            }
            (WarningKind::LostDigits, Lang::En) => {
                format!("column {columns} holds codes that lost digits: keep it as text in Excel and export again")
            }
            (WarningKind::OtherProfile, Lang::Id) => {
                "profil itu untuk berkas dengan judul kolom lain: kolom berkas ini dikenali dari judul dan isinya"
                    .to_owned()
            }
            (WarningKind::OtherProfile, Lang::En) => {
                "the profile is for a file with other headers: the columns of this one were found by headers and values"
                    .to_owned()
            }
            (WarningKind::DaysToCome, Lang::Id) => format!(
                "hari terakhirnya, {columns}, belum tiba: bila tahunnya salah ketik, batalkan dan perbaiki dulu, karena bulan terakhir setiap halaman dihitung dari hari itu"
            ),
            (WarningKind::DaysToCome, Lang::En) => format!(
                "its last day, {columns}, is still to come: if the year is mistyped, take the import back and correct it, since the last month of every page is counted from that day"
            ),
        };
        let Some(first) = self.examples.first() else { return sentence };
        match lang {
            Lang::Id => format!("{sentence} (mis. baris {}: {})", first.row, first.value),
            Lang::En => format!("{sentence} (e.g. row {}: {})", first.row, first.value),
        }
    }
}
