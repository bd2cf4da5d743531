//! How long a bridge over a million cells takes, the parts of every cell included, on one core.
//!
//! ```text
//! cargo run --release -p takar-stats --example bridge_speed -- [--cells 1000000] [--repeat 20] [--format json]
//! ```
//!
//! Two inputs: cells as they are (a slice of items), and columns of 64-bit numbers zipped into items on the fly, as a
//! panel has them. Seven in ten cells are sold in both windows; the rest is new, lost, returned or empty.

use std::{hint::black_box, process::ExitCode, time::Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use takar_stats::{
    Amount, Units,
    bridge::{Bridge, Item, Market, Side, bridge},
};

/// Columns as a panel of cells has them.
#[derive(Default)]
struct Columns {
    quantity: [Vec<i64>; 2],
    amount: [Vec<i64>; 2],
    returns: [Vec<i64>; 2],
}

impl Columns {
    fn random(cells: usize) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(7);
        let mut columns = Self::default();
        for _ in 0..cells {
            let price = random.random_range(10_000_000..2_000_000_000_i64); // 1,000 to 200,000 with four decimals
            for window in 0..2 {
                let sold = random.random_range(0..100) < 84;
                let pieces = if sold { random.random_range(1..500_i64) } else { 0 };
                let dearer = random.random_range(95..112_i64);
                columns.quantity[window].push(pieces * 1_000_000);
                columns.amount[window].push(pieces * price / 100 * dearer);
                let returned = random.random_range(0..20) == 0 && sold;
                columns.returns[window].push(if returned { -price } else { 0 });
            }
        }
        columns
    }

    fn items(&self) -> impl Iterator<Item = Item> + Clone + '_ {
        let side = |window: usize, cell: usize| Side {
            quantity: Units(self.quantity[window][cell].into()),
            amount: Amount(self.amount[window][cell].into()),
            returns: Amount(self.returns[window][cell].into()),
        };
        (0..self.quantity[0].len()).map(move |cell| Item::new(side(0, cell), side(1, cell)))
    }
}

fn main() -> ExitCode {
    let (mut cells, mut repeat, mut json) = (1_000_000, 20, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_default();
        match (word.as_str(), value.parse::<usize>()) {
            ("--cells", Ok(count)) => cells = count,
            ("--repeat", Ok(count)) if count > 0 => repeat = count,
            ("--format", _) if value == "json" || value == "text" => json = value == "json",
            _ => {
                eprintln!("{word} {value}: --cells N, --repeat N or --format text|json");
                return ExitCode::from(2);
            }
        }
    }
    let columns = Columns::random(cells);
    let items: Vec<Item> = columns.items().collect();
    let market = Some(Market { base: Units(1_000_000_000_000_000), current: Units(1_100_000_000_000_000) });
    let timings = [
        ("columns", time(repeat, || bridge(columns.items(), None))),
        ("columns, with a market", time(repeat, || bridge(columns.items(), market))),
        ("items", time(repeat, || bridge(items.iter().copied(), None))),
    ];
    if json {
        let rows: Vec<_> = timings
            .iter()
            .map(|(input, (best, median))| serde_json::json!({ "input": input, "best_ms": best, "median_ms": median }))
            .collect();
        println!("{}", serde_json::json!({ "model": "price-quantity-mix", "n": cells, "timings": rows }));
    } else {
        println!("{cells} cells, {repeat} times, milliseconds");
        for (input, (best, median)) in timings {
            println!("{input:<24} best {best:8.1}  median {median:8.1}");
        }
    }
    ExitCode::SUCCESS
}

/// Best and median time of a bridge in milliseconds, its making and letting go.
fn time(repeat: usize, make: impl Fn() -> takar_stats::Result<Bridge>) -> (f64, f64) {
    let mut times: Vec<f64> = (0..repeat)
        .map(|_| {
            let begin = Instant::now();
            drop(black_box(make()));
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}
