//! Accounts that changed hands, each against accounts that did not.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_stats::fair::HandOver;

use super::histories::{Credited, Histories};
use crate::metrics::NONE;

/// What drifts in an account however long one looks, against the variance of one month.
const DRIFT: f64 = 1.0 / 6.0;

/// Months looked at before and after a hand-over: the longest of these that fits.
const SPANS: [usize; 3] = [12, 6, 3];

/// Accounts that stayed with their manager meanwhile, at least.
const LEAST_STAYED: usize = 10;

/// The months compared: before from … to (excluded), after from … to (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Months {
    before: (usize, usize),
    after: (usize, usize),
}

/// A hand-over before it is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moved {
    account: usize,
    from: u32,
    to: u32,
    months: Months,
    place: usize,
}

/// What accounts that stayed did meanwhile.
#[derive(Debug, Clone, Copy)]
struct Stayed {
    period: usize,
    /// Their mean change.
    usual: f64,
    /// How many they are.
    stayed: usize,
}

/// All hand-overs between two managers with at least 3 months on each side, against the accounts of the same place that
/// stayed with their manager over the same months. Accounts that bought nothing before or after say nothing.
pub(super) fn hand_overs(histories: &Histories, place_of: &[usize]) -> Vec<HandOver> {
    let run_ends = run_ends(histories);
    let moved = moved(histories, &run_ends, place_of);
    let mut wanted: Vec<(usize, Months)> = moved.iter().map(|one| (one.place, one.months)).collect();
    wanted.sort_unstable_by_key(|(place, months)| (*place, months.before, months.after));
    wanted.dedup();
    let places = place_of.iter().max().map_or(0, |most| most + 1);
    let mut accounts_of: Vec<Vec<usize>> = vec![Vec::new(); places];
    place_of.iter().enumerate().for_each(|(account, place)| accounts_of[*place].push(account));
    let all: Vec<usize> = (0..histories.accounts).collect();
    let stayed: FxHashMap<(usize, Months), Stayed> = wanted
        .into_par_iter()
        .enumerate()
        .filter_map(|(period, (place, months))| {
            // A place with few others is held against the whole company.
            let of_place = usual(histories, &run_ends, &accounts_of[place], months);
            let (usual, stayed) = of_place.or_else(|| usual(histories, &run_ends, &all, months))?;
            Some(((place, months), Stayed { period, usual, stayed }))
        })
        .collect();
    let hand_over = |one: &Moved| {
        let Stayed { period, usual, stayed } = *stayed.get(&(one.place, one.months))?;
        let months = |(from, to): (usize, usize)| (to - from) as f64;
        Some(HandOver {
            from: one.from as usize,
            to: one.to as usize,
            change: change(histories, one.account, one.months)? - usual,
            weight: 1.0 / (1.0 / months(one.months.before) + 1.0 / months(one.months.after) + DRIFT),
            period,
            stayed,
        })
    };
    moved.iter().filter_map(hand_over).collect()
}

/// By account and month: the month in which the holder's run ends (excluded).
fn run_ends(histories: &Histories) -> Vec<u16> {
    let months = histories.months;
    let mut ends = vec![0; histories.accounts * months];
    for account in 0..histories.accounts {
        for month in (0..months).rev() {
            let goes_on =
                month + 1 < months && histories.holder(account, month) == histories.holder(account, month + 1);
            ends[account * months + month] =
                if goes_on { ends[account * months + month + 1] } else { (month + 1) as u16 };
        }
    }
    ends
}

fn moved(histories: &Histories, run_ends: &[u16], place_of: &[usize]) -> Vec<Moved> {
    let months = histories.months;
    let mut found = Vec::new();
    for account in 0..histories.accounts {
        let mut start = usize::from(histories.born[account]);
        while start < months {
            let border = usize::from(run_ends[account * months + start]);
            if border >= months {
                break;
            }
            let end = usize::from(run_ends[account * months + border]);
            let (from, to) = (histories.holder(account, border - 1), histories.holder(account, border));
            // The month of the first sale after and that of the last sale before are known to have a sale, and the months
            // between to have none: they would tell more of when the account bought than of how much.
            let sold = |row: &&Credited| row.manager == from && row.net > 0 && usize::from(row.month) < border;
            let before_end =
                histories.rows(account).iter().rev().find(sold).map_or(border, |row| usize::from(row.month));
            let after_start = border + 1;
            let span = |room: usize| SPANS.into_iter().find(|span| *span <= room);
            let spans = span(before_end.saturating_sub(start)).zip(span(end.saturating_sub(after_start)));
            if let Some((before, after)) = spans.filter(|_| from != NONE && to != NONE) {
                let months =
                    Months { before: (before_end - before, before_end), after: (after_start, after_start + after) };
                // What several managers did together tells nothing of one.
                let is_clean = !(months.before.0..months.after.1).any(|month| histories.shared(account, month));
                if is_clean {
                    found.push(Moved { account, from, to, months, place: place_of[account] });
                }
            }
            start = border;
        }
    }
    found
}

/// ln(net a month after / net a month before).
fn change(histories: &Histories, account: usize, months: Months) -> Option<f64> {
    let mean = |(from, to): (usize, usize)| histories.net(account, from, to) / (to - from) as f64;
    let (before, after) = (mean(months.before), mean(months.after));
    (before > 0.0 && after > 0.0).then(|| (after / before).ln())
}

/// The mean change of accounts that stayed with their manager, and how many they are; none with too few of them.
fn usual(histories: &Histories, run_ends: &[u16], accounts: &[usize], months: Months) -> Option<(f64, usize)> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for &account in accounts {
        let (start, end) = (months.before.0, months.after.1);
        let was_there = usize::from(histories.born[account]) <= start;
        if !was_there || usize::from(run_ends[account * histories.months + start]) < end {
            continue;
        }
        if let Some(change) = change(histories, account, months) {
            sum += change;
            count += 1;
        }
    }
    (count >= LEAST_STAYED).then(|| (sum / count as f64, count))
}
