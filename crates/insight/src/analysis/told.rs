//! What an estimator cannot answer, told in the reader's language.

use takar_model::Lang;
use takar_stats::Error;

/// The error for a reader of `lang`.
pub(crate) fn told(error: &Error, lang: Lang) -> String {
    if lang == Lang::En {
        return error.to_string();
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
        "months" => "bulan",
        "observations" => "pengamatan",
        "orders" => "pesanan",
        "gaps" => "jarak pesanan",
        "accounts" => "akun",
        "series" => "deret",
        "feasts" => "hari raya",
        "years" => "tahun",
        "dimensions" => "dimensi",
        other => other,
    }
}
