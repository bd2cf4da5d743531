//! Accounts that pay less than their peers for the same products.

use rayon::prelude::*;
use takar_model::Text;

use super::{Finding, Kind, Purchases, Rows, Why, book::Book};
use crate::{
    format::money_of,
    metrics::NONE,
    prices::{PeerPrices, price, quantity},
};

/// A smaller gap, as a share of what the peers' prices would make, is not told.
const LEAST_GAP: f64 = 0.03;

const NO_QUANTITY: Text = Text::new(
    "tidak dicari, karena baris penjualan tidak menyebut jumlah; masukkan penjualan dengan kolom jumlah",
    "not looked at, because sales lines tell no quantity; import sales with a quantity",
);

/// What is paid for each product beside the median of the peers of the segment (of all, where these are few), in one unit each; the gaps of all
/// its products together, those where it pays more taken off.
pub(super) fn look(book: &Book<'_>, purchases: &Purchases) -> Result<Vec<Finding>, Text> {
    if purchases.bought.iter().all(|bought| price(&bought[0]).is_none()) {
        return Err(NO_QUANTITY);
    }
    let [now, before] = [0, 1].map(|window| {
        PeerPrices::of(purchases, window, |code| book.accounts.get(code as usize).map_or(NONE, |one| one.segment))
    });
    let low = (0..book.accounts.len() as u32).into_par_iter().filter_map(|code| {
        let account = &book.accounts[code as usize];
        let (mut paid, mut usual) = ([0.0; 2], [0.0; 2]);
        let mut worst: Option<(u32, f64, (f64, usize), f64)> = None;
        for row in purchases.of(code) {
            let (product, unit) = (purchases.product[row], purchases.unit[row]);
            for (window, medians) in [&now, &before].into_iter().enumerate() {
                let bought = &purchases.bought[row][window];
                let Some(own) = price(bought) else { continue };
                let Some(peers) = medians.price(product, unit, account.segment) else { continue };
                let quantity = quantity(bought);
                paid[window] += own * quantity;
                usual[window] += peers.0 * quantity;
                let gap = (peers.0 - own) * quantity;
                if window == 0 && worst.is_none_or(|(.., most)| gap > most) {
                    worst = Some((product, own, peers, gap));
                }
            }
        }
        let gap = (usual[0] - paid[0]) * book.annual;
        let (product, own, (peers, n), _) = worst?;
        if usual[0] <= 0.0 || usual[0] - paid[0] < LEAST_GAP * usual[0] {
            return None;
        }
        Some(Finding {
            kind: Kind::Price,
            account: book.account(code),
            item: None,
            manager: book.manager(account.manager),
            // A better price is margin to the last rupiah.
            amount: gap,
            why: vec![
                Why::PriceLevel { now: paid[0] / usual[0], before: (usual[1] > 0.0).then(|| paid[1] / usual[1]) },
                Why::PriceOf {
                    product: book.product(product)?.label().to_owned(),
                    own: money_of(own),
                    peers: money_of(peers),
                    n,
                },
            ],
            mark: String::new(),
            rows: Rows::Lines,
        })
    });
    Ok(low.collect())
}
