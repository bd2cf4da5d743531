//! Accounts on the plane of quantity and quality.

use takar_insight::evaluation::accounts::{AccountsPlane, Question, accounts_plane};
use takar_model::{Credit, Period};

use crate::{Result, Takar};

impl Takar {
    /// How much each account buys and how the relation stands, the last twelve complete months unless given.
    ///
    /// # Errors
    /// Without data, or for a manager that is not known or not of the own line.
    pub fn accounts_plane(
        &self,
        credit: Credit,
        period: Option<Period>,
        manager: Option<&str>,
    ) -> Result<AccountsPlane> {
        let question = Question {
            period,
            manager: manager.map(str::to_owned),
            reach: self.reach().cloned(),
            promises: self.promises()?,
            today: Some(self.today()),
        };
        let source = self.lake_source(credit)?;
        Ok(accounts_plane(source.as_ref(), source.as_ref(), &question)?)
    }
}
