//! From what was measured to the figure.

use super::{Aggregate, Exact, Expression, Node, What};
use crate::metrics::{KpiDefinition, Value, Why};

/// What was measured for one key in one window.
pub(crate) trait Measured {
    /// What an aggregate came to: a number, or why there is none.
    fn aggregate(&self, aggregate: &Aggregate) -> Result<Number, Why>;

    /// What a built-in KPI came to.
    fn built_in(&self, kpi: &'static KpiDefinition) -> Value;
}

/// A number: exact as long as its terms fit, else the nearest one, which is good enough for shares only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Exact(Exact),
    Near(f64),
}

impl Number {
    pub(crate) fn to_f64(self) -> f64 {
        match self {
            Self::Exact(exact) => exact.to_f64(),
            Self::Near(near) => near,
        }
    }

    /// Both joined: exactly where that fits.
    fn join(self, other: Self, exactly: fn(Exact, Exact) -> Option<Exact>, nearly: fn(f64, f64) -> f64) -> Self {
        if let (Self::Exact(one), Self::Exact(two)) = (self, other)
            && let Some(found) = exactly(one, two)
        {
            return Self::Exact(found);
        }
        Self::Near(nearly(self.to_f64(), other.to_f64()))
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        self.join(other, Exact::plus, |one, two| one + two)
    }

    /// The quotient; `None` where the other is zero.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        let is_zero = match other {
            Self::Exact(exact) => exact.is_zero(),
            Self::Near(near) => near == 0.0,
        };
        (!is_zero).then(|| self.join(other, Exact::over, |one, two| one / two))
    }
}

/// The number that an expression comes to.
pub(crate) fn evaluate(expression: &Expression, measured: &dyn Measured) -> Result<Number, Why> {
    number(&expression.root, measured)
}

fn number(node: &Node, measured: &dyn Measured) -> Result<Number, Why> {
    match &node.what {
        What::Number(written) => Ok(Number::Exact(*written)),
        What::Aggregate(aggregate) => measured.aggregate(aggregate),
        What::BuiltIn(kpi) => of_value(measured.built_in(kpi)),
        What::Minus(part) => Ok(opposite(number(part, measured)?)),
        What::Sum(parts) => parts.iter().try_fold(Number::Exact(Exact::ZERO), |sum, (plus, part)| {
            let next = number(part, measured)?;
            Ok(sum.plus(if *plus { next } else { opposite(next) }))
        }),
        // What is multiplied is so before anything is divided.
        What::Product(parts) => {
            let mut top = Number::Exact(Exact::whole(1));
            let mut bottoms = Vec::new();
            for (times, part) in parts {
                let next = number(part, measured)?;
                match times {
                    true => top = top.join(next, Exact::times, |one, two| one * two),
                    false => bottoms.push(next),
                }
            }
            bottoms.into_iter().try_fold(top, |top, bottom| top.over(bottom).ok_or(Why::NothingToDivideBy))
        }
    }
}

fn opposite(number: Number) -> Number {
    match number {
        Number::Exact(exact) => exact.minus().map_or(Number::Near(-exact.to_f64()), Number::Exact),
        Number::Near(near) => Number::Near(-near),
    }
}

fn of_value(value: Value) -> Result<Number, Why> {
    let exact = |units, places| Exact::scaled(units, places).map(Number::Exact).ok_or(Why::TooLarge);
    match value {
        Value::Money(money) => exact(money.units(), 4),
        Value::Quantity(quantity) => exact(quantity.units(), 6),
        Value::Count(count) => Ok(Number::Exact(Exact::whole(i128::from(count)))),
        Value::Rate(rate) => Ok(Number::Near(rate)),
        Value::Null(why) => Err(why),
    }
}
