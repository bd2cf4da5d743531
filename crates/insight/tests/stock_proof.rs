//! Stock of simulated companies whose demand is known, sold or not: do the levels that are told last as often as was asked?
//!
//! At each of several earlier days the stock is worked out from what was known by then, and held against what was wanted in the
//! days after it. `TAKAR_STOCK_SEEDS` says how many companies (2 unless given; `make prove` takes 20), `TAKAR_STOCK_LINES` of how many
//! lines each. What the long run came to is in docs/proof/stock.md.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    sync::Arc,
};

use takar_insight::{
    metrics::{CellSource, Cells, Grain, Labels, NO_ORDER, NONE, Names, OrderDays, SourceError, Target},
    stock::{Blocks, Class, Demand, Question, Shelf, Sold, StockSource, Told, stock},
};
use takar_model::{Day, Period};
use takar_stats::Level;
use takar_testkit::{Simulation, simulate};

/// Days that stock has to last: those of the usual question.
const DAYS: u16 = 21;
/// Earlier days on which stock is worked out, each a block before the next.
const ENDS: i32 = 12;

/// Product, branch, day, quantity and net of a line.
type Line = (u32, u32, i32, i64, i64);

/// A company as it was known on a day.
struct Company {
    lines: Vec<Line>,
    outs: Vec<(u32, u32, i32, i32, i64)>,
    names: Names,
    first: Day,
    until: Day,
}

fn rows(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(file)).expect("a file of the simulation");
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn day(text: &str) -> Day {
    text.parse::<Period>().expect("a day").from()
}

fn codes(texts: impl Iterator<Item = String>) -> (Labels, HashMap<String, u32>) {
    let mut ids: Vec<String> = texts.collect();
    ids.sort();
    ids.dedup();
    let codes = ids.iter().cloned().zip(0_u32..).collect();
    (Labels::from_ids(ids), codes)
}

fn company(folder: &Path) -> Company {
    let accounts = rows(folder, "pelanggan.csv");
    let (branch, branches) = codes(accounts.iter().map(|row| row[4].clone()));
    let (product, products) = codes(rows(folder, "barang.csv").into_iter().map(|row| row[0].clone()));
    let branch_of: HashMap<String, u32> = accounts.iter().map(|row| (row[0].clone(), branches[&row[4]])).collect();
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let lines: Vec<Line> = rows(folder, "penjualan.csv")
        .iter()
        .map(|row| (products[&row[5]], branch_of[&row[3]], day(&row[2]).epoch_days(), number(&row[6]), number(&row[9])))
        .collect();
    let outs = rows(folder, "ketersediaan.csv")
        .iter()
        .filter(|row| !row[3].is_empty())
        .map(|row| {
            (
                products[&row[1]],
                branches[&row[2]],
                day(&row[0]).epoch_days(),
                day(&row[3]).epoch_days(),
                number(&row[5]),
            )
        })
        .collect();
    let days = || lines.iter().map(|line| line.2);
    let at = |day: Option<i32>| day.and_then(Day::from_epoch_days).expect("lines");
    Company {
        first: at(days().min()),
        until: at(days().max()),
        lines,
        outs,
        names: Names { product, branch, currencies: vec!["IDR".to_owned()], ..Names::default() },
    }
}

impl CellSource for Company {
    /// Net sales by month: no other cells are asked for.
    fn cells(&self, _: Period, _: Grain) -> Result<Arc<Cells>, SourceError> {
        let mut months: BTreeMap<i32, i64> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.2 <= self.until.epoch_days()) {
            let month = Day::from_epoch_days(line.2).expect("a day").month();
            *months.entry(month.index()).or_default() += line.4 * 10_000;
        }
        let n = months.len();
        Ok(Arc::new(Cells {
            month: months.keys().copied().collect(),
            net: months.values().copied().collect(),
            lines: vec![1; n],
            net_lines: vec![1; n],
            quantity_lines: vec![0; n],
            quantity: vec![0; n],
            quantity_before_returns: vec![0; n],
            unit: vec![NONE; n],
            currency: vec![0; n],
            gross: vec![0; n],
            discount: vec![0; n],
            cost_lines: vec![0; n],
            cost: vec![0; n],
            net_with_cost: vec![0; n],
            returns: vec![0; n],
            net_before_returns: vec![0; n],
            orders: vec![0; n],
            first_order: vec![NO_ORDER; n],
            ..Cells::default()
        }))
    }

    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        Ok(Arc::default())
    }

    fn extent(&self) -> Option<Period> {
        Period::new(self.first, self.until)
    }

    fn first_orders(&self) -> &[i32] {
        &[]
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn data_version(&self) -> u64 {
        1
    }

    fn targets(&self) -> &[Target] {
        &[]
    }
}

