//! Why a file was refused as a whole.

use takar_model::{Lang, Text};

use crate::{FactKind, Field, SinkError};

/// A refusal of the whole file. Nothing of it counts as imported.
///
/// Each says what happened, where, and what to do next, in both languages ([`ImportError::message`]).
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[expect(missing_docs, reason = "the fields are named for what the message shows")]
pub enum ImportError {
    /// No such file.
    NotFound { file: String },
    /// The path is a folder.
    IsDirectory { file: String },
    /// The operating system refused.
    Unreadable { file: String, source: std::io::Error },
    /// The file has no bytes, or no cell with anything in it.
    Empty { file: String },
    /// There is a header and nothing below it.
    HeaderOnly { file: String },
    /// No row looks like a header.
    NoHeader { file: String, first: Vec<String> },
    /// More than 5,000 columns.
    TooManyColumns { file: String, columns: usize },
    /// A required field has no column.
    Missing { file: String, kind: FactKind, fields: Vec<Field>, headers: Vec<String> },
    /// Two columns fit a field that must not be guessed.
    Ambiguous { file: String, field: Field, columns: Vec<String>, headers: Vec<String> },
    /// `--map` names a column that is not there.
    UnknownColumn { file: String, column: String, headers: Vec<String>, nearest: Option<String> },
    /// `--sheet` names a sheet that is not there.
    UnknownSheet { file: String, sheet: String, sheets: Vec<String> },
    /// Several sheets fit, or none: the user has to say which.
    WhichSheet { file: String, sheets: Vec<String> },
    /// The date column holds dates of both orders.
    MixedDates { file: String, column: String, dmy_row: u64, dmy: String, mdy_row: u64, mdy: String },
    /// Nothing in the date column tells day from month.
    UndecidableDates { file: String, column: String, row: u64, value: String },
    /// The number column holds numbers of both styles.
    MixedNumbers { file: String, column: String, id_row: u64, id: String, en_row: u64, en: String },
    /// Nothing tells thousands from decimals.
    UndecidableNumbers { file: String, column: String, row: u64, value: String },
    /// Nothing tells what the discounts are.
    UndecidableDiscount { file: String, column: String },
    /// Nothing tells whether the costs are of a unit or a line.
    UndecidableCost { file: String, column: String },
    /// The rest of the file contradicts what its beginning said: plan again with `Plan::widen`.
    Replan { file: String, column: String, row: u64, value: String },
    /// A record longer than 16 MB, most often a quote that is never closed.
    RecordTooLong { file: String, row: u64 },
    /// A quote is opened and not closed before the end of the file.
    OpenQuote { file: String, row: u64 },
    /// The file is not text, nor a workbook or Parquet.
    Binary { file: String },
    /// The file is of another known kind; `what` says which, and what to do.
    OtherKind { file: String, what: Text },
    /// The workbook or Parquet file is damaged, cut short, protected, or of a kind that is not read.
    Damaged { file: String, detail: String },
    /// Unpacked, the workbook would be too big.
    ZipBomb { file: String, entry: String, bytes: u64 },
    /// The fact kind is not read by this function.
    WrongKind { file: String },
    /// The rows are no list of JSON objects of plain values.
    Json { file: String, row: u64, detail: String },
    /// The receiver of the lines failed.
    Sink { source: SinkError },
}

impl ImportError {
    /// Whether reading again by a widened plan is the way on.
    pub const fn is_replan(&self) -> bool {
        matches!(self, Self::Replan { .. })
    }

    /// Whether more rows could still decide what the sample leaves open.
    pub(crate) const fn is_undecidable(&self) -> bool {
        matches!(
            self,
            Self::UndecidableDates { .. }
                | Self::UndecidableNumbers { .. }
                | Self::UndecidableDiscount { .. }
                | Self::UndecidableCost { .. }
        )
    }

