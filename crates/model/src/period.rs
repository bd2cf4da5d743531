//! Time as sales people speak of it: days, months and windows of days.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, date};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::Lang;

/// A calendar day, held as days since 1970-01-01 (Arrow's `Date32`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A calendar month, held as months since January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// A window of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: Day,
    to: Day,
}

/// What a window is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compare {
    /// The window of equal length just before.
    Prior,
    /// The same window a year earlier.
    Year,
}

/// A period or date was not written as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text is no period.
    #[error("\"{0}\" is not a period: write 2025, 2025-Q3, 2025-10, 2025-10-03 or A..B")]
    NotAPeriod(String),
    /// The second date lies before the first.
    #[error("the period \"{0}\" ends before it begins: swap its two ends")]
    Reversed(String),
}

impl PeriodError {
    /// The error for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (_, Lang::En) => self.to_string(),
            (Self::NotAPeriod(text), Lang::Id) => {
                format!("\"{text}\" bukan periode: tulis 2025, 2025-Q3, 2025-10, 2025-10-03 atau A..B")
            }
            (Self::Reversed(text), Lang::Id) => {
                format!("periode \"{text}\" berakhir sebelum mulai: tukar kedua ujungnya")
            }
        }
    }
}

impl Day {
    /// A day from its parts; `None` where there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from)
    }

    /// From days since 1970-01-01; `None` outside the years −9999 to 9999.
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        let low = Self::from(Date::MIN).0;
        let high = Self::from(Date::MAX).0;
        (low..=high).contains(&days).then_some(Self(days))
    }

    /// Days since 1970-01-01.
    pub const fn epoch_days(self) -> i32 {
        self.0
    }

    /// The day as a calendar date.
    pub fn date(self) -> Date {
        date(1970, 1, 1).saturating_add(jiff::Span::new().days(self.0))
    }

    /// The month the day lies in.
    pub fn month(self) -> Month {
        let date = self.date();
        Month(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// The day `days` later (earlier where negative), held at the ends of the calendar.
    pub fn plus_days(self, days: i32) -> Self {
        Self::from(self.date().saturating_add(jiff::Span::new().days(days)))
    }

    /// The same day of the month `months` later, or that month's last day where it is shorter.
    pub fn plus_months(self, months: i32) -> Self {
        Self::from(self.date().saturating_add(jiff::Span::new().months(months)))
    }
}

impl From<Date> for Day {
    fn from(value: Date) -> Self {
        let span = value.since((jiff::Unit::Day, date(1970, 1, 1))).map(|span| span.get_days());
        Self(span.unwrap_or_default())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.date())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    /// From a day as it is serialised: `2025-10-03`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let period: Period = text.parse().map_err(D::Error::custom)?;
        if period.from() == period.to() { Ok(period.from()) } else { Err(D::Error::custom("not a day")) }
    }
}

