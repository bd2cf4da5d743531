//! Accounts: who is active, new, retained, reactivated, lost; what the base window's sales became.
//!
//! The status is company-wide. It is credited to one key: of the account's first order in the window (new,
//! reactivated), or with most base sales (retained, lost, and the amounts of retention); ties to the lower key.

use rustc_hash::FxHashMap;
use takar_model::Period;

use super::{
    Cells, MIXED, NO_ORDER, NONE,
    keys::{Groups, OUT, Span},
    sums::One,
};

/// What is counted per group of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Statuses {
    pub active: i64,
    pub new: i64,
    pub retained: i64,
    pub reactivated: i64,
    pub lost: i64,
    /// Σ B of the accounts with B > 0.
    pub base_net: i128,
    /// Σ min(C⁺, B) of these.
    pub kept_net: i128,
    /// Σ C of these.
    pub carried_net: i128,
    /// The currency of B and C.
    pub currency: One,
    /// Accounts with at least one order, and with at least two.
    pub buyers: i64,
    pub repeat_buyers: i64,
}

/// The rows of a span, account by account.
struct ByAccount<'span> {
    rows: Vec<u32>,
    starts: Vec<u32>,
    span: &'span Span<'span>,
}

impl<'span> ByAccount<'span> {
    /// Counting sort: two passes, or one where the rows are in order. Unassigned rows are left out.
    fn new(span: &'span Span, accounts: usize) -> Self {
        let codes = &span.cells.account[span.rows.clone()];
        let mut starts = vec![0_u32; accounts + 1];
        for &code in codes.iter().filter(|&&code| (code as usize) < accounts) {
            starts[code as usize + 1] += 1;
        }
        for place in 0..accounts {
            starts[place + 1] += starts[place];
        }
        if codes.is_sorted() {
            // Unassigned rows have the highest code and come last.
            let rows = (0..starts[accounts]).collect();
            return Self { rows, starts, span };
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; starts[accounts] as usize];
        for (row, &code) in codes.iter().enumerate().filter(|&(_, &code)| (code as usize) < accounts) {
            let slot = &mut next[code as usize];
            rows[*slot as usize] = row as u32;
            *slot += 1;
        }
        Self { rows, starts, span }
    }

    /// The rows of an account, counted from the span's first.
    fn of(&self, account: usize) -> &[u32] {
        &self.rows[self.starts[account] as usize..self.starts[account + 1] as usize]
    }

    fn cell(&self, row: u32) -> usize {
        self.span.rows.start + row as usize
    }

    /// The account's net sales in the span.
    fn net(&self, account: usize) -> i128 {
        self.of(account).iter().map(|&row| i128::from(self.span.cells.net[self.cell(row)])).sum()
    }

    fn currency(&self, account: usize) -> One {
        let cells = self.span.cells;
        let priced = self.of(account).iter().map(|&row| self.cell(row)).filter(|&cell| cells.net_lines[cell] > 0);
        priced.fold(One::Nothing, |one, cell| one.and_currency(cells.currency[cell]))
    }
}

/// What an account did under one attribution key.
#[derive(Clone, Copy)]
struct Part {
    net: i128,
    orders: i64,
    first_order: i32,
}

const NO_PART: Part = Part { net: 0, orders: 0, first_order: NO_ORDER };

/// One account's sales by attribution key: an array over all keys of which only the touched are cleared.
struct Scratch {
    parts: Vec<Part>,
    touched: Vec<u32>,
}

impl Scratch {
    fn new(keys: usize) -> Self {
        Self { parts: vec![NO_PART; keys], touched: Vec::new() }
    }

    /// Collects an account's rows; the touched keys are then in order, lowest first.
    fn fill(&mut self, rows: &[u32], keys: &[u32], first_cell: usize, cells: &Cells) {
        for key in self.touched.drain(..) {
            self.parts[key as usize] = NO_PART;
        }
        for &row in rows {
            let (key, cell) = (keys[row as usize], first_cell + row as usize);
            let part = &mut self.parts[key as usize];
            part.net += i128::from(cells.net[cell]);
            part.orders += i64::from(cells.orders[cell]);
            part.first_order = part.first_order.min(cells.first_order[cell]);
            self.touched.push(key);
        }
        if self.touched.len() > 1 {
            self.touched.sort_unstable();
            self.touched.dedup();
        }
    }

    /// The key with most sales, ties to the lowest.
    fn largest(&self) -> Option<u32> {
        let by_sales = |&key: &u32| (self.parts[key as usize].net, std::cmp::Reverse(key));
        self.touched.iter().copied().max_by_key(by_sales)
    }

    /// The key of the first order, ties to the lowest; without an order the key with most sales.
    fn first(&self) -> Option<u32> {
        let first = self.touched.iter().copied().min_by_key(|&key| (self.parts[key as usize].first_order, key))?;
        if self.parts[first as usize].first_order == NO_ORDER { self.largest() } else { Some(first) }
    }
}

