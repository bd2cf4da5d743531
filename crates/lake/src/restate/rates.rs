//! What foreign money is worth on a day.

use std::collections::BTreeMap;

use arrow::{array::Array, record_batch::RecordBatch};
use takar_model::Period;

use super::owners::round;
use crate::{
    error::{LakeError, Result},
    facts::columns::{dates, decimal, text, text_at},
};

/// A rate of 1.
const ONE: i128 = 10_i128.pow(12);
/// A rate of one day stands for this many days more where none follows: weekends and the longest holidays.
const STANDS: i32 = 14;

/// The rates of all currencies, in the company's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rates {
    /// The company's own currency, where the rates name it.
    pub own: Option<String>,
    by_currency: BTreeMap<String, Daily>,
}

/// One currency's rate of every day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Daily {
    first: i32,
    rates: Vec<Option<i128>>,
    /// Of every day after them.
    after: Option<i128>,
}

/// One row of the table; without `to` it stands until the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    from: i32,
    /// The shorter comes later, so that it is laid over the longer.
    reversed_length: std::cmp::Reverse<i64>,
    to: Option<i32>,
    rate: i128,
}

impl Rates {
    /// From the live rows of the table of rates. Where they are told in several currencies, those in the most frequent
    /// one are used.
    pub(crate) fn of(table: &RecordBatch) -> Result<Self> {
        let (currency, told_in) = (text(table, "currency")?, text(table, "in_currency")?);
        let (from, to, rate) = (dates(table, "from")?, dates(table, "to")?, decimal(table, "rate")?);
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        (0..table.num_rows())
            .filter_map(|row| text_at(told_in, row))
            .for_each(|own| *count.entry(own).or_default() += 1);
        let own = count.into_iter().max_by_key(|(own, rows)| (*rows, std::cmp::Reverse(*own))).map(|(own, _)| own);
        let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for row in (0..table.num_rows()).filter(|row| text_at(told_in, *row).is_none_or(|told| Some(told) == own)) {
            let Some(currency) = text_at(currency, row).filter(|currency| Some(*currency) != own) else { continue };
            let (from, to) = (from.value(row), (!to.is_null(row)).then(|| to.value(row)));
            let length = to.map_or(i64::MAX, |to| i64::from(to) - i64::from(from));
            let reversed_length = std::cmp::Reverse(length);
            rows.entry(currency).or_default().push(Row { from, reversed_length, to, rate: rate.value(row) });
        }
        let by_currency = rows.into_iter().map(|(currency, rows)| (currency.to_owned(), Daily::of(rows))).collect();
        Ok(Self { own: own.map(str::to_owned), by_currency })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_currency.is_empty()
    }

    /// What one unit of a currency is worth on a day.
    pub(crate) fn rate(&self, currency: &str, day: i32) -> Option<i128> {
        let daily = match self.by_currency.get(currency) {
            Some(daily) => daily,
            None => self.by_currency.get(&currency.trim().to_uppercase())?,
        };
        daily.rate(day)
    }

    /// The same rate on every day: the mean of a window's days. A currency without a rate in it keeps its own rates.
    pub(crate) fn fixed_at(&self, window: Period) -> Self {
        let (first, last) = (window.from().epoch_days(), window.to().epoch_days());
        let fixed = |daily: &Daily| {
            let known: Vec<i128> = (first..=last).filter_map(|day| daily.rate(day)).collect();
            let days = i128::try_from(known.len()).unwrap_or(i128::MAX);
            if known.is_empty() {
                return daily.clone();
            }
            let mean = round(known.iter().sum(), days);
            // Days without a rate stay without one, so that the same lines are converted.
            let only = |rate: &Option<i128>| rate.map(|_| mean);
            Daily {
                first: daily.first,
                rates: daily.rates.iter().map(only).collect(),
                after: daily.after.map(|_| mean),
            }
        };
        let by_currency = self.by_currency.iter().map(|(currency, daily)| (currency.clone(), fixed(daily))).collect();
        Self { own: self.own.clone(), by_currency }
    }

    /// Every currency with the days up to `last` that have a rate, and the rate.
    pub(crate) fn days_until(&self, last: i32) -> impl Iterator<Item = (&str, i32, i128)> {
        self.by_currency.iter().flat_map(move |(currency, daily)| {
            (daily.first..=last).filter_map(move |day| Some((currency.as_str(), day, daily.rate(day)?)))
        })
    }
}

impl Daily {
    fn of(mut rows: Vec<Row>) -> Self {
        rows.sort_unstable();
        let first = rows.iter().map(|row| row.from).min().unwrap_or_default();
        let last = rows.iter().map(|row| row.to.unwrap_or(row.from)).max().unwrap_or_default() + STANDS;
        let length = usize::try_from(i64::from(last) - i64::from(first) + 1).unwrap_or_default();
        let place = |day: i32| usize::try_from(i64::from(day) - i64::from(first)).unwrap_or_default();
        let mut rates: Vec<Option<i128>> = vec![None; length];
        let mut is_single = vec![false; length];
        let mut after = None;
        for row in &rows {
            let to = row.to.map_or(length - 1, place);
            for day in place(row.from)..=to {
                rates[day] = Some(row.rate);
                is_single[day] = row.to == Some(row.from);
            }
            if row.to.is_none() {
                after = Some(row.rate);
            }
        }
        let mut standing: Option<(usize, i128)> = None;
        for day in 0..length {
            match rates[day] {
                Some(rate) if is_single[day] => standing = Some((day, rate)),
                Some(_) => standing = None,
                None => {
                    rates[day] = standing.filter(|(at, _)| day - at <= STANDS as usize).map(|(_, rate)| rate);
                }
            }
        }
        Self { first, rates, after }
    }

    fn rate(&self, day: i32) -> Option<i128> {
        let place = usize::try_from(i64::from(day) - i64::from(self.first)).ok()?;
        match self.rates.get(place) {
            Some(rate) => *rate,
            None => self.after,
        }
    }
}

/// An amount at a rate, rounded once.
pub(crate) fn converted(amount: i128, rate: i128) -> Result<i128> {
    amount.checked_mul(rate).map(|product| round(product, ONE)).ok_or(LakeError::TooLarge)
}