impl StockSource for Company {
    fn sold(&self, blocks: Blocks) -> Result<Demand, SourceError> {
        let mut sums: BTreeMap<(u32, u32), (BTreeMap<u16, Sold>, i32)> = BTreeMap::new();
        for (product, branch, day, quantity, net) in self.lines.iter().filter(|line| line.3 > 0) {
            let Some(block) = blocks.place(*day).and_then(|block| u16::try_from(block).ok()) else { continue };
            let (shelf, last) = sums.entry((*product, *branch)).or_default();
            let sold = shelf.entry(block).or_default();
            let units = quantity * 1_000_000;
            *sold = Sold {
                block,
                quantity: sold.quantity + units,
                priced: sold.priced + units,
                net: sold.net + net * 10_000,
            };
            *last = (*last).max(*day);
        }
        let mut demand = Demand::default();
        for ((product, branch), (sold, last_sold)) in sums {
            demand.sold.extend(sold.into_values());
            demand.shelves.push(Shelf { product, branch, unit: NONE, last_sold, end: demand.sold.len() as u32 });
        }
        Ok(demand)
    }

    /// The stock-outs, as far as they were known.
    fn told(&self, _: Period) -> Result<Option<Vec<Told>>, SourceError> {
        let until = self.until.epoch_days();
        let known = self.outs.iter().filter(|out| out.2 <= until).map(|(product, branch, from, to, _)| Told {
            product: self.names.product.id(*product).expect("a product").to_owned(),
            branch: self.names.branch.id(*branch).map(str::to_owned),
            day: Day::from_epoch_days(*from).expect("a day"),
            until: Day::from_epoch_days((*to).min(until)),
            quantity: None,
            unit: None,
            is_out: true,
            days_out: None,
        });
        Ok(Some(known.collect()))
    }
}

/// What was wanted of each product in each branch after a day; of what was out for a part of the time it is not known.
fn wanted(company: &Company, after: i32) -> HashMap<(u32, u32), Option<i64>> {
    let days = after + 1..=after + i32::from(DAYS);
    let mut wanted: HashMap<(u32, u32), Option<i64>> = HashMap::new();
    let mut add = |shelf: (u32, u32), quantity: Option<i64>| {
        let sum = wanted.entry(shelf).or_insert(Some(0));
        *sum = sum.zip(quantity).map(|(sum, more)| sum + more);
    };
    for (product, branch, day, quantity, _) in &company.lines {
        if days.contains(day) && *quantity > 0 {
            add((*product, *branch), Some(*quantity));
        }
    }
    for (product, branch, from, to, unsold) in &company.outs {
        if *to > after && *from <= *days.end() {
            let is_whole = days.contains(from) && days.contains(to);
            add((*product, *branch), is_whole.then_some(*unsold));
        }
    }
    wanted
}

/// How many lasted of how many; what was wanted and what of it was there, in pieces; what had to be there.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    lasted: f64,
    of: f64,
    wanted: f64,
    met: f64,
    level: f64,
}

impl Tally {
    fn add(&mut self, level: f64, wanted: f64) {
        self.lasted += f64::from(u8::from(wanted <= level));
        self.of += 1.0;
        self.wanted += wanted;
        self.met += wanted.min(level);
        self.level += level;
    }

    fn share(self) -> f64 {
        self.lasted / self.of
    }
}