/// Counts the accounts of a window by group of the answer. `base` (with the keys of its rows) is `None` where
/// statuses are not asked for or not known; then only active and (repeat) buyers are counted.
pub(super) fn count(
    window: &Span,
    base: Option<(&Span, &[u32])>,
    groups: &Groups,
    first_orders: &[i32],
    accounts: usize,
) -> Vec<Statuses> {
    let mut counted = vec![Statuses::default(); groups.shown.len()];
    let current = ByAccount::new(window, accounts);
    let before = base.map(|(span, keys)| (ByAccount::new(span, accounts), keys));
    let mut scratch = Scratch::new(groups.group_of.len());
    let repeats = shared_in_account(window, groups);
    let many_currencies = has_many_currencies(window) || base.is_some_and(|(span, _)| has_many_currencies(span));

    for account in 0..accounts {
        let rows = current.of(account);
        if rows.is_empty() && before.as_ref().is_none_or(|(before, _)| before.of(account).is_empty()) {
            continue;
        }
        let now = current.net(account);
        let keys_now = &groups.rows[0];
        // Most accounts have one cell in a month, which needs no adding up by key.
        if let [row] = rows {
            let cell = current.cell(*row);
            let orders = i64::from(window.cells.orders[cell]);
            let group = groups.group_of[keys_now[*row as usize] as usize];
            count_active(account, group, now > 0, now, orders, &repeats, &mut counted);
        } else {
            scratch.fill(rows, keys_now, window.rows.start, window.cells);
            count_all_active(&scratch, account, now > 0, groups, &repeats, &mut counted);
        }
        let Some((before, keys)) = &before else { continue };

        let was = before.net(account);
        if was > 0 {
            let key = match before.of(account) {
                [row] => Some(keys[*row as usize]),
                rows => {
                    scratch.fill(rows, keys, before.span.rows.start, before.span.cells);
                    scratch.largest()
                }
            };
            let Some(group) = key.map(|key| groups.group_of[key as usize]).filter(|&group| group != OUT) else {
                continue;
            };
            let status = &mut counted[group as usize];
            status.retained += i64::from(now > 0);
            status.lost += i64::from(now <= 0);
            status.base_net += was;
            status.kept_net += now.clamp(0, was);
            status.carried_net += now;
            if many_currencies {
                status.currency =
                    status.currency.merge_currency(before.currency(account)).merge_currency(current.currency(account));
            }
        } else if now > 0 {
            let first_ever = first_orders.get(account).copied().unwrap_or(NO_ORDER);
            let key = match rows {
                [row] => Some(keys_now[*row as usize]),
                _ => scratch.first(),
            };
            let Some(group) = key.map(|key| groups.group_of[key as usize]).filter(|&group| group != OUT) else {
                continue;
            };
            let status = &mut counted[group as usize];
            status.reactivated += i64::from(first_ever < window.period.from().epoch_days());
            status.new += i64::from(is_inside(first_ever, window.period));
        }
    }
    counted
}

fn is_inside(day: i32, period: Period) -> bool {
    (period.from().epoch_days()..=period.to().epoch_days()).contains(&day)
}

/// Active accounts count once in every group where they bought; buyers by the orders in the group.
fn count_all_active(
    scratch: &Scratch,
    account: usize,
    is_active: bool,
    groups: &Groups,
    repeats: &FxHashMap<(u32, u32), i64>,
    counted: &mut [Statuses],
) {
    // Touched keys ascend, so the keys of one group lie together (but for those that are filtered out).
    let mut touched = scratch.touched.iter().copied().filter(|&key| groups.group_of[key as usize] != OUT).peekable();
    while let Some(key) = touched.next() {
        let group = groups.group_of[key as usize];
        let Part { mut net, mut orders, .. } = scratch.parts[key as usize];
        while let Some(next) = touched.next_if(|&next| groups.group_of[next as usize] == group) {
            net += scratch.parts[next as usize].net;
            orders += scratch.parts[next as usize].orders;
        }
        count_active(account, group, is_active, net, orders, repeats, counted);
    }
}

/// Counts one account in one group.
fn count_active(
    account: usize,
    group: u32,
    is_active: bool,
    net: i128,
    mut orders: i64,
    repeats: &FxHashMap<(u32, u32), i64>,
    counted: &mut [Statuses],
) {
    let Some(status) = counted.get_mut(group as usize) else { return };
    if !repeats.is_empty() {
        orders -= repeats.get(&(account as u32, group)).copied().unwrap_or(0);
    }
    status.active += i64::from(is_active && net > 0);
    status.buyers += i64::from(orders >= 1);
    status.repeat_buyers += i64::from(orders >= 2);
}

/// How often orders of an account are counted again in other cells of the same group.
fn shared_in_account(window: &Span, groups: &Groups) -> FxHashMap<(u32, u32), i64> {
    let mut again = FxHashMap::default();
    let mut places = Vec::new();
    for order in window.cells.shared_orders.iter() {
        places.clear();
        places.extend(
            order.iter().map(|&row| row as usize).filter(|row| window.rows.contains(row)).map(|row| {
                (window.cells.account[row], groups.group_of[groups.rows[0][row - window.rows.start] as usize])
            }),
        );
        places.sort_unstable();
        for pair in places.windows(2).filter(|pair| pair[0] == pair[1]) {
            if pair[0].0 != NONE && pair[0].1 != OUT {
                *again.entry(pair[0]).or_default() += 1;
            }
        }
    }
    again
}

fn has_many_currencies(span: &Span) -> bool {
    let (codes, counts) = (&span.cells.currency[span.rows.clone()], &span.cells.net_lines[span.rows.clone()]);
    let mut named =
        codes.iter().zip(counts).filter(|&(&code, &lines)| lines > 0 && code != NONE).map(|(&code, _)| code);
    let Some(first) = named.next() else { return false };
    first == MIXED || named.any(|code| code != first)
}
