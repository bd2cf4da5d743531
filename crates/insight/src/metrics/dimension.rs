//! What figures can be broken down by.

use std::str::FromStr;

use serde::{Serialize, Serializer};
use takar_model::Text;

use crate::InsightError;

/// One way to break figures down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The account manager of the line.
    Manager,
    /// The customer account.
    Account,
    /// The product.
    Product,
    /// The product's category.
    Category,
    /// The region.
    Region,
    /// The account's segment.
    Segment,
    /// The branch.
    Branch,
    /// The supervisor of the line's manager.
    Supervisor,
    /// Calendar months, each a window of its own.
    Month,
    /// Calendar quarters, each a window of its own.
    Quarter,
    /// Calendar years, each a window of its own.
    Year,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 11] = [
        Self::Manager,
        Self::Account,
        Self::Product,
        Self::Category,
        Self::Region,
        Self::Segment,
        Self::Branch,
        Self::Supervisor,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// Its name in commands, addresses and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Account => "account",
            Self::Product => "product",
            Self::Category => "category",
            Self::Region => "region",
            Self::Segment => "segment",
            Self::Branch => "branch",
            Self::Supervisor => "supervisor",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> Text {
        match self {
            Self::Manager => Text::new("Manajer akun", "Account manager"),
            Self::Account => Text::new("Akun", "Account"),
            Self::Product => Text::new("Produk", "Product"),
            Self::Category => Text::new("Kategori", "Category"),
            Self::Region => Text::new("Wilayah", "Region"),
            Self::Segment => Text::new("Segmen", "Segment"),
            Self::Branch => Text::new("Cabang", "Branch"),
            Self::Supervisor => Text::new("Atasan", "Supervisor"),
            Self::Month => Text::new("Bulan", "Month"),
            Self::Quarter => Text::new("Triwulan", "Quarter"),
            Self::Year => Text::new("Tahun", "Year"),
        }
    }

    /// A month, quarter or year.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Month | Self::Quarter | Self::Year)
    }

    /// Members have a name beside their id.
    pub const fn has_names(self) -> bool {
        matches!(self, Self::Manager | Self::Account | Self::Product | Self::Supervisor)
    }
}

impl FromStr for Dimension {
    type Err = InsightError;

    fn from_str(text: &str) -> Result<Self, InsightError> {
        let wanted = text.trim().to_ascii_lowercase();
        let found = Self::ALL.into_iter().find(|dimension| dimension.id() == wanted);
        found.ok_or_else(|| InsightError::UnknownDimension(text.trim().to_owned()))
    }
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
