//! How much everyone sells.

use takar_model::{Money, Period};

/// The size of the market over some days. It holds for the members that it names; `None` means that it does not tell them
/// apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketSize {
    /// The category's code.
    pub category: Option<u32>,
    /// The region's code.
    pub region: Option<u32>,
    /// The segment's code.
    pub segment: Option<u32>,
    /// The days it is for.
    pub period: Period,
    /// What is counted: `units` or `net_sales`.
    pub kpi: String,
    /// How much: money, or goods with four decimals.
    pub value: Money,
}
