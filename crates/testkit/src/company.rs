//! The company before it trades: branches, managers, goods, and what is going to happen.

use std::collections::BTreeSet;

use takar_model::Month;

use crate::{
    MIN_ACCOUNTS, Simulation,
    account::{self, Account},
    calendar::Calendar,
    random::{self, Purpose, Stream},
    words::{BRANCHES, BRANDS, CATEGORIES, GIVEN},
};

/// The spread of skill among managers.
const SKILL_SIGMA: f64 = 0.08;

/// The probability that a product runs out in a branch in a month.
const STOCK_OUT_RATE: f64 = 0.02;

/// The simulated company.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) seed: u64,
    pub(crate) calendar: Calendar,
    pub(crate) branches: Vec<Branch>,
    pub(crate) managers: Vec<Manager>,
    pub(crate) products: Vec<Product>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) stock_outs: Vec<StockOut>,
    pub(crate) action: Option<Action>,
}

/// A branch.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) name: &'static str,
    pub(crate) region: &'static str,
    /// A lasting step in its trade: month place and multiplier.
    pub(crate) level_break: Option<(usize, f64)>,
}

/// An account manager.
#[derive(Debug)]
pub(crate) struct Manager {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) supervisor: String,
    pub(crate) branch: usize,
    pub(crate) skill: f64,
    pub(crate) diligence: f64,
    pub(crate) response_hours: f64,
}

/// A product.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) category: usize,
    /// How often it is chosen, relative to the others.
    pub(crate) popularity: f64,
    /// The quantity that the smallest account usually takes.
    pub(crate) quantity: f64,
    /// List price (a whole multiple of 100) and unit cost in rupiah, by calendar year from the first.
    pub(crate) prices: Vec<(u32, u32)>,
}

/// A product that a branch did not have.
#[derive(Debug)]
pub(crate) struct StockOut {
    pub(crate) branch: usize,
    pub(crate) product: usize,
    /// The first day without it.
    pub(crate) from: usize,
    /// The last day without it.
    pub(crate) to: usize,
}

/// The improvement action.
#[derive(Debug)]
pub(crate) struct Action {
    /// The month place of its start.
    pub(crate) start: usize,
    /// The multiplier of the order rate.
    pub(crate) effect: f64,
    /// Treated accounts.
    pub(crate) treated: Vec<usize>,
    /// Eligible accounts that wait.
    pub(crate) waiting: Vec<usize>,
}

impl Company {
    /// Founds the company that can have about `simulation.lines` lines.
    pub(crate) fn found(simulation: &Simulation) -> Self {
        let seed = simulation.seed;
        let calendar = Calendar::new(seed, simulation.first_month, simulation.months);
        let account_count = account_count(simulation);
        let usual_managers = || ((account_count as f64).sqrt() * 0.75).round() as usize;
        let manager_count = simulation.managers.map_or_else(usual_managers, |asked| asked as usize);
        let branch_count = (manager_count / 4).clamp(2, BRANCHES.len());
        let product_count = (120.0 + (simulation.lines as f64).sqrt() * 0.28).min(1_000.0) as usize;
        let branches = open_branches(seed, branch_count, &calendar);
        let managers = hire(seed, manager_count, branch_count);
        let products = stock(seed, product_count, &calendar);
        let mut accounts = account::win(seed, account_count, &calendar, branch_count, &products);
        account::assign(seed, &mut accounts, &managers, &calendar);
        account::erode(seed, &mut accounts, &calendar);
        let action = account::treat(seed, &mut accounts, &calendar);
        let stock_outs = run_out(seed, branch_count, product_count, &calendar);
        Self { seed, calendar, branches, managers, products, accounts, stock_outs, action }
    }

    /// The month at a place.
    pub(crate) fn month(&self, place: usize) -> Month {
        self.calendar.months[place].month
    }
}

/// As asked for, else about 12.5 lines an account and month.
pub(crate) fn account_count(simulation: &Simulation) -> usize {
    let usual =
        || (simulation.lines as f64 / 12.5 / f64::from(simulation.months)).max(f64::from(MIN_ACCOUNTS)) as usize;
    simulation.accounts.map_or_else(usual, |asked| asked as usize)
}

