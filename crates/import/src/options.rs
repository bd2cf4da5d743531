//! What the user may say about a file before it is read.

use std::path::PathBuf;

use arrow::array::RecordBatch;
use serde::{Deserialize, Serialize};
use takar_model::SourceName;

use crate::{Field, Profile};

/// What is read: a file, or rows that a query made.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file on this machine.
    File(PathBuf),
    /// Rows in memory, read as if they were a file called `label`.
    Rows {
        /// What stands in the `file` column of the lines.
        label: String,
        /// The rows; all batches have the schema of the first.
        batches: Vec<RecordBatch>,
    },
}

impl Input {
    /// The name of the file without its folder, or the label of the rows.
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::Rows { label, .. } => label.clone(),
        }
    }
}

/// Which comes first in a date of numbers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year: `31/12/2025`.
    Dmy,
    /// Month, day, year: `12/31/2025`.
    Mdy,
}

/// Which mark stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberStyle {
    /// Decimal comma: `1.234,56`.
    Id,
    /// Decimal point: `1,234.56`.
    En,
}

/// What the numbers of the discount column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DiscountKind {
    /// A share of the gross amount, 0 to 1.
    Rate,
    /// A percentage of the gross amount, 0 to 100.
    Percent,
    /// An amount of money off the line.
    Amount,
}

/// What the numbers of the cost column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CostKind {
    /// The cost of one unit.
    Unit,
    /// The cost of the whole line.
    Line,
}

/// Whether the file's net amounts contain value-added tax. The amounts are taken as they are; the choice is shown
/// beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ppn {
    /// They do.
    Included,
    /// They do not.
    Excluded,
}

/// A cell of the file corrected by hand, before anything is imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// The row's number, as in [`crate::SetAside`].
    pub row: u64,
    /// The header of the column.
    pub column: String,
    /// What stands there instead.
    pub value: String,
}

/// What the user said about the file. The default says nothing.
#[derive(Debug, Clone, Serialize)]
pub struct Options {
    /// Columns by the user's word: the field, and the header of its column; an empty header leaves the field unused.
    pub map: Vec<(Field, String)>,
    /// The sheet to read where a workbook has several.
    pub sheet: Option<String>,
    /// The stream of lines that the file belongs to.
    pub source: SourceName,
    /// Refuse the file where any row is bad (the caller acts on [`crate::Check`]).
    pub strict: bool,
    /// The input is all there is of its source: lines of the source that it lacks are gone, and count no more.
    pub whole: bool,
    /// Keep rows without an account, with a null account.
    pub unassigned: bool,
    /// Drop every row that is identical to an earlier row of the file.
    pub drop_duplicates: bool,
    /// Day or month first, where the column cannot decide.
    pub date_order: Option<DateOrder>,
    /// The decimal mark, where the column cannot decide.
    pub number_style: Option<NumberStyle>,
    /// What the discounts are.
    pub discount_kind: Option<DiscountKind>,
    /// What the costs are.
    pub cost_kind: Option<CostKind>,
    /// Whether amounts contain PPN.
    pub ppn: Option<Ppn>,
    /// The saved choices of an earlier file with the same headers.
    pub profile: Option<Profile>,
    /// Cells corrected by hand: they are read as if the file had them so.
    pub fixes: Vec<Fix>,
    /// Threads for scanning a whole column; at least 1.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            map: Vec::new(),
            sheet: None,
            source: SourceName::from("default"),
            strict: false,
            whole: false,
            unassigned: false,
            drop_duplicates: false,
            date_order: None,
            number_style: None,
            discount_kind: None,
            cost_kind: None,
            ppn: None,
            profile: None,
            fixes: Vec::new(),
            threads: 2,
        }
    }
}
