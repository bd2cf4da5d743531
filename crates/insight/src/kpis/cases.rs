//! How many cases stand behind a quotient or mean, so that one of a handful is not taken for a figure.

use super::{
    Aggregate, Expression, Function, Kind, Measure, MissingRule, OwnKpi, PeriodRule,
    expression::{Exact, Node, What},
};
use crate::metrics::{Direction, Unit};

/// The cases that an own KPI is divided by.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// What counts them, asked for as a KPI of its own. Where several things are divided by, all of them: the KPI is
    /// as thin as the least.
    pub counted: Vec<OwnKpi>,
    /// The KPI is the share of these cases that something holds for, so that chance moves it as it moves a share.
    pub is_share: bool,
}

impl OwnKpi {
    /// What counts the cases it is divided by; none where it is divided by nothing that is counted: a sum, or money
    /// over money.
    pub fn cases(&self) -> Option<Cases> {
        let mut divisors: Vec<Node> = Vec::new();
        self.expression.root.walk(&mut |node| {
            let found = match &node.what {
                What::Product(parts) => {
                    parts.iter().filter(|(times, _)| !times).filter_map(|(_, part)| part.counts()).collect()
                }
                // A mean is divided by the rows that have the value.
                What::Aggregate(mean) if mean.function == Function::Average => {
                    vec![Node {
                        at: node.at,
                        what: What::Aggregate(Aggregate { function: Function::Count, ..mean.clone() }),
                    }]
                }
                _ => Vec::new(),
            };
            for divisor in found {
                if !divisors.iter().any(|known| known.what == divisor.what) {
                    divisors.push(divisor);
                }
            }
        });
        let is_share =
            self.unit == Measure::Share && self.period == PeriodRule::Ratio && self.expression.root.is_share();
        let counted: Vec<OwnKpi> =
            divisors.into_iter().zip(1..).map(|(root, place)| self.counting(root, place)).collect();
        (!counted.is_empty()).then_some(Cases { counted, is_share })
    }

    fn counting(&self, root: Node, place: usize) -> Self {
        Self {
            // A blank, so that no KPI of a user can have the same id.
            id: format!("{} cases {place}", self.id),
            expression: Expression { text: self.expression.text.clone(), root, kind: Kind::Count },
            unit: Measure::Count,
            direction: Direction::Neutral,
            // The mean of months rests on all of them, counted each once.
            period: if self.period == PeriodRule::Last { PeriodRule::Last } else { PeriodRule::Ratio },
            missing: MissingRule::Zero,
            check: None,
            ..self.clone()
        }
    }
}

impl Node {
    /// It, where it counts things.
    fn counts(&self) -> Option<Self> {
        let counts = match &self.what {
            What::Aggregate(one) => one.is_count(),
            What::BuiltIn(kpi) => kpi.unit == Unit::Count,
            _ => false,
        };
        counts.then(|| self.clone())
    }

    /// It is a count divided by a count of the same table, or what such a share leaves of 1.
    fn is_share(&self) -> bool {
        match &self.what {
            What::Product(parts) => match parts.as_slice() {
                [(true, part), (false, whole)] => match (&part.what, &whole.what) {
                    (What::Aggregate(part), What::Aggregate(whole)) => {
                        part.is_count()
                            && (part.table, part.function, part.column) == (whole.table, whole.function, whole.column)
                    }
                    _ => false,
                },
                _ => false,
            },
            What::Sum(parts) => match parts.as_slice() {
                [(true, one), (false, share)] => one.what == What::Number(Exact::whole(1)) && share.is_share(),
                _ => false,
            },
            _ => false,
        }
    }
}

impl Expression {
    /// Rows are divided by a count of something else: visits for each account, which is no part of a whole.
    pub(super) fn is_rows_over_others(&self) -> bool {
        let What::Product(parts) = &self.root.what else { return false };
        match parts.as_slice() {
            [(true, rows), (false, others)] => {
                let are_rows = matches!(&rows.what, What::Aggregate(one) if one.function == Function::Count);
                are_rows && others.counts().is_some() && !self.root.is_share()
            }
            _ => false,
        }
    }
}

impl Aggregate {
    const fn is_count(&self) -> bool {
        matches!(self.function, Function::Count | Function::CountDistinct)
    }
}
