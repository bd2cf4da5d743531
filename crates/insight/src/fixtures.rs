//! Small companies for tests: lines in, cells out, grouped in the plainest way.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use takar_model::{Day, Period};

use crate::{
    metrics::{
        CellSource, Cells, Dimension, Grain, Labels, MIXED, MarketSize, NO_ORDER, NONE, Names, OrderDays, SourceError,
        Target,
    },
    opportunities::{Bought, Purchases},
};

/// A sales line; codes as in [`Cells`], money in 1/10,000, quantity in 1/1,000,000.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub date: Day,
    pub invoice: Option<u32>,
    pub account: u32,
    pub manager: u32,
    pub product: u32,
    pub region: u32,
    pub quantity: Option<i64>,
    pub unit: u32,
    pub net: Option<i64>,
    pub discount: Option<i64>,
    pub cost: Option<i64>,
}

impl Line {
    /// Account `account` buys one piece for `net` whole rupiah through `manager`.
    pub fn sale(date: &str, account: u32, manager: u32, net: i64) -> Self {
        let period: Period = date.parse().expect("a day");
        Self {
            date: period.from(),
            invoice: None,
            account,
            manager,
            product: 0,
            region: 0,
            quantity: Some(if net < 0 { -1_000_000 } else { 1_000_000 }),
            unit: NONE,
            net: Some(net * 10_000),
            discount: None,
            cost: None,
        }
    }

    pub fn is_order(&self) -> bool {
        self.quantity.map_or(self.net.is_some_and(|net| net > 0), |quantity| quantity > 0)
    }

    pub fn is_return(&self) -> bool {
        self.quantity.map_or(self.net.is_some_and(|net| net < 0), |quantity| quantity < 0)
    }

    /// What tells its order from others.
    pub fn order_key(&self) -> (u32, u32, i32) {
        match self.invoice {
            Some(invoice) => (0, invoice, 0),
            None => (1, self.account, self.date.epoch_days()),
        }
    }

    pub fn code(&self, dimension: Dimension) -> u32 {
        match dimension {
            Dimension::Account => self.account,
            Dimension::Manager => self.manager,
            Dimension::Product => self.product,
            Dimension::Region => self.region,
            _ => NONE,
        }
    }
}

/// A company that answers from its lines.
#[derive(Debug)]
pub(crate) struct Company {
    pub lines: Vec<Line>,
    pub names: Names,
    pub targets: Vec<Target>,
    pub market: Vec<MarketSize>,
    pub first_orders: Vec<i32>,
}

impl Company {
    /// What each account bought of each product in two windows.
    pub fn purchases(&self, windows: [Period; 2]) -> Purchases {
        let mut sums: BTreeMap<(u32, u32), ([Bought; 2], BTreeSet<u32>)> = BTreeMap::new();
        for line in &self.lines {
            let Some(window) = windows.iter().position(|window| window.contains(line.date)) else { continue };
            let (bought, units) = sums.entry((line.account, line.product)).or_default();
            let (net, quantity) = (line.net.unwrap_or(0), line.quantity.unwrap_or(0));
            bought[window].net += net;
            if net > 0 && quantity > 0 {
                bought[window].priced += net;
                bought[window].quantity += quantity;
                units.insert(line.unit);
            }
        }
        let mut found = Purchases { ends: vec![0; self.names.account.len()], ..Purchases::default() };
        for ((account, product), (bought, units)) in sums {
            found.product.push(product);
            found.unit.push(if units.len() > 1 { MIXED } else { units.first().copied().unwrap_or(NONE) });
            found.bought.push(bought);
            found.ends[account as usize] = found.product.len() as u32;
        }
        for place in 1..found.ends.len() {
            found.ends[place] = found.ends[place].max(found.ends[place - 1]);
        }
        found
    }

    pub fn new(lines: Vec<Line>) -> Self {
        let most =
            |code: fn(&Line) -> u32| lines.iter().map(code).filter(|&code| code != NONE).max().map_or(0, |top| top + 1);
        let labels = |prefix: &str, count: u32, named: bool| {
            let ids = (0..count).map(|code| format!("{prefix}{}", code + 1)).collect();
            let names = (0..count).map(|code| named.then(|| format!("Nama {prefix}{}", code + 1))).collect();
            Labels::new(ids, names)
        };
        let managers = most(|line| line.manager);
        let names = Names {
            account: labels("A", most(|line| line.account), true),
            manager: labels("", managers, true),
            product: labels("P", most(|line| line.product), true),
            region: labels("R", most(|line| line.region), false),
            supervisor: labels("S", 2, true),
            branch: labels("C", 2, false),
            manager_supervisor: (0..managers).map(|manager| manager % 2).collect(),
            manager_branch: (0..managers).map(|manager| manager / 2 % 2).collect(),
            currencies: vec!["IDR".to_owned()],
            ..Names::default()
        };
        let mut first_orders = vec![NO_ORDER; names.account.len()];
        for line in lines.iter().filter(|line| line.is_order() && line.account != NONE) {
            let first = &mut first_orders[line.account as usize];
            *first = (*first).min(line.date.epoch_days());
        }
        Self { lines, names, targets: Vec::new(), market: Vec::new(), first_orders }
    }

