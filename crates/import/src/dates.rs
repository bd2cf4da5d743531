//! Dates as people write them, with or without a time behind them.

use crate::{DateOrder, grid::Kind};

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

/// Reads any date. A bare number is an Excel serial day where the file says it is a number, or where it has
/// five digits.
pub(crate) fn read(text: &str, kind: Kind) -> Option<Written> {
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
    let mut parts = [Part::Number(0, 0); 3];
    let mut count = 0;
    let mut rest = text;
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
    if !is_time(rest.as_bytes()) {
        return None;
    }
    match parts {
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

/// One part of a date: a number with its count of digits, or a month by name.
#[derive(Debug, Clone, Copy)]
enum Part {
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

/// The number of the month of this name, Indonesian or English, whole or shortened.
pub(crate) fn month(word: &str) -> Option<u32> {
    const NAMES: [(&str, u32); 33] = [
        ("januari", 1),
        ("january", 1),
        ("februari", 2),
        ("february", 2),
        ("pebruari", 2),
        ("maret", 3),
        ("march", 3),
        ("mrt", 3),
        ("april", 4),
        ("mei", 5),
        ("may", 5),
        ("juni", 6),
        ("june", 6),
        ("juli", 7),
        ("july", 7),
        ("agustus", 8),
        ("august", 8),
        ("agt", 8),
        ("agst", 8),
        ("ags", 8),
        ("september", 9),
        ("sept", 9),
        ("oktober", 10),
        ("october", 10),
        ("november", 11),
        ("nopember", 11),
        ("desember", 12),
        ("december", 12),
        ("mar", 3),
        ("agu", 8),
        ("okt", 10),
        ("nop", 11),
        ("des", 12),
    ];
    if word.len() < 3 || !word.is_ascii() {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let exact = NAMES.iter().find(|(name, _)| *name == word);
    let shortened = || NAMES.iter().find(|(name, _)| word.len() == 3 && name.len() > 4 && name.starts_with(&word));
    exact.or_else(shortened).map(|(_, number)| *number).or(match word.as_str() {
        "jun" => Some(6),
        "jul" => Some(7),
        _ => None,
    })
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 15] = [
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "sabtu",
        "minggu",
        "ahad",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let word = word.to_lowercase();
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use takar_model::Day;

    use super::*;

    fn day(text: &str, order: DateOrder) -> Option<String> {
        let day = read(text, Kind::Text)?.day(Some(order))?;
        Day::from_epoch_days(day).map(|day| day.to_string())
    }

    #[test]
    fn reads_each_way_of_writing() {
        for text in [
            "2017-08-25",
            "2017/8/25",
            "2017.08.25",
            "25/08/2017",
            "25-8-17",
            "25.08.2017",
            "25 Agustus 2017",
            "25-Agu-17",
            "Aug 25, 2017",
            "25 August 2017",
            "August 25th, 2017",
            "2017年8月25日",
            "20170825",
            "42972",
            "42972.5",
            "2017-08-25T10:30:00Z",
            "2017-08-25 10:30:00.000+07:00",
            "25/08/2017 10:30 PM",
            "25/08/2017 10.30 WIB",
            "Jumat, 25 Agustus 2017",
            "25 agt 2017",
            "2017-Aug-25",
            "2017年8月25日 10:30",
        ] {
            assert_eq!(day(text, DateOrder::Dmy).as_deref(), Some("2017-08-25"), "{text}");
        }
        assert_eq!(day("8/25/2017", DateOrder::Mdy).as_deref(), Some("2017-08-25"));
        assert_eq!(day("1/2/70", DateOrder::Dmy).as_deref(), Some("1970-02-01"));
        assert_eq!(day("1/2/69", DateOrder::Dmy).as_deref(), Some("2069-02-01"));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "abc",
            "31/02/2017",
            "2017-13-01",
            "2017-02-29",
            "12/2017",
            "1234",
            "25/08",
            "13/13/2017",
            "Jalan 5 No 12",
            "10 Mawar 2017",
        ] {
            assert_eq!(day(text, DateOrder::Dmy), None, "{text}");
        }
        assert_eq!(read("0217-08-25", Kind::Text), Some(Written::FarYear));
        assert_eq!(read("25/08/1817", Kind::Text), Some(Written::FarYear));
    }

    #[test]
    fn names_every_month() {
        let names = ["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"];
        for (index, name) in names.iter().enumerate() {
            assert_eq!(month(name), Some(index as u32 + 1), "{name}");
        }
        assert_eq!(
            (month("may"), month("oct"), month("dec"), month("aug"), month("xyz")),
            (Some(5), Some(10), Some(12), Some(8), None)
        );
    }

    proptest! {
        #[test]
        fn agrees_with_the_calendar(epoch in -7305_i32..47_846) {
            let day = Day::from_epoch_days(epoch).expect("in range");
            let (year, month, dom) = (day.date().year(), day.date().month(), day.date().day());
            prop_assert_eq!(days(i32::from(year), month as u32, dom as u32), Some(epoch));
            prop_assert_eq!(iso(day.to_string().as_bytes()), Some(epoch));
            let written = read(&format!("{dom}/{month}/{year}"), Kind::Text).expect("a date");
            prop_assert_eq!(written.day(Some(DateOrder::Dmy)), Some(epoch));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}", date in "[0-9]{1,5}[-/. 年]{0,2}[0-9A-Za-z]{0,9}[-/. ]{0,2}[0-9]{0,5}.{0,3}") {
            let _ = (read(&text, Kind::Text), read(&date, Kind::Text));
        }
    }
}
