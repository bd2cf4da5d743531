//! Stock: how much of each product each branch should have, and what to order.

use std::sync::Arc;

use serde_json::Value;
use takar_insight::{
    InsightError,
    metrics::{CellSource, Labels},
    stock::{Asked, Question, Shown, State, Stock, stock},
};
use takar_model::{Credit, Lang, Text};
use takar_state::Message;
use takar_stats::Level;

use crate::{AppError, Result, Takar};

/// Rows that are shown unless others are asked for, and the most.
const LIMIT: usize = 20;
const MOST: usize = 1_000;
/// The longest lead time and time between orders, in days.
const LONGEST: u16 = 365;
/// The most months after which stock is slow.
const MOST_MONTHS: u16 = 60;

/// Which stock, and for how long it has to last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StockAsked {
    /// In this branch.
    pub branch: Option<String>,
    /// Of this product.
    pub product: Option<String>,
    /// In these states, by their words.
    pub states: Vec<String>,
    /// Days from an order to its arrival; 14 unless given.
    pub lead: Option<u16>,
    /// Days from one order to the next; 7 unless given.
    pub review: Option<u16>,
    /// How often it is to last: `95%` or `0.95`; 95 % unless given.
    pub service: Option<String>,
    /// Months of what is expected after which stock is slow; 6 unless given.
    pub slow: Option<u16>,
    /// How many are passed over.
    pub offset: usize,
    /// How many at most; 20 unless given, 1,000 at most.
    pub limit: Option<usize>,
}

impl Takar {
    /// Stock as JSON, the most urgent first.
    ///
    /// # Errors
    /// Without data, for who may not see everybody's sales, for an unknown branch, product or state, for days or shares out of range.
    pub fn stock(&self, asked: &StockAsked, lang: Lang) -> Result<Value> {
        self.with_stock(asked, |shown| shown.to_json(lang))
    }

    /// The same for a terminal.
    ///
    /// # Errors
    /// As [`Takar::stock`].
    pub fn stock_text(&self, asked: &StockAsked, lang: Lang) -> Result<String> {
        self.with_stock(asked, |shown| shown.table(lang))
    }

    fn with_stock<T>(&self, asked: &StockAsked, tell: impl FnOnce(&Shown<'_>) -> T) -> Result<T> {
        // Stock serves everybody: what has to be there is worked out from all sales and tells of all.
        self.may_see_everybody()?;
        let question = question_of(asked)?;
        let states = asked.states.iter().map(|word| state_of(word)).collect::<Result<_>>()?;
        // Read before the data: what is kept may be newer than its mark, never older.
        let mark = self.lake.version_mark();
        let source = self.lake_source(Credit::Recorded)?;
        source.extent().ok_or(InsightError::NoData)?;
        let known = |labels: &Labels, id: &Option<String>| match id {
            Some(id) if labels.code(id).is_none() => Err(AppError::Told(Message {
                id: format!("tidak ada \"{id}\" dalam penjualan"),
                en: format!("no sale has \"{id}\""),
            })),
            _ => Ok(()),
        };
        known(&source.names().branch, &asked.branch)?;
        known(&source.names().product, &asked.product)?;
        let Question { lead, review, service, slow } = question;
        let all: Arc<Stock> = self
            .kept
            .stock
            .get((mark, lead, review, service.share().to_bits(), slow), || Ok(stock(source.as_ref(), question)?))?;
        let limit = asked.limit.unwrap_or(LIMIT).min(MOST);
        let (branch, product) = (asked.branch.clone(), asked.product.clone());
        Ok(tell(&all.shown(Asked { branch, product, states, offset: asked.offset, limit })))
    }
}

fn question_of(asked: &StockAsked) -> Result<Question> {
    let usual = Question::default();
    let within = |given: Option<u16>, usual: u16, most: u16, wrong: Text| match given.unwrap_or(usual) {
        number if (1..=most).contains(&number) => Ok(number),
        _ => Err(AppError::Asked(wrong)),
    };
    Ok(Question {
        lead: within(
            asked.lead,
            usual.lead,
            LONGEST,
            Text::new("hari sampai pesanan tiba: 1 sampai 365", "days until an order arrives: 1 to 365"),
        )?,
        review: within(
            asked.review,
            usual.review,
            LONGEST,
            Text::new("hari sampai pesanan berikutnya: 1 sampai 365", "days until the next order: 1 to 365"),
        )?,
        service: asked.service.as_deref().map_or(Ok(usual.service), service_of)?,
        slow: within(
            asked.slow,
            usual.slow,
            MOST_MONTHS,
            Text::new("bulan sampai stok disebut lambat: 1 sampai 60", "months after which stock is slow: 1 to 60"),
        )?,
    })
}

/// `95%`, `95` or `0.95`, from 50 % to 99.9 %.
fn service_of(text: &str) -> Result<Level> {
    let plain = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let number: Option<f64> = plain.parse().ok();
    let share = number.map(|number| if number > 1.0 || text.contains('%') { number / 100.0 } else { number });
    let level = share.filter(|share| (0.5..=0.999).contains(share)).and_then(|share| Level::new(share).ok());
    level.ok_or(AppError::Asked(Text::new(
        "seberapa sering stok harus cukup: 50% sampai 99.9%",
        "how often stock is to last: 50% to 99.9%",
    )))
}

fn state_of(word: &str) -> Result<State> {
    State::of(word).ok_or_else(|| {
        let known = State::ALL.map(State::word).join(", ");
        AppError::Told(Message {
            id: format!("tidak ada keadaan stok \"{word}\"; pilih dari: {known}"),
            en: format!("there is no state of stock \"{word}\"; choose from: {known}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_as_people_write_it() {
        let share = |text: &str| service_of(text).ok().map(Level::share);
        assert_eq!(
            [share("95%"), share("95"), share("0.95"), share("97,5 %")],
            [Some(0.95), Some(0.95), Some(0.95), Some(0.975)]
        );
        assert_eq!([share("0.5%"), share("100"), share("1"), share("often"), share("")], [None; 5]);
    }

    #[test]
    fn days_are_within_a_year() {
        let asked = |lead: u16| question_of(&StockAsked { lead: Some(lead), ..StockAsked::default() });
        assert_eq!(asked(30).map(|question| question.days()).ok(), Some(37));
        assert!(asked(0).is_err() && asked(366).is_err());
    }
}
