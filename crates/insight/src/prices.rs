//! What peers pay for the same: one definition for opportunities and for what a price floor would bring.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::{
    metrics::{MIXED, NONE},
    opportunities::{Bought, Purchases},
};

/// The fewest peers that buy the same.
const LEAST_PEERS: usize = 5;

/// A product, in a unit, in a segment or ([`NONE`]) anywhere.
type Peers = (u32, u32, u32);

/// The median price of each product among the accounts that bought it in one unit, and how many did: in their segment, and among all.
pub(crate) struct PeerPrices(FxHashMap<Peers, (f64, usize)>);

impl PeerPrices {
    /// Those of a window of the purchases, with the segment of each account by its code.
    pub fn of(purchases: &Purchases, window: usize, segment: impl Fn(u32) -> u32 + Sync) -> Self {
        let segment = &segment;
        let mut all: Vec<(Peers, f64)> = (0..purchases.ends.len() as u32)
            .into_par_iter()
            .flat_map_iter(|code| {
                purchases.of(code).filter_map(move |row| {
                    let own = price(&purchases.bought[row][window]).filter(|_| purchases.unit[row] != MIXED)?;
                    Some(((purchases.product[row], purchases.unit[row], segment(code)), own))
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
        Self(found)
    }

    /// The median of the segment, of all where these are few, and of how many it is; none where both are few.
    pub fn price(&self, product: u32, unit: u32, segment: u32) -> Option<(f64, usize)> {
        self.0.get(&(product, unit, segment)).or_else(|| self.0.get(&(product, unit, NONE))).copied()
    }
}

/// A quantity in ones.
pub(crate) fn quantity(bought: &Bought) -> f64 {
    bought.quantity as f64 / 1e6
}

/// What one costs.
pub(crate) fn price(bought: &Bought) -> Option<f64> {
    (bought.quantity > 0 && bought.priced > 0).then(|| bought.priced as f64 / 1e4 / quantity(bought))
}
