//! The input of the kernel: lines grouped into cells.

use std::{ops::Range, sync::Arc};

use takar_model::{Credit, Lang, Month, Period};

use super::{Basis, Dimension, MarketSize, Names, Reach, Target};

/// The code for "no value": a line without a manager, an unassigned account, lines without a unit.
pub const NONE: u32 = u32::MAX;
/// The unit or currency code of a cell whose lines have more than one.
pub const MIXED: u32 = u32::MAX - 1;
/// Whether a code is another one than those before, or several. Lines that name no currency are in the company's own, and mix with any;
/// those that name no unit do not.
pub(crate) fn differs(known: &mut Option<u32>, code: u32, none_is_any: bool) -> bool {
    if none_is_any && code == NONE {
        return false;
    }
    code == MIXED || *known.get_or_insert(code) != code
}

/// The first-order day of a cell or an account without an order.
pub const NO_ORDER: i32 = i32::MAX;

/// Lines grouped by month and by the dimensions of a [`Grain`]: a struct of equally long arrays.
///
/// Cells are sorted by month and within a month by account code (where the grain has accounts), so that a
/// window of whole months is one slice of rows. Money is in 1/10,000, quantities in 1/1,000,000; both may be
/// negative. Codes point into [`Names`]; [`NONE`] is "no value"; the array of a dimension outside the grain
/// is empty.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    /// Account codes; [`NONE`] = unassigned: counts in sums, not in account KPIs.
    pub account: Vec<u32>,
    /// Manager codes (the manager the line is credited to).
    pub manager: Vec<u32>,
    /// Product codes.
    pub product: Vec<u32>,
    /// Category codes.
    pub category: Vec<u32>,
    /// Region codes.
    pub region: Vec<u32>,
    /// Segment codes.
    pub segment: Vec<u32>,
    /// Branch codes.
    pub branch: Vec<u32>,
    /// [`Month::index`] of the lines.
    pub month: Vec<i32>,
    /// How many lines.
    pub lines: Vec<u32>,
    /// How many of them have a net amount.
    pub net_lines: Vec<u32>,
    /// Σ net.
    pub net: Vec<i64>,
    /// How many lines have a quantity.
    pub quantity_lines: Vec<u32>,
    /// Σ quantity.
    pub quantity: Vec<i64>,
    /// Σ quantity over the lines that are no returns.
    pub quantity_before_returns: Vec<i64>,
    /// The one unit code of the lines that have a quantity ([`NONE`] = all without unit, [`MIXED`] = several,
    /// or some with and some without); anything where `quantity_lines` is 0.
    pub unit: Vec<u32>,
    /// The one currency code of the lines that have an amount; lines that name none are in the company's own and mix
    /// with any one. [`NONE`] = none names one, [`MIXED`] = several.
    pub currency: Vec<u32>,
    /// Σ (net + discount) over the lines that have both.
    pub gross: Vec<i64>,
    /// Σ discount over the lines that have both a net amount and a discount.
    pub discount: Vec<i64>,
    /// How many lines have both a net amount and a cost.
    pub cost_lines: Vec<u32>,
    /// Σ cost over the lines that have both.
    pub cost: Vec<i64>,
    /// Σ net over the lines that have both.
    pub net_with_cost: Vec<i64>,
    /// Σ |net| over the returns (quantity < 0, or net < 0 without a quantity); never negative.
    pub returns: Vec<i64>,
    /// Σ net over the lines that are no returns.
    pub net_before_returns: Vec<i64>,
    /// Distinct orders in the cell: source + invoice number, else account + day, with at least one *order line*
    /// (quantity > 0, or net > 0 without a quantity) in the cell.
    pub orders: Vec<u32>,
    /// Epoch day of the first order line in the cell, else [`NO_ORDER`].
    pub first_order: Vec<i32>,
    /// Orders that are counted in more than one cell.
    pub shared_orders: SharedOrders,
}

/// Orders with order lines in several cells: for each, the rows of these cells.
///
/// Distinct orders over a set of cells = Σ `orders` − Σ over shared orders (its cells in the set − 1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedOrders {
    rows: Vec<u32>,
    ends: Vec<u32>,
}

impl SharedOrders {
    /// Adds an order that is counted in the cells `rows` (each once).
    pub fn push(&mut self, rows: &[u32]) {
        self.rows.extend_from_slice(rows);
        self.ends.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
    }

