//! Runs a filter over codes: each comparison becomes a table looked up by code.

use takar_model::{Month, Period};

use super::{Field, Filter, Operator, matches_like};
use takar_model::id_order;

use crate::metrics::{Dimension, NONE, Names};

/// A filter made ready for the codes of one [`Names`].
pub(crate) enum Mask {
    And(Vec<Mask>),
    Or(Vec<Mask>),
    Not(Box<Mask>),
    /// By code of the dimension: the comparison holds. No value = unknown.
    Codes(Dimension, Vec<bool>),
    /// No value of this dimension.
    Null(Dimension),
    /// Months, quarters or years against a number of the same kind.
    Time(Dimension, Vec<(Operator, i32)>),
}

impl Mask {
    pub fn new(filter: &Filter, names: &Names) -> Self {
        let many = |parts: &[Filter]| parts.iter().map(|part| Self::new(part, names)).collect();
        match filter {
            Filter::And(parts) => Self::And(many(parts)),
            Filter::Or(parts) => Self::Or(many(parts)),
            Filter::Not(part) => Self::Not(Box::new(Self::new(part, names))),
            Filter::IsNull(field) => match field {
                Field::Id(dimension) => Self::Null(*dimension),
                // Nobody has no name where there is nobody; else the name itself may be missing.
                Field::Name(dimension) => {
                    let labels = names.labels(*dimension);
                    let nameless = |code| labels.is_some_and(|labels| labels.name(code).is_none());
                    let table = (0..labels.map_or(0, |labels| labels.len() as u32)).map(nameless).collect();
                    Self::Or(vec![Self::Null(*dimension), Self::Codes(*dimension, table)])
                }
            },
            Filter::Compare { field, operator, value } if field.dimension().is_time() => Self::Time(
                field.dimension(),
                time_index(field.dimension(), value).map(|at| (*operator, at)).into_iter().collect(),
            ),
            Filter::In(field, values) if field.dimension().is_time() => {
                let dimension = field.dimension();
                let wanted = values.iter().filter_map(|value| time_index(dimension, value));
                Self::Time(dimension, wanted.map(|at| (Operator::Equal, at)).collect())
            }
            Filter::Compare { field, operator, value } => {
                table(*field, names, |text| operator.holds(id_order(text, value)))
            }
            Filter::In(field, values) => table(*field, names, |text| values.iter().any(|value| value == text)),
            Filter::Like(field, pattern) => table(*field, names, |text| matches_like(text, pattern)),
        }
    }

    /// Whether the condition holds for these codes and this month; `None` = unknown, as in SQL.
    pub fn holds(&self, code: &impl Fn(Dimension) -> u32, month: i32) -> Option<bool> {
        match self {
            Self::And(parts) => parts
                .iter()
                .try_fold(true, |sofar, part| match part.holds(code, month) {
                    Some(false) => Err(()),
                    Some(true) => Ok(sofar),
                    None => Ok(false),
                })
                .map_or(Some(false), |all| all.then_some(true)),
            Self::Or(parts) => parts
                .iter()
                .try_fold(true, |sofar, part| match part.holds(code, month) {
                    Some(true) => Err(()),
                    Some(false) => Ok(sofar),
                    None => Ok(false),
                })
                .map_or(Some(true), |known| known.then_some(false)),
            Self::Not(part) => part.holds(code, month).map(|holds| !holds),
            Self::Codes(dimension, table) => match code(*dimension) {
                NONE => None,
                code => Some(table.get(code as usize).copied().unwrap_or(false)),
            },
            Self::Null(dimension) => Some(!dimension.is_time() && code(*dimension) == NONE),
            Self::Time(dimension, wanted) => {
                let at = time_of(*dimension, month);
                Some(wanted.iter().any(|(operator, value)| operator.holds(at.cmp(value))))
            }
        }
    }
}

/// The table of the codes whose id or name satisfies the test.
fn table(field: Field, names: &Names, test: impl Fn(&str) -> bool) -> Mask {
    let dimension = field.dimension();
    let Some(labels) = names.labels(dimension) else { return Mask::Codes(dimension, Vec::new()) };
    let text = |code| match field {
        Field::Id(_) => labels.id(code),
        Field::Name(_) => labels.name(code),
    };
    let holds = (0..labels.len() as u32).map(|code| text(code).is_some_and(&test)).collect();
    Mask::Codes(dimension, holds)
}

/// The number of the month, quarter or year that a month lies in.
fn time_of(dimension: Dimension, month: i32) -> i32 {
    match dimension {
        Dimension::Quarter => month.div_euclid(3),
        Dimension::Year => month.div_euclid(12),
        _ => month,
    }
}

/// The number of a month, quarter or year as written; `None` where it is none of this kind.
pub fn time_index(dimension: Dimension, text: &str) -> Option<i32> {
    let period: Period = text.parse().ok()?;
    let (first, last): (Month, Month) = period.whole_months()?;
    let months = match dimension {
        Dimension::Year => 12,
        Dimension::Quarter => 3,
        _ => 1,
    };
    let fits = last.index() - first.index() + 1 == months && first.index().rem_euclid(months) == 0;
    fits.then(|| time_of(dimension, first.index()))
}