#[test]
fn levels_last_as_often_as_was_asked() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().map_or(usual, |text| text.parse().expect(name));
    let (seeds, lines) = (number("TAKAR_STOCK_SEEDS", 2), number("TAKAR_STOCK_LINES", 60_000));
    let services = [0.8, 0.9, 0.95, 0.98];
    let mut all = [Tally::default(); 4];
    let mut by_class = [[Tally::default(); 3]; 4];
    let mut by_seed = [const { Vec::new() }; 4];
    let mut worst_end = [1.0_f64; 4];
    // Against it: mean and spread of the last twelve blocks, as a normal curve.
    let mut normal = [Tally::default(); 4];
    for seed in 0..seeds {
        let folder = tempfile::tempdir().expect("a folder");
        let simulation = Simulation { lines, seed: 40_000 + seed, names_on_lines: false, ..Simulation::default() };
        simulate(&simulation, folder.path(), &|_, _| {}).expect("a company");
        let mut company = company(folder.path());
        let last = company.until;
        let mut of_seed = [Tally::default(); 4];
        for end in 1..=ENDS {
            company.until = last.plus_days(-end * i32::from(DAYS));
            let wanted = wanted(&company, company.until.epoch_days());
            let products = company.names.product.codes();
            let branches = company.names.branch.codes();
            for (place, service) in services.into_iter().enumerate() {
                let service = Level::new(service).expect("a share");
                let found = stock(&company, Question { service, ..Question::default() }).expect("stock");
                let mut of_end = Tally::default();
                for row in &found.rows {
                    let Ok((class, level)) =
                        row.expected.as_ref().map(|expected| (expected.class, expected.level.clone()))
                    else {
                        continue;
                    };
                    let branch = row.branch.as_ref().expect("a branch");
                    let shelf = (products[row.product.id.as_str()], branches[branch.id.as_str()]);
                    let Some(came) = wanted.get(&shelf).copied().unwrap_or(Some(0)) else { continue };
                    let (level, came) = (level.expect("a level"), came as f64);
                    of_end.add(level, came);
                    all[place].add(level, came);
                    of_seed[place].add(level, came);
                    by_class[place][Class::ALL.iter().position(|one| *one == class).expect("a class")].add(level, came);
                }
                worst_end[place] = worst_end[place].min(of_end.share());
            }
            guess(&company, &wanted, services, &mut normal);
        }
        for (shares, of_seed) in by_seed.iter_mut().zip(of_seed) {
            shares.push(of_seed.share());
        }
    }
    for (place, service) in services.into_iter().enumerate() {
        let (tally, shares) = (all[place], &by_seed[place]);
        let of_class = by_class[place].map(|tally| format!("{:.3} of {}", tally.share(), tally.of)).join(", ");
        let fill = |tally: Tally| tally.met / tally.wanted;
        let stock = |tally: Tally| tally.level / tally.wanted;
        println!(
            "{service}: held {:.4} of {} (companies {:.3} to {:.3}, worst end {:.3}); steady, occasional, rare: {of_class}; of the pieces {:.4}; \
             {:.2} there for each wanted; normal guess: {:.4}, of the pieces {:.4}, {:.2} there",
            tally.share(),
            tally.of,
            shares.iter().copied().fold(1.0, f64::min),
            shares.iter().copied().fold(0.0, f64::max),
            worst_end[place],
            fill(tally),
            stock(tally),
            normal[place].share(),
            fill(normal[place]),
            stock(normal[place]),
        );
        assert!((tally.share() - service).abs() < 0.02, "{service}: {} of {}", tally.share(), tally.of);
    }
}

/// Mean plus so many standard deviations of the last twelve blocks.
fn guess(company: &Company, wanted: &HashMap<(u32, u32), Option<i64>>, services: [f64; 4], tallies: &mut [Tally; 4]) {
    const TIMES: [f64; 4] = [0.8416, 1.2816, 1.6449, 2.0537];
    assert_eq!(services, [0.8, 0.9, 0.95, 0.98]);
    let blocks = Blocks::of(company.extent().expect("days"), DAYS);
    let demand = company.sold(blocks).expect("demand");
    for (place, shelf) in demand.shelves.iter().enumerate() {
        let Some(came) = wanted.get(&(shelf.product, shelf.branch)).copied().unwrap_or(Some(0)) else { continue };
        let mut sold = [0.0; 12];
        for row in demand.of(place) {
            if let Some(at) = (usize::from(row.block) + 12).checked_sub(blocks.count()) {
                sold[at] = row.quantity as f64 / 1e6;
            }
        }
        let mean = sold.iter().sum::<f64>() / 12.0;
        let spread = (sold.iter().map(|sold| (sold - mean).powi(2)).sum::<f64>() / 11.0).sqrt();
        for (tally, times) in tallies.iter_mut().zip(TIMES) {
            tally.add((mean + times * spread).max(0.0).ceil(), came as f64);
        }
    }
}