    pub fn target(self, manager: u32, period: &str, value: i128) -> Self {
        self.target_of("net_sales", manager, period, value)
    }

    pub fn target_of(mut self, kpi: &str, manager: u32, period: &str, value: i128) -> Self {
        self.targets.push(Target {
            manager: Some(manager),
            account: None,
            product: None,
            category: None,
            segment: None,
            branch: None,
            region: None,
            period: period.parse().expect("a period"),
            kpi: kpi.to_owned(),
            value: takar_model::Money::from_units(value * 10_000),
        });
        self
    }
}

/// A distributor with six managers and two years and two months of sales, the last month running.
pub(crate) fn distributor() -> Company {
    const MANAGERS: [&str; 6] =
        ["Budi Santoso", "Siti Rahayu", "Agus <Wijaya>", "Dewi Lestari", "Eko & Prasetyo", "Rina Wulandari"];
    const SHOPS: [&str; 4] = ["Toko Maju Jaya", "CV Sumber Rejeki", "UD Berkah", "PT Sentosa Abadi"];
    let mut seed = 11_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let first = takar_model::Month::new(2023, 9).expect("a month");
    let mut lines = Vec::new();
    for month in 0..27 {
        let season = if (first.plus(month).number() % 12) == 4 { 14 } else { 10 };
        for account in 0..42_u32 {
            let starts = if account % 7 == 0 { i32::try_from(account).expect("small") / 2 } else { 0 };
            let ends = if account % 11 == 5 { 25 - i32::try_from(account).expect("small") / 6 } else { 99 };
            let manager = if account == 3 && month > 12 { 1 } else { account % 6 };
            if month < starts || month >= ends || random(8) == 0 {
                continue;
            }
            for _ in 0..1 + random(3) {
                let day = i32::try_from(random(if month == 26 { 12 } else { 28 })).expect("small");
                let size = 400_000 + i64::try_from(random(2_600_000)).expect("small") * i64::from(1 + account % 5);
                let net = size * season / 10 * i64::from(100 + month) / 100;
                let is_return = random(25) == 0;
                let mut line = Line::sale("2023-01-01", account, manager, if is_return { -net / 6 } else { net });
                line.date = first.plus(month).first_day().plus_days(day);
                line.invoice = Some(lines.len() as u32);
                line.product = account % 3;
                line.quantity = line.quantity.map(|quantity| quantity * (1 + net / 150_000));
                line.cost = line.net.map(|net| net / 100 * (78 + i64::from(manager)));
                line.discount = line.net.map(|net| net.abs() / 100 * i64::from(manager));
                lines.push(line);
            }
        }
    }
    let mut company = Company::new(lines);
    let ids = |names: &[&str]| (1..=names.len()).map(|id| format!("AM-{id:02}")).collect();
    let some = |names: &[&str]| names.iter().map(|&name| Some(name.to_owned())).collect();
    company.names.manager = Labels::new(ids(&MANAGERS), some(&MANAGERS));
    company.names.supervisor = Labels::new(vec!["S1".into(), "S2".into()], some(&["Hendra Gunawan", "Yuni Astuti"]));
    company.names.branch = Labels::from_ids(vec!["Surabaya".into(), "Bandung".into()]);
    let shop = |account: usize| format!("{} {}", SHOPS[account % 4], account + 1);
    let accounts = company.names.account.len();
    let ids = (0..accounts).map(|account| format!("C{:03}", account + 1)).collect();
    company.names.account = Labels::new(ids, (0..accounts).map(|account| Some(shop(account))).collect());
    company.names.account_manager = (0..accounts as u32).map(|account| account % 6).collect();
    for month in 12..27 {
        for manager in 0..5 {
            let value = 26_000_000 + 9_000_000 * i128::from(manager);
            company = company.target(manager, &first.plus(month).to_string(), value);
        }
    }
    company
}

