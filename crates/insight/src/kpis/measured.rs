//! What the facts and the built-in KPIs came to for each key of one window.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::{
    Aggregate, Exact, FactAmount, Function, MissingRule, OwnKpi,
    expression::{Measured, Number, evaluate},
};
use crate::metrics::{KpiDefinition, Nature, Value, Why};

/// The ids of a key, in the order of the answer's dimensions without months, quarters and years.
pub(super) type Ids = Vec<Option<String>>;

/// All that is known of one window.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// By key: what each aggregate came to, by its place in the list of all.
    pub amounts: HashMap<Ids, Vec<Option<FactAmount>>>,
    /// By key: what each built-in KPI came to, by its place in the list of all.
    pub built_ins: HashMap<Ids, Vec<Value>>,
}

/// The lists that places point into.
pub(super) struct Lists {
    pub aggregates: FxHashMap<Aggregate, usize>,
    pub built_ins: Vec<&'static KpiDefinition>,
}

/// What is known of one key in one window.
struct OfKey<'a> {
    lists: &'a Lists,
    amounts: Option<&'a Vec<Option<FactAmount>>>,
    built_ins: Option<&'a Vec<Value>>,
}

impl Window {
    /// The figure of an own KPI for a key, as one month or whole window has it; `Err` with the reason why there is none, and
    /// `None` where the rule for missing months leaves it out.
    pub fn number(&self, kpi: &OwnKpi, lists: &Lists, key: &Ids) -> Option<Result<Number, Why>> {
        let known = OfKey { lists, amounts: self.amounts.get(key), built_ins: self.built_ins.get(key) };
        if !known.has_anything_of(kpi) {
            return match kpi.missing {
                MissingRule::Zero => Some(Ok(Number::Exact(Exact::ZERO))),
                MissingRule::LeaveOut => None,
                MissingRule::Null => Some(Err(Why::NoFacts)),
            };
        }
        Some(evaluate(&kpi.expression, &known))
    }
}

impl OfKey<'_> {
    /// There is a row of any fact that the KPI reads. What holds at all times (the list of accounts) is no such row unless
    /// the KPI reads nothing else.
    fn has_anything_of(&self, kpi: &OwnKpi) -> bool {
        let aggregates = kpi.expression.aggregates();
        let built_ins = kpi.expression.built_ins();
        let is_only_timeless = built_ins.is_empty() && aggregates.iter().all(|one| one.day_column().is_none());
        let counts = |one: &Aggregate| is_only_timeless || one.day_column().is_some();
        let has_rows = |one: &Aggregate| self.amount(one).is_some();
        aggregates.iter().filter(|one| counts(one)).any(has_rows) || (!built_ins.is_empty() && self.built_ins.is_some())
    }

    fn amount(&self, aggregate: &Aggregate) -> Option<FactAmount> {
        let place = self.lists.aggregates.get(aggregate)?;
        self.amounts.and_then(|amounts| amounts.get(*place).copied().flatten())
    }
}

impl Measured for OfKey<'_> {
    fn aggregate(&self, aggregate: &Aggregate) -> Result<Number, Why> {
        let exact = |units, places| Exact::scaled(units, places).map(Number::Exact).ok_or(Why::TooLarge);
        match self.amount(aggregate) {
            Some(FactAmount::SeveralCurrencies) => Err(Why::MixedCurrencies),
            Some(FactAmount::SeveralUnits) => Err(Why::MixedUnits),
            Some(FactAmount::Units { units, places, values }) if aggregate.function == Function::Average => {
                exact(units, places)?.over(Number::Exact(Exact::whole(i128::from(values)))).ok_or(Why::NoFacts)
            }
            Some(FactAmount::Units { units, places, .. }) => exact(units, places),
            // A sum or count of nothing is zero; a mean of nothing is none.
            Some(FactAmount::Nothing) | None => match aggregate.function {
                Function::Sum | Function::Count | Function::CountDistinct => Ok(Number::Exact(Exact::ZERO)),
                Function::Average | Function::Least | Function::Greatest => Err(Why::NoFacts),
            },
        }
    }

    fn built_in(&self, kpi: &'static KpiDefinition) -> Value {
        let place = self.lists.built_ins.iter().position(|known| known.id == kpi.id);
        match place.zip(self.built_ins).and_then(|(place, values)| values.get(place)) {
            Some(value) => *value,
            None if kpi.nature == Nature::Ratio => Value::Null(Why::NothingToDivideBy),
            None => Value::Count(0),
        }
    }
}
