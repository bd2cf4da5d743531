//! From cells to what each account and product sold in both windows.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use takar_model::Period;
use takar_stats::{Amount, Units, bridge::Side};

use super::{Question, hand_over::HandOver};
use crate::{
    InsightError,
    metrics::{CellSource, Cells, Dimension, Grain, MIXED, Mask, NONE, known_manager},
};

/// What some lines add up to, in smallest units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Net of the lines that are no returns, and of the returns.
    pub sold: i128,
    pub returns: i128,
    /// Quantity of the lines that are no returns.
    pub quantity: i128,
    pub net_lines: u64,
    pub quantity_lines: u64,
    /// The one unit of measure; `None` without a quantity.
    pub unit: Option<u32>,
    /// Net and cost of the lines that have a cost.
    pub net_with_cost: i128,
    pub cost: i128,
    pub cost_lines: u64,
}

impl Sums {
    fn of(cells: &Cells, row: usize) -> Self {
        let quantity_lines = u64::from(cells.quantity_lines[row]);
        Self {
            sold: i128::from(cells.net_before_returns[row]),
            returns: i128::from(cells.net[row]) - i128::from(cells.net_before_returns[row]),
            quantity: i128::from(cells.quantity_before_returns[row]),
            net_lines: u64::from(cells.net_lines[row]),
            quantity_lines,
            unit: (quantity_lines > 0).then(|| cells.unit[row]),
            net_with_cost: i128::from(cells.net_with_cost[row]),
            cost: i128::from(cells.cost[row]),
            cost_lines: u64::from(cells.cost_lines[row]),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.sold += other.sold;
        self.returns += other.returns;
        self.quantity += other.quantity;
        self.net_lines += other.net_lines;
        self.quantity_lines += other.quantity_lines;
        self.unit = one_unit(self.unit, other.unit);
        self.net_with_cost += other.net_with_cost;
        self.cost += other.cost;
        self.cost_lines += other.cost_lines;
    }

    pub(super) const fn net(&self) -> i128 {
        self.sold + self.returns
    }

    /// Every line with an amount has a quantity, and the other way round: so there is a price.
    const fn is_priced(&self) -> bool {
        self.net_lines == self.quantity_lines
    }
}

fn one_unit(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Some(MIXED),
        (one, other) => one.or(other),
    }
}

/// The sums of one product or account in both windows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pair {
    pub base: Sums,
    /// Foreign amounts at the rates of the base window.
    pub current: Sums,
    /// What the current window's own rates add.
    pub currency: i128,
}

impl Pair {
    fn side(&mut self, side: Window) -> &mut Sums {
        match side {
            Window::Base => &mut self.base,
            Window::Current => &mut self.current,
        }
    }

    /// The unit in which both windows are counted; [`MIXED`] where it is not one.
    pub(super) fn unit(&self) -> Option<u32> {
        one_unit(self.base.unit, self.current.unit)
    }

    pub(super) const fn is_priced(&self) -> bool {
        self.base.is_priced() && self.current.is_priced()
    }

    /// Net of the current window at its own rates.
    pub(super) const fn net(&self) -> i128 {
        self.current.net() + self.currency
    }

    /// Both windows for the bridge; without a price the quantities are left out, which makes the change an adjustment.
    pub(super) fn sides(&self, with_quantity: bool) -> (Side, Side) {
        let side = |sums: &Sums| Side {
            quantity: Units(if with_quantity { sums.quantity } else { 0 }),
            amount: Amount(sums.sold),
            returns: Amount(sums.returns),
        };
        (side(&self.base), side(&self.current))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Window {
    Base,
    Current,
}

/// What some cells are in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The base window.
    Base,
    /// The current window, where nothing is converted.
    Current,
    /// The current window at its own rates: what was really sold.
    AtOwnRates,
    /// The current window at the rates of the base: what is compared.
    AtBaseRates,
}

impl Role {
    const fn window(self) -> Window {
        match self {
            Self::Base => Window::Base,
            Self::Current | Self::AtOwnRates | Self::AtBaseRates => Window::Current,
        }
    }

    /// Own rates less base rates is what the rates add.
    const fn sign_of_currency(self) -> Option<i128> {
        match self {
            Self::AtOwnRates => Some(1),
            Self::AtBaseRates => Some(-1),
            Self::Base | Self::Current => None,
        }
    }
}

/// What an account did between the windows, company-wide (METHODS §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Status {
    Kept,
    New,
    Reactivated,
    Lost,
}

/// One row of cells that belongs to the question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub account: u32,
    pub manager: u32,
    pub product: u32,
    pub window: Window,
    pub sums: Sums,
}

/// What the bridge is made from.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// By product (or account, where no line names a product): what accounts that stayed bought.
    pub kept: FxHashMap<u32, Pair>,
    /// By account: what new, reactivated and lost ones bought.
    pub moved: FxHashMap<u32, (Status, Pair)>,
    /// By account: what came with it, or went, when it changed hands.
    pub hand_over: FxHashMap<u32, i128>,
    /// Net sales of the base window as they were credited then.
    pub base: i128,
    /// No line names a product.
    pub by_account: bool,
    /// The currencies met; lines that name none are in the company's own.
    pub currencies: Vec<u32>,
}

