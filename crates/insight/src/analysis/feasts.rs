//! How much of each month lies in Ramadan and in the two weeks of Lebaran, and how many trading days it has.

use icu_calendar::{Date, cal::Hijri};
use takar_model::{Day, Month, Period, Text};
use takar_stats::trend::Exposure;

/// Days from Idul Fitri on that trade feels the holiday.
const LEBARAN_DAYS: i32 = 14;

/// What the calendar may do to a month, in the order of [`exposures`].
pub(super) const KINDS: [&str; 3] = ["ramadan", "lebaran", "trading_days"];

/// What a reader calls it.
pub(super) fn name(kind: &str) -> Text {
    match kind {
        "ramadan" => Text::new("Ramadan", "Ramadan"),
        "lebaran" => Text::new("Dua minggu sejak Idul Fitri", "Two weeks from Idul Fitri on"),
        _ => Text::new("Hari dagang (Senin–Sabtu, bukan hari raya)", "Trading days (Monday to Saturday, no holidays)"),
    }
}

/// The first day of Ramadan and of Syawal.
type Feast = (Day, Day);

/// The feast of a Hijri year, by the Umm al-Qura calendar. Indonesia's own sighting may fall
/// a day later.
fn ramadan(hijri_year: i32) -> Option<Feast> {
    /// 1970-01-01 in days of the Gregorian era.
    const EPOCH: i64 = 719_163;
    let day = |month: u8| {
        let date = Date::try_new_hijri_with_calendar(hijri_year, month, 1, Hijri::new_umm_al_qura()).ok()?;
        Day::from_epoch_days(i32::try_from(date.to_rata_die().to_i64_date() - EPOCH).ok()?)
    };
    Some((day(9)?, day(10)?))
}

/// Ramadan and Syawal of every Hijri year that touches a span of Gregorian years.
fn feasts(from: i32, to: i32) -> Vec<Feast> {
    let hijri = |year: i32| (year - 622) * 33 / 32;
    (hijri(from) - 2..=hijri(to) + 2).filter_map(ramadan).collect()
}

/// Days on which few deliver, as month and day: New Year, Labour Day, Independence Day, Christmas.
const HOLIDAYS: [(i32, i32); 4] = [(1, 1), (5, 1), (8, 17), (12, 25)];

/// Monday to Saturday, but for the fixed holidays and the two days of Idul Fitri.
fn is_trading(day: Day, feasts: &[Feast]) -> bool {
    // Day 0, 1970-01-01, was a Thursday; Sunday is 3 days later.
    let is_sunday = (day.epoch_days() - 3).rem_euclid(7) == 0;
    let month = day.month();
    let of_month = day.epoch_days() - month.first_day().epoch_days() + 1;
    let is_holiday = HOLIDAYS.contains(&(month.number(), of_month));
    let is_idul_fitri = feasts.iter().any(|(_, syawal)| *syawal <= day && day <= syawal.plus_days(1));
    !(is_sunday || is_holiday || is_idul_fitri)
}

/// Days of a year that are traded on: six in seven, less the holidays.
const TRADING_DAYS: f64 = 365.25 * 6.0 / 7.0 - 5.1;

/// For each of `count` months from `first` on: the share of its trading days in Ramadan and in the two weeks of Lebaran, and
/// how many trading days it has relative to an average month (0.04 = four per cent more).
pub(crate) fn exposures(first: Month, count: usize) -> Vec<Exposure> {
    let months: Vec<Period> = (0..).take(count).map(|place| Period::month(first.plus(place))).collect();
    measured(&months, |_| TRADING_DAYS / 12.0)
}

/// The same of any spans of days, their trading days relative to as many average days.
pub(crate) fn exposures_of(spans: &[Period]) -> Vec<Exposure> {
    measured(spans, |span| TRADING_DAYS / 365.25 * f64::from(span.days()))
}

fn measured(spans: &[Period], average: impl Fn(Period) -> f64) -> Vec<Exposure> {
    let years = |day: Option<Day>| day.map_or(1970, |day| day.month().year());
    let first = years(spans.iter().map(|span| span.from()).min());
    let last = years(spans.iter().map(|span| span.to()).max());
    let feasts = feasts(first, last);
    let mut values = [const { Vec::new() }; 3];
    for span in spans {
        let days = span.from().epoch_days()..=span.to().epoch_days();
        let trading: Vec<Day> = days.filter_map(Day::from_epoch_days).filter(|day| is_trading(*day, &feasts)).collect();
        let share = |inside: &dyn Fn(&Feast, Day) -> bool| {
            let count = trading.iter().filter(|day| feasts.iter().any(|feast| inside(feast, **day))).count();
            count as f64 / trading.len().max(1) as f64
        };
        values[0].push(share(&|(ramadan, syawal), day| *ramadan <= day && day < *syawal));
        values[1].push(share(&|(_, syawal), day| *syawal <= day && day < syawal.plus_days(LEBARAN_DAYS)));
        values[2].push(trading.len() as f64 / average(*span) - 1.0);
    }
    KINDS.into_iter().zip(values).map(|(name, values)| Exposure { name, values }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feasts_fall_where_they_did() {
        for (year, month, day) in [(2022, 5, 2), (2024, 4, 10), (2019, 6, 4), (2016, 7, 6)] {
            let expected = Day::new(year, month, day).expect("a day");
            let found = feasts(i32::from(year), i32::from(year));
            assert!(found.iter().any(|(_, syawal)| *syawal == expected), "{expected} {found:?}");
        }
    }

    #[test]
    fn shares_of_a_feast_add_up() {
        let first = Month::new(2015, 1).expect("a month");
        let found = exposures(first, 12 * 15);
        // Fifteen years hold fifteen or sixteen feasts; a month has 25.7 trading days on average.
        for (exposure, days) in found.iter().zip([29.5 * 6.0 / 7.0, 12.0 * 6.0 / 7.0]) {
            let sum: f64 = exposure.values.iter().sum::<f64>() * 25.65;
            assert!((14.5 * days..16.5 * days).contains(&sum), "{} {sum}", exposure.name);
        }
        let mean = found[2].values.iter().sum::<f64>() / found[2].values.len() as f64;
        assert!(mean.abs() < 0.003, "{mean}");
        // A month as a span of days is exposed to the feasts as the month.
        let months: Vec<Period> = (0..180).map(|place| Period::month(first.plus(place))).collect();
        assert_eq!(exposures_of(&months)[..2], found[..2]);
    }
}
