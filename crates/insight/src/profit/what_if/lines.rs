//! What a floor of prices and a minimum order touch, line by line and order by order.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use takar_model::Period;

use super::{Change, SmallOrders};
use crate::{
    InsightError,
    format::money_of,
    metrics::{CellSource, Dimension, Filter, Grain, Mask, NONE, Names},
    opportunities::OpportunitySource,
    prices::PeerPrices,
    profit::{SoldLine, SoldSource, read::GRAIN},
};

/// What is touched of an account. Money in 1/10,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Touched {
    /// Lines that a floor raises, and by how much.
    pub raised_lines: u64,
    pub gain: i128,
    /// All orders, those below the minimum, and how many are not made in the end.
    pub orders: u64,
    pub small_orders: u64,
    pub orders_away: u64,
    /// What small orders come to, and their margin, at the prices after the floor.
    pub small_net: i128,
    pub small_margin: i128,
    /// The margin after the floor of what the change touches and leaves: raised lines, small orders that are made all the same.
    pub margin: i128,
}

/// What is touched, by account code, and what cannot be counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines {
    pub of: BTreeMap<u32, Touched>,
    /// Lines below the floor that have no cost, and what they would bring: their margin is not known, so profit has them not.
    pub uncosted: (u64, i128),
}

/// Reads the lines of a window.
pub(super) fn read<S: OpportunitySource + SoldSource>(
    source: &dyn CellSource,
    lines: &S,
    condition: Option<&Filter>,
    window: Period,
    change: Change,
) -> Result<Lines, InsightError> {
    let names = source.names();
    let floor = Floor::of(source, lines, window, change)?;
    let mask = condition.map(|filter| Mask::new(filter, names));
    let is_asked = |line: &SoldLine| {
        let month = takar_model::Day::from_epoch_days(line.day).map_or(0, |day| day.month().index());
        mask.as_ref().is_none_or(|mask| mask.holds(&|dimension| code(names, line, dimension), month) == Some(true))
    };
    let by_order = change.least_order.is_some();
    let parts = lines.sold(window, Part::default, |part, line| part.take(line, &floor, by_order, is_asked(line)))?;
    let mut all = Part::default();
    parts.into_iter().for_each(|part| all.merge(part));
    Ok(all.told(change))
}

fn code(names: &Names, line: &SoldLine, dimension: Dimension) -> u32 {
    match dimension {
        Dimension::Account => line.account,
        Dimension::Manager => line.manager,
        Dimension::Region => line.region,
        Dimension::Segment => line.segment,
        Dimension::Branch => line.branch,
        Dimension::Product => line.product,
        Dimension::Supervisor => names.supervisor_of(line.manager),
        _ => NONE,
    }
}

/// What a line has to come to.
struct Floor {
    /// What peers pay, and the share of it.
    peers: Option<(PeerPrices, f64)>,
    /// The segment of each account as it is at the end of the window.
    segments: Vec<u32>,
    /// What is added to the cost, in millionths of it.
    above_cost: Option<i128>,
}

impl Floor {
    fn of<S: OpportunitySource>(
        source: &dyn CellSource,
        lines: &S,
        window: Period,
        change: Change,
    ) -> Result<Self, InsightError> {
        let mut segments = vec![NONE; source.names().account.len()];
        let peers = match change.price_floor {
            None => None,
            Some(share) => {
                let grain = GRAIN.into_iter().fold(Grain::MONTHS, Grain::with);
                let cells = source.cells(window, grain)?;
                cells.check(grain)?;
                // Cells come by month: the last one of an account says what it is now.
                for row in cells.rows(window) {
                    if let Some(segment) = segments.get_mut(cells.account[row] as usize) {
                        *segment = cells.segment[row];
                    }
                }
                let of = |code: u32| segments.get(code as usize).copied().unwrap_or(NONE);
                // Everybody's: who sees only some accounts is held against the same peers.
                Some((PeerPrices::of(&lines.purchases(window, window)?, 0, of), share))
            }
        };
        Ok(Self { peers, segments, above_cost: change.above_cost.map(|share| (share * 1e6).round() as i128) })
    }

    /// What is lacking to the floor, in 1/10,000, the floor of a line rounded once; 0 where there is none, and for what is no sale.
    fn gain(&self, line: &SoldLine) -> i128 {
        let sold = line.net.filter(|net| *net > 0).zip(line.quantity.filter(|quantity| *quantity > 0));
        let Some((net, quantity)) = sold else { return 0 };
        let of_peers = self.peers.as_ref().and_then(|(peers, share)| {
            let segment = self.segments.get(line.account as usize).copied().unwrap_or(NONE);
            let (median, _) = peers.price(line.product, line.unit, segment)?;
            Some(per_million(money_of(median * share).units() * i128::from(quantity)))
        });
        let of_cost =
            self.above_cost.zip(line.cost).map(|(above, cost)| per_million(i128::from(cost) * (1_000_000 + above)));
        of_peers.max(of_cost).map_or(0, |floor| (floor - i128::from(net)).max(0))
    }
}

