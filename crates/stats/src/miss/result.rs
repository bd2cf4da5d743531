//! What the search found.

use serde::Serialize;

use crate::{Amount, amount::ratio};

/// A dimension and one of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Attribute {
    /// The dimension's place in the table.
    pub dimension: usize,
    /// The code of the value.
    pub value: u32,
}

/// A set of cells that share the values of some dimensions, without the cells of the elements before it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Element {
    /// What its cells share, by dimension.
    pub attributes: Vec<Attribute>,
    /// What its cells reached.
    pub actual: Amount,
    /// What they were to reach.
    pub forecast: Amount,
    /// Its cells.
    pub cells: usize,
    /// Its share of the gap: above 0 where it widens the gap, below where it narrows it; may be above 1.
    pub share: f64,
    /// (A − F) / (|A| + |F|) over its cells, −1 to 1; 0 where both are 0.
    pub deviation: f64,
    /// Its deviation from the general level, in smallest units: A − F where there is no general level.
    pub excess: f64,
    /// Excess over what the scatter of single cells would bring, in standard deviations; none where cells do not scatter.
    pub score: Option<f64>,
    /// Whether that is more than the largest of so many elements would have by chance.
    pub stands_out: bool,
}

impl Element {
    /// A − F.
    pub const fn contribution(&self) -> Amount {
        Amount(self.actual.0 - self.forecast.0)
    }

    /// Whether a cell with these values (one per dimension of the table) lies in the element. A cell belongs to the first
    /// element of the list that covers it.
    pub fn covers(&self, values: &[u32]) -> bool {
        self.attributes.iter().all(|attribute| values.get(attribute.dimension) == Some(&attribute.value))
    }
}

/// All cells that no element covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rest {
    /// What they reached.
    pub actual: Amount,
    /// What they were to reach.
    pub forecast: Amount,
    /// How many they are.
    pub cells: usize,
    /// Their share of the gap; none without a gap.
    pub share: Option<f64>,
    /// (A − F) / (|A| + |F|) over them; 0 where both are 0.
    pub deviation: f64,
    /// Whether they deviate in common: then their part of the gap is explained too, as the general level.
    pub is_general: bool,
}

impl Rest {
    /// A − F.
    pub const fn contribution(&self) -> Amount {
        Amount(self.actual.0 - self.forecast.0)
    }
}

/// Why the search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Actual equals forecast: there is nothing to explain.
    NoGap,
    /// Enough of the gap is explained, and no single element of what is left weighs much.
    Explained,
    /// Among what is left no element is worth naming: it deviates alike, or scatters.
    Alike,
    /// As many elements as were asked for.
    Most,
}

/// The gap by elements and a rest: their contributions add up to it exactly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// `additive drill-down`.
    pub model: &'static str,
    /// What was reached.
    pub actual: Amount,
    /// What was to be reached.
    pub forecast: Amount,
    /// In the order in which they were found: the one that explains most first.
    pub elements: Vec<Element>,
    /// What is left.
    pub rest: Rest,
    /// The part of the gap that the elements, and a general level if there is one, explain: 1 − |left| / |gap|, at most
    /// 1; below 0 where offsetting elements are left. None without a gap.
    pub explained: Option<f64>,
    /// Why the search ended.
    pub stop: Stop,
    /// Cells that went in.
    pub n: usize,
}

impl Miss {
    /// A − F: negative where the target was missed.
    pub const fn gap(&self) -> Amount {
        Amount(self.actual.0 - self.forecast.0)
    }

    /// The place of the element a cell with these values (one per dimension) belongs to; none for the rest.
    pub fn element_of(&self, values: &[u32]) -> Option<usize> {
        self.elements.iter().position(|element| element.covers(values))
    }
}

/// (A − F) / (|A| + |F|) of sums; 0 where nothing is.
pub(super) fn deviation_of(contribution: i128, magnitude: i128) -> f64 {
    ratio(contribution, magnitude).unwrap_or(0.0)
}
