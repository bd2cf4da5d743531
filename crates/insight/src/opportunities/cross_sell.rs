//! Products that go with what an account buys, and which it does not buy.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_model::Text;
use takar_stats::{
    basket::{Baskets, Ease, Together, pairs},
    multiple::ErrorRate,
};

use super::{
    Finding, Kind, Purchases, Rows, Why,
    book::{Account, Book, to_money},
};
use crate::{
    metrics::{MIXED, NONE},
    prices::price,
};

/// Only the products that most accounts buy are looked at: work grows with the square of them, and what few buy teaches little.
const MOST_PRODUCTS: usize = 1_000;
/// Pairs by chance among those called so, at most.
const BY_CHANCE: ErrorRate = ErrorRate::P05;
/// Of those who buy the one, so many at least have to buy the other; and so many times as many as by chance.
const LEAST_SHARE: f64 = 0.1;
const LEAST_LIFT: f64 = 1.5;
/// The strongest companions of a product.
const COMPANIONS: usize = 20;
/// What is told of an account.
const MOST_OF_ACCOUNT: usize = 2;
/// EASE's penalty: as if each product were in so many baskets more, alone.
const PENALTY: f64 = 250.0;

const TOO_FEW: Text = Text::new(
    "tidak ada pola belanja: belum ada dua produk yang cukup sering dibeli bersama",
    "no pattern found: no two products are bought together often enough",
);

/// A companion of a product: which, by how many both are bought, and the lift.
#[derive(Clone, Copy)]
struct Companion {
    item: u32,
    both: u32,
    share: f64,
    lift: f64,
}

/// What buyers of a product usually spend on it.
#[derive(Clone, Copy, Default)]
struct UsualPart {
    share: f64,
    price: Option<f64>,
    unit: u32,
}

pub(super) fn look(book: &Book<'_>, purchases: &Purchases) -> Result<Vec<Finding>, Text> {
    let products = most_bought(book, purchases);
    let mut item_of = vec![NONE; book.names.product.len()];
    products.iter().zip(0_u32..).for_each(|(product, item)| item_of[*product as usize] = item);
    let mut baskets = Baskets::default();
    // Who bought nothing in the year says nothing of what goes together.
    let mut buyers: Vec<(u32, &Account)> = Vec::new();
    for (code, account) in book.codes() {
        let mut bought = purchases.of(code).filter(|row| purchases.bought[*row][0].net > 0).peekable();
        if bought.peek().is_some() {
            let items = bought.map(|row| item_of[purchases.product[row] as usize]);
            baskets.push(items.filter(|item| *item != NONE));
            buyers.push((code, account));
        }
    }
    let together = Together::of(&baskets, products.len()).map_err(|_| TOO_FEW)?;
    let companions = companions(&together);
    if companions.iter().all(Vec::is_empty) {
        return Err(TOO_FEW);
    }
    let ease = Ease::fit(&together, PENALTY).map_err(|_| TOO_FEW)?;
    let usual = usual_parts(book, purchases, &item_of, products.len());
    let lacks = buyers.into_par_iter().enumerate().flat_map_iter(|(basket, (code, account))| {
        let held = baskets.of(basket);
        let year = book.year_net(code);
        let mut best: FxHashMap<u32, (u32, Companion)> = FxHashMap::default();
        for item in held {
            for companion in &companions[*item as usize] {
                if held.binary_search(&companion.item).is_ok() {
                    continue;
                }
                let known = best.entry(companion.item).or_insert((*item, *companion));
                if companion.share > known.1.share {
                    *known = (*item, *companion);
                }
            }
        }
        let mut ranked: Vec<(f64, u32, (u32, Companion))> = best
            .into_iter()
            .map(|(item, evidence)| (ease.score(held, item), item, evidence))
            .filter(|(score, ..)| *score > 0.0)
            .collect();
        ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.truncate(MOST_OF_ACCOUNT);
        let (products, usual, together) = (&products, &usual, &together);
        ranked.into_iter().filter_map(move |(_, item, (from, companion))| {
            let part = usual[item as usize];
            let spent = part.share * year;
            if spent <= 0.0 {
                return None;
            }
            let label = |item: u32| Some(book.product(products[item as usize])?.label().to_owned());
            let mut why = vec![Why::Together {
                has: label(from)?,
                lacks: label(item)?,
                both: companion.both,
                of: together.both(from as usize, from as usize),
                lift: companion.lift,
            }];
            if let Some(price) = part.price {
                let unit = book.names.units.get(part.unit as usize).cloned();
                why.push(Why::Suggest { quantity: spent / price / 12.0, unit, share: part.share });
            }
            Some(Finding {
                kind: Kind::CrossSell,
                account: book.account(code),
                item: book.product(products[item as usize]),
                manager: book.manager(account.manager),
                amount: book.amount(code, spent),
                why,
                mark: String::new(),
                rows: Rows::Lines,
            })
        })
    });
    Ok(lacks.collect())
}

