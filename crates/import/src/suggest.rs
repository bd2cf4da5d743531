//! What a bad cell was most likely meant to say, where there is hardly a doubt.
//!
//! A suggestion stands beside the row that was set aside and is never applied by itself. Where two readings make
//! sense there is none.

use crate::{
    DateOrder, Field, NumberStyle, Plan, Reason,
    dates::{self, Part, Written},
    grid::{Grid, Kind},
    mapping::is_blank,
    numbers::{self, Marks},
    typography,
};

/// The value to write instead, for a row that is set aside for one of its cells.
pub(crate) fn suggestion(
    plan: &Plan,
    grid: &Grid,
    row: usize,
    column: Option<usize>,
    reason: Reason,
) -> Option<String> {
    let column = column?;
    let text = grid.cell(row, column).0;
    let field = plan.mapping.iter().find(|mapped| mapped.column == column)?.field;
    match reason {
        Reason::BadDate | Reason::DateOutOfRange => date(text, plan.decisions.date_order),
        Reason::BadNumber if field.is_number() => {
            let unit = plan.index_of(Field::Unit).map_or("", |column| grid.cell(row, column).0);
            let takes_thousands = field.is_money() || field == Field::UnitPrice;
            number(text, plan.decisions.style(field), if is_blank(unit) { "" } else { unit }, takes_thousands)
        }
        _ => None,
    }
}

/// The number that a text was meant to be: without a unit that the row has anyway, with digits for the letters
/// that look like them, in the style of its column.
fn number(text: &str, style: Option<NumberStyle>, unit: &str, takes_thousands: bool) -> Option<String> {
    let text = typography::plain(text);
    let bare = without_strays(&text);
    let reads = |candidate: &String| *candidate != text && numbers::read(candidate, style, 6).is_ok_and(|n| !n.percent);
    let in_units = without_unit(bare, unit);
    let plain = [Some(bare.to_owned()), in_units.map(str::to_owned)];
    let digits = [digits_for_letters(bare), in_units.and_then(digits_for_letters)];
    let restyled = [other_style(bare, style), in_units.and_then(|bare| other_style(bare, style))];
    let written = plain.into_iter().chain(digits).chain(restyled).flatten().find(reads);
    written.or_else(|| if takes_thousands { spelled_thousands(bare, style) } else { None })
}

/// The day that a text was meant to be, written like `2025-10-31`.
fn date(text: &str, order: Option<DateOrder>) -> Option<String> {
    let text = typography::plain(text);
    let bare = without_strays(&text);
    let candidates = [Some(bare.to_owned()), digits_for_letters(bare), with_month_corrected(bare)];
    let day = candidates.into_iter().flatten().find_map(|candidate| likely_day(&candidate, order))?;
    takar_model::Day::from_epoch_days(day).map(|day| day.to_string())
}

/// The only day that the parts of a date allow, in whatever order they stand.
fn likely_day(text: &str, order: Option<DateOrder>) -> Option<i32> {
    if let Some(written) = dates::read(text, Kind::Text).filter(|written| *written != Written::FarYear) {
        return written.day(order).or_else(|| match written.orders() {
            (true, false) => written.day(Some(DateOrder::Dmy)),
            (false, true) => written.day(Some(DateOrder::Mdy)),
            _ => None,
        });
    }
    match dates::parts(text)? {
        // `2024-13-01`: what can be no month is the day.
        [Part::Number(year, 4), Part::Number(day @ 13..=31, 2), Part::Number(month, 1 | 2)] => {
            in_years(year, month, day)
        }
        // `01/10/0025`: a year of two digits that something filled up.
        [Part::Number(first, 1 | 2), Part::Number(second, 1 | 2), Part::Number(year @ 1..=69, 4)] => {
            Written::Short { first, second, year: 2000 + year as i32 }.day(order)
        }
        [Part::Number(year @ 1..=69, 4), Part::Number(month, 1 | 2), Part::Number(day, 1 | 2)] => {
            in_years(2000 + year, month, day)
        }
        _ => None,
    }
}

