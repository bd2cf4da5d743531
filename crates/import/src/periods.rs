//! Periods as tables name them: a month, a quarter, a year.

use takar_model::{Day, Month, Period};

use crate::{dates, grid::Kind};

/// `2025-10`, `2025-Q3`, `2025`, `Okt 2025`, `10/2025`, or a date, which stands for its month.
pub(crate) fn period(text: &str) -> Option<Period> {
    if let Ok(period) = text.parse::<Period>() {
        // A whole day as a target's period is how spreadsheets write a month.
        return Some(if period.days() == 1 { Period::month(period.from().month()) } else { period });
    }
    let parts: Vec<&str> = text.split([' ', '-', '/', '.']).filter(|part| !part.is_empty()).collect();
    if let [first, second] = parts.as_slice() {
        let named = |name: &str, year_text: &str| {
            let month = dates::month(name).or_else(|| name.parse().ok().filter(|month| (1..=12).contains(month)))?;
            Month::new(year(year_text)?, i8::try_from(month).ok()?).map(Period::month)
        };
        let quarter = |name: &str, year_text: &str| {
            let number = name.strip_prefix(['Q', 'q'])?;
            format!("{}-Q{number}", year(year_text)?).parse::<Period>().ok()
        };
        return named(first, second).or_else(|| named(second, first)).or_else(|| quarter(first, second));
    }
    let day = dates::read(text, Kind::Text)?.day(Some(crate::DateOrder::Dmy))?;
    Day::from_epoch_days(day).map(|day| Period::month(day.month()))
}

pub(crate) fn year_and_month(year_text: Option<&str>, month: Option<&str>) -> Option<Period> {
    let year = year(year_text?)?;
    let Some(month) = month else { return Period::months(Month::new(year, 1)?, Month::new(year, 12)?) };
    let number = dates::month(month).or_else(|| month.parse().ok())?;
    Month::new(year, i8::try_from(number).ok()?).map(Period::month)
}

pub(crate) fn year(text: &str) -> Option<i16> {
    let year: i16 = match text.len() {
        2 => text.parse::<i16>().ok()?.checked_add(2000)?,
        4 => text.parse().ok()?,
        _ => return None,
    };
    (1950..=2100).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_periods() {
        for (text, expected) in [
            ("2025-10", "2025-10"),
            ("Okt 2025", "2025-10"),
            ("Oktober-25", "2025-10"),
            ("10/2025", "2025-10"),
            ("2025-10-01", "2025-10"),
            ("01/10/2025", "2025-10"),
            ("2025", "2025"),
            ("2025-Q3", "2025-Q3"),
            ("Q3 2025", "2025-Q3"),
        ] {
            assert_eq!(period(text).map(|period| period.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(period("besok"), None);
    }
}
