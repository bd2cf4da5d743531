//! Conditions of own KPIs and of those who ask for them, as expressions of DataFusion's.
//!
//! Columns come from the list of what can be read; what a user wrote is a literal.

use datafusion::{
    prelude::{Expr, ident, lit},
    scalar::ScalarValue,
};
use takar_insight::{
    kpis::{ColumnName, Holds, day_of},
    metrics::{Dimension, Field, Filter, Names, Operator, matches_like, time_index},
};
use takar_model::{Day, Month, Quantity, id_order};

use super::rows::day;
use crate::error::{LakeError, Result};

/// The condition of an aggregate, on the columns of its table.
pub(super) fn condition_on_columns(condition: &Filter<ColumnName>) -> Result<Expr> {
    let many = |parts: &[Filter<ColumnName>], join: fn(Expr, Expr) -> Expr, empty: bool| -> Result<Expr> {
        let mut all: Option<Expr> = None;
        for part in parts {
            let next = condition_on_columns(part)?;
            all = Some(match all {
                Some(before) => join(before, next),
                None => next,
            });
        }
        Ok(all.unwrap_or_else(|| lit(empty)))
    };
    Ok(match condition {
        Filter::And(parts) => many(parts, Expr::and, true)?,
        Filter::Or(parts) => many(parts, Expr::or, false)?,
        Filter::Not(part) => !condition_on_columns(part)?,
        Filter::Compare { field, operator, value } => compared(ident(field.0.name), *operator, literal(*field, value)?),
        Filter::In(field, values) => {
            let values: Result<Vec<Expr>> = values.iter().map(|value| literal(*field, value)).collect();
            ident(field.0.name).in_list(values?, false)
        }
        Filter::Like(field, pattern) => ident(field.0.name).ilike(lit(pattern.replace('\\', "\\\\"))),
        Filter::IsNull(field) => ident(field.0.name).is_null(),
    })
}

fn literal(field: ColumnName, value: &str) -> Result<Expr> {
    let refused = || LakeError::Data { doing: "cannot read a value of an expression", reason: value.to_owned() };
    Ok(match field.0.holds {
        Holds::Text => lit(value),
        Holds::Day => day(day_of(value).ok_or_else(refused)?),
        Holds::Number(_) => {
            let number: Quantity = value.parse().map_err(|_| refused())?;
            lit(ScalarValue::Decimal128(Some(number.units()), 38, 6))
        }
    })
}

fn compared(one: Expr, operator: Operator, other: Expr) -> Expr {
    match operator {
        Operator::Equal => one.eq(other),
        Operator::NotEqual => one.not_eq(other),
        Operator::Less => one.lt(other),
        Operator::LessOrEqual => one.lt_eq(other),
        Operator::Greater => one.gt(other),
        Operator::GreaterOrEqual => one.gt_eq(other),
    }
}

/// A filter of lines as a condition on the members that a row is counted under.
pub(super) fn condition_on_members(filter: &Filter, names: &Names, day: Option<&Expr>) -> Expr {
    let many = |parts: &[Filter], join: fn(Expr, Expr) -> Expr, empty: bool| {
        let parts = parts.iter().map(|part| condition_on_members(part, names, day));
        parts.reduce(join).unwrap_or_else(|| lit(empty))
    };
    match filter {
        Filter::And(parts) => many(parts, Expr::and, true),
        Filter::Or(parts) => many(parts, Expr::or, false),
        Filter::Not(part) => !condition_on_members(part, names, day),
        Filter::IsNull(field) if field.dimension().is_time() => lit(false),
        Filter::IsNull(field) => ident(field.id()).is_null(),
        Filter::Compare { field, operator, value } if field.dimension().is_time() => {
            in_time(field.dimension(), *operator, value, day)
        }
        Filter::In(field, values) if field.dimension().is_time() => {
            let each = values.iter().map(|value| in_time(field.dimension(), Operator::Equal, value, day));
            each.reduce(Expr::or).unwrap_or_else(|| lit(false))
        }
        Filter::Compare { field: Field::Id(dimension), operator: Operator::Equal, value } => {
            ident(dimension.id()).eq(lit(value.as_str()))
        }
        Filter::Compare { field: Field::Id(dimension), operator: Operator::NotEqual, value } => {
            ident(dimension.id()).not_eq(lit(value.as_str()))
        }
        Filter::In(Field::Id(dimension), values) => {
            ident(dimension.id()).in_list(values.iter().map(|value| lit(value.as_str())).collect(), false)
        }
        // What is in an order of its own, or is said of names, is looked up in the names.
        Filter::Compare { field, operator, value } => {
            members(*field, names, |text| operator.holds(id_order(text, value)))
        }
        Filter::In(field, values) => members(*field, names, |text| values.iter().any(|value| value == text)),
        Filter::Like(field, pattern) => members(*field, names, |text| matches_like(text, pattern)),
    }
}

fn members(field: Field, names: &Names, test: impl Fn(&str) -> bool) -> Expr {
    let dimension = field.dimension();
    let Some(labels) = names.labels(dimension) else { return lit(false) };
    let told = |code: u32| match field {
        Field::Id(_) => labels.id(code),
        Field::Name(_) => labels.name(code),
    };
    let codes = 0..u32::try_from(labels.len()).unwrap_or(u32::MAX);
    let passing = codes.filter(|code| told(*code).is_some_and(&test)).filter_map(|code| labels.id(code)).map(lit);
    ident(dimension.id()).in_list(passing.collect(), false)
}

/// A month, quarter or year as the days that it has.
fn in_time(dimension: Dimension, operator: Operator, value: &str, column: Option<&Expr>) -> Expr {
    let (Some(column), Some(index)) = (column, time_index(dimension, value)) else { return lit(false) };
    let months = match dimension {
        Dimension::Year => 12,
        Dimension::Quarter => 3,
        _ => 1,
    };
    let first: Day = Month::from_index(index * months).first_day();
    let last: Day = Month::from_index(index * months + months - 1).last_day();
    let column = column.clone();
    match operator {
        Operator::Equal => column.clone().gt_eq(day(first)).and(column.lt_eq(day(last))),
        Operator::NotEqual => column.clone().lt(day(first)).or(column.gt(day(last))),
        Operator::Less => column.lt(day(first)),
        Operator::LessOrEqual => column.lt_eq(day(last)),
        Operator::Greater => column.gt(day(last)),
        Operator::GreaterOrEqual => column.gt_eq(day(first)),
    }
}
