//! How much everyone sells, and how much of it is ours.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use takar_model::{Money, Period, Quantity};

use super::{
    Dimension, NONE, Target,
    keys::{Groups, Keyer, OUT, Span},
};

/// The size of the market over some days. It holds for the members that it names; `None` means that it does not tell them
/// apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketSize {
    /// The category's code.
    pub category: Option<u32>,
    /// The region's code.
    pub region: Option<u32>,
    /// The segment's code.
    pub segment: Option<u32>,
    /// The days it is for.
    pub period: Period,
    /// What is counted: `units` or `net_sales`.
    pub kpi: String,
    /// How much: money, or goods with four decimals.
    pub value: Money,
}

/// What a size of the market is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Counts {
    /// Money.
    #[default]
    Net,
    /// Goods.
    Units,
}

/// Market and own sales of one group, in smallest units of what they are told in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marketed {
    /// How many members or combinations of them have a size.
    pub cells: u32,
    /// What is counted.
    pub counts: Counts,
    /// Σ size.
    pub size: i128,
    /// Σ own sales where there is a size.
    pub sold: i128,
    /// Σ size × planned share, in 1/10,000 of the size; none where a size has no plan.
    pub planned: Option<i128>,
}

/// The dimensions that a size may name.
const TOLD: [Dimension; 3] = [Dimension::Category, Dimension::Region, Dimension::Segment];

/// The codes of the members that a size names.
type Cell = [u32; 3];

/// Sizes by the members that they name.
type SizesByCell<'sizes> = BTreeMap<Cell, Vec<&'sizes MarketSize>>;

/// The sizes that one window is measured by: all of one kind and grain.
pub(super) struct MarketPlan<'sizes> {
    /// The dimensions that they name.
    pub dimensions: Vec<Dimension>,
    counts: Counts,
    /// By cell: the sizes that fill the window.
    cells: SizesByCell<'sizes>,
    /// Targets for the share.
    plans: Vec<&'sizes Target>,
}

impl<'sizes> MarketPlan<'sizes> {
    /// Chooses the sizes for a window: those in money before those in units, and of the lists that tell apart all that the
    /// answer and its filter tell apart, the coarsest. A member whose sizes leave a gap in the window is left out.
    pub fn choose(
        sizes: &'sizes [MarketSize],
        targets: &'sizes [Target],
        keyer: &Keyer,
        window: Period,
    ) -> Option<Self> {
        for (kpi, counts) in [("net_sales", Counts::Net), ("units", Counts::Units)] {
            let mut lists: BTreeMap<(usize, Vec<Dimension>), SizesByCell<'_>> = BTreeMap::new();
            for size in sizes.iter().filter(|size| size.kpi == kpi && is_inside(window, size.period)) {
                let named: Vec<Dimension> =
                    TOLD.into_iter().filter(|dimension| size.code(*dimension) != NONE).collect();
                let tells_all = keyer.dimensions().iter().all(|dimension| named.contains(dimension));
                if tells_all && passes(size, keyer) {
                    let list = lists.entry((named.len(), named)).or_default();
                    list.entry(TOLD.map(|dimension| size.code(dimension))).or_default().push(size);
                }
            }
            for ((_, dimensions), mut cells) in lists {
                cells.retain(|_, sizes| fills(window, sizes));
                if !cells.is_empty() {
                    let plans = targets.iter().filter(|target| target.kpi == "market_share").collect();
                    return Some(Self { dimensions, counts, cells, plans });
                }
            }
        }
        None
    }

    /// Adds up sizes and the sales of their cells by group, over the rows of the window.
    pub fn count(&self, keyer: &Keyer, span: &Span, keys: &[u32], groups: &Groups) -> Vec<Marketed> {
        let fresh = Marketed { counts: self.counts, planned: Some(0), ..Marketed::default() };
        let mut marketed = vec![fresh; groups.shown.len()];
        let mut group_of: FxHashMap<Cell, usize> = FxHashMap::default();
        let scale = match self.counts {
            Counts::Net => 1,
            Counts::Units => Quantity::ONE / Money::ONE,
        };
        for (cell, sizes) in &self.cells {
            let Ok(group) = groups.shown.binary_search(&self.shown_key(keyer, cell)) else { continue };
            group_of.insert(*cell, group);
            let sums = &mut marketed[group];
            sums.cells += 1;
            for size in sizes {
                let value = size.value.units() * scale;
                sums.size += value;
                sums.planned = sums.planned.zip(self.plan_of(size)).map(|(sum, plan)| sum + value * plan);
            }
        }
        for (row, &key) in span.rows.clone().zip(keys) {
            let group = groups.group_of[key as usize];
            let cell = TOLD.map(|dimension| match self.dimensions.contains(&dimension) {
                true => span.cells.codes(dimension)[row],
                false => NONE,
            });
            if group != OUT && group_of.get(&cell) == Some(&(group as usize)) {
                marketed[group as usize].sold += match self.counts {
                    Counts::Net => i128::from(span.cells.net[row]),
                    Counts::Units => i128::from(span.cells.quantity[row]),
                };
            }
        }
        marketed
    }

    /// The shown keys of the sizes, so that a region without own sales has a row.
    pub fn shown_keys(&self, keyer: &Keyer) -> Vec<u64> {
        self.cells.keys().map(|cell| self.shown_key(keyer, cell)).collect()
    }

    fn shown_key(&self, keyer: &Keyer, cell: &Cell) -> u64 {
        let place = |dimension| TOLD.iter().position(|told| *told == dimension);
        keyer.shown_key(|dimension| place(dimension).map_or(NONE, |place| cell[place]))
    }

    /// The planned share of exactly this size, in 1/10,000.
    fn plan_of(&self, size: &MarketSize) -> Option<i128> {
        let is_for = |target: &&&Target| {
            let others = [target.manager, target.account, target.product, target.branch];
            others.iter().all(Option::is_none)
                && (target.category, target.region, target.segment, target.period)
                    == (size.category, size.region, size.segment, size.period)
        };
        self.plans.iter().find(is_for).map(|target| target.value.units())
    }
}

impl MarketSize {
    fn code(&self, dimension: Dimension) -> u32 {
        let code = match dimension {
            Dimension::Category => self.category,
            Dimension::Region => self.region,
            Dimension::Segment => self.segment,
            _ => None,
        };
        code.unwrap_or(NONE)
    }
}

fn is_inside(window: Period, period: Period) -> bool {
    window.from() <= period.from() && period.to() <= window.to()
}

/// The filter holds for the size in each of its months.
fn passes(size: &MarketSize, keyer: &Keyer) -> bool {
    let (first, last) = (size.period.from().month().index(), size.period.to().month().index());
    (first..=last).all(|month| keyer.passes(&|dimension| size.code(dimension), month))
}

/// The periods of the sizes fill the window without gap or overlap.
fn fills(window: Period, sizes: &[&MarketSize]) -> bool {
    let mut periods: Vec<(i32, i32)> =
        sizes.iter().map(|size| (size.period.from().epoch_days(), size.period.to().epoch_days())).collect();
    periods.sort_unstable();
    let mut next = window.from().epoch_days();
    periods.iter().all(|(from, to)| {
        let follows = *from == next;
        next = to + 1;
        follows
    }) && next == window.to().epoch_days() + 1
}
