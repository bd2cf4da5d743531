//! When something is done by itself: every so often, or each day, week or month at a time.

use std::{fmt, str::FromStr};

use jiff::{Span, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

/// A schedule, written `30s`, `15m`, `2h`, `1d`, `02:30`, `weekly@02:30` (Mondays) or `monthly@02:30` (the first).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Schedule {
    /// Every so many seconds, from one second to a year.
    Every(u32),
    /// Each day at a time of the clock, in the zone of the machine. Where the clock skips it, an hour later.
    Daily {
        /// The hour, 0 to 23.
        hour: i8,
        /// The minute, 0 to 59.
        minute: i8,
    },
    /// Each Monday at a time of the clock.
    Weekly {
        /// The hour, 0 to 23.
        hour: i8,
        /// The minute, 0 to 59.
        minute: i8,
    },
    /// On the first of each month at a time of the clock.
    Monthly {
        /// The hour, 0 to 23.
        hour: i8,
        /// The minute, 0 to 59.
        minute: i8,
    },
}

/// The text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no schedule: write 15m, 2h, 1d, a time of the day such as 02:30, weekly@02:30 or monthly@02:30")]
pub struct ScheduleError(pub String);

/// The units of a span and how many seconds each is.
const UNITS: [(char, u32); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
/// A year.
const LONGEST: u32 = 366 * 86_400;

impl Schedule {
    /// The first time after a moment.
    pub fn next_after(self, now: &Zoned) -> Timestamp {
        let later = |span: Span| now.checked_add(span).map_or_else(|_| now.timestamp(), |later| later.timestamp());
        match self {
            Self::Every(seconds) => later(i64::from(seconds).seconds()),
            Self::Daily { hour, minute } => first_of(now, (hour, minute), |_| true),
            Self::Weekly { hour, minute } => {
                first_of(now, (hour, minute), |day| day.weekday() == jiff::civil::Weekday::Monday)
            }
            Self::Monthly { hour, minute } => first_of(now, (hour, minute), |day| day.day() == 1),
        }
    }

    /// When to try again after so many failures in a row: 1, 2, 4 … minutes, an hour at most, and never later than the
    /// schedule says.
    pub fn retry_after(self, now: &Zoned, failures: u32) -> Timestamp {
        let minutes = 1_i64 << failures.saturating_sub(1).min(6);
        let retry = now.checked_add(minutes.min(60).minutes()).map_or_else(|_| now.timestamp(), |at| at.timestamp());
        retry.min(self.next_after(now))
    }
}

/// The first time of the clock after a moment, on a day that fits; there is one in every 33 days.
fn first_of(now: &Zoned, (hour, minute): (i8, i8), fits: impl Fn(jiff::civil::Date) -> bool) -> Timestamp {
    let at = |days: i32| {
        let day = now.date().checked_add(days.days()).ok().filter(|day| fits(*day))?;
        Some(day.at(hour, minute, 0, 0).to_zoned(now.time_zone().clone()).ok()?.timestamp())
    };
    let next = (0..=33).filter_map(at).find(|next| *next > now.timestamp());
    next.unwrap_or_else(|| now.checked_add(1.day()).map_or_else(|_| now.timestamp(), |later| later.timestamp()))
}

impl fmt::Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(seconds) => {
                let (unit, size) =
                    UNITS.into_iter().find(|(_, size)| seconds.is_multiple_of(*size)).unwrap_or(('s', 1));
                write!(out, "{}{unit}", seconds / size)
            }
            Self::Daily { hour, minute } => write!(out, "{hour:02}:{minute:02}"),
            Self::Weekly { hour, minute } => write!(out, "weekly@{hour:02}:{minute:02}"),
            Self::Monthly { hour, minute } => write!(out, "monthly@{hour:02}:{minute:02}"),
        }
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let wrong = || ScheduleError(text.to_owned());
        let text_of = text.trim().to_lowercase();
        let digits =
            |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
        let (every, clock) = text_of.split_once('@').unwrap_or(("", text_of.as_str()));
        if let Some((hour, minute)) = clock.split_once(':') {
            let within = |part: &str, below: u32| digits(part).filter(|number| *number < below && part.len() <= 2);
            let (hour, minute) = within(hour, 24).zip(within(minute, 60)).ok_or_else(wrong)?;
            let small = |number: u32| i8::try_from(number).map_err(|_| wrong());
            let (hour, minute) = (small(hour)?, small(minute)?);
            return match every {
                "" if !text_of.contains('@') => Ok(Self::Daily { hour, minute }),
                "weekly" => Ok(Self::Weekly { hour, minute }),
                "monthly" => Ok(Self::Monthly { hour, minute }),
                _ => Err(wrong()),
            };
        }
        let (unit, size) = UNITS.into_iter().find(|(unit, _)| text_of.ends_with(*unit)).ok_or_else(wrong)?;
        let count = digits(text_of.trim_end_matches(unit).trim()).ok_or_else(wrong)?;
        let seconds = count.checked_mul(size).filter(|seconds| (1..=LONGEST).contains(seconds)).ok_or_else(wrong)?;
        Ok(Self::Every(seconds))
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.to_string()
    }
}

