//! What the whole-file check found.

use serde::{Deserialize, Serialize};
use takar_model::{Day, Lang, Money, Quantity, Text};

use crate::Field;

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

/// One row that could not be taken, kept whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The file's name without its folder.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row's number, as in [`crate::line_schema`].
    pub row: u64,
    /// The field that is wrong.
    pub field: Option<Field>,
    /// The header of the column that is wrong.
    pub column: Option<String>,
    /// The value that is wrong.
    pub value: String,
    /// What is wrong with it.
    pub reason: Reason,
    /// The raw cells of the row in header order.
    pub cells: Vec<String>,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $en:literal;)*) => {
        /// Why a row was set aside.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What is wrong and what to do next.
            pub const fn text(self) -> Text {
                match self { $(Self::$name => Text::new($id, $en),)* }
            }
        }
    };
}

reasons! {
    /// The date cell is blank.
    NoDate = "Tanggal kosong. Isi tanggalnya.", "The date is missing. Fill it in.";
    /// The date cell holds no date.
    BadDate = "Tanggal tidak terbaca. Tulis misalnya 2025-10-31.", "The date cannot be read. Write it like 2025-10-31.";
    /// The year is outside 1950–2100.
    DateOutOfRange = "Tahun di luar 1950–2100. Perbaiki tanggalnya.", "The year is outside 1950–2100. Correct the date.";
    /// Neither account id nor name.
    NoAccount = "Pelanggan kosong. Isi pelanggannya, atau impor dengan --unassigned.",
        "The account is missing. Fill it in, or import with --unassigned.";
    /// Neither quantity nor amount.
    NoAmount = "Jumlah dan nilai kosong. Isi salah satunya.", "Quantity and amount are both missing. Fill in one of them.";
    /// A row of attributes without the id they belong to.
    NoId = "Kode dan nama kosong. Isi salah satunya.", "Id and name are both missing. Fill in one of them.";
    /// A target without a period that can be read.
    BadPeriod = "Periode tidak terbaca. Tulis misalnya 2025-10, 2025-Q3, atau 2025.",
        "The period cannot be read. Write it like 2025-10, 2025-Q3 or 2025.";
    /// The cell should hold a number and does not.
    BadNumber = "Bukan angka. Tulis angkanya saja.", "Not a number. Write the number only.";
    /// |quantity| ≥ 10¹² or |amount| ≥ 10¹⁴, or a discount outside what its kind allows.
    OutOfRange = "Angka di luar batas yang masuk akal. Periksa nilainya.", "The number is out of range. Check the value.";
    /// The cell holds a spreadsheet error such as `#N/A`.
    FormulaError = "Rumus menghasilkan galat. Perbaiki rumusnya di lembar kerja.",
        "The formula gives an error. Correct it in the sheet.";
    /// More cells than the header has.
    TooManyCells = "Sel lebih banyak daripada judul kolom. Beri tanda kutip pada teks yang memuat pemisah.",
        "More cells than headers. Quote the text that contains the separator.";
    /// The invoice (or its line) belongs to another account already.
    AccountConflict = "Nomor faktur ini sudah dipakai akun lain. Perbaiki nomornya atau akunnya.",
        "This invoice number belongs to another account. Correct the number or the account.";
    /// Control bytes that no text holds.
    ControlBytes = "Baris memuat karakter kendali. Simpan ulang berkasnya.",
        "The row holds control characters. Save the file again.";
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
        };
        let Some(first) = self.examples.first() else { return sentence };
        match lang {
            Lang::Id => format!("{sentence} (mis. baris {}: {})", first.row, first.value),
            Lang::En => format!("{sentence} (e.g. row {}: {})", first.row, first.value),
        }
    }
}
