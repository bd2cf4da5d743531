//! Dates as people write them, with or without a time behind them.

use crate::{DateOrder, Reason, grid::Kind, mapping::is_blank, typography};

mod names;

pub(crate) use names::{is_weekday, month, nearest_month};

/// The years that a sale can lie in.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;

/// A date that was read, before the order of day and month is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// A day, in days since 1970-01-01.
    Day(i32),
    /// Numbers only, as in `03/04/2025`: the order decides.
    Short { first: u32, second: u32, year: i32 },
    /// A date of a year outside 1950–2100.
    FarYear,
}

impl Written {
    /// The day in an order; `None` where there is no such day.
    pub(crate) fn day(self, order: Option<DateOrder>) -> Option<i32> {
        match (self, order) {
            (Self::Day(day), _) => Some(day),
            (Self::Short { first, second, year }, Some(DateOrder::Dmy)) => days(year, second, first),
            (Self::Short { first, second, year }, Some(DateOrder::Mdy)) => days(year, first, second),
            (Self::Short { first, second, year }, None) if first == second => days(year, first, second),
            (Self::Short { .. } | Self::FarYear, _) => None,
        }
    }

    /// The orders in which it is a day: day first, month first.
    pub(crate) fn orders(self) -> (bool, bool) {
        (self.day(Some(DateOrder::Dmy)).is_some(), self.day(Some(DateOrder::Mdy)).is_some())
    }
}

/// Reads `2025-10-31` with nothing, a `T` or a space behind it: the way most dates of a file are written.
#[inline]
pub(crate) fn iso(text: &[u8]) -> Option<i32> {
    let [a, b, c, d, b'-', e, f, b'-', g, h, rest @ ..] = text else { return None };
    let ends_or_has_time = match rest {
        [] => true,
        [mark, ..] => matches!(mark, b'T' | b' ') && is_time(rest),
    };
    if !ends_or_has_time {
        return None;
    }
    let two = |tens: u8, ones: u8| -> Option<u32> {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
    };
    let year = two(*a, *b)? as i32 * 100 + two(*c, *d)? as i32;
    if !YEARS.contains(&year) {
        return None;
    }
    days(year, two(*e, *f)?, two(*g, *h)?)
}

/// The day in a cell, or why there is none.
pub(crate) fn day(text: &str, kind: Kind, order: Option<DateOrder>) -> Result<i32, Reason> {
    if kind == Kind::Error {
        return Err(Reason::FormulaError);
    }
    if is_blank(text) {
        return Err(Reason::NoDate);
    }
    match read(text, kind) {
        None if beyond_month(text).is_some() => Err(Reason::NoSuchDay),
        None => Err(Reason::BadDate),
        Some(Written::FarYear) => Err(Reason::DateOutOfRange),
        Some(written) => written.day(order).ok_or(Reason::BadDate),
    }
}

/// Reads any date. A bare number is an Excel serial day where the file says it is a number, or where it has
/// five digits.
pub(crate) fn read(text: &str, kind: Kind) -> Option<Written> {
    let text = &*typography::plain(text);
    if let Some(day) = iso(text.as_bytes()) {
        return Some(Written::Day(day));
    }
    match kind {
        Kind::Error => return None,
        Kind::Number => return serial(text).or_else(|| compact(text)),
        Kind::Day | Kind::Text => {}
    }
    serial(text).or_else(|| compact(text)).or_else(|| spelled(text))
}

/// An Excel serial day of the 1900 calendar, its fraction (the time) left out.
fn serial(text: &str) -> Option<Written> {
    /// 1970-01-01 as a serial day.
    const EPOCH: i32 = 25_569;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 5 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let day = whole.parse::<i32>().ok()? - EPOCH;
    let range = days(*YEARS.start(), 1, 1)?..=days(*YEARS.end(), 12, 31)?;
    range.contains(&day).then_some(Written::Day(day))
}