fn open_branches(seed: u64, count: usize, calendar: &Calendar) -> Vec<Branch> {
    let mut stream = random::stream(seed, Purpose::Plan, 0);
    let months = calendar.months.len();
    let mut branches: Vec<Branch> =
        BRANCHES.iter().take(count).map(|(name, region)| Branch { name, region, level_break: None }).collect();
    if months >= 12 {
        for number in 0..count.div_ceil(5) {
            let branch = random::place(&mut stream, count);
            let month = months * 2 / 5 + random::place(&mut stream, (months / 5).max(1));
            let down = random::between(&mut stream, 0.78, 0.88);
            let multiplier = random::plain(if number % 2 == 0 { down } else { 2.0 - down });
            branches[branch].level_break = Some((month, multiplier));
        }
    }
    branches
}

fn hire(seed: u64, count: usize, branch_count: usize) -> Vec<Manager> {
    let mut stream = random::stream(seed, Purpose::Staff, 0);
    let mut taken = BTreeSet::new();
    let supervisors: Vec<Vec<String>> = (0..branch_count)
        .map(|_| (0..(count / branch_count).div_ceil(8)).map(|_| full_name(&mut stream, &mut taken)).collect())
        .collect();
    (0..count)
        .map(|place| {
            let branch = place % branch_count;
            Manager {
                code: format!("SLS-{:03}", place + 1),
                name: full_name(&mut stream, &mut taken),
                supervisor: random::pick(&mut stream, &supervisors[branch]).clone(),
                branch,
                skill: random::plain(random::lognormal(&mut stream, SKILL_SIGMA)),
                diligence: random::plain(random::lognormal(&mut stream, 0.2)),
                response_hours: random::plain(6.0 * random::lognormal(&mut stream, 0.4)),
            }
        })
        .collect()
}

/// Two given names that nobody in the company has together; with a number once they run out.
fn full_name(stream: &mut Stream, taken: &mut BTreeSet<String>) -> String {
    for attempt in 0.. {
        let (first, second) = (random::pick(stream, &GIVEN), random::pick(stream, &GIVEN));
        let name = if attempt < 50 { format!("{first} {second}") } else { format!("{first} {second} {attempt}") };
        if first != second && taken.insert(name.clone()) {
            return name;
        }
    }
    String::new()
}

fn stock(seed: u64, count: usize, calendar: &Calendar) -> Vec<Product> {
    let mut stream = random::stream(seed, Purpose::Products, 0);
    let years = calendar.months.last().map_or(1, |last| last.month.year() - calendar.months[0].month.year() + 1);
    (0..count)
        .map(|place| {
            let category_place = place % CATEGORIES.len();
            let category = &CATEGORIES[category_place];
            let name = format!(
                "{} {} {}",
                random::pick(&mut stream, category.goods),
                random::pick(&mut stream, &BRANDS),
                random::pick(&mut stream, category.packs)
            );
            let mut price = category.price * random::lognormal(&mut stream, 0.45);
            let margin = random::between(&mut stream, 0.12, 0.3);
            let mut cost = price * (1.0 - margin);
            let prices = (0..years)
                .map(|_| {
                    let listed = ((price / 100.0).round().max(10.0) * 100.0) as u32;
                    let bought = cost.round().max(1.0) as u32;
                    price *= 1.0 + random::between(&mut stream, 0.02, 0.07);
                    cost *= 1.0 + random::between(&mut stream, 0.02, 0.07);
                    (listed, bought)
                })
                .collect();
            // A few products carry the trade, as they do in a warehouse.
            let rank = random::between(&mut stream, 1.0, count as f64);
            Product {
                code: format!("BRG-{:04}", place + 1),
                name,
                category: category_place,
                popularity: (rank + 4.0).powf(-0.8),
                quantity: (150_000.0 / category.price * random::lognormal(&mut stream, 0.3)).max(1.0),
                prices,
            }
        })
        .collect()
}

fn run_out(seed: u64, branches: usize, products: usize, calendar: &Calendar) -> Vec<StockOut> {
    let mut stream = random::stream(seed, Purpose::Plan, 1);
    let mut found = Vec::new();
    for branch in 0..branches {
        for product in 0..products {
            // Two stock-outs of one product in one branch never overlap: one a month, inside the month.
            for span in &calendar.months {
                if random::chance(&mut stream, STOCK_OUT_RATE) {
                    let length = 3 + random::place(&mut stream, 12);
                    let from = span.start + random::place(&mut stream, span.end - span.start);
                    found.push(StockOut { branch, product, from, to: (from + length - 1).min(span.end - 1) });
                }
            }
        }
    }
    found.sort_by_key(|stock_out| (stock_out.from, stock_out.branch, stock_out.product));
    found
}
