//! What serving cost: visits in hours or in money, deliveries, and what belongs to no account. All drawn apart from everything else, so that
//! the other files are what they are without it.

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::{
    account::Account,
    company::Company,
    ledger::{AccountSum, Ledger},
    masters::{INFALLIBLE, NamedText},
    random::{self, Purpose, Stream},
    work::each_month,
};

/// Visits a month to the smallest account; larger ones are visited more.
const VISITS_A_MONTH: f64 = 0.9;

/// Accounts that are visited far more than they are worth, and how much more.
const PAMPERED_SHARE: f64 = 0.07;
const PAMPERED: f64 = 4.0;

/// What an hour of travel and talk is claimed with, in rupiah, by the managers who claim money.
const CLAIMED_AN_HOUR: f64 = 65_000.0;

/// One manager in so many claims money for visits; the others note hours.
const CLAIMS: usize = 4;

/// What a delivery costs near the branch, in rupiah.
const DELIVERY: f64 = 18_000.0;

/// What a manager spends a quarter on fairs and gatherings that belong to no account, in rupiah.
const GATHERING: f64 = 1_500_000.0;

/// `biaya.csv`.
pub(crate) fn file(company: &Company, ledger: &Ledger) -> NamedText {
    let accounts: Vec<String> = (company.accounts.par_iter().zip(&ledger.accounts).enumerate())
        .map(|(place, (account, sum))| {
            of_account(company, account, sum, &mut random::stream(company.seed, Purpose::Costs, place))
        })
        .collect();
    let mut text = String::from("id_biaya,tanggal,kode_pelanggan,kode_sales,jenis,nilai,jam\n");
    accounts.iter().for_each(|of_account| text.push_str(of_account));
    // Their streams begin where those of accounts end.
    for (place, manager) in company.managers.iter().enumerate() {
        let mut stream = random::stream(company.seed, Purpose::Costs, company.accounts.len() + place);
        for (month, span) in company.calendar.months.iter().enumerate().skip(2).step_by(3) {
            let amount = hundreds(GATHERING * random::lognormal(&mut stream, 0.4));
            let day = &company.calendar.text[span.end - 1];
            writeln!(text, "BY-{}-{:02}-L,{day},,{},layanan,{amount},", &manager.code[4..], month + 1, manager.code)
                .expect(INFALLIBLE);
        }
    }
    ("biaya.csv", text)
}

fn of_account(company: &Company, account: &Account, sum: &AccountSum, stream: &mut Stream) -> String {
    let mut text = String::new();
    // How far it lies, and whether its manager likes to be there.
    let distance = random::lognormal(stream, 0.5);
    let pampered = if random::chance(stream, PAMPERED_SHARE) { PAMPERED } else { 1.0 };
    let visits = VISITS_A_MONTH * account.size.powf(0.3) * pampered;
    each_month(company, account, |month, first, last| {
        let owner = account.owner(month);
        let manager = &company.managers[owner];
        let (date, code) = (&company.calendar.text[last], &account.code);
        let id = format!("BY-{}-{:02}", &code[4..], month + 1);
        let made = random::poisson(stream, (-visits * manager.diligence).exp());
        // A visit and its way, in quarters of an hour.
        let quarters: i64 = (0..made)
            .map(|_| {
                let quarters = (2.5 + 1.5 * distance) * random::lognormal(stream, 0.35);
                random::round_by_chance(stream, quarters).max(1)
            })
            .sum();
        if quarters > 0 {
            let hours = quarters as f64 / 4.0;
            let claimed = match owner % CLAIMS {
                0 => hundreds(CLAIMED_AN_HOUR * hours * random::lognormal(stream, 0.15)).to_string(),
                _ => String::new(),
            };
            writeln!(text, "{id}-K,{date},{code},{},kunjungan,{claimed},{hours}", manager.code).expect(INFALLIBLE);
        }
        let from = sum.order_days.partition_point(|day| (*day as usize) < first);
        let to = sum.order_days.partition_point(|day| (*day as usize) <= last);
        if to > from {
            let each = DELIVERY * distance * random::lognormal(stream, 0.2);
            let amount = hundreds(each * (to - from) as f64);
            writeln!(text, "{id}-P,{date},{code},{},pengiriman,{amount},", manager.code).expect(INFALLIBLE);
        }
    });
    text
}

/// Whole hundreds of rupiah.
fn hundreds(amount: f64) -> i64 {
    (amount / 100.0).round() as i64 * 100
}
