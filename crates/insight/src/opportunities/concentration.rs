//! Sales that hang on one account or one product.

use rustc_hash::FxHashMap;

use super::{
    Finding, Kind, Purchases, Rows, Why,
    book::{Book, to_money},
};
use crate::metrics::NONE;

/// A manager's, and the company's, sales may hang on one account up to this share.
const OF_MANAGER: f64 = 0.3;
const OF_COMPANY: f64 = 0.1;
/// The company's sales may hang on one product up to this share.
const OF_PRODUCT: f64 = 0.3;
/// With fewer accounts or products there is nothing to spread over.
const LEAST: usize = 5;
/// The chance that an account or a product falls away within a year, where nothing is known of it.
const FALLS_AWAY: f64 = 0.05;

pub(super) fn look(book: &Book<'_>, purchases: &Purchases) -> Vec<Finding> {
    let mut books: FxHashMap<u32, (i128, usize)> = FxHashMap::default();
    let (mut all, mut active) = (0_i128, 0_usize);
    for (_, account) in book.codes().filter(|(_, account)| account.net[0] > 0) {
        let of = books.entry(account.manager).or_default();
        (of.0, of.1) = (of.0 + i128::from(account.net[0]), of.1 + 1);
        (all, active) = (all + i128::from(account.net[0]), active + 1);
    }
    let mut found: Vec<Finding> = book
        .codes()
        .filter(|(_, account)| account.net[0] > 0)
        .filter_map(|(code, account)| {
            let (own, accounts) = books[&account.manager];
            let share = |of: i128| account.net[0] as f64 / of as f64;
            let of_manager = account.manager != NONE && accounts >= LEAST && share(own) > OF_MANAGER;
            let of_company = active >= LEAST && share(all) > OF_COMPANY;
            if !of_manager && !of_company {
                return None;
            }
            let falls = book.risk_of(code).and_then(|risk| risk.outlook.risk).unwrap_or(FALLS_AWAY).max(FALLS_AWAY);
            let mut why = Vec::new();
            if of_manager {
                why.push(Why::ShareOf { share: share(own), of_manager: true, is_product: false });
            }
            if of_company {
                why.push(Why::ShareOf { share: share(all), of_manager: false, is_product: false });
            }
            why.push(Why::Risk(falls));
            Some(Finding {
                kind: Kind::Concentration,
                account: book.account(code),
                item: None,
                manager: book.manager(account.manager),
                amount: book.amount(code, book.year_net(code)) * falls,
                why,
                mark: String::new(),
                rows: Rows::Lines,
            })
        })
        .collect();
    found.extend(products(book, purchases));
    found
}

fn products(book: &Book<'_>, purchases: &Purchases) -> Vec<Finding> {
    let mut sold = vec![0_i128; book.names.product.len()];
    for (product, bought) in purchases.product.iter().zip(&purchases.bought) {
        if let Some(sum) = sold.get_mut(*product as usize) {
            *sum += i128::from(bought[0].net);
        }
    }
    let all: i128 = sold.iter().sum();
    if sold.iter().filter(|net| **net > 0).count() < LEAST || all <= 0 {
        return Vec::new();
    }
    let hang = (0_u32..).zip(&sold).filter(|(_, net)| **net as f64 > OF_PRODUCT * all as f64);
    hang.filter_map(|(product, net)| {
        let sold = to_money(i64::try_from(*net).ok()?).to_f64() * book.annual;
        Some(Finding {
            kind: Kind::Concentration,
            account: None,
            item: Some(book.product(product)?),
            manager: None,
            amount: sold * book.rate * FALLS_AWAY,
            why: vec![
                Why::ShareOf { share: *net as f64 / all as f64, of_manager: false, is_product: true },
                Why::Risk(FALLS_AWAY),
            ],
            mark: String::new(),
            rows: Rows::Lines,
        })
    })
    .collect()
}
