//! The work around the sales: targets, stock, offers, activities and feedback, as they go with what happened.

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::{
    account::{Account, FADE_DAYS},
    company::{Company, Manager},
    ledger::{AccountSum, Ledger},
    masters::{INFALLIBLE, NamedText},
    random::{self, Purpose, Stream},
    stock,
};

/// Months of history a first target needs.
const TARGET_HISTORY: usize = 3;

/// What a company asks for above its history.
const TARGET_GROWTH: f64 = 1.08;

/// Visits and calls a month to an account.
const ACTIVITIES_A_MONTH: f64 = 1.2;

/// Offers a month to an account.
const OFFERS_A_MONTH: f64 = 0.06;

/// Answers a month of an account.
const FEEDBACK_A_MONTH: f64 = 0.12;

/// Complaints a month of an account.
const COMPLAINTS_A_MONTH: f64 = 0.03;

/// The files about the work.
pub(crate) fn files(company: &Company, ledger: &Ledger) -> Vec<NamedText> {
    let accounts: Vec<[String; 3]> = (company.accounts.par_iter().zip(&ledger.accounts).enumerate())
        .map(|(place, (account, sum))| {
            let mut stream = random::stream(company.seed, Purpose::Work, place);
            let offers = offers(company, account, sum, &mut stream);
            let activities = activities(company, account, sum, &mut stream);
            [offers, activities, feedback(company, account, &mut stream)]
        })
        .collect();
    let joined = |place: usize, header: &str| {
        let mut text = format!("{header}\n");
        accounts.iter().for_each(|texts| text.push_str(&texts[place]));
        text
    };
    vec![
        ("target.csv", targets(company, ledger)),
        ("ketersediaan.csv", stock::file(company, ledger)),
        (
            "penawaran.csv",
            joined(
                0,
                "no_penawaran,kode_pelanggan,kode_sales,tanggal_kirim,tanggal_tindak_lanjut,tanggal_putus,hasil,nilai",
            ),
        ),
        ("aktivitas.csv", joined(1, "tanggal,kode_pelanggan,kode_sales,jenis,hasil,jam_respons")),
        ("umpan_balik.csv", joined(2, "tanggal,kode_pelanggan,kode_sales,jenis,skor,topik,status,tanggal_selesai")),
    ]
}

/// A month's target of a manager: the average month of the past year of the accounts he or she has now, in the
/// month's season, with growth and some haggling.
fn targets(company: &Company, ledger: &Ledger) -> String {
    let mut stream = random::stream(company.seed, Purpose::Targets, 0);
    let mut text = String::from("kode_sales,bulan,target\n");
    let calendar = &company.calendar;
    let season: Vec<f64> =
        calendar.months.iter().map(|span| calendar.trade[span.start..span.end].iter().sum()).collect();
    for month in TARGET_HISTORY..calendar.months.len() {
        let history = month.saturating_sub(12)..month;
        let traded: f64 = season[history.clone()].iter().sum();
        let mut sold = vec![0; company.managers.len()];
        for (account, sum) in company.accounts.iter().zip(&ledger.accounts) {
            sold[account.owner(month)] += sum.month_net[history.clone()].iter().sum::<i64>();
        }
        for (manager, sold) in company.managers.iter().zip(sold) {
            let haggled = TARGET_GROWTH * random::lognormal(&mut stream, 0.06);
            let target = (sold.max(0) as f64 / traded * season[month] * haggled / 100_000.0).round() as i64 * 100_000;
            if target > 0 {
                writeln!(text, "{},{},{target}", manager.code, company.month(month)).expect(INFALLIBLE);
            }
        }
    }
    text
}

/// Calls `then` for each month in which the account is there, with the month's place and its first and last day.
pub(crate) fn each_month(company: &Company, account: &Account, mut then: impl FnMut(usize, usize, usize)) {
    for (month, span) in company.calendar.months.iter().enumerate() {
        if account.is_alive(span.start, span.end) {
            let first = account.joined.unwrap_or(0).max(span.start);
            let last = account.lost.unwrap_or(usize::MAX).min(span.end - 1);
            then(month, first, last);
        }
    }
}

/// A trading day between two days, both included.
fn some_day(company: &Company, stream: &mut Stream, first: usize, last: usize) -> Option<usize> {
    let day = first + random::place(stream, last - first + 1);
    company.calendar.trading_day(day).filter(|day| *day <= last)
}

/// Offers: sent, followed up, decided. A won one is decided on the day of an order.
fn offers(company: &Company, account: &Account, sum: &AccountSum, stream: &mut Stream) -> String {
    let mut text = String::new();
    let mut number = 0;
    each_month(company, account, |month, first, last| {
        if !random::chance(stream, OFFERS_A_MONTH) {
            return;
        }
        let Some(sent) = some_day(company, stream, first, last) else { return };
        let manager = &company.managers[account.owner(month)];
        number += 1;
        let in_time = random::chance(stream, follow_up_in_time(manager));
        let delay = if in_time { 1 + random::place(stream, 5) } else { 8 + random::place(stream, 20) };
        let wins = random::chance(stream, (if in_time { 0.42 } else { 0.28 }) * manager.skill);
        let cycle = delay + 1 + (14.0 * random::lognormal(stream, 0.7)) as usize;
        let value = (2.5e6 * account.size.powf(0.6) * random::lognormal(stream, 0.5) / 1_000.0).round() * 1_000.0;
        let next_order = sum.order_days.partition_point(|day| (*day as usize) < sent + cycle);
        let decided = match wins {
            true => sum.order_days.get(next_order).map(|day| *day as usize),
            false => company.calendar.trading_day(sent + cycle),
        };
        // Who is gone decides nothing, and what lies after the data is still open.
        let decided = decided.filter(|day| account.lost.is_none_or(|lost| *day <= lost));
        let outcome = match (decided, wins) {
            (None, _) => "terbuka",
            (Some(_), true) => "menang",
            (Some(_), false) => "kalah",
        };
        let day_text = |day: Option<usize>| day.map_or("", |day| company.calendar.text[day].as_str());
        let followed = company.calendar.trading_day(sent + delay);
        writeln!(
            text,
            "PNW-{}-{number:03},{},{},{},{},{},{outcome},{value:.0}",
            &account.code[4..],
            account.code,
            manager.code,
            day_text(Some(sent)),
            day_text(followed),
            day_text(decided)
        )
        .expect(INFALLIBLE);
    });
    text
}

