//! On how many working days of a window a manager was there: leave, illness, joined or left in between.
//!
//! What was recorded stays as it is; what an absence changes is only what a figure is held against, and only for whoever was
//! away (docs/adr/0024).

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};
use takar_model::{Day, Lang, Period, Text};

use super::running::is_working_day;

/// Below this share of the working days nobody is given a rank.
pub const LEAST_PRESENT: f64 = 0.25;

/// Days on which a manager was away, as they were recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The manager's id.
    pub manager: String,
    /// The first day; none = never there before the last.
    pub from: Option<Day>,
    /// The last day; none = never there again.
    pub to: Option<Day>,
    /// Why: `leave`, `sick`, `not joined` … or as it was written.
    pub reason: Option<String>,
    /// Targets were set knowing of it.
    pub in_target: bool,
}

/// What hands over absences.
pub trait AbsenceSource {
    /// All that were recorded, under the ids that count.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn absences(&self) -> Result<Vec<Absence>, crate::metrics::SourceError>;
}

/// Who was there when in a window. Who is not named was always there, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presences(FxHashMap<String, Presence>);

/// One manager's days in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The working days of the window.
    pub days: u32,
    /// … on which the manager was there.
    pub present: u32,
    /// … that targets are for: those present, and those away that targets were set knowing of.
    pub in_target: u32,
    /// The times away within the window, the first first.
    pub away: Vec<Away>,
}

/// A time away within the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// The days.
    pub period: Period,
    /// Why.
    pub reason: Option<String>,
    /// Targets were set knowing of it.
    pub in_target: bool,
}

impl Presences {
    /// Of a window. Times that overlap count once.
    pub fn of(absences: &[Absence], window: Period) -> Self {
        let mut away: FxHashMap<String, Vec<Away>> = FxHashMap::default();
        for absence in absences {
            let from = absence.from.map_or(window.from(), |from| from.max(window.from()));
            let to = absence.to.map_or(window.to(), |to| to.min(window.to()));
            // None within the window, or an end before its beginning.
            let Some(period) = Period::new(from, to) else { continue };
            away.entry(absence.manager.clone()).or_default().push(Away {
                period,
                reason: absence.reason.clone(),
                in_target: absence.in_target,
            });
        }
        let known = away.into_iter().map(|(manager, away)| (manager, Presence::of(away, window)));
        Self(known.collect())
    }

    /// Of a manager who was away; none of one who was there on all days.
    pub fn get(&self, manager: &str) -> Option<&Presence> {
        self.0.get(manager)
    }

