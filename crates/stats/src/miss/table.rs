//! What goes into the search.

use serde::{Deserialize, Serialize};

use crate::{Amount, Error, Result, amount::within_limit};

/// Cells in columns: what was sold, what was planned, and the value of every dimension.
///
/// A cell is one combination of values, such as account × product; rows with the same values are added up. Dimensions may depend on each other (an account belongs to one region).
///
/// ```
/// use takar_stats::{Amount, miss::Table};
/// let region = [0, 0, 1];
/// let account = [7, 8, 9];
/// let table = Table {
///     dimensions: &[&region, &account],
///     actual: &[Amount(5), Amount(10), Amount(10)],
///     forecast: &[Amount(10), Amount(10), Amount(10)],
/// };
/// assert_eq!(table.actual.len(), table.dimensions[0].len());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table<'a> {
    /// One column of codes per dimension; codes are any numbers, equal where the value is. 1 to 8 dimensions.
    pub dimensions: &'a [&'a [u32]],
    /// A, what was reached, per cell.
    pub actual: &'a [Amount],
    /// F, target or forecast, per cell.
    pub forecast: &'a [Amount],
}

/// When the search is content.
///
/// ```
/// use takar_stats::miss::Options;
/// let usual = Options::default();
/// assert_eq!((usual.enough, usual.most), (0.8, 12));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// The share of the gap to explain, 0 to 1. The search goes on while more is left than that, or while a single
    /// further element would explain more than what may be left.
    pub enough: f64,
    /// Elements whose deviation is below this share of the gap are not worth naming, 0 to 1.
    pub smallest: f64,
    /// Name at most so many elements.
    pub most: usize,
    /// Name only elements that stand out of the scatter of single cells. Otherwise the others are named too, and marked.
    pub only_outstanding: bool,
}

impl Default for Options {
    /// 80 % of the gap, nothing below 2 %, at most 12 elements, marked but not left out where they do not stand out.
    fn default() -> Self {
        Self { enough: 0.8, smallest: 0.02, most: 12, only_outstanding: false }
    }
}

/// Combinations of more dimensions are beyond anyone's reading, and beyond memory.
const MOST_DIMENSIONS: usize = 8;

impl Table<'_> {
    pub(super) fn check(&self) -> Result<()> {
        let cells = self.actual.len();
        let same_length = |what, length| {
            if length == cells { Ok(()) } else { Err(Error::Unequal { what, left: cells, right: length }) }
        };
        same_length("actual and forecast", self.forecast.len())?;
        for column in self.dimensions {
            same_length("actual and a dimension", column.len())?;
        }
        crate::error::at_least("a drill-down", "dimensions", 1, self.dimensions.len())?;
        let unusable = |what, value, range| Error::OutOfRange { what, index: 0, value, range };
        if self.dimensions.len() > MOST_DIMENSIONS {
            return Err(unusable("number of dimensions", self.dimensions.len() as f64, "1 to 8"));
        }
        if u32::try_from(cells).is_err() {
            return Err(unusable("number of cells", cells as f64, "at most 4.2 billion"));
        }
        for (what, amounts) in [("actual", self.actual), ("forecast", self.forecast)] {
            for (index, amount) in amounts.iter().enumerate() {
                within_limit(what, index, amount.0)?;
            }
        }
        Ok(())
    }
}

impl Options {
    pub(super) fn check(&self) -> Result<()> {
        for (what, share) in [("enough", self.enough), ("smallest", self.smallest)] {
            if !(0.0..=1.0).contains(&share) {
                let value = if share.is_finite() { share } else { f64::MAX };
                return Err(Error::OutOfRange { what, index: 0, value, range: "0 to 1" });
            }
        }
        Ok(())
    }
}
