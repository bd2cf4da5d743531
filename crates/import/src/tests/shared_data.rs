//! Public data with known totals.

use std::path::{Path, PathBuf};

use super::{money, read_with};
use crate::{DateOrder, FactKind, Input, Options, Separator, read_table};

/// A file of the shared data; `None` where there is none on this machine. The build server must have it.
pub(super) fn shared(file: &str) -> Option<Input> {
    let folder = std::env::var_os("TAKAR_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let path = folder.join("data").join(Path::new(file));
    if path.exists() {
        return Some(Input::File(path));
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    eprintln!("skipped: {} is missing", path.display());
    None
}

#[test]
fn superstore_comes_to_its_known_totals() {
    let Some(input) = shared("superstore/superstore.csv") else { return };
    let (plan, check, lines) = read_with(&input, &Options::default(), 2).expect("read");
    assert_eq!((check.lines, check.set_aside_total), (9_994, 0));
    assert_eq!(check.net, money("2297200.8603"));
    let cost: takar_model::Money = super::column(&lines, "cost").iter().map(|cost| money(cost).expect("a cost")).sum();
    let profit = check.net.expect("a net") - cost;
    assert_eq!(profit.format(takar_model::Lang::En, 2), "286,397.02");
    assert_eq!(plan.decisions.discount, Some(crate::DiscountKind::Rate));
}

#[test]
fn kimia_farma_comes_to_its_known_total() {
    let Some(input) = shared("indonesia_kimia_farma/penjualan_ds_original_semicolon.csv") else { return };
    let (plan, check, _) = read_with(&input, &Options::default(), 2).expect("read");
    assert_eq!((check.lines, check.net), (132, money("90637700")));
    assert_eq!(plan.decisions.date_order, Some(DateOrder::Dmy));
    assert!(matches!(plan.format, crate::Format::Text { separator: Separator::Semicolon, .. }));
}

#[test]
fn attributes_of_the_shared_data_map() {
    for (file, kind, rows, first) in [
        ("northwind/customers.csv", FactKind::Accounts, 91, ["ALFKI", "Alfreds Futterkiste"]),
        ("northwind/products.csv", FactKind::Products, 77, ["1", "Chai"]),
        ("northwind/employees.csv", FactKind::Managers, 9, ["1", "Nancy Davolio"]),
        ("indonesia_kimia_farma/pelanggan_ds.csv", FactKind::Accounts, 283, ["CUST55380", "APOTEK TAPAK"]),
        ("indonesia_kimia_farma/barang.csv", FactKind::Products, 10, ["BRG0001", "ACYCLOVIR DUS"]),
    ] {
        let Some(input) = shared(file) else { return };
        let (check, batch) = read_table(&input, kind, &Options::default()).expect(file);
        assert_eq!((check.lines, check.set_aside.len()), (rows, 0), "{file}");
        for (index, expected) in first.into_iter().enumerate() {
            let name = batch.schema().field(index).name().clone();
            assert_eq!(super::column(&batch, &name)[0], expected, "{file}");
        }
        if kind == FactKind::Managers {
            assert_eq!(super::column(&batch, "supervisor")[0], "2");
        }
    }
}
