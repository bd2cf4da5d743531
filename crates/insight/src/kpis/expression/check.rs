//! What kind of number an expression gives, and what in it does not add up.

use super::{Node, What};
use crate::{
    InsightError,
    kpis::Kind,
    metrics::{KpiDefinition, Unit},
};

/// The kind of number that a part gives.
pub(super) fn kind_of(text: &str, node: &Node) -> Result<Kind, InsightError> {
    Ok(match &node.what {
        What::Number(_) => Kind::Written,
        What::Aggregate(aggregate) => aggregate.kind(),
        What::BuiltIn(kpi) => kind_of_kpi(kpi),
        What::Minus(part) => kind_of(text, part)?,
        What::Sum(parts) => joined(text, parts, |one, plus, other| {
            let word = if plus { ("ditambah", "plus") } else { ("dikurangi", "less") };
            (one.plus(other), word)
        })?,
        What::Product(parts) => joined(text, parts, |one, times, other| match times {
            true => (one.times(other), ("dikali", "times")),
            false => (one.over(other), ("dibagi", "divided by")),
        })?,
    })
}

type Join = fn(Kind, bool, Kind) -> (Option<Kind>, (&'static str, &'static str));

fn joined(text: &str, parts: &[(bool, Node)], join: Join) -> Result<Kind, InsightError> {
    let mut kind = None;
    for (sign, part) in parts {
        let next = kind_of(text, part)?;
        let Some(before) = kind else {
            kind = Some(next);
            continue;
        };
        let (found, (id, en)) = join(before, *sign, next);
        let Some(found) = found else {
            return Err(InsightError::Expression {
                text: text.to_owned(),
                position: part.at,
                id: format!("{} {id} {} tidak bermakna", before.text().id, next.text().id),
                en: format!("{} {en} {} means nothing", before.text().en, next.text().en),
            });
        };
        kind = Some(found);
    }
    Ok(kind.unwrap_or(Kind::Written))
}

const fn kind_of_kpi(kpi: &KpiDefinition) -> Kind {
    match kpi.unit {
        Unit::Money => Kind::Money,
        Unit::Quantity => Kind::Goods,
        Unit::Count => Kind::Count,
        Unit::Rate => Kind::Share,
    }
}