/// It has no facts but its lines.
impl crate::kpis::FactSource for Company {
    fn measure(
        &self,
        aggregates: &[crate::kpis::Aggregate],
        windows: &[Period],
        by: &[Dimension],
        _: Option<&crate::metrics::Filter>,
    ) -> Result<Vec<crate::kpis::FactRow>, SourceError> {
        // Of any aggregate the count of lines.
        let mut rows: BTreeMap<(usize, Vec<Option<String>>), i128> = BTreeMap::new();
        for line in &self.lines {
            let Some(window) = windows.iter().position(|window| window.contains(line.date)) else { continue };
            let id =
                |dimension: &Dimension| self.names.labels(*dimension)?.id(line.code(*dimension)).map(str::to_owned);
            *rows.entry((window, by.iter().map(id).collect())).or_default() += 1;
        }
        let row = |((window, keys), units): ((usize, Vec<Option<String>>), i128)| {
            let amount = crate::kpis::FactAmount::Units { units, places: 0, values: 1 };
            crate::kpis::FactRow { window, keys, amounts: vec![Some(amount); aggregates.len()] }
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

impl CellSource for Company {
    fn cells(&self, range: Period, grain: Grain) -> Result<Arc<Cells>, SourceError> {
        let mut groups: BTreeMap<(i32, u32, Vec<u32>), Vec<&Line>> = BTreeMap::new();
        // A whole-month question may be answered with all months: half of the tests' questions are.
        let everything = range.whole_months().is_some() && self.lines.len().is_multiple_of(2);
        for line in self.lines.iter().filter(|line| everything || range.contains(line.date)) {
            let code = |dimension| match dimension {
                Dimension::Branch => self.names.branch_of(line.manager),
                other => line.code(other),
            };
            let codes = grain.dimensions().map(code).collect();
            let account = if grain.has(Dimension::Account) { line.account } else { 0 };
            groups.entry((line.date.month().index(), account, codes)).or_default().push(line);
        }
        Ok(Arc::new(cells_of(groups, grain)))
    }

    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        let orders = self.lines.iter().filter(|line| line.is_order() && line.account != NONE);
        let rows = orders.map(|line| (line.account, line.date.epoch_days(), line.net.unwrap_or_default())).collect();
        Ok(Arc::new(OrderDays::of(self.names.account.len(), rows)))
    }

    fn extent(&self) -> Option<Period> {
        let days = self.lines.iter().map(|line| line.date);
        Period::new(days.clone().min()?, days.max()?)
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
        &self.targets
    }

    fn market(&self) -> &[MarketSize] {
        &self.market
    }
}

fn cells_of(groups: BTreeMap<(i32, u32, Vec<u32>), Vec<&Line>>, grain: Grain) -> Cells {
    let mut cells = Cells::default();
    let mut cells_of_order: BTreeMap<(u32, u32, i32), Vec<u32>> = BTreeMap::new();
    for (row, ((month, _, codes), lines)) in groups.into_iter().enumerate() {
        for (dimension, code) in grain.dimensions().zip(codes) {
            match dimension {
                Dimension::Account => cells.account.push(code),
                Dimension::Manager => cells.manager.push(code),
                Dimension::Product => cells.product.push(code),
                Dimension::Category => cells.category.push(code),
                Dimension::Region => cells.region.push(code),
                Dimension::Segment => cells.segment.push(code),
                _ => cells.branch.push(code),
            }
        }
        let sum = |amount: &dyn Fn(&Line) -> Option<i64>| lines.iter().filter_map(|line| amount(line)).sum::<i64>();
        let count = |test: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| test(line)).count() as u32;
        let units: BTreeSet<u32> = lines.iter().filter(|line| line.quantity.is_some()).map(|line| line.unit).collect();
        let orders: BTreeSet<_> = lines.iter().filter(|line| line.is_order()).map(|line| line.order_key()).collect();
        for &order in &orders {
            cells_of_order.entry(order).or_default().push(row as u32);
        }
        let first = lines.iter().filter(|line| line.is_order()).map(|line| line.date.epoch_days()).min();
        cells.month.push(month);
        cells.lines.push(lines.len() as u32);
        cells.net_lines.push(count(&|line| line.net.is_some()));
        cells.net.push(sum(&|line| line.net));
        cells.quantity_lines.push(count(&|line| line.quantity.is_some()));
        cells.quantity.push(sum(&|line| line.quantity));
        cells.quantity_before_returns.push(sum(&|line| line.quantity.filter(|_| !line.is_return())));
        cells.unit.push(if units.len() == 1 { *units.first().expect("one") } else { MIXED });
        cells.currency.push(0);
        cells.gross.push(sum(&|line| Some(line.net? + line.discount?)));
        cells.discount.push(sum(&|line| line.net.and(line.discount)));
        cells.cost_lines.push(count(&|line| line.net.is_some() && line.cost.is_some()));
        cells.cost.push(sum(&|line| line.net.and(line.cost)));
        cells.net_with_cost.push(sum(&|line| line.cost.and(line.net)));
        cells.returns.push(sum(&|line| line.net.filter(|_| line.is_return()).map(i64::abs)));
        cells.net_before_returns.push(sum(&|line| line.net.filter(|_| !line.is_return())));
        cells.orders.push(orders.len() as u32);
        cells.first_order.push(first.unwrap_or(NO_ORDER));
    }
    for rows in cells_of_order.values().filter(|rows| rows.len() > 1) {
        cells.shared_orders.push(rows);
    }
    cells
}