impl TryFrom<String> for Schedule {
    type Error = ScheduleError;

    fn try_from(text: String) -> Result<Self, ScheduleError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Zoned {
        text.parse().expect("a time")
    }

    fn next(schedule: &str, now: &str) -> String {
        schedule.parse::<Schedule>().expect("a schedule").next_after(&at(now)).to_string()
    }

    #[test]
    fn the_next_time_is_after_now() {
        assert_eq!(next("15m", "2025-10-31T10:00:00+07:00[Asia/Jakarta]"), "2025-10-31T03:15:00Z");
        assert_eq!(next("02:30", "2025-10-31T10:00:00+07:00[Asia/Jakarta]"), "2025-10-31T19:30:00Z");
        assert_eq!(next("02:30", "2025-11-01T02:29:59+07:00[Asia/Jakarta]"), "2025-10-31T19:30:00Z");
        assert_eq!(next("02:30", "2025-11-01T02:30:00+07:00[Asia/Jakarta]"), "2025-11-01T19:30:00Z");
        // 31 October 2025 is a Friday.
        assert_eq!(next("weekly@08:00", "2025-10-31T10:00:00+07:00[Asia/Jakarta]"), "2025-11-03T01:00:00Z");
        assert_eq!(next("monthly@08:00", "2025-10-31T10:00:00+07:00[Asia/Jakarta]"), "2025-11-01T01:00:00Z");
        assert_eq!(next("monthly@08:00", "2025-12-01T08:00:00+07:00[Asia/Jakarta]"), "2026-01-01T01:00:00Z");
        // The clock skips this hour.
        assert_eq!(next("02:30", "2025-03-30T01:00:00+01:00[Europe/Berlin]"), "2025-03-30T01:30:00Z");
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for text in ["30s", "15m", "2h", "1d", "00:05", "23:59", "weekly@07:30", "monthly@08:00"] {
            assert_eq!(text.parse::<Schedule>().expect(text).to_string(), text);
        }
        assert_eq!("120m".parse::<Schedule>().expect("two hours").to_string(), "2h");
        for text in [
            "",
            "0m",
            "24:00",
            "12:60",
            "1:2:3",
            "-5m",
            "5",
            "m",
            "9999999999d",
            "400d",
            "١٥m",
            "002:30",
            "@02:30",
            "yearly@02:30",
            "weekly@",
            "weekly@1h",
        ] {
            assert!(text.parse::<Schedule>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_failure_is_tried_again_soon_but_not_for_ever() {
        let now = at("2025-10-31T10:00:00+00:00[UTC]");
        let minutes = |schedule: Schedule, failures: u32| {
            (schedule.retry_after(&now, failures).as_second() - now.timestamp().as_second()) / 60
        };
        let daily = Schedule::Daily { hour: 2, minute: 0 };
        assert_eq!([1, 2, 3, 6, 7, 8, 400].map(|failures| minutes(daily, failures)), [1, 2, 4, 32, 60, 60, 60]);
        assert_eq!(minutes(Schedule::Every(300), 9), 5);
    }
}
