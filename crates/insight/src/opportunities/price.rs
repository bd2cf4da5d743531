//! Accounts that pay less than their peers for the same products.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_model::Text;

use super::{Bought, Finding, Kind, Purchases, Rows, Why, book::Book};
use crate::{
    format::money_of,
    metrics::{MIXED, NONE},
};

/// The fewest peers that buy the same.
const LEAST_PEERS: usize = 5;
/// A smaller gap, as a share of what the peers' prices would make, is not told.
const LEAST_GAP: f64 = 0.03;

const NO_QUANTITY: Text = Text::new(
    "tidak dicari, karena baris penjualan tidak menyebut jumlah; masukkan penjualan dengan kolom jumlah",
    "not looked at, because sales lines tell no quantity; import sales with a quantity",
);

/// A product, in a unit, in a segment or ([`NONE`]) anywhere.
type Peers = (u32, u32, u32);

/// What is paid for each product beside the median of the peers of the segment (of all, where these are few), in one unit each; the gaps of all
/// its products together, those where it pays more taken off.
pub(super) fn look(book: &Book<'_>, purchases: &Purchases) -> Result<Vec<Finding>, Text> {
    if purchases.bought.iter().all(|bought| price(&bought[0]).is_none()) {
        return Err(NO_QUANTITY);
    }
    let [now, before] = [0, 1].map(|window| medians(book, purchases, window));
    let low = (0..book.accounts.len() as u32).into_par_iter().filter_map(|code| {
        let account = &book.accounts[code as usize];
        let (mut paid, mut usual) = ([0.0; 2], [0.0; 2]);
        let mut worst: Option<(u32, f64, (f64, usize), f64)> = None;
        for row in purchases.of(code) {
            let (product, unit) = (purchases.product[row], purchases.unit[row]);
            for (window, medians) in [&now, &before].into_iter().enumerate() {
                let bought = &purchases.bought[row][window];
                let Some(own) = price(bought) else { continue };
                let of_segment = medians.get(&(product, unit, account.segment));
                let Some(peers) = of_segment.or_else(|| medians.get(&(product, unit, NONE))) else { continue };
                let quantity = quantity(bought);
                paid[window] += own * quantity;
                usual[window] += peers.0 * quantity;
                let gap = (peers.0 - own) * quantity;
                if window == 0 && worst.is_none_or(|(.., most)| gap > most) {
                    worst = Some((product, own, *peers, gap));
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

/// The median price of each product among those who bought it, and how many did.
fn medians(book: &Book<'_>, purchases: &Purchases, window: usize) -> FxHashMap<Peers, (f64, usize)> {
    let mut all: Vec<(Peers, f64)> = (0..book.accounts.len() as u32)
        .into_par_iter()
        .flat_map_iter(|code| {
            let segment = book.accounts[code as usize].segment;
            purchases.of(code).filter_map(move |row| {
                let own = price(&purchases.bought[row][window]).filter(|_| purchases.unit[row] != MIXED)?;
                Some(((purchases.product[row], purchases.unit[row], segment), own))
            })
        })
        .collect();
    let order = |one: &(Peers, f64), other: &(Peers, f64)| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1));
    let mut found = FxHashMap::default();
    let tell = |all: &mut Vec<(Peers, f64)>, found: &mut FxHashMap<Peers, (f64, usize)>| {
        all.par_sort_unstable_by(order);
        for group in all.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() >= LEAST_PEERS) {
            let (below, above) = (group[(group.len() - 1) / 2].1, group[group.len() / 2].1);
            found.insert(group[0].0, (f64::midpoint(below, above), group.len()));
        }
    };
    tell(&mut all, &mut found);
    all.iter_mut().for_each(|((.., segment), _)| *segment = NONE);
    tell(&mut all, &mut found);
    found
}

fn quantity(bought: &Bought) -> f64 {
    bought.quantity as f64 / 1e6
}

/// What one costs.
pub(super) fn price(bought: &Bought) -> Option<f64> {
    (bought.quantity > 0 && bought.priced > 0).then(|| bought.priced as f64 / 1e4 / quantity(bought))
}
