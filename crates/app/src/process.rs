//! How managers work, held against what was promised.

use takar_insight::{
    InsightError,
    process::{Process, Promises, Question},
};
use takar_model::{Credit, Period, Right};
use takar_state::Message;

use crate::{AppError, Result, Takar};

/// Where the promises are kept.
const SETTING: &str = "process_promises";

/// What is asked of the work.
#[derive(Debug, Clone, Default)]
pub struct ProcessAsked {
    /// The window; the last complete month of the data unless given.
    pub period: Option<Period>,
    /// Only these managers; all unless given.
    pub managers: Option<Vec<String>>,
    /// The manager of whom the rows behind the measures are told.
    pub opened: Option<String>,
    /// Held against this instead of what is kept.
    pub promises: Option<Promises>,
}

impl Takar {
    /// The work in a window.
    pub fn process(&self, asked: ProcessAsked) -> Result<Process> {
        let source = self.lake_source(Credit::Recorded)?;
        let promises = match asked.promises {
            Some(promises) => promises.checked().map_err(|wrong| AppError::Asked(wrong.0))?,
            None => self.promises()?,
        };
        let work = self.work(Credit::Recorded, asked.period)?;
        let question = Question {
            period: asked.period,
            managers: asked.managers,
            reach: self.reach().cloned(),
            opened: asked.opened,
            promises,
            ratings: self.ratings_that_count()?,
            today: Some(self.today()),
        };
        Ok(work.measured(source.as_ref(), &question)?)
    }

    /// What was promised to accounts, and how often they are to be contacted.
    pub fn promises(&self) -> Result<Promises> {
        if let Some(pin) = &self.pin {
            return Ok(pin.definitions.promises.clone());
        }
        // What a newer program kept and this one cannot read is as good as nothing kept.
        let kept = self.state.setting(SETTING)?.and_then(|text| serde_json::from_str(&text).ok());
        Ok(kept.unwrap_or_default())
    }

    /// Keeps what was promised from now on; figures of any window are held against it.
    pub fn set_promises(&self, promises: Promises) -> Result<Promises> {
        self.may(Right::Define)?;
        let promises = promises.checked().map_err(|wrong| AppError::Asked(wrong.0))?;
        let unwritable = |error: serde_json::Error| InsightError::Unwritable(error.to_string());
        let text = serde_json::to_string(&promises).map_err(unwritable)?;
        self.state.set_setting(SETTING, &text)?;
        let Promises { response_hours, follow_up_days, contacts_a_month: [a, b, c] } = &promises;
        let detail = Message::new(
            format!(
                "jawaban {response_hours} jam, tindak lanjut {follow_up_days} hari, kontak sebulan A {a} B {b} C {c}"
            ),
            format!("response {response_hours} h, follow-up {follow_up_days} days, contacts a month A {a} B {b} C {c}"),
        );
        self.note_decision("set promises", &detail, &[])?;
        Ok(promises)
    }
}
