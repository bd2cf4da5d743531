//! Numbers as people write them: `1.234,56`, `Rp 1.234.567`, `$3,796.19`, `(120)`, `120-`, `1.2E+05`, `12%`.

use crate::{NumberStyle, money, typography};

/// A number read exactly: a whole number of units of 10^−places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    /// The count of units.
    pub units: i128,
    /// Digits were lost by rounding (half away from zero).
    pub rounded: bool,
    /// It was written with a percent sign; the units are of the number before the sign.
    pub percent: bool,
}

/// Why a cell gives no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It is no number however its marks are meant.
    NotANumber,
    /// It is a number, but not in the style of its column.
    OtherStyle,
    /// More digits than can be held.
    TooBig,
}

/// What the marks of one number tell of the style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Nothing: no mark that could mean two things.
    None,
    /// It can only be this style.
    Only(NumberStyle),
    /// One mark before three digits, as in `1.234`: thousands or decimals.
    Either,
}

/// The longest number read.
const LONGEST: usize = 64;

/// A number taken apart: currency, sign and exponent gone, digits and marks left.
struct Parts {
    core: [u8; LONGEST],
    length: usize,
    negative: bool,
    percent: bool,
    exponent: Option<i32>,
    grouped_by_space: bool,
}

impl Parts {
    fn core(&self) -> &[u8] {
        &self.core[..self.length]
    }
}

/// Reads plain digits with at most one `decimal` mark: the way most numbers of a file are written.
#[inline]
pub(crate) fn plain(text: &[u8], decimal: u8, places: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    // 18 digits and the mark fit 64 bits.
    if digits.is_empty() || digits.len() > 12 {
        return None;
    }
    let mut units: i64 = 0;
    let mut decimals = None;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            units = units * 10 + i64::from(digit);
            decimals = decimals.map(|count| count + 1);
        } else if byte == decimal && decimals.is_none() {
            decimals = Some(0);
        } else {
            return None;
        }
    }
    let missing = places.checked_sub(decimals.unwrap_or(0))?;
    if decimals == Some(0) || digits[0] == decimal {
        return None;
    }
    let units = units.checked_mul(POWERS.get(missing as usize).copied()?)?;
    Some(if negative { -units } else { units })
}

const POWERS: [i64; 11] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

/// Reads a number in a style. Without one, only numbers whose marks leave no doubt are read… as no number
/// with a mark is, that is digits alone.
pub(crate) fn read(text: &str, style: Option<NumberStyle>, places: u32) -> Result<Number, NumberError> {
    let parts = take_apart(text).ok_or(NumberError::NotANumber)?;
    let marks = marks_of(&parts).ok_or(NumberError::NotANumber)?;
    match (marks, style) {
        (Marks::None, _) => {}
        (Marks::Only(only), Some(style)) if only == style => {}
        (Marks::Either, Some(_)) => {}
        _ => return Err(NumberError::OtherStyle),
    }
    let decimal = match style {
        Some(NumberStyle::Id) => b',',
        _ => b'.',
    };
    units(&parts, decimal, places).ok_or(NumberError::TooBig)
}

/// Whether a text is a dash, perhaps with a currency: how accountants write that there is nothing.
pub(crate) fn is_dash(text: &str) -> bool {
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let text = text.trim();
    let bare = strip_currency(text, true).or_else(|| strip_currency(text, false)).unwrap_or(text).trim();
    matches!(bare, "-" | "–" | "—" | "−")
}

/// What the marks of a number tell; `None` where the text is no number.
pub(crate) fn marks(text: &str) -> Option<(Marks, bool)> {
    let parts = take_apart(text)?;
    Some((marks_of(&parts)?, parts.percent))
}

fn marks_of(parts: &Parts) -> Option<Marks> {
    let core = parts.core();
    let count = |mark: u8| core.iter().filter(|&&byte| byte == mark).count();
    let (points, commas) = (count(b'.'), count(b','));
    if points == 0 && commas == 0 {
        return Some(Marks::None);
    }
    if points > 0 && commas > 0 {
        let last = core.iter().rposition(|&byte| !byte.is_ascii_digit())?;
        let (style, grouping) = if core[last] == b',' { (NumberStyle::Id, b'.') } else { (NumberStyle::En, b',') };
        let decimal_once = if core[last] == b',' { commas == 1 } else { points == 1 };
        return (decimal_once && is_grouped(&core[..last], grouping)).then_some(Marks::Only(style));
    }
    let (mark, decimal_style, grouping_style) =
        if points > 0 { (b'.', NumberStyle::En, NumberStyle::Id) } else { (b',', NumberStyle::Id, NumberStyle::En) };
    if points + commas > 1 {
        return is_grouped(core, mark).then_some(Marks::Only(grouping_style));
    }
    let at = core.iter().position(|&byte| byte == mark)?;
    let (before, after) = (&core[..at], &core[at + 1..]);
    let could_group = after.len() == 3 && (1..=3).contains(&before.len()) && before[0] != b'0';
    let is_decimal = !could_group || parts.exponent.is_some() || parts.grouped_by_space;
    Some(if is_decimal { Marks::Only(decimal_style) } else { Marks::Either })
}

/// Groups of three digits between the marks, the first of one to three.
fn is_grouped(core: &[u8], mark: u8) -> bool {
    let mut groups = core.split(|&byte| byte == mark);
    let first = groups.next().map_or(0, <[u8]>::len);
    (1..=3).contains(&first) && groups.all(|group| group.len() == 3)
}

