//! Accounts that are late by their own rhythm.

use takar_model::Lang;

use super::{
    Finding, Kind, Rows, Why,
    book::{Book, to_money},
};

/// Who has not ordered for so many days is lost, not late.
pub(super) const LOST_DAYS: i32 = 365;

pub(super) fn look(book: &Book<'_>) -> Vec<Finding> {
    let late = book.codes().filter_map(|(code, account)| {
        let risk = book.risk_of(code).filter(|risk| risk.is_overdue())?;
        if book.today.epoch_days() - risk.last_order.epoch_days() > LOST_DAYS {
            return None;
        }
        // Without a model of the purchases, the chance that so long a gap is none.
        let lost = risk.outlook.risk.or_else(|| Some(1.0 - risk.outlook.rhythm?.gap_chance?))?;
        let year = to_money(account.net[0]);
        let amount = book.amount(code, year.to_f64().max(0.0) * lost);
        Some(Finding {
            kind: Kind::Overdue,
            account: book.account(code),
            item: None,
            manager: book.manager(account.manager),
            amount,
            why: vec![
                Why::Rhythm(Box::new([risk.words(Lang::Id), risk.words(Lang::En)])),
                Why::Risk(lost),
                Why::YearSales(year),
            ],
            mark: risk.last_order.to_string(),
            rows: Rows::Lines,
        })
    });
    late.collect()
}