    /// The refusal as a sentence or two for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Id => self.indonesian(),
            Lang::En => self.english(),
        }
    }

    fn indonesian(&self) -> String {
        match self {
            Self::NotFound { file } => format!("Berkas {file} tidak ada. Periksa nama dan foldernya."),
            Self::IsDirectory { file } => format!("{file} adalah folder. Sebutkan berkas di dalamnya."),
            Self::Unreadable { file, source } => {
                format!("Berkas {file} tidak dapat dibaca ({source}). Periksa hak aksesnya.")
            }
            Self::Empty { file } => format!("Berkas {file} kosong. Pilih berkas yang berisi data."),
            Self::HeaderOnly { file } => format!("Berkas {file} hanya berisi judul kolom. Isi datanya di bawah judul."),
            Self::NoHeader { file, first } => format!(
                "Judul kolom tidak ditemukan di {file}; baris pertama: {}. Tambahkan baris judul, misalnya tanggal, pelanggan, jumlah, harga.",
                list(first)
            ),
            Self::TooManyColumns { file, columns } => {
                format!("{file} punya {columns} kolom; paling banyak 5.000. Hapus kolom yang tidak perlu.")
            }
            Self::Missing { file, kind, fields, headers } => format!(
                "{file}: kolom untuk {} tidak ditemukan. Kolom yang ada: {}. Tunjukkan kolomnya, misalnya --map {}=KOLOM.",
                labels(fields, *kind, Lang::Id, " atau "),
                list(headers),
                first_name(fields)
            ),
            Self::Ambiguous { file, field, columns, .. } => format!(
                "{file}: {} bisa berarti kolom {}. Pilih salah satu, misalnya --map {field}=\"{}\", atau jangan pakai: --map {field}=.",
                field.label().id,
                list(columns),
                first(columns)
            ),
            Self::UnknownColumn { file, column, headers, nearest } => format!(
                "{file}: kolom \"{column}\" tidak ada.{} Kolom yang ada: {}.",
                nearest.as_ref().map_or_else(String::new, |near| format!(" Maksudnya \"{near}\"?")),
                list(headers)
            ),
            Self::UnknownSheet { file, sheet, sheets } => {
                format!("{file}: lembar \"{sheet}\" tidak ada. Lembar yang ada: {}.", list(sheets))
            }
            Self::WhichSheet { file, sheets } => format!(
                "{file} punya beberapa lembar: {}. Pilih satu, misalnya --sheet \"{}\".",
                list(sheets),
                first(sheets)
            ),
            Self::MixedDates { file, column, dmy_row, dmy, mdy_row, mdy } => format!(
                "{file}: kolom {column} mencampur urutan tanggal: baris {dmy_row} ({dmy}) tanggal dulu, baris {mdy_row} ({mdy}) bulan dulu. Seragamkan di berkas, atau tetapkan --date-order dmy atau mdy."
            ),
            Self::UndecidableDates { file, column, row, value } => format!(
                "{file}: kolom {column}, misalnya baris {row} ({value}), tidak menunjukkan mana tanggal dan mana bulan. Tetapkan --date-order dmy atau mdy."
            ),
            Self::MixedNumbers { file, column, id_row, id, en_row, en } => format!(
                "{file}: kolom {column} mencampur cara menulis angka: baris {id_row} ({id}) dan baris {en_row} ({en}). Seragamkan di berkas, atau tetapkan --number-style id atau en."
            ),
            Self::UndecidableNumbers { file, column, row, value } => format!(
                "{file}: kolom {column}, misalnya baris {row} ({value}), tidak menunjukkan tanda ribuan atau desimal. Tetapkan --number-style id atau en."
            ),
            Self::UndecidableDiscount { file, column } => format!(
                "{file}: isi kolom {column} bisa berarti persen atau nilai potongan. Tetapkan --discount rate, percent, atau amount."
            ),
            Self::UndecidableCost { file, column } => format!(
                "{file}: isi kolom {column} bisa berarti harga pokok per satuan atau per baris. Tetapkan --cost unit atau line."
            ),
            Self::Replan { file, column, row, value } => format!(
                "{file}: kolom {column} baris {row} ({value}) bertentangan dengan awal berkas. Seluruh kolom perlu diperiksa dulu."
            ),
            Self::RecordTooLong { file, row } => format!(
                "{file}: baris {row} lebih panjang dari 16 MB. Mungkin ada tanda kutip yang tidak ditutup; perbaiki berkasnya."
            ),
            Self::OpenQuote { file, row } => format!(
                "{file}: tanda kutip yang dibuka di baris {row} tidak pernah ditutup. Tutup atau hapus tanda kutip itu."
            ),
            Self::Binary { file } => {
                format!("{file} bukan berkas teks, buku kerja, atau Parquet. Ekspor sebagai CSV atau XLSX.")
            }
            Self::OtherKind { file, what } => format!("{file} {}", what.id),
            Self::Damaged { file, detail } => {
                format!("{file} rusak atau terpotong ({detail}). Unduh atau simpan ulang berkasnya.")
            }
            Self::ZipBomb { file, entry, bytes } => format!(
                "{file}: bagian {entry} menjadi lebih dari {bytes} byte setelah dibuka; berkas ditolak. Simpan ulang atau ekspor sebagai CSV."
            ),
            Self::WrongKind { file } => {
                format!("{file}: jenis data ini dibaca dengan perintah lain. Pilih perintah impor yang sesuai.")
            }
            Self::Json { file, row, detail } => format!(
                "{file}: baris {row} bukan objek JSON dengan nilai biasa ({detail}). Kirim larik objek, misalnya [{{\"date\": \"2025-10-31\", …}}]."
            ),
            Self::Sink { source } => format!("Baris tidak dapat disimpan: {source}"),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NotFound { file } => format!("There is no file {file}. Check its name and folder."),
            Self::IsDirectory { file } => format!("{file} is a folder. Name a file inside it."),
            Self::Unreadable { file, source } => {
                format!("The file {file} cannot be read ({source}). Check its permissions.")
            }
            Self::Empty { file } => format!("The file {file} is empty. Choose one that holds data."),
            Self::HeaderOnly { file } => format!("The file {file} holds only headers. Put the data below them."),
            Self::NoHeader { file, first } => format!(
                "No header was found in {file}; its first row: {}. Add a header row, such as date, customer, quantity, price.",
                list(first)
            ),
            Self::TooManyColumns { file, columns } => {
                format!("{file} has {columns} columns; at most 5,000 are read. Remove those you do not need.")
            }
            Self::Missing { file, kind, fields, headers } => format!(
                "{file}: no column was found for {}. The columns are: {}. Name the column, such as --map {}=COLUMN.",
                labels(fields, *kind, Lang::En, " or "),
                list(headers),
                first_name(fields)
            ),
            Self::Ambiguous { file, field, columns, .. } => format!(
                "{file}: {} may be any of the columns {}. Choose one, such as --map {field}=\"{}\", or none: --map {field}=.",
                field.label().en,
                list(columns),
                first(columns)
            ),
            Self::UnknownColumn { file, column, headers, nearest } => format!(
                "{file}: there is no column \"{column}\".{} The columns are: {}.",
                nearest.as_ref().map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?")),
                list(headers)
            ),
            Self::UnknownSheet { file, sheet, sheets } => {
                format!("{file}: there is no sheet \"{sheet}\". The sheets are: {}.", list(sheets))
            }
            Self::WhichSheet { file, sheets } => format!(
                "{file} has several sheets: {}. Choose one, such as --sheet \"{}\".",
                list(sheets),
                first(sheets)
            ),
            Self::MixedDates { file, column, dmy_row, dmy, mdy_row, mdy } => format!(
                "{file}: column {column} mixes date orders: row {dmy_row} ({dmy}) has the day first, row {mdy_row} ({mdy}) the month. Make them alike, or set --date-order dmy or mdy."
            ),
            Self::UndecidableDates { file, column, row, value } => format!(
                "{file}: nothing in column {column}, such as row {row} ({value}), tells the day from the month. Set --date-order dmy or mdy."
            ),
            Self::MixedNumbers { file, column, id_row, id, en_row, en } => format!(
                "{file}: column {column} mixes number styles: row {id_row} ({id}) and row {en_row} ({en}). Make them alike, or set --number-style id or en."
            ),
            Self::UndecidableNumbers { file, column, row, value } => format!(
                "{file}: nothing in column {column}, such as row {row} ({value}), tells thousands from decimals. Set --number-style id or en."
            ),
            Self::UndecidableDiscount { file, column } => format!(
                "{file}: column {column} may hold percentages or amounts. Set --discount rate, percent or amount."
            ),
            Self::UndecidableCost { file, column } => {
                format!("{file}: column {column} may hold the cost of a unit or of a line. Set --cost unit or line.")
            }
            Self::Replan { file, column, row, value } => format!(
                "{file}: column {column} row {row} ({value}) contradicts the beginning of the file. The whole column has to be scanned first."
            ),
            Self::RecordTooLong { file, row } => {
                format!("{file}: row {row} is longer than 16 MB. A quote may never be closed; correct the file.")
            }
            Self::OpenQuote { file, row } => {
                format!("{file}: the quote opened in row {row} is never closed. Close it or take it out.")
            }
            Self::Binary { file } => format!("{file} is no text, workbook or Parquet file. Export it as CSV or XLSX."),
            Self::OtherKind { file, what } => format!("{file} {}", what.en),
            Self::Damaged { file, detail } => {
                format!("{file} is damaged or cut short ({detail}). Download or save it again.")
            }
            Self::ZipBomb { file, entry, bytes } => format!(
                "{file}: its part {entry} unpacks to more than {bytes} bytes; the file is refused. Save it again or export it as CSV."
            ),
            Self::WrongKind { file } => {
                format!("{file}: this kind of data is read by another command. Choose the import command that fits.")
            }
            Self::Json { file, row, detail } => format!(
                "{file}: row {row} is no JSON object of plain values ({detail}). Send a list of objects, such as [{{\"date\": \"2025-10-31\", …}}]."
            ),
            Self::Sink { source } => format!("The lines could not be stored: {source}"),
        }
    }
}

/// Names in a row, the long tail left out.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 40;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} … (+{})", names.len() - SHOWN) } else { shown }
}

fn first(names: &[String]) -> &str {
    names.first().map_or("", String::as_str)
}

fn labels(fields: &[Field], kind: FactKind, lang: Lang, or: &str) -> String {
    fields.iter().map(|field| field.label_in(kind).get(lang)).collect::<Vec<_>>().join(or)
}

fn first_name(fields: &[Field]) -> &'static str {
    fields.first().map_or("", |field| field.name())
}
