//! Results below expectation: what is missing, where, likely causes and what to do.

use takar_insight::{
    InsightError,
    analysis::{Scope, Windows, explain, miss, miss_windows, windows},
    evaluation::{
        diagnosis::{Diagnosis, Input, diagnose, unweighed},
        fair,
    },
    metrics::known_manager,
};
use takar_model::{Compare, Credit, Money, Period};

use crate::{Result, Takar};

/// Members behind each bar that are looked at.
const ITEMS: usize = 200;

impl Takar {
    /// What is behind a manager's result in a window, the last complete month of the data unless given.
    ///
    /// # Errors
    /// Without data, or for a manager that is not known or not of the own line.
    pub fn diagnose(&self, credit: Credit, period: Option<Period>, manager: &str) -> Result<Diagnosis> {
        let source = self.source(credit)?;
        known_manager(source.as_ref(), manager)?;
        let Windows { base, current } = windows(source.as_ref(), None, period, Compare::Prior)?;
        let question = |against_target| explain::Question {
            base,
            current,
            manager: Some(manager.to_owned()),
            filter: None,
            against_target,
            items: ITEMS,
        };
        // Without a target, or with one of nothing, the window before is what was expected.
        let (explanation, against_target) = match explain::explain(source.as_ref(), &question(true)) {
            Ok(found) if found.from > Money::ZERO => (found, true),
            Ok(_) | Err(InsightError::NoTarget { .. }) => (explain::explain(source.as_ref(), &question(false))?, false),
            Err(error) => return Err(error.into()),
        };
        let asked = miss::Question {
            // Of the same gap as the bridge.
            windows: if against_target {
                miss_windows(source.as_ref(), None, Some(current), None)?
            } else {
                Windows { base, current }
            },
            scope: Scope { manager: Some(manager.to_owned()), filter: None },
            against_target,
        };
        // Where the gap cannot be told apart the bars say what there is to say.
        let parts = miss::miss(source.as_ref(), &asked).ok();
        let keeper = self.as_keeper();
        let cards = keeper.scorecards(credit, Some(current), None)?;
        let unweighed = unweighed(&explanation, &cards);
        let beside = match unweighed.is_empty() {
            true => None,
            false => Some(keeper.measures(credit, current, &unweighed)?),
        };
        // The comparison wants a longer window than a month: its own.
        let compared =
            self.fair(credit, &fair::Question { manager: Some(manager.to_owned()), ..Default::default() }).ok();
        let input = Input {
            explanation: &explanation,
            against_target,
            miss: parts.as_ref(),
            cards: &cards,
            beside: beside.as_ref(),
            fair: compared.as_ref().and_then(|fair| fair.managers.first()),
        };
        Ok(diagnose(&input))
    }
}