/// Visits and calls; those that ended in an order fall on the day of one.
fn activities(company: &Company, account: &Account, sum: &AccountSum, stream: &mut Stream) -> String {
    let mut text = String::new();
    each_month(company, account, |month, first, last| {
        let manager = &company.managers[account.owner(month)];
        let from = sum.order_days.partition_point(|day| (*day as usize) < first);
        let to = sum.order_days.partition_point(|day| (*day as usize) <= last);
        let order_days = &sum.order_days[from..to];
        for _ in 0..random::poisson(stream, (-contacts_a_month(manager)).exp()) {
            let (kind, answers) = match random::place(stream, 10) {
                0..6 => ("kunjungan", false),
                6..9 => ("telepon", false),
                _ => ("keluhan", true),
            };
            let ordered = !answers && !order_days.is_empty() && random::chance(stream, 0.55);
            let (day, outcome) = if ordered {
                (Some(*random::pick(stream, order_days) as usize), "pesan")
            } else {
                let outcomes: &[&str] =
                    if answers { &["selesai", "tindak lanjut"] } else { &["tidak pesan", "tindak lanjut", "tutup"] };
                let outcome = *random::pick(stream, outcomes);
                (some_day(company, stream, first, last), outcome)
            };
            let hours = manager.response_hours * (0.7 * random::normal(stream)).exp();
            let Some(day) = day else { continue };
            let date = &company.calendar.text[day];
            write!(text, "{date},{},{},{kind},{outcome},", account.code, manager.code).expect(INFALLIBLE);
            let shown = if answers { format!("{hours:.1}") } else { String::new() };
            writeln!(text, "{shown}").expect(INFALLIBLE);
        }
    });
    text
}

/// The share of offers that a manager follows up in time, and the days that count as in time: later ones take at least eight.
pub(crate) fn follow_up_in_time(manager: &Manager) -> f64 {
    random::plain((0.6 * manager.diligence).min(0.95))
}

/// Visits and calls a month to an account of a manager.
pub(crate) fn contacts_a_month(manager: &Manager) -> f64 {
    random::plain(ACTIVITIES_A_MONTH * manager.diligence)
}

/// The median of days that a manager takes to resolve a complaint.
pub(crate) fn resolve_days(manager: &Manager) -> f64 {
    random::plain(4.0 * (manager.response_hours / 6.0).sqrt())
}

/// Answers to "would you recommend us", 0 to 10, worse for slow answers and before an account is lost; then complaints, which take
/// longer with those who answer slowly.
fn feedback(company: &Company, account: &Account, stream: &mut Stream) -> String {
    const TOPICS: [&str; 5] = ["layanan", "harga", "pengiriman", "stok", "produk"];
    let own_level = 8.3 + 0.8 * random::normal(stream);
    let mut text = String::new();
    each_month(company, account, |month, first, last| {
        if !random::chance(stream, FEEDBACK_A_MONTH) {
            return;
        }
        let Some(day) = some_day(company, stream, first, last) else { return };
        let manager = &company.managers[account.owner(month)];
        let slowness = (manager.response_hours / 6.0).ln();
        let leaves_soon = account.lost.is_some_and(|lost| lost <= day + FADE_DAYS + 30);
        let mood = own_level - 0.8 * slowness - if leaves_soon { 2.0 } else { 0.0 } + 1.2 * random::normal(stream);
        let score = mood.round().clamp(0.0, 10.0);
        let topic = random::pick(stream, &TOPICS);
        let date = &company.calendar.text[day];
        writeln!(text, "{date},{},{},nps,{score:.0},{topic},,", account.code, manager.code).expect(INFALLIBLE);
    });
    // Drawn after all answers, so that these do not depend on how complaints are drawn.
    each_month(company, account, |month, first, last| {
        if !random::chance(stream, COMPLAINTS_A_MONTH) {
            return;
        }
        let Some(day) = some_day(company, stream, first, last) else { return };
        let manager = &company.managers[account.owner(month)];
        let days = resolve_days(manager) * (0.5 * random::normal(stream)).exp();
        let resolved = company.calendar.text.get(day + days.ceil() as usize);
        let (state, resolved) = resolved.map_or(("terbuka", ""), |day| ("selesai", day.as_str()));
        let (date, topic) = (&company.calendar.text[day], random::pick(stream, &TOPICS));
        writeln!(text, "{date},{},{},keluhan,,{topic},{state},{resolved}", account.code, manager.code)
            .expect(INFALLIBLE);
    });
    text
}
