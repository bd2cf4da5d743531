//! Sales lost because products were out of stock.

use rustc_hash::FxHashMap;
use takar_model::Text;

use super::{
    Finding, Kind, OutOfStock, Purchases, Rows, Why,
    book::{Book, to_money},
};
use crate::metrics::NONE;

const NO_STOCK: Text = Text::new(
    "tidak dicari, karena belum ada data stok; masukkan dengan: takar import stock BERKAS",
    "not looked at, because no stock is imported; do: takar import stock FILE",
);

/// An account is taken to have bought, on the days without stock, as much a day as on the others.
pub(super) fn look(book: &Book<'_>, purchases: &Purchases, stock: Option<&[OutOfStock]>) -> Result<Vec<Finding>, Text> {
    let stock = stock.ok_or(NO_STOCK)?;
    let (products, branches) = (book.names.product.codes(), book.names.branch.codes());
    let mut out: FxHashMap<(u32, u32), f64> = FxHashMap::default();
    for row in stock {
        let Some(product) = products.get(row.product.as_str()) else { continue };
        let branch = match &row.branch {
            None => NONE,
            Some(branch) => match branches.get(branch.as_str()) {
                Some(branch) => *branch,
                None => continue,
            },
        };
        *out.entry((*product, branch)).or_default() += row.days;
    }
    let lost = book.codes().filter_map(|(code, account)| {
        let mut sum = 0.0;
        let mut worst: Option<(u32, f64, f64)> = None;
        let mut count = 0;
        for row in purchases.of(code) {
            let product = purchases.product[row];
            let days_at = |branch: u32| out.get(&(product, branch)).copied().unwrap_or(0.0);
            let days = if account.branch == NONE { days_at(NONE) } else { days_at(NONE) + days_at(account.branch) };
            // More than half a year without stock says that the product was given up.
            if !(1.0..=182.0).contains(&days) || purchases.bought[row][0].net <= 0 {
                continue;
            }
            let net = to_money(purchases.bought[row][0].net).to_f64() * book.annual;
            let missed = net * days / (365.0 - days);
            (sum, count) = (sum + missed, count + 1);
            if worst.is_none_or(|(_, _, most)| missed > most) {
                worst = Some((product, days, missed));
            }
        }
        let (product, days, _) = worst?;
        Some(Finding {
            kind: Kind::StockOut,
            account: book.account(code),
            item: None,
            manager: book.manager(account.manager),
            amount: book.amount(code, sum),
            why: vec![
                Why::OutOfStock { products: count, most: book.product(product)?.label().to_owned(), days },
                Why::NotManagers,
            ],
            mark: String::new(),
            rows: Rows::Facts("stock"),
        })
    });
    Ok(lost.collect())
}