impl Month {
    /// A month from its year and number 1–12; `None` outside that.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        (1..=12).contains(&month).then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// From months since January of year 0, as [`Month::index`] gives.
    pub const fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// Months since January of year 0.
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The number in the year, 1–12.
    pub const fn number(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The quarter, 1–4.
    pub const fn quarter(self) -> i32 {
        self.0.rem_euclid(12) / 3 + 1
    }

    /// The month `months` later (earlier where negative).
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        let year = i16::try_from(self.year()).unwrap_or(9999);
        let number = i8::try_from(self.number()).unwrap_or(1);
        Day::from(Date::new(year, number, 1).unwrap_or(Date::MAX))
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        Day::from(self.first_day().date().last_of_month())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year(), self.number())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Period {
    /// From the first and the last day, both included; `None` when they are reversed.
    pub fn new(from: Day, to: Day) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// One whole month.
    pub fn month(month: Month) -> Self {
        Self { from: month.first_day(), to: month.last_day() }
    }

    /// Whole months, the first and the last included.
    pub fn months(first: Month, last: Month) -> Option<Self> {
        Self::new(first.first_day(), last.last_day())
    }

    /// The first day.
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Day {
        self.to
    }

    /// How many days it has.
    pub const fn days(self) -> i32 {
        self.to.0 - self.from.0 + 1
    }

    /// The day lies in it.
    pub const fn contains(self, day: Day) -> bool {
        self.from.0 <= day.0 && day.0 <= self.to.0
    }

    /// Its first and last month where it is made of whole months.
    pub fn whole_months(self) -> Option<(Month, Month)> {
        let (first, last) = (self.from.month(), self.to.month());
        (first.first_day() == self.from && last.last_day() == self.to).then_some((first, last))
    }

    /// The window it is compared with: the one of equal length just before, or the same a year earlier.
    ///
    /// Whole months are compared with as many whole months, so that October (31 days) has September (30)
    /// for its prior window; any other window is shifted by its own count of days.
    pub fn base(self, compare: Compare) -> Self {
        if let Some((first, last)) = self.whole_months() {
            let back = match compare {
                Compare::Prior => last.index() - first.index() + 1,
                Compare::Year => 12,
            };
            return Self { from: first.plus(-back).first_day(), to: last.plus(-back).last_day() };
        }
        match compare {
            Compare::Prior => Self { from: self.from.plus_days(-self.days()), to: self.to.plus_days(-self.days()) },
            Compare::Year => Self { from: self.from.plus_months(-12), to: self.to.plus_months(-12) },
        }
    }

    /// The base of a window whose data ends on `last`, before the window does: as many days from the
    /// base's first day as have passed, so that a running month compares equal days.
    ///
    /// Only a window of one whole month is shortened; any other has its [`Period::base`].
    pub fn base_to_date(self, compare: Compare, last: Day) -> Self {
        let base = self.base(compare);
        let is_one_month = self.whole_months().is_some_and(|(first, end)| first == end);
        if !is_one_month || !self.contains(last) || last == self.to {
            return base;
        }
        let passed = last.0 - self.from.0;
        Self { from: base.from, to: base.from.plus_days(passed).min(base.to) }
    }
}

impl fmt::Display for Period {
    /// The shortest form that [`FromStr`] reads back: `2025`, `2025-Q3`, `2025-10`, `2025-10-03` or `A..B`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, last)) = self.whole_months() else {
            return match self.from == self.to {
                true => write!(out, "{}", self.from),
                false => write!(out, "{}..{}", self.from, self.to),
            };
        };
        match (last.index() - first.index(), first.number()) {
            (0, _) => write!(out, "{first}"),
            (2, 1 | 4 | 7 | 10) => write!(out, "{:04}-Q{}", first.year(), first.quarter()),
            (11, 1) => write!(out, "{:04}", first.year()),
            _ => write!(out, "{first}..{last}"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if let Some((first, last)) = text.split_once("..") {
            let (first, last) = (part(first.trim(), text)?, part(last.trim(), text)?);
            return Self::new(first.from, last.to).ok_or_else(|| PeriodError::Reversed(text.to_owned()));
        }
        part(text.trim(), text)
    }
}

/// One end of a period, or a period without `..`: a year, a quarter, a month or a day.
fn part(text: &str, whole: &str) -> Result<Period, PeriodError> {
    let wrong = || PeriodError::NotAPeriod(whole.to_owned());
    let pieces: Vec<&str> = text.split('-').collect();
    let number = |piece: &str, length: usize| -> Result<i16, PeriodError> {
        let digits = piece.len() == length && piece.bytes().all(|byte| byte.is_ascii_digit());
        if digits { piece.parse().map_err(|_| wrong()) } else { Err(wrong()) }
    };
    let small = |piece: &str| -> Result<i8, PeriodError> { i8::try_from(number(piece, 2)?).map_err(|_| wrong()) };
    match pieces.as_slice() {
        [year] => {
            let first = Month::new(number(year, 4)?, 1).ok_or_else(wrong)?;
            Period::months(first, first.plus(11)).ok_or_else(wrong)
        }
        [year, quarter] if quarter.starts_with(['Q', 'q']) => {
            let quarter = match quarter.get(1..) {
                Some("1") => 0,
                Some("2") => 1,
                Some("3") => 2,
                Some("4") => 3,
                _ => return Err(wrong()),
            };
            let first = Month::new(number(year, 4)?, 1).ok_or_else(wrong)?.plus(quarter * 3);
            Period::months(first, first.plus(2)).ok_or_else(wrong)
        }
        [year, month] => {
            let month = Month::new(number(year, 4)?, small(month)?).ok_or_else(wrong)?;
            Ok(Period::month(month))
        }
        [year, month, day] => {
            let day = Day::new(number(year, 4)?, small(month)?, small(day)?).ok_or_else(wrong)?;
            Ok(Period { from: day, to: day })
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn period(text: &str) -> Period {
        text.parse().expect(text)
    }

    #[test]
    fn reads_and_writes_every_form() {
        for text in ["2025", "2025-Q3", "2025-10", "2025-10-03", "2025-01..2025-05", "2025-01-02..2025-03-04"] {
            assert_eq!(period(text).to_string(), text);
        }
        assert_eq!(period("2025-Q1..2025-Q4"), period("2025"));
        assert_eq!(period("2024-02").days(), 29);
        for text in ["", "25", "2025-13", "2025-Q5", "2025-02-30", "2025-1", "x..y", "2025-10-3", "2025..", "-2025"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
        assert_eq!("2025..2024".parse::<Period>(), Err(PeriodError::Reversed("2025..2024".to_owned())));
    }

    #[test]
    fn base_is_the_window_before_or_a_year_earlier() {
        assert_eq!(period("2025-10").base(Compare::Prior), period("2025-09"));
        assert_eq!(period("2025-03").base(Compare::Prior), period("2025-02"));
        assert_eq!(period("2025").base(Compare::Prior), period("2024"));
        assert_eq!(period("2025-Q1").base(Compare::Prior), period("2024-Q4"));
        assert_eq!(period("2024-02").base(Compare::Year), period("2023-02"));
        assert_eq!(period("2025-10-11..2025-10-20").base(Compare::Prior), period("2025-10-01..2025-10-10"));
        assert_eq!(period("2024-02-29").base(Compare::Year), period("2023-02-28"));
    }

    #[test]
    fn running_month_compares_equal_days() {
        let last = Day::new(2025, 10, 12).expect("a day");
        assert_eq!(period("2025-10").base_to_date(Compare::Prior, last), period("2025-09-01..2025-09-12"));
        assert_eq!(period("2025-10").base_to_date(Compare::Year, last), period("2024-10-01..2024-10-12"));
        assert_eq!(period("2025-09").base_to_date(Compare::Prior, last), period("2025-08"));
        let last = Day::new(2025, 3, 30).expect("a day");
        assert_eq!(period("2025-03").base_to_date(Compare::Prior, last), period("2025-02"));
    }

    proptest! {
        #[test]
        fn days_and_months_agree(days in -200_000_i32..200_000) {
            let day = Day::from_epoch_days(days).expect("in range");
            prop_assert_eq!(Day::from(day.date()), day);
            prop_assert!(Period::month(day.month()).contains(day));
        }

        #[test]
        fn prior_base_touches_the_window(from in 0_i32..30_000, length in 1_i32..800) {
            let first = Day::from_epoch_days(from).expect("in range");
            let window = Period::new(first, first.plus_days(length - 1)).expect("in order");
            let base = window.base(Compare::Prior);
            prop_assert_eq!(base.to().plus_days(1), window.from());
        }
    }
}
