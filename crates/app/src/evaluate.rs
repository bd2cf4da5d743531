//! An evaluation: figures of sales beside the past, the target and the peers, and who was there when.

use takar_insight::{
    InsightError,
    evaluation::{Evaluation, evaluate, presence::AbsenceSource},
    metrics::{CellSource, known_manager},
};
use takar_model::{Credit, Period};

use crate::{Result, Takar};

impl Takar {
    /// The evaluation of a window, the last complete month of the data unless given; of one manager or all within reach.
    ///
    /// # Errors
    /// Without data, for an unknown manager, or where the data cannot be read.
    pub fn evaluate(&self, credit: Credit, period: Option<Period>, manager: Option<&str>) -> Result<Evaluation> {
        let source = self.source(credit)?;
        if let Some(id) = manager {
            source.extent().ok_or(InsightError::NoData)?;
            known_manager(source.as_ref(), id)?;
        }
        // Each is held against all.
        let key = (self.lake.version_mark(), credit, period, self.reach_ids());
        let all = self.kept.evaluations.get(key, || {
            let found = evaluate(source.as_ref(), period, None)?;
            let absences = self.lake_source(credit)?.absences().map_err(InsightError::from)?;
            Ok(found.with_absences(&absences))
        })?;
        Ok(match manager {
            Some(id) => all.of(id),
            None => all.as_ref().clone(),
        })
    }
}
