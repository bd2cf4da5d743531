//! What accounts and managers earn after what it costs to serve them.

use takar_insight::{
    InsightError,
    opportunities::Asked,
    profit::{Change, HoursAgainstWorth, Profit, Question, Rates, WhatIf, profit, what_if},
};
use takar_model::{Credit, Right};
use takar_state::Message;

use crate::{AppError, Result, Takar, opportunities::HOURS};

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

    /// What profit would be, as far as the one who acts may see.
    ///
    /// # Errors
    /// Where the change or the question cannot be; where the data cannot be read.
    pub fn profit_what_if(&self, credit: Credit, question: &Question, change: Change) -> Result<WhatIf> {
        let change = change.checked().map_err(AppError::Asked)?;
        let (source, lake) = (self.source(credit)?, self.lake_source(credit)?);
        let rates = self.cost_rates()?;
        Ok(what_if(source.as_ref(), (lake.as_ref(), lake.as_ref()), rates, question, change)?)
    }

    /// Hours beside what accounts earn, and what the next ones are expected to bring, as far as the one who acts may see.
    ///
    /// # Errors
    /// Where the question cannot be answered; where the data cannot be read.
    pub fn profit_hours(&self, credit: Credit, question: &Question) -> Result<HoursAgainstWorth> {
        let found = self.profit(credit, question)?;
        let all = self.all_opportunities(credit)?;
        let asked = Asked { manager: question.manager.clone(), hours: HOURS, ..Asked::default() };
        Ok(found.hours(&all.shown(self.reach(), asked), question.filter.is_some()))
    }

    /// What an hour of selling and an order cost, and how many hours a day has.
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
        let told = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| rate.to_string());
        let (hourly, order) = (told(rates.hourly), told(rates.per_order));
        let detail = Message::new(
            format!("satu jam {hourly}, satu hari {} jam, satu pesanan {order}", rates.hours_a_day),
            format!("an hour {hourly}, a day {} hours, an order {order}", rates.hours_a_day),
        );
        self.note_decision("set cost rates", &detail, &[])?;
        Ok(rates)
    }
}
