//! What opportunities are found in, beside the cells.

use rustc_hash::FxHashMap;
use takar_model::{Day, Money, Period};

use crate::{metrics::SourceError, stock::Told};

/// Sums of the lines of one account and product in one window. Amounts in 1/10,000, quantities in 1/1,000,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bought {
    /// Σ net, returns taken off.
    pub net: i64,
    /// Σ net of the lines that have both an amount and a quantity above 0.
    pub priced: i64,
    /// Σ quantity of the same lines.
    pub quantity: i64,
}

/// What each account bought of each product: sparse, by account and within it by product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purchases {
    /// By account code: where its rows end.
    pub ends: Vec<u32>,
    /// Product codes, ascending within an account.
    pub product: Vec<u32>,
    /// The one unit of the quantities, [`crate::metrics::NONE`] or [`crate::metrics::MIXED`].
    pub unit: Vec<u32>,
    /// In the year and in the year before.
    pub bought: Vec<[Bought; 2]>,
}

impl Purchases {
    /// The rows of an account.
    pub fn of(&self, account: u32) -> std::ops::Range<usize> {
        let place = account as usize;
        let end = self.ends.get(place).copied().unwrap_or_default() as usize;
        let start = if place == 0 { 0 } else { self.ends.get(place - 1).copied().unwrap_or_default() as usize };
        start..end.max(start)
    }
}

/// Someone who has not become an account yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// Whose it is.
    pub manager: Option<String>,
    /// Where it stands, as told.
    pub stage: Option<String>,
    /// Since when.
    pub opened: Option<Day>,
    /// What it is thought to be worth.
    pub amount: Option<Money>,
    /// The account that it belongs to.
    pub account: Option<String>,
}

/// An offer that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOffer {
    /// The id.
    pub id: String,
    /// To which account.
    pub account: Option<String>,
    /// The name that the offer tells of it.
    pub account_name: Option<String>,
    /// Whose it is.
    pub manager: Option<String>,
    /// Since when.
    pub opened: Day,
    /// Somebody followed it up.
    pub is_followed_up: bool,
    /// What it is worth.
    pub amount: Option<Money>,
}

/// Offers of the two years up to the data's last day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// Those that are open.
    pub open: Vec<OpenOffer>,
    /// How many were won.
    pub won: usize,
    /// How many were lost.
    pub lost: usize,
}

/// What serving an account cost in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// The account.
    pub account: String,
    /// Σ amounts.
    pub amount: Money,
    /// Σ hours of the rows that tell no amount.
    pub hours: f64,
    /// How many rows.
    pub rows: usize,
}

/// What the tables beside the lines tell. `None` = there is no such table yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Happenings {
    /// Prospects that have not become accounts.
    pub prospects: Option<Vec<Prospect>>,
    /// Offers.
    pub offers: Option<Offers>,
    /// What was out of stock.
    pub stock: Option<Vec<Told>>,
    /// What it cost to serve.
    pub costs: Option<Vec<Cost>>,
    /// By account or prospect: the last activity or offer.
    pub last_touch: FxHashMap<String, Day>,
    /// What an hour costs: the median of the costs that tell an amount and hours.
    pub hour_cost: Option<f64>,
    /// Hours of an activity: the median of those that tell.
    pub contact_hours: Option<f64>,
}

/// What hands these over.
pub trait OpportunitySource {
    /// What each account bought of each product in two windows.
    ///
    /// # Errors
    /// Where the lines cannot be read.
    fn purchases(&self, year: Period, before: Period) -> Result<Purchases, SourceError>;

    /// What the other tables tell of the year, and of what is open on its last day.
    ///
    /// # Errors
    /// Where the tables cannot be read.
    fn happenings(&self, year: Period) -> Result<Happenings, SourceError>;
}
