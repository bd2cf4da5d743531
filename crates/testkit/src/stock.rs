//! What lay where: from when to when a branch lacked a product, and how much it had at the ends of months.

use std::{collections::BTreeSet, fmt::Write as _};

use rayon::prelude::*;

use crate::{
    company::Company,
    ledger::Ledger,
    masters::INFALLIBLE,
    random::{self, Purpose},
};

/// The last months at whose ends the stock was counted.
const COUNTED_MONTHS: usize = 12;

/// Months that the stock follows.
const FOLLOWED_MONTHS: usize = 3;

/// How long the stock usually lasts, in months of what was sold lately, and the spread of that among products.
const MONTHS_OF_COVER: f64 = 1.8;
const COVER_SIGMA: f64 = 0.6;

/// The spread of one product's stock from month to month.
const MONTH_SIGMA: f64 = 0.35;

/// The probability that somebody once bought far too much of a product, and how many times too much.
const OVERSTOCK_RATE: f64 = 0.05;
const OVERSTOCK: f64 = 8.0;

/// `ketersediaan.csv`: a row for each stock-out, from `tanggal` to `sampai`, and one for each count at the end of a month.
pub(crate) fn file(company: &Company, ledger: &Ledger) -> String {
    let mut rows: Vec<(usize, usize, usize, String)> = (company.stock_outs.iter().zip(&ledger.unsold))
        .map(|(out, unsold)| {
            let until = &company.calendar.text[out.to];
            (out.from, out.branch, out.product, format!("{until},0,{unsold}"))
        })
        .collect();
    rows.extend(counts(company, ledger).into_iter().map(|(day, branch, product, count)| {
        let row = format!(",{count},");
        (day, branch, product, row)
    }));
    rows.sort();
    let mut text = String::from("tanggal,kode_barang,cabang,sampai,stok,jumlah_tak_terlayani\n");
    for (day, branch, product, row) in rows {
        let (day, product) = (&company.calendar.text[day], &company.products[product].code);
        writeln!(text, "{day},{product},{},{row}", company.branches[branch].name).expect(INFALLIBLE);
    }
    text
}

/// Day, branch, product and how much there was; nothing where it was out of stock or never sold.
fn counts(company: &Company, ledger: &Ledger) -> Vec<(usize, usize, usize, i64)> {
    let months = company.calendar.months.len();
    let products = company.products.len();
    // A stock-out lies inside one month: it reaches the end of it or it does not.
    let out: BTreeSet<(usize, usize, usize)> =
        company.stock_outs.iter().map(|out| (out.to, out.branch, out.product)).collect();
    (0..company.branches.len() * products)
        .into_par_iter()
        .flat_map_iter(|place| {
            let (branch, product) = (place / products, place % products);
            let mut stream = random::stream(company.seed, Purpose::Stock, place);
            let cover = MONTHS_OF_COVER * random::lognormal(&mut stream, COVER_SIGMA);
            let cover = if random::chance(&mut stream, OVERSTOCK_RATE) { cover * OVERSTOCK } else { cover };
            let sold = |month: usize| ledger.sold[month][place] as f64;
            let mut found = Vec::new();
            let mut before = 0.0;
            for month in months.saturating_sub(COUNTED_MONTHS)..months {
                let followed = month.saturating_sub(FOLLOWED_MONTHS - 1)..=month;
                let lately = followed.clone().map(sold).sum::<f64>() / followed.count() as f64;
                // What was there and was not sold is there still.
                let left = before - sold(month);
                before = (lately * cover * random::lognormal(&mut stream, MONTH_SIGMA)).max(left).max(0.0).round();
                let day = company.calendar.months[month].end - 1;
                if out.contains(&(day, branch, product)) {
                    before = 0.0;
                } else if before >= 1.0 {
                    found.push((day, branch, product, before as i64));
                }
            }
            found
        })
        .collect()
}