    /// The cell rows of each order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.rows.get(start as usize..end as usize).unwrap_or_default())
    }

    /// How many orders.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// No order lies in several cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl Cells {
    /// How many cells.
    pub fn len(&self) -> usize {
        self.month.len()
    }

    /// There are no cells.
    pub fn is_empty(&self) -> bool {
        self.month.is_empty()
    }

    /// The codes of a dimension that cells carry; empty where the grain lacks it or the dimension is derived.
    pub fn codes(&self, dimension: Dimension) -> &[u32] {
        match dimension {
            Dimension::Account => &self.account,
            Dimension::Manager => &self.manager,
            Dimension::Product => &self.product,
            Dimension::Category => &self.category,
            Dimension::Region => &self.region,
            Dimension::Segment => &self.segment,
            Dimension::Branch => &self.branch,
            Dimension::Supervisor | Dimension::Month | Dimension::Quarter | Dimension::Year => &[],
        }
    }

    /// The rows of the months that `period` touches.
    pub fn rows(&self, period: Period) -> Range<usize> {
        let (first, last) = (period.from().month().index(), period.to().month().index());
        self.month.partition_point(|&month| month < first)..self.month.partition_point(|&month| month <= last)
    }

    /// Says what is wrong with the cells, if anything: lengths that differ, months out of order, a dimension of
    /// the grain missing. Cheap: one pass over the months.
    pub fn check(&self, grain: Grain) -> Result<(), SourceError> {
        let length = self.len();
        let measures = [
            self.net.len(),
            self.quantity.len(),
            self.quantity_before_returns.len(),
            self.gross.len(),
            self.discount.len(),
            self.cost.len(),
            self.net_with_cost.len(),
            self.returns.len(),
            self.net_before_returns.len(),
            self.lines.len(),
            self.net_lines.len(),
            self.quantity_lines.len(),
            self.cost_lines.len(),
            self.unit.len(),
            self.currency.len(),
            self.orders.len(),
            self.first_order.len(),
        ];
        let complete = grain.dimensions().all(|dimension| self.codes(dimension).len() == length);
        if !complete || measures.iter().any(|&measure| measure != length) || !self.month.is_sorted() {
            return Err(SourceError {
                id: "sel panel tidak utuh atau tidak urut bulan; jalankan takar rebuild".to_owned(),
                en: "the panel cells are incomplete or not in order of months; run takar rebuild".to_owned(),
            });
        }
        Ok(())
    }
}

/// The dimensions that cells have to be grouped by (months always are), and whether their orders are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Grain(u16);

/// The bit of a grain that asks for orders; dimensions are below it.
const ORDERS: u16 = 1 << 15;
/// The bit of a grain whose reader does not tell months apart.
const MONTHS_TOGETHER: u16 = 1 << 14;

impl Grain {
    /// Months only.
    pub const MONTHS: Self = Self(0);

    /// With one dimension more. A supervisor is found through the manager; months are always there.
    #[must_use]
    pub const fn with(self, dimension: Dimension) -> Self {
        match dimension {
            Dimension::Supervisor => self.with(Dimension::Manager),
            Dimension::Month | Dimension::Quarter | Dimension::Year => self,
            _ => Self(self.0 | 1 << dimension as u16),
        }
    }

    /// With the orders counted: they do not add up across cells, so not every source of sums has them.
    #[must_use]
    pub const fn with_orders(self) -> Self {
        Self(self.0 | ORDERS)
    }

    /// The orders have to be counted; else `orders` may be anything and `shared_orders` empty.
    pub const fn has_orders(self) -> bool {
        self.0 & ORDERS != 0
    }

    /// Months need not be told apart: the cells of a range may all be in its first month. Far fewer where accounts
    /// meet products.
    #[must_use]
    pub const fn months_together(self) -> Self {
        Self(self.0 | MONTHS_TOGETHER)
    }

    /// Months need not be told apart.
    pub const fn has_months_together(self) -> bool {
        self.0 & MONTHS_TOGETHER != 0
    }

    /// Cells have to be grouped by this dimension.
    pub const fn has(self, dimension: Dimension) -> bool {
        self.0 & (1 << dimension as u16) != 0
    }

    /// Its dimensions.
    pub fn dimensions(self) -> impl Iterator<Item = Dimension> {
        Dimension::ALL.into_iter().filter(move |&dimension| self.has(dimension))
    }

    /// Every dimension of `other` is in this grain, and orders where it asks for them: its cells can answer a
    /// question at that grain.
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// On which days each account ordered, and for how much: what its rhythm is read from.
///
/// Only days with an order line count (quantity > 0, or net > 0 without a quantity); several orders of one day are one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderDays {
    ends: Vec<u32>,
    days: Vec<i32>,
    net: Vec<i64>,
}