/// Collects the sums of both windows.
pub(super) fn gather(source: &dyn CellSource, question: &Question) -> Result<Gathered, InsightError> {
    let names = source.names();
    let manager = match &question.manager {
        Some(id) => Some(known_manager(source, id)?),
        None => None,
    };
    let filtered = question.filter.as_ref().map(|filter| filter.dimensions()).unwrap_or_default();
    if filtered.iter().any(|dimension| dimension.is_time()) {
        return Err(InsightError::TimeCondition);
    }
    let mut grain = Grain::MONTHS.with(Dimension::Account).with(Dimension::Product).months_together();
    if manager.is_some() {
        grain = grain.with(Dimension::Manager);
    }
    grain = filtered.iter().fold(grain, |grain, dimension| grain.with(*dimension));
    let mask = question.filter.as_ref().map(|filter| Mask::new(filter, names));

    let load = |cells: Arc<Cells>, period: Period, role: Role| -> Result<_, InsightError> {
        cells.check(grain)?;
        let rows = cells.rows(period);
        Ok((role, cells, rows))
    };
    let base = load(source.cells(question.base, grain)?, question.base, Role::Base)?;
    let current = source.cells(question.current, grain)?;
    let loaded = match source.cells_at_rates_of(question.base, question.current, grain)? {
        None => vec![base, load(current, question.current, Role::Current)?],
        Some(fixed) => vec![
            base,
            load(current, question.current, Role::AtOwnRates)?,
            load(fixed, question.current, Role::AtBaseRates)?,
        ],
    };

    let mut totals = vec![[0_i128; 2]; names.account.len()];
    for (role, cells, rows) in loaded.iter().filter(|(role, ..)| *role != Role::AtBaseRates) {
        for row in rows.clone() {
            if let Some(total) = totals.get_mut(cells.account[row] as usize) {
                total[role.window() as usize] += i128::from(cells.net[row]);
            }
        }
    }
    let first_orders = source.first_orders();
    let status = |account: u32| match totals.get(account as usize) {
        Some(total) => status_of(*total, first_orders.get(account as usize).copied(), question.current),
        None => Status::Kept,
    };

    let mut gathered = Gathered {
        by_account: loaded.iter().all(|(_, cells, rows)| cells.product[rows.clone()].iter().all(|code| *code == NONE)),
        ..Gathered::default()
    };
    let mut hand_over = HandOver::default();
    for (role, cells, rows) in &loaded {
        for row in rows.clone() {
            let code = |dimension: Dimension| match dimension {
                Dimension::Supervisor => names.supervisor_of(cells.manager[row]),
                other => cells.codes(other)[row],
            };
            if mask.as_ref().is_some_and(|mask| mask.holds(&code, cells.month[row]) != Some(true)) {
                continue;
            }
            if cells.net_lines[row] > 0 && !gathered.currencies.contains(&cells.currency[row]) {
                gathered.currencies.push(cells.currency[row]);
            }
            let row = Row {
                account: cells.account[row],
                manager: if manager.is_some() { cells.manager[row] } else { NONE },
                product: cells.product[row],
                window: role.window(),
                sums: Sums::of(cells, row),
            };
            let is_own = manager.is_none_or(|manager| manager == row.manager);
            if is_own && *role == Role::Base {
                gathered.base += row.sums.net();
            }
            let status = status(row.account);
            if is_own && let Some(sign) = role.sign_of_currency() {
                gathered.pair_of(&row, status).currency += sign * row.sums.net();
            }
            if *role == Role::AtOwnRates {
                continue;
            }
            match status {
                Status::Kept if manager.is_some() && row.account != NONE => hand_over.push(row),
                status if is_own => gathered.pair_of(&row, status).side(row.window).add(&row.sums),
                _ => {}
            }
        }
    }
    if let Some(manager) = manager {
        hand_over.settle(manager, &|code| names.manager.rank(code), &mut gathered);
    }
    Ok(gathered)
}

impl Gathered {
    /// Adds what an account that stayed bought.
    pub(super) fn add_kept(&mut self, row: &Row) {
        self.pair_of(row, Status::Kept).side(row.window).add(&row.sums);
    }

    /// The sums that a row belongs to: of its product where its account stayed, else of its account.
    fn pair_of(&mut self, row: &Row, status: Status) -> &mut Pair {
        if status == Status::Kept {
            let member = if self.by_account { row.account } else { row.product };
            return self.kept.entry(member).or_default();
        }
        &mut self.moved.entry(row.account).or_insert((status, Pair::default())).1
    }
}

fn status_of([base, current]: [i128; 2], first_order: Option<i32>, window: Period) -> Status {
    let (from, to) = (window.from().epoch_days(), window.to().epoch_days());
    match (base > 0, current > 0, first_order) {
        (true, false, _) => Status::Lost,
        (false, true, Some(first)) if first < from => Status::Reactivated,
        (false, true, Some(first)) if first <= to => Status::New,
        _ => Status::Kept,
    }
}