    /// Who was away, in no order.
    pub fn managers(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Presence {
    fn of(mut away: Vec<Away>, window: Period) -> Self {
        away.sort_by_key(|one| (one.period.from(), one.period.to()));
        let working = (window.from().epoch_days()..=window.to().epoch_days())
            .filter_map(Day::from_epoch_days)
            .filter(|day| is_working_day(*day));
        let (mut days, mut present, mut in_target) = (0, 0, 0);
        for day in working {
            let mut covering = away.iter().filter(|one| one.period.contains(day)).peekable();
            days += 1;
            let is_there = covering.peek().is_none();
            present += u32::from(is_there);
            in_target += u32::from(is_there || covering.any(|one| one.in_target));
        }
        Self { days, present, in_target, away }
    }

    /// The share of the working days on which the manager was there.
    pub fn share(&self) -> f64 {
        part(self.present, self.days)
    }

    /// The share of the working days that targets are for.
    pub fn target_share(&self) -> f64 {
        part(self.in_target, self.days)
    }

    /// Too few days for a rank.
    pub fn is_short(&self) -> bool {
        self.share() < LEAST_PRESENT
    }

    /// `present on 11 of 27 working days (leave 19–31 October 2025)`.
    pub fn text(&self, lang: Lang) -> String {
        let why: Vec<String> = self.away.iter().map(|one| one.text(lang)).collect();
        let (present, days, why) = (self.present, self.days, why.join(", "));
        match lang {
            Lang::Id => format!("hadir {present} dari {days} hari kerja ({why})"),
            Lang::En => format!("present on {present} of {days} working days ({why})"),
        }
    }

    /// Why no rank is given, where none is.
    pub fn no_rank(&self, lang: Lang) -> Option<String> {
        let least = crate::metrics::format_percent(LEAST_PRESENT, lang);
        self.is_short().then(|| match lang {
            Lang::Id => format!("tanpa peringkat: hadir kurang dari {least} hari kerja"),
            Lang::En => format!("no rank: present on less than {least} of the working days"),
        })
    }

    /// As JSON for a reader of `lang`.
    pub fn to_json(&self, lang: Lang) -> Json {
        let away: Vec<Json> = self
            .away
            .iter()
            .map(|one| {
                json!({
                    "from": one.period.from().to_string(),
                    "to": one.period.to().to_string(),
                    "reason": one.reason,
                    "in_target": one.in_target,
                })
            })
            .collect();
        json!({
            "days": self.days,
            "present": self.present,
            "in_target": self.in_target,
            "away": away,
            "text": self.text(lang),
            "no_rank": self.no_rank(lang),
        })
    }
}

impl Away {
    fn text(&self, lang: Lang) -> String {
        let reason = self.reason.as_deref().unwrap_or("away");
        let said = match reason {
            "leave" => Text::new("cuti", "leave").get(lang),
            "sick" => Text::new("sakit", "sick").get(lang),
            "training" => Text::new("pelatihan", "training").get(lang),
            "not joined" => Text::new("belum bergabung", "not joined yet").get(lang),
            "left" => Text::new("sudah keluar", "had left").get(lang),
            "away" => Text::new("tidak hadir", "away").get(lang),
            other => other,
        };
        let known = if self.in_target { Text::new(", sudah dalam target", ", in the target").get(lang) } else { "" };
        format!("{said} {}{known}", crate::format::period_name(self.period, lang))
    }
}

fn part(of: u32, all: u32) -> f64 {
    // A window without a working day takes nothing from anybody.
    if all == 0 { 1.0 } else { f64::from(of) / f64::from(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Day> {
        (!text.is_empty()).then(|| text.parse::<Period>().expect("a day").from())
    }

    fn away(manager: &str, from: &str, to: &str, in_target: bool) -> Absence {
        let reason = Some("leave".to_owned());
        Absence { manager: manager.to_owned(), from: day(from), to: day(to), reason, in_target }
    }

    #[test]
    fn days_are_counted_by_hand() {
        // October 2025 begins on a Wednesday and has 4 Sundays (5, 12, 19, 26): 27 working days, Monday to Saturday.
        let window: Period = "2025-10".parse().expect("a month");
        let found = Presences::of(
            &[
                // Friday the 17th to the end: 31 - 17 + 1 = 15 days, without the Sundays 19 and 26: 13. The second time lies within.
                away("S1", "2025-10-17", "2025-11-05", false),
                away("S1", "2025-10-20", "2025-10-21", true),
                // Joined on Monday the 20th: away 1 to 19, 19 days with 3 Sundays: 16.
                away("S2", "", "2025-10-19", true),
                // Left after Friday the 3rd: there on the 1st, 2nd, 3rd.
                away("S3", "2025-10-04", "", false),
                // Another month; and an end before its beginning.
                away("S4", "2025-11-01", "2025-11-05", false),
                away("S5", "2025-10-09", "2025-10-08", false),
            ],
            window,
        );
        let told = |id: &str| found.get(id).map(|one| (one.days, one.present, one.in_target, one.is_short()));
        assert_eq!(told("S1"), Some((27, 14, 16, false)));
        assert_eq!(told("S2"), Some((27, 11, 27, false)));
        assert_eq!(told("S3"), Some((27, 3, 3, true)));
        assert_eq!((told("S4"), told("S5")), (None, None));
        let text = found.get("S3").expect("away").text(Lang::En);
        assert!(text.starts_with("present on 3 of 27 working days (leave"), "{text}");
        // A Sunday has no working day.
        let sunday =
            Presences::of(&[away("S1", "2025-10-05", "2025-10-05", false)], "2025-10-05".parse().expect("a day"));
        assert!((sunday.get("S1").expect("away").share() - 1.0).abs() < 1e-12);
    }
}
