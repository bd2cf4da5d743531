//! What an estimator cannot answer, told in the reader's language.

use serde::Serialize;
use takar_model::Lang;
use takar_stats::Error;

/// A result, or why there is none, as JSON has it: `{"why": …}`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Told<T> {
    Found(T),
    Missing { why: String },
}

impl<T> Told<T> {
    pub(super) fn of(result: Result<T, &Error>, lang: Lang) -> Self {
        match result {
            Ok(found) => Self::Found(found),
            Err(error) => Self::Missing { why: told(error, lang) },
        }
    }
}

/// The error for a reader of `lang`.
pub(crate) fn told(error: &Error, lang: Lang) -> String {
    if lang == Lang::En {
        // What the estimators observe is months here.
        return error.to_string().replace("observations", "months");
    }
    match error {
        Error::NotEnough { what, needed, got, .. } => {
            format!("data belum cukup: perlu sedikitnya {needed} {}, baru ada {got}", counted(what))
        }
        Error::Constant { .. } => "tidak dapat dinilai: nilainya tidak pernah berubah".to_owned(),
        Error::NotFinite { .. } | Error::OutOfRange { .. } => {
            format!("tidak dapat dihitung: ada nilai di luar batas ({error})")
        }
        Error::Unequal { .. } => format!("tidak dapat dihitung: datanya tidak sepadan ({error})"),
        Error::NoConvergence { steps, .. } => {
            format!("hitungan tidak mencapai hasil yang tetap dalam {steps} langkah")
        }
    }
}

/// What is counted, in Indonesian.
fn counted(what: &str) -> &str {
    match what {
        "months" | "observations" => "bulan",
        "errors of the past" => "galat prakiraan masa lalu",
        "orders" => "pesanan",
        "gaps" => "jarak pesanan",
        "accounts" => "akun",
        "answers" => "jawaban",
        "series" => "deret",
        "feasts" => "hari raya",
        "years" => "tahun",
        "dimensions" => "dimensi",
        "treated units" => "akun dengan tindakan",
        "treated units that are known at three of four times" => {
            "akun dengan tindakan yang dikenal hampir sepanjang waktu"
        }
        "times before the action that its selection did not use" => "bulan sebelum tindakan di luar bulan pemilihan",
        "times with the action" => "bulan dengan tindakan",
        "complete units without the action" | "units without the action" => "akun pembanding yang lengkap",
        other => other,
    }
}
