//! Satisfaction and response beside sales, and what moved first.

use std::sync::Arc;

use takar_insight::{
    InsightError,
    analysis::Scope,
    metrics::CellSource,
    process::Work,
    satisfaction::{FirstMoves, OneAccount, Question, Satisfaction, first_moves, one_account, satisfaction},
};
use takar_model::{Credit, Period};

use crate::{Result, Takar};

impl Takar {
    /// Satisfaction, response and sales of each member, as far as the one who acts may see.
    ///
    /// # Errors
    /// Where the question cannot be answered; where the data cannot be read.
    pub fn satisfaction(&self, credit: Credit, question: &Question) -> Result<Satisfaction> {
        let (source, work) = (self.source(credit)?, self.all_work(credit)?);
        Ok(satisfaction(source.as_ref(), &work, &self.promises()?, question)?)
    }

    /// What moved first over all complete months, as far as the one who acts may see. It is worked out once for all that it rests on.
    ///
    /// # Errors
    /// As [`Takar::satisfaction`].
    pub fn first_moves(&self, credit: Credit, scope: &Scope) -> Result<Arc<FirstMoves>> {
        let key = (self.lake.version_mark(), credit, self.today(), self.reach_ids(), scope.clone());
        self.kept.first_moves.get(key, || {
            let (source, work) = (self.source(credit)?, self.all_work(credit)?);
            Ok(first_moves(source.as_ref(), &work, scope)?)
        })
    }

    /// Satisfaction, response and sales of one account, and what it said.
    ///
    /// # Errors
    /// As [`Takar::satisfaction`]; for an account that is not known or of which the one who acts may see nothing.
    pub fn satisfaction_of(&self, credit: Credit, account: &str, period: Option<Period>) -> Result<OneAccount> {
        let (source, work) = (self.source(credit)?, self.all_work(credit)?);
        Ok(one_account(source.as_ref(), &work, &self.promises()?, (account, period))?)
    }

    /// All that happened since the first sale.
    fn all_work(&self, credit: Credit) -> Result<Arc<Work>> {
        let extent = self.lake_source(credit)?.extent().ok_or(InsightError::NoData)?;
        self.work(credit, Some(Period::new(extent.from(), extent.to().max(self.today())).unwrap_or(extent)))
    }
}
