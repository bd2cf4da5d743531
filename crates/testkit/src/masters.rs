//! Master files (accounts, goods, managers, ownership) and the truth.

use std::fmt::Write as _;

use crate::{
    account::{self, EROSION_MOST},
    company::Company,
    ledger::{Ledger, rupiah},
    truth::{AccountTruth, ActionTruth, HandOver, LevelBreak, ManagerTruth, MonthTruth, PriceErosion, Truth},
    words::{CATEGORIES, SEGMENTS},
};

/// A file's name and its text.
pub(crate) type NamedText = (&'static str, String);

/// Writing into a `String` cannot fail.
pub(crate) const INFALLIBLE: &str = "a text in memory takes every line";

/// The master files.
pub(crate) fn files(company: &Company) -> Vec<NamedText> {
    vec![
        ("pelanggan.csv", accounts(company)),
        ("barang.csv", products(company)),
        ("sales.csv", managers(company)),
        ("kepemilikan.csv", ownership(company)),
    ]
}

fn accounts(company: &Company) -> String {
    let mut text = String::from("kode_pelanggan,nama_pelanggan,segmen,wilayah,cabang,kode_sales\n");
    for account in &company.accounts {
        let branch = &company.branches[account.branch];
        let owner = account.owner(company.calendar.months.len() - 1);
        writeln!(
            text,
            "{},{},{},{},{},{}",
            account.code,
            account.name,
            SEGMENTS[account.segment].name,
            branch.region,
            branch.name,
            company.managers[owner].code
        )
        .expect(INFALLIBLE);
    }
    text
}

fn products(company: &Company) -> String {
    let mut text = String::from("kode_barang,nama_barang,kategori,satuan,harga_daftar,harga_pokok\n");
    for product in &company.products {
        let category = &CATEGORIES[product.category];
        let (price, cost) = product.prices.last().copied().unwrap_or_default();
        writeln!(text, "{},{},{},{},{price},{cost}", product.code, product.name, category.name, category.unit)
            .expect(INFALLIBLE);
    }
    text
}

fn managers(company: &Company) -> String {
    let mut text = String::from("kode_sales,nama_sales,supervisor,cabang\n");
    for manager in &company.managers {
        let branch = company.branches[manager.branch].name;
        writeln!(text, "{},{},{},{branch}", manager.code, manager.name, manager.supervisor).expect(INFALLIBLE);
    }
    text
}

/// Who had which account from when to when; an open end is empty.
fn ownership(company: &Company) -> String {
    let mut text = String::from("kode_pelanggan,kode_sales,dari,sampai\n");
    for account in &company.accounts {
        for (place, (month, manager)) in account.owners.iter().enumerate() {
            let from = match (place, account.joined) {
                (0, Some(joined)) => company.calendar.day(joined),
                _ => company.month(*month).first_day(),
            };
            let to = account.owners.get(place + 1).map(|(next, _)| company.month(next - 1).last_day().to_string());
            let code = &company.managers[*manager].code;
            writeln!(text, "{},{code},{from},{}", account.code, to.unwrap_or_default()).expect(INFALLIBLE);
        }
    }
    text
}

/// The truth about a company that has traded.
pub(crate) fn truth(company: &Company, ledger: &Ledger) -> Truth {
    let calendar = &company.calendar;
    Truth {
        seed: company.seed,
        first_month: company.month(0),
        last_month: company.month(calendar.months.len() - 1),
        totals: ledger.totals(),
        account_month_sigma: account::MONTH_SIGMA,
        lost_per_year: account::LOST_PER_YEAR,
        managers: manager_truth(company, ledger),
        accounts: account_truth(company, ledger),
        lebaran: calendar.lebaran.clone(),
        price_erosion: company.accounts.iter().filter_map(|account| price_erosion(company, account)).collect(),
        hand_overs: company.accounts.iter().flat_map(|account| hand_overs(company, account)).collect(),
        breaks: company.branches.iter().filter_map(|branch| level_break(company, branch)).collect(),
        action: company.action.as_ref().map(|action| action_truth(company, action)),
        months: (calendar.months.iter().zip(&ledger.months))
            .map(|(span, (lines, net))| MonthTruth { month: span.month, lines: *lines, net: rupiah(*net) })
            .collect(),
    }
}

fn manager_truth(company: &Company, ledger: &Ledger) -> Vec<ManagerTruth> {
    let managers = company.managers.iter().enumerate();
    managers
        .map(|(place, manager)| ManagerTruth {
            manager: manager.code.clone(),
            skill: manager.skill,
            diligence: manager.diligence,
            response_hours: manager.response_hours,
            follow_up_in_time: crate::work::follow_up_in_time(manager),
            contacts_a_month: crate::work::contacts_a_month(manager),
            resolve_days: crate::work::resolve_days(manager),
            lines: ledger.manager_lines[place],
            net: rupiah(ledger.manager_net[place]),
        })
        .collect()
}

fn account_truth(company: &Company, ledger: &Ledger) -> Vec<AccountTruth> {
    let accounts = company.accounts.iter().zip(&ledger.accounts);
    accounts
        .map(|(account, sum)| AccountTruth {
            account: account.code.clone(),
            segment: SEGMENTS[account.segment].name.to_owned(),
            size: account.size,
            gap_shape: account.gap_shape,
            trend: account.trend,
            joined: account.joined.map(|day| company.calendar.day(day)),
            lost: account.lost.map(|day| company.calendar.day(day)),
            fades: account.lost.is_some() && account.fades,
            orders: sum.order_days.len() as u64,
            net: rupiah(sum.net),
        })
        .collect()
}

fn price_erosion(company: &Company, account: &account::Account) -> Option<PriceErosion> {
    account.erosion.map(|(since, points)| PriceErosion {
        account: account.code.clone(),
        since: company.month(since),
        points_a_month: points,
        most_points: EROSION_MOST,
    })
}

fn hand_overs(company: &Company, account: &account::Account) -> Vec<HandOver> {
    let code = |manager: usize| company.managers[manager].code.clone();
    let pairs = account.owners.iter().zip(account.owners.iter().skip(1));
    pairs
        .map(|((_, from), (month, to))| HandOver {
            account: account.code.clone(),
            from: code(*from),
            to: code(*to),
            month: company.month(*month),
        })
        .collect()
}

fn level_break(company: &Company, branch: &crate::company::Branch) -> Option<LevelBreak> {
    branch.level_break.map(|(month, multiplier)| LevelBreak {
        branch: branch.name.to_owned(),
        date: company.month(month).first_day(),
        multiplier,
    })
}

fn action_truth(company: &Company, action: &crate::company::Action) -> ActionTruth {
    let codes = |places: &[usize]| places.iter().map(|place| company.accounts[*place].code.clone()).collect();
    ActionTruth {
        start: company.month(action.start),
        selected_on: company.month(action.start - 3),
        effect_percent: ((action.effect - 1.0) * 1_000.0).round() / 10.0,
        treated: codes(&action.treated),
        waiting: codes(&action.waiting),
    }
}