/// The products that most accounts bought in the year, in the order of their codes.
fn most_bought(book: &Book<'_>, purchases: &Purchases) -> Vec<u32> {
    let mut buyers = vec![0_u32; book.names.product.len()];
    for (product, _) in purchases.product.iter().zip(&purchases.bought).filter(|(_, bought)| bought[0].net > 0) {
        if let Some(count) = buyers.get_mut(*product as usize) {
            *count += 1;
        }
    }
    let mut products: Vec<u32> = (0..buyers.len() as u32).filter(|product| buyers[*product as usize] > 0).collect();
    products.sort_by_key(|product| (std::cmp::Reverse(buyers[*product as usize]), *product));
    products.truncate(MOST_PRODUCTS);
    products.sort_unstable();
    products
}

/// By item, what goes with it, the surest first.
fn companions(together: &Together) -> Vec<Vec<Companion>> {
    let mut all: Vec<Vec<Companion>> = vec![Vec::new(); together.items()];
    for pair in pairs(together, BY_CHANCE).unwrap_or_default() {
        for (from, to) in [(pair.one, pair.other), (pair.other, pair.one)] {
            let share = f64::from(pair.both) / f64::from(together.both(from as usize, from as usize));
            if share >= LEAST_SHARE && pair.lift >= LEAST_LIFT {
                all[from as usize].push(Companion { item: to, both: pair.both, share, lift: pair.lift });
            }
        }
    }
    for of in &mut all {
        of.sort_by(|one, other| other.share.total_cmp(&one.share).then(one.item.cmp(&other.item)));
        of.truncate(COMPANIONS);
    }
    all
}

/// By item, the median share of what its buyers spend, and the median price in the unit that most buy it in.
fn usual_parts(book: &Book<'_>, purchases: &Purchases, item_of: &[u32], items: usize) -> Vec<UsualPart> {
    let mut shares: Vec<Vec<f64>> = vec![Vec::new(); items];
    let mut prices: Vec<Vec<(u32, f64)>> = vec![Vec::new(); items];
    for (code, account) in book.codes().filter(|(_, account)| account.net[0] > 0) {
        for row in purchases.of(code) {
            let bought = &purchases.bought[row][0];
            let item = item_of[purchases.product[row] as usize];
            if item == NONE || bought.net <= 0 {
                continue;
            }
            shares[item as usize].push((to_money(bought.net).to_f64() / to_money(account.net[0]).to_f64()).min(1.0));
            if let Some(price) = price(bought).filter(|_| purchases.unit[row] != MIXED) {
                prices[item as usize].push((purchases.unit[row], price));
            }
        }
    }
    let middle = |values: &mut Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let of = |(mut shares, mut prices): (Vec<f64>, Vec<(u32, f64)>)| {
        prices.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
        let most =
            prices.chunk_by(|one, other| one.0 == other.0).max_by_key(|of| (of.len(), std::cmp::Reverse(of[0].0)));
        UsualPart {
            share: middle(&mut shares).unwrap_or(0.0),
            price: most.map(|of| of[of.len() / 2].1),
            unit: most.map_or(NONE, |of| of[0].0),
        }
    };
    shares.into_par_iter().zip(prices).map(of).collect()
}
