//! Targets of measures of the work: what a manager is to reach in the window, in place of what holds for all.

use takar_model::{ManagerId, Period};

use super::{MeasureUnit, ProcessKpi};
use crate::metrics::{CellSource, Dimension, Target};

/// The targets of measures of the work that managers have.
#[derive(Debug, Clone, Default)]
pub(super) struct WorkTargets(Vec<(ManagerId, ProcessKpi, Period, f64)>);

impl WorkTargets {
    /// Those in the data: of a manager, and of nothing else besides.
    pub fn of(source: &dyn CellSource) -> Self {
        let is_plain = |target: &&Target| target.named().eq([Dimension::Manager]);
        let told = |target: &Target| {
            let definition = super::PROCESS_KPIS.iter().find(|kpi| kpi.id == target.kpi)?;
            let manager = source.names().manager.id(target.manager?)?;
            Some((ManagerId::from(manager), definition.kpi, target.period, target.value.to_f64()))
        };
        Self(source.targets().iter().filter(is_plain).filter_map(told).collect())
    }

    /// The target of a manager for a window. That of a share, a time, a rating or a rate holds on every day of its period, so the
    /// shortest that has the whole window holds; that of a count is for exactly its period, and months add up.
    pub fn get(&self, manager: &str, kpi: ProcessKpi, window: Period) -> Option<f64> {
        let own = || self.0.iter().filter(|(id, of, ..)| id.0 == manager && *of == kpi);
        let exactly = |wanted: Period| own().find(|(.., period, _)| *period == wanted).map(|(.., value)| *value);
        if let Some(value) = exactly(window) {
            return Some(value);
        }
        if kpi.definition().unit == MeasureUnit::Count {
            let (first, last) = window.whole_months()?;
            return (first.index()..=last.index())
                .map(|index| exactly(Period::month(takar_model::Month::from_index(index))))
                .sum();
        }
        let has_all = |period: Period| period.from() <= window.from() && window.to() <= period.to();
        let around = own().filter(|(.., period, _)| has_all(*period));
        around.min_by_key(|(.., period, _)| period.days()).map(|(.., value)| *value)
    }
}
