//! Whose figures a reader may see.

use std::collections::BTreeSet;

use takar_model::ManagerId;

use super::{CellSource, Dimension, Field, Filter};
use crate::InsightError;

/// The managers whose figures a reader may see: the reporting line. Every answer from a source that has one is about
/// what is credited to these managers, whatever was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    managers: BTreeSet<ManagerId>,
}

impl Reach {
    /// These managers and nobody else.
    pub fn of(managers: impl IntoIterator<Item = ManagerId>) -> Self {
        Self { managers: managers.into_iter().collect() }
    }

    /// It has this manager. Nobody's rows are in no reach.
    pub fn holds(&self, manager: &str) -> bool {
        self.managers.contains(&ManagerId::from(manager))
    }

    /// The managers, in the order of their texts.
    pub fn managers(&self) -> impl Iterator<Item = &ManagerId> {
        self.managers.iter()
    }

    /// As a condition on lines.
    pub fn condition(&self) -> Filter {
        let ids = self.managers.iter().map(|manager| manager.0.clone()).collect();
        Filter::In(Field::Id(Dimension::Manager), ids)
    }
}

/// A condition, and that the lines are within the reach of who reads from `source`.
pub fn within(source: &dyn CellSource, filter: Option<Filter>) -> Option<Filter> {
    match (source.reach().map(Reach::condition), filter) {
        (Some(reach), Some(filter)) => Some(Filter::And(vec![reach, filter])),
        (reach, filter) => reach.or(filter),
    }
}

/// The code of a manager whose figures may be seen.
///
/// # Errors
/// [`InsightError::UnknownManager`]: of who is out of reach not even that is told, whether there is such a manager.
pub fn known_manager(source: &dyn CellSource, id: &str) -> Result<u32, InsightError> {
    let code = source.names().manager.code(id).filter(|_| source.reach().is_none_or(|reach| reach.holds(id)));
    code.ok_or_else(|| InsightError::UnknownManager(id.to_owned()))
}
