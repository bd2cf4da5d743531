//! What an hour of selling costs.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Money, Text};

/// What hours and days are worth where a cost does not say its amount, and what an order costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// The cost of an hour; hours have no cost until it is set.
    pub hourly: Option<f64>,
    /// The hours that a day is counted as.
    pub hours_a_day: f64,
    /// What falls away with an order that is not made: handling, delivery. Only asked for by the what-if of a minimum order; it is
    /// a part of costs that are told already, so it is added to no cost to serve.
    #[serde(default)]
    pub per_order: Option<f64>,
}

impl Default for Rates {
    /// No rates, days of eight hours.
    fn default() -> Self {
        Self { hourly: None, hours_a_day: 8.0, per_order: None }
    }
}

/// A rate that cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.get(Lang::En))]
pub struct RatesError(pub Text);

impl Rates {
    /// Refuses what cannot be a rate.
    ///
    /// # Errors
    /// For a rate below 0 or above 10¹², a day that has not above 0 and up to 24 hours.
    pub fn checked(self) -> Result<Self, RatesError> {
        let is_wrong = |rate: Option<f64>| rate.is_some_and(|rate| !(0.0..=1e12).contains(&rate));
        if is_wrong(self.per_order) {
            return Err(RatesError(Text::new(
                "biaya per pesanan: tulis angka dari 0 sampai 1.000.000.000.000",
                "the cost of an order: write a number from 0 to 1,000,000,000,000",
            )));
        }
        if is_wrong(self.hourly) {
            return Err(RatesError(Text::new(
                "tarif per jam: tulis angka dari 0 sampai 1.000.000.000.000",
                "the hourly rate: write a number from 0 to 1,000,000,000,000",
            )));
        }
        if !(self.hours_a_day > 0.0 && self.hours_a_day <= 24.0) {
            return Err(RatesError(Text::new(
                "jam dalam sehari: tulis angka di atas 0, paling banyak 24",
                "the hours of a day: write a number above 0, up to 24",
            )));
        }
        Ok(self)
    }

    /// What so many millionths of an hour cost, rounded once to 4 decimals; nothing without a rate.
    pub(super) fn cost_of(self, micro_hours: i128) -> Money {
        let Some(hourly) = self.hourly else { return Money::ZERO };
        let rate = crate::format::money_of(hourly).units();
        let (exact, half) = (micro_hours.saturating_mul(rate), 500_000);
        Money::from_units((exact + exact.signum() * half) / 1_000_000)
    }

    /// What falls away with so many orders; nothing without a rate.
    pub(super) fn cost_of_orders(self, orders: u64) -> Money {
        let an_order = self.per_order.map_or(Money::ZERO, crate::format::money_of);
        Money::from_units(an_order.units().saturating_mul(i128::from(orders)))
    }

    /// Days as millionths of an hour.
    pub(super) fn hours_of_days(self, micro_days: i128) -> i128 {
        let in_millionths = (self.hours_a_day * 1e6).round() as i128;
        (micro_days.saturating_mul(in_millionths) + 500_000) / 1_000_000
    }
}