fn per_million(millionths: i128) -> i128 {
    (millionths + millionths.signum() * 500_000) / 1_000_000
}

/// Lines of an account or of an order that were asked for.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    raised_lines: u64,
    gain: i128,
    /// The margin after the floor of raised lines, and of all that have a cost.
    raised_margin: i128,
    margin: i128,
}

/// An order, or what an account has of one.
#[derive(Debug, Clone, Copy)]
struct Order {
    day: i32,
    /// What it comes to after the floor, whoever's its lines are.
    net: i128,
    /// A line of it was asked for.
    is_asked: bool,
    sums: Sums,
}

#[derive(Default)]
struct Part {
    accounts: FxHashMap<u32, Sums>,
    orders: FxHashMap<(u32, u128), Order>,
    uncosted: (u64, i128),
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.raised_lines += other.raised_lines;
        self.gain += other.gain;
        self.raised_margin += other.raised_margin;
        self.margin += other.margin;
    }
}

impl Part {
    fn take(&mut self, line: &SoldLine, floor: &Floor, by_order: bool, is_asked: bool) {
        if !line.is_ordered() || !(by_order || is_asked) {
            return;
        }
        let net = i128::from(line.net.unwrap_or_default());
        let gain = floor.gain(line);
        let mut sums = Sums::default();
        if is_asked {
            match line.net.and(line.cost) {
                Some(cost) => {
                    let margin = net + gain - i128::from(cost);
                    sums.margin = margin;
                    if gain > 0 {
                        (sums.raised_lines, sums.gain, sums.raised_margin) = (1, gain, margin);
                    }
                }
                None if gain > 0 => self.uncosted = (self.uncosted.0 + 1, self.uncosted.1 + gain),
                None => {}
            }
        }
        if by_order {
            let order = Order { day: line.day, net: net + gain, is_asked, sums };
            self.add_order((line.account, line.order), order);
        } else if gain > 0 {
            self.accounts.entry(line.account).or_default().add(sums);
        }
    }

    fn add_order(&mut self, key: (u32, u128), more: Order) {
        let order = self.orders.entry(key).or_insert(Order { net: 0, sums: Sums::default(), ..more });
        order.day = order.day.min(more.day);
        order.net += more.net;
        order.is_asked |= more.is_asked;
        order.sums.add(more.sums);
    }

    fn merge(&mut self, other: Self) {
        for (account, sums) in other.accounts {
            self.accounts.entry(account).or_default().add(sums);
        }
        for (key, order) in other.orders {
            self.add_order(key, order);
        }
        self.uncosted = (self.uncosted.0 + other.uncosted.0, self.uncosted.1 + other.uncosted.1);
    }

    fn told(self, change: Change) -> Lines {
        let mut lines = Lines { uncosted: self.uncosted, ..Lines::default() };
        for (account, sums) in self.accounts.into_iter().filter(|(_, sums)| sums.raised_lines > 0) {
            lines.of.entry(account).or_default().raise(sums);
        }
        let Some(least) = change.least_order else { return lines };
        let mut orders: Vec<((u32, i32, u128), Order)> =
            self.orders.into_iter().map(|((account, key), order)| ((account, order.day, key), order)).collect();
        // An account's in the order of days; several of a day by what tells them apart.
        orders.sort_unstable_by_key(|(key, _)| *key);
        for of_account in orders.chunk_by(|one, other| one.0.0 == other.0.0) {
            let touched = lines.of.entry(of_account[0].0.0).or_default();
            let asked = of_account.iter().map(|(_, order)| order).filter(|order| order.is_asked);
            // What waits for the next order: how many orders, and what they come to.
            let (mut waiting, mut carried) = (0_u64, 0_i128);
            for order in asked {
                touched.orders += 1;
                let is_small = order.net < least.units();
                if is_small {
                    touched.small_orders += 1;
                    touched.small_net += order.net;
                    touched.small_margin += order.sums.margin;
                }
                touched.raised_lines += order.sums.raised_lines;
                touched.gain += order.sums.gain;
                touched.margin += match (is_small, change.small_orders) {
                    (false, _) => order.sums.raised_margin,
                    (true, SmallOrders::Refuse) => 0,
                    (true, SmallOrders::Merge | SmallOrders::Fee(_)) => order.sums.margin,
                };
                if carried + order.net < least.units() {
                    (waiting, carried) = (waiting + 1, carried + order.net);
                } else {
                    if change.small_orders == SmallOrders::Merge {
                        touched.orders_away += waiting;
                    }
                    (waiting, carried) = (0, 0);
                }
            }
            match change.small_orders {
                SmallOrders::Refuse => touched.orders_away = touched.small_orders,
                SmallOrders::Merge => touched.orders_away += waiting.saturating_sub(1),
                SmallOrders::Fee(_) => {}
            }
        }
        lines.of.retain(|_, touched| touched.orders > 0 || touched.raised_lines > 0);
        lines
    }
}

impl Touched {
    fn raise(&mut self, sums: Sums) {
        self.raised_lines += sums.raised_lines;
        self.gain += sums.gain;
        self.margin += sums.raised_margin;
    }
}
