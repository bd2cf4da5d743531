//! The names of months and weekdays, Indonesian and English.

use crate::header::distance;

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

/// The number of the month of this name, Indonesian or English, whole or shortened.
pub(crate) fn month(word: &str) -> Option<u32> {
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

/// Whether a word names a day of the week, whole or shortened.
pub(crate) fn is_weekday(word: &str) -> bool {
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

/// The month whose whole name a misspelt word is near to, where it is near to one only: `Febuari`, `Agsutus`.
pub(crate) fn nearest_month(word: &str) -> Option<u32> {
    if word.len() < 4 || !word.is_ascii() {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let allowed = if word.len() < 6 { 1 } else { 2 };
    let near = |name: &str| name.len() > 3 && distance(&word, name) <= allowed;
    let mut months = NAMES.iter().filter(|(name, _)| near(name)).map(|(_, month)| *month);
    let month = months.next()?;
    months.all(|other| other == month).then_some(month)
}
