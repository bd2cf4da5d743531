//! What was promised to accounts, and how often they are to be contacted.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Text};

/// What the work is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promises {
    /// An account has its answer within so many hours.
    pub response_hours: f64,
    /// An offer is followed up within so many days of being sent.
    pub follow_up_days: u32,
    /// How often an account of class A, B and C is contacted in a month.
    pub contacts_a_month: [f64; 3],
}

impl Default for Promises {
    /// A day, a week; twice a month, once, and every second month.
    fn default() -> Self {
        Self { response_hours: 24.0, follow_up_days: 7, contacts_a_month: [2.0, 1.0, 0.5] }
    }
}

/// A promise that cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.get(Lang::En))]
pub struct PromisesError(pub Text);

impl Promises {
    /// Refuses what cannot be promised.
    ///
    /// # Errors
    /// For hours that are not above 0 and up to 10,000, days above 365, contacts that are below 0 or above 100.
    pub fn checked(self) -> Result<Self, PromisesError> {
        let wrong = |id, en| Err(PromisesError(Text::new(id, en)));
        if !(self.response_hours > 0.0 && self.response_hours <= 10_000.0) {
            return wrong(
                "janji waktu jawab: tulis jam di atas 0, paling banyak 10.000",
                "the promised response time: write hours above 0, up to 10,000",
            );
        }
        if self.follow_up_days > 365 {
            return wrong(
                "janji tindak lanjut: tulis hari dari 0 sampai 365",
                "the promised follow-up: write days from 0 to 365",
            );
        }
        if self.contacts_a_month.iter().any(|often| !(0.0..=100.0).contains(often)) {
            return wrong(
                "rencana kontak: tulis berapa kali sebulan untuk kelas A, B dan C, dari 0 sampai 100",
                "the plan of contacts: write how often a month for classes A, B and C, from 0 to 100",
            );
        }
        Ok(self)
    }
}
