//! Which accounts began and stopped which products, and which of these happen to the same accounts.

use std::collections::{BTreeMap, BTreeSet};

use takar_stats::{
    basket::fisher_greater,
    multiple::{ErrorRate, benjamini_hochberg},
};

use super::{Bought, Moved};
use crate::{InsightError, metrics::Labels};

/// A pair is looked at from so many accounts on that did both.
pub const LEAST_BOTH: usize = 5;
/// Products whose moves are held against each other: those with most of them.
const MOST: usize = 300;

/// A product that was stopped and one that was begun by the same accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The product that was stopped, id and name.
    pub stopped: (String, Option<String>),
    /// The product that was begun.
    pub began: (String, Option<String>),
    /// Accounts that did both.
    pub both: usize,
    /// So many times as often as if nothing tied them.
    pub lift: f64,
    /// The p-value, adjusted for all pairs looked at.
    pub p: f64,
    /// Accounts that bought in both windows, among which it was counted.
    pub n: usize,
}

/// By product the accounts that began and that stopped it, all of which bought something in both windows or moved alone.
pub(super) struct Moves {
    began: BTreeMap<u32, BTreeSet<u32>>,
    stopped: BTreeMap<u32, BTreeSet<u32>>,
    /// Accounts that bought something in both windows.
    stayed: BTreeSet<u32>,
}

impl Moves {
    pub(super) fn of(now: &Bought, before: &Bought, earlier: Option<&Bought>) -> Self {
        let buys = |bought: &Bought, product: u32, account: u32| {
            bought.get(&product).and_then(|accounts| accounts.get(&account)).is_some_and(|net| *net > 0)
        };
        let found = |of: &Bought, is_one: &dyn Fn(u32, u32) -> bool| -> BTreeMap<u32, BTreeSet<u32>> {
            let known = of.iter().filter(|(product, _)| **product != crate::metrics::NONE);
            known
                .map(|(product, accounts)| {
                    let those = accounts.iter().filter(|(account, net)| {
                        **net > 0 && **account != crate::metrics::NONE && is_one(*product, **account)
                    });
                    (*product, those.map(|(account, _)| *account).collect())
                })
                .collect()
        };
        let began = found(now, &|product, account| {
            !buys(before, product, account) && !earlier.is_some_and(|earlier| buys(earlier, product, account))
        });
        let stopped = found(before, &|product, account| !buys(now, product, account));
        let buyers = |bought: &Bought| -> BTreeSet<u32> {
            let positive = bought.values().flatten().filter(|(_, net)| **net > 0);
            positive.map(|(account, _)| *account).filter(|account| *account != crate::metrics::NONE).collect()
        };
        let stayed = buyers(now).intersection(&buyers(before)).copied().collect();
        Self { began, stopped, stayed }
    }

    pub(super) fn of_product(&self, product: u32) -> Moved {
        let count = |moves: &BTreeMap<u32, BTreeSet<u32>>| moves.get(&product).map_or(0, BTreeSet::len);
        Moved { began: count(&self.began), stopped: count(&self.stopped) }
    }

    /// Pairs beyond chance at a false-discovery rate of 5 %, the surest first, and how many pairs were looked at.
    pub(super) fn together(&self, labels: &Labels) -> Result<(Vec<Together>, usize), InsightError> {
        let most = |moves: &BTreeMap<u32, BTreeSet<u32>>| -> Vec<(u32, BTreeSet<u32>)> {
            let stayed = |accounts: &BTreeSet<u32>| accounts.intersection(&self.stayed).copied().collect();
            let mut all: Vec<(u32, BTreeSet<u32>)> =
                moves.iter().map(|(product, accounts)| (*product, stayed(accounts))).collect();
            all.retain(|(_, accounts)| accounts.len() >= LEAST_BOTH);
            all.sort_by_key(|(product, accounts)| (std::cmp::Reverse(accounts.len()), labels.rank(*product)));
            all.truncate(MOST);
            all
        };
        let (stopped, began) = (most(&self.stopped), most(&self.began));
        let n = self.stayed.len();
        let mut chances = Vec::new();
        let mut pairs = Vec::new();
        for (from, left) in &stopped {
            for (to, came) in began.iter().filter(|(to, _)| to != from) {
                let both = left.intersection(came).count();
                // Too few say nothing, but they were looked at.
                chances.push(if both < LEAST_BOTH { 1.0 } else { fisher(both, left.len(), came.len(), n) });
                pairs.push((*from, *to, both, both as f64 * n as f64 / (left.len() as f64 * came.len() as f64)));
            }
        }
        if pairs.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let judged = benjamini_hochberg(&chances, ErrorRate::P05)?;
        let named =
            |product: u32| labels.id(product).map(|id| (id.to_owned(), labels.name(product).map(str::to_owned)));
        let mut found: Vec<Together> = pairs
            .iter()
            .zip(judged.rejected.iter().zip(&judged.adjusted))
            .filter(|(_, (is_beyond, _))| **is_beyond)
            .filter_map(|((from, to, both, lift), (_, p))| {
                Some(Together { stopped: named(*from)?, began: named(*to)?, both: *both, lift: *lift, p: *p, n })
            })
            .collect();
        // Equal ones stay in the order of products.
        found.sort_by(|one, other| one.p.total_cmp(&other.p).then(other.both.cmp(&one.both)));
        Ok((found, pairs.len()))
    }
}

/// The chance that at least so many of `n` did both, were leaving the one and beginning the other unrelated.
fn fisher(both: usize, left: usize, came: usize, n: usize) -> f64 {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let neither = (n + both).saturating_sub(left + came);
    fisher_greater([[count(both), count(left - both)], [count(came - both), count(neither)]])
}
