//! What really happened in the simulated company: the contents of `truth.json`.

use std::{fs, path::Path};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use takar_model::{Day, Money, Month, Period};

use crate::SimulateError;

/// Everything that was decided before or while the company was simulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The seed it came from.
    pub seed: u64,
    /// The first month with sales.
    #[serde(deserialize_with = "read_month")]
    pub first_month: Month,
    /// The last month with sales; it is complete.
    #[serde(deserialize_with = "read_month")]
    pub last_month: Month,
    /// The sums over `penjualan.csv`.
    pub totals: Totals,
    /// The spread (standard deviation of the logarithm) of an account's month around what was expected of it.
    pub account_month_sigma: f64,
    /// The probability that an account is lost within a year.
    pub lost_per_year: f64,
    /// The account managers.
    pub managers: Vec<ManagerTruth>,
    /// The accounts.
    pub accounts: Vec<AccountTruth>,
    /// Each year's Lebaran.
    pub lebaran: Vec<Lebaran>,
    /// Accounts whose discount creeps up.
    pub price_erosion: Vec<PriceErosion>,
    /// Accounts that changed hands.
    pub hand_overs: Vec<HandOver>,
    /// Lasting steps in a branch's trade.
    pub breaks: Vec<LevelBreak>,
    /// The improvement action; `None` when the simulation is shorter than 18 months.
    pub action: Option<ActionTruth>,
    /// Net sales of each month.
    pub months: Vec<MonthTruth>,
}

/// Exact sums over every line, returns included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Lines.
    pub lines: u64,
    /// Lines of negative quantity.
    pub return_lines: u64,
    /// Invoices with a line of positive quantity.
    pub orders: u64,
    /// Accounts with at least one line.
    pub accounts: u64,
    /// The sum of `jumlah`, over all units of measure.
    pub units: i64,
    /// The sum of `netto`, in rupiah.
    #[serde(with = "money_text")]
    pub net: Money,
    /// The sum of `netto` of the returns, in rupiah; not above 0.
    #[serde(with = "money_text")]
    pub return_net: Money,
    /// The sum of `hpp`, in rupiah.
    #[serde(with = "money_text")]
    pub cost: Money,
    /// The quantity that stock-outs kept from being sold.
    pub lost_to_stock_out: i64,
}

/// An account manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagerTruth {
    /// `kode_sales`.
    pub manager: String,
    /// Multiplies the order rate of every account while this manager has it; around 1, spread 8 %.
    pub skill: f64,
    /// Multiplies visits and the share of offers followed up in time; around 1.
    pub diligence: f64,
    /// The median of hours until the first response.
    pub response_hours: f64,
    /// The share of offers followed up in time: within seven days of sending; the others take at least eight.
    pub follow_up_in_time: f64,
    /// Expected activities a month with an account.
    pub contacts_a_month: f64,
    /// The median of days until a complaint is resolved.
    pub resolve_days: f64,
    /// Lines credited.
    pub lines: u64,
    /// Net sales credited, in rupiah.
    #[serde(with = "money_text")]
    pub net: Money,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountTruth {
    /// `kode_pelanggan`.
    pub account: String,
    /// Its segment.
    pub segment: String,
    /// Expected trade relative to the smallest account possible; heavy-tailed, not below 1.
    pub size: f64,
    /// The shape of its gamma-distributed gaps between orders: 1 is fully random, larger is more regular.
    pub gap_shape: f64,
    /// The growth of its order rate a year, as a logarithm.
    pub trend: f64,
    /// The first day on which it may order; `None` when it was there before the data.
    #[serde(deserialize_with = "read_optional_day")]
    pub joined: Option<Day>,
    /// The last day on which it may order or return; `None` when it stays.
    #[serde(deserialize_with = "read_optional_day")]
    pub lost: Option<Day>,
    /// Its order rate falls to [`FADE`](crate::FADE) in the 90 days before it is lost.
    pub fades: bool,
    /// Orders.
    pub orders: u64,
    /// Net sales, in rupiah.
    #[serde(with = "money_text")]
    pub net: Money,
}

