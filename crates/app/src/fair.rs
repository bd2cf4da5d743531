//! Managers compared fairly.

use takar_insight::{
    evaluation::fair::{Fair, Question, compare},
    metrics::known_manager,
};
use takar_model::Credit;

use crate::{Result, Takar};

impl Takar {
    /// The managers of a window, each against what the portfolio lets expect, under a rule of credit.
    ///
    /// # Errors
    /// Where the question cannot be answered; where the data cannot be read.
    pub fn fair(&self, credit: Credit, question: &Question) -> Result<Fair> {
        let source = self.source(credit)?;
        if let Some(id) = &question.manager {
            known_manager(source.as_ref(), id)?;
        }
        // All are compared, whoever is shown.
        let everybody = Question { manager: None, ..question.clone() };
        let all = self.kept.fair.get((self.lake.version_mark(), credit, everybody.clone()), || {
            Ok(compare(self.lake_source(credit)?.as_ref(), &everybody)?)
        })?;
        Ok(all.as_ref().clone().shown(source.as_ref(), question.manager.as_deref())?)
    }
}
