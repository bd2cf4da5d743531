//! What comes out of a bridge: the bars, and the part of every item in every bar.

use serde::{Deserialize, Serialize};

use crate::{Amount, Units, amount::ratio};

/// One bar of the waterfall, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// What accounts taken over from somebody else sold in the base window.
    MovedIn,
    /// What accounts handed over to somebody else sold in the base window.
    MovedOut,
    /// Other prices for what is sold now: Σ (p₁ − p₀)·q₁, like for like.
    Price,
    /// More or less sold altogether, at the average base price: (Q₁ − Q₀)·P̄₀. Stands alone without a market.
    Quantity,
    /// The part of the quantity that the market brought: (M₁ − M₀)·share₀·P̄₀.
    Size,
    /// The part of the quantity that the share of the market brought: M₁·(share₁ − share₀)·P̄₀.
    Share,
    /// A shift towards dearer or cheaper items: Σ (q₁ − Q₁·s₀)·(p₀ − P̄₀).
    Mix,
    /// Items sold now and not in the base window.
    New,
    /// Items sold in the base window and not now.
    Lost,
    /// Sales of accounts that are new.
    NewAccount,
    /// Sales of accounts that came back.
    ReactivatedAccount,
    /// Sales of accounts that are lost.
    LostAccount,
    /// The change in returns.
    Returns,
    /// Amounts without a quantity above 0, such as rebates.
    Adjustments,
    /// What current exchange rates add over those of the base.
    Currency,
}

impl Bar {
    /// All bars in order.
    pub const ALL: [Self; 15] = [
        Self::MovedIn,
        Self::MovedOut,
        Self::Price,
        Self::Quantity,
        Self::Size,
        Self::Share,
        Self::Mix,
        Self::New,
        Self::Lost,
        Self::NewAccount,
        Self::ReactivatedAccount,
        Self::LostAccount,
        Self::Returns,
        Self::Adjustments,
        Self::Currency,
    ];

    /// Whether the bar is shown even where no item is part of it.
    pub(super) fn is_always_shown(self, with_market: bool) -> bool {
        match self {
            Self::Price | Self::Mix | Self::New | Self::Lost => true,
            Self::Quantity => !with_market,
            Self::Size | Self::Share => with_market,
            _ => false,
        }
    }
}

/// The height of one bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarTotal {
    /// Which bar.
    pub bar: Bar,
    /// The sum of its parts, in smallest units.
    pub amount: Amount,
    /// Items whose part is not 0.
    pub items: usize,
}

/// The part of one item in a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The item's place in the input, from 0.
    pub item: usize,
    /// Its part, in smallest units.
    pub amount: Amount,
}

/// How much of the sales is compared like for like: price, quantity and mix speak of that part only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Items that went in.
    pub items: usize,
    /// Items sold in both windows, by accounts that stayed.
    pub compared: usize,
    /// Sales of the base window, without returns.
    pub base_sales: Amount,
    /// The part of them that is compared.
    pub base_compared: Amount,
    /// Sales of the current window at base rates, without returns.
    pub current_sales: Amount,
    /// The part of them that is compared.
    pub current_compared: Amount,
    /// Compared quantity in the base window, Q₀.
    pub base_quantity: Units,
    /// Compared quantity in the current window, Q₁.
    pub current_quantity: Units,
}

impl Coverage {
    /// Share of the base sales that is compared; none without base sales.
    pub fn base_share(&self) -> Option<f64> {
        ratio(self.base_compared.0, self.base_sales.0)
    }

    /// Share of the current sales that is compared; none without current sales.
    pub fn current_share(&self) -> Option<f64> {
        ratio(self.current_compared.0, self.current_sales.0)
    }
}

/// Why an item's sales moved as a whole, or that they are compared like for like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Compared,
    /// The sold amount is one bar, what has no quantity is an adjustment.
    Whole(Bar),
}

/// The parts of one item: price, quantity and mix where it is compared, else its whole bar and its adjustment.
pub(super) type Row = [i128; 3];

/// Why the current total differs from the base total: the bars add up to the difference without a rest.
///
/// Made by [`super::bridge`]. Serialised, it has the bars and the coverage, not the parts of the items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bridge {
    /// `price-quantity-mix`.
    pub model: &'static str,
    /// Sales and returns of the base window: the left end of the waterfall.
    pub base: Amount,
    /// Sales and returns of the current window at current rates: the right end.
    pub current: Amount,
    /// The bars in order. Price, quantity (or size and share), mix, new and lost always; others where they occur.
    pub bars: Vec<BarTotal>,
    /// What price, quantity and mix speak of.
    pub coverage: Coverage,
    #[serde(skip)]
    pub(super) classes: Vec<Class>,
    #[serde(skip)]
    pub(super) rows: Vec<Row>,
    #[serde(skip)]
    pub(super) extras: Extras,
}

