//! Managers compared fairly.

use takar_insight::evaluation::fair::{self, Fair, Question};
use takar_model::Credit;

use crate::{Result, Takar};

impl Takar {
    /// The managers of a window, each against what the portfolio lets expect, under a rule of credit.
    ///
    /// # Errors
    /// Where the question cannot be answered; where the data cannot be read.
    pub fn fair(&self, credit: Credit, question: &Question) -> Result<Fair> {
        let source = self.source(credit)?;
        Ok(fair::fair(source.as_ref(), question)?)
    }
}
