//! The accounts: who they are, when they come and go, who has them, and what happens to them.

use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::{
    calendar::Calendar,
    company::{Action, Manager, Product},
    random::{self, Purpose, Stream},
    words::{SEGMENTS, SHOP_FIRST, SHOP_SECOND},
};

/// The probability that an account is lost within a year.
pub(crate) const LOST_PER_YEAR: f64 = 0.15;

/// New accounts a year, relative to those at the beginning.
const NEW_PER_YEAR: f64 = 0.2;

/// The spread of the logarithm of an account's month.
pub(crate) const MONTH_SIGMA: f64 = 0.5;

/// How far one month's luck reaches into the next.
const MONTH_MEMORY: f64 = 0.4;

/// The days before the loss in which a fading account orders less.
pub(crate) const FADE_DAYS: usize = 90;

/// The tail of the account sizes (Pareto's exponent).
const SIZE_TAIL: f64 = 1.2;

/// No account is larger than this many of the smallest.
const LARGEST: f64 = 400.0;

/// The probability that an account changes hands in a month, apart from territory changes.
const HAND_OVER_RATE: f64 = 0.005;

/// The share of accounts whose discount creeps up.
const EROSION_SHARE: f64 = 0.05;

/// The points of discount at which the creep stops.
pub(crate) const EROSION_MOST: f64 = 18.0;

/// The multiplier of the improvement action.
const ACTION_EFFECT: f64 = 1.12;

/// An account and its fate. Days and months are places in the calendar.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) segment: usize,
    pub(crate) branch: usize,
    pub(crate) size: f64,
    pub(crate) gap_shape: f64,
    pub(crate) trend: f64,
    /// The usual discount in points.
    pub(crate) discount: f64,
    pub(crate) joined: Option<usize>,
    pub(crate) lost: Option<usize>,
    pub(crate) fades: bool,
    /// The month in which its discount begins to creep up, and the points a month.
    pub(crate) erosion: Option<(usize, f64)>,
    /// From which month on who has it; the first entry is where it begins.
    pub(crate) owners: Vec<(usize, usize)>,
    /// The month in which the improvement action begins for it, and the multiplier.
    pub(crate) treated: Option<(usize, f64)>,
    /// The products it buys, the favourites first.
    pub(crate) assortment: Vec<u16>,
    /// Each month's luck: standard normal, with memory.
    pub(crate) luck: Vec<f32>,
}

impl Account {
    /// It can order in a window of days.
    pub(crate) fn is_alive(&self, start: usize, end: usize) -> bool {
        self.joined.is_none_or(|day| day < end) && self.lost.is_none_or(|day| day >= start)
    }

    /// The manager who has it in a month.
    pub(crate) fn owner(&self, month: usize) -> usize {
        let later = self.owners.partition_point(|(from, _)| *from <= month);
        self.owners[later.saturating_sub(1)].1
    }
}

/// Wins `count` accounts: some were there before, the others come one after the other.
pub(crate) fn win(
    seed: u64,
    count: usize,
    calendar: &Calendar,
    branch_count: usize,
    products: &[Product],
) -> Vec<Account> {
    let years = calendar.days() as f64 / 365.25;
    let at_start = (count as f64 / (1.0 + NEW_PER_YEAR * years)).ceil() as usize;
    let mut stream = random::stream(seed, Purpose::Accounts, count);
    let mut arrivals: Vec<usize> = (at_start..count).map(|_| random::place(&mut stream, calendar.days())).collect();
    arrivals.sort_unstable();
    (0..count)
        .into_par_iter()
        .map(|place| {
            let joined = place.checked_sub(at_start).and_then(|later| calendar.trading_day(arrivals[later]));
            let mut stream = random::stream(seed, Purpose::Accounts, place);
            let luck = luck(seed, place, calendar.months.len());
            new_account(&mut stream, place, joined, luck, calendar, branch_count, products)
        })
        .collect()
}

fn new_account(
    stream: &mut Stream,
    place: usize,
    joined: Option<usize>,
    luck: Vec<f32>,
    calendar: &Calendar,
    branch_count: usize,
    products: &[Product],
) -> Account {
    let shares: Vec<f64> = SEGMENTS.iter().map(|segment| segment.share).collect();
    let segment_place = random::weighted(stream, &shares);
    let segment = &SEGMENTS[segment_place];
    let kind = random::pick(stream, segment.kinds);
    let (first, second) = (random::pick(stream, &SHOP_FIRST), random::pick(stream, &SHOP_SECOND));
    // Inverse of the Pareto distribution's survival function.
    let size = ((1.0 - random::unit(stream)).powf(-1.0 / SIZE_TAIL) * segment.size).clamp(1.0, LARGEST);
    let lifetime_years = -(1.0 - random::unit(stream)).ln() / -(1.0 - LOST_PER_YEAR).ln();
    let lost = joined.unwrap_or(0).saturating_add((lifetime_years * 365.25) as usize);
    Account {
        code: format!("PLG-{:06}", place + 1),
        name: format!("{kind} {first} {second}"),
        segment: segment_place,
        branch: random::place(stream, branch_count),
        size: random::plain(size),
        gap_shape: random::plain(random::between(stream, 0.8, 3.0)),
        trend: random::plain(0.02 + 0.1 * random::normal(stream)),
        discount: (segment.discount + 1.5 * random::normal(stream)).max(0.0),
        joined,
        lost: (lost < calendar.days()).then_some(lost),
        fades: random::chance(stream, 0.5),
        erosion: None,
        owners: Vec::new(),
        treated: None,
        assortment: assortment(stream, size, &segment.taste, products),
        luck,
    }
}

