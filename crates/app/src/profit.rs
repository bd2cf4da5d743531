//! What accounts and managers earn after what it costs to serve them.

use takar_insight::{
    InsightError,
    profit::{Profit, Question, Rates, profit},
};
use takar_model::{Credit, Right};

use crate::{AppError, Result, Takar};

/// Where the rates are kept.
const SETTING: &str = "cost_rates";

impl Takar {
    /// Margin, cost to serve and net profit, as far as the one who acts may see.
    ///
    /// # Errors
    /// Where the question cannot be answered; where the data cannot be read.
    pub fn profit(&self, credit: Credit, question: &Question) -> Result<Profit> {
        let (source, facts) = (self.source(credit)?, self.lake_source(credit)?);
        Ok(profit(source.as_ref(), facts.as_ref(), self.cost_rates()?, question)?)
    }

    /// What an hour of selling costs, and how many a day has.
    pub fn cost_rates(&self) -> Result<Rates> {
        // What a newer program kept and this one cannot read is as good as nothing kept.
        let kept = self.state.setting(SETTING)?.and_then(|text| serde_json::from_str(&text).ok());
        Ok(kept.unwrap_or_default())
    }

    /// Keeps what an hour costs from now on; profit of any window is worked out with it.
    pub fn set_cost_rates(&self, rates: Rates) -> Result<Rates> {
        self.may(Right::Define)?;
        let rates = rates.checked().map_err(|wrong| AppError::Asked(wrong.0))?;
        let unwritable = |error: serde_json::Error| InsightError::Unwritable(error.to_string());
        let text = serde_json::to_string(&rates).map_err(unwritable)?;
        self.state.set_setting(SETTING, &text)?;
        let hourly = rates.hourly.map_or_else(|| "none".to_owned(), |rate| rate.to_string());
        let detail = format!("an hour {hourly}, a day {} hours", rates.hours_a_day);
        self.note_decision("set cost rates", &detail, &[])?;
        Ok(rates)
    }
}
