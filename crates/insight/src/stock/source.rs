//! What stock is worked out from: demand by product, branch and block of days, and what was told of stock.

use takar_model::{Day, Period};

use crate::metrics::SourceError;

/// Blocks that are looked at, at most: the latest ones.
const MOST_BLOCKS: u16 = 60;

/// Equally long blocks of days that end with the last day of the data, the earliest first.
///
/// A block is as long as the stock has to last, so that what one brings is the demand that stock is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Blocks {
    last: Day,
    days: u16,
    count: u16,
}

impl Blocks {
    /// The blocks of `days` days (1 or more) that the data hold whole, the latest 60 at most.
    pub fn of(data: Period, days: u16) -> Self {
        let days = days.max(1);
        let whole = data.days() / i32::from(days);
        Self { last: data.to(), days, count: u16::try_from(whole).unwrap_or(MOST_BLOCKS).min(MOST_BLOCKS) }
    }

    /// How many.
    pub const fn count(self) -> usize {
        self.count as usize
    }

    /// How long each is.
    pub const fn days(self) -> u16 {
        self.days
    }

    /// The last day of the last one.
    pub const fn last(self) -> Day {
        self.last
    }

    /// The days of a block; the one after the last is the coming one.
    pub fn span(self, place: usize) -> Period {
        let ahead = i32::try_from(place).unwrap_or(i32::MAX).saturating_sub(i32::from(self.count));
        let days = i32::from(self.days);
        let first = self.last.plus_days(ahead * days + 1);
        Period::new(first, first.plus_days(days - 1)).unwrap_or_else(|| Period::month(first.month()))
    }

    /// The block of a day, in days since 1970-01-01.
    pub fn place(self, day: i32) -> Option<usize> {
        let ago = self.last.epoch_days().checked_sub(day).filter(|ago| *ago >= 0)? / i32::from(self.days);
        self.count().checked_sub(1 + usize::try_from(ago).ok()?)
    }

    /// From the first day of the first to the last day of the last; none without a block.
    pub fn window(self) -> Option<Period> {
        (self.count > 0).then(|| Period::new(self.span(0).from(), self.last)).flatten()
    }
}

/// What one block brought. Quantities in 1/1,000,000, money in 1/10,000; returns are not taken off: they are no demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sold {
    /// Which block.
    pub block: u16,
    /// Σ quantity of the lines of a quantity above 0.
    pub quantity: i64,
    /// The same of those that have a net above 0 too.
    pub priced: i64,
    /// Σ net of these.
    pub net: i64,
}

/// A product in a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// Product code.
    pub product: u32,
    /// Branch code, or [`crate::metrics::NONE`].
    pub branch: u32,
    /// The one unit of its quantities, [`crate::metrics::NONE`] or [`crate::metrics::MIXED`].
    pub unit: u32,
    /// The day of its last sale, in days since 1970-01-01.
    pub last_sold: i32,
    /// Where its rows end.
    pub end: u32,
}

/// What was sold of everything, everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// By product code, then by branch code.
    pub shelves: Vec<Shelf>,
    /// By shelf, then by block; blocks without a sale are left out.
    pub sold: Vec<Sold>,
}

impl Demand {
    /// The rows of a shelf.
    pub fn of(&self, place: usize) -> &[Sold] {
        let end = self.shelves.get(place).map_or(0, |shelf| shelf.end as usize);
        let start =
            place.checked_sub(1).and_then(|before| self.shelves.get(before)).map_or(0, |shelf| shelf.end as usize);
        self.sold.get(start..end).unwrap_or_default()
    }
}

/// What a row told of stock, its quantity in the unit that lines are told in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The product's id.
    pub product: String,
    /// Where; everywhere without a branch.
    pub branch: Option<String>,
    /// The day, or the first one.
    pub day: Day,
    /// The last one, where the row tells of several.
    pub until: Option<Day>,
    /// How much there was, in 1/1,000,000.
    pub quantity: Option<i64>,
    /// In which unit.
    pub unit: Option<String>,
    /// It was out.
    pub is_out: bool,
    /// On how many days, where the row tells no last one.
    pub days_out: Option<u16>,
}

/// Who hands these over.
pub trait StockSource {
    /// What was sold in each block, from one reading of the lines.
    ///
    /// # Errors
    /// Where the lines cannot be read.
    fn sold(&self, blocks: Blocks) -> Result<Demand, SourceError>;

    /// What was told of stock in a window, by product, branch and day; `None` where nothing ever was.
    ///
    /// # Errors
    /// Where the table cannot be read.
    fn told(&self, window: Period) -> Result<Option<Vec<Told>>, SourceError>;
}
