//! Sales lost because products were out of stock.

use rustc_hash::FxHashMap;
use takar_model::Text;

use super::{
    Finding, Kind, Purchases, Rows, Why,
    book::{Book, to_money},
};
use crate::{
    metrics::NONE,
    stock::{Shelves, Told},
};

const NO_STOCK: Text = Text::new(
    "tidak dicari, karena belum ada data stok; masukkan dengan: takar import stock BERKAS",
    "not looked at, because no stock is imported; do: takar import stock FILE",
);

/// An account is taken to have bought, on the days without stock, as much a day as on the others.
pub(super) fn look(book: &Book<'_>, purchases: &Purchases, stock: Option<&[Told]>) -> Result<Vec<Finding>, Text> {
    let stock = stock.ok_or(NO_STOCK)?;
    let shelves = Shelves::of(stock, book.names);
    let year = (book.windows[0].from().epoch_days(), book.windows[0].to().epoch_days());
    let out: FxHashMap<(u32, u32), f64> =
        shelves.places().map(|place| (place, f64::from(shelves.days_out(place, year)))).collect();
    let lost = book.codes().filter_map(|(code, account)| {
        let mut sum = 0.0;
        let mut worst: Option<(u32, f64, f64)> = None;
        let mut count = 0;
        for row in purchases.of(code) {
            let product = purchases.product[row];
            // What was out in its branch has the days on which it was out everywhere too.
            let days_at = |branch: u32| out.get(&(product, branch)).copied();
            let days = days_at(account.branch).or_else(|| days_at(NONE)).unwrap_or(0.0);
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