impl OrderDays {
    /// From (account code, epoch day, net of the order lines in 1/10,000), in any order; the same day may come several
    /// times. `accounts` is how many accounts there are; rows beyond it (unassigned ones) are left out.
    pub fn of(accounts: usize, mut rows: Vec<(u32, i32, i64)>) -> Self {
        rows.sort_unstable();
        let mut found = Self { ends: vec![0; accounts], days: Vec::new(), net: Vec::new() };
        for same_day in rows.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let (account, day, _) = same_day[0];
            let Some(end) = found.ends.get_mut(account as usize) else { continue };
            found.days.push(day);
            found.net.push(same_day.iter().fold(0, |sum: i64, (_, _, net)| sum.saturating_add(*net)));
            *end = u32::try_from(found.days.len()).unwrap_or(u32::MAX);
        }
        // An account without an order ends where the one before it does.
        let mut before = 0;
        for end in &mut found.ends {
            *end = before.max(*end);
            before = *end;
        }
        found
    }

    /// How many accounts, with or without orders.
    pub fn accounts(&self) -> usize {
        self.ends.len()
    }

    /// The epoch days of an account's orders, ascending, and the net of each day in 1/10,000.
    pub fn of_account(&self, account: u32) -> (&[i32], &[i64]) {
        let place = account as usize;
        let end = self.ends.get(place).copied().unwrap_or_default() as usize;
        let start = if place == 0 { 0 } else { self.ends.get(place - 1).copied().unwrap_or_default() as usize };
        (self.days.get(start..end).unwrap_or_default(), self.net.get(start..end).unwrap_or_default())
    }
}

/// Where cells come from: the lake, or a test.
pub trait CellSource {
    /// The cells of the lines in `range`, grouped at least by `grain` (a finer grain is as good, only slower).
    ///
    /// Where `range` is whole months, cells of other months may be there too and are ignored: a source can
    /// hand out one panel for every question. Otherwise the cells hold the lines of exactly these days.
    ///
    /// # Errors
    /// When the data cannot be read.
    fn cells(&self, range: Period, grain: Grain) -> Result<Arc<Cells>, SourceError>;

    /// The same cells with foreign amounts converted at the mean rate of `window` instead of their own day's; `None` where
    /// nothing is converted.
    ///
    /// # Errors
    /// When the data cannot be read.
    fn cells_at_rates_of(
        &self,
        window: Period,
        range: Period,
        grain: Grain,
    ) -> Result<Option<Arc<Cells>>, SourceError> {
        let _ = (window, range, grain);
        Ok(None)
    }

    /// The order days of every account, whoever served it.
    ///
    /// # Errors
    /// When the data cannot be read.
    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError>;

    /// The first and the last date of the data; `None` without lines.
    fn extent(&self) -> Option<Period>;

    /// By account code: epoch day of the first order ever, [`NO_ORDER`] without one.
    fn first_orders(&self) -> &[i32];

    /// The names behind the codes.
    fn names(&self) -> &Names;

    /// The version of the data, printed beside every figure.
    fn data_version(&self) -> u64;

    /// The rule that credits sales to managers.
    fn credit(&self) -> Credit {
        Credit::Recorded
    }

    /// What every figure from here rests on.
    fn basis(&self) -> Basis {
        Basis { data_version: self.data_version(), credit: self.credit() }
    }

    /// Whose figures the reader may see; everybody's without one.
    fn reach(&self) -> Option<&Reach> {
        None
    }

    /// Everybody's figures, to place the own ones among: of others no more than what all have in common may be told. The
    /// source itself where the reader may see everybody.
    fn peers(&self) -> Option<&dyn CellSource> {
        None
    }

    /// The targets that hold now.
    fn targets(&self) -> &[Target];

    /// Market sizes, where any were imported.
    fn market(&self) -> &[MarketSize] {
        &[]
    }

    /// The last month that is complete in the data: its last day is no later than the last date.
    fn last_complete_month(&self) -> Option<Month> {
        let last = self.extent()?.to();
        let month = last.month();
        Some(if month.last_day() <= last { month } else { month.plus(-1) })
    }
}

/// The data could not be read; said in both languages by whoever read it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct SourceError {
    /// What happened and what to do, in Indonesian.
    pub id: String,
    /// What happened and what to do, in English.
    pub en: String,
}

impl SourceError {
    /// The error for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}
