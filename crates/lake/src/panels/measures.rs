//! What a cell adds up, exactly.

use takar_insight::metrics::NONE;

use crate::error::{LakeError, Result};

/// A cell holds lines of more than one unit of measure, or currency: their sum means nothing.
pub(crate) const MIXED: u32 = NONE - 1;

/// One line's amounts, in the smallest stored units.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineAmounts {
    /// Units of 10⁻⁴ currency.
    pub net: Option<i64>,
    /// Units of 10⁻⁶ of the unit of measure.
    pub quantity: Option<i64>,
    pub discount: Option<i64>,
    pub cost: Option<i64>,
    pub day: i32,
    pub unit: u32,
    pub currency: u32,
}

impl LineAmounts {
    /// A return: negative quantity, or a negative amount where there is no quantity (METHODS §0).
    pub(crate) fn is_return(&self) -> bool {
        self.quantity.map_or(self.net.is_some_and(|net| net < 0), |quantity| quantity < 0)
    }

    /// A line that makes its invoice an order: positive quantity, or amount where there is no quantity.
    pub(crate) fn is_ordered(&self) -> bool {
        self.quantity.map_or(self.net.is_some_and(|net| net > 0), |quantity| quantity > 0)
    }
}

/// The sums of a cell; orders are counted apart, because they do not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measures {
    pub net: i64,
    pub net_lines: u32,
    pub quantity: i64,
    pub quantity_lines: u32,
    /// Of the lines that are no returns.
    pub quantity_before_returns: i64,
    /// Net and discount of the lines that have both.
    pub gross: i64,
    pub discount: i64,
    pub cost: i64,
    pub net_with_cost: i64,
    pub cost_lines: u32,
    pub returns: i64,
    pub net_before_returns: i64,
    pub lines: u32,
    /// Epoch day of the first order, `i32::MAX` where there is none.
    pub first_order: i32,
    /// Epoch day of the first line.
    pub first_day: i32,
    /// Epoch day of the last line.
    pub last_day: i32,
    pub unit: u32,
    pub currency: u32,
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            net: 0,
            net_lines: 0,
            quantity: 0,
            quantity_lines: 0,
            quantity_before_returns: 0,
            gross: 0,
            discount: 0,
            cost: 0,
            net_with_cost: 0,
            cost_lines: 0,
            returns: 0,
            net_before_returns: 0,
            lines: 0,
            first_order: i32::MAX,
            first_day: i32::MAX,
            last_day: i32::MIN,
            unit: NONE,
            currency: NONE,
        }
    }
}

impl Measures {
    /// Adds one line.
    pub(crate) fn add(&mut self, line: &LineAmounts) -> Result<()> {
        self.lines += 1;
        self.first_day = self.first_day.min(line.day);
        self.last_day = self.last_day.max(line.day);
        if let Some(quantity) = line.quantity {
            self.unit = if self.quantity_lines == 0 { line.unit } else { same_or_mixed(self.unit, line.unit) };
            self.quantity = sum(self.quantity, quantity)?;
            self.quantity_lines += 1;
            if !line.is_return() {
                self.quantity_before_returns = sum(self.quantity_before_returns, quantity)?;
            }
        }
        if line.is_ordered() {
            self.first_order = self.first_order.min(line.day);
        }
        let Some(net) = line.net else {
            return Ok(());
        };
        self.net = sum(self.net, net)?;
        self.net_lines += 1;
        self.currency = same_currency(self.currency, line.currency);
        if let Some(discount) = line.discount {
            self.gross = sum(self.gross, sum(net, discount)?)?;
            self.discount = sum(self.discount, discount)?;
        }
        if let Some(cost) = line.cost {
            self.cost = sum(self.cost, cost)?;
            self.net_with_cost = sum(self.net_with_cost, net)?;
            self.cost_lines += 1;
        }
        match line.is_return() {
            true => self.returns = sum(self.returns, net.checked_abs().ok_or(LakeError::TooLarge)?)?,
            false => self.net_before_returns = sum(self.net_before_returns, net)?,
        }
        Ok(())
    }

    /// Adds another cell of the same key.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<()> {
        self.unit = match (self.quantity_lines, other.quantity_lines) {
            (_, 0) => self.unit,
            (0, _) => other.unit,
            _ => same_or_mixed(self.unit, other.unit),
        };
        self.currency = same_currency(self.currency, other.currency);
        self.net = sum(self.net, other.net)?;
        self.quantity = sum(self.quantity, other.quantity)?;
        self.quantity_before_returns = sum(self.quantity_before_returns, other.quantity_before_returns)?;
        self.gross = sum(self.gross, other.gross)?;
        self.discount = sum(self.discount, other.discount)?;
        self.cost = sum(self.cost, other.cost)?;
        self.net_with_cost = sum(self.net_with_cost, other.net_with_cost)?;
        self.returns = sum(self.returns, other.returns)?;
        self.net_before_returns = sum(self.net_before_returns, other.net_before_returns)?;
        self.net_lines += other.net_lines;
        self.quantity_lines += other.quantity_lines;
        self.cost_lines += other.cost_lines;
        self.lines += other.lines;
        self.first_order = self.first_order.min(other.first_order);
        self.first_day = self.first_day.min(other.first_day);
        self.last_day = self.last_day.max(other.last_day);
        Ok(())
    }
}

fn same_or_mixed(one: u32, other: u32) -> u32 {
    if one == other { one } else { MIXED }
}

/// A line that names no currency is in the company's own, so it mixes with any one.
fn same_currency(one: u32, other: u32) -> u32 {
    match (one, other) {
        (NONE, known) | (known, NONE) => known,
        _ => same_or_mixed(one, other),
    }
}

fn sum(one: i64, other: i64) -> Result<i64> {
    one.checked_add(other).ok_or(LakeError::TooLarge)
}
