use super::*;

const PRODUCTS: [&str; 7] =
    ["GTX Basic", "GTX Pro", "MG Special", "MG Advanced", "GTX Plus Pro", "GTX Plus Basic", "GTK 500"];

#[test]
fn another_writing_is_equal() {
    assert_eq!(nearest("GTXPro", &PRODUCTS), Some(("GTX Pro", 1.0)));
    assert_eq!(nearest("gtk-500", &PRODUCTS), Some(("GTK 500", 1.0)));
    assert_eq!(nearest("gtx pro", &["GTX PRO", "gtx pro", "GTX-Pro"]), Some(("gtx pro", 1.0)));
    assert_eq!(nearest("Gtx pro", &["GTX-Pro", "GTX PRO"]), Some(("GTX PRO", 1.0)));
}

#[test]
fn a_mistyped_name_is_found() {
    let (found, score) = nearest("MG Advnced", &PRODUCTS).expect("near");
    assert_eq!(found, "MG Advanced");
    assert!(score < 1.0);
    assert_eq!(nearest("Dwi Sartica", &["Dwi Sartika", "Dwi Santika Putri"]).map(|found| found.0), Some("Dwi Sartika"));
}

#[test]
fn what_may_be_either_is_neither() {
    assert_eq!(nearest("GTX", &PRODUCTS), None);
    assert_eq!(nearest("GTX Plus", &PRODUCTS), None);
    assert_eq!(nearest("GTK 50", &PRODUCTS), None);
    assert_eq!(nearest("Sumber Martana", &["Sumber Martani", "Sumber Martano"]), None);
    assert_eq!(nearest("", &PRODUCTS), None);
    assert_eq!(nearest("GTX", &Vec::<String>::new()), None);
    // Listed twice, it is still one.
    assert!(nearest("Sumber Martana", &["Sumber Martani", "SUMBER MARTANI"]).is_some());
}
