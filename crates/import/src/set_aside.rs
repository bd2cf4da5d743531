//! Rows that could not be taken, and why.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Text};

use crate::{Field, dates};

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
    /// The earlier row of the file that this one contradicts.
    #[serde(default)]
    pub first_row: Option<u64>,
    /// What to write instead, where that is obvious. It is never applied by itself.
    #[serde(default)]
    pub suggestion: Option<String>,
    /// The raw cells of the row in header order.
    pub cells: Vec<String>,
}

impl SetAside {
    /// What is wrong with the row and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        let text = self.reason.text().get(lang);
        let more = match self.reason {
            Reason::NoSuchDay => dates::beyond_month(&self.value).map(|(year, month, last)| match lang {
                Lang::Id => format!("Bulan {month}/{year} hanya sampai tanggal {last}."),
                Lang::En => format!("Month {month}/{year} has only {last} days."),
            }),
            Reason::LineRepeated => self.first_row.map(|first| match lang {
                Lang::Id => format!("Yang pertama: baris {first} di {}.", self.file),
                Lang::En => format!("The first is row {first} of {}.", self.file),
            }),
            _ => None,
        };
        more.map_or_else(|| text.to_owned(), |more| format!("{text} {more}"))
    }
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
    /// The day lies beyond the end of its month.
    NoSuchDay = "Tanggal ini tidak ada di kalender. Perbaiki harinya.", "There is no such day. Correct the date.";
    /// The year is outside 1950–2100.
    DateOutOfRange = "Tahun di luar 1950–2100. Perbaiki tanggalnya.", "The year is outside 1950–2100. Correct the date.";
    /// Neither account id nor name.
    NoAccount = "Pelanggan kosong. Isi pelanggannya, atau impor dengan --unassigned.",
        "The account is missing. Fill it in, or import with --unassigned.";
    /// Neither quantity nor amount.
    NoAmount = "Jumlah dan nilai kosong. Isi salah satunya.", "Quantity and amount are both missing. Fill in one of them.";
    /// A number with a percent sign in a column of amounts.
    PercentSign = "Ada tanda persen, padahal di sini harus jumlah, bukan bagian. Tulis jumlahnya tanpa %.",
        "There is a percent sign, but an amount is needed here, not a share. Write the amount without %.";
    /// A row of attributes without the id they belong to.
    NoId = "Kode dan nama kosong. Isi salah satunya.", "Id and name are both missing. Fill in one of them.";
    /// Ownership without the manager.
    NoManager = "Manajer kosong. Isi manajernya.", "The manager is missing. Fill it in.";
    /// A rate without its currency.
    NoCurrency = "Mata uang kosong. Isi mata uangnya.", "The currency is missing. Fill it in.";
    /// A field that every row of the kind has is blank.
    Needed = "Kolom ini wajib diisi. Isi nilainya.", "This column has to be filled. Fill it in.";
    /// A row without any of the things that would make it say something.
    NothingSaid = "Baris ini tidak memuat apa pun yang bisa dipakai. Isi kolomnya.", "This row says nothing that can be used. Fill the column in.";
    /// An earlier row of the file has the same id and says something else.
    IdRepeated = "Kode ini sudah ada di berkas dengan isi lain. Perbaiki kodenya, atau hapus salah satunya.",
        "This id is in the file already, with other content. Correct the id, or remove one of the two.";
    /// The last day lies before the first.
    EndBeforeStart = "Tanggal akhir sebelum tanggal mulai. Perbaiki salah satunya.",
        "The last day is before the first. Correct one of them.";
    /// A share of credit that is not above 0 and at most the whole.
    BadShare = "Bagian harus di atas 0 dan paling banyak 100%. Perbaiki nilainya.",
        "A share must be above 0 and at most 100%. Correct the value.";
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
    /// An earlier row of the file names the same line of the same invoice, with other content.
    LineRepeated = "Nomor faktur dan nomor baris ini sudah ada di berkas dengan isi lain. Perbaiki nomor barisnya, atau bila kolom itu bukan nomor baris, impor dengan --map line_no=.",
        "This invoice and line number are in the file already, with other content. Correct the line number; if the column does not number lines, import with --map line_no=.";
    /// A row of totals, as reports have them at their end.
    TotalRow = "Tampaknya baris jumlah (total), bukan data. Biarkan disisihkan.",
        "This looks like a row of totals, not data. Leave it aside.";
    /// The header once more, as on each page of a printed report.
    HeaderRow = "Tampaknya judul kolom yang berulang, bukan data. Biarkan disisihkan.",
        "This looks like the header once more, not data. Leave it aside.";
    /// Control bytes that no text holds.
    ControlBytes = "Baris memuat karakter kendali. Simpan ulang berkasnya.",
        "The row holds control characters. Save the file again.";
}
