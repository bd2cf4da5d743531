//! Accounts that changed hands between the windows.
//!
//! Of an account that bought in both windows, a manager who was credited in the base window only has handed it over. What
//! these managers sold then moves to one taker: of the managers credited now, first those who were not before, then the
//! one with most sales, ties to the lower id. Over all managers the hand-overs add up to nothing.

use rustc_hash::FxHashMap;

use super::gather::{Gathered, Row, Window};

/// Rows of accounts that stayed, of all managers.
#[derive(Debug, Default)]
pub(super) struct HandOver {
    rows: Vec<Row>,
}

impl HandOver {
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds the manager's own rows, and the base of what was taken over, to the accounts that stayed; what was handed
    /// over leaves the comparison. `rank` is a manager's place in the order of ids.
    pub(super) fn settle(mut self, manager: u32, rank: &dyn Fn(u32) -> u32, gathered: &mut Gathered) {
        self.rows.sort_unstable_by_key(|row| (row.account, row.window, row.manager, row.product));
        for account in self.rows.chunk_by(|one, other| one.account == other.account) {
            if !account.iter().any(|row| row.manager == manager) {
                continue;
            }
            let moves = Moves::of(account, rank);
            for row in account {
                let is_own = row.manager == manager;
                let has_left = row.window == Window::Base && moves.leavers.contains(&row.manager);
                match (is_own, has_left) {
                    // Handed over: out of the comparison.
                    (true, true) => gathered.moves(row.account, -row.sums.net()),
                    (true, false) => gathered.add_kept(row),
                    (false, true) if moves.taker == Some(manager) => {
                        gathered.moves(row.account, row.sums.net());
                        gathered.add_kept(row);
                    }
                    (false, _) => {}
                }
            }
        }
    }
}

impl Gathered {
    fn moves(&mut self, account: u32, amount: i128) {
        *self.hand_over.entry(account).or_default() += amount;
    }
}

/// Who left an account and who took it.
struct Moves {
    leavers: Vec<u32>,
    taker: Option<u32>,
}

impl Moves {
    fn of(rows: &[Row], rank: &dyn Fn(u32) -> u32) -> Self {
        let credited = |window: Window| {
            let mut net: FxHashMap<u32, i128> = FxHashMap::default();
            for row in rows.iter().filter(|row| row.window == window) {
                *net.entry(row.manager).or_default() += row.sums.net();
            }
            net
        };
        let (before, now) = (credited(Window::Base), credited(Window::Current));
        let leavers: Vec<u32> = before.keys().copied().filter(|manager| !now.contains_key(manager)).collect();
        let weight = |manager: &u32| {
            (!before.contains_key(manager), now.get(manager).copied(), std::cmp::Reverse(rank(*manager)))
        };
        let taker = now.keys().copied().max_by_key(weight).filter(|_| !leavers.is_empty());
        // Where nobody is credited now (a filter may leave only the base), nothing changed hands.
        if taker.is_none() { Self { leavers: Vec::new(), taker } } else { Self { leavers, taker } }
    }
}
