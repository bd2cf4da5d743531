//! How fast managers are compared: 500 managers, 100,000 accounts, 36 months.
//!
//! `cargo run --release -p takar-insight --example fair_speed`

use std::{sync::Arc, time::Instant};

use takar_insight::{
    evaluation::fair::{Question, fair},
    metrics::{CellSource, Cells, Grain, Labels, NO_ORDER, NONE, Names, OrderDays, SourceError, Target},
};
use takar_model::{Month, Period};

const ACCOUNTS: u32 = 100_000;
const MANAGERS: u32 = 500;
const BRANCHES: u32 = 20;
const MONTHS: i32 = 36;

struct Panel {
    cells: Arc<Cells>,
    names: Names,
    extent: Period,
}

impl CellSource for Panel {
    fn cells(&self, _range: Period, _grain: Grain) -> Result<Arc<Cells>, SourceError> {
        Ok(Arc::clone(&self.cells))
    }
    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        Ok(Arc::default())
    }
    fn extent(&self) -> Option<Period> {
        Some(self.extent)
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

/// Every account buys in four months of five; every fifth goes to a colleague of its branch once.
fn panel() -> Panel {
    let first = Month::from_index(2022 * 12);
    let mut seed = 7_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u32
    };
    let sizes: Vec<i64> = (0..ACCOUNTS).map(|_| 100_000 + i64::from(random() % 5_000_000)).collect();
    let mut cells = Cells::default();
    for month in 0..MONTHS {
        for account in 0..ACCOUNTS {
            if random() % 5 == 0 {
                continue;
            }
            let moves = account % 5 == 0;
            let goes = 6 + (account / 5 % 24) as i32;
            let manager = if moves && month >= goes { account + BRANCHES } else { account } % MANAGERS;
            let net = sizes[account as usize] * i64::from(50 + random() % 100) / 100 * 10_000;
            cells.account.push(account);
            cells.manager.push(manager);
            cells.segment.push(account % 5);
            cells.region.push(account % BRANCHES % 7);
            cells.branch.push(account % BRANCHES);
            cells.month.push(first.index() + month);
            cells.net.push(net);
        }
    }
    let n = cells.month.len();
    cells.lines = vec![1; n];
    cells.net_lines = vec![1; n];
    cells.currency = vec![NONE; n];
    cells.unit = vec![NONE; n];
    cells.first_order = vec![NO_ORDER; n];
    cells.quantity_lines = vec![0; n];
    cells.cost_lines = vec![0; n];
    cells.orders = vec![0; n];
    for measure in [
        &mut cells.quantity,
        &mut cells.quantity_before_returns,
        &mut cells.gross,
        &mut cells.discount,
        &mut cells.cost,
        &mut cells.net_with_cost,
        &mut cells.returns,
        &mut cells.net_before_returns,
    ] {
        *measure = vec![0; n];
    }
    let labels =
        |prefix: &str, count: u32| Labels::from_ids((0..count).map(|code| format!("{prefix}{code}")).collect());
    let names = Names {
        account: labels("A", ACCOUNTS),
        manager: labels("M", MANAGERS),
        segment: labels("S", 5),
        region: labels("R", 7),
        branch: labels("B", BRANCHES),
        ..Names::default()
    };
    let extent = Period::months(first, first.plus(MONTHS - 1)).expect("a period");
    Panel { cells: Arc::new(cells), names, extent }
}

fn main() {
    let panel = panel();
    println!("{} cells", panel.cells.len());
    for _ in 0..3 {
        let begun = Instant::now();
        let found = fair(&panel, &Question::default()).expect("a comparison");
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{} managers, {} hand-overs in {} sets: {seconds:.2} s",
            found.compared,
            found.hand_overs,
            found.sets.len()
        );
    }
}
