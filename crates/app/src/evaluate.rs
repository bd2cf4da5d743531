//! An evaluation: figures of sales beside the past, the target and the peers, and who was there when.

use takar_insight::evaluation::{Evaluation, evaluate, presence::AbsenceSource};
use takar_model::{Credit, Period};

use crate::{Result, Takar};

impl Takar {
    /// The evaluation of a window, the last complete month of the data unless given; of one manager or all within reach.
    ///
    /// # Errors
    /// Without data, for an unknown manager, or where the data cannot be read.
    pub fn evaluate(&self, credit: Credit, period: Option<Period>, manager: Option<&str>) -> Result<Evaluation> {
        let found = evaluate(self.source(credit)?.as_ref(), period, manager)?;
        let absences = self.lake_source(credit)?.absences().map_err(takar_insight::InsightError::from)?;
        Ok(found.with_absences(&absences))
    }
}
