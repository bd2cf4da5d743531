//! Single sales lines, for what only they can tell: a price below a floor, an order below a minimum.

use takar_model::Period;

use crate::metrics::SourceError;

/// A sales line as it counts: under the ids that count, in the company's own currency and unit. Codes point into [`Names`](crate::metrics::Names),
/// [`NONE`](crate::metrics::NONE) is no value; money in 1/10,000, quantity in 1/1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldLine {
    /// The account.
    pub account: u32,
    /// The manager the line is credited to.
    pub manager: u32,
    /// The region.
    pub region: u32,
    /// The segment.
    pub segment: u32,
    /// The branch.
    pub branch: u32,
    /// The product.
    pub product: u32,
    /// The unit of the quantity.
    pub unit: u32,
    /// What tells its order from others: source and invoice, else account and day.
    pub order: u128,
    /// Its day, counted from 1970-01-01.
    pub day: i32,
    /// How many.
    pub quantity: Option<i64>,
    /// Net sales.
    pub net: Option<i64>,
    /// The cost of the goods.
    pub cost: Option<i64>,
}

impl SoldLine {
    /// It makes an order (METHODS §0): quantity > 0, or net > 0 where there is no quantity.
    pub fn is_ordered(&self) -> bool {
        self.quantity.map_or(self.net.is_some_and(|net| net > 0), |quantity| quantity > 0)
    }
}

/// Where lines are read.
pub trait SoldSource {
    /// Hands over every line of a window. Lines are read side by side, each part into a state of its own; no order of lines or parts is promised.
    ///
    /// # Errors
    /// Where the lines cannot be read.
    fn sold<T: Send>(
        &self,
        window: Period,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &SoldLine) + Sync,
    ) -> Result<Vec<T>, SourceError>;
}
