//! Trade: which orders and returns an account makes in a month.

use rand::Rng;
use rand_distr::{Distribution, Gamma};
use rayon::prelude::*;

use crate::{
    account::{Account, EROSION_MOST, FADE_DAYS, MONTH_SIGMA},
    company::Company,
    random::{self, Purpose, Stream},
    words::SEGMENTS,
};

/// The multiplier of the order rate of a fading account in its last 90 days.
pub const FADE: f64 = 0.55;

/// Lines of an order beyond the first, on average.
const FURTHER_LINES: f64 = 2.0;

/// The probability that one line of an order comes back, for returns of about 2 % of all lines.
const RETURN_RATE: f64 = 0.056;

/// The elasticity of the order rate, and of the quantity, to an account's size.
const SIZE_TO_RATE: f64 = 0.35;
const SIZE_TO_QUANTITY: f64 = 0.55;

/// The probability and the points of a promotion on a line.
const PROMOTION_RATE: f64 = 0.08;
const PROMOTION_POINTS: f64 = 5.0;

/// Accounts simulated by one thread at a time.
const ACCOUNTS_AT_ONCE: usize = 64;

/// One line of an invoice; the amounts of a return are below 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) product: u16,
    /// In points.
    pub(crate) discount: u8,
    pub(crate) quantity: i32,
    /// Of a unit, in rupiah, a multiple of 100.
    pub(crate) price: u32,
    /// Of a unit, in rupiah.
    pub(crate) cost: u32,
}

impl Line {
    /// In rupiah, exact: the price is a multiple of 100 and the discount whole points.
    pub(crate) fn net(self) -> i64 {
        i64::from(self.quantity) * i64::from(self.price / 100) * (100 - i64::from(self.discount))
    }

    /// In rupiah.
    pub(crate) fn total_cost(self) -> i64 {
        i64::from(self.quantity) * i64::from(self.cost)
    }
}

/// One invoice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invoice {
    pub(crate) day: u32,
    /// Its place among the invoices of the day is left to chance.
    pub(crate) shuffle: u32,
    pub(crate) account: u32,
    pub(crate) manager: u32,
    pub(crate) is_return: bool,
    /// Where its lines begin in the batch.
    pub(crate) first: u32,
    /// How many they are.
    pub(crate) count: u32,
}

/// What some accounts did in a month.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) lines: Vec<Line>,
    /// Stock-out and the quantity it kept from being sold.
    pub(crate) unsold: Vec<(usize, i64)>,
}

/// What an account carries from one month into the next.
#[derive(Debug)]
struct Flow {
    stream: Stream,
    /// Operational time (expected orders) until the next order.
    left: f64,
    /// Lines on their way back, and when they arrive.
    returning: Vec<(usize, Line)>,
}

/// The running trade of a company, month by month.
#[derive(Debug)]
pub(crate) struct Trade<'a> {
    company: &'a Company,
    flows: Vec<Flow>,
    /// Orders per trading day of an account of size 1.
    base_rate: f64,
}

impl<'a> Trade<'a> {
    /// Trade from its first day on.
    pub(crate) fn new(company: &'a Company, base_rate: f64) -> Self {
        let begin = |(place, account): (usize, &Account)| {
            let mut stream = random::stream(company.seed, Purpose::Orders, place);
            // A new account is new because it orders; an old one is somewhere between two orders.
            let left = if account.joined.is_some() { 0.0 } else { random::unit(&mut stream) };
            Flow { stream, left, returning: Vec::new() }
        };
        Self { company, flows: company.accounts.iter().enumerate().map(begin).collect(), base_rate }
    }

    /// What happens in a month. Call it for every month in order.
    pub(crate) fn month(&mut self, month: usize) -> Vec<Batch> {
        let (company, base_rate) = (self.company, self.base_rate);
        let shelves = Shelves::new(company, month);
        self.flows
            .par_chunks_mut(ACCOUNTS_AT_ONCE)
            .enumerate()
            .map(|(chunk, flows)| {
                let mut batch = Batch::default();
                for (offset, flow) in flows.iter_mut().enumerate() {
                    account_month(
                        company,
                        &shelves,
                        base_rate,
                        chunk * ACCOUNTS_AT_ONCE + offset,
                        month,
                        flow,
                        &mut batch,
                    );
                }
                batch
            })
            .collect()
    }
}

