//! What goes into a bridge.

use serde::{Deserialize, Serialize};

use super::rounding::scaled;
use crate::{
    Amount, Result, Units,
    amount::{LIMIT, too_large, within_limit},
};

/// One window of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Side {
    /// What was sold, returns not taken off. 0 or less makes the amount an adjustment.
    pub quantity: Units,
    /// Net amount of these sales.
    pub amount: Amount,
    /// Amount of the returns, usually 0 or negative; they have a bar of their own and no price.
    pub returns: Amount,
}

impl Side {
    /// Sales without returns.
    ///
    /// ```
    /// use takar_stats::{Amount, Units, bridge::Side};
    /// assert_eq!(Side::sold(Units(3), Amount(45)).returns, Amount(0));
    /// ```
    pub const fn sold(quantity: Units, amount: Amount) -> Self {
        Self { quantity, amount, returns: Amount(0) }
    }

    pub(super) const fn is_sold(&self) -> bool {
        self.quantity.0 > 0
    }
}

/// What the account behind an item did between the windows, where the caller knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Bought in both windows, or the item is not of one account: the item's quantities decide.
    #[default]
    Kept,
    /// First bought in the current window: the whole change of the item's sales is [`super::Bar::NewAccount`].
    New,
    /// Came back: the whole change is [`super::Bar::ReactivatedAccount`].
    Reactivated,
    /// Stopped buying: the whole change is [`super::Bar::LostAccount`].
    Lost,
}

/// One cell of the bridge, at the level at which price and mix are judged (usually the product, or product × account).
///
/// All amounts are in one currency at the rates of the base window, all quantities in one unit of measure.
///
/// ```
/// use takar_stats::{Amount, Units, bridge::{Item, Side}};
/// let item = Item::new(Side::sold(Units(100), Amount(1_000)), Side::sold(Units(120), Amount(1_320)));
/// assert_eq!(item.moved_in, Amount(0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Item {
    /// The window compared with, or the budget.
    pub base: Side,
    /// The window explained, at the rates of the base.
    pub current: Side,
    /// Whether the whole item is new or lost because its account is.
    pub account: AccountStatus,
    /// What current rates add to `current` (sales and returns) over base rates; 0 in a single currency.
    pub currency: Amount,
    /// How much of `base` (sales and returns) belonged to somebody else then: it came with accounts taken over.
    /// It is no part of the base total; so the bridge of a manager compares taken-over accounts like for like.
    pub moved_in: Amount,
    /// Base amount of accounts handed over to somebody else: no part of `base`, but of the base total.
    pub moved_out: Amount,
}

impl Item {
    /// An item of an account that stayed, in one currency, without a hand-over.
    pub const fn new(base: Side, current: Side) -> Self {
        let none = Amount(0);
        Self { base, current, account: AccountStatus::Kept, currency: none, moved_in: none, moved_out: none }
    }

    /// An item valued at the same amount per unit in both windows, as in a contribution variance, where `per_unit` is
    /// the budgeted margin. `one` is how many smallest units make one piece (1,000,000 with six decimals).
    /// Each side is rounded once, to the smallest unit of money. Price is then 0 up to that rounding.
    ///
    /// # Errors
    /// [`crate::Error::OutOfRange`] where `one` is not above 0, or a value or product leaves ±10²⁷.
    ///
    /// ```
    /// use takar_stats::{Amount, Units, bridge::Item};
    /// let item = Item::at_margin(Units(400_000_000), Units(480_000_000), Amount(2_0000), Units(1_000_000))?;
    /// assert_eq!(item.base.amount, Amount(800_0000));
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn at_margin(base: Units, current: Units, per_unit: Amount, one: Units) -> Result<Self> {
        Ok(Self::new(Side::priced(base, per_unit, one)?, Side::priced(current, per_unit, one)?))
    }

    pub(super) fn within_limits(&self, index: usize) -> Result<()> {
        for (what, quantity) in [("base quantity", self.base.quantity), ("current quantity", self.current.quantity)] {
            within_limit(what, index, quantity.0)?;
        }
        let amounts = [
            ("base amount", self.base.amount),
            ("base returns", self.base.returns),
            ("current amount", self.current.amount),
            ("current returns", self.current.returns),
            ("currency amount", self.currency),
            ("amount moved in", self.moved_in),
            ("amount moved out", self.moved_out),
        ];
        amounts.iter().try_for_each(|(what, amount)| within_limit(what, index, amount.0))
    }
}

impl Side {
    /// Sales of `quantity` at `per_unit` for each `one` smallest units, rounded once.
    ///
    /// # Errors
    /// [`crate::Error::OutOfRange`] where `one` is not above 0, or a value or the product leaves ±10²⁷.
    ///
    /// ```
    /// use takar_stats::{Amount, Units, bridge::Side};
    /// let side = Side::priced(Units(2_500_000), Amount(10_0000), Units(1_000_000))?;
    /// assert_eq!(side.amount, Amount(25_0000));
    /// # Ok::<(), takar_stats::Error>(())
    /// ```
    pub fn priced(quantity: Units, per_unit: Amount, one: Units) -> Result<Self> {
        within_limit("quantity", 0, quantity.0)?;
        within_limit("amount per unit", 0, per_unit.0)?;
        within_limit("smallest units in one", 0, one.0)?;
        if one.0 <= 0 {
            return Err(crate::Error::OutOfRange {
                what: "smallest units in one",
                index: 0,
                value: one.0 as f64,
                range: "above 0",
            });
        }
        match scaled(quantity.0, per_unit.0, one.0) {
            Some(amount) if amount.unsigned_abs() <= LIMIT.unsigned_abs() => Ok(Self::sold(quantity, Amount(amount))),
            _ => Err(too_large("amount", 0, quantity.0 as f64 * per_unit.0 as f64 / one.0 as f64)),
        }
    }
}

/// The whole market in both windows, in the unit of the items' quantities.
///
/// ```
/// use takar_stats::{Units, bridge::Market};
/// let market = Market { base: Units(25_000_000), current: Units(24_000_000) };
/// assert!(market.current < market.base);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// Market in the base window, above 0.
    pub base: Units,
    /// Market in the current window, 0 or more.
    pub current: Units,
}

impl Market {
    pub(super) fn checked(self) -> Result<Self> {
        within_limit("market", 0, self.base.0)?;
        within_limit("market", 1, self.current.0)?;
        let wrong = |index, units: Units, range| crate::Error::OutOfRange {
            what: "market",
            index,
            value: units.0 as f64,
            range,
        };
        match (self.base.0, self.current.0) {
            (base, _) if base <= 0 => Err(wrong(0, self.base, "above 0")),
            (_, current) if current < 0 => Err(wrong(1, self.current, "0 or more")),
            _ => Ok(self),
        }
    }
}