/// `20251031`, with or without a time.
fn compact(text: &str) -> Option<Written> {
    let (digits, rest) = text.split_at_checked(8)?;
    let bytes = digits.as_bytes();
    if !bytes.iter().all(u8::is_ascii_digit) || !is_time(rest.as_bytes()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u32>().ok();
    in_range(number(0..4)? as i32, number(4..6)?, number(6..8)?)
}

/// A date in parts: numbers, perhaps a month's name, and marks between them.
fn spelled(text: &str) -> Option<Written> {
    match parts(text)? {
        [Part::Number(year, 4), Part::Number(month, 1 | 2), Part::Number(day, 1 | 2)] => {
            in_range(year as i32, month, day)
        }
        [Part::Number(day, 1 | 2), Part::Month(month), Part::Number(year, width)] => {
            in_range(full_year(year, width)?, month, day)
        }
        [Part::Month(month), Part::Number(day, 1 | 2), Part::Number(year, width)] => {
            in_range(full_year(year, width)?, month, day)
        }
        [Part::Number(year, 4), Part::Month(month), Part::Number(day, 1 | 2)] => in_range(year as i32, month, day),
        [Part::Number(first, 1 | 2), Part::Number(second, 1 | 2), Part::Number(year, width)] => {
            let year = full_year(year, width)?;
            days(year, second, first).or_else(|| days(year, first, second))?;
            Some(if YEARS.contains(&year) { Written::Short { first, second, year } } else { Written::FarYear })
        }
        _ => None,
    }
}

/// Takes a date apart; perhaps a time stands behind it.
pub(crate) fn parts(text: &str) -> Option<[Part; 3]> {
    let mut parts = [Part::Number(0, 0); 3];
    let mut count = 0;
    let mut rest = after_friday(text);
    while count < 3 {
        rest = rest.trim_start_matches([' ', '-', '/', '.', ',', '年', '月', '\u{a0}', '\'']);
        let part_end = |test: fn(char) -> bool| rest.find(|character: char| !test(character)).unwrap_or(rest.len());
        let digits = part_end(|character| character.is_ascii_digit());
        if digits > 0 {
            parts[count] = Part::Number(rest[..digits].parse().ok()?, digits);
            rest = &rest[digits..];
            // English ordinals: 1st, 2nd, 3rd, 4th.
            for ordinal in ["st", "nd", "rd", "th"] {
                rest = rest.strip_prefix(ordinal).unwrap_or(rest);
            }
            count += 1;
            continue;
        }
        let letters = part_end(char::is_alphabetic);
        let word = &rest[..letters];
        rest = &rest[letters..];
        match month(word) {
            Some(month) => {
                parts[count] = Part::Month(month);
                count += 1;
            }
            None if count == 0 && is_weekday(word) => {}
            None => return None,
        }
    }
    let rest = rest.strip_prefix('日').unwrap_or(rest);
    is_time(rest.as_bytes()).then_some(parts)
}

/// Without a leading `Jum'at`, whose apostrophe is no end of a word.
fn after_friday(text: &str) -> &str {
    const WRITTEN: [&str; 2] = ["jum'at", "jum’at"];
    let is_friday = |written: &&str| text.get(..written.len()).is_some_and(|start| start.to_lowercase() == **written);
    WRITTEN.iter().find(|written| is_friday(written)).map_or(text, |written| &text[written.len()..])
}

/// The year, month and last day of the month of a date whose day lies beyond it, as in `31/02/2024`.
pub(crate) fn beyond_month(text: &str) -> Option<(i32, u32, u32)> {
    let (year, month, day) = match parts(&typography::plain(text))? {
        [Part::Number(year, 4), Part::Number(month, 1 | 2) | Part::Month(month), Part::Number(day, 1 | 2)] => {
            (year as i32, month, day)
        }
        [Part::Number(day, 1 | 2), Part::Month(month), Part::Number(year, width)]
        | [Part::Month(month), Part::Number(day, 1 | 2), Part::Number(year, width)] => {
            (full_year(year, width)?, month, day)
        }
        [Part::Number(first, 1 | 2), Part::Number(second, 1 | 2), Part::Number(year, width)] => {
            (full_year(year, width)?, first.min(second), first.max(second))
        }
        _ => return None,
    };
    let last = (28..=31).rev().find(|last| days(year, month, *last).is_some())?;
    (last < day && day <= 31).then_some((year, month, last))
}

/// One part of a date: a number with its count of digits, or a month by name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Number(u32, usize),
    Month(u32),
}

fn in_range(year: i32, month: u32, day: u32) -> Option<Written> {
    let days = days(year, month, day)?;
    Some(if YEARS.contains(&year) { Written::Day(days) } else { Written::FarYear })
}

/// A year of four digits, or of two: 00–69 are 2000–2069, 70–99 are 1970–1999.
fn full_year(year: u32, digits: usize) -> Option<i32> {
    match digits {
        4 => Some(year as i32),
        2 if year < 70 => Some(2000 + year as i32),
        2 => Some(1900 + year as i32),
        _ => None,
    }
}

/// Nothing, or a time of day: `T10:30:00Z`, ` 10:30 PM`, ` 10.30 WIB`, `+07:00`.
fn is_time(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii();
    let [first, ..] = rest else { return true };
    let starts = matches!(first, b'T' | b't' | b'Z' | b',') || first.is_ascii_digit();
    let fits = |byte: &u8| byte.is_ascii_digit() || b":. TtZz+-,AaPpMmWwIiBbUuCcGg".contains(byte);
    let has_clock = rest.iter().any(|byte| matches!(byte, b':' | b'.'));
    starts && (has_clock || rest == b"Z") && rest.len() <= 40 && rest.iter().all(fits)
}

/// Days since 1970-01-01 of a day of the Gregorian calendar; `None` where there is no such day.
///
/// Counts years from March, so that the leap day is the year's last (Hinnant, "chrono-compatible low-level
/// date algorithms", 2013).
pub(crate) fn days(year: i32, month: u32, day: u32) -> Option<i32> {
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(month.checked_sub(1)? as usize)? + u32::from(month == 2 && is_leap);
    if day == 0 || day > length {
        return None;
    }
    let (month, day) = (month as i32, day as i32);
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

#[cfg(test)]
mod tests;