/// The base rate at which the company makes about `lines` lines, before any trial.
pub(crate) fn first_guess(company: &Company, lines: u64) -> f64 {
    let calendar = &company.calendar;
    let mut traded = vec![0.0];
    for day in &calendar.trade {
        traded.push(traded[traded.len() - 1] + day);
    }
    let relative: f64 = company
        .accounts
        .iter()
        .map(|account| {
            let end = account.lost.map_or(calendar.days(), |day| day + 1);
            relative_rate(account) * (traded[end] - traded[account.joined.unwrap_or(0).min(end)])
        })
        .sum();
    lines as f64 / (1.0 + FURTHER_LINES + RETURN_RATE) / relative.max(f64::MIN_POSITIVE)
}

fn relative_rate(account: &Account) -> f64 {
    account.size.powf(SIZE_TO_RATE) * SEGMENTS[account.segment].rate
}

/// Expected orders on an average trading day of the month, the luck of the month included.
fn daily_rate(company: &Company, account: &Account, month: usize) -> f64 {
    let mut rate = relative_rate(account) * company.managers[account.owner(month)].skill;
    rate *= (account.trend * month as f64 / 12.0).exp();
    rate *= (MONTH_SIGMA / 2.0 * f64::from(account.luck[month])).exp();
    if let Some((since, multiplier)) = company.branches[account.branch].level_break {
        rate *= if month >= since { multiplier } else { 1.0 };
    }
    if let Some((start, effect)) = account.treated {
        rate *= if month >= start { effect } else { 1.0 };
    }
    rate
}

/// The usual discount of an account in a month, in points.
fn usual_discount(account: &Account, month: usize) -> f64 {
    let crept = account.erosion.map_or(0.0, |(since, points)| {
        let passed = (month + 1).saturating_sub(since) as f64;
        (passed * points).min(EROSION_MOST)
    });
    account.discount + crept
}

fn account_month(
    company: &Company,
    shelves: &Shelves,
    base_rate: f64,
    place: usize,
    month: usize,
    flow: &mut Flow,
    batch: &mut Batch,
) {
    let calendar = &company.calendar;
    let account = &company.accounts[place];
    let span = &calendar.months[month];
    if !account.is_alive(span.start, span.end) {
        return;
    }
    let manager = account.owner(month) as u32;
    let rate = base_rate * daily_rate(company, account, month);
    // Half of the month's luck shows in the rate, half in the quantities; together their mean is 1.
    let luck = f64::from(account.luck[month]);
    let quantity_level =
        account.size.powf(SIZE_TO_QUANTITY) * (MONTH_SIGMA / 2.0 * luck - MONTH_SIGMA * MONTH_SIGMA / 2.0).exp();
    let discount = usual_discount(account, month);
    let gap = Gamma::new(account.gap_shape, 1.0 / account.gap_shape).expect("shape and scale are above 0");
    let further = (-FURTHER_LINES).exp();
    let begin = account.joined.unwrap_or(0).max(span.start);
    let end = account.lost.map_or(span.end, |day| (day + 1).min(span.end));
    let fades_from =
        account.lost.filter(|_| account.fades).map_or(usize::MAX, |day| (day + 1).saturating_sub(FADE_DAYS));
    let invoice = |flow: &mut Flow, day: usize, is_return, first: usize, batch: &mut Batch| {
        batch.invoices.push(Invoice {
            day: day as u32,
            shuffle: flow.stream.next_u32(),
            account: place as u32,
            manager,
            is_return,
            first: first as u32,
            count: (batch.lines.len() - first) as u32,
        });
    };
    for day in begin..end {
        let trade = calendar.trade[day];
        if trade <= 0.0 {
            continue;
        }
        flow.left -= rate * trade * if day >= fades_from { FADE } else { 1.0 };
        while flow.left <= 0.0 {
            flow.left += gap.sample(&mut flow.stream).max(1e-6);
            let first = batch.lines.len();
            let wanted = 1 + random::poisson(&mut flow.stream, further);
            order(company, shelves, account, wanted, day, month, quantity_level, discount, flow, batch);
            if batch.lines.len() == first {
                continue;
            }
            invoice(flow, day, false, first, batch);
            if random::chance(&mut flow.stream, RETURN_RATE) {
                send_back(company, account, first, day, flow, batch);
            }
        }
    }
    let mut waiting = std::mem::take(&mut flow.returning);
    waiting.retain(|(day, line)| {
        if *day >= span.end {
            return true;
        }
        let first = batch.lines.len();
        batch.lines.push(*line);
        invoice(flow, *day, true, first, batch);
        false
    });
    flow.returning = waiting;
}

