//! What is asked of the lake.

use takar_model::Period;

use super::Aggregate;
use crate::metrics::{Dimension, Filter, SourceError};

/// Where the facts of own KPIs come from: the lake, or a test.
pub trait FactSource {
    /// What each aggregate comes to for each window and each member of the dimensions `by`.
    ///
    /// The windows do not overlap and are in order; `by` has no month, quarter or year. The filter is on the members that
    /// rows are counted under. A key that has no row in a window has no [`FactRow`] there.
    ///
    /// # Errors
    /// When the data cannot be read.
    fn measure(
        &self,
        aggregates: &[Aggregate],
        windows: &[Period],
        by: &[Dimension],
        filter: Option<&Filter>,
    ) -> Result<Vec<FactRow>, SourceError>;
}

/// What the aggregates came to for one key in one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// The place of the window.
    pub window: usize,
    /// The id of each dimension's member; none = nobody.
    pub keys: Vec<Option<String>>,
    /// By place in `aggregates`: what it came to; none where the key has no row in that table.
    pub amounts: Vec<Option<FactAmount>>,
}

/// What an aggregate came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactAmount {
    /// A sum, least, greatest or count, in units of 10⁻ᵖˡᵃᶜᵉˢ, over so many values.
    Units {
        /// The number.
        units: i128,
        /// How many decimal places it has.
        places: u32,
        /// How many values it was made of.
        values: i64,
    },
    /// No row has a value.
    Nothing,
    /// The rows are in several currencies.
    SeveralCurrencies,
    /// The rows are in several units of measure.
    SeveralUnits,
}