/// Products drawn by popularity and taste without repeats, so that the favourites tend to come first
/// (Efraimidis & Spirakis 2006, "Weighted random sampling with a reservoir": the smallest exponential clocks).
fn assortment(stream: &mut Stream, size: f64, taste: &[f64; 8], products: &[Product]) -> Vec<u16> {
    let wanted = ((10.0 * size.powf(0.3)) as usize).clamp(8, 90).min(products.len());
    let mut clocks: Vec<(f64, u16)> = products
        .iter()
        .enumerate()
        .map(|(place, product)| {
            let weight = product.popularity * taste[product.category];
            (-(1.0 - random::unit(stream)).ln() / weight, place as u16)
        })
        .collect();
    if wanted < clocks.len() {
        clocks.select_nth_unstable_by(wanted, |left, right| left.0.total_cmp(&right.0));
        clocks.truncate(wanted);
    }
    clocks.sort_by(|left, right| left.0.total_cmp(&right.0));
    clocks.into_iter().map(|(_, product)| product).collect()
}

/// Each month's luck of one account, a stationary autoregression of order 1.
fn luck(seed: u64, place: usize, months: usize) -> Vec<f32> {
    let mut stream = random::stream(seed, Purpose::Noise, place);
    let fresh = (1.0 - MONTH_MEMORY * MONTH_MEMORY).sqrt();
    let mut now = random::normal(&mut stream);
    (0..months)
        .map(|_| {
            let was = now;
            now = MONTH_MEMORY * was + fresh * random::normal(&mut stream);
            was as f32
        })
        .collect()
}

/// Gives every account a manager of its branch, and later sometimes another one.
pub(crate) fn assign(seed: u64, accounts: &mut [Account], managers: &[Manager], calendar: &Calendar) {
    let mut stream = random::stream(seed, Purpose::Plan, 2);
    let branch_count = managers.iter().map(|manager| manager.branch + 1).max().unwrap_or(1);
    let staff: Vec<Vec<usize>> = (0..branch_count)
        .map(|branch| (0..managers.len()).filter(|place| managers[*place].branch == branch).collect())
        .collect();
    // Portfolios differ in kind: every manager leans towards some segments.
    let leaning: Vec<Vec<f64>> =
        managers.iter().map(|_| SEGMENTS.iter().map(|_| random::lognormal(&mut stream, 0.6)).collect()).collect();
    for account in accounts.iter_mut() {
        let team = &staff[account.branch];
        let weights: Vec<f64> = team.iter().map(|manager| leaning[*manager][account.segment]).collect();
        let owner = team[random::weighted(&mut stream, &weights)];
        account.owners.push((account.joined.map_or(0, |day| calendar.month_of(day)), owner));
    }
    for month in 1..calendar.months.len() {
        let span = &calendar.months[month];
        // A territory is redrawn: about one in eight managers gives half the accounts to a colleague, once.
        let redrawn: Vec<bool> =
            managers.iter().map(|_| random::chance(&mut stream, 1.0 / 8.0 / calendar.months.len() as f64)).collect();
        for account in accounts.iter_mut() {
            let began = account.owners[0].0;
            let owner = account.owner(month);
            let team = &staff[account.branch];
            if began >= month || !account.is_alive(span.start, span.end) || team.len() < 2 {
                continue;
            }
            let rate = if redrawn[owner] { 0.5 } else { HAND_OVER_RATE };
            if random::chance(&mut stream, rate) {
                let next = team[random::place(&mut stream, team.len())];
                if next != owner {
                    account.owners.push((month, next));
                }
            }
        }
    }
}

/// Lets the discount of some accounts creep up.
pub(crate) fn erode(seed: u64, accounts: &mut [Account], calendar: &Calendar) {
    let mut stream = random::stream(seed, Purpose::Plan, 3);
    let months = calendar.months.len();
    for account in accounts {
        let erodes = random::chance(&mut stream, EROSION_SHARE);
        let since = months / 4 + random::place(&mut stream, months / 2 + 1);
        let points = random::plain(random::between(&mut stream, 0.4, 1.2));
        let alive = since < months && account.is_alive(calendar.months[since].start, calendar.months[since].start + 1);
        if erodes && alive {
            account.erosion = Some((since, points));
        }
    }
}

/// Chooses the accounts of the improvement action among those that had the least luck lately.
pub(crate) fn treat(seed: u64, accounts: &mut [Account], calendar: &Calendar) -> Option<Action> {
    let start = calendar.months.len().checked_sub(9).filter(|start| *start >= 9)?;
    let mut stream = random::stream(seed, Purpose::Plan, 4);
    let begin = calendar.months[start].start;
    let six_months_before = calendar.months[start - 6].start;
    let recent = |account: &Account| account.luck[start - 3..start].iter().sum::<f32>();
    let mut eligible: Vec<usize> = (0..accounts.len())
        .filter(|place| {
            let account = &accounts[*place];
            account.is_alive(begin, begin + 1) && account.joined.is_none_or(|day| day < six_months_before)
        })
        .collect();
    eligible.sort_by(|left, right| recent(&accounts[*left]).total_cmp(&recent(&accounts[*right])));
    eligible.truncate((eligible.len() / 4).max(2));
    eligible.shuffle(&mut stream);
    let mut waiting = eligible.split_off(eligible.len().div_ceil(2));
    let mut treated = eligible;
    treated.sort_unstable();
    waiting.sort_unstable();
    for place in &treated {
        accounts[*place].treated = Some((start, ACTION_EFFECT));
    }
    Some(Action { start, effect: ACTION_EFFECT, treated, waiting })
}
