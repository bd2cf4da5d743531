//! Accounts that buy less than their peers.

use rustc_hash::FxHashMap;
use takar_stats::{Estimate, Level, peers::quantile};

use super::{Finding, Kind, Rows, Why, book::Book};
use crate::{format::money_of, metrics::NONE};

/// The share of peers that spend less than what is taken for within reach.
const REACHED: f64 = 0.8;
/// The fewest peers.
const LEAST_PEERS: usize = 20;
/// A smaller gap, as a share of what is spent, is not told.
const LEAST_GAP: f64 = 0.1;

/// What one in five peers spends and more is within reach: peers are those of the segment and region, else the segment, else all. At most a
/// doubling is told.
pub(super) fn look(book: &Book<'_>) -> Vec<Finding> {
    let levels = [|segment, region| (segment, region), |segment, _| (segment, NONE), |_, _| (NONE, NONE)];
    let reached = levels.map(|level: fn(u32, u32) -> (u32, u32)| {
        let mut groups: FxHashMap<(u32, u32), Vec<f64>> = FxHashMap::default();
        for (code, account) in book.codes().filter(|(_, account)| account.net[0] > 0) {
            groups.entry(level(account.segment, account.region)).or_default().push(book.year_net(code));
        }
        groups.retain(|_, spent| spent.len() >= LEAST_PEERS);
        let told = groups
            .into_iter()
            .filter_map(|(of, mut spent)| Some((of, quantile(&mut spent, REACHED, Level::P80).ok()?)));
        (level, told.collect::<FxHashMap<(u32, u32), Estimate>>())
    });
    let less = book.codes().filter(|(_, account)| account.net[0] > 0).filter_map(|(code, account)| {
        let found = reached.iter().find_map(|(level, told)| told.get(&level(account.segment, account.region)))?;
        let own = book.year_net(code);
        let gap = (found.value - own).min(own);
        (gap > LEAST_GAP * own).then(|| Finding {
            kind: Kind::Wallet,
            account: book.account(code),
            item: None,
            manager: book.manager(account.manager),
            amount: book.amount(code, gap),
            why: vec![Why::Spends {
                own: money_of(own),
                peers: (money_of(found.value), money_of(found.interval.low), money_of(found.interval.high)),
                n: found.n,
            }],
            mark: String::new(),
            rows: Rows::Lines,
        })
    });
    less.collect()
}
