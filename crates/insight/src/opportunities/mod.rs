//! What could be done, what it is worth, and in which order.
//!
//! Every kind has a file of its own that looks for it ([`Found`]); all findings are then weighed together ([`Opportunities`]): chance of success
//! from the own record, worth with its interval, hours, and which of several on one account counts.

mod book;
mod concentration;
mod cost;
mod cross_sell;
mod fading;
mod finding;
mod json;
mod kind;
mod lead;
mod offer;
mod overdue;
mod price;
mod shown;
mod source;
mod stock_out;
mod table;
#[cfg(test)]
mod tests;
mod wallet;
mod weigh;
mod why;
mod win_back;
mod words;

use rayon::prelude::*;
use takar_model::{Day, Text};

use crate::{
    InsightError,
    metrics::{Basis, CellSource},
};

use self::book::Book;
pub use self::{
    book::Measure,
    finding::{Finding, Member, Rows},
    kind::{HOURS_OF_CONTACT, Kind, STRENGTH, Usual},
    shown::{Asked, Hours, Shown},
    source::{Bought, Cost, Happenings, Offers, OpenOffer, OpportunitySource, Prospect, Purchases},
    weigh::{Dismissal, Opportunities, Opportunity, Reason, Records, weigh},
    why::Why,
};

/// What the search rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// Offers are to be followed up within so many days.
    pub follow_up_days: u16,
    /// What an hour costs; where it is not set, what rows of costs with hours tell.
    pub hour_cost: Option<f64>,
}

/// Everything that was found, for everybody, before it is weighed.
#[derive(Debug, Clone)]
pub struct Found {
    /// The last day of the data.
    pub today: Day,
    /// In what amounts are told.
    pub measure: Measure,
    /// By kind, in their order: what was found, or why it was not looked for.
    pub kinds: Vec<(Kind, Result<Vec<Finding>, Text>)>,
    /// Offers that were won, and decided: the record that offers have of their own.
    pub offers: (usize, usize),
    /// Hours of a contact; own ones where activities tell them.
    pub contact_hours: Option<f64>,
    /// What an hour costs.
    pub hour_cost: Option<f64>,
    /// The currency of the amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Looks for every kind, among all accounts.
///
/// # Errors
/// [`InsightError::NoData`] without lines, or where the data cannot be read.
pub fn find<S: CellSource + OpportunitySource + Sync>(source: &S, question: Question) -> Result<Found, InsightError> {
    let (windows, annual) = book::windows(source)?;
    let read = || Ok::<_, InsightError>((source.purchases(windows[0], windows[1])?, source.happenings(windows[0])?));
    let (risks, read) = rayon::join(|| book::risks(source), read);
    let (risks, (purchases, mut happenings)) = (risks?, read?);
    happenings.hour_cost = question.hour_cost.or(happenings.hour_cost);
    let book = Book::of(source, (windows, annual), &risks)?;
    let orders = source.order_days()?;
    let look = |kind: Kind| -> Result<Vec<Finding>, Text> {
        match kind {
            Kind::Overdue => Ok(overdue::look(&book)),
            Kind::Fading => Ok(fading::look(&book, &orders)),
            Kind::WinBack => Ok(win_back::look(&book, &orders)),
            Kind::CrossSell => cross_sell::look(&book, &purchases),
            Kind::Price => price::look(&book, &purchases),
            Kind::Wallet => Ok(wallet::look(&book)),
            Kind::StockOut => stock_out::look(&book, &purchases, happenings.stock.as_deref()),
            Kind::Lead => lead::look(&book, &happenings),
            Kind::Offer => offer::look(&book, happenings.offers.as_ref(), question.follow_up_days),
            Kind::Cost => cost::look(&book, &happenings),
            Kind::Concentration => Ok(concentration::look(&book, &purchases)),
        }
    };
    let kinds = Kind::ALL.into_par_iter().map(|kind| (kind, look(kind))).collect();
    let decided = happenings.offers.as_ref().map_or((0, 0), |offers| (offers.won, offers.won + offers.lost));
    let currencies = &book.names.currencies;
    Ok(Found {
        today: book.today,
        measure: book.measure,
        kinds,
        offers: decided,
        contact_hours: happenings.contact_hours,
        hour_cost: happenings.hour_cost,
        currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
        basis: source.basis(),
    })
}