/// Parts that most data has none of: one entry per item, or nothing at all where every entry would be 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Extras {
    pub(super) size: Vec<i128>,
    pub(super) returns: Vec<i128>,
    pub(super) currency: Vec<i128>,
    pub(super) moved_in: Vec<i128>,
    pub(super) moved_out: Vec<i128>,
}

impl Bridge {
    /// `current` − `base`: what the bars add up to.
    pub fn difference(&self) -> Amount {
        Amount(self.current.0 - self.base.0)
    }

    /// The height of a bar; 0 where it does not occur. [`Bar::Quantity`] is size + share where a market is given.
    pub fn amount(&self, bar: Bar) -> Amount {
        let shown = |bar: Bar| self.bars.iter().find(|total| total.bar == bar).map_or(0, |total| total.amount.0);
        if bar == Bar::Quantity {
            return Amount(shown(Bar::Quantity) + shown(Bar::Size) + shown(Bar::Share));
        }
        Amount(shown(bar))
    }

    /// Quantity + mix: Σ (q₁ − q₀)·p₀, like for like.
    pub fn volume(&self) -> Amount {
        Amount(self.amount(Bar::Quantity).0 + self.amount(Bar::Mix).0)
    }

    /// The part of one item (its place in the input) in a bar; 0 where it has none. The parts of all items add up to
    /// [`Bridge::amount`], the parts of one item in all bars to the change of that item.
    pub fn part(&self, bar: Bar, item: usize) -> Amount {
        let extra = |column: &[i128]| column.get(item).copied().unwrap_or(0);
        let Some((class, row)) = self.classes.get(item).zip(self.rows.get(item)) else { return Amount(0) };
        let compared = |place: usize| if *class == Class::Compared { row[place] } else { 0 };
        Amount(match bar {
            Bar::MovedIn => extra(&self.extras.moved_in),
            Bar::MovedOut => extra(&self.extras.moved_out),
            Bar::Price => compared(0),
            Bar::Quantity => compared(1),
            Bar::Size => extra(&self.extras.size),
            Bar::Share if self.extras.size.is_empty() => 0,
            Bar::Share => compared(1) - extra(&self.extras.size),
            Bar::Mix => compared(2),
            Bar::New | Bar::Lost | Bar::NewAccount | Bar::ReactivatedAccount | Bar::LostAccount => {
                if *class == Class::Whole(bar) { row[0] } else { 0 }
            }
            Bar::Returns => extra(&self.extras.returns),
            Bar::Adjustments => match class {
                Class::Compared => 0,
                Class::Whole(_) => row[1],
            },
            Bar::Currency => extra(&self.extras.currency),
        })
    }

    /// The parts of a bar in the order of the items, zeros included: for adding them up by account or product.
    pub fn parts(&self, bar: Bar) -> impl ExactSizeIterator<Item = Amount> + '_ {
        (0..self.rows.len()).map(move |item| self.part(bar, item))
    }

    /// The `most` items that weigh most in a bar, the largest magnitude first, equal ones in the order of the input;
    /// items without a part are left out.
    ///
    /// ```
    /// use takar_stats::{Amount, Units, bridge::{Bar, Item, Side, bridge}};
    /// let sold = |quantity, amount| Side::sold(Units(quantity), Amount(amount));
    /// let lost = bridge([5, 80, 20].map(|amount| Item::new(sold(1, amount), Side::default())), None)?;
    /// let largest = lost.leading(Bar::Lost, 2);
    /// assert_eq!((largest[0].item, largest[0].amount), (1, Amount(-80)));
    /// assert_eq!(largest.len(), 2);
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn leading(&self, bar: Bar, most: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = self
            .parts(bar)
            .enumerate()
            .filter(|(_, amount)| amount.0 != 0)
            .map(|(item, amount)| Part { item, amount })
            .collect();
        let heaviest_first = |part: &Part| (std::cmp::Reverse(part.amount.0.unsigned_abs()), part.item);
        if most < parts.len() {
            parts.select_nth_unstable_by_key(most, heaviest_first);
            parts.truncate(most);
        }
        parts.sort_unstable_by_key(heaviest_first);
        parts
    }
}