fn units(parts: &Parts, decimal: u8, places: u32) -> Option<Number> {
    let mut value: i128 = 0;
    let mut decimals: Option<i32> = None;
    for &byte in parts.core() {
        if byte.is_ascii_digit() {
            value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
            decimals = decimals.map(|count| count + 1);
        } else if byte == decimal {
            decimals = Some(0);
        }
    }
    let shift = i32::try_from(places).ok()? - decimals.unwrap_or(0) + parts.exponent.unwrap_or(0);
    let (units, rounded) = if value == 0 {
        (0, false)
    } else if shift >= 0 {
        (value.checked_mul(10_i128.checked_pow(shift.unsigned_abs())?)?, false)
    } else {
        match 10_i128.checked_pow(shift.unsigned_abs()) {
            Some(step) => (money::divide(value, step), value % step != 0),
            None => (0, true),
        }
    };
    Some(Number { units: if parts.negative { -units } else { units }, rounded, percent: parts.percent })
}

/// Takes sign, brackets, currency, percent sign, exponent and grouping spaces off.
fn take_apart(text: &str) -> Option<Parts> {
    let mut parts = Parts {
        core: [0; LONGEST],
        length: 0,
        negative: false,
        percent: false,
        exponent: None,
        grouped_by_space: false,
    };
    let text = typography::plain(text);
    let mut rest = text.trim();
    if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        parts.negative = true;
        rest = inner.trim();
    }
    // Brackets are a minus too: with a sign inside them nobody knows what was meant.
    let mut signs = u32::from(parts.negative);
    rest = take_prefix(rest, &mut parts, &mut signs);
    rest = take_suffix(rest, &mut parts, &mut signs);
    if signs > 1 {
        return None;
    }
    if let Some(at) = rest.find(['e', 'E']) {
        let exponent: i32 = rest[at + 1..].parse().ok()?;
        parts.exponent = (-400..=400).contains(&exponent).then_some(exponent);
        parts.exponent?;
        rest = rest[..at].trim_end();
    }
    let mut digits_since_space = 0;
    let mut digits = 0;
    for character in rest.chars() {
        match character {
            '0'..='9' => {
                digits += 1;
                digits_since_space += 1;
            }
            '.' | ',' => {
                if parts.grouped_by_space && digits_since_space != 3 {
                    return None;
                }
                digits_since_space = 3;
                parts.push(character as u8)?;
                continue;
            }
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => {
                let first_group = !parts.grouped_by_space && (1..=3).contains(&digits_since_space);
                if digits == 0 || !(first_group || digits_since_space == 3) || parts.has_mark() {
                    return None;
                }
                parts.grouped_by_space = true;
                digits_since_space = 0;
                continue;
            }
            _ => return None,
        }
        parts.push(character as u8)?;
    }
    let whole_groups = !parts.grouped_by_space || parts.has_mark() || digits_since_space == 3;
    (digits > 0 && whole_groups).then_some(parts)
}

impl Parts {
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.core.get_mut(self.length)? = byte;
        self.length += 1;
        Some(())
    }

    fn has_mark(&self) -> bool {
        self.core().iter().any(|byte| matches!(byte, b'.' | b','))
    }
}

/// What may stand before or after an amount, the longer first.
const CURRENCIES: &[&str] = &[
    "rupiah", "rp.", "rp", "idr", "usd", "us$", "sgd", "s$", "myr", "rm", "eur", "gbp", "jpy", "cny", "aud", "$", "€",
    "£", "¥",
];

fn take_prefix<'a>(mut rest: &'a str, parts: &mut Parts, signs: &mut u32) -> &'a str {
    let mut currency_seen = false;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(['-', '−', '–']) {
            parts.negative = !parts.negative;
            *signs += 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix('+') {
            *signs += 1;
            rest = after;
        } else if !currency_seen && let Some(after) = strip_currency(rest, true) {
            currency_seen = true;
            rest = after;
        } else {
            return rest;
        }
    }
}

fn take_suffix<'a>(mut rest: &'a str, parts: &mut Parts, signs: &mut u32) -> &'a str {
    // `Rp 1.000,-` and `1.000,--` say that there are no cents.
    for no_cents in [",--", ",-", ".-", ",="] {
        if let Some(before) = rest.strip_suffix(no_cents) {
            rest = before;
            break;
        }
    }
    loop {
        rest = rest.trim_end();
        if let Some(before) = rest.strip_suffix('%') {
            if parts.percent {
                return rest;
            }
            parts.percent = true;
            rest = before;
        } else if let Some(before) = rest.strip_suffix(['-', '−']) {
            parts.negative = !parts.negative;
            *signs += 1;
            rest = before;
        } else if let Some(before) = strip_currency(rest, false) {
            rest = before;
        } else {
            return rest;
        }
    }
}

fn strip_currency(text: &str, at_start: bool) -> Option<&str> {
    let edge = if at_start { text.chars().next() } else { text.chars().next_back() };
    if edge.is_none_or(|character| character.is_ascii_digit()) {
        return None;
    }
    CURRENCIES.iter().find_map(|sign| {
        let split = if at_start { sign.len() } else { text.len().checked_sub(sign.len())? };
        let (head, tail) = text.split_at_checked(split)?;
        let (candidate, rest) = if at_start { (head, tail) } else { (tail, head) };
        candidate.eq_ignore_ascii_case(sign).then_some(rest)
    })
}

/// Writes a float as a plain decimal: the shortest that reads back, or 15 significant digits where that
/// shows the noise of binary arithmetic (`0.30000000000000004`).
pub(crate) fn write_float(value: f64) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit).count();
    if digits <= 15 {
        return format!("{value}");
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

#[cfg(test)]
mod tests;
