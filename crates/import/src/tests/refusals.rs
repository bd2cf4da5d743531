//! Files that are refused whole, each with what to do next in both languages.

use proptest::prelude::*;
use takar_model::Lang;

use super::{TestFile, column, read_text, read_with};
use crate::{FactKind, Field, ImportError, Input, Options, inspect};

fn refusal(name: &str, bytes: impl AsRef<[u8]>, options: &Options) -> ImportError {
    let file = TestFile::new(name, bytes);
    let error = read_with(&file.input(), options, 2).expect_err("a refusal");
    for lang in [Lang::Id, Lang::En] {
        assert!(error.message(lang).len() > 20, "{error:?}");
    }
    error
}

macro_rules! refused {
    ($text:expr, $pattern:pat) => {
        let error = refusal("a.csv", $text, &Options::default());
        assert!(matches!(error, $pattern), "{error:?}");
    };
}

#[test]
fn each_bad_file_has_its_refusal() {
    refused!("", ImportError::Empty { .. });
    refused!("\n\n  \n", ImportError::Empty { .. });
    refused!("tanggal,pelanggan,jumlah\n", ImportError::HeaderOnly { .. });
    refused!("1,2025-01-01,3\n4,2025-01-02,6\n", ImportError::NoHeader { .. });
    refused!("tanggal,warna,jumlah\n2025-01-01,merah,3\n", ImportError::Missing { .. });
    refused!("a\0b\0\0\0c,\0\0,\u{1}\u{2}", ImportError::Binary { .. });
    refused!("tanggal,toko,qty\n2025-01-01,\"A,3\n", ImportError::OpenQuote { row: 2, .. });
    refused!(
        "tanggal,toko,qty\n13/01/2025,A,3\n01/13/2025,A,3\n",
        ImportError::MixedDates { dmy_row: 2, mdy_row: 3, .. }
    );
    refused!("tanggal,toko,qty\n01/02/2025,A,3\n", ImportError::UndecidableDates { row: 2, .. });
    refused!("tanggal,toko,nilai\n2025-01-01,A,\"1,5\"\n2025-01-01,A,2.5\n", ImportError::MixedNumbers { .. });
    refused!("tanggal,toko,nilai\n2025-01-01,A,1.234\n", ImportError::UndecidableNumbers { .. });
    refused!("tanggal,toko,qty,harga,diskon\n2025-01-01,A,1,100,5\n", ImportError::UndecidableDiscount { .. });
    refused!("tanggal,toko,total,subtotal\n2025-01-01,A,1,1\n", ImportError::Ambiguous { field: Field::NetAmount, .. });
    let wide = (0..10_000).map(|column| format!("k{column}")).collect::<Vec<_>>().join(",");
    refused!(&wide, ImportError::TooManyColumns { columns: 10_000, .. });

    let begins: [&[u8]; 6] = [
        b"\x1f\x8b\x08",
        b"%PDF-1.7\n",
        b"<html><table>",
        b"  <?xml version=\"1.0\"?>",
        b"[{\"tanggal\":1}]",
        b"{\"a\":1}",
    ];
    for begin in begins {
        let error = refusal("a.xls", begin, &Options::default());
        assert!(matches!(error, ImportError::OtherKind { .. }), "{error:?}");
    }

    let missing = Input::File("/no/such/file.csv".into());
    assert!(matches!(inspect(&missing, FactKind::Sales, &Options::default()), Err(ImportError::NotFound { .. })));
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Input::File(folder.path().into());
    assert!(matches!(inspect(&folder, FactKind::Sales, &Options::default()), Err(ImportError::IsDirectory { .. })));
}

#[test]
fn two_columns_for_one_field_can_be_settled() {
    let text = "tanggal,toko,qty,total,subtotal\n2025-01-01,A,2,10,9\n";
    refused!(text, ImportError::Ambiguous { field: Field::NetAmount, .. });
    let net = |named: &str| {
        let options = Options { map: vec![(Field::NetAmount, named.to_owned())], ..Options::default() };
        let (plan, _, lines) = read_text(text, &options).expect("read");
        (column(&lines, "net").remove(0), plan.extra_columns().join(","))
    };
    assert_eq!(net("subtotal"), ("9".to_owned(), "total".to_owned()));
    // Left out, neither of them becomes something else.
    assert_eq!(net(""), ("∅".to_owned(), "total,subtotal".to_owned()));
}

#[test]
fn unclear_costs_are_refused() {
    let rows = "2025-01-01,A,2,100,60\n".repeat(10);
    refused!(format!("tanggal,toko,qty,total,hpp\n{rows}"), ImportError::UndecidableCost { .. });
}

#[test]
fn a_record_without_end_is_refused() {
    let mut text = "tanggal,toko,qty\n2025-01-01,A,\"".to_owned();
    text.push_str(&"x".repeat(17 << 20));
    refused!(&text, ImportError::RecordTooLong { row: 2, .. });
}

#[test]
fn unknown_columns_name_the_nearest() {
    let options = Options { map: vec![(Field::Quantity, "jumlah_barng".to_owned())], ..Options::default() };
    let error = refusal("a.csv", "tanggal,toko,jumlah_barang\n2025-01-01,A,3\n", &options);
    let ImportError::UnknownColumn { nearest, .. } = error else { panic!("{error:?}") };
    assert_eq!(nearest.as_deref(), Some("jumlah_barang"));
}

#[test]
fn damaged_workbooks_are_refused() {
    let error = refusal("a.xlsx", b"PK\x03\x04 and no more", &Options::default());
    assert!(matches!(error, ImportError::Damaged { .. }), "{error:?}");
    let error = refusal("a.parquet", b"PAR1 and no more", &Options::default());
    assert!(matches!(error, ImportError::Damaged { .. }), "{error:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let file = TestFile::new("a.csv", &bytes);
        let _ = read_with(&file.input(), &Options::default(), 2);
    }

    #[test]
    fn no_cells_panic(cells in "([0-9a-zA-Z./,;\"\n -]{0,8}[,;\n]){0,30}") {
        let _ = read_text(&format!("tanggal,toko,qty,harga,diskon,total,hpp,laba\n{cells}"), &Options::default());
    }
}
