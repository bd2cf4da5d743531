//! Why something is told: figures, put into words where they are read.

use takar_model::{Day, Money};

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// How the account orders, in both languages.
    Rhythm(Box<[String; 2]>),
    /// The chance that it is lost.
    Risk(f64),
    /// Net sales of the year.
    YearSales(Money),
    /// Orders in half a year, and in the same half a year before; the same for all accounts.
    Fewer {
        /// Days with an order now.
        now: u32,
        /// Days with an order then.
        before: u32,
        /// All accounts: now as a share of then.
        all: f64,
    },
    /// The last order, and what it bought in its last year.
    LastOrder(Day, Money),
    /// Of so many accounts that buy the one, so many buy the other too.
    Together {
        /// What the account buys.
        has: String,
        /// What it does not.
        lacks: String,
        /// Buy both.
        both: u32,
        /// Buy the one.
        of: u32,
        /// Times as often as chance.
        lift: f64,
    },
    /// A quantity to suggest a month, in its unit, from the share that buyers of the size spend on it.
    Suggest {
        /// How many a month.
        quantity: f64,
        /// In which unit.
        unit: Option<String>,
        /// The median share of their spending.
        share: f64,
    },
    /// It pays so much of what its peers pay; a year before.
    PriceLevel {
        /// Own price over the peers', now.
        now: f64,
        /// A year before, where it bought the same.
        before: Option<f64>,
    },
    /// The product with the largest gap.
    PriceOf {
        /// Which.
        product: String,
        /// Own price.
        own: Money,
        /// The median of the peers.
        peers: Money,
        /// How many peers.
        n: usize,
    },
    /// Spends so much; one in five of its peers spends more than that.
    Spends {
        /// A year.
        own: Money,
        /// The peers' .8 quantile, with its interval.
        peers: (Money, Money, Money),
        /// How many peers.
        n: usize,
    },
    /// Products it buys were out of stock.
    OutOfStock {
        /// How many.
        products: usize,
        /// The one that cost most.
        most: String,
        /// Its days.
        days: f64,
    },
    /// It is not the manager's shortfall.
    NotManagers,
    /// Open since, and nothing happened.
    Untouched(Option<Day>),
    /// What is told of its worth; else what new accounts bring in a year.
    Expected(Money, bool),
    /// Open since, to be followed up within so many days.
    NoFollowUp(Day, u16),
    /// Margin of a year, and what serving it cost.
    Costs {
        /// What is left after goods.
        margin: Money,
        /// What serving cost.
        cost: Money,
        /// How many rows of costs.
        rows: usize,
    },
    /// So much of the manager's (else the company's) sales hang on it.
    ShareOf {
        /// The share.
        share: f64,
        /// The manager's, else the company's.
        of_manager: bool,
        /// A product, else an account.
        is_product: bool,
    },
}
