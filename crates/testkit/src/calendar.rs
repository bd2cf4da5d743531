//! The trading days of the simulated years: weekdays, seasons, public holidays and Lebaran.

use takar_model::{Day, Month};

use crate::{
    random::{self, Purpose},
    truth::Lebaran,
};

/// Idul Fitri, first day, as year, month, day.
const IDUL_FITRI: [(i16, i8, i8); 17] = [
    (2015, 7, 17),
    (2016, 7, 6),
    (2017, 6, 25),
    (2018, 6, 15),
    (2019, 6, 5),
    (2020, 5, 24),
    (2021, 5, 13),
    (2022, 5, 2),
    (2023, 4, 22),
    (2024, 4, 10),
    (2025, 3, 31),
    (2026, 3, 20),
    (2027, 3, 10),
    (2028, 2, 27),
    (2029, 2, 15),
    (2030, 2, 5),
    // Its four weeks of shopping begin inside the last month that can be simulated.
    (2031, 1, 25),
];

/// Days on which nobody delivers, as month and day.
const CLOSED: [(i8, i8); 4] = [(1, 1), (5, 1), (8, 17), (12, 25)];

/// Trade by weekday, Sunday first.
const WEEKDAY: [f64; 7] = [0.0, 1.12, 1.06, 1.04, 1.02, 0.98, 0.62];

/// Trade by month of the year apart from Lebaran, January first.
const SEASON: [f64; 12] = [0.95, 0.95, 0.99, 1.0, 1.0, 0.98, 1.0, 1.02, 0.99, 1.0, 1.04, 1.1];

/// How many days before Idul Fitri trade is up.
pub(crate) const BEFORE_DAYS: i32 = 28;

/// How many days from Idul Fitri on trade is down.
pub(crate) const AFTER_DAYS: i32 = 14;

/// The first and last month that can be simulated.
pub(crate) fn supported() -> Option<(Month, Month)> {
    Month::new(2015, 1).zip(Month::new(2030, 12))
}

/// The days of the simulation, numbered from 0.
#[derive(Debug)]
pub(crate) struct Calendar {
    /// The first day.
    first: Day,
    /// How much trade a day has against an average trading day; 0 when closed.
    pub(crate) trade: Vec<f64>,
    /// Each day as text.
    pub(crate) text: Vec<String>,
    /// The months in order.
    pub(crate) months: Vec<MonthSpan>,
    /// The feasts that touch these days.
    pub(crate) lebaran: Vec<Lebaran>,
}

/// The days of one month.
#[derive(Debug, Clone)]
pub(crate) struct MonthSpan {
    /// The month.
    pub(crate) month: Month,
    /// Its first day's number.
    pub(crate) start: usize,
    /// The number after its last day's.
    pub(crate) end: usize,
}

impl Calendar {
    /// The calendar of `months` months; each year's Lebaran has a strength of its own.
    pub(crate) fn new(seed: u64, first_month: Month, months: u32) -> Self {
        let first = first_month.first_day();
        let mut spans = Vec::new();
        let mut start = 0;
        for offset in 0..i32::try_from(months).unwrap_or(i32::MAX) {
            let month = first_month.plus(offset);
            let length = month.last_day().epoch_days() - month.first_day().epoch_days() + 1;
            let end = start + length as usize;
            spans.push(MonthSpan { month, start, end });
            start = end;
        }
        let count = start;
        let last = first.plus_days(count as i32 - 1);
        let lebaran = feasts(seed, first, last);
        let mut trade = Vec::with_capacity(count);
        let mut text = Vec::with_capacity(count);
        for span in &spans {
            for number in span.start..span.end {
                let day = first.plus_days(number as i32);
                trade.push(day_trade(day, span, number, &lebaran));
                text.push(day.to_string());
            }
        }
        Self { first, trade, text, months: spans, lebaran }
    }

    /// The day of a number.
    pub(crate) fn day(&self, number: usize) -> Day {
        self.first.plus_days(number as i32)
    }

    /// How many days there are.
    pub(crate) fn days(&self) -> usize {
        self.trade.len()
    }

    /// The first trading day at or after a number, within the simulation.
    pub(crate) fn trading_day(&self, number: usize) -> Option<usize> {
        (number..self.days()).find(|day| self.trade[*day] > 0.0)
    }

    /// The place of the month that a day lies in.
    pub(crate) fn month_of(&self, number: usize) -> usize {
        self.months.partition_point(|span| span.end <= number)
    }
}

/// The feasts whose weeks before or after touch the window.
fn feasts(seed: u64, first: Day, last: Day) -> Vec<Lebaran> {
    let mut found = Vec::new();
    for (place, (year, month, day)) in IDUL_FITRI.into_iter().enumerate() {
        let mut stream = random::stream(seed, Purpose::Calendar, place);
        let before = random::plain(random::between(&mut stream, 1.28, 1.5));
        let after = random::plain(random::between(&mut stream, 0.4, 0.55));
        let Some(date) = Day::new(year, month, day) else { continue };
        let begins = date.plus_days(-BEFORE_DAYS);
        let ends = date.plus_days(AFTER_DAYS - 1);
        if begins <= last && first <= ends {
            found.push(Lebaran { date, before_days: BEFORE_DAYS, before, after_days: AFTER_DAYS, after });
        }
    }
    found
}

/// Trade of one day.
fn day_trade(day: Day, span: &MonthSpan, number: usize, lebaran: &[Lebaran]) -> f64 {
    // Day 0, 1970-01-01, was a Thursday.
    let weekday = (day.epoch_days() + 4).rem_euclid(7) as usize;
    let day_of_month = (number - span.start + 1) as i8;
    let month_number = span.month.number() as i8;
    if CLOSED.contains(&(month_number, day_of_month)) {
        return 0.0;
    }
    let mut trade = WEEKDAY[weekday] * SEASON[(month_number - 1) as usize];
    // Sales people close their month.
    if span.end - number <= 5 {
        trade *= 1.15;
    }
    for feast in lebaran {
        let after = day.epoch_days() - feast.date.epoch_days();
        match after {
            0 | 1 => return 0.0,
            _ if (0..AFTER_DAYS).contains(&after) => trade *= feast.after,
            _ if (-BEFORE_DAYS..0).contains(&after) => trade *= feast.before,
            _ => {}
        }
    }
    trade
}