fn in_years(year: u32, month: u32, day: u32) -> Option<i32> {
    let year = i32::try_from(year).ok().filter(|year| dates::YEARS.contains(year))?;
    dates::days(year, month, day)
}

/// Without the marks that slip in around a value: quotes, asterisks, a full stop at the end.
fn without_strays(text: &str) -> &str {
    let around: &[char] = &['\'', '"', '`', '’', '‘', '“', '”', '*', '=', ':', ';', '_', '@', ' ', '\u{a0}'];
    text.trim_matches(around).trim_end_matches(['.', ',']).trim_matches(around)
}

/// Without the word that says what is counted: the row's own unit, or one that means single pieces. It stands behind
/// the number (`Rp 12.000/pcs`) or before it (`pcs 12`).
fn without_unit<'a>(text: &'a str, unit: &str) -> Option<&'a str> {
    const PIECES: [&str; 12] =
        ["pcs", "pc", "pce", "piece", "pieces", "buah", "bh", "biji", "unit", "units", "ea", "each"];
    let is_unit = |word: &str| {
        let word = word.to_lowercase();
        !word.is_empty() && (word == unit.to_lowercase() || PIECES.contains(&word.as_str()))
    };
    let before = text.trim_end_matches(char::is_alphabetic);
    let behind = text.trim_start_matches(char::is_alphabetic);
    let rest = if is_unit(&text[before.len()..]) {
        before
    } else if is_unit(&text[..text.len() - behind.len()]) {
        behind
    } else {
        return None;
    };
    let rest = rest.trim_matches(['/', '.', '@', ' ', '\u{a0}']);
    (!rest.is_empty()).then_some(rest)
}

/// With zeros for the letter O and ones for l and I, where there are more digits than such letters. A last `l` may be
/// litres.
fn digits_for_letters(text: &str) -> Option<String> {
    let is_lookalike = |character: char| matches!(character, 'O' | 'o' | 'l' | 'I');
    let letters = text.chars().filter(|character| is_lookalike(*character)).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = letters <= digits || (digits > 0 && text.starts_with(|first: char| first.is_ascii_digit()));
    if letters == 0 || !is_number || text.ends_with(['l', 'I']) || text.contains(' ') {
        return None;
    }
    let digit = |character: char| match character {
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        character => character,
    };
    Some(text.chars().map(digit).collect())
}

/// A number whose marks only make sense in the other style, written in that of its column.
fn other_style(text: &str, style: Option<NumberStyle>) -> Option<String> {
    let (Marks::Only(own), _) = numbers::marks(text)? else { return None };
    let swapped = |character: char| match character {
        '.' => ',',
        ',' => '.',
        character => character,
    };
    style.is_some_and(|style| style != own).then(|| text.chars().map(swapped).collect())
}

/// `12 rb` and `1,5 juta` as plain digits.
fn spelled_thousands(text: &str, style: Option<NumberStyle>) -> Option<String> {
    const WORDS: [(&str, i128); 6] = [
        ("ribu", 1_000),
        ("rb", 1_000),
        ("juta", 1_000_000),
        ("jt", 1_000_000),
        ("miliar", 1_000_000_000),
        ("milyar", 1_000_000_000),
    ];
    const PLACES: u32 = 6;
    let lower = text.to_lowercase();
    let (before, times) = WORDS.iter().find_map(|(word, times)| Some((lower.strip_suffix(word)?, times)))?;
    let number =
        numbers::read(before.trim(), style, PLACES).ok().filter(|number| !number.rounded && !number.percent)?;
    let units = number.units.checked_mul(*times)?;
    let one = 10_i128.pow(PLACES);
    (units % one == 0).then(|| (units / one).to_string())
}

/// With the name of the month spelt right, where the misspelt one is near to one month only.
fn with_month_corrected(text: &str) -> Option<String> {
    let is_wrong = |word: &&str| word.len() > 3 && dates::month(word).is_none() && !dates::is_weekday(word);
    let word = text.split(|character: char| !character.is_alphabetic()).find(is_wrong)?;
    let month = dates::nearest_month(word)?;
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"];
    Some(text.replacen(word, NAMES.get(month.checked_sub(1)? as usize)?, 1))
}

#[cfg(test)]
mod tests;
