//! What numbers may be added, and what comes of multiplying and dividing them.

use serde::{Deserialize, Serialize};
use takar_model::Text;

use crate::metrics::Unit;

/// What kind of number a part of an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Money.
    Money,
    /// Goods in their own unit.
    Goods,
    /// Whole numbers of things.
    Count,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// A part of a whole, or a growth: 1 is 100 %.
    Share,
    /// Any other number.
    Number,
    /// A number that was written down: it fits beside counts, shares and numbers.
    Written,
}

impl Kind {
    /// What people call it.
    pub const fn text(self) -> Text {
        match self {
            Self::Money => Text::new("uang", "money"),
            Self::Goods => Text::new("jumlah barang", "a quantity of goods"),
            Self::Count => Text::new("banyaknya", "a count"),
            Self::Days => Text::new("hari", "days"),
            Self::Hours => Text::new("jam", "hours"),
            Self::Share => Text::new("bagian", "a share"),
            Self::Number => Text::new("angka", "a number"),
            Self::Written => Text::new("angka tertulis", "a written number"),
        }
    }

    /// What a sum or difference of both is; `None` where they do not add up.
    pub fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (one, same) if one == same => Some(one),
            (one @ (Self::Count | Self::Share | Self::Number), Self::Written)
            | (Self::Written, one @ (Self::Count | Self::Share | Self::Number)) => Some(one),
            _ => None,
        }
    }

    /// What a product of both is; `None` where it means nothing.
    pub fn times(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Written, one) | (one, Self::Written) => Some(one),
            (Self::Share | Self::Number, one) | (one, Self::Share | Self::Number) => Some(one),
            (Self::Count, one) | (one, Self::Count) => Some(one),
            _ => None,
        }
    }

    /// What is left of one when it is divided by the other; `None` where it means nothing.
    pub fn over(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Written, Self::Written) => Some(Self::Written),
            (one, same) if one == same => Some(Self::Share),
            (one, Self::Written | Self::Share | Self::Number | Self::Count) => Some(match one {
                // A number of things for each of another thing, or a part of them.
                Self::Count | Self::Written => Self::Number,
                other => other,
            }),
            // A price, a rate for each day or hour.
            (Self::Money, Self::Goods | Self::Days | Self::Hours) => Some(Self::Money),
            (Self::Goods, Self::Days | Self::Hours) => Some(Self::Goods),
            (Self::Money | Self::Goods, _) | (_, Self::Money) => Some(Self::Number),
            _ => Some(Self::Number),
        }
    }
}

/// What an own KPI is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Money in the currency of the data.
    Money,
    /// Goods in their own unit.
    Quantity,
    /// Whole numbers of things.
    Count,
    /// A part of a whole, shown in per cent.
    Share,
    /// A number.
    Number,
    /// Days.
    Days,
    /// Hours.
    Hours,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 7] =
        [Self::Money, Self::Quantity, Self::Count, Self::Share, Self::Number, Self::Days, Self::Hours];

    /// Its name in commands and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Quantity => "quantity",
            Self::Count => "count",
            Self::Share => "share",
            Self::Number => "number",
            Self::Days => "days",
            Self::Hours => "hours",
        }
    }

    /// The measure that suits a kind best.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Money => Self::Money,
            Kind::Goods => Self::Quantity,
            Kind::Count => Self::Count,
            Kind::Days => Self::Days,
            Kind::Hours => Self::Hours,
            Kind::Share => Self::Share,
            Kind::Number | Kind::Written => Self::Number,
        }
    }

    /// A number of this kind can be shown so.
    pub const fn suits(self, kind: Kind) -> bool {
        match kind {
            Kind::Money => matches!(self, Self::Money),
            Kind::Goods => matches!(self, Self::Quantity | Self::Number),
            Kind::Count => matches!(self, Self::Count | Self::Number),
            Kind::Days => matches!(self, Self::Days | Self::Number),
            Kind::Hours => matches!(self, Self::Hours | Self::Number),
            Kind::Share | Kind::Number | Kind::Written => matches!(self, Self::Share | Self::Number),
        }
    }

    /// How tables show it.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Money => Unit::Money,
            Self::Count => Unit::Count,
            Self::Share => Unit::Rate,
            Self::Quantity | Self::Number | Self::Days | Self::Hours => Unit::Quantity,
        }
    }

    /// What stands behind the name of a column, where numbers alone would not say it.
    pub const fn suffix(self) -> Option<Text> {
        match self {
            Self::Days => Some(Text::new("hari", "days")),
            Self::Hours => Some(Text::new("jam", "hours")),
            _ => None,
        }
    }
}
