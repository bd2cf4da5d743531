//! How fast the kernel is: 1.1 million cells of a made-up company, questions as the page asks them.
//!
//! `cargo run --release -p takar-insight --example metrics_speed`

use std::{sync::Arc, time::Instant};

use takar_insight::evaluation::overview;
use takar_insight::metrics::{
    CellSource, Cells, Dimension, Grain, Kpi, Labels, Names, OrderDays, Query, SourceError, Target, run,
};
use takar_model::{Compare, Month, Period};

const ACCOUNTS: u32 = 20_000;
const MANAGERS: u32 = 100;
const MONTHS: i32 = 55;

struct Panel {
    cells: Arc<Cells>,
    names: Names,
    first_orders: Vec<i32>,
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
        &self.first_orders
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

/// Every account buys in every month from one of its two managers.
fn panel() -> Panel {
    let first = Month::from_index(2021 * 12);
    let mut cells = Cells::default();
    let mut seed = 7_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as i64
    };
    for month in 0..MONTHS {
        for account in 0..ACCOUNTS {
            let net = random() % 50_000_000 - 2_000_000;
            let orders = (random() % 4) as u32;
            cells.account.push(account);
            cells.manager.push((account * 7 + u32::from(random() % 30 == 0)) % MANAGERS);
            cells.month.push(first.index() + month);
            cells.lines.push(9);
            cells.net_lines.push(9);
            cells.quantity_lines.push(9);
            cells.cost_lines.push(9);
            cells.net.push(net);
            cells.quantity.push(random() % 1_000_000_000);
            cells.quantity_before_returns.push(random() % 1_000_000_000);
            cells.unit.push(0);
            cells.currency.push(0);
            cells.gross.push(net + 1_000);
            cells.discount.push(1_000);
            cells.cost.push(net / 2);
            cells.net_with_cost.push(net);
            cells.returns.push(0);
            cells.net_before_returns.push(net);
            cells.orders.push(orders);
            let day = first.plus(month).first_day().epoch_days() + (random() % 28) as i32;
            cells.first_order.push(if orders > 0 { day } else { i32::MAX });
        }
    }
    let ids = |count: u32| Labels::from_ids((0..count).map(|code| code.to_string()).collect());
    let mut first_orders = vec![i32::MAX; ACCOUNTS as usize];
    for (&account, &day) in cells.account.iter().zip(&cells.first_order) {
        first_orders[account as usize] = first_orders[account as usize].min(day);
    }
    let names = Names { account: ids(ACCOUNTS), manager: ids(MANAGERS), ..Names::default() };
    let extent = Period::months(first, first.plus(MONTHS - 1)).expect("in order");
    Panel { cells: Arc::new(cells), names, first_orders, extent }
}

fn main() {
    let panel = panel();
    println!("{} cells", panel.cells.len());
    let all = ["net_sales", "units", "gross_margin", "orders", "active_accounts", "new_accounts", "retained_accounts"];
    let month = Some(Period::month(panel.extent.to().month()));
    let by = [Dimension::Manager, Dimension::Month];
    for (title, by, period, kpis, compare) in [
        ("by manager, month: 7 KPIs", &by[..], None, &all[..], None),
        ("by manager, month: net sales", &by[..], None, &all[..1], None),
        ("by manager, month: 7 KPIs, compared with a year ago", &by[..], None, &all[..], Some(Compare::Year)),
        ("in total: 7 KPIs", &[][..], None, &all[..], None),
        ("by manager, last month: 7 KPIs", &by[..1], month, &all[..], None),
        ("by account, last month: 7 KPIs", &[Dimension::Account][..], month, &all[..], Some(Compare::Prior)),
    ] {
        let kpis = kpis.iter().filter_map(|id| Kpi::parse(id).ok()).collect();
        let query = Query { by: by.to_vec(), period, kpis, compare, filter: None };
        let mut times = Vec::new();
        let mut rows = 0;
        for _ in 0..9 {
            let start = Instant::now();
            match run(&panel, &query) {
                Ok(table) => rows = table.rows.len(),
                Err(error) => println!("{error}"),
            }
            times.push(start.elapsed());
        }
        times.sort();
        println!("{title}: {rows} rows, median {:.1?}, best {:.1?}", times[4], times[0]);
    }
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        if let Err(error) = overview(&panel, None) {
            println!("{error}");
        }
        times.push(start.elapsed());
    }
    times.sort();
    println!("the page's overview: median {:.1?}, best {:.1?}", times[4], times[0]);
}
