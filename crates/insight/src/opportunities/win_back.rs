//! Accounts that have not ordered for a year, but did in the years before.

use super::{
    Finding, Kind, Rows, Why,
    book::{Book, to_money},
    overdue::LOST_DAYS,
};
use crate::metrics::OrderDays;

/// Who has been gone longer is not told.
const LONGEST_DAYS: i32 = 3 * 365;

pub(super) fn look(book: &Book<'_>, orders: &OrderDays) -> Vec<Finding> {
    let today = book.today.epoch_days();
    let gone = book.codes().filter_map(|(code, account)| {
        let (days, net) = orders.of_account(code);
        let last = *days.last()?;
        if !(LOST_DAYS + 1..=LONGEST_DAYS).contains(&(today - last)) {
            return None;
        }
        let year = days.partition_point(|day| *day <= last - 365);
        let sold = to_money(net[year..].iter().fold(0_i64, |sum, net| sum.saturating_add(*net)));
        let last = takar_model::Day::from_epoch_days(last)?;
        (sold > takar_model::Money::ZERO).then(|| Finding {
            kind: Kind::WinBack,
            account: book.account(code),
            item: None,
            manager: book.manager(account.manager),
            amount: book.amount(code, sold.to_f64()),
            why: vec![Why::LastOrder(last, sold)],
            mark: last.to_string(),
            rows: Rows::Lines,
        })
    });
    gone.collect()
}
