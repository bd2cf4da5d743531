//! What happened, as the tables of facts tell it, grouped no finer than the figures need.

use rustc_hash::FxHashMap;
use takar_model::{Day, Money, Period};

/// Contacts of one manager with one account in the window, without those that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacts {
    /// The account's id.
    pub account: Option<String>,
    /// The manager's id.
    pub manager: Option<String>,
    /// Without a manager, the day they were on: whose account it was then answers for them.
    pub date: Option<Day>,
    /// How many.
    pub count: u64,
}

/// Answers of a day that took as long, in the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The account's id.
    pub account: Option<String>,
    /// The manager's id.
    pub manager: Option<String>,
    /// The day.
    pub date: Day,
    /// Hours until the answer.
    pub hours: f64,
    /// How many took so long.
    pub count: u64,
}

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferState {
    /// Ordered.
    Won,
    /// Not ordered.
    Lost,
    /// Not decided.
    Open,
}

impl OfferState {
    /// Its word in the table of offers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Open => "open",
        }
    }
}

/// An offer that was opened or decided in the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// The account's id.
    pub account: Option<String>,
    /// The manager's id.
    pub manager: Option<String>,
    /// The day it was opened.
    pub opened: Option<Day>,
    /// The day it was decided.
    pub closed: Option<Day>,
    /// The day of its follow-up, or of the first later activity that names it.
    pub followed_up: Option<Day>,
    /// How it stands.
    pub state: OfferState,
    /// What it is worth.
    pub amount: Option<Money>,
    /// In which currency, where it says so.
    pub currency: Option<String>,
    /// Why it was won or lost.
    pub reason: Option<String>,
}

/// What an account said in the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Feedback {
    /// The account's id.
    pub account: Option<String>,
    /// The manager's id.
    pub manager: Option<String>,
    /// The day.
    pub date: Day,
    /// `nps`, `csat`, `communication`, `complaint` …
    pub kind: String,
    /// The score.
    pub score: Option<f64>,
    /// The greatest score there is.
    pub scale: Option<f64>,
    /// A complaint is resolved.
    pub is_resolved: bool,
    /// The day it was.
    pub resolved: Option<Day>,
    /// In the account's words, where they were written down.
    pub note: Option<String>,
}

/// What was ever recorded, in or outside the window: what nobody recorded was not left undone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recorded {
    /// Activities in the window.
    pub activities: bool,
    /// An activity with a response time.
    pub response_hours: bool,
    /// An offer.
    pub offers: bool,
    /// An offer with the day it was opened.
    pub offer_days: bool,
    /// A follow-up of an offer.
    pub follow_ups: bool,
    /// The kinds of feedback, with the greatest score of those that tell no scale.
    pub feedback: FxHashMap<String, Option<f64>>,
    /// A complaint with the day it was resolved.
    pub resolved: bool,
}

/// Who had an account on which days, each with the part of the credit.
#[derive(Debug, Clone, PartialEq)]
pub struct Owned {
    /// The first day.
    pub first: i32,
    /// The last day.
    pub last: i32,
    /// The managers and their parts.
    pub by: Vec<(String, f64)>,
}

/// All events that the figures of a window need.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Events {
    /// Contacts in the window.
    pub contacts: Vec<Contacts>,
    /// By account, the last contact up to the window's end.
    pub last_contacts: FxHashMap<String, Day>,
    /// Answers in the window.
    pub responses: Vec<Response>,
    /// Offers opened or decided in the window.
    pub offers: Vec<Offer>,
    /// Feedback in the window.
    pub feedback: Vec<Feedback>,
    /// What was ever recorded.
    pub recorded: Recorded,
    /// By account, who had it when.
    pub owners: FxHashMap<String, Vec<Owned>>,
    /// Names of managers that events tell and no table of managers does.
    pub manager_names: FxHashMap<String, String>,
}

/// What hands over the events.
pub trait EventSource {
    /// The first and last day of any activity, offer or feedback.
    ///
    /// # Errors
    /// Where the tables cannot be read.
    fn event_days(&self) -> Result<Option<Period>, crate::metrics::SourceError>;

    /// The events of a window.
    ///
    /// # Errors
    /// Where the tables cannot be read.
    fn events(&self, window: Period) -> Result<Events, crate::metrics::SourceError>;
}
