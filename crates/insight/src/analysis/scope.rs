//! Whose figures are analysed: the company's or one manager's, all lines or some.

use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Field, Filter, Operator, known_manager, within},
};

/// One manager, or some lines; everything without either.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// Of one manager, by id.
    pub manager: Option<String>,
    /// Only these lines. Conditions on months are refused: the windows say when.
    pub filter: Option<Filter>,
}

impl Scope {
    /// Manager, condition and the reader's reach as one condition.
    ///
    /// # Errors
    /// [`InsightError::UnknownManager`], [`InsightError::TimeCondition`].
    pub(crate) fn condition(&self, source: &dyn CellSource) -> Result<Option<Filter>, InsightError> {
        if let Some(id) = &self.manager {
            known_manager(source, id)?;
        }
        if self.filter.iter().flat_map(Filter::dimensions).any(Dimension::is_time) {
            return Err(InsightError::TimeCondition);
        }
        let asked = both(self.manager.as_deref().map(|id| is(Dimension::Manager, id)), self.filter.clone());
        Ok(within(source, asked))
    }

    /// The manager's id and name.
    pub(super) fn manager_label(&self, source: &dyn CellSource) -> Option<(String, Option<String>)> {
        let labels = &source.names().manager;
        self.manager
            .as_ref()
            .map(|id| (id.clone(), labels.code(id).and_then(|code| labels.name(code)).map(str::to_owned)))
    }
}

/// The condition that a dimension is one member.
pub(crate) fn is(dimension: Dimension, id: &str) -> Filter {
    Filter::Compare { field: Field::Id(dimension), operator: Operator::Equal, value: id.to_owned() }
}

/// Both conditions, where there are two.
pub(super) fn both(one: Option<Filter>, other: Option<Filter>) -> Option<Filter> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Filter::And(vec![one, other])),
        (one, other) => one.or(other),
    }
}

/// The one currency of the data, where it is one.
pub(crate) fn currency_of(source: &dyn CellSource) -> Option<String> {
    let currencies = &source.names().currencies;
    currencies.first().filter(|_| currencies.len() == 1).cloned()
}
