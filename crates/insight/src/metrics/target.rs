//! Targets: what was set out to be sold.

use takar_model::{Money, Period};

use super::Dimension;

/// One target. It holds for the members that it names; `None` means that it does not tell them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The manager's code.
    pub manager: Option<u32>,
    /// The account's code.
    pub account: Option<u32>,
    /// The product's code.
    pub product: Option<u32>,
    /// The category's code.
    pub category: Option<u32>,
    /// The region's code.
    pub region: Option<u32>,
    /// The segment's code.
    pub segment: Option<u32>,
    /// The branch's code.
    pub branch: Option<u32>,
    /// The days it is for.
    pub period: Period,
    /// The KPI it is for.
    pub kpi: String,
    /// How much.
    pub value: Money,
}

impl Target {
    /// The dimensions that a target may name.
    pub(crate) const DIMENSIONS: [Dimension; 7] = [
        Dimension::Manager,
        Dimension::Account,
        Dimension::Product,
        Dimension::Category,
        Dimension::Region,
        Dimension::Segment,
        Dimension::Branch,
    ];

    /// The code of a dimension that it names.
    pub(crate) fn code(&self, dimension: Dimension) -> Option<u32> {
        match dimension {
            Dimension::Manager => self.manager,
            Dimension::Account => self.account,
            Dimension::Product => self.product,
            Dimension::Category => self.category,
            Dimension::Region => self.region,
            Dimension::Segment => self.segment,
            Dimension::Branch => self.branch,
            _ => None,
        }
    }

    /// The dimensions that it names.
    pub(crate) fn named(&self) -> impl Iterator<Item = Dimension> {
        Self::DIMENSIONS.into_iter().filter(|&dimension| self.code(dimension).is_some())
    }
}
