//! Filters: `region = 'West' and (segment in ('A', 'B') or not manager = '7')`.
//!
//! A filter is read into a tree of allow-listed comparisons and never pasted into anything. The kernel runs it
//! over cells (see `mask`); the lake compiles the same tree to its own expressions. Missing values follow SQL:
//! a comparison with nothing is neither true nor false, and only `is null` finds it.

mod mask;
mod parse;
mod text;

use std::str::FromStr;

use super::Dimension;
use crate::InsightError;

pub(crate) use mask::Mask;
pub use mask::time_index;
pub(crate) use parse::{Columns, Parser, Token};

/// A condition on lines.
///
/// Of lines it looks at [`Field`]s; the expressions of own KPIs look at the columns of a table of facts in the same words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter<F = Field> {
    /// All of them hold.
    And(Vec<Self>),
    /// At least one holds.
    Or(Vec<Self>),
    /// It does not hold (unknown stays unknown).
    Not(Box<Self>),
    /// A field against a value. Ids compare in the order of [`takar_model::id_order`].
    Compare {
        /// The field.
        field: F,
        /// How.
        operator: Operator,
        /// With what; a month as `2019-01`, a quarter as `2019-Q1`, a year as `2019`.
        value: String,
    },
    /// The field is one of these.
    In(F, Vec<String>),
    /// The field matches a pattern: `%` is any text, `_` any one character; case counts not.
    Like(F, String),
    /// The field has no value.
    IsNull(F),
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=` or `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What a filter may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The id of a dimension; of a month, quarter or year its text.
    Id(Dimension),
    /// The name of an account, manager, product or supervisor.
    Name(Dimension),
}

impl Field {
    /// The dimension it belongs to.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::Id(dimension) | Self::Name(dimension) => dimension,
        }
    }

    /// How it is written: `account`, `account_name`.
    pub fn id(self) -> String {
        match self {
            Self::Id(dimension) => dimension.id().to_owned(),
            Self::Name(dimension) => format!("{}_name", dimension.id()),
        }
    }

    /// Every field.
    pub fn all() -> impl Iterator<Item = Self> {
        let ids = Dimension::ALL.into_iter().map(Self::Id);
        ids.chain(Dimension::ALL.into_iter().filter(|dimension| dimension.has_names()).map(Self::Name))
    }
}

impl Operator {
    /// The comparison holds for two things in this order.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Filter {
    /// The dimensions that it looks at, each once.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect(&self, found: &mut Vec<Dimension>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(found)),
            Self::Not(part) => part.collect(found),
            Self::Compare { field, .. } | Self::In(field, _) | Self::Like(field, _) | Self::IsNull(field) => {
                found.push(field.dimension());
            }
        }
    }
}

impl FromStr for Filter {
    type Err = InsightError;

    fn from_str(text: &str) -> Result<Self, InsightError> {
        parse::parse(text)
    }
}

/// ", did you mean …?" in Indonesian and English, where one of the known names is near.
pub(crate) fn meant(word: &str, known: &[String]) -> (String, String) {
    match crate::quality::nearest(word, known) {
        Some((near, _)) => (format!(", maksudnya \"{near}\"?"), format!(", did you mean \"{near}\"?")),
        None => <(String, String)>::default(),
    }
}

/// `text` matches the pattern of a `like`, regardless of case.
pub fn matches_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    // Greedy with one place to come back to: linear in practice, never exponential.
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(place) {
            Some('%') => {
                retry = Some((place, at));
                place += 1;
            }
            Some(&wanted) if wanted == '_' || wanted == text[at] => {
                at += 1;
                place += 1;
            }
            _ => match retry {
                Some((percent, start)) => {
                    retry = Some((percent, start + 1));
                    at = start + 1;
                    place = percent + 1;
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|&rest| rest == '%')
}

#[cfg(test)]
mod tests;