/// Adds the lines of one order; what is out of stock is noted as unsold instead.
#[expect(clippy::too_many_arguments, reason = "the innermost loop: what is constant over a month is computed once")]
fn order(
    company: &Company,
    shelves: &Shelves,
    account: &Account,
    wanted: usize,
    day: usize,
    month: usize,
    quantity_level: f64,
    discount: f64,
    flow: &mut Flow,
    batch: &mut Batch,
) {
    let stream = &mut flow.stream;
    let first = batch.lines.len();
    let year = (company.month(month).year() - company.month(0).year()) as usize;
    for _ in 0..wanted {
        let chosen = random::unit(stream);
        // Favourites come first in the assortment and are chosen more often.
        let position = (account.assortment.len() as f64 * chosen * chosen.sqrt()) as usize;
        let product = account.assortment[position];
        let level = company.products[usize::from(product)].quantity * quantity_level;
        let level = (level * random::lognormal(stream, 0.35)).min(100_000.0);
        let quantity = random::round_by_chance(stream, level).max(1);
        let promotion = if random::chance(stream, PROMOTION_RATE) { PROMOTION_POINTS } else { 0.0 };
        let points = random::round_by_chance(stream, discount + promotion).clamp(0, 40);
        if batch.lines[first..].iter().any(|line| line.product == product) {
            continue;
        }
        if let Some(stock_out) = shelves.missing(account.branch, product, day) {
            batch.unsold.push((stock_out, quantity));
            continue;
        }
        let (price, cost) = company.products[usize::from(product)].prices[year];
        batch.lines.push(Line { product, discount: points as u8, quantity: quantity as i32, price, cost });
    }
}

/// Some of one line of the order that begins at `first` comes back in 2 to 20 days, if the account is still there.
fn send_back(company: &Company, account: &Account, first: usize, day: usize, flow: &mut Flow, batch: &Batch) {
    let mut line = batch.lines[first + random::place(&mut flow.stream, batch.lines.len() - first)];
    let share = random::between(&mut flow.stream, 0.1, 1.0);
    let delay = 2 + random::place(&mut flow.stream, 19);
    line.quantity = -((f64::from(line.quantity) * share).ceil() as i32).max(1);
    let arrives = company.calendar.trading_day(day + delay);
    let in_time = arrives.filter(|arrival| account.lost.is_none_or(|lost| *arrival <= lost));
    if let Some(arrival) = in_time {
        flow.returning.push((arrival, line));
    }
}

/// What is out of stock in one month.
#[derive(Debug)]
struct Shelves {
    product_count: usize,
    /// By branch and product: place of the stock-out, its first and last day.
    missing: Vec<Option<(usize, usize, usize)>>,
}

impl Shelves {
    fn new(company: &Company, month: usize) -> Self {
        let product_count = company.products.len();
        let mut missing = vec![None; product_count * company.branches.len()];
        let span = &company.calendar.months[month];
        let from = company.stock_outs.partition_point(|stock_out| stock_out.from < span.start);
        let stock_outs = company.stock_outs.iter().enumerate().skip(from);
        for (place, stock_out) in stock_outs.take_while(|(_, stock_out)| stock_out.from < span.end) {
            missing[stock_out.branch * product_count + stock_out.product] = Some((place, stock_out.from, stock_out.to));
        }
        Self { product_count, missing }
    }

    /// The stock-out that keeps a product from being sold on a day.
    fn missing(&self, branch: usize, product: u16, day: usize) -> Option<usize> {
        let found = self.missing[branch * self.product_count + usize::from(product)];
        found.filter(|(_, from, to)| (*from..=*to).contains(&day)).map(|(place, _, _)| place)
    }
}
