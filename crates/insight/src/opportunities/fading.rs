//! Accounts that order less often than a year ago, more so than others do.

use takar_stats::{
    multiple::{ErrorRate, benjamini_hochberg},
    peers::fewer,
};

use super::{
    Finding, Kind, Rows, Why,
    book::{Book, to_money},
};
use crate::metrics::OrderDays;

const HALF_A_YEAR: i32 = 182;

/// Half a year beside the same half of the year before: season plays no part. At most 5 % of those told are so by chance.
pub(super) fn look(book: &Book<'_>, orders: &OrderDays) -> Vec<Finding> {
    let today = book.today.epoch_days();
    let counted = |code: u32, last: i32| {
        let (days, net) = orders.of_account(code);
        let range = days.partition_point(|day| *day <= last - HALF_A_YEAR)..days.partition_point(|day| *day <= last);
        (range.len() as u32, to_money(net[range].iter().fold(0_i64, |sum, net| sum.saturating_add(*net))).to_f64())
    };
    let both: Vec<[(u32, f64); 2]> =
        book.codes().map(|(code, _)| [counted(code, today), counted(code, today - 364)]).collect();
    let (now, before) = both
        .iter()
        .filter(|[_, before]| before.0 > 0)
        .fold((0_u64, 0_u64), |(now, before), both| (now + u64::from(both[0].0), before + u64::from(both[1].0)));
    if now == 0 || before == 0 {
        return Vec::new();
    }
    let all = now as f64 / before as f64;
    // Late and lost accounts are told as such.
    let is_judged = |code: u32| {
        let [now, before] = both[code as usize];
        now.0 > 0 && before.0 > 0 && book.risk_of(code).is_some_and(|risk| !risk.is_overdue())
    };
    let judged: Vec<u32> = book.codes().map(|(code, _)| code).filter(|code| is_judged(*code)).collect();
    let chances: Vec<f64> =
        judged.iter().map(|code| fewer(both[*code as usize][0].0, both[*code as usize][1].0, all)).collect();
    let Ok(told) = benjamini_hochberg(&chances, ErrorRate::P05) else { return Vec::new() };
    let faded = judged.into_iter().zip(told.rejected).filter(|(_, is_told)| *is_told).filter_map(|(code, _)| {
        let [now, before] = both[code as usize];
        let fall = 2.0 * (before.1 * all.min(1.0) - now.1);
        (fall > 0.0).then(|| Finding {
            kind: Kind::Fading,
            account: book.account(code),
            item: None,
            manager: book.manager(book.accounts[code as usize].manager),
            amount: book.amount(code, fall),
            why: vec![
                Why::Fewer { now: now.0, before: before.0, all },
                Why::YearSales(to_money(book.accounts[code as usize].net[0])),
            ],
            mark: String::new(),
            rows: Rows::Lines,
        })
    });
    faded.collect()
}