/// One year's Lebaran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lebaran {
    /// Idul Fitri; it and the day after are closed.
    #[serde(deserialize_with = "read_day")]
    pub date: Day,
    /// How many days before it trade is up.
    pub before_days: i32,
    /// The multiplier of the order rate on those days.
    pub before: f64,
    /// How many days from it on trade is down, the two closed days among them.
    pub after_days: i32,
    /// The multiplier of the order rate on those days.
    pub after: f64,
}

/// An account whose discount creeps up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceErosion {
    /// `kode_pelanggan`.
    pub account: String,
    /// The month in which it begins.
    #[serde(deserialize_with = "read_month")]
    pub since: Month,
    /// Points of discount added each month (1 = one per cent of the price).
    pub points_a_month: f64,
    /// Points at which it stops.
    pub most_points: f64,
}

/// An account that changed hands on the first day of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// `kode_pelanggan`.
    pub account: String,
    /// The `kode_sales` before.
    pub from: String,
    /// The `kode_sales` after.
    pub to: String,
    /// The first month of the new manager.
    #[serde(deserialize_with = "read_month")]
    pub month: Month,
}

/// A lasting step in the trade of one branch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelBreak {
    /// The branch.
    pub branch: String,
    /// The first day of the new level.
    #[serde(deserialize_with = "read_day")]
    pub date: Day,
    /// The multiplier of the order rate from then on.
    pub multiplier: f64,
}

/// An improvement action with a known effect.
///
/// Eligible were the accounts that did worst against expectation in the three months before; chance decided
/// which of them were treated and which wait. Treated against waiting is a fair comparison; treated against
/// all others, or before against after, is the trap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionTruth {
    /// The first month of the treatment, which lasts to the end.
    #[serde(deserialize_with = "read_month")]
    pub start: Month,
    /// The first of the three months in which the eligible accounts did badly.
    #[serde(deserialize_with = "read_month")]
    pub selected_on: Month,
    /// The true effect on expected sales in per cent: 12 means × 1.12.
    pub effect_percent: f64,
    /// Treated `kode_pelanggan`.
    pub treated: Vec<String>,
    /// Eligible, not treated.
    pub waiting: Vec<String>,
}

/// One month of the company.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthTruth {
    /// The month.
    #[serde(deserialize_with = "read_month")]
    pub month: Month,
    /// Lines.
    pub lines: u64,
    /// Net sales, in rupiah.
    #[serde(with = "money_text")]
    pub net: Money,
}

impl Truth {
    /// Reads a `truth.json` back.
    ///
    /// # Errors
    /// [`SimulateError::Truth`] when the file cannot be read or is not one.
    pub fn read(path: &Path) -> Result<Self, SimulateError> {
        let wrong = |reason: String| SimulateError::Truth { path: path.to_owned(), reason };
        let text = fs::read_to_string(path).map_err(|source| wrong(source.to_string()))?;
        serde_json::from_str(&text).map_err(|source| wrong(source.to_string()))
    }
}

/// Money as a string of digits, so that no reader rounds it.
mod money_text {
    use super::{Deserialize, Deserializer, Money, Serializer};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(money)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

fn period<E: serde::de::Error>(text: &str) -> Result<Period, E> {
    text.parse().map_err(E::custom)
}

fn read_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    period(&String::deserialize(deserializer)?).map(|read| read.from())
}

fn read_optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(|text| period(&text).map(|read| read.from())).transpose()
}

fn read_month<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Month, D::Error> {
    let read = period(&String::deserialize(deserializer)?)?;
    let months = read.whole_months().filter(|(first, last)| first == last);
    months.map(|(month, _)| month).ok_or_else(|| D::Error::custom("not one month"))
}
