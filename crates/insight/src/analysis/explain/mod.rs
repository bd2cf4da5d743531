//! Why sales moved from one window to another: a bridge whose bars add up to the difference, exactly.
//!
//! Accounts come first: what new, reactivated and lost accounts brought or took (METHODS §0) is theirs alone. The sales
//! of accounts that bought in both windows are compared product by product: price, quantity and mix (METHODS §1), new and
//! dropped products, returns. Foreign sales are compared at the rates of the base window; what the rates changed is a bar. In one manager's bridge accounts that changed hands are a bar of their own, and compared
//! with what they bought from the manager before.

mod answer;
mod gather;
mod hand_over;
mod json;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::{Money, Period, Quantity};

pub use answer::explain;

use crate::metrics::{Basis, Dimension, Filter};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Compared with.
    pub base: Period,
    /// What is explained.
    pub current: Period,
    /// Of one manager, by id; of the whole company unless given.
    pub manager: Option<String>,
    /// Only these lines. Conditions on months are refused: the windows say when.
    pub filter: Option<Filter>,
    /// The bridge begins at the target of the current window instead of the base window's sales.
    pub against_target: bool,
    /// Members shown behind a bar, at most.
    pub items: usize,
}

/// One bar of the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bar {
    /// How much more (or less) than the base window the target asked for: base − target.
    Asked,
    /// Accounts that changed hands.
    HandOver,
    /// Other prices for what is sold now.
    Price,
    /// More or less sold altogether; where the market is known, in two parts.
    Quantity,
    /// The market grew or shrank; the share of it stayed.
    MarketSize,
    /// The share of the market changed.
    MarketShare,
    /// A shift towards dearer or cheaper products.
    Mix,
    /// New accounts, and products that accounts bought newly.
    New,
    /// Accounts that came back.
    Reactivated,
    /// Lost accounts, and products that accounts bought no more.
    Lost,
    /// The change in returns.
    Returns,
    /// Foreign sales at the current window's rates instead of the base window's.
    Currency,
    /// What cannot be split into price and quantity.
    Adjustments,
}

/// Whom a part of a bar belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// Product or account.
    pub dimension: Dimension,
    /// Its code; [`crate::metrics::NONE`] = lines that name none.
    pub code: u32,
}

/// A member's part of a bar, with what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Whose.
    pub member: Member,
    /// Its id; `None` = lines that name none.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its part of the bar.
    pub amount: Money,
    /// Its sales in the base window, as the bar compares them.
    pub base: Money,
    /// Its sales in the current window.
    pub current: Money,
    /// What was sold in the base window, returns not taken off, where it is known in one unit of measure.
    pub quantity_base: Option<Quantity>,
    /// What was sold in the current window.
    pub quantity_current: Option<Quantity>,
}

/// A bar with the members that weigh most.
#[derive(Debug, Clone, PartialEq)]
pub struct BarOf {
    /// Which bar.
    pub bar: Bar,
    /// Its height.
    pub amount: Money,
    /// How many members have a part in it.
    pub count: usize,
    /// The largest parts.
    pub items: Vec<Part>,
    /// The sum of the parts that are not shown.
    pub rest: Money,
}

/// Quantity and mix in contribution: valued at the base window's margin per unit instead of its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// More or less sold altogether.
    pub quantity: Money,
    /// A shift towards products of higher or lower margin.
    pub mix: Money,
    /// Base sales of the products whose costs are known, of all that are compared.
    pub covered: Money,
    /// Base sales of all products that are compared.
    pub compared: Money,
}

/// Something the reader should know about the bridge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// Products are sold in several units of measure: quantity and mix are judged within each.
    SeveralUnits(usize),
    /// Products whose unit is not the same everywhere, so that they have no price; their change is an adjustment.
    MixedUnits(usize),
    /// Sales of lines without quantity or product, in both windows together: their change is an adjustment.
    Unpriced(Money),
    /// No line names a product: accounts are compared instead.
    NoProducts,
    /// The base window begins before the data.
    BaseBeforeData,
    /// Targets cover only part of what is shown.
    TargetCoverage(f64),
    /// The share of the market in goods, then and now, of what is compared.
    MarketShares(f64, f64),
}

/// The bridge from the base to the current window.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Compared with.
    pub base: Period,
    /// What is explained.
    pub current: Period,
    /// The manager's id and name, where it is one manager's.
    pub manager: Option<(String, Option<String>)>,
    /// The condition as it was asked.
    pub filter: Option<String>,
    /// What accounts that stayed are compared by.
    pub level: Dimension,
    /// Net sales of the base window, or the target.
    pub from: Money,
    /// Net sales of the current window.
    pub to: Money,
    /// The bars in order; they add up to `to` − `from`.
    pub bars: Vec<BarOf>,
    /// Quantity and mix in contribution, where costs are known.
    pub contribution: Option<Contribution>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// The currency of the amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

impl Explanation {
    /// `to` − `from`: what the bars add up to.
    pub fn difference(&self) -> Money {
        self.to - self.from
    }

    /// The height of a bar; zero where it does not occur.
    pub fn amount(&self, bar: Bar) -> Money {
        self.bars.iter().find(|known| known.bar == bar).map_or(Money::ZERO, |known| known.amount)
    }
}
