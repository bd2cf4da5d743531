//! How some rows are read when nothing else is looked at: so that rows that come from elsewhere do not change what they mean.

use crate::{
    CostKind, DateOrder, DiscountKind, FactKind, Field, ImportError, Input, Options, Plan, inspect, ownership,
    plan::{self, Looked},
    table,
};

/// How rows are read: which column holds what, and how the values are written. Rows that are read alike may be read together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    mapping: Vec<(Field, String)>,
    date_order: Option<DateOrder>,
    discount: Option<DiscountKind>,
    discount_negated: bool,
    cost: Option<CostKind>,
    /// Shares are written as percentages.
    percent: bool,
    /// The names of all columns, where one without a field may hold values: targets by month, rates by currency.
    columns: Vec<String>,
}

/// How rows would be read by themselves; `None` where that rests on a part of them only.
///
/// # Errors
/// As [`crate::inspect`] and [`crate::read_table`], before any row is read.
pub fn reading(input: &Input, kind: FactKind, options: &Options) -> Result<Option<Reading>, ImportError> {
    let of = |plan: &Plan| plan.mapping.iter().map(|mapped| (mapped.field, mapped.header.clone())).collect();
    if kind == FactKind::Sales {
        let plan = inspect(input, kind, options)?;
        let decided = &plan.decisions;
        return Ok(plan.whole.then(|| Reading {
            mapping: of(&plan),
            date_order: decided.date_order,
            discount: decided.discount,
            discount_negated: decided.discount_negated,
            cost: decided.cost,
            percent: false,
            columns: Vec::new(),
        }));
    }
    let Looked { plan, whole, .. } = plan::look(input, kind, options)?;
    let decided = table::decisions(&plan, &table::evidence(&plan, input)?)?;
    let percent = kind == FactKind::Ownership && ownership::are_percentages(&plan, input, &decided)?;
    let is_laid_out = matches!(kind, FactKind::Targets | FactKind::Market | FactKind::Rates);
    let mut columns = if is_laid_out { plan.headers.clone() } else { Vec::new() };
    columns.sort_unstable();
    Ok(whole.then(|| Reading {
        mapping: of(&plan),
        date_order: decided.date_order,
        discount: None,
        discount_negated: false,
        cost: None,
        percent,
        columns,
    }))
}

impl Reading {
    /// The name of the column that holds a field.
    pub fn column_of(&self, field: Field) -> Option<&str> {
        self.mapping.iter().find(|(mapped, _)| *mapped == field).map(|(_, header)| header.as_str())
    }

    /// Options by which rows are read in this way, whatever other columns stand beside theirs.
    pub fn options(&self, kind: FactKind, options: Options) -> Options {
        let unused = kind.fields().into_iter().filter(|field| self.column_of(*field).is_none());
        let unused = unused.map(|field| (field, String::new()));
        Options {
            map: self.mapping.iter().cloned().chain(unused).collect(),
            date_order: self.date_order.or(options.date_order),
            discount_kind: self.discount.or(options.discount_kind),
            cost_kind: self.cost.or(options.cost_kind),
            ..options
        }
    }
}
